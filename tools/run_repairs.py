"""Run situations: raise the message, apply the repair that a reader is told, call again, say what came out.

It reads situations as JSON on standard input, one a line, and writes a JSON line with the results of
each when it is over:

- `message`: what the call raised, as it is explained; `raised` where today's wording is another page's
- `repairs`: a list, of each choice of the repair {"gives"} and, where it failed, {"fault"}
- `tries`: a list, of each dead end {"raises"} or {"gives", "off"}
- `with`: where it needs packages that the book's tests do not install, the version of each
- `fault`: what is wrong with the situation itself, and then nothing else

tools/repairs.py starts it.
"""

import contextlib
import functools
import json
import random
import sys
import warnings

from errorguide import explain
from errorguide.cases import PACKAGES, untested
from errorguide.situations import of_choice
from run_cases import frameworks_set_up, versions  # tools/run_cases.py

MOST_BEFORE = 3  # the cause of a situation has to be among so many


class Fault(Exception):
    """What is wrong with a situation or a repair, in a sentence."""


def seed():
    """Make what is drawn at random the same for each situation, and number Keras' layers anew."""
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.clear_session(free_memory=False)
        sys.modules["keras"].utils.set_random_seed(0)


def prepared(situation):
    """Return the variables of a situation after its setup."""
    variables = {"__name__": "situation"}
    seed()
    exec(compile(situation["setup"], "<setup>", "exec"), variables)
    seed()
    return variables


def called(situation, variables):
    """Make the call. Return (its value, the message it raised or warned of, or None)."""
    code = situation["call"].rstrip("\n")
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            try:
                expression = compile(code, "<call>", "eval")
            except SyntaxError:
                exec(compile(code, "<call>", "exec"), variables)
                value = variables.get("result")
            else:
                value = eval(expression, variables)
        except Exception as error:
            return None, f"{type(error).__name__}: {error}"
    for warning in heard:
        message = f"{warning.category.__name__}: {warning.message}"
        if issubclass(warning.category, UserWarning) and explain(message) is not None:
            return value, message
    return value, None


def shape_of(value):
    """Return the shape of a tensor or an array as a tuple; None for anything else."""
    shape = getattr(value, "shape", None)
    try:
        return None if shape is None or isinstance(value, type) else tuple(shape)
    except (TypeError, ValueError):
        return None


def described(value):
    """Return what came out, in short: the shape or the shapes; a number is a tensor of the shape ()."""
    shape = shape_of(value)
    if shape is not None:
        return str(shape).replace("None", "?")
    if isinstance(value, list | tuple) and value and all(shape_of(each) is not None for each in value):
        return ", ".join(described(each) for each in value)
    return ""


def numbers(value):
    """Return a tensor of any framework as a NumPy array of float64."""
    import numpy

    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return numpy.asarray(value, dtype=numpy.float64)


def difference(value, right):
    """Return in words how far `value` is from `right`; "" where they are equal up to rounding."""
    import numpy

    got, wanted = numbers(value), numbers(right)
    if got.shape != wanted.shape:
        return f"the shape is {got.shape}, where {wanted.shape} is right"
    if numpy.allclose(got, wanted, rtol=1e-4, atol=1e-5 * max(1.0, float(numpy.abs(wanted).max(initial=0)))):
        return ""
    other = ~numpy.isclose(got, wanted, rtol=1e-4, atol=1e-5)
    if got.ndim == 0:
        return f"the value is {two_digits(got)}, where {two_digits(wanted)} is right"
    off, largest = numpy.abs(got - wanted).max(), numpy.abs(wanted).max()
    return (
        f"{100 * other.mean():.0f}% of the values are wrong, by up to {two_digits(off)} "
        f"where the largest right one is {two_digits(largest)}"
    )


def two_digits(number):
    """Return a number rounded to two digits, 2200 and not 2.2e+03."""
    return f"{float(f'{number:.2g}'):,.12g}"


