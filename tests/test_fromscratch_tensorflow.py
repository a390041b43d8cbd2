"""fromscratch held to TensorFlow: values, gradients, 'same' padding at every stride, refusals."""

import importlib.util
import json
import warnings

import numpy as np
import pytest
from fromscratch_cases import FLOATS, SETTINGS, numbers, one_thread  # noqa: F401
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import fromscratch
from fromscratch import Adam, batch_norm, conv2d

if importlib.util.find_spec("tensorflow") is None:
    pytest.skip("tensorflow is not installed", allow_module_level=True)

from bookkit.frameworks import keras, tf

pytestmark = pytest.mark.usefixtures("one_thread")
NHWC, NCHW = (0, 2, 3, 1), (0, 3, 1, 2)
HWIO, OIHW = (2, 3, 1, 0), (3, 2, 0, 1)


def close(a, b, terms=500):
    """Sums of up to `terms` products of standard normal numbers, in the dtype of a."""
    b = np.asarray(b)
    assert a.shape == b.shape
    assert a.dtype == b.dtype
    if a.size:
        assert abs(a - b).max() <= terms * np.finfo(a.dtype).eps * max(1.0, float(abs(b).max()))


pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def layers(draw, depthwise=False):
    """(x in NCHW, weight in OIHW or a depthwise kernel, stride, dilation, padding in our words)."""
    dtype = draw(st.sampled_from(FLOATS))
    channels, out = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    # Where the stride is larger than the kernel, the gradients of TensorFlow 2.21 on a CPU have been seen to
    # overwrite foreign memory: the process dies. test_conv2d leaves them out; here such layers are not drawn.
    stride = draw(st.integers(1, min(kernel) if depthwise else 4))
    dilation = draw(pairs) if stride == 1 and not depthwise else (1, 1)
    padding = draw(st.sampled_from(["valid", "same_tensorflow", "same_tensorflow", draw(pairs)]))
    if depthwise and not isinstance(padding, str):
        padding = "valid"
    size = draw(st.tuples(st.integers(10, 14), st.integers(10, 14)))
    seed = draw(st.integers(0, 2**20))
    x = numbers((draw(st.integers(1, 2)), channels, *size), dtype, seed)
    shape = (*kernel, channels, out) if depthwise else (out, channels, *kernel)
    return x, numbers(shape, dtype, seed + 1), stride, dilation, padding


def tf_padding(padding):
    if isinstance(padding, str):
        return {"valid": "VALID", "same_tensorflow": "SAME"}[padding]
    return [[0, 0], [padding[0]] * 2, [padding[1]] * 2, [0, 0]]


@settings(SETTINGS, max_examples=300)
@given(layers())
def test_conv2d(arguments):
    x, weight, stride, dilation, padding = arguments
    x_tf, kernel = tf.constant(x.transpose(NHWC)), tf.constant(weight.transpose(HWIO))
    with tf.GradientTape() as tape:
        tape.watch([x_tf, kernel])
        expected = tf.nn.conv2d(x_tf, kernel, stride, tf_padding(padding), dilations=dilation)
        grad_y = numbers(expected.shape, x.dtype, 9)
        loss = tf.reduce_sum(expected * grad_y)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    close(conv2d(x, weight, **options), expected.numpy().transpose(NCHW))
    # On a CPU TensorFlow 2.21 has no gradient of a dilated convolution for every dtype.
    if dilation == (1, 1) and stride <= min(weight.shape[2:]):
        grad_x, grad_kernel = tape.gradient(loss, [x_tf, kernel])
        ours = fromscratch.conv2d_backward(grad_y.transpose(NCHW), x, weight, **options)
        close(ours[0], grad_x.numpy().transpose(NCHW))
        close(ours[1], grad_kernel.numpy().transpose(OIHW), 5000)


@settings(SETTINGS, max_examples=150)
@given(layers(depthwise=True))
def test_depthwise(arguments):
    x, kernel, stride, _, padding = arguments
    x_tf, kernel_tf = tf.constant(x.transpose(NHWC)), tf.constant(kernel)
    with tf.GradientTape() as tape:
        tape.watch([x_tf, kernel_tf])
        expected = tf.nn.depthwise_conv2d(x_tf, kernel_tf, (1, stride, stride, 1), tf_padding(padding))
        grad_y = numbers(expected.shape, x.dtype, 9)
        loss = tf.reduce_sum(expected * grad_y)
    height, width, channels, multiplier = kernel.shape
    weight = kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
    options = {"stride": stride, "padding": padding}
    close(fromscratch.depthwise_conv2d(x, weight, **options), expected.numpy().transpose(NCHW))
    grad_x, grad_kernel = tape.gradient(loss, [x_tf, kernel_tf])
    ours = fromscratch.depthwise_conv2d_backward(grad_y.transpose(NCHW), x, weight, **options)
    close(ours[0], grad_x.numpy().transpose(NCHW))
    ours_kernel = ours[1].reshape(channels, multiplier, height, width).transpose(2, 3, 0, 1)
    close(ours_kernel, grad_kernel.numpy(), 5000)


