"""Symbols and rounding are explained where they stand: in HTML below each part, in a PDF on each page."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import lxml.html
import pytest

from reporting.charts.bars import bars
from reporting.charts.drawing import Item
from reporting.document.blocks import (
    Block,
    Cell,
    Column,
    Document,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Row,
    Section,
    Table,
)
from reporting.document.html import render_html
from reporting.document.pdf import render_pdf
from reporting.document.rendering import mode_long, symbols_of
from reporting.numbers import SYMBOLS
from reporting.protection import Protected, how_protected, together
from tools.pdf_layout import faults_of
from tools.pdf_pages import read_pages


def table(symbol: str, rows: int = 1) -> Table:
    cells = tuple(Row((Cell(f"Row {index}"), Cell(symbol, symbol=symbol))) for index in range(rows))
    return Table("t", "A table", (Column("Label", align="text"), Column("Count")), cells)


def chart(status: str) -> Block:
    return bars((Item("One", 5.0), Item("Two", None, status=status))).block("chart", "A chart")


BLOCKS: dict[str, tuple[Block, set[str]]] = {
    "a hidden count in a table": (table("c"), {"c"}),
    "what is not available": (table("x"), {"x"}),
    "a table without a symbol": (table(""), set()),
    "a table over several pages": (table("c", 150), {"c"}),
    "a hidden bar": (chart("c"), {"c"}),
    "a chart of numbers only": (bars((Item("x2", 5.0), Item("y", 3.0))).block("chart", "A chart"), set()),
    "a hidden large number": (KeyFigures((KeyFigure("c", "children", "key", "value", "c"),)), {"c"}),
    "a large number": (KeyFigures((KeyFigure("12", "children", "key", "value"),)), set()),
    "a sentence": (Paragraph("Of 100 x n, z and c."), set()),
}


def document(block: Block, protected: tuple[Protected, ...] = (), *, mode: str = "public") -> Document:
    section = Section("one", "One", (block,))
    return Document("d", "Title", "", "internal" if mode == "internal" else "public", (section,), (), protected)


@pytest.mark.parametrize("name", BLOCKS)
def test_symbols_are_explained_where_they_stand_and_nowhere_else(tmp_path: Path, name: str) -> None:
    block, expected = BLOCKS[name]
    assert {symbol for symbol, _ in symbols_of(block)} == expected
    page = lxml.html.document_fromstring(render_html(document(block)))
    said = " ".join(page.xpath("//*[@class='notes']//text()"))
    assert {symbol for symbol, words in SYMBOLS.items() if words in said} == expected
    (tmp_path / "one.pdf").write_bytes(render_pdf(document(block)))
    assert faults_of(tmp_path / "one.pdf") == []
    # The first page has the title alone.
    for page_of in list(read_pages(tmp_path / "one.pdf"))[1:]:
        words = " ".join(word.text for word in page_of.words)
        assert {symbol for symbol, meaning in SYMBOLS.items() if meaning in words} == expected


ROUNDED, COARSER = Protected(5, ("forms of 2023-24",)), Protected(10, ("forms of 2022-23", "returns of 2015 to 2017"))
HIDDEN = Protected(None, ("forms of 2018-19 to 2019-20", "forms of 2021-22", "returns of 2006 to 2014"))
# What a page says of the figures of its years, and what it must not say.
METHODS: dict[str, tuple[tuple[Protected, ...], tuple[str, ...], str]] = {
    "rounded": ((ROUNDED,), ("Counts are rounded to multiples of 5, each within 4 of the true count",), "are hidden;"),
    "rounded to a raised threshold": (
        (COARSER,), ("Counts are rounded to multiples of 10, each within 9 of the true count",), "multiples of 5"
    ),
    "hidden": ((HIDDEN,), ("Small counts, and figures from which one could be worked out, are hidden",), "ounded to"),
    "both": (
        (ROUNDED, COARSER, HIDDEN),
        (
            "Forms of 2023-24: counts are rounded to multiples of 5, each within 4",
            "Forms of 2022-23, and returns of 2015 to 2017: counts are rounded to multiples of 10, each within 9",
            "Forms of 2018-19 to 2019-20, and forms of 2021-22, and returns of 2006 to 2014: small counts",
        ),
        "so that nobody can be recognised. They",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", METHODS)
def test_a_document_says_the_method_of_its_years_on_every_page_and_below_every_table(tmp_path: Path, name: str) -> None:
    protected, expected, foreign = METHODS[name]
    made = document(table("c", 150), protected)
    said = how_protected(protected)
    for one, begins in zip(said, expected, strict=True):
        assert one.startswith(begins)
    page = lxml.html.document_fromstring(render_html(made))
    below = " ".join(page.xpath("//*[@class='notes']//text()"))
    above = page.xpath("//p[@class='mode']")[0].text_content()
    (tmp_path / "one.pdf").write_bytes(render_pdf(made))
    pages = [" ".join(word.text for word in one.words) for one in read_pages(tmp_path / "one.pdf")]
    assert len(pages) > 3
    for text in (below, above, *pages):
        assert all(one in text for one in said)
        assert foreign not in text
    assert faults_of(tmp_path / "one.pdf") == []


@pytest.mark.parametrize("mode", ["internal", "public"])
def test_a_document_of_which_no_method_is_known_does_not_speak_of_one(mode: str) -> None:
    made = document(table("c"), mode=mode)
    assert how_protected(made.protected) == ()
    assert "ounded to multiples" not in render_html(made)
    assert "are hidden" not in render_html(made)
    assert ("shown as c" in mode_long(made)) == (mode == "public")


def test_what_an_internal_edition_is_does_not_depend_on_rounding() -> None:
    one = document(table("c"), mode="internal")
    assert mode_long(one) == mode_long(dataclasses.replace(one, protected=(ROUNDED,)))


def test_years_that_were_printed_alike_are_told_together() -> None:
    assert together((HIDDEN, COARSER), (ROUNDED, Protected(5, ("returns",)))) == (
        Protected(5, ("forms of 2023-24", "returns")), COARSER, HIDDEN
    )  # fmt: skip
