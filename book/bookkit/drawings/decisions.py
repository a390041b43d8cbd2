"""`decisions`: a column of questions; a yes leads to the right, a no leads down."""

from bookkit.drawings.canvas import Canvas, line_pitch, text_width
from bookkit.drawings.style import FULL_WIDTH, NOTE

QUESTION = 2.72  # inches, the width of a question's box
ARROW = 0.46  # inches, from a question to its answer
ANSWER = FULL_WIDTH - QUESTION - ARROW
PADDING = 0.06  # inches, between a box and its text
DROP = 0.19  # inches, from a question to the next one


def decisions(questions, otherwise):
    """Draw (question, answer) pairs from top to bottom, and the answer that is left after the last no.

        decisions([("Do targets or labels take part?", "Labels")], "Two settings")

    Returns a matplotlib Figure. Raises ValueError without questions, and for a word too long for its box.
    """
    if not questions:
        raise ValueError("decisions() expects at least one question, got none.")
    canvas = Canvas()
    top = 0.0
    for question, answer in questions:
        asked, told = _wrapped(question, QUESTION), _wrapped(answer, ANSWER)
        tall = max(_height(asked), _height(told))
        middle = top - tall / 2
        _box(canvas, 0.0, middle, QUESTION, asked, tall)
        _box(canvas, QUESTION + ARROW, middle, ANSWER, told, tall, width=2)
        _arrow(canvas, (QUESTION, middle), (QUESTION + ARROW, middle))
        canvas.text(QUESTION + ARROW / 2 - 0.02, middle + 0.06, "yes", "center", NOTE)
        _arrow(canvas, (0.3, top - tall), (0.3, top - tall - DROP))
        canvas.text(0.4, top - tall - DROP / 2 - 0.05, "no", size=NOTE)
        top -= tall + DROP
    told = _wrapped(otherwise, QUESTION)
    _box(canvas, 0.0, top - _height(told) / 2, QUESTION, told, _height(told), width=2)
    return canvas.figure()


def _wrapped(sentence, width):
    """Return `sentence` as lines that fit into a box of `width` inches."""
    lines = [""]
    for word in sentence.split():
        if text_width(word, NOTE) > width - 2 * PADDING:
            raise ValueError(f"{word!r} is too long for a box; write a shorter word.")
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, NOTE) > width - 2 * PADDING:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _height(lines):
    """Return the height of a box around `lines`."""
    return len(lines) * line_pitch(NOTE) + 2 * PADDING


def _box(canvas, x, middle, wide, lines, tall, **style):
    """Draw a box of text whose left side is at `x`, centred on the height `middle`."""
    canvas.rectangle(x, middle - tall / 2, wide, tall, **style)
    first = middle + (len(lines) * line_pitch(NOTE)) / 2 - 0.14
    canvas.lines(x + PADDING, first, lines, size=NOTE)


def _arrow(canvas, start, stop):
    """Draw a straight arrow to the right or down."""
    (x, y), right = stop, stop[1] == start[1]
    canvas.line([start, stop])
    wings = (
        [(x - 0.07, y + 0.05), (x - 0.07, y - 0.05)]
        if right
        else [(x - 0.05, y + 0.07), (x + 0.05, y + 0.07)]
    )
    canvas.line([wings[0], stop, wings[1]])
