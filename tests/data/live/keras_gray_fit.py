# layer: conv1
# from:
# tried: images = np.repeat(images, 3, axis=-1)
import keras
import numpy as np
from keras import layers

inputs = keras.Input((28, 30, 3), name="image")
x = layers.Conv2D(8, 3, activation="relu", name="conv1")(inputs)
x = layers.MaxPooling2D(name="pool")(x)
x = layers.Flatten(name="flat")(x)
outputs = layers.Dense(10, activation="softmax", name="head")(x)
model = keras.Model(inputs, outputs)
model.compile("adam", "sparse_categorical_crossentropy")
images, labels = np.zeros((20, 28, 30, 1), "float32"), np.zeros(20)
model.fit(images, labels, epochs=1, verbose=0)
