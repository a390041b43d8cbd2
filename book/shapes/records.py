"""What the parts of this package hand on: a layer as it was read, what a rule says of it, and a refusal.

All of it is whole numbers, texts, booleans, None, tuples and dicts of them, so that JSON can hold it.
"""

from dataclasses import dataclass, field

TRAINABLE, NON_TRAINABLE, BUFFER = "trainable", "non-trainable", "buffer"
BYTES_OF_A_FLOAT = 4


@dataclass(frozen=True)
class Weight:
    """A tensor that a layer holds: a parameter, one that training leaves alone (Keras), or a buffer
    (PyTorch), which counts as no parameter.
    """

    name: str
    shape: tuple
    role: str = TRAINABLE


@dataclass(frozen=True)
class Outcome:
    """What a layer makes of its input."""

    output: tuple
    weights: tuple = ()
    multiply_adds: int | None = 0  # of its products; additions, comparisons and the like are not counted
    more: tuple = ()  # the shapes of further outputs
    padding: tuple = ()  # (before, after) of each spatial axis
    unread: tuple = ()  # rows and columns at the end that no window reads, of each spatial axis
    note: str = ""


class Refusal(Exception):
    """A layer that its framework refuses, with the framework's words.

    `change` holds arguments with which the layer works. `also` are other words that the same framework has
    for it, by the way it computes.
    """

    def __init__(self, kind, message, change=None, also=()):
        super().__init__(f"{kind}: {message}")
        self.kind, self.message = kind, message
        self.change, self.also = change or {}, tuple(also)


class Unknown(Exception):
    """What the rules cannot say: an unknown layer, an argument whose value is not known."""


@dataclass
class Layer:
    """A layer or a container as it was read.

    kind      its class, such as Conv2d; an operation's name in lower case, such as cat
    framework "pytorch" or "keras"
    settings  the arguments by name; those that were not understood are Unread
    line      the line in the text, counted from 1
    name      what the text calls it: layer1.0.conv1, or a variable
    children  of a container, in the order of the text
    times     how often the printed line stands for one
    inputs    the values it is called with, where the text says so: (number, which of its outputs)
    output    the number of the value that it makes, where the text says so
    aside     it is called in __init__, to see a shape: it has no row
    refusal   what already its constructor refuses
    """

    kind: str
    framework: str
    settings: dict = field(default_factory=dict)
    line: int = 0
    name: str = ""
    children: list = field(default_factory=list)
    times: int = 1
    inputs: tuple | None = None
    output: int | None = None
    refusal: Refusal | None = None
    aside: bool = False


@dataclass(frozen=True)
class Unread:
    """An argument that stands in the text but has no value that can be read from it."""

    text: str


@dataclass(frozen=True)
class SizeOf:
    """A size that the text takes from a value: x.size(0), x.shape[0]. Several, x.shape[2:], have (start,
    stop) for an axis.
    """

    value: tuple
    axis: object


@dataclass(frozen=True)
class Late:
    """A number that is computed from such sizes."""

    sign: str
    left: object
    right: object


@dataclass
class Reading:
    """What was read from a text.

    layers    in the order of the text; containers have children
    form      "print" (of print(model)), "source", or "summary" (of Keras)
    framework "pytorch" or "keras"
    inputs    the shapes of the inputs that the text declares, without the batch; None for one it does not
    know result    the value that the model returns, as in Layer.inputs, where the text says so
    problems  (line, sentence) of what was not understood
    """

    layers: list = field(default_factory=list)
    form: str = "source"
    framework: str = "pytorch"
    inputs: list = field(default_factory=list)
    result: tuple | None = None
    problems: list = field(default_factory=list)
