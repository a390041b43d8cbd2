# layer: lstm
# from: 
# tried: 
import keras
import numpy as np
from keras import layers

model = keras.Sequential(
    [
        layers.Input((12, 6)),
        layers.LSTM(20, name="first"),
        layers.LSTM(10, name="second"),
        layers.Dense(1, name="head"),
    ]
)
