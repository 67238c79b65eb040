"""Answers in words that the form does not offer: counted by file, service and question, and never kept."""

from __future__ import annotations

import pytest

from orchestration.landing.forms.unknown_words import unknown_word_lines
from tests.support.forms import Landing, header, record, table

HEADER = header(convention="text_list")


def rows(question: str, *answers: str, service: str = "North Star") -> list[list[str]]:
    found = []
    for number, answer in enumerate(answers, start=1):
        row = record(number, convention="text_list")
        row[HEADER.index(question)], row[HEADER.index("Service")] = answer, service
        row[HEADER.index("Submission ID")] = f"{service} {question} {number}"
        found.append(row)
    return found


def counted(place: Landing) -> list[tuple[object, ...]]:
    return place.rows("select question_id, service_code, forms, words from ops.unknown_word order by all")


def test_words_are_counted_by_service_and_question(place: Landing) -> None:
    gender, lives = "Client profile: Gender assigned at birth", "Client profile: Who does the client live with?"
    place.land(
        "a.csv",
        table([
            HEADER,
            *rows(gender, "Boy", "boy ", "Girl", "Male"),
            *rows(gender, "Boy", service="South"),
            *rows(lives, "Mother;Her great aunt;", "Her Great Aunt;A lodger;", "Father;"),
        ]),
    )  # fmt: skip
    assert counted(place) == [
        ("intake_profile_gender_at_birth", "NORTH STAR", 3, 2),
        ("intake_profile_gender_at_birth", "SOUTH", 1, 1),
        ("intake_profile_residency", "NORTH STAR", 2, 2),
    ]
    assert unknown_word_lines(place.con) == [
        "a.csv: 2 words for intake_profile_gender_at_birth in 3 forms of NORTH STAR; "
        "2 words for intake_profile_residency in 2 forms of NORTH STAR; "
        "1 word for intake_profile_gender_at_birth in 1 form of SOUTH"
    ]
    everything = str(place.rows("from raw.insights_intake")) + str(place.rows("from ops.load"))
    assert not [word for word in ("Boy", "aunt", "lodger") if word.lower() in everything.lower()]


def test_a_column_of_one_option(place: Landing) -> None:
    names = header(convention="code_columns")
    cells = record(1, convention="code_columns")
    cells[names.index("profile_residency___mother")] = "maybe"
    place.land("a.csv", table([names, cells]))
    assert counted(place) == [("intake_profile_residency", "NORTH STAR", 1, 1)]
    assert place.rows("select intake_profile_residency__mother from raw.insights_intake") == [("?",)]


@pytest.mark.parametrize("cell", ["maybe", "2", "TEST", "?"])
def test_a_yes_or_no(place: Landing, cell: str) -> None:
    place.land("a.csv", table([HEADER, *rows("Test record", cell, "yes", "0", "")]))
    assert counted(place) == [("intake_admin_is_test", "NORTH STAR", 1, 1)]
    assert unknown_word_lines(place.con) == ["a.csv: 1 word for intake_admin_is_test in 1 form of NORTH STAR"]


def test_nothing_is_said_of_a_file_that_was_understood(place: Landing) -> None:
    place.land("a.csv", table([HEADER, *rows("Client profile: Gender assigned at birth", "Male", "Female")]))
    assert counted(place) == []
    assert unknown_word_lines(place.con) == []
