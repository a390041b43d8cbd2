"""The reader's own statements from a model's call to the line that failed, where the error comes after the
model: in a loss, or in a second model.
"""

import ast
import dataclasses
import linecache

from .frames import parsed, value_of

MOST_STATEMENTS = 2000
SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign)


@dataclasses.dataclass
class Statement:
    """A statement before the failing line, with the names that it reads and writes. `calls` are (source,
    module) of the models that it calls, `given` the source of what they are called with; `whole` is False for
    a loop or a branch, of which only the names are known.
    """

    node: ast.stmt
    reads: set
    writes: set
    calls: list
    given: set
    whole: bool = True


@dataclasses.dataclass
class Slice:
    """Statements that can be run again: `run(values)` gives what the failing one would. `values` are the
    variables that they read, `given` the source of those that a model is called with, `models` its
    {source: module}, the last one called at the end.
    """

    code: list
    last: object
    names: dict
    values: dict
    given: set
    models: dict

    def run(self, values):
        """Run the statements with these values of their variables, and return the failing one's value."""
        names = {**self.names, **values}
        for code in self.code:
            exec(code, names)
        return eval(self.last, names)


def slice_of(frame, is_model, failed=None):
    """Return the Slice of a frame, None where no model but the one that failed was called, or where it is not
    known with what. `is_model(value)` says whether a value is a model.
    """
    body = body_of(frame)
    if body is None:
        return None
    found = []
    if not collect(body, frame, is_model, found) or len(found) > MOST_STATEMENTS:
        return None
    *before, failing = found
    last = value_in(failing.node)
    if last is None:
        return None
    used = used_of(before, failing)
    others = [call for call in failing.calls if call[1] is not failed]
    if used is None or not (used or others):
        return None
    values = {}
    for name in set().union(*(each.reads for each in (*used, failing))):
        value = value_of(ast.Name(name), frame.frame)
        if name.isidentifier() and value is not None:
            values[name] = value
    models = {}
    for each in used:
        models.update(each.calls)
    models.update(others)
    given = set().union(*(each.given for each in used), failing.given if others else ())
    try:
        code = [compiled(ast.Module([each.node], []), frame, "exec") for each in used]
        last = compiled(ast.Expression(last), frame, "eval")
    except (SyntaxError, ValueError, TypeError):
        return None
    names = {**frame.frame.f_globals, **frame.frame.f_locals}
    return Slice(code, last, names, values, given, models)


def compiled(tree, frame, mode):
    """Return code that has the file, the lines and the name of a frame's own."""
    return compile(tree, frame.file, mode, dont_inherit=True).replace(co_name=frame.code.co_name)


def body_of(frame):
    """Return the statements of the function, or the file, in which a frame is, None where they are not
    known.
    """
    text = "".join(linecache.getlines(frame.file, frame.frame.f_globals))
    tree = parsed(text)
    if tree is None:
        return None
    if frame.code.co_name == "<module>":
        return tree.body
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == frame.code.co_name:
            lines = [node.lineno, *(each.lineno for each in node.decorator_list)]
            if min(lines) == frame.code.co_firstlineno:
                return node.body
    return None


def collect(body, frame, is_model, found):
    """Add the Statements of a body up to the failing line; return whether that one is there, as the last."""
    for node in body:
        if node.lineno > frame.line:
            return False
        here = node.lineno <= frame.line <= node.end_lineno
        inner = [getattr(node, part, []) for part in ("body", "orelse", "finalbody")]
        inner += [each.body for each in getattr(node, "handlers", [])]
        if not any(inner):
            found.append(statement(node, frame, is_model))
            if here:
                return True
        elif here:
            for part in inner:
                if part and part[0].lineno <= frame.line <= part[-1].end_lineno:
                    return collect(part, frame, is_model, found)
            return False
        elif isinstance(node, ast.With):
            collect(node.body, frame, is_model, found)
        else:
            found.append(dataclasses.replace(statement(node, frame, is_model), whole=False))
    return False


def statement(node, frame, is_model):
    """Return the Statement of a node."""
    reads, writes, calls, given = set(), set(), [], set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            (reads if isinstance(each.ctx, ast.Load) else writes).add(each.id)
        elif isinstance(each, ast.Attribute):
            (reads if isinstance(each.ctx, ast.Load) else writes).add(ast.unparse(each))
        elif isinstance(each, ast.Subscript) and not isinstance(each.ctx, ast.Load):
            writes.add(ast.unparse(each.value))
        elif isinstance(each, ast.Call):
            owner = called_model(each.func, frame, is_model)
            if owner is not None:
                calls.append(owner)
                for argument in (*each.args, *(keyword.value for keyword in each.keywords)):
                    given |= set(chains(argument))
    if isinstance(node, ast.AugAssign):
        reads.add(ast.unparse(node.target))
    return Statement(node, reads, writes, calls, given)


def chains(node):
    """Yield the source of the variables in an expression, each with its attributes and items."""
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        yield ast.unparse(node)
    else:
        for each in ast.iter_child_nodes(node):
            yield from chains(each)


def called_model(function, frame, is_model):
    """Return (source, module) of the model that is called, or whose method or part is, None where it is
    none.
    """
    found = None
    while isinstance(function, ast.Name | ast.Attribute):
        value = value_of(function, frame.frame)
        if is_model(value):
            found = ast.unparse(function), value
        function = getattr(function, "value", None)
    return found


def used_of(before, failing):
    """Return the Statements that lead from a model's call to the failing one, None where their variables have
    changed since.
    """
    tainted, kept = set(), []
    for number, each in enumerate(before):
        if not each.whole or not isinstance(each.node, SIMPLE):
            continue
        if (each.calls and not trains(each)) or each.reads & tainted:
            tainted |= each.writes
            kept.append(number)
        else:
            tainted -= each.writes
    need, used = set(failing.reads), []
    for number in reversed(kept):
        if before[number].writes & need:
            used.insert(0, number)
            need |= before[number].reads
    made = set()
    for number in used:
        for name in before[number].reads - made:
            if any(name in each.writes for each in before[number:]):
                return None
        made |= before[number].writes
    for number, each in enumerate(before):
        if not each.whole and each.writes & made and any(used_at < number for used_at in used):
            return None
    return [before[number] for number in used]


def trains(statement):
    """Whether a statement only sets up a model: `model = model.to(device)`."""
    names = {
        "to",
        "cuda",
        "cpu",
        "train",
        "eval",
        "parameters",
        "state_dict",
        "load_state_dict",
        "requires_grad_",
    }
    calls = [each for each in ast.walk(statement.node) if isinstance(each, ast.Call)]
    return all(isinstance(each.func, ast.Attribute) and each.func.attr in names for each in calls)


def value_in(node):
    """Return the expression that a failing statement computes, None for another kind of statement."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Return):
        return node.value
    return None
