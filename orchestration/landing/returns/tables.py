"""The raw tables of the returns: one per kind of record, made from the seeds whether or not a file has arrived."""

from __future__ import annotations

import duckdb

from catalogue.returns import ReturnCatalogue
from orchestration.landing.raw_tables import RETURN_META, ensure_tables


def return_table(record_id: str) -> str:
    """Qualified name of the raw table of a record."""
    return f"raw.{record_id}"


def ensure_return_tables(con: duckdb.DuckDBPyConnection, returns: ReturnCatalogue) -> None:
    """Create the raw table of every record, and add columns the seeds have gained."""
    ensure_tables(con, RETURN_META, {record_id: returns.raw_columns(record_id) for record_id in returns.records})
