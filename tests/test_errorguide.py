"""The error guide: its catalogue, what it explains, what it leaves alone, and what hostile text costs."""

from __future__ import annotations

import dataclasses
import io
import json
import random
import re
import subprocess
import sys
from collections import Counter

import errorguide_record
import pytest
from errorguide_cases import (
    CONV,
    CUT_OFF,
    ENTRIES,
    ERRORS_IN_TEXTS,
    EXPRESSIONS,
    HANDLED,
    HOSTILE,
    MATCHES,
    MESSAGES,
    NUMBERS,
    OVERLAPPING,
    SHAPE,
    SHAPE_LIST,
    SHAPE_LISTS,
    SHAPES,
    TOKENS,
    TRACEBACK,
    UNRELATED,
    decorate,
    generated,
)

from errorguide import Cause, Explanation, Place, as_text, explain, load_ipython_extension, match
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
from errorguide.causes import Repair, rank
from errorguide.causes import shown as how_many
from errorguide.choice import best_of_overlapping
from errorguide.expressions import ExpressionError, compile_expression, evaluate
from errorguide.front_matter import read_front_matter
from errorguide.match import Match, Template, find, index_templates
from errorguide.numbers import complete
from errorguide.template import TemplateError, compile_template
from errorguide.text import read
from errorguide.wording import fill

BOOK = ERRORS.parent


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


def test_every_cause_is_used():
    used = Counter(cause for entry in ENTRIES.values() for cause in entry["causes"])
    for name in ENTRIES:
        listed = read_front_matter(ERRORS / f"{name}.md")[0].get("causes", [])
        used.update(cause["like"] for cause in listed if "like" in cause)
    causes, (shared, *_) = read_catalogue()["causes"], read_shared()
    assert sorted(set(causes) - set(used)) == []
    assert [name for name in shared if used[name] < 2] == []  # it belongs into its one page


