"""What a shape error's message says in numbers, for the decision chart of "Where the 64 came from"."""

import dataclasses

# What happens where the message is raised, by the ids of the messages' pages.
KINDS = {
    "loading": ("pytorch-load-shape", "keras-set-weights-shape"),
    "labels": (
        "pytorch-bce-logits-size",
        "pytorch-cross-entropy-batch",
        "pytorch-cross-entropy-multi-target",
        "pytorch-nll-size",
        "pytorch-target-size-warning",
        "tensorflow-logits-labels",
        "keras-target-output",
    ),
    "one example": ("pytorch-batchnorm-one-value", "pytorch-cat-rank"),
    "axes": ("pytorch-conv-rank", "keras-ndim"),
    "stack": ("pytorch-stack", "tensorflow-stack", "numpy-stack"),
    "join": ("pytorch-cat-sizes", "numpy-concatenate", "keras-concatenate", "tensorflow-concat"),
    "entries": (
        "pytorch-broadcast",
        "numpy-broadcast",
        "keras-merge-shapes",
        "tensorflow-incompatible-shapes",
    ),
    "assignment": ("pytorch-index-assignment", "numpy-assignment"),
    "channels": (
        "pytorch-conv-channels",
        "pytorch-conv-transpose-channels",
        "keras-conv-channels",
        "tensorflow-conv-depth",
        "fromscratch-conv-channels",
    ),
    "features": (
        "pytorch-mat1-mat2",
        "pytorch-rnn-input-size",
        "keras-dense-features",
        "fromscratch-linear-features",
    ),
}


@dataclasses.dataclass(frozen=True)
class Clues:
    """What a message says, and what only the reader knows.

    `kind` is one of KINDS. `expected` and `got` are the two sizes that disagree; where the message has no
    layer, they are the first tensor's and the second's, or None where it names none. `sizes` are the sizes of
    your data's other axes, as far as the message shows them. `batch` is the size of your batch, `processes`
    their number, and `settings` the numbers that somebody typed.
    """

    kind: str
    expected: int | None
    got: int | None
    sizes: tuple
    batch: int | None = None
    processes: int = 1
    settings: tuple = ()

    @property
    def ratio(self):
        """How many times the larger number is the smaller one; None where that is no whole number."""
        if not self.expected or not self.got:
            return None
        small, large = sorted((self.expected, self.got))
        return large // small if large % small == 0 else None


def clues(explanation, kind=None, **known):
    """Return the Clues in what `errorguide.explain` returned; `known` are those that no message says.

        clues(explain(message), batch=6)

    `kind` says what happened where NumPy's own message does not. Raises ValueError for an error of no KINDS,
    and for None, which is no shape error.
    """
    if explanation is None:
        raise ValueError("clues() expects the explanation of a shape error, got None.")
    numbers = explanation.numbers
    kind = kind or next((kind for kind, ids in KINDS.items() if explanation.id in ids), None)
    if kind is None:
        raise ValueError(f"clues() has no kind for {explanation.id}; pass one of {', '.join(KINDS)}.")
    if kind == "join" and _ranks_differ(numbers):
        kind = "one example"
    expected, got = _two_sizes(numbers)
    others = [size for size in numbers.get("input", ()) if size is not None]
    if got in others:
        others.remove(got)
    return Clues(kind, expected, got, tuple(others), **known)


def _ranks_differ(numbers):
    """Return whether joined tensors have different numbers of axes."""
    first, second = numbers.get("first", ()), numbers.get("second", ())
    return "rank_one" in numbers or len(first) != len(second)


def _two_sizes(numbers):
    """Return the two sizes that disagree, the expected one first, or None for each."""
    for one, other in (("expected", "got"), ("a", "b")):
        if one in numbers and other in numbers:
            return numbers[one], numbers[other]
    pairs = zip(numbers.get("first", ()), numbers.get("second", ()), strict=False)
    return next(((one, other) for one, other in pairs if one != other), (None, None))
