"""Translates one Python module to JavaScript: the part of Python that plain packages of this book use.

What is not handled here is refused with a Refused, never translated to something that is almost the same.
The operators, builtins and methods are runtime.js's, whose names begin with $.
"""

from __future__ import annotations

import ast
import json

from .subset import (
    BOOLEAN,
    BUILTINS,
    COMPARISONS,
    FORMATS,
    IMPORTED,
    LARGEST,
    METHODS,
    MODULES,
    OPERATORS,
    RESERVED,
)


class Refused(Exception):
    """Python that has no translation here; the message names the file and the line."""


def translated(source, path, names_of, functions):
    """Return a module as JavaScript statements.

    path:     the file, for messages.
    names_of: (module, level, name) -> (JavaScript of an imported name, whether it is a module).
    functions: the names of all functions and methods of the package.
    """
    return Module(path, names_of, functions).whole(ast.parse(source))


def functions_of(source):
    """Return the names of a module's functions and methods, and of the fields of its classes."""
    tree = ast.parse(source)
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    inside = [each for part in [tree, *classes] for each in part.body]
    functions = [each.name for each in inside if isinstance(each, ast.FunctionDef)]
    return {*functions, *(each.target.id for each in inside if isinstance(each, ast.AnnAssign))}


def spelled(name):
    """Return a name that JavaScript has no other use for."""
    return f"{name}$" if name in RESERVED else name


def text(value):
    """Return a string as JavaScript."""
    return json.dumps(value)


