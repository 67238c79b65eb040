"""Every yearly difference of the returns, each shown to rest on one row of the seeds.

A test lands files of several years twice: by the seeds as they are, and by the same seeds without that row. What was
read the first time must be lost the second time. `tests/integration/test_code_years.py` does the same for codes, which
landing keeps as they are and staging judges.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from catalogue.returns import load_returns
from tests.support.paths import returns_seeds_in
from tests.support.returns import CIN_PLAN, RETURNS, ReturnLanding, assessment, census, child, need

SEX = "<Sex>F</Sex>"
XML903 = (
    "<SSDA903><CHILD><CHILDID>XJ77K1</CHILDID><SEX>1</SEX><EPISODE><DECOM>05/09/2016</DECOM><PL>U6</PL></EPISODE>"
    "<MISSING><MISSING>M</MISSING></MISSING><UASC><DUC>03/04/2030</DUC></UASC><OC2><CONVICTED>0</CONVICTED></OC2>"
    "</CHILD></SSDA903>"
)
# The layout of the department: particulars, missing periods and health in an element of the child.
HEADER903 = (
    "<EXPSSDA903><CHILD><HEADER><CHILDID>XJ77K1</CHILDID><SEX>1</SEX><UASC>1</UASC><DUC>03/04/2019</DUC>"
    "<AMISSING><MISSING>A</MISSING></AMISSING></HEADER></CHILD></EXPSSDA903>"
)
MARKED903 = XML903.replace("<DUC>", "<UASC>0</UASC><DUC>")
# The row of return_difference (record, field, name), then the year and file that need it, and what they give.
DIFFERENCES = {
    "child in need plans from 2022": (
        ("cin_plan", "", "CINPlanDates"), 2022, "c.xml", census(child(details=need(inner=CIN_PLAN)), year=2022),
        "select start_date from raw.cin_plan", "2016-06-02",
    ),
    "Sex instead of GenderCurrent from 2025": (
        ("cin_child", "sex", "ChildIdentifiers/Sex"), 2025, "c.xml", census(child(sex=SEX), year=2025),
        "select sex from raw.cin_child", "F",
    ),
    "CHILDID in XML": (
        ("s903_header", "child_key", "CHILDID"), 2017, "l.xml", XML903, "select count(*) from raw.s903_header", 1,
    ),
    "PL in XML": (
        ("s903_episode", "placement_type", "PL"), 2017, "l.xml", XML903,
        "select placement_type from raw.s903_episode", "U6",
    ),
    "CHILD holds a child in XML": (
        ("s903_header", "", "CHILD"), 2017, "l.xml", XML903, "select count(*) from raw.s903_header", 1,
    ),
    "EPISODE in XML": (
        ("s903_episode", "", "EPISODE"), 2017, "l.xml", XML903, "select count(*) from raw.s903_episode", 1,
    ),
    "MISSING in XML": (
        ("s903_missing", "", "MISSING"), 2017, "l.xml", XML903, "select count(*) from raw.s903_missing", 1,
    ),
    "HEADER in the element of a child": (
        ("s903_header", "", "CHILD/HEADER"), 2017, "l.xml", HEADER903, "select sex from raw.s903_header", "1",
    ),
    "UASC in the header": (
        ("s903_header", "is_unaccompanied", "UASC"), 2024, "l.xml", HEADER903,
        "select is_unaccompanied from raw.s903_header", "1",
    ),
    "DUC in the header": (
        ("s903_header", "unaccompanied_until", "DUC"), 2024, "l.xml", HEADER903,
        "select unaccompanied_until from raw.s903_header", "03/04/2019",
    ),
    "UASC in the element UASC": (
        ("s903_uasc", "is_unaccompanied", "UASC"), 2017, "l.xml", MARKED903,
        "select is_unaccompanied from raw.s903_uasc", "0",
    ),
    "AMISSING in XML": (
        ("s903_missing", "", "AMISSING"), 2017, "l.xml", HEADER903, "select count(*) from raw.s903_missing", 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(DIFFERENCES))
def test_a_difference_is_read_because_of_its_row(tmp_path, name):
    row, year, file, content, sql, expected = DIFFERENCES[name]
    outcomes: list[list[tuple[object, ...]]] = []
    for returns in (RETURNS, load_returns(seeds_without(tmp_path / "seeds", row))):
        folder = tmp_path / f"landing{len(outcomes)}"
        folder.mkdir()
        place = ReturnLanding(folder, returns)
        place.land(f"social_care/999/{year}/{file}", content)
        outcomes.append(place.rows(sql))
        place.con.close()
    assert outcomes[0] == [(expected,)]
    assert outcomes[1] != [(expected,)]


def test_every_row_of_the_differences_has_a_test():
    listed = {(one.record_id, one.field_id or "", one.source_name) for one in RETURNS.differences}
    assert listed == {row for row, *_ in DIFFERENCES.values()}


@pytest.mark.parametrize("year", range(2017, 2027))
def test_a_census_of_every_year_lands(tmp_path, year):
    sex = SEX if year >= 2025 else "<GenderCurrent>2</GenderCurrent>"
    plan = CIN_PLAN if year >= 2022 else ""
    place = ReturnLanding(tmp_path)
    factors = assessment("2A", "18B", "24A")
    result = place.land(
        f"social_care/999/{year}/c.xml", census(child(sex=sex, details=need(inner=factors + plan)), year=year)
    )
    assert (result.status, result.ignored_columns, result.rejected_lines) == ("landed", None, 0)
    assert place.column("cin_child", "sex") == [("F" if year >= 2025 else "2",)]
    assert len(place.column("cin_plan", "start_date")) == (year >= 2022)
    place.con.close()


@pytest.mark.parametrize("year", [2017, 2026])
def test_a_name_of_another_year_is_read_rather_than_lost(tmp_path, year):
    place = ReturnLanding(tmp_path)
    both = census(child(1, sex=SEX), child(2, details=need(inner=CIN_PLAN)), year=year)
    place.land(f"social_care/999/{year}/c.xml", both)
    assert place.column("cin_child", "sex") == [("F",), ("1",)]
    assert len(place.column("cin_plan", "start_date")) == 1
    place.con.close()


def seeds_without(folder: Path, row: tuple[str, str, str]) -> Path:
    """A copy of the seeds that lacks one row of return_difference."""
    seeds = returns_seeds_in(folder)
    path = seeds / "return_difference.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))
    kept = [one for one in rows if (one[1], one[2], one[6]) != row]
    assert len(kept) == len(rows) - 1
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(kept)
    return seeds