@pytest.mark.parametrize("name", [name for name, entry in ENTRIES.items() if not entry["symptom"]])
def test_a_page_says_how_to_repair(name):
    """Some causes have no code, as only its reader can find what differs: half of them at most."""
    causes = [read_catalogue()["causes"][cause] for cause in ENTRIES[name]["causes"]]
    single = [cause for cause in causes if not cause["footer"]]
    with_code = [cause for cause in single if repair_for(cause, ENTRIES[name]["framework"])]
    assert 2 * len(with_code) >= len(single)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('framework: "pytorch"', 'framework: "torch"'), "framework has to be one of"),
        (('kind: "conv-channels"', 'kind: "conv"'), "is not one of"),
        (('kind: "conv-channels"', "kind: 2026-01-01"), "page.md: line 3: '2026-01-01' has to be quoted"),
        (('kind: "conv-channels"', 'kind: "conv-channels'), "page.md: line 5: did not find"),
        (('kind: "conv-channels"\n', ""), "page.md: a kind is missing; use one of conv-channels"),
        (
            ('kind: "conv-channels"', 'kind: "conv-channels"\nversion: "1"'),
            "unknown field version; use framework",
        ),
        (("patterns:", "symptoms:"), "unknown field"),
        (("{groups:int}", "{groups:number}"), "a place is written"),
        (('  - "layout-nhwc"', '  - "no-such-cause"'), "no-such-cause"),
        (("# Given", "Given"), "begin with a title"),
        (("{error-details}", "{error-detail}"), "lacks the block {error-details}"),
        (("older:", 'causes: "doubled"\nolder:'), "causes is there twice"),
        (('"model: the channels', '"the channels'), "has to begin with"),
        (("often:", 'often:\n  - "no-such"'), "often: no-such is none of the page's causes"),
    ],
)
def test_a_file_that_says_something_wrong_is_refused(tmp_path, change, complaint):
    good = (ERRORS / "pytorch-conv-channels.md").read_text(encoding="utf-8")
    assert change[0] in good
    page = tmp_path / "page.md"
    page.write_text(good.replace(*change, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=re.escape(complaint)):
        read_error(page, *read_shared())


@pytest.mark.parametrize("causes", ['"doubled"', '["doubled"]', "[]"])
def test_a_page_names_two_causes_or_more(tmp_path, causes):
    good = (ERRORS / "pytorch-conv-channels.md").read_text(encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(re.sub(r"(?ms)^causes:$.*?^(?=\S)", f"causes: {causes}\n", good), encoding="utf-8")
    with pytest.raises(CatalogueError, match="^page.md: causes has to be a list, of two at least"):
        read_error(page, *read_shared())


def own_cause(**fields):
    """A cause in a page's front matter, in front of the first one that it has."""
    fields = {"id": "of-its-own", "title": "Title", "general": "General", **fields}
    lines = "\n    ".join(f'{name}: "{value}"' for name, value in fields.items() if value is not None)
    return ('  - "layout-nhwc"', f'  - {lines}\n  - "layout-nhwc"')


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        # shared: no alternative of its condition can hold, a number of its let or its reason is not there
        (
            ('  - "layout-nhwc"', '  - "other-columns"'),
            "page.md: cause 'other-columns': when speaks of first",
        ),
        (
            ('  - "layout-nhwc"', '  - "classes-differ"'),
            "cause 'classes-differ': let: a speaks of target, which",
        ),
        (
            ('  - "layout-nhwc"', '  - "keras-table-into-convolution"'),
            "when speaks of rank_expected, rank_got, which",
        ),
        (
            ('  - "layout-nhwc"', '  - "example-for-batch"'),
            "cause 'example-for-batch': let: n speaks of wanted",
        ),
        # of its own
        (
            own_cause(when="got == wide"),
            "page.md: cause 'of-its-own' speaks of wide, which the page",
        ),
        (own_cause(when="got == 1 or wide == 1"), "cause 'of-its-own' speaks of wide"),
        (own_cause(reason="{got} and {wide}"), "cause 'of-its-own' speaks of wide"),
        (own_cause(general="{wide}"), "cause 'of-its-own' speaks of wide"),
        (own_cause(id="alpha"), "page.md: cause 'alpha' is in causes.yml already"),
        (
            ('  - "layout-nhwc"', f"{own_cause()[1]}\n{own_cause()[1]}"),
            "cause 'of-its-own' is in this page already",
        ),
        (own_cause(id=None), "has to have an id"),
        (own_cause(general=None), "page.md: cause 'of-its-own' lacks general"),
        (own_cause(kind="conv"), "is not one of"),
        (own_cause(because="x"), "page.md: cause 'of-its-own': unknown field because; use title"),
        (
            ('  - "layout-nhwc"', '  - {id: "x", title: ["x"], general: "x"}'),
            "cause 'x': title has to be a text",
        ),
        (
            ('  - "layout-nhwc"', '  - {id: "x", title: "x", general: "x", repair: {torch: "x"}}'),
            "cause 'x': repair for torch, which is not one of pytorch",
        ),
        # the page's own expressions
        (("derive:", 'derive:\n  half: "wide // 2"'), "page.md: derive: half speaks of wide"),
        (("derive:", 'derive:\n  half: "min(1, 2)"'), "page.md: derive: half: expression 'min(1, 2)'"),
        (('only: "not groups > 1"', 'only: "wide == 1"'), "page.md: only speaks of wide"),
        (
            ("derive:", 'kinds:\n  - when: "wide == 1"\n    kind: "reshape"\nderive:'),
            "page.md: kinds: reshape speaks of wide",
        ),
        (("numbers:", 'numbers:\n  wide: "data: w"'), "page.md: numbers speaks of wide"),
        # what has to be a mapping
        (('  - "layout-nhwc"', '  - ["doubled"]'), "a cause of the page's own has to be a mapping"),
        (own_cause(let="got"), "cause 'of-its-own': let has to be a mapping"),
        (own_cause(repair="x = 1"), "cause 'of-its-own': repair has to be a mapping"),
        (("{groups:int}", "{groups:shape}"), "{groups:shape} has to be of the type int"),
        (("derive:", "derive:\n  got: 'input[1]'"), "got is there twice"),
    ],
)
def test_a_page_speaks_of_numbers_that_it_has(tmp_path, change, complaint):
    test_a_file_that_says_something_wrong_is_refused(tmp_path, change, complaint)


