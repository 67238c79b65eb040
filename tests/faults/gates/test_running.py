"""Running a gate: what is replaced and what is kept, what cannot be run, who else may have the file open."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import pytest

from expectations.outcome import Acceptance, GateError
from expectations.results import create_ops_tables
from tests.support.gate_warehouse import LOADS, Home, failed, failing_keys, first_gate, second_gate


def test_a_clean_warehouse_passes_both_gates(home):
    first = first_gate(home)
    second = second_gate(home)
    assert failed(first) == {}
    assert failed(second) == {}
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


def test_set_aside_is_replaced_each_run_and_failures_are_kept(home):
    home.execute("update staging.stg_forms__intake set form_version = 'v9' where source_row = 3")
    first_gate(home)
    home.execute("update staging.stg_forms__intake set form_version = 'v2'")
    first_gate(home, "run-2")
    assert home.rows("select count(*) from ops.set_aside") == [(0,)]
    assert len(failing_keys(home, "form_version__intake")) == LOADS


def test_a_gate_run_again_replaces_its_own_results_only(home):
    home.execute("update staging.stg_forms__intake set form_version = 'v9' where source_row = 3")
    first_gate(home)
    second_gate(home)
    before = home.rows("select gate, count(*) from ops.check_result group by all order by all")
    first_gate(home)
    assert home.rows("select gate, count(*) from ops.check_result group by all order by all") == before
    assert len(failing_keys(home, "form_version__intake")) == LOADS


def test_a_check_that_cannot_be_run_blocks_whatever_it_would_have_led_to(home):
    home.execute("alter table staging.stg_forms__intake drop column submitted_at")
    result = first_gate(home)
    assert not result.passed
    (sentence,) = result.blocking_failures
    assert "event_after_submission__intake" in sentence
    assert "could not be run" in sentence


def test_another_process_can_open_the_file_afterwards(home):
    first_gate(home)
    second_gate(home)
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
            first_gate(home)
    finally:
        other.communicate("")


def test_no_warehouse_is_one_sentence(tmp_path):
    with pytest.raises(GateError, match="no warehouse"):
        first_gate(Home(tmp_path))


def test_only_plausibility_can_be_accepted(home):
    with pytest.raises(GateError, match="cannot be accepted"):
        first_gate(home, accepted=[Acceptance("shape__intake_admin_client_id", "x")])
    # The other gate's own acceptances are its business.
    assert first_gate(home, accepted=[Acceptance("year_on_year", "exit|2024")]).passed


def test_ops_tables_can_be_made_before_any_gate_and_again():
    with duckdb.connect() as connection:
        create_ops_tables(connection)
        create_ops_tables(connection)
        assert connection.execute("select count(*) from ops.set_aside").fetchone() == (0,)
