# layer:
# from: dense_1
# tried: model.compile(model.optimizer, loss="sparse_categorical_crossentropy")
# operation: loss
import numpy as np
import keras
from keras import layers

model = keras.Sequential(
    [keras.Input((16,)), layers.Dense(32, activation="relu"), layers.Dense(10, activation="softmax")]
)
model.compile("adam", loss="categorical_crossentropy", metrics=["accuracy"])
x = np.zeros((20, 16))
y = np.random.randint(0, 10, 20)
model.fit(x, y, verbose=0)
