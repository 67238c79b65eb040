"""Dagster's records of a run: SQLite files in the home, two thousand events a run.

Dagster opens a file anew for each event, and the last connection that closes a file makes SQLite copy its journal and
wait for the disk. While a run writes, one connection to each file is held open, so that nobody is the last, and SQLite
waits for the disk when it copies the journal instead of at each event: after a power cut the last events of a run may
be missing, never the file. Both are SQLite's own settings, given through SQLAlchemy's events.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def open_records(folder: Path) -> Iterator[None]:
    """Hold open what Dagster opens under `folder`, for as long as the context lasts; any thread may write."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    held: dict[str, sqlite3.Connection] = {}
    records = folder.resolve()

    def connected(connection: Any, _: Any) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        path = connection.execute("pragma database_list").fetchone()[2]
        if not path or records not in Path(path).resolve().parents:
            return
        connection.execute("pragma synchronous = normal")
        if path not in held:
            held[path] = sqlite3.connect(path, check_same_thread=False)
            # A connection is one to SQLite from its first look at the file on.
            held[path].execute("select count(*) from sqlite_master").fetchall()

    event.listen(Engine, "connect", connected)
    try:
        yield
    finally:
        event.remove(Engine, "connect", connected)
        for connection in held.values():
            connection.close()
