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
# The wiring's settings by PyTorch's names. Of a pair, height and width have a number each.
CHANNELS = ("in_channels", "out_channels", "groups")
PAIRS = {"size": "input size", "kernel": "kernel_size", "stride": "stride", "dilation": "dilation"}
PADDINGS = (("zeros", "numbers"), ("same", "'same'"), ("valid", "'valid'"))


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
        from shapes.page.wiring import START as start

        channels = "".join(single(name) for name in CHANNELS)
        pairs = "".join(pair(key, named(name), name) for key, name in PAIRS.items())
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
{channels}
<p class="wiring-kind"><label><input type="checkbox" id="wiring-transposed"> transposed</label></p>
{pairs}
<fieldset class="wiring-padding"><legend>padding</legend>{paddings}{pair("zeros", "", "padding")}</fieldset>
{pair("output_padding", named("output_padding"), "output_padding")}
<p class="wiring-lit"><label for="wiring-lit">Look at output channel</label>
<input type="number" id="wiring-lit" min="0" max="{
            start["out_channels"] - 1
        }" value="0"> <span id="wiring-reads"></span></p>
<p class="wiring-actions"><a id="wiring-link" href="#">Link to these settings</a>
<button type="button" id="wiring-copy-link">Copy the link</button>
<button type="button" id="wiring-reset">Start again</button></p>
</form>
<p id="wiring-now" aria-hidden="true"></p>
<p id="wiring-status" class="decoder-status" role="status"></p>
<div id="wiring-answer" role="region" aria-label="The convolution in both frameworks">{
            asked.convolution(start, 0)["answer"]
        }</div>
</div>
"""
        return [nodes.raw("", html, format="html", rules="wiring")]


def single(name: str) -> str:
    """A setting of one number."""
    from shapes.page.wiring import START

    return f'<div class="wiring-setting" data-of="{name}">{field(name, name, name, "", START[name])}</div>'


def named(name: str) -> str:
    """The name above a height and a width."""
    return f'<span class="wiring-name">{name}</span>'


def pair(key: str, above: str, name: str) -> str:
    """A setting of a height and a width beside each other, below what stands above them."""
    from shapes.page.wiring import START

    fields = "".join(
        field(f"{key}-{place}", key, f"{name}, {side}", side[0].upper(), START[key][place])
        for place, side in enumerate(("height", "width"))
    )
    return f'<div class="wiring-setting sided" data-of="{key}">{above}{fields}</div>'


def field(place: str, key: str, name: str, shown: str, value: int) -> str:
    """The label, the slider and the number field of one number; `shown` is a shorter label."""
    from shapes.page.wiring import LEAST, LIMITS

    limits = f'min="{LEAST.get(key, 1)}" max="{LIMITS[key]}" value="{value}" data-setting="{place}"'
    label = f' aria-label="{name}"' if shown else ""
    return (
        f'<div class="wiring-field"><label for="wiring-{place}">{shown or name}</label>'
        f'<input type="range" {limits} aria-label="{name}, slider">'
        f'<input type="number" {limits} id="wiring-{place}"{label} required></div>'
    )


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
