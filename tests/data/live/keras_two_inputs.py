# layer: image
# from:
# tried: images = np.expand_dims(images, -1) ;; layers.Conv2D(4, 3, strides=4)  # in place of the layer "conv"
import keras
import numpy as np
from keras import layers

text = keras.Input((12,), dtype="int32", name="text")
image = keras.Input((24, 20, 3), name="image")
t = layers.LSTM(16, name="lstm")(layers.Embedding(50, 8, name="embed")(text))
i = layers.Flatten(name="flat")(layers.Conv2D(4, 3, strides=4, name="conv")(image))
both = layers.Concatenate(name="both")([t, i])
model = keras.Model([text, image], layers.Dense(1, name="out")(both))
model.compile("adam", "binary_crossentropy")
texts, images = np.zeros((9, 12), "int32"), np.zeros((9, 24, 20), "float32")
model.predict([texts, images], verbose=0)
