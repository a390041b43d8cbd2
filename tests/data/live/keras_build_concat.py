# layer: concatenate
# from: one, up
# tried: x = layers.Resizing(29, 28)(x)
import keras
from keras import layers

inputs = keras.Input((29, 28, 1))
one = layers.Conv2D(8, 3, padding="same", name="one")(inputs)
x = layers.MaxPooling2D(name="pool")(one)
x = layers.Conv2D(16, 3, padding="same", name="two")(x)
x = layers.UpSampling2D(name="up")(x)
x = layers.Concatenate(name="concatenate")([one, x])
model = keras.Model(inputs, layers.Conv2D(2, 1)(x))
