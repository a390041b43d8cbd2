"""Statements, classes and patterns, for tests/test_pythonscript.py."""

import itertools
import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial


class Problem(Exception):
    """A problem."""


class Wrong(ValueError):
    def __init__(self, kind, number=3):
        super().__init__(f"{kind} {number}")
        self.kind = kind


@dataclass(frozen=True)
class Point:
    x: int
    y: object = None
    label: dict = field(default_factory=dict, hash=False)


@dataclass
class Bag:
    items: list = field(default_factory=list)
    name: str = "bag"

    @property
    def size(self):
        return len(self.items)

    def put(self, *more):
        return more

    def add(self, item, times=1):
        self.items += [item] * times
        return self

    def __contains__(self, item):
        return item in self.items

    def __getitem__(self, place):
        return self.items[place]


def options(first, *rest):
    return [first, rest]


def named(count, **values):
    return [count, list(values.items())]


def new(default, arguments=2):
    this = default + arguments
    return this


def records():
    one, other = Point(1, (2,)), Point(y=(2,), x=1)
    bags = Bag(), Bag()
    bags[0].add(5, times=2).add(item=6)
    count = {one: "a"}
    return [
        one == other,
        one is other,
        count[other],
        len({one, other, Point(1)}),
        str(one),
        bags[0].size,
        bags[1].items,
        5 in bags[0],
        bags[0][-1],
        bags[0] == Bag([5, 5, 6]),
        Bag() == Point(1),
        hasattr(one, "x"),
        hasattr(1, "x"),
        getattr(one, "z", 0),
        [bag.size for bag in bags],
    ]


def calls():
    add = partial(new, arguments=5)
    method = Bag([1]).add
    return [
        options(1),
        options(1, 2, 3),
        options(*"ab"),
        named(1),
        named(1, a=2, **dict.fromkeys("b", 3)),
        new(1),
        new(arguments=3, default=1),
        add(1),
        method(2).items,
        list(map(Bag([1]).__contains__, (1, 2))),
    ]


def exceptions():
    said = []
    for number in range(6):
        try:
            if number == 0:
                raise Problem
            if number == 1:
                raise Wrong("odd")
            if number == 2:
                raise Wrong("even", number=4)
            if number == 3:
                said.append({}["x"])
            if number == 4:
                continue
            said.append(None.x)
        except (Problem, KeyError) as problem:
            said.append(type(problem).__name__)
        except ValueError as problem:
            said.append(f"{problem} {problem.kind}")
        except AttributeError:
            said.append("attribute")
        finally:
            said.append(number)
    with suppress(ZeroDivisionError):
        said.append(1 // 0)
    return said


def again():
    try:
        try:
            return [1][4]
        except IndexError as problem:
            raise Wrong("again") from problem
    except Problem:
        return "no"


def statements():
    a = b = [1]
    a += (2,)
    (c, d), *rest = (3, 4), 5, 6
    a[0], a[1] = a[1], a[0]
    totals = {"n": 1}
    totals["n"] += 2
    totals |= {"m": 1}
    numbers = [0, 1, 2, 3, 4]
    del numbers[1:3]
    del totals["m"]
    while True:
        d += 1
        if d > 6:
            break
    tuple_, other = (1, 2), ()
    return [
        a,
        b,
        c,
        d,
        rest,
        totals,
        numbers,
        tuple_ + other is tuple_,
        tuple(tuple_) is tuple_,
        tuple_[:] is tuple_,
        a is rest,
        numbers.pop(),
        numbers.pop(0),
        numbers,
    ]


def nothing():
    def inner(x):
        return x + len(found)

    found = [1]
    for x in found:
        found.append(inner(x)) if len(found) < 4 else None


def patterns():
    word = re.compile(
        r"""(?P<space>\s+) | (?P<number>\d+) # digits
        | (?P<name>(?!\d)\w+) | (?P<sign>[-+*/#{}\[\]^])""",
        re.VERBOSE,
    )
    found = [
        (each.lastgroup, each.group(), each.start(), each["name"])
        for each in word.finditer("a1 + 22é{]^-\n٣")
    ]
    return [
        found,
        re.sub("(.)([A-Z])", r"\1_\2", "aBcD"),
        re.split(r",\s*", "a, b,c"),
        re.findall(r"(a)(b)?", "abaa"),
        re.findall("a.", "ab\na\nac"),
        bool(re.match("b", "ab")),
        bool(re.search("b$", "ab\n")),
        re.match("(a)|b", "b").group(1),
        re.search(r"^b", "a\nb", re.MULTILINE) is None,
        re.findall(r"\bx\b", "x xy x"),
        re.findall("[^a\\]]+", "b]ac"),
    ]


def products():
    return [
        list(itertools.product((1, 2), "ab")),
        list(itertools.product()),
        list(itertools.product((1,), ())),
    ]
