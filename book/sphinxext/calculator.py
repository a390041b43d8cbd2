"""The directives {calculator} and {wiring}: what they show is calculated as the book is built, by the rules
in book/shapes, and calculated anew by the page's script while a reader types.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

from .decoder import attribute, packed
from .pythonscript import script

RULES = Path(__file__).resolve().parents[1] / "shapes"
RULES_FILE = "rules-data.js"  # the rules as a script, in the global `shapes`
PAGES = ("calculator", "wiring")
MODEL = """\
model = nn.Sequential(
    nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3),
    nn.BatchNorm2d(64),
    nn.ReLU(),
    nn.MaxPool2d(3, stride=2),
    nn.Conv2d(32, 128, kernel_size=3),
    nn.ReLU(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(128, 10),
)
"""
SHAPE = "(8, 3, 160, 96)"
KERAS_MODEL = """\
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, groups=3),
    layers.Flatten(),
    layers.Dense(10),
])
"""
PRINTED_MODEL = """\
Net(
  (features): Sequential(
    (0): Conv2d(1, 8, kernel_size=(5, 5), stride=(1, 1))
    (1): ReLU()
    (2): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
  )
  (classifier): Linear(in_features=1152, out_features=10, bias=True)
)
"""
ERROR = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (64x256 and 400x120)"
# The example buttons: label, text and shape.
EXAMPLES = (
    ("PyTorch", MODEL, SHAPE),
    ("Keras", KERAS_MODEL, "(None, 28, 28, 1)"),
    ("print(model)", PRINTED_MODEL, "(16, 1, 28, 28)"),
    ("an error", ERROR, ""),
)
# The sliders: name, label, and whether there is one for height and one for width.
SLIDERS = (
    ("in_channels", "Input channels", False),
    ("out_channels", "Output channels", False),
    ("groups", "Groups", False),
    ("size", "Input", True),
    ("kernel", "Kernel", True),
    ("stride", "Stride", True),
    ("zeros", "Padding", True),
    ("dilation", "Dilation", True),
    ("output_padding", "Output padding", True),
)
PADDINGS = (("zeros", "by number"), ("same", "'same'"), ("valid", "'valid'"))


class Calculator(Directive):
    """The fields of the calculator with an example, and what is calculated from it."""

    def run(self):
        """Return the page's HTML."""
        from shapes.page import asked

        calculated = asked.calculation(MODEL, SHAPE)
        buttons = "".join(
            f'<button type="button" class="calculator-example" data-model="{attribute(model)}"'
            f' data-shape="{attribute(shape)}">{label}</button>'
            for label, model, shape in EXAMPLES
        )
        html = f"""
<div class="decoder calculator" id="calculator">
<noscript><p>Without JavaScript the fields do nothing. What stands below them was calculated as the page was
built.</p></noscript>
<p class="calculator-shape"><label for="calculator-shape">The input's shape, with its batch</label>
<input id="calculator-shape" type="text" value="{SHAPE}" spellcheck="false" autocomplete="off"
 aria-describedby="calculator-shape-problem"></p>
<p id="calculator-shape-problem" class="calculator-problem"></p>
<p><label for="calculator-text">The model: code, <code>print(model)</code>, a Keras <code>summary()</code>,
or an error message</label></p>
<div class="calculator-text">
<textarea id="calculator-text" rows="{
            MODEL.count(chr(10)) + 1
        }" wrap="off" spellcheck="false" autocomplete="off"
 autocapitalize="off" aria-describedby="calculator-note">{attribute(MODEL)}</textarea>
<div id="calculator-beside" aria-hidden="true">{calculated["beside"][0]}</div>
</div>
<p id="calculator-note">Nothing you paste leaves this page.
<span class="decoder-actions"><a id="calculator-link" hidden href="#">Link to this model</a>
<button type="button" id="calculator-copy-link" hidden>Copy the link</button>
<button type="button" id="calculator-undo" hidden>Undo</button>
<button type="button" id="calculator-clear" hidden>Clear</button></span></p>
<fieldset class="calculator-layouts" hidden><legend>Beside the lines</legend>
<label><input type="radio" name="calculator-layout" value="first" checked> channels first (NCHW)</label>
<label><input type="radio" name="calculator-layout" value="last"> channels last (NHWC)</label></fieldset>
<p class="decoder-buttons" role="group" aria-label="Examples" hidden><span>Try one:</span> {buttons}</p>
<p id="calculator-status" class="decoder-status" role="status"></p>
<p id="calculator-said" class="calculator-problem"></p>
<div id="calculator-answer" role="region" aria-label="Shapes of every layer">{calculated["answer"]}</div>
<div id="calculator-code" role="region" aria-label="The model as code">{asked.code(MODEL, SHAPE)}</div>
</div>
"""
        return [nodes.raw("", html, format="html", rules="calculator")]


