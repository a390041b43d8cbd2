# layer: second
# from: first
# tried: layers.LSTM(20, return_sequences=True)  # in place of the layer "first"
import keras
from keras import layers

model = keras.Sequential(
    [
        layers.Input((12, 6)),
        layers.LSTM(20, name="first"),
        layers.LSTM(10, name="second"),
        layers.Dense(1, name="head"),
    ]
)
