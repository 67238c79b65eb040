"""The lines of `insights returns`: which rules the records break, and where, for whoever mends the case system.

A place is a file, a row and a column; nothing of what stands there is read.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from catalogue.returns import OWN_TEXT, ReturnCatalogue
from orchestration.commands.text import query, table
from orchestration.errors import OperatorError
from orchestration.progress import many
from orchestration.settings import Settings
from orchestration.warehouse import exists, look_into_warehouse

#: What stands for the year of records that have none.
LOCAL = "local"
#: Columns of the file that `--out` writes.
COLUMNS = ("rule", "dfe_rules", "severity", "table", "file", "row", "place", "column", "sentence", "action")

_SHOWN = 10
_SEVERITIES = {"set_aside_record": "record set aside", "set_aside_value": "value set aside", "note": "note"}
_HEADINGS = ("authority", "year", "records", "records set aside", "values set aside", "notes")
# Of a record that a later one replaces, the later one is judged: what it broke has been mended or is named again.
_PROBLEMS = """
    select problem.rule_code, problem.record_id, problem.field_id, load.source_file, load.convention_id,
        record.collection_year, record.source_row, record.source_path
    from intermediate.int_returns_problem as problem
    join intermediate.int_returns_record as record
        on problem.landed_row_id = record.landed_row_id and problem.record_id = record.record_id
    join ops.load as load on record.load_id = load.load_id and record.load_seq = load.load_seq
    where
        record.la_code = $authority
        and coalesce(record.collection_year::varchar, $local) = $year
        and record.replaced_how is null
    order by problem.rule_code, load.source_file, record.source_row, record.source_path, problem.field_id
"""
_LANDED = """
    select la_code, coalesce(collection_year::varchar, $local) as year, count(*)
    from intermediate.int_returns_record where la_code is not null group by all order by all
"""


# What each delivery of a return said that the one before it did not: events by their keys, and their contents.
_DELIVERIES = """
    with delivered as (
        select *, lag(load_seq) over (
            partition by la_code, collection_year, record_id order by place, load_seq
        ) as before
        from ops.delivery_standing
        inner join (select record_id, return_id from reference.record_type) using (record_id)
        inner join reference.return_type using (return_id)
        where later_delivery = 'replaces' and standing not in ('unconfirmed', 'moved', 'mistaken')
    ),
    told as (
        select load_seq, record_id, record_key, list_sort(list(content_hash)) as said
        from intermediate.int_returns_landed
        where fate_row_id is null and has_key and has_date
        group by load_seq, record_id, record_key
    ),
    compared as (
        select delivered.load_seq, told.record_key is null as is_withdrawn, earlier.record_key is null as is_added,
            told.said is distinct from earlier.said as is_changed, delivered.before
        from delivered
        inner join told on delivered.load_seq = told.load_seq and delivered.record_id = told.record_id
        left join told as earlier
            on delivered.before = earlier.load_seq and told.record_id = earlier.record_id
            and told.record_key = earlier.record_key
        union all
        -- A part adds and changes, and takes nothing back.
        select delivered.load_seq, true, false, false, delivered.before
        from delivered
        inner join told as earlier
            on delivered.before = earlier.load_seq and delivered.record_id = earlier.record_id
        anti join told
            on delivered.load_seq = told.load_seq and earlier.record_id = told.record_id
            and earlier.record_key = told.record_key
        where delivered.standing <> 'in_part'
    )
    select delivered.la_code, delivered.collection_year, delivered.return_label, load.source_file,
        string_agg(distinct delivered.standing, ', ' order by delivered.standing),
        counted.told, counted.added, counted.changed, counted.withdrawn
    from delivered
    inner join ops.load as load on delivered.load_seq = load.load_seq and load.status = 'landed'
    inner join (
        select load_seq, count(*) filter (not is_withdrawn) as told,
            count(*) filter (before is not null and is_added and not is_withdrawn) as added,
            count(*) filter (before is not null and is_changed and not is_added and not is_withdrawn) as changed,
            count(*) filter (is_withdrawn) as withdrawn
        from compared group by load_seq
    ) as counted on delivered.load_seq = counted.load_seq
    where (delivered.la_code, delivered.collection_year, delivered.record_id) in (
        select (la_code, collection_year, record_id) from delivered where before is not null
    )
    group by all
    order by delivered.la_code, delivered.collection_year, delivered.return_label, min(delivered.place),
        load.source_file
