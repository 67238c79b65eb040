"""The verdict of a gate: one row, of the last run that came to its end, over the state it was told."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from expectations import runner
from expectations.outcome import GateError
from expectations.results import Verdict, create_ops_tables, read_verdict
from tests.support.gate_warehouse import Home, first_gate, second_gate


def verdict(home: Home, gate: int) -> Verdict | None:
    with duckdb.connect(str(home.warehouse_path), read_only=True) as connection:
        return read_verdict(connection, gate)


def test_there_is_none_before_a_gate_has_run():
    with duckdb.connect() as connection:
        assert read_verdict(connection, 1) is None, "nor is there a table"
        create_ops_tables(connection)
        assert read_verdict(connection, 1) is None


def test_each_gate_has_its_own_and_the_last_one_only(home):
    before = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    first_gate(home, "run-1", state="as staged")
    first_gate(home, "run-2", state="as staged again")
    home.execute("update marts.waterfall set forms = forms + 1 where disposition = 'no_consent'")
    second_gate(home, "run-2", state="as built")
    first, second = verdict(home, 1), verdict(home, 2)
    assert first is not None
    assert second is not None
    assert (first.gate, first.run_id, first.passed, first.state) == (1, "run-2", True, "as staged again")
    assert (second.gate, second.run_id, second.passed, second.state) == (2, "run-2", False, "as built")
    assert before <= first.judged_at <= second.judged_at
    assert home.rows("select count(*) from ops.gate_verdict") == [(2,)]


def test_a_gate_that_dies_half_way_leaves_none_and_the_other_stays(home, monkeypatch):
    first_gate(home)
    second_gate(home)

    def dies(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "_outcomes", dies)
    with pytest.raises(KeyboardInterrupt):
        second_gate(home, "run-2")
    assert verdict(home, 2) is None
    assert verdict(home, 1) is not None


def test_results_that_cannot_be_written_leave_none(home):
    second_gate(home)
    before = home.rows("select count(*) from ops.check_result")
    # The last thing that is written: what came before it in the transaction is taken back with it.
    home.execute("alter table ops.gate_verdict drop column judged_at")
    with pytest.raises(GateError, match="could not be run"):
        second_gate(home, "run-2")
    assert home.rows("select count(*) from ops.gate_verdict") == [(0,)]
    assert home.rows("select count(*) from ops.check_result") == before


@pytest.mark.parametrize("state", ["", None])
def test_a_gate_has_to_be_told_the_state(home, state):
    with pytest.raises(ValueError, match="state of the warehouse"):
        first_gate(home, state=state)
    with pytest.raises(ValueError, match="state of the warehouse"):
        second_gate(home, state=state)
