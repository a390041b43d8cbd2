"""What the pages' scripts ask: texts and plain values in, texts and plain values out. The build asks the same
for what stands on a page before its script runs.
"""

from ..read.shape import shapes_of
from . import applying, calculator, drawing, filters, from_error, html, wiring


def calculation(text, shape):
    """Return what stands on the calculator's page for a text and the text of a shape.

    `beside` has what stands beside the lines, channels first and channels last. `layers` says whether any
    were found, `problem` what is wrong with the shape.
    """
    shapes, problem = shapes_of(shape)
    if problem:
        calculated = calculator.empty(problem, [])
    else:
        calculated = calculator.calculation(text, shapes)
    own_first = calculated["layouts"][0] != "channels last"
    order = (0, 1) if own_first else (1, 0)
    return {
        "beside": [html.beside(calculated, text, layout) for layout in order],
        "answer": "" if problem else html.answer(calculated),
        "summary": calculated["summary"],
        "layers": bool(calculated["rows"]),
        "problem": problem,
    }


def code(text, shape):
    """Return the model as code of both frameworks."""
    shapes, problem = shapes_of(shape)
    return "" if problem else html.code_of_both(calculator.programs(text, shapes))


def repaired(text, shape):
    """Return the text with the change that repairs the first layer that fails, None where there is none."""
    shapes, problem = shapes_of(shape)
    return None if problem else applying.applied(text, shapes)


def example_of(page, numbers, message):
    """Return a model and a shape that fail as a message says; None where it says too little."""
    return from_error.example_of(page, numbers, message)


def convolution(settings, output):
    """Return what stands on the wiring's page; `output` is the output channel that is looked at."""
    shown = wiring.wired(settings)
    return {
        "answer": html.wiring(
            shown,
            drawing.wires(settings, output),
            filters.weight(settings, output),
            filters.described(settings, output) if wiring.reads(settings, output) else "",
        ),
        "reads": wiring.reads(settings, output),
        "summary": shown["summary"],
    }
