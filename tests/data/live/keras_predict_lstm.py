# layer: norm
# from:
# tried: forecaster = Forecaster()
import keras
import numpy as np
from keras import layers


class Forecaster(keras.Model):
    def __init__(self):
        super().__init__()
        self.norm = layers.LayerNormalization(name="norm")
        self.rnn = layers.GRU(12, name="rnn")
        self.out = layers.Dense(1, name="out")

    def call(self, series):
        return self.out(self.rnn(self.norm(series)))


forecaster = Forecaster()
forecaster(np.zeros((2, 10, 5), "float32"))
series = np.zeros((40, 10, 7), "float32")
forecaster.predict(series, verbose=0)
