# layer:
# from: out
# tried: layers.Dense(3)  # in place of the layer "out"
# operation: loss
import keras
import numpy as np
from keras import layers

model = keras.Sequential([keras.Input((6,)), layers.Dense(12, name="hidden"), layers.Dense(4, name="out")])
model.compile("sgd", "categorical_crossentropy")
model.fit(np.zeros((8, 6), "float32"), np.zeros((8, 3), "float32"), verbose=0)
