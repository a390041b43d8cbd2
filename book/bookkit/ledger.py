"""The ledger of claims: what a document says, what was seen when it was run, and the verdict that follows.

A verdict is computed from what was seen and can't be set:

- every answer agrees with the claim: "holds"
- some agree: "holds with a condition"
- none agrees: "does not hold"
- nothing was seen yet: "not yet tested"

Words that claim nothing, and name something to be made, are an entry of their own kind: "made real" if every
answer is yes, else "not made real". They are set apart and not counted.
"""

import html
import re

HOLDS = "holds"
CONDITION = "holds with a condition"
FAILS = "does not hold"
UNTESTED = "not yet tested"
REAL = "made real"
UNREAL = "not made real"
SIGNS = {HOLDS: "✓", CONDITION: "◐", FAILS: "✗", UNTESTED: "…", REAL: "✓", UNREAL: "✗"}
# The class that the style sheet colours, and how many claims with that verdict are counted.
# What is made real is no judgement: it is gray, like what is not judged yet.
CLASSES = {
    HOLDS: "holds",
    CONDITION: "condition",
    FAILS: "fails",
    UNTESTED: "untested",
    REAL: "untested",
    UNREAL: "fails",
}
COUNTED = {
    HOLDS: ("holds", "hold"),
    CONDITION: ("holds with a condition", "hold with a condition"),
    FAILS: ("does not hold", "do not hold"),
    UNTESTED: ("is not yet tested", "are not yet tested"),
}
IMPLEMENTATIONS = ("NumPy", "PyTorch", "Keras", "TensorFlow")
NOTHING = "–"  # an implementation that a case does not concern


class Claim:
    """One claim and what was seen of it. Made by `Ledger.claim`."""

    def __init__(self, name, quote, text, shown=None, condition="", instead="", asserts=True):
        """quote: the document's own words. text: the claim in the book's.

        shown: {chapter: address} of where the book shows it. condition, instead: a sentence that stands
        beside the verdict "holds with a condition", or "does not hold", if that is what comes out.
        asserts: False if the words claim nothing, and the answers say whether what they name was made.
        """
        self.name = name
        self.quote = quote
        self.text = text
        self.asserts = asserts
        self.shown = dict(shown or {})
        self._sentences = {CONDITION: condition, FAILS: instead}
        self.observations = []
        self.findings = []

    def seen(self, case, **answers):
        """Write down what one case gave: for each implementation whether it did what the claim says.

        case: what the claim says of this case, so that each answer is yes or no to it.
        answers: the bool that a computation gave, by the implementation's name.

        Raises TypeError when an answer is no bool: a verdict rests on answers, not on what is merely truthy.
        """
        self._check(case, answers)
        for implementation, answer in answers.items():
            if type(answer) is not bool:
                raise TypeError(
                    f"{self.name}: seen() expects True or False for {implementation}, got "
                    f"{type(answer).__name__}; compare it first."
                )
        self.observations.append((case, _in_order(answers)))

    def found(self, what, **values):
        """Write down what was found beside the answers, a text for each implementation. It judges nothing."""
        self._check(what, values)
        said = {name: _word(value) if type(value) is bool else str(value) for name, value in values.items()}
        self.findings.append((what, _in_order(said)))

    def _check(self, what, by):
        """Raise ValueError for a row without implementations, with an unknown one, or that stands already."""
        if what in (said for said, _ in [*self.observations, *self.findings]):
            raise ValueError(f"{self.name}: '{what}' was seen already; an observation counts once.")
        if not by:
            raise ValueError(f"{self.name}: '{what}' names no implementation; say which gave the answer.")
        if unknown := sorted(set(by) - set(IMPLEMENTATIONS)):
            raise ValueError(
                f"{self.name}: {unknown[0]} is no implementation; use {', '.join(IMPLEMENTATIONS)}."
            )

    @property
    def implementations(self):
        """The implementations whose answers the verdict rests on, in the book's order."""
        run = {name for _, answers in self.observations for name in answers}
        return [name for name in IMPLEMENTATIONS if name in run]

    @property
    def verdict(self):
        """What the observations come to: one of the four verdicts, or whether something was made real."""
        answers = [answer for _, by in self.observations for answer in by.values()]
        if not answers:
            return UNTESTED
        if not self.asserts:
            return REAL if all(answers) else UNREAL
        if all(answers):
            return HOLDS
        return CONDITION if any(answers) else FAILS

    @property
    def sentence(self):
        """Where the condition lies, or what was seen instead; empty for other verdicts."""
        return self._sentences.get(self.verdict, "")

    def __repr__(self):
        lines = [f"{self.name} {self.verdict}"]
        rows = [(case, {name: _word(a) for name, a in by.items()}) for case, by in self.observations]
        for what, by in [*rows, *self.findings]:
            lines.append(f"  {what}: " + ", ".join(f"{name} {value}" for name, value in by.items()))
        return "\n".join(lines)

    def _repr_html_(self):
        """The quotation, the verdict, and the answers: a row for a case, a column for an implementation."""
        parts = [f'<p class="quote">“{_marked(self.quote)}”</p>']
        sentence = f' <span class="sentence">{_marked(self.sentence)}</span>' if self.sentence else ""
        parts.append(f'<p class="judged">{_badge(self.verdict)}{sentence}</p>')
        if self.observations:
            parts.append(self._grid())
        if self.shown:
            parts.append(f'<p class="shown">Shown in {_links(self.shown)}.</p>')
        return f'<div class="claim">{"".join(parts)}</div>'

    def _grid(self):
        """The table of answers; findings stand below them."""
        columns = self.implementations
        head = "".join(f'<th scope="col">{name}</th>' for name in columns)
        rows = []
        for case, by in self.observations:
            cells = "".join(_answer(by.get(name)) for name in columns)
            rows.append(f'<tr><th scope="row">{_marked(case)}</th>{cells}</tr>')
        for what, by in self.findings:
            cells = "".join(f"<td>{_marked(by.get(name, NOTHING))}</td>" for name in columns)
            rows.append(f'<tr class="found"><th scope="row">{_marked(what)}</th>{cells}</tr>')
        return (
            f'<table class="answers" aria-label="{html.escape(self.name)}, case by case">'
            f"<thead><tr><td></td>{head}</tr></thead>"
            f"<tbody>{''.join(rows)}</tbody></table>"
        )


