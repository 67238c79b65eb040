"""Gate 2: every check of what would be published notices its fault, and what is no fault blocks nothing."""

from __future__ import annotations

import shutil

import pytest

from expectations.outcome import Acceptance
from expectations.suites import gate_2_checks
from synthetic.sample_catalogue import sample_catalogue
from tests.support import gate_faults
from tests.support.gate_warehouse import Home, failed, failing_keys, second_gate

FAULTS = {**gate_faults.FORMS, **gate_faults.RETURNS, **gate_faults.PUBLICATION}

NOTES = {check.check_id for check in gate_2_checks(forms_block=True, returns_block=True) if check.severity == "note"}

_CELL = "indicator_id = 'exposure_supported' and period = 2024 and geography_level = 'all_services'"
_KEY = "exposure_supported|2024|2023-24|all_services|all|total|Total|"


NOTES = {check.check_id for check in gate_2_checks(forms_block=True, returns_block=True) if check.severity == "note"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_marts_blocks(home, fault):
    """What is only noted blocks nothing."""
    statements, expected = FAULTS[fault]
    home.execute(*statements)
    result = second_gate(home)
    assert failed(result) == expected
    blocking = expected.keys() - NOTES
    assert result.passed == (not blocking)
    assert len(result.blocking_failures) == len(blocking)
    for check_id, count in expected.items():
        assert len(failing_keys(home, check_id)) == count


@pytest.mark.parametrize("method", ["'hiding', rounded_to = null", "'rounding', rounded_to = 1"])
def test_a_year_of_before_is_held_against_its_own_print(home, method):
    """Printed by hiding, or to another base than the programme's of today: it is right as the register has it."""
    home.execute(
        f"update marts.published_value set numerator = 43, method = {method} where indicator_id = 'client_age' "
        "and row_order = 2 and period = 2024 and geography_level = 'all_services'",
        "insert into ops.public_figure from marts.published_value where theme = 'insights'",
    )
    assert failed(second_gate(home)) == {}


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
    result = second_gate(home)
    assert "base_equals_opening_answer" in failed(result)
    assert "one_base_per_population" not in failed(result)
    keys = failing_keys(home, "base_equals_opening_answer")
    assert any(key.startswith("intake_exposure|2024|all_services|all|") for key in keys)


def test_keys_name_the_cell(home):
    home.execute(f"update marts.indicator_value set numerator = -1 where {_CELL} and row_order = 1")
    second_gate(home)
    (key,) = failing_keys(home, "no_negative_count")
    assert key.startswith(_KEY)


def test_every_opened_population_is_compared(clean):
    """Each base with an opening answer in the report finds it; spoil them all and all are named."""
    home = Home(clean.root.parent / "opened")
    home.root.mkdir()
    shutil.copyfile(clean.warehouse_path, home.warehouse_path)
    home.execute("update marts.indicator_value set numerator = numerator + 100000")
    second_gate(home)
    compared = {key.split("|")[0] for key in failing_keys(home, "base_equals_opening_answer")}
    opened = {p.population_id for p in sample_catalogue().populations.values() if p.question_id}
    used = {
        row[0]
        for row in home.rows("select distinct population_id from reference.report_row where statistic = 'percentage'")
    }
    assert opened & used - compared == UNCOMPARED_POPULATIONS
    summed = {key.split("|")[2] for key in failing_keys(home, "categories_sum_to_base")}
    assert len(summed) >= 80


# Populations whose opening answer no table of the report prints by itself.
UNCOMPARED_POPULATIONS: set[str] = set()


def test_a_year_that_really_changed_can_be_accepted(home):
    home.execute(
        "update marts.form_disposition set disposition = 'superseded' where form_id = 'exit' and reporting_year = 2024 "
        "and disposition = 'accepted' and landed_row_id % 5 <> 0",
    )
    assert "year_on_year" in failed(second_gate(home))
    assert failing_keys(home, "year_on_year") == ["exit|2024"]
    accepted = [Acceptance("year_on_year", "exit|2024")]
    again = second_gate(home, "run-2", accepted=accepted)
    assert "year_on_year" not in failed(again)


def test_forms_of_no_year_are_told_by_their_years_and_can_be_accepted(home):
    statements, _ = FAULTS["forms_of_no_year"]
    home.execute(*statements)
    (sentence,) = [said for said in second_gate(home).blocking_failures if "forms_of_no_year" in said]
    # 240 of the 1,081 forms of the warehouse; the reviews are dated from April 2021 to November 2023.
    assert "240 of 1081 (22.2 %) rows fail" in sentence
    assert (
        "forms_of_no_year on marts.form_disposition: 2021 (80), 2022 (80), 2023 (80). Nothing is published." in sentence
    )
    for word in ("first_year", "year_starts", "accept"):
        assert word in sentence
    accepted = [Acceptance("forms_of_no_year", year) for year in ("2021", "2022")]
    assert failed(second_gate(home, "run-2", accepted=accepted))["forms_of_no_year"] == 80
    last = [Acceptance("forms_of_no_year", "2023")]
    assert "forms_of_no_year" not in failed(second_gate(home, "run-3", accepted=last))
    # What was accepted is out of the share: a few others are told of in the summary alone.
    home.execute(
        "update marts.form_disposition set disposition = 'outside_reporting_years' where landed_row_id in "
        "(select landed_row_id from staging.stg_forms__exit where event_date >= '2023-10-01' limit 3)",
        "update staging.stg_forms__exit set event_date = '2026-05-01' where event_date >= '2023-10-01'",
    )
    assert "forms_of_no_year" not in failed(second_gate(home, "run-4"))


def test_a_share_that_the_programme_allows_blocks_nothing(home):
    few = "select landed_row_id from staging.stg_forms__review order by landed_row_id limit 54"
    update = "update marts.form_disposition set disposition = 'outside_reporting_years' where landed_row_id in"
    home.execute(f"{update} ({few})")
    assert "forms_of_no_year" not in failed(second_gate(home))
    home.execute(f"{update} ({few.replace('54', '55')})")
    assert failed(second_gate(home))["forms_of_no_year"] == 55
    home.execute("update reference.programme set no_year_share = 0.1")
    assert "forms_of_no_year" not in failed(second_gate(home))


@pytest.mark.parametrize(
    "change",
    [
        # A year that is not over, as the programme says.
        "update reference.reporting_year set is_provisional = true where reporting_year = 2024",
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
    assert "year_on_year" not in failed(second_gate(home))


def test_published_figures_do_not_block_other_data(home):
    home.execute("update marts.reconciliation set status = 'unexplained'")
    result = second_gate(home, forms_block=False, returns_block=False)
    assert result.passed
    assert result.blocking_failures == []
    assert failed(result) == {"reconciliation_explained": 2613}
    assert home.rows("select severity from ops.check_result where check_id = 'reconciliation_explained'") == [
        ("comparison",)
    ]


def test_only_the_authority_of_a_publication_has_to_value_every_indicator(home):
    """Without a publication nothing is compared, so nothing is told of values that no return gives."""
    home.execute("update marts.dim_authority set has_publication = false", "delete from marts.indicator_value")
    second_gate(home)
    assert failing_keys(home, "social_care_every_indicator_valued") == []


def test_no_published_figure_at_all_is_nothing_to_explain(home):
    home.execute("delete from marts.reconciliation", "delete from marts.reconciliation_social_care")
    home.execute("delete from reference.published_figure", "delete from reference.social_care_published")
    assert not {name for name in failed(second_gate(home)) if "reconciliation" in name}


def test_an_erasure_list_has_rows_but_no_forms(home):
    home.execute("insert into ops.load values ('erase', 98, 'erase.csv', 'erasure', null, 2, 0, 'landed')")
    assert failed(second_gate(home)) == {}


def test_every_check_is_seen_to_fail():
    checks = {check.check_id for check in gate_2_checks(forms_block=True, returns_block=True)}
    # One takes more to break than a statement or two, and has a test of its own above.
    own_test = {"base_equals_opening_answer"}
    assert checks == own_test | {check_id for _, expected in FAULTS.values() for check_id in expected}


def test_client_conflicts_block_by_their_share_and_a_service_can_be_accepted(home):
    conflict = (
        "update marts.form_disposition set disposition = 'client_conflict' where landed_row_id in "
        "(select landed_row_id from marts.form_disposition where form_id = 'exit' order by landed_row_id limit {})"
    )
    home.execute(conflict.format(10))
    assert "client_conflicts" not in failed(second_gate(home))
    home.execute(conflict.format(11))
    (sentence,) = [said for said in second_gate(home, "run-2").blocking_failures if "client_conflicts" in said]
    assert "client_conflicts on marts.form_disposition: NORTH (11). Nothing is published." in sentence
    assert "client_conflicts" not in failed(
        second_gate(home, "run-3", accepted=[Acceptance("client_conflicts", "NORTH")])
    )


def test_a_few_client_conflicts_block_no_small_programme(home):
    home.execute(
        "update reference.programme set client_conflict_share = 0.0",
        "update marts.form_disposition set disposition = 'client_conflict' where landed_row_id in "
        "(select landed_row_id from marts.form_disposition where form_id = 'exit' order by landed_row_id limit 9)",
    )
    assert "client_conflicts" not in failed(second_gate(home))


def test_a_version_from_a_file_with_fewer_questions_is_told(home):
    # Of each of three submissions of the first load a version came with the last.
    home.execute(
        "insert into intermediate.int_form_replaced "
        "select earlier.landed_row_id, later.landed_row_id, 'superseded' "
        "from staging.stg_forms__intake as earlier inner join staging.stg_forms__intake as later using (source_row) "
        "where earlier.load_id = 'intake-1' and later.load_id = 'intake-6' and source_row <= 4"
    )

    def told(*lacks: tuple[str, str]) -> int:
        rows = (f"insert into ops.absent_question values ('{load}', 'intake', '{name}', 0)" for load, name in lacks)
        home.execute("delete from ops.absent_question", *rows)
        result = second_gate(home)
        assert result.passed
        assert set(failed(result)) <= {"versions_with_fewer_questions"}
        return failed(result).get("versions_with_fewer_questions") or 0

    ethnicity, disability = "intake_profile_ethnicity", "intake_profile_disability"
    assert told() == 0
    assert told(("intake-6", ethnicity)) == 3
    assert told(("intake-6", ethnicity), ("intake-6", disability)) == 3, "each form once"
    assert told(("intake-1", ethnicity)) == 0, "the later file has more"
    assert told(("intake-6", ethnicity), ("intake-1", ethnicity)) == 0, "neither file has it"
    assert told(("intake-6", ethnicity), ("intake-1", disability)) == 3, "as many, but others"
    home.execute("update intermediate.int_form_replaced set disposition = 'duplicate_submission' where rowid = 0")
    assert told(("intake-6", ethnicity)) == 2, "one that says the same loses nothing"
