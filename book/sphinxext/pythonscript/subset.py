"""What of Python has a translation: builtins, methods, modules and signs. Each of them is in runtime.js."""

import ast

# What there is of the standard library's modules.
MODULES = {
    "re": {"DOTALL", "MULTILINE", "VERBOSE", "compile", "findall", "finditer", "match", "search", "split",
           "sub"},
    "itertools": {"product"},
}  # fmt: skip
# Names that are imported from it; "" for one that only a class or a `with` uses.
IMPORTED = {
    ("functools", "partial"): "$partial",
    ("contextlib", "suppress"): "",
    ("dataclasses", "dataclass"): "",
    ("dataclasses", "field"): "",
}
BUILTINS = {
    "abs", "all", "any", "bool", "chr", "dict", "enumerate", "float", "getattr", "hasattr", "id", "int",
    "isinstance", "iter", "len", "list", "map", "max", "min", "next", "range", "repr", "reversed", "round",
    "set", "sorted", "str", "sum", "tuple", "type", "zip", "Exception", "ValueError", "TypeError", "KeyError",
    "IndexError", "AttributeError", "ZeroDivisionError", "OverflowError", "RecursionError",
}  # fmt: skip
# The methods of strings, lists, dicts, sets and matches, by the most arguments that each takes here. Every
# other method is one of a class of the package.
BY_ARGUMENTS = {
    0: {"copy", "isdecimal", "islower", "isupper", "items", "keys", "lower", "reverse", "sort",
        "splitlines", "upper", "values"},
    1: {"add", "append", "count", "end", "endswith", "expandtabs", "extend", "finditer", "group", "index",
        "join", "ljust", "lstrip", "match", "partition", "remove", "removeprefix", "removesuffix", "rjust",
        "rpartition", "rstrip", "search", "start", "startswith", "strip", "update"},
    2: {"fromkeys", "get", "insert", "pop", "setdefault", "split"},
    3: {"replace", "rfind"},
    9: {"format"},
}  # fmt: skip
METHODS = {name: most for most, names in BY_ARGUMENTS.items() for name in names}
OPERATORS = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.FloorDiv: "floordiv",
    ast.Mod: "mod", ast.Pow: "pow", ast.BitOr: "or",
}  # fmt: skip
COMPARISONS = {
    ast.Eq: "$eq({}, {})", ast.NotEq: "!$eq({}, {})", ast.Lt: "$lt({}, {})", ast.LtE: "$le({}, {})",
    ast.Gt: "$gt({}, {})", ast.GtE: "$ge({}, {})", ast.In: "$in({}, {})", ast.NotIn: "!$in({}, {})",
    ast.Is: "({} === {})", ast.IsNot: "({} !== {})",
}  # fmt: skip
BOOLEAN = {"isinstance", "hasattr", "any", "all"}  # what returns True or False
FORMATS = {",", ".1f"}  # of f-strings
# Names that JavaScript keeps for itself.
RESERVED = {
    "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default",
    "delete", "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if",
    "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package", "private",
    "protected", "public", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof",
    "undefined", "var", "void", "while", "with", "yield", "NaN", "Infinity",
}  # fmt: skip
LARGEST = 2**53 - 1  # that JavaScript's numbers hold exactly
