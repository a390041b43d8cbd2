"""The error guide reads what readers paste: decorated and broken messages, tracebacks, a last error of
another kind.
"""

from __future__ import annotations

import random

import pytest
from errorguide_cases import CONV, MESSAGES, UNRELATED
from errorguide_pasted import (
    LAST_ERRORS,
    LINEAR,
    LOAD,
    LOG,
    PASTED,
    SHOWN,
    SYMBOLIC,
    TRACE,
    TRACEBACKS,
    WARNING,
    wrapped,
)

from errorguide import as_text, explain
from errorguide.place import named, printed
from errorguide.place import where as where_goes
from errorguide.text import LONG, clean, read, shortened


@pytest.mark.parametrize("message", PASTED)
def test_a_message_is_read_however_it_was_pasted(message):
    plain = explain(message)
    for text in PASTED[message]:
        found = explain(text)
        assert found is not None and (found.id, found.numbers, found.unknown) == (
            plain.id,
            plain.numbers,
            None,
        ), text


# Broken by a console of that width in the one word by which the message is found.
NOT_READ = {
    (60, "Attempted to assign 1505 multi"),
    (80, "layers of same output shape ca"),
}


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_every_message_is_read_as_a_console_wraps_it(columns):
    for name, message in MESSAGES:
        if not any(len(line) > columns for line in message.split("\n")):
            continue
        found, plain = explain(wrapped(message, columns)), explain(message)
        said = {key for key, value in plain.numbers.items() if not isinstance(value, str)}
        if (columns, message.partition(" ")[2][:30]) in NOT_READ:
            assert found is None, message
            continue
        assert found is not None and found.id == name, (message, found and found.id)
        if columns != 60:  # a number may be broken at the edge of a console of which nothing else is known
            assert {key: found.numbers.get(key) for key in said} == {
                key: plain.numbers[key] for key in said
            }, message


def test_nothing_is_found_where_words_only_seem_joined_or_broken():
    rng = random.Random(0)
    for text in UNRELATED:
        assert explain(wrapped(text, 40)) is None, text
        assert explain("".join(mark for mark in text if mark != " " or rng.random() > 0.2)) is None, text


@pytest.mark.parametrize("sizes", SYMBOLIC)
def test_sizes_that_are_left_open_are_not_known(sizes):
    found = explain(f"RuntimeError: a and b must have same reduction dim, but got {sizes}.")
    assert {name: found.numbers[name] for name in SYMBOLIC[sizes]} == SYMBOLIC[sizes]


def test_a_number_that_is_left_open_is_not_known():
    found = explain(
        "The size of tensor a (2*s0) must match the size of tensor b (3) at non-singleton dimension 1"
    )
    assert (found.numbers["a"], found.numbers["b"]) == (None, 3)


# ---- the reader's own words ----


def test_the_message_is_the_readers_own():
    assert explain(f"hello\n{CONV}\nbye").message == CONV
    assert explain(CONV.replace("channels, but", "channels,\n        but")).message == CONV
    assert explain(CONV.replace("channels, but", "chan\nnels, but")).message == CONV
    assert as_text(explain(LINEAR)).startswith(f"{LINEAR}\n")
    assert explain("Help: mat1 and mat2 shapes cannot be multiplied (7x3 and 5x2).").message == (
        "mat1 and mat2 shapes cannot be multiplied (7x3 and 5x2)."
    )
    old = (
        "RuntimeError: invalid argument 0: Sizes of tensors must match except in dimension 1. "
        "Got 26 and 27 in dimension 3"
    )
    assert explain(f"{old} at /opt/THTensorMath.cu:71").message == old
    assert explain(LOAD).message.startswith("size mismatch for fc.weight: copying a param")


def test_of_a_long_message_the_middle_is_left_out():
    shapes = ", ".join(f"(None, {side}, {side}, 64)" for side in range(10, 50))
    found = explain(
        "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. "
        f"Received: input_shape=[{shapes}]"
    )
    first = as_text(found).partition("\n")[0]
    assert len(first) <= 400 and " ... " in first
    assert explain(found.message).numbers == found.numbers


