"""Which rows are header rows: titles above and labels below are passed over, and no form ever is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.landing.forms.header_rows import SEARCHED
from orchestration.landing.forms.recognise import Header, recognise_header
from orchestration.landing.refusal import FileRefusedError
from tests.support.forms import CATALOGUE, header, record, table

NAMES = header()
TITLES = [
    ["Report of May"],
    ["Service:", "North Star"],
    ["Exported on", "3 May 2023"],
    ["", "Client", "", "", "Exposure"],
]


def found(*rows: list[str]) -> Header:
    return recognise_header(CATALOGUE, list(rows))


def row(blank: str = "", **cells: str) -> list[str]:
    """A row under `NAMES` with these cells, and ``blank`` in all others."""
    assert set(cells) <= set(NAMES)
    return [cells.get(name, blank) for name in NAMES]


@pytest.mark.parametrize("titles", [0, 1, 4, SEARCHED - 1])
def test_titles_above_the_header_row_are_passed_over_and_counted(titles):
    above = [TITLES[number % len(TITLES)] for number in range(titles)]
    header_row = found(*above, NAMES, record(1), record(2))
    assert (header_row.title_rows, header_row.header_rows) == (titles, titles + 1)
    assert header_row.columns == found(NAMES).columns


def test_a_header_row_further_down_is_not_looked_for():
    with pytest.raises(FileRefusedError, match="one of the first 20 lines"):
        found(*(TITLES[0] for _ in range(SEARCHED)), NAMES, record(1))


def test_a_form_above_the_header_row_refuses_the_file():
    with pytest.raises(FileRefusedError, match="Row 2 stands above the header row, which is row 4,") as told:
        found(TITLES[0], record(1), record(2), NAMES, record(3))
    assert "Zeb" not in str(told.value)


def test_nobody_who_asked_to_be_erased_is_passed_over():
    names = ["service", "client_id", "requested_on"]
    assert found(["Erasures"], names, ["South", "7", "2023-06-05"]).title_rows == 1
    with pytest.raises(FileRefusedError, match="Row 1 stands above"):
        found(["South", "6", ""], names, ["South", "7", "2023-06-05"])


def test_the_first_of_two_tables_is_read():
    header_row = found(header("review"), record(1, "review"), record(2, "review"), NAMES, record(3))
    assert (header_row.form_id, header_row.header_rows) == ("review", 1)


BELOW = {
    "labels of the catalogue": header(convention="text_list"),
    "labels in other words": row(
        submission_id="Unique reference of this form",
        client_id="What is the client's ID?",
        intake_date="Date on which support began",
        service="Where are they supported?",
        consent="Did they agree?",
    ),
    "import ids": ['{"ImportId":"QID7_TEXT"}' for _ in NAMES],
    "import ids of the first columns only": [
        *['{"ImportId":"startDate","timeZone":"Z"}'] * 9,
        *[""] * (len(NAMES) - 9),
    ],
    "responses": row("Response", submission_id="", intake_date="DD/MM/YYYY", client_id="Open-Ended Response"),
    "options under the ticks": row(
        client_id="Open-Ended Response", service="Response", profile_residency="Mother", consent="Yes"
    ),
}


@pytest.mark.parametrize("case", list(BELOW))
def test_rows_that_say_what_columns_hold_are_no_forms(case):
    assert found(NAMES, BELOW[case], record(1), record(2)).header_rows == 2
    assert found(TITLES[0], NAMES, BELOW[case], record(1), record(2)).header_rows == 3
    assert found(NAMES, record(1), BELOW[case], record(2)).header_rows == 1


FORMS = {
    "no date": row(submission_id="S-1", client_id="K-1", service="North Star", consent="yes"),
    "ids in words, but dated": row(
        submission_id="reference", client_id="no id", intake_date="5 June 2023", service="North Star"
    ),
    "ids in words, no date": row(submission_id="reference", client_id="no id", service="North Star"),
    "ids and date in words, but agreed": row(
        submission_id="reference", client_id="no id", intake_date="date unknown", consent="Yes"
    ),
    "words with numbers": row(submission_id="reference 7", client_id="ID 12", intake_date="day 4"),
    "one id in words": row(submission_id="S-1", client_id="no id", intake_date="date unknown"),
    "a response as an answer": row(
        submission_id="S-1", client_id="K-1", service="North Star", referral_status="Response"
    ),
    "a response without ids": row(service="North Star", referral_status="response"),
}


@pytest.mark.parametrize("case", list(FORMS))
def test_no_form_is_taken_for_a_header_row(case):
    assert found(NAMES, FORMS[case], record(1)).header_rows == 1


@given(
    st.dictionaries(
        st.sampled_from([name for name in NAMES if name != "intake_date"]),
        st.sampled_from(["Response", "ID", "date", "reference number", "", '{"importid"', "no"]),
    ),
    st.sampled_from(["2023-06-05", "5/6/23", "45082", "5 June 2023"]),
)
def test_a_record_with_ids_and_a_date_is_a_form(cells, date):
    ids = {name: cells.get(name) or "S" for name in ("submission_id", "client_id")}
    assert found(NAMES, row(**{**cells, **ids}, intake_date=date)).header_rows == 1


def test_what_was_passed_over_is_told_by_number(place):
    forms = [record(1), record(2)]
    said = {
        "a.csv": "1 row above the header row holds no names of columns and was passed over.",
        "b.csv": "4 rows above the header row hold no names of columns and were passed over.",
        "c.csv": "1 row below the header row holds other names of columns and was passed over.",
        "d.csv": None,
    }
    heads = (
        [*TITLES[:1], [], NAMES],
        [*TITLES, NAMES],
        [NAMES, BELOW["responses"]],
        [NAMES, BELOW["labels of the catalogue"], BELOW["import ids"]],
    )
    for (name, note), rows in zip(said.items(), heads, strict=True):
        result = place.land(name, table([*rows, *forms]))
        assert (result.status, result.rows_landed, result.rejected_lines, result.reason) == ("landed", 2, 0, note)
    assert place.rows("select source_row from raw.insights_intake where load_seq = 1 order by 1") == [(3,), (4,)]


LIVES = "Client profile: Who does the client live with?"
WORDS = header(convention="text_list")


@pytest.mark.parametrize("is_last", [False, True], ids=["in the middle", "at the end"])
def test_a_question_over_its_options_in_the_row_below(place, is_last):
    """A survey portal writes the question once, above the first of its options, and what is open is called Response."""
    at = len(WORDS) if is_last else WORDS.index(LIVES)
    without = [name for name in WORDS if name != LIVES]
    names = [*without[:at], LIVES, "", "", *without[at:]]
    below = ["Response" if name else "" for name in names]
    below[names.index(LIVES) : names.index(LIVES) + 3] = ["Mother", "Father", "Her own words"]
    rows = []
    for number, ticked in enumerate((["Mother", "", ""], ["", "Father", ""], ["", "", "Zebediah"]), start=1):
        cells = [
            cell for name, cell in zip(WORDS, record(number, convention="text_list"), strict=True) if name != LIVES
        ]
        rows.append([*cells[:at], *ticked, *cells[at:]])
    result = place.land("a.csv", table([names, below, *rows]))
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", 3, 0)
    assert place.rows(
        "select intake_profile_residency, intake_profile_residency__mother, intake_profile_residency__father "
        "from raw.insights_intake order by source_row"
    ) == [(None, "1", None), (None, None, "1"), (None, None, None)]
    told = place.rows("select header from ops.unknown_column")
    assert told == [("client profile/who does the client live with?/?",)] or "Her own words" not in str(told)
    assert "own words" not in str(told).lower()
    assert len(told) == 1