class Wiring(Directive):
    """The sliders of one convolution, and what both frameworks make of them."""

    def run(self):
        """Return the page's HTML."""
        from shapes.page import asked
        from shapes.page.wiring import LEAST, LIMITS, START

        start = START
        sliders = "".join(
            slider(*each, START[each[0]], LEAST.get(each[0], 1), LIMITS[each[0]]) for each in SLIDERS
        )
        paddings = "".join(
            f'<label><input type="radio" name="wiring-padding" value="{value}"'
            f"{' checked' if value == start['padding'] else ''}> {label}</label>"
            for value, label in PADDINGS
        )
        html = f"""
<div class="decoder wiring" id="wiring">
<noscript><p>Without JavaScript there are no sliders. What stands below was calculated as the page was
built.</p></noscript>
<form id="wiring-settings" aria-label="The convolution" hidden>
<p class="wiring-kind"><label><input type="checkbox" id="wiring-transposed"> transposed</label></p>
<fieldset class="wiring-padding"><legend>Padding</legend>{paddings}</fieldset>
<div class="wiring-sliders">{sliders}</div>
<p><a id="wiring-link" href="#">Link to these settings</a>
<button type="button" id="wiring-copy-link">Copy the link</button>
<button type="button" id="wiring-reset">Start again</button></p>
<p class="wiring-lit"><label for="wiring-lit">Look at output channel</label>
<input type="number" id="wiring-lit" min="0" max="{
            start["out_channels"] - 1
        }" value="0"> <span id="wiring-reads"></span></p>
</form>
<p id="wiring-status" class="decoder-status" role="status"></p>
<div id="wiring-answer" role="region" aria-label="The convolution in both frameworks">{
            asked.convolution(start, 0)["answer"]
        }</div>
</div>
"""
        return [nodes.raw("", html, format="html", rules="wiring")]


def slider(name: str, label: str, sided: bool, start, least: int, most: int) -> str:
    """A setting: a slider and a number for it, two of each where height and width have their own."""
    sides = (("height", 0), ("width", 1)) if sided else (("", None),)
    parts = []
    for side, place in sides:
        value = start if place is None else start[place]
        words = f"{label}, {side}" if side else label
        key = name if place is None else f"{name}-{place}"
        limits = f'min="{least}" max="{most}" value="{value}"'
        limits += f' data-setting="{key}"'
        parts.append(
            f'<div class="wiring-slider" data-of="{name}"><label for="wiring-{key}">{words}</label>'
            f'<input type="range" {limits} aria-label="{words}, slider">'
            f'<input type="number" {limits} id="wiring-{key}" required></div>'
        )
    return "".join(parts)


def add_scripts(app, pagename, templatename, context, doctree):
    """Load the rules and a page's own script on the pages that have one of the directives."""
    if doctree is None:
        return
    for name in {raw["rules"] for raw in doctree.findall(nodes.raw) if raw.get("rules")}:
        app.add_css_file("decoder.css", priority=940)
        app.add_css_file("calculator.css", priority=950)
        for file in (RULES_FILE, "rules.js", f"{name}.js"):
            app.add_js_file(file, loading_method="defer")


def write_rules(app, error):
    """Write the rules beside the scripts, where the book has a page that uses them."""
    if error is None and app.builder.format == "html" and app.env.found_docs.intersection(PAGES):
        static = Path(app.outdir) / "_static"
        static.mkdir(exist_ok=True)
        written = packed(script(RULES, "page/asked", "shapes"))
        (static / RULES_FILE).write_text(f'window.shapesData = "{written}";\n', encoding="utf-8")


def setup(app):
    """Connect the directives and the scripts."""
    app.add_directive("calculator", Calculator)
    app.add_directive("wiring", Wiring)
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", write_rules)
