# layer: decoder/d1
# from: encoder/e2
# tried: layers.Conv2D(8, 3, strides=2, padding="same")  # in place of the layer "e2"
import keras
import numpy as np
from keras import layers


class Autoencoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder = keras.Sequential(
            [
                layers.Input((28, 28, 1)),
                layers.Conv2D(8, 3, strides=2, padding="same", name="e1"),
                layers.Conv2D(4, 3, strides=2, padding="same", name="e2"),
            ],
            name="encoder",
        )
        self.decoder = keras.Sequential(
            [
                layers.Input((7, 7, 8)),
                layers.Conv2DTranspose(8, 3, strides=2, padding="same", name="d1"),
                layers.Conv2DTranspose(1, 3, strides=2, padding="same", name="d2"),
            ],
            name="decoder",
        )

    def call(self, x):
        return self.decoder(self.encoder(x))


autoencoder = Autoencoder()
autoencoder.compile("adam", "mse")
x_train = np.zeros((16, 28, 28, 1), "float32")
autoencoder.fit(x_train, x_train, epochs=1, batch_size=8, verbose=0)