@settings(SETTINGS, max_examples=200)
@given(st.integers(1, 8), st.integers(1, 4), st.integers(1, 8))
def test_groups_are_what_tensorflow_infers(channels, per_group, out):
    """tf.nn.conv2d has no argument groups: it divides, and refuses what conv2d refuses with that number."""
    x, weight = numbers((1, channels, 5, 6), np.float32, 1), numbers((out, per_group, 3, 3), np.float32, 2)
    groups = max(channels // per_group, 1)
    try:
        expected = tf.nn.conv2d(x.transpose(NHWC), weight.transpose(HWIO), 1, "VALID")
    except (ValueError, tf.errors.InvalidArgumentError):
        with pytest.raises(fromscratch.ShapeMismatchError):
            conv2d(x, weight, groups=groups)
    else:
        close(conv2d(x, weight, groups=groups), expected.numpy().transpose(NCHW))


@settings(SETTINGS, max_examples=150)
@given(pairs, st.integers(1, 3), st.tuples(st.integers(2, 5), st.integers(2, 5)), st.sampled_from(FLOATS))
def test_transposed(kernel, stride, size, dtype):
    x, weight = numbers((2, 3, *size), dtype, 1), numbers((3, 2, *kernel), dtype, 2)
    y = fromscratch.conv_transpose2d(x, weight, stride=stride)
    # TensorFlow's kernel is (height, width, out, in).
    expected = tf.nn.conv2d_transpose(
        x.transpose(NHWC), weight.transpose(2, 3, 1, 0), np.array(y.shape)[[0, 2, 3, 1]], stride, "VALID"
    )
    close(y, expected.numpy().transpose(NCHW))


@settings(SETTINGS, max_examples=200)
@given(
    pairs,
    st.integers(1, 4),
    st.sampled_from(["valid", "same_tensorflow"]),
    st.tuples(st.integers(3, 9), st.integers(3, 9)),
    st.sampled_from(FLOATS),
)
def test_pooling(kernel, stride, padding, size, dtype):
    x = numbers((2, 2, *size), dtype, sum(size))
    for name, function, options in (
        ("max_pool2d", tf.nn.max_pool2d, {}),
        ("avg_pool2d", tf.nn.avg_pool2d, {"count_include_pad": False}),
    ):
        x_tf = tf.constant(x.transpose(NHWC))
        with tf.GradientTape() as tape:
            tape.watch(x_tf)
            expected = function(x_tf, kernel, stride, tf_padding(padding))
            grad_y = numbers(expected.shape, dtype, 9)
            loss = tf.reduce_sum(expected * grad_y)
        close(
            getattr(fromscratch, name)(x, kernel, stride, padding, **options),
            expected.numpy().transpose(NCHW),
        )
        grad = getattr(fromscratch, name + "_backward")(
            grad_y.transpose(NCHW), x, kernel, stride, padding, **options
        )
        close(grad, tape.gradient(loss, x_tf).numpy().transpose(NCHW))


@settings(SETTINGS, max_examples=100)
@given(st.integers(1, 5), st.integers(1, 5), st.sampled_from([1, 2, 3]), st.sampled_from(FLOATS))
def test_same_needs_no_room(height, width, stride, dtype):
    """'same' fits a kernel larger than the image, in TensorFlow and here."""
    x, weight = numbers((1, 1, height, width), dtype, 1), numbers((2, 1, 7, 4), dtype, 2)
    expected = tf.nn.conv2d(x.transpose(NHWC), weight.transpose(HWIO), stride, "SAME")
    close(conv2d(x, weight, stride=stride, padding="same_tensorflow"), expected.numpy().transpose(NCHW))


@settings(SETTINGS, max_examples=60)
@given(pairs, pairs, st.tuples(st.integers(4, 9), st.integers(4, 9)))
def test_same_in_both_frameworks_is_one_at_stride_1_only(kernel, stride, size):
    x, weight = numbers((1, 1, *size)), numbers((1, 1, *kernel))
    same = conv2d(x, weight, padding="same")
    np.testing.assert_array_equal(same, conv2d(x, weight, padding="same_tensorflow"))
    strided = conv2d(x, weight, stride=stride, padding="same_tensorflow")
    assert strided.shape[2:] == tuple(-(-n // s) for n, s in zip(size, stride, strict=True))
    assume(stride != (1, 1))
    with pytest.raises(ValueError, match="same_tensorflow"):
        conv2d(x, weight, stride=stride, padding="same")


@pytest.mark.parametrize("dtype", FLOATS)
def test_relu_linear_and_loss(dtype):
    x, weight, bias = numbers((4, 5), dtype, 1), numbers((3, 5), dtype, 2), numbers(3, dtype, 3)
    labels = np.array([0, 2, 2, 1])
    variables = [tf.constant(a) for a in (x, weight, bias)]
    with tf.GradientTape() as tape:
        tape.watch(variables)
        scores = tf.matmul(tf.nn.relu(variables[0]), variables[1], transpose_b=True) + variables[2]
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, scores))
    hidden = fromscratch.relu(x)
    ours = fromscratch.linear(hidden, weight, bias)
    close(np.asarray(fromscratch.softmax_cross_entropy(ours, labels)), loss)
    grad = fromscratch.softmax_cross_entropy_backward(ours, labels)
    grad_hidden, grad_weight, grad_bias = fromscratch.linear_backward(grad, hidden, weight)
    grads = fromscratch.relu_backward(grad_hidden, x), grad_weight, grad_bias
    for mine, theirs in zip(grads, tape.gradient(loss, variables), strict=True):
        close(mine, theirs)


@pytest.mark.parametrize("dtype", FLOATS)
def test_batch_norm_is_keras_with_the_other_momentum(dtype):
    """Keras' momentum is the share that stays, and its variance is not corrected."""
    x = numbers((4, 3, 5, 6), dtype, 1)
    layer = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-3, dtype=np.dtype(dtype).name)
    expected = layer(x.transpose(NHWC), training=True)
    mean, var = np.zeros(3, dtype), np.ones(3, dtype)
    ones, zeros = np.ones(3, dtype), np.zeros(3, dtype)
    y = batch_norm(x, mean, var, ones, zeros, training=True, momentum=0.1, eps=1e-3)
    close(y, np.asarray(expected).transpose(NCHW), 5000)
    close(mean, np.asarray(layer.moving_mean), 5000)
    count = x.size // 3
    biased = 0.9 + (var - 0.9) * (count - 1) / count
    close(biased.astype(dtype), np.asarray(layer.moving_variance), 5000)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        # Keras keeps these numbers in float32: halves and quarters lose nothing there.
        (lambda: fromscratch.SGD(0.125), lambda: keras.optimizers.SGD(0.125)),
        (lambda: fromscratch.SGD(0.125, 0.75), lambda: keras.optimizers.SGD(0.125, momentum=0.75)),
        # eps enters at another place in Keras; where it is next to nothing the two agree.
        (
            lambda: Adam(0.125, (0.5, 0.75), eps=1e-30),
            lambda: keras.optimizers.Adam(0.125, beta_1=0.5, beta_2=0.75, epsilon=1e-30),
        ),
    ],
)
def test_optimisers(ours, theirs):
    parameter = numbers((3, 2), np.float64, 1)
    variable = keras.Variable(parameter, dtype="float64")
    mine, optimiser = ours(), theirs()
    optimiser.build([variable])
    for step in range(10):
        gradient = numbers((3, 2), np.float64, 10 + step)
        mine.step({"p": parameter}, {"p": gradient})
        optimiser.apply([tf.constant(gradient)])
        np.testing.assert_allclose(parameter, np.asarray(variable), rtol=0, atol=1e-12)


def test_the_stored_reference_values_are_still_the_frameworks():
    import make_reference_values  # in tools/

    stored = json.loads(make_reference_values.TARGET.read_text())
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Using padding='same'", UserWarning)
        made = make_reference_values.make()
    assert make_reference_values.differences(stored, made) == []
    made["cases"]["linear"]["output"][0][0] += 1e-6  # the comparison can fail
    made["cases"].pop("relu")
    assert make_reference_values.differences(stored, made) == ["relu", "linear"]
