"""Which lines of a table become records: those that lack their last cells do, what only stands around them does not."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orchestration.landing.tabular.fitting import HEADER_AGAIN, PIECE, TEXT_LINE, TOTAL, Expected, Fitter
from orchestration.landing.tabular.records import Tally

HEADER = "id,child,day,a,b,c"
EXPECTED = Expected(6, (1, 2, 3), (3,))
WHOLE = ["S-1,K-1,2023-06-05,x,y,z", "S-2,K-2,2023-06-06,x,y,z"]


def fitted(lines: list[str], *, is_bare: bool = False) -> tuple[list[str], dict[int, str], int]:
    """What is written, which records are none (the first line is record 2), and how many were filled up."""
    tally = Tally(width=6, records=len(lines) + 1, ends_bare=is_bare)
    fitter = Fitter(EXPECTED, b",", tally)
    fitter.note_header(HEADER.encode())
    kept = fitter.fit([line.encode() for line in lines], 2) + fitter.finish()
    assert [number for number, _ in kept] == sorted(number for number, _ in kept)
    return [line.decode() for _, line in kept], {one.source_row: one.reason for one in tally.rejected}, tally.filled


ONE_LINE = {
    "whole": ("S-3,K-3,2023-06-07,x,y,z", "S-3,K-3,2023-06-07,x,y,z", None, 0),
    "without its last cells": ("S-3,K-3,2023-06-07,x", "S-3,K-3,2023-06-07,x,,", None, 1),
    "with all but what it needs gone": ("S-3,K-3,2023-06-07", "S-3,K-3,2023-06-07,,,", None, 1),
    "without a child's id": ("S-3,,2023-06-07,x", "S-3,,2023-06-07,x,,", None, 1),
    "ends before its date": ("S-3,K-3", "S-3,K-3", None, 0),
    "quoted separators": ('S-3,K-3,2023-06-07,"x,y,z"', 'S-3,K-3,2023-06-07,"x,y,z",,', None, 1),
    "blank surplus": ("S-3,K-3,2023-06-07,x,y,z,, ,", "S-3,K-3,2023-06-07,x,y,z", None, 0),
    "quoted blank surplus": ('S-3,K-3,2023-06-07,x,y,"z,",""', 'S-3,K-3,2023-06-07,x,y,"z,"', None, 0),
    "surplus": ("S-3,K-3,2023-06-07,x,y,z,more", "S-3,K-3,2023-06-07,x,y,z,more", None, 0),
    "header again": (HEADER, None, HEADER_AGAIN, 0),
    "total": ("Total,,,3,,", None, TOTAL, 0),
    "total under two groups": ("total,North,,3,,7", None, TOTAL, 0),
    "grand total, short": ('"Grand Total",,,2', None, TOTAL, 0),
    "total in another column": (",Sub-total,,,,9", None, TOTAL, 0),
    "a form that begins with the word": ("Total-3,K-3,2023-06-07,x,y,z", "Total-3,K-3,2023-06-07,x,y,z", None, 0),
    "a word that begins alike": ("Totality,,,,,1", "Totality,,,,,1", None, 0),
    "a line of text": ("Report made on 3 May", None, TEXT_LINE, 0),
    "a line of text, padded": ("\u00a9 2023 the council,,,,,", None, TEXT_LINE, 0),
    "a quoted line of text, padded": ('"Filters: a, b",,,,,', None, TEXT_LINE, 0),
    "one cell further on": (",,,see below,,", None, TEXT_LINE, 0),
    "two cells": (",,,see,below,", ",,,see,below,", None, 0),
}


@pytest.mark.parametrize("case", list(ONE_LINE))
def test_what_becomes_of_a_line_among_records(case):
    line, written, reason, filled = ONE_LINE[case]
    expected = ([WHOLE[0], *([written] if written else []), WHOLE[1]], {3: reason} if reason else {}, filled)
    assert fitted([WHOLE[0], line, WHOLE[1]]) == expected


RUNS: dict[str, tuple[list[str], dict[int, str], int]] = {
    "spreadsheet": (["S-3,K-3,2023-06-07,x", "S-4,K-4,2023-06-08,x"], {}, 2),
    "forms that would join": (["S-3,K-3,2023-06-07,x", "S-4,K-4,2023-06-08"], {}, 2),
    "a line break in a cell": (["S-3,K-3,2023-06-07,x", "and more,y,z"], {3: PIECE, 4: PIECE}, 0),
    "two line breaks in a cell": (["S-3,K-3,2023-06-07,x", "and", "more,y,z"], {3: PIECE, 4: PIECE, 5: PIECE}, 0),
    "a line break before the date": (["S-3,K", "3,2023-06-07,x,y,z"], {3: PIECE, 4: PIECE}, 0),
    "a line break below a short record": (
        ["S-3,K-3,2023-06-07", "S-4,K", "4,2023-06-07,x,y,z"],
        {4: PIECE, 5: PIECE},
        1,
    ),
    "a line of text below a short record": (["S-3,K-3,2023-06-07,x", "see below"], {4: TEXT_LINE}, 1),
    "ids that are alone": (["S-3", "S-4,K-4"], {3: TEXT_LINE}, 0),
}


@pytest.mark.parametrize("case", list(RUNS))
def test_parts_of_a_record_do_not_land(case):
    lines, rejected, filled = RUNS[case]
    for after in ([], [WHOLE[1]]):
        assert fitted([WHOLE[0], *lines, *after])[1:] == (rejected, filled)


ENDS = {
    "a footer": (WHOLE, "Report made on 3 May", "rejected"),
    "a footer with commas": (WHOLE, "Filters: year is 2023, all services", "rejected"),
    "a copyright": (WHOLE, "\u00a92023", "rejected"),
    "a total": (WHOLE, "Total,,,2", "rejected"),
    "cut in its first cell": (WHOLE, "S-", "cut"),
    "cut in its second cell": (WHOLE, "S-3,K", "cut"),
    "cut behind its date": (WHOLE, "S-3,K-3,2023-06-07,x", "cut"),
    "one word": (WHOLE, "Confidential", "cut"),
    "cut where records begin with words": (["North Star,K-1,2023-06-05,x,y,z"], "South S", "cut"),
    "cut where records begin with a moment": (["01/06/2023 10:30,K-1,2023-06-05,x,y,z"], "02/06/2023 1", "cut"),
    "as short as its neighbour": ([*WHOLE, "S-3,K-3,2023-06-07,x"], "S-4,K-4,2023-06-08,x", "filled"),
    "shorter than its neighbour": ([*WHOLE, "S-3,K-3,2023-06-07,x,y"], "S-4,K-4,2023-06-08,x", "cut"),
    "cut where it would be the rest of its neighbour": ([*WHOLE, "S-3,K-3,2023-06-07,x"], "S-4,K-4,", "cut"),
    "whole": (WHOLE, "S-4,K-4,2023-06-08,x,y,z", "whole"),
}


@pytest.mark.parametrize("case", list(ENDS))
def test_a_last_line_without_line_end_is_a_footer_a_record_or_cut(case):
    before, last, becomes = ENDS[case]
    written, reasons, filled = fitted([*before, last], is_bare=True)
    number = len(before) + 2
    shorter = sum(line.count(",") < 5 for line in before)
    if becomes == "rejected":
        assert list(reasons) == [number]
        assert len(written) == len(before)
    else:
        assert reasons == {}
        assert filled == shorter + (becomes == "filled")
        assert written[-1] == (last + ",," if becomes == "filled" else last)


CELL = st.text("xy0 ", max_size=2)
RECORD = st.tuples(st.integers(1, 99), CELL, CELL, CELL).map(
    lambda cells: f"S-{cells[0]},K-{cells[0]},2023-06-05,{','.join(cells[1:])}"
)


@given(st.lists(RECORD, min_size=1, max_size=30), st.sets(st.integers(0, 29)))
@example(["S-1,K-1,2023-06-05,,,", "S-2,K-2,2023-06-05,x,,"], {0, 1})
def test_trailing_separators_may_be_missing_anywhere(records, ragged):
    lines = [line.rstrip(", ") if place in ragged else line for place, line in enumerate(records)]
    written, reasons, filled = fitted(lines)
    assert [[cell.strip() for cell in line.split(",")] for line in written] == [
        [cell.strip() for cell in line.split(",")] for line in records
    ]
    assert reasons == {}
    assert filled == sum(line.count(",") < 5 for line in lines)


@given(st.lists(RECORD, min_size=1, max_size=6), st.data())
def test_nothing_of_a_record_with_a_line_break_in_it_lands(records, data):
    place = data.draw(st.integers(0, len(records) - 1))
    cut = data.draw(st.integers(2, 4))
    cells = records[place].split(",")
    # Between two cells: the break stands at the beginning of one.
    parts = [",".join(cells[:cut]) + ",", ",".join(cells[cut:])]
    written, reasons, _ = fitted([*records[:place], *parts, *records[place + 1 :]])
    assert written == [line for number, line in enumerate(records) if number != place]
    assert list(reasons) == [place + 2, place + 3]
