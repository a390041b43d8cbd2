# layer: block2_add
# from: block2_down, block2_conv1
# tried: layers.Conv2D(32, 1, strides=2, use_bias=False)  # in place of the layer "block2_down"
# made: layers.Add(
import keras
from keras import layers


def basic_block(x, filters, stride, name):
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False, name=f"{name}_conv1")(x)
    y = layers.BatchNormalization(name=f"{name}_bn1")(y)
    y = layers.ReLU(name=f"{name}_relu1")(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"{name}_conv2")(y)
    y = layers.BatchNormalization(name=f"{name}_bn2")(y)
    if stride != 1:
        x = layers.Conv2D(filters, 1, use_bias=False, name=f"{name}_down")(x)
    return layers.ReLU(name=f"{name}_out")(layers.Add(name=f"{name}_add")([x, y]))


inp = keras.Input((64, 64, 3), name="image")
x = layers.Conv2D(16, 3, padding="same", name="stem")(inp)
x = basic_block(x, 16, 1, "block1")
x = basic_block(x, 32, 2, "block2")
