"""The drawings: nothing overlaps, everything fits, sizes are honest, the same bytes come out each time."""

import functools
import hashlib
import io
import itertools
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from nbclient import NotebookClient

from bookkit import drawings
from bookkit.drawings import (
    blocks,
    cells,
    flatten,
    group_matrices,
    im2col,
    mismatch,
    one_pixel,
    shared_weights,
    shifted_copies,
    shifts,
    shuffle,
    sliding_rows,
    style,
    tensors,
    times,
    transpose_and_reshape,
    unrolled,
    weights,
    windows,
    winograd,
    wiring,
    wirings,
)
from bookkit.drawings.canvas import Canvas
from bookkit.drawings.style import tint
from bookkit.pictures import PICTURES, sheet
from pictures import FOLDER, drawn
from sphinxext import figures

winograd_drawing = sys.modules["bookkit.drawings.winograd"]  # the function hides the module's name

BOOK = Path(__file__).resolve().parents[1] / "book"

# Each is written as a chapter would write it, so that the same text can be run in another process.
EXAMPLES = [
    'tensors({"input": (1, 64, 256, 256), "output": (1, 64, 254, 254)})',
    'tensors({"PyTorch": (1, 3, 64, 64), "TensorFlow": ((1, 64, 64, 3), "NHWC")}, roles=["input", "input"])',
    'tensors({"image": (3, 64, 96)}, layout="CHW")',
    'tensors({"plain": (64, 64)}, layout="HW")',
    'tensors({"one": (1, 1, 1, 1)})',
    'tensors({"batch": (2, 3, 64, 64)})',
    'tensors({"batch": (16, 3, 64, 64), "out": (16, 64, 62, 62)})',
    'tensors({"batch": (100000, 1, 28, 28)})',
    'tensors({"late": (1, 512, 7, 7)})',
    'tensors({"early": (1, 3, 224, 224), "late": (1, 512, 7, 7)})',
    'tensors({"signal": (1, 4, 1, 6000)})',
    'tensors({"tall": (1, 1, 6000, 1)})',
    'tensors({"a": (1, 1, 64, 64), "b": (1, 3, 64, 64), "c": (1, 32, 32, 32), "d": (1, 4, 8, 60)})',
    "weights((4, 3, 3, 3))",
    "weights((64, 32, 3, 3))",
    "weights((64, 64, 3, 3))",
    "weights((64, 32, 3, 3), groups=2)",
    'weights((3, 3, 1, 6), layout="HWIO", groups=3)',
    "weights((6, 1, 3, 3), groups=6)",
    "weights((512, 512, 1, 1))",
    "weights((1000, 2048, 1, 1))",
    "weights((1, 1, 5, 5))",
    "weights((64, 3, 7, 7))",
    "weights((8, 16, 1, 9))",
    "weights((2, 1, 31, 31))",
    "wiring(3, 4)",
    "wiring(1, 1)",
    "wiring(3, 4, fed=1)",
    "wiring(6, 4, groups=2)",
    "wiring(6, 4, groups=2, fed=3)",
    "wiring(3, 6, groups=3)",
    "wiring(64, 64)",
    "wiring(64, 64, groups=2)",
    "wiring(64, 64, groups=2, fed=48)",
    "wiring(64, 64, groups=64)",
    "wiring(64, 64, groups=64, fed=40)",
    "wiring(32, 64, fed=64)",
    "wiring(3, 4, fed=4)",
    "wiring(2048, 1000, fed=4096)",
    "wirings(6, 6, groups=(1, 2, 3, 6))",
    "wirings(4, 8, groups=(1, 4))",
    "wirings(12, 12, groups=(1, 2, 3, 12))",
    "shuffle(6, groups=3, order=(0, 2, 4, 1, 3, 5))",
    "shuffle(4, groups=2, order=(0, 2, 1, 3), output=3)",
    "two_devices(4, 6)",
    "two_devices(8, 2)",
    "two_devices(2, 8)",
    "shard((5, 8, 11, 19), (12, 8, 3, 7))",
    "shard((1, 64, 28, 28), (32, 64, 3, 3))",
    "shard((1, 2, 30, 5), (9, 2, 5, 1))",
    "group_matrices({1: [[1] * 12] * 6, 2: [[1, 1, 0] * 4] * 6}, in_channels=4, out_channels=2)",
    "flatten((3, 2, 2))",
    "flatten((1, 28, 28))",
    "flatten((5, 1, 9))",
    "flatten((64, 256, 256), expected=32 * 256 * 256)",
    "flatten((32, 7, 7), expected=64 * 7 * 7)",
    "flatten((32, 7, 7), expected=1568)",
    'flatten((256, 256, 64), layout="HWC")',
    'flatten((2, 2, 3), layout="HWC")',
    'flatten((2, 2, 8), layout="HWC", expected=33)',
    'flatten((1, 1, 1), layout="HWC")',
    "transpose_and_reshape((2, 2, 3))",
    "transpose_and_reshape((1, 2, 3))",
    "transpose_and_reshape((2, 3, 1))",
    "transpose_and_reshape((3, 1, 4))",
    "transpose_and_reshape((1, 6, 2))",
    "transpose_and_reshape((1, 1, 1))",
    'chains({"One": [("data", "6 channels", "input"), ("layer", "for 6", "weight")]})',
    'chains({"Change the layer": [("your data", "64 channels", "input"), ("new layer", "for 64", "weight")], '
    '"Change the tensor": [("your data", "64 channels", "input"), ("adapter", "64 to 32", "weight"), '
    '("trained layer", "for 32", "weight")]})',
    'crossings({"Depthwise": (["in x mult", "1", "w"], ["w", "in", "mult"])})',
    'crossings({"Convolution": (["out", "in / g", "h", "w"], ["h", "w", "in / g", "out"]), '
    '"Depthwise": (["in x mult", "1", "h", "w"], ["h", "w", "in", "mult"]), '
    '"Transposed": (["in", "out", "h", "w"], ["h", "w", "out", "in"])})',
    'matrices({"repeat": [[1, 0], [0, 1], [1, 0], [0, 1]]})',
    'matrices({"select": [[1, 0, 0, 0], [0, 1, 0, 0]], "average": [[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]]})',
    'kernels({"onset": [[-1, -1, 0, 1, 1]] * 3, "tone": [[-1] * 5, [2] * 5, [-1] * 5]})',
    'kernels({"one": [[-3]]})',
    'kernels({"a": [[0, 1], [6, 0], [-1, 2]], "a longer name": [[0.25] * 7] * 2})',
    'matrices({"one channel from one": [[1]], "a row": [[0.25] * 8]})',
    'matrices({"swap": [[0, 1], [1, 0]], "mix": [[0.5, 0.5], [1, 0]]}, rows="RG", columns=["0", "1"])',
    'decisions([("Do labels take part?", "Labels")], "Settings")',
    'decisions([("Does it count axes, or is the size of your batch given as channels?", "An axis"), '
    '("Are tensors joined whose sides differ by 1?", "A side not divisible by 2 to the depth")], "Settings")',
    'ranking({"one": 1})',
    'ranking({"axis missing or doubled": 28, "flatten": 5, "others": 11})',
    "mismatch((1, 64, 256, 256), (64, 32, 3, 3))",
    "mismatch((1, 1, 64, 64), (4, 3, 3, 3))",
    "mismatch((1, 3, 64, 64), (4, 3, 3, 3), groups=2)",
    "mismatch((1, 3, 64, 64), (6, 3, 3, 3), groups=3)",
    "mismatch((1, 3, 64, 64), (4, 3, 3, 3))",
    'mismatch((1, 256, 256, 64), (3, 3, 32, 64), layout="NHWC", weight_layout="HWIO")',
    "mismatch((1, 1, 28, 28), (512, 512, 3, 3))",
    "mismatch((1, 2048, 7, 7), (1000, 1, 1, 1))",
    'mismatch((3, 64, 64), (64, 1, 7, 7), layout="CHW")',
    "mismatch((1, 64, 64, 64), (64, 1, 3, 3), groups=32)",
    "one_pixel([[[3, 1, 4], [1, 5, 9]]], [[[2, -1]]], row=1, column=0)",
    "one_pixel([[[2] * 7] * 6] * 2, [[[1] * 3] * 4] * 2, row=2, column=4)",
    "one_pixel([[[8] * 7] * 6] * 2, [[[-2, 1, -1]] * 2 + [[2, -1, 1]] * 2] * 2, row=1, column=2)",
    "windows((8, 13), (3, 4), stride=2)",
    "windows((5, 7), (3, 4), padding=1)",
    "windows((8, 13), (3, 4), dilation=2)",
    "windows((8, 11), (2, 3), stride=(3, 4), padding=(0, 2), dilation=(1, 2))",
    "windows(3, 3)",
    "shifts((5, 7), (6, 2, 3, 3))",
    "shifts((5, 7), (6, 2, 3, 4))",
    "shifts((2, 3), (4, 5, 1, 1))",
    "unrolled((5, 7), (2, 3, 4))",
    "unrolled((3, 4), (1, 2, 2))",
    "shared_weights(5, kernel=3)",
    "shared_weights(1, kernel=1)",
    "shared_weights(7, kernel=5)",
    "im2col((4, 5), kernel=(3, 3))",
    "im2col((3, 7), kernel=(2, 4))",
    "im2col((1, 1), kernel=(1, 1))",
    "shifted_copies((4, 5), kernel=(3, 3))",
    "shifted_copies((7, 4), kernel=(5, 2))",
    "shifted_copies((2, 3), kernel=(1, 3))",
    "sliding_rows((4, 5), kernel=(3, 3))",
    "sliding_rows((7, 3), kernel=(2, 2))",
    "sliding_rows((3, 3), kernel=(3, 1))",
    "winograd()",
    'times({"conv2d": (70.4, 50.9), "torch channels_last": (56.6, None), "tensorflow": (1, 1)}, limit=50.9)',
    'times({"fast": (5.25, 3)}, limit=8)',
]


