# layer:
# from: conv2d
# tried: outputs = layers.Resizing(64, 64)(outputs)  # after the layer "mask"
# operation: loss
import numpy as np
import tensorflow as tf
import keras
from keras import layers

inp = keras.Input((64, 64, 3), name="image")
x = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(inp)
mask = layers.Conv2D(1, 1, activation="sigmoid", name="mask")(x)
label = layers.Dense(5, activation="softmax", name="label")(layers.GlobalAveragePooling2D()(x))
model = keras.Model(inp, {"mask": mask, "label": label})
model.compile("adam", loss={"mask": "binary_crossentropy", "label": "sparse_categorical_crossentropy"})
ds = tf.data.Dataset.from_tensor_slices(
    (
        np.zeros((8, 64, 64, 3), "float32"),
        {"mask": np.zeros((8, 64, 64, 1), "float32"), "label": np.zeros((8,), "int32")},
    )
).batch(4)
model.fit(ds, verbose=0)
