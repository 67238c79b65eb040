"""What is noticed of the dates and ids of a file is kept with its load, and told by a run and `insights status`."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from orchestration.landing.forms.load_notes import DATES, IDS, load_note_lines
from orchestration.landing.ledger import ensure_ledger
from tests.support.forms import Landing, header, record, table

NOT_SHOWN = "`intake_date` do not show it, read with the day first, as the programme says"
# Column and its cells -> kind of the note and what it says.
CASES: dict[str, tuple[str, Sequence[str], str, str | None]] = {
    "not shown": ("intake_date", ("6/5/2023", "07/08/2023"), DATES, NOT_SHOWN),
    "months first": (
        "intake_date",
        ("6/14/2023", "6/5/2023"),
        DATES,
        "`intake_date` written with the month first, as the dates show",
    ),
    "days first": ("intake_date", ("14/6/2023", "6/5/2023"), DATES, None),
    "years first": ("intake_date", ("2023-06-05", "2023-05-06"), DATES, None),
    "alike either way": ("intake_date", ("5/5/2023", "6/6/2023"), DATES, None),
    "damaged": ("client_id", ("2.02306E+15", "#REF!", "77"), IDS, "damaged ids in 2 forms (client id 2)"),
    "words": ("client_id", ("N/A", "78"), IDS, "a word or a mark for an id in 1 form (client id 1)"),
    "dates": ("client_id", ("01-Mar", "78"), IDS, "dates for ids in 1 form (client id 1)"),
    "blank": ("client_id", ("", "78"), IDS, None),
}


def export(column: str, cells: Sequence[str]) -> str:
    rows = []
    for number, cell in enumerate(cells, start=1):
        rows.append(record(number))
        rows[-1][header().index(column)] = cell
    return table([header(), *rows])


@pytest.mark.parametrize("case", list(CASES))
def test_what_is_told_of_a_file(place: Landing, case: str) -> None:
    column, cells, kind, said = CASES[case]
    result = place.land("a.csv", export(column, cells))
    assert result.status == "landed", result.reason
    assert load_note_lines(place.con, kind) == ([f"a.csv: {said}"] if said else [])
    assert load_note_lines(place.con, IDS if kind == DATES else DATES) == []
    kept = str(place.rows("from ops.load_note"))
    assert not [cell for cell in cells if len(cell) > 2 and cell in kept]


def test_several_of_one_file_and_what_did_not_land(place: Landing) -> None:
    place.land("a.csv", export("client_id", ("N/A", "#REF!", "78")))
    place.land("b.csv", export("intake_date", ("14/6/2023", "6/15/2023")))
    assert load_note_lines(place.con, IDS) == [
        "a.csv: damaged ids in 1 form (client id 1); a word or a mark for an id in 1 form (client id 1)"
    ]
    assert load_note_lines(place.con, IDS, most=1) == ["a.csv: damaged ids in 1 form (client id 1); and 1 more"]
    assert load_note_lines(place.con, DATES) == []
    place.con.execute("update ops.load set status = 'refused'")
    assert load_note_lines(place.con, IDS) == []


def test_what_was_noted_goes_with_another_reading(place: Landing) -> None:
    result = place.land("a.csv", export("intake_date", ("6/5/2023", "07/08/2023")))
    place.con.execute("update ops.load_note set said = 'of before'")
    place.con.execute("delete from ops.load; delete from raw.insights_intake")
    again = place.land("a.csv", export("intake_date", ("6/5/2023", "07/08/2023")))
    assert again.load_id == result.load_id
    assert load_note_lines(place.con, DATES) == [f"a.csv: {NOT_SHOWN}"]


def test_a_home_of_before_the_notes(place: Landing) -> None:
    place.con.execute("drop table ops.load_note")
    assert load_note_lines(place.con, DATES) == []
    ensure_ledger(place.con)
    place.land("a.csv", export("intake_date", ("6/5/2023", "07/08/2023")))
    assert load_note_lines(place.con, DATES) == [f"a.csv: {NOT_SHOWN}"]
