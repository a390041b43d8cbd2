"""`fails`, `agree`, the layouts, `show_source`, and drawings of a framework's shapes."""

import inspect
import io
import re

import numpy as np
import pytest

import bookkit
from bookkit import agree, drawings, fails, hwio, nchw, nhwc, oihw, show_source
from bookkit.frameworks import keras, nn, tf, torch

RNG = np.random.default_rng(0)


def sample(*shape):
    """Return random float32 numbers, others in every call."""
    return RNG.standard_normal(shape).astype(np.float32)


# fails


def test_fails_prints_and_keeps_the_message(capsys):
    with fails(RuntimeError) as failure:
        nn.Conv2d(32, 64, 3)(torch.zeros(1, 64, 8, 8))
    expected = (
        "Given groups=1, weight of size [64, 32, 3, 3], expected input[1, 64, 8, 8] to have 32 channels, but "
        "got 64 channels instead"
    )
    assert failure.message == expected
    assert capsys.readouterr().out == f"RuntimeError: {expected}\n"


def test_fails_prints_the_type_that_was_raised(capsys):
    with fails(ArithmeticError, KeyError):
        _ = 1 / 0
    assert capsys.readouterr().out == "ZeroDivisionError: division by zero\n"


def test_fails_raises_when_nothing_was_raised(capsys):
    message = (
        r"^Expected RuntimeError or ValueError, but nothing was raised\. Did you change a number above\? "
    )
    with pytest.raises(AssertionError, match=message), fails(RuntimeError, ValueError) as failure:
        pass
    assert failure.message is None
    assert capsys.readouterr().out == ""


def test_fails_names_both_types_and_chains(capsys):
    message = "^Expected RuntimeError, but ValueError was raised: bad size$"
    with pytest.raises(AssertionError, match=message) as caught, fails(RuntimeError) as failure:
        raise ValueError("bad size")
    assert isinstance(caught.value.__cause__, ValueError)
    assert failure.message is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_fails_lets_an_interrupt_through(kind):
    with pytest.raises(kind), fails(RuntimeError):
        raise kind


def test_fails_strips_escape_codes(capsys):
    layer = keras.layers.Conv2D(4, 3, name="first")
    model = keras.Sequential([keras.Input((8, 8, 2)), layer])
    with pytest.raises(ValueError, match=re.escape("\x1b[1m")):
        model(np.zeros((1, 8, 8, 3), np.float32))
    with fails(ValueError) as failure:
        model(np.zeros((1, 8, 8, 3), np.float32))
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "expected axis -1 of input shape to have value 2" in failure.message
    assert printed == f"ValueError: {failure.message}\n"


def test_fails_normalises_the_operation(capsys):
    with fails(tf.errors.InvalidArgumentError) as failure:
        tf.nn.conv2d(np.zeros((1, 8, 8, 48), np.float32), np.zeros((3, 3, 32, 64), np.float32), 1, "VALID")
    assert failure.message == (
        "{{function_node __wrapped__Conv2D_device_...}} input depth must be evenly divisible by "
        "filter depth: 48 vs 32 [Op:Conv2D] name:"
    )
    assert capsys.readouterr().out == f"InvalidArgumentError: {failure.message}\n"


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        (
            "{{function_node __wrapped____MklNativeConv2D_device_/job:localhost/task:0/device:CPU:0}} a",
            "{{function_node __wrapped__Conv2D_device_...}} a",
        ),
        (
            "{{function_node __wrapped__Conv2D_device_/job:localhost/replica:0/task:0/device:CPU:0}} a",
            "{{function_node __wrapped__Conv2D_device_...}} a",
        ),
        (
            "{{function_node __wrapped____MklMatMul_device_/job:worker/replica:0/task:1/device:GPU:3}} b",
            "{{function_node __wrapped__MatMul_device_...}} b",
        ),
        (
            "{{function_node __wrapped__Pack_N_2_device_/job:localhost}} c",
            "{{function_node __wrapped__Pack_N_2_device_...}} c",
        ),
        ("[1, 64] {32} \x1b[1mbold\x1b[0m 3 vs 4 ", "[1, 64] {32} bold 3 vs 4"),
    ],
)
def test_fails_changes_nothing_else(raw, printed):
    with fails(ValueError) as failure:
        raise ValueError(raw)
    assert failure.message == printed


