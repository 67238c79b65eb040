"""The numbers of the chapter are those of the figures, and what is hidden is nowhere."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from lxml import html as lxml_html

from reporting.document.blocks import Cell, Chart, Paragraph
from reporting.document.html import render_html
from reporting.figures import Figure, Figures, Mode
from tests.support.returns_release import (
    HIDDEN,
    OWN,
    SECRET,
    build,
    chart,
    findings,
    release,
    sample,
    tables,
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return release(tmp_path / "insights.duckdb", sample())


def shown(number: float, text: str) -> str:
    places = len(text.partition(".")[2])
    rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{rounded:,}"


def expected(cell: Cell, one: Figure) -> str:
    """What a cell has to print, said without the code under test."""
    if cell.part in {"numerator", "denominator"}:
        number = one.numerator if cell.part == "numerator" else one.denominator
        return one.status if number is None and one.status != "ok" else "" if number is None else f"{number:,}"
    if cell.part == "change":
        sizes = [one.change, one.change_lower_95, one.change_upper_95]
        places = 0 if one.statistic == "count" else 1
        size, lower, upper = ("" if number is None else f"{number:+.{places}f}".replace("-", "−") for number in sizes)
        return f"{one.change_mark} {size} ({lower} to {upper})"
    if cell.part == "interval":
        if one.lower_95 is None or one.upper_95 is None:
            return one.status if one.status != "ok" else ""
        lower, _, upper = cell.text.partition(" to ")
        return f"{shown(one.lower_95, lower)} to {shown(one.upper_95, upper)}"
    assert cell.part == "value", cell.part
    return one.status if one.value_rounded is None else shown(one.value_rounded, cell.text)


@pytest.mark.parametrize("mode", ["internal", "public"])
def test_every_number_of_the_tables_is_that_of_its_figure(database: Path, mode: Mode) -> None:
    document = build(database, mode)
    with Figures(database, mode) as figures:
        known = {one.key: one for one in figures.select()}
    printed = set()
    for table in tables(document):
        for row in table.rows:
            for cell in row.cells[1:]:
                if cell.key:
                    assert cell.text == expected(cell, known[cell.key]), (table.table_id, cell)
                    printed.add((cell.key, cell.part))
                else:
                    # Words only: a unit, a period, or nothing.
                    assert not cell.text or table.table_id.startswith(f"table-area-{OWN}-gap"), cell
    for key, one in known.items():
        if one.numerator is not None and one.statistic in {"rate", "percentage"}:
            assert (key, "numerator") in printed
        if one.status != "c":
            assert (key, "value") in printed, key


def test_a_hidden_figure_is_a_symbol_and_nothing_else(database: Path) -> None:
    inside, outside = build(database, "internal"), build(database, "public")
    assert f"{HIDDEN:,}" in render_html(inside)
    page = render_html(outside)
    for trace in (f"{HIDDEN:,}", str(HIDDEN), f"{HIDDEN / 7:,.1f}", "4,476", "9,999.9", SECRET, "4711"):
        assert trace not in page
        for section in outside.walk():
            for block in section.blocks:
                if isinstance(block, Chart):
                    assert trace not in json.dumps(block.spec), block.chart_id
                    assert trace not in block.alt, block.chart_id
    # The year before is shown, the hidden one has its symbol in the chart and in the table.
    assert "Hidden to protect children (c)" in chart(outside, f"chart-area-{OWN}-cla-rate").alt
    cells = [
        cell for table in tables(outside) for row in table.rows for cell in row.cells if "|cla_rate|2016|" in cell.key
    ]
    assert {(cell.part, cell.text, cell.symbol) for cell in cells if cell.text} >= {
        ("numerator", "c", "c"), ("value", "c", "c"), ("interval", "c", "c"),
    }  # fmt: skip
    assert not [cell for cell in cells if cell.part == "change" and cell.text]
    # No sentence either: higher or lower would say where it lies.
    assert findings(outside, "Title of cla_rate") == []


def marks(block: Chart, kind: str) -> int:
    """How many points or bars a chart has."""
    return sum(len(layer["data"]["values"]) for layer in block.spec["layer"] if layer["mark"]["type"] == kind)


@pytest.mark.parametrize("mode", ["internal", "public"])
def test_findings_name_the_figures_whose_numbers_they_say(database: Path, mode: Mode) -> None:
    with Figures(database, mode) as figures:
        known = {one.key: one for one in figures.select()}
    document = build(database, mode)
    found = [
        block
        for section in document.walk()
        if "-gap-" not in section.section_id
        for block in section.blocks
        if isinstance(block, Paragraph) and block.kind == "finding"
    ]
    assert len(found) == (2 if mode == "internal" else 1)
    for block in found:
        assert block.keys, block.text
        for one in (known[key] for key in block.keys):
            assert one.value_rounded is not None
            # Of factors that meet only the word is said.
            if one.source == "indicator_value":
                assert f"{one.value_rounded:,}" in block.text or f"{one.value_rounded:,.0f}" in block.text
    page = render_html(document)
    keys = lxml_html.fromstring(page).xpath("//p[@class='finding'][@data-keys]/@data-keys")
    assert [str(one).split("\n") for one in keys] == [list(block.keys) for block in found]


def test_a_hidden_figure_has_no_mark_in_a_chart_not_even_at_0(database: Path) -> None:
    inside, outside = build(database, "internal"), build(database, "public")
    for chart_id, kind in (
        (f"chart-area-{OWN}-cla-rate", "point"),
        (f"chart-area-{OWN}-missing-by-duration-pct", "bar"),
    ):
        assert marks(chart(inside, chart_id), kind) == 4
        assert marks(chart(outside, chart_id), kind) == 3
