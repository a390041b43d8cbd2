# layer: patch_encoder
# from: patches, patch_encoder/embedding
# tried: self.projection(patch)[..., :49, :] + self.position_embedding(positions)  # on line {}
# operation: add
# made: x = PatchEncoder(
import keras
from keras import layers, ops


class Patches(layers.Layer):
    def __init__(self, patch_size):
        super().__init__()
        self.patch_size = patch_size

    def call(self, images):
        b, h, w, c = ops.shape(images)
        p = self.patch_size
        patches = ops.image.extract_patches(images, size=p)
        return ops.reshape(patches, (b, (h // p) * (w // p), p * p * c))


class PatchEncoder(layers.Layer):
    def __init__(self, num_patches, projection_dim):
        super().__init__()
        self.num_patches = num_patches
        self.projection = layers.Dense(projection_dim)
        self.position_embedding = layers.Embedding(num_patches, projection_dim)

    def call(self, patch):
        positions = ops.expand_dims(ops.arange(self.num_patches), axis=0)
        return self.projection(patch) + self.position_embedding(positions)


def create_vit(image_size=64, patch_size=8, num_patches=49, dim=32):
    inputs = keras.Input((image_size, image_size, 3))
    patches = Patches(patch_size)(inputs)
    x = PatchEncoder(num_patches, dim)(patches)
    for _ in range(2):
        x1 = layers.LayerNormalization(epsilon=1e-6)(x)
        att = layers.MultiHeadAttention(num_heads=4, key_dim=dim)(x1, x1)
        x = layers.Add()([att, x])
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(inputs, layers.Dense(10)(x))


vit = create_vit()
