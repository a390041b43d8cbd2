# layer: att
# from: bi
# tried: layers.Dense(16)(x)  # input 1 of the layer "att"
import keras
import numpy as np
from keras import layers

q = keras.Input((7, 16), name="q")
v = keras.Input((9, 20), name="v")
h = layers.Bidirectional(layers.LSTM(8, return_sequences=True), name="bi")(q)
out = layers.Attention(name="att")([h, v])
model = keras.Model([q, v], out)
model.predict([np.zeros((2, 7, 16), "float32"), np.zeros((2, 9, 20), "float32")], verbose=0)