@functools.cache
def draw(example):
    """Return an example's figure, drawn once for all tests that look at it."""
    return eval(example, vars(drawings))


@functools.cache
def svg_of(example):
    """Return the SVG of an example, as a string."""
    return svg(draw(example))


def svg(figure):
    """Return the SVG of a figure, as a string."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata=style.SVG_METADATA)
    return file.getvalue()


def text_boxes(figure):
    """Return each text with its box in pixels, 600 to the inch: so fine that hinting moves nothing."""
    figure.set_dpi(600)
    renderer = FigureCanvasAgg(figure).get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in figure.axes[0].texts]


def texts(figure):
    """Return the texts of a figure, in the order in which they were written."""
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("example", EXAMPLES)
def test_no_text_overlaps_another_or_leaves_the_figure(example):
    figure = draw(example)
    boxes = text_boxes(figure)
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        wide, tall = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        apart = wide < 8 or tall < 0  # a point where a text goes on in bold
        assert apart, f"{one!r} lies on {other!r}"
    for string, box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0, string
        assert box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1, string


@pytest.mark.parametrize("example", EXAMPLES)
def test_text_lies_on_no_fill_and_no_line(example):
    """On a dark page text turns light, and would vanish on a light fill."""
    figure = draw(example)
    boxes = [(string, box.padded(-3)) for string, box in text_boxes(figure)]
    for patch in figure.axes[0].patches:
        path = patch.get_path().transformed(patch.get_transform())
        filled = patch.get_facecolor()[3] > 0
        for string, box in boxes:
            assert not path.intersects_bbox(box, filled=filled), (
                f"{string!r} lies on a {type(patch).__name__}"
            )


@pytest.mark.parametrize("example", EXAMPLES)
def test_figures_are_readable_on_a_telephone(example):
    """390 px leave about 350 to a figure; text should not get smaller than 9 px there."""
    figure = draw(example)
    width = figure.get_size_inches()[0]
    assert width <= style.MAX_WIDTH
    smallest = min(text.get_fontsize() for text in figure.axes[0].texts)
    assert smallest >= 9
    assert smallest / 72 * min(96, 350 / width) >= 9


@pytest.mark.parametrize("example", EXAMPLES)
def test_colours_can_be_turned_for_a_dark_page(example):
    """Text has no fill of its own (black is the default), lines are #000000, and nothing is white."""
    image = svg_of(example)
    colors = {style.GRAY, style.WRONG, *style.GROUPS, *style.ROLES.values()}
    allowed = {"#000000", *(style.LINES.get(color, color).lower() for color in colors)}
    strokes = set(re.findall(r"stroke: ?([^;\"']+)", image)) - {"none"}
    assert "#000000" in strokes
    assert {stroke for stroke in strokes if not stroke.startswith("url(")} <= allowed  # url: a hatch
    assert not re.search(r"#f{3,6}\b|white", image, re.IGNORECASE)
    texts_drawn = re.findall(r'<g id="text_\d+">.*?</g>\s*</g>', image, re.DOTALL)
    assert len(texts_drawn) == len(texts(draw(example)))
    assert not any("fill" in text for text in texts_drawn)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_background_is_empty(example):
    figure = draw(example)
    figure.set_dpi(100)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = np.asarray(canvas.buffer_rgba())
    assert image[0, 0, 3] == 0
    assert image[..., 3].max() == 255


