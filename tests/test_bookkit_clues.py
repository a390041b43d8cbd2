"""The decision chart of "Where the 64 came from", and the clues that it reads out of messages."""

import json
import re
from pathlib import Path

import pytest

from bookkit.clues import CHART, KINDS, OTHERWISE, Clues, cause_of, clues
from errorguide import explain

BOOK = Path(__file__).parent.parent / "book"
CHAPTER = BOOK / "06-where-64-came-from.ipynb"
AXIS = "An axis is missing or doubled"
FILES = "Gray, RGB and RGBA files"
LAYOUT = "NHWC given for NCHW"
SIZE = "An image size that a Linear was not made for"
SIDE = "A side not divisible by 2 to the depth"
SKIPS = "Skips that concatenate"
SUM = "Skips that add"
SETTINGS = "Two settings that disagree"
FLATTEN = "A flatten is missing"


def of(message, **known):
    return clues(explain(message), **known)


def conv(weight, shape):
    return (
        f"Given groups=1, weight of size {list(weight)}, expected input{list(shape)} to have {weight[1]} "
        f"channels, but got {shape[1]} channels instead"
    )


def keras_conv(expected, shape):
    return (
        "Input 0 with name 'None' of layer 'conv2d' is incompatible with the layer: expected axis -1 of "
        f"input shape to have value {expected}, but received input with shape {shape}"
    )


def linear(mat1, mat2):
    return f"mat1 and mat2 shapes cannot be multiplied ({mat1} and {mat2})"


def cat(dim, expected, got):
    return (
        f"Sizes of tensors must match except in dimension {dim}. Expected size {expected} but got size {got} "
        f"for tensor number 1 in the list."
    )


def test_a_layer_expects_and_gets():
    found = of(conv((8, 3, 5, 3), (6, 20, 28, 3)), batch=6)
    assert found == Clues("channels", 3, 20, shape=(6, 20, 28, 3), rows=6 * 20 * 28, batch=6)


@pytest.mark.parametrize(
    ("message", "kind", "expected", "got"),
    [
        (linear("5x10", "20x8"), "features", 20, 10),
        (
            "The size of tensor a (32) must match the size of tensor b (64) at non-singleton dimension 1",
            "entries",
            32,
            64,
        ),
        ("Inputs have incompatible shapes. Received shapes (14, 22, 32) and (14, 22, 64)", "entries", 32, 64),
        (
            "stack expects each tensor to be equal size, but got [3, 9] at entry 0 and [4, 9] at entry 1",
            "stack",
            3,
            4,
        ),
        ("Tensors must have same number of dimensions: got 2 and 1", "axes", 2, 1),
        ("all input arrays must have the same shape", "stack", None, None),
        ("output with shape [1, 32, 30] doesn't match the broadcast shape [3, 32, 30]", "entries", 1, 3),
        ("Expected input batch_size (9) to match target batch_size (6).", "labels", 9, 6),
        ("input_lengths must be of size batch_size", "other", None, None),
        (
            "Given normalized_shape=[64], expected input with shape [*, 64], but got input of size[2, 5, 32]",
            "features",
            64,
            32,
        ),
        (
            'Input 0 of layer "m" is incompatible with the layer: expected shape=(None, 20, 28, 3), '
            "found shape=(6, 20, 28, 1)",
            "channels",
            3,
            1,
        ),
    ],
)
def test_two_sizes_disagree(message, kind, expected, got):
    found = of(message)
    assert (found.kind, found.expected, found.got) == (kind, expected, got)


