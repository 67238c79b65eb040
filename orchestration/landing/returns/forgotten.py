"""Records of returns that are of somebody who was forgotten: kept out while they land, taken out where they landed.

Of such a record `ops.erased_record` says where it stood, so that all that landed adds up, and nothing of it. A child is
known by every key that its records hold: its identifier, the pupil number beside that, its number with another agency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb

from catalogue.returns import CHILD_ID, ReturnCatalogue
from orchestration.decisions import CHILD, Decision
from orchestration.landing.pseudonym import (
    PseudonymKey,
    clean_sql,
    identifier_sql,
    pseudonym_sql,
    stands_for_none_sql,
    tombstone_sql,
)
from orchestration.landing.returns.tables import return_table
from orchestration.landing.tombstones import Memory, insert_tombstones, note_unfinished
from orchestration.warehouse import identifier, literal

# Whose key is that of a person; all others are of events, files and households.
_PEOPLE = (CHILD_ID, "person_id", "upn")
_PLACE = "landed_row_id, load_id, load_seq, source_row, source_path, la_code, collection_year"


def child_text_sql(returns: ReturnCatalogue, value: str) -> str:
    """SQL of what an identifier of a child that was cleaned is known by; NULL where what stands there is none."""
    alike = identifier_sql(value)
    text = alike if returns.are_alike_one else f"upper({value})"
    return f"case when not {stands_for_none_sql(alike, returns.id_placeholders)} then {text} end"


def has_forgotten(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether there are tombstones of children in returns."""
    return con.execute("select 1 from ops.forgotten where subject = 'child' limit 1").fetchone() is not None


def is_forgotten_sql(returns: ReturnCatalogue, record_id: str) -> str:
    """SQL of whether a record is of somebody who was forgotten; the parameters of the key have to be bound."""
    keys = person_keys(returns, record_id)
    hits = [
        f"coalesce({tombstone_sql(identifier(name))} in (select key from ops.forgotten where subject = 'child'), false)"
        for name in keys
    ]
    return " or ".join(hits) or "false"


def person_keys(returns: ReturnCatalogue, record_id: str) -> list[str]:
    """The columns of a record with keys of people."""
    own = [field.field_id for field in returns.stored(record_id) if field.kind in _PEOPLE]
    return [*(["child_key"] if returns.takes_child_of_parent(record_id) and "child_key" not in own else []), *own]


def bury_child(
    con: duckdb.DuckDBPyConnection,
    returns: ReturnCatalogue,
    la_code: str,
    reference: str,
    like: Decision,
    key: PseudonymKey,
    memory: Memory,
) -> int:
    """Write tombstones for a child of an authority and take its records out, within a transaction; how many there were.

    Parameters:
        like: the tombstone but for whose it is: who decided, and why.
    """
    owner = literal(la_code)
    cleaned = clean_sql("$reference")
    texts = {
        "statutory_child": (owner, child_text_sql(returns, f"({cleaned})")),
        "statutory_person": (owner, identifier_sql("$reference")),
        "upn": ("''", identifier_sql("$reference")),
    }
    keys = {
        str(one)
        for kind, (whose, text) in texts.items()
        for (one,) in con.execute(
            f"select {pseudonym_sql(kind, whose, text)}", {**key.parameters(), "reference": reference}
        ).fetchall()
        if one is not None
    }
    keys |= _pupil_numbers(con, returns, keys)
    said = [replace(like, key=key.tombstone(one), decided=CHILD, of=la_code) for one in sorted(keys)]
    memory.add(said)
    insert_tombstones(con, said)
    note_unfinished(con)
    return erase_landed(con, returns, key)


def _pupil_numbers(con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue, keys: set[str]) -> set[str]:
    """The keys of the pupil numbers that the records of a child name."""
    found: set[str] = set()
    for record_id in returns.records:
        names = [field.field_id for field in returns.stored(record_id) if field.kind == "upn"]
        if names and "child_key" in person_keys(returns, record_id):
            rows = con.execute(
                f"select distinct {identifier(names[0])} from {return_table(record_id)} "
                "where list_contains($keys, child_key)",
                {"keys": sorted(keys)},
            ).fetchall()
            # What has not the shape of a number has a mark, which is no key of anybody.
            found |= {str(one) for (one,) in rows if one is not None and one != "0" * 32}
    return found


def erase_landed(
    con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue, key: PseudonymKey, load_seq: int | None = None
) -> int:
    """Take out the landed records of children who were forgotten, or all of one load; how many.

    Within a transaction.
    """
    erased = 0
    for record_id in returns.records:
        which = is_forgotten_sql(returns, record_id) if load_seq is None else "load_seq = $load_seq"
        if which == "false":
            continue
        parameters: Mapping[str, object] = {"load_seq": load_seq} if load_seq is not None else {**key.parameters()}
        table = return_table(record_id)
        ((found,),) = con.execute(
            f"insert into ops.erased_record select {literal(record_id)}, {_PLACE} from {table} where {which}",
            parameters,
        ).fetchall()
        if found:
            con.execute(f"delete from {table} where {which}", parameters)
            erased += int(found)
    if erased:
        note_unfinished(con)
    return erased
