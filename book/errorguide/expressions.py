"""Small expressions over the numbers of a message, such as `got == 2 * expected`.

They are written in Python's syntax in the catalogue, compiled to nested lists (`["==", "got", ["*", 2,
"expected"]]`: a number is itself, a string is a name, `["text", "..."]` is a text), and evaluated here and,
in the same way, by decoder-engine.js. What is not known is None; whatever is computed from None is None, and
None is not true.
"""

import ast
import functools
import inspect
import math

LARGEST = 2**53 - 1  # a browser counts exactly up to here
OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in",
}  # fmt: skip

# Flattened sizes that everyone meets: the last feature map of a known network, or a usual image.
KNOWN_MAPS = {
    400: (16, 5, 5), 784: (1, 28, 28), 1024: (1, 32, 32), 1568: (32, 7, 7), 3072: (3, 32, 32),
    3136: (64, 7, 7), 9216: (256, 6, 6), 12288: (3, 64, 64), 25088: (512, 7, 7), 50176: (1024, 7, 7),
    62720: (1280, 7, 7), 100352: (2048, 7, 7), 131072: (2048, 8, 8), 150528: (3, 224, 224),
    268203: (3, 299, 299),
}  # fmt: skip

# Channels of maps before a flatten, the likeliest first: of layers, then of whole networks and of images.
USUAL_CHANNELS = (
    512, 256, 128, 64, 32, 16, 384, 192, 96, 48, 24, 320, 160, 120, 50, 20, 12, 10, 8, 6,
    2048, 1024, 1280, 1536, 1792, 1408, 960, 576, 3, 1,
)  # fmt: skip


signature = functools.lru_cache(inspect.signature)


class ExpressionError(ValueError):
    """An expression that cannot be compiled; the message says what is wrong with it."""


@functools.lru_cache(maxsize=4096)
def compile_expression(text):
    """Return `text` compiled to nested lists, the same each time. Raises ExpressionError for anything but
    sizes, shapes and comparisons.
    """
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as problem:
        raise ExpressionError(f"expression {text!r}: {problem.msg}") from problem
    return _compile(tree, text)


