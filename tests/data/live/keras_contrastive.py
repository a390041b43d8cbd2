# layer:
# from: image_encoder/image_proj, text_encoder/text_proj
# tried: layers.Dense(32)  # in place of the layer "text_proj"
# operation: matmul
import numpy as np
import tensorflow as tf
import keras
from keras import layers


class Contrastive(keras.Model):
    def __init__(self):
        super().__init__()
        self.image_encoder = keras.Sequential(
            [
                layers.Conv2D(8, 3, strides=2),
                layers.GlobalAveragePooling2D(),
                layers.Dense(32, name="image_proj"),
            ],
            name="image_encoder",
        )
        self.text_encoder = keras.Sequential(
            [layers.Embedding(100, 16), layers.GlobalAveragePooling1D(), layers.Dense(24, name="text_proj")],
            name="text_encoder",
        )

    def train_step(self, data):
        images, texts = data
        with tf.GradientTape() as tape:
            a = tf.math.l2_normalize(self.image_encoder(images), axis=-1)
            b = tf.math.l2_normalize(self.text_encoder(texts), axis=-1)
            logits = tf.matmul(a, b, transpose_b=True)
            labels = tf.range(tf.shape(logits)[0])
            loss = tf.reduce_mean(
                keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
            )
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return {"loss": loss}


clip = Contrastive()
clip.compile("adam")
pairs = tf.data.Dataset.from_tensor_slices(
    (np.zeros((8, 16, 16, 3), "float32"), np.zeros((8, 5), "int32"))
).batch(4)
clip.fit(pairs, verbose=0)