class Ledger:
    """All claims, in the order in which they were made.

    documents: {letter that its claims' names begin with: title}.
    """

    def __init__(self, documents=None):
        self.documents = dict(documents or {})
        self.claims = {}

    def claim(self, name, quote, text, **more):
        """Open a claim and return it; see `Claim`. Raises ValueError when the name is taken."""
        if name in self.claims:
            raise ValueError(f"{name} stands in the ledger already; every claim has one entry.")
        self.claims[name] = Claim(name, quote, text, **more)
        return self.claims[name]

    def __getitem__(self, name):
        return self.claims[name]

    def __repr__(self):
        return "\n".join(
            f"{claim.name:<4} {claim.verdict:<22} {claim.text}" for claim in self.claims.values()
        )

    def _counts(self):
        """How many claims got which verdict, as a sentence. Words that claim nothing are not counted."""
        verdicts = [claim.verdict for claim in self.claims.values() if claim.asserts]
        counted = [(verdicts.count(verdict), COUNTED[verdict]) for verdict in COUNTED]
        said = [f"{count} {one if count == 1 else many}" for count, (one, many) in counted if count]
        return f"Of {len(verdicts)} claims, {', '.join(said)}."

    def _repr_html_(self):
        """A table for each document, and one for what was made real.

        A claim's name leads to its section, which the page labels ledger-a1.
        """
        titles = self.documents or {"": "The claims"}
        claims = [claim for claim in self.claims.values() if claim.asserts]
        tables = [
            _table(title, [claim for claim in claims if claim.name.startswith(letter)])
            for letter, title in titles.items()
        ]
        if made := [claim for claim in self.claims.values() if not claim.asserts]:
            tables.append(
                _table("Words that claim nothing (not counted)", made, named="Entry", judged="Result")
            )
        return f"<p>{self._counts()}</p>{''.join(tables)}"


def _table(title, claims, named="Claim", judged="Verdict"):
    """A table with a row for each of these claims."""
    head = "".join(
        f'<th scope="col" role="columnheader">{name}</th>'
        for name in (named, "In the document’s words, and in short", judged, "Rests on")
    )
    return (
        f'<table class="ledger" role="table"><caption>{_marked(title)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(_row(claim) for claim in claims)}</tbody></table>'
    )


def _row(claim):
    """One claim's row. The roles keep it a table where a narrow page shows its cells one below the other."""
    name = html.escape(claim.name)
    sentence = f'<span class="sentence">{_marked(claim.sentence)}</span>' if claim.sentence else ""
    cells = (
        ("words", f'<q>{_marked(claim.quote)}</q> <span class="short">{_marked(claim.text)}</span>'),
        ("judged", f"{_badge(claim.verdict)} {sentence}".rstrip()),
        ("rests", _run(claim)),
    )
    return (
        f'<tr role="row"><th scope="row" role="rowheader"><a href="#ledger-{name.lower()}">{name}</a></th>'
        + "".join(f'<td role="cell" class="{kind}">{cell}</td>' for kind, cell in cells)
        + "</tr>"
    )


def _run(claim):
    """What a verdict rests on: the implementations that were run, and where the book shows it."""
    shown = f' <span class="short">{_links(claim.shown)}</span>' if claim.shown else ""
    return (", ".join(claim.implementations) or "no chapter yet") + shown


def _badge(verdict):
    """A verdict with its sign; the style sheet gives it its colour."""
    sign = f'<span aria-hidden="true">{SIGNS[verdict]}</span>'
    return f'<span class="verdict {CLASSES[verdict]}">{sign} {verdict}</span>'


def _answer(answer):
    """The cell of one answer: yes, no, or nothing where the case does not concern the implementation."""
    kind = "" if answer is None else f' class="{_word(answer)}"'
    return f"<td{kind}>{NOTHING if answer is None else _word(answer)}</td>"


def _in_order(by):
    """The same by implementation, in the book's order."""
    return {name: by[name] for name in IMPLEMENTATIONS if name in by}


def _word(answer):
    """What a bool says."""
    return "yes" if answer else "no"


def _links(shown):
    """The places in the book where a claim is shown."""
    return " and ".join(f'<a href="{html.escape(to)}">{html.escape(name)}</a>' for name, to in shown.items())


def _marked(text):
    """A text as HTML, its `code` and its *emphasis* marked up."""
    text = re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text, quote=False))
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", text)


def raises(kind, call):
    """Return True if `call()` raises `kind`, False if it raises nothing. Other exceptions go through."""
    try:
        call()
    except kind:
        return True
    return False