@pytest.mark.parametrize(
    ("types", "message"),
    [
        ((), "got nothing"),
        ((RuntimeError("x"),), "got RuntimeError"),
        ((int,), "got <class 'int'>"),
        ((KeyboardInterrupt,), "got <class 'KeyboardInterrupt'>"),
        ((RuntimeError, Exception), "would accept any failure"),
    ],
)
def test_fails_refuses(types, message):
    with pytest.raises(TypeError, match=message):
        fails(*types)


# agree


def test_agree_across_implementations(capsys):
    x, w = sample(1, 4, 8, 8), sample(6, 4, 3, 3)
    y_pt = nn.functional.conv2d(torch.from_numpy(x), torch.from_numpy(w))
    y_tf = tf.nn.conv2d(nhwc(x), hwio(w), 1, "VALID")
    agree(pytorch=(y_pt, "NCHW"), tensorflow=(y_tf, "NHWC"))
    assert capsys.readouterr().out == (
        "✓ pytorch and tensorflow agree: (1, 6, 6, 6) as NCHW, to 1e-05 of the largest value\n"
    )


def test_agree_without_layouts_and_with_three(capsys):
    a = sample(2, 3)
    agree(numpy=a, pytorch=torch.tensor(a), tensorflow=tf.constant(a), tolerance=1e-6)
    agree(numpy=a, copy=a.copy(), tolerance=0)
    assert capsys.readouterr().out.splitlines() == [
        "✓ numpy, pytorch and tensorflow agree: (2, 3), to 1e-06 of the largest value",
        "✓ numpy and copy agree: (2, 3), in every digit",
    ]


@pytest.mark.parametrize(
    "convert",
    [
        lambda a: a,
        lambda a: a.astype(np.float64),
        lambda a: np.asfortranarray(a).copy("F"),
        lambda a: torch.tensor(a, requires_grad=True),
        lambda a: nn.Parameter(torch.tensor(a)),
        lambda a: torch.tensor(a).double(),
        lambda a: torch.tensor(a) * torch.ones(3, requires_grad=True),
        tf.constant,
        tf.Variable,
        lambda a: keras.Variable(a),
        lambda a: tf.constant(a, tf.float64),
    ],
    ids=[
        "array",
        "double",
        "fortran",
        "leaf",
        "parameter",
        "torch double",
        "in a graph",
        "tf",
        "variable",
        "keras",
        "tf double",
    ],
)
def test_agree_takes(convert):
    a = sample(2, 3)
    agree(first=a.copy(), second=convert(a))
    other = a.copy()
    other[1, 2] += 1
    with pytest.raises(AssertionError, match=r"differ by 1 at index \(1, 2\)"):
        agree(first=other, second=convert(a))


@pytest.mark.parametrize("value", [np.float64(2.5), torch.tensor(2.5), tf.constant(2.5), np.array(2.5)])
def test_agree_takes_single_numbers_and_says_so(value, capsys):
    agree(a=np.array(2.5), b=value)
    assert capsys.readouterr().out.startswith("✓ a and b agree: one number, ")
    with pytest.raises(AssertionError, match=r"differ by 1, where a is 3.5 and b is 2.5"):
        agree(a=np.array(3.5), b=value)


def test_agree_takes_integers_and_small_floats():
    a = np.arange(6).reshape(2, 3)
    agree(a=a, b=a.astype(np.uint8), c=a.astype(np.float16), d=tf.cast(a, tf.bfloat16), tolerance=0)


@pytest.mark.parametrize("largest", [0.5, 1.0, 1000.0])
@pytest.mark.parametrize("tolerance", [1e-5, 1e-3])
def test_the_criterion_is_the_one_promised(largest, tolerance):
    """max|a - b| <= tolerance * max(1, max|a|), on both sides of the boundary."""
    a = np.array([largest, 0.0])
    bound = tolerance * max(1, largest)
    agree(a=a, b=a + np.array([0, 0.99 * bound]), tolerance=tolerance)
    with pytest.raises(AssertionError, match="differ by"):
        agree(a=a, b=a - np.array([0, 1.01 * bound]), tolerance=tolerance)


