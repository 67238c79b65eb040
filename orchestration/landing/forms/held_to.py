"""Forms that landed before, held to the tombstones and the decisions of now."""

from __future__ import annotations

import duckdb

from catalogue import Catalogue
from orchestration.landing.forms.identity import admin_question
from orchestration.landing.forms.left_out import (
    Tombstones,
    follow,
    forget_rows,
    landed_cells,
    left_out_columns,
    left_out_sql,
)
from orchestration.landing.forms.tables import raw_table
from orchestration.landing.pseudonym import PseudonymKey, tombstone_sql
from orchestration.landing.tombstones import ERASED, HELD_BACK, NO_CONSENT, Memory
from orchestration.landing.transaction import transaction
from orchestration.warehouse import identifier


def hold_landed(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, key: PseudonymKey, memory: Memory) -> int:
    """Hold what has landed to the tombstones of now; how many forms were emptied.

    Needed where the warehouse is older than a tombstone (it was put back from a copy), and where a version before kept
    forms without consent. One pass over all forms.
    """
    emptied = 0
    for form_id in catalogue.forms:
        table = raw_table(form_id)
        cells = landed_cells(con, catalogue, form_id)
        hits = (
            f"(select * exclude (left_out), {tombstone_sql(cells.client)} as client_tombstone, "
            f"{tombstone_sql(cells.number)} as number_tombstone from {table} where not is_erased)"
        )
        every = Tombstones(has_clients=True, has_submissions=True, moved=(), is_delivery=False)
        service = identifier(admin_question(form_id, "service"))
        con.execute(
            f"""
            create or replace temp table landing_left_out as
            select landed_row_id, load_id, load_seq, source_row, left_out, {service} as service_code,
                {left_out_columns(cells, with_service=False)}
            from ({left_out_sql(hits, cells, form_id, every)}) where left_out is not null
            """,
            key.parameters(),
        )
        # Before what they are known by is gone.
        for because in (ERASED, HELD_BACK, NO_CONSENT):
            which = "landed_row_id in (select landed_row_id from landing_left_out where left_out = $because)"
            emptied += forget_rows(con, catalogue, form_id, which, because, memory, {"because": because})
        follow(con, catalogue, form_id, memory)
    return emptied


def let_go_of_held(con: duckdb.DuckDBPyConnection) -> None:
    """Forms that were held back, and that somebody has said are of the child who was forgotten, count as erased."""
    same = (
        "select held.form_id, held.load_seq, held.source_row from ops.held_back as held "
        "inner join ops.forgotten as known "
        "on known.subject = 'client' and held.key = known.key and list_contains(known.known, held.month)"
    )
    with transaction(con):
        for (form_id,) in con.execute(f"select distinct form_id from ({same}) order by 1").fetchall():
            con.execute(
                f"update {raw_table(form_id)} set left_out = '{ERASED}' where left_out = '{HELD_BACK}' and "
                f"(load_seq, source_row) in (select (load_seq, source_row) from ({same}) where form_id = ?)",
                [form_id],
            )
        con.execute(
            f"delete from ops.held_back where (load_seq, source_row) in (select (load_seq, source_row) from ({same}))"
        )


def has_landed_without_consent(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> bool:
    """Whether forms without consent lie in the warehouse with what they say: a version before kept them."""
    return any(
        con.execute(
            f"select 1 from {raw_table(form_id)} where not is_erased "
            f"and {identifier(admin_question(form_id, 'consent'))} is distinct from '1' limit 1"
        ).fetchone()
        for form_id in catalogue.forms
    )