def _compile(node, text):
    """Return one node of the syntax tree as nested lists. `text` is the expression, for the message."""
    if isinstance(node, ast.Constant) and is_whole(node.value):
        return node.value
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return ["text", node.value]
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Tuple | ast.List):
        return ["list", *[_compile(element, text) for element in node.elts]]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ["not", _compile(node.operand, text)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return ["-", 0, _compile(node.operand, text)]
    if isinstance(node, ast.BoolOp):
        name = "and" if isinstance(node.op, ast.And) else "or"
        return [name, *[_compile(value, text) for value in node.values]]
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return [OPERATORS[type(node.op)], _compile(node.left, text), _compile(node.right, text)]
    if isinstance(node, ast.Compare) and all(type(op) in OPERATORS for op in node.ops):
        values = [_compile(value, text) for value in [node.left, *node.comparators]]
        parts = [[OPERATORS[type(op)], values[i], values[i + 1]] for i, op in enumerate(node.ops)]
        return parts[0] if len(parts) == 1 else ["and", *parts]
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        return ["item", _compile(node.value, text), _compile(node.slice, text)]
    if isinstance(node, ast.Subscript) and node.slice.step is None:
        ends = [_compile(end, text) if end else ["none"] for end in (node.slice.lower, node.slice.upper)]
        return ["slice", _compile(node.value, text), *ends]
    if isinstance(node, ast.IfExp):
        return ["if", *[_compile(part, text) for part in (node.test, node.body, node.orelse)]]
    if isinstance(node, ast.Call) and not node.keywords and ast.unparse(node.func) in FUNCTIONS:
        try:
            signature(FUNCTIONS[node.func.id]).bind(*node.args)
        except TypeError as problem:
            raise ExpressionError(f"expression {text!r}: {node.func.id}(): {problem}") from problem
        return ["call", node.func.id, *[_compile(argument, text) for argument in node.args]]
    raise ExpressionError(
        f"expression {text!r}: {ast.unparse(node)!r} is not among what an expression may say: "
        f"whole numbers, names, arithmetic, comparisons, and, or, not, if, and {', '.join(FUNCTIONS)}"
    )


def names_in(tree):
    """Return the names that a compiled expression speaks of, as a set."""
    if isinstance(tree, str):
        return {tree}
    if isinstance(tree, int) or tree[0] == "text":
        return set()
    return set().union(*map(names_in, tree[2 if tree[0] == "call" else 1 :]))


def lacking(tree, known):
    """Return the names without which a compiled condition can never be true, if only `known` are there.

    Of alternatives (`or`) one is enough, and a `not` may ask whether a name is there: `not known(input)`.
    """
    head, *rest = tree if isinstance(tree, list) else (None, tree)
    if head == "or":
        wants = [lacking(part, known) for part in rest]
        return set().union(*wants) if all(wants) else set()
    if head == "and":
        return set().union(*(lacking(part, known) for part in rest))
    if head == "not":
        return names_in(tree) - known - asked_for(tree)
    return names_in(tree) - known


def asked_for(tree):
    """Return the names that a compiled expression asks `known(...)` of, as a set."""
    if not isinstance(tree, list) or tree[0] == "text":
        return set()
    if tree[:2] == ["call", "known"]:
        return names_in(tree)
    return set().union(*map(asked_for, tree[1:]))


def evaluate(tree, numbers):
    """Return the value of a compiled expression over `numbers`, a dict from names to values."""
    if isinstance(tree, str):
        return numbers.get(tree)
    if isinstance(tree, int):
        return tree
    head, *rest = tree
    if head == "text":
        return rest[0]
    if head == "none":
        return None
    if head == "list":
        return tuple(evaluate(part, numbers) for part in rest)
    if head == "not":
        return evaluate(rest[0], numbers) is not True
    if head == "and":
        return all(evaluate(part, numbers) is True for part in rest)
    if head == "or":
        return any(evaluate(part, numbers) is True for part in rest)
    if head == "if":
        return evaluate(rest[1] if evaluate(rest[0], numbers) is True else rest[2], numbers)
    if head == "call":
        return FUNCTIONS[rest[0]](*[evaluate(part, numbers) for part in rest[1:]])
    if head == "slice":
        value, low, high = (evaluate(part, numbers) for part in rest)
        return value[low:high] if isinstance(value, tuple) else None
    left, right = (evaluate(part, numbers) for part in rest)
    if left is None or right is None:
        return None
    if head == "item":
        if not isinstance(left, tuple) or not is_whole(right) or not -len(left) <= right < len(left):
            return None
        return left[right]
    if head == "in":
        if isinstance(right, str):
            return isinstance(left, str) and left in right
        return isinstance(right, tuple) and left in right
    if head == "==":
        return left == right
    if head == "!=":
        return left != right
    if not is_whole(left) or not is_whole(right):
        return None
    return arithmetic(head, left, right)


def is_whole(value):
    """Whether a value is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def arithmetic(operator, left, right):
    """Compute or compare two whole numbers. None for what a browser could not count exactly, and for a
    division by zero or of a negative number, in which the two languages differ.
    """
    if operator in ("//", "%"):
        if right <= 0 or left < 0:
            return None
        return left // right if operator == "//" else left % right
    if operator in ("+", "-", "*"):
        value = left + right if operator == "+" else left - right if operator == "-" else left * right
        return value if abs(value) <= LARGEST else None
    if operator == "<":
        return left < right
    if operator == "<=":
        return left <= right
    return left > right if operator == ">" else left >= right


def prod(shape):
    """The number of values in a shape; None where a size is not known."""
    if not isinstance(shape, tuple):
        return None
    total = 1
    for size in shape:
        if not is_whole(size) or size < 0:
            return None
        total *= size
        if total > LARGEST:
            return None
    return total


def rank(shape):
    """The number of axes of a shape; None where it is not known."""
    return len(shape) if isinstance(shape, tuple) else None


def root(number):
    """The whole square root; None where there is none."""
    if not is_whole(number) or number < 0:
        return None
    side = math.isqrt(number)
    return side if side * side == number else None


def known(value):
    """Whether the message says it, or it follows from what the message says."""
    return value is not None


def permuted(one, other):
    """Whether two shapes hold the same sizes in another order."""
    if not isinstance(one, tuple) or not isinstance(other, tuple) or None in one or None in other:
        return None
    return one != other and sorted(one) == sorted(other)


def differing(one, other):
    """The axes in which two shapes of one rank differ; unknown sizes differ from nothing."""
    if not isinstance(one, tuple) or not isinstance(other, tuple) or len(one) != len(other):
        return None
    pairs = enumerate(zip(one, other, strict=True))
    return tuple(axis for axis, (a, b) in pairs if a is not None and b is not None and a != b)


def without_ones(shape):
    """A shape without its axes of length 1."""
    return tuple(size for size in shape if size != 1) if isinstance(shape, tuple) else None


def contains(name, *words):
    """Whether a name contains one of the words, without regard to case."""
    if not isinstance(name, str):
        return None
    return any(word in name.lower() for word in words)


def starts(name, *words):
    """Whether a dotted name begins with one of the words."""
    if not isinstance(name, str):
        return None
    return any(name.lower().startswith(word) for word in words)


def maps(features):
    """`features` as (channels, height, width) of square maps: a usual one, or the largest maps of 16 channels
    or more.
    """
    if not is_whole(features) or features < 16:
        return None
    if features in KNOWN_MAPS:
        return KNOWN_MAPS[features]
    for side in range(min(math.isqrt(features // 16), 1024), 1, -1):
        if features % (side * side) == 0 and features // (side * side) % 8 == 0:
            return (features // (side * side), side, side)
    return None


def same_maps(one, other):
    """Two flattened sizes as square maps of the same channels: two shapes (channels, side, side).

    The channels are those of a size that everyone meets, else the most of the usual ones; sides of 1 count
    only where nothing else fits.
    """
    if not is_whole(one) or not is_whole(other) or one == other or min(one, other) < 1:
        return None
    met = [KNOWN_MAPS[size][0] for size in (one, other) if size in KNOWN_MAPS]
    for smallest, usual in ((1, met), (2, USUAL_CHANNELS), (1, USUAL_CHANNELS)):
        for channels in usual:
            if one % channels or other % channels:
                continue
            sides = root(one // channels), root(other // channels)
            if None not in sides and min(sides) >= smallest:
                return tuple((channels, side, side) for side in sides)
    return None


def gcd(one, other):
    """The greatest common divisor of two sizes."""
    return math.gcd(one, other) if is_whole(one) and is_whole(other) and min(one, other) > 0 else None


def largest(*values):
    """The largest of the whole numbers among the values; None where there is none."""
    flat = [value for value in values if is_whole(value)]
    return max(flat) if flat else None


def magnitude(number):
    """A whole number without its sign."""
    return abs(number) if is_whole(number) else None


# What an expression may call; decoder-engine.js has the same.
FUNCTIONS = {
    "prod": prod, "rank": rank, "root": root, "known": known, "permuted": permuted, "differing": differing,
    "contains": contains, "starts": starts, "maps": maps, "largest": largest, "magnitude": magnitude,
    "without_ones": without_ones, "same_maps": same_maps, "gcd": gcd,
}  # fmt: skip