def test_agree_compares_each_source():
    a = sample(3)
    for wrong in range(1, 3):
        sources = [a.copy(), a.copy(), a.copy()]
        sources[wrong][0] += 0.5
        with pytest.raises(AssertionError, match=f"^s0 and s{wrong} differ by 0.5 at index"):
            agree(**{f"s{i}": source for i, source in enumerate(sources)})


def test_agree_permutes_every_source_to_the_first_layout(capsys):
    w = sample(6, 4, 3, 2)
    agree(tensorflow=(hwio(w), "HWIO"), pytorch=(w, "OIHW"), again=(hwio(w), "HWIO"), tolerance=0)
    assert "agree: (3, 2, 4, 6) as HWIO," in capsys.readouterr().out
    square = sample(1, 4, 4, 4)
    with pytest.raises(AssertionError, match="differ by"):
        agree(a=(square, "NCHW"), b=(square.copy(), "NHWC"))


def test_agree_works_in_double_precision():
    a = np.array([1.0, 2.0])
    with pytest.raises(AssertionError, match="differ by 1e-09"):
        agree(a=a, b=a + 1e-9, tolerance=1e-10)


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a,
        lambda a: a[:],
        lambda a: a.T,
        lambda a: a[::-1],
        lambda a: a.view(np.int32),
        torch.from_numpy,
        lambda a: torch.from_numpy(a).T,
        lambda a: torch.from_numpy(a).requires_grad_(),
        lambda a: nn.Parameter(torch.from_numpy(a)),
        lambda a: torch.from_numpy(a).numpy(),
    ],
    ids=[
        "itself",
        "slice",
        "transposed",
        "reversed",
        "as int",
        "torch",
        "torch transposed",
        "leaf",
        "parameter",
        "there and back",
    ],
)
def test_agree_refuses_shared_memory(view):
    a = sample(3, 3)
    with pytest.raises(
        ValueError, match="^one and other share memory, so that comparing them proves nothing"
    ):
        agree(one=a, other=view(a))


def test_agree_refuses_shared_memory_wherever_it_hides():
    x = sample(1, 2, 3, 4)
    t = torch.tensor(x)
    with pytest.raises(ValueError, match="^a and b share memory"):
        agree(a=(x, "NCHW"), b=(x.transpose(0, 2, 3, 1), "NHWC"))
    with pytest.raises(ValueError, match="^a and b share memory"):
        agree(a=(x, "NCHW"), b=(torch.from_numpy(x).permute(0, 2, 3, 1), "NHWC"))
    with pytest.raises(ValueError, match="^torch and view share memory"):
        agree(numpy=x, torch=t, view=t.numpy())
    with pytest.raises(ValueError, match="^torch and view share memory"):
        agree(numpy=x, torch=t, view=t.detach())
    eager = tf.constant(x)
    with pytest.raises(ValueError, match="^a and b share memory"):
        agree(a=eager, b=tf.reshape(tf.reshape(eager, (24,)), x.shape))
    with pytest.raises(ValueError, match="^a and b share memory"):
        agree(a=eager, b=np.asarray(eager))
    with pytest.raises(ValueError, match="^a and b share memory"):
        agree(a=eager, b=torch.from_dlpack(eager))
    variable, kernel = tf.Variable(x), keras.Variable(x)
    with pytest.raises(ValueError, match="^a and b share memory"):
        agree(a=variable, b=variable.value())
    with pytest.raises(ValueError, match="^a and b share memory"):
        agree(a=kernel, b=kernel.value)


def test_halves_of_one_array_do_not_share_memory():
    both = np.tile(sample(3), 2)
    agree(a=both[:3], b=both[3:], tolerance=0)
    mixed = np.repeat(sample(3), 2)
    agree(a=mixed[::2], b=mixed[1::2], tolerance=0)