def test_no_date_and_no_creator():
    image = svg_of("weights((4, 3, 3, 3))")
    assert "dc:date" not in image
    assert "creator" not in image.lower()
    assert "<text" not in image


CELLS = [
    "from bookkit.drawings import *",
    "wiring(3, 4)",
    "x = wiring(3, 4)",
    "import matplotlib.pyplot as plt",
    "plt.plot([1, 2]);",
    "%matplotlib agg\n%matplotlib inline",
    "plt.plot([1, 2]);",
    f"""
import hashlib, io
for example in {EXAMPLES!r}:
    file = io.StringIO()
    eval(example).savefig(file, format="svg", metadata={style.SVG_METADATA!r})
    print(hashlib.sha256(file.getvalue().encode()).hexdigest())
""",
]


@pytest.fixture(scope="module")
def notebook():
    """CELLS as a notebook, run in a kernel of its own."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", str(BOOK))
        environment.setenv("PYTHONHASHSEED", "7")
        NotebookClient(notebook, kernel_name="python3").execute()
    return notebook


def test_a_cell_shows_one_svg(notebook):
    shown = [[sorted(output.data) for output in cell.outputs] for cell in notebook.cells[:-1]]
    one = [["image/svg+xml", "text/plain"]]
    assert shown == [[], one, [], [], one, [], one]
    images = [notebook.cells[place].outputs[0].data["image/svg+xml"] for place in (1, 4, 6)]
    assert not any("dc:date" in image or "white" in image or "#ffffff" in image for image in images)


def test_the_same_bytes_in_another_process(notebook):
    printed = "".join(output.text for output in notebook.cells[-1].outputs)
    there = dict(zip(EXAMPLES, printed.split(), strict=True))
    here = {example: hashlib.sha256(svg_of(example).encode()).hexdigest() for example in EXAMPLES}
    assert there == here
    assert len(set(here.values())) == len(EXAMPLES)


# What is drawn


def front_sizes(figure, fill):
    """Return width and height in inches of each rectangle of that fill."""
    found = []
    for patch in figure.axes[0].patches:
        points = patch.get_xy() if hasattr(patch, "get_xy") else None
        if points is not None and patch.get_facecolor()[:3] == to_rgb(tint(fill, 0.15)):
            xs, ys = np.transpose(points)
            found.append((np.ptp(xs), np.ptp(ys)))
    return found


def depths(figure, fill):
    """Return the length of each block of that fill along the slanted axis, from its right-hand face."""
    found = []
    for patch in figure.axes[0].patches:
        if patch.get_facecolor()[:3] == to_rgb(tint(fill, -0.2)):
            (x0, y0), (x1, y1) = patch.get_xy()[:2]
            found.append(np.hypot(x1 - x0, y1 - y0))
    return found


def test_tensors_are_drawn_to_scale():
    figure = tensors({"input": (1, 64, 256, 128), "output": (1, 32, 200, 100)})
    (input_size,), (output_size,) = (
        front_sizes(figure, style.ROLES["input"]),
        front_sizes(figure, style.ROLES["output"]),
    )
    unit = input_size[1] / 256
    assert input_size[0] == pytest.approx(128 * unit)
    assert output_size == pytest.approx((100 * unit, 200 * unit))
    assert depths(figure, style.ROLES["input"]) == pytest.approx([64 * unit])
    assert depths(figure, style.ROLES["output"]) == pytest.approx([32 * unit])
    assert texts(figure)[-1] == "Drawn to scale."


def test_a_figure_says_what_is_not_to_scale():
    figure = tensors({"late": (1, 512, 7, 7)})
    ((width, height),) = front_sizes(figure, style.ROLES["input"])
    (depth,) = depths(figure, style.ROLES["input"])
    factor = int(re.search(r"^Drawn to scale, but channels (\d+) times too short\.$", texts(figure)[-1])[1])
    assert width == pytest.approx(height)
    assert depth == pytest.approx(512 * width / 7 / factor)
    thin = tensors({"gray": (1, 1, 256, 256)})
    assert depths(thin, style.ROLES["input"]) == pytest.approx([blocks.THINNEST])
    assert texts(thin)[-1] == "Drawn to scale; what would be too thin to see is drawn thicker."


@pytest.mark.parametrize(("batch", "blocks"), [(1, 1), (2, 2), (3, 3), (4, 3), (16, 3)])
def test_a_batch_is_that_many_blocks(batch, blocks):
    figure = tensors({"x": (batch, 3, 64, 64)})
    assert len(front_sizes(figure, style.ROLES["input"])) == blocks
    assert (f"batch {batch}" in texts(figure)) == (batch > 1)


def test_axes_are_named_in_either_layout():
    for figure in (tensors({"x": (1, 5, 8, 9)}), tensors({"x": ((1, 8, 9, 5), "NHWC")})):
        words = texts(figure)
        assert words[words.index("height") + 1] == "8"
        assert words[words.index("channels") + 1] == "5"
        assert "width 9" in words


def test_weights_show_every_filter_or_say_which():
    assert [word for word in texts(weights((4, 3, 3, 3))) if word.startswith("filter")] == [
        "filter 0",
        "filter 1",
        "filter 2",
        "filter 3",
    ]
    words = texts(weights((64, 32, 3, 3), groups=2))
    assert [word for word in words if word.startswith("filter")] == [
        "filter 0",
        "filter 31",
        "filter 32",
        "filter 63",
    ]
    assert [word for word in words if word.startswith("group")] == [
        "group 0",
        "group 0",
        "group 1",
        "group 1",
    ]
    assert words[words.index("in / groups") + 1] == "32"
    words = texts(weights((3, 3, 2, 6), layout="HWIO"))
    assert words[words.index("in_channels") + 1] == "2"
    assert "out_channels 6" in words


def test_weights_are_drawn_to_scale():
    figure = weights((2, 5, 3, 4))
    unit = front_sizes(figure, style.ROLES["weight"])[0][0] / 4
    assert front_sizes(figure, style.ROLES["weight"]) == [pytest.approx((4 * unit, 3 * unit))] * 2
    assert depths(figure, style.ROLES["weight"]) == pytest.approx([5 * unit] * 2)


def wires(figure):
    """Return the ends of all lines between the columns, and whether each is dashed."""
    found = []
    for patch in figure.axes[0].patches:
        points = patch.get_xy() if hasattr(patch, "get_xy") else ()
        if len(points) == 2 and points[1][0] - points[0][0] > 1:
            found.append((points[0][1], points[1][1], patch.get_linestyle() != "solid"))
    return found


@pytest.mark.parametrize(
    ("arguments", "solid", "dashed"),
    [
        ((3, 4), 12, 0),
        ((3, 4, 1, 1), 4, 8),
        ((6, 4, 2), 12, 0),
        ((6, 4, 2, 3), 6, 6),
        ((3, 6, 3), 6, 0),
        ((3, 4, 1, 5), 12, 0),
        ((4, 4, 4), 4, 0),
    ],
)
def test_one_line_is_one_slice(arguments, solid, dashed):
    figure = wiring(*arguments)
    assert sum(not is_dashed for _, _, is_dashed in wires(figure)) == solid
    assert sum(is_dashed for _, _, is_dashed in wires(figure)) == dashed
    assert f"{solid + dashed} in all." in texts(figure)[-1]


def test_wiring_stays_within_its_group():
    figure = wiring(6, 4, groups=2)
    lines = wires(figure)
    starts = sorted({start for start, _, _ in lines})
    ends = sorted({end for _, end, _ in lines})
    assert {(starts.index(a) // 6, ends.index(b) // 6) for a, b, _ in lines} == {(0, 0), (1, 1)}


def test_wiring_names_what_is_missing_and_what_is_too_much():
    assert [word for word in texts(wiring(3, 4, fed=1)) if "missing" in word] == ["missing  1", "missing  2"]
    assert [word for word in texts(wiring(3, 4, fed=5)) if "weight" in word] == [
        "no weight  3",
        "no weight  4",
    ]
    words = texts(wiring(64, 64, fed=40))
    assert "39" in words
    assert "missing  40" in words
    assert words[-1].endswith("= 4096 in all, some shown.")


def test_wiring_of_one_group_has_the_colours_of_the_roles():
    figure = wiring(3, 4)
    nodes = [patch for patch in figure.axes[0].patches if hasattr(patch, "get_radius")]
    fills = [to_hex(node.get_facecolor()) for node in nodes]
    roles = style.ROLES
    assert fills == [style.front(roles["input"])] * 3 + [style.front(roles["output"])] * 4
    lines = {to_hex(patch.get_edgecolor()) for patch in figure.axes[0].patches if patch not in nodes}
    assert lines == {style.LINES[roles["weight"]].lower()}


def long_lines(figure):
    """Return (colour, width) of each line from column to column."""
    return [
        (to_hex(patch.get_edgecolor()), patch.get_linewidth())
        for patch in figure.axes[0].patches
        if hasattr(patch, "get_xy") and len(patch.get_xy()) == 2
    ]


def test_wirings_draw_every_channel_and_one_line_a_slice():
    figure = wirings(6, 6, groups=(1, 2, 3, 6))
    words = texts(figure)
    assert [word for word in words if word.endswith("slices")] == [
        "36 slices",
        "18 slices",
        "12 slices",
        "6 slices",
    ]
    assert words.count("depthwise") == 1
    assert all(words.count(str(channel)) == 2 for channel in range(6)), "the outermost columns alone"
    nodes = [patch.center for patch in figure.axes[0].patches if hasattr(patch, "radius")]
    assert len({round(y, 6) for _, y in nodes}) == 6, "a channel has one height in all panels"
    assert len(long_lines(figure)) == 36 + 18 + 12 + 6
    assert len({color for color, _ in long_lines(figure)}) == 6


def test_wirings_fold_where_a_row_is_too_wide():
    one, many = wirings(6, 6, groups=(1, 2)), wirings(6, 6, groups=(1, 2, 3, 6, 1))
    assert many.get_size_inches()[0] <= style.MAX_WIDTH
    assert many.get_size_inches()[1] > 1.6 * one.get_size_inches()[1]


@pytest.mark.parametrize(
    ("arguments", "plain", "shuffled"),
    [((6, 3, (0, 2, 4, 1, 3, 5)), 4 + 2, 4 + 2 + 2), ((4, 2, (0, 2, 1, 3), 3), 4 + 2, 4 + 2 + 2)],
)
def test_shuffle_follows_an_output_back_to_its_inputs(arguments, plain, shuffled):
    lines = long_lines(shuffle(*arguments))
    channels, groups = arguments[:2]
    of_layer = channels * channels // groups
    assert len(lines) == 4 * of_layer + channels
    assert sum(width > 1 for _, width in lines) == plain + shuffled
    assert {color for color, width in lines if width < 1} == {style.GRAY.lower()}


def test_group_matrices_colour_what_is_not_zero():
    figure = group_matrices({1: np.ones((4, 6)), 2: np.kron(np.eye(2), np.ones((2, 3)))}, 2, 2)
    cells = [patch for patch in figure.axes[0].patches if patch.get_facecolor()[3] > 0]
    colors = [to_hex(cell.get_facecolor()) for cell in cells]
    first, second = (style.front(color) for color in style.GROUPS[:2])
    assert colors == [first] * 4 + [first] * 2 + [second] * 2
    widths = [np.ptp(cell.get_xy()[:, 0]) for cell in cells]
    assert widths == pytest.approx([widths[0]] * 4 + [widths[0] / 2] * 4)


def test_flatten_counts():
    words = texts(flatten((64, 256, 256), expected=32 * 256 * 256))
    assert "".join(words).count("64 channels × 65,536 numbers = 4,194,304 features") == 1
    assert "the layer expects 2,097,152" in words
    assert "2,097,152 too many" in words
    assert "1568 missing" in texts(flatten((32, 7, 7), expected=64 * 7 * 7))
    assert "They agree." in texts(flatten((32, 7, 7), expected=1568))
    words = texts(flatten((256, 256, 64), layout="HWC"))
    assert "65,536 pixels × 64 numbers = 4,194,304 features" in "".join(words)
    assert "pixel 0, 1" in words


@pytest.mark.parametrize(("layout", "order"), [("CHW", "AAAABBBBCCCC"), ("HWC", "ABCABCABCABC")])
def test_flatten_colours_the_row_as_memory_runs(layout, order):
    shape = {"CHW": (3, 2, 2), "HWC": (2, 2, 3)}[layout]
    figure = flatten(shape, layout=layout)
    colors = {
        to_rgb(tint(tint(style.ROLES["input"], shade), 0.15)): letter
        for shade, letter in zip((-0.4, 0.0, 0.4), "ABC", strict=True)
    }
    cells = []
    for patch in figure.axes[0].patches:
        if hasattr(patch, "get_xy") and patch.get_facecolor()[:3] in colors and patch.get_facecolor()[3] > 0:
            xs, ys = np.transpose(patch.get_xy())
            if np.ptp(ys) == pytest.approx(0.24):
                cells.append((xs.min(), np.ptp(xs), colors[patch.get_facecolor()[:3]]))
    width = min(wide for _, wide, _ in cells) / (4 if layout == "CHW" else 1)
    assert "".join(letter * round(wide / width) for _, wide, letter in sorted(cells)) == order


@pytest.mark.parametrize("shape", [(2, 2, 3), (2, 2, 16), (1, 1, 1)])
def test_flatten_hatches_one_pixel_on_the_sheets_and_in_the_row(shape):
    hatched = [patch for patch in flatten(shape, layout="HWC").axes[0].patches if patch.get_hatch()]
    filled = [patch.get_facecolor()[:3] for patch in hatched]
    half = len(filled) // 2  # the sheets are drawn from the last channel to the first
    assert filled[:half][::-1] == filled[half:], "a hatched pixel keeps its channel's shade"
    assert half == min(shape[2], 3)


def shaded(figure, shade):
    """Return how many cells have a strip in that shade of the input's colour."""
    fill = to_rgb(tint(tint(style.ROLES["input"], shade), 0.15))
    return sum(patch.get_facecolor()[:3] == fill for patch in figure.axes[0].patches)


