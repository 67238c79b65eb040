"""Workbooks: which sheet is read, and what is made of dates and numbers in its cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import pytest

from orchestration.landing.forms.recognise import FormExport, recognise_form
from orchestration.landing.tabular.workbook import cell_text
from tests.support.forms import CATALOGUE, KEY, Landing, header, record

xlsxwriter = pytest.importorskip("xlsxwriter")

Rows = Sequence[Sequence[object]]
FORMS: Rows = [header(), record(1), record(2)]
REVIEWS: Rows = [header("review"), record(1, "review")]
EMPTY: Rows = [header("exit")]
LISTS: Rows = [["Yes", "North Star"], ["No", "Zebediah House"]]


def workbook(path: Path, sheets: dict[str, Rows], *, hidden: Sequence[str] = (), is_1904: bool = False) -> Path:
    """A workbook of these sheets; names that begin with `chart` are charts."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy", "date_1904": is_1904})
    for name, rows in sheets.items():
        if name.startswith("chart"):
            chart = book.add_chart({"type": "column"})
            chart.add_series({"values": "=forms!$A$1:$A$2"})
            book.add_chartsheet(name).set_chart(chart)
            continue
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if name not in hidden and len(hidden) < len(sheets):
            sheet.activate()  # xlsxwriter shows the active sheet even if it should be hidden
        if name in hidden:
            sheet.very_hidden() if name.startswith("very") else sheet.hide()
    book.close()
    return path


def test_a_workbook_lands_like_a_csv(place):
    names = header()
    row: list[object] = list(record(1))
    row[names.index("date_of_birth")] = date(2012, 4, 3)
    row[names.index("intake_date")] = date(2023, 6, 1)
    row[names.index("submitted_at")] = datetime.combine(date(2023, 5, 1), time(10, 30))
    row[names.index("client_id")] = 123.0
    row[names.index("consent")] = True
    workbook(place.raw / "a.xlsx", {"Sheet1": [names, row], "Sheet2": []})
    result = place.land_path(place.raw / "a.xlsx")
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", 1, 0)
    stored = place.rows(
        "select intake_admin_client_id, intake_admin_date_of_birth, intake_admin_intake_date, "
        "intake_admin_submitted_at, intake_admin_consent from raw.insights_intake"
    )
    assert stored == [
        (KEY.pseudonym("client", "NORTH STAR", "123"), "2012-04", "2023-06-01", "2023-05-01 10:30:00.000000", "1")
    ]


READ: dict[str, tuple[dict[str, Rows], list[str], str | None]] = {
    "one sheet": ({"forms": FORMS, "b": []}, [], None),
    "a list beside it": ({"forms": FORMS, "lists": LISTS}, [], "Of the workbook, sheet 1 was read; sheet 2 was not."),
    "a hidden list": (
        {"lists": LISTS, "forms": FORMS},
        ["lists"],
        "Of the workbook, sheet 2 was read; sheet 1 (hidden) was not.",
    ),
    "two hidden lists": (
        {"lists": LISTS, "very": LISTS, "forms": FORMS},
        ["lists", "very"],
        "Of the workbook, sheet 3 was read; sheets 1 (hidden) and 2 (hidden) were not.",
    ),
    "a chart": ({"forms": FORMS, "chart of it": []}, [], None),
    "a cover and a form nobody filled in": (
        {"cover": [["How to use this"]], "forms": FORMS, "exit": EMPTY},
        [],
        "Of the workbook, sheet 2 was read; sheets 1 and 3 were not.",
    ),
    "hidden forms beside it": (
        {"forms": FORMS, "very old": REVIEWS},
        ["very old"],
        "Of the workbook, sheet 1 was read; sheet 2 (hidden) was not. The header row of a form stands on sheet 2 "
        "(hidden) too: show and save it as a file of its own, if its forms should count.",
    ),
    "hidden alone": ({"forms": FORMS, "b": []}, ["forms"], None),
}


@pytest.mark.parametrize("case", list(READ))
@pytest.mark.parametrize("suffix", ["xlsx", "XLSM"])
def test_the_sheet_with_the_forms_is_read(place: Landing, case: str, suffix: str) -> None:
    sheets, hidden, note = READ[case]
    result = place.land_path(workbook(place.raw / f"a.{suffix}", sheets, hidden=hidden))
    assert (result.status, result.form_id, result.rows_landed) == ("landed", "intake", 2)
    assert result.reason == note


