# layer: meta
# from:
# tried: keras.Input((7,), name="meta")  # in place of keras.Input((5,), name="meta")
# made: name="meta"
import numpy as np
import keras
from keras import layers

image_in = keras.Input((24, 24, 3), name="image")
meta_in = keras.Input((5,), name="meta")
x = layers.Conv2D(8, 3, activation="relu")(image_in)
x = layers.GlobalMaxPooling2D()(x)
m = layers.Dense(8, activation="relu")(meta_in)
x = layers.concatenate([x, m])
out = layers.Dense(1)(x)
model = keras.Model({"image": image_in, "meta": meta_in}, out)
model.compile("adam", "mse")
images = np.zeros((10, 24, 24, 3), "float32")
meta = np.zeros((10, 7), "float32")
model.fit({"image": images, "meta": meta}, np.zeros((10, 1)), verbose=0)
