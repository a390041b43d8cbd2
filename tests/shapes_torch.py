"""Runs real PyTorch layers with random settings, for the tests of shapes."""

from __future__ import annotations

import torch
from torch import nn

OPERATIONS = {
    "cat": lambda tensors, settings: torch.cat(tensors, **settings),
    "stack": lambda tensors, settings: torch.stack(tensors, **settings),
    "add": lambda tensors, settings: tensors[0] + tensors[1],
    "mul": lambda tensors, settings: tensors[0] * tensors[1],
    "view": lambda tensors, settings: tensors[0].view(settings["shape"]),
    "reshape": lambda tensors, settings: tensors[0].reshape(settings["shape"]),
    "permute": lambda tensors, settings: tensors[0].permute(settings["dims"]),
    "transpose": lambda tensors, settings: tensors[0].transpose(**settings),
    "mean": lambda tensors, settings: tensors[0].mean(**settings),
    "squeeze": lambda tensors, settings: tensors[0].squeeze(**settings),
    "pad": lambda tensors, settings: nn.functional.pad(tensors[0], **settings),
    "unsqueeze": lambda tensors, settings: tensors[0].unsqueeze(**settings),
}


def tensors_of(kind, shapes):
    """Return inputs of these shapes: numbers for an embedding, floats for everything else."""
    dtype = torch.long if kind in ("Embedding", "EmbeddingBag") else torch.float32
    return [torch.zeros(shape, dtype=dtype) for shape in shapes]


def run(kind, settings, shapes):
    """Return the layer (None for an operation) and what it returns; its exception where it is refused."""
    threads = torch.get_num_threads()
    # PyTorch chooses the code for a 1 x 1 transposed convolution by whether there is more than one thread.
    ones = kind.startswith("ConvTranspose") and set(spread(settings["kernel_size"])[-2:]) == {1}
    several = ones and any(spread(settings.get("padding", 0)))
    try:
        if several:
            torch.set_num_threads(2)
        with torch.no_grad():
            if kind in OPERATIONS:
                return None, OPERATIONS[kind](tensors_of(kind, shapes), settings)
            layer = getattr(nn, kind)(**settings)
            return layer, layer(*tensors_of(kind, shapes))
    except Exception as problem:
        return None, problem
    finally:
        if several:
            torch.set_num_threads(threads)


def spread(value):
    """Return a setting as a tuple."""
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def shapes_of(made):
    """Return the shapes of what a layer returns, one after the other."""
    if made is None:
        return []
    if isinstance(made, tuple | list):
        return [shape for part in made for shape in shapes_of(part)]
    return [tuple(made.shape)]
