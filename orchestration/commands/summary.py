"""What a person reads at the end of a run, in ten seconds; and the lists behind `status`, `loads` and `check`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from catalogue.returns import load_returns
from orchestration import runlog
from orchestration.assets.acceptance import acceptable_checks
from orchestration.landing.ledger import landed_hashes
from orchestration.locking import is_locked
from orchestration.release.publish import code_version, read_release_manifest
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse
from reporting.changes.releases import manifest_of
from reporting.release_files import CURRENT, DATABASE, INTERNAL, PUBLIC

if TYPE_CHECKING:
    from orchestration.commands.run import RunOutcome

_DISPOSITIONS = {
    "accepted": "accepted",
    "superseded": "superseded",
    "duplicate_submission": "duplicate",
    "no_consent": "no consent",
    "test_record": "test",
    "missing_key": "no key",
    "impossible_date": "bad date",
    "outside_reporting_years": "other year",
    "set_aside": "set aside",
    "erased": "erased",
}

# Returns do not rest on consent and hold no test forms, so those cannot occur there.
_RETURN_DISPOSITIONS = {
    "accepted": "accepted",
    "superseded": "superseded",
    "duplicate": "duplicate",
    "missing_key": "no key",
    "impossible_date": "bad date",
    "set_aside": "set aside",
}

# How a run of the diary ended, in words.
_STATUS = {
    "running": "was stopped before it ended",
    "interrupted": "interrupted",
    "failed": "failed",
    "blocked": "blocked by a gate",
    "published": "published a release",
    "unchanged": "had the same content as before",
}


def run_summary(settings: Settings, outcome: RunOutcome) -> list[str]:
    """The end of a run: what landed, the waterfall, the checks, the comparison, the release, what to do next."""
    lines: list[str] = [""]
    with open_warehouse(settings, read_only=True) as con:
        lines += _landed(con, outcome)
        if outcome.succeeded:
            lines += ["", *_waterfall(con), *_return_waterfall(con)]
        lines += ["", *_checks(con, outcome)]
        if outcome.succeeded:
            lines += ["", *reconciliation_lines(con)]
        run = runlog.last_run(con)
        erased = _erased(settings, con)
    lines.append("")
    if outcome.succeeded and run is not None:
        new = "new" if run.status == "published" else "the same content as before, so the same release"
        lines += [
            f"Release  {run.release_id} ({new}), {outcome.seconds:.0f} s",
            f"         for analysts   {settings.published_path / CURRENT / INTERNAL / DATABASE}",
            f"         to pass on     {settings.published_path / CURRENT / PUBLIC}",
        ]
    else:
        lines += [f"NOT PUBLISHED  {outcome.sentence}"]
    return [*lines, *erased, "", *_next(outcome, is_blocked=run is not None and run.status == "blocked")]


def status_lines(settings: Settings) -> list[str]:
    """Which release is in force, how the last run ended, what the warehouse holds."""
    lines = [f"Home     {settings.home}", f"Raw      {settings.raw_dir}", f"Code     {code_version()}"]
    link = settings.published_path / CURRENT
    if link.exists():
        manifest = read_release_manifest(link)
        tables = manifest["outputs"][DATABASE]["tables"]
        releases = sum(1 for path in settings.published_path.glob("r-*") if path.is_dir())
        lines.append(
            f"Release  {manifest['release']} ({len(tables)} tables, made by code {manifest['code_version']}), "
            f"{releases} kept"
        )
    else:
        lines.append("Release  none yet: `insights run` makes one")
    if is_locked(settings):
        return [*lines, "Last run is going now; the warehouse can be looked at when it has ended"]
    if not settings.warehouse_path.exists():
        return [*lines, "Last run none yet"]
    with open_warehouse(settings, read_only=True) as con:
        run = runlog.last_run(con)
        if run is None:
            return [*lines, "Last run none yet"]
        lines.append(f"Last run {_STATUS[run.status]}, started {run.started_at} UTC, ended {run.finished_at or '-'}")
        counts = _query(
            con,
            "select status, count(*), sum(rows_landed) filter (where form_id <> 'erasure') from ops.load "
            "group by status order by status",
        )
        lines += [
            f"Files    {count:,} {status.replace('_', ' ')}, {_many(rows or 0, 'record')}"
            for status, count, rows in counts
        ]
        if run.status in {"published", "unchanged"} and _exists(con, "marts", "waterfall"):
            lines += ["", *_waterfall(con), *_return_waterfall(con)]
        lines += _erased(settings, con)
    return lines


def erasure_lines(settings: Settings) -> list[str]:
    """What still holds clients who asked to be erased: releases made before, and files as delivered.

    The pipeline changes neither: a release is immutable, and a delivered file belongs to whoever delivered it.
    """
    with open_warehouse(settings, read_only=True) as con:
        clients = _query(con, "select count(*) from ops.erasure")[0][0] if _exists(con, "ops", "erasure") else 0
        if not clients:
            return ["No erasure list has been landed."]
        outdated = _outdated_releases(settings, con)
        tables = [
            f"raw.{table}"
            for (table,) in _query(
                con,
                "select table_name from information_schema.columns where table_schema = 'raw' "
                "and column_name = 'is_erased' order by table_name",
            )
        ]
        union = " union all ".join(f"select source_file from {table} where is_erased" for table in tables)
        files = _query(con, f"select source_file, count(*) from ({union}) group by all order by all") if tables else []
    lines = [f"{_many(clients, 'client')} on erasure lists; {_many(sum(row[1] for row in files), 'form')} emptied.", ""]
    if outdated:
        lines += ["Releases made before, which still hold them:"]
        lines += [f"  {settings.published_path / name}" for name in outdated]
        in_force = settings.published_path.joinpath(CURRENT).resolve().name in outdated
        lines.append(
            ("Run `insights run` until a new one is published, then delete" if in_force else "Delete")
            + " these folders and every copy that was passed on."
        )
    else:
        lines.append("No release holds them.")
    if files:
        lines += ["", f"Files in {settings.raw_dir} that were delivered with their forms:"]
        lines += [f"  {file}: {_many(count, 'form')}" for file, count in files]
        lines.append(
            "Put an export without these clients in the place of each. Its other forms count as copies of those that "
            "have landed, so nothing is counted twice."
        )
    return lines


def _outdated_releases(settings: Settings, con: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the releases that were made before an erasure list landed that this warehouse holds."""
    if not _exists(con, "ops", "load"):
        return []
    landed = {
        row[0] for row in _query(con, "select sha256 from ops.load where form_id = 'erasure' and status = 'landed'")
    }
    return [
        path.name for path in sorted(settings.published_path.glob("r-*")) if path.is_dir() and landed - _files_of(path)
    ]


