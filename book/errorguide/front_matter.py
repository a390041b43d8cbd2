"""Read YAML in which every scalar is quoted, and the front matter of Markdown files that is written so."""

import re

import yaml

QUOTED = ("'", '"', "|", ">")
HEADER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)


class CatalogueError(ValueError):
    """A file of the catalogue that says something it may not; the message names file and field."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Reads YAML without asking what each scalar may be: it is quoted, so it is a string."""

    def resolve(self, kind, value, implicit):
        """Return the tag of a node, which nothing reads."""
        return ""

    def descend_resolver(self, node, index):
        """Do nothing: there are no rules to look up."""

    def ascend_resolver(self):
        """Do nothing."""


def read_yaml(text, where, first_line=1):
    """Return YAML in which every scalar is quoted, as dicts, lists and strings. Raises CatalogueError.

    Unquoted, a date would be read as a date and the version 2.10 as the number 2.1. `first_line` is the line
    of the file on which `text` begins.
    """

    def at(mark):
        return f"{where}: line {mark.line + first_line}"

    def plain(node):
        if isinstance(node, yaml.MappingNode):
            found = {}
            for key, value in node.value:
                if key.value in found:
                    raise CatalogueError(f"{at(key.start_mark)}: {key.value} is there twice")
                found[key.value] = plain(value)
            return found
        if isinstance(node, yaml.SequenceNode):
            return [plain(value) for value in node.value]
        if node.style not in QUOTED:
            raise CatalogueError(f"{at(node.start_mark)}: {node.value!r} has to be quoted")
        return node.value

    try:
        tree = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as problem:
        raise CatalogueError(f"{at(problem.problem_mark)}: {problem.problem}") from problem
    except yaml.YAMLError as problem:
        raise CatalogueError(f"{where}: {problem}") from problem
    if not isinstance(tree, yaml.MappingNode):
        raise CatalogueError(f"{where}: it has to be a mapping from names to values")
    return plain(tree)


def read_front_matter(path):
    """Return (front matter as a dict, body) of one Markdown file. Raises CatalogueError without it."""
    header = HEADER.match(path.read_text(encoding="utf-8"))
    if not header:
        raise CatalogueError(f"{path.name}: it has to begin with front matter between two lines of ---")
    return read_yaml(header.group(1), path.name, first_line=2), header.group(2)
