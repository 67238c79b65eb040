"""Which rows are header rows: titles above and labels below are passed over, and no form ever is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.landing.forms.header_rows import SEARCHED
from orchestration.landing.forms.recognise import Header, recognise_header
from orchestration.landing.refusal import FileRefusedError
from tests.support.forms import CATALOGUE, catalogue_with, header, record, table

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


ACES = "Client profile: Adverse Childhood Experiences (ACEs)"
ETHNICITY = "Client profile: Ethnicity"
ABUSE = "Exposure to domestic abuse: Type of abuse exposed to"
# What stands in the upper row, what below it, and what each column becomes: the option's, the question's, or `?` where
# it is told as one that is not understood; `` has no name.
ARRANGEMENTS = {
    "the first option is known": ([LIVES, "", ""], ["Mother", "Uncle", "Aunt"], ["mother", "?", "?"]),
    "the one in the middle": ([LIVES, "", ""], ["Uncle", "Mother", "Aunt"], ["?", "mother", "?"]),
    "the last": ([LIVES, "", ""], ["Uncle", "Aunt", "Mother"], ["?", "?", "mother"]),
    "all but the first": ([LIVES, "", ""], ["Other (please specify)", "Mother", "Father"], ["?", "mother", "father"]),
    "none": ([LIVES, "", ""], ["Uncle", "Aunt", "Cousin"], ["?", "?", "?"]),
    "without its section": (["Who does the client live with?", ""], ["Uncle", "Mother"], ["?", "mother"]),
    "what else there is": ([LIVES, "", ""], ["Mother", "Other", "Other (please specify)"], ["mother", "other", "?"]),
    "two side by side": (
        [LIVES, "", ACES, "", ""],
        ["Mother", "Uncle", "Poverty", "Verbal abuse", "Other (please specify)"],
        ["mother", "?", "?", "verbal_abuse", "?"],
    ),
    "behind a question of which nobody knows": (
        ["Who visits?", "", LIVES, ""], ["Mother", "Father", "Uncle", "Mother"], ["?", "?", "?", "mother"],
    ),
    "before one": (
        [LIVES, "", "Who visits?", "", ""], ["Uncle", "Mother", "Father", "Mother", "Sister"],
        ["?", "mother", "?", "?", "?"],
    ),
    "one answer between": (
        [LIVES, "", ETHNICITY, ACES, ""], ["Uncle", "Mother", "Response", "Verbal abuse", "Poverty"],
        ["?", "mother", "ethnicity", "verbal_abuse", "?"],
    ),
    "one answer, and what else there is": ([ETHNICITY, ""], ["Response", "Other (please specify)"], ["ethnicity", "?"]),
    "one answer, a column for each": ([ETHNICITY, "", ""], ["Irish", "Arab", "Cornish"], ["?", "?", "?"]),
    "all answers in one cell, and what else there is": (
        [LIVES, ""], ["Response", "Other (please specify)"], ["residency", "?"],
    ),
    "rows of a matrix": ([ABUSE, "", ""], ["Digital", "Physical", "Sexual"], ["?", "type_physical", "type_sexual"]),
    "nothing below in between": ([LIVES, "", "", ""], ["Uncle", "Mother", "", "Father"], ["?", "mother", "", "?"]),
    "one option only": ([LIVES, ACES, ""], ["Mother", "Verbal abuse", "Poverty"], ["mother", "verbal_abuse", "?"]),
}  # fmt: skip
OF_BLOCKS = {LIVES, ACES, ETHNICITY, f"{ABUSE} - Physical", f"{ABUSE} - Sexual"}


def two_rows(upper: list[str], lower: list[str], at: int, answer: str = "Response") -> tuple[list[str], list[str]]:
    """A header row with the questions in some place, and the row below it."""
    others = [name for name in WORDS if name not in OF_BLOCKS]
    below = [answer] * len(others)
    return [*others[:at], *upper, *others[at:]], [*below[:at], *lower, *below[at:]]


@pytest.mark.parametrize("at", [14, len(WORDS) - len(OF_BLOCKS)], ids=["in the middle", "at the end"])
@pytest.mark.parametrize("case", list(ARRANGEMENTS))
def test_no_option_is_lost_or_of_another_question(case, at):
    upper, lower, becomes = ARRANGEMENTS[case]
    names, below = two_rows(upper, lower, at)
    header_row = found(names, below, record(1, convention="text_list"))
    assert header_row.header_rows == 2
    unknown = [column.place for column in header_row.unknown]
    got = [
        (column or ("?" if place in unknown else "")).rpartition("__")[2].removeprefix("intake_profile_")
        for place, column in enumerate(header_row.columns[at : at + len(upper)], start=at + 1)
    ]
    assert [text.removeprefix("intake_exposure_") for text in got] == becomes
    assert not any(column.nearest for column in header_row.unknown)
    assert header_row.columns[:at] == found([name for name in names if name in WORDS]).columns[:at]


def test_a_row_that_a_spreadsheet_has_cut_behind_the_last_question_goes_on_below(place):
    names, below = two_rows([LIVES], ["Uncle", "Mother"], len(WORDS) - len(OF_BLOCKS))
    cells = [cell for name, cell in zip(WORDS, record(1, convention="text_list"), strict=True) if name not in OF_BLOCKS]
    result = place.land("a.csv", table([names, below, [*cells, "", "Mother"], [*cells[:-1], "", "Uncle", ""]]))
    assert (result.status, result.rows_landed, result.rejected_lines) == ("landed", 2, 0)
    ticks = "select intake_profile_residency, intake_profile_residency__mother from raw.insights_intake order by 2"
    assert place.rows(ticks) == [(None, "1"), (None, None)]


SPECIFY = "Other (please specify)"


@pytest.mark.parametrize("question", [ETHNICITY, ACES, "Who visits?"])
def test_the_column_for_other_words_is_told_in_words_that_silence_it(question, tmp_path):
    first = "Response" if question == ETHNICITY else "Verbal abuse"
    names, below = two_rows([question, ""], [first, SPECIFY], 14)
    (column,) = [one for one in found(names, below).unknown if one.place == 16]
    assert column.header == (None if question == "Who visits?" else f"{question} - {SPECIFY}".lower())
    assert column.nearest is None
    ignoring = catalogue_with(tmp_path, "ignored_column.csv", f"intake,{question} - {SPECIFY}")
    silenced = recognise_header(ignoring, [names, below, record(1, convention="text_list")])
    assert 16 not in [one.place for one in silenced.unknown]
    assert (silenced.header_rows, silenced.columns[15]) == (2, None)


def test_too_many_options_are_refused_as_too_many_columns_are():
    names, below = two_rows([LIVES], ["Mother"] * 10_000, len(WORDS) - len(OF_BLOCKS))
    with pytest.raises(FileRefusedError, match=r"It has 10,\d\d\d columns"):
        found(names, below)


# A header row that ends with a question and a column without a name, and a record below it: whose it is, when, and what
# stands below the last two.
NO_SECOND_ROWS = {
    "a form": ({"Client ID": "K-1", "Date of intake": "2023-06-05"}, ["Mother", "Father"]),
    "a form without a date": ({"Submission ID": "S-1", "Client ID": "K-1"}, ["Mother", "rang"]),
    "a form of a service alone": ({"Service": "North Star"}, ["Mother", "Father"]),
    "a form of nobody": ({"Date of intake": "2023-06-05"}, ["Mother", "Response"]),
    "no option, no response": ({}, ["Uncle", "Aunt"]),
    "an option elsewhere": ({ACES: "Verbal abuse"}, ["Uncle", "rang"]),
    "nothing below the column without a name": ({}, ["Mother", ""]),
}


@pytest.mark.parametrize("case", list(NO_SECOND_ROWS))
def test_no_form_is_taken_for_the_options_of_a_question(case):
    said, last = NO_SECOND_ROWS[case]
    others = [name for name in WORDS if name != LIVES]
    names, cells = [*others, LIVES, ""], [*(said.get(name, "") for name in others), *last]
    header_row = found(names, cells, record(1, convention="text_list"))
    assert (header_row.header_rows, header_row.columns[-2:]) == (1, ("intake_profile_residency", None))


@pytest.mark.parametrize("known", [0, 1, 2])
def test_one_option_that_is_known_makes_a_second_row(known):
    lower = ["Uncle", "Aunt", "Cousin"]
    lower[known] = "Mother"
    names, below = two_rows([LIVES, "", ""], lower, 14, answer="")
    becomes: list[str | None] = [None, None, None]
    becomes[known] = "intake_profile_residency__mother"
    header_row = found(names, below, record(1, convention="text_list"))
    assert (header_row.header_rows, header_row.columns[14:17]) == (2, tuple(becomes))


def test_a_second_row_may_call_the_date_one():
    names, below = two_rows([LIVES, ""], ["Mother", "Uncle"], 14)
    below[names.index("Date of intake")] = "Day of the first meeting"
    assert found(names, below).columns[14:16] == ("intake_profile_residency__mother", None)
