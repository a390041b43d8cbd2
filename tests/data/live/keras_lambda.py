# layer: lambda
# from: dense, dense_1
# tried: tf.matmul(t[0], keras.ops.swapaxes(t[1], -2, -1))  # on line {}
# operation: matmul
# made: Lambda(
import tensorflow as tf
import keras
from keras import layers

a = keras.Input((10, 16))
b = keras.Input((12, 16))
qa = layers.Dense(32)(a)
kb = layers.Dense(32)(b)
scores = layers.Lambda(lambda t: tf.matmul(t[0], t[1]))([qa, kb])
model = keras.Model([a, b], scores)
