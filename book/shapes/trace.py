"""Sends a shape through the layers of a text: shapes, parameters, work and memory of each, and the first
that fails.

trace(reading, shapes) returns plain dicts and lists, which JSON can hold.
"""

from contextlib import suppress
from dataclasses import dataclass, field

from . import calls
from .arguments import SIGNATURES, check_read
from .pages import page_of
from .records import BUFFER, BYTES_OF_A_FLOAT, TRAINABLE, Layer, Refusal, SizeOf, Unknown
from .rules import known, outcome
from .sizes import product
from .unseen import BRANCHES, other_inputs, outputs

MOST_CHANGES = 4
KEEPS_LAYOUT = (
    "BatchNorm",
    "InstanceNorm",
    "Conv",
    "Pool",
    "Pad",
    "Upsampl",
    "PixelShuffle",
    "PixelUnshuffle",
    "Dropout",
)


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
    others: dict = field(default_factory=dict)  # by module: what else it may return
    last: str = ""  # the module that ran last
    tried: dict = field(default_factory=dict)  # by child and shape: what comes out, None where it is refused
    steps: list = field(default_factory=list)  # (layer, shapes, outcome) of each layer that has one
    sure: bool = True  # no module came whose forward is not in the text

    def all(self, shapes):
        """Run all layers; rows after the point where a shape is no longer known have the status "unknown"."""
        layers = self.reading.layers
        self.values = {(-place - 1, 0): tuple(shape) for place, shape in enumerate(shapes)}
        if any(layer.inputs for layer in layers):
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
        if None in shapes:
            self.leave(layer, layer.name)
            return
        try:
            if layer.children:
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
            f"The text does not show what {layer.kind}'s forward does: its layers are taken in the order "
            "of their "
            "lines."
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
        """Run one layer; of a refused one the row has the message and a change, and the run goes on with
        it.
        """
        layer = self.named(layer)
        if layer.refusal:
            self.rows.append(refused(row_of(layer, name, shapes, "refused"), layer, layer.refusal, None))
            raise Stop
        try:
            settings = self.resolved(layer.settings)
            if "declared" in settings:
                return self.declared(layer, settings["declared"], shapes, name)
            check_read(settings)
            made = outcome(layer.framework, layer.kind, settings, shapes)
        except Refusal as refusal:
            if not self.sure:
                self.note(
                    f"{name or layer.kind} is refused if the layers run in the order of their lines. What "
                    "forward does "
                    "between them, such as a view, is not in the text."
                )
            return self.changed(layer, refusal, shapes, name)
        except Unknown as reason:
            self.rows.append(
                {**row_of(layer, name, shapes, "unknown"), "note": f"{reason}".capitalize() + "."}
            )
            raise Stop from reason
        self.rows.append(filled({**row_of(layer, name, shapes, "ok"), "sure": self.sure}, layer, made))
        self.steps.append((with_settings(layer, settings), shapes, made))
        return made

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
            if shape is None or not -len(shape) <= value.axis < len(shape):
                raise Unknown("a size that the text takes from a value is not known")
            return shape[value.axis]
        return tuple(self.size(item) for item in value) if isinstance(value, tuple) else value

    def changed(self, layer, refusal, shapes, name):
        """Write the row of a refused layer, and go on with the change that repairs it."""
        row = {**row_of(layer, name, shapes, "refused"), "sure": self.sure}
        repair = repair_of(layer, refusal, shapes)
        if repair is None:
            self.rows.append(refused(row, layer, refusal, None))
            raise Stop
        new, new_shapes, before = repair
        made = outcome(new.framework, new.kind, self.resolved(new.settings), new_shapes)
        row = filled(row, new, made)
        self.rows.append(refused(row, new, refusal, before))
        if before:
            flat = Layer("Flatten", layer.framework, dict(SIGNATURES[layer.framework]["Flatten"]), layer.line)
            self.steps.append((flat, shapes, outcome(layer.framework, "Flatten", flat.settings, shapes)))
        self.steps.append((new, new_shapes, made))
        return made

    def declared(self, layer, declared, shapes, name):
        """Write the row of a summary's layer: the table says its output and parameters."""
        row = row_of(layer, name, shapes, "ok")
        row["output"], row["parameters"] = list(declared["output"]), declared["parameters"]
        row["bytes"] = bytes_of(declared["output"])
        self.rows.append(row)
        return Declared(tuple(declared["output"]))


