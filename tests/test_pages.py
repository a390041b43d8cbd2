"""Whole pages, built as `make book` builds them and read as HTML; test_browser.py opens them in a browser."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import htmlkit
import pytest
from htmlkit import build_book, make_book, pages_of, soup_of
from sample_book import ALT, PAGES

BOOK = Path(__file__).resolve().parents[1] / "book"
ADDRESS = "https://book.example/shapes/"
REPOSITORY = "https://github.com/owner/name"


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """The small book with an address and a repository."""
    return build_book(make_book(tmp_path_factory.mktemp("published"), PAGES, ADDRESS, REPOSITORY))


@pytest.fixture(scope="module")
def chapter(small_book):
    return soup_of(small_book / "01-first.html")


def labels_of(tab_set) -> list[str]:
    return [label.get_text().strip() for label in tab_set.find_all("label", recursive=False)]


# ---- Tabs ----


def test_adjacent_cells_and_prose_make_the_same_tabs(chapter):
    sets = chapter.select(".sd-tab-set")
    assert [labels_of(tab_set) for tab_set in sets] == [["NumPy", "PyTorch", "TensorFlow"]] * 3
    synced = {(label["data-sync-group"], label["data-sync-id"]) for label in chapter.select(".sd-tab-label")}
    assert synced == {("framework", name) for name in ("numpy", "pytorch", "tensorflow")}


def test_the_choice_at_the_top_has_the_order_of_the_tabs(small_book):
    page = soup_of(small_book / "01-first.html")
    choices = [option.get_text() for option in page.select("#framework-choice option")]
    assert choices == labels_of(page.select_one(".sd-tab-set"))


def test_a_tab_holds_the_cell_and_its_output(chapter):
    panels = chapter.select(".sd-tab-set")[0].select(".sd-tab-content")
    assert [len(panel.select(".cell_input")) for panel in panels] == [1, 1, 1]
    assert "(1, 64, 254, 254)" in panels[0].select_one(".cell_output").get_text()
    assert "to have 32 channels" in panels[1].select_one(".cell_output .failure").get_text()
    assert "Traceback" in panels[2].select_one(".cell_output .traceback").get_text()


def test_tabs_need_no_script(chapter):
    for tab_set in chapter.select(".sd-tab-set"):
        buttons = tab_set.find_all("input", recursive=False)
        assert [button["type"] for button in buttons] == ["radio"] * 3
        assert len({button["name"] for button in buttons}) == 1
        assert [button.has_attr("checked") for button in buttons] == [False, True, False]
        labels = tab_set.find_all("label", recursive=False)
        assert [label["for"] for label in labels] == [button["id"] for button in buttons]


def test_pytorch_is_open_first_wherever_it_stands_and_other_sets_open_their_first(tmp_path):
    def tabs(*names: str) -> str:
        items = "".join(f":::{{tab-item}} {name}\n:sync: {name.lower()}\nText.\n:::\n" for name in names)
        return f"\n::::{{tab-set}}\n:sync-group: framework\n\n{items}::::\n"

    page = "# Front\n" + tabs("NumPy", "TensorFlow", "PyTorch") + tabs("NumPy", "TensorFlow")
    html = build_book(make_book(tmp_path, {"index.md": page}))
    sets = soup_of(html / "index.html").select(".sd-tab-set")
    opened = [tab_set.select_one("input[checked] + label").get_text().strip() for tab_set in sets]
    assert opened == ["PyTorch", "NumPy"]


def test_a_cell_without_partners_stands_under_its_framework(chapter):
    alone = chapter.select_one(".framework-only")
    assert alone.select_one(".framework-label").get_text() == "TensorFlow"
    assert "tf.nn.conv2d" in alone.select_one(".cell_input").get_text()
    assert not alone.find_parent(class_="sd-tab-set")


def test_a_cell_tagged_for_two_frameworks_stops_the_build(tmp_path, capsys):
    two = htmlkit.notebook(
        htmlkit.markdown("# Page"), htmlkit.code("1", htmlkit.shown("1"), tags=("numpy", "pytorch"))
    )
    with pytest.raises(SystemExit):
        build_book(make_book(tmp_path, {"index.md": "# Front\n", "01-page.ipynb": two}))
    assert "numpy and pytorch: keep one tag" in capsys.readouterr().err


# ---- Exercises ----


def test_a_solution_folds_without_a_script_and_keeps_its_tabs(chapter):
    solutions = chapter.select("details.solution")
    titles = [solution.find("summary").get_text().strip() for solution in solutions]
    assert titles == ["Solution to exercise 1.1", "Solution to exercise 1.2"]
    assert not any(solution.has_attr("open") for solution in solutions)
    assert len(solutions[0].select(".sd-tab-set")) == 1


def test_exercises_are_counted_in_each_chapter(small_book, chapter):
    titles = [" ".join(title.get_text().split()) for title in chapter.select(".exercise > .admonition-title")]
    assert titles == ["Exercise 1.1 (The first)", "Exercise 1.2"]
    second = soup_of(small_book / "02-second.html")
    assert second.select_one(".exercise > .admonition-title").get_text().strip() == "Exercise 2.1"


# ---- Formulas and figures ----


def test_formulas_are_mathml_with_numbers(chapter):
    assert len(chapter.select("math")) == 4
    block = chapter.select_one(".math-block")
    assert block.find("math")["display"] == "block"
    assert block.select_one(".eqno").get_text() == "(1)"
    link = chapter.find("a", string="(1)") or chapter.find("a", href="#equation-convolution")
    assert chapter.find(id=link["href"].lstrip("#")) is block


def test_a_refused_formula_stops_the_build_and_says_what_to_write(tmp_path, capsys):
    with pytest.raises(SystemExit):
        build_book(make_book(tmp_path, {"index.md": "# Front\n\nThe norm $\\|x\\|$.\n"}))
    said = capsys.readouterr().err
    assert "Formula refused" in said
    assert "index.md:3" in said
    assert r"\lVert x \rVert" in said


def test_every_figure_has_a_dark_twin_and_keeps_its_text(small_book, chapter):
    light, dark = chapter.select(".cell_output img")
    assert (light["alt"], dark["alt"]) == (ALT, ALT)
    assert ("only-light" in light["class"]) and ("only-dark" in dark["class"])
    drawings = [(small_book / image["src"]).read_text(encoding="utf-8") for image in (light, dark)]
    assert "fill: #ffffff" in drawings[0]
    assert "fill: #14181e" in drawings[1]
    assert "#ffffff" not in drawings[1]


def test_the_cell_below_a_figure_is_its_caption(small_book, chapter):
    figure = chapter.select_one(".cell_output figure")
    assert len(figure.select("img")) == 2
    assert figure.figcaption.p.get_text().strip().rstrip("#") == "Figure 1.1. The block has one channel."
    assert chapter.get_text().count("The block has one channel.") == 1
    assert figure["id"] == "fig-block"
    assert chapter.find("a", string="Figure 1.1")["href"] == "#fig-block"


def test_other_pages_lead_to_figures_and_exercises(small_book):
    page = soup_of(small_book / "02-second.html")
    for said, place in (("Figure 1.1", "fig-block"), ("Exercise 1.2", "second")):
        assert page.find("a", string=said)["href"] == f"01-first.html#{place}"


def test_figures_are_counted_in_each_chapter(built_book):
    """The notebooks say the numbers too, which the lint compares; these are the page's own."""
    for page in built_book.glob("[0-9][0-9]-*.html"):
        numbers = [number.get_text().strip() for number in soup_of(page).select("figcaption .caption-number")]
        assert len(numbers) == len(soup_of(page).select(".cell_output img.only-light")) > 0
        chapter = int(page.name[:2])
        assert numbers == [f"Figure {chapter}.{place}." for place in range(1, len(numbers) + 1)]


