"""What landing keeps of a cell: what the catalogue knows, or a mark. Each kind of cell as a table of texts, and texts
that nobody thought of against a reader of its own, which knows nothing of the macros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from catalogue import Question
from orchestration.landing.forms.cells import Dates, cell_sql
from tests.support.forms import CATALOGUE
from tests.support.macros import macro, read
from tests.support.typed_cells import NO, QUESTIONS, YES, answers, is_blank, offered, plain

BUDGET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
COLUMNS = {column.name: column for form_id in CATALOGUE.forms for column in CATALOGUE.raw_columns(form_id)}
DRINKS = {
    "Tea, black": "tea_black",
    "tea_black": "tea_black",
    "Black tea": "tea_black",
    "Coffee": "coffee",
    "coffee": "coffee",
    "Don't know": "dont_know",
    "dont_know": "dont_know",
    "Other": "other",
    "other": "other",
    "Other drink": "other_drink",
    "other_drink": "other_drink",
}


def kept(name: str, texts: Sequence[str | None], *arguments: object) -> dict[str | None, object]:
    """What a macro keeps of each text."""
    return dict(zip(texts, read(macro(name, "cell", *arguments), texts), strict=True))


def wrong(found: Mapping[str | None, object], expected: Mapping[str | None, object]) -> dict[str | None, object]:
    return {text: value for text, value in found.items() if value != expected[text]}


CHOICES: dict[str | None, str | None] = {
    None: None,
    "": None,
    "  ": None,
    "\u200b": None,
    **dict.fromkeys(("NaN", "nan", "NULL", "<NA>", "#N/A", "None"), None),
    "coffee": "coffee",
    "COFFEE ": "coffee",
    "Coffee.": "coffee",
    "C\u00f6ffee": "coffee",
    "Black\u00a0tea": "tea_black",
    "black   tea": "tea_black",
    "Don\u2019t know": "dont_know",
    "tea_black": "tea_black",
    "Espresso": "?",
    "coffee and cake": "?",
    "?": "?",
    "Zebediah prefers milk": "?",
}


def test_a_choice() -> None:
    assert wrong(kept("choice_code", list(CHOICES), DRINKS), CHOICES) == {}


YES_OR_NO = {"Yes": "yes", "yes": "yes", "No": "no", "no": "no", "Don't know": "dont_know"}
ANSWERED: dict[str | None, str | None] = {
    **dict.fromkeys(("1", "1.0", "TRUE", "true", "Y", "yes", "YES ", "x"), "yes"),
    **dict.fromkeys(("0", "FALSE", "N", "no"), "no"),
    **dict.fromkeys(("2", "-1", "Maybe", "yes but"), "?"),
    "dont know": "?",
    "Don\u2019t know": "dont_know",
    " ": None,
}


def test_a_choice_of_yes_and_no_is_also_written_as_ticks_are() -> None:
    assert wrong(kept("choice_code", list(ANSWERED), YES_OR_NO), ANSWERED) == {}
    several = {"Yes": "yes", "No": "no", "1": "once"}
    assert kept("choice_code", ["1", "0", "Y"], several) == {"1": "once", "0": "no", "Y": "yes"}
    assert kept("choice_code", ["1", "Y"], DRINKS) == {"1": "?", "Y": "?"}


TICKS: dict[str | None, str | None] = {
    None: None,
    "": None,
    **dict.fromkeys(("1", "1.0", "TRUE", "yes", "x", "Checked", "Coffee", "COFFEE"), "1"),
    **dict.fromkeys(("0", "0.0", "false", "No", "unchecked"), "0"),
    **dict.fromkeys(("nan", "NULL"), None),
    **dict.fromkeys(("maybe", "2", "Tea, black", "Zebediah"), "?"),
}


def test_a_tick_in_a_column_of_its_own() -> None:
    assert wrong(kept("tick_flag", list(TICKS), ["Coffee", "coffee"]), TICKS) == {}


LISTS: dict[str | None, str | None] = {
    None: None,
    "": None,
    ";": None,
    " ; ;": None,
    "coffee": "coffee",
    "Coffee;Tea, black;": "coffee;tea_black",
    "Coffee; Black  TEA ": "coffee;tea_black",
    "Coffee|Don\u2019t know": "coffee;dont_know",
    "Coffee\nTea, black": "coffee;tea_black",
    "Tea, black": "tea_black",
    "Coffee, Don't know": "coffee;dont_know",
    "coffee tea_black": "coffee;tea_black",
    "COFFEE   DONT_KNOW": "coffee;dont_know",
    "Coffee;Her great aunt;": "coffee;?",
    "Her great aunt;Coffee": "?;coffee",
    "coffee lemonade": "coffee;?",
    "TEA_BLACK great_aunt": "tea_black;?",
    "tea_black\u200b great_aunt": "tea_black;?",
    "great_aunt\u00a0\ufefftea_black ": "?;tea_black",
    " TEA_BLACK  \u00adGREAT_AUNT": "tea_black;?",
    "Great aunt tea_black": "?",
    "Coffee Black tea": "coffee;tea_black",
    "Tea, black, Coffee": "tea_black;coffee",
    "Coffee,Tea, black": "coffee;tea_black",
    "Coffee Tea, black Don't know": "coffee;tea_black;dont_know",
    "Coffee Other black tea": "coffee;other;tea_black",
    "Coffee lemonade black tea": "?",
    "Other Other drink Other": "other;other_drink;other",
    "Other drink Coffee Other": "other_drink;coffee;other",
    "Other drink\nOther": "other_drink;other",
    "Other drink, Other": "other_drink;other",
    "other_drink squash other": "other_drink;?;other",
    "Her coffee": "?",
    "NaN": None,
    "Coffee;nan": "coffee",
    "Lemonade;Squash": "?;?",
    "Lemonade": "?",
}


def test_ticks_in_one_cell() -> None:
    assert wrong(kept("tick_codes", list(LISTS), DRINKS), LISTS) == {}


UNKNOWN_ENTRIES: dict[str | None, list[str] | None] = {
    "Coffee;Her great aunt;": ["her great aunt"],
    "Her Great  Aunt;Lemonade;Coffee": ["her great aunt", "lemonade"],
    "Lemonade": ["lemonade"],
    "Coffee, Squash": ["squash"],
    "Coffee": [],
}


def test_the_entries_that_were_not_understood() -> None:
    assert wrong(kept("entries_not_understood", list(UNKNOWN_ENTRIES), DRINKS), UNKNOWN_ENTRIES) == {}


FLAGS: dict[str | None, str | None] = {
    None: None,
    " ": None,
    **dict.fromkeys(("yes", "TRUE", "1", "x"), "1"),
    **dict.fromkeys(("no", "0", "False"), "0"),
    "if asked": "?",
}


def test_yes_or_no() -> None:
    assert wrong(kept("flag_text", list(FLAGS)), FLAGS) == {}


NUMBERS: dict[str | None, str | None] = {
    None: None,
    " ": None,
    "7": "7.0",
    " 7 ": "7.0",
    "7.00": "7.0",
    "11.9": "11.9",
    "300": "300.0",
    "301": "?limits",
    "0": "?limits",
    "-7": "?limits",
    "07700900123": "?limits",
    "4857773456": "?limits",
    "Coffee": "coffee",
    "seven": "?",
    "7 months": "?",
    "07700 900123": "?",
    "inf": "?",
    "nan": None,
}


def test_a_number() -> None:
    assert wrong(kept("number_text", list(NUMBERS), DRINKS, 1, 300), NUMBERS) == {}
    assert kept("number_text", ["-5", "1e9"], {}, None, None) == {"-5": "-5.0", "1e9": "1000000000.0"}


JUNE = "2023-06-05"
DAYS: dict[str | None, str | None] = {
    None: None,
    "  ": None,
    "NaT": None,
    **dict.fromkeys(
        (
            "2023-06-05", "2023-6-5", " 2023-06-05 ", "2023/06/05", "2023.06.05", "05/06/2023", "5/6/2023", "5/6/23",
            "05.06.2023", "5-6-2023", "5 6 2023", "5 June 2023", "5 june 2023", "5 Jun 2023", "05-Jun-2023",
            "5-Jun-23", "5th June 2023", "5th of June, 2023", "June 5, 2023", "Jun 5 2023", "Monday, 5 June 2023",
            "Mon 5 June 2023", "5\u00a0June\u00a02023", "5\u20136\u20132023", "2023-06-05T10:00:00",
            "2023-06-05 10:00", "05/06/2023 10:00", "05/06/2023 9:05 PM", "45082", "45082.0", "45082.75",
            "2023-06-05T10:00:00Z", "2023-06-04T23:00:00Z", "2023-06-04T23:30:00.000Z", "2023-06-05T00:30:00+01:00",
            "2023-06-04T23:30:00+0000", "2023-06-05T22:59:59Z", "2023-06-04 23:00 UTC", "2023-06-05Z",
            "20230605", "05062023", "2023-06-05+01:00",
        ),
        JUNE,
    ),
    "2023-03-31T23:00:00Z": "2023-04-01",
    "2023-03-26T00:30:00Z": "2023-03-26",
    "2023-12-31T23:59:59Z": "2023-12-31",
    "2023-10-29T00:30:00Z": "2023-10-29",
    "2023-06-05T01:00:00+05:30": "2023-06-04",
    "09/05/14": "2014-05-09",
    "01/01/68": "2068-01-01",
    "01/01/69": "1969-01-01",
    "29/02/2024": "2024-02-29",
    **dict.fromkeys(
        (
            "31/02/2023", "29/02/2023", "2023-13-01", "13/13/2023", "Unborn", "EDD 09/2023", "2023", "June 2023",
            "3 April", "June", "April May", "05/06/2023 rang mum", "2023-06-05 (Zebediah rang)",
            "5 June Carter 2023", "07700900123", "19999", "80001", "20231305", "1/2/3", "soon", "?", "12:30",
        ),
        "?",
    ),
}  # fmt: skip


def test_a_day() -> None:
    assert wrong(kept("day_text", list(DAYS)), DAYS) == {}
    months = {text: day if day is None or day == "?" else day[:7] for text, day in DAYS.items()}
    assert wrong(kept("month_text", list(months)), months) == {}
    assert kept("month_text", ["2014-05", " 2014-5 ", "2014-13"]) == {
        "2014-05": "2014-05",
        " 2014-5 ": "2014-05",
        "2014-13": "?",
    }


def test_a_day_of_a_file_with_the_month_first_and_of_a_workbook_of_1904() -> None:
    first = {
        "6/5/2023": JUNE,
        "06-05-23": JUNE,
        "June 5, 2023": JUNE,
        "5 June 2023": JUNE,
        "2023-06-05": JUNE,
        "14/6/2023": "?",
    }
    assert kept("day_text", list(first), False) == first
    assert kept("day_text", ["43620", "2023-06-05"], True, True) == {"43620": JUNE, "2023-06-05": JUNE}
    assert kept("moment_text", ["43620.5"], True, True) == {"43620.5": "2023-06-05 12:00:00.000000"}


MOMENTS: dict[str | None, str | None] = {
    None: None,
    "": None,
    "2023-06-05T10:00:00Z": "2023-06-05 10:00:00.000000",
    "2023-06-05T10:00:00+01:00": "2023-06-05 09:00:00.000000",
    "2023-06-05 10:00:00.25": "2023-06-05 10:00:00.250000",
    "5 June 2023 10:00": "2023-06-05 10:00:00.000000",
    "05/06/23 3:05 pm": "2023-06-05 15:05:00.000000",
    "2023-06-05": "2023-06-05 00:00:00.000000",
    "45082.5": "2023-06-05 12:00:00.000000",
    "2023-06-05T25:00:00": "?",
    "yesterday": "?",
}


def test_a_moment() -> None:
    assert wrong(kept("moment_text", list(MOMENTS)), MOMENTS) == {}


def contradicted(column: str, texts: Sequence[str | None]) -> dict[str | None, object]:
    """Of the texts that the plain reading of a column understands, those that the whole one understands otherwise."""

    def kept_of(plain_only: bool) -> Sequence[object]:
        return read(cell_sql(CATALOGUE, COLUMNS[column], "cell", Dates({}), plain_only=plain_only), texts)

    said = zip(texts, kept_of(True), kept_of(False), strict=True)
    return {text: plain for text, plain, whole in said if "?" not in str(plain) and plain != whole}


ISO = [
    "2023-06-05", "2023-02-30", "0000-00-00", "2023-06-05 10:00:00", "2023-06-05T22:59:59.000Z", "2023-06-05T23:00:00Z",
    "2023-06-05 24:00:00", "2023-06-05 10:00:60", "2023-06-05T10:00:00", "2023-13-01", " 2023-06-05",
]  # fmt: skip


@pytest.mark.parametrize(
    "column",
    ["intake_admin_intake_date", "intake_admin_submitted_at", "intake_admin_date_of_birth", "intake_admin_form_version",
     "intake_admin_consent", "intake_profile_ethnicity", "intake_profile_residency", "intake_profile_residency__mother",
     "exit_closure_contacts", "exit_exposure_type_physical"],
)  # fmt: skip
def test_what_is_read_plainly_is_read_wholly_too(column: str) -> None:
    question = CATALOGUE.questions[COLUMNS[column].question_id]
    own = list(CATALOGUE.spellings(question.question_id))
    lists = [sign.join(own[:3]) for sign in (";", "; ", " ", ", ", "|")] + [f"{one};" for one in own[:2]]
    everything = [*own, *lists, *CHOICES, *TICKS, *LISTS, *DAYS, *MOMENTS, *ISO]
    assert contradicted(column, list(dict.fromkeys(everything))) == {}


def test_plain_reading_marks_what_is_odd_alone() -> None:
    day = "intake_admin_intake_date"
    plain = cell_sql(CATALOGUE, COLUMNS[day], "cell", Dates({}), plain_only=True)
    assert read(plain, [None, "2023-06-05", "5/6/2023", ""]) == [None, "2023-06-05", "?", "?"]
    residency = COLUMNS["intake_profile_residency"]
    plain = cell_sql(CATALOGUE, residency, "cell", Dates({}), plain_only=True)
    assert read(plain, ["Mother;Father;", "mother", "Mother; Father", "Mother;Aunt", "MOTHER"]) == [
        "mother;father", "mother", "mother;father", "mother;?", "?",
    ]  # fmt: skip


# --------------------------------------------------------------------------------- texts that no table thought of


@BUDGET
@given(answers())
@example(("intake", "intake_profile_residency", ["Mother;Her great aunt;", "mother", ";;"]))
@example(("intake", "intake_referral_status", ["NONE", "NaN", "null."]))
def test_both_readers_understand_the_same(case: tuple[str, str, list[str]]) -> None:
    form_id, question_id, cells = case
    question = CATALOGUE.questions[question_id]
    known = offered(form_id, str(question.option_set))
    found = read(cell_sql(CATALOGUE, COLUMNS[question_id], "cell", Dates({})), cells)
    for cell, one in zip(cells, found, strict=True):
        entries = cell.split(";") if question.answer_type == "tick_all" and ";" in cell else [cell]
        if len(entries) == 1 and question.answer_type == "tick_all" and plain(cell) not in known:
            continue  # one entry of which the parts may be codes or labels; the table above has those
        if {"yes", "no"} <= known.keys():
            known = {**YES, **NO, **known}
        meant = [known.get(plain(entry), "?") for entry in entries if plain(entry) in known or not is_blank(entry)]
        assert one == (";".join(meant) or None), (question_id, cell)


@BUDGET
@given(answers())
def test_what_is_read_plainly_of_any_text_is_read_wholly_too(case: tuple[str, str, list[str]]) -> None:
    _, question_id, cells = case
    assert contradicted(question_id, cells) == {}


@BUDGET
@given(st.sampled_from(sorted(COLUMNS)), st.lists(st.text(max_size=30), min_size=1, max_size=10))
def test_nothing_is_kept_but_what_the_catalogue_knows(name: str, texts: list[str]) -> None:
    column = COLUMNS[name]
    question = CATALOGUE.questions[column.question_id]
    if question.storage == "pseudonym" or question.question_code == "service":
        return
    codes = {option.option_code for option in CATALOGUE.options_of(question.question_id)}
    versions = {version.form_version for version in CATALOGUE.form_versions(question.form_id)}
    for one in read(cell_sql(CATALOGUE, column, "cell", Dates({})), texts):
        for part in str(one or "").split(";"):
            shaped = part.replace("-", "").replace(":", "").replace(".", "").replace(" ", "").isdigit()
            assert part in {"", "?", "?limits", "0", "1", *codes, *versions} or shaped or question.storage == "sector"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.question_id)
def test_every_spelling_of_the_catalogue_is_understood(question: Question) -> None:
    spellings = CATALOGUE.spellings(question.question_id)
    found = read(cell_sql(CATALOGUE, COLUMNS[question.question_id], "cell", Dates({})), list(spellings))
    assert dict(zip(spellings, found, strict=True)) == spellings
    assert {plain(text): code for text, code in spellings.items()} == offered(
        question.form_id, str(question.option_set)
    )
