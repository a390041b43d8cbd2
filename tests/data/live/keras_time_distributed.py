# layer: per_frame/cnn/c
# from:
# tried:
import keras
import numpy as np
from keras import layers

frames = keras.Input((5, 16, 16, 3), name="frames")
cnn = keras.Sequential(
    [layers.Input((16, 16, 1)), layers.Conv2D(4, 3, name="c"), layers.GlobalAveragePooling2D(name="g")],
    name="cnn",
)
x = layers.TimeDistributed(cnn, name="per_frame")(frames)
model = keras.Model(frames, layers.GRU(6)(x))
model.predict(np.zeros((2, 5, 16, 16, 3), "float32"), verbose=0)
