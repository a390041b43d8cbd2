# layer: encoder
# from: embed, encoder/attention, encoder/narrow
# tried: self.narrow = layers.Dense(24)
# operation: add
import keras
from keras import layers


class Encoder(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(2, 8, name="attention")
        self.norm = layers.LayerNormalization(name="norm")
        self.wide = layers.Dense(32, activation="relu", name="wide")
        self.narrow = layers.Dense(20, name="narrow")

    def call(self, x):
        x = self.norm(x + self.attention(x, x))
        return x + self.narrow(self.wide(x))


inputs = keras.Input((11,), dtype="int32", name="tokens")
x = layers.Embedding(100, 24, name="embed")(inputs)
x = Encoder(name="encoder")(x)
model = keras.Model(inputs, layers.Dense(2)(x))