@pytest.mark.parametrize("shape", [(2, 2, 3), (1, 2, 3), (3, 2, 2), (3, 1, 4)])
def test_transpose_and_reshape_move_the_numbers_as_numpy_does(shape):
    figure = transpose_and_reshape(shape)
    height, width, channels = shape
    letters = "RGB" if channels == 3 else "ABCD"[:channels]
    image = np.array([[f"{c}{pixel}" for c in letters] for pixel in range(height * width)]).reshape(shape)
    names = [text for text in texts(figure) if re.fullmatch(r"[A-Z]\d+", text)]
    want = [image, image, image.transpose(2, 0, 1), image.reshape(channels, height, width)]
    assert names == [name for array in want for name in array.ravel()]
    for shade in (-0.4, 0.0, 0.4, 0.7)[:channels]:
        assert shaded(figure, shade) == 4 * height * width


def underlined(figure):
    """Return the bold numbers, which are those underlined."""
    return [
        text.get_text()
        for text in figure.axes[0].texts
        if text.get_fontweight() == "bold" and text.get_text().isdigit()
    ]


def test_mismatch_marks_the_numbers_that_disagree():
    figure = mismatch((1, 64, 256, 256), (64, 32, 3, 3))
    assert underlined(figure) == ["64", "32"]
    assert "32 too many" in texts(figure)
    assert depths(figure, style.ROLES["input"])[0] == pytest.approx(
        2 * depths(figure, style.ROLES["weight"])[0]
    )
    figure = mismatch((1, 256, 256, 64), (3, 3, 32, 64), layout="NHWC", weight_layout="HWIO")
    assert underlined(figure) == ["64", "32"]
    figure = mismatch((1, 3, 64, 64), (4, 3, 3, 3), groups=2)
    assert underlined(figure) == ["3", "3", "2"]
    assert "the weight expects 6 channels = 3 × 2 groups" in texts(figure)
    assert "3 missing" in texts(figure)
    figure = mismatch((1, 6, 64, 64), (4, 3, 3, 3), groups=2)
    assert underlined(figure) == []
    assert "They agree." in texts(figure)


