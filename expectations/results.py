"""The tables of `ops` that a gate writes: results, keys of failing rows, what is set aside, acceptances, verdicts.

Rows are named by key only: `ops.check_failure` holds no value, and no text that a service or an authority delivered
but the names of services and authorities themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from expectations.outcome import Acceptance, CheckOutcome, GateResult

_OPS_TABLES = """
    create schema if not exists ops;
    create table if not exists ops.check_result (
        run_id varchar, gate integer, suite varchar, check_id varchar, expectation_type varchar, table_name varchar,
        column_name varchar, question_id varchar, severity varchar, success boolean, evaluated_count bigint,
        unexpected_count bigint, description varchar, action varchar
    );
    create table if not exists ops.check_failure (
        run_id varchar, check_id varchar, form_id varchar, landed_row_id bigint, question_no integer, field_id varchar,
        key varchar
    );
    create table if not exists ops.set_aside (
        form_id varchar, landed_row_id bigint, question_no integer, field_id varchar, check_id varchar
    );
    create table if not exists ops.check_acceptance (check_id varchar, key varchar, run_id varchar);
    create table if not exists ops.gate_verdict (
        gate integer, run_id varchar, passed boolean, state varchar, judged_at timestamp
    );
    alter table ops.check_failure add column if not exists field_id varchar;
    alter table ops.set_aside add column if not exists field_id varchar;
    alter table ops.gate_verdict add column if not exists results varchar;
"""


@dataclass(frozen=True)
class Verdict:
    """Whether a gate passed when it was last run to the end, over which state of the warehouse (the caller's word for
    it), and when (UTC). `results` is a hash of the results and keys that it wrote down (`results_of`)."""

    gate: int
    run_id: str
    passed: bool
    state: str
    judged_at: dt.datetime
    results: str | None


def create_ops_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of check results, empty, where they are not there yet (dbt's sources need them to exist)."""
    connection.execute(_OPS_TABLES)


def read_verdict(connection: duckdb.DuckDBPyConnection, gate: int) -> Verdict | None:
    """The verdict of a gate; None where it never ran to the end, or has begun since and has not ended."""
    try:
        row = connection.execute(
            "select gate, run_id, passed, state, judged_at, results from ops.gate_verdict where gate = ?", [gate]
        ).fetchone()
    except (duckdb.CatalogException, duckdb.BinderException):
        return None
    return None if row is None else Verdict(*row)


def results_of(connection: duckdb.DuckDBPyConnection, gate: int, run_id: str) -> str:
    """A hash of the results of a gate in a run and of the keys of the rows that failed, as they are stored now."""
    return " ".join(
        str(number)
        for number in connection.execute(
            """
            with result as (select * from ops.check_result where gate = $gate and run_id = $run_id),
            failure as (
                select * from ops.check_failure
                where run_id = $run_id and check_id in (select check_id from result)
            )
            select
                (select count(*) from result), (select sum(hash(one_row)::hugeint) from result as one_row),
                (select count(*) from failure), (select sum(hash(one_row)::hugeint) from failure as one_row)""",
            {"gate": gate, "run_id": run_id},
        ).fetchall()[0]
    )


def begin(connection: duckdb.DuckDBPyConnection, run_id: str, gate: int, accepted: Iterable[Acceptance]) -> None:
    """Make the tables, take back the gate's verdict until there is a new one, and keep what an operator accepts."""
    create_ops_tables(connection)
    connection.execute("delete from ops.gate_verdict where gate = ?", [gate])
    for acceptance in accepted:
        connection.execute(
            "insert into ops.check_acceptance select $check_id, $key, $run_id where not exists ("
            "select 1 from ops.check_acceptance where check_id = $check_id and key = $key)",
            {"check_id": acceptance.check_id, "key": acceptance.key, "run_id": run_id},
        )


def record(connection: duckdb.DuckDBPyConnection, result: GateResult, state: str) -> dict[str, int]:
    """Write results, failing keys and the verdict in one transaction; a gate run again replaces its own results.

    Returns how much is set aside now, by check; nothing at gate 2, which sets nothing aside.
    """
    gate, run_id = result.gate, result.run_id
    connection.begin()
    try:
        connection.execute(
            "delete from ops.check_failure where run_id = $run_id and check_id in "
            "(select check_id from ops.check_result where run_id = $run_id and gate = $gate)",
            {"run_id": run_id, "gate": gate},
        )
        connection.execute("delete from ops.check_result where run_id = ? and gate = ?", [run_id, gate])
        _insert_results(connection, run_id, result.outcomes)
        _insert_failures(connection, run_id, [outcome for outcome in result.outcomes if outcome.unexpected_count])
        set_aside = _replace_set_aside(connection, run_id) if gate == 1 else {}
        connection.execute(
            "insert into ops.gate_verdict (gate, run_id, passed, state, judged_at, results) values (?, ?, ?, ?, ?, ?)",
            [
                gate,
                run_id,
                result.passed,
                state,
                dt.datetime.now(dt.UTC).replace(tzinfo=None),
                results_of(connection, gate, run_id),
            ],
        )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return set_aside


