"""The report of the forms over small releases made by hand: what is asked wrongly, who is not there, what is hidden."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reporting.document.blocks import Cell, Chart, Document, Paragraph, Table
from reporting.document.html import render_html
from reporting.document.layout import shape_of
from reporting.errors import ReportError
from reporting.figures import Figure, Figures, Mode
from reporting.forms_report.chapters import build_report
from reporting.forms_report.table_charts import CHARTS
from reporting.forms_report.together import _flows
from tests.support.paths import ROOT
from tests.support.report_figures import figure, hidden, nobody, write_report_release

SEEDS = ROOT / "dbt_project" / "seeds" / "forms"
NASTY = '<b>"O\'Brien & Söhne", 🙂</b>'


@pytest.fixture
def release(tmp_path: Path) -> Callable[[list[Figure], list[Figure]], Path]:
    """Makes a release of figures of the internal and the public side."""
    return partial(write_report_release, tmp_path / "insights.duckdb")


def report(path: Path, mode: Mode, year: int = 2024, service: str | None = None) -> Document:
    with Figures(path, mode) as figures:
        return build_report(figures, year=year, service=service)


def tables(document: Document) -> dict[str, Table]:
    return {block.table_id: block for part in document.walk() for block in part.blocks if isinstance(block, Table)}


def cells(table: Table) -> Iterator[Cell]:
    for row in table.rows:
        yield from row.cells


AGES = [figure(), figure(row_order=2, row_label=NASTY, numerator=120, value=75.0, value_rounded=75.0)]


def test_a_year_or_service_that_is_not_there_lists_those_that_are(release: Callable[..., Path]) -> None:
    path = release(AGES, AGES)
    with pytest.raises(ReportError, match=r"no reporting year 2019 .* 2024, 2023"):
        report(path, "internal", 2019)
    with pytest.raises(ReportError, match="no reporting year 2022"):
        report(path, "internal", 2022)
    with pytest.raises(ReportError, match=r"no service 'NOBODY' .* BEACON, SMALL"):
        report(path, "public", 2024, "NOBODY")


def test_services_that_carry_on_the_work_of_others_are_named(release: Callable[..., Path]) -> None:
    path = release(AGES, AGES)
    with duckdb.connect(str(path)) as con:
        con.execute(
            "create table reference.service as select * from (values ('BEACON', 'Beacon House', null, 'BEACON'), "
            "('OLD', 'Old Lamp', 'MID', 'BEACON'), ('MID', 'Lamp', 'BEACON', 'BEACON'), ('F', 'Fern', 'G', 'G'), "
            "('G', 'Gone', null, 'G')) as s(service_code, service_name, became, carried_on_by)"
        )
    words = render_html(report(path, "public"))
    assert (
        "Beacon House carries on the work of Lamp and of Old Lamp: its figures hold the forms of all of them" in words
    )
    assert "Fern" not in words


def test_a_label_stays_text(release: Callable[..., Path]) -> None:
    page = render_html(report(release(AGES, AGES), "internal"))
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "🙂" in page


def test_an_empty_base_is_said_and_not_drawn(release: Callable[..., Path]) -> None:
    empty = [nobody(one) for one in AGES]
    document = report(release(empty, empty), "internal")
    table = tables(document)["client_age"]
    assert table.rows == ()
    assert "Nobody is in the base" in table.empty_text
    assert "Unique clients at intake" in table.notes[0]
    assert not [block for part in document.walk() for block in part.blocks if isinstance(block, Chart)]
    assert "Nobody is in the base" in render_html(document)


def test_a_hidden_base_is_not_an_empty_one(release: Callable[..., Path]) -> None:
    public = [replace(hidden(one), denominator=None) for one in AGES]
    table = tables(report(release(AGES, public), "public"))["client_age"]
    assert len(table.rows) == 1 + len(AGES)
    assert {cell.text for cell in cells(table) if cell.key} == {"c"}


def test_the_edition_of_three_children_prints_none_of_them(release: Callable[..., Path]) -> None:
    three = [
        figure(geography_level="service", geography_code="BEACON", numerator=3, denominator=3, value=100.0),
        figure(geography_level="service", geography_code="BEACON", row_order=2, row_label=NASTY, numerator=0,
               denominator=3, value=0.0, value_rounded=0.0),
    ]  # fmt: skip
    path = release([*AGES, *three], [*AGES, *(replace(hidden(one), denominator=None) for one in three)])
    document = report(path, "public", 2024, "BEACON")
    own = [cell for cell in cells(tables(document)["client_age"]) if "|BEACON|" in cell.key]
    assert own
    assert {cell.text for cell in own} == {"c"}
    said = [block for part in document.walk() for block in part.blocks if isinstance(block, Paragraph)]
    assert not [block for block in said if any("|BEACON|" in key for key in block.keys)]
    inside = tables(report(path, "internal", 2024, "BEACON"))["client_age"]
    assert "3" in {cell.text for cell in cells(inside) if "|BEACON|" in cell.key}


def test_the_public_side_has_no_waterfall(release: Callable[..., Path]) -> None:
    path = release(AGES, AGES)
    assert "quality_waterfall" in tables(report(path, "internal"))
    assert "quality_waterfall" not in tables(report(path, "public"))


def test_checks_of_the_returns_are_not_in_the_report_of_the_forms(release: Callable[..., Path]) -> None:
    table = tables(report(release(AGES, AGES), "internal"))["quality_not_held"]
    assert [row.cells[0].text for row in table.rows] == ["day_is_real"]


def test_years_stand_latest_first_with_the_change(release: Callable[..., Path]) -> None:
    now = figure(change=5.0, change_lower_95=1.0, change_upper_95=9.04, change_mark="increase")
    before = figure(period=2023, period_label="2022-23", numerator=20, denominator=100, value=20.0, value_rounded=20.0)
    path = release([now, before], [now, before])
    table = tables(report(path, "internal"))["client_age"]
    assert [column.group for column in table.columns] == ["", *["2023-24"] * 3, *["2022-23"] * 2, ""]
    assert [cell.text for cell in table.rows[0].cells] == ["n", "160", "", "", "100", "", ""]
    assert [cell.text for cell in table.rows[1].cells] == [
        "3-5 years old", "40", "25", "18.9 to 32.3", "20", "20", "▲ increase +5.0 (+1.0 to +9.0)",
    ]  # fmt: skip
    first = tables(report(path, "internal", 2023))["client_age"]
    assert {column.group for column in first.columns} == {"", "2022-23"}
    assert not any("hange" in column.heading for column in first.columns)


def test_findings_follow_their_rules_and_name_their_figures(release: Callable[..., Path]) -> None:
    marks = {"change_lower_95": 1.0, "change_upper_95": 30.0, "change_mark": "increase"}
    sizes = {1: 12.0, 2: 9.0, 3: 25.0, 4: 30.0, 5: 7.0}
    rows = [figure(row_order=row, row_label=f"row {row}", change=size, **marks) for row, size in sizes.items()]
    # One with a small base and one that is no answer: neither is a finding, however much it changed.
    rows[2] = replace(rows[2], denominator=99)
    rows[3] = replace(rows[3], row_label="Missing")
    public = [hidden(row) if row.row_order == 1 else row for row in rows]
    path = release(rows, public)

    def said(mode: Mode) -> list[tuple[str, tuple[str, ...]]]:
        blocks = [block for part in report(path, mode).walk() for block in part.blocks]
        return [
            (block.text, block.keys)
            for block in blocks
            if isinstance(block, Paragraph) and block.kind == "finding" and "increase" in block.text
        ]

    assert [keys for _, keys in said("internal")] == [(rows[row].key,) for row in (0, 1, 4)]
    assert said("internal")[0][0] == (
        "Age of client, row 1: 25.0 %, increase of 12.0 percentage points from the year before (+1.0 to +30.0)."
    )
    assert [keys for _, keys in said("public")] == [(rows[row].key,) for row in (1, 4)]


def test_every_chart_is_of_a_table_of_the_report() -> None:
    with (SEEDS / "report_table.csv").open(encoding="utf-8") as file:
        known = {row["table_id"] for row in csv.DictReader(file)}
    assert set(CHARTS) <= known


def test_a_table_says_how_many_services_asked(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"services": 5, "services_asking": 3, "not_asked": 1412}
    rows = [replace(one, **asked) for one in AGES]
    path = write_report_release(tmp_path / "1.duckdb", rows, [replace(one, not_asked=None) for one in rows])
    inside = tables(report(path, "internal"))["client_age"]
    assert "Asked by 3 of 5 services (2023-24). 1,412 were not asked and are not in n." in inside.notes
    assert "Asked by 3 of 5 services (2023-24)." in tables(report(path, "public"))["client_age"].notes
    everybody = [replace(one, services=5, services_asking=5, not_asked=0) for one in AGES]
    assert not any(
        "sked" in note
        for note in tables(report(write_report_release(tmp_path / "2.duckdb", everybody, everybody), "internal"))[
            "client_age"
        ].notes
    )


def test_a_table_says_how_many_numbers_lie_beyond_its_bands(tmp_path: Path) -> None:
    said = "1,203 gave a number beyond the bands (2023-24): counted as Missing, and in no average."
    rows = [replace(one, outside_bands=1203) for one in AGES]
    path = write_report_release(tmp_path / "1.duckdb", rows, [replace(one, outside_bands=None) for one in rows])
    assert said in tables(report(path, "internal"))["client_age"].notes
    assert not any("beyond" in note for note in tables(report(path, "public"))["client_age"].notes)
    none = [replace(one, outside_bands=0) for one in AGES]
    path = write_report_release(tmp_path / "2.duckdb", none, none)
    assert not any("beyond" in note for note in tables(report(path, "internal"))["client_age"].notes)


def test_rows_that_other_services_ask_have_an_n_of_their_own(tmp_path: Path) -> None:
    first, second = AGES
    rows = [
        replace(first, services=5, services_asking=5, not_asked=0),
        replace(second, services=5, services_asking=4, not_asked=40, denominator=120, numerator=90),
    ]
    table = tables(report(write_report_release(tmp_path / "3.duckdb", rows, rows), "internal"))["client_age"]
    assert [row.cells[1].text for row in table.rows] == ["40 of 160", "90 of 120"]
    assert "Asked by 4 to 5 of 5 services, depending on the row (2023-24)." in table.notes


def test_what_nobody_was_asked_has_no_table_and_no_row(tmp_path: Path) -> None:
    nothing: dict[str, Any] = dict.fromkeys(
        ("numerator", "denominator", "value", "value_rounded", "lower_95", "upper_95")
    ) | {"status": "x", "services": 5, "services_asking": 0, "not_asked": 900}
    unasked = [replace(one, **nothing) for one in AGES]
    document = report(write_report_release(tmp_path / "4.duckdb", unasked, unasked), "internal")
    assert "client_age" not in tables(document)
    assert not [block for part in document.walk() for block in part.blocks if isinstance(block, Chart)]
    # Nor has it one because there was a year without a form.
    empty = [replace(nobody(one), period=2023, period_label="2022-23", services=0, services_asking=0) for one in AGES]
    three = [*unasked, *empty]
    again = report(write_report_release(tmp_path / "years.duckdb", three, three), "internal")
    assert "client_age" not in tables(again)
    one = [replace(AGES[0], services=5, services_asking=5, not_asked=0), unasked[1]]
    table = tables(report(write_report_release(tmp_path / "5.duckdb", one, one), "internal"))["client_age"]
    assert [row.cells[0].text for row in table.rows] == ["n", "3-5 years old"]


def test_years_in_which_other_services_asked_stand_without_a_change(tmp_path: Path) -> None:
    now = figure(services=5, services_asking=4, not_asked=9)
    before = figure(period=2023, period_label="2022-23", services=5, services_asking=5, not_asked=0)
    said = "Not compared with 2022-23 where other services asked in that year."
    table = tables(report(write_report_release(tmp_path / "6.duckdb", [now, before], [now, before]), "internal"))[
        "client_age"
    ]
    assert said in table.notes
    compared = replace(now, change=1.0, change_lower_95=-1.0, change_upper_95=3.0, change_mark="no clear change")
    table = tables(
        report(write_report_release(tmp_path / "7.duckdb", [compared, before], [compared, before]), "internal")
    )["client_age"]
    assert said not in table.notes


def test_a_change_that_is_left_out_in_public_is_put_down_to_services_only_where_others_asked(tmp_path: Path) -> None:
    now = figure(services=5, services_asking=4, not_asked=9)
    before = figure(period=2023, period_label="2022-23", services=5, services_asking=4, not_asked=9)
    said = "Not compared with 2022-23 where other services asked in that year."
    one = tables(report(write_report_release(tmp_path / "8.duckdb", [now, before], [now, before]), "public"))
    assert said not in one["client_age"].notes
    more = replace(before, services_asking=5)
    other = tables(report(write_report_release(tmp_path / "9.duckdb", [now, more], [now, more]), "public"))
    assert said in other["client_age"].notes


def test_whom_nobody_asked_at_intake_and_at_exit_is_no_flow() -> None:
    def cell(row: str, column: str, count: int) -> Figure:
        return figure(row_order=1, row_label=row, column_order=2, column_label=column, numerator=count)

    nobody_asked = cell("Not asked", "Not asked", 9)
    assert _flows([nobody_asked], chart_id="f", title="Flows") == []
    chart, *_ = _flows([nobody_asked, cell("Yes", "No", 3)], chart_id="f", title="Flows")
    assert isinstance(chart, Chart)
    assert "Largest: Yes to No, 3." in str(chart)


def answers(labels: tuple[str, ...], kinds: tuple[str, ...] = ("Physical", "Sexual"), **changes: Any) -> list[Figure]:
    """A matrix: each kind with each answer, of two years."""
    return [
        figure(row_order=row, row_label=kind, column_order=column, column_label=label, period=period,
               period_label=f"{period - 1}-{period - 2000}", **changes)
        for period in (2024, 2023)
        for row, kind in enumerate(kinds, 1)
        for column, label in enumerate(labels, 1)
    ]  # fmt: skip


def at_points(**bases: int) -> list[Figure]:
    return [figure(point=point, denominator=base, row_label="Yes") for point, base in bases.items()]


def of_rows(first: int, second: int) -> list[Figure]:
    return [replace(one, denominator=(first, second)[one.row_order - 1]) for one in answers(("Yes", "No"))]


# The label and the first count of each row, as a matrix prints them.
MATRICES: dict[str, tuple[list[Figure], list[tuple[str, str]]]] = {
    "two answers": (
        answers(("Yes", "No")),
        [("n", "160"), ("Physical", ""), ("Yes", "40"), ("No", "40"), ("Sexual", ""), ("Yes", "40"), ("No", "40")],
    ),
    "rows with an n of their own": (
        of_rows(160, 90),
        [("Physical", "n = 160"), ("Yes", "40"), ("No", "40"), ("Sexual", "n = 90"), ("Yes", "40"), ("No", "40")],
    ),
    "two points in the case with different n": (
        at_points(exit=90, intake=160),
        [("Yes", ""), ("Intake", "40 of 160"), ("Exit", "40 of 90")],
    ),
    "two points in the case with one n": (
        at_points(exit=90, intake=90),
        [("n", "90"), ("Yes", ""), ("Intake", "40"), ("Exit", "40")],
    ),
    "answers that are hidden": (
        [hidden(one) for one in answers(("Yes", "No"), ("Physical",))],
        [("n", "160"), ("Physical", ""), ("Yes", "c"), ("No", "c")],
    ),
    "answers at two points": (
        [replace(one, point=point) for point in ("intake", "exit") for one in answers(("Yes", "No"), ("Any",))],
        [("n", "160"), ("Any", ""), ("Intake: Yes", "40"), ("Intake: No", "40"), ("Exit: Yes", "40"),
         ("Exit: No", "40")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MATRICES)
def test_answers_stand_below_their_row_and_years_side_by_side(tmp_path: Path, name: str) -> None:
    found, expected = MATRICES[name]
    table = tables(report(write_report_release(tmp_path / "m.duckdb", found, found), "internal"))["client_age"]
    assert [(row.cells[0].text, row.cells[1].text) for row in table.rows] == expected
    assert [row.is_group for row in table.rows] == [not (row.is_total or row.level) for row in table.rows]
    assert [one.group for one in table.columns if one.group][:3] == ["2023-24"] * 3


@pytest.mark.parametrize("count", [2, 4, 12])
def test_a_table_grows_longer_with_answers_and_never_wider(tmp_path: Path, count: int) -> None:
    found = answers(tuple(f"Answer {number}" for number in range(count)))
    table = tables(report(write_report_release(tmp_path / "m.duckdb", found, found), "internal"))["client_age"]
    assert len(table.columns) == 6
    assert len(table.rows) == 1 + 2 * (1 + count)
    assert not shape_of(table).is_landscape


@pytest.mark.parametrize("mode", ["internal", "public"])
@pytest.mark.parametrize("before", [None, 5, 10])
@pytest.mark.parametrize("now", [None, 10])
def test_methods_tell_what_protects_the_years_of_an_edition_and_nothing_of_it_inside(
    tmp_path: Path, mode: Mode, now: int | None, before: int | None
) -> None:
    """A year that was public before stays as it was printed: by hiding, or to the base of then."""
    bases = {2024: now, 2023: before}
    public = [
        replace(one, method="hiding" if bases[one.period] is None else "rounding", rounded_to=bases[one.period])
        for one in [figure(), figure(period=2023, period_label="2022-23")]
    ]
    with Figures(write_report_release(tmp_path / "m.duckdb", AGES, public), mode) as figures:
        editions = {year: build_report(figures, year=year) for year in (2024, 2023)}
    own = {2024: {now, before}, 2023: {before}}
    for year, document in editions.items():
        expected = own[year] if mode == "public" else set()
        assert {one.rounded_to for one in document.protected} == expected
        said = str(next(one for one in document.sections if one.section_id == "methods"))
        assert ("hidden, those are counts" in said) == (None in expected)
        for base in (5, 10):
            assert (f"rounded to multiples of {base}" in said) == (base in expected)
        assert ("from unrounded counts" in said) == (expected <= {None})
        if len(expected) > 1:
            assert f"Forms of 2023-24: {'small' if now is None else 'counts are rounded'}" in said
            assert f"Forms of 2022-23: {'small' if before is None else 'counts are rounded'}" in said


def test_a_hidden_count_without_a_percentage_is_hidden_in_both_cells(tmp_path: Path) -> None:
    ticks = figure(row_order=2, row_label="Total", statistic="count", unit="ticks", numerator=70, value=70.0)
    public = [AGES[0], hidden(ticks)]
    path = write_report_release(tmp_path / "m.duckdb", [AGES[0], ticks], public)
    modes: tuple[Mode, ...] = ("internal", "public")
    shown = [tables(report(path, mode))["client_age"].rows[-1] for mode in modes]
    assert [[cell.text for cell in row.cells[1:3]] for row in shown] == [["70", "z"], ["c", "c"]]
