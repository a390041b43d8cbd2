"""The rest of fromscratch held to PyTorch: gradients, and every layer's values and refusals."""

import numpy as np
import pytest
from fromscratch_cases import (
    FLOATS,
    SETTINGS,
    conv2d_by,
    conv_arguments,
    loose_conv_arguments,
    numbers,
    one_or_pair,
    one_thread,  # noqa: F401
    pool_arguments,
    transposed_arguments,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import fromscratch
from fromscratch import SGD, Adam, fast
from fromscratch.checks.shapes import check_conv2d
from fromscratch.conv.backward import input_gradient, weight_gradient

torch = pytest.importorskip("torch")
F = torch.nn.functional
pytestmark = [
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.filterwarnings("ignore:Using padding='same'"),
]
TORCH_REFUSES = (RuntimeError, TypeError, ValueError, IndexError)


def close(a, b, terms=500):
    """Sums of up to `terms` products of standard normal numbers, in the dtype of a."""
    b = b.detach().numpy() if isinstance(b, torch.Tensor) else b
    assert a.shape == b.shape
    assert a.dtype == b.dtype
    if a.size:
        largest = max(1.0, float(abs(b).max()))
        assert abs(a - b).max() <= terms * np.finfo(a.dtype).eps * largest


def tensors(operands):
    return [None if a is None else torch.tensor(a, requires_grad=True) for a in operands]


def both_ways(name, operands, torch_function, **options):
    """Compare values and gradients; returns what torch returned."""
    theirs = tensors(operands)
    expected = torch_function(*theirs)
    y = getattr(fromscratch, name)(*operands, **options)
    close(y, expected)
    grad_y = numbers(y.shape, y.dtype, 9)
    expected.backward(torch.tensor(grad_y))
    grads = getattr(fromscratch, name + "_backward")(grad_y, *operands[:2], **options)
    grads = grads if isinstance(grads, tuple) else (grads,)
    for grad, tensor in zip(grads, theirs, strict=True):
        if tensor is not None:
            close(grad, tensor.grad, 5000)  # a weight's gradient adds up over the batch and all pixels


@settings(SETTINGS, max_examples=500)
@given(conv_arguments())
def test_conv2d_gradients(arguments):
    x, weight, bias, options = arguments
    both_ways("conv2d", (x, weight, bias), lambda *t: F.conv2d(*t, **options), **options)


@pytest.mark.parametrize("cache", [1, 3000, 100000])
@settings(SETTINGS, max_examples=100)
@given(conv_arguments())
def test_conv2d_gradients_in_strips(cache, arguments):
    """Cut into strips of one row of one image, of a few rows, of a few images."""
    x, weight, _, options = arguments
    x = x if x.ndim == 4 else x[None]
    theirs = tensors((x, weight))
    expected = F.conv2d(*theirs, **options)
    grad_y = numbers(tuple(expected.shape), x.dtype, 9)
    expected.backward(torch.tensor(grad_y))
    settings = {"stride": 1, "padding": 0, "dilation": 1, **options}
    window, groups = check_conv2d("conv2d", x, weight, None, **settings)
    close(input_gradient(grad_y, weight, window, groups, x.shape[2:], cache), theirs[0].grad, 5000)
    close(weight_gradient(grad_y, x, weight.shape, window, groups, cache), theirs[1].grad, 5000)


@settings(SETTINGS, max_examples=400)
@given(transposed_arguments())
def test_conv_transpose2d(arguments):
    x, weight, bias, options = arguments
    both_ways("conv_transpose2d", (x, weight, bias), lambda *t: F.conv_transpose2d(*t, **options), **options)


@settings(SETTINGS, max_examples=600)
@given(loose_conv_arguments(), st.integers(-1, 3), st.booleans())
def test_conv_transpose2d_refuses_what_torch_refuses(arguments, output_padding, swap):
    x, weight, bias, options = arguments
    options["output_padding"] = output_padding
    if swap and weight.ndim == 4 and x.ndim >= 3:  # mostly let the channels agree
        weight = numbers((x.shape[-3], *weight.shape[1:]), np.float32)
    if bias is not None and bias.ndim == 1 and weight.ndim == 4 and isinstance(options["groups"], int):
        bias = numbers(weight.shape[1] * max(options["groups"], 0), np.float32)
    try:
        expected = F.conv_transpose2d(
            *(t if t is None else t.detach() for t in tensors((x, weight, bias))), **options
        )
    except TORCH_REFUSES:
        with pytest.raises((TypeError, ValueError)):
            fromscratch.conv_transpose2d(x, weight, bias, **options)
    else:
        close(fromscratch.conv_transpose2d(x, weight, bias, **options), expected)


@pytest.mark.parametrize("multiplier", [1, 2, 3])
@pytest.mark.parametrize(
    "options", [{}, {"stride": 2, "padding": 1}, {"dilation": (2, 1), "padding": "same"}]
)
def test_depthwise(multiplier, options):
    operands = numbers((2, 3, 9, 8)), numbers((3 * multiplier, 1, 3, 2)), numbers(3 * multiplier)
    both_ways("depthwise_conv2d", operands, lambda *t: F.conv2d(*t, groups=3, **options), **options)


@settings(SETTINGS, max_examples=400)
@given(pool_arguments(dtypes=FLOATS), st.booleans(), st.booleans())
def test_pooling(arguments, ties, count):
    x, options = arguments
    x = np.round(x) if ties else x  # many equal numbers: the same one wins
    both_ways("max_pool2d", (x,), lambda t: F.max_pool2d(t, **options), **options)
    options.pop("dilation", None)
    both_ways("avg_pool2d", (x,), lambda t: F.avg_pool2d(t, **options, count_include_pad=count),
              **options, count_include_pad=count)  # fmt: skip


@settings(SETTINGS, max_examples=500)
@given(
    st.lists(st.integers(0, 6), min_size=2, max_size=5),
    one_or_pair(st.integers(0, 4)),
    st.none() | one_or_pair(st.integers(0, 3)),
    one_or_pair(st.integers(-1, 2)),
    one_or_pair(st.integers(0, 2)),
)
def test_pooling_refuses_what_torch_refuses(shape, kernel, stride, padding, dilation):
    x = numbers(shape, np.float32)
    for name, options in (
        ("max_pool2d", {"stride": stride, "padding": padding, "dilation": dilation}),
        ("avg_pool2d", {"stride": stride, "padding": padding}),
    ):
        try:
            expected = getattr(F, name)(torch.tensor(x), kernel, **options)
        except TORCH_REFUSES:
            with pytest.raises((TypeError, ValueError)):
                getattr(fromscratch, name)(x, kernel, **options)
        else:
            close(getattr(fromscratch, name)(x, kernel, **options), expected)


def test_max_pool2d_passes_on_nan():
    x = numbers((1, 1, 4, 4))
    x[0, 0, 1, 2] = np.nan
    x[0, 0, 2, 0] = x[0, 0, 2, 1] = np.nan
    t = torch.tensor(x, requires_grad=True)
    y = F.max_pool2d(t, 2)
    y.sum().backward()
    np.testing.assert_array_equal(fromscratch.max_pool2d(x, 2), y.detach().numpy())
    grad = fromscratch.max_pool2d_backward(np.ones((1, 1, 2, 2)), x, 2)
    np.testing.assert_array_equal(grad, t.grad.numpy())


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (3, 4, 5), (0, 3, 4, 5)])
def test_layers_without_parameters(shape, dtype):
    x = numbers(shape, dtype)
    both_ways("relu", (np.round(x),), F.relu)
    both_ways("global_avg_pool2d", (x,), lambda t: t.mean(dim=(-2, -1)))
    both_ways("flatten", (x,), lambda t: torch.flatten(t, 1))


