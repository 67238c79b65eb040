"""The raw tables of forms and returns: what every landed row knows of its load, and tables that only grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from orchestration.warehouse import identifier

_PLACE = (
    ("landed_row_id", "BIGINT"),
    ("load_id", "VARCHAR"),
    ("load_seq", "INTEGER"),
    ("source_file", "VARCHAR"),
    ("source_row", "BIGINT"),
)
_LANDED_AT = ("landed_at", "TIMESTAMP")
#: Columns before those of the catalogue: name and type.
FORM_META = (*_PLACE, _LANDED_AT, ("is_erased", "BOOLEAN"), ("left_out", "VARCHAR"))
RETURN_META = (
    *_PLACE,
    ("source_path", "VARCHAR"),
    ("parent_row_id", "BIGINT"),
    ("content_hash", "VARCHAR"),
    _LANDED_AT,
    ("la_code", "VARCHAR"),
    ("collection_year", "INTEGER"),
)
#: A row is known by its load times this, plus its number in the file.
ROW_ID_FACTOR = 4_294_967_296


def ensure_tables(
    con: duckdb.DuckDBPyConnection, meta: Sequence[tuple[str, str]], tables: Mapping[str, Sequence[str]]
) -> None:
    """Create raw tables (name -> columns of text behind those of `meta`), and add columns that are new.

    Columns that are not named any more stay, with what they hold: raw tables only grow.
    """
    con.execute("create schema if not exists raw")
    present: dict[str, set[str]] = {}
    for table, column in con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'raw' "
        "and database_name = current_database()"
    ).fetchall():
        present.setdefault(str(table), set()).add(str(column))
    for table, names in tables.items():
        columns = [f"{identifier(name)} {kind}" for name, kind in meta]
        columns += [f"{identifier(name)} VARCHAR" for name in names]
        if table not in present:
            con.execute(f"create table raw.{identifier(table)} ({', '.join(columns)})")
            continue
        for column, name in zip(columns, [*(name for name, _ in meta), *names], strict=True):
            if name not in present[table]:
                con.execute(f"alter table raw.{identifier(table)} add column {column}")


def row_id_sql(number: str) -> str:
    """SQL of the id of a landed row from its number in the file; ``$load_seq`` has to be bound."""
    return f"cast($load_seq as bigint) * {ROW_ID_FACTOR} + {number}"


def content_hash_sql(columns: Sequence[str]) -> str:
    """SQL of the hash over stored columns.

    Every cell keeps its place, empty or not, so that no two different rows read the same. (Naming the cells and leaving
    out the empty ones would also do, at half as much again as the whole load.)
    """
    return f"md5(concat({', chr(31), '.join(columns)}))"
