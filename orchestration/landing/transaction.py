"""One transaction for all that lands of a file, so that it is landed whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commits at the end of the block; whatever is raised in it undoes everything and goes on."""
    con.execute("begin transaction")
    try:
        yield
        con.execute("commit")
    except BaseException:
        # An error of the commit itself has ended the transaction already.
        with suppress(duckdb.TransactionException):
            con.execute("rollback")
        raise


def begin_again(con: duckdb.DuckDBPyConnection) -> None:
    """Undo everything since the transaction began, and go on in a new one."""
    con.execute("rollback")
    con.execute("begin transaction")
