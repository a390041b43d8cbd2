"""Sends a shape through the layers of a text: shapes, parameters, work and memory of each, and the first
that fails.

trace(reading, shapes) returns plain dicts and lists, which JSON can hold.
"""

from contextlib import suppress
from dataclasses import dataclass, field

from . import calls
from .arguments import SIGNATURES, check_read, without_table
from .arithmetic import computed
from .declared import checked
from .layout import is_image, turned
from .records import Late, Layer, Refusal, SizeOf, Unknown
from .repair import repair_of, with_settings
from .rows import bytes_of, filled, refused, row_of, totals
from .rules import answer, outcome
from .sizes import product
from .unseen import BRANCHES, concatenable, explanations, of_rank, other_inputs, outputs, wanted_by


def trace(reading, shapes):
    """Return what becomes of the inputs' shapes: {"rows": [...], "totals": {...}, "notes": [...],
    "problems": [...]}.
    """
    run = Run(reading)
    run.all(shapes)
    return {
        "framework": reading.framework,
        "form": reading.form,
        "rows": run.rows,
        "totals": totals(run.rows),
        "notes": run.notes,
        "problems": [{"line": line, "text": text} for line, text in reading.problems],
        "failed": any(row["status"] == "refused" for row in run.rows),
        "output": None if run.output is None else list(run.output),
    }


METHODS = {"pytorch": "forward", "keras": "call"}  # what a model's class calls its layers in


class Stop(Exception):
    """The rest cannot be known."""


