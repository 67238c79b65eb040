"""Columns that are not understood: what is said of them, and what is never repeated."""

from __future__ import annotations

from catalogue import Catalogue
from orchestration.landing.forms.recognise import recognise_header
from orchestration.landing.forms.unknown import unknown_lines
from tests.support.forms import CATALOGUE, export, header, landing, record, table
from tests.support.paths import sample_seeds


def renamed(before: str, after: str) -> list[str]:
    return [after if cell == before else cell for cell in header()]


def test_a_misspelt_header_is_named_with_the_one_it_is_most_like_and_its_cost(tmp_path):
    rows = [renamed("profile_ethnicity", "profile_ethnicty"), record(1), record(2)]
    with landing(tmp_path) as place:
        assert place.land("a.csv", table(rows)).status == "landed"
        assert unknown_lines(place.con) == [
            "a.csv: `profile_ethnicty` was not understood, did you mean `profile_ethnicity`? "
            "2 forms have no profile ethnicity"
        ]


def test_a_column_nobody_knows_is_named_without_a_guess(tmp_path):
    with landing(tmp_path) as place:
        place.land("a.csv", table([[*header(), "shoe size"], [*record(1), "38"]]))
        assert unknown_lines(place.con) == ["a.csv: `shoe size` was not understood"]
        place.land("b.csv", export(4))
        assert len(unknown_lines(place.con)) == 1


def test_what_is_no_name_of_a_column_is_not_repeated(tmp_path):
    private = ["Zebediah <zeb@example.org>", "07700 900123", "z" * 200]
    with landing(tmp_path) as place:
        place.land("a.csv", table([[*header(), *private], [*record(1), "", "", ""]]))
        (line,) = unknown_lines(place.con)
        assert line.startswith("a.csv: column ")
        for text in private:
            assert text.lower() not in place.everything().lower()


def test_a_row_that_is_half_data_repeats_nothing():
    known = header()
    found = recognise_header(CATALOGUE, [[*known, *(f"cell {number}" for number in range(len(known)))]])
    assert len(found.unknown) == len(known)
    assert {column.header for column in found.unknown} == {None}
    assert {column.nearest for column in found.unknown} == {None}


def test_an_ignored_column_is_understood(tmp_path):
    sample = Catalogue(sample_seeds() / "forms")
    found = recognise_header(sample, [[*header(), "Respondent E-Mail", "another"]])
    assert [column.header for column in found.unknown] == ["another"]
    assert sample.reading_fingerprint("intake") != CATALOGUE.reading_fingerprint("intake")


def test_no_control_character_is_shown():
    found = recognise_header(CATALOGUE, [[*header(), "shoe\x1b[31m\u202e size"]])
    assert str(found.unknown[0].header).isprintable()


def labels_only() -> list[str]:
    """A header row in the words of the form, without the sections they stand in."""
    texts = [one.header for one in CATALOGUE.headers("intake", "v2", "text_list")]
    return [text.partition(": ")[2] or text for text in texts]


def test_a_label_without_its_section_is_named_with_the_header_where_one_question_has_it():
    found = recognise_header(CATALOGUE, [labels_only()])
    meant = {column.place: column.nearest for column in found.unknown}
    texts = [one.header for one in CATALOGUE.headers("intake", "v2", "text_list")]
    # Every label but the one that two questions have.
    assert {texts[place - 1] for place, nearest in meant.items() if nearest != texts[place - 1]} == {
        "Exposure to domestic abuse: Are there multiple victims?",
        "Harmful behaviour: Are there multiple victims?",
    }
    assert len(meant) > 60


def test_a_label_is_not_meant_for_a_header_that_stands_in_the_row():
    found = recognise_header(CATALOGUE, [[*header(convention="text_list"), "Disability"]])
    assert found.unknown[0].nearest != "Client profile: Disability"