# ---- The whole page ----


def test_a_page_without_code_loads_no_files_for_code(small_book):
    def loads(name: str) -> bool:
        return bool(re.search(r'="[^"]*copybutton\.js', (small_book / name).read_text(encoding="utf-8")))

    assert loads("01-first.html") and not loads("index.html")


def test_no_figure_is_a_link(small_book, built_book):
    pages = [*pages_of(small_book), *built_book.glob("[0-9][0-9]-*.html")]
    assert [path.name for path in pages if soup_of(path).select("article a > img")] == []


def test_no_page_names_a_third_party(small_book):
    for page in pages_of(small_book):
        soup = soup_of(page)
        loaded = [element.get("src") for element in soup.select("[src]")]
        loaded += [link.get("href") for link in soup.select("link[href]")]
        assert [address for address in loaded if htmlkit.is_external(address)] == []
    for style in small_book.rglob("*.css"):
        loads = re.findall(
            r"url\(\s*['\"]?(?:https?:)?//[^)]*\)|@import[^;]*//[^;]*;", style.read_text("utf-8")
        )
        assert loads == [], style.name


def test_what_no_page_uses_is_not_shipped(small_book):
    shipped = {
        path.relative_to(small_book / "_static").as_posix() for path in (small_book / "_static").rglob("*")
    }
    assert not [
        name for name in shipped if "fontawesome/" in name or "thebe" in name or name.endswith(".map")
    ]
    assert not [name for name in shipped if "mathjax" in name.lower()]


