"""The SQLAlchemy dialect through which Great Expectations reads the warehouse.

The dialect of duckdb-engine alone does not work: Great Expectations fetches a result after it has handed its
connection back to the pool, the pool rolls the connection back, and a rollback makes DuckDB drop the result that is
still waiting. Validation only reads, so begin, rollback and commit can do nothing at all.
"""

from __future__ import annotations

from typing import Any

import duckdb_engine
from sqlalchemy import pool
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL

DIALECT_NAME = "insights_validation"


class ValidationDialect(duckdb_engine.Dialect):
    """duckdb-engine's dialect without transactions: for reading only."""

    # SQLAlchemy asks every dialect class to say this about itself.
    supports_statement_cache = False

    def do_begin(self, connection: Any) -> None:
        """Start nothing: see the module's docstring."""

    def do_rollback(self, connection: Any) -> None:
        """Roll nothing back: it would discard the result that is still to be fetched."""

    def do_commit(self, connection: Any) -> None:
        """Commit nothing: nothing is written."""

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        """One connection for the whole validation: opening the file for every query costs more than the query."""
        return pool.StaticPool


def register_dialect() -> None:
    """Make the dialect known to SQLAlchemy as `insights_validation://`; calling it again changes nothing."""
    registry.register(DIALECT_NAME, __name__, "ValidationDialect")