A = np.ones((2, 3))


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({}, ValueError, "^agree.. expects at least two sources, got none; name another.$"),
        ({"numpy": A}, ValueError, "^agree.. expects at least two sources, got numpy; name another.$"),
        ({"a": A, "b": [[1.0]]}, TypeError, "^b expects a NumPy array or a tensor, got list; wrap it"),
        ({"a": A, "b": 1.0}, TypeError, "^b expects a NumPy array or a tensor, got float"),
        ({"a": A, "b": None}, TypeError, "^b expects a NumPy array or a tensor, got NoneType"),
        ({"a": A, "b": A * 1j}, TypeError, "^b expects real numbers, got complex128"),
        ({"a": A, "b": np.array(["x"])}, TypeError, "^b expects real numbers, got <U1"),
        ({"a": A, "b": np.array([None])}, TypeError, "^b expects real numbers, got object"),
        ({"a": A, "b": torch.zeros(2, 3, device="meta")}, TypeError, "^b is a Tensor that NumPy cannot read"),
        ({"a": A, "b": torch.ones(2, 3).to_sparse()}, TypeError, "^b is a Tensor that NumPy cannot read"),
        (
            {"a": A, "b": torch.ones(2, 3, dtype=torch.bfloat16)},
            TypeError,
            "^b is a Tensor that NumPy cannot read",
        ),
        ({"a": A, "b": nn.ReLU()}, TypeError, "^b is a ReLU that NumPy cannot read"),
        ({"a": A, "b": keras.layers.ReLU()}, TypeError, "^b is a ReLU that NumPy cannot read"),
        ({"a": A, "b": keras.Input((3,))}, TypeError, "^b is a KerasTensor that NumPy cannot read"),
        ({"a": A, "b": (A.copy(), "HW")}, ValueError, "^b named a layout and a did not; write"),
        (
            {"a": (A, "HW"), "b": A.copy(), "c": A.copy()},
            ValueError,
            "^a named a layout and b and c did not; write",
        ),
        (
            {"a": (A, "HW"), "b": (A.copy(), "HC")},
            ValueError,
            "^a is laid out as HW and b as HC; layouts expect",
        ),
        ({"a": (A, "HW"), "b": (A.copy(), "NHW")}, ValueError, "needs 2 different letters, got 'NHW'"),
        ({"a": (A, "HH"), "b": (A.copy(), "HW")}, ValueError, "needs 2 different letters, got 'HH'"),
        ({"a": (A, ""), "b": A.copy()}, ValueError, "needs 2 different letters, got ''"),
        (
            {"a": (A, "HW", 1), "b": A.copy()},
            TypeError,
            "^a expects an array or a pair like .* got a tuple of 3",
        ),
        ({"a": (A, A), "b": A.copy()}, TypeError, "^a expects an array or a pair like .* got a tuple of 2"),
        (
            {"a": np.ones((0, 3)), "b": np.ones((0, 3))},
            ValueError,
            r"^a has shape \(0, 3\) and holds no numbers",
        ),
        ({"a": A, "b": np.ones((3, 0))}, ValueError, r"^b has shape \(3, 0\) and holds no numbers"),
        ({"a": A, "b": A.copy(), "tolerance": 1.01e-3}, ValueError, "from 0 to 0.001, got 0.00101"),
        ({"a": A, "b": A.copy(), "tolerance": -1e-9}, ValueError, "from 0 to 0.001, got -1e-09"),
        ({"a": A, "b": A.copy(), "tolerance": float("nan")}, ValueError, "from 0 to 0.001, got nan"),
        ({"a": A, "b": A.copy(), "tolerance": "1e-5"}, TypeError, "from 0 to 0.001, got '1e-5'"),
        ({"a": A, "b": A.copy(), "tolerance": False}, TypeError, "from 0 to 0.001, got False"),
        ({"a": A * 1e-6, "b": A.copy() * 1e-7}, ValueError, "^The largest number in a is 1e-06, so that"),
        (
            {"a": A, "b": np.ones((3, 2))},
            AssertionError,
            r"^a has shape \(2, 3\) and b has shape \(3, 2\); they cannot",
        ),
        (
            {"a": A, "b": np.ones((1, 3))},
            AssertionError,
            "they cannot agree. If only the layouts differ, name them",
        ),
        ({"a": A, "b": np.ones(())}, AssertionError, "they cannot agree"),
        (
            {"a": (A, "HW"), "b": (A.copy(), "WH")},
            AssertionError,
            r"\(2, 3\) and b has shape \(3, 2\), both as HW;",
        ),
        ({"a": A * np.nan, "b": A * np.nan}, AssertionError, "^a holds 6 NaN or infinite numbers of 6"),
        ({"a": A, "b": A * np.inf}, AssertionError, "^b holds 6 NaN or infinite numbers of 6"),
        ({"a": A * np.inf, "b": A * np.inf}, AssertionError, "^a holds 6 NaN or infinite"),
    ],
)
def test_agree_refuses(arguments, kind, message, capsys):
    with pytest.raises(kind, match=message):
        agree(**arguments)
    assert capsys.readouterr().out == ""


