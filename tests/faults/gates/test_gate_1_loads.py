"""Gate 1 on loads: too few, too many, and what is none of these."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.outcome import Acceptance
from orchestration.landing.rereading import REASONS
from synthetic.sample_catalogue import sample_catalogue
from tests.support.gate_warehouse import LOADS, Home, failed, failing_keys, first_gate


def _shrink(home: Home, load: str, keep: int) -> None:
    form_id = load.rpartition("-")[0]
    home.execute(
        f"delete from staging.stg_forms__{form_id} where load_id = '{load}' and source_row >= {2 + keep}",
        f"update ops.load set rows_landed = {keep} where load_id = '{load}'",
    )


def _grow(home: Home, load: str, times: int) -> None:
    form_id = load.rpartition("-")[0]
    home.execute(
        f"insert into staging.stg_forms__{form_id} by name "
        "select s.* replace (landed_row_id + 100000 * n as landed_row_id, md5(submission_key || n) as submission_key) "
        f"from staging.stg_forms__{form_id} as s, range(1, {times}) as r(n) where load_id = '{load}'"
    )


# The fixture's loads spread 40 forms over two months (20 a month), so these are told apart by month, not by file.
def test_a_load_a_tenth_of_the_usual_is_set_aside_until_accepted(home):
    _shrink(home, "intake-6", 1)
    result = first_gate(home)
    assert failed(result) == {"load_volume": 1}
    assert result.passed, "everybody else's forms go on"
    assert failing_keys(home, "load_volume") == ["intake-6|NORTH"]
    aside = "select form_id, landed_row_id from ops.set_aside where check_id = 'load_volume'"
    of_load = "select 'intake', landed_row_id from staging.stg_forms__intake where load_id = 'intake-6'"
    assert home.rows(aside) == home.rows(of_load)
    first_gate(home, "run-2", accepted=[Acceptance("load_volume", "intake-6|NORTH")])
    assert home.rows(aside) == []
    assert failed(first_gate(home, "run-3")) == {}, "an acceptance holds for later runs"
    _shrink(home, "exit-6", 1)
    assert failed(first_gate(home, "run-4")) == {"load_volume": 1}, "and for its own load only"


def test_a_load_of_more_than_ten_times_the_usual_is_set_aside(home):
    _grow(home, "review-5", 11)
    assert set(_keys_of_volume(home)) == {"review-5|NORTH"}
    ((aside, of_load),) = home.rows(
        "select (select count(*) from ops.set_aside), "
        "(select count(*) from staging.stg_forms__review where load_id = 'review-5')"
    )
    assert aside == of_load


def _keys_of_volume(home: Home) -> list[Any]:
    result = first_gate(home)
    assert set(failed(result)) <= {"load_volume"}
    return failing_keys(home, "load_volume")


@pytest.mark.parametrize("forms", [1, 3])
def test_a_file_of_corrections_is_no_small_load(home, forms):
    """Of forms that had landed before it brings later versions, and nothing new."""
    _shrink(home, "intake-6", forms)
    home.execute(
        "update staging.stg_forms__intake as later set submission_key = earlier.submission_key "
        "from staging.stg_forms__intake as earlier where later.load_id = 'intake-6' and earlier.load_id = 'intake-2' "
        "and later.source_row = earlier.source_row"
    )
    assert _keys_of_volume(home) == []


def test_without_four_earlier_loads_nothing_is_judged(home):
    for load in ("intake-4", "exit-3", "review-1"):
        _shrink(home, load, 1)
    assert _keys_of_volume(home) == []


def test_a_month_after_years_of_yearly_files_is_no_fault(home):
    """Forms a month are compared, not forms a file."""
    home.execute(
        "update staging.stg_forms__intake set event_date = event_date + interval ((source_row - 2) * 8) day, "
        "submitted_at = submitted_at + interval ((source_row - 2) * 9) day where load_id <> 'intake-6'"
    )
    _shrink(home, "intake-6", 3)
    assert _keys_of_volume(home) == []


def test_small_files_vary_without_being_faulty(home):
    home.execute("delete from staging.stg_forms__review where source_row > 16 and load_id <> 'review-6'")
    _shrink(home, "review-6", 1)
    assert _keys_of_volume(home) == []


def test_refused_files_and_erasure_lists_are_not_loads_of_forms(home):
    home.execute(
        "insert into ops.load values ('bad', 0, 'bad.csv', null, null, 0, 3, 'refused')",
        "insert into ops.load values ('erase', 98, 'erase.csv', 'erasure', null, 0, 0, 'landed')",
    )
    assert _keys_of_volume(home) == []


def test_a_form_outside_the_days_of_its_service_is_told(home):
    home.execute(
        "insert into reference.service values "
        "('OLD', 'Old', null, date '2021-04-01', date '2022-01-01', 'NORTH', 'NORTH'), "
        "('NORTH', 'North', null, date '2022-01-02', null, null, 'NORTH'), "
        "('OTHER', 'Other', null, date '2030-01-01', null, null, 'OTHER')"
    )
    result = first_gate(home)
    assert failed(result) == {}
    home.execute("update reference.service set first_day = date '2021-04-03' where service_code = 'OLD'")
    result = first_gate(home, "run-2")
    assert result.passed
    # Of each of three forms, the first two days.
    assert failed(result) == {"service_days": 6}
    home.execute("update reference.service set last_day = date '2023-10-05' where service_code = 'NORTH'")
    assert (failed(first_gate(home, "run-3"))["service_days"] or 0) > 6


def test_a_client_id_written_in_two_ways_without_a_month_is_told(home):
    of_one = "client_key = md5('client 1-0')"
    home.execute(f"update staging.stg_forms__exit set client_exact_key = 'other', birth_month = null where {of_one}")
    assert failed(first_gate(home)) == {}, "an exit does not ask for the month"
    home.execute(
        "update staging.stg_forms__intake set client_exact_key = 'third', birth_month = date '2015-01-01' "
        f"where {of_one}"
    )
    result = first_gate(home, "run-2")
    assert result.passed
    assert failed(result) == {"client_written_differently": 1}
    home.execute(
        f"update staging.stg_forms__exit set client_exact_key = null, birth_month = date '2012-05-01' where {of_one}",
        f"update staging.stg_forms__intake set birth_month = null where {of_one}",
    )
    assert failed(first_gate(home, "run-3")) == {"client_written_differently": 1}


def test_a_number_that_is_used_for_several_submissions_is_told(home):
    home.execute(
        "insert into intermediate.int_form_submission select 'intake', landed_row_id, 'own' "
        "from staging.stg_forms__intake where load_id = 'intake-1' and source_row < 5"
    )
    result = first_gate(home)
    assert result.passed
    assert failed(result) == {"submission_number_used_again": 3}


def test_forms_of_an_undeclared_service_are_no_service_of_their_own(home):
    _shrink(home, "intake-6", 1)
    home.execute("update staging.stg_forms__intake set service_code = '?0a1b2c3d'")
    assert _keys_of_volume(home) == []


def test_a_file_whose_answers_to_a_question_are_mostly_unknown_blocks(home):
    """Twelve of the load's forty are unknown and eleven are known; of another question ten of thirty."""
    question, other = 35, 36
    unknown = f"select 'intake', landed_row_id, {question}, 'unknown_answer' from staging.stg_forms__intake "
    home.execute(
        f"insert into staging.problem_rows {unknown} where load_id = 'intake-2' and source_row < 14",
        f"insert into staging.problem_rows {unknown.replace(str(question), str(other))} "
        "where load_id = 'intake-2' and source_row < 12",
        f"update staging.stg_forms__intake set answers = [{question * 100 + 1}, {other * 100 + 99}] "
        "where load_id = 'intake-2' and source_row between 14 and 24",
        f"update staging.stg_forms__intake set answers = [{other * 100 + 2}] "
        "where load_id = 'intake-2' and source_row between 25 and 41",
    )
    result = first_gate(home)
    assert not result.passed
    (key,) = failing_keys(home, "answers_not_understood")
    assert key.startswith("intake-2 ")
    assert first_gate(home, "run-2", accepted=[Acceptance("answers_not_understood", key)]).passed


