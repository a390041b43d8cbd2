"""What a watch looks at in TensorFlow and Keras: convolutions by functions, differences, and convolution
layers that build themselves.
"""

import contextlib
import functools
import sys
import threading
import weakref

from .broadcasts import joined, meet_each_with_each, shape_of
from .watched_lines import is_each_with_each, line_above

CONVOLUTIONS = ("conv1d", "conv2d", "conv3d", "convolution")
RAW_CONVOLUTIONS = ("Conv2D", "Conv3D")
FIRST, SECOND = ("input", "inputs"), ("filters", "filter", "kernel")
DATA_FORMAT_AT = 4  # among the arguments of each
LAYERS = ("Conv2D", "Conv2DTranspose", "SeparableConv2D", "DepthwiseConv2D")
LEAST_SIDE = 8  # of an image
MOST_STEPS = 200  # back from a symbolic tensor


def wrap(wrappers, say):
    """Wrap what is watched in TensorFlow and Keras, if they are there."""
    tf, keras = sys.modules.get("tensorflow"), sys.modules.get("keras")
    if "tensorflow" not in wrappers.frameworks and tf is not None and hasattr(tf, "nn"):
        wrappers.frameworks.add("tensorflow")
        for name in CONVOLUTIONS:
            wrappers.put(tf.nn, name, _convolution(name, say))
        for name in RAW_CONVOLUTIONS:
            wrappers.put(tf.raw_ops, name, _convolution(name, say))
        difference = _difference(tf, say)
        for owner in (tf, tf.math):
            wrappers.put(owner, "subtract", difference)
        wrappers.put(tf.math, "squared_difference", difference)
        for name in ("__sub__", "__rsub__"):
            wrappers.put(tf.Tensor, name, difference)
    if "keras" not in wrappers.frameworks and keras is not None and hasattr(keras, "layers"):
        wrappers.frameworks.add("keras")
        if hasattr(keras, "ops"):
            wrappers.put(keras.ops, "conv", _convolution("conv", say))
            wrappers.put(keras.ops, "subtract", _difference(tf, say))
        if hasattr(keras, "KerasTensor"):
            wrappers.put(keras.KerasTensor, "__sub__", _difference(tf, say))
        _Layers(keras, say).wrap(wrappers)


def look_at_model(model, say):
    """Look at the first convolution of a model that is built."""
    keras = sys.modules.get("keras")
    if keras is None or not hasattr(keras, "layers") or not isinstance(model, keras.layers.Layer):
        return
    layer = first_of(model, _kinds(keras))
    if layer is not None and layer.built:
        shape = (layer.get_build_config() or {}).get("input_shape")
        look_at_build(layer, tuple(shape or ()), say)


def first_of(layer, kinds):
    """Return the first layer of some kinds in a layer, None where there is none."""
    if isinstance(layer, kinds):
        return layer
    inside = getattr(layer, "layers", None) or layer._layers
    return next(filter(None, (first_of(each, kinds) for each in inside)), None)


def _convolution(name, say):
    """Return what is done before a convolution by a function: only the reader's own call is looked at."""

    def look(*args, **kwargs):
        if line_above(sys._getframe(1)) is not None:
            with contextlib.suppress(Exception):
                look_at_groups(name, args, kwargs, say)

    return look


def look_at_groups(name, args, kwargs, say):
    """Look at a convolution's channels."""
    given = [
        args[at] if len(args) > at else next(kwargs[key] for key in keys if key in kwargs)
        for at, keys in enumerate((FIRST, SECOND))
    ]
    x, weight = (shape_of(each) for each in given)
    layout = args[DATA_FORMAT_AT] if len(args) > DATA_FORMAT_AT else kwargs.get("data_format")
    if layout is None and name == "conv":
        layout = sys.modules["keras"].config.image_data_format()
    channels = x[1] if str(layout).startswith("NC") or layout == "channels_first" else x[-1]
    each = weight[-2]
    if channels and each and channels != each and channels % each == 0:
        say(
            "groups",
            f"{name} of {x} with a filter for {each} channels infers {channels // each} groups: "
            f"make the filter for {channels} channels, unless groups are meant.",
        )


