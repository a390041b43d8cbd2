"""What `fit`, `evaluate` and `predict` run for one batch: the reader's own train_step, or the model and its
loss; and how the reader's data are named and changed. For the forked process.
"""

import functools
import inspect
import re

from .frames import is_reader
from .keras_losses import failed_loss

STEPS = {
    "fit": "train_step",
    "train_on_batch": "train_step",
    "evaluate": "test_step",
    "test_on_batch": "test_step",
    "predict": "predict_step",
    "predict_on_batch": "predict_step",
}
MOST_BATCH = 32


def readers_step(root, method):
    """Return the reader's own step of a model, None where it is Keras's."""
    name = STEPS.get(method)
    function = inspect.unwrap(getattr(type(root), name, None)) if name else None
    code = getattr(function, "__code__", None)
    return getattr(root, name) if code is not None and is_reader(code.co_filename) else None


def run_of(keras, root, method, batch):
    """Return the function that runs a Batch, its arguments being the batch's parts."""
    if method not in STEPS:
        return root
    step = readers_step(root, method)
    if step is not None:
        no_updates(keras)
        return lambda *parts: step(batch.whole(parts))
    training = STEPS[method] == "train_step"
    return functools.partial(model_and_loss, root, training, STEPS[method] != "predict_step")


def model_and_loss(root, training, with_loss, x, y=None, weights=None):
    """Call a model, and its loss where there are targets; return what the model gives."""
    output = root(x, training=training) if root._call_has_training_arg else root(x)
    if with_loss and y is not None and root.compiled:
        try:
            root.compute_loss(x=x, y=y, y_pred=output, sample_weight=weights, training=training)
        except Exception as error:
            raise failed_loss(root, output, y, error) from error
    return output


def no_updates(keras):
    """Let optimizers change nothing: a trial ends with the gradients."""
    keras.optimizers.Optimizer.apply = lambda self, grads, *args, **kwargs: list(grads) and None
    keras.optimizers.Optimizer.apply_gradients = lambda self, pairs, *args, **kwargs: list(pairs) and None


class Batch:
    """One batch of what a model was given: its parts (x, y, the weights of the examples), and how the reader
    would change it. `source` is what the reader calls the data.
    """

    def __init__(self, tf, keras, call, source):
        self.tf, self.keras, self.source = tf, keras, source
        self.kind = "arrays"
        self.single = False  # a data set of inputs alone
        given = call.args
        x = given[0] if given else call.kwargs.get("x")
        y = given[1] if len(given) > 1 else call.kwargs.get("y")
        weights = call.kwargs.get("sample_weight")
        self.unbatched = False
        found = self.first_of(x)
        if found is not None:
            self.single = not isinstance(found, tuple | list)
            parts = (found,) if self.single else tuple(found)
            self.parts = (*parts, None, None)[:3]
            return
        size = call.kwargs.get("batch_size")
        size = size if isinstance(size, int) else MOST_BATCH
        if call.method.endswith("on_batch"):
            size = None
        self.parts = tuple(
            keras.tree.map_structure(lambda each: self.cut(each, size), part) if part is not None else None
            for part in (x, y, weights)
        )

    def first_of(self, x):
        """Return the first element of a data set or a generator, None for anything else."""
        tf = self.tf
        if isinstance(x, tf.data.Dataset):
            self.kind = "dataset"
            specs = [
                each for each in self.keras.tree.flatten(x.element_spec) if isinstance(each, tf.TensorSpec)
            ]
            self.unbatched = bool(specs) and all(
                each.shape.rank is not None and (not each.shape.rank or each.shape[0] is not None)
                for each in specs
            )
            return x.element_spec
        if isinstance(x, self.keras.utils.PyDataset):
            self.kind = "generator"
            return x[0]
        if hasattr(x, "__next__"):
            self.kind = "generator"
            return next(x)
        if type(x).__module__.startswith("torch.utils.data"):
            self.kind = "generator"
            return next(iter(x))
        return None

    def cut(self, each, size):
        """Return the first examples of an array, as a TensorSpec."""
        if hasattr(each, "shape") and len(each.shape) and each.shape[0] is not None and size:
            shape = (min(size, int(each.shape[0])), *each.shape[1:])
            return self.tf.TensorSpec(shape, dtype_of(self.keras, each))
        return each

    def whole(self, parts):
        """Return the parts as a train_step is given them."""
        x, y, weights = (*parts, None, None)[:3]
        if self.single:
            return x
        if self.kind != "arrays":
            return tuple(each for each in (x, y, weights) if each is not None)
        return self.keras.utils.pack_x_y_sample_weight(x, y, weights)

    def change(self, path, code):
        """Return the reader's code that changes the tensor at a path; `code` has its new value, of `name`."""
        names = ("x", "y", "weights")[: sum(part is not None for part in self.parts)]
        part, *rest = path
        new = nested(names[part], rest, code)
        if self.kind == "dataset":
            given = ", ".join(names)
            changed = [new if name == names[part] else name for name in names]
            result = changed[0] if self.single else f"({', '.join(changed)})"
            return f"{self.source} = {self.source}.map(lambda {given}: {result})"
        return f"{names[part]} = {new}  # where the batches are made"


def nested(name, rest, code):
    """Return the code of a container with one of its entries changed, the value where there is none."""
    if not rest:
        return code
    key, *rest = rest
    inner = nested(f"{name}[{key!r}]", rest, code)
    if isinstance(key, int):
        return f"(*{name}[:{key}], {inner}, *{name}[{key + 1}:])"
    return f"{{**{name}, {key!r}: {inner}}}"


def dtype_of(keras, value):
    """Return the type of a tensor's elements as Keras would have it."""
    name = (
        str(getattr(value, "dtype", "float32")).replace("<dtype: '", "").replace("'>", "").rpartition(".")[2]
    )
    return keras.config.floatx() if name.startswith(("float", "bfloat")) else name


def is_plain(source):
    """Whether a piece of source can be assigned to: a name, an attribute or an item."""
    return re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*|\[[^\[\]]*\])*", source or "") is not None


def assigned(source, code):
    """Return the line that changes what the reader's code calls `source`."""
    return f"{source} = {code}" if is_plain(source) else f"{code}  # in place of {source}"
