"""What shapes reads from texts, what it says of lines that it does not understand, and the command."""

from __future__ import annotations

import ast
import json
import random
import string
import subprocess
import sys
from pathlib import Path

import pytest
from shapes_random import KERAS, TORCH
from shapes_texts import ENDLESS

from shapes import read, trace
from shapes.__main__ import main

BOOK = Path(__file__).resolve().parents[1] / "book"
NET = '''
class Net(nn.Module):
    """A comment (with brackets."""

    def __init__(self, num_classes: int = 10, width=6):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 5)  # the first
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(width, 16,
                               kernel_size=5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, num_classes)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = x.view(x.size(0), -1)
        x = F.relu(self.fc1(x))
        return self.fc2(x)
'''
RESIDUAL = """
class Block(nn.Module):
    def __init__(self, ins, outs, stride=1):
        super(Block, self).__init__()
        self.one = nn.Conv2d(ins, outs, 3, stride=stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outs)
        self.shortcut = nn.Sequential()
        self.way = nn.Conv2d(ins, outs, 1, stride=stride)

    def forward(self, x):
        out = F.relu(self.norm(self.one(x)))
        out += self.way(x)
        return out


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Block(3, 8)
        self.rest = nn.Sequential(Block(8, 16, 2), Block(16, 16))
        self.out = nn.Linear(16, 5)

    def forward(self, x):
        x = self.rest(self.first(x))
        x = F.adaptive_avg_pool2d(x, 1)
        x = torch.flatten(x, 1)
        return self.out(x)
"""


def rows(text, *shapes, framework=None):
    """Return (kind, output, status) of each row."""
    traced = trace(read(text, framework), list(shapes))
    return [(row["kind"], row["output"] and tuple(row["output"]), row["status"]) for row in traced["rows"]]


def kinds(text, *shapes):
    """Return the rows' outputs by kind, of rows that are all right."""
    made = rows(text, *shapes)
    assert all(status == "ok" for _, _, status in made), made
    return [(kind, output) for kind, output, _ in made]


def test_a_module_with_its_forward():
    made = kinds(NET, (4, 3, 32, 32))
    assert made[0] == ("Conv2d", (4, 6, 28, 28))
    assert [kind for kind, _ in made] == [
        "Conv2d", "ReLU", "MaxPool2d", "Conv2d", "ReLU", "MaxPool2d", "view", "Linear", "ReLU", "Linear",
    ]  # fmt: skip
    assert made[-1] == ("Linear", (4, 10))
    assert read(NET).problems == []


def test_lines_of_each_row():
    lines = [row["line"] for row in trace(read(NET), [(1, 3, 32, 32)])["rows"]]
    assert lines[:3] == [7, 15, 8] and lines[3] == 9


def test_weights_of_a_layer_that_is_called_twice_count_once():
    text = "x = torch.zeros(1)\ndef forward(x):\n    x = conv(x)\n    return conv(x)\n"
    text = "self.conv = nn.Conv2d(4, 4, 3)\n" + text.replace("conv(x)", "self.conv(x)")
    traced = trace(read(text), [(1, 4, 9, 9)])
    assert traced["totals"]["parameters"] == 148
    assert [row["shared"] for row in traced["rows"]] == [False, True]


def test_classes_of_the_text_are_followed():
    made = kinds(RESIDUAL, (2, 3, 16, 24))
    assert [output for kind, output in made if kind == "add"] == [
        (2, 8, 16, 24),
        (2, 16, 8, 12),
        (2, 16, 8, 12),
    ]
    assert made[-1] == ("Linear", (2, 5))
    names = [row["name"] for row in trace(read(RESIDUAL), [(2, 3, 16, 24)])["rows"]]
    assert names[0] == "first.one"


def test_lines_of_init_alone_are_taken_in_order_and_said_so():
    text = "self.conv = nn.Conv2d(1, 8, 3)\nself.flat = nn.Flatten()\nself.fc = nn.Linear(288, 4)\n"
    traced = trace(read(text), [(1, 1, 8, 8)])
    assert [tuple(row["output"]) for row in traced["rows"]] == [(1, 8, 6, 6), (1, 288), (1, 4)]
    assert "order of their lines" in traced["notes"][0]