def _files_of(release: Path) -> set[str | None]:
    """SHA-256 of the files a release was made from; none where that cannot be read, so that it counts as old."""
    try:
        return {entry["sha256"] for entry in manifest_of(release)["inputs"]}
    except (OSError, ValueError, LookupError):
        return set()


def _erased(settings: Settings, con: duckdb.DuckDBPyConnection) -> list[str]:
    """What to say below a summary while releases hold clients on an erasure list; nothing where none does."""
    outdated = _outdated_releases(settings, con)
    if not outdated:
        return []
    holds = "holds" if len(outdated) == 1 else "hold"
    return [
        "",
        f"Erased   {_many(len(outdated), 'release')} made before the last erasure list still {holds} clients on it; "
        "`insights erasure` lists what to delete",
    ]


def load_lines(con: duckdb.DuckDBPyConnection, status: str | None = None) -> list[str]:
    """The ledger: every file that was landed or refused, newest last."""
    rows = _query(
        con,
        "select coalesce(load_seq::varchar, '-'), status, coalesce(form_id, '-'), coalesce(form_version, '-'), "
        "rows_landed, rejected_lines, source_file, reason from ops.load "
        "where ($status is null or status = $status) order by landed_at, load_seq nulls last, source_file",
        {"status": status},
    )
    table = _table(
        ["load", "status", "form or return", "version", "records", "rejected", "file"],
        [[str(cell) for cell in row[:7]] for row in rows],
        right={0, 4, 5},
    )
    lines = table[:1]
    for line, row in zip(table[1:], rows, strict=True):
        lines.append(line)
        if row[7]:
            lines.append(f"      {row[7]}")
    return lines if rows else ["No files have been landed or refused yet."]


