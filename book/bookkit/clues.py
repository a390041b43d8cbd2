"""The decision chart of "Where the 64 came from": what a message says, and the cause it points to."""

import dataclasses
import math

# What happens where the message is raised, by the ids of the messages' pages. Any other page is "other".
KINDS = {
    "loading": (
        "pytorch-load-shape",
        "keras-set-weights-shape",
        "keras-load-weights-shape",
        "keras-variable-assign",
        "tensorflow-assign",
        "tensorflow-both-shapes-assign",
    ),
    "warning": ("pytorch-target-size-warning",),
    "masks": ("pytorch-cross-entropy-spatial",),
    "labels": (
        "pytorch-bce-logits-size",
        "pytorch-cross-entropy-batch",
        "pytorch-cross-entropy-multi-target",
        "pytorch-cross-entropy-target-size",
        "pytorch-cross-entropy-unbatched",
        "pytorch-nll-size",
        "tensorflow-logits-labels",
        "keras-checking-target",
        "keras-target-output",
    ),
    "one value": ("pytorch-batchnorm-one-value", "pytorch-gather-devices"),
    "axes": (
        "pytorch-conv-rank",
        "pytorch-batchnorm-rank",
        "pytorch-cat-rank",
        "keras-ndim",
    ),
    "stack": ("pytorch-stack", "tensorflow-stack", "numpy-stack"),
    "join": ("pytorch-cat-sizes", "numpy-concatenate", "keras-concatenate", "tensorflow-concat"),
    "entries": (
        "pytorch-broadcast",
        "pytorch-broadcast-output",
        "numpy-broadcast",
        "keras-merge-shapes",
        "tensorflow-incompatible-shapes",
        "tensorflow-dimensions-broadcast",
    ),
    "channels": (
        "pytorch-conv-channels",
        "pytorch-conv-transpose-channels",
        "pytorch-batchnorm-channels",
        "keras-conv-channels",
        "keras-checking-input",
        "keras-input-spec-shape",
        "tensorflow-conv-depth",
        "tensorflow-grouped-unsupported",
        "fromscratch-conv-channels",
    ),
    "features": (
        "pytorch-mat1-mat2",
        "pytorch-rnn-input-size",
        "pytorch-layernorm",
        "keras-dense-features",
        "fromscratch-linear-features",
    ),
}
PICTURES = {1, 3, 4}  # the channels of gray, RGB and RGBA files
ROUNDINGS = (2, 4, 8, 16, 32)  # 2 to the depth, for a depth from 1 to 5


