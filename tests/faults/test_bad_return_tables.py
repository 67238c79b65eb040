"""Tables of returns in CSV and in Annex A workbooks, broken in every way that people and programs break them.

What must hold is always the same: no exception, no half load, no lost record, no value of a record in any message.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.landing.ledger import LoadResult
from tests.support.returns import EPISODES, ReturnLanding, check, episode, episodes, refused, workbook

BUDGET = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
CSV = episodes(*(episode(number) for number in range(1, 7)))
LOOKED_AFTER = "social_care/999/2017/e.csv"
# One warehouse for all examples, emptied before each: making its tables takes longer than landing a file.
FOLDER = tempfile.TemporaryDirectory()
PLACE = ReturnLanding(Path(FOLDER.name))


def outcome(content: bytes | str, name: str = LOOKED_AFTER) -> LoadResult:
    """Land one file in an empty warehouse and check everything that must hold whatever it was."""
    PLACE.empty()
    result = PLACE.land(name, content)
    check(PLACE, result)
    return result


@pytest.mark.parametrize("place", range(13))
def test_a_looked_after_table_without_one_of_its_columns(place):
    names = EPISODES.split(",")
    rows = [[cell for at, cell in enumerate(line.split(",")) if at != place] for line in CSV.splitlines()]
    result = outcome("\n".join(map(",".join, rows)), LOOKED_AFTER)
    if names[place] in ("CHILD", "DECOM"):
        refused(result, names[place], "missing")
    else:
        assert (result.status, result.rows_landed) == ("landed", 6)
        assert (names[place] in str(result.reason)) is (names[place] != "URN")


def test_a_looked_after_table_with_a_column_more():
    rows = [
        line + ("," + ("Zebediah" if number else "Name of Zebediah")) for number, line in enumerate(CSV.splitlines())
    ]
    result = outcome("\n".join(rows), LOOKED_AFTER)
    assert (result.status, result.rows_landed) == ("landed", 6)
    assert result.ignored_columns == "URN (never stored), column 14 not in the format"


def test_a_looked_after_table_with_a_column_twice_and_one_of_another_kind():
    refused(outcome(CSV.replace("RNE,LS", "RNE,RNE"), LOOKED_AFTER), "RNE twice")
    refused(outcome("CHILD,DOB,SEEN,SEEN_BY\nXJ77K1,03/04/2012,01/01/2017,PN1\n", LOOKED_AFTER), "header row")


def test_looked_after_records_that_cannot_be_landed():
    rows = [episode(1), episode(2).replace("XJ77K2", " "), episode(3) + ",x", "XJ77K4,05/09/2016", episode(5)]
    result = outcome(episodes(*rows, *map(episode, range(6, 31))), LOOKED_AFTER)
    assert (result.rows_landed, result.rejected_lines) == (27, 3)
    assert PLACE.rows("select source_row, column_name from ops.rejected_line order by 1") == [
        (3, "CHILD"), (4, None), (5, None),
    ]  # fmt: skip


def test_looked_after_episodes_of_another_year():
    refused(outcome(episodes(*(episode(n, "05/09/2018") for n in range(3))), LOOKED_AFTER), "after the year")
    old = episodes(*(episode(n, "05/09/2012", "01/02/2013") for n in range(3)))
    refused(outcome(old, LOOKED_AFTER), "ended before the year")
    assert outcome(episodes(episode(1), episode(2, "05/09/2099")), LOOKED_AFTER).status == "landed"


def test_a_table_without_records_and_one_without_a_header():
    assert outcome(EPISODES, LOOKED_AFTER).reason == "It holds a header row and no records."
    refused(outcome(episode(1), LOOKED_AFTER))
    refused(outcome("", LOOKED_AFTER), "empty")


ANNEX = "social_care/999/2017/annex_a.xlsx"


def annex(change=lambda book: None, **options) -> LoadResult:
    PLACE.empty()
    path = PLACE.raw / ANNEX
    path.parent.mkdir(parents=True, exist_ok=True)
    book = workbook(path, **options)
    change(book)
    book.close()
    result = PLACE.land_path(path)
    check(PLACE, result)
    return result


def test_annex_a_with_merged_cells():
    result = annex(lambda book: book.worksheets()[0].merge_range("A2:A3", "XJ77K1"), rows=7)
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", 19, 2)
    assert PLACE.rows("select source_row, source_path, reason from ops.rejected_line order by 1") == [
        (row, "List 1", "It lies in merged cells, so it cannot be told which record its values belong to.")
        for row in (2, 3)
    ]


def test_annex_a_with_a_merged_title_above_the_headings():
    PLACE.empty()
    path = PLACE.raw / ANNEX
    path.parent.mkdir(parents=True, exist_ok=True)
    book = workbook(path, lists=["List 1"], rows=0)
    sheet = book.worksheets()[0]
    sheet.merge_range("A1:F1", "List 1: contacts of Zebediah")
    for place, heading in enumerate(["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Date of Contact"]):
        sheet.write(2, place, heading)
    sheet.write_row(3, 0, ["XJ77K1", "a) Male", "WBRI", "03/04/2012", "01/09/2016"])
    book.close()
    result = PLACE.land_path(path)
    check(PLACE, result)
    assert (result.status, result.rows_landed) == ("landed", 1)
    assert PLACE.column("annex_a_contact", "source_row", "sex") == [(4, "a) Male")]


def test_annex_a_with_renamed_sheets():
    result = annex(names={"List 1": "Zebediah", "List 7": "List 2", "List 2": "List 7"})
    assert (result.status, result.rows_landed) == ("landed", 6)
    assert PLACE.counts() == {"annex_a_contact": 2, "annex_a_early_help": 2, "annex_a_protection_plan": 2}


def test_annex_a_with_the_same_list_twice_or_other_headings():
    def again(book: Any) -> None:
        sheet = book.add_worksheet("Copy")
        sheet.write_row(0, 0, ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Date of Contact"])

    def again_with_a_record(book: Any) -> None:
        again(book)
        book.worksheets()[-1].write_row(1, 0, ["XJ77K9", "a) Male", "WBRI", "03/04/2012", "01/09/2016"])

    # A sheet with headings and nothing below them is a template.
    assert annex(again).rows_landed == 6
    refused(annex(again_with_a_record), "both List 1")
    refused(annex(lambda book: book.worksheets()[0].write_row(0, 0, list("abcdef"))), "List 1", "headings")
    refused(annex(lambda book: book.worksheets()[0].write(0, 0, "Number")), "List 1", "identifier")


def test_annex_a_with_formulas():
    def formulas(book):
        contacts, early_help, _ = book.worksheets()
        contacts.write_formula("E2", "=DATE(2016,9,1)", None, "2016-09-01")
        contacts.write_formula("E3", "=DATE(2016,9,1)", None, "")
        early_help.write_formula("E2", "=A9/0", None, "#DIV/0!")

    result = annex(formulas, rows=7)
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", 19, 2)
    assert PLACE.rows("select source_path, source_row, reason from ops.rejected_line order by all") == [
        ("List 1", 3, "It holds a formula without a value. Open the workbook, let it calculate, and save it again."),
        ("List 2", 2, "It holds a formula that failed."),
    ]


def test_annex_a_rows_without_an_identifier_or_with_nothing_else():
    def edit(book):
        book.worksheets()[0].write(1, 0, " ")
        book.worksheets()[0].write(12, 0, "End of list, Zebediah")

    result = annex(edit, rows=7)
    assert (result.rows_landed, result.rejected_lines) == (20, 2)


@BUDGET
@given(st.integers(0, 400), st.integers(1, 200))
def test_annex_a_damaged(start, length):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("[Content_Types].xml", "<Types/>")
    content = buffer.getvalue()
    refused(outcome(content[:start] + content[start + length :], ANNEX))


@BUDGET
@given(st.permutations(range(13)), st.lists(st.integers(0, 12), max_size=3))
def test_columns_in_any_order_and_some_missing(order, dropped):
    kept = [place for place in order if place not in dropped]
    rows = [[line.split(",")[place] for place in kept] for line in CSV.splitlines()]
    result = outcome("\n".join(map(",".join, rows)) + "\n", LOOKED_AFTER)
    assert (result.status == "refused") is bool({0, 1} & set(dropped))


@BUDGET
@given(st.integers(0, len(CSV)), st.binary(min_size=1, max_size=12), st.integers(0, 60))
def test_looked_after_bytes_put_in_or_taken_out(place, noise, length):
    outcome(CSV.encode()[:place] + noise + CSV.encode()[place + length :], LOOKED_AFTER)


WILD = st.one_of(
    st.sampled_from(["", " ", "NULL", "UNKN", "*DUMMY*", "31/02/2023", "99999999999", "-1", "1e999", "Zebediah"]),
    st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n",;\t\ufffd'), max_size=30),
)


@BUDGET
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 12), WILD), min_size=1, max_size=20))
def test_cells_of_every_kind(changes):
    rows = [line.split(",") for line in CSV.splitlines()]
    for row, column, value in changes:
        rows[row][column] = value
    result = outcome("\n".join(map(",".join, rows)) + "\n", LOOKED_AFTER)
    if result.status == "landed":
        assert (result.rows_landed, result.rejected_lines) == (6, 0)
        stored = str(PLACE.rows("from raw.s903_episode"))
        assert "Zebediah" not in stored
