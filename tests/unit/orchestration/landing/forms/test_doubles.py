"""Several columns for one stored column: what each form then says, what is told, and what is refused."""

from __future__ import annotations

import pytest

from orchestration.landing.forms.recognise import recognise_header
from orchestration.landing.refusal import FileRefusedError
from tests.support.forms import CATALOGUE, SECRETS, header, landing, record, table

ROUTE = "intake_referral_route"
# What the two columns of a question hold, and what the form then says.
CELLS = (
    ("self", "", "self"),
    ("", "self", "self"),
    ("  ", "\u200b", None),
    ("", "", None),
    ("self", "self", "self"),
    (" Self", "self", "self"),
    ("self", "marac", "?"),
    ("self", " ", "self"),
    ("0", "self", "?"),
    ("self", "NaN", "self"),
    ("nan", "NULL", None),
    ("childrens_social_services", "Children's social services", "childrens_social_services"),
    ("Children\u2019s social services", "childrens_social_services", "childrens_social_services"),
    ("childrens_social_services", "Self", "?"),
)
# What the second column of `referral_route` may be called.
SECOND = ("referral_route", "REFERRAL_ROUTE", "referral_route.1", "Referral: Referral route", "referral/route", ROUTE)
ALONE = ("referral_route.1", "referral_route2", "profile_residency.1", "profile_residency/1")


@pytest.mark.parametrize("second", SECOND)
def test_in_each_form_the_column_that_is_filled_counts(tmp_path, second):
    at = header().index("referral_route")
    rows = []
    for number, (first, other, _) in enumerate(CELLS, start=1):
        cells = record(number)
        cells[at] = first
        rows.append([*cells, other])
    with landing(tmp_path) as place:
        result = place.land("a.csv", table([[*header(), second], *rows]))
        assert (result.status, result.rows_landed) == ("landed", len(CELLS))
        assert result.reason == (
            "1 question has several columns for one answer in the file (intake_referral_route): of each form the one "
            "that is filled counts, and where two are filled and differ the answer counts as not understood."
        )
        said = place.rows(f"select nullif({ROUTE}, '') from raw.insights_intake order by source_row")
        assert [answer for (answer,) in said] == [expected for _, _, expected in CELLS]


def test_three_columns_of_one_question_are_one_too(tmp_path):
    at = header().index("referral_route")
    cells = (("", "self", ""), ("self", "", "self"), ("self", "self", "marac"))
    rows = [[*record(1)[:at], one, *record(1)[at + 1 :], two, three] for one, two, three in cells]
    with landing(tmp_path) as place:
        place.land("a.csv", table([[*header(), "referral_route.1", "referral_route.2"], *rows]))
        said = place.rows(f"select {ROUTE} from raw.insights_intake order by source_row")
        assert said == [("self",), ("self",), ("?",)]


def test_the_same_question_by_the_words_of_two_versions_is_one():
    found = recognise_header(CATALOGUE, [[*header(), "witness_supported"]])
    assert found.columns.count("intake_exposure_supported") == 2
    assert found.place_of()["intake_exposure_supported"].startswith("case when")


def test_ticks_that_come_twice_are_one():
    names = header(convention="code_columns")
    found = recognise_header(CATALOGUE, [[*names, "profile_residency/mother", "profile_residency___mother.1"]])
    assert found.columns.count("intake_profile_residency__mother") == 3
    assert (found.unknown, found.absent_columns) == ((), 0)


@pytest.mark.parametrize("name", ALONE)
def test_a_number_behind_a_name_is_no_double_where_it_may_be_something_else(name):
    names = [one for one in header() if one != "referral_route"]
    assert [column.place for column in recognise_header(CATALOGUE, [[*names, name]]).unknown] == [len(names) + 1]


@pytest.mark.parametrize(
    "name", ["client_id", "CLIENT_ID.1", "service", "Date of birth", "postcode", "intake_date.1", "edited_at"]
)
def test_a_column_of_administration_that_comes_twice_is_refused(tmp_path, name):
    with landing(tmp_path) as place:
        result = place.land("a.csv", table([[*header(), name], [*record(1), "Zebediah"]]))
        assert (result.status, place.landed()) == ("refused", 0)
        assert "comes 2 times (columns" in str(result.reason)
        assert not any(secret in place.everything() for secret in SECRETS)


def test_a_column_that_is_never_stored_may_come_twice():
    found = recognise_header(CATALOGUE, [[*header(), "notes", "case_worker.1"]])
    assert set(found.never_stored) == {"intake_admin_case_worker", "intake_admin_notes"}


def test_the_list_of_ticks_beside_its_columns_is_no_double(tmp_path):
    names = [*header(), "profile_residency/mother", "profile_residency/father"]
    found = recognise_header(CATALOGUE, [names])
    assert (found.unknown, found.absent_questions, found.absent_columns) == ((), (), 0)
    with landing(tmp_path) as place:
        result = place.land("a.csv", table([names, [*record(1), "1", "0"]]))
        assert (result.status, result.reason) == ("landed", None)


def test_an_erasure_list_with_two_columns_for_one_is_refused():
    with pytest.raises(FileRefusedError, match="`client_id` comes 2 times"):
        recognise_header(CATALOGUE, [["service", "client_id", "requested_on", "client_id"]])
