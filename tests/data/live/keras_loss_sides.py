# layer:
# from: up_sampling2d_1
# tried: outputs = layers.CenterCrop(30, 30)(outputs)  # after the layer "conv2d_4"
# operation: loss
import numpy as np
import keras
from keras import layers

inp = keras.Input((30, 30, 1))
x = layers.Conv2D(16, 3, padding="same", activation="relu")(inp)
x = layers.MaxPooling2D(2, padding="same")(x)
x = layers.Conv2D(8, 3, padding="same", activation="relu")(x)
encoded = layers.MaxPooling2D(2, padding="same")(x)
x = layers.Conv2D(8, 3, padding="same", activation="relu")(encoded)
x = layers.UpSampling2D(2)(x)
x = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
x = layers.UpSampling2D(2)(x)
decoded = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
autoencoder = keras.Model(inp, decoded)
autoencoder.compile("adam", "mse")
data = np.random.rand(16, 30, 30, 1).astype("float32")
autoencoder.fit(data, data, epochs=1, batch_size=8, verbose=0)
