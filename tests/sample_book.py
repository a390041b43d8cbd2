"""A small book in which every thing a page may hold occurs once: the tests of the pages build it."""

from __future__ import annotations

from htmlkit import code, drawn, markdown, notebook, printed, shown, tabled

MESSAGE = (
    "RuntimeError: Given groups=1, weight of size [64, 32, 3, 3], expected input[1, 64, 256, 256] "
    "to have 32 channels, but got 64 channels instead\n"
)
FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60" viewBox="0 0 200 60">'
    '<rect width="200" height="60" style="fill: #ffffff"/>'
    '<rect x="10" y="10" width="40" height="40" style="fill: #0072b2; stroke: #000000"/></svg>'
)
ALT = "One tensor, drawn as a block"
CAPTION = "(fig-block)=\n**Figure 1.1.** The block has *one* channel."
WIDEST = "y = 1  # " + "x" * 63  # 72 columns, the widest line that a chapter may have
WIDE_TABLE = "<table>" + "<tr>" + "<td>a_cell_that_does_not_break</td>" * 12 + "</tr></table>"
PRINTED_TABLE = "".join(f"{step:<40}{shape:>30}\n" for step, shape in zip("abc", "xyz", strict=True))
LONG_LINE = "  # " + "a line that is wider than any window " * 5

PROSE_TABS = """
::::{tab-set}
:sync-group: framework

:::{tab-item} NumPy
:sync: numpy
NumPy pads with `np.pad`.
:::
:::{tab-item} PyTorch
:sync: pytorch
PyTorch pads with `padding=1`.
:::
:::{tab-item} TensorFlow
:sync: tensorflow
TensorFlow pads with `padding="same"`.
:::
::::
"""


def three_cells(remark: str = "", *also: str) -> list[dict]:
    """The same step in three frameworks, as a chapter has it; `also`: what else each cell is tagged with."""
    failed = {"ename": "RuntimeError", "evalue": "shape", "output_type": "error"}
    failed["traceback"] = [
        "RuntimeError   Traceback (most recent call last)",
        "----> 1 layer(x)",
        MESSAGE.strip(),
    ]
    return [
        code(
            f"# NumPy\nconv2d(x_np, weight_np).shape{remark}",
            shown("(1, 64, 254, 254)"),
            tags=("numpy", *also),
        ),
        code(
            "# PyTorch\nwith fails(RuntimeError):\n    layer_pt(x_pt)",
            printed(MESSAGE),
            tags=("pytorch", *also),
        ),
        code("# TensorFlow\nlayer_tf(x_tf)", failed, tags=("tensorflow", "raises-exception", *also)),
    ]


CHAPTER = notebook(
    markdown("# Expected 32, got 64\n\nYou fed 64 channels to a layer that wants 32: see {doc}`02-second`."),
    markdown("## The scene"),
    code(
        "draw(x)",
        drawn(FIGURE),
        tags=("hide-input",),
        mystnb={"image": {"alt": ALT}},
    ),
    markdown(CAPTION),
    markdown(
        "## The failure\n\nSee [Figure 1.1](#fig-block). The layer wants $C_{\\text{in}} = 32$ channels.\n\n"
        "$$\ny_{n, o, i, j} = b_o + \\sum_{c=0}^{C_{\\text{in}} - 1} \\sum_{u=0}^{k_h - 1} "
        "\\sum_{v=0}^{k_w - 1} w_{o, c, u, v} \\, x_{n, c, i + u, j + v}\n$$ (convolution)\n\n"
        "Equation {eq}`convolution` is $\\left\\lfloor \\frac{h}{s} \\right\\rfloor$ rows high."
    ),
    *three_cells(),
    markdown("How many channels does the output have?"),
    code("y_np.shape[1]", shown("64"), tags=("predict",)),
    markdown("(why-64)=\nThere are 64, as many as the weight has filters.", "answer"),
    markdown("```python\nfilters = 64\n```\n\n- One channel a filter.", "answer"),
    markdown("The next cell shows all of them, see [why](why-64)."),
    code("show_source(f)", printed("def f(x):\n    return x\n"), tags=("hide-output",)),
    code("table(y_np)", tabled(WIDE_TABLE)),
    code("print(steps)", printed(PRINTED_TABLE)),
    code(WIDEST + "\ny", shown("1")),
    code("agree(numpy=y_np, pytorch=y_pt)", printed("numpy and pytorch agree. " * 8 + "\n")),
    markdown("In words:\n" + PROSE_TABS),
    code(
        "# TensorFlow\ntf.nn.conv2d(x_tf, w_tf)",
        shown("TensorShape([1, 254])"),
        tags=("tensorflow", "no-partner"),
    ),
    markdown(
        "| | wants |\n|---|---|\n| `Conv2d` | 32 |\n\n```{note}\nA note.\n```\n\n"
        "```{warning}\nBeware.\n```\n\n"
        "| a | table | that | is | wide |\n|---|---|---|---|---|\n"
        "| `unbreakable_name` | `another_such_name` | `and_one_more_name` | `and_a_fourth` | `a_fifth` |\n\n"
        "> A quotation.\n\n```{dropdown} More\nHidden.\n```\n\n```python\nx = 1\n```\n"
    ),
    markdown("## Exercises\n\n```{exercise} The first\n:label: first\nPredict $x$ before you look.\n```"),
    markdown("```{solution-start} first\n:class: dropdown\n```"),
    markdown("The prediction is `(1, 64)`."),
    *three_cells(LONG_LINE, "predict"),
    markdown("(why-254)=\nTwo rows are missing, for nothing was padded: `256 - 3 + 1`.", "answer"),
    markdown("And two columns, see [why](why-254).", "answer"),
    code(WIDEST + "\ny", shown("1")),
    markdown("```{solution-end}\n```"),
    markdown("```{exercise}\n:label: second\nAs {ref}`first`.\n```"),
    markdown("```{solution} second\n:class: dropdown\nThree.\n```"),
)

PAGES = {
    "index.md": (
        "# A small book\n\nIt has every thing once.\n\n- {doc}`errors/one`\n\n"
        "## All of it\n\n```{entry} part-one\nA line about it.\n```\n"
    ),
    "part-one.md": (
        "# The pages\n\nWhat they are about.\n\n## All of them\n\n"
        "```{entry} 01-first\nWhat you can do then.\n```\n"
        "```{entry} 02-second\nWhat else.\n```\n"
    ),
    "01-first.ipynb": CHAPTER,
    "02-second.md": (
        "# The second page\n\nIt has tabs as well.\n"
        + PROSE_TABS
        + "\n## A part\n\n```{exercise}\n:label: third\nAs {ref}`first`.\n```\n"
        "\nSee [Figure 1.1](01-first.ipynb#fig-block) and [Exercise 1.2](01-first.ipynb#second).\n"
    ),
    "errors/one.md": f"# {MESSAGE.split(', ', 2)[2].strip()}\n\nWhat each number means.\n",
}
