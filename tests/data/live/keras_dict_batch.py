# layer: vision/stem
# from:
# tried: data = data.map(lambda x, y: ({**x, 'image': keras.ops.repeat(x['image'], 3, axis=-1)}, y))
import keras
import numpy as np
import tensorflow as tf
from keras import layers

image = keras.Input((16, 18, 3), name="image")
vision = keras.Model(
    image, layers.GlobalAveragePooling2D()(layers.Conv2D(8, 3, name="stem")(image)), name="vision"
)


class Both(keras.Model):
    def __init__(self):
        super().__init__()
        self.vision = vision
        self.numbers = layers.Dense(4, name="numbers")
        self.head = layers.Dense(1, name="head")

    def call(self, batch):
        both = tf.concat([self.vision(batch["image"]), self.numbers(batch["numbers"])], axis=-1)
        return self.head(both)


both = Both()
both.compile("sgd", "mse")
data = tf.data.Dataset.from_tensor_slices(
    (
        {"image": np.zeros((12, 16, 18, 1), "float32"), "numbers": np.zeros((12, 5), "float32")},
        np.zeros((12, 1)),
    )
).batch(4)
both.fit(data, verbose=0)
