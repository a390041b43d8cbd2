"""Texts for the error guide and what has to come of them, for its tests in Python and on the decoder page."""

from __future__ import annotations

import random
import re
from pathlib import Path

from errorguide.catalogue import read_catalogue

ENTRIES = {entry["id"]: entry for entry in read_catalogue()["errors"]}
MESSAGES = [
    (name, case["message"]) for name, entry in ENTRIES.items() for case in entry["cases"] + entry["older"]
]
TRACEBACK = "Traceback (most recent call last):"
LINK = "\nThe above exception was the direct cause of the following exception:\n\n"
HANDLED = "\nDuring handling of the above exception, another exception occurred:\n\n"
TAIL = "to have 32 channels, but got 64 channels instead"
CONV = f"RuntimeError: Given groups=1, weight of size [64, 32, 3, 3], expected input[1, 64, 256, 256] {TAIL}"
LINEAR = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x10)"

# Errors about memory, devices, dtypes and indices (some with shapes in them), other errors, output, prose.
UNRELATED_FILE = Path(__file__).parent / "data" / "unrelated_texts.txt"
UNRELATED = UNRELATED_FILE.read_text(encoding="utf-8").rstrip("\n").split("\n----\n")
UNRELATED += ["", "   \n\t", "lorem ipsum " * 200]

HOSTILE = [
    "the " * 2000,
    "Given groups=1, weight of size [" * 500,
    "[" * 4000,
    "(" * 2000 + ")" * 2000,
    "1x" * 3000,
    "1, " * 3000,
    "Dimension(" * 1500,
    "size mismatch for " * 700,
    "Input 0 of layer " * 700,
    "> " * 3000,
    "\x1b[" * 2000,
    "[0;" * 2000,
    "9" * 8000,
    "Shapes [" + "(1, 2), " * 1500,
    "Dimensions must be equal, but are 1 and 2 for " * 200,
    "layer requires inputs with matching shapes except for the concat axis. Got inputs shapes: [(1, 2), "
    * 60,
    "\x00\uffff\ud7ff😀" * 1000,
    "&lt;" * 2000,
]


def decorate(message):
    """Return a message as it is pasted, by where it comes from: coloured, quoted, wrapped, in a traceback."""
    first, _, rest = message.partition(": ")
    lines = message.split(" ")
    wrapped = "\n        ".join(" ".join(lines[at : at + 5]) for at in range(0, len(lines), 5))
    return {
        "coloured": f"\x1b[0;31m{first}\x1b[0m: {rest}\n\x1b[1;32m     12\x1b[0m",
        "colours without their escapes": f"[0;31m{first}[0m: {rest}",
        "ranked": f"[rank0]: {message}",
        "pytest": "\n".join(f"E       {line}" for line in message.splitlines()),
        "quoted": "\n".join(f"> {line}" for line in message.splitlines()),
        "wrapped": wrapped,
        "windows": f'File "C:\\Users\\me\\net.py", line 9, in forward\r\n    x = self.fc(x)\r\n{message}\r\n',
        "in prose": f"Hello, I get this when training: {message} Any ideas? Thanks!",
        "after a traceback": f'{TRACEBACK}\n  File "a.py", line 1, in f\n    f()\n{message}',
        "html": message.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;"),
    }


def value_for(kind, rng):
    """Return a random value for a place of this type; None for a type that `generated` fills itself."""
    if kind == "int":
        return rng.choice([1, 2, 3, 4, 7, 16, 32, 64, 224, 255, 768, 4096, 123456])
    if kind == "shape":
        return tuple(rng.choice([1, 3, 5, 8, 17, 64, 224]) for _ in range(rng.randint(2, 5)))
    return None


def spelled(value, rng, after_a_word):
    """Write a value as the frameworks do: `torch.Size([4])` never stands right after a word."""
    if not isinstance(value, tuple):
        return str(value)
    inner = ", ".join(str(size) for size in value)
    spellings = [f"[{inner}]", f"({inner})", "[" + ",".join(map(str, value)) + "]"]
    return rng.choice(spellings if after_a_word else [*spellings, f"torch.Size([{inner}])"])


def generated(seed=0, times=6):
    """Messages made from the templates with other numbers: (entry, message, numbers)."""
    rng = random.Random(seed)
    for entry in ENTRIES.values():
        for source in entry["sources"]:
            for _ in range(times):
                numbers = {}

                def put(place, numbers=numbers):
                    name, kind = place.group(1), place.group(2)
                    if kind == "name":
                        return "conv2d_7"
                    if kind == "shapes":
                        return "[(8, 20, 20, 512), (8, 19, 19, 256)]"
                    numbers[name] = value_for(kind, rng)
                    return spelled(numbers[name], rng, place.string[: place.start()][-1:].isalpha())

                message = re.sub(r"\{([a-z][a-z0-9_]*):(\w+)\}", put, source).replace("...", "something else")
                yield entry, message, numbers


# ---- several errors in one text ----


def traceback(message):
    """A traceback that ends in a message."""
    return f'{TRACEBACK}\n  File "a.py", line 1, in <module>\n{message}\n'


KERNEL = (
    "Calculated padded input size per channel: (2 x 2). Kernel size: (3 x 3). "
    "Kernel size can't be greater than actual input size"
)
BROADCAST = "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1"
VIEW = "shape '[1, 124]' is invalid for input of size 15872"
BATCHES = "Expected input batch_size (300) to match target batch_size (0)"
DOT = "ValueError: shapes (2,3) and (4,5) not aligned: 3 (dim 1) != 4 (dim 0)"
COPY = "RuntimeError: invalid argument 2: sizes do not match at /pytorch/torch/lib/TH/THTensorCopy.c:51"