@dataclass(frozen=True)
class Declared:
    """An outcome of which a summary says only the shape."""

    output: tuple
    more: tuple = ()


def joined(name, child):
    """Return a child's full name."""
    return f"{name}.{child}" if name and child else name or child


def with_settings(layer, settings):
    """Return a layer with other settings."""
    return Layer(
        layer.kind, layer.framework, settings, layer.line, layer.name, layer.children, layer.times,
        layer.inputs, layer.output, layer.refusal,
    )  # fmt: skip


def row_of(layer, name, shapes, status):
    """Return a row before anything is known of it."""
    return {
        "line": layer.line, "name": name, "kind": layer.kind, "status": status,
        "input": [list(shape) for shape in shapes] if shapes else None, "output": None, "more": [],
        "channels_last": None, "weights": [], "parameters": 0, "non_trainable": 0, "multiply_adds": None,
        "bytes": None, "padding": [], "unread": [], "note": "", "refusal": None, "shared": layer.times == 0,
    }  # fmt: skip


def filled(row, layer, made):
    """Return a row with what a rule says."""
    trainable = [weight for weight in made.weights if weight.role == TRAINABLE]
    others = [weight for weight in made.weights if weight.role not in (TRAINABLE, BUFFER)]
    shared = layer.times == 0
    return row | {
        "output": list(made.output),
        "more": [list(shape) for shape in made.more],
        "weights": [
            {"name": weight.name, "shape": list(weight.shape), "role": weight.role} for weight in made.weights
        ],
        "parameters": 0 if shared else sum(product(weight.shape) for weight in trainable),
        "non_trainable": 0 if shared else sum(product(weight.shape) for weight in others),
        "multiply_adds": made.multiply_adds,
        "bytes": bytes_of(made.output),
        "padding": [list(pair) if pair else None for pair in made.padding],
        "unread": list(made.unread),
        "note": made.note,
    }


def bytes_of(shape):
    """Return the bytes of a tensor of 32-bit numbers; one example where the batch is not known."""
    count = product((1, *shape[1:]) if shape and shape[0] is None else shape)
    return None if count is None else count * BYTES_OF_A_FLOAT


def refused(row, layer, refusal, before):
    """Return a row with a refusal; `layer` has the change where there is one."""
    code = None
    if row["output"] is not None:
        code = ", ".join([*before, calls.call(layer)])
    return row | {
        "refusal": {
            "kind": refusal.kind, "message": refusal.message, "page": page_of(refusal.message),
            "change": {name: jsonable(value) for name, value in refusal.change.items()}, "code": code,
        }
    }  # fmt: skip


def jsonable(value):
    """Return a value with lists for its tuples."""
    return [jsonable(item) for item in value] if isinstance(value, tuple) else value


def repair_of(layer, refusal, shapes):
    """Return the layer with changes under which it works, the shapes that it gets, and the code of what
    stands before it; None where no change is known.
    """
    flat = flattened(layer, shapes[0])
    if flat:
        settings = {**layer.settings, "in_features": flat[-1]}
        return with_settings(layer, settings), [flat], [calls.flatten(layer.framework)]
    settings = layer.settings
    for _ in range(MOST_CHANGES):
        if not refusal.change:
            return None
        settings = {**settings, **refusal.change}
        try:
            outcome(layer.framework, layer.kind, settings, shapes)
            return with_settings(layer, settings), shapes, []
        except Refusal as other:
            refusal = other
    return None


def flattened(layer, shape):
    """Return the flattened shape that a Linear behind feature maps wants; None where nothing speaks for
    it.
    """
    if layer.kind != "Linear" or len(shape) < 3:
        return None
    total = product(shape[1:])
    return (shape[0], total) if layer.settings.get("in_features") == total or len(shape) > 3 else None


def totals(rows):
    """Return the sums of the rows."""
    work = [row["multiply_adds"] for row in rows if row["output"] is not None]
    memory = [row["bytes"] for row in rows if row["output"] is not None]
    return {
        "parameters": sum(row["parameters"] for row in rows),
        "non_trainable": sum(row["non_trainable"] for row in rows),
        "multiply_adds": None if None in work else sum(work),
        "bytes": None if None in memory else sum(memory),
        "complete": all(row["status"] == "ok" for row in rows) and bool(rows),
    }


def has_rule(layer):
    """Whether a layer has a rule."""
    return known(layer.framework, layer.kind)