def _difference(tf, say):
    """Return what is done before a difference: only the reader's own is looked at."""

    def look(one=None, other=None, *args, **kwargs):
        one, other = kwargs.get("x", kwargs.get("x1", one)), kwargs.get("y", kwargs.get("x2", other))
        shapes = shape_of(one), shape_of(other)
        if not meet_each_with_each(*shapes) or one is other:
            return
        with contextlib.suppress(Exception):
            frame = line_above(sys._getframe(1))
            if frame is None or any(_is_variable(each) for each in (one, other)):
                return
            if not is_each_with_each(frame, columns_too=True):
                say("broadcast", f"A difference {joined(*shapes)}.")

    return look


def _is_variable(value):
    """Whether a value is what a model learns, and no prediction or target."""
    return any(kind.__name__ in ("Variable", "BaseResourceVariable") for kind in type(value).__mro__)


def _kinds(keras):
    """Return the classes of the layers that are looked at."""
    return tuple(getattr(keras.layers, name) for name in LAYERS if hasattr(keras.layers, name))


class _Layers:
    """Looks at the first convolution layer of a model when it has built itself. Later ones get maps, in
    which any number of channels may stand beside any width.
    """

    def __init__(self, keras, say):
        self.keras, self.say, self.kinds = keras, say, _kinds(keras)
        self.now = threading.local()
        self.maps = {}  # by number, weak references to what a convolution led to

    def wrap(self, wrappers):
        """Wrap the call of all layers."""
        function = self.keras.layers.Layer.__call__

        @functools.wraps(function)
        def watched(layer, *args, **kwargs):
            first = self.begin(layer, args)
            try:
                result = function(layer, *args, **kwargs)
            finally:
                self.now.depth -= 1
            with contextlib.suppress(Exception):
                if first:
                    look_at_build(layer, shape_of(args[0]), self.say)
                self.keep(layer, args, result)
            return result

        wrappers.replace(self.keras.layers.Layer, "__call__", watched)

    def begin(self, layer, args):
        """Note that a layer is called; return whether it is the first convolution and will build itself."""
        depth = getattr(self.now, "depth", 0)
        if not depth:
            self.now.met = False
        self.now.depth = depth + 1
        if not isinstance(layer, self.kinds):
            return False
        first, self.now.met = not self.now.met and not layer.built and bool(args), True
        with contextlib.suppress(Exception):
            return first and not self.is_map(args[0])
        return False

    def is_map(self, tensor):
        """Whether a tensor is what a convolution led to, as far as layers tell."""
        kept = self.maps.get(id(tensor))
        if kept is not None and kept() is tensor:
            return True
        waiting = [tensor]
        for _ in range(MOST_STEPS):
            if not waiting:
                return False
            operation, at, _ = getattr(waiting.pop(), "_keras_history", (None, 0, 0))
            if isinstance(operation, self.kinds):
                return True
            if operation is not None and at < len(operation._inbound_nodes):
                waiting += operation._inbound_nodes[at].input_tensors
        return False

    def keep(self, layer, args, result):
        """Remember what a convolution leads to, where layers are called one by one."""
        if self.now.depth or not args or not hasattr(result, "shape"):
            return
        if isinstance(layer, self.kinds) or self.now.met or self.is_map(args[0]):
            number = id(result)
            self.maps[number] = weakref.ref(result, lambda gone: self.maps.pop(number, None))


def look_at_build(layer, shape, say):
    """Look at the batch that a convolution layer has built itself for."""
    if len(shape) != 4 or getattr(layer, "data_format", "") != "channels_last" or None in shape[1:]:
        return
    batch, channels, height, width = shape
    square = height == width >= LEAST_SIDE and channels < height
    few = channels in (1, 3)
    if (square and (few or (height > 2 * channels and height >= 4 * LEAST_SIDE))) or (
        channels == 3 and min(height, width) >= 2 * LEAST_SIDE
    ):
        say(
            ("nchw", weakref.ref(layer)),
            f"{type(layer).__name__} '{layer.name}' builds itself for {width} channels from a batch {shape}: "
            f"the channels seem to be on axis 1. Transpose it to {(batch, height, width, channels)}.",
            once=True,
        )