class Module:
    """The translation of one module. `scopes` are the names that functions around a place assign, inside
    out; `temporary` the names that hold a value in between.
    """

    def __init__(self, path, names_of, functions):
        self.path, self.names_of, self.functions = path, names_of, functions
        self.scopes = []
        self.temporary = [[]]
        self.modules = set()  # names that stand for modules
        self.handling = []  # the variables of the exceptions that are being handled
        self.classes = []
        self.methods = None  # the names of the methods of the class around, None outside
        self.constants = {}  # what tuples and floats that never change are called
        self.unused = set()  # names that only the translation itself knows: dataclass, suppress

    def refuse(self, node, what):
        """Raise a Refused."""
        raise Refused(
            f"{self.path}:{getattr(node, 'lineno', 0)}: {what} has no translation to the page's script. "
            "Write it more plainly, or teach sphinxext/pythonscript."
        )

    def whole(self, tree):
        """Translate the module, and return its names at the end."""
        names = assigned(tree.body)
        self.scopes.append(set(names))
        body = self.body(tree.body)
        names = [spelled(name) for name in names if name not in self.unused]
        declared = f"let {', '.join([*names, *self.temporary[0]])};\n" if names else ""
        kept = "".join(f"const {name} = {made};\n" for made, name in self.constants.items())
        return f"{kept}{declared}{body}return {{{', '.join(names)}}};\n"

    # ---- statements ----

    def body(self, statements):
        """Translate statements, without docstrings."""
        return "".join(self.statement(each) for each in statements if not is_docstring(each))

    def statement(self, node):
        """Translate a statement."""
        handler = getattr(self, f"do_{type(node).__name__}", None)
        return handler(node) if handler else self.refuse(node, f"`{type(node).__name__}`")

    def do_Expr(self, node):
        return f"{self.value(node.value)};\n"

    def do_Pass(self, node):
        return ""

    def do_Break(self, node):
        return "break;\n"

    def do_Continue(self, node):
        return "continue;\n"

    def do_Return(self, node):
        return f"return {self.value(node.value) if node.value else 'null'};\n"

    def do_Import(self, node):
        made = ""
        for alias in node.names:
            if alias.name not in MODULES:
                self.refuse(node, f"`import {alias.name}`")
            self.modules.add(alias.name)
            if alias.asname:
                self.refuse(node, f"`import {alias.name} as {alias.asname}`")
            made += f"{alias.name} = ${alias.name};\n"
        return made

    def do_ImportFrom(self, node):
        made = ""
        if len(self.scopes) > 1:
            self.refuse(node, "an import inside a function")
        for alias in node.names:
            name = alias.asname or alias.name
            if node.level == 0 and (node.module, alias.name) in IMPORTED:
                given, is_module = IMPORTED[node.module, alias.name], False
            else:
                given, is_module = self.names_of(node.module, node.level, alias.name)
            if given is None:
                self.refuse(node, f"`from {'.' * node.level}{node.module or ''} import {alias.name}`")
            if is_module:
                self.modules.add(name)
            if given:
                made += f"{spelled(name)} = {given};\n"
            else:
                self.unused.add(name)
        return made

    def do_Assign(self, node):
        if len(node.targets) == 1:
            return self.assign(node.targets[0], node.value)
        kept = self.keep()
        return f"{kept} = {self.value(node.value)};\n" + "".join(
            self.assign_value(target, kept) for target in node.targets
        )

    def do_AnnAssign(self, node):
        return self.assign(node.target, node.value) if node.value else ""

    def assign(self, target, value):
        """Assign an expression; a tuple of simple names part by part, where both sides show their parts."""
        if (
            isinstance(target, ast.Tuple)
            and isinstance(value, ast.Tuple)
            and len(target.elts) == len(value.elts)
            and all(isinstance(each, ast.Name | ast.Attribute) for each in target.elts)
            and not any(isinstance(each, ast.Starred) for each in value.elts)
        ):
            left = ", ".join(self.place(each) for each in target.elts)
            return f"[{left}] = [{', '.join(map(self.value, value.elts))}];\n"
        return self.assign_value(target, self.value(value))

    def assign_value(self, target, made):
        """Assign what a piece of JavaScript returns."""
        if isinstance(target, ast.Name | ast.Attribute):
            return f"{self.place(target)} = {made};\n"
        if isinstance(target, ast.Subscript):
            return f"$put({self.value(target.value)}, {self.index(target.slice)}, {made});\n"
        if not isinstance(target, ast.Tuple | ast.List):
            self.refuse(target, f"an assignment to `{ast.unparse(target)}`")
        stars = [place for place, each in enumerate(target.elts) if isinstance(each, ast.Starred)]
        count = len(target.elts)
        parts = f"$unpackStar({made}, {stars[0]}, {count - stars[0] - 1})" if stars else (
            f"$unpack({made}, {count})")  # fmt: skip
        inner = [each.value if isinstance(each, ast.Starred) else each for each in target.elts]
        if all(isinstance(each, ast.Name) for each in inner):
            return f"[{', '.join(self.place(each) for each in inner)}] = {parts};\n"
        kept = self.keep()
        return f"{kept} = {parts};\n" + "".join(
            self.assign_value(each, f"{kept}[{place}]") for place, each in enumerate(inner)
        )

    def place(self, target):
        """Return where a name or an attribute is kept."""
        if isinstance(target, ast.Name):
            return spelled(target.id)
        return f"{self.value(target.value)}.{spelled_attribute(target.attr)}"

    def do_AugAssign(self, node):
        if type(node.op) not in OPERATORS:
            self.refuse(node, f"`{ast.unparse(node)}`")
        function = f"$i{OPERATORS[type(node.op)]}"
        target, value = node.target, self.value(node.value)
        if isinstance(target, ast.Name):
            return f"{spelled(target.id)} = {function}({spelled(target.id)}, {value});\n"
        owner = self.keep()
        start = f"{owner} = {self.value(target.value)};\n"
        if isinstance(target, ast.Attribute):
            place = f"{owner}.{spelled_attribute(target.attr)}"
            return f"{start}{place} = {function}({place}, {value});\n"
        key = self.keep()
        start += f"{key} = {self.index(target.slice)};\n"
        return f"{start}$put({owner}, {key}, {function}($get({owner}, {key}), {value}));\n"

    def do_Delete(self, node):
        made = ""
        for target in node.targets:
            if not isinstance(target, ast.Subscript):
                self.refuse(node, f"`{ast.unparse(node)}`")
            made += f"$del({self.value(target.value)}, {self.index(target.slice)});\n"
        return made

    def do_If(self, node):
        made = f"if ({self.test(node.test)}) {{\n{self.body(node.body)}}}"
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            return f"{made} else {self.statement(node.orelse[0])}"
        return made + (f" else {{\n{self.body(node.orelse)}}}\n" if node.orelse else "\n")

    def do_For(self, node):
        if node.orelse:
            self.refuse(node, "`else` of a loop")
        over = f"$each({self.value(node.iter)})"
        return self.loop(node.target, over, self.body(node.body))

    def loop(self, target, over, body):
        """Return a loop whose target is assigned as Python assigns it."""
        if isinstance(target, ast.Name):
            return f"for ({spelled(target.id)} of {over}) {{\n{body}}}\n"
        item = self.keep()
        return f"for ({item} of {over}) {{\n{self.assign_value(target, item)}{body}}}\n"

    def do_While(self, node):
        if node.orelse:
            self.refuse(node, "`else` of a loop")
        return f"while ({self.test(node.test)}) {{\n{self.body(node.body)}}}\n"

    def do_Raise(self, node):
        if node.exc is None:
            return f"throw {self.handling[-1]};\n" if self.handling else self.refuse(node, "this `raise`")
        return f"throw $raised({self.value(node.exc)});\n"

    def do_Try(self, node):
        if node.orelse:
            self.refuse(node, "`else` of a try")
        made = f"try {{\n{self.body(node.body)}}}"
        if node.handlers:
            problem = f"$problem{len(self.handling)}"
            self.handling.append(problem)
            made += f" catch ($thrown) {{\nconst {problem} = $caught($thrown);\n"
            for handler in node.handlers:
                if handler.type is None:
                    self.refuse(handler, "`except` without a class")
                made += f"if ($isinstance({problem}, {self.classes_of(handler.type)})) {{\n"
                made += f"{spelled(handler.name)} = {problem};\n" if handler.name else ""
                made += f"{self.body(handler.body)}}} else "
            made += f"throw {problem};\n}}"
            self.handling.pop()
        return made + (f" finally {{\n{self.body(node.finalbody)}}}\n" if node.finalbody else "\n")

    def do_With(self, node):
        call = node.items[0].context_expr
        fits = len(node.items) == 1 and isinstance(call, ast.Call) and ast.unparse(call.func) == "suppress"
        if not fits or node.items[0].optional_vars:
            self.refuse(node, f"`with {ast.unparse(call)}`")
        classes = ", ".join(map(self.value, call.args))
        return (
            f"try {{\n{self.body(node.body)}}} catch ($thrown) {{\n"
            f"if (!$isinstance($caught($thrown), {classes})) throw $thrown;\n}}\n"
        )

    # ---- functions and classes ----

    def do_FunctionDef(self, node):
        if node.decorator_list:
            self.refuse(node, "this decorator")
        return f"{spelled(node.name)} = {self.function(node)};\n"

    def function(self, node, method=False):
        """Return a function as JavaScript, with the names of its parameters for calls that use them."""
        if any(isinstance(each, ast.Yield | ast.YieldFrom | ast.Global | ast.Nonlocal) for each in
               ast.walk(node)):  # fmt: skip
            self.refuse(node, "`yield`, `global` or `nonlocal`")
        names = parameter_names(node.args)
        inner = [name for name in assigned(node.body) if name not in names]
        start = f"const {spelled(names[0])} = this;\n" if method else ""
        parameters, told = self.parameters(node.args, skip=int(method))
        self.scopes.append({*names, *inner})
        self.temporary.append([])
        body = self.body(node.body)
        declared = [spelled(name) for name in inner] + self.temporary.pop()
        self.scopes.pop()
        start += f"let {', '.join(declared)};\n" if declared else ""
        start += f"{rest_as_tuple(node.args)};\n" if node.args.vararg else ""
        end = "" if isinstance(node.body[-1], ast.Return | ast.Raise) else "return null;\n"
        return f"$def({text(told)}, function ({parameters}) {{\n{start}{body}{end}}})"

    def parameters(self, given, skip=0):
        """Return parameters as JavaScript, and as words: a, b, *rest, **named."""
        if given.kwonlyargs or given.posonlyargs or (given.vararg and given.kwarg):
            self.refuse(given.args[0] if given.args else given, "this kind of parameter")
        without = len(given.args) - len(given.defaults)
        parts, words = [], []
        for place, argument in enumerate(given.args):
            default = given.defaults[place - without] if place >= without else None
            if default is not None and not is_fixed(default):
                self.refuse(argument, f"the default `{ast.unparse(default)}`")
            parts.append(spelled(argument.arg) + (f" = {self.value(default)}" if default is not None else ""))
            words.append(argument.arg)
        parts, words = parts[skip:], words[skip:]
        if given.vararg:
            parts.append(f"...{spelled(given.vararg.arg)}")
            words.append(f"*{given.vararg.arg}")
        if given.kwarg:
            parts.append(f"{spelled(given.kwarg.arg)} = $dict()")
            words.append(f"**{given.kwarg.arg}")
        return ", ".join(parts), " ".join(words)

    def do_ClassDef(self, node):
        decorators = [ast.unparse(each) for each in node.decorator_list]
        known = ([], ["dataclass"], ["dataclass(frozen=True)"])
        if decorators not in known or len(node.bases) > 1 or node.keywords:
            self.refuse(node, f"`class {node.name}` with these decorators or bases")
        base = self.value(node.bases[0]) if node.bases else "$object"
        fields, methods, properties = [], [], []
        self.classes.append(base)
        plain = not node.bases or base.startswith("$")
        self.methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef) and
                        not each.decorator_list} if plain else None  # fmt: skip
        for each in node.body:
            if is_docstring(each) or isinstance(each, ast.Pass):
                continue
            if isinstance(each, ast.AnnAssign) and decorators:
                fields.append(self.field(each))
            elif isinstance(each, ast.FunctionDef):
                marks = [ast.unparse(mark) for mark in each.decorator_list]
                if marks not in ([], ["property"]):
                    self.refuse(each, "this decorator")
                made = f"{spelled_attribute(each.name)}: {self.function(each, method=True)}"
                (properties if marks else methods).append(made)
            else:
                self.refuse(each, f"`{ast.unparse(each)[:40]}` in a class")
        self.classes.pop()
        self.methods = None
        shown = f"[{', '.join(fields)}]" if decorators else "null"
        frozen = "true" if decorators == known[2] else "false"
        return (
            f"{spelled(node.name)} = $class({text(node.name)}, {base}, {shown}, {frozen}, "
            f"{{{', '.join(methods)}}}, {{{', '.join(properties)}}});\n"
        )

    def field(self, node):
        """Return a field of a dataclass: its name, how its default is made, and whether it is hashed."""
        name, default, hashed = text(node.target.id), "null", "true"
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "field":
            for keyword in node.value.keywords:
                if keyword.arg == "default_factory":
                    default = self.value(keyword.value)
                elif keyword.arg == "hash":
                    hashed = self.value(keyword.value)
                else:
                    self.refuse(node, f"`{ast.unparse(node.value)}`")
        elif node.value is not None:
            default = f"() => {self.value(node.value)}"
        return f"[{name}, {default}, {hashed}]"

    # ---- expressions ----

    def value(self, node):
        """Translate an expression."""
        handler = getattr(self, f"of_{type(node).__name__}", None)
        return handler(node) if handler else self.refuse(node, f"`{ast.unparse(node)[:60]}`")

    def test(self, node):
        """Translate an expression of which only the truth counts, as Python sees it."""
        if isinstance(node, ast.BoolOp):
            sign = " && " if isinstance(node.op, ast.And) else " || "
            return f"({sign.join(map(self.test, node.values))})"
        return self.value(node) if is_boolean(node) else f"$true({self.value(node)})"

    def keep(self):
        """Return a new name for a value in between."""
        name = f"$kept{sum(map(len, self.temporary))}"
        self.temporary[-1].append(name)
        return name

    def of_Constant(self, node):
        value = node.value
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if isinstance(value, int):
            return str(value) if abs(value) <= LARGEST else f"{value}n"
        if isinstance(value, float):
            return self.constant(f"$float({text(repr(value))})")
        return text(value) if isinstance(value, str) else self.refuse(node, f"`{ast.unparse(node)}`")

    def of_Name(self, node):
        if any(node.id in scope for scope in self.scopes):
            return spelled(node.id)
        return f"${node.id}" if node.id in BUILTINS else self.refuse(node, f"`{node.id}`")

    def of_Tuple(self, node):
        made = f"$t({self.items(node.elts)})"
        return self.constant(made) if node.elts and is_constant(node) else made

    def constant(self, made):
        """Return the name of a value that is made once."""
        return self.constants.setdefault(made, f"$always{len(self.constants)}")

    def of_List(self, node):
        return f"[{self.items(node.elts)}]"

    def of_Set(self, node):
        return f"$set_of([{self.items(node.elts)}])"

    def items(self, nodes):
        """Translate items or arguments; a star unpacks."""
        return ", ".join(
            f"...$each({self.value(node.value)})" if isinstance(node, ast.Starred) else self.value(node)
            for node in nodes
        )

    def of_Dict(self, node):
        parts = []
        for key, value in zip(node.keys, node.values, strict=True):
            parts.append(
                f"...$pairs({self.value(value)})" if key is None
                else f"[{self.value(key)}, {self.value(value)}]"
            )  # fmt: skip
        return f"$dict_of([{', '.join(parts)}])"

    def of_JoinedStr(self, node):
        parts = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                parts.append(text(part.value))
                continue
            made = self.value(part.value)
            if part.format_spec is not None:
                format_ = ast.unparse(part.format_spec)[2:-1]
                if part.conversion != -1 or format_ not in FORMATS:
                    self.refuse(node, f"the format `{format_}`")
                parts.append(f"$format({made}, {text(format_)})")
            elif part.conversion in (-1, ord("r")):
                parts.append(f"{'$str' if part.conversion == -1 else '$repr'}({made})")
            else:
                self.refuse(node, "this conversion in an f-string")
        return f"({' + '.join(parts)})" if parts and parts[0][0] == '"' else f'("" + {" + ".join(parts)})'

    def of_UnaryOp(self, node):
        if isinstance(node.op, ast.Not):
            return f"!{self.test(node.operand)}"
        if isinstance(node.op, ast.USub):
            number = isinstance(node.operand, ast.Constant) and type(node.operand.value) is int
            return f"-{self.value(node.operand)}" if number else f"$neg({self.value(node.operand)})"
        return self.refuse(node, f"`{ast.unparse(node)}`")

    def of_BinOp(self, node):
        if type(node.op) not in OPERATORS:
            self.refuse(node, f"`{ast.unparse(node)}`")
        return f"${OPERATORS[type(node.op)]}({self.value(node.left)}, {self.value(node.right)})"

    def of_BoolOp(self, node):
        if all(map(is_boolean, node.values)):
            return self.test(node)
        function = "$and" if isinstance(node.op, ast.And) else "$or_else"
        made = self.value(node.values[-1])
        for value in reversed(node.values[:-1]):
            made = f"{function}({self.value(value)}, () => {made})"
        return made

    def of_IfExp(self, node):
        return f"({self.test(node.test)} ? {self.value(node.body)} : {self.value(node.orelse)})"

    def of_Compare(self, node):
        left, parts = self.value(node.left), []
        for place, (sign, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            made = again = self.value(right)
            if place + 1 < len(node.ops) and not isinstance(right, ast.Name | ast.Constant):
                again = self.keep()
                made = f"({again} = {made})"
            if type(sign) not in COMPARISONS:
                self.refuse(node, f"`{ast.unparse(node)}`")
            parts.append(COMPARISONS[type(sign)].format(left, made))
            left = again
        return parts[0] if len(parts) == 1 else f"({' && '.join(parts)})"

    def of_Attribute(self, node):
        if isinstance(node.value, ast.Name) and node.value.id in self.modules:
            return self.in_module(node)
        own = isinstance(node.value, ast.Name) and node.value.id == "self" and self.methods is not None
        if own and node.attr not in self.methods:
            return f"self.{spelled_attribute(node.attr)}"
        return f"$attr({self.value(node.value)}, {text(spelled_attribute(node.attr))})"

    def in_module(self, node):
        """Translate a name in a module."""
        module = node.value.id
        if module in MODULES and node.attr not in MODULES[module]:
            self.refuse(node, f"`{module}.{node.attr}`")
        return f"{spelled(module)}.{spelled(node.attr)}"

    def of_Subscript(self, node):
        return f"$get({self.value(node.value)}, {self.index(node.slice)})"

    def index(self, node):
        """Translate what stands in brackets."""
        if not isinstance(node, ast.Slice):
            return self.value(node)
        parts = [self.value(part) if part else "null" for part in (node.lower, node.upper, node.step)]
        return f"$slice({', '.join(parts)})"

    def of_Lambda(self, node):
        parameters, _ = self.parameters(node.args)
        self.scopes.append(set(parameter_names(node.args)))
        made = self.value(node.body)
        self.scopes.pop()
        made = f"({rest_as_tuple(node.args)}, {made})" if node.args.vararg else made
        return f"(({parameters}) => {made})"

    def classes_of(self, node):
        """Translate the second argument of isinstance: a class or several."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return f"{self.classes_of(node.left)}, {self.classes_of(node.right)}"
        if isinstance(node, ast.Tuple):
            return ", ".join(map(self.classes_of, node.elts))
        return self.value(node)

    def of_Call(self, node):
        function = node.func
        if isinstance(function, ast.Name) and function.id == "isinstance":
            return f"$isinstance({self.value(node.args[0])}, {self.classes_of(node.args[1])})"
        arguments = self.items(node.args)
        named = self.named(node.keywords)
        if isinstance(function, ast.Attribute):
            return self.method_call(node, function, arguments, named)
        called = self.value(function)
        if called == "partial":
            return f"$partial({', '.join(filter(None, [arguments]))}, {named or '$dict()'})"
        return f"$named({called}, null, [{arguments}], {named})" if named else f"{called}({arguments})"

    def named(self, keywords):
        """Return the arguments by name as a dict, "" where there are none."""
        parts = [
            f"...$pairs({self.value(each.value)})" if each.arg is None
            else f"[{text(each.arg)}, {self.value(each.value)}]"
            for each in keywords
        ]  # fmt: skip
        return f"$dict_of([{', '.join(parts)}])" if parts else ""

    def method_call(self, node, function, arguments, named):
        """Translate a call of a method, or of a function in a module."""
        name, owner = spelled_attribute(function.attr), function.value
        if ast.unparse(owner) == "super()":
            return f"{self.classes[-1]}.prototype.{name}.call({', '.join(filter(None, ['self', arguments]))})"
        if isinstance(owner, ast.Name) and owner.id in self.modules:
            called = self.in_module(function)
            return f"$named({called}, null, [{arguments}], {named})" if named else f"{called}({arguments})"
        builtin = isinstance(owner, ast.Name) and owner.id in BUILTINS
        if name not in METHODS and name not in self.functions and not builtin:
            self.refuse(node, f"the method `{function.attr}`")
        if name in METHODS and name not in self.functions and len(node.args) > METHODS[name]:
            self.refuse(node, f"`{function.attr}` with {len(node.args)} arguments")
        if named:
            return f"$named_method({self.value(owner)}, {text(name)}, [{arguments}], {named})"
        if name in METHODS or builtin:
            return f"$call({', '.join(filter(None, [self.value(owner), text(name), arguments]))})"
        return f"{self.value(owner)}.{name}({arguments})"

    # ---- comprehensions ----

    def of_ListComp(self, node):
        made = self.arrows(node)
        if made is not None:
            return f"[...{made}]" if node.generators[0].ifs else f"Array.from{made.removeprefix('$of')}"
        return self.comprehension(node, "const $made = [];", "$made.push({})", [node.elt])

    def of_SetComp(self, node):
        return self.comprehension(node, "const $made = $set_of([]);", "$made.add({})", [node.elt])

    def of_DictComp(self, node):
        return self.comprehension(node, "const $made = $dict();", "$made.put({}, {})", [node.key, node.value])

    def of_GeneratorExp(self, node):
        made = self.arrows(node)
        if made is not None:
            return made
        return self.comprehension(node, "", "yield {}", [node.elt])

    def arrows(self, node):
        """Return a comprehension as a call with small functions, which is short; None where its loop needs
        more than one name, or where what it makes may read the name later.
        """
        generator = node.generators[0]
        late = any(isinstance(each, ast.Lambda | ast.GeneratorExp) for each in ast.walk(node.elt))
        if late or len(node.generators) > 1 or not isinstance(generator.target, ast.Name):
            return None
        first = f"$each({self.value(generator.iter)})"
        name = spelled(generator.target.id)
        self.scopes.append({generator.target.id})
        self.temporary.append([])
        parts = [self.value(node.elt), *[" && ".join(map(self.test, generator.ifs))][: len(generator.ifs)]]
        self.scopes.pop()
        if self.temporary.pop():
            return None
        return f"$of({', '.join([first, *[f'({name}) => {part}' for part in parts]])})"

    def comprehension(self, node, start, step, results):
        """Return a function that is called at once; its first argument is what the first `for` goes over."""
        first = f"$each({self.value(node.generators[0].iter)})"
        names = [
            each.id
            for generator in node.generators
            for each in ast.walk(generator.target)
            if isinstance(each, ast.Name)
        ]
        self.scopes.append(set(names))
        self.temporary.append([])
        body = step.format(*map(self.value, results)) + ";\n"
        for place, generator in reversed(list(enumerate(node.generators))):
            for condition in reversed(generator.ifs):
                body = f"if ({self.test(condition)}) {{\n{body}}}\n"
            over = "$over" if place == 0 else f"$each({self.value(generator.iter)})"
            body = self.loop(generator.target, over, body)
        declared = ", ".join(dict.fromkeys([*map(spelled, names), *self.temporary.pop()]))
        self.scopes.pop()
        if start:
            return f"(($over) => {{\nlet {declared};\n{start}\n{body}return $made;\n}})({first})"
        return f"(function* ($over) {{\nlet {declared};\n{body}}})({first})"


def is_docstring(node):
    """Whether a statement is a text alone."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_boolean(node):
    """Whether an expression is True or False, whatever its parts are."""
    if isinstance(node, ast.BoolOp):
        return all(map(is_boolean, node.values))
    return (
        isinstance(node, ast.Compare)
        or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
        or (isinstance(node, ast.Constant) and isinstance(node.value, bool))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BOOLEAN)
    )


