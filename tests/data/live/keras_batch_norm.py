# layer: bn
# from: c
# tried: b.bn = layers.BatchNormalization()
import keras
import numpy as np
from keras import layers


class B(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(6, 3, name="c")
        self.bn = layers.BatchNormalization(name="bn")
        self.d = layers.Dense(2, name="d")
        self.bn.build((None, None, None, 8))

    def call(self, x, training=False):
        return self.d(self.bn(self.c(x), training=training))


b = B()
b.compile("sgd", "mse")
b.evaluate(np.zeros((4, 9, 9, 3), "float32"), np.zeros((4, 7, 7, 2), "float32"), verbose=0)
