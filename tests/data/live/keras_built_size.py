# layer: fc1
# from: pool2, conv2
# tried: import tensorflow as tf ;; digits = tf.image.resize(digits, (28, 28))
# made: self.fc1 =
import numpy as np
import keras
from keras import layers


class LeNet(keras.Model):
    def __init__(self, classes):
        super().__init__(name="lenet")
        self.conv1 = layers.Conv2D(6, 5, activation="tanh", name="conv1")
        self.pool1 = layers.AveragePooling2D(2, name="pool1")
        self.conv2 = layers.Conv2D(16, 5, activation="tanh", name="conv2")
        self.pool2 = layers.AveragePooling2D(2, name="pool2")
        self.flatten = layers.Flatten(name="flatten")
        self.fc1 = layers.Dense(120, activation="tanh", name="fc1")
        self.fc2 = layers.Dense(84, activation="tanh", name="fc2")
        self.out = layers.Dense(classes, name="out")

    def call(self, x):
        x = self.pool1(self.conv1(x))
        x = self.pool2(self.conv2(x))
        x = self.flatten(x)
        return self.out(self.fc2(self.fc1(x)))


model = LeNet(10)
model(np.zeros((1, 28, 28, 1), "float32"))
digits = np.zeros((5, 32, 32, 1), "float32")
logits = model.predict(digits, verbose=0)