def test_the_colours_of_terminals_are_not_shipped_and_no_output_has_any(small_book, built_book):
    [sheet] = (small_book / "_static").glob("mystnb.*.css")
    rules = sheet.read_text(encoding="utf-8")
    assert "-Color" not in rules and "div.cell_output" in rules
    assert rules.count("{") == rules.count("}")
    for page in pages_of(built_book):
        assert not re.search(r'class="[^"]*-Color', page.read_text(encoding="utf-8")), page.name


def test_a_page_has_the_style_sheet_of_its_name_and_no_other_page_has(built_book):
    for sheet in (BOOK / "theme" / "static" / "pages").glob("*.css"):
        linked = [page.name for page in pages_of(built_book) if f"/{sheet.name}" in page.read_text("utf-8")]
        assert linked == [f"{sheet.stem}.html"]


def test_every_icon_of_a_page_is_in_the_style_sheet(published):
    style = (published / "_static" / "book.css").read_text(encoding="utf-8")
    drawn = set(re.findall(r"\.(fa-[a-z-]+)::before", style))
    used = set()
    for page in pages_of(published):
        used |= set(re.findall(r"fa-solid fa-([a-z-]+)", page.read_text(encoding="utf-8")))
    assert "magnifying-glass" in used
    assert {f"fa-{name}" for name in used} <= drawn


def test_the_notebook_can_be_downloaded_and_nothing_dead_is_offered(small_book, chapter):
    offers = chapter.select(".download-menu a[download]")
    assert [link.get_text().partition(" ")[0] for link in offers] == ["This", "Without", "The"]
    assert [link["href"] for link in offers] == [
        "handouts/01-first.zip",
        "handouts/01-first-without-solutions.zip",
        "handouts/01-first.ipynb",
    ]
    assert all((small_book / link["href"]).stat().st_size > 1000 for link in offers)
    assert not soup_of(small_book / "02-second.html").select(".article-header-buttons a, .download-menu")
    assert "window.print" not in chapter.decode()


def test_the_footer_names_the_licence(chapter):
    footer = " ".join(chapter.select_one(".bd-footer-content").get_text().split())
    assert footer == "Text and figures CC BY 4.0, code MIT. The authors of Expected 32, Got 64."


@pytest.mark.parametrize("which", ["small_book", "published"])
def test_no_link_of_the_small_book_is_dead(which, request):
    assert htmlkit.dead_links(request.getfixturevalue(which)) == []


def test_a_dead_link_would_be_found(small_book, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<p id="a"></p><a href="#a"></a><a href="#b"></a><img src="c.png"><a href="../d.html"></a>'
        '<a href="#m=a%20message"></a><a href="decoder.html#m=a%20message"></a><a href="decoder.html#n"></a>'
    )
    (tmp_path / "decoder.html").write_text("<p></p>")
    found = [address.removeprefix("page.html: ") for address in htmlkit.dead_links(tmp_path)]
    assert found == ["#b", "c.png", "../d.html", "#m=a%20message", "decoder.html#n"]


def repeated_ids(html: Path) -> list[str]:
    return [
        f"{page.relative_to(html)}: {name}"
        for page in pages_of(html)
        for name, count in htmlkit.places_of(page).ids.items()
        if count > 1
    ]


def test_no_id_occurs_twice_on_a_page(small_book):
    assert repeated_ids(small_book) == []


# ---- The two settings ----


def test_without_an_address_nothing_needs_one(small_book):
    for page in pages_of(small_book):
        soup = soup_of(page)
        assert not soup.select('link[rel="canonical"], meta[property^="og:"]')
        assert not soup.select(".article-header-buttons a:not([download])")
        assert "github.com/owner" not in soup.decode()
        assert "executablebooks" not in soup.decode()
    assert not (small_book / "sitemap.xml").exists()


