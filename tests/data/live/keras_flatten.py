# layer: out
# from: p1, c1
# tried: keras.Input((28, 28, 3))  # in place of keras.Input((32, 32, 3))
import keras
import numpy as np
from keras import layers

model = keras.Sequential(
    [
        keras.Input((32, 32, 3)),
        layers.Conv2D(8, 3, name="c1"),
        layers.MaxPooling2D(name="p1"),
        layers.Flatten(name="f"),
        layers.Dense(5, name="out"),
    ]
)
model.compile("sgd", "mse")
img = np.zeros((3, 28, 28, 3), "float32")
model.predict(img, verbose=0)