REFUSED: dict[str, tuple[dict[str, Rows], list[str], str]] = {
    "two sheets of forms": ({"a": FORMS, "b": LISTS, "c": REVIEWS}, [], "2 sheets of forms (sheets 1 and 3)"),
    "no sheet of forms": ({"Zebediah": LISTS, "b": LISTS}, [], "2 sheets with content, and none has the header row"),
    "hidden forms": ({"a": LISTS, "b": [["x"]], "forms": FORMS}, ["forms"], "on a hidden sheet (sheet 3 (hidden))"),
    "a list, and a form without a column": (
        {"lists": LISTS, "forms": [row[1:] for row in FORMS]},
        ["lists"],
        "`submission_id` is missing",
    ),
    "a list, and a form nobody filled in": ({"a": LISTS, "exit": EMPTY}, [], "a header row and no records"),
    "no content": ({"a": []}, [], "empty"),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_a_workbook_without_one_sheet_of_forms_is_refused(place: Landing, case: str) -> None:
    sheets, hidden, word = REFUSED[case]
    result = place.land_path(workbook(place.raw / "a.xlsx", sheets, hidden=hidden))
    assert result.status == "refused"
    assert word in str(result.reason)
    assert "Zeb" not in str(result.reason)


def test_what_is_no_workbook_is_refused(place: Landing) -> None:
    path = workbook(place.raw / "whole.xlsx", {"A": FORMS})
    assert "workbook" in str(place.land("text.xlsx", "a,b\n1,2\n").reason)
    assert "workbook" in str(place.land("cut.xlsx", path.read_bytes()[:900]).reason)


@pytest.mark.parametrize("is_1904", [False, True])
def test_days_of_a_workbook_that_counts_from_1904(place: Landing, tmp_path: Path, is_1904: bool) -> None:
    intake = date(2023, 6, 5)
    day = {"intake_date": intake, "submitted_at": datetime.combine(intake, time(9, 30))}
    cells: list[object] = [day.get(name, cell) for name, cell in zip(header(), record(1), strict=True)]
    cells[header().index("edited_at")] = 43620
    path = workbook(tmp_path / "a.xlsx", {"forms": [header(), cells]}, is_1904=is_1904)
    export = recognise_form(CATALOGUE, path, tmp_path / "copy.csv")
    assert isinstance(export, FormExport)
    assert export.copy.is_1904 is is_1904
    copied = (tmp_path / "copy.csv").read_text(encoding="utf-8")
    # A cell with the form of a date is one; of a bare number only the workbook knows which day it is.
    assert ",2023-06-05," in copied
    assert ",2023-06-05T09:30:00," in copied
    assert ",43620," in copied
    place.land_path(workbook(place.raw / "a.xlsx", {"forms": [header(), cells]}, is_1904=is_1904))
    edited = "2023-06-05" if is_1904 else "2019-06-04"
    assert place.rows("select intake_admin_intake_date, left(intake_admin_edited_at, 10) from raw.insights_intake") == [
        ("2023-06-05", edited)
    ]


CELLS = [
    (999999999999999.0, "999999999999999"),
    (1e15, "1.00000E+15"),
    (2023060000123456.0, "2.02306E+15"),
    (2023060000123456, "2.02306E+15"),
    (-1e16, "-1.00000E+16"),
    ("2023060000123456", "2023060000123456"),
    (43620.0, "43620"),
    (0.5, "0.5"),
    (True, "1"),
    (time(9, 30), "09:30:00"),
    (None, ""),
    ("a\r\nb", "a b"),
]


@pytest.mark.parametrize(("cell", "text"), CELLS)
def test_a_cell_as_an_export_would_write_it(cell: object, text: str) -> None:
    assert cell_text(cell) == text


def test_an_id_of_more_digits_than_a_spreadsheet_keeps_is_none(place: Landing) -> None:
    rows = [list(row) for row in FORMS]
    client = header().index("client_id")
    rows[1][client], rows[2][client] = 2023060000123456, "2023060000123456"
    result = place.land_path(workbook(place.raw / "a.xlsx", {"forms": rows}))
    assert place.rows("select intake_admin_client_id from raw.insights_intake order by source_row") == [
        (None,),
        (KEY.pseudonym("client", "NORTH STAR", "2023060000123456"),),
    ]
    assert "1 form has something in the place of an id that a spreadsheet has put there (client id 1)" in str(
        result.reason
    )


def test_titles_and_footers_of_a_sheet_are_no_forms(place: Landing) -> None:
    rows = [["Report of May"], [], ["Made on", "3 May"], *FORMS, [], ["Total", 2], ["\u00a9 the council"]]
    result = place.land_path(workbook(place.raw / "a.xlsx", {"forms": rows}))
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", 2, 2)
    assert result.reason == "2 rows above the header row hold no names of columns and were passed over."
