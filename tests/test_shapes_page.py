"""What the pages about shapes say: a model from each message, repairs written into texts, and one convolution
whose formula, positions and messages are those of the rules.
"""

from __future__ import annotations

import itertools
import math
import random
import re

import pytest

from errorguide import explain_text
from errorguide.catalogue import read_catalogue
from shapes import read, trace
from shapes.page import asked
from shapes.page.drawing import at_the_ends, never_read
from shapes.page.from_error import MAKERS
from shapes.page.wiring import START, wired
from shapes.read.shape import shape_of, shapes_of
from shapes.table import sums, unread
from sphinxext.calculator import EXAMPLES, MODEL, SHAPE

SEED = 11
SETTINGS = 600


def first_refusal(model, shapes):
    """The first refused row of a model."""
    rows = trace(read(model), [tuple(shape) for shape in shapes])["rows"]
    return next((row for row in rows if row["status"] == "refused"), None)


# ---- From a message ----

# Today's messages that no single layer of an image says so, or whose layer the message does not tell.
OTHER_LAYER = {"pytorch-batchnorm-rank", "pytorch-rnn-rank"}


def test_each_message_makes_a_model_that_fails_with_it():
    made = 0
    for entry in read_catalogue()["errors"]:
        for case in entry["cases"] if entry["id"] in MAKERS else []:
            told = explain_text(case["message"])
            example = asked.example_of(told.id, told.numbers, told.message)
            if example is None:
                assert entry["id"] in OTHER_LAYER, case["message"]
                continue
            shapes, problem = shapes_of(example["shape"])
            refusal = first_refusal(example["model"], shapes)["refusal"]
            assert not problem and refusal["page"] == entry["id"]
            again = explain_text(f"{refusal['kind']}: {refusal['message']}")
            assert again.numbers == told.numbers, (case["message"], example)
            made += 1
    assert made >= 50


def test_older_wordings_make_a_model_or_none():
    for entry in read_catalogue()["errors"]:
        for older in entry["older"]:
            told = explain_text(older["message"])
            if told is None:
                continue
            example = asked.example_of(told.id, told.numbers, told.message)
            if example is not None:
                shapes, _ = shapes_of(example["shape"])
                assert first_refusal(example["model"], shapes)["refusal"]["page"] == told.id


@pytest.mark.parametrize("numbers", [{}, {"weight": (1,)}, {"mat1": (1, 2)}, {"input": None, "rank_got": 9}])
def test_numbers_that_say_too_little_make_none(numbers):
    for page in MAKERS:
        example = asked.example_of(page, numbers, "a message")
        assert example is None or page in ("pytorch-padding-same-stride", "pytorch-groups-constructor")


# ---- Into the text ----

TEXTS = (
    # a layer on a line of its own, and its arguments in every spelling
    ("nn.Conv2d(3, 8, 3)", (1, 4, 9, 9), "nn.Conv2d(4, 8, 3)"),
    ("nn.Conv2d(in_channels=3, out_channels=8, kernel_size=3)", (1, 4, 9, 9),
     "nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3)"),
    ("nn.Conv2d(3, 8, (3, 5), padding = (0, 1))", (1, 4, 9, 9), "nn.Conv2d(4, 8, (3, 5), padding = (0, 1))"),
    ("torch.nn.Conv2d(  3, 8, 3)", (1, 4, 9, 9), "torch.nn.Conv2d(  4, 8, 3)"),
    ("nn.Conv2d(\n    3,\n    8,\n    3,\n)", (1, 4, 9, 9), "nn.Conv2d(\n    4,\n    8,\n    3,\n)"),
    ("self.conv = nn.Conv2d(3, 8, 3)  # was 1", (1, 4, 9, 9), "self.conv = nn.Conv2d(4, 8, 3)  # was 1"),
    ("nn.Conv2d(6, 8, 3, groups=3)", (1, 4, 9, 9), None),
    ("layers.Conv2D(8, 3, groups=3)", (1, 9, 9, 4), "layers.Conv2D(8, 3, groups=1)"),
    ("tf.keras.layers.Conv2D(8, 5)", (1, 3, 3, 4), "tf.keras.layers.Conv2D(8, 5, padding='same')"),
    ("nn.BatchNorm2d(5)", (2, 4, 9, 9), "nn.BatchNorm2d(4)"),
    # what stands in front of a layer
    ("nn.Sequential(\n    nn.Linear(10, 2),\n)", (5, 3, 2, 4),
     "nn.Sequential(\n    nn.Flatten(),\n    nn.Linear(24, 2),\n)"),
    ("self.fc = nn.Linear(10, 2)", (5, 3, 2, 4), "self.fc = nn.Sequential(nn.Flatten(), nn.Linear(24, 2))"),
    # two layers of a kind on one line: the second fails
    ("nn.Sequential(nn.Linear(4, 5), nn.Linear(6, 7))", (2, 4),
     "nn.Sequential(nn.Linear(4, 5), nn.Linear(5, 7))"),
    # what print(model) shows
    ("Sequential(\n  (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))\n)", (1, 4, 9, 9),
     "Sequential(\n  (0): Conv2d(4, 8, kernel_size=(3, 3), stride=(1, 1))\n)"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "shape", "expected"), TEXTS)