"""
_DELIVERED = ("authority", "year", "file", "standing", "events", "added", "changed", "withdrew")


@dataclass(frozen=True)
class Problem:
    """A rule that a record breaks, and where it stands: nothing of its values."""

    rule_code: str
    record_id: str
    field_id: str | None
    file: str
    file_format: str
    year: int | None
    row: int
    path: str | None


def returns_lines(settings: Settings, returns: ReturnCatalogue) -> list[str]:
    """What has landed of each authority and year, and how many places break a rule there."""
    with look_into_warehouse(settings) as con:
        if not exists(con, "intermediate", "int_returns_problem"):
            return [_nothing_yet()]
        landed = query(con, _LANDED, {"local": LOCAL})
        rows = []
        for authority, year, records in landed:
            problems = _problems(con, returns, authority, year)
            found = Counter(returns.rules[problem.rule_code].severity for problem in problems)
            rows.append([authority, year, f"{records:,}", *(f"{found[severity]:,}" for severity in _SEVERITIES)])
        sent = _deliveries(con)
    if not rows:
        return ["No return has landed yet."]
    last = rows[-1]
    return [
        *table(_HEADINGS, rows, right={2, 3, 4, 5}),
        *(["", "Deliveries that came after others:", *table(_DELIVERED, sent, right={4, 5, 6, 7}), ""] if sent else []),
        f"Which rules, and where: insights returns --validation {last[0]} {last[1]}",
    ]


def validation_lines(
    settings: Settings, returns: ReturnCatalogue, authority: str, year: str, out: Path | None = None
) -> list[str]:
    """Each rule that is broken by what an authority sent for a year, and the places; all of them into a file if asked.

    Raises:
        OperatorError: nothing of the authority and year has landed, or there is such a file already.
    """
    with look_into_warehouse(settings) as con:
        if not exists(con, "intermediate", "int_returns_problem"):
            return [_nothing_yet()]
        landed = [(code, of) for code, of, _ in query(con, _LANDED, {"local": LOCAL})]
        if (authority, year) not in landed:
            there = ", ".join(f"{code} {of}" for code, of in landed) or "none"
            raise OperatorError(
                f"Nothing of authority {authority} and year {year} has landed. Name one of these: {there}. ({LOCAL} "
                "stands for records without a year.)"
            )
        problems = _problems(con, returns, authority, year)
    lines = _told(problems, returns)
    if out is not None:
        _write(out, problems, returns)
        lines.append(f"{many(len(problems), 'place')} written to {out}, which only you can read.")
    elif any(count > _SHOWN for count in Counter(problem.rule_code for problem in problems).values()):
        lines.append("All places: the same command with --out FILE.csv")
    return lines


def _problems(con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue, authority: str, year: str) -> list[Problem]:
    """The places by rule, file and row; a warehouse that other code made may know rules that this does not."""
    found = query(con, _PROBLEMS, {"authority": authority, "year": year, "local": LOCAL})
    return [Problem(*row) for row in found if row[0] in returns.rules]


def _deliveries(con: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """Each delivery of an authority and year that has several of a return: what it added, changed and withdrew."""
    if not exists(con, "ops", "delivery_standing") or not exists(con, "intermediate", "int_returns_landed"):
        return []
    return [
        [la_code, str(year), file, standing.replace("_", " "), *(f"{count:,}" for count in counts)]
        for la_code, year, _, file, standing, *counts in query(con, _DELIVERIES)
    ]


def _nothing_yet() -> str:
    return "No return has been judged yet. Run `insights run` first."


def _told(problems: Sequence[Problem], returns: ReturnCatalogue) -> list[str]:
    if not problems:
        return ["Every rule is kept."]
    by_rule: dict[str, list[Problem]] = {}
    for problem in problems:
        by_rule.setdefault(problem.rule_code, []).append(problem)
    order = list(_SEVERITIES)
    codes = sorted(by_rule, key=lambda code: (order.index(returns.rules[code].severity), code))
    lines = [f"{many(len(by_rule), 'rule')} broken in {many(len(problems), 'place')}."]
    for code in codes:
        rule, places = returns.rules[code], by_rule[code]
        dfe = f" ({', '.join(rule.dfe_codes)})" if rule.dfe_codes else ""
        lines += [
            "",
            f"{code}  {_SEVERITIES[rule.severity]}  {many(len(places), 'place')}{dfe}",
            f"       {rule.sentence} {rule.action}",
            *(f"       {_place(problem, returns)}" for problem in places[:_SHOWN]),
        ]
        if len(places) > _SHOWN:
            lines.append(f"       and {len(places) - _SHOWN:,} more")
    return lines


def _place(problem: Problem, returns: ReturnCatalogue) -> str:
    column = _column(problem, returns)
    return f"{problem.file}, {_table(problem, returns)}, row {problem.row:,}" + (f", {column}" if column else "")


def _table(problem: Problem, returns: ReturnCatalogue) -> str:
    """The table as the format calls it, without what it lies in."""
    names = returns.names(problem.record_id, None, problem.file_format, problem.year)
    return names[0].rpartition("/")[2] if names else problem.record_id


def _column(problem: Problem, returns: ReturnCatalogue) -> str:
    """The column as the format calls it; blank where the whole record is meant."""
    if problem.field_id is None:
        return ""
    names = returns.names(problem.record_id, problem.field_id, problem.file_format, problem.year)
    if not names:
        return problem.field_id
    return _table(problem, returns) if names[0] == OWN_TEXT else names[0].rpartition("/")[2]


def _write(out: Path, problems: Sequence[Problem], returns: ReturnCatalogue) -> None:
    """All places as CSV, in a new file that only its owner can read: who stands in a row is not for everybody."""
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode=0o600)
    except FileExistsError:
        raise OperatorError(f"There is a file {out} already. Nothing was written; name another one.") from None
    except OSError as error:
        raise OperatorError(
            f"{out} cannot be written ({error.strerror}). Nothing was written; name a file in a folder that is there."
        ) from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        for problem in problems:
            rule = returns.rules[problem.rule_code]
            writer.writerow(
                [
                    rule.rule_code,
                    "; ".join(rule.dfe_codes),
                    _SEVERITIES[rule.severity],
                    _table(problem, returns),
                    problem.file,
                    problem.row,
                    problem.path or "",
                    _column(problem, returns),
                    rule.sentence,
                    rule.action,
                ]
            )