def set_aside_words(connection: duckdb.DuckDBPyConnection, run_id: str) -> str:
    """What gate 1 set aside in a run, each form, record, answer and value once however many checks it fails.

    Empty where it set nothing aside, or did not run.
    """
    found = dict(
        connection.execute(
            "select r.severity, count(distinct (a.form_id, a.landed_row_id, a.question_no, a.field_id)) "
            "from ops.set_aside as a join ops.check_result as r on a.check_id = r.check_id "
            "where r.run_id = ? and r.gate = 1 group by all",
            [run_id],
        ).fetchall()
    )

    def counted(*nouns: str) -> str:
        counts = [(found.get(f"set_aside_{noun}", 0), noun) for noun in nouns]
        return " and ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count)

    rows, cells = counted("form", "record"), counted("answer", "value")
    told = [f"{rows} set aside"] if rows else []
    told += [f"{cells} count{'s' if cells in ('1 answer', '1 value') else ''} as not given"] if cells else []
    return "; ".join(told)


def _replace_set_aside(connection: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, int]:
    """Set aside what failed in this run and nothing else; how much, by check."""
    connection.execute("delete from ops.set_aside")
    connection.execute(
        "insert into ops.set_aside by name "
        "select distinct f.form_id, f.landed_row_id, "
        "case when r.severity = 'set_aside_answer' then f.question_no end as question_no, "
        "case when r.severity = 'set_aside_value' then f.field_id end as field_id, f.check_id "
        "from ops.check_failure as f join ops.check_result as r "
        "on f.run_id = r.run_id and f.check_id = r.check_id "
        "where f.run_id = ? and r.gate = 1 and starts_with(r.severity, 'set_aside_') "
        "order by all",
        [run_id],
    )
    return dict(
        connection.execute(
            "select check_id, count(*) from ops.set_aside group by check_id order by check_id"
        ).fetchall()
    )


def _insert_results(connection: duckdb.DuckDBPyConnection, run_id: str, outcomes: Sequence[CheckOutcome]) -> None:
    columns = (
        "gate", "suite", "check_id", "expectation_type", "table_name", "column_name", "question_id", "severity",
        "success", "evaluated_count", "unexpected_count", "description", "action",
    )  # fmt: skip
    rows = [
        (
            o.check.gate, o.check.suite, o.check.check_id, o.expectation_type, o.check.table, o.check.column_name,
            o.check.question_id, o.check.severity, o.success, o.evaluated_count, o.unexpected_count,
            o.check.description, o.check.action,
        )
        for o in outcomes
    ]  # fmt: skip
    # One statement: DuckDB takes a millisecond and more for each row that is inserted by itself.
    lists = ", ".join(f"unnest(${name}) as {name}" for name in columns)
    values: dict[str, object] = {name: [row[i] for row in rows] for i, name in enumerate(columns)}
    connection.execute(
        f"insert into ops.check_result by name select $run_id as run_id, {lists}", {"run_id": run_id, **values}
    )


def _insert_failures(connection: duckdb.DuckDBPyConnection, run_id: str, failed: Sequence[CheckOutcome]) -> None:
    problems = [outcome.check for outcome in failed if outcome.check.query is None]
    if problems:
        connection.execute(
            f"""
            insert into ops.check_failure by name
            with failed as (
                select unnest($check_ids) as check_id, unnest($question_ids) as question_id,
                    unnest($problems) as problem
            )
            select $run_id as run_id, f.check_id, p.form_id, p.landed_row_id, p.question_no
            from {problems[0].table} as p
            join failed as f on p.question_id = f.question_id and p.problem = f.problem
            order by f.check_id, p.form_id, p.landed_row_id""",
            {
                "run_id": run_id,
                "check_ids": [check.check_id for check in problems],
                "question_ids": [check.question_id for check in problems],
                "problems": [check.problem for check in problems],
            },
        )
    for outcome in failed:
        check = outcome.check
        if check.query is not None:
            # The very query that was counted.
            connection.execute(
                "insert into ops.check_failure by name select $run_id as run_id, $check_id as check_id, failing.* "
                f"from ({check.query}\n) as failing order by all",
                {"run_id": run_id, "check_id": check.check_id},
            )
