"""Which records of a working copy did not arrive in a table, and why."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from orchestration.landing.forms.recognise import DeliveredTable
from orchestration.landing.ledger import RejectedLine
from orchestration.landing.refusal import BROKEN_QUOTES, TOO_LONG, TOO_SHORT, UNREADABLE_CHARACTERS, FileRefusedError
from orchestration.landing.tabular.records import split_cells

_SHIFTED = "It has a value beyond its last column, so its values may stand in the wrong columns."


def rejected_records(
    con: duckdb.DuckDBPyConnection, delivered: DeliveredTable, inserted: int, table: str
) -> list[RejectedLine]:
    """The records that did not arrive in ``table`` (a table or subquery with source_row), and why.

    Raises FileRefusedError: a record that arrived may hold others, or one that did not may hide others.
    """
    copy, tally = delivered.copy, delivered.copy.tally
    if inserted == copy.records:
        missing: list[int] = []
    else:
        missing = [
            int(number)
            for (number,) in con.execute(
                f"select number from range({copy.first_record}, {tally.records + 1}) as r(number) "
                f"anti join {table} as arrived on arrived.source_row = r.number order by number"
            ).fetchall()
        ]
    different, first, last = con.execute(
        f"select count(distinct source_row), coalesce(min(source_row), {copy.first_record}), "
        f"coalesce(max(source_row), 0) from {table}"
    ).fetchall()[0]
    is_whole = different == inserted and first >= copy.first_record and last <= tally.records
    if missing and is_whole:
        # The copy has one record per line, so a line break in a cell is a record inside another.
        merged = ", ".join(f"c{place}" for place in range(1, copy.width + 1))
        ((broken,),) = con.execute(
            f"select count(*) from {copy.table_sql()} where contains(concat({merged}), chr(10))"
        ).fetchall()
        is_whole = not broken
    if not is_whole or inserted + len(missing) != copy.records:
        raise FileRefusedError(
            f"Its {copy.records:,} records do not come out whole: its quotation marks or separators are broken. "
            "Export it again."
        )
    tally.refuse_swallowed(missing)
    rejected = _reasons(delivered, missing)
    last_is_short = bool(rejected) and rejected[-1] == RejectedLine(tally.records, None, TOO_SHORT)
    tally.refuse_cut_in_record(last_is_short=last_is_short)
    return rejected


def _reasons(delivered: DeliveredTable, missing: Sequence[int]) -> list[RejectedLine]:
    """Why records did not arrive, in their order: read again, one by one, from the working copy."""
    tally = delivered.copy.tally
    reasons = {number: BROKEN_QUOTES for number in missing if number in tally.broken}
    reasons |= {line.source_row: line.reason for line in tally.rejected}
    wanted = set(missing) - reasons.keys()
    if wanted:
        with delivered.copy.path.open("rb") as handle:
            for line in handle:
                number = int(line.partition(delivered.copy.delimiter)[0])
                if number in wanted:
                    reasons[number] = _reason(delivered, line.rstrip(b"\n"))
    return [RejectedLine(number, None, reasons[number]) for number in missing]


def _reason(delivered: DeliveredTable, line: bytes) -> str:
    cells = split_cells(line, delivered.copy.delimiter)[1:]
    if len(cells) != delivered.copy.width:
        return TOO_SHORT if len(cells) < delivered.copy.width else TOO_LONG
    if any(cells[place - 1] for place in delivered.header.tail()):
        return _SHIFTED
    return UNREADABLE_CHARACTERS if "\ufffd" in "".join(cells) else BROKEN_QUOTES
