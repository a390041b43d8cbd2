# layer: dense
# from: max_pooling2d_1, conv2d_1
# tried: import tensorflow as tf ;; images = tf.image.resize(images, (64, 64))
# made: keras.layers.Dense(64
import numpy as np
import keras

model = keras.Sequential(
    [
        keras.layers.Input((64, 64, 3)),
        keras.layers.Conv2D(16, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(2),
    ]
)
model.compile(loss="mse")
images = np.zeros((4, 128, 128, 3), "float32")
pred = model.predict(images, verbose=0)
