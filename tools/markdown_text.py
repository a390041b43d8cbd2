"""Read a page's Markdown as MyST does: its headings, its directives, and what a reader reads as sentences."""

import itertools
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

CONFIG = Path(__file__).resolve().parent.parent / "_config.yml"
EXTENSIONS = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["parse"]["myst_enable_extensions"]
PARSER = create_md_parser(MdParserConfig(enable_extensions=set(EXTENSIONS)), RendererHTML)

DIRECTIVE = re.compile(r"\{(?P<name>[\w:.-]+)\}\s*(?P<argument>.*)")
OPTION = re.compile(r"\s*:(?P<key>[\w-]+):\s*(?P<value>.*)")
# Directives whose body is not text.
CODE = {"code", "code-block", "code-cell", "literalinclude", "math", "raw", "sourcecode", "toctree"}


@dataclass
class Directive:
    """A directive: its name, what follows the name, its options, and its body as Markdown."""

    name: str
    argument: str
    options: dict
    body: str


@dataclass
class Markdown:
    """What a piece of Markdown holds, in order; what stands in a directive counts as well."""

    headings: list = field(default_factory=list)  # (level, title)
    directives: list = field(default_factory=list)
    links: list = field(default_factory=list)  # the targets of links
    link_texts: list = field(default_factory=list)  # what each of them says, formulas and code as `CODE`
    empty_links: list = field(default_factory=list)  # the targets of links without a text of their own
    sentences: list = field(default_factory=list)  # one text a block; code and formulas stand as `CODE`
    quoted: list = field(default_factory=list)  # the same, of quotations
    begins_with_title: bool = False

    @property
    def words(self):
        """How many words a reader reads; a formula or a piece of code in a sentence counts as one."""
        return len(re.findall(r"[^\W_][\w'’.,:-]*", "\n".join(self.sentences + self.quoted)))


def read(source):
    """Return what the Markdown `source` holds."""
    found = Markdown()
    tokens = [token for token in PARSER.parse(source) if token.type != "front_matter"]
    found.begins_with_title = bool(tokens) and tokens[0].type == "heading_open" and tokens[0].tag == "h1"
    _gather(tokens, found)
    return found


def _gather(tokens, found):
    """Add what the parser's `tokens` hold to `found`, a Markdown."""
    quotations = 0
    for position, token in enumerate(tokens):
        quotations += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "heading_open":
            found.headings.append((int(token.tag[1]), tokens[position + 1].content))
        elif token.type == "inline":
            (found.quoted if quotations else found.sentences).append(_sentence(token.children))
            opened = [number for number, child in enumerate(token.children) if child.type == "link_open"]
            found.links += [token.children[number].attrs["href"] for number in opened]
            found.link_texts += [_link_text(token.children[number + 1 :]) for number in opened]
            found.empty_links += [
                token.children[number].attrs["href"]
                for number in opened
                if token.children[number + 1].type == "link_close"
            ]
        elif token.type in ("fence", "colon_fence") and (match := DIRECTIVE.fullmatch(token.info.strip())):
            directive = _directive(match, token.content)
            found.directives.append(directive)
            if directive.name not in CODE:
                _gather(PARSER.parse(directive.body), found)


def _link_text(children):
    """Return the text of a link, given what follows its beginning."""
    return _sentence(itertools.takewhile(lambda child: child.type != "link_close", children))


def _directive(match, content):
    """Return the Directive of a fence: `match` is its first line, `content` what stands in it."""
    lines, options = content.splitlines(), {}
    while lines and (option := OPTION.fullmatch(lines[0])):
        options[option["key"]] = option["value"].strip()
        del lines[0]
    return Directive(match["name"], match["argument"].strip(), options, "\n".join(lines))


def _sentence(children):
    """Return the text of an inline token."""
    stand_ins = dict.fromkeys(("code_inline", "math_inline", "myst_role"), "CODE")
    stand_ins |= dict.fromkeys(("softbreak", "hardbreak"), "\n")
    return "".join(
        stand_ins.get(child.type, child.content if child.type == "text" else "") for child in children
    )