def test_what_a_page_may_leave_out_of_a_shared_cause(tmp_path):
    """One alternative of a condition is enough, a condition may ask what is known, and code keeps a name."""
    page = tmp_path / "page.md"
    text = (ERRORS / "pytorch-rnn-input-size.md").read_text(encoding="utf-8")
    # many-bands asks `not known(input)`
    changed = text.replace('  - "settings-disagree"', '  - "pretrained-part"\n  - "many-bands"')
    page.write_text(changed, encoding="utf-8")
    entry, _ = read_error(page, *read_shared())
    assert {"pretrained-part", "many-bands"} <= set(entry["causes"])  # rows and out are not there


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            ("has {rank_got} axes", "has {ranks} axes"),
            "extra-axis speaks of ranks, which its",
        ),
        (('  got: "int: ', '  got: "number: '), "names: got has to begin with int: or shape:"),
        (("\nextra-axis:", "\nkeras-batch-missing:"), "keras-batch-missing is there twice"),
    ],
)
def test_shared_causes_speak_of_the_names_at_their_head(tmp_path, change, complaint):
    good = (ERRORS / "causes.yml").read_text(encoding="utf-8")
    assert change[0] in good
    file = tmp_path / "causes.yml"
    file.write_text(good.replace(*change, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=re.escape(complaint)):
        read_shared(file)


def test_two_pages_cannot_own_one_cause(tmp_path):
    for name in ("causes.yml", "pytorch-bmm.md"):
        (tmp_path / name).write_text((ERRORS / name).read_text(encoding="utf-8"), encoding="utf-8")
    twin = (ERRORS / "pytorch-bmm.md").read_text(encoding="utf-8")
    (tmp_path / "pytorch-bmm-twin.md").write_text(twin, encoding="utf-8")
    with pytest.raises(
        CatalogueError, match=r"bmm\.md: cause 'bmm-batch-second' is in pytorch-bmm-twin\.md already"
    ):
        read_catalogue.__wrapped__(tmp_path)


TYPES = {"int": int, "shape": tuple, "shapes": tuple, "name": str}


def test_a_number_is_of_the_type_that_its_name_has():
    """Those that a page derives too, in every message of the catalogue. No name stands there unused."""
    _, vocabulary, _ = read_shared()
    seen = set()
    for entry in ENTRIES.values():
        index = index_templates([(entry, elements) for elements in entry["templates"]])
        for case in entry["cases"] + entry["older"]:
            for found in complete(find(read(case["message"]), index)):
                for name, value in found.numbers.items():
                    if value is not None and name in vocabulary:
                        assert type(value) is TYPES[vocabulary[name]], (entry["id"], name, value)
                        seen.add(name)
    assert seen == set(vocabulary)


@pytest.mark.parametrize(
    "template", ["{n:int} channels", "a {n:int} b {n:int}", "a {n:name} {m:int}", "a ...", "a {n:regex}", ""]
)
def test_a_template_that_cannot_be_matched_is_refused(template):
    with pytest.raises(TemplateError):
        compile_template(template)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "a.b",
        "a if b",
        "lambda: 1",
        "a ** 9",
        "open('x')",
        "1.5",
        "rank(a, b)",
        "rank(x=a)",
    ],
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


# ---- how a text is read ----


@pytest.mark.parametrize("text", TOKENS)
def test_a_text_is_read_as_tokens(text):
    assert [(token.value, token.line) for token in read(text)] == TOKENS[text]


def index_of(templates):
    return index_templates([(None, compile_template(template)) for template in templates])


def found_in(templates, text):
    """Return the matches of some templates as (template, start, end, words, said, whole)."""
    return [
        (match.template.number, match.start, match.end, match.words, match.said, match.whole)
        for match in find(read(text), index_of(templates))
    ]


@pytest.mark.parametrize(("template", "readings"), [(SHAPE, SHAPES), (SHAPE_LIST, SHAPE_LISTS)])
def test_each_spelling_of_a_shape_is_read(template, readings):
    before, after = re.split(r"\{.*\}", template)
    for written, expected in readings.items():
        whole = [said for *_, said, whole in found_in([template], before + written + after) if whole]
        assert whole == ([{"value": expected[0], "rest": expected[1]}] if expected else []), written


