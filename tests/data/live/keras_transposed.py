# layer: pool
# from: embed
# tried: tf.matmul(scores, x)  # on line {}
# operation: matmul
# made: AttentionPool(8
import numpy as np
import tensorflow as tf
import keras
from keras import layers


class AttentionPool(layers.Layer):
    def __init__(self, units, **kw):
        super().__init__(**kw)
        self.query = layers.Dense(units, name="query")
        self.key = layers.Dense(units, name="key")

    def call(self, x):
        q = self.query(x)
        k = self.key(x)
        scores = tf.nn.softmax(tf.matmul(q, k, transpose_b=True), axis=-1)
        return tf.matmul(scores, x, transpose_b=True)


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.embed = layers.Embedding(100, 24, name="embed")
        self.pool = AttentionPool(8, name="pool")
        self.out = layers.Dense(2, name="out")

    def call(self, tokens):
        x = self.embed(tokens)
        x = self.pool(x)
        return self.out(tf.reduce_mean(x, axis=1))


net = Net()
net(np.zeros((4, 15), "int32"))
