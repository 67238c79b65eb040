"""Clients whose data must go and stay gone: those on a list in the raw folder, or one that a person names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from catalogue import Catalogue
from catalogue.services import Services
from orchestration.decisions import CLIENT, FORGOTTEN, LIST, Decision, now
from orchestration.landing.forms.arrival import rejected_records
from orchestration.landing.forms.id_cells import id_cells
from orchestration.landing.forms.identity import (
    UNDECLARED,
    admin_question,
    identity_sql,
    keys_sql,
    service_parameters,
)
from orchestration.landing.forms.left_out import forget_rows, landed_cells, month_tombstone
from orchestration.landing.forms.recognise import ErasureList
from orchestration.landing.forms.tables import raw_table
from orchestration.landing.ledger import LAST_READING, LoadResult, RejectedLine
from orchestration.landing.pseudonym import CLEANING_VERSION, PseudonymKey, short_code_sql, tombstone_sql
from orchestration.landing.reading import date_sql, folded_sql
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.tombstones import ERASED, Memory, insert_tombstones, note_unfinished
from orchestration.progress import first_of
from orchestration.warehouse import identifier


@dataclass(frozen=True)
class Asked:
    """Who has to go: a relation with `record_no`, and VARCHAR expressions of its cells with service, id and day."""

    catalogue: Catalogue
    table: str
    service: str
    client: str
    requested_on: str = "null::date"


def land_erasures(
    con: duckdb.DuckDBPyConnection,
    listed: ErasureList,
    result: LoadResult,
    key: PseudonymKey,
    services: Services,
    memory: Memory,
) -> tuple[LoadResult, list[RejectedLine]]:
    """Write tombstones and empty the landed rows of the clients on a list.

    Returns the entry of the list in the ledger, and the records that could not be used.

    Raises FileRefusedError: a record that arrived may hold others, or one that did not may hide others; a record names
    a service that is not declared, so that whose data has to go cannot be told.
    """
    place_of = listed.header.place_of()
    client = id_cells(con, listed.copy, {"client_key": place_of["client_id"]}, listed.catalogue.id_placeholders)
    requested_on = date_sql(place_of["requested_on"], day_first=listed.catalogue.is_day_first)
    asked = Asked(
        listed.catalogue, listed.copy.table_sql(), place_of["service"], client["client_key"].text, requested_on
    )
    read_asked(con, asked, key, services)
    ((read,),) = con.execute("select count(*) from landing_erasure").fetchall()
    rejected = rejected_records(con, listed, int(read), "landing_erasure")
    _refuse_undeclared(con)
    unusable = con.execute(
        "select source_row, service_code is null from landing_erasure where service_code is null or client_key is null"
    ).fetchall()
    rejected += [
        RejectedLine(int(row), "service" if no_service else "client_id", "It names no service or no client.")
        for row, no_service in unusable
    ]
    bury(
        con,
        asked,
        Decision(FORGOTTEN, "", CLIENT, LIST, now(), result.load_id, rules=CLEANING_VERSION, reason="on a list"),
        key,
        services,
        memory,
    )
    rejected.sort(key=lambda line: line.source_row)
    result = replace(result, rows_landed=listed.copy.records - len(rejected), rejected_lines=len(rejected))
    return result, rejected


def read_asked(con: duckdb.DuckDBPyConnection, asked: Asked, key: PseudonymKey, services: Services) -> None:
    """Make the temporary table `landing_erasure`: a row for each that was asked for, with the keys of the client."""
    identity = identity_sql(
        asked.table, asked.service, {"client_key": ("client", asked.client)}, asked.catalogue.id_placeholders
    )
    con.execute(
        "create or replace temp table landing_erasure as select cast(record_no as bigint) as source_row, service_code, "
        f"client_key, {tombstone_sql('client_key')} as tombstone, "
        f"{short_code_sql(folded_sql(asked.service))} as text_code, {asked.requested_on} as requested_on "
        f"from ({identity})",
        {**key.parameters(), **service_parameters(services)},
    )


def bury(
    con: duckdb.DuckDBPyConnection,
    asked: Asked,
    like: Decision,
    key: PseudonymKey,
    services: Services,
    memory: Memory,
) -> int:
    """Write tombstones for the clients in `landing_erasure` and empty their landed rows, within a transaction.

    Parameters:
        like: the tombstone of each but for whose it is: who decided, and why.

    Returns how many forms were emptied. The temporary table is gone then.
    """
    _reach(con, asked, key, services)
    buried = con.execute(
        "select tombstone, any_value(service_code), any_value(text_code), max(requested_on), "
        "list(source_row order by source_row) from landing_erasure where service_code is not null "
        "and client_key is not null group by tombstone order by tombstone"
    ).fetchall()
    months = _months_said(con, asked.catalogue, key)
    said = [
        replace(like, key=tombstone, of=service, text=text, known=months.get(tombstone, ()))
        for tombstone, service, text, *_ in buried
    ]
    memory.add(said)
    insert_tombstones(con, said, list_rows=[rows for *_, rows in buried])
    con.execute(
        "update ops.forgotten set requested_on = asked.day from (select tombstone, max(requested_on) as day "
        "from landing_erasure group by tombstone) as asked where subject = 'client' and key = asked.tombstone "
        "and requested_on is null"
    )
    met, emptied = set(), 0
    for form_id, column in _client_columns(asked.catalogue):
        of_them = f"{column} in (select client_key from landing_erasure where client_key is not null)"
        met |= {
            str(one)
            for (one,) in con.execute(
                f"select distinct tombstone from landing_erasure where client_key in "
                f"(select {column} from {raw_table(form_id)} where {of_them})"
            ).fetchall()
        }
        reached = (
            f"{column} in (select client_key from landing_reach where services is null) "
            f"or (load_seq, {column}) in (select (load_seq, client_key) from landing_reach)"
        )
        met |= {
            str(one)
            for (one,) in con.execute(
                f"select distinct tombstone from landing_reach inner join {raw_table(form_id)} as landed "
                f"on landed.{column} = landing_reach.client_key "
                "where services is null or landed.load_seq = landing_reach.load_seq"
            ).fetchall()
        }
        emptied += forget_rows(con, asked.catalogue, form_id, f"{of_them} or {reached}", ERASED, memory)
    con.execute(
        "update ops.forgotten set is_met = true where subject = 'client' and (list_contains($met, key) "
        "or key in (select key from ops.forgotten where subject = 'client' and is_met))",
        {"met": sorted(met)},
    )
    if said and memory.has_releases():
        # These may hold somebody of whom the warehouse of now holds nothing.
        note_unfinished(con)
    con.execute("drop table landing_erasure; drop table landing_reach")
    return emptied


def tell_unmet(con: duckdb.DuckDBPyConnection, load_ids: Sequence[str]) -> list[str]:
    """What to say of rows of lists that name nobody of whom a form has ever landed, as the ledger says from then on.

    Parameters:
        load_ids: the lists that have landed in this run, of which all files have landed.
    """
    lines = []
    for load_id, file, reason, found in con.execute(
        "select load.load_id, load.source_file, any_value(load.reason), flatten(list(list_rows)) from ops.forgotten "
        "inner join ops.load as load on forgotten.load_id = load.load_id and load.status = 'landed' "
        "where forgotten.subject = 'client' and not is_met and list_contains($ids, load.load_id) "
        "group by all order by load.source_file",
        {"ids": list(load_ids)},
    ).fetchall():
        rows = sorted(map(int, found))
        several = len(rows) > 1
        said = (
            f"Row{'s' if several else ''} {first_of(rows, 10)} name{'' if several else 's'} nobody of whom a form has "
            "landed: what comes later is kept out. Look whether service and id are written as the service writes them."
        )
        con.execute(
            "update ops.load set reason = ? where load_id = ? and status = 'landed'",
            [" ".join(filter(None, (reason, said))), load_id],
        )
        lines.append(f"{file}: {said}")
    return lines


def _client_columns(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Each form, and the raw column with the key of its client."""
    return [(form_id, identifier(admin_question(form_id, "client_id"))) for form_id in catalogue.forms]


