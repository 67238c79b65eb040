"""Forms of which nothing is kept but that they came: of somebody who was forgotten, perhaps of somebody who was, or
without consent. While they land, and where they have landed.

Consent is of a submission: where a version does not give it, neither that one nor any that is not later is kept,
whenever it comes and however its number is written. Which forms are one submission is told as in `int_form_submission`:
of client, month of birth and date two agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from catalogue import Catalogue
from orchestration.decisions import FORGOTTEN, FORM, SUBMISSION, Decision, now
from orchestration.landing.forms.cells import NOT_UNDERSTOOD
from orchestration.landing.forms.identity import admin_question, exact_column, made
from orchestration.landing.forms.tables import raw_table
from orchestration.landing.ledger import LoadResult
from orchestration.landing.pseudonym import CLEANING_VERSION, PseudonymKey, pseudonym_sql, tombstone_sql
from orchestration.landing.raw_tables import FORM_META
from orchestration.landing.tombstones import (
    ERASED,
    HELD_BACK,
    NO_CONSENT,
    Memory,
    insert_tombstones,
    is_forgotten_file,
    note_unfinished,
)
from orchestration.warehouse import identifier, literal

#: The questions of administration, besides ids, by which it is told what is kept; the date of the event is one more.
ASKED = ("date_of_birth", "submitted_at", "edited_at", "consent")


@dataclass(frozen=True)
class Tombstones:
    """Which tombstones there are that the forms of a load have to be held to.

    ``moved`` are pairs of the code under which ids were hashed and the service that these are of now, where it has
    another code; ``is_delivery``: the file itself was forgotten.
    """

    has_clients: bool
    has_submissions: bool
    moved: tuple[tuple[str, str], ...]
    is_delivery: bool


def tombstones_for(con: duckdb.DuckDBPyConnection, form_id: str, key: PseudonymKey, sha256: str | None) -> Tombstones:
    """The tombstones that concern a file of a form."""
    found = con.execute(
        "select coalesce(bool_or(subject = 'client'), false), "
        "coalesce(bool_or(subject = 'submission' and form_id = $form), false), "
        "list(distinct [owner, owner_now]) filter (subject in ('client', 'submission') and owner <> owner_now) "
        "from ops.forgotten",
        {"form": form_id},
    ).fetchall()[0]
    moved = tuple(sorted((then, code) for then, code in found[2] or []))
    return Tombstones(found[0], found[1], moved, is_forgotten_file(con, key, sha256))


@dataclass(frozen=True)
class Cells:
    """SQL of what is known of a form: keys, month of birth (as 2012-04), day of the event, time of the last edit."""

    client: str
    number: str
    exact_number: str
    month: str
    day: str
    at: str
    consent: str

    def agreement(self, *, is_kept: bool) -> str:
        """SQL of a list of hashes, of a form whose hashes are kept or of one that is compared with them: two forms of
        one number with a hash in common are one submission."""

        def joined(what: str, *parts: str) -> str:
            return " || '|' || ".join([f"'{what}'", self.number, *parts])

        # A month that is not there agrees with any where the client does.
        dated, undated = f"{self.month} is not null", f"{self.month} is null"
        hashes = [
            joined("client and month", self.client, self.month),
            joined("client and day", self.client, self.day),
            joined("month and day", self.month, self.day, self.exact_number),
            f"case when {undated if is_kept else 'true'} then {joined('without a month', self.client)} end",
            f"case when {dated if is_kept else undated} then {joined('with a month', self.client)} end",
        ]
        return f"list_filter([{', '.join(tombstone_sql(one) for one in hashes)}], lambda one: one is not null)"


def cells_of(catalogue: Catalogue, form_id: str, names: Iterable[str]) -> Cells:
    """The cells of a form by the names of their raw columns; those that are not among `names` are NULL."""
    there = set(names)

    def cell(name: str) -> str:
        return identifier(name) if name in there else "null::varchar"

    def question(code: str) -> str:
        return cell(admin_question(form_id, code))

    def read(name: str) -> str:
        # What was not understood is not known.
        return f"nullif({cell(name)}, '{NOT_UNDERSTOOD}')"

    number = admin_question(form_id, "submission_id")
    edited, submitted = question("edited_at"), question("submitted_at")
    return Cells(
        client=question("client_id"),
        number=cell(number),
        exact_number=cell(exact_column(number)),
        month=read(admin_question(form_id, "date_of_birth")),
        day=read(catalogue.forms[form_id].event_date_question_id),
        at=f"coalesce(try_cast({edited} as timestamp), try_cast({submitted} as timestamp))",
        consent=question("consent"),
    )


def landed_cells(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, form_id: str) -> Cells:
    """The cells of the landed rows of a form."""
    columns = con.execute(f"select * from {raw_table(form_id)} limit 0").description or []
    return cells_of(catalogue, form_id, [name for name, *_ in columns])


def hits_sql(form_id: str, tombstones: Tombstones) -> dict[str, str]:
    """Columns to make of a record that has its keys and `service_code`: the key of the tombstone of its client, and of
    its submission."""
    columns = {"client_tombstone": "null::varchar", "number_tombstone": "null::varchar"}
    subjects = [("client_tombstone", "client", "client_id", tombstones.has_clients, "subject = 'client'")]
    subjects.append(
        (
            "number_tombstone",
            "submission",
            "submission_id",
            tombstones.has_submissions,
            f"subject = 'submission' and form_id = {literal(form_id)}",
        )
    )
    for column, kind, code, has_any, which in subjects:
        if not has_any:
            continue
        name = admin_question(form_id, code)
        plain = tombstone_sql(identifier(name))
        cases = [f"when {plain} in (select key from ops.forgotten where {which} and owner = owner_now) then {plain}"]
        for then, code_now in tombstones.moved:
            moved = tombstone_sql(pseudonym_sql(kind, literal(then), made(name, "same")))
            cases.append(
                f"when service_code = {literal(code_now)} and {identifier(name)} is not null and {moved} in ("
                f"select key from ops.forgotten where {which} and owner = {literal(then)} "
                f"and owner_now = {literal(code_now)}) then {moved}"
            )
        columns[column] = f"case {' '.join(cases)} end"
    return columns


def left_out_sql(table: str, cells: Cells, form_id: str, tombstones: Tombstones) -> str:
    """SELECT of all columns of a table with those of `hits_sql`, and `left_out`: why nothing is kept of the form.

    The statement must be run with `PseudonymKey.parameters()` bound.
    """
    no_consent = f"when {cells.consent} is distinct from '1' then '{NO_CONSENT}'"
    if tombstones.is_delivery:
        return f"select *, '{ERASED}' as left_out from {table}"
    if not tombstones.has_clients and not tombstones.has_submissions:
        return f"select *, case {no_consent} end as left_out from {table}"
    month = month_tombstone(cells.month)
    return f"""
        select one.*,
            case
                when person.key is not null and not coalesce(list_contains(person.others, {month}), false) then case
                    when len(person.known) > 0 and not list_contains(person.known, {month}) then '{HELD_BACK}'
                    else '{ERASED}'
                end
                {no_consent}
                when number.refusals is not null and len(
                    list_filter(number.refusals, lambda said: list_has_any(said.known, {cells.agreement(is_kept=False)})
                        and not coalesce(said.until < {cells.at}, false))
                ) > 0 then '{NO_CONSENT}'
            end as left_out
        from {table} as one
        left join (
            select key, flatten(list(known)) as known, flatten(list(others)) as others
            from ops.forgotten where subject = 'client' group by key
        ) as person on one.client_tombstone = person.key
        left join (
            select key, list({{'known': known, 'until': until}}) as refusals
            from ops.forgotten where subject = 'submission' and form_id = {literal(form_id)} group by key
        ) as number on one.number_tombstone = number.key
    """


def month_tombstone(month: str) -> str:
    """SQL of what is kept of a month of birth."""
    return tombstone_sql(f"'month|' || {month}")


def record_left_out(
    con: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    result: LoadResult,
    known: str,
    parameters: Mapping[str, object],
    memory: Memory,
) -> None:
    """Write down what follows from the forms of a load of which nothing was kept, within its transaction.

    Parameters:
        known: SELECT of `source_row`, `client_tombstone`, `service_code`, and the ids, dates and consent of those forms
            under the names of their raw columns.
    """
    form_id = str(result.form_id)
    columns = [name for name, *_ in con.execute(f"select * from ({known}) limit 0", parameters).description or []]
    cells = cells_of(catalogue, form_id, columns)
    con.execute(
        f"""
        create or replace temp table landing_left_out as
        select landed.landed_row_id, landed.load_id, landed.load_seq, one.source_row, landed.left_out,
            {left_out_columns(cells)}
        from ({known}) as one inner join (
            select landed_row_id, load_id, load_seq, source_row, left_out from {raw_table(form_id)}
            where load_seq = $load_seq
        ) as landed on one.source_row = landed.source_row
        """,
        {**parameters, "load_seq": result.load_seq},
    )
    follow(con, catalogue, form_id, memory)


def left_out_columns(cells: Cells, *, with_service: bool = True) -> str:
    """What is known of a form that is left out, as columns of `landing_left_out`."""
    service = "service_code, " if with_service else ""
    return (
        f"{service}client_tombstone, {month_tombstone(cells.month)} as month_tombstone, {cells.client} as client, "
        f"{cells.number} as number, {cells.exact_number} as exact_number, {cells.month} as month, {cells.day} as day, "
        f"{cells.at} as said_at, {cells.consent} as consent, {tombstone_sql(cells.number)} as number_key, "
        f"{cells.agreement(is_kept=True)} as agreement"
    )


def follow(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, form_id: str, memory: Memory) -> None:
    """What follows from the forms in `landing_left_out`, which is gone then."""
    con.execute("delete from ops.held_back where load_seq in (select load_seq from landing_left_out)")
    con.execute(
        "insert into ops.held_back select load_id, load_seq, $form_id, source_row, client_tombstone, month_tombstone "
        f"from landing_left_out where left_out = '{HELD_BACK}' and month_tombstone is not null",
        {"form_id": form_id},
    )
    con.execute(
        "update ops.forgotten set is_met = true where subject = 'client' and not is_met "
        "and key in (select client_tombstone from landing_left_out)"
    )
    _withdraw(con, catalogue, form_id, memory)
    con.execute("drop table landing_left_out")


def _withdraw(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, form_id: str, memory: Memory) -> None:
    """Tombstones of submissions of which a form says that there is no consent, and nothing left of their versions."""
    refused = con.execute(
        "select load_id, number_key, agreement, "
        "strftime(max(said_at) + interval 999999 microsecond, '%Y-%m-%dT%H:%M:%SZ'), any_value(service_code), "
        "bool_or(coalesce(consent, '0') = '0') from landing_left_out "
        f"where left_out = '{NO_CONSENT}' and consent is distinct from '1' "
        "and number is not null and client is not null "
        # A version without a time may be the latest.
        "group by load_id, number_key, agreement, said_at is null order by all"
    ).fetchall()
    if not refused:
        return
    at = now()
    said = [
        (
            Decision(
                FORGOTTEN, number, SUBMISSION, FORM, at, load_id, form_id,
                of=service, known=tuple(known), until=until, rules=CLEANING_VERSION,
            ),
            is_plain,
        )
        for load_id, number, known, until, service, is_plain in refused
    ]  # fmt: skip
    # Of a word that was not understood nobody knows what it means yet: once it is learnt, the file is read again.
    memory.add([one for one, is_plain in said if is_plain])
    insert_tombstones(con, [one for one, _ in said])
    cells = landed_cells(con, catalogue, form_id)
    same = f"""
        select landed.landed_row_id from {raw_table(form_id)} as landed
        inner join landing_left_out as said on {cells.number} = said.number
        where not landed.is_erased and said.left_out = '{NO_CONSENT}' and said.consent is distinct from '1'
            and not coalesce({cells.at} > said.said_at, false)
            and (
                ({cells.client} = said.client and {cells.month} = said.month)
                or ({cells.client} = said.client and {cells.day} = said.day)
                or ({cells.month} = said.month and {cells.day} = said.day and {cells.exact_number} = said.exact_number)
                or ({cells.client} = said.client and ({cells.month} is null or said.month is null))
            )
    """
    forget_rows(con, catalogue, form_id, f"landed_row_id in ({same})", NO_CONSENT, memory)


def forget_rows(
    con: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    form_id: str,
    which: str,
    because: str,
    memory: Memory,
    parameters: Mapping[str, object] | None = None,
) -> int:
    """Empty the landed rows of a form for which a condition holds, and take out what was decided of them; how many.

    Within a transaction; that their bytes have still to go is written down in it.
    """
    columns = [
        identifier(name)
        for code in ("client_id", "submission_id")
        for name in (admin_question(form_id, code), exact_column(admin_question(form_id, code)))
    ]
    rows = con.execute(
        f"select {', '.join(columns)} from {raw_table(form_id)} where ({which}) and not is_erased",
        dict(parameters or {}),
    ).fetchall()
    if not rows:
        return 0
    memory.forget({str(one) for row in rows for one in row if one is not None})
    empty_rows(con, catalogue, form_id, f"({which}) and not is_erased", because, parameters)
    note_unfinished(con)
    return len(rows)


def empty_rows(
    con: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    form_id: str,
    which: str,
    because: str = ERASED,
    parameters: Mapping[str, object] | None = None,
) -> None:
    """Empty the landed rows of a form for which a condition holds: also columns that the catalogue no longer has."""
    meta = {name for name, _ in FORM_META}
    columns = con.execute(f"select * from {raw_table(form_id)} limit 0").description or []
    left = _left_sql(catalogue, form_id) if because == NO_CONSENT else {}
    emptied = ", ".join(f"{identifier(name)} = {left.get(name, 'null')}" for name, *_ in columns if name not in meta)
    con.execute(
        f"update {raw_table(form_id)} set {emptied}, is_erased = true, left_out = {literal(because)} where {which}",
        dict(parameters or {}),
    )


def emptied_sql(con: duckdb.DuckDBPyConnection, columns: str) -> str:
    """SELECT of columns of all landed forms of which nothing is kept, of whatever kind they are or were, with
    `left_out`; empty where there are no tables of forms."""
    tables = con.execute(
        "select table_name from information_schema.columns where table_schema = 'raw' and column_name = 'left_out' "
        "order by table_name"
    ).fetchall()
    return " union all ".join(
        f"select {columns}, coalesce(left_out, '{ERASED}') as left_out from raw.{identifier(table)} where is_erased"
        for (table,) in tables
    )


def kept_cell_sql(catalogue: Catalogue, form_id: str, name: str) -> str:
    """SQL of what is kept of a cell, in a statement that knows `left_out`."""
    left = _left_sql(catalogue, form_id).get(name)
    of_no_consent = f" when left_out = '{NO_CONSENT}' then {left}" if left else ""
    return f"case when left_out is null then {identifier(name)}{of_no_consent} end"


def _left_sql(catalogue: Catalogue, form_id: str) -> dict[str, str]:
    """What is left of a form without consent, so that it is counted: its service, the month of its event, and that
    there is no consent (or the mark of a word that was not understood, so that it is told)."""
    service, consent = (admin_question(form_id, code) for code in ("service", "consent"))
    event = catalogue.forms[form_id].event_date_question_id
    return {
        service: identifier(service),
        consent: f"nullif({identifier(consent)}, '1')",
        event: f"nullif(left({identifier(event)}, 7), '{NOT_UNDERSTOOD}') || '-01'",
    }
