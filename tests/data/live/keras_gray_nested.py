# layer: stem/conv
# from:
# tried: gray = np.repeat(gray, 3, axis=-1)
import keras
import numpy as np
import tensorflow as tf
from keras import layers


class Stem(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.conv = layers.Conv2D(8, 3, name="conv")
        self.norm = layers.BatchNormalization(name="norm")

    def call(self, x):
        return self.norm(self.conv(x))


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.stem = Stem(name="stem")
        self.blocks = [layers.Conv2D(8, 3, padding="same", name=f"b{i}") for i in range(3)]
        self.head = layers.Dense(4, name="head")

    def call(self, inputs):
        x = self.stem(inputs["image"])
        for b in self.blocks:
            x = x + b(x)
        return self.head(tf.reduce_mean(x, axis=[1, 2]))


net = Net()
net({"image": np.zeros((2, 24, 24, 3), "float32")})
gray = np.zeros((5, 24, 24, 1), "float32")
net({"image": gray})
