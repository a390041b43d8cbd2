"""The reader's own line: where in a traceback the reader's code, and not a library's, stands last, and what
to look at there.
"""

import dataclasses
import re

# Headers of frames, by who writes them; each finds file, line and function, as far as it has them.
HEADERS = [
    # Python, and tools that write as it does
    re.compile(r'^[ \t]*File "([^"\n]{1,300})", line ([0-9]{1,7})(?:, in ([^\n]{1,80}))?[ \t]*$'),
    # IPython: `Cell In[3], line 5`, `Cell In [3], line 5, in Net.forward(self, x)`, `Input In [3], in <cell
    # line: 5>()`
    re.compile(
        r"^[ \t]*((?:Cell|Input) In ?\[[0-9]{1,5}\])(?:, line ([0-9]{1,7}))?(?:, in ([^\n]{1,200}))?[ \t]*$"
    ),
    # IPython: `File ~/net.py:12, in Net.forward(self, x)`
    re.compile(r"^[ \t]*File ([^\n:]{0,3}[^\n:]{1,300}):([0-9]{1,7})(?:, in ([^\n]{1,200}))?[ \t]*$"),
    # IPython before 8, Colab and Kaggle: `<ipython-input-3-0f> in forward(self, x)`, `~/net.py in <module>`,
    # `/tmp/ipykernel_7/9.py in <module>`, Colab's link around the file; the arrow below has the line
    re.compile(
        r"^[ \t]*\[?(<ipython-input-[^>\n]{1,60}>|[^ \n\](]{1,300}\.py)(?:\]\([^)\n]{0,200}\))?()"
        r" in ([^\n]{1,200})[ \t]*$"
    ),
    # pytest: `net.py:12: ` and `net.py:12: in forward`, a warning: `net.py:12: UserWarning: ...`
    re.compile(
        r"^([^ \n\"':]{1,300}\.py):([0-9]{1,7}):(?: in ([^\n]{1,80})| [A-Za-z]{1,40}Warning:[^\n]*)?[ \t]*$"
    ),
    # Rich: `/home/me/net.py:12 in forward    │`
    re.compile(r"^[ \t]*((?:[A-Za-z]:)?[^ \n:]{1,300}\.py):([0-9]{1,7}) in ([A-Za-z_<][^ \n]{0,80}) *│?$"),
    # TensorFlow's `in user code:`
    re.compile(r"^[ \t]*([^ \n:]{1,300}\.py):([0-9]{1,7}) ([A-Za-z_][A-Za-z0-9_]*) +\*{0,2}$"),
]
PYTHON, PYTEST, RICH, KERAS = 0, 4, 5, 6
IS_WARNING = re.compile(r"\.py:[0-9]+: [A-Za-z]+Warning:")
ARROW = re.compile(r"^[ \t]*(?:-{1,6}>|❱) *([0-9]{1,7})(?:[ \t]([^\n]*))?$")
CARETS = re.compile(r"^[ \t]*[~^][~^ ]*$")
TRACEBACK = re.compile(r"Traceback \(most recent call last\)")
INSTALLED = re.compile(
    r"site-packages|dist-packages|[/\\]lib[/\\]python[0-9]|python[0-9.]*[/\\]lib[/\\]|<frozen|<string>|<__array_function__"
    r"|__autograph_generated|^/usr/lib|conda[0-9]*[/\\](?:envs[/\\][^/\\]+[/\\])?lib[/\\]|importlib"
    r"|(?:^|[/\\])torch[/\\](?:_[a-z]|(?:nn|utils|autograd|optim|jit|fx|functional|serialization|distributed|cuda|fft|tensor)(?:[/\\]|\.py))"
    r"|(?:^|[/\\])torchvision[/\\]transforms|(?:^|[/\\])keras[/\\](?:src|engine|layers|utils|backend|models)"
    r"|(?:^|[/\\])tensorflow[/\\](?:python|core)|tensorflow_core|(?:^|[/\\])numpy[/\\](?:core|_core|lib|ma)"
    r"|<decorator-gen|<eval_with_key>|pytorch_lightning[/\\]|lightning[/\\]pytorch|<timed |unittest[/\\]"
    r"|_pytest[/\\]",
    re.IGNORECASE,
)
MOST_CODE = 160  # characters of a line that is shown
MOST_LINES_BELOW = 25  # a header, in which its arrow stands
MOST_LINES_BETWEEN = 6  # a message and a traceback that stands below it
MOST_LINES_BEHIND = 400

NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*|\[[0-9A-Za-z_'\"-]{1,20}\])*$")
CALL = re.compile(r"^((?:[A-Za-z_][A-Za-z0-9_]*)(?:\.[A-Za-z_][A-Za-z0-9_]*|\[[0-9A-Za-z_'\"+-]{1,20}\])*)\(")
CHANGED = re.compile(
    r"^([A-Za-z_][A-Za-z0-9_.]*)\.([a-z_]+)\([^()]{0,30}\)$"
)  # a tensor's method as an argument
A_LAYER = re.compile(r", self\.[^ ]+\)$")
BUILT = re.compile(
    r"^(?:[A-Za-z_][A-Za-z0-9_]*\.)*[A-Z][A-Za-z0-9_]*\([^()]{0,80}\)\("
)  # a layer made and called
KEYWORD = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*[ ]?=[ ]?(?!=)")
OPERATION = re.compile(r"^([A-Za-z_][A-Za-z0-9_.]*) ?(?:[-+*/@]|\*\*|//)=? ?([A-Za-z_][A-Za-z0-9_.]*)$")
STATEMENT = re.compile(r"^(?:return|yield|await|assert|raise|print) +|^print(?=\()")
LIBRARIES = (
    "torch", "F", "nn", "tf", "np", "numpy", "keras", "functional", "jnp", "K", "layers", "einops", "jax",
    "lax", "tensorflow", "ops", "T",
)  # fmt: skip
# Methods whose tensor is what has the wrong shape; those in SHOWN_TOO take another tensor as well.
METHODS = (
    "view", "reshape", "permute", "transpose", "squeeze", "unsqueeze", "expand", "expand_as", "repeat",
    "matmul", "mm", "bmm", "dot", "add", "add_", "sub", "mul", "mul_", "copy_", "view_as", "flatten",
    "unflatten", "split", "chunk", "gather", "scatter_", "index_select", "masked_fill", "masked_fill_", "mv",
    "unfold", "swapaxes", "movedim", "broadcast_to", "baddbmm", "addmm", "assign",
)  # fmt: skip
SHOWN_TOO = (
    "matmul", "mm", "bmm", "dot", "add", "add_", "sub", "mul", "mul_", "copy_", "expand_as", "view_as",
    "gather", "masked_fill", "masked_fill_", "mv", "baddbmm", "addmm", "assign",
)  # fmt: skip
KEEPING_SHAPES = (
    "to",
    "float",
    "double",
    "half",
    "long",
    "int",
    "cuda",
    "cpu",
    "detach",
    "contiguous",
    "clone",
    "type",
)
TURNING = (
    "t",
    "transpose",
    "permute",
    "squeeze",
    "unsqueeze",
    "mean",
    "sum",
    "argmax",
    "swapaxes",
    "movedim",
    "numpy",
)
FITTING = ("fit", "predict", "evaluate", "train_on_batch", "predict_on_batch", "test_on_batch", "partial_fit")
# Names that hold no tensor, and so have no shape to print.
NO_TENSORS = (
    "self", "None", "True", "False", "model", "net", "network", "loader", "dataloader", "train_loader",
    "val_loader", "test_loader", "train_dataloader", "val_dataloader", "dataset", "device", "config", "cfg",
    "args", "opt", "optimizer", "criterion", "loss_fn", "epoch", "path", "stride", "padding", "dilation",
    "groups", "dim", "axis", "mode", "p", "size", "shape", "kernel_size", "training", "output_size",
    "scale_factor", "reduction", "batch_size", "epochs", "callbacks", "verbose", "trainer", "dtype",
    "num_classes", "batch", "sample", "generator", "train_gen", "train_generator", "val_generator",
    "test_generator", "train_ds", "val_ds", "test_ds", "train_dataset", "val_dataset", "bias", "eps", "name",
    "i", "j", "idx", "step", "batch_idx",
)  # fmt: skip
OTHER_METHODS = re.compile(
    r"^(?:_|forward|get|compute|encode|decode|step|train|valid|test|shared|run|call|loss|criterion|calc|make|build|load"
    r"|save|log|sample|generate|predict|fit|evaluate|apply|init|super|backward|process|prepare)"
)
# Lines that work on no batch: they load, or build a model or a layer.
WITHOUT_BATCH = re.compile(r"load_|set_weights|assign|\.add\(|Sequential\(|Model\(|layers\.|^for ")
WHOLE = re.compile(r"^[a-zA-Z_][a-zA-Z0-9_.]{0,40}\([^()]{1,30}\)$")  # a short call, in full
LOSS = re.compile(r"loss|criterion|crit$|bce|cross_entropy", re.IGNORECASE)
MOST_SHOWN = 3


@dataclasses.dataclass(frozen=True)
class Place:
    """The reader's own line: file, line and function as far as the traceback says them, else None; `code` is
    the line itself, or None; `show` is code that prints what it works on, or None; `where` says where a
    repair goes, and for which of the reader's names, or is None; `verify` says how to see that it is
    repaired.
    """

    file: str
    line: int | None
    function: str | None
    code: str | None
    show: str | None
    where: str | None
    verify: str

    @property
    def words(self):
        """The place in words: `train.py, line 41, in forward`."""
        words = [self.file]
        if self.line is not None:
            words.append(f"line {self.line}")
        if self.function is not None:
            words.append(f"in {self.function}")
        return ", ".join(words)


def place_of(match, tokens, cleaned):
    """Return the Place of the last frame of the reader's own before a match, or behind it where none is
    before it; None where the text has none.
    """
    lines = cleaned.split("\n")
    frames = frames_before(lines, tokens[match.start].line) or frames_behind(
        lines, tokens[match.end - 1].line
    )
    own = [frame for frame in frames if not INSTALLED.search(frame[0])]
    if not own:
        return None
    file, line, function, code, marked = own[-1]
    file = re.split(r"[/\\]", file)[-1]
    if re.search(r"^<?ipython-input-|^[0-9]+\.py$", file):
        file = "the notebook's cell"
    file = re.sub(r"^(?:Cell|Input) In ?", "cell In ", file)
    names = named(marked or code, marked is not None)
    show = printed(names)
    return Place(file, line, function, code, show, where(names), verify(file, line, code, show, match))


def frames_before(lines, end):
    """Return the frames of the traceback that ends in the message on line `end`."""
    start = 0
    for number in range(end, -1, -1):
        if TRACEBACK.search(lines[number]):
            start = number
            break
    return frames_of(lines, start, end + 1, end)


def frames_behind(lines, end):
    """Return the frames of a traceback that stands below the message that ends on line `end`."""
    stop = min(len(lines), end + MOST_LINES_BEHIND)
    for number in range(end + 1 + MOST_LINES_BETWEEN, stop):
        if TRACEBACK.search(lines[number]):
            stop = number
            break
    if not frames_of(lines, end + 1, min(end + MOST_LINES_BETWEEN, stop), stop):
        return []
    return frames_of(lines, end + 1, stop, stop)


def frames_of(lines, start, stop, end):
    """Return the frames whose headers stand on the lines from `start` to `stop`, each as (file, line,
    function, code, the part of the code that is marked), None for what is not said. `end` is the line of the
    message.
    """
    frames = []
    heads = []
    for number in range(start, stop):
        text = lines[number]
        if ".py" not in text and " In" not in text and "File " not in text and "<ipython" not in text:
            continue
        for kind, header in enumerate(HEADERS):
            if found := header.match(text):
                heads.append((number, kind, found))
                break
    for place, (number, kind, found) in enumerate(heads):
        following = heads[place + 1][0] if place + 1 < len(heads) else len(lines)
        until = min(following, number + MOST_LINES_BELOW)
        frames.append(frame_of(lines, number, kind, found, until, end))
    return frames


def frame_of(lines, number, kind, found, until, end):
    """Return one frame, whose header is on line `number`, and whose code stands before line `until`."""
    file, line, function = found.group(1), found.group(2), found.group(3)
    code = marked = None
    if kind == RICH and number and (above := lines[number - 1].strip(" \t│")).startswith(("/", "~")):
        file = above + file  # a long path goes on in the next line
    if kind == PYTEST and not IS_WARNING.search(lines[number]) and not function:
        above = number - 1
        while (
            above >= 0
            and number - above < 4
            and (not lines[above].strip(" \t") or CARETS.match(lines[above]))
        ):
            above -= 1
        code = lines[above] if above >= 0 and "Error" not in lines[above] else None
    else:
        arrow = None
        for below in range(number + 1, until):
            if arrow := ARROW.match(lines[below]):
                line, code = arrow.group(1), (arrow.group(2) or "").replace("│", " ")
                break
        if (
            arrow is None
            and number + 1 < until
            and (number + 1 < end or kind == PYTEST)
            and kind in (PYTHON, PYTEST, KERAS)
        ):
            code = lines[number + 1]
            if number + 2 < until and CARETS.match(lines[number + 2]):
                marks = lines[number + 2]
                marked = code[len(marks) - len(marks.lstrip(" \t")) : len(marks.rstrip(" \t"))]
    code = (code or "").strip(" \t")
    name = (function or "").split("(")[0].strip(" \t")
    return (
        file,
        int(line) if line else None,
        None if not name or name.startswith("<") else name.split(".")[-1],
        code[:MOST_CODE] if code and not code.startswith(("Traceback", "File ")) else None,
        marked.strip(" \t") if marked and code else None,
    )


def where(names):
    """Return a sentence on where a repair goes, from what is printed; None where nothing is."""
    tensors = [name.removesuffix(".shape") for name in names if name.endswith(".shape")]
    if not tensors:
        return None
    its = f" (its names are your {' and '.join(tensors)})"
    if len(tensors) == 1:
        its = "" if tensors == ["x"] else f" (its x is your {tensors[0]})"
    made = "" if names[-1].endswith(".shape") else f"; a new layer goes where {names[-1]} is made"
    return f"A repair of the data goes before this line{its}{made}."


def verify(file, line, code, show, match):
    """Return a sentence on how to see that the line is repaired, with its result's size where the numbers
    say it.
    """
    place = f"line {line} of {file}" if line is not None else f"the line in {file}"
    one, other, weight = (match.numbers.get(name) for name in ("mat1", "mat2", "weight"))
    gives = ""
    if show and A_LAYER.search(show):
        if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other) == 2:
            gives = f", and give {other[1]} as the last size" if other[1] is not None else ""
        elif match.entry["id"] in ("pytorch-conv-channels", "pytorch-conv-rank") and isinstance(
            weight, tuple
        ):
            gives = f", and give {weight[0]} channels" if weight and weight[0] is not None else ""
    again = "again" if code and WITHOUT_BATCH.search(code) else "with a batch of the same kind"
    return f"To check the repair, run {place} {again}: it should pass{gives}."


def printed(names):
    """Return code that prints them; None where there are none."""
    return f"print({', '.join(names)})" if names else None


def named(code, marked):
    """Return what to print of a line, as a list of expressions; an empty one where nothing can be named.
    `marked` says that the code is the very part that failed, so that its arguments did not.
    """
    return shown_by(right_side(without_comment(code)), 0, marked) if code else []


def shown_by(code, depth, marked=False):
    """Return what to print of an expression, as a list of expressions; an empty one where nothing can be
    named.
    """
    code = code.strip(" ")
    if operation := OPERATION.match(code):
        names = [name for name in operation.groups() if is_tensor(name)]
        return [f"{name}.shape" for name in dict.fromkeys(names)]
    call = CALL.match(code)
    if not call or depth > 6:
        return []
    if built := BUILT.match(code):
        return shapes_of(arguments_of(code[built.end() :]), marked)
    parts = re.split(r"\.", call.group(1))
    arguments = arguments_of(code[call.end() :])
    first = arguments and operand(arguments[0], marked)
    inner = next((value for value in arguments if CALL.match(value)), None)
    shapes = shapes_of(arguments, marked)
    last = re.split(r"\[", parts[-1])[0]
    if last[:1].isupper() and last != "F":  # it makes a layer: its arguments are no tensors
        return []
    if len(parts) > 1 and last in METHODS and parts[0] not in LIBRARIES:
        receiver = ".".join(parts[:-1])
        receiver = [f"{receiver}.shape"] if is_tensor(receiver) else []
        return [*receiver, *(shapes if last in SHOWN_TOO else [])][:MOST_SHOWN]
    if any(value.startswith("**") for value in arguments):
        inputs = next(value[2:] for value in arguments if value.startswith("**"))
        return [f"{{name: value.shape for name, value in {inputs}.items()}}"] if NAME.match(inputs) else []
    if last in FITTING and inner and not first:  # the labels alone say too little
        shapes = []
    if LOSS.search(last) or last in FITTING or parts[0] in LIBRARIES:
        return shapes or (shown_by(inner, depth + 1) if inner else [])
    if parts[0] == "self" and len(parts) > 1 and not OTHER_METHODS.match(last):
        if not shapes:
            shapes = shown_by(inner, depth + 1) if inner else []
        if not all(shape.endswith(".shape") for shape in shapes):  # there is a layer further inside
            return shapes
        return [*shapes[:2], call.group(1)] if shapes else []
    if len(parts) == 1 or last in ("forward", "encode", "decode", "__call__", "apply"):
        if (
            parts[0] in ("main", "train", "test", "run", "fit", "evaluate", "validate")
            or parts[0][:1].isupper()
        ):
            return []
        if inner and not shapes:
            return shown_by(inner, depth + 1)
        return shapes if len(parts) > 1 or len(arguments) <= MOST_SHOWN else []
    return []


def shapes_of(arguments, marked):
    """Return code for the shapes of the tensors among arguments."""
    tensors = filter(None, (operand(argument, marked) for argument in arguments))
    return [f"{value}.shape" for value in dict.fromkeys(tensors)][:MOST_SHOWN]


def operand(argument, marked):
    """Return what to print of an argument, None where it is no tensor. `marked` says that the call it is in
    failed, and so the argument itself did not.
    """
    return tensor_in(argument) or (argument if marked and gives_tensor(argument) else None)


def gives_tensor(argument):
    """Whether an argument is a call that works on tensors, short enough to be made once more."""
    return bool(WHOLE.match(argument)) and bool(shown_by(argument, 1))


def tensor_in(argument):
    """Return the tensor whose shape says most about an argument: itself, or what its method is called on;
    None where it is no tensor.
    """
    if is_tensor(argument):
        return argument
    changed = CHANGED.match(argument)
    if not changed or not is_tensor(changed.group(1)) or changed.group(1) in LIBRARIES:
        return None
    if changed.group(2) in TURNING:
        return argument
    return changed.group(1) if changed.group(2) in KEEPING_SHAPES or changed.group(2) in METHODS else None


def is_tensor(name):
    """Whether an argument is a name that may hold a tensor."""
    return bool(NAME.match(name)) and re.split(r"\.", name)[-1] not in NO_TENSORS and name not in NO_TENSORS


def without_comment(code):
    """Return a line without its comment."""
    return re.split(r" +#", code)[0]


def right_side(code):
    """Return what a statement computes: `f(x)` of `y = f(x)` and of `return f(x)`."""
    depth = 0
    for at, mark in enumerate(code):
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif mark == "=" and not depth and at + 1 < len(code) and at:
            if code[at + 1] == "=" or code[at - 1] in "=!<>":
                break
            if code[at - 1] in "+-*/@":
                left = code[: at - 1].strip(" ")
                return f"{left} {code[at - 1]} {code[at + 1 :].strip(' ')}"
            return right_side(code[at + 1 :].strip(" "))
    return STATEMENT.sub("", code.strip(" "))


def arguments_of(text):
    """Return the arguments of a call, whose text begins behind its opening bracket: without their keywords,
    those in a list or a tuple one by one.
    """
    found = []
    depth = 0
    start = 0
    for at, mark in enumerate(text + ")"):
        if mark in "([{":
            depth += 1
        elif mark in ")]}" and depth:
            depth -= 1
        elif not depth and mark in ",)]}":
            found.append(text[start:at].strip(" "))
            start = at + 1
            if mark != ",":
                break
    values = []
    for argument in found:
        value = KEYWORD.sub("", argument)
        if value[:1] in ("[", "(") and value[-1:] in ("]", ")"):
            values += arguments_of(value[1:])
        elif value:
            values.append(value)
    return values
