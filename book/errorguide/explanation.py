"""The last step: tell what an error's numbers mean and what may have happened."""

import dataclasses
import html

from .catalogue import OWNERS
from .causes import shown
from .live.draw import drawing
from .live.records import Finding
from .live.tell import lines_of
from .place import Place
from .quoted import MOST_SHOWN, shortened
from .wording import spell

UNKNOWN = (
    "The last error here is not one this book knows: {}\n"
    "The message below came before it, and may be worth reading."
)

COUNT = "how many "


@dataclasses.dataclass(frozen=True)
class Explanation:
    """What a message says.

    `id` is the message, `message` how the reader's text has it, `kind` the kind of error its numbers suggest.
    `numbers` maps names to whole numbers, shapes (tuples, None for a size not known) and names: those the
    message says, and those that follow from them; `meanings` says whose each is and what it means. `causes`
    are ranked, and `shown` of them are told at once; `repairs` is the code of each cause that has any.
    `page` is the page about the message, relative to the book's first page and without an ending. `place` is
    the reader's own line in a traceback, None where the text has none. `unknown` is the text's last error,
    where the book does not know it and the message only came before it. `others` are further errors in the
    same text. `live` is what was found in the frames of an exception and by replaying its model.
    """

    id: str
    kind: str
    framework: str
    title: str
    numbers: dict
    meanings: dict
    causes: tuple
    shown: int
    repairs: tuple
    page: str
    chapter: str | None
    message: str = ""
    place: Place | None = None
    unknown: str | None = None
    others: tuple = ()
    live: Finding | None = None

    @classmethod
    def of_unknown(cls, message, finding):
        """Return the Explanation of a message that the book does not know, of which a Finding is known."""
        return cls(
            id="",
            kind="other-shape",
            framework=finding.where.framework,
            title="",
            numbers={},
            meanings={},
            causes=(),
            shown=0,
            repairs=(),
            page="errors/index",
            chapter=None,
            message=message,
            live=finding,
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        """What Jupyter shows of an explanation: its text, and the drawing where a model was looked at."""
        text = as_text(self)
        drawn = drawing(self.live) if self.live else ""
        return {"text/plain": text, "text/html": f"<pre>{html.escape(text)}</pre>{drawn}"}

    def as_dict(self):
        """Return the explanation as the decoder page has it: lists for tuples, ready for JSON. What was found
        in the frames of an exception is there too.
        """
        said = dataclasses.asdict(dataclasses.replace(self, live=None))
        del said["live"]
        for other in said["others"]:
            del other["live"]
        return _with_lists(said | (self.live.as_dict() if self.live else {}))


def _with_lists(value):
    """Return a value with lists for the tuples in it."""
    if isinstance(value, dict):
        return {key: _with_lists(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_with_lists(entry) for entry in value]
    return value


def tell(match, causes, kind, message="", place=None):
    """Return the Explanation of a match, its ranked causes, its kind, its message and its Place."""
    entry = match.entry
    return Explanation(
        id=entry["id"],
        kind=kind,
        framework=entry["framework"],
        title=entry["title"],
        numbers={
            name: value
            for name, value in match.numbers.items()
            if name in entry["numbers"] or (name in match.said and not isinstance(value, str))
        },
        meanings={
            name: meaning for name, meaning in entry["numbers"].items() if match.numbers.get(name) is not None
        },
        causes=causes,
        shown=shown(causes),
        repairs=tuple(cause.repair for cause in causes if cause.repairs),
        page=f"errors/{entry['id']}",
        chapter=entry["chapter"],
        message=message,
        place=place,
    )


def as_text(explanation):
    """Return an Explanation as plain text for a terminal or a notebook."""
    lines = []
    if explanation.unknown:
        lines += [UNKNOWN.format(explanation.unknown), ""]
    lines += [shortened(explanation.message or explanation.title, MOST_SHOWN), ""]
    if (place := explanation.place) and not explanation.live:
        lines.append(f"Your line: {place.words}{f': {place.code}' if place.code else ''}")
        lines += [f"  Look there first: {place.show}"] if place.show else []
        lines += [f"  {place.where}"] if place.where else []
        lines.append("")
    if explanation.live:
        lines += [*lines_of(explanation.live), ""]
    if explanation.live and explanation.live.has_a_repair:
        return "\n".join([*lines, *also_possible(explanation)])
    told = told_numbers(explanation)
    lines += [f"  {value}  {meaning}" for value, meaning in told]
    lines += [""] if told else []
    for cause in explanation.causes[: explanation.shown]:
        lines.append(f"{cause.title}{' (fits these numbers)' if cause.fits else ''}")
        lines.append(f"   {cause.reason}")
        lines += [line for repair in cause.repairs for line in repair_lines(repair)]
    if place:
        lines.append(place.verify)
    lines.append("")
    folded = [cause for cause in explanation.causes[explanation.shown :] if not cause.footer]
    if folded:
        lines.append("Less likely: " + "; ".join(cause.title for cause in folded))
    if footer := [cause.title for cause in explanation.causes if cause.footer]:
        lines.append("Always possible: " + "; ".join(footer))
    lines += page_of(explanation)
    for other in explanation.others:
        lines.append(
            f"Also in this text: {shortened(other.message or other.title, MOST_SHOWN)}  ({other.page}.md)"
        )
    return "\n".join(lines)


def also_possible(explanation):
    """Return the last lines below a repair that was tried and runs: its usual causes."""
    titles = [cause.title for cause in explanation.causes if not cause.footer]
    lines = [f"Usual causes of this message: {'; '.join(titles)}"] if titles else []
    return [*lines, *page_of(explanation)]


def page_of(explanation):
    """Return the line that says how to read the page. A command does that outside the book too."""
    return [f"More: python -m errorguide --page {explanation.id}"] if explanation.id else []


def told_numbers(explanation):
    """Return what is said of the numbers in a terminal, as (number, what it is and whose)."""
    return [(value, f"{what} ({owner})") for value, owner, what in owned_numbers(explanation)]


def owned_numbers(explanation):
    """Return what is said of the numbers, as (number, whose it is, what it is). The message stands above
    them: a shape of it is told only where none of its sizes is told by itself, as belonging to the same
    owner. A count ("how many ...") is no size of a shape.
    """
    told, sizes = [], set()
    for name, meaning in explanation.meanings.items():
        role, _, what = meaning.partition(": ")
        value = explanation.numbers[name]
        told.append((role, value, what))
        if not what.startswith(COUNT):
            sizes.add((role, value))
    return [
        (spell(value), OWNERS[role], what)
        for role, value, what in told
        if not isinstance(value, tuple)
        or not (any((role, size) in sizes for size in value) or (value and set(value) == {None}))
    ]


def repair_lines(repair):
    """The lines of one choice of a repair, for a terminal."""
    lines = [f"   {repair.intent}:"] if repair.intent else []
    lines += [f"       {line}".rstrip() for line in repair.code.splitlines()]
    return lines + ([f"   Careful: {repair.loses}"] if repair.loses else [])
