# layer: enc/conv
# from:
# tried: signals = np.mean(signals, axis=-1, keepdims=True)
import keras
import numpy as np
from keras import layers

inp = keras.Input((None, 1), name="signal")
x = layers.Conv1D(4, 5, name="conv")(inp)
x = layers.GlobalMaxPooling1D(name="gmp")(x)
enc = keras.Model(inp, x, name="enc")


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.enc = enc
        self.head = layers.Dense(3, name="head")

    def call(self, x):
        return self.head(layers.Flatten()(self.enc(x)))


net = Net()
net(np.zeros((1, 50, 1), "float32"))
signals = np.zeros((6, 50, 2), "float32")
net.predict(signals, verbose=0)