@pytest.mark.parametrize("templates", MATCHES)
def test_a_template_is_found_where_it_stands(templates):
    for text, matches in MATCHES[templates].items():
        assert found_in(templates, text) == matches, text


@pytest.mark.parametrize("templates", OVERLAPPING)
def test_of_matches_that_overlap_the_best_is_kept(templates):
    for text, expected in OVERLAPPING[templates].items():
        kept = best_of_overlapping(find(read(text), index_of(templates)))
        assert [(match.template.number, match.start) for match in kept] == expected, text


def test_what_is_known_is_filled_in():
    numbers = {"shape": (1, None, 3), "one": (7,), "name": "conv1", "shapes": ((1, 2),), "absent": None}
    assert fill("{shape} {one} {name} {shapes}", numbers) == "(1, ?, 3) (7,) conv1 ((1, 2))"
    for text in ("{name} and {absent}", "{unheard} and {name}"):
        assert fill(text, numbers) == ""
    assert fill("{name}, {absent}, {unheard}", numbers, bare=True) == "conv1, absent, unheard"


def test_causes_are_ranked():
    """The specific ones that the numbers point to, the others that they point to, the possible ones, eight
    at most; those of the footer last.
    """

    def cause(when, specific=False, footer=False):
        return {
            "title": "t",
            "let": [["twice", ["*", 2, "got"]]],
            "when": None if when is None else compile_expression(when),
            "specific": specific,
            "footer": footer,
            "reason": "{twice} of {absent}",
            "general": "twice {got}",
            "repair": {} if footer else {"any": [{"code": "x = {got}", "intent": "", "loses": "lost"}]},
        }

    shared = {
        "foot": cause(None, footer=True),
        "may": cause(None),
        "not": cause("got == 5"),
        "fits": cause("twice == 8"),
        "special": cause("got == 4", specific=True),
    }
    shared |= {name: cause(None) for name in ("may2", "may3", "may4", "may5", "may6", "may7")}
    entry = {"framework": "numpy", "causes": list(shared)}
    match = Match(Template(0, entry, []), 0, 0, 0, {}, {"got": 4}, True)
    ranked = rank(match, shared)
    assert [cause.id for cause in ranked] == [
        *("special", "fits", "may", "may2", "may3", "may4", "may5", "may6", "foot"),
    ]
    fits = [(cause.fits, cause.pointed) for cause in ranked]
    assert fits == [(True, True), (False, True)] + [(False, False)] * 7
    assert {cause.reason for cause in ranked} == {"twice 4"}
    assert [cause.repairs for cause in ranked] == [(Repair("x = 4", "", "lost"),)] * 8 + [()]
    assert ranked[0].repair == "x = 4\n# Careful: lost"
    assert [how_many(ranked[first:]) for first in (0, 1, 2, 8)] == [1, 1, 2, 0]


def test_an_expression_has_the_value_that_it_says():
    for expression, value in EXPRESSIONS.items():
        result = evaluate(compile_expression(expression), NUMBERS)
        assert (type(result), result) == (type(value), value), expression


# ---- what it explains ----


@pytest.mark.parametrize(("name", "message"), MESSAGES)
def test_every_wording_leads_to_its_page(name, message):
    found = explain(message)
    assert found is not None and found.id == name
    assert found.page == f"errors/{name}" and (BOOK / f"{found.page}.md").is_file()
    assert found.causes and all(cause.reason for cause in found.causes)


def test_every_message_is_explained_as_recorded():
    recorded = json.loads(errorguide_record.RECORD.read_text(encoding="utf-8"))
    texts = {text for own in errorguide_record.of_the_catalogue().values() for text in own}
    changed = {text: "is gone" for text in recorded["catalogue"] if text not in texts}
    for text, told in {**recorded["catalogue"], **recorded["sought"]}.items():
        if (now := errorguide_record.explained(text)) != told:
            changed[text] = now
    assert not changed, "where this is meant, run tests/errorguide_record.py and look at what git shows"


@pytest.mark.parametrize("how", decorate("a: b"))
def test_decoration_changes_nothing(how):
    for name, message in MESSAGES:
        found, plain = explain(decorate(message)[how]), explain(message)
        assert found is not None and (found.id, found.numbers) == (name, plain.numbers), message


