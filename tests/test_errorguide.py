"""The error guide: its catalogue, what it explains, what it leaves alone, and what hostile text costs."""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from errorguide import as_text, explain, match
from errorguide.catalogue import (
    ERRORS,
    CatalogueError,
    for_browser,
    read_catalogue,
    read_error,
    read_shared,
    repair_for,
    spell_template,
)
from errorguide.expressions import ExpressionError, compile_expression, evaluate
from errorguide.template import TemplateError, compile_template
from errorguide.text import clean, fold, tokenize

BOOK = ERRORS.parent
ROOT = BOOK.parent
ENTRIES = {entry["id"]: entry for entry in read_catalogue()["errors"]}
MESSAGES = [
    (name, case["message"]) for name, entry in ENTRIES.items() for case in entry["cases"] + entry["older"]
]
TRACEBACK = "Traceback (most recent call last):"
TAIL = "to have 32 channels, but got 64 channels instead"
CONV = f"RuntimeError: Given groups=1, weight of size [64, 32, 3, 3], expected input[1, 64, 256, 256] {TAIL}"


# ---- the catalogue ----


@pytest.mark.parametrize("name", ENTRIES)
def test_a_page_says_what_a_page_has_to_say(name):
    entry = ENTRIES[name]
    assert re.fullmatch(r"[a-z0-9-]+", name)
    for older in entry["older"]:
        assert older["source"].startswith("https://github.com/")
        assert re.search(r"\d", older["versions"]) or "library" in older["versions"]
    if not entry["symptom"]:
        assert len(entry["causes"]) >= 2 and len(set(entry["causes"])) == len(entry["causes"])


def test_the_messages_that_have_to_be_there_are_there():
    frameworks = {entry["framework"] for entry in ENTRIES.values()}
    assert {"pytorch", "keras", "tensorflow", "numpy"} <= frameworks
    assert sum(1 for entry in ENTRIES.values() if entry["symptom"]) >= 10
    assert len(MESSAGES) >= 300


def test_every_cause_is_used_and_says_how_to_repair():
    used = Counter(cause for entry in ENTRIES.values() for cause in entry["causes"])
    causes, (shared, _) = read_catalogue()["causes"], read_shared()
    assert sorted(set(causes) - set(used)) == []
    assert [name for name in shared if used[name] < 2] == []  # it belongs into its one page
    for name, entry in ENTRIES.items():
        for cause in entry["causes"]:
            assert repair_for(causes[cause], entry["framework"]), (name, cause)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('framework: "pytorch"', 'framework: "torch"'), "framework has to be one of"),
        (('kind: "conv-channels"', 'kind: "conv"'), "is not one of"),
        (('kind: "conv-channels"', "kind: 2026-01-01"), "has to be quoted"),
        (('kind: "conv-channels"', 'kind: "conv-channels"\nversion: "1"'), "unknown field version"),
        (("patterns:", "symptoms:"), "unknown field"),
        (("{groups:int}", "{groups:number}"), "a place is written"),
        (('  - "layout-nhwc"', '  - "no-such-cause"'), "no-such-cause"),
        (("# Given", "Given"), "begin with a title"),
        (('"model: the channels', '"the channels'), "has to begin with"),
    ],
)
def test_a_file_that_says_something_wrong_is_refused(tmp_path, change, complaint):
    good = (ERRORS / "pytorch-conv-channels.md").read_text(encoding="utf-8")
    assert change[0] in good
    page = tmp_path / "page.md"
    page.write_text(good.replace(*change, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=re.escape(complaint)):
        read_error(page, *read_shared())


@pytest.mark.parametrize(
    "template", ["{n:int} channels", "a {n:int} b {n:int}", "a {n:name} {m:int}", "a ...", "a {n:regex}", ""]
)
def test_a_template_that_cannot_be_matched_is_refused(template):
    with pytest.raises(TemplateError):
        compile_template(template)


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a.b", "a if b", "lambda: 1", "a ** 9", "open('x')", "1.5"]
)
def test_an_expression_is_about_sizes_only(text):
    with pytest.raises(ExpressionError):
        compile_expression(text)


def test_what_is_not_known_makes_no_cause_fit():
    for text in (
        "got == 2 * expected",
        "got % 0 == 0",
        "shape[9] == 1",
        "not_there in shape",
        "a * a * a == 1",
    ):
        assert evaluate(compile_expression(text), {"got": 4, "shape": (1, 2), "a": 2**40}) is not True


