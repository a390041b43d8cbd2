# layer: r
# from: c
# tried: x = keras.ops.reshape(x, (-1, 10, 72))  # before the layer "r"
import keras
import numpy as np
from keras import layers


class T(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(6, 3, padding="same", name="c")
        self.r = layers.LSTM(5, name="r")

    def call(self, x):
        return self.r(self.c(x))


T()(np.zeros((2, 10, 12, 1), "float32"))