CONVS = "self.one = nn.Conv2d(1, 8, 3)\nself.two = nn.Conv2d(8, 16, 3)\n"  # 28 x 28 -> 24 x 24
LINES = (
    # what a function in forward may do before the last layer: not known
    (CONVS + "self.fc = nn.Linear(16 * 12 * 12, 4)", "unknown"),  # F.max_pool2d and torch.flatten
    (CONVS + "self.fc = nn.Linear(16, 4)", "unknown"),  # a mean of the places
    (CONVS + "self.flat = nn.Flatten()\nself.fc = nn.Linear(16 * 25, 4)", "unknown"),
    (CONVS + "self.head = nn.Sequential(nn.Dropout(), nn.Linear(16 * 9, 4))", "unknown"),
    (CONVS + "self.rnn = nn.LSTM(16 * 24, 4)", "unknown"),  # a permute and a view
    (CONVS + "self.last = nn.Conv2d(24, 4, 1)", "unknown"),  # torch.cat with the first one's output
    ("self.fc = nn.Linear(784, 8 * 49)\nself.up = nn.ConvTranspose2d(8, 4, 2)", "unknown"),  # a view
    # what none of these explains
    (CONVS + "self.fc = nn.Linear(16 * 12 * 12 + 1, 4)", "refused"),
    (CONVS + "self.fc = nn.Linear(16 * 25 * 25, 4)", "refused"),
    (CONVS + "self.last = nn.Conv2d(8, 4, 1)", "refused"),
    (CONVS + "self.last = nn.Conv2d(17, 4, 1)", "refused"),
    (CONVS + "self.pool = nn.MaxPool2d(25)", "refused"),
    # a flatten alone makes it fit
    (CONVS + "self.fc = nn.Linear(16 * 24 * 24, 4)", "ok"),
)


@pytest.mark.parametrize(("text", "status"), LINES)
def test_a_refusal_in_a_guessed_order_is_told_as_one(text, status):
    shape = (2, 784) if text.startswith("self.fc") else (2, 1, 28, 28)
    traced = trace(read(text), [shape])
    rows = [each for each in traced["rows"] if each["status"] == status]
    row = rows[-1 if status == "ok" else 0]
    assert traced["failed"] == (status == "refused")
    assert ("paste forward too" in row["note"]) == (status != "ok")
    assert not row["sure"] or status == "unknown"
    if status == "ok":
        assert "Before fc a flatten is assumed" in traced["notes"][1] and row["output"] == [2, 4]


def test_the_order_of_a_sequential_is_no_guess():
    layers = "nn.Sequential(nn.Conv2d(1, 8, 3), nn.Conv2d(8, 16, 3), nn.Linear(16 * 12 * 12, 4))"
    printed = (
        "  (0): Conv2d(1, 8, kernel_size=(3, 3), stride=(1, 1))\n"
        "  (1): Linear(in_features=1152, out_features=4, bias=True)\n"
    )
    for text in (f"model = {layers}", printed, f"self.a = nn.Linear(28, 28)\nself.b = {layers}"):
        row = trace(read(text), [(2, 1, 28, 28)])["rows"][-1]
        assert row["status"] == "refused" and row["sure"] and row["note"] == ""


def test_a_sequential_in_every_spelling():
    for text in (
        "nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten())",
        "model = torch.nn.Sequential(\n  torch.nn.Conv2d(3, 8, kernel_size=(3, 3)),\n"
        "  torch.nn.ReLU(True),\n torch.nn.Flatten())",
        'nn.Sequential(OrderedDict([("a", nn.Conv2d(3, 8, 3)), ("b", nn.ReLU()), ("c", nn.Flatten())]))',
        "layers = [nn.Conv2d(3, 8, 3), nn.ReLU()]\nlayers.append(nn.Flatten())\n"
        "model = nn.Sequential(*layers)",
        "nn.Conv2d(3, 8, 3),\nnn.ReLU(),\nnn.Flatten(),",
        "size = 1 + 2\nmodel = nn.Sequential(nn.Conv2d(3, 2 ** size, size), nn.ReLU(), nn.Flatten())",
    ):
        assert kinds(text, (1, 3, 5, 6)) == [
            ("Conv2d", (1, 8, 3, 4)),
            ("ReLU", (1, 8, 3, 4)),
            ("Flatten", (1, 96)),
        ], text