@settings(SETTINGS, max_examples=200)
@given(st.lists(st.integers(1, 4), max_size=3), st.integers(0, 5), st.integers(0, 5), st.sampled_from(FLOATS))
def test_linear_gradients(front, features, out, dtype):
    operands = (
        numbers((*front, features), dtype, 1),
        numbers((out, features), dtype, 2),
        numbers(out, dtype, 3),
    )
    both_ways("linear", operands, F.linear)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("shape", [(2, 3), (5, 3, 4), (2, 3, 4, 5), (1, 3, 1, 2)])
def test_batch_norm(shape, dtype):
    operands = x, weight, bias = numbers(shape, dtype, 1), numbers(3, dtype, 2), numbers(3, dtype, 3)
    mean, var = numbers(3, dtype, 4), abs(numbers(3, dtype, 5))
    their_mean, their_var = torch.tensor(mean), torch.tensor(var)
    theirs = tensors(operands)
    for step in range(3):
        momentum = (0.1, 0.7, 1.0)[step]
        expected = F.batch_norm(
            theirs[0], their_mean, their_var, *theirs[1:], training=True, momentum=momentum
        )
        y = fromscratch.batch_norm(x, mean, var, weight, bias, training=True, momentum=momentum)
        close(y, expected, 5000)
        close(mean, their_mean)
        close(var, their_var)
    grad_y = numbers(shape, dtype, 9)
    expected.backward(torch.tensor(grad_y))
    for grad, tensor in zip(fromscratch.batch_norm_backward(grad_y, x, weight), theirs, strict=True):
        close(grad, tensor.grad, 50000)  # two values of a channel may be close: their variance divides
    close(
        fromscratch.batch_norm(x, mean, var, weight, bias),
        F.batch_norm(theirs[0], their_mean, their_var, *theirs[1:]),
    )


