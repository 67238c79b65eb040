"""Run a gate: checks inside DuckDB, results and keys of failing rows into `ops`, pages for people.

Nothing here holds a value of a row: `ops.check_failure` names rows by key, messages name checks and counts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import duckdb

from catalogue import Catalogue, load_catalogue
from expectations.check import Check, literal
from expectations.docs import write_pages
from expectations.outcome import KEYS_TOLD, Acceptance, CheckOutcome, GateError, GateResult
from expectations.results import begin, record, set_aside_words
from expectations.suites import acceptable_checks, gate_1_checks, gate_2_checks

if TYPE_CHECKING:
    from expectations.engine import Count


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


def run_gate_1(
    paths: GatePaths,
    run_id: str,
    *,
    state: str,
    catalogue: Catalogue | None = None,
    accepted: Iterable[Acceptance] = (),
) -> GateResult:
    """Check what landed, and replace `ops.set_aside` with what the checks set aside.

    Runs after staging and before the intermediate models. `state` is the caller's word for what the warehouse holds
    now: it is kept with the verdict in `ops.gate_verdict`. `accepted` is kept in `ops.check_acceptance` and holds for
    later runs too. Opens and closes its own connections; nothing in this process may have the warehouse open.

    Raises:
        GateError: the warehouse is not there, another program has it open, or the checks could not be run.
        ValueError: `state` is empty.
    """
    return _run(paths, run_id, 1, gate_1_checks(catalogue or load_catalogue()), tuple(accepted), state)


def run_gate_2(
    paths: GatePaths,
    run_id: str,
    *,
    state: str,
    forms_block: bool,
    returns_block: bool,
    accepted: Iterable[Acceptance] = (),
) -> GateResult:
    """Check what would be published.

    `state` and `accepted` are as for gate 1; `forms_block` and `returns_block` are for the caller to say, as
    `gate_2_checks` takes them.

    Raises:
        GateError: the warehouse is not there, another program has it open, or the checks could not be run.
        ValueError: `state` is empty.
    """
    checks = gate_2_checks(forms_block=forms_block, returns_block=returns_block)
    return _run(paths, run_id, 2, checks, tuple(accepted), state)


def _run(
    paths: GatePaths,
    run_id: str,
    gate: int,
    checks: Sequence[Check],
    accepted: Sequence[Acceptance],
    state: str,
) -> GateResult:
    if not state:
        raise ValueError("A gate must be told over which state of the warehouse it is run.")
    acceptable = {check.check_id for check in checks if check.is_acceptable}
    for acceptance in accepted:
        # The caller hands the same list to both gates.
        if acceptance.check_id not in acceptable | acceptable_checks():
            raise GateError(
                f"Check {acceptance.check_id} cannot be accepted: only checks of plausibility can "
                f"({', '.join(sorted(acceptable)) or 'none at this gate'}). Nothing was checked or published."
            )
    with _open(paths.warehouse_path) as connection:
        begin(connection, run_id, gate, [a for a in accepted if a.check_id in acceptable])
    checks = [_without_accepted(check) for check in checks]
    counts = _count(paths.warehouse_path, checks)
    with _open(paths.warehouse_path) as connection:
        result = GateResult(gate, run_id, tuple(_outcomes(connection, checks, counts)))
        # Before the verdict: a gate whose pages are those of an earlier run has not run to its end.
        write_pages(paths.data_docs_path, result)
        try:
            set_aside = record(connection, result, state)
            aside = set_aside_words(connection, run_id) if gate == 1 else ""
        except duckdb.Error as error:
            raise _could_not_run(error) from None
    return dataclasses.replace(result, set_aside=set_aside, aside=aside)


def _without_accepted(check: Check) -> Check:
    if not check.is_acceptable:
        return check
    accepted = f"select key from ops.check_acceptance where check_id = {literal(check.check_id)}"
    return dataclasses.replace(check, query=f"select * from (\n{check.query}\n) where key not in ({accepted})")


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


def _count(path: Path, checks: Sequence[Check]) -> dict[str, Count]:
    # Great Expectations takes seconds to import: only a gate pays for it.
    from expectations.engine import count_failing

    try:
        return count_failing(path, checks)
    except Exception as error:
        raise _could_not_run(error) from None


def _could_not_run(error: Exception) -> GateError:
    # A message from below may quote a value.
    return GateError(
        f"The checks could not be run ({type(error).__name__}). Nothing was published; the last release stays in "
        "place. Run again, and if it happens again, report the program."
    )


def _outcomes(
    connection: duckdb.DuckDBPyConnection, checks: Sequence[Check], counts: Mapping[str, Count]
) -> list[CheckOutcome]:
    looked_at: dict[tuple[str, str | None, str | None], int] = {}
    outcomes = []
    for check in checks:
        place = (check.table, check.form_id, check.looked_at)
        if place not in looked_at:
            looked_at[place] = _rows(connection, check)
        count = counts[check.check_id]
        outcomes.append(
            CheckOutcome(
                check=check,
                success=count.failing == 0,
                evaluated_count=looked_at[place],
                unexpected_count=count.failing,
                expectation_type=count.expectation_type,
                keys=_keys(connection, check) if check.is_acceptable and count.failing else (),
            )
        )
    return outcomes


def _keys(connection: duckdb.DuckDBPyConnection, check: Check) -> tuple[tuple[str, int], ...]:
    """The first keys of the failing rows, and how many rows have each."""
    query = f"select key, count(*) from (\n{check.query}\n) group by key order by key limit {KEYS_TOLD + 1}"
    return tuple((str(key), int(rows)) for key, rows in connection.execute(query).fetchall())


def _rows(connection: duckdb.DuckDBPyConnection, check: Check) -> int:
    """Rows a check looked at: forms for the checks of forms and answers (erased ones hold nothing to look at)."""
    table = f"staging.stg_forms__{check.form_id}" if check.form_id else check.looked_at or check.table
    where = " where not is_erased" if check.form_id else ""
    try:
        row = connection.execute(f"select count(*) from {table}{where}").fetchone()
    except duckdb.Error:
        return 0
    return int(row[0]) if row else 0