@pytest.mark.parametrize("text", CUT_OFF)
def test_what_is_left_of_a_message_is_placed(text):
    found = explain(text)
    if CUT_OFF[text] is None:
        assert found is None
    else:
        page, numbers = CUT_OFF[text]
        assert found.id == page and {name: found.numbers[name] for name in numbers} == numbers


def test_a_message_cut_off_anywhere_is_placed_or_left_alone():
    rng = random.Random(0)
    for name, message in MESSAGES:
        for _ in range(4):
            keep = rng.randint(len(message) * 6 // 10, len(message))
            for cut in (message[:keep], message[-keep:]):
                found = explain(cut)
                assert (
                    found is None
                    or found.kind == explain(message).kind
                    or found.framework == ENTRIES[name]["framework"]
                    or {found.framework, ENTRIES[name]["framework"]} == {"jax", "numpy"}  # they share words
                ), (cut, found.id)


def test_a_number_cut_in_the_middle_is_not_told():
    found = explain(CONV[: CONV.index("got 64") + len("got 6")])
    assert found.numbers["got"] == 64  # from the shape of the input, not the 6 that is left
    found = explain("The size of tensor a (27) must match the size of tensor b (2")
    assert found is None or "b" not in found.numbers


def test_other_numbers_are_read_right():
    """A page with `only` shares its words with another page, which may own the other numbers."""
    for entry, message, numbers in generated():
        found = explain(message)
        if found is None:  # of an `only` that these numbers do not meet, such as shapes that differ
            assert entry["only"] is not None, message
        elif found.id != entry["id"]:
            assert entry["only"] is not None, message
            assert found.framework in (entry["framework"], "numpy"), (
                message,
                found.id,
            )  # Keras 2 has its words
        elif not entry["collect"]:
            assert {name: found.numbers[name] for name in numbers} == numbers, message


@pytest.mark.parametrize("name", ERRORS_IN_TEXTS)
def test_the_errors_in_a_text_are_told_the_root_cause_first(name):
    text, pages = ERRORS_IN_TEXTS[name]
    found = explain(text)
    assert ([] if found is None else [found.id, *(other.id for other in found.others)]) == pages


def test_a_root_without_numbers_gives_way_to_a_later_error_with_numbers():
    old = "RuntimeError: invalid argument 2: sizes do not match at /pytorch/torch/lib/TH/THTensorCopy.c:51"
    named = (
        "RuntimeError: While copying the parameter named decoder.embedding.weight, whose dimensions in "
        "the model are torch.Size([32, 8]) and whose dimensions in the checkpoint are torch.Size([64, 8])."
    )
    found = explain(f"{TRACEBACK}\n{old}\n{HANDLED}{TRACEBACK}\n{named}")
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
        (
            "expected input[8, 6, 224, 224] to have 3 channels, but got 6 channels",
            "conv-bands",
            "conv-channels",
        ),
        (
            "expected input[8, 1, 224, 224] to have 3 channels, but got 1 channels",
            "conv-gray",
            "conv-channels",
        ),
        (
            "expected input[8, 3, 224, 224] to have 1 channels, but got 3 channels",
            "conv-colour-or-alpha",
            "conv-channels",
        ),
        (
            "expected input[8, 4, 224, 224] to have 3 channels, but got 4 channels",
            "conv-colour-or-alpha",
            "conv-channels",
        ),
        (
            "expected input[8, 32, 9, 9] to have 64 channels, but got 32 channels",
            "conv-halved",
            "conv-channels",
        ),
        (
            "expected input[1, 1, 16, 20] to have 16 channels, but got 1 channels",
            "conv-side-for-channels",
            "layout-nhwc-nchw",
        ),
    ],
)
def test_the_numbers_of_a_convolution_point_to_a_cause(text, cause, kind):
    wanted = re.search(r"have (\d+)", text).group(1)
    found = explain(f"Given groups=1, weight of size [64, {wanted}, 3, 3], {text} instead")
    assert (found.causes[0].id, found.kind) == (cause, kind) and found.causes[0].pointed


