# layer: d1
# from:
# tried: keras.Input((12,))  # in place of keras.Input((13,))
import keras
import numpy as np
from keras import layers

model = keras.Sequential()
model.add(layers.Input((13,)))
model.add(layers.Dense(32, activation="relu", name="d1"))
model.add(layers.Dense(1, name="d2"))
model.compile("adam", "mse")
x, y = np.zeros((50, 12)), np.zeros(50)
model.fit(x, y, epochs=2, verbose=0)
