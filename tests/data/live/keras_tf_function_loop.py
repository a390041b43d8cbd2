# layer: input_layer
# from:
# tried: x = tf.keras.ops.reshape(x, (-1, 784))
import tensorflow as tf

model = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(64, activation="relu"),
        tf.keras.layers.Dense(10),
    ]
)
model.build((None, 784))
optimizer = tf.keras.optimizers.Adam()
loss_fn = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_fn(y, logits)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


images = tf.zeros((64, 28, 28))
labels = tf.zeros((64,), tf.int32)
for x, y in tf.data.Dataset.from_tensor_slices((images, labels)).batch(16):
    train_step(x, y)
