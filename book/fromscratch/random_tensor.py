"""Random tensors that are the same on every run."""

import numpy as np

from .checks.arguments import FLOATS, whole


def create_random_tensor(shape, seed=0, dtype=np.float32):
    """Return an array of the given shape with standard normal numbers.

    shape: a tuple or list of integers, each at least 0, or one integer.
    seed: the same seed, shape and dtype give the same numbers on every machine.
    dtype: np.float32 or np.float64.

    Raises TypeError or ValueError for a shape, seed or dtype of another kind.
    """
    sizes = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    sizes = tuple(whole(size, "every size in shape", at_least=0) for size in sizes)
    if not isinstance(dtype, (type, str, np.dtype)) or dtype not in FLOATS:
        raise TypeError(f"dtype must be np.float32 or np.float64, but got {dtype!r}.")
    return np.random.default_rng(whole(seed, "seed", at_least=0)).standard_normal(sizes, dtype=dtype)