def test_agree_accepts_zeros():
    agree(a=np.zeros(3), b=np.zeros(3))
    with pytest.raises(AssertionError, match="differ by 1"):
        agree(a=np.zeros(3), b=np.ones(3))


# layouts


def test_layouts_move_the_axes_they_name():
    x = sample(2, 3, 4, 5)
    assert nhwc(x).shape == (2, 4, 5, 3)
    assert nhwc(x)[1, 2, 3, 0] == x[1, 0, 2, 3]
    w = sample(6, 3, 4, 5)
    assert hwio(w).shape == (4, 5, 3, 6)
    assert hwio(w)[2, 3, 1, 5] == w[5, 1, 2, 3]
    assert np.array_equal(nchw(nhwc(x)), x)
    assert np.array_equal(oihw(hwio(w)), w)


@pytest.mark.parametrize("convert", [nhwc, nchw, hwio, oihw])
@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (1, 1, 1, 1), (1, 3, 1, 1)])
def test_layouts_copy(convert, shape):
    x = sample(*shape)
    y = convert(x)
    assert not np.shares_memory(x, y)
    assert y.flags.c_contiguous
    assert y.dtype == x.dtype


@pytest.mark.parametrize("convert", [nhwc, nchw, hwio, oihw])
def test_layouts_refuse(convert):
    name = convert.__name__
    with pytest.raises(ValueError, match=rf"^{name}\(\) expects four axes \(....\), got shape \(2, 3\)\.$"):
        convert(np.ones((2, 3)))
    with pytest.raises(TypeError, match=rf"^{name}\(\) expects a NumPy array, got Tensor; convert"):
        convert(torch.zeros(1, 2, 3, 4))


# show_source


def test_show_source_prints_functions_classes_and_modules(capsys):
    show_source(nhwc)
    assert capsys.readouterr().out == inspect.getsource(nhwc)
    show_source(fails.__enter__, bookkit.layouts)
    out = capsys.readouterr().out
    assert out.startswith("def __enter__(self):\n    return self\n\n\n")
    assert out.endswith(inspect.getsource(bookkit.layouts))


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        ((), "got nothing"),
        ((3,), "got int"),
        (("nhwc",), "got str"),
        ((np.transpose,), "prints code of bookkit, errorguide, fromscratch; transpose is not theirs"),
        ((nn.Conv2d,), "Conv2d is not theirs"),
        ((len,), "len is not theirs"),
        ((torch,), "torch is not theirs"),
    ],
)
def test_show_source_refuses(objects, message, capsys):
    with pytest.raises(TypeError, match=message):
        show_source(*objects)
    assert capsys.readouterr().out == ""


# drawings


@pytest.mark.parametrize("zeros", [torch.zeros, tf.zeros, np.zeros])
def test_drawings_take_a_frameworks_shape(zeros):
    def svg(figure):
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()

    shape = (2, 3, 8, 9)
    assert svg(drawings.tensors({"x": zeros(shape).shape})) == svg(drawings.tensors({"x": shape}))
    assert svg(drawings.weights(zeros(shape).shape)) == svg(drawings.weights(shape))