def test_a_repair_is_written_into_the_text(text, shape, expected):
    repaired = asked.repaired(text, str(shape))
    assert expected is None or repaired == expected
    assert repaired is not None and first_refusal(repaired, [shape]) is None


def test_a_printed_model_gets_a_flatten_of_its_own_line():
    _, text, shape = EXAMPLES[2]
    text = text.replace("1152", "1151")
    repaired = asked.repaired(text, shape)
    assert "(flatten): Flatten(start_dim=1, end_dim=-1)\n  (classifier): Linear(" in repaired
    assert first_refusal(repaired, shapes_of(shape)[0]) is None


def test_one_repair_after_the_other_leads_to_a_model_that_runs():
    text = (
        "model = nn.Sequential(\n    nn.Conv2d(1, 8, 5, groups=2),\n    nn.BatchNorm2d(7),\n"
        "    nn.Conv2d(3, 16, 3),\n    nn.Linear(9, 4),\n    nn.Linear(5, 2),\n)\n"
    )
    shape, failing = "(2, 3, 20, 30)", []
    while (row := first_refusal(text, shapes_of(shape)[0])) is not None:
        failing.append(row["line"])
        text = asked.repaired(text, shape)
    assert failing == [2, 3, 4, 5, 7] and "nn.Flatten(),\n" in text


def test_no_change_is_written_where_none_is_known():
    assert asked.repaired("nn.Conv2d(3, 8, 3)", "(3, 9)") is None
    assert asked.repaired("nn.Conv2d(3, 8, 3)", "(1, 3, 9, 9)") is None
    assert asked.repaired("", "(1,)") is None
    assert asked.repaired("nn.Conv2d(3, 8, 3)", "no shape") is None


# ---- Shapes as people type them ----

TYPED = {
    "(1, 3, 224, 224)": [[1, 3, 224, 224]],
    "1x3x224x224": [[1, 3, 224, 224]],
    "1 x 3 × 4": [[1, 3, 4]],
    "[8, 3]": [[8, 3]],
    "torch.Size([2, 3])": [[2, 3]],
    "(None, 28, 28, 1)": [[None, 28, 28, 1]],
    "(-1, 5)": [[None, 5]],
    "8, 16": [[8, 16]],
    "(12,)": [[12]],
    "(1, 3), (2, 4)": [[1, 3], [2, 4]],
}


@pytest.mark.parametrize("text", TYPED)
def test_shapes_are_read_as_people_type_them(text):
    assert shapes_of(text) == (TYPED[text], "")


@pytest.mark.parametrize(
    "text", ["", "a", "(0, 3)", "(1, a)", "(2, x)", "3x", "x = 3", "()", "(1.5, 2)", "-2", "1" * 99]
)
def test_a_bad_shape_gets_a_sentence(text):
    shapes, sentence = shapes_of(text)
    assert shapes == [] and sentence.endswith(".")
    shown = asked.calculation(MODEL, text)
    assert shown["problem"] == sentence and shown["answer"] == ""


def test_one_shape_is_one():
    assert shape_of("(1, 3, None)") == (1, 3, None)
    with pytest.raises(ValueError, match="Write the input's shape"):
        shape_of("(1, 3), (2, 4)")


# ---- What is shown ----


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((1,), "the last position"),
        ((2,), "the last 2 positions"),
        ((1, 1), "the last row and the last column"),
        ((0, 3), "the last 3 columns"),
        ((1, 0, 2), "the last slice and the last 2 columns"),
    ],
)
def test_one_is_said_without_a_number(counts, said):
    assert unread(counts) == f"no window reads {said}"


def test_the_sums_count_one_of_each():
    totals = {"complete": True, "parameters": 1, "non_trainable": 1, "multiply_adds": 1, "bytes": 4}
    assert sums(totals) == ["in all: 1 parameter, 1 more that is not trained, 1 multiply-add, 4 B of outputs"]


