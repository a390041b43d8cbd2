"""The clues that the decision chart of "Where the 64 came from" reads out of messages."""

import pytest

from bookkit.clues import KINDS, Clues, clues
from errorguide import explain

CONV = (
    "Given groups=1, weight of size [8, 3, 5, 3], expected input[6, 20, 28, 3] to have 3 channels, "
    "but got 20 channels instead"
)


def of(message, **known):
    return clues(explain(message), **known)


def test_a_layer_expects_and_gets():
    assert of(CONV, batch=6) == Clues("channels", 3, 20, sizes=(6, 28, 3), batch=6)


@pytest.mark.parametrize(
    ("message", "kind", "expected", "got"),
    [
        ("mat1 and mat2 shapes cannot be multiplied (5x10 and 20x8)", "features", 20, 10),
        (
            "The size of tensor a (32) must match the size of tensor b (64) at non-singleton dimension 1",
            "entries",
            32,
            64,
        ),
        ("Inputs have incompatible shapes. Received shapes (14, 22, 32) and (14, 22, 64)", "entries", 32, 64),
        (
            "stack expects each tensor to be equal size, but got [3, 9] at entry 0 and [4, 9] at entry 1",
            "stack",
            3,
            4,
        ),
        ("Tensors must have same number of dimensions: got 2 and 1", "one example", 2, 1),
        ("all input arrays must have the same shape", "stack", None, None),
        ("operands could not be broadcast together with shapes (2,4,6) (2,8,12)", "labels", 4, 8),
    ],
)
def test_two_sizes_disagree(message, kind, expected, got):
    found = of(message, kind="labels" if kind == "labels" else None)
    assert (found.kind, found.expected, found.got) == (kind, expected, got)


@pytest.mark.parametrize(
    ("expected", "got", "ratio"), [(32, 64, 2), (60, 20, 3), (64, 80, None), (7, 7, 1), (None, 3, None)]
)
def test_the_ratio_is_a_whole_number_or_none(expected, got, ratio):
    assert Clues("channels", expected, got, ()).ratio == ratio


def test_joined_tensors_of_different_ranks_are_one_example():
    message = (
        "all the input arrays must have same number of dimensions, but the array at index 0 has "
        "2 dimension(s) and the array at index 3 has 1 dimension(s)"
    )
    assert of(message).kind == "one example"


def test_every_kind_names_pages_that_exist():
    from errorguide.catalogue import read_catalogue

    known = {entry["id"] for entry in read_catalogue()["errors"]}
    assert {name for names in KINDS.values() for name in names} <= known


def test_what_has_no_kind_is_refused():
    with pytest.raises(ValueError, match="expects the explanation of a shape error, got None"):
        clues(None)
    with pytest.raises(ValueError, match="has no kind for pytorch-ctc-lengths; pass one of loading, labels"):
        of("input_lengths must be of size batch_size")
