"""`Table`, as text and as HTML."""

from __future__ import annotations

import pytest

from bookkit.tables import Table


def test_the_text_has_columns() -> None:
    table = Table(["tool", "says"], [["torchinfo", "nothing"], ["hooks", 64]])
    assert repr(table) == "tool       says\ntorchinfo  nothing\nhooks      64"


def test_the_html_names_rows_and_columns_and_escapes_what_they_say() -> None:
    page = Table(["tool", "says"], [["a < b", "x & y"]])._repr_html_()
    assert '<th scope="col">tool</th><th scope="col">says</th>' in page
    assert '<tr><th scope="row">a &lt; b</th><td>x &amp; y</td></tr>' in page


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="has 1 cells; expected 2"):
        Table(["tool", "says"], [["torchinfo"]])


def test_what_stands_between_backticks_is_code() -> None:
    page = Table(["`a`", "says"], [["`x < y`", "a `b` c"]])._repr_html_()
    assert '<th scope="row"><code>x &lt; y</code></th><td>a <code>b</code> c</td>' in page
