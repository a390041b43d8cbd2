# layer: discriminator/dense
# from: discriminator/conv2d
# tried: generated = tf.image.resize(generated, (28, 28))  # before the model "discriminator"
# made: layers.Dense(1),
import numpy as np
import tensorflow as tf
import keras
from keras import layers

discriminator = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(16, 3, strides=2, padding="same"),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Flatten(),
        layers.Dense(1),
    ],
    name="discriminator",
)
generator = keras.Sequential(
    [
        keras.Input(shape=(32,)),
        layers.Dense(8 * 8 * 32),
        layers.Reshape((8, 8, 32)),
        layers.Conv2DTranspose(16, 4, strides=2, padding="same"),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"),
    ],
    name="generator",
)


class GAN(keras.Model):
    def __init__(self, discriminator, generator, latent_dim):
        super().__init__()
        self.discriminator = discriminator
        self.generator = generator
        self.latent_dim = latent_dim

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn

    def train_step(self, real_images):
        batch_size = tf.shape(real_images)[0]
        noise = tf.random.normal((batch_size, self.latent_dim))
        generated = self.generator(noise)
        fake = self.discriminator(generated)
        real = self.discriminator(real_images)
        with tf.GradientTape():
            loss = self.loss_fn(tf.ones((batch_size, 1)), fake) + self.loss_fn(
                tf.zeros((batch_size, 1)), real
            )
        return {"loss": loss}


gan = GAN(discriminator, generator, 32)
gan.compile(
    keras.optimizers.Adam(), keras.optimizers.Adam(), keras.losses.BinaryCrossentropy(from_logits=True)
)
dataset = tf.data.Dataset.from_tensor_slices(np.zeros((16, 28, 28, 1), "float32")).batch(8)
gan.fit(dataset, epochs=1, verbose=0)
