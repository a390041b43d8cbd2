# layer: conv2d_1
# from: conv2d
# tried: layers.Conv2D(24, 3, padding="same")  # in place of the layer "conv2d_1"
# made: groups=3
import keras
from keras import layers

inputs = keras.Input((32, 32, 3))
x = layers.Conv2D(16, 3, padding="same")(inputs)
x = layers.Conv2D(24, 3, groups=3, padding="same")(x)
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(4)(x))