def test_templates_in_the_browser_say_the_same():
    for entry in for_browser(read_catalogue())["errors"]:
        assert entry["templates"] == [
            spell_template(elements) for elements in ENTRIES[entry["id"]]["templates"]
        ]


# ---- what it explains ----


@pytest.mark.parametrize(("name", "message"), MESSAGES)
def test_every_wording_leads_to_its_page(name, message):
    found = explain(message)
    assert found is not None and found.id == name
    assert found.page == f"errors/{name}" and (BOOK / f"{found.page}.md").is_file()
    assert found.causes and all(cause.reason for cause in found.causes)


def decorate(message):
    first, _, rest = message.partition(": ")
    lines = message.split(" ")
    wrapped = "\n        ".join(" ".join(lines[at : at + 5]) for at in range(0, len(lines), 5))
    return {
        "coloured": f"\x1b[0;31m{first}\x1b[0m: {rest}\n\x1b[1;32m     12\x1b[0m",
        "colours without their escapes": f"[0;31m{first}[0m: {rest}",
        "ranked": f"[rank0]: {message}",
        "pytest": "\n".join(f"E       {line}" for line in message.splitlines()),
        "quoted": "\n".join(f"> {line}" for line in message.splitlines()),
        "wrapped": wrapped,
        "windows": f'File "C:\\Users\\me\\net.py", line 9, in forward\r\n    x = self.fc(x)\r\n{message}\r\n',
        "in prose": f"Hello, I get this when training: {message} Any ideas? Thanks!",
        "after a traceback": f'{TRACEBACK}\n  File "a.py", line 1, in f\n    f()\n{message}',
        "html": message.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;"),
    }


@pytest.mark.parametrize("how", decorate("a: b"))
def test_decoration_changes_nothing(how):
    for name, message in MESSAGES:
        found, plain = explain(decorate(message)[how]), explain(message)
        assert found is not None and (found.id, found.numbers) == (name, plain.numbers), message


def test_a_message_cut_off_at_an_end_is_placed_or_left_alone():
    rng = random.Random(0)
    placed = total = 0
    for name, message in MESSAGES:
        for _ in range(4):
            keep = rng.randint(len(message) * 6 // 10, len(message))
            for cut in (message[:keep], message[-keep:]):
                found = explain(cut)
                total += 1
                if found is not None:
                    placed += 1
                    assert (
                        found.kind == explain(message).kind or found.framework == ENTRIES[name]["framework"]
                    ), (cut, found.id)
    assert placed > total * 0.7


def test_a_number_cut_in_the_middle_is_not_told():
    found = explain(CONV[: CONV.index("got 64") + len("got 6")])
    assert found.numbers["got"] == 64  # from the shape of the input, not the 6 that is left
    found = explain("The size of tensor a (27) must match the size of tensor b (2")
    assert found is None or "b" not in found.numbers


def value_for(kind, rng):
    if kind == "int":
        return rng.choice([1, 2, 3, 4, 7, 16, 32, 64, 224, 255, 768, 4096, 123456])
    if kind == "shape":
        return tuple(rng.choice([1, 3, 5, 8, 17, 64, 224]) for _ in range(rng.randint(2, 5)))
    return None


def spelled(value, rng):
    if not isinstance(value, tuple):
        return str(value)
    inner = ", ".join(str(size) for size in value)
    return rng.choice(
        [f"[{inner}]", f"({inner})", f"torch.Size([{inner}])", "[" + ",".join(map(str, value)) + "]"]
    )


def generated(seed=0, times=6):
    """Messages made from the templates with other numbers: (entry, message, numbers)."""
    rng = random.Random(seed)
    for entry in ENTRIES.values():
        for source in entry["sources"]:
            for _ in range(times):
                numbers = {}

                def put(place, numbers=numbers):
                    name, kind = place.group(1), place.group(2)
                    if kind == "name":
                        return "conv2d_7"
                    if kind == "shapes":
                        return "[(8, 20, 20, 512), (8, 19, 19, 256)]"
                    numbers[name] = value_for(kind, rng)
                    return spelled(numbers[name], rng)

                message = re.sub(r"\{([a-z][a-z0-9_]*):(\w+)\}", put, source).replace("...", "something else")
                yield entry, message, numbers


def test_other_numbers_are_read_right():
    """A template may be part of a longer one of another page, which then rightly wins: those are left out."""
    read = 0
    for entry, message, numbers in generated():
        found = explain(message)
        if found is None or found.id != entry["id"] or entry["collect"]:
            continue
        for name, value in numbers.items():
            assert found.numbers[name] == value, (message, name, found.numbers)
            read += 1
    assert read > 3000


def test_the_root_cause_of_the_last_error_comes_first():
    linear = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x10)"
    head = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n'
    apart = explain(f"{head}{CONV}\n\n{head}{linear}\n")
    assert apart.id == "pytorch-mat1-mat2" and [other.id for other in apart.others] == [
        "pytorch-conv-channels"
    ]
    link = "\nThe above exception was the direct cause of the following exception:\n\n"
    chained = explain(f"{head}{CONV}\n{link}{head}{linear}\n")
    assert chained.id == "pytorch-conv-channels" and [other.id for other in chained.others] == [
        "pytorch-mat1-mat2"
    ]
    handled = link.replace(
        "The above exception was the direct cause of the following exception",
        "During handling of the above exception, another exception occurred",
    )
    assert explain(f"{head}{linear}\n{handled}{head}{CONV}").id == "pytorch-mat1-mat2"