@settings(SETTINGS, max_examples=200)
@given(
    st.integers(1, 6),
    st.integers(1, 6),
    st.sampled_from(FLOATS),
    st.integers(0, 99),
    st.sampled_from([1, 100]),
)
def test_softmax_cross_entropy(batch, classes, dtype, seed, scale):
    scores = numbers((batch, classes), dtype, seed) * scale
    labels = np.random.default_rng(seed).integers(0, classes, batch)
    theirs = torch.tensor(scores, requires_grad=True)
    expected = F.cross_entropy(theirs, torch.tensor(labels))
    expected.backward()
    loss = fromscratch.softmax_cross_entropy(scores, labels)
    assert loss.dtype == dtype
    close(np.asarray(loss), expected)
    close(fromscratch.softmax_cross_entropy_backward(scores, labels), theirs.grad)
    close(fromscratch.softmax(scores), torch.softmax(theirs, -1))


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(
    ("ours", "options"),
    [
        (SGD, {"learning_rate": 0.1}),
        (SGD, {"learning_rate": 0.05, "momentum": 0.9}),
        (Adam, {}),
        (Adam, {"learning_rate": 0.01, "betas": (0.5, 0.9), "eps": 1e-3}),
    ],
)
def test_optimisers(ours, options, dtype):
    theirs = {"lr" if key == "learning_rate" else key: value for key, value in options.items()}
    theirs.setdefault("lr", 0.001)
    parameters = {"a": numbers((3, 2), dtype, 1), "b": numbers(4, dtype, 2)}
    tensor = {key: torch.tensor(value) for key, value in parameters.items()}
    mine, optimiser = ours(**options), getattr(torch.optim, ours.__name__)(tensor.values(), **theirs)
    for step in range(25):
        gradients = {key: numbers(value.shape, dtype, 10 + step) for key, value in parameters.items()}
        mine.step(parameters, gradients)
        for key, value in tensor.items():
            value.grad = torch.tensor(gradients[key])
        optimiser.step()
        for key, value in tensor.items():
            close(parameters[key], value)


# Winograd's way


@settings(SETTINGS, max_examples=150)
@given(
    st.integers(8, 40),
    st.integers(8, 20),
    st.integers(28, 45),
    st.sampled_from([28, 33, 47, 64, 101]),
    st.sampled_from([0, 1, (0, 2), "same", "valid"]),
    st.sampled_from(FLOATS),
    st.integers(0, 2),
    st.booleans(),
)
def test_winograd_where_it_applies(channels, out, height, width, padding, dtype, batch, with_bias):
    x, weight = (
        numbers((batch, channels, height + 2, width + 2), dtype, 1),
        numbers((out, channels, 3, 3), dtype, 2),
    )
    weight /= 3 * channels**0.5
    bias = numbers(out, dtype, 3) if with_bias else None
    y = conv2d_by("winograd", x, weight, bias, padding=padding)
    expected = F.conv2d(*(None if a is None else torch.tensor(a) for a in (x, weight, bias)), padding=padding)
    assert y.dtype == dtype and y.shape == tuple(expected.shape)
    if batch:
        exact = F.conv2d(
            *(None if a is None else torch.tensor(a).double() for a in (x, weight, bias)), padding=padding
        )
        limit = 1e-4 if dtype == np.float32 else 2e-13
        assert abs(y - exact.numpy()).max() < limit