def test_the_message_of_the_first_failure_stands_once():
    shown = asked.calculation(MODEL, SHAPE)["answer"]
    assert shown.count("to have 32 channels, but got 64") == 1
    twice = asked.calculation(MODEL.replace("Linear(128", "Linear(127"), SHAPE)["answer"]
    assert twice.count("mat1 and mat2 shapes cannot be multiplied (8x128 and 127x10)") == 1


def test_what_has_no_rule_keeps_its_name_and_counts_nothing():
    shown = asked.calculation("nn.Sequential(\n nn.Linear(3, 4),\n MyAttention(8),\n)", "(2, 3)")["answer"]
    assert "There is no rule for MyAttention." in shown
    assert '<td class="number" data-head="parameters">?</td>' in shown


def test_the_failing_layer_is_marked_and_its_page_is_linked():
    shown = asked.calculation(MODEL, SHAPE)
    first, last = shown["beside"]
    assert first.count("<div") == MODEL.count("\n") + 1
    assert '<div class="ok">(8, 64, 80, 48)</div>' in first and "(8, 80, 48, 64)" in last
    assert '<div class="refused">✗ fails</div>' in first
    assert "expected input[8, 64, 39, 23] to have 32 channels, but got 64 channels instead" in shown["answer"]
    assert 'href="errors/pytorch-conv-channels.html"' in shown["answer"]
    assert shown["summary"].startswith("Line 6, Conv2d fails: ")


def test_a_failure_in_a_guessed_order_is_told_as_one():
    text = "self.one = nn.Conv2d(3, 64, 3)\nself.two = nn.Conv2d(32, 8, 3)"
    shown = asked.calculation(text, "(1, 3, 9, 9)")
    assert "<h2>Line 2: Conv2d fails in the order of the lines</h2>" in shown["answer"]
    assert shown["answer"].count("paste forward too") == 1
    assert shown["summary"].startswith("Line 2, Conv2d fails in the order of the lines: Given groups=1")


def test_channels_first_comes_first_in_either_framework():
    _, keras, shape = EXAMPLES[1]
    first, last = asked.calculation(keras, shape)["beside"]
    assert "(None, 32, 26, 26)" in first and "(None, 26, 26, 32)" in last


def test_nothing_that_is_pasted_becomes_markup():
    payload = '<img src=x onerror="alert(1)">'
    for text in (payload, f"nn.{payload}(3)", f"nn.Conv2d({payload!r}, 3, 3)", f"x = nn.Linear(3, {payload})",
                 f"Net(\n  ({payload}): Linear(3, 4)\n)", f"class {payload}(nn.Module): pass"):  # fmt: skip
        shown = asked.calculation(text, "(2, 3)")
        for html in (*shown["beside"], shown["answer"], asked.code(text, "(2, 3)")):
            assert "<img" not in html and 'onerror="' not in html


# ---- The wiring ----


def random_settings(generator):
    """Settings of which most run in a framework; no two axes alike."""
    groups = generator.choice((1, 1, 2, 3))
    number = generator.randint
    transposed = number(0, 2) == 0
    return {
        "in_channels": groups * number(1, 5) + (number(0, 9) == 0),
        "out_channels": groups * number(1, 5),
        "groups": groups,
        "size": [number(1, 40), number(1, 30)],
        "kernel": [number(1, 6), number(1, 5)],
        "stride": [number(1, 4), number(1, 3)],
        "padding": generator.choice(("zeros", "same", "valid")),
        "zeros": [number(0, 3), number(0, 2)],
        "dilation": [number(1, 3), 1],
        "transposed": transposed,
        "output_padding": [number(0, 1), 0] if transposed else [0, 0],
    }


RANDOM = [random_settings(random.Random(f"{SEED} {number}")) for number in range(SETTINGS)]
SIDES = [(settings, side) for settings in RANDOM for side in wired(settings)["sides"]]
AXES = [(settings, side, axis) for settings, side in SIDES if not side["message"] for axis in side["axes"]]


def computed(formula):
    """The value of a formula's left side."""
    left = formula.split("=")[0]
    for sign, python in (
        ("×", "*"),
        ("−", "-"),
        ("⌊", "math.floor("),
        ("⌈", "math.ceil("),
        ("⌋", ")"),
        ("⌉", ")"),
    ):
        left = left.replace(sign, python)
    return eval(left, {"math": math})


def test_the_formula_gives_the_output():
    assert len(AXES) > SETTINGS / 2
    for settings, side, axis in AXES:
        place = ("height", "width").index(axis["name"])
        assert axis["output"] == side["sizes"][place]
        if "=" in axis["formula"]:
            assert computed(axis["formula"]) == axis["output"], (settings, axis["formula"])


