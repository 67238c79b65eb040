"""What a person reads at the end of a run, in ten seconds."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb

from catalogue.programme import Programme
from catalogue.returns import load_returns
from expectations.results import set_aside_words
from orchestration import runlog
from orchestration.commands.decide import decide_note
from orchestration.commands.programme import not_over_yet
from orchestration.commands.public import public_lines, revision_lines
from orchestration.commands.services import undeclared_note
from orchestration.commands.text import query
from orchestration.commands.waterfall import return_waterfall_lines, waterfall_lines, year_lines
from orchestration.landing.ledger import landed_hashes, rejected_lines_of
from orchestration.landing.tombstones import is_unfinished
from orchestration.progress import many
from orchestration.release.register import read_register
from orchestration.settings import Settings
from orchestration.warehouse import exists, open_warehouse
from reporting.release_files import CURRENT, DATABASE, INTERNAL, PUBLIC

if TYPE_CHECKING:
    from orchestration.commands.run import RunOutcome
    from orchestration.release.revision import Revision


_SHOWN = 10
#: What to do about dates and ids of a file, in the words of the summary and of `insights status`.
DATES_TO_DO = (
    "Ask the service how its portal writes dates. Where a file was read the wrong way round, set `date_order` of the "
    "programme, or have it exported with the year first."
)
REJECTED_TO_DO = (
    "ops.rejected_line of the warehouse says which records, and what is wrong with them; ask whoever sent the file."
)
IDS_TO_DO = (
    "Ask the service for the file as its portal exports it, not saved from a spreadsheet, and for the ids that are "
    "missing; `insights loads` says what stands there."
)


def run_and_tell(
    settings: Settings,
    tell: Callable[[str], None],
    *,
    full_refresh: bool = False,
    force: bool = False,
    accepted: Sequence[str] = (),
    revision: Revision | None = None,
) -> int:
    """The whole run, with its progress and its summary line by line; its exit code.

    Raises OperatorError for what cannot be accepted, and where the run cannot even start.
    """
    from orchestration.assets.acceptance import parse_acceptance
    from orchestration.commands.run import run_pipeline

    for text in accepted:
        parse_acceptance(text)
    started = time.monotonic()

    def show(line: str) -> None:
        tell(f"{time.monotonic() - started:6.1f} s  {line}")

    try:
        outcome = run_pipeline(
            settings, full_refresh=full_refresh, force=force, accepted=accepted, revision=revision, progress=show
        )
    except KeyboardInterrupt:
        sys.stderr.write("insights: Stopped. Nothing was published; the last release stays in place.\n")
        # At once, with the work still going in its thread: whatever it has not committed is undone by the next run.
        os._exit(130)
    for line in run_summary(settings, outcome):
        tell(line)
    return outcome.exit_code


def run_summary(settings: Settings, outcome: RunOutcome) -> list[str]:
    """The end of a run: what landed, the waterfall, the checks, the comparison, the release, what to do next."""
    if outcome.is_unchanged:
        return _unchanged(settings, outcome)
    lines, formed = [""], []
    with open_warehouse(settings, read_only=True) as con:
        lines += _landed(con, outcome)
        if outcome.succeeded:
            formed = waterfall_lines(con)
            lines += [*formed, *return_waterfall_lines(con)]
            lines += unknown_note(outcome.not_understood)
            lines += unknown_words_note(outcome.unknown_words)
            lines += dates_note(outcome.dates)
            lines += ids_note(outcome.ids)
            lines += undeclared_note(outcome.undeclared)
            lines += decide_note(con)
            if formed:
                lines += ["", *year_lines(con), *not_over_yet(settings.programme, datetime.now(UTC).date())]
        lines += ["", *check_lines(con, outcome)]
        if outcome.succeeded:
            compared = reconciliation_lines(con, settings.programme)
            lines += ["", *compared] if compared else []
        run = runlog.last_run(con)
        erased = unfinished_note(con)
        revised = revision_lines(con)
        public = public_lines(con, read_register(settings), str(run.release_id)) if outcome.succeeded and run else []
    lines += ["", *revised]
    if outcome.succeeded and run is not None:
        new = "new" if run.status == "published" else "the same content as before, so the same release"
        lines += [
            f"Release  {run.release_id} ({new}), {outcome.seconds:.0f} s",
            f"         for analysts   {settings.published_path / CURRENT / INTERNAL / DATABASE}",
            f"         to pass on     {settings.published_path / CURRENT / PUBLIC}",
            *public,
        ]
    else:
        lines += [f"NOT PUBLISHED  {outcome.sentence}"]
        if settings.published_path.exists() and not (settings.published_path / CURRENT).exists():
            lines += ["               No release is in force, so no reader finds one until a run publishes."]
    # A programme of returns has no clients of services to trace.
    example = "client_age" if formed else "referral_rate"
    is_blocked = run is not None and run.status == "blocked"
    return [*lines, *erased, "", *_next(outcome, example, is_blocked=is_blocked)]


def unknown_note(found: Sequence[str]) -> list[str]:
    """The columns of landed files that were not understood, a line for each file, and what to do."""
    return _told_by_file(
        f"Columns  not understood in {many(len(found), 'file')}, so what stands in them is counted nowhere:",
        found,
        "Have the header put right, word it in the programme's catalogue, or, where nobody needs it, put it into "
        "mappings/ignored.csv.",
    )


def unknown_words_note(found: Sequence[str]) -> list[str]:
    """The answers of landed files in words that the form does not offer, a line for each file, and what to do."""
    return _told_by_file(
        f"Answers  in words that the form does not offer, in {many(len(found), 'file')}; they count as not given:",
        found,
        "Word them in the programme's catalogue (wording.csv), or ask the service what they mean.",
    )


def dates_note(found: Sequence[str]) -> list[str]:
    """Files whose dates may be read with day and month the wrong way round, a line for each, and what to do."""
    return _told_by_file(
        f"Dates    do not show whether day or month comes first, or have months first, in {many(len(found), 'file')}:",
        found,
        DATES_TO_DO,
    )


def ids_note(found: Sequence[str]) -> list[str]:
    """Files with something else in the place of ids, a line for each, and what to do."""
    return _told_by_file(
        f"Ids      damaged, missing or doubtful in {many(len(found), 'file')}; a form without its ids is not counted:",
        found,
        IDS_TO_DO,
    )


def _told_by_file(heading: str, found: Sequence[str], what_to_do: str) -> list[str]:
    if not found:
        return []
    more = f"and in {len(found) - _SHOWN:,} more files: `insights status` names all"
    below = [*found[:_SHOWN], *([more] if len(found) > _SHOWN else []), what_to_do]
    return ["", heading, *(f"         {line}" for line in below)]


def _unchanged(settings: Settings, outcome: RunOutcome) -> list[str]:
    """The end of a run that had nothing to do."""
    with open_warehouse(settings, read_only=True) as con:
        files = query(con, "select count(*) from ops.seen_file")[0][0]
        run = runlog.last_run(con)
        erased = unfinished_note(con)
    assert run is not None
    return [
        "",
        f"Nothing new: {many(files, 'file')} of {settings.raw_dir}, the catalogue, the code and the decisions are "
        "those of the release in force, and its files are all there.",
        f"Release  {run.release_id} (stays in force), {outcome.seconds:.0f} s",
        f"         for analysts   {settings.published_path / CURRENT / INTERNAL / DATABASE}",
        f"         to pass on     {settings.published_path / CURRENT / PUBLIC}",
        *erased,
        "",
        "Next: nothing. `insights run --force` builds it again all the same; `insights verify` reads every file.",
    ]


def _landed(con: duckdb.DuckDBPyConnection, outcome: RunOutcome) -> list[str]:
    rows = []
    if exists(con, "ops", "load"):
        rows = query(
            con,
            "select form_id, count(*), sum(rows_landed) from ops.load "
            "where run_id = ? and status = 'landed' group by form_id order by form_id",
            [outcome.run_id],
        )
    return_ids = load_returns().returns
    returns = [row for row in rows if row[0] in return_ids]
    parts = [
        many(files, "erasure list") if form == "erasure" else f"{many(forms, f'{form} form')} in {many(files, 'file')}"
        for form, files, forms in rows
        if form not in return_ids
    ]
    if returns:
        files, records = sum(row[1] for row in returns), sum(row[2] for row in returns)
        parts.append(f"{many(records, 'record')} of children's social care in {many(files, 'file')}")
    known = outcome.files.get("already_landed", 0)
    lines = [
        f"Landed   {', '.join(parts) or 'nothing new'}" + (f"; {many(known, 'file')} landed before" if known else "")
    ]
    if outcome.refused:
        lines.append(f"Refused  {many(len(outcome.refused), 'file')}; everything else went on without:")
        lines += [f"         {file}: {reason}" for file, reason in outcome.refused]
    rejected = rejected_lines_of(con, outcome.run_id) if exists(con, "ops", "load") else []
    heading = f"Rejected records of {many(len(rejected), 'file')}; what else these hold has landed:"
    lines += _told_by_file(heading, rejected, REJECTED_TO_DO)[1:]
    if outcome.left:
        lines.append(f"Left     {many(len(outcome.left), 'file')} for the next run; everything else went on without:")
        lines += [f"         {file}: {reason}" for file, reason in outcome.left]
    if outcome.passed_over:
        lines.append(
            f"Passed   over {many(len(outcome.passed_over), 'name')} of the raw folder; nothing of them is kept:"
        )
        lines += [f"         {name}: {reason}" for name, reason in outcome.passed_over]
    return lines


def check_lines(con: duckdb.DuckDBPyConnection, outcome: RunOutcome) -> list[str]:
    """How many checks of each gate hold and what the first has set aside, and how many of dbt's tests hold."""
    rows = query(
        con,
        "select gate, count(*), count(*) filter (where success), "
        "count(*) filter (where not success and severity = 'blocking') "
        "from ops.check_result where run_id = ? group by gate order by gate",
        [outcome.run_id],
    ) if exists(con, "ops", "check_result") else []  # fmt: skip
    lines = []
    for gate, checks, held, blocking in rows:
        aside = set_aside_words(con, outcome.run_id) if gate == 1 else ""
        blocks = f", {blocking} BLOCK" if blocking else ""
        lines.append(f"gate {gate}: {held:,} of {checks:,} hold{blocks}" + (f"; {aside}" if aside else ""))
    run, failed = outcome.tests
    if run:
        lines.append(f"dbt: {run - failed:,} of {run:,} tests hold")
    if not lines:
        return ["Checks   none was reached"]
    return [("Checks   " if i == 0 else "         ") + line for i, line in enumerate(lines)]


