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
from reporting.document.rendering import mode_long, rounding, symbols_of
from reporting.numbers import SYMBOLS
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


def document(block: Block, rounded_to: int | None = None, *, mode: str = "public") -> Document:
    section = Section("one", "One", (block,))
    return Document("d", "Title", "", "internal" if mode == "internal" else "public", (section,), (), rounded_to)


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


@pytest.mark.parametrize("base", [5, 10])
def test_a_document_with_rounded_counts_says_so_on_every_page_and_below_every_table(tmp_path: Path, base: int) -> None:
    made = document(table("c", 150), base)
    said = rounding(base)
    assert said.startswith(f"Counts are rounded to multiples of {base}, each within {base - 1} of the true count")
    assert said in mode_long(made)
    page = lxml.html.document_fromstring(render_html(made))
    assert said in " ".join(page.xpath("//*[@class='notes']//text()"))
    assert said in page.xpath("//p[@class='mode']")[0].text_content()
    (tmp_path / "one.pdf").write_bytes(render_pdf(made))
    pages = [" ".join(word.text for word in one.words) for one in read_pages(tmp_path / "one.pdf")]
    assert len(pages) > 3
    assert all(said in one for one in pages)
    assert faults_of(tmp_path / "one.pdf") == []


@pytest.mark.parametrize("mode", ["internal", "public"])
def test_a_document_without_rounding_does_not_speak_of_it(mode: str) -> None:
    made = document(table("c"), mode=mode)
    assert rounding(made.rounded_to) == ""
    assert "ounded to" not in mode_long(made)
    assert "ounded to multiples" not in render_html(made)
    assert ("shown as c" in mode_long(made)) == (mode == "public")


def test_what_an_internal_edition_is_does_not_depend_on_rounding() -> None:
    one = document(table("c"), mode="internal")
    assert mode_long(one) == mode_long(dataclasses.replace(one, rounded_to=5))
