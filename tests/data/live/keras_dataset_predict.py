# layer: image
# from:
# tried: ds = ds.map(lambda x: {**x, 'image': keras.ops.repeat(keras.ops.expand_dims(x['image'], -1), 3, axis=-1)})
import keras
import numpy as np
import tensorflow as tf
from keras import layers

inp = {"image": keras.Input((20, 20, 3), name="image"), "age": keras.Input((1,), name="age")}
x = layers.Flatten(name="flat")(layers.Conv2D(4, 3, name="stem")(inp["image"]))
model = keras.Model(inp, layers.Dense(1, name="head")(layers.Concatenate(name="cat")([x, inp["age"]])))
ds = tf.data.Dataset.from_tensor_slices(
    {"image": np.zeros((8, 20, 20), "float32"), "age": np.zeros((8, 1), "float32")}
).batch(4)
model.predict(ds, verbose=0)