@pytest.mark.parametrize(
    ("message", "cause", "kind"),
    [
        (
            "Given groups=1, weight of size [3, 1, 5, 5], "
            "expected input[1, 3, 8, 8] to have 1 channels, but got 3 channels instead",
            "one-channel-filters",
            "conv-groups",
        ),
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
            "Error when checking target: expected dense_2 to have shape (None, 1) "
            "but got array with shape (60, 7)",
            "keras-one-hot-labels",
            "loss-target",
        ),
        (
            "could not broadcast input array from shape (48,48,3) into shape (48,48)",
            "list-of-unlike-pictures",
            "broadcast",
        ),
        (
            "could not broadcast input array from shape (3,) into shape (4,)",
            "last-batch-into-array",
            "broadcast",
        ),
        (
            "The size of tensor a (16) must match the size of tensor b (48) at non-singleton dimension 1",
            "latents-differ",
            "broadcast",
        ),
        (
            "Input to reshape is a tensor with 25600 values, but the requested shape has 256",
            "reshape-one-for-all",
            "flatten",
        ),
        (
            "Matrix size-incompatible: In[0]: [16,1000], In[1]: [4096,64]",
            "scores-of-imagenet",
            "linear-features",
        ),
        ("Expected input batch_size (300) to match target batch_size (0)", "labels-missing", "loss-target"),
        (
            "size mismatch for linear.weight: copying a param with shape torch.Size([100, 64]) "
            "from checkpoint, the shape in current model is torch.Size([10, 64])",
            "last-layer",
            "load-weights",
        ),
    ],
)
def test_the_numbers_of_other_messages_point_to_a_cause(message, cause, kind):
    found = explain(message)
    assert (found.causes[0].id, found.kind) == (cause, kind) and found.causes[0].pointed


def test_features_factor_into_maps():
    found = explain("mat1 and mat2 shapes cannot be multiplied (64x256 and 400x120)")
    assert "(16, 4, 4)" in found.causes[0].reason and "(16, 5, 5)" in found.causes[0].reason
    wide = explain("mat1 and mat2 shapes cannot be multiplied (2x135168 and 126976x256)")  # 33 and 31
    assert "(4096, 33)" in wide.causes[0].reason and "(4096, 31)" in wide.causes[0].reason


def test_a_rank_one_too_small_points_to_the_batch_or_the_channels():
    text = "Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [{}]"
    assert explain(text.format("2, 4, 3, 32, 32")).causes[0].id == "conv-rank-frames"
    old = (
        "Expected 4-dimensional input for 4-dimensional weight [8, 1, 3, 3], "
        "but got 3-dimensional input of size [{}] instead"
    )
    assert explain(old.format("3, 32, 32")).causes[0].id == "conv-rank-batch"
    assert explain(old.format("16, 28, 28")).causes[0].id == "conv-rank-channels"


@pytest.mark.parametrize(
    ("text", "cause", "kind"),
    [
        ("have shape (28, 28, 1) but got array with shape (1, 28, 28)", "axes-permuted", "layout-nhwc-nchw"),
        ("have shape (128, 128, 3) but got array with shape (64, 64, 3)", "other-sides", "other-shape"),
        ("have shape (None, 30) but got array with shape (16, 20)", "columns", "linear-features"),
        ("have shape (7,) but got array with shape (1,)", "example-for-batch", "missing-batch-dim"),
        ("have 3 dimensions, but got array with shape (28, 28)", "keras-batch-missing", "missing-batch-dim"),
    ],
)
def test_an_array_that_keras_refused_points_to_a_cause(text, cause, kind):
    found = explain(f"ValueError: Error when checking input: expected input_1 to {text}")
    assert (found.causes[0].id, found.kind) == (cause, kind)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Shapes (None, 7) and (None, 1, 7) are incompatible", "shapes-axis-of-one"),
        (
            "The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1",
            "rgba-and-rgb",
        ),
        ("mat1 and mat2 shapes cannot be multiplied (8192x13 and 512x1)", "linear-features-among-rows"),
        (
            "Assign requires shapes of both tensors to match. lhs shape= [2048,3] rhs shape= [2048,1001]",
            "assign-head",
        ),
        ("shape '[1, 124]' is invalid for input of size 15872", "view-batch"),
    ],
)
def test_other_numbers_point_to_a_cause(text, cause):
    assert explain(text).causes[0].id == cause


