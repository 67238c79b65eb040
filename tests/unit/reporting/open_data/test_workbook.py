"""The workbook for people: one marked table a sheet, the published figures in it, nothing that runs."""

from __future__ import annotations

import json
import re
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest

from reporting.figures import Figure
from reporting.open_data.ees import guarded, unguarded
from reporting.open_data.writing import WORKBOOK, write_open_data
from tests.support.figures import figure
from tests.support.open_data_release import (
    NASTY,
    half_up,
    header_of,
    hidden,
    sheets_of,
    write_release,
)


@pytest.mark.parametrize("label", NASTY)
def test_a_label_is_text_in_the_csv_and_in_the_workbook(
    label: str, folder: Path, tables: dict[str, list[dict[str, str]]]
):
    cells = {row["response"] for row in tables["insights_outcomes"] if row["topic"] == "Labels"}
    assert guarded(label) in cells
    assert label in {unguarded(cell) for cell in cells}
    assert not guarded(label).startswith(("=", "+", "-", "@", "＝"))
    assert label in {cell for row in sheets_of(folder)["Table_1"] for cell in row}


def test_the_workbook_has_no_formula_and_links_only_to_itself(folder: Path):
    with zipfile.ZipFile(folder / WORKBOOK) as book:
        sheets = {name: book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")}
        assert not [
            name
            for name in book.namelist()
            if name.startswith("xl/worksheets/_rels") and b"External" in book.read(name)
        ]
    assert len(sheets) > 8
    assert not [name for name, xml in sheets.items() if "<f>" in xml or "<f " in xml]


def test_each_sheet_holds_one_marked_table_from_a1_without_gaps(folder: Path):
    names = list(sheets_of(folder))
    with zipfile.ZipFile(folder / WORKBOOK) as book:
        for place, name in enumerate(names, start=1):
            xml = book.read(f"xl/worksheets/sheet{place}.xml").decode()
            assert "<mergeCell" not in xml
            assert re.search(r'<dimension ref="A1(:|")', xml)
            # The cursor is in A1.
            assert "topLeftCell" not in xml
            assert "activeCell" not in xml
            assert xml.count("<tablePart ") == (0 if name == "Cover" else 1)
    assert names[:3] == ["Cover", "Contents", "Notes"]
    for name, rows in sheets_of(folder).items():
        assert not [row for row in rows if not any(cell != "" for cell in row)], name
        header = header_of(rows) if name.startswith("Table_") else 0
        for row in rows[header:] if header else []:
            assert "" not in row


def test_the_workbook_holds_the_published_figures(figures: list[Figure], folder: Path):
    """Every number of all services together, and of every area, read back and compared with the figures themselves."""
    wanted = sorted(
        (made.numerator, made.denominator, float(half_up(Fraction(100 * made.numerator, made.denominator))))
        for made in figures
        if made.theme == "insights" and made.source == "indicator_value" and made.value is not None
        and made.geography_level == "all_services" and made.breakdown == "total" and made.statistic == "percentage"
        and made.numerator and made.denominator == 200
    )  # fmt: skip
    found = []
    for name, rows in sheets_of(folder).items():
        if not name.startswith("Table_"):
            continue
        place = header_of(rows)
        heads = [str(cell).split("\n")[0] for cell in rows[place]]
        for row in rows[place + 1 :]:
            for year in ("2023-24", "2022-23"):
                try:
                    parts = [
                        row[heads.index(f"{year}: {what}")] for what in ("Number", "Number in the base", "Percentage")
                    ]
                except ValueError:
                    continue
                if isinstance(parts[2], float) and parts[1] == 200:
                    found.append(tuple(parts))
    assert len(wanted) > len(NASTY)
    assert sorted(found) == wanted


def test_of_combinations_that_nobody_had_it_says_nothing(folder: Path):
    (table,) = [rows for rows in sheets_of(folder).values() if "what occurs together" in str(rows[0][0])]
    assert [row[0].split(" [note")[0] for row in table[header_of(table) + 1 :]] == ["Three of them (ratio)"]


def test_hidden_cells_of_the_workbook_are_marked_and_never_0(folder: Path):
    rows = sheets_of(folder)["Table_1"]
    place = header_of(rows)
    (row,) = [row for row in rows if row[0].startswith("Is the child safe?") and row[1] == "Don't know"]
    shown = dict(zip([str(cell).split("\n")[0] for cell in rows[place]], row, strict=True))
    assert shown["2023-24: Number"] == shown["2023-24: Percentage"] == shown["2023-24: Number in the base"] == "[c]"
    assert shown["2022-23: Number"] == "[x]"


def cover_of(tmp_path: Path, *made: Figure) -> str:
    """The cover of the workbook of these figures."""
    write_open_data(write_release(tmp_path / "insights.duckdb", list(made)), tmp_path / "open_data")
    return "\n".join(str(row[0]) for row in sheets_of(tmp_path / "open_data")["Cover"])


SERVICE = figure(geography_level="service", geography_code="HARBOUR")
GROUP = figure(breakdown="gender", breakdown_value="Girl")
NOBODY = figure(source="co_occurrence", indicator_id="trio", numerator=0, value=0.0)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([], set()),
        ([SERVICE], {"Each service is in"}),
        ([GROUP], {"Groups of children (gender) are in"}),
        ([NOBODY], {"Combinations of answers that nobody gave are in"}),
        ([SERVICE, GROUP, NOBODY], {"Each service is in", "Groups of children", "Combinations of answers"}),
    ],
)
def test_the_cover_names_what_is_there_and_no_more(tmp_path: Path, made: list[Figure], expected: set[str]):
    cover = cover_of(tmp_path, figure(), *made)
    named = {"Each service is in", "Groups of children", "Combinations of answers"}
    assert {part for part in expected if part in cover} == expected
    assert {part for part in named if part in cover} == {part for part in named if any(part in one for one in expected)}
    assert "not rounded" not in cover
    assert "No symbol stands in it." in cover


