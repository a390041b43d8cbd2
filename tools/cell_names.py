"""Which names a cell's code defines and needs, and so which cells make up one framework's book."""

import ast

from notebooks import code_cells, framework


def parse(source):
    """Return the syntax tree of a cell, or None where it is not plain Python."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


class Names(ast.NodeVisitor):
    """Gather the names that a cell's code defines for later cells, and those it needs from earlier ones.

    A name that the cell defines before it reads it is not needed. A function's parameters, a comprehension's
    variables and whatever a function assigns stay inside; what else a function reads is needed.
    """

    def __init__(self):
        self.defined, self.needed, self.inner = set(), set(), []

    # Of each statement, what it reads is visited before what it defines.

    def _visit_all(self, *nodes):
        """Visit nodes, and the nodes in lists, one after another; pass over None."""
        for node in nodes:
            for child in node if isinstance(node, list) else [node]:
                if child is not None:
                    self.visit(child)

    def visit_Name(self, node):
        local = any(node.id in names for names in self.inner)
        if isinstance(node.ctx, ast.Load):
            if not local and node.id not in self.defined:
                self.needed.add(node.id)
        elif not local:
            self.defined.add(node.id)

    def visit_Assign(self, node):
        self._visit_all(node.value, node.targets)

    def visit_AnnAssign(self, node):
        self._visit_all(node.annotation, node.value, node.target)

    def visit_AugAssign(self, node):
        if isinstance(node.target, ast.Name):
            self.visit(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target))
        self._visit_all(node.value, node.target)

    def visit_For(self, node):
        self._visit_all(node.iter, node.target, node.body, node.orelse)

    def visit_Import(self, node):
        for alias in node.names:
            self.defined.add((alias.asname or alias.name).split(".")[0])

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node):
        self.inner.append({node.name})
        self._visit_all(node.type, node.body)
        self.inner.pop()

    def visit_FunctionDef(self, node):
        self._visit_all(node.decorator_list, node.args.defaults, node.args.kw_defaults)
        self.defined.add(node.name)
        self._visit_function(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self._visit_all(node.args.defaults, node.args.kw_defaults)
        self._visit_function(node)

    def _visit_function(self, node):
        """Visit a function's body; what it assigns and its parameters are its own."""
        arguments = node.args
        every = [
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            arguments.vararg,
            arguments.kwarg,
        ]
        body = node.body if isinstance(node.body, list) else [node.body]
        stored = {
            name.id
            for part in body
            for name in ast.walk(part)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        }
        self.inner.append({a.arg for a in every if a} | stored)
        self._visit_all(body)
        self.inner.pop()

    def visit_ClassDef(self, node):
        self._visit_all(node.decorator_list, node.bases, [k.value for k in node.keywords])
        inside = Names()
        inside._visit_all(node.body)
        self.needed |= inside.needed - self.defined
        self.defined.add(node.name)

    def _visit_comprehension(self, node):
        """Visit a comprehension; its variables are its own."""
        targets = {
            name.id
            for part in node.generators
            for name in ast.walk(part.target)
            if isinstance(name, ast.Name)
        }
        self.inner.append(targets)
        self.generic_visit(node)
        self.inner.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension


def names_of(source):
    """Return (defined, needed): the names a cell's code leaves behind, and those it takes from elsewhere."""
    tree = parse(source)
    names = Names()
    if tree is not None:
        names.visit(tree)
    return names.defined, names.needed


def one_tab(notebook, wanted):
    """Return the code cells that make up one framework's book, and the untagged ones that had to go.

    The other frameworks' cells go first. An untagged cell that needs a name which only they define, such as
    the one that compares all three, goes as well, and so does whatever needs a name of that one. A cell of
    `wanted` itself never goes: where it needs another tab, running it fails.
    """
    kept, dropped, available, lost = [], [], set(), set()
    for _, cell in code_cells(notebook):
        defined, needed = names_of(cell.source)
        other = framework(cell) not in (None, wanted)
        if other or (framework(cell) is None and (needed & lost) - available):
            lost |= defined
            if not other:
                dropped.append(cell)
        else:
            available |= defined
            kept.append(cell)
    return kept, dropped
