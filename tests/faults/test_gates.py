"""Every family of checks catches its fault, with the right keys, and a clean warehouse passes both gates."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from catalogue import Question, load_catalogue
from expectations import Acceptance, GateError, create_ops_tables, run_gate_1, run_gate_2
from expectations.suites import gate_1_checks
from tests.support.gate_warehouse import LOADS, Home, build

RUN = "run-1"


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Home:
    return build(tmp_path_factory.mktemp("clean"))


@pytest.fixture
def home_with_pages(clean, tmp_path) -> Home:
    """A copy of the clean warehouse, to be spoilt."""
    copy = Home(tmp_path)
    shutil.copyfile(clean.warehouse_path, copy.warehouse_path)
    return copy


@pytest.fixture
def home(home_with_pages: Home, monkeypatch) -> Home:
    """The same without Data Docs, which take as long as the checks and are not what most tests look at."""
    monkeypatch.setattr("expectations.docs.write_pages", lambda *_: None)
    return home_with_pages


def _failed(result) -> dict[str, int | None]:
    return {outcome.check.check_id: outcome.unexpected_count for outcome in result.failed}


def _keys(home: Home, check_id: str) -> list[Any]:
    rows = home.rows(
        "select form_id, landed_row_id, question_no, key from ops.check_failure "
        f"where run_id = '{RUN}' and check_id = '{check_id}' order by all"
    )
    return [row[3] if row[3] is not None else row[:3] for row in rows]


def _row_ids(home: Home, form_id: str, where: str) -> list[int]:
    return [
        row[0]
        for row in home.rows(f"select landed_row_id from staging.stg_forms__{form_id} where {where} order by all")
    ]


# The clean warehouse ------------------------------------------------------------------------------------------------


def test_a_clean_warehouse_passes_both_gates(home_with_pages):
    home = home_with_pages
    first = run_gate_1(home, RUN)
    second = run_gate_2(home, RUN, forms_block=True, returns_block=True)
    assert _failed(first) == {}
    assert _failed(second) == {}
    assert first.passed
    assert second.passed
    assert first.set_aside == {}
    assert home.rows("select count(*) from ops.set_aside") == [(0,)]
    checks = first.checks_run + second.checks_run
    assert home.rows("select count(*), count(distinct check_id), bool_and(success) from ops.check_result") == [
        (checks, checks, True)
    ]
    looked_at_nothing = home.rows("select check_id from ops.check_result where evaluated_count = 0 order by check_id")
    expected = [("problem_without_check",), ("return_problem_without_rule",)]
    assert looked_at_nothing == expected, "there are no problems here, and only here that is right"


def test_the_fixture_gives_the_indicator_checks_something_to_compare(clean):
    """Guards the tests below: bases and sums are compared for most questions, not for a lucky few."""
    cells = clean.rows("select count(distinct (indicator_id, point)) from marts.indicator_value")[0][0]
    assert cells > 80


# Gate 1: whole forms ------------------------------------------------------------------------------------------------

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
        expected[check_id] = [(form_id, row_id, None) for row_id in _row_ids(home, form_id, where)]
    result = run_gate_1(home, RUN)
    assert _failed(result) == dict.fromkeys(expected, 2)
    assert result.passed
    assert result.set_aside == dict.fromkeys(expected, 2)
    for check_id, keys in expected.items():
        assert _keys(home, check_id) == keys
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
    assert _failed(run_gate_1(home, RUN)) == {}


def test_two_contents_of_one_version_in_one_file_are_set_aside(home):
    where = "load_id = 'intake-1' and source_row in (2, 3)"
    same = "submission_key = repeat('a', 32), edited_at = timestamp '2024-01-01 10:00'"
    home.execute(f"update staging.stg_forms__intake set {same} where {where}")
    result = run_gate_1(home, RUN)
    assert result.set_aside == {"one_content_per_version__intake": 2}
    assert [key[1] for key in _keys(home, "one_content_per_version__intake")] == _row_ids(home, "intake", where)


@pytest.mark.parametrize("change", ["content_hash = 'same'", "edited_at = edited_at + interval (source_row) hour"])
def test_repeats_and_edits_of_a_submission_are_no_fault(home, change):
    same = "submission_key = repeat('a', 32), edited_at = timestamp '2024-01-01 10:00'"
    home.execute(
        f"update staging.stg_forms__intake set {same} where source_row in (2, 3)",
        f"update staging.stg_forms__intake set {change} where source_row in (2, 3)",
        # One load only: across loads the newer load wins.
        "delete from staging.stg_forms__intake where source_row in (2, 3) and load_id <> 'intake-1'",
    )
    assert _failed(run_gate_1(home, RUN)) == {}


def test_a_required_column_mostly_empty_sets_its_load_aside(home):
    home.execute(
        "update staging.stg_forms__intake set client_key = null where load_id = 'intake-3' and source_row > 12",
        "update staging.stg_forms__intake set client_key = null where load_id = 'intake-4' and source_row <= 12",
        "update staging.stg_forms__exit set has_consent = null where load_id = 'exit-1'",
    )
    result = run_gate_1(home, RUN)
    assert _failed(result) == {"required__intake_admin_client_id": 40, "required__exit_admin_consent": 40}
    ids = _row_ids(home, "intake", "load_id = 'intake-3'")
    assert [key[1] for key in _keys(home, "required__intake_admin_client_id")] == ids
    assert result.passed


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
        expected[f"shape__intake_admin_{question}"] = [("intake", i, None) for i in _row_ids(home, "intake", where)]
    result = run_gate_1(home, RUN)
    assert _failed(result) == dict.fromkeys(expected, 1)
    assert not result.passed
    assert len(result.blocking_failures) == len(expected)
    for check_id, keys in expected.items():
        assert _keys(home, check_id) == keys


def test_erased_forms_are_not_checked(home):
    home.execute(
        "update staging.stg_forms__intake set is_erased = true, service_code = null, client_key = null, "
        "submission_key = null, event_date = null, submitted_at = null, has_consent = null, birth_month = null, "
        "form_version = null where load_id = 'intake-2' and source_row > 5"
    )
    assert _failed(run_gate_1(home, RUN)) == {}


# Gate 1: answers ----------------------------------------------------------------------------------------------------


def _question(predicate: Callable[[Question], bool]) -> Question:
    return next(q for q in load_catalogue().questions.values() if q.derivation is None and predicate(q))


ANSWER_FAULTS = {
    "unknown_answer": lambda q: q.answer_type == "tick_all",
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
        keys = [(form_id, row_id, number) for row_id in _row_ids(home, form_id, "source_row = 7")]
        home.execute(*(f"insert into staging.problem_rows values {(*key, problem)}" for key in keys))
        expected[f"{problem}__{question.question_id}"] = keys
    result = run_gate_1(home, RUN)
    assert _failed(result) == dict.fromkeys(expected, LOADS)
    assert result.passed
    for check_id, keys in expected.items():
        assert _keys(home, check_id) == keys
    assert home.rows("select check_id, count(*), count(question_no) from ops.set_aside group by all order by all") == [
        (check_id, LOADS, LOADS) for check_id in sorted(expected)
    ]


def test_a_problem_no_check_knows_blocks(home):
    # A question that has no such check, a kind of problem that no check has, a question that is not there.
    for row_id, number, problem in ((5, 1, "unknown_answer"), (6, 20, "a_new_kind"), (7, 9999, "unreadable_date")):
        home.execute(f"insert into staging.problem_rows values ('intake', {row_id}, {number}, '{problem}')")
    result = run_gate_1(home, RUN)
    assert _failed(result) == {"problem_without_check": 3}
    assert not result.passed
    assert [key[1] for key in _keys(home, "problem_without_check")] == [5, 6, 7]


# Gate 1: volume -----------------------------------------------------------------------------------------------------


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
def test_a_load_a_tenth_of_the_usual_blocks_until_accepted(home):
    _shrink(home, "intake-6", 1)
    result = run_gate_1(home, RUN)
    assert _failed(result) == {"load_volume": 1}
    assert not result.passed
    assert _keys(home, "load_volume") == ["intake-6|NORTH"]
    accepted = run_gate_1(home, "run-2", accepted=[Acceptance("load_volume", "intake-6|NORTH")])
    assert accepted.passed
    assert run_gate_1(home, "run-3").passed, "an acceptance holds for later runs"
    _shrink(home, "exit-6", 1)
    assert not run_gate_1(home, "run-4").passed, "and for its own load only"


def test_a_load_of_more_than_ten_times_the_usual_blocks(home):
    _grow(home, "review-5", 11)
    assert _keys_of_volume(home) == ["review-5|NORTH"]


def _keys_of_volume(home: Home) -> list[Any]:
    result = run_gate_1(home, RUN)
    assert set(_failed(result)) <= {"load_volume"}
    return _keys(home, "load_volume")


def test_an_empty_load_blocks(home):
    home.execute("insert into ops.load values ('none', 99, 'none.csv', 'review', '', 0, 0, 'landed')")
    assert _keys_of_volume(home) == ["none"]


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


# Gate 2 -------------------------------------------------------------------------------------------------------------

_CELL = "indicator_id = 'exposure_supported' and period = 2024 and geography_level = 'all_services'"
_KEY = "exposure_supported|2024|2023-24|all_services|all|total|Total|"

# What is spoilt, and the checks that must notice: all of them and no others.
MART_FAULTS = {
    "no_negative_count": (
        ["update marts.indicator_value set numerator = -1 where indicator_id = 'client_residency' and row_order = 1 "
         "and period = 2024 and geography_level = 'service'"],
        {"no_negative_count": 1},
    ),
    "count_within_base": (
        ["update marts.indicator_value set numerator = denominator + 1 where indicator_id = 'client_residency' "
         "and row_order = 1 and period = 2024 and geography_level = 'service'"],
        {"count_within_base": 1},
    ),
    "percentage_range": (
        ["update marts.indicator_value set value = 100.5, upper_95 = 100 where indicator_id = 'client_residency' "
         "and row_order = 1 and period = 2023 and geography_level = 'service'"],
        {"percentage_range": 1, "interval_around_value": 1},
    ),
    "percentage_present": (
        ["update marts.indicator_value set value = null where indicator_id = 'client_residency' "
         "and row_order = 1 and period = 2023 and geography_level = 'service'"],
        {"percentage_present": 1},
    ),
    "interval_around_value": (
        ["update marts.indicator_value set lower_95 = value + 1 where indicator_id = 'client_residency' "
         "and row_order = 2 and period = 2023 and geography_level = 'service'"],
        {"interval_around_value": 1},
    ),
    "indicator_key": (
        ["insert into marts.indicator_value select * from marts.indicator_value "
         "where indicator_id = 'client_residency' and row_order = 2 and period = 2023 and geography_level = 'service'"],
        {"indicator_key": 1},
    ),
    "one_base_per_population": (
        ["update marts.indicator_value set denominator = denominator + 1 where indicator_id = 'client_residency' "
         "and row_order = 2 and period = 2023 and geography_level = 'service'"],
        # The one cell also differs from the number of clients.
        {"one_base_per_population": 1, "base_equals_forms": 1},
    ),
    "categories_sum_to_base": (
        ["update marts.indicator_value set numerator = numerator - 1 where indicator_id = 'client_gender_at_birth' "
         "and row_order = 1 and period = 2022 and geography_level = 'service'"],
        {"categories_sum_to_base": 1},
    ),
    "base_equals_forms": (
        ["delete from marts.fct_intake where reporting_year = 2023 and is_client_record "
         "and form_key = (select max(form_key) from marts.fct_intake where reporting_year = 2023 and is_client_record "
         "and len(answers) = 0)"],
        # All forms and all clients, for all services and for the one; and a form is missing from the facts.
        {"base_equals_forms": 4, "accepted_forms_in_facts": 1},
    ),
    "one_disposition_per_form": (
        ["update marts.form_disposition set disposition = null where landed_row_id = 990000",
         "update marts.waterfall set disposition = null where disposition = 'no_consent'"],
        {"one_disposition_per_form": 1},
    ),
    "every_load_disposed": (
        ["delete from marts.form_disposition where landed_row_id = 990000",
         "delete from marts.waterfall where disposition = 'no_consent'"],
        {"every_load_disposed": 1, "waterfall_conserved": 1},
    ),
    "a disposition given twice": (
        ["insert into marts.form_disposition select * from marts.form_disposition where landed_row_id = 990000"],
        {"one_disposition_per_form": 2, "every_load_disposed": 1},
    ),
    "waterfall_conserved": (
        ["update marts.waterfall set forms = forms + 1 where disposition = 'no_consent'"],
        {"waterfall_conserved": 1},
    ),
    "two exits with one intake": (
        ["update marts.fct_case set intake_form_key = (select min(intake_form_key) from marts.fct_case) "
         "where case_id = (select max(case_id) from marts.fct_case)"],
        {"pairs_one_to_one__intake_form_key": 1},
    ),
    "an exit in two cases": (
        ["update marts.fct_case set exit_form_key = (select min(exit_form_key) from marts.fct_case) "
         "where case_id = (select max(case_id) from marts.fct_case)"],
        {"pairs_one_to_one__exit_form_key": 1},
    ),
    "year_on_year": (
        ["update marts.form_disposition set disposition = 'superseded' "
         "where form_id = 'exit' and reporting_year = 2024 "
         "and disposition = 'accepted' and landed_row_id % 5 <> 0"],
        {"year_on_year": 1, "accepted_forms_in_facts": 1},
    ),
    "reconciliation_explained": (
        ["update marts.reconciliation set status = 'unexplained' "
         "where table_id = 'client_age' and year = 2024 and row_order = 1"],
        {"reconciliation_explained": 1},
    ),
    "reconciliation_complete": (
        ["delete from marts.reconciliation where table_id = 'client_age' and year = 2024 and row_order = 1"],
        {"reconciliation_complete": 1},
    ),
    "transitions_add_up": (
        ["update marts.paired_transition set pairs = pairs + 1 where outcome_id = 'exit_direct_neglect' "
         "and period = 2023 and geography_level = 'service' and intake_answer = 'not_asked' and exit_answer = 'yes'"],
        # The total of its row, of its column, and the same answers in all services.
        {"transitions_add_up": 3},
    ),
    "pairs_equal_report": (
        ["update marts.paired_transition set pairs = pairs + 1 where outcome_id = 'exit_direct_neglect' "
         "and period = 2023 and intake_answer in ('yes', 'all') and exit_answer in ('yes', 'all')"],
        # Yes at either point, in all services and in the one.
        {"pairs_equal_report": 4},
    ),
    "combinations_add_up": (
        ["update marts.co_occurrence set observed = observed + 1 where set_id = 'abuse' and combination = 0 "
         "and period = 2023 and geography_level = 'service'"],
        {"combinations_add_up": 1},
    ),
    "combinations_equal_report": (
        ["update marts.co_occurrence set observed = observed + 1, base = base + 1 where set_id = 'abuse' "
         "and combination = 7 and period = 2023 and geography_level = 'service'",
         "update marts.co_occurrence set base = base + 1 where set_id = 'abuse' and combination <> 7 "
         "and period = 2023 and geography_level = 'service'"],
        # Each of the three kinds of abuse.
        {"combinations_equal_report": 3},
    ),
    "nothing_small_is_public": (
        ["update marts.reportable_value set numerator = 4 where indicator_id = 'client_age' and row_order = 2 "
         "and period = 2024 and geography_level = 'all_services'",
         "update marts.published_value set numerator = 4, status = 'ok' where indicator_id = 'client_age' "
         "and row_order = 2 and period = 2024 and geography_level = 'all_services'"],
        {"nothing_small_is_public": 1},
    ),
    "hidden_is_empty": (
        ["update marts.published_value set status = 'c' where indicator_id = 'client_age' and row_order = 2 "
         "and period = 2024 and geography_level = 'all_services'"],
        {"hidden_is_empty": 1},
    ),
    "public_figures_are_ours": (
        ["update marts.published_value set row_order = 99 where indicator_id = 'client_age' and row_order = 2 "
         "and period = 2024 and geography_level = 'all_services'"],
        {"public_figures_are_ours": 1},
    ),
    "nothing_hidden_can_be_told": (
        ["update marts.disclosure_audit set exposed = 1"],
        {"nothing_hidden_can_be_told": 1},
    ),
    "social_care_value_follows_from_counts": (
        ["update marts.indicator_value set numerator = numerator + 1 where indicator_id = 'referral_rate'"],
        {"social_care_value_follows_from_counts": 1},
    ),
    "social_care_interval_holds_value": (
        ["update marts.indicator_value set lower_95 = value + 1 where indicator_id = 'referral_rate'"],
        {"social_care_interval_holds_value": 1},
    ),
    "social_care_stock__cpp_rate": (
        ["update marts.fct_protection_plan set end_date = date '2016-03-31' where child_key = 'c4'"],
        {"social_care_stock__cpp_rate": 1},
    ),
    "social_care_stock__cla_rate": (
        ["update marts.fct_care_period set start_date = date '2016-04-01' where child_key = 'c1'"],
        {"social_care_stock__cla_rate": 1},
    ),
    "social_care_parts_sum_to_whole": (
        ["delete from marts.indicator_value where indicator_id = 'missing_by_duration_pct' "
         "and breakdown_value = 'absent'"],
        {"social_care_parts_sum_to_whole": 1},
    ),
    "social_care_parts_within_whole": (
        ["update marts.indicator_value set numerator = 49, value = 49 where indicator_id = 'cpp_starts_count'"],
        {"social_care_parts_within_whole": 1},
    ),
    "social_care_reconciliation_explained": (
        ["update marts.reconciliation_social_care set status = 'unexplained' where figure_no in (11, 12)"],
        {"social_care_reconciliation_explained": 2},
    ),
    "social_care_reconciliation_complete": (
        ["delete from marts.reconciliation_social_care where figure_no = 11"],
        {"social_care_reconciliation_complete": 1},
    ),
    "social_care_every_indicator_valued": (
        ["delete from marts.indicator_value where indicator_id = 'caf_count'"],
        {"social_care_every_indicator_valued": 1},
    ),
    "no_private_columns": (
        ["create table marts.extra as select 1 as client_id, 'x' as notes, 1 as intake_date"],
        {"no_private_columns": 2},
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", MART_FAULTS)
def test_a_fault_in_the_marts_blocks(home, fault):
    statements, expected = MART_FAULTS[fault]
    home.execute(*statements)
    result = run_gate_2(home, RUN, forms_block=True, returns_block=True)
    assert _failed(result) == expected
    assert not result.passed
    assert len(result.blocking_failures) == len(expected)
    for check_id, count in expected.items():
        assert len(_keys(home, check_id)) == count


def test_a_base_that_is_not_its_opening_answer_blocks(home):
    """Every cell of one population moves together, so only the opening answer can tell."""
    tables = [
        row[0]
        for row in home.rows(
            "select distinct table_id from reference.report_row where population_id = 'intake_exposure'"
        )
    ]
    names = ", ".join(f"'{name}'" for name in tables)
    home.execute(
        # Points are blank here.
        f"update marts.indicator_value set denominator = denominator - 1 where indicator_id in ({names}) "
        "and period = 2024 and geography_level = 'all_services' and point is null and (indicator_id, row_order) in "
        "(select (table_id, row_order) from reference.report_row where population_id = 'intake_exposure')",
    )
    result = run_gate_2(home, RUN, forms_block=True, returns_block=True)
    assert "base_equals_opening_answer" in _failed(result)
    assert "one_base_per_population" not in _failed(result)
    keys = _keys(home, "base_equals_opening_answer")
    assert any(key.startswith("intake_exposure|2024|all_services|all|") for key in keys)


def test_keys_name_the_cell(home):
    home.execute(f"update marts.indicator_value set numerator = -1 where {_CELL} and row_order = 1")
    run_gate_2(home, RUN, forms_block=True, returns_block=True)
    (key,) = _keys(home, "no_negative_count")
    assert key.startswith(_KEY)


def test_every_opened_population_is_compared(clean):
    """Each base with an opening answer in the report finds it; spoil them all and all are named."""
    home = Home(clean.root.parent / "opened")
    home.root.mkdir()
    shutil.copyfile(clean.warehouse_path, home.warehouse_path)
    home.execute("update marts.indicator_value set numerator = numerator + 100000")
    run_gate_2(home, RUN, forms_block=True, returns_block=True)
    compared = {key.split("|")[0] for key in _keys(home, "base_equals_opening_answer")}
    opened = {p.population_id for p in load_catalogue().populations.values() if p.question_id}
    used = {
        row[0]
        for row in home.rows("select distinct population_id from reference.report_row where statistic = 'percentage'")
    }
    assert opened & used - compared == UNCOMPARED_POPULATIONS
    summed = {key.split("|")[2] for key in _keys(home, "categories_sum_to_base")}
    assert len(summed) >= 80


# Populations whose opening answer no table of the report prints by itself.
UNCOMPARED_POPULATIONS: set[str] = set()


def test_a_year_that_really_changed_can_be_accepted(home):
    home.execute(
        "update marts.form_disposition set disposition = 'superseded' where form_id = 'exit' and reporting_year = 2024 "
        "and disposition = 'accepted' and landed_row_id % 5 <> 0",
    )
    assert "year_on_year" in _failed(run_gate_2(home, RUN, forms_block=True, returns_block=True))
    assert _keys(home, "year_on_year") == ["exit|2024"]
    accepted = [Acceptance("year_on_year", "exit|2024")]
    again = run_gate_2(home, "run-2", forms_block=True, returns_block=True, accepted=accepted)
    assert "year_on_year" not in _failed(again)


@pytest.mark.parametrize(
    "change",
    [
        # A year that has only begun.
        "delete from marts.fct_exit where closure_date > date '2023-08-01'",
        # A service that joined, or left, is no drift.
        "update marts.form_disposition set service_code = 'SOUTH' where form_id = 'exit' and reporting_year = 2024",
    ],
)
def test_what_is_no_drift(home, change):
    home.execute(
        "delete from marts.form_disposition "
        "where form_id = 'exit' and reporting_year = 2024 and landed_row_id % 5 <> 0",
        change,
    )
    assert "year_on_year" not in _failed(run_gate_2(home, RUN, forms_block=True, returns_block=True))


def test_published_figures_do_not_block_other_data(home):
    home.execute("update marts.reconciliation set status = 'unexplained'")
    result = run_gate_2(home, RUN, forms_block=False, returns_block=False)
    assert result.passed
    assert result.blocking_failures == []
    assert _failed(result) == {"reconciliation_explained": 2613}
    assert home.rows("select severity from ops.check_result where check_id = 'reconciliation_explained'") == [
        ("comparison",)
    ]


def test_an_erasure_list_has_rows_but_no_forms(home):
    home.execute("insert into ops.load values ('erase', 98, 'erase.csv', 'erasure', null, 2, 0, 'landed')")
    assert _failed(run_gate_2(home, RUN, forms_block=True, returns_block=True)) == {}


# The machinery ------------------------------------------------------------------------------------------------------


def test_set_aside_is_replaced_each_run_and_failures_are_kept(home):
    home.execute("update staging.stg_forms__intake set form_version = 'v9' where source_row = 3")
    run_gate_1(home, RUN)
    home.execute("update staging.stg_forms__intake set form_version = 'v2'")
    run_gate_1(home, "run-2")
    assert home.rows("select count(*) from ops.set_aside") == [(0,)]
    assert len(_keys(home, "form_version__intake")) == LOADS


def test_a_gate_run_again_replaces_its_own_results_only(home):
    home.execute("update staging.stg_forms__intake set form_version = 'v9' where source_row = 3")
    run_gate_1(home, RUN)
    run_gate_2(home, RUN, forms_block=True, returns_block=True)
    before = home.rows("select gate, count(*) from ops.check_result group by all order by all")
    run_gate_1(home, RUN)
    assert home.rows("select gate, count(*) from ops.check_result group by all order by all") == before
    assert len(_keys(home, "form_version__intake")) == LOADS


def test_a_check_that_cannot_be_run_blocks_whatever_it_would_have_led_to(home):
    home.execute("alter table staging.stg_forms__intake drop column edited_at")
    result = run_gate_1(home, RUN)
    assert not result.passed
    (sentence,) = result.blocking_failures
    assert "one_content_per_version__intake" in sentence
    assert "could not be run" in sentence


def test_another_process_can_open_the_file_afterwards(home):
    run_gate_1(home, RUN)
    run_gate_2(home, RUN, forms_block=True, returns_block=True)
    code = f"import duckdb; duckdb.connect({str(home.warehouse_path)!r}).execute('create table ops.hello (i integer)')"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_warehouse_that_is_open_elsewhere_is_one_sentence(home):
    path = str(home.warehouse_path)
    code = f"import duckdb, sys; c = duckdb.connect({path!r}); print('open', flush=True); sys.stdin.read()"
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(GateError, match="another program has it open"):
            run_gate_1(home, RUN)
    finally:
        other.communicate("")


def test_no_warehouse_is_one_sentence(tmp_path):
    with pytest.raises(GateError, match="no warehouse"):
        run_gate_1(Home(tmp_path), RUN)


def test_only_plausibility_can_be_accepted(home):
    with pytest.raises(GateError, match="cannot be accepted"):
        run_gate_1(home, RUN, accepted=[Acceptance("shape__intake_admin_client_id", "x")])
    # The other gate's own acceptances are its business.
    assert run_gate_1(home, RUN, accepted=[Acceptance("year_on_year", "exit|2024")]).passed


def test_ops_tables_can_be_made_before_any_gate_and_again():
    with duckdb.connect() as connection:
        create_ops_tables(connection)
        create_ops_tables(connection)
        assert connection.execute("select count(*) from ops.set_aside").fetchone() == (0,)


# Privacy ------------------------------------------------------------------------------------------------------------


def test_no_value_reaches_results_messages_or_pages(home_with_pages, capfd, caplog):
    """Values that no key contains are planted where every kind of check must trip over them."""
    home = home_with_pages
    from expectations import engine

    canary, number = "CANARY-7F", 424242
    home.execute(
        f"update staging.stg_forms__intake set client_key = '{canary} key', form_version = '{canary} version', "
        f"postcode_sector = '{canary} place', content_hash = '{canary} content', case_key = '{canary} case', "
        "birth_month = date '1911-11-11' where source_row = 3",
        f"update marts.reconciliation set status = '{canary} status', row_label = '{canary} label' where row_order = 1",
        f"update marts.indicator_value set numerator = -{number}, value = {number} where row_order = 1",
        # A column of the wrong type makes the engine quote a value in its error.
        f"alter table staging.stg_forms__exit alter is_erased type varchar using '{canary} erased'",
    )
    results = [run_gate_1(home, RUN), run_gate_2(home, RUN, forms_block=True, returns_block=True)]
    assert not any(result.passed for result in results)
    validations = engine.validate(home.warehouse_path, gate_1_checks(load_catalogue()))
    unrun = [r for _, _, v in validations for r in v.results if "observed_value" not in r.result]
    assert unrun, "the spoilt column makes a check fail to run, or the test shows nothing"
    assert "CANARY" not in repr([v.to_json_dict() for _, _, v in validations])
    pages = "".join(path.read_text(encoding="utf-8") for path in home.data_docs_path.iterdir())
    stored = repr(
        [
            home.rows(f"select * from ops.{table}")
            for table in ("check_result", "check_failure", "set_aside", "check_acceptance")
        ]
    )
    said = "".join(capfd.readouterr()) + caplog.text + repr([r.blocking_failures for r in results])
    for place in (pages, stored, said):
        assert "CANARY" not in place
        assert str(number) not in place
        assert "1911" not in place
    assert not re.search(r"https?:|<script|<link", pages)
