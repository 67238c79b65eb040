"""Erasure lists: whose data must go and stay gone."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from catalogue import Catalogue
from orchestration.landing.forms.arrival import rejected_records
from orchestration.landing.forms.recognise import ErasureList
from orchestration.landing.forms.tables import raw_table
from orchestration.landing.ledger import LoadResult, RejectedLine
from orchestration.landing.pseudonym import PseudonymKey, identifier_sql, pseudonym_sql
from orchestration.landing.raw_tables import FORM_META
from orchestration.landing.reading import date_sql, service_sql
from orchestration.warehouse import identifier


def land_erasures(
    con: duckdb.DuckDBPyConnection, listed: ErasureList, result: LoadResult, key: PseudonymKey
) -> tuple[LoadResult, list[RejectedLine]]:
    """Write tombstones and empty the landed rows of those clients.

    Returns the entry of the list in the ledger, and the records that could not be used.

    Raises FileRefusedError: a record that arrived may hold others, or one that did not may hide others.
    """
    place_of = listed.header.place_of()
    con.execute(
        "create or replace temp table landing_erasure as "
        f"with record as (select *, nullif({service_sql(place_of['service'])}, '') as service_name "
        f"from {listed.copy.table_sql()}) "
        "select cast(record_no as bigint) as source_row, service_name, "
        f"{pseudonym_sql('client', 'service_name', identifier_sql(place_of['client_id']))} as client_key, "
        f"{date_sql(place_of['requested_on'])} as requested_on from record",
        key.parameters(),
    )
    ((read,),) = con.execute("select count(*) from landing_erasure").fetchall()
    rejected = rejected_records(con, listed, int(read), "landing_erasure", ["service_name", "client_key"])
    unusable = con.execute(
        "select source_row, service_name is null from landing_erasure where service_name is null or client_key is null"
    ).fetchall()
    rejected += [
        RejectedLine(int(row), "service" if no_service else "client_id", "It names no service or no client.")
        for row, no_service in unusable
    ]
    con.execute(
        "insert into ops.erasure select service_name, client_key, min(requested_on), ? from landing_erasure "
        "where service_name is not null and client_key is not null "
        "and client_key not in (select client_key from ops.erasure) group by all order by client_key",
        [result.load_id],
    )
    con.execute("drop table landing_erasure")
    _empty_rows(con, listed.catalogue)
    rejected.sort(key=lambda line: line.source_row)
    result = replace(result, rows_landed=listed.copy.records - len(rejected), rejected_lines=len(rejected))
    return result, rejected


def _empty_rows(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Leave nothing of what erased clients said: columns that the catalogue no longer has are emptied too."""
    meta = {name for name, _ in FORM_META}
    for form_id in catalogue.forms:
        client_column = next(
            column.name
            for column in catalogue.raw_columns(form_id)
            if catalogue.questions[column.question_id].question_code == "client_id"
        )
        columns = con.execute(f"select * from {raw_table(form_id)} limit 0").description or []
        emptied = ", ".join(f"{identifier(name)} = null" for name, *_ in columns if name not in meta)
        con.execute(
            f"update {raw_table(form_id)} set {emptied}, content_hash = null, is_erased = true "
            f"where {identifier(client_column)} in (select client_key from ops.erasure)"
        )
