"""Gate 1 on forms: each kind of fault sets its form or its answer aside, or blocks, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable

from catalogue import Question
from expectations.outcome import Acceptance
from expectations.suites import gate_1_checks
from synthetic.sample_catalogue import sample_catalogue
from tests.support.gate_warehouse import LOADS, failed, failing_keys, first_gate, row_ids

FORM_FAULTS = {
    "event date after submission": (
        "event_after_submission__exit", "exit", "event_date = cast(submitted_at as date) + 2",
    ),
    "unknown form version": ("form_version__review", "review", "form_version = 'v9'"),
    "client too old": ("age_in_range__intake", "intake", "birth_month = date '1990-01-01'"),
}  # fmt: skip


def test_faulty_forms_are_set_aside_and_nothing_else(home):
    expected = {}
    for check_id, form_id, change in FORM_FAULTS.values():
        where = f"load_id = '{form_id}-2' and source_row in (3, 5)"
        home.execute(f"update staging.stg_forms__{form_id} set {change} where {where}")
        expected[check_id] = [(form_id, row_id, None) for row_id in row_ids(home, form_id, where)]
    result = first_gate(home)
    assert failed(result) == dict.fromkeys(expected, 2)
    assert result.passed
    assert result.set_aside == dict.fromkeys(expected, 2)
    for check_id, keys in expected.items():
        assert failing_keys(home, check_id) == keys
    assert home.rows("select form_id, landed_row_id, question_no from ops.set_aside order by all") == sorted(
        key for keys in expected.values() for key in keys
    )


def test_what_is_just_right_is_not_set_aside(home):
    for row, change in enumerate(
        [
            "event_date = cast(submitted_at as date) + 1",
            "form_version = 'v1'",
            # 25 years and 11 months old.
            "birth_month = date_trunc('month', event_date) - interval 311 month",
            "birth_month = null",
            "submitted_at = null",
        ]
    ):
        home.execute(f"update staging.stg_forms__intake set {change} where source_row = {row + 2}")
    assert failed(first_gate(home)) == {}


def test_a_required_column_mostly_empty_blocks_until_it_is_accepted(home):
    home.execute(
        "update staging.stg_forms__intake set client_key = null where load_id = 'intake-3' and source_row > 12",
        "update staging.stg_forms__intake set client_key = null where load_id = 'intake-4' and source_row <= 12",
        "update staging.stg_forms__exit set has_consent = null where load_id = 'exit-1'",
    )
    result = first_gate(home)
    assert failed(result) == {"required__intake_admin_client_id": 1, "required__exit_admin_consent": 1}
    assert not result.passed
    found = {check_id: failing_keys(home, check_id) for check_id in failed(result)}
    assert found == {"required__intake_admin_client_id": ["intake-3"], "required__exit_admin_consent": ["exit-1"]}
    accepted = [Acceptance(check_id, key) for check_id, (key,) in found.items()]
    assert first_gate(home, "run-2", accepted=accepted).passed


def test_an_identifier_stored_in_clear_blocks(home):
    expected = {}
    for row, (column, value, question) in enumerate(
        [
            ("client_key", "'AB-123'", "client_id"),
            ("submission_key", "upper(submission_key)", "submission_id"),
            ("case_key", "'case 7'", "case_reference"),
            ("postcode_sector", "'AB1 2CD'", "postcode"),
            ("birth_month", "date '2012-05-17'", "date_of_birth"),
        ]
    ):
        where = f"load_id = 'intake-2' and source_row = {row + 4}"
        home.execute(f"update staging.stg_forms__intake set {column} = {value} where {where}")
        expected[f"shape__intake_admin_{question}"] = [("intake", i, None) for i in row_ids(home, "intake", where)]
    result = first_gate(home)
    assert failed(result) == dict.fromkeys(expected, 1)
    assert not result.passed
    assert len(result.blocking_failures) == len(expected)
    for check_id, keys in expected.items():
        assert failing_keys(home, check_id) == keys


def test_erased_forms_are_not_checked(home):
    home.execute(
        "update staging.stg_forms__intake set is_erased = true, service_code = null, client_key = null, "
        "submission_key = null, event_date = null, submitted_at = null, has_consent = null, birth_month = null, "
        "form_version = null where load_id = 'intake-2' and source_row > 5"
    )
    assert failed(first_gate(home)) == {}


# Answers ------------------------------------------------------------------------------------------------------------


def _question(predicate: Callable[[Question], bool]) -> Question:
    return next(q for q in sample_catalogue().questions.values() if q.derivation is None and predicate(q))


ANSWER_FAULTS = {
    "unknown_answer": lambda q: q.answer_type == "single",
    "answered_unasked": lambda q: q.parent_question_id is not None and q.form_id == "exit",
    "unreadable_date": lambda q: q.answer_type == "date" and q.form_id == "review",
    "unreadable_number": lambda q: q.answer_type == "number",
    "number_out_of_range": lambda q: q.answer_type == "number" and q.maximum is not None,
}


def test_faulty_answers_are_set_aside_and_their_forms_kept(home):
    expected = {}
    for problem, predicate in ANSWER_FAULTS.items():
        question = _question(predicate)
        form_id, number = question.form_id, question.question_no
        keys = [(form_id, row_id, number) for row_id in row_ids(home, form_id, "source_row = 7")]
        home.execute(*(f"insert into staging.problem_rows values {(*key, problem)}" for key in keys))
        expected[f"{problem}__{question.question_id}"] = keys
    result = first_gate(home)
    assert failed(result) == dict.fromkeys(expected, LOADS)
    assert result.passed
    for check_id, keys in expected.items():
        assert failing_keys(home, check_id) == keys
    assert home.rows("select check_id, count(*), count(question_no) from ops.set_aside group by all order by all") == [
        (check_id, LOADS, LOADS) for check_id in sorted(expected)
    ]


def test_a_problem_no_check_knows_blocks(home):
    # A question that has no such check, a kind of problem that no check has, a question that is not there.
    for row_id, number, problem in ((5, 1, "unknown_answer"), (6, 20, "a_new_kind"), (7, 9999, "unreadable_date")):
        home.execute(f"insert into staging.problem_rows values ('intake', {row_id}, {number}, '{problem}')")
    result = first_gate(home)
    assert failed(result) == {"problem_without_check": 3}
    assert not result.passed
    assert [key[1] for key in failing_keys(home, "problem_without_check")] == [5, 6, 7]


# Every check --------------------------------------------------------------------------------------------------------


def test_every_check_of_forms_fails_when_all_of_them_are_broken(home):
    """What is above shows one of each kind and its keys; here no check of any form is left out."""
    suites = {"gate_1_answers", *(f"gate_1_{form_id}" for form_id in sample_catalogue().forms)}
    checks = [check for check in gate_1_checks(sample_catalogue()) if check.suite in suites]
    for form_id in sample_catalogue().forms:
        spoilt = {
            # Three of six loads leave every required column empty; the others hold what must never be stored.
            "load_id in ('{0}-1', '{0}-2', '{0}-3')": [
                f"{check.column_name} = null" for check in checks
                if check.form_id == form_id and check.check_id.startswith("required__")
            ],
            "load_id = '{0}-4'": [
                f"{check.column_name} = " + ("event_date" if check.column_name == "birth_month" else "'CLEAR 1'")
                for check in checks
                if check.form_id == form_id and check.check_id.startswith("shape__")
            ],
            "load_id = '{0}-5'": [
                "form_version = 'v9'", "event_date = cast(submitted_at as date) + 2", "birth_month = date '1990-01-01'",
                "submission_key = repeat('a', 32)", "edited_at = timestamp '2024-01-01 10:00'",
            ],
        }  # fmt: skip
        for where, changes in spoilt.items():
            home.execute(f"update staging.stg_forms__{form_id} set {', '.join(changes)} where {where.format(form_id)}")
    answers = [check for check in checks if check.problem]
    home.execute(
        *(
            f"insert into staging.problem_rows values ('{check.form_id}', 5, {check.question_no}, '{check.problem}')"
            for check in answers
        ),
        "insert into staging.problem_rows values ('intake', 6, 20, 'a_new_kind')",
    )
    assert set(failed(first_gate(home))) == {check.check_id for check in checks}
