"""A warehouse as both gates have let it through: its state written down, a verdict over exactly that."""

from __future__ import annotations

import duckdb

from expectations.results import create_ops_tables, results_of
from orchestration.release.state import MARTS, STAGING, built_state, note_state
from orchestration.release.verdicts import judged

_OF_STAGING = "select schema_name, table_name from duckdb_tables() where schema_name = 'staging'"


def judge(con: duckdb.DuckDBPyConnection, *, passed: bool = True, run_id: str = "now", code: str = "") -> None:
    """Write down the state of the tables as they are now, and a verdict of each gate over it."""
    create_ops_tables(con)
    for gate, step in ((1, STAGING), (2, MARTS)):
        note_state(con, step, con.execute(_OF_STAGING).fetchall(), code=code)
        con.execute("delete from ops.gate_verdict where gate = ?", [gate])
        con.execute(
            "insert into ops.gate_verdict by name "
            "select $gate as gate, $run_id as run_id, $passed as passed, $state as state, $results as results",
            {
                "gate": gate,
                "run_id": run_id,
                "passed": passed,
                "state": judged(str(built_state(con, step)), code),
                "results": results_of(con, gate, run_id),
            },
        )
