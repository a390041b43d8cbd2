"""What a watch looks at in PyTorch: the losses, differences, and the layers that are called."""

import contextlib
import functools
import re
import sys
import weakref

from .broadcasts import joined, meet_each_with_each, shape_of
from .watched_lines import is_each_with_each

LOSSES = (
    "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "poisson_nll_loss", "kl_div", "soft_margin_loss",
    "hinge_embedding_loss",
)  # fmt: skip
WITH_WEIGHT = (
    "Linear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d",
    "Embedding", "EmbeddingBag", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "GroupNorm", "LayerNorm",
)  # fmt: skip
POOLING = ("MaxPool2d", "AvgPool2d")
LEAST_SIDE = 8  # of an image
LEAST_LONG_SIDE = 32  # of one that is no square
MOST_STEPS = 60  # back from a tensor to the convolution that made it
MOST_SHAPES = 1000
# Steps that give each value a new one in its own place.
IN_PLACE = re.compile(
    r"^(Relu|Gelu|Silu|Mish|Elu|LeakyRelu|PreluKernel|Prelu|Hardtanh|Hardswish|Hardsigmoid|Sigmoid|Tanh|Softplus|"
    r"Add|Sub|Mul|Div|NativeDropout|Dropout|FeatureDropout|Clone|Alias|ToCopy|Clamp|"
    r"NativeBatchNorm|CudnnBatchNorm|MiopenBatchNorm|NativeGroupNorm|MaxPool2DWithIndices|AvgPool2D|"
    r"AdaptiveAvgPool2D|AdaptiveMaxPool2D|UpsampleNearest2D|UpsampleBilinear2D)Backward\d*$"
)


def wrap(wrappers, say):
    """Wrap the losses, differences and layers of PyTorch, if it is there."""
    torch = sys.modules.get("torch")
    if "torch" in wrappers.frameworks or torch is None or not hasattr(torch, "nn"):
        return
    wrappers.frameworks.add("torch")
    busy = _busy(torch)
    for name in LOSSES:
        wrappers.put(torch.nn.functional, name, _loss(name, busy, say))
    for owner, name in (
        (torch.Tensor, "__sub__"), (torch.Tensor, "sub"), (torch.Tensor, "subtract"),
        (torch, "sub"), (torch, "subtract"),
    ):  # fmt: skip
        wrappers.put(owner, name, _difference(torch, busy, say))
    _pause_while_scripting(wrappers, torch)
    _Layers(torch, busy, say).wrap(wrappers)


def look_at_model(model, say):
    """Look at the weights of a model as it is."""
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "nn") and isinstance(model, torch.nn.Module):
        for path, module in model.named_modules():
            look_at_weight(torch, module, path, say)


def _busy(torch):
    """Return a function that says whether a compiler or a tracer runs the code: then nothing is looked at."""
    compiling = getattr(getattr(torch, "compiler", None), "is_compiling", bool)
    tracing = torch.jit.is_tracing

    def busy():
        return compiling() or tracing()

    return busy


def _pause_while_scripting(wrappers, torch):
    """Let TorchScript, which compiles the functions' source, see the functions themselves."""
    script = torch.jit.script

    def watched(*args, **kwargs):
        with wrappers.paused():
            return script(*args, **kwargs)

    wrappers.replace(torch.jit, "script", watched)


def _loss(name, busy, say):
    """Return what is done before a loss."""

    def look(input=None, target=None, *args, **kwargs):
        if busy():
            return
        with contextlib.suppress(Exception):
            one, other = shape_of(input), shape_of(target)
            if meet_each_with_each(one, other):
                say("broadcast", f"The loss {name} {joined(one, other)}.")

    return look


def _difference(torch, busy, say):
    """Return what is done before a difference. Only a prediction, which learns, and a target, which does not,
    may not meet each with each.
    """

    def look(one=None, other=None, *args, **kwargs):
        if busy() or not isinstance(other, torch.Tensor) or not isinstance(one, torch.Tensor):
            return
        if one.requires_grad is other.requires_grad:
            return
        with contextlib.suppress(Exception):
            shapes = shape_of(one), shape_of(other)
            if not meet_each_with_each(*shapes) or _same_memory(one, other):
                return
            column, row = (one, other) if one.dim() == 2 else (other, one)
            frame = sys._getframe(2)  # above this function and the wrapper
            if isinstance(row, torch.nn.Parameter) or isinstance(column, torch.nn.Parameter):
                return
            if column.requires_grad and column._base is not None and column._base.dim() == 1:
                return
            if not _is_state(row, frame) and not is_each_with_each(frame):
                say("broadcast", f"A difference {joined(*shapes)}.")

    return look


def _same_memory(one, other):
    """Whether two tensors are views of one."""
    address = one.untyped_storage().data_ptr()
    return address != 0 and address == other.untyped_storage().data_ptr()


def _is_state(tensor, frame):
    """Whether a tensor is a buffer of the module whose method runs."""
    owner = frame.f_locals.get("self")
    buffers = getattr(owner, "__dict__", {}).get("_buffers")
    return isinstance(buffers, dict) and any(each is tensor for each in buffers.values())


