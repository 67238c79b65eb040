"""The lines of `insights status`: the release in force, the last run, what has landed."""

from __future__ import annotations

import duckdb

from orchestration import runlog
from orchestration.commands.summary import DATES_TO_DO, IDS_TO_DO, REJECTED_TO_DO, unfinished_note
from orchestration.commands.text import query
from orchestration.commands.waterfall import return_waterfall_lines, waterfall_lines
from orchestration.landing.forms.load_notes import DATES, IDS, load_note_lines
from orchestration.landing.forms.unknown import unknown_lines
from orchestration.landing.forms.unknown_words import unknown_word_lines
from orchestration.landing.ledger import rejected_lines_of
from orchestration.landing.private import work_folder
from orchestration.landing.returns.deliveries import delivery_lines
from orchestration.locking import is_locked
from orchestration.progress import many
from orchestration.release.build import code_version
from orchestration.release.files import read_release_manifest
from orchestration.settings import Settings
from orchestration.warehouse import exists, open_warehouse
from reporting.release_files import CURRENT, DATABASE

# How a run of the log ended, in words.
_STATUS = {
    "running": "was stopped before it ended",
    "interrupted": "interrupted",
    "failed": "failed",
    "partial": "ran some of its steps",
    "blocked": "blocked by a gate",
    "published": "published a release",
    "unchanged": "had the same content as before",
}


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
    if work_folder(settings).exists():
        lines.append(
            f"Left     working copies of delivered files, in clear, in {work_folder(settings)}: a run was killed. The "
            "next run removes them."
        )
    if not settings.warehouse_path.exists():
        return [*lines, "Last run none yet"]
    with open_warehouse(settings, read_only=True) as con:
        run = runlog.last_run(con)
        if run is None:
            return [*lines, "Last run none yet"]
        lines.append(f"Last run {_STATUS[run.status]}, started {run.started_at} UTC, ended {run.finished_at or '-'}")
        if run.sentence:
            lines += [f"         {line}" for line in run.sentence.splitlines()]
        counts = query(
            con,
            "select status, count(*), sum(rows_landed) filter (where form_id <> 'erasure') from ops.load "
            "group by status order by status",
        )
        lines += [
            f"Files    {count:,} {status.replace('_', ' ')}, {many(rows or 0, 'record')}"
            for status, count, rows in counts
        ]
        if run.status in {"published", "unchanged"} and exists(con, "marts", "waterfall"):
            lines += [*waterfall_lines(con), *return_waterfall_lines(con)]
        dates = "Dates that do not show whether day or month comes first, or have the month first:"
        for heading, found, to_do in (
            ("Columns that were not understood:", unknown_lines(con, most=None), []),
            ("Answers in words that the form does not offer:", unknown_word_lines(con, most=None), []),
            (dates, load_note_lines(con, DATES, most=None), [DATES_TO_DO]),
            ("Ids that are damaged, missing or doubtful:", load_note_lines(con, IDS, most=None), [IDS_TO_DO]),
            ("Records that could not be landed:", rejected_lines_of(con), [REJECTED_TO_DO]),
            ("Deliveries of returns that count for nothing yet:", _deliveries(con), []),
        ):
            if found:
                lines += ["", heading, *(f"  {line}" for line in [*found, *to_do])]
        lines += unfinished_note(con)
    return lines


def _deliveries(con: duckdb.DuckDBPyConnection) -> list[str]:
    return delivery_lines(con, []) if exists(con, "ops", "delivery_standing") else []
