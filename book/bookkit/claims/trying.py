"""What the claims' cases share: images, layers, and the question whether a shape is refused.

The images are 7 high and 9 wide, where a document names no size of its own: no two axes are alike.
"""

import functools
import re

import numpy as np

import fromscratch
from bookkit import layouts
from bookkit.frameworks import F, keras, tf, torch
from bookkit.ledger import raises
from fromscratch import ShapeMismatchError, create_random_tensor

HEIGHT, WIDTH = 7, 9
COUNTS = range(1, 13)  # the numbers of channels that are offered

# The errors by which an implementation refuses a shape.
REFUSALS = {
    "NumPy": ShapeMismatchError,
    "PyTorch": (RuntimeError, ValueError),
    "Keras": (ValueError, tf.errors.InvalidArgumentError),
    "TensorFlow": tf.errors.InvalidArgumentError,
}


def register(claims, name, quote, text, **more):
    """Make of a function of an open claim one of the ledger, and keep it in `claims`."""

    def decorate(function):
        def check(ledger):
            claim = ledger.claim(name, quote, text, **more)
            function(claim)
            return claim

        claims[name] = check
        return function

    return decorate


def image(channels, height=HEIGHT, width=WIDTH):
    """Return a random image (1, channels, height, width): NCHW."""
    return create_random_tensor((1, channels, height, width))


def torch_image(channels, height=HEIGHT, width=WIDTH):
    """Return the same image as a PyTorch tensor: NCHW."""
    return torch.tensor(image(channels, height, width))


def tf_image(channels, height=HEIGHT, width=WIDTH):
    """Return the same image as a TensorFlow tensor: NHWC."""
    return tf.constant(layouts.nhwc(image(channels, height, width)))


def built(layer, channels):
    """Return a Keras layer, built for images of so many channels."""
    layer.build((None, HEIGHT, WIDTH, channels))
    return layer


def keras_convolution(weight, channels, groups):
    """Return a Keras layer without bias, built for `channels` channels, that has this weight (OIHW)."""
    layer = keras.layers.Conv2D(len(weight), weight.shape[2:], groups=groups, use_bias=False)
    built(layer, channels).set_weights([layouts.hwio(weight)])
    return layer


def refused(*numbers, **calls):
    """Return {implementation: whether its call refuses the shape it is given}.

    numbers: what the message of a refusal has to name. Raises AssertionError where it names something else.
    """
    return {name: refuses(name, call, numbers) for name, call in calls.items()}


def refuses(implementation, call, numbers=()):
    """Return whether `call()` raises the implementation's error about shapes."""
    try:
        call()
    except REFUSALS[implementation] as error:
        named = {int(number) for number in re.findall(r"\d+", str(error))}
        if not set(numbers) <= named:
            raise AssertionError(f"{implementation} refuses for a different reason: {error}") from error
        return True
    return False


def operations(weight, channels):
    """Return {implementation: a call of its bare operation}, which is given no groups.

    weight: OIHW. channels: of the image.
    """
    kernel = layouts.hwio(weight)
    return {
        "NumPy": lambda: fromscratch.convolve(image(channels), weight),
        "PyTorch": lambda: F.conv2d(torch_image(channels), torch.tensor(weight)),
        "Keras": lambda: keras.ops.conv(tf_image(channels), kernel),
        "TensorFlow": lambda: tf.nn.conv2d(tf_image(channels), kernel, 1, "VALID"),
    }


def accepted(**calls):
    """Return {implementation: whether its call runs}."""
    return {name: not answer for name, answer in refused(**calls).items()}


def taken(weight, groups):
    """Return {implementation: the numbers of channels, of 1 to 12, that a weight takes with so many groups}.

    weight: OIHW. A Keras layer makes its own kernel: a number is taken there if the layer, built for it,
    accepts the weight.
    """

    def in_numpy(count):
        fromscratch.conv2d(image(count), weight, groups=groups)

    def in_torch(count):
        F.conv2d(torch_image(count), torch.tensor(weight), groups=groups)

    def in_keras(count):
        keras_convolution(weight, count, groups)

    return {
        "NumPy": counts("NumPy", in_numpy),
        "PyTorch": counts("PyTorch", in_torch),
        "Keras": counts("Keras", in_keras),
    }


def counts(implementation, call):
    """Return the numbers of channels, of 1 to 12, for which `call(number)` runs."""
    kind = REFUSALS[implementation]
    return [count for count in COUNTS if not raises(kind, functools.partial(call, count))]


def listed(*takings):
    """Return {implementation: its numbers, one taking after the other}: `3, 6, 12`."""
    return {name: ", ".join(" or ".join(map(str, t[name])) or "none" for t in takings) for name in takings[0]}


def convolutions(weight, groups=1):
    """Return {implementation: a convolution with this weight}, from NCHW to NCHW as NumPy arrays."""
    layer = keras_convolution(weight, weight.shape[1] * groups, groups)
    return {
        "NumPy": lambda x: fromscratch.conv2d(x, weight, groups=groups),
        "PyTorch": lambda x: F.conv2d(torch.tensor(x), torch.tensor(weight), groups=groups).numpy(),
        "Keras": lambda x: layouts.nchw(layer(layouts.nhwc(x)).numpy()),
    }


def reads(convolution, channels):
    """Return which filter reads which channel, as an array [channel, filter] of bools.

    Each channel of an image is changed in turn; a filter reads it if its output changes.
    """
    before = convolution(image(channels))
    rows = []
    for channel in range(channels):
        x = image(channels)
        x[:, channel] += 1
        rows.append((np.abs(convolution(x) - before) > 1e-3).any(axis=(0, 2, 3)))
    return np.array(rows)
