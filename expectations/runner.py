"""Run a gate: checks inside DuckDB, results and keys of failing rows into `ops`, pages for people.

Nothing here holds a value of a row: `ops.check_failure` names rows by key, messages name checks and counts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import duckdb

from catalogue import Catalogue, load_catalogue
from expectations.suites import Check, gate_1_checks, gate_2_checks

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
    alter table ops.check_failure add column if not exists field_id varchar;
    alter table ops.set_aside add column if not exists field_id varchar;
"""


class GateError(Exception):
    """A gate could not be run. The message is a sentence for the operator and holds no value of a row."""


class GatePaths(Protocol):
    """What a gate needs to know of the settings."""

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file."""
        ...

    @property
    def data_docs_path(self) -> Path:
        """Folder of the pages; made when it is not there."""
        ...


@dataclass(frozen=True)
class Acceptance:
    """An operator's word that one key of one check of plausibility is right after all."""

    check_id: str
    key: str


@dataclass(frozen=True)
class CheckOutcome:
    """What came of one check. `unexpected_count` is None where the check could not be run."""

    check: Check
    success: bool
    evaluated_count: int
    unexpected_count: int | None
    expectation_type: str

    @property
    def blocks(self) -> bool:
        """Whether this outcome keeps anything from being published. A check that could not be run does."""
        could_not_run = self.unexpected_count is None and self.check.severity != "comparison"
        return could_not_run or (not self.success and self.check.severity == "blocking")

    @property
    def sentence(self) -> str:
        """The outcome as one or two sentences."""
        check = self.check
        if self.unexpected_count is None:
            return (
                f"Check {check.check_id} on {check.table} could not be run: the table or one of its columns is not "
                "there. Nothing is published; run the whole pipeline, and if it happens again, report the program."
            )
        if self.success:
            return f"{check.description} Holds (check {check.check_id})."
        noun = "row fails" if self.unexpected_count == 1 else "rows fail"
        return (
            f"Not so: {check.description} {self.unexpected_count} {noun} check {check.check_id} on {check.table}. "
            f"{check.action}"
        )


@dataclass(frozen=True)
class GateResult:
    """What came of a gate: passed means that nothing blocks, set-aside rows notwithstanding."""

    gate: int
    run_id: str
    outcomes: tuple[CheckOutcome, ...]
    set_aside: dict[str, int] = field(default_factory=dict)
    """Forms and records, or single values of them, set aside by check. A check that found none is absent."""

    @property
    def passed(self) -> bool:
        """Whether the run may go on."""
        return not any(outcome.blocks for outcome in self.outcomes)

    @property
    def checks_run(self) -> int:
        """How many checks there were."""
        return len(self.outcomes)

    @property
    def blocking_failures(self) -> list[str]:
        """One sentence for each check that blocks."""
        return [outcome.sentence for outcome in self.outcomes if outcome.blocks]

    @property
    def failed(self) -> list[CheckOutcome]:
        """Every check that did not hold, whatever follows from it."""
        return [outcome for outcome in self.outcomes if not outcome.success]


