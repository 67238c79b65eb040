"""Workbooks of returns as people keep them: tables saved as one, lists with titles, gaps and odd cells, cut bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.landing.ledger import LoadResult
from tests.support.returns import EPISODES, HEADER, ReturnLanding, check, episode, refused

BUDGET = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
FOLDER = tempfile.TemporaryDirectory()
PLACE = ReturnLanding(Path(FOLDER.name))
BOOK = "social_care/999/2017/book.xlsx"
Rows = Sequence[Sequence[Any]]
TABLE: Rows = [EPISODES.split(","), *(episode(number).split(",") for number in range(1, 4))]
LISTED = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Date of Contact", "Contact Source")
CONTACT = ("XJ77K1", "a) Male", "a) WBRI", "03/04/2012", "2016-09-01", "q) 6: Police")


def book(sheets: dict[str, Rows], name: str = BOOK) -> Path:
    """A workbook with these sheets in the raw folder."""
    path = PLACE.raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    made = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    for title, rows in sheets.items():
        sheet = made.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    made.close()
    return path


def land(sheets: dict[str, Rows], name: str = BOOK) -> LoadResult:
    """Land a workbook in an empty warehouse and check what must hold whatever it was."""
    PLACE.empty()
    result = PLACE.land_path(book(sheets, name))
    check(PLACE, result)
    return result


def saved(*rows: Sequence[Any], first: int = 1) -> Rows:
    return [EPISODES.split(","), *([f"XJ77K{first + number}", *row] for number, row in enumerate(rows))]


EPISODE = (date(2016, 9, 5), "S", "C2", "N1", "U6", "PR1", "", "", "", "LS1 7QZ", "LS1 7QZ", "SC123456")
# Sheets, and how many records land, how many are rejected, of which kind.
TABLES: dict[str, tuple[dict[str, Rows], str, int, int]] = {
    "as text": ({"Episodes": TABLE}, "s903_episode", 3, 0),
    "with real days": ({"Sheet1": saved(EPISODE, EPISODE)}, "s903_episode", 2, 0),
    "with empty sheets behind it": ({"Sheet1": TABLE, "Sheet2": [], "Sheet3": []}, "s903_episode", 3, 0),
    "with an empty sheet before it": ({"Sheet1": [], "Zebediah": TABLE}, "s903_episode", 3, 0),
    "columns in another order": ({"E": [list(reversed(row)) for row in TABLE]}, "s903_episode", 3, 0),
    "rows of nothing": (
        {"E": [*TABLE[:2], [], [""] * 13, [" ", "\u00a0"], *TABLE[2:], [""] * 13]}, "s903_episode", 3, 0),
    "a row without a child": ({"E": [*TABLE, *list(TABLE[1:]) * 3, ["", *TABLE[1][1:]]]}, "s903_episode", 12, 1),
    "a column more": ({"E": [[*row, "Zebediah"] for row in TABLE]}, "s903_episode", 3, 0),
    "the header table": (
        {"Header": [HEADER.split(","), ["XJ77K1", 1, date(2012, 4, 3), "WBRI", "A999XJ77K0001", "", ""]]},
        "s903_header", 1, 0),
    "numbers for children": ({"E": [TABLE[0], [77001.0, *EPISODE], [77002, *EPISODE]]}, "s903_episode", 2, 0),
}  # fmt: skip


@pytest.mark.parametrize("case", list(TABLES))
def test_a_table_saved_as_a_workbook_is_read_as_the_csv(case: str) -> None:
    sheets, record_id, landed, rejected = TABLES[case]
    result = land(sheets)
    assert (result.status, result.form_id, result.convention_id) == ("landed", "ssda903", "xlsx"), result.reason
    assert (result.rows_landed, result.rejected_lines) == (landed, rejected)
    assert PLACE.counts() == {record_id: landed}
    if record_id == "s903_episode":
        days = {str(day)[:10] for (day,) in PLACE.column(record_id, "start_date")}
        assert days <= {"2016-09-05", "05/09/2016"}
        assert set(PLACE.column(record_id, "legal_status", "placement_type")) == {("C2", "U6")}


def test_a_workbook_lands_as_the_same_table_in_csv_does() -> None:
    lines = [",".join(map(str, row)) for row in TABLE]
    columns = (
        "select * exclude (landed_row_id, load_id, load_seq, source_file, landed_at) from raw.s903_episode order by all"
    )
    land({"E": TABLE})
    of_workbook = PLACE.rows(columns)
    PLACE.empty()
    PLACE.land("social_care/999/2017/e.csv", "\n".join(lines))
    assert of_workbook == PLACE.rows(columns) != []


def test_a_local_extract_saved_as_a_workbook() -> None:
    names = [field.source_name for field in PLACE.returns.fields("missing_episode")]
    row = [
        "XJ77K1" if field.storage == "pseudonym" else "2016-09-05" if "date" in field.kind else ""
        for field in PLACE.returns.fields("missing_episode")
    ]
    result = land({"log": [names, row]}, "social_care/999/local/missing.xlsx")
    assert (result.status, result.form_id, result.rows_landed) == ("landed", "missing", 1)
    refused(land({"log": [names, row]}), "not collected by year")


def test_workbooks_that_are_no_table() -> None:
    refused(land({"E": [["CHILD", "DOB", "SEEN"], ["XJ77K1", "", ""]]}), "none of its sheets".capitalize())
    refused(land({"E": TABLE, "Header": [HEADER.split(",")]}), "None of its sheets")
    refused(land({"E": [[*TABLE[0][:-1], "LS"], *TABLE[1:]]}), "LS twice")
    refused(land({"E": [row[1:] for row in TABLE]}), "CHILD", "missing")
    refused(land({"E": []}))
    assert land({"E": TABLE[:1]}).reason == "It holds a header row and no records."


# Lines of a CSV of episodes below its header, and how many records land and are rejected.
LINES: dict[str, tuple[list[str], int, int]] = {
    "commas": ([episode(1), "," * 12, episode(2)], 2, 0),
    "commas at the end": ([episode(1), "," * 12, "," * 12], 1, 0),
    "nothing but commas": (["," * 12], 0, 0),
    "fewer commas": ([episode(1), ",,,"], 1, 0),
    "more commas": ([episode(1), "," * 20, episode(2)], 2, 0),
    "commas and spaces": ([episode(1), " , ,\u00a0," + "," * 9], 1, 0),
    "quoted nothing": ([episode(1), ",".join(['""'] * 13)], 1, 0),
    "something after all": ([*map(episode, range(1, 11)), "," * 11 + "x", episode(11)[:10] + "," * 11], 11, 1),
}


@pytest.mark.parametrize("case", list(LINES))
def test_rows_of_commas_are_no_records(case: str) -> None:
    lines, landed, rejected = LINES[case]
    PLACE.empty()
    result = PLACE.land("social_care/999/2017/e.csv", "\n".join([EPISODES, *lines]) + "\n")
    check(PLACE, result)
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", landed, rejected)
    assert ("no records" in str(result.reason)) is (landed + rejected == 0)


# Sheets of a workbook that holds List 1 somehow, and what lands of its contacts: sex, day, source.
PLAIN = ("a) Male", "2016-09-01", "q) 6: Police")
LISTS: dict[str, tuple[dict[str, Rows], list[tuple[str | None, ...]]]] = {
    "as it should be": ({"List 1": [LISTED, CONTACT]}, [PLAIN]),
    "a sheet named otherwise": ({"Zebediah": [LISTED, CONTACT]}, [PLAIN]),
    "named as another list": ({"List 7": [LISTED, CONTACT], "List 1": [["Notes"]]}, [PLAIN]),
    "headings lower down": ({"List 1": [["List 1"], [], ["As at"], *[[]] * 15, LISTED, CONTACT]}, [PLAIN]),
    "a blank template beside it": ({"List 1": [LISTED, CONTACT], "Template": [LISTED]}, [PLAIN]),
    "a blank template before it": ({"Template": [LISTED], "List 1": [LISTED, CONTACT]}, [PLAIN]),
    "empty columns": (
        {"List 1": [["", *row[:3], "", "", *row[3:]] for row in (LISTED, CONTACT)]}, [PLAIN]),
    "rows of nothing": ({"List 1": [LISTED, [], [""] * 6, CONTACT, [" "] * 6]}, [PLAIN]),
    "spaces around": (
        {"List 1": [[f" {name}\u00a0" for name in LISTED], [f"\u00a0{cell} " for cell in CONTACT]]}, [PLAIN]),
    "days of a spreadsheet": (
        {"List 1": [LISTED, [*CONTACT[:4], date(2016, 9, 1), 6.0], ["XJ77K2", *CONTACT[1:4], 42614, "1A"]]},
        [("a) Male", "2016-09-01", "6"), ("a) Male", "42614", "1A")]),
    "numbers for codes": (
        {"List 1": [LISTED, ["XJ77K1", 1.0, "WBRI", 41002, "1.9.2016", "6.0"]]}, [("1", "1.9.2016", "6.0")]),
    "a day that is none": (
        {"List 1": [LISTED, [*CONTACT[:4], "Zebediah", "Quillfeather"]]}, [("a) Male", *["(unreadable)"] * 2)]),
    "capitals that are a name": (
        {"List 1": [LISTED, ["XJ77K1", "ZEB", "QUIL", *CONTACT[3:]]]}, [("(unreadable)", *PLAIN[1:])]),
}  # fmt: skip


@pytest.mark.parametrize("case", list(LISTS))
def test_a_list_however_its_sheet_is_kept(case: str) -> None:
    sheets, expected = LISTS[case]
    result = land(sheets)
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", len(expected), 0), result.reason
    assert PLACE.column("annex_a_contact", "sex", "contact_date", "contact_source") == expected
    assert [month for (month,) in PLACE.column("annex_a_contact", "birth_month")] == ["2012-04"] * len(expected)


def test_what_is_missing_and_what_is_not_understood_is_named() -> None:
    headings = [*LISTED[:4], "Zebediah", "Contact date (1)", "Contact date (2)"]
    rows = [["XJ77K1", *CONTACT[1:4], "x", f"2016-09-0{day}", "2016-10-01"] for day in (1, 2)]
    result = land({"List 1": [headings, *rows], "Cover": [["x"]]})
    assert result.status == "landed"
    assert result.ignored_columns == "columns E, F, G of List 1 with other headings, 1 sheet that is no list"
    assert "List 1 has no column “Date of Contact”, “Contact Source”" in str(result.reason)
    assert "In List 1 columns F and G may both be “Date of Contact”, so neither is read." in str(result.reason)
    refused(land({"List 1": [["Child Unique ID", *LISTED], ["XJ77K2", *CONTACT]]}), "two columns", "identifier")


@BUDGET
@given(st.integers(0, 6000), st.integers(1, 3000), st.sampled_from(["table", "list"]))
def test_a_workbook_with_bytes_cut_out(start: int, length: int, kind: str) -> None:
    path = book({"E": TABLE} if kind == "table" else {"List 1": [LISTED, CONTACT]})
    content = path.read_bytes()
    PLACE.empty()
    result = PLACE.land(BOOK, content[:start] + content[start + length :])
    check(PLACE, result)
