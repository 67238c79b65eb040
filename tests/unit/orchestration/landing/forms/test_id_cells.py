"""Ids that are none: what a spreadsheet, another tool or somebody has put in their place, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from orchestration.landing.forms import id_cells
from orchestration.landing.ledger import LoadResult
from tests.support.forms import KEY, Landing, header, record, table

# Cells of client_id of one file -> the ids they are read as, and how the note on them begins.
LONG = [f"40210000000000{number}0" for number in range(10, 15)]
COLUMNS: dict[str, tuple[list[str], list[str | None], str]] = {
    "a spreadsheet's numbers and errors": (
        ["4.0211E+16", "3e+07", "#REF!", "####", "77"],
        [None, None, None, None, "77"],
        "4 forms have something in the place of an id that a spreadsheet has put there (client id 4): a number in "
        "powers of ten",
    ),
    "one of them": (["1.5E+12", "78"], [None, "78"], "1 form has something in the place of an id"),
    "words": (
        ["n/a", "Unknown ", "0", "?", "78"],
        [None, None, None, None, "78"],
        "4 forms have a word or a mark in the place of an id, such as N/A, unknown or 0 (client id 4)",
    ),
    "blank": (["", " ", "78"], [None, None, "78"], ""),
    "whole numbers with .0 beside a word for none": (
        ["17.0", "N/A", "", "203.0"],
        ["17", None, None, "203"],
        "1 form has a word",
    ),
    "whole numbers with .0": (
        ["17.0", "", "203.0 ", "17.0", "2E+16"],
        ["17", None, "203", "17", None],
        "1 form",
    ),
    "one whole number among versions": (["17.0", "17.5"], ["17.0", "17.5"], ""),
    "numbers with a fraction among others": (["17.0", "18"], ["17.0", "18"], ""),
    "many digits, all round": ([*LONG, "88"], [*[None] * 5, "88"], "5 forms have something in the place of an id"),
    "many digits, one not round": ([*LONG, "4021000000000019"], [*LONG, "4021000000000019"], ""),
    "many digits, round, of four": ([*LONG[:4], *LONG[:4]], [*LONG[:4], *LONG[:4]], ""),
    "fifteen digits, round": ([one[2:] for one in LONG], [one[2:] for one in LONG], ""),
    "dates": (
        ["2023-04-01", "01-Mar", "Mar-05", "3/1/2024", "2024-05-01 00:00:00", "9"],
        ["2023-04-01", "01-Mar", "Mar-05", "3/1/2024", "2024-05-01 00:00:00", "9"],
        "5 forms have a date in the place of an id (client id 5)",
    ),
    "codes like dates": (
        ["MAR-05", "01-MAR", "2023-0401", "Mark-05"],
        ["MAR-05", "01-MAR", "2023-0401", "Mark-05"],
        "",
    ),
}


def land(place: Landing, cells: Sequence[str], column: str = "client_id", name: str = "a.csv") -> LoadResult:
    rows = []
    for number, cell in enumerate(cells, start=1):
        row = record(number)
        row[header().index(column)] = cell
        rows.append(row)
    return place.land(name, table([header(), *rows]))


@pytest.mark.parametrize("probe", [1000, 1], ids=["seen at once", "seen beyond the first record"])
@pytest.mark.parametrize("case", COLUMNS)
def test_how_a_column_of_ids_is_read(place, monkeypatch, case, probe):
    # The first record of each column is of the kind that makes the others worth a look.
    monkeypatch.setattr(id_cells, "_PROBE", probe)
    cells, ids, begins = COLUMNS[case]
    result = land(place, cells)
    keys = place.rows(
        "select intake_admin_client_id, intake_admin_client_id__exact from raw.insights_intake order by source_row"
    )
    assert keys == [
        (KEY.pseudonym("client", "NORTH STAR", one), KEY.exact_pseudonym("client", "NORTH STAR", one)) for one in ids
    ]
    assert str(result.reason or "").startswith(begins)
    assert bool(result.reason) == bool(begins)


def test_each_kind_of_id_is_held_to_it_and_told_by_itself(place):
    rows = [record(1), record(2), record(3)]
    for row, cells in zip(rows, [("none", "TBC", "-"), ("S2", "C2", "n/a"), ("S3", "#VALUE!", "R3")], strict=True):
        for name, cell in zip(("submission_id", "client_id", "case_reference"), cells, strict=True):
            row[header().index(name)] = cell
    result = place.land("a.csv", table([header(), *rows]))
    assert place.rows(
        "select intake_admin_submission_id is null, intake_admin_client_id is null, "
        "intake_admin_case_reference is null from raw.insights_intake order by source_row"
    ) == [(True, True, True), (False, False, True), (False, True, False)]
    assert "1 form has something in the place of an id that a spreadsheet has put there (client id 1)" in result.reason
    assert "2 forms have a word or a mark" in result.reason
    assert "(submission id 1, client id 1, case reference 2)" in result.reason


def test_dates_beyond_the_first_records_are_told_where_an_id_is_missing(place, monkeypatch):
    monkeypatch.setattr(id_cells, "_PROBE", 1)
    result = land(place, ["9", "", "Mar-07"])
    assert str(result.reason).startswith("1 form has a date in the place of an id (client id 1)")


def test_no_note_shows_an_id(place):
    result = land(place, ["5.5E+13", "Not Known", "Mar-07", "Zebediah"])
    assert not any(text in str(result) for text in ("5.5E+13", "Not Known", "Mar-07", "Zebediah"))


def test_an_erasure_list_is_read_as_exports_are(place):
    land(place, ["17.0", "203.0"])
    listed = "service,client_id,requested_on\nnorth star,203.0,2024-01-01\n"
    place.land("z.csv", listed)
    assert place.rows("select source_row from raw.insights_intake where is_erased") == [(3,)]


def test_nobody_is_erased_by_a_word(place):
    land(place, ["n/a", "5"])
    result = place.land("z.csv", "service,client_id,requested_on\nnorth star,N/A,2024-01-01\nnorth star,5,2024-01-01\n")
    assert (result.rows_landed, result.rejected_lines) == (1, 1)
    assert place.rows("select source_row from raw.insights_intake where is_erased") == [(3,)]