def test_with_an_address_a_page_can_be_previewed_and_found(published):
    soup = soup_of(published / "01-first.html")
    preview = {tag["property"]: tag["content"] for tag in soup.select('meta[property^="og:"]')}
    assert preview["og:title"] == "Expected 32, got 64"
    assert preview["og:url"] == ADDRESS + "01-first.html"
    assert preview["og:description"].startswith("You fed 64 channels to a layer that wants 32")
    assert preview["og:type"] == "article"
    assert preview["og:image"] == ADDRESS + "_static/preview.png"
    assert (published / "_static" / "preview.png").is_file()
    assert [link["href"] for link in soup.select('link[rel="canonical"]')] == [ADDRESS + "01-first.html"]
    part = soup_of(published / "part-one.html")
    assert part.select_one('meta[property="og:title"]')["content"] == "The pages"
    assert part.select_one('meta[property="og:description"]')["content"] == "What they are about."
    front = soup_of(published / "index.html")
    assert front.select_one('meta[property="og:url"]')["content"] == ADDRESS
    for name in ("404.html", "search.html"):
        assert not soup_of(published / name).select('link[rel="canonical"], meta[property^="og:"]')


def test_the_missing_page_finds_the_book_from_any_folder(published, small_book):
    assert soup_of(published / "404.html").base["href"] == "/shapes/"
    assert soup_of(small_book / "404.html").base is None
    for html in (published, small_book):
        page = soup_of(html / "404.html")
        assert page.h1.get_text() == "Expected a page, got none"
        assert page.head.find("base") is None or not page.base.find_previous(["link", "script"], href=True)


def test_a_search_that_cannot_run_leads_to_the_index(built_book, small_book):
    for name in ("404.html", "search.html"):
        without = soup_of(built_book / name).select_one(".bd-search-container noscript")
        assert "needs JavaScript" in without.get_text()
        assert without.a["href"] == "book-index.html"
        assert soup_of(small_book / name).select_one(".bd-search-container noscript").a is None


