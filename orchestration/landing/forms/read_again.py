"""Tombstones of forms that are read again: what was erased stays erased, whatever the keys are called now."""

from __future__ import annotations

import duckdb

from catalogue import Catalogue
from catalogue.services import Services
from orchestration.decisions import CLIENT, FORGOTTEN, LIST, Decision, now
from orchestration.landing.forms.header_rows import ERASURE
from orchestration.landing.forms.id_cells import id_cells
from orchestration.landing.forms.identity import admin_question, identity_sql, service_parameters
from orchestration.landing.forms.left_out import empty_rows
from orchestration.landing.forms.recognise import FormExport
from orchestration.landing.ledger import LoadResult
from orchestration.landing.pseudonym import CLEANING_VERSION, PseudonymKey, short_code_sql, tombstone_sql
from orchestration.landing.reading import folded_sql
from orchestration.landing.tombstones import Memory, insert_tombstones

#: What stands in `ops.forgotten` for the list that asked, until that is read again.
REKEYED = "read again"


def rekey_forgotten(
    con: duckdb.DuckDBPyConnection,
    export: FormExport,
    erased: list[int],
    key: PseudonymKey,
    services: Services,
    memory: Memory,
) -> None:
    """Give the tombstones of erased rows the keys of the new reading, before a row of it is written."""
    if not erased:
        return
    form_id, place_of = export.header.form_id, export.header.place_of()
    cells = {"client_key": place_of[admin_question(form_id, "client_id")]}
    client = id_cells(con, export.copy, cells, export.catalogue.id_placeholders)["client_key"]
    service = place_of[admin_question(form_id, "service")]
    identity = identity_sql(
        f"(select * from {export.copy.table_sql()} where list_contains($rows, cast(record_no as bigint)))",
        service,
        {"client_key": ("client", client.text)},
        export.catalogue.id_placeholders,
    )
    rows = con.execute(
        f"select {tombstone_sql('client_key')} as tombstone, any_value(service_code), "
        f"any_value({short_code_sql(folded_sql(service))}) from ({identity}) "
        "where service_code is not null and client_key is not null "
        f"and {tombstone_sql('client_key')} not in (select key from ops.forgotten where subject = 'client') "
        "group by tombstone order by tombstone",
        {**key.parameters(), **service_parameters(services), "rows": erased},
    ).fetchall()
    said = [
        Decision(FORGOTTEN, tombstone, CLIENT, LIST, now(), REKEYED, of=code, text=text, rules=CLEANING_VERSION)
        for tombstone, code, text in rows
    ]
    memory.add(said)
    insert_tombstones(con, said)


def forget_again(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, result: LoadResult, erased: list[int]) -> None:
    """What was erased of the earlier reading is erased of this one, also where a client id cannot be read any more.

    Once the list that asked for it has been read again as well, its own entry stands for the client.
    """
    if result.form_id == ERASURE:
        con.execute(
            "delete from ops.forgotten where load_id = $rekeyed and subject = 'client' "
            "and key in (select key from ops.forgotten where load_id = $load_id and subject = 'client')",
            {"load_id": result.load_id, "rekeyed": REKEYED},
        )
    elif erased and result.form_id is not None:
        empty_rows(
            con,
            catalogue,
            result.form_id,
            "load_seq = $load_seq and list_contains($rows, source_row) and not is_erased",
            parameters={"load_seq": result.load_seq, "rows": erased},
        )
