"""Erasure lists: whose data must go and stay gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from catalogue import Catalogue
from catalogue.services import Services
from orchestration.landing.forms.arrival import rejected_records
from orchestration.landing.forms.id_cells import id_cells
from orchestration.landing.forms.identity import (
    UNDECLARED,
    admin_question,
    exact_column,
    identity_sql,
    keys_sql,
    service_parameters,
)
from orchestration.landing.forms.recognise import ErasureList
from orchestration.landing.forms.tables import raw_table
from orchestration.landing.ledger import LAST_READING, LoadResult, RejectedLine
from orchestration.landing.pseudonym import PseudonymKey
from orchestration.landing.raw_tables import FORM_META
from orchestration.landing.reading import date_sql
from orchestration.landing.refusal import FileRefusedError
from orchestration.progress import first_of
from orchestration.warehouse import identifier


def land_erasures(
    con: duckdb.DuckDBPyConnection, listed: ErasureList, result: LoadResult, key: PseudonymKey, services: Services
) -> tuple[LoadResult, list[RejectedLine]]:
    """Write tombstones and empty the landed rows of those clients.

    Returns the entry of the list in the ledger, and the records that could not be used.

    Raises FileRefusedError: a record that arrived may hold others, or one that did not may hide others; a record names
    a service that is not declared, so that whose data has to go cannot be told.
    """
    place_of = listed.header.place_of()
    client = id_cells(con, listed.copy, {"client_key": place_of["client_id"]}, listed.catalogue.id_placeholders)[
        "client_key"
    ]
    identity = identity_sql(
        listed.copy.table_sql(),
        place_of["service"],
        {"client_key": ("client", client.text)},
        listed.catalogue.id_placeholders,
    )
    requested_on = date_sql(place_of["requested_on"], day_first=listed.catalogue.is_day_first)
    con.execute(
        "create or replace temp table landing_erasure as select cast(record_no as bigint) as source_row, service_code, "
        f"client_key, {identifier(exact_column('client_key'))} as exact_key, "
        f"{requested_on} as requested_on from ({identity})",
        {**key.parameters(), **service_parameters(services)},
    )
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
    con.execute(
        "insert into ops.erasure (service, client_key, exact_key, requested_on, load_id) "
        "select service_code, client_key, exact_key, min(requested_on), ? from landing_erasure "
        "where service_code is not null and client_key is not null "
        "and exact_key not in (select exact_key from ops.erasure where exact_key is not null) group by all "
        "order by client_key, exact_key",
        [result.load_id],
    )
    erase_rows(con, listed.catalogue)
    _reach_codes_of_before(con, listed, client.text, key, services)
    con.execute("drop table landing_erasure")
    rejected.sort(key=lambda line: line.source_row)
    result = replace(result, rows_landed=listed.copy.records - len(rejected), rejected_lines=len(rejected))
    return result, rejected


def _reach_codes_of_before(
    con: duckdb.DuckDBPyConnection, listed: ErasureList, client: str, key: PseudonymKey, services: Services
) -> None:
    """Empty the rows of those clients that stand under a code which meant their service when the rows landed.

    Where the file of such a load is gone, its forms keep that code, and no tombstone of now would know them.
    """
    texts = {key.short_code(text): code for text, code in services.folded.items()}
    before = [(services.last(code).code, code) for code in services.by_code if services.last(code).code != code]
    before += [(code, text) for text, code in texts.items()]
    reached = keys_sql(
        f"""
        (select record.client, code.service_code, code.services
        from (
            select cast(record_no as bigint) as source_row, {client} as client from {listed.copy.table_sql()}
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
        listed.catalogue.id_placeholders,
    )
    con.execute(
        f"create or replace temp table landing_reach as select distinct client_key, exact_key, services, load_seq "
        f"from (select client_key, {exact_column('client_key')} as exact_key, services from ({reached})) "
        f"left join (select load_seq, services from ({LAST_READING})) using (services) where client_key is not null",
        {
            **key.parameters(),
            "now_codes": [now for now, _ in before],
            "codes": [code for _, code in before],
            "texts": list(texts),
            "means": list(texts.values()),
        },
    )
    _empty_clients(
        con,
        listed.catalogue,
        "{column} in (select {key} from landing_reach where services is null) "
        "or (load_seq, {column}) in (select (load_seq, {key}) from landing_reach)",
    )
    con.execute("drop table landing_reach")


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


def erase_rows(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Leave nothing of what erased clients said."""
    _empty_clients(con, catalogue, "{column} in (select {key} from ops.erasure)")


def _empty_clients(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, is_meant: str) -> None:
    """Empty the rows of clients who are meant by one of their keys: a condition on its `{column}` and on a `{key}`."""
    for form_id in catalogue.forms:
        client = admin_question(form_id, "client_id")
        keys = {client: "client_key", exact_column(client): "exact_key"}
        empty_rows(
            con,
            form_id,
            " or ".join(is_meant.format(column=identifier(column), key=key) for column, key in keys.items()),
        )


def empty_rows(
    con: duckdb.DuckDBPyConnection, form_id: str, which: str, parameters: dict[str, object] | None = None
) -> None:
    """Empty the landed rows of a form for which a condition holds: also columns that the catalogue no longer has."""
    meta = {name for name, _ in FORM_META}
    columns = con.execute(f"select * from {raw_table(form_id)} limit 0").description or []
    emptied = ", ".join(f"{identifier(name)} = null" for name, *_ in columns if name not in meta)
    con.execute(
        f"update {raw_table(form_id)} set {emptied}, is_erased = true where {which}",
        parameters or {},
    )