# A text, and the pages of its errors in the order in which they are told.
ERRORS_IN_TEXTS = {
    "one": (CONV, ["pytorch-conv-channels"]),
    "two, apart": (
        traceback(CONV) + "\n" + traceback(LINEAR),
        ["pytorch-mat1-mat2", "pytorch-conv-channels"],
    ),
    "two without tracebacks": (f"{CONV}\n{LINEAR}", ["pytorch-mat1-mat2", "pytorch-conv-channels"]),
    "one that led to another": (
        traceback(CONV) + LINK + traceback(LINEAR),
        ["pytorch-conv-channels", "pytorch-mat1-mat2"],
    ),
    "one while another was handled": (
        traceback(LINEAR) + HANDLED + traceback(CONV),
        ["pytorch-mat1-mat2", "pytorch-conv-channels"],
    ),
    "a chain of three": (
        traceback(VIEW) + LINK + traceback(CONV) + HANDLED + traceback(LINEAR),
        ["pytorch-view-size", "pytorch-mat1-mat2", "pytorch-conv-channels"],
    ),
    "a chain of three, the middle one not about shapes": (
        traceback(VIEW) + LINK + traceback("KeyError: 1") + HANDLED + traceback(LINEAR),
        ["pytorch-view-size", "pytorch-mat1-mat2"],
    ),
    "one, then a chain": (
        traceback(VIEW) + traceback(CONV) + LINK + traceback(LINEAR),
        ["pytorch-conv-channels", "pytorch-mat1-mat2", "pytorch-view-size"],
    ),
    "a chain, then one": (
        traceback(CONV) + LINK + traceback(LINEAR) + traceback(VIEW),
        ["pytorch-view-size", "pytorch-mat1-mat2", "pytorch-conv-channels"],
    ),
    "two chains": (
        traceback(CONV) + LINK + traceback(LINEAR) + traceback(VIEW) + LINK + traceback(BROADCAST),
        ["pytorch-view-size", "pytorch-broadcast", "pytorch-mat1-mat2", "pytorch-conv-channels"],
    ),
    "a chain whose first link has two messages": (
        traceback(f"{VIEW}\n{CONV}") + LINK + traceback(LINEAR),
        ["pytorch-conv-channels", "pytorch-mat1-mat2", "pytorch-view-size"],
    ),
    "a chain that begins without numbers": (
        traceback(COPY) + LINK + traceback(CONV),
        ["pytorch-conv-channels", "pytorch-copy-sizes"],
    ),
    "a chain without numbers but at its end": (
        traceback(COPY) + LINK + traceback("KeyError: 1") + LINK + traceback(COPY) + LINK + traceback(VIEW),
        ["pytorch-view-size", "pytorch-copy-sizes"],
    ),
    "a message before the first traceback": (
        CONV + "\n" + traceback(LINEAR),
        ["pytorch-mat1-mat2", "pytorch-conv-channels"],
    ),
    "a message before the first traceback, and a chain": (
        VIEW + "\n" + traceback(CONV) + LINK + traceback(LINEAR),
        ["pytorch-conv-channels", "pytorch-mat1-mat2", "pytorch-view-size"],
    ),
    "a chain at the start whose traceback is cut off": (
        CONV + "\n" + LINK + traceback(LINEAR),
        ["pytorch-conv-channels", "pytorch-mat1-mat2"],
    ),
    "the same twice": (traceback(CONV) + traceback(CONV), ["pytorch-conv-channels"]),
    "seven": (
        "\n".join((DOT, KERNEL, BROADCAST, VIEW, BATCHES, CONV, LINEAR)),
        [
            "pytorch-mat1-mat2",
            "pytorch-conv-channels",
            "pytorch-cross-entropy-batch",
            "pytorch-view-size",
            "pytorch-broadcast",
            "pytorch-kernel-too-big",
        ],
    ),
    "another exception's name": (f"MemoryError: {LINEAR}", []),
    "another exception's name, on the line before": (f"MemoryError:\n{LINEAR}", ["pytorch-mat1-mat2"]),
    "another exception's name, twelve tokens before": ("IndexError" + " : " * 11 + VIEW, []),
    "another exception's name, thirteen tokens before": (
        "IndexError" + " : " * 12 + VIEW,
        ["pytorch-view-size"],
    ),
    "another exception's name, after": (f"{VIEW} IndexError", ["pytorch-view-size"]),
    "memory, as PyTorch says it": (f"torch.OutOfMemoryError: {VIEW}", []),
    "memory, as TensorFlow says it": (f"ResourceExhaustedError: {VIEW}", []),
}


# ---- messages cut off at an end ----

