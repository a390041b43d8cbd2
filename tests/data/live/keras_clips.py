# layer: conv3d
# from:
# tried: ds = ds.map(lambda x, y: (keras.ops.expand_dims(x, -1), y))
# made: Conv3D(8
import numpy as np
import tensorflow as tf
import keras
from keras import layers

model = keras.Sequential(
    [
        layers.Conv3D(8, 3, activation="relu"),
        layers.MaxPooling3D(2),
        layers.Flatten(),
        layers.Dense(4),
    ]
)
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
clips = np.zeros((6, 8, 32, 32), "float32")
ds = tf.data.Dataset.from_tensor_slices((clips, np.zeros(6))).batch(2)
model.fit(ds, verbose=0)