@dataclasses.dataclass(frozen=True)
class Clues:
    """What a message says, and what only the reader knows.

    From the message: `kind`, "other" or one of KINDS; `expected` and `got`, the two sizes that disagree, the
    first tensor's and the second's where there is no layer; `shape`, of the layer's input; `first` and
    `second`, shapes of two tensors; `axis`, where they disagree; `joined`, the axis of a concatenation;
    `rows`, of a matrix product's left side; `layout` of the framework.

    From the reader: the size of the `batch`; whether only the `last` batch fails; the number of `processes`;
    `settings`, the numbers in the configuration; what comes `before` the layer, "flatten" or "concatenate".
    None, or their default, is what the reader doesn't know.
    """

    kind: str
    expected: int | None = None
    got: int | None = None
    shape: tuple = ()
    first: tuple = ()
    second: tuple = ()
    axis: int | None = None
    joined: int | None = None
    rows: int | None = None
    layout: str = "NCHW"
    batch: int | None = None
    last: bool = False
    processes: int = 1
    settings: tuple = ()
    before: str | None = None

    @property
    def shifted(self):
        """Whether the batch is where a convolution reads channels, or rows, because an axis is missing."""
        if self.kind != "channels" or not self.batch or self.batch == 1:
            return False
        return self.shape[:2] == (1, self.batch) or (self.axis == 0 and self.got == self.batch)

    @property
    def cut(self):
        """Whether a loss receives more examples than the batch has, and the batch's labels."""
        examples = self.first[:1] or (self.expected,)
        labels = self.second[:1] or (self.got,)
        if self.kind != "labels" or None in examples + labels:
            return False
        return examples[0] > labels[0] == self.batch

    @property
    def transposed(self):
        """Whether the channels are on the axis of the other layout, and on no other."""
        if self.kind not in ("channels", "features") or len(self.shape) < 3:
            return False
        _, *others = self.shape
        other = others.pop(0 if self.layout == "NHWC" else -1)
        return other == self.expected and self.expected not in others

    @property
    def sides(self):
        """The pairs of heights and widths that disagree, as far as the message shows them."""
        if self.first and self.second:
            if len(self.first) != len(self.second) or len(self.first) < 3:
                return ()
            pairs = zip(_sides(self.first, self.layout), _sides(self.second, self.layout), strict=True)
            return tuple((one, other) for one, other in pairs if one != other)
        if self.axis is not None:
            return ((self.expected, self.got),) if self.axis >= 2 else ()
        return ((self.expected, self.got),) if self.joined == 1 and self.expected else ()

    @property
    def maps(self):
        """The two numbers of channels that disagree, or None."""
        if self.kind == "channels":
            return self.expected, self.got
        if not self.first or len(self.first) != len(self.second) or len(self.first) < 3:
            return None
        channels = -1 if self.layout == "NHWC" else -3
        pair = self.first[channels], self.second[channels]
        return pair if pair[0] != pair[1] else None

    @property
    def resized(self):
        """Whether labels have another height and width than the scores."""
        if self.kind != "labels" or len(self.second) < 3:
            return False
        return _sides(self.first, self.layout) != (
            self.second[1:3] if self.layout == "NHWC" else self.second[-2:]
        )

    @property
    def halved(self):
        """Whether sides disagree, and each is the other rounded to a multiple of one of ROUNDINGS."""
        return bool(self.sides) and all(_rounds(*sorted(pair)) for pair in self.sides)

    @property
    def unflattened(self):
        """Whether a matrix product's left side holds a batch of expected rows, cut into shorter ones."""
        if self.kind != "features" or not self.rows or self.got >= self.expected:
            return False
        batch, rest = divmod(self.rows * self.got, self.expected)
        if self.batch:
            return rest == 0 and batch == self.batch
        return rest == 0 and batch > 0 and self.expected >= 8 * self.got

    @property
    def ratio(self):
        """How many times the larger number is the smaller one; None where that is no whole number."""
        if not self.expected or not self.got:
            return None
        small, large = sorted((self.expected, self.got))
        return large // small if large % small == 0 else None


def _sides(shape, layout):
    """Return the height and width of an image or a batch of images."""
    return shape[-3:-1] if layout == "NHWC" else shape[-2:]


def _rounds(small, large):
    """Return whether one size is the other rounded down or up to a multiple of one of ROUNDINGS."""
    steps = [step for step in ROUNDINGS if step <= small]
    return small < large and any(
        large // step * step == small or -(-small // step) * step == large for step in steps
    )


def clues(explanation, kind=None, shapes=None, layout=None, **known):
    """Return the Clues in what `errorguide.explain` returned; `known` are those that only the reader has.

        clues(explain(message), batch=6, before="flatten")

    `kind` and `shapes` say what happened, and to which two tensors, where the message doesn't; `layout` is
    the data's, where it isn't the framework's usual one. Raises ValueError for None, which is no shape error.
    """
    if explanation is None:
        raise ValueError("clues() expects the explanation of a shape error, got None.")
    numbers = explanation.numbers
    kind = kind or next((kind for kind, ids in KINDS.items() if explanation.id in ids), "other")
    if layout is None:
        layout = "NHWC" if explanation.id.startswith(("keras", "tensorflow")) else "NCHW"
        if numbers.get("axis") == 1 and "expected" in numbers:
            layout = "NCHW"
    first, second = shapes or _pair(numbers)
    if _ranks_differ(kind, numbers, first, second):
        kind = "axes"
    expected, got = _two_sizes(numbers, first, second)
    shape = numbers.get("input", ())
    return Clues(
        kind,
        expected,
        got,
        shape=shape,
        first=first,
        second=second,
        axis=numbers.get("axis"),
        joined=numbers.get("dim"),
        rows=_rows(numbers),
        layout=layout,
        **known,
    )


def _pair(numbers):
    """Return the two shapes that a message compares, or two empty tuples."""
    for one, other in (
        ("first", "second"),
        ("output", "broadcast"),
        ("output", "target"),
        ("wanted_example", "example"),
        ("wanted_shape", "input"),
        ("place", "value"),
        ("variable", "given"),
    ):
        if one in numbers and other in numbers:
            return numbers[one], numbers[other]
    return (), ()


def _ranks_differ(kind, numbers, first, second):
    """Return whether a join or a model received another number of axes."""
    if kind == "join":
        return "rank_one" in numbers or len(first) != len(second)
    if kind == "channels":
        return "axes" in numbers or len(first) != len(second)
    return False