DEPTH = (
    "InvalidArgumentError: input depth must be evenly divisible by filter depth: 48 vs 32 [Op:Conv2D] name:"
)
RESHAPE = "Input to reshape is a tensor with 768 values, but the requested shape has 3072 [Op:Reshape]"
# What is left of a message, its page and some of the numbers; None where too little is left.
CUT_OFF = {
    CONV[: CONV.index(", expected")]: None,
    CONV[: CONV.index(", 256]")]: ("pytorch-conv-channels", {"groups": 1, "weight": (64, 32, 3, 3)}),
    CONV[: CONV.index(" 64 channels")]: (
        "pytorch-conv-channels",
        {"weight": (64, 32, 3, 3), "input": (1, 64, 256, 256), "expected": 32},
    ),
    CONV[CONV.index("groups") :]: ("pytorch-conv-channels", {"weight": (64, 32, 3, 3), "got": 64}),
    CONV[CONV.index("[64, 32") :]: (
        "pytorch-conv-channels",
        {"input": (1, 64, 256, 256), "expected": 32, "got": 64},
    ),
    "4, 256] to have 32 channels, but got 64 channels instead": ("pytorch-conv-channels", {"got": 64}),
    "channels, but got 64 channels instead": ("pytorch-conv-channels", {"got": 64}),
    "but got 64 channels instead": None,
    "mat1 and mat2 shapes cannot be multi": None,
    "mat1 and mat2 shapes cannot be multiplied (1": ("pytorch-mat1-mat2", {}),
    "mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x10": (
        "pytorch-mat1-mat2",
        {"mat1": (1792, 28), "mat2": (784, 10)},
    ),
    "t2 shapes cannot be multiplied (1792x28 and 784x10)": ("pytorch-mat1-mat2", {"mat2": (784, 10)}),
    "be multiplied (1792x28 and 784x10)": None,
    DEPTH[: DEPTH.index(" depth: 48")]: ("tensorflow-conv-depth", {}),
    DEPTH[: DEPTH.index("visible")]: None,
    DEPTH[DEPTH.index("must") :]: ("tensorflow-conv-depth", {"got": 48, "expected": 32}),
    DEPTH[DEPTH.index("visible") :]: None,
    RESHAPE[: RESHAPE.index("768")]: ("tensorflow-reshape", {}),
    RESHAPE[: RESHAPE.index(" requested")]: ("tensorflow-reshape", {"size": 768}),
    RESHAPE[RESHAPE.index("768") :]: None,
}

# ---- how a text is read as tokens: the value and the line of each ----

TOKENS = {
    "matl Conv2D_x 64": [("mat1", 0), ("conv2d_x", 0), (64, 0)],
    "7680X12 3x? 2xy 3x": [
        *[(7680, 0), ("x", 0), (12, 0), (3, 0), ("x", 0), ("?", 0)],
        *[(2, 0), ("xy", 0), (3, 0), ("x", 0)],
    ],
    "a\nb\r\nc\rd\u2028e\u2029f": [("a", 0), ("b", 1), ("c", 2), ("d", 3), ("e", 4), ("f", 5)],
    "'a' \"b\" `c` \\d *e": [("a", 0), ("b", 0), ("c", 0), ("d", 0), ("e", 0)],
    "!#$%&()+,-./:;<=>?@[]^{|}~ é": [(mark, 0) for mark in "!#$%&()+,-./:;<=>?@[]^{|}~"],
    "2×3": [(2, 0), ("x", 0), (3, 0)],
    "007 999999999999999 1000000000000000": [(7, 0), (999999999999999, 0), ("#", 0)],
    "\x1b[0;31ma\x1b[0m\x1b[38:5:9mb\x1bc\x1b[K": [("abc", 0)],
    "\x1b]8;;a\x07b\x1b]8;;c\x1b\\d": [("bd", 0)],
    "\x1b]" + "a" * 200 + "\x07b": [("b", 0)],
    "\x1b]" + "1" * 201 + "\x07b": [("]", 0), ("#", 0), ("b", 0)],
    "[0;31ma[0m [38;5;123mb [12345m [123m [1;2;3;4;5mc": [
        *[("a", 0), ("b", 0), ("[", 0), (12345, 0), ("m", 0), ("[", 0), (123, 0), ("m", 0), ("c", 0)],
    ],
    "&lt;&gt;&quot;&#39;&#x27;&amp;lt;a&nbsp;b": [
        *[("<", 0), (">", 0), ("&", 0), ("1t", 0), (";", 0), ("a", 0), ("b", 0)],
    ],
    "E   a\nE  b\nE c\n  E\t\td": [("a", 0), ("b", 1), ("e", 2), ("c", 2), ("d", 3)],
    "> a\n>>b\n| c\n# d\n│ > e\n \t> | f": [("a", 0), ("b", 1), ("c", 2), ("d", 3), ("e", 4), ("f", 5)],
    "[rank0]: a\n[12]:b\n[rank] c": [("a", 0), ("b", 1), ("[", 2), ("rank", 2), ("]", 2), ("c", 2)],
    "a > b": [("a", 0), (">", 0), ("b", 0)],
}

# ---- how templates read a text ----