@pytest.mark.parametrize(
    ("unknown", "erased", "blocks"), [(2, 38, False), (3, 0, False), (20, 0, False), (20, 2, True), (21, 0, True)]
)
def test_a_yes_or_no_that_is_not_understood_is_judged_by_the_share_of_forms(home, unknown, erased, blocks):
    """Of a load of forty; the programme allows half."""
    home.execute(
        "insert into staging.problem_rows select 'intake', landed_row_id, 9, 'unknown_answer' "
        f"from staging.stg_forms__intake where load_id = 'intake-2' and source_row < {unknown + 2}",
        "update staging.stg_forms__intake set is_erased = true "
        f"where load_id = 'intake-2' and source_row >= {42 - erased}",
    )
    assert ("answers_not_understood" in failed(first_gate(home))) == blocks


def test_a_file_of_which_too_little_is_understood_blocks(home):
    questions = [question.question_id for question in sample_catalogue().asked("intake") if question.is_stored]
    for load, absent, unknown in (("intake-1", 0.25, 1), ("intake-2", 0.25, 0), ("intake-3", 0.15, 3)):
        for question_id in questions[: round(absent * len(questions))]:
            home.execute(f"insert into ops.absent_question values ('{load}', 'intake', '{question_id}', {unknown})")
    assert not first_gate(home).passed
    assert failing_keys(home, "questions_not_understood") == ["intake-1"]


def test_a_question_that_is_not_asked_and_has_a_column_is_told(home):
    check_id, question = "column_of_a_question_not_asked", "intake_profile_disability"

    def says(*rows: str) -> list[Any]:
        home.execute("delete from reference.not_asked")
        home.execute(*(f"insert into reference.not_asked values ('intake', '{question}', {row})" for row in rows))
        result = first_gate(home)
        assert result.passed
        return failing_keys(home, check_id) if check_id in failed(result) else []

    north, later = "null, 'NORTH', null, null", "null, 'NORTH', date '2030-01-01', null"
    assert says(north, later, "'v1', null, null, null") == [f"{question}|NORTH"]
    assert says("null, null, null, null") == [question], "every file has the column"
    home.execute(f"insert into ops.absent_question values ('intake-1', 'intake', '{question}', 1)")
    assert says("null, null, null, null") == []
    assert says("'v2', null, null, null") == [f"{question}|v2"]
    for load in range(2, LOADS + 1):
        home.execute(f"insert into ops.absent_question values ('intake-{load}', 'intake', '{question}', 1)")
    assert says("'v2', null, null, null", north) == []


@pytest.mark.parametrize(("reason", "check_id"), REASONS.items())
def test_a_load_that_could_not_be_read_again_blocks_until_accepted_for_each_reason(home, reason, check_id):
    home.execute(f"insert into ops.unread_load values ('exit-2', 'exit.csv', '{reason}', '1')")
    assert not first_gate(home).passed
    assert failing_keys(home, check_id) == ["exit-2@1"]
    assert first_gate(home, "run-2", accepted=[Acceptance(check_id, "exit-2@1")]).passed
    others = [one for one in REASONS if one != reason]
    home.execute(*(f"insert into ops.unread_load values ('exit-2', 'exit.csv', '{other}', '1')" for other in others))
    assert len(failed(first_gate(home, "run-3"))) == len(others), "what was accepted was one reason"
