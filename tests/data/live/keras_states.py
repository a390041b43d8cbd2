# layer: decoder
# from: encoder
# tried: s2s.encoder = layers.LSTM(32, return_state=True)
# made: self.decoder = layers.LSTM
import numpy as np
import keras
from keras import layers


class Seq2Seq(keras.Model):
    def __init__(self):
        super().__init__()
        self.embed = layers.Embedding(100, 16, name="embed")
        self.encoder = layers.LSTM(24, return_state=True, name="encoder")
        self.decoder = layers.LSTM(32, return_sequences=True, name="decoder")
        self.head = layers.Dense(100, name="head")

    def call(self, inputs):
        source, target = inputs
        _, h, c = self.encoder(self.embed(source))
        x = self.decoder(self.embed(target), initial_state=[h, c])
        return self.head(x)


s2s = Seq2Seq()
s2s((np.zeros((4, 9), "int32"), np.zeros((4, 7), "int32")))