@pytest.mark.parametrize(
    ("message", "known", "cause"),
    [
        # The batch and the sides are no layout.
        (conv((8, 32, 3, 5), (32, 64, 14, 22)), {}, OTHERWISE),
        (conv((8, 32, 3, 5), (5, 64, 32, 48)), {}, OTHERWISE),
        (conv((8, 32, 3, 5), (5, 64, 32, 32)), {}, OTHERWISE),
        (conv((8, 3, 3, 5), (6, 20, 28, 3)), {"batch": 6}, LAYOUT),
        (conv((8, 40, 3), (5, 81, 40)), {"batch": 5}, LAYOUT),
        (keras_conv(3, (6, 3, 20, 28)), {"batch": 6}, LAYOUT),
        (keras_conv(64, (64, 14, 22, 32)), {"batch": 64}, OTHERWISE),
        # An axis in front of the batch, but no batch that happens to be as large as the channels.
        (conv((8, 1, 3, 5), (1, 6, 20, 28)), {"batch": 6}, AXIS),
        (keras_conv(1, (1, 6, 20, 28)), {"batch": 6}, AXIS),
        (conv((64, 3, 7, 7), (1, 1, 100, 100)), {"batch": 1}, FILES),
        (conv((8, 32, 3, 5), (64, 64, 14, 22)), {"batch": 64}, OTHERWISE),
        (conv((8, 32, 3, 5), (64, 64, 14, 22)), {"batch": 64, "before": "concatenate"}, SKIPS),
        ("Tensors must have same number of dimensions: got 4 and 3", {}, AXIS),
        ("Tensors must have same number of dimensions: got 2 and 1", {"last": True}, "The last batch"),
        # Settings, sizes, missing flattens: a factor of 2 says nothing about skips.
        (linear("6x840", "420x4"), {"batch": 6, "before": "flatten"}, SIZE),
        (linear("400x80", "40x16"), {"batch": 5, "settings": (40, 80)}, SETTINGS),
        (linear("2x5", "2x2"), {}, OTHERWISE),
        (linear("1x302", "128x1"), {"batch": 1}, OTHERWISE),
        (linear("2800x28", "784x10"), {}, FLATTEN),
        (linear("2800x28", "784x10"), {"batch": 100}, FLATTEN),
        (linear("6x10", "20x8"), {"batch": 6, "processes": 2}, "A shard of a distributed run"),
        (linear("8x4608", "2048x10"), {"batch": 8}, OTHERWISE),
        # Joined and added tensors: which axis differs?
        (cat(1, 15, 14), {}, SIDE),
        (cat(1, 30, 28), {}, SIDE),
        (cat(1, 30, 24), {}, SIDE),
        (cat(1, 4, 3), {}, SIDE),
        (cat(0, 4, 5), {}, OTHERWISE),
        (cat(1, 256, 512), {}, OTHERWISE),
        (
            "The size of tensor a (624) must match the size of tensor b (620) at non-singleton dimension 3",
            {},
            SIDE,
        ),
        (
            "The size of tensor a (23) must match the size of tensor b (19) at non-singleton dimension 3",
            {},
            SUM,
        ),
        (
            "The size of tensor a (4) must match the size of tensor b (5) at non-singleton dimension 1",
            {},
            SUM,
        ),
        ("Inputs have incompatible shapes. Received shapes (14, 23, 8) and (12, 19, 8)", {}, SUM),
        ("Inputs have incompatible shapes. Received shapes (14, 23, 8) and (7, 12, 8)", {}, SUM),
        ("Incompatible shapes: [25088] vs. [32,28,28]", {}, OTHERWISE),
        ("output with shape [1, 32, 30] doesn't match the broadcast shape [3, 32, 30]", {}, FILES),
        # Stacks: channels, or another axis?
        *(
            (
                f"stack expects each tensor to be equal size, but got {one} at entry 0 and {two} at entry 1",
                {},
                to,
            )
            for one, two, to in (
                ("[3, 30, 40]", "[4, 30, 40]", FILES),
                ("[3, 30, 40]", "[3, 32, 40]", OTHERWISE),
                ("[7]", "[6]", OTHERWISE),
                ("[4, 10]", "[1, 10]", OTHERWISE),
            )
        ),
        # Losses
        ("Expected input batch_size (9) to match target batch_size (6).", {"batch": 6}, SIZE),
        (
            "Expected input batch_size (1) to match target batch_size (0).",
            {"batch": 1},
            "Labels in another form",
        ),
        ("size mismatch (got input: [2, 7, 4, 6] , target: [2, 8, 12]", {}, "Masks of another size"),
        (
            "only batches of spatial targets supported (3D tensors) but got targets of dimension: 4",
            {},
            "Masks of another size",
        ),
        (
            "Target size (torch.Size([6])) must be the same as input size (torch.Size([6, 1]))",
            {},
            "Losses that broadcast silently",
        ),
        (
            "Target size (torch.Size([2, 32, 48, 64])) must be the same as input size "
            "(torch.Size([2, 20, 48, 64]))",
            {},
            "Labels in another form",
        ),
        ("input_lengths must be of size batch_size", {}, OTHERWISE),
    ],
)
def test_the_chart(message, known, cause):
    assert cause_of(of(message, **known)) == cause


@pytest.mark.parametrize(
    ("expected", "got", "ratio"), [(32, 64, 2), (60, 20, 3), (64, 80, None), (7, 7, 1), (None, 3, None)]
)
def test_the_ratio_is_a_whole_number_or_none(expected, got, ratio):
    assert Clues("channels", expected, got).ratio == ratio


def test_shapes_that_no_message_shows_are_passed():
    message = "all input arrays must have the same shape"
    assert cause_of(of(message)) == OTHERWISE
    photo, logo = (120, 128, 3), (120, 128, 4)
    assert cause_of(of(message, shapes=(photo, logo), layout="NHWC")) == FILES
    assert cause_of(of(message, shapes=(photo, (120, 130, 3)), layout="NHWC")) == OTHERWISE


def test_every_kind_names_pages_that_exist():
    from errorguide.catalogue import read_catalogue

    known = {entry["id"] for entry in read_catalogue()["errors"]}
    assert {name for names in KINDS.values() for name in names} <= known


def test_none_is_refused():
    with pytest.raises(ValueError, match="expects the explanation of a shape error, got None"):
        clues(None)


def test_the_chapter_links_each_answer():
    cells = json.loads(CHAPTER.read_text())["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    headings = {slug(heading) for heading in re.findall(r"^## (.*)$", text, re.MULTILINE)}
    (links,) = re.findall(r"^The sections: .*$", text, re.MULTILINE)
    links = dict(re.findall(r"\[([^]]+)\]\(([^)]+)\)", links))
    assert list(links) == [*dict.fromkeys(question.answer for question in CHART), OTHERWISE]
    for answer, link in links.items():
        if link.startswith("#"):
            assert link[1:] == slug(answer)
            assert link[1:] in headings
        else:
            assert (BOOK / link).exists()


def slug(heading):
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