def corners_of(figure, fill):
    """Return the lower left corner of each rectangle of that fill."""
    found = []
    for patch in figure.axes[0].patches:
        color = patch.get_facecolor()
        filled = hasattr(patch, "get_xy") and color[3] > 0 and color[:3] == to_rgb(tint(fill, 0.15))
        if filled:
            found.append(tuple(np.min(patch.get_xy(), axis=0).round(6)))
    return found


def test_one_pixel_adds_up():
    words = texts(one_pixel([[[3, 1, 4], [1, 5, 9]]], [[[2, -1]]], row=1, column=0))
    assert words.count("= −3") == 1
    assert words[-2:] == ["−3", "output"]


@pytest.mark.parametrize(
    ("arguments", "outputs", "unread"),
    [
        (((8, 13), (3, 4), 2), (3, 5), 13 + 8 - 1),  # the last row and the last column
        (((5, 7), (3, 4), 1, 1), (5, 6), 0),
        (((8, 13), (3, 4), 1, 0, 2), (4, 7), 0),
        (((6, 9), (2, 3), (4, 3)), (2, 3), 2 * 9),  # two rows in the middle
    ],
)
def test_windows_mark_what_no_output_reads(arguments, outputs, unread):
    figure = windows(*arguments)
    gray = [patch.get_xy() for patch in figure.axes[0].patches if patch.get_hatch()]
    assert sum(round(np.ptp(run[:, 0]) / np.ptp(run[:, 1])) for run in gray) == unread
    words = texts(figure)
    assert len([word for word in words if re.fullmatch(r"output column \d+", word)]) == outputs[1]
    assert words[words.index("output row") - 1] == str(outputs[0] - 1)
    assert any("never read" in word for word in words) == (unread > 0)
    dots = [patch for patch in figure.axes[0].patches if hasattr(patch, "radius")]
    tall, wide = arguments[1]
    assert len(dots) == tall * wide + outputs[0] * tall + outputs[1] * wide


def test_shifts_are_one_product_for_each_place():
    figure = shifts((5, 7), (6, 2, 3, 4))
    assert (
        len(corners_of(figure, style.ROLES["weight"])) == len(corners_of(figure, style.ROLES["input"])) == 12
    )
    assert "12 products, added up =" in texts(figure)
    assert "output (6, 3, 4)" in texts(figure)


def test_unrolled_has_a_row_for_each_output_pixel():
    figure = unrolled((5, 7), (2, 3, 4))
    corners = corners_of(figure, style.ROLES["weight"])
    assert len(corners) == 12 * 2 * 3  # rows, channels, rows of the kernel
    assert len({y for _, y in corners}) == 12
    unit = max(np.ptp(patch.get_xy()[:, 0]) for patch in figure.axes[0].patches) / 70
    for row, y in enumerate(sorted({y for _, y in corners}, reverse=True)):
        first = min(round(x / unit) for x, corner in corners if corner == y)
        assert first == row // 4 * 7 + row % 4


def places(figure):
    """Return {(x, y): number} for the numbers in cells, in inches from the figure's left and lower edges."""
    return {
        text.get_position(): int(text.get_text())
        for text in figure.axes[0].texts
        if text.get_text().isdigit()
    }