NOTHING = None  # the template is not found
SHAPE = "the tensor has shape {value:shape} {rest:name} end"
SHAPE_LIST = "shapes of the layers {value:shapes} {rest:name} end"
# How a shape is written, and what SHAPE reads: the shape, and the rest up to `end`.
SHAPES = {
    "[64, 3]": ((64, 3), ""),
    "(64,)": ((64,), ""),
    "()": ((), ""),
    "{64,3}": ((64, 3), ""),
    "[[64, 3]]": ((64, 3), ""),
    "[[[64, 3]]]": ((64, 3), ""),
    "[[[[64, 3]]]]": NOTHING,
    "[64, 3]]] 7": ((64, 3), "7"),
    "[[64, 3] 7": ((64, 3), "7"),
    "[[64, 3], [5]]": ((64, 3), "5"),
    "torch.Size([64, 3])": ((64, 3), ""),
    "torch.Size([])": ((), ""),
    "torch.Size 5": ((5,), ""),
    "torch Size([5])": ((5,), ""),
    "(torch.Size([64, 3]))": ((64, 3), ""),
    "[torch.Size([64, 3])]": ((64, 3), ""),
    "(torch.Size([64, 3]), 5)": ((64, 3), "5"),
    "([Size([2])])": NOTHING,
    "{Size([2])}": ((2,), ""),
    "torch.FloatTensor([2])": NOTHING,
    "torch <unknown>": (None, ""),
    "torch: [2]": ((2,), ""),
    "tensorflow.TensorShape([None, 3])": ((None, 3), ""),
    "tf.TensorShape([None, 3])": ((None, 3), ""),
    "(tf.TensorShape([None, 3]))": ((None, 3), ""),
    "TensorShape([Dimension(None), Dimension(3)])": ((None, 3), ""),
    "(TensorShape([2]))": ((2,), ""),
    "TensorShape(None)": ((None,), ""),
    "Size([2])": ((2,), ""),
    "tf.Size tf.Size": NOTHING,
    "torch.tf.Size([2])": NOTHING,
    "Dimension(3)": ((3,), ""),
    "Dimension 3": NOTHING,
    "Dimension(3] 5": NOTHING,
    "(Dimension(3), Dimension(4)": NOTHING,
    "(Dimension(3, Dimension(4))": NOTHING,
    "(Dimension(Dimension(3)))": ((3,), ""),
    "(Dimension(x))": NOTHING,
    "(Dimension)": NOTHING,
    "(Dimension: 3)": NOTHING,
    "(x(3))": NOTHING,
    "<unknown>": (None, ""),
    "= <unknown>": (None, ""),
    "<unknown": NOTHING,
    "<unknown> 7": (None, "7"),
    "<known>": NOTHING,
    "unknown": ((None,), ""),
    "None": ((None,), ""),
    "None 7": ((None, 7), ""),
    "(?, 3)": ((None, 3), ""),
    "?": ((None,), ""),
    "? 7": ((None, 7), ""),
    "?x3": ((None,), "x3"),
    "[-1, 3]": ((-1, 3), ""),
    "-1": ((-1,), ""),
    "[- 7]": ((-7,), ""),
    "[-, 7]": NOTHING,
    "(-)": NOTHING,
    "-": NOTHING,
    "-x": NOTHING,
    "-7 8": ((-7, 8), ""),
    "7 -8": ((7,), "-8"),
    "(64L, 3L)": ((64, 3), ""),
    "[64L]": ((64,), ""),
    "64L": ((64,), ""),
    "64l 3l": ((64, 3), ""),
    "[64 3 5]": ((64, 3, 5), ""),
    "64 3 5": ((64, 3, 5), ""),
    "64 3, 5": ((64, 3), "5"),
    "64": ((64,), ""),
    "64x": ((64,), "x"),
    "64 x": ((64,), "x"),
    "64 X 3": ((64, 3), ""),
    "7680x12": ((7680, 12), ""),
    "7680 x 12": ((7680, 12), ""),
    "2x3x4": ((2, 3, 4), ""),
    "2x3 4": ((2, 3), "4"),
    "2 3x4": ((2, 3), "x4"),
    "2xy": ((2,), "xy"),
    "2x?": ((2, None), ""),
    "2x?x3": ((2, None), "x3"),
    "2x-1": ((2, -1), ""),
    "(7680x12)": ((7680, 12), ""),
    "(7680x12 and 9216x128)": ((7680, 12), "and9216x128"),
    "(7680 and 9216)": NOTHING,
    "(7680, 12, more)": NOTHING,
    "(x3)": NOTHING,
    "(1x x2)": ((1,), "x2"),
    ": [64, 3]": ((64, 3), ""),
    '"[64, 3]"': ((64, 3), ""),
    "=: 64 3": ((64, 3), ""),
    "- 64": ((-64,), ""),
    "]": NOTHING,
    ") 5": ((5,), ""),
    "words": NOTHING,
    "5 words": ((5,), "words"),
    "[1,2,3,4,5,6,7,8,9,10,11,12]": ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), ""),
    "[1,2,3,4,5,6,7,8,9,10,11,12,13]": NOTHING,
    "1 2 3 4 5 6 7 8 9 10 11 12": ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), ""),
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14": ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), "1314"),
    "1x2x3x4x5x6x7x8x9x10x11x12x13": ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), "x13"),
    "[999999999999999]": ((999999999999999,), ""),
    "[1000000000000000]": NOTHING,
    "[007, 0]": ((7, 0), ""),
    "[64,, 3]": ((64, 3), ""),
    "[1 200]": ((1, 200), ""),
}
# The same of SHAPE_LIST.
SHAPE_LISTS = {
    "[(1, 2), (3,)]": (((1, 2), (3,)), ""),
    "(1, 2), (3,)": (((1, 2), (3,)), ""),
    "[[1, 2], [3]]": (((1, 2), (3,)), ""),
    "(1, 2)": (((1, 2),), ""),
    "[(1, 2)]": (((1, 2),), ""),
    "[(1, 2), (3,)] and 5": (((1, 2), (3,)), "and5"),
    "(1, 2) and (3,)": (((1, 2), (3,)), ""),
    "(1, 2) vs. (3,)": (((1, 2), (3,)), ""),
    "(1, 2); (3,)": (((1, 2), (3,)), ""),
    "(1, 2) or (3,)": (((1, 2),), "or(3"),
    "(1, 2), 3": (((1, 2),), "3"),
    "[1, 2]": (((1, 2),), ""),
    "[[1, 2]] ] 5": (((1, 2),), "5"),
    "[[1, 2], [3]]) (5)": (((1, 2), (3,)), "5"),
    "1x2 and 3x4": (((1, 2),), "3x4"),
    "(1x2 and 3x4)": (((1, 2),), "3x4"),
    "[torch.Size([1]), torch.Size([2])]": (((1,), (2,)), ""),
    "torch.Size([1]), torch.Size([2])": (((1,), (2,)), ""),
    "[TensorShape([1]), TensorShape([2])]": (((1,), (2,)), ""),
    "TensorShape([1]), TensorShape([2])": (((1,), (2,)), ""),
    "{TensorShape([1]), TensorShape([2])}": (((1,), (2,)), ""),
    "[tf.TensorShape([1]), tf.TensorShape([2])]": (((1,), (2,)), ""),
    "[<unknown>, (2,)]": NOTHING,
    "<unknown>, <unknown>": ((None, None), ""),
    "[(1, 2), (x)]": (((1, 2),), "x"),
    "[(1, 2), , (3,)]": (((1, 2), (3,)), ""),
    '[(1, 2), "(3,)"]': (((1, 2), (3,)), ""),
    "none of them": (((None,),), "ofthem"),
    "= [(1, 2)]": (((1, 2),), ""),
    "[(), ()]": (((), ()), ""),
    "(1, 2), and (3,)": (((1, 2),), "and(3"),
    "5, (3,)": (((5,), (3,)), ""),
    "5 and 6": (((5,),), "6"),
    ", ".join(f"({size},)" for size in range(42)): (tuple((size,) for size in range(40)), "40,),(41"),
}