def create_ops_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of check results, empty, where they are not there yet (dbt's sources need them to exist)."""
    connection.execute(_OPS_TABLES)


def run_gate_1(
    paths: GatePaths,
    run_id: str,
    *,
    catalogue: Catalogue | None = None,
    accepted: Iterable[Acceptance] = (),
) -> GateResult:
    """Check what landed, and replace `ops.set_aside` with what the checks set aside.

    Runs after staging and before the intermediate models. `accepted` is kept in `ops.check_acceptance` and holds for
    later runs too. Opens and closes its own connections; nothing in this process may have the warehouse open.

    Raises:
        GateError: the warehouse is not there, another program has it open, or the checks could not start.
    """
    catalogue = catalogue or load_catalogue()
    return _run(paths, run_id, 1, gate_1_checks(catalogue), tuple(accepted))


def run_gate_2(
    paths: GatePaths,
    run_id: str,
    *,
    forms_block: bool,
    returns_block: bool,
    catalogue: Catalogue | None = None,
    accepted: Iterable[Acceptance] = (),
) -> GateResult:
    """Check what would be published.

    `forms_block` and `returns_block` are for the caller to say, as `gate_2_checks` takes them.

    Raises:
        GateError: the warehouse is not there, another program has it open, or the checks could not start.
    """
    catalogue = catalogue or load_catalogue()
    checks = gate_2_checks(catalogue, forms_block=forms_block, returns_block=returns_block)
    return _run(paths, run_id, 2, checks, tuple(accepted))


def _run(
    paths: GatePaths, run_id: str, gate: int, checks: Sequence[Check], accepted: Sequence[Acceptance]
) -> GateResult:
    acceptable = {check.check_id for check in checks if check.is_acceptable}
    for acceptance in accepted:
        if acceptance.check_id not in acceptable and not _of_other_gate(acceptance, gate):
            raise GateError(
                f"Check {acceptance.check_id} cannot be accepted: only checks of plausibility can "
                f"({', '.join(sorted(acceptable)) or 'none at this gate'}). Nothing was checked or published."
            )
    with _open(paths.warehouse_path) as connection:
        create_ops_tables(connection)
        for acceptance in accepted:
            if acceptance.check_id in acceptable:
                connection.execute(
                    "insert into ops.check_acceptance select $check_id, $key, $run_id where not exists ("
                    "select 1 from ops.check_acceptance where check_id = $check_id and key = $key)",
                    {"check_id": acceptance.check_id, "key": acceptance.key, "run_id": run_id},
                )
    checks = [_without_accepted(check) for check in checks]
    validations = _validate(paths.warehouse_path, checks)
    with _open(paths.warehouse_path) as connection:
        outcomes = _outcomes(connection, checks, validations)
        set_aside = _record(connection, run_id, gate, outcomes)
    result = GateResult(gate, run_id, tuple(outcomes), set_aside)
    from expectations.docs import write_pages

    write_pages(paths.data_docs_path, result, validations)
    return result


def _of_other_gate(acceptance: Acceptance, gate: int) -> bool:
    """Whether an acceptance is meant for the other gate; the caller hands the same list to both."""
    catalogue = load_catalogue()
    others = gate_2_checks(catalogue, forms_block=False, returns_block=False) if gate == 1 else gate_1_checks(catalogue)
    return any(check.check_id == acceptance.check_id and check.is_acceptable for check in others)


def _without_accepted(check: Check) -> Check:
    if not check.is_acceptable:
        return check
    accepted = f"select key from ops.check_acceptance where check_id = '{check.check_id}'"
    return dataclasses.replace(check, query=f"select key from ({check.query}) where key not in ({accepted})")


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise GateError(
            f"There is no warehouse to check at {path.name}. Nothing was published; run the pipeline first."
        )
    try:
        connection = duckdb.connect(str(path))
        # As every connection to the warehouse: a checkpoint is not to write wide tables again to fill up row groups.
        connection.execute("set max_vacuum_tasks = 0")
        return connection
    except duckdb.IOException:
        # The message of DuckDB would name a process, which helps nobody who did not start it.
        raise GateError(
            "The warehouse cannot be opened for the checks: another program has it open. Nothing was checked or "
            "published; close that program (analysts should open the published file) and run again."
        ) from None


def _validate(path: Path, checks: Sequence[Check]) -> list[tuple[str, str, object]]:
    # Great Expectations takes seconds to import: only a gate pays for it.
    from expectations import engine

    try:
        return engine.validate(path, checks)
    except Exception as error:
        # A message from below may quote a value.
        raise GateError(
            f"The checks could not be run ({type(error).__name__}). Nothing was published; the last release stays in "
            "place. Run again, and if it happens again, report the program."
        ) from None


def _outcomes(
    connection: duckdb.DuckDBPyConnection, checks: Sequence[Check], validations: Sequence[tuple[str, str, object]]
) -> list[CheckOutcome]:
    results = {
        item.expectation_config.meta["check_id"]: item
        for _, _, validation in validations
        for item in validation.results  # type: ignore[attr-defined]
    }
    counts: dict[tuple[str, str | None, str | None], int] = {}
    outcomes = []
    for check in checks:
        item = results[check.check_id]
        place = (check.table, check.form_id, check.looked_at)
        if place not in counts:
            counts[place] = _rows(connection, check)
        observed = item.result.get("observed_value")
        outcomes.append(
            CheckOutcome(
                check=check,
                success=bool(item.success) and observed is not None,
                evaluated_count=counts[place],
                unexpected_count=None if observed is None else int(observed),
                expectation_type=item.expectation_config.type,
            )
        )
    return outcomes


def _rows(connection: duckdb.DuckDBPyConnection, check: Check) -> int:
    """Rows a check looked at: forms for the checks of forms and answers (erased ones hold nothing to look at)."""
    table = f"staging.stg_forms__{check.form_id}" if check.form_id else check.looked_at or check.table
    where = " where not is_erased" if check.form_id else ""
    try:
        row = connection.execute(f"select count(*) from {table}{where}").fetchone()
    except duckdb.Error:
        return 0
    return int(row[0]) if row else 0


def _record(
    connection: duckdb.DuckDBPyConnection, run_id: str, gate: int, outcomes: Sequence[CheckOutcome]
) -> dict[str, int]:
    """Write results and failing keys in one transaction; a gate that is run again replaces its own results."""
    connection.begin()
    try:
        connection.execute(
            "delete from ops.check_failure where run_id = $run_id and check_id in "
            "(select check_id from ops.check_result where run_id = $run_id and gate = $gate)",
            {"run_id": run_id, "gate": gate},
        )
        connection.execute("delete from ops.check_result where run_id = ? and gate = ?", [run_id, gate])
        _insert_results(connection, run_id, outcomes)
        _insert_failures(connection, run_id, [o for o in outcomes if o.unexpected_count])
        set_aside: dict[str, int] = {}
        if gate == 1:
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
            set_aside = dict(
                connection.execute(
                    "select check_id, count(*) from ops.set_aside group by check_id order by check_id"
                ).fetchall()
            )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return set_aside


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
        if check.query is None:
            continue
        # The very query that Great Expectations counted.
        connection.execute(
            "insert into ops.check_failure by name select $run_id as run_id, $check_id as check_id, failing.* "
            f"from ({check.query.format(batch=check.table)}) as failing order by all",
            {"run_id": run_id, "check_id": check.check_id},
        )
