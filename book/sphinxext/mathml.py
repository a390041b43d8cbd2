r"""Formulas as MathML, written while the book is built: no script, no request, one small font.

docutils translates LaTeX to MathML. It covers the common part of LaTeX, refuses some of the rest, and gets
a few things wrong without a word. Both kinds are refused here with a warning that says what to write instead,
and the book is built with warnings as errors.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

FONT_CHARACTERS = Path(__file__).parents[1] / "theme" / "static" / "fonts" / "math-characters.txt"
INVISIBLE = {"\n", "\u2061"}  # U+2061 marks the application of a function and has no shape

# What docutils renders wrongly, or differently from LaTeX: a pattern, and what to write instead.
WRONG_IN_TEXT = [
    (
        r"\\(?:text|operatorname)\s*\{[^{}]*\\",
        r"a backslash inside \text is printed: write \text{in_channels}",
    ),
    (
        r"\\text\s*\{[^{}]*(?:``|''|--)",
        r"quotes and dashes in \text stay as typed: use the characters themselves",
    ),
]
WRONG = [
    (r"\\(?:under|over)brace\b", "a text under or over a brace lands beside it: say it in a sentence"),
    (r"\\(?:over|under)line\b", r"the line does not reach over the whole: write \bar{x}"),
    (r"\\boxed\b", "no browser draws the box: leave it out"),
    (r"\\\|", r"the bars do not pair: write \lVert x \rVert"),
    (r"\\\\\s*\[", r"the space after a line break is printed: write \\ alone"),
    (r"\\mathrm\s*\{(?![A-Za-z]+\}|\s*\\?\w\s*\})", r"\mathrm takes one word of letters: write \text{...}"),
    (
        r"\\math(?:tt|bf|it|sf|cal|bb|scr|frak)\s*\{[^{}]*[A-Za-z][A-Za-z _\\]",
        r"only a single letter keeps this style: write \text{...}",
    ),
    (r"\d,\d", r"this comma is taken as part of one number: write (1, 64) with a space, or \text{2,097,152}"),
]

logger = logging.getLogger(__name__)


class Refused(ValueError):
    """A formula that would not come out as LaTeX means it; the message says what to write instead."""


def unbalanced(tex: str) -> str | None:
    """The kind of bracket in `tex` that does not close, or None; docutils closes it in silence."""
    bare = re.sub(r"\\[\\{}]", "", tex)
    if bare.count("{") != bare.count("}"):
        return "{ and }"
    if len(re.findall(r"\\left(?![a-zA-Z])", tex)) != len(re.findall(r"\\right(?![a-zA-Z])", tex)):
        return r"\left and \right"
    return None


def raise_primes_once(tex: str) -> str:
    r"""Write x' and x^{\prime} as x\prime: a math font's prime is raised already, as an exponent twice."""
    return re.sub(
        r"(\\text\s*\{[^{}]*\})|\^\s*(?:\{\s*\\prime\s*\}|\\prime\b)|'",
        lambda found: found[1] or r"\prime ",
        tex,
    )


def to_mathml(tex: str, block: bool) -> str:
    """Translate one formula.

    tex: LaTeX without delimiters. block: whether it stands on a line of its own.
    Raises Refused for what docutils cannot translate or translates wrongly, or the math font cannot draw.
    """
    without_text = re.sub(r"(\\text\s*)\{[^{}]*\}", r"\1{}", tex)
    for where, rules in ((tex, WRONG_IN_TEXT), (without_text, WRONG)):
        for pattern, advice in rules:
            if found := re.search(pattern, where):
                raise Refused(f"'{found.group(0)}': {advice}")
    if pair := unbalanced(tex):
        raise Refused(f"{pair} do not balance")
    try:
        mathml = tex2mathml(raise_primes_once(tex), as_block=block)
    # docutils raises MathError, and also AttributeError or IndexError for plain slips.
    except Exception as error:
        reason = str(error) if type(error).__name__ == "MathError" else "docutils cannot read it"
        advice = (
            "; write \\begin{aligned} ... \\end{aligned} for aligned lines" if "nvironment" in reason else ""
        )
        raise Refused(reason.rstrip("!. ") + advice) from error
    shown = re.sub(r"<[^>]*>|&\w+;", "", mathml)
    if strangers := sorted(set(shown) - set(FONT_CHARACTERS.read_text(encoding="utf-8")) - INVISIBLE):
        raise Refused(f"the book's math font has no {' '.join(strangers)}: add it in tools/make_fonts.py")
    return mathml.replace("<math ", f'<math alttext="{escape(tex.strip())}" ', 1)


def translated(node, block: bool) -> str:
    """The MathML of a node; a refused formula is shown as it was typed, under a warning."""
    try:
        return to_mathml(node.astext(), block)
    except Refused as refusal:
        logger.warning("Formula refused. %s. In: %s", refusal, " ".join(node.astext().split()), location=node)
        return f"<code>{escape(node.astext())}</code>"


def visit_math(self, node):
    """Write a formula within a sentence."""
    self.body.append(f'<span class="math">{translated(node, block=False)}</span>')
    raise nodes.SkipNode


def visit_math_block(self, node):
    """Write a formula on a line of its own, with its number."""
    self.body.append(self.starttag(node, "div", CLASS="math-block"))
    # A wide formula scrolls in its own box, which book.js makes reachable by keyboard.
    self.body.append(f'<div class="math-scroll">{translated(node, block=True)}</div>')
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})</span>')
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app):
    """Make MathML the way in which formulas are written."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
