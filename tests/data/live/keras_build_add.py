# layer: add
# from: 
# tried: 
import keras
from keras import layers


def block(x, filters):
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    return layers.ReLU()(layers.Add(name="add_it" if filters > 16 else None)([x, y]))


inputs = keras.Input((20, 24, 3))
x = layers.Conv2D(16, 3, padding="same", name="stem")(inputs)
x = block(x, 16)
x = block(x, 32)
