# layer: attend
# from: attend/q, attend/k
# tried: k = keras.ops.swapaxes(k, -2, -1)  # before line {}
# operation: matmul
import keras
import numpy as np
import tensorflow as tf
from keras import layers


class Attend(layers.Layer):
    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.q = layers.Dense(width, name="q")
        self.k = layers.Dense(width, name="k")
        self.v = layers.Dense(width, name="v")

    def call(self, x):
        q, k, v = self.q(x), self.k(x), self.v(x)
        weights = tf.nn.softmax(tf.matmul(q, k) / 4.0)
        return tf.matmul(weights, v)


class Text(keras.Model):
    def __init__(self):
        super().__init__()
        self.embed = layers.Embedding(100, 16, name="embed")
        self.attend = Attend(14, name="attend")
        self.head = layers.Dense(2, name="head")

    def call(self, tokens):
        x = self.attend(self.embed(tokens))
        return self.head(tf.reduce_mean(x, axis=1))


text = Text()
text(np.zeros((3, 9), "int32"))