@pytest.mark.parametrize("text", TRACEBACKS)
def test_the_readers_own_line_is_told(text):
    place = explain(text).place
    wanted = TRACEBACKS[text]
    assert (place and (place.file, place.line, place.function, place.code, place.show)) == wanted
    if wanted is not None:
        told = as_text(explain(text))
        assert f"Your line: {wanted[0]}, line {wanted[1]}" in told and wanted[4] in told


def test_how_to_check_the_repair_is_told_with_the_size_that_the_numbers_give():
    assert explain(TRACE + LINEAR).place.verify == (
        "To check the repair, run line 22 of net.py with a batch of the same kind: "
        "it should pass, and give 120 as the last size."
    )
    assert explain(TRACE + CONV).place.verify.endswith("it should pass, and give 64 channels.")
    assert explain(TRACE.replace("self.fc1(x)", "loss(x, y)") + LINEAR).place.verify.endswith(
        "it should pass."
    )


@pytest.mark.parametrize("code", SHOWN)
def test_what_to_print_at_a_line(code):
    assert printed(named(code, marked=False)) == SHOWN[code]


@pytest.mark.parametrize(
    ("code", "names", "where"),
    [
        (
            "self.rnn(self.emb(t))",
            ["self.emb(t).shape", "self.rnn"],
            "A repair of the data goes before this line (its x is your self.emb(t)); a new layer goes where "
            "self.rnn is made.",
        ),
        (
            "criterion(net(images), labels)",
            ["net(images).shape", "labels.shape"],
            "A repair of the data goes before this line (its names are your net(images) and labels).",
        ),
        (
            "self.fc(x)",
            ["x.shape", "self.fc"],
            "A repair of the data goes before this line; a new layer goes where self.fc is made.",
        ),
        (
            "nn.CrossEntropyLoss()(scores, y)",
            ["scores.shape", "y.shape"],
            "A repair of the data goes before this line (its names are your scores and y).",
        ),
        (
            "model.fit(np.concatenate([a, b]), y)",
            ["np.concatenate([a, b]).shape", "y.shape"],
            "A repair of the data goes before this line (its names are your np.concatenate([a, b]) and y).",
        ),
        ("nn.TransformerEncoderLayer(d_model, heads)", [], None),
        ("nn.Conv2d(cin, cout, 3, groups=cin)", [], None),
        ("net.load_state_dict(state)", [], None),
    ],
)
def test_the_part_that_failed_tells_what_its_arguments_are_and_where_a_repair_goes(code, names, where):
    assert named(code, marked=True) == names
    assert where_goes(names) == where


@pytest.mark.parametrize("text", LAST_ERRORS)
def test_a_last_error_of_another_kind_is_told(text):
    found = explain(text)
    assert found.unknown == LAST_ERRORS[text]
    told = as_text(found)
    assert told.startswith("The last error here is not one this book knows") == (found.unknown is not None)
    assert found.message in told


# ---- long texts ----


@pytest.mark.parametrize("message", [CONV, LINEAR, LOAD])
def test_an_error_is_found_wherever_it_stands_in_a_long_log(message):
    plain = explain(message)
    for at in (0, LOG.index("step 4500"), len(LOG)):
        text = f"{LOG[:at]}\n{TRACE}{message}\n{LOG[at:]}"
        found = explain(text)
        assert found is not None and (found.id, found.numbers) == (plain.id, plain.numbers)
        assert found.place.line == 22


def test_of_a_long_text_a_bounded_part_is_read():
    for text in (LOG, "multiplied " * 100_000, "a" * 900_000, "İ" * 300_000, CONV * 6000):
        assert len(shortened(text, ["multip1ied", "channe1s"])) < LONG + 10_000
    assert shortened("x" * LONG, ["x"]) == "x" * LONG


def test_what_is_read_of_a_text_says_where_it_stands():
    text = "  [0;31ma[0m(12, b)\r\n&lt;c&gt;"
    cleaned = clean(text)
    assert [cleaned[token.start : token.end] for token in read(text)] == [token.text for token in read(text)]
    assert WARNING in clean(WARNING)