def check_lines(con: duckdb.DuckDBPyConnection, show_all: bool) -> list[str]:
    """The checks of the last run that reached a gate: those that did not hold, or all of them."""
    run = _query(
        con,
        "select r.run_id, strftime(r.started_at, '%Y-%m-%d %H:%M'), r.status from ops.run as r "
        "where r.run_id in (select run_id from ops.check_result) order by r.started_at desc limit 1",
    )
    if not run:
        return ["No checks have been run yet."]
    run_id, started, status = run[0]
    rows = _query(
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
                for (key,) in _query(
                    con,
                    "select key from ops.check_failure where run_id = ? and check_id = ? order by key",
                    [run_id, check_id],
                )
            ]
    if held < len(rows):
        lines.append("The keys of the failing rows are in ops.check_failure of the warehouse.")
    return lines


def _landed(con: duckdb.DuckDBPyConnection, outcome: RunOutcome) -> list[str]:
    rows = []
    if _exists(con, "ops", "load"):
        rows = _query(
            con,
            "select form_id, count(*), sum(rows_landed) from ops.load "
            "where run_id = ? and status = 'landed' group by form_id order by form_id",
            [outcome.run_id],
        )
    return_ids = load_returns().returns
    returns = [row for row in rows if row[0] in return_ids]
    parts = [
        _many(files, "erasure list")
        if form == "erasure"
        else f"{_many(forms, f'{form} form')} in {_many(files, 'file')}"
        for form, files, forms in rows
        if form not in return_ids
    ]
    if returns:
        files, records = sum(row[1] for row in returns), sum(row[2] for row in returns)
        parts.append(f"{_many(records, 'record')} of children's social care in {_many(files, 'file')}")
    known = outcome.files.get("already_landed", 0)
    lines = [
        f"Landed   {', '.join(parts) or 'nothing new'}" + (f"; {_many(known, 'file')} landed before" if known else "")
    ]
    if outcome.refused:
        lines.append(f"Refused  {_many(len(outcome.refused), 'file')}; everything else went on without:")
        lines += [f"         {file}: {reason}" for file, reason in outcome.refused]
    return lines


def _many(count: int, noun: str) -> str:
    return f"{int(count):,} {noun}" + ("" if count == 1 else "s")


def _waterfall(con: duckdb.DuckDBPyConnection) -> list[str]:
    """One line per form and year: landed, what became of it, and the clients among the accepted."""
    rows = _query(
        con,
        "select form_id, coalesce(reporting_year::varchar, 'none'), disposition, sum(forms)::bigint "
        "from marts.waterfall group by all order by all",
    )
    clients = {
        (form_id, str(year)): count
        for form_id, year, count in _query(
            con,
            "select 'intake', reporting_year, count(*) from marts.fct_intake where is_client_record group by all "
            "union all "
            "select 'exit', reporting_year, count(*) from marts.fct_exit where is_client_record group by all",
        )
    }
    matched = {
        str(year): count
        for year, count in _query(con, "select reporting_year, count(*) from marts.fct_case group by all")
    }
    present = [key for key in _DISPOSITIONS if any(row[2] == key for row in rows)]
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for form_id, year, disposition, forms in rows:
        counts.setdefault((form_id, year), {})[disposition] = int(forms)
    order = [form for form in ("intake", "exit", "review") if any(key[0] == form for key in counts)]
    body, totals = [], dict.fromkeys(present, 0)
    for form_id in order:
        for (form, year), by_disposition in sorted(counts.items()):
            if form != form_id:
                continue
            for key in present:
                totals[key] += by_disposition.get(key, 0)
            body.append(
                [
                    form_id,
                    year,
                    f"{sum(by_disposition.values()):,}",
                    *(f"{by_disposition[key]:,}" if key in by_disposition else "" for key in present),
                    f"{clients[(form, year)]:,}" if (form, year) in clients else "",
                    f"{matched[year]:,}" if form == "exit" and year in matched else "",
                ]
            )
    body.append(["all", "", f"{sum(totals.values()):,}", *(f"{totals[key]:,}" for key in present), "", ""])
    headings = ["form", "year", "landed", *(_DISPOSITIONS[key] for key in present), "clients", "matched"]
    return _table(headings, body, right=set(range(2, len(headings))))


