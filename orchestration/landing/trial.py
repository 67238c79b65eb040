"""What would become of a file, said before it lands: it lands in memory, by the code of a run.

Nothing is stored, and nothing of a run is needed. What a single file cannot know is left out: whether a form was sent
before, whether a client asked to be erased, which years are reported.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from catalogue import Catalogue, load_catalogue
from catalogue.assembly import write_catalogue
from catalogue.returns import ReturnCatalogue, load_returns
from catalogue.services import Services, read_services
from orchestration.errors import OperatorError
from orchestration.landing.confined.readers import Readers
from orchestration.landing.dispatch import FileLander
from orchestration.landing.forms.identity import UNDECLARED, admin_question
from orchestration.landing.forms.judged import Judged
from orchestration.landing.forms.recognise import ErasureList, FormExport, Header
from orchestration.landing.forms.tables import ensure_form_tables, raw_table
from orchestration.landing.forms.unknown import UnknownColumn
from orchestration.landing.forms.unknown_words import unknown_word_lines
from orchestration.landing.ledger import LoadResult, ensure_ledger
from orchestration.landing.pseudonym import PseudonymKey, key_from_environment
from orchestration.landing.raw_folder import reason_to_pass
from orchestration.landing.returns.recognise import Return
from orchestration.landing.returns.tables import ensure_return_tables
from orchestration.progress import first_of, many
from orchestration.settings import Settings
from orchestration.warehouse import identifier

_SHOWN = 5
_RETURNS = "social_care"
# What becomes of forms, in words; of some a noun that is counted.
_COUNTED = {"superseded": "earlier version", "duplicate_submission": "duplicate", "test_record": "test record"}
_WORDS = {
    "accepted": "accepted, if nothing else is wrong",
    "missing_key": "without a key",
    "undeclared_service": "of undeclared services",
    "conflicting_versions": "versions of which nothing says which is later",
    "no_consent": "without consent",
    "impossible_date": "without a possible date",
    "outside_reporting_years": "before every year that is reported",
    "client_conflict": "of clients with several months of birth",
}


def try_files(settings: Settings, paths: Sequence[Path]) -> Iterator[str]:
    """Lines about each file, in order: what it is, what of it is understood, what would become of its records.

    What is read lies meanwhile in a folder of the home that only its owner can open. A home that is not there is not
    there afterwards.

    Raises OperatorError: the working copy cannot be written; ProgrammeError: the programme cannot be used. A file that
    cannot be used is a line, not an error.
    """
    place = settings.warehouse_path.parent
    made = [folder for folder in (place, *place.parents) if not folder.exists()]
    try:
        place.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".try-", dir=place) as work:
            yield from _try(settings, Path(work), paths)
    except OSError as error:
        raise OperatorError(f"The files cannot be tried in {place} ({error.strerror}). Nothing was done.") from None
    finally:
        for folder in made:
            # A run that has begun meanwhile keeps its home.
            with suppress(OSError):
                folder.rmdir()


@dataclass(frozen=True)
class _Trial:
    """What files are tried with. Without a key of the operator's, `key` is one that nobody keeps."""

    work: Path
    seeds: Path
    forms: Catalogue
    returns: ReturnCatalogue
    services: Services
    key: PseudonymKey
    has_key: bool
    readers: Readers


def _try(settings: Settings, work: Path, paths: Sequence[Path]) -> Iterator[str]:
    write_catalogue(settings.programme, work / "catalogue")
    seeds = work / "catalogue" / "seeds"
    forms, returns = load_catalogue(seeds / "forms"), load_returns(seeds / "returns")
    services = read_services(settings.services_path)
    try:
        key, has_key = key_from_environment(settings.environment), True
    except OperatorError:
        key, has_key = PseudonymKey(secrets.token_bytes(32), is_development=False), False
    with Readers(forms, returns) as readers:
        trial = _Trial(work, seeds, forms, returns, services, key, has_key, readers)
        for path in paths:
            yield f"{path}"
            yield from ("  " + line for line in _about(trial, path))


def _about(trial: _Trial, path: Path) -> Iterator[str]:
    try:
        path = path.resolve(strict=True)
        with os.scandir(path.parent) as found:
            passed = next((reason_to_pass(entry) for entry in found if entry.name == path.name), None)
    except OSError as error:
        yield f"would be refused: {error.strerror}"
        return
    if path.is_dir() or passed is not None:
        yield f"would be passed over: {'It is a folder.' if path.is_dir() else passed or 'It is no delivery.'}"
        return
    lander = FileLander(_raw_folder(path), trial.key, trial.services, "try", trial.readers)
    # What does not fit into memory goes into the private folder, not into that of whoever calls.
    with duckdb.connect(config={"temp_directory": str(trial.work / "spilled")}) as con:
        ensure_ledger(con)
        ensure_form_tables(con, trial.forms)
        delivered = lander.read(path, trial.work / "file", known={})
        if isinstance(delivered.what, Return):
            ensure_return_tables(con, trial.returns)
        result = lander.land(con, delivered)
        what = delivered.what
        if isinstance(what, FormExport):
            yield from _column_lines(what.header, what.copy.records, result)
        elif isinstance(what, ErasureList):
            yield f"an erasure list, {many(what.copy.records, 'record')}"
        if result.status != "landed":
            yield f"would be {'refused' if result.status == 'refused' else 'left for the next run'}: {result.reason}"
            return
        if isinstance(what, Return):
            yield _return_line(trial.returns, what, result)
        yield from _rejected_lines(con)
        if isinstance(what, FormExport):
            yield from _form_lines(con, trial, what.header.form_id, result)
        if result.reason:
            yield result.reason


