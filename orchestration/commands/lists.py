"""The lists behind `insights loads` and `insights check`."""

from __future__ import annotations

import duckdb

from expectations.suites import acceptable_checks
from orchestration.commands.text import query, table
from orchestration.warehouse import exists

# Said of loads with more than one reading. It is no part of the ledger's entry, which a home made anew has as well.
_READ_AGAIN = "It was read again, because services, the catalogue or the rules of reading have changed since it landed."


def load_lines(con: duckdb.DuckDBPyConnection, status: str | None = None) -> list[str]:
    """The ledger: every file that was landed or refused, newest last."""
    again: set[str] = set()
    if exists(con, "ops", "reading"):
        found = query(con, "select load_seq::varchar from ops.reading group by load_seq having count(*) > 1")
        again = {load_seq for (load_seq,) in found}
    rows = query(
        con,
        "select coalesce(load_seq::varchar, '-'), status, coalesce(form_id, '-'), coalesce(form_version, '-'), "
        "rows_landed, rejected_lines, source_file, reason from ops.load "
        "where ($status is null or status = $status) order by landed_at, load_seq nulls last, source_file",
        {"status": status},
    )
    listed = table(
        ["load", "status", "form or return", "version", "records", "rejected", "file"],
        [[str(cell) for cell in row[:7]] for row in rows],
        right={0, 4, 5},
    )
    lines = listed[:1]
    for line, row in zip(listed[1:], rows, strict=True):
        lines.append(line)
        lines += [f"      {note}" for note in (row[7], _READ_AGAIN if row[0] in again else None) if note]
    return lines if rows else ["No files have been landed or refused yet."]


def check_lines(con: duckdb.DuckDBPyConnection, show_all: bool) -> list[str]:
    """The checks of the last run that reached a gate: those that did not hold, or all of them."""
    if not exists(con, "ops", "check_result"):
        return ["No checks have been run yet."]
    run = query(
        con,
        "select r.run_id, strftime(r.started_at, '%Y-%m-%d %H:%M'), r.status from ops.run as r "
        "where r.run_id in (select run_id from ops.check_result) order by r.started_at desc limit 1",
    )
    if not run:
        return ["No checks have been run yet."]
    run_id, started, status = run[0]
    rows = query(
        con,
        "select gate, severity, success, check_id, coalesce(unexpected_count, -1), evaluated_count, description, "
        "action from ops.check_result where run_id = ? order by success, gate, severity, check_id",
        [run_id],
    )
    acceptable = acceptable_checks()
    held = sum(1 for row in rows if row[2])
    lines = [f"Run of {started} UTC ({status}): {len(rows)} checks, {held} hold, {len(rows) - held} do not."]
    for gate, severity, success, check_id, unexpected, evaluated, description, action in rows:
        if success and not show_all:
            continue
        count = "could not be run" if unexpected < 0 else f"{unexpected:,} of {evaluated:,}"
        mark = "holds" if success else count
        lines.append(f"  gate {gate}  {severity.replace('_', ' '):<16}  {check_id}  {mark}")
        lines.append(f"          {description}" + ("" if success else f" {action}"))
        if not success and check_id in acceptable:
            lines += [
                f"          Once looked at: insights run --accept '{check_id}={key}'"
                for (key,) in query(
                    con,
                    "select distinct key from ops.check_failure where run_id = ? and check_id = ? order by key",
                    [run_id, check_id],
                )
            ]
    if held < len(rows):
        lines.append("The keys of the failing rows are in ops.check_failure of the warehouse.")
    return lines