def is_constant(node):
    """Whether a tuple has nothing but constants."""
    return all(map(is_constant, node.elts)) if isinstance(node, ast.Tuple) else isinstance(node, ast.Constant)


def is_fixed(node):
    """Whether a default is the same value at each call."""
    if isinstance(node, ast.UnaryOp):
        return is_fixed(node.operand)
    if isinstance(node, ast.Tuple):
        return all(map(is_fixed, node.elts))
    return isinstance(node, ast.Constant | ast.Name)


def parameter_names(given):
    """Return the names of a function's parameters."""
    names = [argument.arg for argument in given.args]
    return names + [each.arg for each in (given.vararg, given.kwarg) if each]


def rest_as_tuple(given):
    """Return the assignment that makes a tuple of *rest, as it is in Python."""
    name = spelled(given.vararg.arg)
    return f"{name} = $tuple({name})"


def spelled_attribute(name):
    """Return an attribute's name, which JavaScript's own objects do not have."""
    return f"{name}$" if name == "constructor" else name


def assigned(statements):
    """Return the names that statements assign, in order; not those inside functions and comprehensions."""
    found = {}

    def note(target):
        for each in ast.walk(target):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                found[each.id] = None

    def visit(node):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = None
            return
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.update({alias.asname or alias.name: None for alias in node.names})
            return
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                note(target)
        if isinstance(node, ast.ExceptHandler) and node.name:
            found[node.name] = None
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt | ast.ExceptHandler):
                visit(child)

    for statement in statements:
        visit(statement)
    return list(found)