# Templates, texts, and the matches found: (template, start, end, words, said, whole) of each.
MATCHES = {
    ("got {n:int} channels",): {
        "got 64 channels": [(0, 0, 3, 2, {"n": 64}, True)],
        "got -64 channels": [(0, 0, 4, 2, {"n": -64}, True)],
        "got (64) channels": [(0, 0, 5, 2, {"n": 64}, True)],
        "got 64.5 channels": [],
        "got x channels": [],
        "got 64": [],
        "got 64 chan": [],
        "Got\n64: CHANNELS!": [(0, 0, 4, 2, {"n": 64}, True)],
    },
    ("got 2 of {n:int} channels",): {
        "got 2 of 3 channels, got 4 of 3 channels": [(0, 0, 5, 3, {"n": 3}, True)],
    },
    ("got as many as {n:int} channels",): {
        "got as many as 6": [],
        "got as many as 6 ch": [(0, 0, 6, 4, {"n": 6}, False)],
        "got as many as 6 chin": [],
    },
    ("got as many as these channels {n:int}",): {
        "many as these channels 6": [(0, 0, 5, 4, {"n": 6}, False)],
        "as these channels 6": [],
        "ny as these channels 6": [],
        "s many as these channels 6": [],
        "as many as these channels 6": [(0, 0, 6, 5, {"n": 6}, False)],
        "got as many as": [],
        "got as many as these": [],
        "got as many as these channels": [],
    },
    ("got as many as these channels",): {
        "got as many as": [(0, 0, 4, 4, {}, False)],
        "got as many": [],
        "got as many as the": [(0, 0, 5, 4, {}, False)],
        "got as many a": [],
        "got as many as thy": [],
    },
    ("we got as many as all these channels {n:int}",): {
        "we got as many as all": [],
        "we got as many as all these": [(0, 0, 7, 7, {}, False)],
        "we got as many as all these channels :": [(0, 0, 9, 8, {}, False)],
        "we got as many as all these channels 6": [(0, 0, 9, 8, {"n": 6}, True)],
        "we got as many as all these channels x": [],
    },
    ("we got {n:int} as many as all these channels in here",): {
        "we got 5 as many": [],
        "we got 5 as many as": [(0, 0, 6, 5, {"n": 5}, False)],
        "we got 5 as many as all": [(0, 0, 7, 6, {"n": 5}, False)],
    },
    ("a layer of 2 kinds {n:int}",): {
        "a layer of 2 kinds 6": [(0, 0, 6, 4, {"n": 6}, True)],
        "a layer of 3 kinds 6": [],
        "layer of 2 kinds 6": [],
        "a layer of": [],
    },
    ("layer ... full",): {
        "layer " + "a " * 160 + "full": [(0, 0, 162, 2, {}, True)],
        "layer " + "a " * 161 + "full": [],
    },
    ("layer {name:name} is full",): {
        "layer conv2d_1 is full": [(0, 0, 4, 3, {"name": "conv2d_1"}, True)],
        "layer 'a.b[0]' is full": [(0, 0, 9, 3, {"name": "a.b[0"}, True)],
        "layer is full": [(0, 0, 3, 3, {"name": ""}, True)],
        "layer a.007: is full": [(0, 0, 7, 3, {"name": "a.007"}, True)],
        "layer a.a.a.a.a.a.a.a.a.a.a.a. is full": [(0, 0, 27, 3, {"name": "a.a.a.a.a.a.a.a.a.a.a.a"}, True)],
        "layer a.a.a.a.a.a.a.a.a.a.a.a.a is full": [],
    },
    ("of all the many layers {name:name} is full",): {
        "of all the many layers a_1": [],
        "of all the many layers a_1 is": [(0, 0, 7, 6, {"name": "a_1"}, False)],
    },
    ("layer {name:name} {s:shape} is full",): {
        "layer a.1 [2, 3] is full": [(0, 0, 11, 3, {"name": "a.1", "s": (2, 3)}, True)],
        "layer a.1 (2, 3) is full": [(0, 0, 11, 3, {"name": "a.1", "s": (2, 3)}, True)],
        "layer a.1 {2, 3} is full": [],
    },
    ("a gap ... {s:shapes} full",): {
        "a gap of any kind [(2,)] full": [(0, 0, 12, 3, {"s": ((2,),)}, True)],
        "a gap full": [],
    },
    ("as we said the size of it {s:shape}",): {
        "as we said the size of it [2, 3": [(0, 0, 11, 7, {}, False)],
        "as we said the size of it [2, 3]": [(0, 0, 12, 7, {"s": (2, 3)}, True)],
        "as we said the size of it [2,": [(0, 0, 10, 7, {}, False)],
        "as we said the size of it [": [(0, 0, 8, 7, {}, False)],
        "as we said the size of it 2x": [(0, 0, 9, 7, {}, False)],
        "as we said the size of it 2x3": [(0, 0, 10, 7, {"s": (2, 3)}, True)],
        "as we said the size of it 2": [(0, 0, 8, 7, {"s": (2,)}, True)],
        "as we said the size of it 2 3": [(0, 0, 9, 7, {"s": (2, 3)}, True)],
        "as we said the size of it 2L": [(0, 0, 9, 7, {"s": (2,)}, True)],
        "as we said the size of it torch.Size": [(0, 0, 10, 7, {}, False)],
        "as we said the size of it torch": [(0, 0, 8, 7, {}, False)],
        "as we said the size of it torch.": [(0, 0, 9, 7, {}, False)],
        "as we said the size of it Dimension(2": [],
        "as we said the size of it (Dimension(2": [],
        "as we said the size of it <unknown": [(0, 0, 9, 7, {"s": None}, True)],
        "as we said the size of it <": [],
        "as we said the size of it (-": [],
        "as we said the size of it -": [],
        "as we said the size of it ": [(0, 0, 7, 7, {}, False)],
        "as we said the size of it [2": [(0, 0, 9, 7, {}, False)],
        "as we said the size of it (2x": [(0, 0, 10, 7, {}, False)],
    },
    ("as we said the size of it {s:shape} here",): {
        "as we said the size of it [2, 3]": [(0, 0, 12, 7, {"s": (2, 3)}, False)],
        "as we said the size of it 2": [(0, 0, 8, 7, {"s": (2,)}, False)],
        "as we said the size of it 2 3": [(0, 0, 9, 7, {"s": (2, 3)}, False)],
        "as we said the size of it 2x3": [(0, 0, 10, 7, {"s": (2, 3)}, False)],
        "as we said the size of it None": [(0, 0, 8, 7, {"s": (None,)}, False)],
        "as we said the size of it <unknown": [(0, 0, 9, 7, {"s": None}, False)],
        "as we said the size of it <unknown>": [(0, 0, 10, 7, {"s": None}, False)],
    },
    ("as we said the size of it {s:shapes}",): {
        "as we said the size of it [(3,), (4": [(0, 0, 15, 7, {"s": ((3,),)}, True)],
        "as we said the size of it [(3,), (4,)": [(0, 0, 17, 7, {"s": ((3,), (4,))}, True)],
        "as we said the size of it [(3": [(0, 0, 10, 7, {}, False)],
        "as we said the size of it (3,),": [(0, 0, 12, 7, {"s": ((3,),)}, True)],
        "as we said the size of it (3,), \"'.": [(0, 0, 12, 7, {"s": ((3,),)}, True)],
        "as we said the size of it [(3,)]": [(0, 0, 13, 7, {"s": ((3,),)}, True)],
        "as we said the size of it [": [(0, 0, 8, 7, {}, False)],
        "as we said the size of it ": [(0, 0, 7, 7, {}, False)],
    },
    ("as we said the size of it {s:int}",): {
        "as we said the size of it 3": [(0, 0, 8, 7, {"s": 3}, True)],
        "as we said the size of it -3": [(0, 0, 9, 7, {"s": -3}, True)],
        "as we said the size of it -": [(0, 0, 8, 7, {}, False)],
        "as we said the size of it x": [],
    },
    ("one two", "one two three", "two three"): {
        "one two three. One\ntwo": [
            (0, 0, 2, 2, {}, True),
            (1, 0, 3, 3, {}, True),
            (2, 1, 3, 2, {}, True),
            (0, 4, 6, 2, {}, True),
        ],
    },
    ("a self two three four five",): {
        "self two three four five": [(0, 0, 5, 5, {}, False)],
        "elf two three four five": [(0, 0, 5, 4, {}, False)],
        "lf two three four five": [],
        "x self two three four five": [],
        "a self two three four five": [(0, 0, 6, 6, {}, True)],
        "7 self two three four five": [(0, 1, 6, 5, {}, False)],
    },
    ("to self two three four five", "so myself two three four five six"): {
        "self two three four five": [(0, 0, 5, 5, {}, False), (1, 0, 5, 4, {}, False)],
    },
    ("to two three four five six", "so two three four five six"): {
        "two three four five six": [(0, 0, 5, 5, {}, False), (1, 0, 5, 5, {}, False)],
    },
}

