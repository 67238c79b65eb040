"""What would become of a file, said before it lands: nothing is stored, nothing of a run is needed.

What a single file cannot know is left out: whether a form was sent before, whether a client asked to be erased. So the
counts are of what the file itself decides, in the order in which a run decides it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from catalogue import load_catalogue
from catalogue.assembly import write_catalogue
from catalogue.folding import fold
from catalogue.programme import Programme
from catalogue.returns import load_returns
from catalogue.services import Services, read_services
from orchestration.errors import OperatorError
from orchestration.landing.confined.readers import Readers
from orchestration.landing.forms.cells import date_columns
from orchestration.landing.forms.date_order import DateOrder, date_order
from orchestration.landing.forms.doubles import doubles_note
from orchestration.landing.forms.erasure import undeclared_sentence
from orchestration.landing.forms.identity import admin_question
from orchestration.landing.forms.recognise import ErasureList, FormExport
from orchestration.landing.forms.unknown import UnknownColumn
from orchestration.landing.ledger import RejectedLine
from orchestration.landing.pseudonym import PseudonymKey, key_from_environment
from orchestration.landing.reading import flag_sql, folded_sql, reading_macro, year_sql
from orchestration.landing.recognise import Recognised
from orchestration.landing.refusal import FileRefusedError, Refused
from orchestration.landing.returns.batches import RecordBatches
from orchestration.landing.returns.reader import ReadAgainError
from orchestration.landing.returns.recognise import Return
from orchestration.progress import first_of, many
from orchestration.settings import Settings

_SHOWN = 5
_FEWEST_ANSWERS = 10
_RETURNS = "social_care"
# Dispositions whose words are counted.
_COUNTED = ("earlier versions", "test records")


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
        with tempfile.TemporaryDirectory(prefix=".try-", dir=place) as work:
            yield from _try(settings, Path(work), paths)
    except OSError as error:
        raise OperatorError(f"The files cannot be tried in {place} ({error.strerror}). Nothing was done.") from None
    finally:
        for folder in made:
            # A run that has begun meanwhile keeps its home.
            with suppress(OSError):
                folder.rmdir()


def _try(settings: Settings, work: Path, paths: Sequence[Path]) -> Iterator[str]:
    write_catalogue(settings.programme, work / "catalogue")
    seeds = work / "catalogue" / "seeds"
    forms, returns = load_catalogue(seeds / "forms"), load_returns(seeds / "returns")
    services = read_services(settings.services_path)
    try:
        key = key_from_environment(settings.environment)
    except OperatorError:
        key = None
    with Readers(forms, returns) as readers:
        for number, path in enumerate(paths):
            place = work / str(number)
            place.mkdir(mode=0o700)
            yield f"{path}"
            try:
                yield from ("  " + line for line in _about(readers, path, place, services, key, settings.programme))
            finally:
                shutil.rmtree(place, ignore_errors=True)


def _about(
    readers: Readers, path: Path, place: Path, services: Services, key: PseudonymKey | None, programme: Programme
) -> Iterator[str]:
    copy = place / "records.csv"
    try:
        what = readers.recognise(path.resolve(strict=True), _raw_folder(path), copy)
        said = list(_return_lines(what)) if isinstance(what, Return) else None
    except (FileRefusedError, OSError) as error:
        yield f"would be refused: {error if isinstance(error, FileRefusedError) else error.strerror}"
        return
    finally:
        readers.release(copy)
    yield from _said(what, services, key, programme) if said is None else said


def _raw_folder(path: Path) -> Path:
    """The raw folder that a file would lie in: of a return the one with its `social_care`, else its own folder."""
    for folder in path.resolve().parents:
        if folder.name == _RETURNS:
            return folder.parent
    return path.resolve().parent


def _said(what: Recognised, services: Services, key: PseudonymKey | None, programme: Programme) -> Iterator[str]:
    if isinstance(what, Refused):
        yield f"would be refused: {what.reason}"
    elif isinstance(what, ErasureList):
        with duckdb.connect() as con:
            yield from _erasure_lines(con, what, services)
    elif isinstance(what, FormExport):
        with duckdb.connect() as con:
            yield from _form_lines(con, what, services, key, programme)
    if isinstance(what, ErasureList | FormExport):
        yield from what.notes


class _Counted(RecordBatches):
    """Counts records and keeps none."""

    def _hand_over(self, batch: dict[str, pa.Table], rejected: list[RejectedLine]) -> None:
        """Nothing of it is needed."""


def _return_lines(what: Return) -> Iterator[str]:
    """Which return, of whom and for when, and how many records; raises FileRefusedError where it breaks off."""
    delivery, reader = what.delivery, what.reader
    while True:
        counted = _Counted()
        try:
            reader.read(counted)
            break
        except ReadAgainError:
            continue
    counted.flush()
    year = f", {delivery.year}" if delivery.year else ""
    yield (
        f"{what.returns.returns[reader.return_id].return_label} of authority {delivery.la_code}{year}: "
        f"{many(counted.landed, 'record')}; they are judged when it lands"
    )
    if counted.rejected:
        yield f"{many(counted.rejected, 'record')} would be rejected, because they cannot be read"
    if reader.ignored():
        yield f"not stored: {reader.ignored()}"
    if note := reader.note():
        yield note


def _erasure_lines(con: duckdb.DuckDBPyConnection, what: ErasureList, services: Services) -> Iterator[str]:
    yield f"an erasure list, {many(what.copy.records, 'record')}"
    place_of = what.header.place_of()
    rows = con.execute(
        f"select cast(record_no as bigint), nullif({folded_sql(place_of['service'])}, '') as service, "
        f"nullif(trim({place_of['client_id']}), '') from {what.copy.table_sql()} order by 1"
    ).fetchall()
    undeclared = [int(row) for row, service, _ in rows if service is not None and service not in services.folded]
    if undeclared:
        yield f"would be refused: {undeclared_sentence(undeclared)}"
    nobody = sum(service is None or client is None for _, service, client in rows)
    if nobody:
        yield f"{many(nobody, 'record')} without a service or a client, of no effect"


def _form_lines(
    con: duckdb.DuckDBPyConnection,
    export: FormExport,
    services: Services,
    key: PseudonymKey | None,
    programme: Programme,
) -> Iterator[str]:
    header = export.header
    yield (
        f"{'an' if header.form_id[0] in 'aeiou' else 'a'} {header.form_id} form, version {header.form_version}, "
        f"{many(export.copy.records, 'record')}, {many(header.width, 'column')}"
    )
    yield from _column_lines(header.unknown, header.absent_questions, export.copy.records)
    if note := doubles_note(export.catalogue, header.form_id, header.columns):
        yield note
    cells = _admin_cells(export)
    con.execute(
        "create temp table form as select record_no, "
        + ", ".join(f"nullif(trim({place}), '') as {code}" for code, place in cells.items())
        + f" from {export.copy.table_sql()}"
    )
    yield from _service_lines(con, services, key)
    try:
        order = date_order(con, export, date_columns(export.catalogue, header.form_id))
    except FileRefusedError as refusal:
        yield f"would be refused: {refusal}"
        return
    yield from _date_lines(order, [code for code in cells if code in _DATES])
    event = export.catalogue.forms[header.form_id].event_date_question_id
    is_day_first = order.day_first.get(event, export.catalogue.is_day_first)
    yield from _disposition_lines(
        con, reading_macro("day_text", "event_date", is_day_first, export.copy.is_1904), services, programme
    )
    yield from _answer_lines(con, export)


_DATES = ("event_date", "submitted_at", "edited_at", "date_of_birth")
_CODES = (*_DATES, "submission_id", "service", "client_id", "consent", "is_test")


def _admin_cells(export: FormExport) -> dict[str, str]:
    """Where the questions of administration lie in the working copy; one that the file lacks is NULL."""
    form_id, place_of = export.header.form_id, export.header.place_of()
    questions = {code: admin_question(form_id, code) for code in _CODES}
    questions["event_date"] = export.catalogue.forms[form_id].event_date_question_id
    return {code: place_of.get(question, "cast(null as varchar)") for code, question in questions.items()}


def _column_lines(unknown: Sequence[UnknownColumn], absent: Sequence[str], records: int) -> Iterator[str]:
    for column in unknown[:_SHOWN]:
        name = f"`{column.header}`" if column.header else f"column {column.place}"
        meant = f"; did you mean `{column.nearest}`?" if column.nearest else ""
        if column.question_id and not column.nearest:
            meant = f": {column.question_id} has no such option."
        lost = f" {many(records, 'form')} would have no {column.question_id}" if column.question_id in absent else ""
        yield f"{name} is not understood{meant}{lost}".removesuffix(".")
    if len(unknown) > _SHOWN:
        more = len(unknown) - _SHOWN
        yield f"and {many(more, 'more column')} {'are' if more > 1 else 'is'} not understood"
    if any(column.header is None for column in unknown):
        yield (
            "a column is called by its place where the row is no header row beyond doubt (fewer than three of four "
            "cells are known) or the cell may hold data: look there yourself, and in docs/programme.md for how headers "
            "may look"
        )
    if absent:
        counted = "missing, unless the programme says that they are not asked" if unknown else "not asked"
        several = len(absent) > 1
        yield (
            f"{len(absent):,} question{'s have' if several else ' has'} no column ({first_of(absent, _SHOWN)}): "
            f"{'they count' if several else 'it counts'} as {counted}"
        )


def _service_lines(con: duckdb.DuckDBPyConnection, services: Services, key: PseudonymKey | None) -> Iterator[str]:
    known: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for folded, forms in con.execute(
        f"select {folded_sql('service')}, count(*) from form where service is not null group by all"
    ).fetchall():
        code = services.folded.get(str(folded))
        if code is not None:
            known[services.by_code[code].name] += forms
        else:
            unknown[key.short_code(str(folded)) if key else "no code without a key"] += forms
    if known:
        yield "services: " + ", ".join(f"{name} ({forms:,})" for name, forms in known.most_common(_SHOWN))
    if unknown:
        listed = ", ".join(f"{code} ({forms:,})" for code, forms in unknown.most_common(_SHOWN))
        yield f"services that are not declared, by short code: {listed}"


def _date_lines(order: DateOrder, codes: Sequence[str]) -> Iterator[str]:
    """Which order of day and month the dates themselves show."""
    if order.note:
        yield order.note[0].lower() + order.note[1:]
    elif codes:
        yield "dates show their order, day or month first, or need none"


def _disposition_lines(
    con: duckdb.DuckDBPyConnection, event_date: str, services: Services, programme: Programme
) -> Iterator[str]:
    """What the file itself says of its records, in the order of precedence of `int_form_disposition`."""
    con.execute("create temp table declared as select unnest($1::varchar[]) as folded", [list(services.folded)])
    rows = con.execute(
        f"""
        with dated as (
            select * replace (try_cast({event_date} as date) as event_date) from form
        ),
        judged as (
            select
                {year_sql("event_date", programme.year_starts)} as reporting_year,
                case
                    when submission_id is null or client_id is null or service is null then 'without a key'
                    when {folded_sql("service")} not in (select folded from declared) then 'of undeclared services'
                    when row_number() over (partition by submission_id order by record_no desc) > 1
                        then 'earlier versions'
                    when {flag_sql("is_test")} = 1 then 'test records'
                    when {flag_sql("consent")} is distinct from 1 then 'without consent'
                    when event_date is null then 'without a date'
                end as disposition
            from dated
        )
        select disposition, reporting_year, count(*) from judged group by all
        """
    ).fetchall()
    counts: Counter[str] = Counter()
    years: Counter[int] = Counter()
    for disposition, year, forms in rows:
        counts[str(disposition or "accepted, if nothing else is wrong")] += int(forms)
        if disposition is None:
            years[int(year)] += int(forms)
    yield "would be: " + ", ".join(
        many(forms, what.removesuffix("s")) if what in _COUNTED else f"{forms:,} {what}"
        for what, forms in counts.most_common()
    )
    if years:
        # As in reporting_year: the year that `final_to` ends, or the last that ended before it.
        first_open = year_sql("($1::date + 1)", programme.year_starts)
        ((first_open_year,),) = con.execute(f"select {first_open}", [programme.final_to]).fetchall()
        yield "years: " + ", ".join(
            f"{year}{'' if first_open_year is not None and year < first_open_year else ' (provisional)'} ({forms:,})"
            for year, forms in sorted(years.items())
        )


def _answer_lines(con: duckdb.DuckDBPyConnection, export: FormExport) -> Iterator[str]:
    """Questions to which most answers of the file are none that the form offers."""
    catalogue, form_id = export.catalogue, export.header.form_id
    place_of = export.header.place_of()
    asked = [
        question
        for question in catalogue.asked(form_id)
        if question.answer_type in ("single", "matrix") and question.question_id in place_of
    ]
    if not asked:
        return
    listed = ", ".join(f"histogram(nullif(trim({place_of[question.question_id]}), ''))" for question in asked)
    (found,) = con.execute(f"select {listed} from {export.copy.table_sql()}").fetchall()
    for question, answers in zip(asked, found, strict=True):
        offered = {fold(text) for text in catalogue.spellings(question.question_id)}
        given = sum((answers or {}).values())
        unknown = sum(count for text, count in (answers or {}).items() if fold(text) not in offered)
        if given >= _FEWEST_ANSWERS and 2 * unknown > given:
            yield f"{unknown:,} of {given:,} answers to {question.question_id} are none that the form offers"
