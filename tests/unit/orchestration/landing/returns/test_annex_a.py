"""Which column of a list is which field, and which rows merged cells touch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.returns import ANNEX_A, load_returns
from orchestration.landing.returns.annex_a import _is_merged, _List, _merged_rows
from orchestration.landing.returns.annex_a_columns import column_letter, find_columns

PAIRS = st.tuples(st.integers(0, 30), st.integers(0, 4))
RANGES = st.lists(
    st.tuples(PAIRS, PAIRS).map(lambda pair: tuple(zip(*map(sorted, zip(*pair, strict=True)), strict=True)))
)


@given(RANGES)
def test_a_row_is_merged_where_a_range_has_it_and_a_column_of_the_list(ranges: Any) -> None:
    sheet = SimpleNamespace(merged_cell_ranges=ranges)
    one = _List("x", "List 1", sheet, 0, 1, {"a": 1, "b": 3}, (), ())
    expected = {
        row + 1
        for (first_row, first_column), (last_row, last_column) in ranges
        for row in range(first_row, last_row + 1)
        if first_column <= 1 <= last_column or first_column <= 3 <= last_column
    }
    merged = _merged_rows(one)
    assert {row for row in range(40) if _is_merged(row, merged)} == expected


RETURNS = load_returns()
COMMON = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth")
CHILD = ("XJ77K1", "a) Male", "a) WBRI", "2012-04-03")
DAY, SERIAL = date(2023, 10, 5), 45204.0


@dataclass(frozen=True)
class Heading:
    """Headings beside those of every list, with a column of cells each; the fields by letter, and what is said."""

    record_id: str
    headings: tuple[str, ...]
    columns: tuple[tuple[Any, ...], ...]
    found: str
    doubts: str = ""


# fmt: off
HEADINGS: dict[str, Heading] = {
    "the start of a legal status is none": Heading(
        "annex_a_looked_after", ("Start date of current legal status", "Child's Legal Status"), ((DAY,), ("C2",)),
        "legal_status F"),
    "nor where it stands alone": Heading(
        "annex_a_looked_after", ("Start date of current legal status",), ((DAY,),), "",
        "column E is headed like “Child's Legal Status” but holds nothing of the kind"),
    "a date as text is no legal status": Heading(
        "annex_a_looked_after", ("Legal status from",), (("05/10/2023",),), "", "column E is headed like"),
    "a pattern that holds codes": Heading(
        "annex_a_looked_after", ("Legal status (latest)",), (("C2",),), "legal_status E"),
    "seen, yes or no": Heading(
        "annex_a_assessment", ("Child Seen During Continuous Assessment",), (("a) Yes", "", "b) No"),), "", "column E"),
    "seen, Y or N": Heading("annex_a_assessment", ("Child seen?",), (("Y", "n"),), "", "column E is headed like"),
    "seen, ticked": Heading("annex_a_assessment", ("Date child seen alone (Y/N)",), ((True, False),), "", "column E"),
    "seen on a day": Heading("annex_a_assessment", ("Child seen on",), ((DAY,),), "seen_date E"),
    "a day as text": Heading("annex_a_assessment", ("Date child first seen",), (("", "5 Oct 2023"),), "seen_date E"),
    "a day as a serial": Heading("annex_a_assessment", ("Date child first seen",), ((SERIAL,),), "seen_date E"),
    "one day among words": Heading("annex_a_assessment", ("Date child seen",), (("tbc", "05.10.23"),), "seen_date E"),
    "a blank column may be it": Heading("annex_a_assessment", ("Child seen on",), (("", None),), "seen_date E"),
    "the guidance's heading whatever it holds": Heading(
        "annex_a_contact", ("Date of Contact",), (("soon",),), "contact_date E"),
    "capitals, punctuation, spaces": Heading(
        "annex_a_contact", ("DATE  OF\u00a0CONTACT:", "Contact-source"), ((DAY,), ("6",)),
        "contact_date E contact_source F"),
    "brackets behind it": Heading(
        "annex_a_looked_after", ("Childs Legal Status (code)", "Placement Type (current)"), (("C2",), ("U6",)),
        "legal_status E placement_type F"),
    "exact before pattern, whatever the order": Heading(
        "annex_a_referral", ("Date of referral to the team", "Date of Referral"), ((DAY,), (DAY, DAY)),
        "referral_date F"),
    "two that may be it": Heading(
        "annex_a_referral", ("Referral date (phone)", "Referral date (form)"), ((DAY,), (date(2023, 1, 2),)), "",
        "columns E and F may both be “Date of Referral”, so neither is read"),
    "two that say the same": Heading(
        "annex_a_referral", ("Referral date (phone)", "Referral date (form)"), ((DAY,), (DAY,)), "referral_date E"),
    "two of which one is blank": Heading(
        "annex_a_referral", ("Referral date (phone)", "Referral date (form)"), ((None,), (DAY,)), "referral_date F"),
    "the same heading twice": Heading(
        "annex_a_contact", ("Contact Source", "Contact source"), (("6",), ("1A",)), "", "columns E and F may both be"),
    "no longer placed for adoption": Heading(
        "annex_a_adoption",
        ("Date of Decision that Child Should No Longer be Placed for Adoption", "Date Placed for Adoption",
         "Date the child was placed for fostering in FFA or concurrent planning placement"),
        ((DAY,), (DAY,), (DAY,)), "placed_date F"),
    "the end of a stage": Heading(
        "annex_a_adopter", ("Individual adopter identifier", "Date Stage 1 ended", "No. of children placed"),
        (("AD1",), (DAY,), (2,)), "child_key E"),
    "a number is no flag": Heading("annex_a_referral", ("NFA count",), ((12,),), "", "column E"),
    "an empty column between": Heading("annex_a_contact", ("", "Date of Contact"), ((None,), (DAY,)), "contact_date F"),
}
# fmt: on


@pytest.mark.parametrize("case", list(HEADINGS))
def test_a_column_is_a_field_by_its_heading_and_what_it_holds(case: str) -> None:
    one = HEADINGS[case]
    height = max(map(len, one.columns))
    rows = [[*CHILD, *(column[row] if row < len(column) else None for column in one.columns)] for row in range(height)]
    found = find_columns(RETURNS, one.record_id, [*COMMON, *one.headings], rows)
    letters = {field: column_letter(place) for field, place in found.places.items() if place >= len(COMMON)}
    assert " ".join(f"{field} {letter}" for field, letter in letters.items()) == one.found
    assert one.doubts in " ".join(found.doubts)
    assert bool(found.doubts) is bool(one.doubts)
    assert not {"Zebediah", "tbc", "2023"} & set(" ".join(found.doubts).split())


@pytest.mark.parametrize("record", RETURNS.records_of(ANNEX_A), ids=str)
def test_each_heading_of_the_guidance_is_its_own_field_among_all_of_them(record: Any) -> None:
    headings = [field.source_name for field in RETURNS.stored(record.record_id)]
    found = find_columns(RETURNS, record.record_id, headings, ())
    assert found.places == {field.field_id: place for place, field in enumerate(RETURNS.stored(record.record_id))}
    patterned = {heading.field_id for heading in RETURNS.headings if heading.record_id == record.record_id}
    assert patterned == set(found.places)


def test_letters_of_columns() -> None:
    assert [column_letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
