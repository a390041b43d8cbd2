"""`with errorguide.watch(model):` names what raises nothing and is wrong: groups that `tf.nn.conv2d` infers,
a loss that broadcasts (N, 1) against (N,), a Keras layer that builds itself for a batch with the channels
first, a Linear that works on an image's last axis, a weight that is not of the size its layer says.

Each is said once, with the reader's line. Functions and classes of the frameworks are wrapped while it
watches, and are themselves again after it.
"""

import contextlib
import sys

from .live.frames import is_reader
from .live.tell import file_text

LOSSES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
CONVOLUTIONS = ("conv1d", "conv2d", "conv3d", "convolution")
MOST_SAID = 100
LEAST_SIDE = 8  # of an image


class watch:
    """A context in which what is silently wrong is named on the standard error stream. `found` has the
    sentences.

    `model` is looked at as it is, for weights that were replaced; without it only the models that are called
    are.
    """

    def __init__(self, model=None, quiet=False):
        self.model, self.quiet = model, quiet
        self.found = []
        self._keys = set()
        self._undo = []
        self._conv_shapes = {}

    def __enter__(self):
        torch, tf, keras = (sys.modules.get(name) for name in ("torch", "tensorflow", "keras"))
        try:
            if torch is not None and hasattr(torch, "nn"):
                self._watch_torch(torch)
            if tf is not None and hasattr(tf, "nn"):
                self._watch_tensorflow(tf)
            if keras is not None and hasattr(keras, "layers"):
                self._watch_keras(keras)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *error):
        while self._undo:
            self._undo.pop()()
        return False

    def _say(self, key, sentence):
        """Say something once."""
        place = _place()
        key = (key, place)
        if key in self._keys or len(self.found) >= MOST_SAID:
            return
        self._keys.add(key)
        sentence = f"{sentence}{f' ({place})' if place else ''}"
        self.found.append(sentence)
        if not self.quiet:
            print(f"errorguide: {sentence}", file=sys.stderr)

    def _put(self, owner, name, wrap):
        """Put a wrapper in the place of a function, until the end."""
        function = getattr(owner, name, None)
        if function is None:
            return
        own = name in vars(owner)
        setattr(owner, name, wrap(function))
        self._undo.append(lambda: setattr(owner, name, function) if own else delattr(owner, name))

    # ---- PyTorch ----

    def _watch_torch(self, torch):
        """Watch the modules that are called, and the losses."""
        if isinstance(self.model, torch.nn.Module):
            for path, module in self.model.named_modules():
                self._weight(torch, module, path)
        hooks = torch.nn.modules.module
        before = hooks.register_module_forward_pre_hook(
            lambda module, args: self._before(torch, module, args)
        )
        self._undo.append(before.remove)
        after = hooks.register_module_forward_hook(
            lambda module, args, output: self._after(torch, module, output)
        )
        self._undo.append(after.remove)

        def loss(function):
            def watched(input, target, *args, **kwargs):
                self._broadcast(f"The loss {function.__name__}", _shape(input), _shape(target))
                return function(input, target, *args, **kwargs)

            return watched

        for name in LOSSES:
            self._put(torch.nn.functional, name, loss)

        def difference(function):
            def __sub__(one, other):
                learns = isinstance(other, torch.Tensor) and (one.requires_grad or other.requires_grad)
                if learns and one._base is not other and other._base is not one:
                    self._broadcast("A difference", _shape(one), _shape(other))
                return function(one, other)

            return __sub__

        self._put(torch.Tensor, "__sub__", difference)

    def _before(self, torch, module, args):
        """Look at a module that is called. A hook that returns nothing changes nothing."""
        try:
            self._weight(torch, module, None)
            if type(module) is torch.nn.Linear and args and isinstance(args[0], torch.Tensor):
                shape = _shape(args[0])
                if self._is_image(shape, module.in_features):
                    self._say(
                        ("linear", id(module)),
                        f"A Linear({module.in_features}, {module.out_features}) works on the last axis of "
                        f"{shape}, which is an image's width: flatten it, or put the features last.",
                    )
        except Exception:
            return

    def _after(self, torch, module, output):
        """Remember the shapes that layers for images give."""
        kinds = (
            torch.nn.modules.conv._ConvNd, torch.nn.modules.pooling._MaxPoolNd,
            torch.nn.modules.pooling._AvgPoolNd, torch.nn.modules.batchnorm._BatchNorm,
            torch.nn.modules.pooling._AdaptiveAvgPoolNd,
        )  # fmt: skip
        if isinstance(module, kinds) and isinstance(output, torch.Tensor) and output.dim() == 4:
            self._conv_shapes[_shape(output)] = True
            if len(self._conv_shapes) > 1000:
                self._conv_shapes.pop(next(iter(self._conv_shapes)))

    def _is_image(self, shape, features):
        """Whether a shape is that of a batch of images, channels first."""
        if len(shape) != 4 or shape[3] != features or shape[3] < 2:
            return False
        return shape in self._conv_shapes or (shape[1] in (1, 3) and min(shape[2:]) >= LEAST_SIDE)

    def _weight(self, torch, module, path):
        """Compare a layer's weight with what its repr says."""
        nn, kind = torch.nn, type(module)
        own = vars(module).get("_parameters") or {}
        weight = own.get("weight")
        if weight is None or not weight.numel() or getattr(nn, kind.__name__, None) is not kind:
            return
        if isinstance(weight, nn.parameter.UninitializedParameter):
            return
        expected = None
        if kind is nn.Linear:
            expected = (module.out_features, module.in_features)
        elif isinstance(module, nn.modules.conv._ConvNd) and not isinstance(
            module, nn.modules.lazy.LazyModuleMixin
        ):
            ends = (module.out_channels, module.in_channels // module.groups)
            if module.transposed:
                ends = (module.in_channels, module.out_channels // module.groups)
            expected = (*ends, *module.kernel_size)
        elif kind is nn.Embedding:
            expected = (module.num_embeddings, module.embedding_dim)
        elif isinstance(module, nn.modules.batchnorm._BatchNorm):
            expected = (module.num_features,)
        shape = tuple(weight.shape)
        if expected is not None and len(shape) == len(expected) and shape != expected:
            name = f"{path}: " if path else ""
            self._say(
                ("weight", id(module)),
                f"{name}{kind.__name__}({module.extra_repr()}) has a weight of {shape}, which was replaced: "
                f"its settings say {expected}.",
            )

    def _broadcast(self, what, one, other):
        """Say that (N, 1) meets (N,)."""
        for first, second in ((one, other), (other, one)):
            if (
                len(first) == 2
                and first[1] == 1
                and len(second) == 1
                and first[0] == second[0]
                and first[0]
                and first[0] > 1
            ):
                self._say(
                    "broadcast",
                    f"{what} broadcasts {one} against {other} to ({first[0]}, {first[0]}), each with each: "
                    "give both the same shape.",
                )

    # ---- TensorFlow and Keras ----

    def _watch_tensorflow(self, tf):
        """Watch functional convolutions, and differences."""

        def convolution(function):
            def watched(*args, **kwargs):
                if is_reader(sys._getframe(1).f_code.co_filename):
                    with contextlib.suppress(Exception):
                        self._groups(function.__name__.removesuffix("_v2"), args, kwargs)
                return function(*args, **kwargs)

            return watched

        for name in CONVOLUTIONS:
            self._put(tf.nn, name, convolution)
        keras = sys.modules.get("keras")
        if keras is not None and hasattr(keras, "ops"):
            self._put(keras.ops, "conv", convolution)

        def difference(function):
            def watched(one, other, *args, **kwargs):
                if is_reader(sys._getframe(1).f_code.co_filename) and one is not other:
                    self._broadcast("A difference", _shape(one), _shape(other))
                return function(one, other, *args, **kwargs)

            return watched

        self._put(tf.math, "squared_difference", difference)
        self._put(tf.Tensor, "__sub__", difference)

    def _groups(self, name, args, kwargs):
        """Look at a convolution's channels."""
        given = [*args[:2]]
        given += [kwargs[key] for key in ("input", "inputs", "filters", "kernel") if key in kwargs][
            : 2 - len(given)
        ]
        x, weight = (_shape(each) for each in given)
        layout = str(kwargs.get("data_format") or "")
        channels = x[1] if layout.startswith("NC") or layout == "channels_first" else x[-1]
        each = weight[-2]
        if channels and each and channels != each and channels % each == 0:
            self._say(
                "groups",
                f"{name} of {x} with a filter for {each} channels infers {channels // each} groups: "
                f"make the filter for {channels} channels, unless groups are meant.",
            )

    def _watch_keras(self, keras):
        """Watch convolutions that build themselves."""
        kind = next((each for each in keras.layers.Conv2D.__mro__ if "build" in vars(each)), None)
        if kind is None:
            return

        def build(function):
            def watched(layer, input_shape, *args, **kwargs):
                with contextlib.suppress(Exception):
                    self._built(layer, tuple(input_shape))
                return function(layer, input_shape, *args, **kwargs)

            return watched

        self._put(kind, "build", build)

    def _built(self, layer, shape):
        """Look at the batch that a layer builds itself for."""
        if len(shape) != 4 or getattr(layer, "data_format", "") != "channels_last" or None in shape[1:]:
            return
        _, channels, height, width = shape
        square = height == width >= LEAST_SIDE and channels < height
        if (square and (channels in (1, 3) or height >= 4 * LEAST_SIDE)) or (
            channels == 3 and min(height, width) >= 2 * LEAST_SIDE
        ):
            self._say(
                ("nchw", layer.name),
                f"{type(layer).__name__} '{layer.name}' builds itself for {width} channels"
                f" from a batch {shape}: "
                f"the channels seem to be on axis 1. Transpose it to {(shape[0], height, width, channels)}.",
            )


def _shape(value):
    """Return the shape of a tensor as a tuple, an empty one where it has none."""
    shape = getattr(value, "shape", None)
    if shape is None:
        return ()
    try:
        return tuple(None if size is None else int(size) for size in shape)
    except (TypeError, ValueError):
        return ()


def _place():
    """Return the reader's line that runs, None where there is none."""
    frame = sys._getframe(2)
    while frame is not None:
        if is_reader(frame.f_code.co_filename):
            name = file_text(frame.f_code.co_filename).replace("\\", "/").rpartition("/")[2]
            return f"{name}, line {frame.f_lineno}"
        frame = frame.f_back
    return None
