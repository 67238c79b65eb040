"""The log of runs, `ops.run`: one row per run, written at its start and at its end.

Nothing here reaches a release: releases hold no clock.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

_CREATE = """
create schema if not exists ops;
create table if not exists ops.run (
    run_id varchar primary key,
    started_at timestamp,
    finished_at timestamp,
    status varchar,
    catalogue_fingerprint varchar,
    staging_fingerprint varchar,
    release_id varchar,
    sentence varchar
);
alter table ops.run add column if not exists sentence varchar
"""


@dataclass(frozen=True)
class Run:
    """One row of the log. `status` is running, interrupted, failed, blocked, partial, published or unchanged.

    `sentence` says why it failed or was blocked.
    """

    run_id: str
    started_at: str
    finished_at: str | None
    status: str
    release_id: str | None
    sentence: str | None


def ensure_table(con: duckdb.DuckDBPyConnection) -> None:
    """Create the log where there is none."""
    con.execute(_CREATE)


def start_run(settings: Settings, run_id: str, catalogue_fingerprint: str) -> None:
    """Write that a run has begun. Runs that never said how they ended are marked interrupted.

    The caller holds the warehouse lock, so nothing else can still be running.
    """
    with open_warehouse(settings) as con:
        ensure_table(con)
        con.execute("update ops.run set status = 'interrupted' where status = 'running' and run_id <> ?", [run_id])
        con.execute(
            "insert or replace into ops.run (run_id, started_at, status, catalogue_fingerprint) "
            "values (?, now()::timestamp, 'running', ?)",
            [run_id, catalogue_fingerprint],
        )


def note_staging(settings: Settings, run_id: str, staging_fingerprint: str) -> None:
    """Write what the staging tables of this run were built by, once they are built."""
    with open_warehouse(settings) as con:
        con.execute("update ops.run set staging_fingerprint = ? where run_id = ?", [staging_fingerprint, run_id])


def last_staging_fingerprint(con: duckdb.DuckDBPyConnection) -> str | None:
    """What the staging tables now in the warehouse were built by; None when that was never written."""
    row = con.execute(
        "select staging_fingerprint from ops.run where staging_fingerprint is not null order by started_at desc limit 1"
    ).fetchone()
    return str(row[0]) if row else None


def finish_run(
    settings: Settings, run_id: str, status: str, release_id: str | None = None, sentence: str | None = None
) -> None:
    """Write how a run ended, and why where it failed."""
    with open_warehouse(settings) as con:
        con.execute(
            "update ops.run set finished_at = now()::timestamp, status = ?, release_id = ?, sentence = ? "
            "where run_id = ?",
            [status, release_id, sentence, run_id],
        )


def last_run(con: duckdb.DuckDBPyConnection) -> Run | None:
    """The newest run of this warehouse, or None before the first."""
    if not con.execute(
        "select 1 from information_schema.tables where table_schema = 'ops' and table_name = 'run'"
    ).fetchone():
        return None
    # A log that was begun by an earlier version has no sentences, and a reader does not change it.
    has_sentence = con.execute(
        "select 1 from information_schema.columns where table_schema = 'ops' and table_name = 'run' "
        "and column_name = 'sentence'"
    ).fetchone()
    row = con.execute(
        "select run_id, strftime(started_at, '%Y-%m-%d %H:%M'), strftime(finished_at, '%Y-%m-%d %H:%M'), "
        f"status, release_id, {'sentence' if has_sentence else 'null'} "
        "from ops.run order by ops.run.started_at desc limit 1"
    ).fetchone()
    return Run(*row) if row else None