def reconciliation_lines(con: duckdb.DuckDBPyConnection, programme: Programme) -> list[str]:
    """How many published figures came out, by year of the report; of the needs assessment where returns landed.

    Nothing where the programme has no published report.
    """
    years: dict[int, list[str]] = {}
    if programme.forms_publication is not None:
        for year, status, count in query(
            con, "select year, status, count(*) from marts.reconciliation group by all order by year desc, status"
        ):
            years.setdefault(year, []).append(f"{count:,} {status.replace('_', ' ')}")
    told = [f"{year}: {', '.join(parts)}" for year, parts in years.items()]
    is_compared = programme.returns_publication is not None and landed_hashes(con, of_returns=True)
    if is_compared and exists(con, "marts", "reconciliation_social_care"):
        figures = query(
            con, "select status, count(*) from marts.reconciliation_social_care group by all order by status"
        )
        parts = [f"{count:,} {status.replace('_', ' ')}" for status, count in figures]
        told += [f"needs assessment: {', '.join(parts)}"] if parts else []
    return [("Report   " if i == 0 else "         ") + line for i, line in enumerate(told)]


def _next(outcome: RunOutcome, example: str, *, is_blocked: bool) -> list[str]:
    lines = []
    if outcome.left:
        lines.append("Next: `insights run` again when the files that were left are complete.")
    if outcome.refused:
        lines.append("Next: ask the services for the refused files again; `insights loads` lists what was wrong.")
    if outcome.succeeded:
        lines.append(f"Next: `insights explain {example}` traces its numbers to files; `insights ui` shows the run.")
    elif is_blocked:
        lines.append("Next: do what it says above and run again; `insights check` shows every check that did not hold.")
    else:
        lines.append("Next: do what it says above and run again. What has landed stays landed.")
    return lines


def unfinished_note(con: duckdb.DuckDBPyConnection) -> list[str]:
    """What to say while something that was emptied is not gone to the end; nothing where all is."""
    if not is_unfinished(con):
        return []
    return [
        "",
        "Forget   not done to the end: what was emptied may lie in free blocks, releases or records. `insights run` "
        "does what is left.",
    ]
