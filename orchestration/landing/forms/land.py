"""What is stored of an export of forms: one row per record, in one statement that reads the working copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from catalogue.services import Services
from orchestration.landing.forms.arrival import rejected_records
from orchestration.landing.forms.id_cells import IdCell, id_cells, id_note
from orchestration.landing.forms.identity import (
    UNDECLARED,
    admin_question,
    exact_column,
    id_columns,
    identity_sql,
    service_parameters,
)
from orchestration.landing.forms.recognise import FormExport, Header
from orchestration.landing.forms.tables import raw_table
from orchestration.landing.forms.unknown import record_unknown
from orchestration.landing.ledger import NOW, LoadResult, RejectedLine, record_absent
from orchestration.landing.minimise import minimised_sql
from orchestration.landing.pseudonym import PseudonymKey
from orchestration.landing.raw_tables import FORM_META, content_hash_sql, row_id_sql
from orchestration.warehouse import identifier

# Two exports of one submission differ in these even when nobody changed an answer.
_NOT_CONTENT = {"submission_id", "form_version", "submitted_at", "edited_at"}
_MAXIMUM_SERVICES = 50
_SHOWN = 5
# How many questions a note names; a form without a section would name fifty.
_NAMED_QUESTIONS = 10


def land_form(
    con: duckdb.DuckDBPyConnection, export: FormExport, result: LoadResult, key: PseudonymKey, services: Services
) -> tuple[LoadResult, list[RejectedLine]]:
    """Insert the records of an export; returns its entry in the ledger, and the records that could not be landed.

    Raises FileRefusedError: a record that arrived may hold others, or one that did not may hide others.
    """
    catalogue, header = export.catalogue, export.header
    has_tombstones = con.execute("select 1 from ops.erasure limit 1").fetchone() is not None
    names = [column.name for column in catalogue.raw_columns(header.form_id)]
    kinds = id_columns(catalogue, header.form_id)
    exact = [exact_column(name) for name in kinds]
    ids = id_cells(con, export.copy, {name: place for name, place in header.place_of().items() if name in kinds})
    columns = ", ".join(identifier(name) for name in [*(name for name, _ in FORM_META), *names, *exact])
    inserted = con.execute(
        f"insert into {raw_table(header.form_id)} ({columns}) {_select_sql(export, ids, has_tombstones)}",
        {
            **key.parameters(),
            **service_parameters(services),
            "load_id": result.load_id,
            "load_seq": result.load_seq,
            "source_file": result.source_file,
        },
    ).fetchall()[0][0]
    arrived = f"(select * from {raw_table(header.form_id)} where load_seq = {result.load_seq})"
    rejected = rejected_records(con, export, int(inserted), arrived, names)
    record_absent(con, result, header.absent_questions, unknown_columns=len(header.unknown))
    record_unknown(con, result.load_id, header.form_id, header.unknown)
    counts = _services(con, export, result)
    notes = (
        _absent_note(header),
        _undeclared_note(counts),
        id_note(con, export.copy, ids, catalogue.id_placeholders, arrived),
    )
    result = replace(
        result,
        form_version=_form_version(con, export, result),
        service=_named(counts),
        reason=" ".join(note for note in notes if note) or None,
        rows_landed=export.copy.records - len(rejected),
        rejected_lines=len(rejected),
    )
    return result, rejected


def _select_sql(export: FormExport, cells: Mapping[str, IdCell], has_tombstones: bool) -> str:
    """The SELECT that turns records of the working copy into rows of the raw table."""
    catalogue, header = export.catalogue, export.header
    columns = catalogue.raw_columns(header.form_id)
    place_of = header.place_of()
    questions = {column.name: catalogue.questions[column.question_id] for column in columns}
    service = place_of.get(_admin_column(export, "service"), "cast(null as varchar)")
    kinds = id_columns(catalogue, header.form_id)
    ids = {name: (kind, cells[name].text) for name, kind in kinds.items() if name in cells}
    stored = []
    for name, question in questions.items():
        if name in place_of:
            value = minimised_sql(question.storage, place_of[name], day_first=catalogue.is_day_first)
            value = identifier(name) if name in ids else "service_code" if place_of[name] == service else value
            stored.append(f"{value} as {identifier(name)}")
    exact = [identifier(exact_column(name)) for name in ids]
    content = [
        identifier(name)
        for name, question in questions.items()
        if name in place_of and question.question_code not in _NOT_CONTENT
    ]
    content_hash = content_hash_sql(content)
    erased = "false"
    client = _admin_column(export, "client_id")
    if has_tombstones and client:
        erased = (
            f"coalesce({identifier(client)} in (select client_key from ops.erasure) "
            f"or {identifier(exact_column(client))} in (select exact_key from ops.erasure), false)"
        )
    outputs = []
    for name, is_there in [
        *((name, name in place_of) for name in questions),
        *((exact_column(name), name in ids) for name in kinds),
    ]:
        output = identifier(name) if is_there else "cast(null as varchar)"
        if has_tombstones and is_there:
            output = f"case when is_erased then null else {output} end"
        outputs.append(output)
    is_whole = " and ".join(f"c{place} is null" for place in header.tail()) or "true"
    whole_records = f"(select * from {export.copy.table_sql()} where {is_whole})"
    hash_output = f"case when is_erased then null else {content_hash} end" if has_tombstones else content_hash
    return f"""
        with record as (
            {identity_sql(whole_records, service, ids, catalogue.id_placeholders)}
        ),
        stored as (
            select cast(record_no as bigint) as source_row, {", ".join([*stored, *exact])}
            from record
        ),
        marked as (
            select *, {erased} as is_erased
            from stored
        )
        select
            {row_id_sql("source_row")},
            $load_id,
            $load_seq,
            $source_file,
            source_row,
            {hash_output},
            {NOW},
            is_erased,
            {", ".join(outputs)}
        from marked
    """


def _form_version(con: duckdb.DuckDBPyConnection, export: FormExport, result: LoadResult) -> str | None:
    """The versions the records name, as far as the catalogue knows them; else the one the header row speaks."""
    form_id = export.header.form_id
    column = _admin_column(export, "form_version")
    if column:
        rows = con.execute(
            f"select distinct lower(trim({identifier(column)})) from {raw_table(form_id)} where load_seq = ?",
            [result.load_seq],
        ).fetchall()
        known = {version.form_version for version in export.catalogue.form_versions(form_id)}
        named = sorted(known & {row[0] for row in rows})
        if named:
            return ", ".join(named)
    return export.header.form_version


def _services(con: duckdb.DuckDBPyConnection, export: FormExport, result: LoadResult) -> dict[str, int]:
    """The services that sent the records of a load, by code, and how many each: those not declared by short code."""
    column = _admin_column(export, "service")
    if not column:
        return {}
    service = identifier(column)
    return {
        str(code): int(count)
        for code, count in con.execute(
            f"select {service}, count(*) from {raw_table(export.header.form_id)} "
            f"where load_seq = ? and {service} is not null group by all order by all",
            [result.load_seq],
        ).fetchall()
    }


def _named(counts: dict[str, int]) -> str | None:
    """Services for the ledger."""
    # So many names are no services: the column holds something else, which has no place in a ledger.
    return f"{len(counts):,} services" if len(counts) > _MAXIMUM_SERVICES else ", ".join(counts) or None


def _undeclared_note(counts: dict[str, int]) -> str | None:
    """Which services are not declared, by short code; what their cells say stays in the file."""
    unknown = {code: count for code, count in counts.items() if code.startswith(UNDECLARED)}
    if not unknown:
        return None
    forms = sum(unknown.values())
    shown = ", ".join(list(unknown)[:_SHOWN]) + (
        f" and {len(unknown) - _SHOWN:,} more" if len(unknown) > _SHOWN else ""
    )
    return (
        f"{forms:,} form{'s name' if forms > 1 else ' names'} a service that is not declared ({shown}) and "
        f"{'are' if forms > 1 else 'is'} set aside: `insights services --declare` shows what stands there and asks."
    )


def _admin_column(export: FormExport, code: str) -> str:
    """The raw column of a question of administration, '' when the file lacks it."""
    name = admin_question(export.header.form_id, code)
    return name if name in export.header.columns else ""


def _absent_note(header: Header) -> str | None:
    """What the operator reads of questions and columns that the file lacks, and what follows for the figures."""
    notes = []
    if header.absent_questions:
        several = len(header.absent_questions) > 1
        notes.append(
            f"{len(header.absent_questions):,} question{'s' if several else ''} of this form "
            f"{'have' if several else 'has'} no column in the file ({_named_questions(header.absent_questions)}). "
            + _counts_as(several, len(header.unknown))
        )
    if header.absent_columns:
        several = header.absent_columns > 1
        notes.append(
            f"{header.absent_columns:,} column{'s' if several else ''} of questions that the file has "
            f"{'are' if several else 'is'} not in it; what {'they' if several else 'it'} would hold counts as missing."
        )
    return " ".join(notes) or None


def _counts_as(several: bool, unknown: int) -> str:
    """Not asked where every column was understood; where one was not, it may hold what seems to be absent."""
    they, are = ("They", "are") if several else ("It", "is")
    if not unknown:
        return f"{they} count{'' if several else 's'} as not asked."
    which = f"{unknown:,} columns of it were" if unknown > 1 else "one column of it was"
    return (
        f"{they} count{'' if several else 's'} as missing, because {which} not understood and may hold "
        f"{'them' if several else 'it'}, unless the programme says that {they.lower()} {are} not asked."
    )


def _named_questions(question_ids: Sequence[str]) -> str:
    shown = ", ".join(question_ids[:_NAMED_QUESTIONS])
    more = len(question_ids) - _NAMED_QUESTIONS
    return f"{shown} and {more:,} more" if more > 0 else shown