def rights_of(situation):
    """Return what gives the right outcome of a choice, None where it is not known.

    Each is made once, from the variables of a setup of its own.
    """

    @functools.cache
    def value(expression):
        return eval(compile(expression, "<right>", "eval"), prepared(situation)) if expression else None

    return lambda number: value(of_choice(situation["right"], number))


@contextlib.contextmanager
def graphs_left_out(situation):
    """Within it Keras trains and predicts step by step, without compiling a graph that is used once.

    The failing call and the dead ends are made as a reader makes them: messages of graphs name other shapes.
    """
    tensorflow = sys.modules.get("tensorflow") if situation["page"].startswith("keras") else None
    if tensorflow is None:
        yield
        return
    tensorflow.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tensorflow.config.run_functions_eagerly(False)


def repaired(situation, number, code, right_of):
    """Run one choice of the repair and the call again. Return what came out, in short. Raises Fault."""
    right = right_of(number)
    variables = prepared(situation)
    try:
        exec(compile(code, "<repair>", "exec"), variables)
    except Exception as error:
        raise Fault(f"the repair itself raises {type(error).__name__}: {error}") from error
    value, message = called(situation, variables)
    if message is not None:
        raise Fault(f"after the repair the call still raises {message}")
    if right is not None and (off := difference(value, right)):
        raise Fault(f"after the repair {off}")
    variables["result"] = value
    try:
        exec(compile(of_choice(situation["checks"], number), "<checks>", "exec"), variables)
    except Exception as error:
        raise Fault(f"after the repair a check fails: {type(error).__name__}: {error}") from error
    return described(value)


def tried(situation, code, right_of):
    """Run a dead end and the call again. Return {"raises"}, or {"gives", "off"}."""
    right = right_of(0)
    variables = prepared(situation)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(code, "<try>", "exec"), variables)
        except Exception as error:
            return {"raises": f"{type(error).__name__}: {error}"}
    value, message = called(situation, variables)
    if message is not None:
        return {"raises": message}
    off = difference(value, right) if right is not None else ""
    if right is not None and not off:
        raise Fault("it gives the right numbers: it is no dead end")
    return {"gives": described(value), "off": off}


def run(situation):
    """Return the results of a situation, as the head of this file has them."""
    try:
        variables = prepared(situation)
    except Exception as error:
        return {"fault": f"its setup raises {type(error).__name__}: {error}"}
    _, raised = called(situation, variables)
    if raised is None:
        return {"fault": "its call raises nothing"}
    message = situation.get("message", raised)
    explanation = explain(message)
    if explanation is None or explanation.id != situation["page"]:
        placed = explanation.id if explanation else "no page"
        return {"fault": f"its call raises the message of {placed}: {message}"}
    first = [cause.id for cause in explanation.causes[:MOST_BEFORE]]
    if situation["cause"] not in first:
        return {"fault": f"{message} is explained by {', '.join(first)} first, not by {situation['cause']}"}
    cause = next(cause for cause in explanation.causes if cause.id == situation["cause"])
    results = {"message": message, "repairs": [], "tries": []}
    if message != raised:
        results["raised"] = raised
    if wanted := untested(situation):
        results["with"] = {name: version for name, version in versions(PACKAGES).items() if name in wanted}
    right_of = rights_of(situation)
    for number, repair in enumerate(cause.repairs):
        try:
            with graphs_left_out(situation):
                results["repairs"].append({"gives": repaired(situation, number, repair.code, right_of)})
        except Fault as fault:
            results["repairs"].append({"fault": f"{fault}\n{repair.code}"})
        except Exception as error:
            results["repairs"].append({"fault": f"{type(error).__name__}: {error}\n{repair.code}"})
    for attempt in situation["tries"]:
        try:
            results["tries"].append(tried(situation, attempt["code"], right_of))
        except Fault as fault:
            results["tries"].append({"fault": f"{attempt['title']}: {fault}"})
        except Exception as error:
            results["tries"].append({"fault": f"{attempt['title']}: {type(error).__name__}: {error}"})
    return results


def main():
    """Answer the requests on standard input."""
    out = frameworks_set_up()
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), file=out, flush=True)


if __name__ == "__main__":
    main()