@dataclass
class Run:
    """One way of shapes through a reading."""

    reading: object
    rows: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    values: dict = field(default_factory=dict)
    names: dict = field(default_factory=dict)  # Keras: how many layers of a name there are
    output: object = None
    table: list = field(default_factory=list)  # (name, output) of a summary's layers
    others: dict = field(default_factory=dict)  # by module: what else it may return
    images: set = field(default_factory=set)  # shapes that have an axis of channels
    last: str = ""  # the module that ran last
    tried: dict = field(default_factory=dict)  # by child and shape: what comes out, None where it is refused
    steps: list = field(default_factory=list)  # (layer, shapes, outcome) of each layer that has one
    sure: bool = True  # no module came whose forward is not in the text
    guessed: bool = False  # what comes before the next layer is a guess
    trial: bool = False  # only whether it fits is asked

    def all(self, shapes):
        """Run all layers; rows after the point where a shape is no longer known have the status "unknown"."""
        layers = self.reading.layers
        self.values = {(-place - 1, 0): tuple(shape) for place, shape in enumerate(shapes)}
        if any(layer.inputs is not None for layer in layers):
            for layer in layers:
                self.call(layer)
            result = self.reading.result
            self.output = self.values.get(result if result else (layers[-1].output, 0))
            return
        with suppress(Stop):
            self.output = self.from_first(layers, tuple(shapes[0]))

    def from_first(self, layers, shape):
        """Run the layers of a text that calls none of them, and return the shape that comes out."""
        if len(layers) == 1:
            return self.through(layers[0], shape, "")
        if self.reading.form == "summary" or all(layer.name.isdecimal() for layer in layers):
            return self.in_order(Layer("Sequential", self.reading.framework, children=layers), shape, "")
        return self.by_lines(layers, shape)

    def by_lines(self, layers, shape):
        """Run layers that nothing in the text calls, in the order of their lines."""
        self.note(f"No {self.method} stands in the text: the layers are taken in the order of their lines.")
        self.guessed = True
        values = [shape]
        for place, layer in enumerate(layers):
            try:
                values.append(self.by_line(layer, values))
            except Stop:
                for rest in layers[place + 1 :]:
                    self.leave(rest, rest.name)
                raise
        return values[-1]

    def by_line(self, layer, values):
        """Run a layer on the value of the line before it, flattened where only that fits."""
        shape = values[-1]
        if not self.fits(layer, shape):
            flat = (shape[0], product(shape[1:]))
            if len(shape) > 2 and self.fits(layer, flat):
                name = layer.name or layer.kind
                self.note(f"Before {name} a flatten is assumed: with it, what follows fits.")
                self.flatten_step(layer, [shape])
                return self.through(layer, flat, layer.name)
            if self.explained(layer, values):
                self.leave_open(layer, layer.name, shape)
        return self.through(layer, shape, layer.name)

    @property
    def method(self):
        """The method in which a model calls its layers."""
        return METHODS[self.reading.framework]

    def explained(self, child, values):
        """Whether a function in forward, such as a pooling or a flatten, may make of the last of the values
        what the child takes.
        """
        if self.trial or not self.rows:
            return False
        wanted = wanted_by(child)
        made = [
            tuple(row["output"]) for row in self.rows if row["output"] and [row["output"]] != row["input"]
        ]
        if concatenable(values[-1], wanted, made):
            return True
        of_another_rank = not any(self.fits(child, other) for other in of_rank(len(values[-1]), wanted))
        return any(self.fits(child, other) for other in explanations(values, wanted, of_another_rank))

    def leave_open(self, child, name, shape):
        """Write rows for a child that refuses the shape before it, which is a guess, and stop."""
        first = len(self.rows)
        self.leave(child, name)
        size = "(" + ", ".join(str(each) for each in shape) + ("," if len(shape) == 1 else "") + ")"
        self.rows[first]["note"] = (
            f"{name or child.kind} does not take {size}, which the line before it gives. What {self.method} "
            "does between them, such as a pooling, a flatten, a view or a concatenation, is not in the text: "
            f"paste {self.method} too."
        )
        raise Stop

    def note(self, text):
        """Note a sentence once."""
        if text not in self.notes:
            self.notes.append(text)

    def call(self, layer):
        """Run a layer whose inputs the text names."""
        shapes = [self.values.get(source) for source in layer.inputs]
        kept = len(self.rows), len(self.steps)
        if None in shapes:
            self.leave(layer, layer.name)
        else:
            self.call_with(layer, shapes)
        if layer.aside and all(row["status"] != "refused" for row in self.rows[kept[0] :]):
            del self.rows[kept[0] :], self.steps[kept[1] :]

    def call_with(self, layer, shapes):
        """Run a layer on the shapes that it is called with."""
        try:
            if layer.children or layer.kind == "Sequential":
                self.values[layer.output, 0] = self.through(layer, shapes[0], layer.name)
            else:
                made = self.one(layer, shapes, layer.name)
                for place, shape in enumerate((made.output, *made.more)):
                    self.values[layer.output, place] = shape
        except Stop:
            pass

    def leave(self, layer, name):
        """Write rows for a layer, or a container's layers, whose input is not known."""
        if layer.children:
            for child in layer.children:
                self.leave(child, f"{name}.{child.name}" if name else child.name)
            return
        self.rows.append(row_of(layer, name, None, "unknown"))

    def through(self, layer, shape, name):
        """Run a layer or a container on one shape, and return the shape that comes out."""
        if not layer.children:
            if layer.kind in ("Sequential", "ModuleList", "ModuleDict"):
                return shape
            return self.one(layer, [shape], name).output
        if layer.kind == "Sequential":
            return self.in_order(layer, shape, name)
        return self.unseen(layer, shape, name)

    def in_order(self, layer, shape, name):
        """Run the children of a Sequential. Where the module before a child may return something else, that
        is taken if the child refuses the first and only one of the others fits.
        """
        others, known = [], False  # known: the shape is made inside the Sequential
        for place, child in enumerate(layer.children):
            child_name = joined(name, child.name)
            try:
                fits = [(other, text) for other, text in others if self.fits(child, other)]
                if others and not self.fits(child, shape) and len({other for other, _ in fits}) == 1:
                    shape, text = fits[0]
                    self.note(f"{joined(name, layer.children[place - 1].name)} is a module {text}.")
                kept = self.guessed
                self.guessed = kept and not known
                shape = self.through(child, shape, child_name)
                self.guessed = kept
                known = not child.children and (known or wanted_by(child) is not None)
                others = self.others.pop(child_name, [])
            except Stop:
                for rest in layer.children[place + 1 :]:
                    self.leave(rest, joined(name, rest.name))
                raise
        self.others[name] = others
        return shape

    def unseen(self, layer, shape, name):
        """Run the children of a module whose forward is not in the text, in the order of their lines, where
        that fits.
        """
        self.note(
            f"The text does not show what {layer.kind}'s forward does: its layers are taken in the order of "
            "their lines."
        )
        self.sure, self.guessed = False, True
        values, leaves = [shape], [shape]
        for place, child in enumerate(layer.children):
            try:
                source, made = self.unseen_child(layer, child, values, joined(name, child.name))
            except Stop:
                for rest in layer.children[place + 1 :]:
                    self.leave(rest, joined(name, rest.name))
                raise
            self.last = joined(name, child.name)
            leaves = [leaf for leaf in leaves if leaf is not source and leaf is not shape]
            leaves.append(made)
            values.append(made)
        shape, others = outputs(shape, leaves)
        self.others[name] = others
        return shape

    def unseen_child(self, layer, child, values, name):
        """Run a child on the value before it, or on what else its module may give it. Return the value that
        it takes, and its output.
        """
        start, current = values[0], values[-1]
        others = self.others.pop(self.last, [])
        if child.name in BRANCHES and len(values) > 1 and self.fits(child, start):
            kept = len(self.rows), len(self.notes)
            made = self.through(child, start, name)
            if made == current:
                self.note(
                    f"{name} is taken as a second way from {layer.kind}'s input, whose output is added."
                )
                return start, made
            del self.rows[kept[0] :], self.notes[kept[1] :]
        if self.fits(child, current):
            return current, self.through(child, current, name)
        fits = [(other, text) for other, text in others if self.fits(child, other)]
        if len({other for other, _ in fits}) == 1:
            self.note(f"The module before {name} is one {fits[0][1]}.")
            return current, self.through(child, fits[0][0], name)
        fits = [(other, text) for other, text in other_inputs(values, current) if self.fits(child, other)]
        if fits and "flatten is" in fits[0][1]:  # whatever else fits as well
            fits = fits[:1]
        found = {other for other, _ in fits}
        if len(found) == 1:
            self.note(f"Before {name} {fits[0][1]}: with it, what follows fits.")
            other = fits[0][0]
            source = next((value for value in values if value == other), current)
            return source, self.through(child, other, name)
        if found or self.explained(child, values):
            self.leave_open(child, name, current)
        return current, self.through(child, current, name)

    def fits(self, child, shape):
        """Whether a child takes a shape, as far as it is known."""
        return self.attempt(child, shape) is not None

    def attempt(self, child, shape):
        """Return what a child makes of a shape, without writing rows; None where a layer in it is refused."""
        if (id(child), shape) not in self.tried:
            trial = Run(self.reading, values=self.values, tried=self.tried, trial=True)
            try:
                made = trial.through(child, shape, "")
            except Stop:
                made = None
            refused = any(row["status"] == "refused" for row in trial.rows)
            self.tried[id(child), shape] = None if refused else made
        return self.tried[id(child), shape]

    # ---- one layer ----

    def one(self, layer, shapes, name):
        """Run one layer; where it is refused, go on with a change that repairs it."""
        layer = self.named(layer)
        if layer.refusal:
            self.rows.append(refused(row_of(layer, name, shapes, "refused"), layer, layer.refusal, None))
            raise Stop
        try:
            settings = self.resolved(layer.settings)
            if "declared" in settings:
                return self.declared(layer, settings["declared"], shapes, name)
            settings, no_table = without_table(layer.kind, settings)
            check_read(settings)
            made = answer(layer.framework, layer.kind, settings, shapes)
        except Refusal as refusal:
            return self.changed(with_settings(layer, settings), refusal, shapes, name)
        except Unknown as reason:
            words = str(reason)
            note = f"{words[:1].upper()}{words[1:]}."
            self.rows.append({**row_of(layer, name, shapes, "unknown"), "note": note})
            raise Stop from reason
        row = filled({**row_of(layer, name, shapes, "ok"), "sure": not self.guessed}, layer, made)
        if no_table:
            row |= {
                "parameters": 0,
                "weights": [],
                "note": "Its table's length is not known: nothing is counted.",
            }
        self.rows.append({**row, "other_layout": self.other_layout(layer, shapes, made)})
        self.steps.append((with_settings(layer, settings), shapes, made))
        return made

    def other_layout(self, layer, shapes, made):
        """Return the output in the other framework's layout, None where it has no axis of channels."""
        if not shapes:
            return None
        first = layer.settings.get("data_format") == "channels_first"
        before = any(tuple(shape) in self.images for shape in shapes)
        if first or not is_image(layer.kind, before, made.output, shapes[0]):
            return None
        self.images.add(tuple(made.output))
        return turned(layer.framework, made.output)

    def named(self, layer):
        """Return a Keras layer with the name that Keras gives it."""
        if layer.framework != "keras" or "name" not in layer.settings:
            return layer
        name = layer.settings["name"]
        if not isinstance(name, str):
            base = calls.snake_case(layer.kind)
            count = self.names.get(base, 0)
            self.names[base] = count + 1
            name = f"{base}_{count}" if count else base
        return with_settings(layer, {**layer.settings, "name": name})

    def resolved(self, settings):
        """Return settings with the sizes that the text takes from values."""
        return {name: self.size(value) for name, value in settings.items()}

    def size(self, value):
        """Return a size that the text takes from a value; anything else as it is."""
        if isinstance(value, SizeOf):
            shape = self.values.get(value.value)
            if shape is not None and isinstance(value.axis, tuple):
                return shape[value.axis[0] : value.axis[1]]
            if shape is None or not -len(shape) <= value.axis < len(shape):
                raise Unknown("a size that the text takes from a value is not known")
            return shape[value.axis]
        if isinstance(value, Late):
            left, right = self.size(value.left), self.size(value.right)
            if left is None or right is None:
                raise Unknown("a size that the text computes with is not known")
            if value.sign == "product":
                return product(left)
            return computed(value.sign, left, right)
        if not isinstance(value, tuple | list):
            return value
        sizes = []
        for item in value:
            several = isinstance(item, SizeOf) and isinstance(item.axis, tuple)  # view(*x.shape[:2], -1)
            sizes.extend(self.size(item) if several else [self.size(item)])
        return tuple(sizes)

    def changed(self, layer, refusal, shapes, name):
        """Write the row of a refused layer, and go on with the change that repairs it."""
        row = {**row_of(layer, name, shapes, "refused"), "sure": not self.guessed}
        repair = repair_of(layer, refusal, shapes)
        note = (
            f"The order is that of the lines. If {self.method} does something else before this layer, paste "
            f"{self.method} too."
            if self.guessed
            else ""
        )
        if repair is None:
            self.rows.append(refused({**row, "note": note}, layer, refusal, None))
            raise Stop
        new, new_shapes, made, before = repair
        row = {**filled(row, new, made), "other_layout": self.other_layout(new, new_shapes, made)}
        self.rows.append(refused({**row, "note": note or row["note"]}, new, refusal, before))
        if before:
            self.flatten_step(layer, shapes)
        self.steps.append((new, new_shapes, made))
        return made

    def flatten_step(self, layer, shapes):
        """Add the step of a flatten before a layer."""
        flat = Layer("Flatten", layer.framework, dict(SIGNATURES[layer.framework]["Flatten"]), layer.line)
        self.steps.append((flat, shapes, outcome(layer.framework, "Flatten", flat.settings, shapes)))

    def source(self, name):
        """Return the shape of a summary's layer by its name; None where names are cut off and several fit."""
        found = [output for each, output in self.table if same_name(each, name)]
        return found[0] if len(found) == 1 else None

    def declared(self, layer, declared, shapes, name):
        """Write the row of a summary's layer, of which the table says output and parameters."""
        output, parameters = tuple(declared["output"]), declared["parameters"]
        if declared["from"] is not None:
            shapes = [self.source(name) for name in declared["from"]] or [None]
        if output[:1] == (None,):  # the table holds for any batch
            shapes = [None if shape is None else (None, *shape[1:]) for shape in shapes]
        self.table.append((layer.name, output))
        row = row_of(layer, name, None if None in shapes else shapes, "ok")
        made, note = (
            (None, "") if layer.kind == "InputLayer" else checked(layer.kind, shapes, output, parameters)
        )
        if made:
            row = filled(row, layer, made)
        row |= {"output": list(output), "parameters": parameters, "bytes": bytes_of(output), "note": note}
        row["parameters"] -= row["non_trainable"]
        self.rows.append(row)
        return Declared(output)


def same_name(one, other):
    """Whether two names may be the same: the table cuts the ends of long names off."""
    cut = one.endswith("…") or other.endswith("…")
    short, long = sorted((one.rstrip("…"), other.rstrip("…")), key=len)
    return long.startswith(short) if cut else one == other


@dataclass(frozen=True)
class Declared:
    """An outcome of which a summary says only the shape."""

    output: tuple
    more: tuple = ()


def joined(name, child):
    """Return a child's full name."""
    return f"{name}.{child}" if name and child else name or child
