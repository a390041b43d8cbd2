# layer: input_layer
# from:
# tried: train = train.batch(32)
import numpy as np
import tensorflow as tf
import keras
from keras import layers

model = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1)])
model.compile("adam", "mse")
train = tf.data.Dataset.from_tensor_slices((np.zeros((32, 8), "float32"), np.zeros((32, 1), "float32")))
model.fit(train, epochs=1, verbose=0)