class _Layers:
    """Looks at PyTorch's own layers that are called, and remembers the shapes that those for images give."""

    def __init__(self, torch, busy, say):
        self.torch, self.busy, self.say = torch, busy, say
        self.shapes = {}

    def wrap(self, wrappers):
        """Wrap `forward` of the layers whose weight is known by their settings, and of pooling layers."""
        nn = self.torch.nn
        for name in WITH_WEIGHT:
            if name.startswith("Conv"):
                self.wrap_for_images(wrappers, getattr(nn, name))
            else:
                wrappers.put(getattr(nn, name), "forward", self.look)
        for name in POOLING:
            self.wrap_for_images(wrappers, getattr(nn, name))

    def wrap_for_images(self, wrappers, kind):
        """Wrap `forward` of a convolution or a pooling layer."""
        function = kind.forward

        @functools.wraps(function)
        def watched(module, *args, **kwargs):
            self.look(module, *args)
            output = function(module, *args, **kwargs)
            if not self.busy():
                with contextlib.suppress(Exception):
                    self.keep(module, output)
            return output

        wrappers.replace(kind, "forward", watched)

    def look(self, module, *args, **kwargs):
        """Look at a layer that is called."""
        if self.busy():
            return
        with contextlib.suppress(Exception):
            look_at_weight(self.torch, module, None, self.say)
            if type(module) is self.torch.nn.Linear and args:
                self.look_at_axis(module, args[0])

    def look_at_axis(self, linear, tensor):
        """Look at the axis that a Linear works on."""
        shape = shape_of(tensor)
        if len(shape) == 4 and shape[3] == linear.in_features > 1 and self.is_image(tensor, shape):
            self.say(
                ("linear", weakref.ref(linear)),
                f"A Linear({linear.in_features}, {linear.out_features}) works on the last axis of "
                f"{shape}, which is an image's width: flatten it, or put the features last.",
                once=True,
            )

    def keep(self, module, output):
        """Remember the shape of what a layer for images gives."""
        size = module.kernel_size
        sides = size if isinstance(size, tuple) else (size,)
        if output.dim() == 4 and min(sides) > 1 and len(self.shapes) < MOST_SHAPES:
            self.shapes[shape_of(output)] = True

    def is_image(self, tensor, shape):
        """Whether a tensor is a batch of images, or of maps, with the channels first."""
        if tensor.grad_fn is not None:
            return _comes_from_a_convolution(tensor.grad_fn)
        if shape in self.shapes and shape[1] != shape[3]:
            return True
        base = tensor._base
        if not tensor.is_contiguous() or (base is not None and shape_of(base)[1:] != shape[1:]):
            return False
        _, channels, height, width = shape
        if height == width:
            return channels in (1, 3) and height >= LEAST_SIDE
        return channels == 3 and min(height, width) >= LEAST_LONG_SIDE


def _comes_from_a_convolution(step):
    """Whether a tensor is what a convolution over both sides gave, without its axes having moved since."""
    waiting = [step]
    for _ in range(MOST_STEPS):
        if not waiting:
            return False
        step = waiting.pop()
        name = type(step).__name__
        if name.startswith("ConvolutionBackward"):
            if min(step._saved_weight.shape[2:]) > 1:
                return True
            waiting += [before for before, _ in step.next_functions[:1] if before is not None]
        elif IN_PLACE.match(name):
            waiting += [before for before, _ in step.next_functions if before is not None]
    return False


def look_at_weight(torch, module, path, say):
    """Compare a layer's weight with what its repr says."""
    weight = (vars(module).get("_parameters") or {}).get("weight")
    if weight is None or isinstance(weight, torch.nn.parameter.UninitializedParameter) or not weight.numel():
        return
    expected = _weight_of_settings(torch.nn, module)
    shape = shape_of(weight)
    if expected is not None and len(shape) == len(expected) and shape != expected:
        name = f"{path}: " if path else ""
        say(
            ("weight", weakref.ref(module)),
            f"{name}{type(module).__name__}({module.extra_repr()}) has a weight of {shape}, "
            f"which was replaced: its settings say {expected}.",
            once=True,
        )


def _weight_of_settings(nn, module):
    """Return the shape that a layer's settings give its weight, None for what is no layer of PyTorch."""
    kind = type(module)
    if kind.__name__ not in WITH_WEIGHT or getattr(nn, kind.__name__) is not kind:
        return None
    if kind is nn.Linear:
        return module.out_features, module.in_features
    if isinstance(module, nn.modules.conv._ConvNd):
        ends = module.out_channels, module.in_channels // module.groups
        if module.transposed:
            ends = module.in_channels, module.out_channels // module.groups
        return *ends, *module.kernel_size
    if kind in (nn.Embedding, nn.EmbeddingBag):
        return module.num_embeddings, module.embedding_dim
    if isinstance(module, nn.modules.batchnorm._NormBase):
        return (module.num_features,)
    if kind is nn.GroupNorm:
        return (module.num_channels,)
    if kind is nn.LayerNorm:
        return tuple(module.normalized_shape)
    return None