def test_cover_and_sheets_say_the_method_of_their_years_and_the_symbols_that_they_show(tmp_path: Path):
    cover = cover_of(
        tmp_path,
        figure(method="rounding", rounded_to=5),
        hidden(row_order=2, row_label="No", method="hiding", period=2023, period_label="2022-23"),
    )
    sheet = "\n".join(str(row[0]) for row in sheets_of(tmp_path / "open_data")["Table_1"])
    described = json.loads((tmp_path / "open_data" / "datapackage.json").read_text())["description"]
    for said in (cover, sheet, described):
        assert "Forms of 2023-24: counts are rounded to multiples of 5, each within 4 of the true one" in said
        assert "Forms of 2022-23: small counts, and figures that would tell one, are hidden" in said
        assert "confidential" in said
        assert "of low reliability" not in said


def test_a_row_of_the_workbook_names_its_indicator(folder: Path):
    for name, rows in sheets_of(folder).items():
        if name.startswith("Table_"):
            heads = rows[header_of(rows)]
            assert "Indicator" in heads or len(heads) < 3
    rows = sheets_of(folder)["Table_1"]
    place = header_of(rows)
    column = rows[place].index("Indicator")
    assert {row[column] for row in rows[place + 1 :] if row[0].startswith("Is the child safe?")} == {"safe"}


def test_notes_say_who_is_counted(folder: Path):
    sheets = sheets_of(folder)
    notes = {f"[note {row[0]:.0f}]": row[1] for row in sheets["Notes"] if isinstance(row[0], float)}
    assert "Intake forms dated in the year" in notes.values()
    referred = {
        note
        for rows in sheets.values()
        for row in rows
        for cell in row
        for note in re.findall(r"\[note \d+\]", str(cell))
    }
    assert referred == set(notes)


def test_the_contents_list_and_link_every_table(folder: Path):
    sheets = sheets_of(folder)
    listed = {row[0]: row[1] for row in sheets["Contents"] if str(row[0]).startswith("Table_")}
    assert listed == {name: rows[0][0] for name, rows in sheets.items() if name.startswith("Table_")}
    with zipfile.ZipFile(folder / WORKBOOK) as book:
        xml = book.read("xl/worksheets/sheet2.xml").decode()
    assert re.findall(r'location="\'(\w+)\'!A1"', xml) == list(listed)
