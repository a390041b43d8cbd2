# layer: up
# from: up/up_sampling2d, down/max_pooling2d
# tried: x = tf.keras.layers.Resizing(25, 25)(x)  # before line {}
# operation: concat
# made: self.up2 = Up
import numpy as np
import tensorflow as tf


class Down(tf.keras.layers.Layer):
    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.conv = tf.keras.layers.Conv2D(filters, 3, padding="same", activation="relu")
        self.pool = tf.keras.layers.MaxPool2D()

    def call(self, x):
        x = self.conv(x)
        return x, self.pool(x)


class Up(tf.keras.layers.Layer):
    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.up = tf.keras.layers.UpSampling2D()
        self.conv = tf.keras.layers.Conv2D(filters, 3, padding="same", activation="relu")

    def call(self, x, skip):
        x = self.up(x)
        x = tf.concat([x, skip], axis=-1)
        return self.conv(x)


class UNet(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.down1 = Down(8)
        self.down2 = Down(16)
        self.middle = tf.keras.layers.Conv2D(32, 3, padding="same")
        self.up2 = Up(16)
        self.up1 = Up(8)
        self.out = tf.keras.layers.Conv2D(1, 1, activation="sigmoid")

    def call(self, x):
        s1, x = self.down1(x)
        s2, x = self.down2(x)
        x = self.middle(x)
        x = self.up2(x, s2)
        x = self.up1(x, s1)
        return self.out(x)


unet = UNet()
unet.compile("adam", "binary_crossentropy")
images = np.zeros((4, 50, 50, 3), "float32")
masks = np.zeros((4, 50, 50, 1), "float32")
unet.fit(images, masks, batch_size=2, verbose=0)