def frames(figure):
    """Return the numbers within each thick frame, as a sorted list."""
    found = []
    for patch in figure.axes[0].patches:
        if patch.get_edgecolor()[:3] == to_rgb(style.ROLES["input"]) and patch.get_linewidth() == 2.6:
            (left, bottom), (right, top) = np.min(patch.get_xy(), axis=0), np.max(patch.get_xy(), axis=0)
            inside = [n for (x, y), n in places(figure).items() if left < x < right and bottom < y < top]
            found.append(sorted(inside))
    return found


@pytest.mark.parametrize(("image", "kernel"), [((4, 5), (3, 3)), ((3, 7), (2, 4)), ((6, 3), (4, 2))])
def test_columns_hold_the_pixels_under_the_kernel(image, kernel):
    figure = im2col(image, kernel)
    pixels = np.arange(image[0] * image[1]).reshape(image)
    windows = np.lib.stride_tricks.sliding_window_view(pixels, kernel)
    columns = windows.reshape(-1, kernel[0] * kernel[1])
    right = max(x for x, _ in places(figure)) - (len(columns) - 0.5) * cells.CELL
    shown = {}
    for (x, _), number in places(figure).items():
        if x > right:
            shown.setdefault(round(x, 3), []).append(number)
    assert [sorted(shown[x]) for x in sorted(shown)] == columns.tolist()
    assert frames(figure) == [columns[1].tolist()] * 2, "the marked window and the marked column"


@pytest.mark.parametrize(("image", "kernel"), [((4, 5), (3, 3)), ((7, 4), (5, 2))])
def test_copies_are_shifted_by_a_column_each(image, kernel):
    pixels = np.arange(image[0] * image[1]).reshape(image)
    copy = image[1] - kernel[1] + 1
    figure = shifted_copies(image, kernel)
    shown = sorted(places(figure).values())
    copies = [pixels[:, v : v + copy].ravel().tolist() for v in range(kernel[1])]
    assert shown == sorted(itertools.chain(pixels.ravel().tolist(), *copies))
    assert {f"shift {v}" for v in range(kernel[1])} < set(texts(figure))
    assert frames(figure) == [copies[1]] * 2


@pytest.mark.parametrize(("image", "kernel"), [((4, 5), (3, 3)), ((7, 3), (2, 2))])
def test_a_row_of_the_kernel_reads_one_piece_of_the_copy(image, kernel):
    pixels = np.arange(image[0] * image[1]).reshape(image)
    tall, copy, height = kernel[0], image[1] - kernel[1] + 1, image[0] - kernel[0] + 1
    figure = sliding_rows(image, kernel)
    assert frames(figure) == [pixels[u : u + height, 1 : 1 + copy].ravel().tolist() for u in range(tall)]
    above = {x: n for (x, y), n in places(figure).items() if -cells.CELL < y < 0}
    assert [above[x] for x in sorted(above)] == pixels[:, 1 : 1 + copy].ravel().tolist()
    for (x, _), number in places(figure).items():
        assert above.get(x, number) == number or number < image[0], "a piece lies below its own memory"


def test_winograds_picture_computes_the_two_outputs():
    rng = np.random.default_rng(0)
    d, g = rng.integers(-9, 10, 4), rng.integers(-9, 10, 3)
    names = {**{f"d{i}": d[i] for i in range(4)}, **{f"g{i}": g[i] for i in range(3)}}
    products = []
    for added, subtracted, data, kernel in winograd_drawing.MIXES:
        mixed = sum(d[i] for i in added) - sum(d[i] for i in subtracted)
        assert eval(data.replace("−", "-"), dict(names)) == mixed
        products.append(mixed * eval(kernel.replace("−", "-"), dict(names)))
    outputs = [
        sum(products[i] for i in added) - sum(products[i] for i in subtracted)
        for added, subtracted in winograd_drawing.OUTPUTS
    ]
    assert outputs == [d[i : i + 3] @ g for i in range(2)]
    assert {"d0 − d2", "(g0 + g1 + g2) / 2", "m3", "y1"} <= set(texts(winograd()))


def test_times_are_drawn_to_scale():
    figure = times({"conv2d": (80, 50), "torch": (60, None)}, limit=50)
    (whole, _), (products, _) = front_sizes(figure, style.IMPLEMENTATIONS["NumPy"])
    ((framework, _),) = front_sizes(figure, style.IMPLEMENTATIONS["PyTorch"])
    assert (whole / framework, products / framework) == pytest.approx((80 / 60, 50 / 60))
    (hatched,) = [patch for patch in figure.axes[0].patches if patch.get_hatch()]
    assert np.ptp(hatched.get_xy()[:, 0]) == pytest.approx(products)
    assert [word for word in texts(figure) if "." in word][:2] == ["80.0", "60.0"]


def test_a_style_of_line_is_one_weight():
    figure = shared_weights(7, kernel=3)
    lines = [patch for patch in figure.axes[0].patches if len(getattr(patch, "get_xy", list)()) == 2]
    ends = {}
    for line in lines[: 3 * 5]:
        (_, pixel), (_, out) = line.get_xy()
        ends.setdefault(str(line.get_linestyle()), set()).add(round((out - pixel) / 0.36))
    assert sorted(ends.values(), key=min) == [{-1}, {0}, {1}]
    assert texts(figure)[:12] == [f"x{i}" for i in range(7)] + [f"y{i}" for i in range(5)]