def test_keras_in_every_spelling():
    expected = [("Conv2D", (None, 3, 4, 8)), ("MaxPooling2D", (None, 1, 2, 8)), ("Dense", (None, 1, 2, 5))]
    for text in (
        "keras.Sequential([keras.Input((5, 6, 3)), layers.Conv2D(8, 3), layers.MaxPooling2D(),\n"
        "                  layers.Dense(5)])",
        "model = Sequential()\nmodel.add(Conv2D(8, (3, 3), input_shape=(5, 6, 3), activation='relu'))\n"
        "model.add(MaxPool2D((2, 2)))\nmodel.add(Dense(5))\nmodel.compile(optimizer='adam')",
        "x = inputs = tf.keras.Input(shape=(5, 6, 3))\nx = tf.keras.layers.Conv2D(8, 3)(x)\n"
        "x = tf.keras.layers.MaxPooling2D()(x)\nmodel = tf.keras.Model(inputs, tf.keras.layers.Dense(5)(x))",
    ):
        assert kinds(text, (None, 5, 6, 3)) == expected, text


def test_keras_merges_and_its_names():
    text = (
        "a = keras.Input((8, 8, 4))\nb = layers.Conv2D(4, 3, padding='same')(a)\n"
        "c = layers.Concatenate()([a, b])\n"
        "d = layers.add([b, b])\ne = layers.Conv2D(4, 9)(c)\n"
    )
    made = trace(read(text), [(None, 8, 8, 4)])["rows"]
    assert [tuple(row["output"] or ()) for row in made][:3] == [
        (None, 8, 8, 4),
        (None, 8, 8, 8),
        (None, 8, 8, 4),
    ]
    assert made[3]["refusal"]["page"] == "keras-output-size-negative"
    assert made[3]["refusal"]["code"] == "layers.Conv2D(4, 9, padding='same')"
    small = "layers.Conv2D(4, 3)\nlayers.Conv2D(4, 3)"
    made = trace(read(small), [(None, 9)])["rows"]
    assert "'conv2d' is incompatible" in made[0]["refusal"]["message"]


def test_outputs_of_recurrent_layers():
    text = (
        "self.lstm = nn.LSTM(10, 7, batch_first=True)\nself.fc = nn.Linear(7, 2)\n"
        "def forward(self, x):\n    out, (h, c) = self.lstm(x)\n    a = self.fc(out[:, -1, :])\n"
        "    return self.fc(h[-1])\n"
    )
    assert kinds(text, (3, 5, 10)) == [
        ("LSTM", (3, 5, 7)), ("index", (3, 7)), ("Linear", (3, 2)), ("index", (3, 7)), ("Linear", (3, 2)),
    ]  # fmt: skip


def test_loops_over_known_values_are_followed():
    text = (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.blocks = nn.ModuleList()\n        size = 3\n"
        "        for width in [4, 5]:\n            self.blocks.append(nn.Conv2d(size, width, 3))\n"
        "            size = width\n        self.more = nn.ModuleList([nn.ReLU() for _ in range(2)])\n"
        "    def forward(self, x):\n        for block in self.blocks:\n            x = F.relu(block(x))\n"
        "        return x\n"
    )
    assert kinds(text, (1, 3, 9, 9)) == [
        ("Conv2d", (1, 4, 7, 7)), ("ReLU", (1, 4, 7, 7)), ("Conv2d", (1, 5, 5, 5)), ("ReLU", (1, 5, 5, 5)),
    ]  # fmt: skip
    assert read(text).problems == []


def test_nothing_behind_an_unknown_function_is_dropped():
    """What comes behind something that is not followed has its rows, and the line is named."""
    for call in (
        "mystery(x)",
        "x.mystery(3)",
        "x * self.scale",
        "self.block(x)",
        "F.mystery(x, 2)",
        "x @ self.w",
    ):
        text = f"self.a = nn.Linear(3, 4)\ndef forward(self, x):\n    x = {call}\n    return self.a(x)\n"
        reading = read(text)
        assert [line for line, _ in reading.problems] == [3], call
        assert rows(text, (2, 3)) == [("Linear", None, "unknown")], call


def test_sizes_of_the_text_are_computed_with():
    text = (
        "def forward(self, x):\n    n, c = x.size(0), x.shape[1] // 2\n"
        "    x = F.pad(x, [x.size(2) - 3, 1, 2, 0])\n    x = x.view(n, c * 2, -1)\n    return x.mean(-1)\n"
    )
    assert kinds(text, (3, 4, 5, 6)) == [("pad", (3, 4, 7, 9)), ("view", (3, 4, 63)), ("mean", (3, 4))]