def test_a_root_without_numbers_gives_way_to_a_later_error_with_numbers():
    old = "RuntimeError: invalid argument 2: sizes do not match at /pytorch/torch/lib/TH/THTensorCopy.c:51"
    named = (
        "RuntimeError: While copying the parameter named decoder.embedding.weight, whose dimensions in "
        "the model are torch.Size([32, 8]) and whose dimensions in the checkpoint are torch.Size([64, 8])."
    )
    link = "\nDuring handling of the above exception, another exception occurred:\n\n"
    found = explain(f"{TRACEBACK}\n{old}\n{link}{TRACEBACK}\n{named}")
    assert found.numbers["checkpoint"] == (64, 8) and found.causes[0].id == "vocabulary"
    assert [other.id for other in found.others] == ["pytorch-copy-sizes"]


def test_mismatches_of_one_load_are_summed_up():
    line = (
        "size mismatch for layer{}.weight: copying a param with shape torch.Size([64, {}]) from checkpoint, "
        "the shape in current model is torch.Size([32, {}])."
    )
    text = "RuntimeError: Error(s) in loading state_dict for Net:\n" + "\n".join(
        "\t" + line.format(n, n + 8, n + 8) for n in range(5)
    )
    found = explain(text)
    assert found.numbers["mismatches"] == 5 and found.numbers["parameter"] == "layer0.weight"
    assert found.numbers["checkpoint"] == (64, 8) and found.numbers["model"] == (32, 8) and not found.others


@pytest.mark.parametrize(
    ("text", "cause", "kind"),
    [
        (
            "expected input[8, 224, 224, 3] to have 3 channels, but got 224 channels",
            "layout-nhwc",
            "layout-nhwc-nchw",
        ),
        ("expected input[8, 6, 224, 224] to have 3 channels, but got 6 channels", "doubled", "conv-channels"),
        (
            "expected input[8, 1, 224, 224] to have 3 channels, but got 1 channels",
            "gray-into-rgb",
            "conv-channels",
        ),
        (
            "expected input[8, 3, 224, 224] to have 1 channels, but got 3 channels",
            "rgb-into-gray",
            "conv-channels",
        ),
        ("expected input[8, 4, 224, 224] to have 3 channels, but got 4 channels", "alpha", "conv-channels"),
        ("expected input[8, 32, 9, 9] to have 64 channels, but got 32 channels", "halved", "conv-channels"),
    ],
)
def test_the_numbers_of_a_convolution_point_to_a_cause(text, cause, kind):
    wanted = re.search(r"have (\d+)", text).group(1)
    found = explain(f"Given groups=1, weight of size [64, {wanted}, 3, 3], {text} instead")
    assert (found.causes[0].id, found.kind) == (cause, kind) and found.causes[0].fits