def lightness(color):
    """L* of CIE 1976, from sRGB."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]
    luminance = np.dot((0.2126, 0.7152, 0.0722), linear)
    return 116 * np.cbrt(luminance) - 16


def test_roles_and_neighbouring_groups_differ_in_print():
    for one, other in itertools.combinations(style.ROLES.values(), 2):
        assert abs(lightness(one) - lightness(other)) > 10
    for one, other in itertools.pairwise([*style.GROUPS, style.GROUPS[0]]):
        assert abs(lightness(one) - lightness(other)) > 15


def test_a_colour_means_one_thing():
    meanings = [style.BLACK, style.GRAY, style.WRONG, *style.ROLES.values(), *style.GROUPS]
    curves = [color for color in style.IMPLEMENTATIONS.values() if color != style.GRAY]
    assert len({*meanings, *curves}) == len(meanings) + len(curves)


COLORS = [style.GRAY, style.WRONG, *style.ROLES.values(), *style.GROUPS, *style.IMPLEMENTATIONS.values()]


@pytest.mark.parametrize("color", COLORS)
def test_a_colour_is_seen_on_a_light_and_on_a_dark_page(color):
    dark = 8  # L* of the dark page's #14181e
    assert dark + 30 < lightness(color) < 80


def contrast(one, other):
    """The contrast of two colours, from 1 to 21, as WCAG 2 defines it."""
    luminances = [((lightness(color) + 16) / 116) ** 3 for color in (one, other)]
    return (max(luminances) + 0.05) / (min(luminances) + 0.05)


@pytest.mark.parametrize("color", [style.BLACK, *COLORS])
def test_a_line_stands_out_on_a_light_and_on_a_dark_page(color):
    line = style.LINES.get(color, color)
    assert contrast(line, "#ffffff") >= 3
    assert contrast(figures.dark(line, line=True), figures.DARK_PAGE) >= 3


def test_a_line_of_a_pale_colour_has_that_colour_again_on_a_dark_page():
    for color, line in style.LINES.items():
        assert figures.dark(line, line=True) == color.lower()


def test_an_outline_in_a_pale_colour_is_drawn_darker():
    for drawing in (
        lambda canvas, color: canvas.line([(0, 0), (1, 0)], color),
        lambda canvas, color: canvas.rectangle(0, 0, 1, 1, edge=color),
    ):
        for color, line in style.LINES.items():
            canvas = Canvas()
            drawing(canvas, color)
            (patch,) = canvas.figure().axes[0].patches
            assert to_hex(patch.get_edgecolor()) == line.lower()


# What is refused


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: tensors({}), TypeError, r"^tensors\(\) expects a dict like"),
        (lambda: tensors((1, 3, 8, 8)), TypeError, r"^tensors\(\) expects a dict like .* got \(1, 3, 8, 8\)"),
        (
            lambda: tensors({"x": (1, 3, 8)}),
            ValueError,
            r"^x has 3 axes in \(1, 3, 8\), but its layout NCHW names 4",
        ),
        (lambda: tensors({"x": (1, 3, 0, 8)}), ValueError, "^x expects a shape of whole numbers from 1 on"),
        (lambda: tensors({"x": (1, 3, 8.0, 8)}), ValueError, "^x expects a shape of whole numbers from 1 on"),
        (lambda: tensors({"x": 3}), TypeError, "^x expects a shape like"),
        (lambda: tensors({"x": (1, 3, 8, 8)}, layout="NCHH"), ValueError, "^x expects a layout like NCHW"),
        (lambda: tensors({"x": (1, 3, 8)}, layout="NCH"), ValueError, "^x expects a layout like NCHW"),
        (lambda: tensors({"x": (1, 3, 8, 8)}, layout=3), ValueError, "^x expects a layout like NCHW"),
        (
            lambda: tensors({"x": (1, 3, 8, 8)}, roles=["wrong"]),
            ValueError,
            "^roles expects one of input, output, weight",
        ),
        (
            lambda: tensors({"x": (1, 3, 8, 8)}, roles=[]),
            ValueError,
            "^roles expects one of .* for each of 1 tensors",
        ),
        (lambda: weights((4, 3, 3)), ValueError, "^weight has 3 axes"),
        (
            lambda: weights((4, 3, 3, 3), layout="NCHW"),
            ValueError,
            "^weight expects a layout of the letters O, I, H, W",
        ),
        (
            lambda: weights((4, 3, 3, 3), groups=3),
            ValueError,
            "^out_channels has to be a multiple of groups, got 4 and",
        ),
        (
            lambda: weights((4, 3, 3, 3), groups=0),
            ValueError,
            "^groups expects a whole number from 1 on, got 0",
        ),
        (
            lambda: wiring(3, 4, groups=2),
            ValueError,
            "^in_channels has to be a multiple of groups, got 3 and groups=2",
        ),
        (lambda: wiring(4, 3, groups=2), ValueError, "^out_channels has to be a multiple of groups"),
        (lambda: wiring(0, 3), ValueError, "^in_channels expects a whole number from 1 on, got 0"),
        (lambda: wiring(3, 3, fed=True), ValueError, "^fed expects a whole number from 1 on, got True"),
        (lambda: wirings(6, 6, groups=(1, 4)), ValueError, "^in_channels has to be a multiple of groups"),
        (lambda: wirings(24, 6, groups=(1,)), ValueError, "^in_channels expects 12 channels at most, got 24"),
        (lambda: shuffle(6, 4, range(6)), ValueError, "^channels has to be a multiple of groups"),
        (lambda: shuffle(16, 4, range(16)), ValueError, "^channels expects 8 at most, got 16"),
        (lambda: shuffle(4, 2, (0, 1, 1, 3)), ValueError, "^order expects each of 4 channels once"),
        (lambda: shuffle(4, 2, range(4), 4), ValueError, "^output expects a channel from 0 to 3, got 4"),
        (lambda: group_matrices({2: [[1, 1]]}, 2, 2), ValueError, "has no blocks for out_channels=2"),
        (lambda: group_matrices({2: [[1, 1]]}, 3, 1), ValueError, "^out_channels has to be a multiple"),
        (
            lambda: one_pixel([[[1]]], [[1]], 0, 0),
            ValueError,
            r"^one_pixel\(\) expects an image and a filter",
        ),
        (lambda: one_pixel([[[1, 2]]], [[[1]]], 0, 2), ValueError, "has no pixel in row 0 and column 2"),
        (lambda: one_pixel([[[1] * 20]], [[[1]]], 0, 2), ValueError, "too wide to draw"),
        (lambda: one_pixel([[[99]]], [[[99]]], 0, 0), ValueError, "^9801 is too long for a cell"),
        (lambda: windows((2, 7), 3), ValueError, "^the kernel spans 3 in height, but the padded image has 2"),
        (lambda: windows(7, 3, stride=0), ValueError, "^stride expects a whole number from 1 on, got 0"),
        (lambda: windows(7, 3, padding=-1), ValueError, "^padding expects a whole number from 0 on"),
        (lambda: windows((8, 40), 3), ValueError, "too wide to draw"),
        (lambda: shifts((5, 7), (6, 2, 3)), ValueError, r"^weight expects 4 axes, got \(6, 2, 3\)"),
        (lambda: shifts((2, 7), (6, 2, 3, 3)), ValueError, "^the kernel of 3 by 3 is larger than the image"),
        (lambda: shifts((5, 90), (6, 2, 3, 3)), ValueError, "too wide to draw"),
        (lambda: unrolled((2, 7), (6, 3, 3)), ValueError, "^the kernel of 3 by 3 is larger than the image"),
        (lambda: unrolled((9, 9), (2, 3, 3)), ValueError, "^a matrix of 162 columns is too wide"),
        (lambda: shared_weights(0, 1), ValueError, "^pixels expects a whole number from 1 on, got 0"),
        (lambda: shared_weights(2, 3), ValueError, "^kernel expects at most 2 weights for 2 pixels, got 3"),
        (lambda: shared_weights(9, 6), ValueError, "^kernel expects at most 5 weights for 9 pixels, got 6"),
        (
            lambda: im2col((4, 5), kernel=(5, 3)),
            ValueError,
            r"^kernel expects a height and a width of at most",
        ),
        (lambda: im2col((4, 5), kernel=3), TypeError, "^kernel expects a shape like"),
        (lambda: im2col((9, 9), kernel=(3, 3)), ValueError, "^an image of 9 x 9 has too many places"),
        (
            lambda: shifted_copies((4, 9), kernel=(3, 3)),
            ValueError,
            "^an image of 4 x 9 and its 3 copies are",
        ),
        (lambda: sliding_rows((9, 9), kernel=(3, 3)), ValueError, "^an image of 9 x 9 is too long"),
        (lambda: times({}, limit=1), ValueError, r"^times\(\) expects names with a time above 0"),
        (
            lambda: times({"fast": (1, 2)}, limit=1),
            ValueError,
            r"^times\(\) expects names with a time above 0",
        ),
        (lambda: flatten((3, 2)), ValueError, "^tensor has 2 axes"),
        (lambda: transpose_and_reshape(3), TypeError, "^image expects a shape like"),
        (lambda: transpose_and_reshape((2, 3)), ValueError, "^image has 2 axes"),
        (lambda: transpose_and_reshape((1, 1, 5)), ValueError, "^image expects at most 4 channels"),
        (lambda: transpose_and_reshape((5, 1, 3)), ValueError, "12 numbers in all, got \\(5, 1, 3\\)"),
        (lambda: flatten((3, 2, 2), layout="WHC"), ValueError, "^layout expects CHW or HWC, got 'WHC'"),
        (lambda: flatten((3, 2, 2), expected=0), ValueError, "^expected expects a whole number from 1 on"),
        (lambda: drawings.shard((8, 9), (2, 8, 3, 3)), ValueError, "^input expects 4 sizes"),
        (
            lambda: drawings.shard((1, 8, 9, 9), (2, 6, 3, 3)),
            ValueError,
            "^weight expects the input's 8 channels",
        ),
        (lambda: drawings.shard((1, 7, 9, 9), (2, 7, 3, 3)), ValueError, "^channels has to be a multiple"),
        (
            lambda: mismatch((64, 64), (4, 3, 3, 3), layout="HW"),
            ValueError,
            "^layout expects the letter C, got 'HW'",
        ),
        (
            lambda: mismatch((1, 3, 8, 8), (4, 3, 3, 3), groups=3),
            ValueError,
            "^out_channels has to be a multiple",
        ),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({}, "at least one row"),
        ({"empty": []}, "'empty' expects at least one box"),
        ({"a": [("x", "y", "adapter")]}, "role 'adapter'; expected one of input"),
    ],
)
def test_chains_that_cannot_be_drawn(rows, said):
    with pytest.raises(ValueError, match=said):
        drawings.chains(rows)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: drawings.decisions([], "rest"), "at least one question"),
        (lambda: drawings.decisions([("yes?" * 20, "no")], "rest"), "too long for a box"),
        (lambda: drawings.ranking({}), "names with a count"),
        (lambda: drawings.ranking({"none": 0}), "names with a count"),
        (
            lambda: drawings.ranking({"a name that is much too long to leave any room for bars": 3}),
            "for the bars",
        ),
    ],
)
def test_questions_and_counts_that_cannot_be_drawn(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_bars_are_as_long_as_their_counts():
    counts = {"a": 28, "bb": 7, "c": 14}
    lengths = [np.ptp(patch.get_xy()[:, 0]) for patch in drawings.ranking(counts).axes[0].patches]
    assert [length / lengths[0] * 28 for length in lengths] == pytest.approx(list(counts.values()))


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({}, "at least one weight"),
        ({"Linear": (["out", "in"], ["in"])}, "the axes out, in above and in below"),
        ({"Depthwise": (["in x mult", "1"], ["in", "m"])}, "in another order"),
    ],
)
def test_crossings_that_cannot_be_drawn(weights, said):
    with pytest.raises(ValueError, match=said):
        drawings.crossings(weights)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({}, "at least one matrix"),
        ({"a": [1, 2]}, "'a' expects two axes"),
        ({"a": [[2]]}, "numbers from 0 to 1"),
        ({"a": np.ones((2, 40))}, "inches wide"),
    ],
)
def test_matrices_that_cannot_be_drawn(named, said):
    with pytest.raises(ValueError, match=said):
        drawings.matrices(named)


@pytest.mark.parametrize(
    ("labels", "said"), [({"rows": "R"}, "2 rows, got 1"), ({"columns": "01"}, "3 columns, got 2")]
)
def test_matrices_with_another_number_of_labels(labels, said):
    with pytest.raises(ValueError, match=said):
        drawings.matrices({"a": np.ones((2, 3))}, **labels)


def test_a_square_is_full_as_far_as_its_number_says():
    squares = drawings.matrices({"a": [[0.25, 1], [0, 0.5]]}).axes[0].patches
    color = to_rgb(style.front(style.ROLES["weight"]))
    heights = [
        round(float(np.ptp(patch.get_xy()[:, 1])), 6)
        for patch in squares
        if patch.get_facecolor()[3] and patch.get_facecolor()[:3] == color
    ]
    assert heights == [0.05, 0.2, 0.1]


# ---- The cover and the small pictures ----


def test_every_stored_picture_is_what_its_drawing_makes():
    stored = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")}
    assert stored.keys() == PICTURES.keys()
    differing = [name for name in PICTURES if drawn(name) != stored[name]]
    assert differing == [], "run `PYTHONPATH=book python tools/pictures.py`"


@pytest.mark.parametrize("name", sorted(PICTURES.keys() - {"cover", "missing"}))
def test_small_pictures_are_of_one_size(name):
    assert tuple(PICTURES[name]().figure().get_size_inches()) == pytest.approx(
        (sheet.WIDE + 2 * style.MARGIN, sheet.TALL + 2 * style.MARGIN)
    )


def test_a_picture_that_is_too_large_is_refused():
    large = sheet.Sheet()
    large.rectangle(0, 0, 2, 0.5)
    with pytest.raises(ValueError, match=r"got 2.00 x 0.50"):
        large.figure()
