# layer: add_32
# from: stem, second_16, second_32
# tried: x = layers.Conv2D(32, 1)(x)
import keras
from keras import layers


def block(x, filters):
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"second_{filters}")(y)
    y = layers.BatchNormalization()(y)
    return layers.ReLU()(layers.Add(name=f"add_{filters}")([x, y]))


inputs = keras.Input((20, 24, 3))
x = layers.Conv2D(16, 3, padding="same", name="stem")(inputs)
x = block(x, 16)
x = block(x, 32)
