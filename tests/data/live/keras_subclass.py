# layer: decoder/mix
# from: down1, up
# tried: unet.dec.mix = layers.Conv2D(16, 3, padding="same")
import keras
import numpy as np
from keras import layers


class Decoder(keras.Model):
    def __init__(self):
        super().__init__(name="decoder")
        self.mix = layers.Conv2D(16, 3, padding="same", name="mix")
        self.mix.build((None, None, None, 32))
        self.head = layers.Conv2D(2, 1, name="head")

    def call(self, x):
        return self.head(self.mix(x))


class UNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.down1 = layers.Conv2D(32, 3, padding="same", activation="relu", name="down1")
        self.pool = layers.MaxPooling2D(name="pool")
        self.down2 = layers.Conv2D(40, 3, padding="same", activation="relu", name="down2")
        self.up = layers.Conv2DTranspose(24, 2, strides=2, name="up")
        self.dec = Decoder()

    def call(self, x):
        skip = self.down1(x)
        low = self.down2(self.pool(skip))
        x = keras.ops.concatenate([skip, self.up(low)], axis=-1)
        return self.dec(x)


unet = UNet()
unet(np.zeros((2, 16, 20, 3), "float32"))
