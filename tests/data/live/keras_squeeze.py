# layer: multiply
# from: conv2d, dense_1
# tried: layers.Dense(64, activation="sigmoid")  # in place of the layer "dense_1" ;; layers.Reshape((1, 1, 64))  # in place of the layer "reshape"
# made: layers.Multiply
import keras
from keras import layers


def se_block(x, ratio=16):
    channels = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(channels // ratio, activation="relu")(s)
    s = layers.Dense(channels // ratio, activation="sigmoid")(s)
    s = layers.Reshape((1, 1, channels // ratio))(s)
    return layers.Multiply()([x, s])


inputs = keras.Input((32, 32, 3))
x = layers.Conv2D(64, 3, padding="same")(inputs)
x = se_block(x)