def test_words_to_search_for_a_page_that_is_not_there_stop_the_build(tmp_path, capsys):
    root = make_book(tmp_path, {"index.md": "# Front\n"})
    (root / "book" / "search_words.yml").write_text("index: one, two\n09-none: three\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        build_book(root)
    said = capsys.readouterr().err
    assert "search_words.yml names the page '09-none', which is not there" in said
    assert "'index'" not in said


def test_with_an_address_there_is_a_sitemap_of_every_page(published):
    root = ElementTree.parse(published / "sitemap.xml").getroot()
    listed = {element.text for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert listed == {
        ADDRESS,
        *(ADDRESS + name for name in ("part-one.html", "01-first.html", "02-second.html", "errors/one.html")),
    }


def test_with_a_repository_the_buttons_lead_into_it(published):
    links = soup_of(published / "01-first.html").select(".article-header-buttons a:not([download])")
    addresses = {link["aria-label"]: link["href"] for link in links}
    assert addresses["Source repository"] == REPOSITORY
    assert addresses["Edit this page"] == f"{REPOSITORY}/edit/main/book/01-first.ipynb"
    report = addresses["Report a mistake on this page"]
    assert report.startswith(f"{REPOSITORY}/issues/new?title=Mistake%20on%2001-first.html")
    assert len(links) == 3
    part = soup_of(published / "part-one.html").select(".article-header-buttons a")
    assert f"{REPOSITORY}/edit/main/book/part-one.md" in [link["href"] for link in part]
    for name in ("404.html", "search.html"):
        others = [
            link["aria-label"] for link in soup_of(published / name).select(".article-header-buttons a")
        ]
        assert "Edit this page" not in others


# ---- Warnings ----


def test_a_warning_fails_the_first_build_and_the_second(tmp_path, capsys):
    root = make_book(tmp_path, {"index.md": "# Front\n", "02-page.md": "# Page\n\n{doc}`no-such-page`\n"})
    for _ in ("first", "second"):
        with pytest.raises(SystemExit) as stopped:
            build_book(root)
        assert "the build stopped" in str(stopped.value)
        assert "no-such-page" in capsys.readouterr().err
        assert not (root / "_build" / "html").exists()


def test_a_page_that_is_not_in_the_table_of_contents_is_not_built(tmp_path):
    root = make_book(tmp_path, {"index.md": "# Front\n"})
    (root / "book" / "draft.md").write_text("# A draft\n")
    html = build_book(root)
    assert not (html / "draft.html").exists()


# ---- Numbers of chapters ----


def test_a_chapter_carries_its_number_wherever_it_is_named(small_book, chapter):
    assert chapter.h1.get_text().startswith("1. Expected 32, got 64")
    assert chapter.title.get_text().startswith("1. Expected 32, got 64")
    around = [title.get_text() for title in chapter.select(".prev-next-footer .prev-next-title")]
    assert around == ["The pages", "2. The second page"]
    front = soup_of(small_book / "index.html")
    assert front.h1.get_text().startswith("A small book")
    assert [part.get_text() for part in front.select(".entry .part-number")] == ["Part 1"]
    assert [(link.get_text(), link["href"]) for link in front.select("h3.entry-title a")] == [
        ("The pages", "part-one.html")
    ]
    listed = [(link.get_text(), link["href"]) for link in front.select("ul.chapters a")]
    assert listed[:2] == [
        ("1. Expected 32, got 64", "01-first.html"),
        ("2. The second page", "02-second.html"),
    ]


def test_the_page_about_a_part_lists_its_pages_and_is_the_sidebars_heading(small_book):
    part = soup_of(small_book / "part-one.html")
    listed = [(link.get_text(), link["href"]) for link in part.select("h3.entry-title a")]
    assert listed == [
        ("1. Expected 32, got 64", "01-first.html"),
        ("2. The second page", "02-second.html"),
    ]
    assert part.select_one("p.part-number").get_text() == "Part 1"
    assert part.select_one("p.part-number").find_next_sibling().name == "h1"
    for name, address, current in (("part-one", "#", True), ("02-second", "part-one.html", False)):
        heading = soup_of(small_book / f"{name}.html").select_one(".bd-links p.caption")
        assert (heading.a.get_text(), heading.a["href"]) == ("The pages", address)
        assert ("current" in heading["class"]) is current
        assert heading["role"] == "heading"
        listed = [link["href"] for link in heading.find_next_sibling("ul").select("a")]
        assert "part-one.html" not in listed and len(listed) == 3


def test_an_entry_of_a_page_that_is_not_there_stops_the_build(tmp_path, capsys):
    with pytest.raises(SystemExit):
        build_book(make_book(tmp_path, {"index.md": "# Front\n\n```{entry} 09-none\nA line.\n```\n"}))
    assert "no page '09-none' for this entry" in capsys.readouterr().err


def test_the_front_page_and_the_parts_pages_list_every_page(built_book):
    front = soup_of(built_book / "index.html")
    parts = [link["href"] for link in front.select(".entry-title a")]
    assert sorted(parts) == sorted(path.name for path in built_book.glob("part-*.html"))
    numbers = [number.get_text() for number in front.select(".part-number")]
    assert numbers == ["Part 1", "Part 2", "Part 3", "Part 4"]
    listed = [link["href"] for link in front.select("ul.chapters a")]
    assert listed[:17] == [path.name for path in sorted(built_book.glob("[0-9][0-9]-*.html"))]
    assert front.select_one("ul.chapters a").get_text().startswith("1. ")
    own = [link["href"] for part in parts for link in soup_of(built_book / part).select(".entry-title a")]
    assert own == listed


def test_every_entry_has_a_picture_of_its_own(built_book):
    pages = [built_book / "index.html", *sorted(built_book.glob("part-*.html"))]
    entries = [entry for page in pages for entry in soup_of(page).select(".entry")]
    drawn = [entry.select_one("img.only-light") for entry in entries]
    assert [entry.get_text() for entry, image in zip(entries, drawn, strict=True) if image is None] == []
    assert len({image["src"] for image in drawn}) == len(drawn)
    assert len({image["alt"] for image in drawn}) == len(drawn)


# ---- The book itself ----


def test_every_page_of_the_book_stands_in_the_table_of_contents(built_book):
    sources = [
        path for end in ("ipynb", "md") for path in BOOK.rglob(f"*.{end}") if path.parent.name != "fonts"
    ]
    pages = [path.relative_to(BOOK).with_suffix(".html") for path in sources]
    assert pages
    assert [str(page) for page in pages if not (built_book / page).is_file()] == []


def test_the_ways_into_the_book_are_in_sight(built_book):
    front = soup_of(built_book / "index.html").article
    assert [link["href"] for link in front.select("a.way")] == ["#paste", "01-expected-32-got-64.html"]
    assert [part.get_text().strip("#") for part in front.select("h2")] == [
        "Paste your error",
        "Read the book",
        "Use it",
    ]
    assert not soup_of(built_book / "index.html").select(".bd-sidebar-secondary, .secondary-toggle")
    cover = front.select_one(".cover-figure img.only-light")
    assert "32 channels" in cover["alt"] and "64" in cover["alt"]


def test_an_example_is_explained_in_each_framework_without_a_script(built_book):
    tabs = soup_of(built_book / "index.html").select(".until-asked .sd-tab-set")
    assert [labels_of(tab_set) for tab_set in tabs] == [["NumPy", "PyTorch", "TensorFlow"]]
    explained = tabs[0].select(".decoder.explained")
    assert len(explained) == 3
    for example in explained:
        assert {"32", "64"} <= {number.get_text() for number in example.select("dt")}
        assert example.select(".decoder-causes > li strong")
        assert example.select_one("a[href^='errors/']")


def test_the_front_page_has_the_decoder_and_its_files(built_book):
    front = soup_of(built_book / "index.html")
    assert front.select_one("#decoder textarea")
    files = {script["src"].partition("?")[0] for script in front.select("script[src]")}
    assert {f"_static/{name}" for name in ("decoder-data.js", "decoder-engine.js", "decoder.js")} <= files


def test_no_link_of_the_book_is_dead(built_book):
    assert htmlkit.dead_links(built_book) == []


def test_no_id_of_the_book_occurs_twice_on_a_page(built_book):
    assert repeated_ids(built_book) == []


def test_a_page_below_a_chapter_has_the_sidebar_of_its_chapter(built_book):
    def sidebar(name: str) -> list[tuple[str, str, list[str]]]:
        links = htmlkit.part_of(built_book / "errors" / name, "bd-links").select("a")
        return [(link["href"].replace("#", "index.html"), link.text, link.parent["class"]) for link in links]

    wanted = sidebar("index.html")
    assert [place for place, _, classes in wanted if "current" in classes] == ["index.html"]
    for path in sorted((built_book / "errors").glob("*-*.html")):
        assert sidebar(path.name) == wanted, path.name


def test_the_sidebar_numbers_the_chapters_as_the_text_does(built_book):
    links = soup_of(built_book / "errors" / "index.html").select(".bd-links a")
    numbers = {link["href"]: link.text.partition(". ")[0] for link in links}
    assert numbers["../14-as-fast-as-the-framework.html"] == "14"
    for path in sorted(built_book.glob("[0-9][0-9]-*.html")):
        assert numbers[f"../{path.name}"] == str(int(path.name[:2]))
    assert not numbers["../decoder.html"][0].isdigit()
    for path in sorted(built_book.glob("[0-9][0-9]-*.html")):
        assert soup_of(path).h1.get_text().startswith(f"{int(path.name[:2])}. ")


def test_previous_and_next_pass_by_the_pages_below_a_chapter(built_book):
    def around(name: str) -> list[str]:
        return [link["href"] for link in soup_of(built_book / name).select(".prev-next-footer a")]

    assert around("errors/pytorch-mat1-mat2.html") == []
    assert around("errors/index.html") == [
        "../explain-it-where-it-fails.html",
        "../the-documents-claim-by-claim.html",
    ]
    assert around("the-documents-claim-by-claim.html") == ["errors/index.html", "cheat-sheet.html"]


def test_a_message_keeps_its_straight_quotes_where_it_is_a_heading_or_a_link(built_book):
    page = soup_of(built_book / "errors" / "keras-dense-features.html")
    assert "layer 'dense' is" in page.h1.get_text()
    assert "layer 'dense' is" in page.title.get_text()
    links = soup_of(built_book / "errors" / "index.html").select(
        'article a[href$="keras-dense-features.html"]'
    )
    assert links
    assert all("layer 'dense' is" in link.get_text() for link in links)
    assert "'conv2d'" in soup_of(built_book / "versions.html").article.get_text()


def test_one_page_lists_every_handout_and_no_file_is_left_out(built_book):
    table = soup_of(built_book / "to-hand-out.html").select_one("table.handouts")
    assert [head.get_text() for head in table.select("th")] == [
        "Page", "Zip", "Without solutions", "Notebook alone",
    ]  # fmt: skip
    rows = table.select("tbody tr")
    assert len(rows) == 1 + len(list(BOOK.glob("*.ipynb")))
    assert rows[0].td.get_text() == "The whole book"
    assert rows[1].td.get_text().startswith("1. ")
    linked = {link["href"] for link in table.select("a[download]")}
    assert linked == {f"handouts/{path.name}" for path in (built_book / "handouts").iterdir()}
    kilobytes = (built_book / "handouts" / "04-the-repair.zip").stat().st_size / 1000
    assert f"{kilobytes:.0f} KB" in table.find("a", href="handouts/04-the-repair.zip").get_text()
