"""Opening the warehouse for a moment, with the one failure that matters told plainly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.errors import OperatorError
from orchestration.locking import WarehouseBusyError, refuse_during_a_run
from orchestration.settings import Settings

# A checkpoint would write the last row groups of every wide table again to fill them up: 9 s of one processor after a
# million forms have landed, and as much after they have been staged. Tables are replaced, not emptied row by row, so
# there is nothing to win by it. (profiles.yml says the same to dbt.)
KEEP_ROW_GROUPS = "set max_vacuum_tasks = 0"


def exists(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether there is a table or view of that name: a home of an earlier version has not all of today's."""
    found = con.execute(
        "select 1 from information_schema.tables where table_schema = ? and table_name = ?", [schema, table]
    ).fetchone()
    return found is not None


def is_lock_conflict(error: BaseException) -> bool:
    """Whether DuckDB refused a file because another process has it open."""
    return isinstance(error, duckdb.IOException) and "lock" in str(error).lower()


def busy(*, read_only: bool = False) -> WarehouseBusyError:
    """The sentence for a warehouse that another program has open."""
    what = "it cannot be read" if read_only else "nothing can be written to it"
    return WarehouseBusyError(
        f"Another program has the warehouse file open, so {what}. Nothing was changed. "
        "Close it (analysts should open published/current/internal instead), then run again."
    )


# DuckDB reads CSV in pieces of 8 MB, and puts pieces together until they fill a row group, copying every cell once
# more. A piece is eight to fifteen thousand forms, so row groups of the usual size are filled with copies only. Readers
# do not mind, whatever the sizes in a table are; a warehouse of a million forms is 100 MB larger.
_LANDING_ROW_GROUP = 8_192


def literal(text: str | Path) -> str:
    """A text or a path as it stands in SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """The name of a schema, a table or a column as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'


def new_warehouse(path: Path) -> None:
    """An empty warehouse in DuckDB's newest format: no reader with an older DuckDB ever sees it (they get releases).

    Its compression of text writes the wide raw tables in two thirds of the time.
    """
    duckdb.connect(str(path), config={"storage_compatibility_version": "latest"}).close()


def _connect_for_landing(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that writes smaller row groups, which only a database that is attached can be asked for."""
    con = duckdb.connect()
    try:
        con.execute(f"attach {literal(path)} (row_group_size {_LANDING_ROW_GROUP})")
        con.execute(f"use {identifier(path.stem)}")
    except duckdb.Error:
        con.close()
        raise
    return con


@contextmanager
def look_into_warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for a command that only shows what is there.

    Raises WarehouseBusyError while a run is at work or another program has it open, OperatorError when there is none.
    """
    refuse_during_a_run(settings)
    with open_warehouse(settings, read_only=True) as con:
        yield con


@contextmanager
def open_warehouse(
    settings: Settings, *, read_only: bool = False, for_landing: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse, closed at the end of the block so that dbt can have the file.

    `for_landing` is for whoever adds whole files to wide tables: they are written in four fifths of the time.
    Raises WarehouseBusyError when another process has it open, OperatorError when there is none to read.
    """
    path = settings.warehouse_path
    if read_only and not path.exists():
        raise OperatorError(
            f"There is no warehouse in {settings.home} yet. Run `insights run` first, or name its home with --home."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if not path.exists():
            new_warehouse(path)
        con = _connect_for_landing(path) if for_landing else duckdb.connect(str(path), read_only=read_only)
    except duckdb.IOException as error:
        if is_lock_conflict(error):
            raise busy(read_only=read_only) from None
        raise
    try:
        con.execute(KEEP_ROW_GROUPS)
        yield con
    finally:
        con.close()