def test_an_embedding_of_unknown_length_has_a_shape():
    made = trace(read("keras.Sequential([layers.Embedding(words, 8), layers.GRU(3)])"), [(None, 20)])
    assert [row["output"] for row in made["rows"]] == [[None, 20, 8], [None, 3]]
    assert made["rows"][0]["parameters"] == 0 and made["rows"][0]["note"]


def test_unknown_lines_are_said_with_their_number():
    text = (
        "self.conv = nn.Conv2d(3, 8, 3)\n"
        "self.what = make_something(3)\n"
        "for i in things:\n    self.add(nn.ReLU())\n"
        "self.bad = nn.Linear(8,, 2)\n"
        "self.open = nn.Conv2d(3, n_filters, 3)\n"
        "x = [y for y in z]\n"
    )
    reading = read(text)
    lines = [line for line, _ in reading.problems]
    assert 3 in lines and 5 in lines
    traced = trace(reading, [(1, 3, 9, 9)])
    assert traced["rows"][1]["status"] == "unknown"
    assert "n_filters" in traced["rows"][1]["note"]


def test_every_line_is_read_or_said():
    """A line of nonsense between good lines is named, and costs the good ones nothing."""
    rng = random.Random(3)
    good = ["a = nn.Conv2d(3, 4, 3)", "b = nn.ReLU()", "c = nn.Conv2d(4, 5, 3)"]
    for _ in range(300):
        junk = "".join(
            rng.choice(string.ascii_lowercase + "$!?&|<>= ") for _ in range(rng.randint(3, 30))
        ).strip()
        junk = f"?? {junk}"
        at = rng.randint(0, 3)
        text = "\n".join([*good[:at], junk, *good[at:]])
        reading = read(text)
        assert [line for line, _ in reading.problems] == [at + 1], text
        assert [layer.kind for layer in reading.layers] == ["Conv2d", "ReLU", "Conv2d"], text


@pytest.mark.parametrize("text", [NET, RESIDUAL])
def test_any_cut_of_a_text_is_read_without_an_error(text):
    """A text that is typed, or cut anywhere, raises nothing."""
    rng = random.Random(5)
    for end in range(0, len(text), 7):
        trace(read(text[:end] or " "), [(1, 3, 32, 32)]) if read(text[:end] or " ").layers else None
    for _ in range(100):
        place = rng.randrange(len(text))
        cut = text[:place] + rng.choice("()[]{},.:='\"#\\*\n ") + text[place + rng.randint(0, 3) :]
        reading = read(cut)
        if reading.layers:
            trace(reading, [(1, 3, 32, 32)])


def test_printed_repeats_and_unknown_modules():
    text = (
        "Net(\n  (layers): Sequential(\n    (0-2): 3 x Linear(in_features=8, out_features=8, bias=True)\n"
        "  )\n"
        "  (odd): Frobnicate(3, 4)\n  (last): Linear(in_features=8, out_features=2, bias=True)\n)"
    )
    made = rows(text, (4, 8))
    assert made[:3] == [("Linear", (4, 8), "ok")] * 3
    assert made[3:] == [("Frobnicate", None, "unknown"), ("Linear", None, "unknown")]


JUNK = (
    None,
    "x",
    "same",
    -1,
    0,
    2.5,
    True,
    (),
    (1,),
    (2, 3),
    (1, 2, 3, 4),
    ((1, 2), (3, 4)),
    [3, 3],
    {},
    10**9,
)


@pytest.mark.parametrize("framework", ["pytorch", "keras"])
def test_any_settings_are_answered(framework):
    """Whatever stands in a layer's arguments, it gets a row and nothing is raised."""
    rng = random.Random(6)
    kinds, prefix = (TORCH, "nn.") if framework == "pytorch" else (KERAS, "layers.")
    for kind in kinds:
        for _ in range(150):
            name, settings, shapes = kinds[kind](rng)
            if name[0].islower() or "layer" in settings:
                continue
            for key in list(settings):
                if rng.random() < 0.4:
                    settings[key] = rng.choice(JUNK)
            text = f"{prefix}{name}({', '.join(f'{key}={value!r}' for key, value in settings.items())})"
            made = trace(read(text, framework), [rng.choice(shapes)])
            assert len(made["rows"]) == 1 and made["rows"][0]["status"] in ("ok", "refused", "unknown"), text


SUMMARY = """
Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ conv2d (Conv2D)                 │ (None, 26, 26, 32)     │           320 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ global_average_pooling2d        │ (None, 32)             │             0 │
│ (GlobalAveragePooling2D)        │                        │               │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense (Dense)                   │ (None, 10)             │           330 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 650 (2.54 KB)
"""