@pytest.mark.parametrize(
    ("message", "cause", "kind"),
    [
        (
            "Error when checking input: expected input_1 to have shape (None, 48, 48, 3) "
            "but got array with shape (16, 3, 48, 48)",
            "axes-permuted",
            "layout-nhwc-nchw",
        ),
        (
            "Error when checking input: expected input_1 to have shape (None, None, 3) "
            "but got array with shape (3, 200, 200)",
            "axes-permuted",
            "layout-nhwc-nchw",
        ),
        (
            "Error when checking input: expected input_1 to have shape (None, 30) "
            "but got array with shape (16, 20)",
            "columns",
            "linear-features",
        ),
        (
            "Error when checking target: expected dense_2 to have shape (None, 1) "
            "but got array with shape (60, 7)",
            "one-hot-or-index",
            "loss-target",
        ),
        (
            "could not broadcast input array from shape (48,48,3) into shape (48,48)",
            "ragged-array",
            "broadcast",
        ),
        ("could not broadcast input array from shape (3,) into shape (4,)", "picture-channels", "broadcast"),
        (
            "The size of tensor a (16) must match the size of tensor b (48) at non-singleton dimension 1",
            "latents-differ",
            "broadcast",
        ),
        (
            "Input to reshape is a tensor with 25600 values, but the requested shape has 256",
            "one-for-all",
            "flatten",
        ),
        (
            "Matrix size-incompatible: In[0]: [16,1000], In[1]: [4096,64]",
            "scores-for-features",
            "linear-features",
        ),
        (
            "input.size(-1) must be equal to input_size. Expected 1024, got 768",
            "pretrained-part",
            "linear-features",
        ),
        ("Expected input batch_size (300) to match target batch_size (0)", "empty", "loss-target"),
        (
            "size mismatch for linear.weight: copying a param with shape torch.Size([100, 64]) "
            "from checkpoint, the shape in current model is torch.Size([10, 64])",
            "head-classes",
            "load-weights",
        ),
    ],
)
def test_the_numbers_of_other_messages_point_to_a_cause(message, cause, kind):
    found = explain(message)
    assert (found.causes[0].id, found.kind) == (cause, kind) and found.causes[0].fits


def test_features_factor_into_maps():
    found = explain("mat1 and mat2 shapes cannot be multiplied (1x4194304 and 2097152x10)")
    twice = next(cause for cause in found.causes if cause.id == "twice-the-channels")
    assert "(32, 256, 256)" in twice.reason and "(64, 256, 256)" in twice.reason
    assert (
        explain("mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x10)").causes[0].id
        == "flatten-missing"
    )
    assert (
        explain("mat1 and mat2 shapes cannot be multiplied (77x2048 and 768x320)").causes[0].id
        == "pretrained-part"
    )


def test_a_rank_one_too_small_points_to_the_batch_or_the_channels():
    text = "Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [{}]"
    assert explain(text.format("2, 4, 3, 32, 32")).causes[0].id == "extra-axis"
    old = (
        "Expected 4-dimensional input for 4-dimensional weight [8, 1, 3, 3], "
        "but got 3-dimensional input of size [{}] instead"
    )
    assert explain(old.format("3, 32, 32")).causes[0].id == "batch-missing"
    assert explain(old.format("16, 28, 28")).causes[0].id == "channel-axis-missing"


@pytest.mark.parametrize(
    ("text", "cause", "kind"),
    [
        ("have shape (28, 28, 1) but got array with shape (1, 28, 28)", "axes-permuted", "layout-nhwc-nchw"),
        ("have shape (128, 128, 3) but got array with shape (64, 64, 3)", "input-sides", "other-shape"),
        ("have shape (7,) but got array with shape (1,)", "example-for-batch", "missing-batch-dim"),
        ("have 3 dimensions, but got array with shape (28, 28)", "batch-missing", "missing-batch-dim"),
    ],
)
def test_an_array_that_keras_refused_points_to_a_cause(text, cause, kind):
    found = explain(f"ValueError: Error when checking input: expected input_1 to {text}")
    assert (found.causes[0].id, found.kind) == (cause, kind)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Shapes (None, 7) and (None, 1, 7) are incompatible", "target-extra-axis"),
        (
            "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1",
            "picture-channels",
        ),
        ("mat1 and mat2 shapes cannot be multiplied (8192x13 and 512x1)", "features-among-rows"),
        (
            "Assign requires shapes of both tensors to match. lhs shape= [2048,3] rhs shape= [2048,1001]",
            "head-classes-last",
        ),
        ("shape '[1, 124]' is invalid for input of size 15872", "batch-written-in"),
    ],
)
def test_other_numbers_point_to_a_cause(text, cause):
    assert explain(text).causes[0].id == cause


# ---- what it leaves alone ----

# Errors about memory, devices, dtypes and indices (some with shapes in them), other errors, output, prose.
UNRELATED_FILE = ROOT / "tests" / "data" / "unrelated_texts.txt"
UNRELATED = UNRELATED_FILE.read_text(encoding="utf-8").rstrip("\n").split("\n----\n")
UNRELATED += ["", "   \n\t", "lorem ipsum " * 200]


@pytest.mark.parametrize("text", UNRELATED)
def test_other_errors_and_prose_are_left_alone(text):
    assert explain(text) is None


