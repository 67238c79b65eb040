"""The order of day and month is that of the column: what its cells show, told where nothing, refused where both."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from orchestration.landing.forms import land
from tests.support.forms import Landing, header, record, table

#: Cells of the date of intake, cells of the date of birth; what is kept of both; a piece of what is said.
CASES = {
    "months first, as one cell of each column shows": (
        ("6/5/2023", "6/14/2023", "4/3/2023", "12/1/2023"),
        ("5/9/2014", "5/20/2014", "5/9/2014", "5/9/2014"),
        ("2023-06-05", "2023-06-14", "2023-04-03", "2023-12-01"),
        ("2014-05",) * 4,
        "Dates of `date_of_birth`, `intake_date` are written with the month first",
    ),
    "a column that shows nothing goes with one that does": (
        ("6/5/2023", "6/14/2023"),
        ("5/9/2014", "4/3/2016"),
        ("2023-06-05", "2023-06-14"),
        ("2014-05", "2016-04"),
        "Dates of `date_of_birth` do not show whether day or month comes first (none has a number above 12 in one "
        "place only): they are read with the month first, as in the other dates of the file.",
    ),
    "days first, as cells show": (
        ("14/6/2023", "6/5/2023"),
        ("31/1/2014", "2/3/2014"),
        ("2023-06-14", "2023-05-06"),
        ("2014-01", "2014-03"),
        None,
    ),
    "each column by itself": (
        ("6/14/2023", "6/5/2023"),
        ("31/1/2014", "2/3/2014"),
        ("2023-06-14", "2023-06-05"),
        ("2014-01", "2014-03"),
        "Dates of `intake_date` are written with the month first",
    ),
    "nothing shows it: as the programme says": (
        ("6/5/2023", "4/3/2023"),
        ("2014-05-09", "2016-04-03"),
        ("2023-05-06", "2023-03-04"),
        ("2014-05", "2016-04"),
        "Dates of `intake_date` do not show whether day or month comes first (none has a number above 12 in one place "
        "only): they are read with the day first, as the programme says.",
    ),
    "a day and month alike shows nothing and needs nothing": (
        ("5/5/2023", "5 June 2023"),
        ("2014-05-09", "9 May 2014"),
        ("2023-05-05", "2023-06-05"),
        ("2014-05", "2014-05"),
        None,
    ),
    "other marks and two digits of a year": (
        ("6-14-23", "6.5.23"),
        ("2014-05-09", "2014-05-09"),
        ("2023-06-14", "2023-06-05"),
        ("2014-05", "2014-05"),
        "Dates of `intake_date` are written with the month first",
    ),
    "no date of a column with the month first disproves it": (
        ("6/14/2023", "31/2/2023", "6/5/2023"),
        ("2014-05-09",) * 3,
        ("2023-06-14", "?", "2023-06-05"),
        ("2014-05",) * 3,
        "Dates of `intake_date` are written with the month first",
    ),
    "no date either way shows nothing": (
        ("6/5/2023", "13/13/2023"),
        ("2014-05-09", "2014-05-09"),
        ("2023-05-06", "?"),
        ("2014-05", "2014-05"),
        "Dates of `intake_date` do not show",
    ),
}


def export(days: Sequence[str], births: Sequence[str]) -> str:
    names, rows = header(), [record(number) for number, _ in enumerate(days, start=1)]
    for row, day, birth in zip(rows, days, births, strict=True):
        row[names.index("intake_date")], row[names.index("date_of_birth")] = day, birth
    return table([names, *rows])


def kept(place: Landing) -> list[tuple[object, ...]]:
    return place.rows(
        "select intake_admin_intake_date, intake_admin_date_of_birth from raw.insights_intake order by source_row"
    )


@pytest.mark.parametrize("first", [20_000, 1], ids=["all looked at", "one looked at first"])
@pytest.mark.parametrize("case", list(CASES))
def test_the_order_of_a_column(place: Landing, monkeypatch: pytest.MonkeyPatch, case: str, first: int) -> None:
    monkeypatch.setattr(land, "_FIRST_RECORDS", first)
    days, births, expected_days, expected_births, said = CASES[case]
    result = place.land("a.csv", export(days, births))
    assert result.status == "landed", result.reason
    assert kept(place) == list(zip(expected_days, expected_births, strict=True))
    assert (said or "Dates of") in str(result.reason) if said else "Dates of" not in str(result.reason)


@pytest.mark.parametrize("first", [20_000, 1], ids=["all looked at", "one looked at first"])
def test_a_column_of_two_minds_is_refused(place: Landing, monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    monkeypatch.setattr(land, "_FIRST_RECORDS", first)
    result = place.land("a.csv", export(("14/6/2023", "6/5/2023", "6/15/2023"), ("2014-05-09",) * 3))
    assert result.status == "refused"
    assert result.reason == (
        "The dates of the column `intake_date` are written in two orders: 1 can only have the day first (the first in "
        "row 2), 1 only the month (the first in row 4), so what the others mean cannot be told. Export it again with "
        "dates in one order, best with the year first. Nothing of this file was landed."
    )
    assert place.landed() == 0


#: By raw column, a cell and what is kept of it.
ODD = {
    "intake_profile_gender_at_birth": ("MALE ", "male"),
    "intake_profile_residency": ("Mother, FATHER", "mother;father"),
    "intake_profile_disability": ("A word of hers", "?"),
    "intake_admin_intake_date": ("5 June 2023", "2023-06-05"),
    "intake_admin_date_of_birth": ("9/5/2014", "2014-05"),
    "intake_admin_submitted_at": ("2023-06-05T10:00:00+01:00", "2023-06-05 09:00:00.000000"),
}


@pytest.mark.parametrize(
    "first", [20_000, 2, 1], ids=["among those looked at first", "the last of them", "beyond them"]
)
@pytest.mark.parametrize("column", list(ODD))
def test_what_is_odd(place: Landing, monkeypatch: pytest.MonkeyPatch, column: str, first: int) -> None:
    monkeypatch.setattr(land, "_FIRST_RECORDS", first)
    names, rows = header(), [record(number) for number in (1, 2, 3)]
    typed, expected = ODD[column]
    rows[1][names.index(column.removeprefix("intake_").removeprefix("admin_"))] = typed
    assert place.land("a.csv", table([names, *rows])).status == "landed"
    cells = [cell for (cell,) in place.rows(f"select {column} from raw.insights_intake order by source_row")]
    assert cells[1] == expected
    assert "?" not in (cells[0], cells[2])