def _months_said(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, key: PseudonymKey) -> dict[str, tuple[str, ...]]:
    """Of each client in `landing_erasure` what is kept of the months of birth that its landed forms name."""
    found: dict[str, set[str]] = {}
    for form_id, column in _client_columns(catalogue):
        month = landed_cells(con, catalogue, form_id).month
        for tombstone, said in con.execute(
            f"select distinct tombstone, {month_tombstone(month)} from landing_erasure "
            f"inner join {raw_table(form_id)} on {column} = client_key where {month} is not null",
            key.parameters(),
        ).fetchall():
            found.setdefault(tombstone, set()).add(said)
    return {tombstone: tuple(sorted(said)) for tombstone, said in found.items()}


def _reach(con: duckdb.DuckDBPyConnection, asked: Asked, key: PseudonymKey, services: Services) -> None:
    """Make the temporary table `landing_reach`: those clients by the codes which meant their service when rows landed.

    Where the file of such a load is gone, its forms keep that code, and no key of now would know them.
    """
    texts = {key.short_code(text): code for text, code in services.folded.items()}
    before = [(services.last(code).code, code) for code in services.by_code if services.last(code).code != code]
    before += [(code, text) for text, code in texts.items()]
    reached = keys_sql(
        f"""
        (select record.client, named.tombstone, code.service_code, code.services
        from (
            select cast(record_no as bigint) as source_row, {asked.client} as client from {asked.table}
        ) as record
        inner join landing_erasure as named on record.source_row = named.source_row
        inner join (
            select unnest($now_codes::varchar[]) as now, unnest($codes::varchar[]) as service_code,
                cast(null as varchar) as services
            union all
            select text.now, read.service_code, read.services
            from (
                select unnest($texts::varchar[]) as text_code, unnest($means::varchar[]) as now
            ) as text
            inner join ops.services_read as read
                on text.text_code = read.text_code and text.now <> read.service_code
        ) as code on named.service_code = code.now)
        """,
        {"client_key": ("client", "client")},
        asked.catalogue.id_placeholders,
    )
    parameters: Mapping[str, Any] = {
        **key.parameters(),
        "now_codes": [now_code for now_code, _ in before],
        "codes": [code for _, code in before],
        "texts": list(texts),
        "means": list(texts.values()),
    }
    con.execute(
        f"create or replace temp table landing_reach as select distinct tombstone, client_key, services, load_seq "
        f"from (select tombstone, client_key, services from ({reached})) "
        f"left join (select load_seq, services from ({LAST_READING})) using (services) where client_key is not null",
        parameters,
    )


def _refuse_undeclared(con: duckdb.DuckDBPyConnection) -> None:
    """A tombstone of a service that nobody knows would be without effect, and nobody would notice."""
    rows = [
        int(row)
        for (row,) in con.execute(
            "select source_row from landing_erasure where starts_with(service_code, ?) order by source_row",
            [UNDECLARED],
        ).fetchall()
    ]
    if rows:
        raise FileRefusedError(undeclared_sentence(rows))


def undeclared_sentence(rows: Sequence[int]) -> str:
    """Why a list is refused of which some rows name a service that is not declared."""
    several = len(rows) > 1
    return (
        f"Row{'s' if several else ''} {first_of(rows, 10)} name{'' if several else 's'} a service that is not "
        "declared, so whose data has to go cannot be told. Nobody on this list was erased by it. Write the service as "
        "in the list of services, or add the spelling there, and run again."
    )