def test_the_book_itself_is_not_taken_for_an_error():
    """Prose about shapes, without a message in it: the guide's docstrings, the texts of the causes."""
    for cause in read_catalogue()["causes"].values():
        assert explain(cause["general"]) is None, cause["general"]
    for module in ("text", "template", "match", "expressions", "catalogue", "explanation"):
        doc = sys.modules[f"errorguide.{module}"].__doc__
        if "{" not in doc:
            assert explain(doc) is None, doc


def test_only_text_is_taken():
    with pytest.raises(TypeError, match="not bytes"):
        explain(b"mat1 and mat2")


# ---- hostile text ----


HOSTILE = [
    "the " * 2000,
    "Given groups=1, weight of size [" * 500,
    "[" * 4000,
    "(" * 2000 + ")" * 2000,
    "1x" * 3000,
    "1, " * 3000,
    "Dimension(" * 1500,
    "size mismatch for " * 700,
    "Input 0 of layer " * 700,
    "> " * 3000,
    "\x1b[" * 2000,
    "[0;" * 2000,
    "9" * 8000,
    "Shapes [" + "(1, 2), " * 1500,
    "Dimensions must be equal, but are 1 and 2 for " * 200,
    "layer requires inputs with matching shapes except for the concat axis. Got inputs shapes: [(1, 2), "
    * 60,
    "\x00\uffff\ud7ff😀" * 1000,
    "&lt;" * 2000,
]


@pytest.mark.parametrize(
    "text", HOSTILE, ids=[text[:12].encode("unicode_escape").decode() for text in HOSTILE]
)
def test_the_work_grows_with_the_text_and_no_faster(text, monkeypatch):
    """Counted, not timed: twice the text may take at most little more than twice the steps."""
    counted = 0
    plain = match.read_element

    def counting(*arguments):
        nonlocal counted
        counted += 1
        return plain(*arguments)

    monkeypatch.setattr(match, "read_element", counting)

    def steps(repeated):
        nonlocal counted
        counted = 0
        explain(repeated)
        return counted

    once, twice = steps(text), steps(text * 2)
    assert twice <= 2.2 * once + 5000


def test_a_very_long_text_is_read_from_its_end():
    found = explain("x 1 [2] " * 40_000 + CONV)
    assert found is not None and found.numbers["got"] == 64


def test_huge_numbers_are_no_sizes():
    assert explain("mat1 and mat2 shapes cannot be multiplied (1x99999999999999999999 and 784x10)") is None


def test_tokens_fold_case_and_lookalikes():
    assert fold("matl") == fold("MAT1")
    assert [token[1] for token in tokenize(clean("7680x12"))] == [7680, "x", 12]


# ---- the command and the notebook extension ----


def run_command(*arguments, text=None):
    return subprocess.run(
        [sys.executable, "-m", "errorguide", *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd=BOOK,
        check=False,
    )


def test_the_command_reads_an_argument_or_standard_input():
    by_argument, by_input = run_command(CONV), run_command(text=CONV)
    assert by_argument.returncode == by_input.returncode == 0
    assert by_argument.stdout == by_input.stdout and "errors/pytorch-conv-channels.md" in by_input.stdout
    nothing = run_command(text="hello")
    assert nothing.returncode == 1 and nothing.stdout == "" and nothing.stderr.count("\n") == 1


def test_the_extension_explains_a_failing_cell():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("%load_ext errorguide")
    out, sys.stdout = sys.stdout, io.StringIO()
    try:
        shell.run_cell("raise RuntimeError('mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x10)')")
        shown = sys.stdout.getvalue()
        sys.stdout = io.StringIO()
        shell.run_cell("%unload_ext errorguide")
        shell.run_cell("raise RuntimeError('mat1 and mat2 shapes cannot be multiplied (1792x28 and 784x10)')")
        after = sys.stdout.getvalue()
    finally:
        sys.stdout = out
    assert "The flatten before the layer is missing" in shown
    assert "The flatten before the layer is missing" not in after


def test_the_text_names_owner_and_cause():
    shown = as_text(explain(CONV))
    assert "64  the channels your input has" in shown and "(your data)" in shown and "1. Two tensors" in shown


def test_the_guide_needs_no_framework_and_no_numpy():
    code = (
        "import sys, errorguide; errorguide.explain('x'); "
        "sys.exit(bool({'numpy', 'torch', 'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=BOOK, check=False).returncode == 0
    assert Path(BOOK / "errorguide").is_dir()
