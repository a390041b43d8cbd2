"""The pages about error messages and the decoder page, from the one catalogue in book/errors.

In a Markdown page, a block ```{error-details}``` becomes the message as it is raised today, what each number
means, what may be behind it, and older wordings; ```{error-list}``` the list of all pages;
```{silent-list}``` that of the silent failures, ```{version-runs}``` what other versions say. They are
written as Markdown before the page is read, so their text is searched and checked like any other.
```{decoder}``` is the decoder itself; its data is written beside its scripts.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import urllib.parse
import zlib
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

BOOK = Path(__file__).resolve().parents[1]
DECODER_PAGE = "decoder"
ERROR_LIST = "errors/index"
DATA_FILE = "decoder-data.js"
NAMES = {
    "pytorch": "PyTorch",
    "keras": "Keras",
    "tensorflow": "TensorFlow",
    "numpy": "NumPy",
    "fromscratch": "The from-scratch library",
    "theano": "Theano",
}
KIND_NAMES = {
    "conv-channels": "Channels of a convolution",
    "conv-groups": "Groups",
    "linear-features": "Features of Linear and Dense",
    "matmul-shapes": "Matrix products",
    "load-weights": "Loading and assigning weights",
    "layout-nhwc-nchw": "Axis order",
    "missing-batch-dim": "Number of axes",
    "concat": "Joining tensors",
    "broadcast": "Broadcasting",
    "flatten": "Flatten, view and reshape",
    "loss-target": "Losses, targets and labels",
    "kernel-too-big": "Sizes that run out",
    "norm-channels": "Normalization",
    "reshape": "Reshape",
    "other-shape": "Other shapes",
}
OWNERS = {"model": "your model", "data": "your data", "setting": "a setting"}
MARKER = re.compile(r"^```\{(error-details|error-list|silent-list|version-runs)\}\n```$", re.MULTILINE)
RUNS = BOOK / "versions.json"
EXAMPLES = (
    "pytorch-conv-channels",
    "pytorch-mat1-mat2",
    "keras-ndim",
    "tensorflow-conv-depth",
    "pytorch-load-shape",
)


def guide():
    """The error guide beside this package. It is asked for only by pages that use it."""
    if str(BOOK) not in sys.path:
        sys.path.insert(0, str(BOOK))
    import errorguide
    from errorguide import catalogue, wording

    return catalogue, errorguide.explain, wording


def escape(text):
    """Write plain text as Markdown, leaving `code` as it is."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(
        part if part.startswith("`") else re.sub(r"([\\*_\[\]<>$#|{}])", r"\\\1", part) for part in parts
    )


def code_block(code, language):
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", code)), 3)
    return [f"{fence}{language}", code.rstrip("\n"), fence, ""]


def message_block(message):
    """A message as it was written; the style sheet wraps its long lines."""
    opening, *rest = code_block(message, "{code-block} text")
    return [opening, ":class: error-message", "", *rest]


def decoder_link(message):
    return f"decoder.html#m={urllib.parse.quote(message, safe='')}"


def details(entry, has_page, shared):
    """The part of a page that follows from the catalogue, as Markdown."""
    catalogue, explain, wording = guide()
    repair_for, fill, spell = catalogue.repair_for, wording.fill, wording.spell
    if entry["symptom"]:
        return "\n".join(
            [
                "## Seen",
                "",
                "This runs without a word, assertions included.",
                "",
                *code_block(entry["demonstration"], "python"),
            ]
        )
    lines = []
    example = entry["cases"][0]["message"] if entry["cases"] else entry["older"][0]["message"]
    found = explain(example)
    values = dict(found.numbers) if found is not None and found.id == entry["id"] else {}
    lines += message_block(example)
    if not entry["cases"]:
        lines += ["The current versions do not word it so; older ones did.", ""]
    said = [(name, meaning) for name, meaning in entry["numbers"].items() if name in values]
    if said:
        lines += ["## What each number means", ""]
        for name, meaning in said:
            role, _, what = meaning.partition(": ")
            lines.append(f"- `{spell(values[name])}`: {escape(what)} ({OWNERS[role]})")
        lines.append("")
    lines += [
        "## What may be behind it",
        "",
        "The likeliest first. Where the numbers can show one, it says how.",
        "",
    ]
    for place, name in enumerate(entry["causes"], start=1):
        cause = shared[name]
        lines += [
            f"**{place}. {escape(cause['title'])}.** {escape(fill(cause['general'], values, bare=True))}",
            "",
        ]
        code = repair_for(cause, entry["framework"])
        if code:
            lines += code_block(fill(code, values, bare=True), "python")
    if has_page(DECODER_PAGE):  # the fragment carries a whole message, which no Markdown link can
        link = f'<a href="../{decoder_link(example)}">Paste your message into the decoder</a>'
        lines += [f"<p>Numbers of your own? {link}.</p>", ""]
    if entry["chapter"] and has_page(entry["chapter"]):
        lines += [f"Why it is so: {{doc}}`/{entry['chapter']}`.", ""]
    if entry["cases"]:
        lines += ["## How to raise it", ""]
        for case in entry["cases"]:
            lines += code_block(case["code"], "python")
            lines += ["warns:" if case["message"].startswith("UserWarning") else "raises:", ""]
            lines += message_block(case["message"])
    if entry["older"]:
        lines += ["## Other wordings", ""]
        for older in entry["older"]:
            lines += message_block(older["message"])
            lines += [
                f"{NAMES[entry['framework']]} {escape(older['versions'])} ([source]({older['source']})).",
                "",
            ]
    return "\n".join(lines)