def _two_sizes(numbers, first, second):
    """Return the two sizes that disagree, the expected one first, or None for each."""
    if "expected_shape" in numbers:  # of a normalization over the last axes
        return numbers["expected_shape"][-1], numbers["input"][-1]
    for one, other in (("expected", "got"), ("a", "b"), ("output_batch", "target_batch")):
        if one in numbers and other in numbers:
            return numbers[one], numbers[other]
    if "wanted_shape" in numbers and first and second:  # of a Keras model: the channels come last
        return first[-1], second[-1]
    return next(
        ((one, other) for one, other in zip(first, second, strict=False) if one != other), (None, None)
    )


def _rows(numbers):
    """Return the number of rows of a matrix product's left side, where the message shows it."""
    if "mat1" in numbers:
        return numbers["mat1"][0]
    sizes = numbers.get("input", ())[:-1]
    return math.prod(sizes) if sizes and None not in sizes else None


@dataclasses.dataclass(frozen=True)
class Question:
    """A question of the chart, its test, and the section (or page) to which a yes leads."""

    text: str
    test: object
    answer: str


CHART = (
    Question(
        "Is a checkpoint loaded, or a weight set?",
        lambda c: c.kind == "loading",
        "A checkpoint of another configuration",
    ),
    Question(
        "Do predictions and targets differ only by an axis of 1?",
        lambda c: (
            c.kind == "warning"
            or (c.kind == "labels" and sorted((*c.first, 1)) == sorted(c.second) and len(c.second) > 1)
            or (c.kind == "labels" and sorted((*c.second, 1)) == sorted(c.first) and len(c.second) > 0)
        ),
        "Losses that broadcast silently",
    ),
    Question(
        "Does the loss receive more examples than your batch has?",
        lambda c: c.cut,
        "An image size that a Linear was not made for",
    ),
    Question(
        "Do masks and scores differ in height, width or axes?",
        lambda c: c.kind == "masks" or c.resized,
        "Masks of another size",
    ),
    Question(
        "Do other labels or targets take part?",
        lambda c: c.kind == "labels",
        "Labels in another form",
    ),
    Question(
        "Does only the last batch fail, or a batch of one?",
        lambda c: c.kind == "one value" or c.last,
        "The last batch",
    ),
    Question(
        "Does it count axes, or does your batch's size follow a 1?",
        lambda c: c.kind == "axes" or c.shifted,
        "An axis is missing or doubled",
    ),
    Question(
        "Is expected the size of your last axis (Keras: axis 1) alone?",
        lambda c: c.transposed,
        "NHWC given for NCHW",
    ),
    Question(
        "Are 1, 3 or 4 channels expected, stacked or added?",
        lambda c: (
            (c.kind == "channels" and c.expected in PICTURES)
            or (c.kind in ("stack", "entries") and c.maps is not None and set(c.maps) <= PICTURES)
        ),
        "Gray, RGB and RGBA files",
    ),
    Question(
        "Is one side the other's, rounded to a multiple of 2, 4, 8, 16 or 32?",
        lambda c: c.kind in ("join", "entries") and c.halved,
        "A side not divisible by 2 to the depth",
    ),
    Question(
        "Are two tensors added, or combined entry by entry?",
        lambda c: c.kind == "entries" and len(c.first) == len(c.second),
        "Skips that add",
    ),
    Question(
        "Does a Linear get only the last axis: rows x got = batch x expected?",
        lambda c: c.unflattened,
        "A flatten is missing",
    ),
    Question(
        "Is one number the other times the number of your processes?",
        lambda c: 1 < c.processes == c.ratio,
        "A shard of a distributed run",
    ),
    Question(
        "Are both numbers in your configuration?",
        lambda c: bool(c.settings) and {c.expected, c.got} <= set(c.settings),
        "Two settings that disagree",
    ),
    Question(
        "Does a flatten come right before the Linear?",
        lambda c: c.kind == "features" and c.before == "flatten",
        "An image size that a Linear was not made for",
    ),
    Question(
        "Does a concatenation come before the layer?",
        lambda c: c.kind == "channels" and c.before == "concatenate",
        "Skips that concatenate",
    ),
)
OTHERWISE = "The page of your message"


def cause_of(known):
    """Return the answer of the first question that these Clues answer with yes, or OTHERWISE."""
    return next((question.answer for question in CHART if question.test(known)), OTHERWISE)
