# layer: conv2d
# from:
# tried: img = np.expand_dims(img, 0)
# made: Conv2D(16
import numpy as np
import keras

model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(16, 3, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
img = np.zeros((28, 28, 1), "float32")
probabilities = model.predict(img, verbose=0)