def _raw_folder(path: Path) -> Path:
    """The raw folder that a file would lie in: of a return the one with its `social_care`, else its own folder."""
    for folder in path.parents:
        if folder.name == _RETURNS:
            return folder.parent
    return path.parent


def _return_line(returns: ReturnCatalogue, what: Return, result: LoadResult) -> str:
    """Which return, of whom and for when, and how many records."""
    year = f", {what.delivery.year}" if what.delivery.year else ""
    ignored = f"; not stored: {result.ignored_columns}" if result.ignored_columns else ""
    return (
        f"{returns.returns[what.reader.return_id].return_label} of authority {what.delivery.la_code}{year}: "
        f"{many(result.rows_landed, 'record')}; they are judged when it lands{ignored}"
    )


def _rejected_lines(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Which records would not land, by the reason."""
    for reason, in_xml, rows in con.execute(
        "select reason, source_path is not null, list(source_row order by source_row) from ops.rejected_line "
        "group by 1, 2 order by count(*) desc, 1, 2"
    ).fetchall():
        where = f"{'line' if in_xml else 'row'}{'s' if len(rows) > 1 else ''}"
        places = first_of([f"{row:,}" for row in rows], _SHOWN)
        yield f"{many(len(rows), 'record')} would be rejected ({where} {places}): {reason}"


def _column_lines(header: Header, records: int, result: LoadResult) -> Iterator[str]:
    yield (
        f"{'an' if header.form_id[0] in 'aeiou' else 'a'} {header.form_id} form, version {result.form_version}, "
        f"{many(records, 'record')}, {many(header.width, 'column')}"
    )
    for column in header.unknown[:_SHOWN]:
        yield _column_line(column, is_absent=column.question_id in header.absent_questions, forms=result.rows_landed)
    if len(header.unknown) > _SHOWN:
        more = len(header.unknown) - _SHOWN
        yield f"and {many(more, 'more column')} {'are' if more > 1 else 'is'} not understood"
    if any(column.header is None for column in header.unknown):
        yield (
            "a column is called by its place where the row is no header row beyond doubt (fewer than three of four "
            "cells are known) or the header has a word that is none of the catalogue's and may be a name: look there "
            "yourself, and in docs/programme.md for how headers may look"
        )


def _column_line(column: UnknownColumn, *, is_absent: bool, forms: int) -> str:
    name = f"`{column.header}`" if column.header else f"column {column.place}"
    meant = f"; did you mean `{column.nearest}`?" if column.nearest else ""
    if column.question_id and not column.nearest:
        meant = f": {column.question_id} has no such option."
    lost = f" {many(forms, 'form')} would have no {column.question_id}" if is_absent and forms else ""
    return f"{name} is not understood{meant}{lost}".removesuffix(".")


def _form_lines(con: duckdb.DuckDBPyConnection, trial: _Trial, form_id: str, result: LoadResult) -> Iterator[str]:
    """What a run would make of the forms that landed."""
    yield from _service_lines(con, trial, form_id)
    for line in unknown_word_lines(con):
        words = line.removeprefix(f"{result.source_file}: ")
        yield f"answers that the form does not offer, which count as not given: {words}"
    judged = Judged(con, trial.forms, form_id, trial.seeds)
    counts: Counter[str] = Counter()
    years: Counter[str] = Counter()
    for one in judged.dispositions():
        counts[f"set aside ({one.checks})" if one.checks else one.disposition] += one.forms
        if one.disposition == "accepted":
            years[f"{one.year}{' (provisional)' if one.is_provisional else ''}"] += one.forms
    if counts:
        yield "would be: " + ", ".join(_became(what, forms) for what, forms in counts.most_common())
    if years:
        yield "years: " + ", ".join(f"{year} ({forms:,})" for year, forms in sorted(years.items()))
    for check, keys in judged.failing():
        places = [key.removeprefix(result.load_id).strip(" |") for key in keys]
        named = f" ({first_of([place for place in places if place], _SHOWN)})" if any(places) else ""
        if check.severity == "blocking":
            yield f"would block a release: check {check.check_id}{named}. Not so: {check.description}"
        else:
            yield f"would be noted: check {check.check_id}, {many(len(keys), 'form')}. Not so: {check.description}"


def _became(what: str, forms: int) -> str:
    if what in _COUNTED:
        return many(forms, _COUNTED[what])
    return f"{forms:,} {_WORDS.get(what, what)}"


def _service_lines(con: duckdb.DuckDBPyConnection, trial: _Trial, form_id: str) -> Iterator[str]:
    service = identifier(admin_question(form_id, "service"))
    rows = con.execute(
        f"select {service}, count(*) from {raw_table(form_id)} where {service} is not null "
        "group by all order by 2 desc, 1"
    ).fetchall()
    known = [
        f"{trial.services.by_code[code].name} ({forms:,})" for code, forms in rows if not code.startswith(UNDECLARED)
    ]
    if known:
        yield f"services: {first_of(known, _SHOWN)}"
    if len(known) < len(rows) and not trial.has_key:
        yield "short codes of services are others in a run, because there is no key here"
