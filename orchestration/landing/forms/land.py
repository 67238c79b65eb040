"""What is stored of an export of forms: one row per record, in one statement that reads the working copy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import duckdb

from catalogue.forms import RawColumn
from catalogue.services import Services
from orchestration.landing.forms.arrival import rejected_records
from orchestration.landing.forms.cells import (
    Dates,
    cell_sql,
    date_columns,
    has_plain_reading,
    marked_columns,
    odd_columns,
)
from orchestration.landing.forms.date_order import DateOrder, date_order
from orchestration.landing.forms.doubles import combined_sql, doubles_note
from orchestration.landing.forms.id_cells import IdCell, id_cells, id_notes
from orchestration.landing.forms.identity import (
    UNDECLARED,
    admin_question,
    exact_column,
    id_columns,
    identity_sql,
    service_parameters,
)
from orchestration.landing.forms.left_out import (
    ASKED,
    Tombstones,
    cells_of,
    hits_sql,
    kept_cell_sql,
    left_out_sql,
    record_left_out,
    tombstones_for,
)
from orchestration.landing.forms.load_notes import record_load_notes
from orchestration.landing.forms.recognise import FormExport, Header
from orchestration.landing.forms.tables import raw_table
from orchestration.landing.forms.unknown import record_unknown
from orchestration.landing.forms.unknown_words import record_unknown_words
from orchestration.landing.ledger import NOW, LoadResult, RejectedLine, record_absent
from orchestration.landing.pseudonym import PseudonymKey
from orchestration.landing.raw_tables import FORM_META, row_id_sql
from orchestration.landing.tombstones import Memory
from orchestration.progress import first_of
from orchestration.warehouse import identifier

# How many records are looked at first for how their cells are written.
_FIRST_RECORDS = 20_000
_MAXIMUM_SERVICES = 50
_SHOWN = 5
# How many questions a note names; a form without a section would name fifty.
_NAMED_QUESTIONS = 10


def land_form(
    con: duckdb.DuckDBPyConnection,
    export: FormExport,
    result: LoadResult,
    key: PseudonymKey,
    services: Services,
    memory: Memory,
) -> tuple[LoadResult, list[RejectedLine]]:
    """Insert the records of an export; returns its entry in the ledger, and the records that could not be landed.

    Of forms without consent, and of somebody who was forgotten, nothing is kept but that they came (`left_out.py`).

    Raises FileRefusedError: a record that arrived may hold others, or one that did not may hide others, or the dates of
    a column are written in two orders.
    """
    catalogue, header = export.catalogue, export.header
    kinds = id_columns(catalogue, header.form_id)
    places = {name: place for name, place in header.place_of().items() if name in kinds}
    ids = id_cells(con, export.copy, places, catalogue.id_placeholders)
    bound = {
        **key.parameters(),
        **service_parameters(services),
        "load_id": result.load_id,
        "load_seq": result.load_seq,
        "source_file": result.source_file,
    }
    arrived = f"(select * from {raw_table(header.form_id)} where load_seq = {result.load_seq})"
    tombstones = tombstones_for(con, header.form_id, key, result.sha256)
    order, inserted, marked = _insert(con, export, ids, bound, arrived, tombstones)
    _note_left_out(con, export, ids, bound, order, tombstones, replace(result, form_id=header.form_id), memory)
    rejected = rejected_records(con, export, inserted, arrived)
    record_absent(con, result, header.absent_questions, unknown_columns=len(header.unknown))
    record_unknown(con, result.load_id, header.form_id, header.unknown)
    record_unknown_words(con, export, result.load_id, arrived, marked)
    noticed = [*id_notes(con, export.copy, ids, catalogue.id_placeholders, arrived), *order.notes]
    record_load_notes(con, result.load_id, noticed)
    counts = _services(con, export, result)
    notes = (
        _absent_note(header),
        doubles_note(catalogue, header.form_id, header.columns),
        _undeclared_note(counts),
        *(note.sentence for note in noticed),
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


def _insert(
    con: duckdb.DuckDBPyConnection,
    export: FormExport,
    ids: Mapping[str, IdCell],
    bound: dict[str, Any],
    arrived: str,
    tombstones: Tombstones,
) -> tuple[DateOrder, int, frozenset[RawColumn]]:
    """Insert the records; returns the order of their dates, how many records were inserted, and the columns of which
    something was not understood.

    Which columns hold anything odd, and which comes first in dates, the day or the month, is looked up in the first
    records: SQL that reads every cell in every way takes a small file longer to understand than to run, and a large one
    half as long again. Where what was inserted shows that more have to be looked at, it is inserted again.
    """
    form_id = export.header.form_id
    answers = _answers(export)
    days = date_columns(export.catalogue, form_id)

    def insert(odd: Collection[RawColumn], order: DateOrder) -> int:
        dates = Dates(order.day_first, export.copy.is_1904)
        sql = _insert_sql(export, ids, answers, odd, dates, tombstones)
        return int(con.execute(sql, bound).fetchall()[0][0])

    def order_of(odd: Collection[RawColumn], records: int | None = None) -> DateOrder:
        written = {column.name for column in odd}
        return date_order(con, export, [day for day in days if day in written], records)

    first = f"(select {_cells(answers)} from {export.copy.table_sql()} limit {_FIRST_RECORDS})"
    odd = odd_columns(con, export.catalogue, list(answers), first) if answers else frozenset()
    order = order_of(odd, _FIRST_RECORDS)
    inserted = insert(odd, order)
    kept = {column: identifier(column.name) for column in answers}
    marked = marked_columns(con, kept, arrived)
    if export.copy.records <= _FIRST_RECORDS:
        return order, inserted, marked
    again = odd | {column for column in marked if has_plain_reading(export.catalogue, column)}
    order_again = order
    if not order.is_shown or any(column.name in days for column in marked):
        order_again = order_of(again)
    if again != odd or order_again.day_first != order.day_first:
        con.execute(f"delete from {raw_table(form_id)} where load_seq = $load_seq", {"load_seq": bound["load_seq"]})
        inserted = insert(again, order_again)
        marked = marked_columns(con, kept, arrived)
    return order_again, inserted, marked


def _answers(export: FormExport) -> dict[RawColumn, str]:
    """The columns of answers and dates that the file has, and what each is in the working copy."""
    catalogue, form_id, places = export.catalogue, export.header.form_id, export.header.places()
    others = {*id_columns(catalogue, form_id), admin_question(form_id, "service")}
    days = date_columns(catalogue, form_id)

    def cell(column: RawColumn) -> str:
        # The same option may stand in one column as its code and in another in words.
        meaning = None if column.name in days else partial(cell_sql, catalogue, column, dates=Dates({}))
        return combined_sql(places[column.name], meaning)

    return {
        column: cell(column)
        for column in catalogue.raw_columns(form_id)
        if column.name in places and column.name not in others
    }


def _cells(answers: Mapping[RawColumn, str]) -> str:
    """Cells by the names of what they become, so that what is written for one file serves the next."""
    return ", ".join(f"{sql} as {identifier(column.name)}" for column, sql in answers.items())


def _insert_sql(
    export: FormExport,
    cells: Mapping[str, IdCell],
    answers: Mapping[RawColumn, str],
    odd: Collection[RawColumn],
    dates: Dates,
    tombstones: Tombstones,
) -> str:
    """The INSERT that turns records of the working copy into rows of the raw table.

    Parameters:
        odd: the columns of ``answers`` that have to be read in every way.
    """
    catalogue, header = export.catalogue, export.header
    form_id = header.form_id
    kept = _kept(export, cells, answers, odd, dates)
    columns = ", ".join(identifier(name) for name in [*(name for name, _ in FORM_META), *kept])
    is_whole = " and ".join(f"c{place} is null" for place in header.tail()) or "true"
    known = {**kept, **hits_sql(form_id, tombstones)}
    left_out = left_out_sql("kept", cells_of(catalogue, form_id, kept), form_id, tombstones)
    return f"""
        insert into {raw_table(form_id)} ({columns})
        with record as (
            {_records_sql(export, cells, answers, is_whole)}
        ),
        kept as (
            select
                cast(record_no as bigint) as source_row,
                {", ".join(f"{sql} as {identifier(name)}" for name, sql in known.items())}
            from record
        ),
        marked as (
            {left_out}
        )
        select {row_id_sql("source_row")}, $load_id, $load_seq, $source_file, source_row, {NOW}, left_out is not null,
            left_out, {", ".join(kept_cell_sql(catalogue, form_id, name) for name in kept)}
        from marked
    """


def _kept(
    export: FormExport,
    cells: Mapping[str, IdCell],
    answers: Mapping[RawColumn, str],
    odd: Collection[RawColumn],
    dates: Dates,
) -> dict[str, str]:
    """What is kept of a record, by raw column, as SQL over what `_records_sql` gives."""
    catalogue, form_id = export.catalogue, export.header.form_id
    kinds = id_columns(catalogue, form_id)
    kept: dict[str, str] = {}
    for column in catalogue.raw_columns(form_id):
        if column.name in kinds and column.name in cells:
            kept[column.name] = identifier(column.name)
            kept[exact_column(column.name)] = identifier(exact_column(column.name))
        elif column.name == admin_question(form_id, "service"):
            kept[column.name] = "service_code"
        elif column in answers:
            is_plain = column not in odd
            kept[column.name] = cell_sql(catalogue, column, identifier(column.name), dates, plain_only=is_plain)
    return kept


def _records_sql(export: FormExport, cells: Mapping[str, IdCell], answers: Mapping[RawColumn, str], which: str) -> str:
    """SELECT of the records for which a condition holds: keys and service, and these answers as they were written."""
    header = export.header
    place_of = header.place_of()
    service = admin_question(header.form_id, "service")
    kinds = id_columns(export.catalogue, header.form_id)
    ids = {name: (kind, cells[name].text) for name, kind in kinds.items() if name in cells}
    places = dict.fromkeys([*(place_of[name] for name in (service, *ids)), *([_cells(answers)] if answers else [])])
    records = f"(select record_no, {', '.join(places)} from {export.copy.table_sql()} where {which})"
    return identity_sql(records, place_of[service], ids, export.catalogue.id_placeholders)


def _note_left_out(
    con: duckdb.DuckDBPyConnection,
    export: FormExport,
    cells: Mapping[str, IdCell],
    bound: dict[str, Any],
    order: DateOrder,
    tombstones: Tombstones,
    result: LoadResult,
    memory: Memory,
) -> None:
    """Read those forms once more of which nothing was kept, for what follows from them; few are."""
    catalogue, form_id = export.catalogue, export.header.form_id
    rows = f"select source_row from {raw_table(form_id)} where load_seq = $load_seq and left_out is not null"
    if con.execute(f"{rows} limit 1", {"load_seq": result.load_seq}).fetchone() is None:
        return
    asked = {admin_question(form_id, code) for code in ASKED} | {catalogue.forms[form_id].event_date_question_id}
    answers = {column: sql for column, sql in _answers(export).items() if column.name in asked}
    dates = Dates(order.day_first, export.copy.is_1904)
    known = {**_kept(export, cells, answers, list(answers), dates), **hits_sql(form_id, tombstones)}
    which = f"cast(record_no as bigint) in ({rows})"
    sql = (
        "select cast(record_no as bigint) as source_row, service_code, "
        f"{', '.join(f'{sql} as {identifier(name)}' for name, sql in known.items())} "
        f"from ({_records_sql(export, cells, answers, which)})"
    )
    named = {name: value for name, value in bound.items() if name not in ("load_id", "source_file")}
    record_left_out(con, catalogue, result, sql, named, memory)


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
    return (
        f"{forms:,} form{'s name' if forms > 1 else ' names'} a service that is not declared "
        f"({first_of(list(unknown), _SHOWN)}) and {'are' if forms > 1 else 'is'} set aside: "
        "`insights services --declare` shows what stands there and asks."
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
            f"{'have' if several else 'has'} no column in the file "
            f"({first_of(header.absent_questions, _NAMED_QUESTIONS)}). " + _counts_as(several, len(header.unknown))
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