def test_the_positions_fill_the_padded_axis():
    for settings, side, axis in AXES:
        last = max(itertools.chain(*axis["taps"]))
        place = ("height", "width").index(axis["name"])
        stride = settings["stride"][place]
        if settings["transposed"]:
            length = axis["before"] + axis["output"] + axis["after"]
            reach = settings["dilation"][place] * (settings["kernel"][place] - 1) + 1
            extra = max(settings["output_padding"][place], stride - reach, 0)
            assert last < length <= last + 1 + extra, (settings, side["name"])
            continue
        length = axis["before"] + axis["size"] + axis["after"]
        assert last < length, (settings, side["name"])
        assert last + stride >= length  # one more position would not fit
        read_cells = {tap - axis["before"] for tap in itertools.chain(*axis["taps"])}
        never = [cell for cell in range(axis["size"]) if cell not in read_cells]
        assert len(never) == axis["unread"] + len(axis["skipped"])


def test_padding_by_number_makes_the_same_output_in_both_frameworks():
    compared = 0
    for settings in RANDOM:
        pytorch, keras = wired(settings)["sides"]
        if settings["padding"] == "zeros" and not pytorch["message"] and not keras["message"]:
            assert pytorch["sizes"] == keras["sizes"], settings
            compared += 1
    assert compared > 30


def test_same_differs_where_the_odd_zero_lies():
    settings = {**START, "padding": "same", "stride": [1, 1], "kernel": [4, 3], "groups": 1}
    pytorch, keras = wired(settings)["sides"]
    assert pytorch["axes"][0]["before"] == keras["axes"][0]["before"] == 1
    strided = {**settings, "stride": [2, 2]}
    pytorch, keras = wired(strided)["sides"]
    assert "not supported for strided" in pytorch["message"]
    assert pytorch["page"] == "pytorch-padding-same-stride"
    assert (keras["axes"][1]["before"], keras["axes"][1]["after"]) == (0, 1)


def test_what_is_refused_has_its_message_and_what_works():
    settings = {**START, "in_channels": 5}
    pytorch, keras = wired(settings)["sides"]
    assert pytorch["message"] == "ValueError: in_channels must be divisible by groups"
    assert pytorch["page"] == "pytorch-groups-constructor" and pytorch["works"]
    assert "evenly divisible by the number of groups" in keras["message"] and keras["page"] == "keras-groups"
    shown = asked.convolution(settings, 0)
    assert shown["reads"] == "" and "Which output reads" not in shown["answer"]


def test_the_drawing_lights_the_inputs_of_the_output_that_is_looked_at():
    shown = asked.convolution(START, 4)
    assert shown["reads"] == "It reads input channels 2 to 3, of group 1."
    lit = re.findall(r'class="node (\w+) \w+ on" data-\w+="(\d+)"', shown["answer"])
    assert lit == [("input", "2"), ("input", "3"), ("output", "4")]
    assert len(re.findall(r'class="wire \w+ on"', shown["answer"])) == 2
    assert "weight (6, 2, 3, 4)" in shown["answer"] and "kernel (3, 4, 2, 6)" in shown["answer"]


@pytest.mark.parametrize("channels", [(512, 512, 1), (512, 512, 512), (512, 256, 64), (1, 1, 1), (3, 511, 1)])
def test_many_channels_are_drawn_in_part(channels):
    settings = {**START, **dict(zip(("in_channels", "out_channels", "groups"), channels, strict=True))}
    for output in (0, channels[1] // 2, channels[1] - 1):
        html = asked.convolution(settings, output)["answer"]
        assert f'data-output="{output}"' in html and html.count("<circle") < 400


def axis(name, before, after, unread=0, skipped=(), transposed=False):
    """What the captions need of an axis."""
    return {"name": name, "before": before, "after": after, "unread": unread, "skipped": list(skipped),
            "transposed": transposed}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "ends", "never"),
    [
        (axis("height", 0, 0), "", ""),
        (axis("height", 1, 1), "1 row of zeros above, 1 below", ""),
        (axis("width", 2, 3), "2 columns of zeros on the left, 3 on the right", ""),
        (axis("height", 0, 1), "1 row of zeros below, none above", ""),
        (axis("width", 2, 0), "2 columns of zeros on the left, none on the right", ""),
        (axis("height", 1, 2, transposed=True), "1 row cut off above, 2 below", ""),
        (axis("width", 0, 0, 1), "", "the last column is never read"),
        (axis("height", 0, 0, 2), "", "the last 2 rows are never read"),
        (axis("height", 0, 0, 0, [3]), "", "1 row between the positions is never read"),
        (axis("width", 0, 0, 1, [3, 7]), "",
         "the last column and 2 columns between the positions are never read"),
    ],
)  # fmt: skip
def test_captions_say_it_plainly(given, ends, never):
    assert (at_the_ends(given), never_read(given)) == (ends, never)