def _return_waterfall(con: duckdb.DuckDBPyConnection) -> list[str]:
    """One line per return: records landed and what became of them. Nothing where no return has landed."""
    rows = _query(
        con,
        "select r.return_label, d.disposition, count(*) from marts.return_disposition as d "
        "join reference.record_type as t on d.record_id = t.record_id "
        "join reference.return_type as r on t.return_id = r.return_id "
        "group by r.return_order, r.return_label, d.disposition order by r.return_order",
    )
    if not rows:
        return []
    present = [key for key in _RETURN_DISPOSITIONS if any(row[1] == key for row in rows)]
    counts: dict[str, dict[str, int]] = {}
    for label, disposition, records in rows:
        counts.setdefault(label, {})[disposition] = int(records)
    body = [
        [label, f"{sum(by.values()):,}", *(f"{by[key]:,}" if key in by else "" for key in present)]
        for label, by in counts.items()
    ]
    totals = [sum(by.get(key, 0) for by in counts.values()) for key in present]
    body.append(["all", f"{sum(totals):,}", *(f"{total:,}" for total in totals)])
    headings = ["return", "landed", *(_RETURN_DISPOSITIONS[key] for key in present)]
    return ["", *_table(headings, body, right=set(range(1, len(headings))))]


def _checks(con: duckdb.DuckDBPyConnection, outcome: RunOutcome) -> list[str]:
    rows = _query(
        con,
        "select gate, count(*), count(*) filter (where success), "
        "count(*) filter (where not success and severity = 'blocking'), "
        "coalesce(sum(unexpected_count) filter (where severity like 'set_aside%'), 0)::bigint "
        "from ops.check_result where run_id = ? group by gate order by gate",
        [outcome.run_id],
    ) if _exists(con, "ops", "check_result") else []  # fmt: skip
    lines = []
    for gate, checks, held, blocking, aside in rows:
        text = f"gate {gate}: {held:,} of {checks:,} hold"
        if aside:
            text += f", {aside:,} forms, records or values set aside"
        if blocking:
            text += f", {blocking} BLOCK"
        lines.append(text)
    run, failed = outcome.tests
    if run:
        lines.append(f"dbt: {run - failed:,} of {run:,} tests hold")
    if not lines:
        return ["Checks   none was reached"]
    return [("Checks   " if i == 0 else "         ") + line for i, line in enumerate(lines)]


def reconciliation_lines(con: duckdb.DuckDBPyConnection) -> list[str]:
    """How many published figures came out, by year of the report; of the needs assessment where returns landed."""
    rows = _query(
        con, "select year, status, count(*) from marts.reconciliation group by all order by year desc, status"
    )
    years: dict[int, list[str]] = {}
    for year, status, count in rows:
        years.setdefault(year, []).append(f"{count:,} {status.replace('_', ' ')}")
    lines = [
        ("Report   " if i == 0 else "         ") + f"{year}: {', '.join(parts)}"
        for i, (year, parts) in enumerate(years.items())
    ]
    if _exists(con, "marts", "reconciliation_social_care") and landed_hashes(con, of_returns=True):
        figures = _query(
            con, "select status, count(*) from marts.reconciliation_social_care group by all order by status"
        )
        told = ", ".join(f"{count:,} {status.replace('_', ' ')}" for status, count in figures)
        lines.append(f"         needs assessment: {told}")
    return lines


def _next(outcome: RunOutcome, *, is_blocked: bool) -> list[str]:
    lines = []
    if outcome.refused:
        lines.append("Next: ask the services for the refused files again; `insights loads` lists what was wrong.")
    if outcome.succeeded:
        lines.append("Next: `insights explain client_age` traces its numbers to files; `insights ui` shows the run.")
    elif is_blocked:
        lines.append("Next: do what it says above and run again; `insights check` shows every check that did not hold.")
    else:
        lines.append("Next: do what it says above and run again. What has landed stays landed.")
    return lines


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], right: set[int]) -> list[str]:
    widths = [
        max(len(headings[i]), *(len(row[i]) for row in rows)) if rows else len(headings[i])
        for i in range(len(headings))
    ]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()

    return [line(headings), *(line(row) for row in rows)]


def _exists(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    return bool(
        _query(
            con,
            "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
            [schema, table],
        )
    )


def _query(con: duckdb.DuckDBPyConnection, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    return con.execute(sql, parameters).fetchall()
