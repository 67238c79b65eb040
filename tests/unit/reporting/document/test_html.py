"""HTML of a document: text stays text, nothing outside is asked for, and every reader finds a way through it."""

from __future__ import annotations

import dataclasses
import itertools
import re
import time
from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings

from reporting.document.blocks import Block, Chart, Document, LinkList, Paragraph, Section, Table, printable
from reporting.document.html import render_html
from reporting.document.rendering import MODE_SHORT, mode_long, plain_number, tables_of
from tests.support.report_document import ANY_TEXT, EMPTY, TRICKY, document, table

Element = Any  # an element of lxml, which has no types


def parsed(html: str) -> Element:
    return lxml.html.document_fromstring(html.encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8"))


@pytest.fixture(scope="module")
def page() -> Element:
    return parsed(render_html(document()))


def words(element: Element) -> str:
    return str(element.text_content())


def one(page: Element, path: str) -> Element:
    found = page.xpath(path)
    assert len(found) == 1, path
    return found[0]


def texts_of(given_document: Document) -> Iterator[str]:
    """Every text a reader has to find on the page."""
    yield from (given_document.title, given_document.subtitle)
    for fact in given_document.facts:
        yield from fact
    for section in given_document.walk():
        yield section.title
        for block in section.blocks:
            match block:
                case Paragraph():
                    yield block.text
                case Table():
                    pass
                case Chart():
                    yield from (block.title, block.alt)
                case LinkList():
                    yield from (link.text for line in block.lines for link in line)
                case _:
                    for item in block.items:
                        yield from (item,) if isinstance(item, str) else (item.text, item.label)
    for each in tables_of(given_document):
        yield from (each.caption, *each.notes)
        if not each.rows:
            yield each.empty_text
            continue
        yield from (text for column in each.columns for text in (column.heading, column.group) if text)
        yield from (cell.text for row in each.rows for cell in row.cells)


def assert_same_text(given_document: Document) -> None:
    """Each text of the document is the whole text of an element, and no text became an element."""
    page = parsed(render_html(given_document))
    found = {words(element) for element in page.iter() if isinstance(element.tag, str)}
    found |= {line for element in page.iter("summary") for line in (words(element),)}
    for text in texts_of(given_document):
        assert printable(text) in found, repr(text)
    plain = parsed(render_html(document("plain")))
    assert [each.tag for each in page.iter() if isinstance(each.tag, str) and each.tag not in ("text", "tspan")] == [
        each.tag for each in plain.iter() if isinstance(each.tag, str) and each.tag not in ("text", "tspan")
    ]


def test_markup_in_labels_stays_text() -> None:
    assert_same_text(document(TRICKY))


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT)
def test_any_text_comes_out_as_text(label: str) -> None:
    assert_same_text(document(label))


def test_keys_and_numbers_of_cells_survive(page: Element) -> None:
    cells = page.xpath("//td[@data-key]")
    expected = [
        (cell.key, cell.part, cell.text, cell.symbol)
        for each in tables_of(document())
        for row in each.rows
        for cell in row.cells
        if cell.key
    ]
    assert len(expected) == 3 * 3 * 4
    assert expected == [
        (cell.get("data-key"), cell.get("data-part"), words(cell), cell.get("data-symbol", "")) for cell in cells
    ]
    numbers = {words(cell): cell.get("data-value") for cell in cells}
    assert numbers["1,234"] == "1234"
    assert numbers["12.5"] == "12.5"
    assert numbers["c"] is None
    figure = one(page, "//dd[@data-key='key|n']")
    assert (words(figure), figure.get("data-part"), figure.get("data-value")) == ("1,966", "numerator", "1966")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234", "1234"),
        ("−3.5", "-3.5"),
        ("+2.0", "2.0"),
        ("96 %", "96"),
        ("c", ""),
        ("10 to 12", ""),
        ("", ""),
        ("0", "0"),
    ],
)
def test_plain_number(text: str, number: str) -> None:
    assert plain_number(text) == number


@pytest.mark.parametrize("mode", ["public", "internal"])
def test_nothing_outside_the_file_is_asked_for(mode: str) -> None:
    html = render_html(document("https://example.org/x.png", "internal" if mode == "internal" else "public"))
    page = parsed(html)
    assert (
        page.xpath("//script | //link | //img | //iframe | //object | //embed | //base | //form | //audio | //video")
        == []
    )
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            if name in ("src", "href", "srcset", "data", "action", "xlink:href", "poster", "background"):
                assert value.startswith("#"), (name, value)
            assert "url(" not in value or "url(#" in value
    styles = " ".join(words(style) for style in page.iter("style"))
    assert "url(" not in styles
    assert "@import" not in styles
    assert "@font-face" not in styles
    policy = one(page, "//meta[@http-equiv='Content-Security-Policy']").get("content")
    assert policy.startswith("default-src 'none'")


def test_ids_are_unique_and_links_reach_them(page: Element) -> None:
    ids = [str(value) for value in page.xpath("//@id")]
    assert len(ids) == len(set(ids))
    links = [str(value) for value in page.xpath("//a/@href")]
    assert links
    assert {link[1:] for link in links} <= set(ids)
    named = [name for value in page.xpath("//@aria-labelledby | //@aria-describedby") for name in str(value).split()]
    assert set(named) <= set(ids)