@settings(SETTINGS, max_examples=400)
@given(conv_arguments())
def test_fast_conv2d_is_the_plain_one_elsewhere(arguments):
    x, weight, bias, options = arguments
    np.testing.assert_array_equal(
        fast.conv2d(x, weight, bias, **options), fromscratch.conv2d(x, weight, bias, **options)
    )


@settings(SETTINGS, max_examples=500)
@given(loose_conv_arguments())
def test_fast_conv2d_refuses_with_the_same_words(arguments):
    x, weight, bias, options = arguments
    try:
        expected = fromscratch.conv2d(x, weight, bias, **options)
    except (TypeError, ValueError) as error:
        with pytest.raises(type(error)) as caught:
            fast.conv2d(x, weight, bias, **options)
        assert str(caught.value) == str(error)
    else:
        np.testing.assert_array_equal(fast.conv2d(x, weight, bias, **options), expected)


def test_a_network_learns_the_same_as_in_torch():
    """Convolution, batch normalisation, ReLU, max pooling and a linear layer: thirty steps, loss by loss."""
    fs, rng = fromscratch, np.random.default_rng(0)
    labels = rng.integers(0, 3, 12)
    x = rng.standard_normal((12, 1, 8, 8)) + labels[:, None, None, None] * np.linspace(-1, 1, 8)
    parameters = {
        "weight": rng.standard_normal((4, 1, 3, 3)) / 3,
        "bias": np.zeros(4),
        "scale": np.ones(4),
        "shift": np.zeros(4),
        "matrix": rng.standard_normal((3, 36)) / 6,
        "offset": np.zeros(3),
    }
    theirs = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    mine, optimiser = SGD(0.1, momentum=0.9), torch.optim.SGD(theirs.values(), lr=0.1, momentum=0.9)
    mean, var = np.zeros(4), np.ones(4)
    losses = []
    for _ in range(30):
        p = parameters
        hidden = fs.conv2d(x, p["weight"], p["bias"])
        normal = fs.batch_norm(hidden, mean, var, p["scale"], p["shift"], training=True)
        active = fs.relu(normal)
        pooled = fs.max_pool2d(active, 2)
        flat = fs.flatten(pooled)
        scores = fs.linear(flat, p["matrix"], p["offset"])
        losses.append(float(fs.softmax_cross_entropy(scores, labels)))

        gradients = {}
        grad = fs.softmax_cross_entropy_backward(scores, labels)
        grad, gradients["matrix"], gradients["offset"] = fs.linear_backward(grad, flat, p["matrix"])
        grad = fs.max_pool2d_backward(fs.flatten_backward(grad, pooled), active, 2)
        grad = fs.relu_backward(grad, normal)
        grad, gradients["scale"], gradients["shift"] = fs.batch_norm_backward(grad, hidden, p["scale"])
        _, gradients["weight"], gradients["bias"] = fs.conv2d_backward(grad, x, p["weight"])
        mine.step(parameters, gradients)

        optimiser.zero_grad()
        hidden = F.conv2d(torch.tensor(x), theirs["weight"], theirs["bias"])
        normal = F.batch_norm(hidden, None, None, theirs["scale"], theirs["shift"], training=True)
        flat = torch.flatten(F.max_pool2d(F.relu(normal), 2), 1)
        loss = F.cross_entropy(F.linear(flat, theirs["matrix"], theirs["offset"]), torch.tensor(labels))
        loss.backward()
        optimiser.step()
        assert abs(losses[-1] - loss.item()) < 1e-9
    assert losses[-1] < 0.2 * losses[0]
