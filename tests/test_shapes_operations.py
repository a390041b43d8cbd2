"""The rules of PyTorch's operations that take tensors apart, repeat or multiply them, against PyTorch on
random shapes: what comes out, and refusals word for word.
"""

from __future__ import annotations

import random

import pytest

from shapes import Refusal, outcome

torch = pytest.importorskip("torch", reason="no PyTorch: its operations are not compared")
SETTINGS = 300


def matmul(rng):
    """Two tensors of random ranks; mostly they fit."""
    inner = rng.randint(1, 4)
    one = [*[rng.choice((1, 3)) for _ in range(rng.randint(0, 2))], rng.randint(1, 4), inner]
    other = [*[rng.choice((1, 3)) for _ in range(rng.randint(0, 2))], inner, rng.randint(1, 4)]
    one, other = (one[-1:] if rng.random() < 0.1 else one), (other[-2:-1] if rng.random() < 0.1 else other)
    if rng.random() < 0.3:
        one[-1] += 1
    return "matmul", {}, [tuple(one), tuple(other)], lambda a, b: a @ b


def expand(rng):
    """Sizes that a tensor is expanded to."""
    shape = tuple(rng.choice((1, 2, 3)) for _ in range(rng.randint(1, 3)))
    size = tuple(each if each != 1 and rng.random() < 0.9 else rng.choice((-1, 2, 4)) for each in shape)
    size = (*[rng.randint(1, 3) for _ in range(rng.randint(0, 2))], *size)
    return "expand", {"size": size}, [shape], lambda x: x.expand(*size)


def repeat(rng):
    """Counts of copies along each axis."""
    shape = tuple(rng.randint(1, 3) for _ in range(rng.randint(1, 3)))
    counts = tuple(rng.randint(0, 3) for _ in range(rng.randint(1, 4)))
    return "repeat", {"repeats": counts}, [shape], lambda x: x.repeat(*counts)


def chunk(rng):
    """A number of pieces along an axis."""
    shape = tuple(rng.randint(1, 9) for _ in range(rng.randint(1, 3)))
    count, dim = rng.randint(0, 5), rng.randint(-3, 3)
    return "chunk", {"size": count, "dim": dim}, [shape], lambda x: x.chunk(count, dim)


def split(rng):
    """Pieces of a size, or of several sizes."""
    shape = tuple(rng.randint(1, 9) for _ in range(rng.randint(1, 3)))
    dim = rng.randrange(-len(shape), len(shape))
    size = rng.randint(1, 5)
    if rng.random() < 0.5:
        first = rng.randint(0, shape[dim])
        size = (first, shape[dim] - first + (rng.random() < 0.2))
    return "split", {"size": size, "dim": dim}, [shape], lambda x: x.split(size, dim)


def index(rng):
    """Slices with ends of either sign, and numbers."""
    shape = tuple(rng.randint(1, 6) for _ in range(rng.randint(1, 3)))
    items = []
    for size in shape[: rng.randint(1, 3)]:
        cut = (
            rng.choice((None, *range(-7, 8))),
            rng.choice((None, *range(-7, 8))),
            rng.choice((None, 1, 2, 3)),
        )
        items.append(rng.randint(-size, size) if rng.random() < 0.2 else cut)
    real = tuple(slice(*each) if isinstance(each, tuple) else each for each in items)
    return "index", {"items": tuple(items)}, [shape], lambda x: x[real]


@pytest.mark.parametrize("make", [matmul, expand, repeat, chunk, split, index])
def test_operations_are_those_of_pytorch(make):
    rng = random.Random(make.__name__)
    worked = refused = 0
    for _ in range(SETTINGS):
        kind, settings, shapes, real = make(rng)
        try:
            made = real(*[torch.zeros(shape) for shape in shapes])
            expected = [tuple(each.shape) for each in (made if isinstance(made, tuple) else (made,))]
            worked += 1
        except (RuntimeError, IndexError) as error:
            expected = f"{type(error).__name__}: {error}"
            refused += 1
        try:
            said = outcome("pytorch", kind, settings, shapes)
            got = [said.output, *said.more]
        except Refusal as refusal:
            got = str(refusal)
        assert got == expected, (kind, settings, shapes)
    assert worked > SETTINGS // 4 and (refused > 5 or make in (chunk,))
