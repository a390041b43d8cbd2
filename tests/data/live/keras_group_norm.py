# layer: group_normalization
# from: conv2d
# tried: layers.GroupNormalization(groups=16)  # in place of the layer "group_normalization"
# made: GroupNorm
import keras
from keras import layers

inputs = keras.Input((32, 32, 3))
x = layers.Conv2D(48, 3, padding="same")(inputs)
x = layers.GroupNormalization()(x)
x = layers.Activation("swish")(x)
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(4)(x))
