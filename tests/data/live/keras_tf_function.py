# layer:
# from: a
# tried: self.w = self.add_weight(shape=(8, 3), name='w')
# operation: matmul
import keras
import tensorflow as tf
from keras import layers


class N(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.Dense(8, name="a")
        self.w = self.add_weight(shape=(7, 3), name="w")

    def call(self, x):
        return tf.matmul(self.a(x), self.w)


n = N()


@tf.function
def step(x):
    return n(x)


step(tf.zeros((2, 4)))