def test_a_summary():
    traced = trace(read(SUMMARY), [(None, 28, 28, 1)])
    assert [(row["kind"], tuple(row["output"]), row["parameters"]) for row in traced["rows"]] == [
        ("Conv2D", (None, 26, 26, 32), 320),
        ("GlobalAveragePooling2D", (None, 32), 0),
        ("Dense", (None, 10), 330),
    ]
    assert traced["problems"] == [] and all(row["note"] == "" for row in traced["rows"])
    code = "keras.Sequential([layers.Conv2D(32, 3), layers.GlobalAveragePooling2D(), layers.Dense(10)])"
    same = trace(read(code), [(None, 28, 28, 1)])["rows"]
    assert [row["multiply_adds"] for row in traced["rows"]] == [row["multiply_adds"] for row in same]


def test_a_summary_that_disagrees_with_itself_is_noted():
    for old, new, line in (
        ("(None, 10)     ", "(None, 11)     ", 3),
        ("           320 ", "           321 ", 1),
    ):
        traced = trace(read(SUMMARY.replace(old, new)), [(None, 28, 28, 1)])
        assert [number for number, row in enumerate(traced["rows"], 1) if row["note"]] == [line]


KERAS_2 = """
Model: "model"
__________________________________________________________________________________________________
Layer (type)                    Output Shape         Param #     Connected to
==================================================================================================
input_1 (InputLayer)            [(None, 28, 28, 1)]  0
__________________________________________________________________________________________________
conv2d_transpose (Conv2DTranspo (None, 30, 30, 1024) 10240       input_1[0][0]
__________________________________________________________________________________________________
batch_normalization (BatchNorma (None, 30, 30, 1024) 4096        conv2d_transpose[0][0]
==================================================================================================
Total params: 14,336
"""


def test_a_summary_of_keras_2_whose_columns_touch():
    for text in (KERAS_2, KERAS_2.replace("1024) 10240", "1024)  10240")):
        traced = trace(read(text), [(8, 28, 28, 1)])
        assert [(row["kind"], row["output"][-1]) for row in traced["rows"]] == [
            ("InputLayer", 1),
            ("Conv2DTranspose", 1024),
            ("BatchNormalization", 1024),
        ]
        assert traced["problems"] == [] and traced["totals"]["parameters"] == 14336 - 2048


def test_a_summary_holds_for_any_batch():
    none, eight = (trace(read(SUMMARY), [(batch, 28, 28, 1)])["rows"] for batch in (None, 8))
    assert none[1:] == eight[1:] and all(row["note"] == "" for row in eight)
    assert eight[0]["multiply_adds"] == none[0]["multiply_adds"] > 0


TORCH_TABLES = (
    "Layer (type:depth-idx)          Output Shape     Param #\n├─Conv2d: 1-1         [2, 8, 28, 28]   224",
    "Layer (type (var_name):depth-idx)        Param #\nNet (Net)        --\n├─Conv2d (conv): 1-1     224",
    "Layer (type)      Output Shape    Param #\n=====\n    Conv2d-1    [-1, 64, 224, 224]     1,792",
    "  | Name | Type   | Params | Mode\n---\n0 | conv | Conv2d | 224    | train",
)


@pytest.mark.parametrize("table", TORCH_TABLES)
def test_a_table_of_a_pytorch_model_says_what_to_paste(table):
    reading = read(table)
    assert reading.layers == [] and len(reading.problems) == 1
    assert "paste what print(model) shows" in reading.problems[0][1]


def test_tables_of_torchinfo_say_what_to_paste():
    torchinfo = pytest.importorskip("torchinfo")
    nn = pytest.importorskip("torch").nn
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8, 2))
    for asked in ({"input_size": (2, 3, 3, 3)}, {}, {"row_settings": ("var_names", "depth", "ascii_only")}):
        reading = read(str(torchinfo.summary(model, verbose=0, **asked)))
        assert "paste what print(model) shows" in reading.problems[0][1] and reading.layers == []


def test_both_layouts_stand_side_by_side():
    made = trace(read(NET), [(4, 3, 32, 32)])["rows"]
    assert made[0]["output"] == [4, 6, 28, 28] and made[0]["other_layout"] == [4, 28, 28, 6]
    assert made[1]["other_layout"] == [4, 28, 28, 6]
    assert made[-1]["other_layout"] is None
    made = trace(read("layers.Conv2D(8, 3)\nlayers.ReLU()\nlayers.Flatten()"), [(None, 9, 8, 3)])["rows"]
    assert [row["other_layout"] for row in made] == [[None, 8, 7, 6], [None, 8, 7, 6], None]