def test_what_is_never_read_or_cut_off_is_crossed_out():
    skipping = {**START, "stride": [4, 2], "size": [12, 12], "kernel": [2, 4], "zeros": [0, 0]}
    never = wired(skipping)["sides"][0]["axes"][0]
    drawn = asked.convolution(skipping, 0)["answer"]
    assert never["skipped"] == [2, 3, 6, 7] and never["unread"] == 2
    assert drawn.count('class="crossed"') == drawn.count('class="cell unread"') == 6
    cut = asked.convolution({**START, "groups": 1, "transposed": True, "zeros": [1, 2]}, 0)["answer"]
    assert cut.count('class="crossed"') == cut.count('class="cell pad"') == 6


def test_both_frameworks_share_a_drawing_where_it_is_the_same():
    settings = {**START, "padding": "same", "stride": [1, 1], "kernel": [4, 3]}
    assert asked.convolution(settings, 0)["answer"].count("</strong> in PyTorch and Keras:") == 2


def test_a_stride_that_pytorch_refuses_is_drawn_with_the_padding_that_works():
    settings = {**START, "padding": "same", "size": [9, 12], "kernel": [3, 5], "stride": [3, 2]}
    pytorch, keras = wired(settings)["sides"]
    assert pytorch["drawn_as"] == "PyTorch with padding=(1, 2)" and "padding=(1, 2)" in pytorch["works"]
    assert [(axis["before"], axis["after"]) for axis in pytorch["axes"]] == [(1, 1), (2, 2)]
    assert [(axis["before"], axis["after"]) for axis in keras["axes"]] == [(0, 0), (1, 2)]
    pairs = re.findall(
        r'<div class="wiring-pair">(.*?)</div></figure></div>', asked.convolution(settings, 0)["answer"]
    )
    assert ["PyTorch with" in pair and "</strong> in Keras:" in pair for pair in pairs] == [True, True]


def blocks_of(settings, output):
    """The blocks of the weight's drawing: their classes, and whether a slice is marked."""
    shown = asked.convolution(settings, output)["answer"]
    found = re.findall(r'<g class="block ([^"]*)"[^>]*>(.*?<path class="cut".*?)</g>', shown)
    return [(classes.split(), "marked" in inside) for classes, inside in found]


def test_the_weight_is_drawn_with_the_filter_of_the_output():
    blocks = blocks_of(START, 4)
    assert [place for place, (classes, _) in enumerate(blocks) if "on" in classes] == [4]
    assert [classes[0] for classes, _ in blocks] == ["g0"] * 3 + ["g1"] * 3
    shown = asked.convolution(START, 4)["answer"]
    assert "a filter of 2 slices of 3 × 4" in shown and "Filter 4 is marked." in shown
    assert "<code>(6, 2, 3, 4)</code> OIHW" in shown and "<code>(3, 4, 2, 6)</code> HWIO" in shown


def test_the_weight_of_a_transposed_convolution_has_a_block_for_each_input():
    settings = {**START, "transposed": True}
    blocks = blocks_of(settings, 4)
    assert [marked for _, marked in blocks] == [False, False, True, True]
    shown = asked.convolution(settings, 4)["answer"]
    assert "Slice 1 of input channels 2 to 3 is marked." in shown
    assert "<code>(4, 3, 3, 4)</code> IOHW" in shown and "HWOI" not in shown
    assert "<code>(3, 4, 6, 4)</code> HWOI" in asked.convolution({**settings, "groups": 1}, 4)["answer"]


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("channels", [(512, 512, 1), (512, 512, 512), (512, 256, 64), (1, 1, 1), (3, 511, 1)])
def test_a_large_weight_is_drawn_in_part(channels, transposed):
    settings = {**START, **dict(zip(("in_channels", "out_channels", "groups"), channels, strict=True))}
    settings |= {"transposed": transposed, "kernel": [11, 9]}
    blocks = blocks_of(settings, channels[1] - 1)
    assert 1 <= len(blocks) <= 8 and any("on" in classes for classes, _ in blocks)


def test_no_weight_is_drawn_where_the_groups_do_not_divide():
    assert "The weight" not in asked.convolution({**START, "in_channels": 5}, 0)["answer"]
