"""What the steps of the live explanation hand to each other."""

import dataclasses
import itertools


@dataclasses.dataclass(eq=False)
class Value:
    """A tensor of a replay: its shape, the Node that made it, or how the model's input or parameter is
    called.
    """

    shape: tuple
    maker: "Node | None" = None
    name: str | None = None
    kind: str = "input"  # "input", "variable" beside it, "parameter", "constant" where no node made it


@dataclasses.dataclass(eq=False)
class Node:
    """A layer or an operation of a replay. `rule` says how its output's axes follow from its inputs', as
    origin.py has it; `module` is the path of the module in which an operation ran, or of the layer itself.
    """

    name: str
    is_layer: bool
    module: str
    inputs: list
    rule: tuple = ("same",)
    outputs: list = dataclasses.field(default_factory=list)
    type: str | None = None
    file: str | None = None
    line: int | None = None
    function: str | None = None
    site: tuple | None = None  # (file, line, instruction) in the reader's source
    owner: str | None = None  # the class of the module in which an operation ran
    wanted: tuple = ()  # the shape that a view or a reshape asks for
    order: int = dataclasses.field(default_factory=itertools.count().__next__)


@dataclasses.dataclass(frozen=True)
class Where:
    """The failing layer, and the reader's own line. `shapes` are those of the variables on the line."""

    layer: str | None
    type: str | None
    file: str | None
    line: int | None
    code: str | None
    operation: str | None = None
    config: str | None = None
    shapes: tuple = ()
    framework: str = "pytorch"
    after: str | None = None  # how the model is called that ran before, where the error is outside of it


@dataclasses.dataclass(frozen=True)
class Step:
    """A layer on the way: its shapes in and out (`output` is None for the one that failed)."""

    layer: str
    type: str
    inputs: tuple
    output: object = None


@dataclasses.dataclass(frozen=True)
class Origin:
    """Where a number came from: `layers` made it or a part of it, `operations` joined or turned what they
    gave; `inputs` are those of the model that it came from. `said` tells it in a sentence.
    """

    layers: tuple = ()
    operations: tuple = ()
    inputs: tuple = ()
    said: str = ""


@dataclasses.dataclass(frozen=True)
class Expected:
    """The line that says the number which the layer expects; `made` is the one that made the layer, where it
    is another: in a class or a function that is given the number.
    """

    file: str
    line: int
    code: str
    made: "Expected | None" = None


@dataclasses.dataclass(frozen=True)
class Trial:
    """A change that was tried, as code for the reader's model, and what came out of it."""

    change: str
    outcome: str  # "runs", "fails elsewhere" or "still fails"
    layer: str | None = None
    output: object = None
    message: str | None = None
    title: str = ""


@dataclasses.dataclass(frozen=True)
class Finding:
    """All of it; what is not known is None or empty."""

    where: Where
    path: tuple = ()
    came_from: Origin | None = None
    expected_by: Expected | None = None
    trials: tuple = ()
    expects: str | None = None
    need: tuple = ()  # (expected, got) of one axis, where that is what is wrong

    @property
    def has_a_repair(self):
        """Whether a change that was tried runs to the end."""
        return any(trial.outcome == "runs" for trial in self.trials)

    def as_dict(self):
        """Return it for JSON, under the names that `--json` promises."""
        where, origin = self.where, self.came_from
        return {
            "where": {
                "layer": where.layer,
                "type": where.type,
                "file": where.file,
                "line": where.line,
                "code": where.code,
                "operation": where.operation,
                "configuration": where.config,
                "shapes": dict(where.shapes),
            },
            "path": [dataclasses.asdict(step) for step in self.path],
            "came_from": origin
            and {
                "layers": list(origin.layers),
                "operations": list(origin.operations),
                "inputs": list(origin.inputs),
                "said": origin.said,
            },
            "expected_by": self.expected_by and dataclasses.asdict(self.expected_by),
            "trials": [
                {
                    "change": trial.change,
                    "outcome": trial.outcome,
                    "layer": trial.layer,
                    "output": trial.output,
                    "message": trial.message,
                }
                for trial in self.trials
            ],
        }
