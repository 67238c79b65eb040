"""The raw tables of the returns: one per kind of record, made from the seeds whether or not a file has arrived."""

from __future__ import annotations

import duckdb

from catalogue.returns import ReturnCatalogue

FOLDER = "social_care"

META_COLUMNS = (
    ("landed_row_id", "BIGINT"),
    ("load_id", "VARCHAR"),
    ("load_seq", "INTEGER"),
    ("source_file", "VARCHAR"),
    ("source_row", "BIGINT"),
    ("source_path", "VARCHAR"),
    ("parent_row_id", "BIGINT"),
    ("content_hash", "VARCHAR"),
    ("landed_at", "TIMESTAMP"),
    ("la_code", "VARCHAR"),
    ("collection_year", "INTEGER"),
)


def return_table(record_id: str) -> str:
    """Qualified name of the raw table of a record."""
    return f"raw.{record_id}"


def ensure_return_tables(con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue) -> None:
    """Create the raw table of every record, and add columns the seeds have gained.

    Columns the seeds no longer have stay, with what they hold: raw tables only grow.
    """
    con.execute("create schema if not exists raw")
    present: dict[str, set[str]] = {}
    for table, column in con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'raw' "
        "and database_name = current_database()"
    ).fetchall():
        present.setdefault(str(table), set()).add(str(column))
    for record_id in returns.records:
        columns = [*META_COLUMNS, *((name, "VARCHAR") for name in returns.raw_columns(record_id))]
        table = return_table(record_id)
        if record_id not in present:
            con.execute(f"create table {table} ({', '.join(f'{name} {kind}' for name, kind in columns)})")
            continue
        for name, kind in columns:
            if name not in present[record_id]:
                con.execute(f"alter table {table} add column {name} {kind}")