def test_headings_are_in_order(page: Element) -> None:
    levels = [int(element.tag[1]) for element in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert max(levels) == 4


def test_deepest_heading_is_the_sixth() -> None:
    section = Section("s9", "s9")
    for level in range(8, 0, -1):
        section = Section(f"s{level}", f"s{level}", (), (section,))
    page = parsed(render_html(Document("d", "t", "", "public", (section,))))
    assert [element.tag for element in page.iter("h2", "h3", "h4", "h5", "h6")][1:] == [
        *(f"h{level}" for level in range(2, 7)),
        *["h6"] * 4,
    ]


def test_language_landmarks_and_contents(page: Element) -> None:
    assert page.get("lang") == "en-GB"
    for landmark in ("header", "nav", "main", "footer"):
        one(page, f"//body//{landmark}")
    assert page.xpath("//body/a[1]/@href") == ["#report"]
    contents = [(words(link), link.get("href")) for link in page.xpath("//nav//a")]
    assert contents == [
        (printable(section.title), f"#{section.section_id}")
        for section in document().walk()
        if section.section_id != "deep"
    ]


def test_tables_have_caption_and_scoped_headings(page: Element) -> None:
    tables = page.xpath("//table")
    assert len(tables) == 3
    for each in tables:
        assert len(each.xpath("./caption")) == 1
        assert words(each[0]) == words(each.xpath("./caption")[0])
        assert all(heading.get("scope") in ("col", "colgroup", "row") for heading in each.iter("th"))
        for row in each.xpath("./tbody/tr"):
            assert [cell.tag for cell in row] == ["th", *["td"] * 4]
            assert row[0].get("scope") == "row"
        region = each.getparent()
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
        notes = one(page, f"//*[@id='{each.get('aria-describedby')}']")
        assert "n counts forms." in words(notes)
        assert "c confidential" in words(notes)


def test_grouped_headings_cover_their_columns() -> None:
    page = parsed(render_html(document("plain")))
    grouped = one(page, "//*[@id='t-2']//table")
    upper, lower = grouped.xpath("./thead/tr")
    assert [(words(cell), cell.get("scope"), cell.get("colspan"), cell.get("rowspan")) for cell in upper] == [
        ("Heading plain", "col", None, "2"),
        ("2023-24", "colgroup", "2", None),
        ("2022-23", "colgroup", "1", None),
        ("Change", "col", None, "2"),
    ]
    assert [words(cell) for cell in lower] == ["Count", "%", "Count"]
    spans = [int(group.get("span", len(group) or 1)) for group in grouped.xpath("./colgroup")]
    assert sum(spans) == 5


def test_landmarks_have_names_of_their_own() -> None:
    """Two tables of one caption, and a chart of the same title, are still told apart in a list of landmarks."""
    same = [dataclasses.replace(table(f"t{index}"), caption="The same") for index in range(3)]
    chart = next(block for section in document().walk() for block in section.blocks if isinstance(block, Chart))
    blocks: tuple[Block, ...] = (*same[:2], dataclasses.replace(chart, title="The same"), same[2])
    page = parsed(render_html(dataclasses.replace(document(), sections=(Section("one", "One", blocks),))))
    names = [str(name) for name in page.xpath("//*[@role='region']/@aria-label")]
    assert names == ["Table: The same", "Table: The same (2)", "Chart: The same", "Table: The same (3)"]
    assert page.xpath("//section[@aria-label or @aria-labelledby]") == []


def test_every_chart_has_an_alternative(page: Element) -> None:
    figures = page.xpath("//figure")
    assert [figure.get("id") for figure in figures] == ["chart-1", "chart-2"]
    for figure in figures:
        picture = one(figure, ".//*[local-name()='svg']")
        assert picture.get("role") == "img"
        assert words(one(figure, "./figcaption")).startswith("Chart ")
        alt = words(one(figure, ".//*[@class='alt']"))
        assert alt.startswith("Bars of the figures.")
        assert alt == words(one(picture, "./*[local-name()='desc']"))


def test_empty_table_prints_its_sentence(page: Element) -> None:
    empty = one(page, "//*[@id='t-empty']")
    assert words(one(empty, "./p[2]")) == EMPTY.empty_text
    assert empty.xpath(".//table") == []
    assert EMPTY.caption in words(empty)


def test_mode_is_said_on_the_page_and_in_the_head_of_every_printed_one() -> None:
    for mode in ("public", "internal"):
        shown = document("plain", "internal" if mode == "internal" else "public")
        html = render_html(shown)
        page = parsed(html)
        assert words(one(page, "//p[@class='mode']")) == mode_long(shown)
        assert one(page, "//body").get("class") == mode
        assert f'@page {{ @top-left {{ content: "{MODE_SHORT[mode]}"; }} }}' in html
        assert f"({mode} edition)" in words(one(page, "//head/title"))
    assert "Do not pass" in MODE_SHORT["internal"]


def test_same_document_gives_the_same_bytes() -> None:
    assert render_html(document()) == render_html(document())


@pytest.mark.parametrize(
    ("sections", "words_of_error"),
    [
        ((Section("same", "a"), Section("same", "b")), "two parts of the document demo have the id 'same'"),
        ((Section("same", "a", (table("same"),)),), "two parts"),
        ((Section("a b", "a"),), "'a b' cannot be the id"),
        (
            (Section("a", "a", (dataclasses.replace(table("t"), columns=table("t").columns[:2]),)),),
            "a row of the table t",
        ),
        ((Section("a", "a", (Chart("c", "title", {}, " "),)),), "the chart c has no title or no text alternative"),
    ],
)
def test_what_cannot_be_rendered_well_is_refused(sections: tuple[Section, ...], words_of_error: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words_of_error)):
        render_html(dataclasses.replace(document("plain"), sections=sections))


def test_a_hundred_and_twenty_tables_take_less_than_a_few_seconds() -> None:
    """Loose on purpose: it holds on a busy machine and fails when rendering stops being linear."""
    many = Document(
        "many", "Many", "", "public", (Section("s", "s", tuple(table(f"t{index}") for index in range(120))),)
    )
    render_html(many)
    began = time.process_time()
    render_html(many)
    assert time.process_time() - began < 3
