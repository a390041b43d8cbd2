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
from .unseen import BRANCHES, other_inputs, outputs


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
        single = (
            layers[0] if len(layers) == 1 else Layer("Sequential", self.reading.framework, children=layers)
        )
        if len(layers) > 1 and self.reading.form == "source":
            self.note("No forward stands in the text: the layers are taken in the order of their lines.")
        with suppress(Stop):
            self.output = self.through(single, tuple(shapes[0]), "")

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
        others = []
        for place, child in enumerate(layer.children):
            child_name = joined(name, child.name)
            try:
                fits = [(other, text) for other, text in others if self.fits(child, other)]
                if others and not self.fits(child, shape) and len({other for other, _ in fits}) == 1:
                    shape, text = fits[0]
                    self.note(f"{joined(name, layer.children[place - 1].name)} is a module {text}.")
                shape = self.through(child, shape, child_name)
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
        self.sure = False
        values, leaves = [shape], [shape]
        for place, child in enumerate(layer.children):
            try:
                source, made = self.unseen_child(layer, child, values, joined(name, child.name))
            except Stop:
                for rest in layer.children[place + 1 :]:
                    self.leave(rest, joined(name, rest.name))
                raise
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
        self.last = name
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
        if found:
            self.note(
                f"{name} does not fit behind the line before it, and {layer.kind}'s forward may do several "
                "things."
            )
            self.leave(child, name)
            raise Stop
        return current, self.through(child, current, name)

    def fits(self, child, shape):
        """Whether a child takes a shape, as far as it is known."""
        return self.attempt(child, shape) is not None

    def attempt(self, child, shape):
        """Return what a child makes of a shape, without writing rows; None where a layer in it is refused."""
        if (id(child), shape) not in self.tried:
            trial = Run(self.reading, values=self.values, tried=self.tried)
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
            if not self.sure:
                self.note(
                    f"{name or layer.kind} is refused if the layers run in the order of their lines. What "
                    "forward does between them, such as a view, is not in the text."
                )
            return self.changed(with_settings(layer, settings), refusal, shapes, name)
        except Unknown as reason:
            words = str(reason)
            note = f"{words[:1].upper()}{words[1:]}."
            self.rows.append({**row_of(layer, name, shapes, "unknown"), "note": note})
            raise Stop from reason
        row = filled({**row_of(layer, name, shapes, "ok"), "sure": self.sure}, layer, made)
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
        row = {**row_of(layer, name, shapes, "refused"), "sure": self.sure}
        repair = repair_of(layer, refusal, shapes)
        if repair is None:
            self.rows.append(refused(row, layer, refusal, None))
            raise Stop
        new, new_shapes, made, before = repair
        row = {**filled(row, new, made), "other_layout": self.other_layout(new, new_shapes, made)}
        self.rows.append(refused(row, new, refusal, before))
        if before:
            flat = Layer("Flatten", layer.framework, dict(SIGNATURES[layer.framework]["Flatten"]), layer.line)
            self.steps.append((flat, shapes, outcome(layer.framework, "Flatten", flat.settings, shapes)))
        self.steps.append((new, new_shapes, made))
        return made

    def source(self, name):
        """Return the shape of a summary's layer by its name; None where names are cut off and several fit."""
        found = [output for each, output in self.table if same_name(each, name)]
        return found[0] if len(found) == 1 else None

    def declared(self, layer, declared, shapes, name):
        """Write the row of a summary's layer, of which the table says output and parameters."""
        output, parameters = tuple(declared["output"]), declared["parameters"]
        if declared["from"] is not None:
            shapes = [self.source(name) for name in declared["from"]] or [None]
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
