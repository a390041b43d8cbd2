# layer: low
# from:
# tried: self.b = self.add_weight(shape=(3, 5), name='b')
# operation: einsum
import keras
import numpy as np
import tensorflow as tf
from keras import layers


class Low(layers.Layer):
    def __init__(self, r, **kw):
        super().__init__(**kw)
        self.r = r

    def build(self, s):
        self.a = self.add_weight(shape=(s[-1], self.r), name="a")
        self.b = self.add_weight(shape=(self.r + 1, 5), name="b")

    def call(self, x):
        return tf.einsum("bi,ir,ro->bo", x, self.a, self.b)


m = keras.Sequential([layers.Dense(9, name="in"), Low(3, name="low"), layers.Dense(2)])
m(np.zeros((4, 6), "float32"))