# ---- what it leaves alone ----


@pytest.mark.parametrize("text", UNRELATED)
def test_other_errors_and_prose_are_left_alone(text):
    assert explain(text) is None


def test_the_book_itself_is_not_taken_for_an_error():
    """Prose about shapes, without a message in it: the guide's docstrings, the texts of the causes."""
    for cause in read_catalogue()["causes"].values():
        assert explain(cause["general"]) is None, cause["general"]
    for name, module in sys.modules.items():
        if name.startswith("errorguide.") and name != "errorguide.template":  # it shows a message's template
            assert explain(module.__doc__) is None, name


def test_only_text_is_taken():
    with pytest.raises(TypeError, match="not bytes"):
        explain(b"mat1 and mat2")


# ---- hostile text ----


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
    assert by_argument.stdout == by_input.stdout and "--page pytorch-conv-channels" in by_input.stdout
    shown = json.loads(run_command(CONV, "--json").stdout)
    assert shown["numbers"]["input"] == [1, 64, 256, 256] and shown["causes"][0]["title"] in by_input.stdout
    nothing = run_command(text="hello")
    assert nothing.returncode == 1 and nothing.stdout == "" and nothing.stderr.count("\n") == 1


def test_the_extension_explains_a_failing_cell():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("%load_ext errorguide")
    load_ipython_extension(shell)  # a second time: one explanation all the same
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
    assert shown.count("The flatten before the layer is missing") == 1
    assert "The flatten before the layer is missing" not in after


def test_an_explanation_as_text():
    def cause(name, *repairs, **more):
        more = {"fits": False, "pointed": False, "footer": False, **more}
        return Cause(name, f"Cause {name}", f"Because of {name}.", repairs, **more)

    choices = Repair("first\n  second", "To train", ""), Repair("third", "To load", "The head is lost.")
    found = Explanation(
        id="a-page",
        kind="concat",
        framework="numpy",
        title="A title",
        message="ValueError: the message",
        numbers={"shape": (1, 7), "size": 7, "other": 7, "many": (None, None)},
        meanings={
            "shape": "data: your shape",
            "size": "data: its size: in all",
            "other": "model: its size",
            "many": "model: no size",
        },
        causes=(cause("one", *choices, fits=True), cause("two"), cause("three"), cause("four", footer=True)),
        shown=1,
        repairs=("first", "third"),
        page="errors/a-page",
        chapter=None,
        place=Place("net.py", 3, "forward", "y = f(x)", "print(x.shape)", "It goes here.", "Then check."),
        unknown="KeyError: 1",
    )
    unknown = """The last error here is not one this book knows: KeyError: 1
The message below came before it, and may be worth reading.

"""
    head = "ValueError: the message\n\n"
    place = """Your line: net.py, line 3, in forward: y = f(x)
  Look there first: print(x.shape)
  It goes here.

"""
    numbers = "  7  its size: in all (your data)\n  7  its size (your model)\n\n"
    causes = """Cause one (fits these numbers)
   Because of one.
   To train:
       first
         second
   To load:
       third
   Careful: The head is lost.
"""
    tail = """
Less likely: Cause two; Cause three
Always possible: Cause four
More: python -m errorguide --page a-page"""
    assert as_text(found) == f"{unknown}{head}{place}{numbers}{causes}Then check.\n{tail}"
    bare = dataclasses.replace(found, meanings={}, place=None, unknown=None, others=(found,), message="")
    also = "\nAlso in this text: ValueError: the message  (errors/a-page.md)"
    assert as_text(bare) == f"A title\n\n{causes}{tail}{also}"


def test_the_text_names_owner_and_cause():
    shown = as_text(explain(CONV))
    assert "64  the channels your input has" in shown and "(your data)" in shown
    assert explain(CONV).causes[0].title in shown and "(1, 64, 256, 256)" not in shown


def test_the_guide_needs_no_framework_and_no_numpy():
    code = (
        "import sys, errorguide; errorguide.explain('x'); "
        "sys.exit(bool({'numpy', 'torch', 'tensorflow', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=BOOK, check=False).returncode == 0
