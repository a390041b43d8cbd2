"""The decoder: the directives {decoder} and {explained}, their scripts, and the catalogue as data.

The error guide is imported where a page uses it: a book without error pages does not have it.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

DECODER_PAGE = "decoder"
DATA_FILE = "decoder-data.js"
# The example buttons: a page, whose first message is pasted, and the button's label.
EXAMPLES = {
    "pytorch-conv-channels": "Conv2d, 32 and 64",
    "pytorch-mat1-mat2": "mat1 and mat2",
    "keras-ndim": "min_ndim=4",
    "tensorflow-conv-depth": "input depth",
    "pytorch-load-shape": "load_state_dict",
}


class Decoder(Directive):
    """The text field, the example buttons, and the place of the explanation. The script fills it."""

    def run(self):
        """Return the page's HTML, with the catalogue's examples as buttons."""
        from errorguide.catalogue import read_catalogue

        catalogue = {entry["id"]: entry for entry in read_catalogue()["errors"]}
        buttons = "".join(
            '<button type="button" class="decoder-example"'
            f' data-message="{attribute(message)}">{escape(label, quote=False)}</button>'
            for label, message in examples(catalogue)
        )
        page = f"""
<div class="decoder" id="decoder">
<noscript><p>The decoder needs JavaScript. Without it, look your message up in
<a href="errors/index.html">the list of all messages</a>.</p></noscript>
<p><label for="decoder-text">Your error message, or the whole traceback</label></p>
<textarea id="decoder-text" rows="4" spellcheck="false" autocomplete="off" autocapitalize="off"
 aria-describedby="decoder-note"></textarea>
<p id="decoder-note">Nothing you paste leaves this page.
<span class="decoder-actions"><a id="decoder-link" hidden href="#">Link to this explanation</a>
<button type="button" id="decoder-copy-link" hidden>Copy the link</button>
<button type="button" id="decoder-clear" hidden>Clear</button></span></p>
<p class="decoder-buttons" role="group" aria-label="Examples" hidden><span>Try one:</span> {buttons}</p>
<p id="decoder-status" class="decoder-status" role="status"></p>
<div id="decoder-answer" role="region" aria-label="Explanation"></div>
</div>
"""
        return [nodes.raw("", page, format="html", decoder=True)]


class Explained(Directive):
    """{explained} PAGE: the first message of a page about an error, explained as the decoder explains it.

    It is written as the book is built, so that a reader without JavaScript sees what the decoder does. When
    a reader asks for a message of their own, decoder.js hides what stands in `.until-asked`.
    """

    required_arguments = 1

    def run(self):
        """Return the explanation as HTML."""
        from errorguide import explain_text
        from errorguide.catalogue import read_catalogue

        entry = next(entry for entry in read_catalogue()["errors"] if entry["id"] == self.arguments[0])
        return [nodes.raw("", explained(explain_text(entry["cases"][0]["message"])), format="html")]


def explained(explanation) -> str:
    """What decoder.js shows of an explanation, without the causes that it folds and without its buttons."""
    from errorguide.explanation import owned_numbers

    numbers = "".join(
        f"<dt>{escape(value)}</dt>"
        f'<dd><span class="decoder-owner">{escape(owner)}</span>: {sentence(what)}</dd>'
        for value, owner, what in owned_numbers(explanation)
    )
    causes = "".join(explained_cause(cause) for cause in explanation.causes[: explanation.shown])
    return (
        f'<div class="decoder explained"><pre class="decoder-message">{escape(explanation.message)}</pre>'
        f'<dl class="decoder-numbers">{numbers}</dl><h3>What probably happened</h3>'
        f'<ol class="decoder-causes">{causes}</ol>'
        f'<p>More, with what came out of each repair: <a href="{explanation.page}.html">'
        f"{escape(explanation.title, quote=False)}</a>.</p></div>"
    )


def explained_cause(cause) -> str:
    """One cause: what it is, why, and its repairs."""
    parts = [f"<strong>{sentence(cause.title)}</strong>"]
    parts += ['<span class="decoder-fit"> (fits these numbers)</span>'] if cause.fits else []
    parts.append(f"<p>{sentence(cause.reason)}</p>")
    for repair in cause.repairs:
        parts += [f"<p>{sentence(repair.intent)}:</p>"] if repair.intent else []
        parts.append(f'<div class="decoder-code"><pre><code>{escape(repair.code)}</code></pre></div>')
        if repair.loses:
            parts.append(f'<p class="decoder-careful"><strong>Careful: </strong>{sentence(repair.loses)}</p>')
    return f"<li>{''.join(parts)}</li>"


def sentence(text: str) -> str:
    """Plain text as HTML; `code` in it becomes a code element, as decoder.js does."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text, quote=False))


def examples(catalogue):
    """Label and message of each example button, from the catalogue's own reproductions."""
    return [
        (label, catalogue[name]["cases"][0]["message"])
        for name, label in EXAMPLES.items()
        if name in catalogue
    ]


def attribute(value):
    """Write plain text as the value of an HTML attribute, line ends included."""
    return escape(value).replace("\n", "&#10;")


def data_script():
    """The catalogue as the decoder page loads it: JSON, deflated, in base64, so that the page stays light."""
    from errorguide.catalogue import for_browser, read_catalogue

    plain = json.dumps(for_browser(read_catalogue()), ensure_ascii=False, separators=(",", ":"))
    return f'window.errorguideData = "{packed(plain)}";\n'


def packed(text: str) -> str:
    """A text deflated, in base64."""
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(squeezed.compress(text.encode("utf-8")) + squeezed.flush()).decode("ascii")


def add_scripts(app, pagename, templatename, context, doctree):
    """Load the decoder's files on the pages that have it only."""
    has_decoder = doctree is not None and any(raw.get("decoder") for raw in doctree.findall(nodes.raw))
    if has_decoder or pagename.startswith(("errors/", "versions")):
        app.add_css_file("decoder.css", priority=950)
    if has_decoder:
        for name in (DATA_FILE, "decoder-engine.js", "decoder.js"):
            app.add_js_file(name, loading_method="defer")


def write_data(app, error):
    """Write the decoder's data beside its scripts, where the book has the decoder page."""
    if error is None and app.builder.format == "html" and DECODER_PAGE in app.env.found_docs:
        static = Path(app.outdir) / "_static"
        static.mkdir(exist_ok=True)
        (static / DATA_FILE).write_text(data_script(), encoding="utf-8")


def setup(app):
    """Connect the directives, the scripts and the data."""
    app.add_directive("decoder", Decoder)
    app.add_directive("explained", Explained)
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", write_data)