# Templates, texts in which they overlap, and the (template, start) of those that are kept.
OVERLAPPING = {
    ("one two three", "two three four five"): {"one two three four five": [(1, 1)]},
    ("one two three", "three four five"): {"one two three four five": [(0, 0)]},
    ("three four five", "one two three"): {"one two three four five": [(1, 0)]},
    ("one two", "three four five"): {"one two three four five": [(0, 0), (1, 2)]},
    ("one two", "three four"): {"one two three four": [(0, 0), (1, 2)]},
    ("three four", "one two"): {"one two three four": [(1, 0), (0, 2)]},
    ("one two three", "one two three"): {"one two three": [(0, 0)]},
    ("one two three", "one {n:int} two"): {"one 1 two": [(1, 0)], "one two three": [(0, 0)]},
    ("to two three four {n:int} five", "two three four {n:int} five"): {"two three four 1 five": [(1, 0)]},
    ("we see {s:shape} there", "see {s:shape} there now"): {"we see ? there now": [(0, 0)]},
    ("see {s:shape} there", "see {s:shapes} there"): {"see <unknown> there": [(1, 0)]},
    ("see {s:shape} there", "see {n:int} there"): {"see -1 there": [(0, 0)]},
    ("see {s:shape} there", "see ? {t:shape} there"): {"see <unknown> there": [(0, 0)]},
    ("one two one",): {"one two one two one": [(0, 0)]},
    ("one two",): {"one two " * 501: [(0, start) for start in range(0, 1000, 2)]},
}