# ---- The command ----


def run(text, *arguments):
    """Run the command in its own process."""
    return subprocess.run(
        [sys.executable, "-m", "shapes", *arguments], input=text, capture_output=True, text=True, cwd=BOOK
    )


def test_the_command_prints_a_table():
    made = run(NET, "(1, 3, 32, 32)")
    assert made.returncode == 0 and made.stderr == ""
    assert "Conv2d (conv1)" in made.stdout and "(1, 6, 28, 28)" in made.stdout
    parameters = trace(read(NET), [(1, 3, 32, 32)])["totals"]["parameters"]
    assert f"in all: {parameters:,} parameters" in made.stdout


def test_the_command_fails_at_a_failing_layer():
    made = run(NET.replace("16 * 5 * 5", "16 * 6 * 6"), "(1, 3, 32, 32)")
    assert made.returncode == 1
    assert "mat1 and mat2 shapes cannot be multiplied (1x400 and 576x120)" in made.stdout
    assert "nn.Linear(400, 120)" in made.stdout


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (NET, ["1, 3, x"], "x is no size"),
        (NET, ["(1, 3, 0, 5)"], "from 1 on"),
        (NET, ["(1, -3)"], "-3 is no size"),
        ("nothing here", ["(1, 3)"], "No layer was found"),
        ("", ["(1, 3)"], "No layer was found"),
        (
            "a = keras.Input((3,))\nb = keras.Input((4,))\nc = layers.Concatenate()([a, b])",
            ["(None, 3)"],
            "has 2 inputs",
        ),
        (NET, ["(1, 3)", "--file", "no-such-file.txt"], "no-such-file.txt"),
    ],
)
def test_the_command_says_what_input_is_bad(text, arguments, said):
    made = run(text, *arguments)
    assert made.returncode == 2 and made.stdout == ""
    assert said in made.stderr and "Traceback" not in made.stderr


def test_the_command_prints_json(tmp_path, capsys):
    file = tmp_path / "model.txt"
    file.write_text(NET, encoding="utf-8")
    assert main(["(1, 3, 32, 32)", "--json", "--file", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["output"] == [1, 10]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_table_fits_the_terminal(width, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    file = tmp_path / "model.txt"
    file.write_text(RESIDUAL, encoding="utf-8")
    main(["(1, 3, 224, 224)", "--file", str(file)])
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= width


def test_a_printed_layer_with_garbled_settings_is_not_known():
    made = trace(read("Net(\n  (0): Linear(in_features=8, b/as=True)\n  (1): ReLU()\n)"), [(2, 8)])
    assert [row["status"] for row in made["rows"]] == ["unknown", "unknown"]
    assert [problem["line"] for problem in made["problems"]] == [2]


def test_strings_of_a_text_have_their_value():
    """As Python has it: prefixes, three quotes, escapes, several in a row."""
    for text in (
        "'same'",
        '"a" "b"',
        r"r'\n'",
        r"'\x41\u00e9\t\'\\'",
        "'''a\n'b'''",
        "u''",
        "''",
        r"'\U0001f600'",
    ):
        [layer] = read(f"nn.Conv2d(3, 4, 3, padding_mode={text})").layers
        assert layer.settings["padding_mode"] == ast.literal_eval(text), text


def test_signs_that_are_digits_but_no_number():
    made = read("Model: 'a'\n Layer (type)   Output Shape   Param #\n dense (Dense)   (None, 10)   65²\n")
    assert made.layers == []


def test_what_is_no_layer_in_a_named_list_is_said():
    text = 'nn.Sequential(OrderedDict([("a", nn.C % nv2d(3)), ("b", nn.ReLU())]))'
    made = read(text)
    assert [child.name for child in made.layers[-1].children] == ["a", "b"] and len(made.problems) == 1
    assert [status for _, _, status in rows(text, (2, 3))] == ["unknown", "unknown"]


@pytest.mark.parametrize("line", ENDLESS)
def test_a_text_that_goes_on_for_ever_is_followed_to_a_line(line):
    assert read(ENDLESS[line]).problems == [
        (line, "this text runs for too long: it was followed up to this line")
    ]