def link(entry):
    return f"- [{escape(entry['title'])}]({entry['id']}.md)"


def list_all(entries):
    """All messages by framework and kind, as Markdown."""
    lines = []
    for framework in guide()[0].FRAMEWORKS:
        mine = [entry for entry in entries if entry["framework"] == framework and not entry["symptom"]]
        if not mine:
            continue
        lines += [f"## {NAMES[framework]}", ""]
        for kind, name in KIND_NAMES.items():
            same = [entry for entry in mine if entry["kind"] == kind]
            if same:
                lines += [f"**{name}**", "", *[link(entry) for entry in same], ""]
    return "\n".join(lines)


def list_silent(entries):
    """The silent failures by what is seen, as Markdown."""
    silent = [entry for entry in entries if entry["symptom"]]
    return "\n".join(f"- [{escape(entry['symptom'])}]({entry['id']}.md)" for entry in silent)


PACKAGES = {"torch": "PyTorch", "tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}


def version_runs(runs, entries):
    """What the recorded runs of the reproductions gave, as Markdown: a table, then each other wording beside
    the book's. The newest versions stand first.
    """
    runs = sorted(runs, key=version_key, reverse=True)
    head = ["Frameworks", "run", "same", "other words", "no error"]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for run in runs:
        states = list(run["states"].values())
        differing = states.count("worded differently") + states.count("raised elsewhere")
        silent = states.count("no longer raised") + states.count("crashed")
        counts = [len(states), states.count("same"), differing, silent]
        lines.append(f"| {run_name(run)} | " + " | ".join(map(str, counts)) + " |")
    lines.append("")
    for run in runs:
        other = {name: state for name, state in run["states"].items() if state != "same"}
        if not other:
            continue
        lines += [f"## {run_name(run)}", ""]
        for name, state in sorted(other.items()):
            page, _, number = name.partition("/")
            if page not in entries:
                continue
            example = f", example {number}" if number else ""
            lines += [f"[{escape(entries[page]['title'])}](errors/{page}.md){example}: {state}.", ""]
            if entries[page]["cases"]:  # a silent failure has none
                ours = entries[page]["cases"][int(number or 1) - 1]["message"]
                lines += ["In this book:", "", *message_block(ours)]
            if name in run["wordings"]:
                lines += ["There:", "", *message_block(run["wordings"][name])]
    return "\n".join(lines)


def version_key(run):
    """What a run is sorted by: its versions as numbers, in the order of PACKAGES."""
    return [
        [int(part) for part in re.findall(r"\d+", run["versions"].get(package, ""))] for package in PACKAGES
    ]


def run_name(run):
    return ", ".join(
        f"{name} {run['versions'][key]}" for key, name in PACKAGES.items() if key in run["versions"]
    )


def write_details(app, docname, source):
    """Put the Markdown from the catalogue in the place of its marker."""
    if not MARKER.search(source[0]):
        return
    catalogue = guide()[0].read_catalogue()
    entries = {entry["id"]: entry for entry in catalogue["errors"]}

    def replacement(found):
        if found.group(1) == "error-list":
            return list_all(catalogue["errors"])
        if found.group(1) == "silent-list":
            return list_silent(catalogue["errors"])
        if found.group(1) == "version-runs":
            return version_runs(json.loads(RUNS.read_text(encoding="utf-8")), entries)
        entry = entries[docname.rpartition("/")[2]]
        return details(entry, lambda name: name in app.env.found_docs, catalogue["causes"])

    source[0] = MARKER.sub(replacement, source[0])


class StraightQuotes(SphinxTransform):
    """Keep the quotes of a message as they were printed where it is a heading or the text of a link: whoever
    searches a page for a pasted message finds them.
    """

    default_priority = 700  # before Sphinx turns quotes

    def apply(self, **kwargs):
        if self.env.docname.partition("/")[0] not in ("errors", "versions", "index"):
            return
        for kind in (nodes.title, nodes.reference, nodes.inline):
            for node in self.document.findall(kind):
                node["support_smartquotes"] = False


def shorten_navigation(app, env):
    """Leave the single error pages out of the sidebar: their list is one page, and each page would carry them
    all.
    """
    if ERROR_LIST in env.tocs:
        for toctree in list(env.tocs[ERROR_LIST].findall(addnodes.toctree)):
            toctree.parent.remove(toctree)


class Decoder(Directive):
    """The text field, the example buttons, and the place of the explanation. The script fills it."""

    def run(self):
        catalogue = {entry["id"]: entry for entry in guide()[0].read_catalogue()["errors"]}
        buttons = "".join(
            '<button type="button" class="decoder-example"'
            f' data-message="{attribute(message)}">{text(label)}</button>'
            for label, message in examples(catalogue)
        )
        page = f"""
<div class="decoder" id="decoder">
<p><label for="decoder-text">Your error message, or the whole traceback</label></p>
<textarea id="decoder-text" rows="8" spellcheck="false" autocomplete="off" autocapitalize="off"
 aria-describedby="decoder-note"></textarea>
<p id="decoder-note">Nothing you paste leaves this page.</p>
<p class="decoder-buttons" role="group" aria-label="Examples"><span>Try one:</span> {buttons}</p>
<p class="decoder-buttons"><a id="decoder-link" hidden href="#">Link to this explanation</a>
<button type="button" id="decoder-clear" hidden>Clear</button></p>
<div id="decoder-answer" role="region" aria-live="polite" aria-label="Explanation"></div>
<noscript><p>The decoder needs JavaScript.
<a href="errors/index.html">The list of all messages</a> does not.</p></noscript>
</div>
"""
        return [nodes.raw("", page, format="html")]


def examples(catalogue):
    """Label and message of each example button, from the catalogue's own reproductions."""
    labels = {
        "pytorch-conv-channels": "Conv2d, 32 and 64",
        "pytorch-mat1-mat2": "mat1 and mat2",
        "keras-ndim": "min_ndim=4",
        "tensorflow-conv-depth": "input depth",
        "pytorch-load-shape": "load_state_dict",
    }
    return [(labels[name], catalogue[name]["cases"][0]["message"]) for name in EXAMPLES if name in catalogue]


def text(value):
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(value):
    return text(value).replace('"', "&quot;").replace("\n", "&#10;")


def data_script():
    """The catalogue as the decoder page loads it: JSON, deflated, in base64, so that the page stays light."""
    catalogue = guide()[0]
    plain = json.dumps(
        catalogue.for_browser(catalogue.read_catalogue()), ensure_ascii=False, separators=(",", ":")
    ).encode("utf-8")
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = base64.b64encode(squeezed.compress(plain) + squeezed.flush()).decode("ascii")
    return f'window.errorguideData = "{packed}";\n'


def add_scripts(app, pagename, templatename, context, doctree):
    """Load the decoder's files on its page only."""
    if pagename == DECODER_PAGE or pagename.startswith(("errors/", "versions")):
        app.add_css_file("decoder.css", priority=950)
    if pagename == DECODER_PAGE:
        for name in (DATA_FILE, "decoder-engine.js", "decoder.js"):
            app.add_js_file(name, loading_method="defer")


def write_data(app, error):
    if error is None and app.builder.format == "html" and DECODER_PAGE in app.env.found_docs:
        static = Path(app.outdir) / "_static"
        static.mkdir(exist_ok=True)
        (static / DATA_FILE).write_text(data_script(), encoding="utf-8")


def setup(app):
    app.add_directive("decoder", Decoder)
    app.add_transform(StraightQuotes)
    app.connect("source-read", write_details)
    app.connect("env-updated", shorten_navigation)
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", write_data)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