# Expressions over NUMBERS, and their values.
NUMBERS = {
    "a": 6,
    "b": 2,
    "zero": 0,
    "minus": -3,
    "big": 9007199254740991,
    "s": (2, 3, 4),
    "t": (4, 2, 3),
    "u": (2, None, 4),
    "one": (1,),
    "empty": (),
    "many": (1, 2, 1, 3),
    "name": "Conv2d.weight",
    "none": None,
}
EXPRESSIONS = {
    "7": 7,
    "a": 6,
    "absent": None,
    "none": None,
    "'a text'": "a text",
    "-a": -6,
    "--b": 2,
    "(a, none, 'x')": (6, None, "x"),
    "[a, b]": (6, 2),
    "()": (),
    "not a == 6": False,
    "not a == 5": True,
    "not absent": True,
    "a == 6 and b == 2": True,
    "a == 6 and b == 3": False,
    "a == 5 and b == 2": False,
    "a == 6 and absent": False,
    "a and b": False,
    "a == 5 or b == 2": True,
    "a == 6 or b == 3": True,
    "a == 5 or b == 3": False,
    "absent or a == 6": True,
    "b if a == 6 else 9": 2,
    "b if a == 5 else 9": 9,
    "b if absent else 9": 9,
    "a == 6 == 3 * b": True,
    "a == 6 == b": False,
    "1 < b < 3": True,
    "1 < b < 2": False,
    "b < 3 < 2": False,
    "a + b": 8,
    "a - b": 4,
    "b - a": -4,
    "a * b": 12,
    "a // b": 3,
    "a % 4": 2,
    "7 // b": 3,
    "7 % b": 1,
    "minus // b": None,
    "minus % b": None,
    "a // zero": None,
    "a % zero": None,
    "zero // a": 0,
    "zero % a": 0,
    "a // minus": None,
    "a % minus": None,
    "big + 0": 9007199254740991,
    "big + 1": None,
    "big * 2": None,
    "0 - big": -9007199254740991,
    "minus - big": None,
    "0 * minus": 0,
    "a + none": None,
    "absent + a": None,
    "a + name": None,
    "name + a": None,
    "a + s": None,
    "s * b": None,
    "name == 'Conv2d.weight'": True,
    "name != 'Conv2d.weight'": False,
    "name != 'other'": True,
    "a == absent": None,
    "a != absent": None,
    "absent == absent": None,
    "a == 6": True,
    "a == 7": False,
    "a != 6": False,
    "a != 7": True,
    "s == (2, 3, 4)": True,
    "s == (2, 3)": False,
    "s != t": True,
    "s == s": True,
    "u == (2, none, 4)": True,
    "s == a": False,
    "a < 7": True,
    "a < 6": False,
    "a <= 6": True,
    "a <= 5": False,
    "a > 5": True,
    "a > 6": False,
    "a >= 6": True,
    "a >= 7": False,
    "s < t": None,
    "name < name": None,
    "a < name": None,
    "s[0]": 2,
    "s[2]": 4,
    "s[3]": None,
    "s[-1]": 4,
    "s[-3]": 2,
    "s[-4]": None,
    "s[absent]": None,
    "absent[0]": None,
    "a[0]": None,
    "name[0]": None,
    "s[name]": None,
    "u[1]": None,
    "s[b]": 4,
    "s[1:]": (3, 4),
    "s[:2]": (2, 3),
    "s[1:2]": (3,),
    "s[:-1]": (2, 3),
    "s[-2:]": (3, 4),
    "s[:]": (2, 3, 4),
    "s[b:]": (4,),
    "s[absent:]": (2, 3, 4),
    "absent[1:]": None,
    "a[:1]": None,
    "name[:1]": None,
    "s[5:]": (),
    "2 in s": True,
    "5 in s": False,
    "none in u": None,
    "'weight' in name": True,
    "'bias' in name": False,
    "a in name": False,
    "2 in a": False,
    "2 in absent": None,
    "s in (s, t)": True,
    "s in (t, one)": False,
    "(2, none, 4) in (u, one)": True,
    "prod(s)": 24,
    "prod(one)": 1,
    "prod(empty)": 1,
    "prod(u)": None,
    "prod(a)": None,
    "prod((a, minus))": None,
    "prod((zero, a))": 0,
    "prod((big, 1))": 9007199254740991,
    "prod((big, 2))": None,
    "prod((big, 2, 0))": None,
    "prod(('x', 2))": None,
    "rank(s)": 3,
    "rank(empty)": 0,
    "rank(a)": None,
    "rank(absent)": None,
    "root(9)": 3,
    "root(1)": 1,
    "root(zero)": 0,
    "root(8)": None,
    "root(10)": None,
    "root(minus)": None,
    "root(s)": None,
    "root(absent)": None,
    "root(big)": None,
    "known(a)": True,
    "known(none)": False,
    "known(absent)": False,
    "known(zero)": True,
    "permuted(s, t)": True,
    "permuted(s, s)": False,
    "permuted(s, (2, 3, 5))": False,
    "permuted(s, (2, 3))": False,
    "permuted(u, (4, none, 2))": None,
    "permuted(s, u)": None,
    "permuted(u, s)": None,
    "permuted(s, a)": None,
    "permuted(a, s)": None,
    "permuted((2, 10), (10, 2))": True,
    "differing(s, t)": (0, 1, 2),
    "differing(s, s)": (),
    "differing(s, (2, 3, 5))": (2,),
    "differing(s, u)": (),
    "differing(u, (1, 9, 4))": (0,),
    "differing(s, one)": None,
    "differing(a, s)": None,
    "differing(s, a)": None,
    "differing(absent, absent)": None,
    "without_ones(many)": (2, 3),
    "without_ones(one)": (),
    "without_ones(u)": (2, None, 4),
    "without_ones(s)": (2, 3, 4),
    "without_ones(a)": None,
    "contains(name, 'conv')": True,
    "contains(name, 'bias', 'WEIGHT')": False,
    "contains(name, 'bias', 'weight')": True,
    "contains(name, 'bias')": False,
    "contains(name)": False,
    "contains(a, 'conv')": None,
    "contains(absent, 'conv')": None,
    "starts(name, 'conv')": True,
    "starts(name, 'weight')": False,
    "starts(name, 'weight', 'conv2')": True,
    "starts(a, 'conv')": None,
    "starts(s, 'conv')": None,
    "maps(400)": (16, 5, 5),
    "maps(9216)": (256, 6, 6),
    "maps(131072)": (2048, 8, 8),
    "maps(268203)": (3, 299, 299),
    "maps(12)": None,
    "maps(15)": None,
    "maps(16)": None,
    "maps(32)": None,
    "maps(64)": (16, 2, 2),
    "maps(72)": None,
    "maps(128)": (32, 2, 2),
    "maps(144)": (16, 3, 3),
    "maps(288)": (32, 3, 3),
    "maps(2 * 9 * 16)": (32, 3, 3),
    "maps(200)": None,
    "maps(512)": (32, 4, 4),
    "maps(2304)": (16, 12, 12),
    "maps(4608)": (32, 12, 12),
    "maps(8 * 9 * 9)": (72, 3, 3),
    "maps(16 * 1024 * 1024)": (16, 1024, 1024),
    "maps(16 * 1025 * 1025)": (400, 205, 205),
    "maps(16 * 2048 * 2048)": (64, 1024, 1024),
    "maps(7919)": None,
    "maps(minus)": None,
    "maps(s)": None,
    "maps(absent)": None,
    "same_maps(400, 256)": ((16, 5, 5), (16, 4, 4)),
    "same_maps(44944, 400)": ((16, 53, 53), (16, 5, 5)),
    "same_maps(3136, 1024)": ((64, 7, 7), (64, 4, 4)),
    "same_maps(784, 1024)": ((1, 28, 28), (1, 32, 32)),
    "same_maps(32768, 2048)": ((512, 8, 8), (512, 2, 2)),
    "same_maps(2048, 100352)": ((2048, 1, 1), (2048, 7, 7)),
    "same_maps(512, 25088)": ((512, 1, 1), (512, 7, 7)),
    "same_maps(11 * 32, 99 * 32)": None,
    "same_maps(7 * 512, 7 * 128)": None,
    "same_maps(1875, 27)": ((3, 25, 25), (3, 3, 3)),
    "same_maps(49, 25)": ((1, 7, 7), (1, 5, 5)),
    "same_maps(2048, 1024)": None,
    "same_maps(400, 400)": None,
    "same_maps(zero, 400)": None,
    "same_maps(minus, 400)": None,
    "same_maps(s, 400)": None,
    "same_maps(absent, 400)": None,
    "gcd(356352, 344064)": 12288,
    "gcd(a, 1)": 1,
    "gcd(zero, a)": None,
    "gcd(minus, a)": None,
    "gcd(s, a)": None,
    "gcd(a, absent)": None,
    "largest(a, b)": 6,
    "largest(b, a)": 6,
    "largest(b, absent, minus)": 2,
    "largest(absent, name)": None,
    "largest(minus, -4)": -3,
    "largest()": None,
    "magnitude(minus)": 3,
    "magnitude(a)": 6,
    "magnitude(zero)": 0,
    "magnitude(s)": None,
    "magnitude(absent)": None,
    "maps(784)": (1, 28, 28),
    "maps(1024)": (1, 32, 32),
    "maps(1568)": (32, 7, 7),
    "maps(3072)": (3, 32, 32),
    "maps(3136)": (64, 7, 7),
    "maps(12288)": (3, 64, 64),
    "maps(25088)": (512, 7, 7),
    "maps(50176)": (1024, 7, 7),
    "maps(62720)": (1280, 7, 7),
    "maps(100352)": (2048, 7, 7),
    "maps(150528)": (3, 224, 224),
}
