"""Dagster's own record of runs, made quick enough to write more than a thousand events in a run of half a minute.

Dagster makes a new SQLAlchemy engine for every event it stores, so every insert is compiled again, every connection
opened again, and every commit waits for the disk: 20 ms an event and more. Inside `quick_records` each file has one
engine with one connection, commits do not wait, and events are written by a thread of their own (`event_log`). A power
cut may then lose the last events of a run's record; never data, and never the record's integrity (`synchronous =
normal` with a write-ahead log).
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool

# Where Dagster's SQLite storages look up the function that makes their engines.
_STORAGES = (
    "dagster._core.storage.event_log.sqlite.sqlite_event_log",
    "dagster._core.storage.runs.sqlite.sqlite_run_storage",
    "dagster._core.storage.schedules.sqlite.sqlite_schedule_storage",
)
# Where the storage of a home looks up the class of its log of events.
_STORAGE = "dagster._core.storage.sqlite_storage"


class _KeptEngine:
    """An engine that outlives Dagster's wish to dispose of it after each use."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._dispose = engine.dispose
        engine.dispose = self._keep  # type: ignore[method-assign]

    def _keep(self, close: bool = True) -> None:
        """Not yet."""

    def close(self) -> None:
        """Now."""
        self._dispose()


@contextmanager
def quick_records() -> Iterator[None]:
    """Inside the block, Dagster's SQLite files stay open and are not waited for."""
    kept: dict[str, _KeptEngine] = {}

    def create_engine(url: str, **options: Any) -> Engine:
        if url not in kept:
            engine = sqlalchemy.create_engine(url, **(options | {"poolclass": QueuePool}))
            event.listen(engine, "connect", _do_not_wait)
            kept[url] = _KeptEngine(engine)
        return kept[url].engine

    from orchestration.event_log import EventLog

    replaced: list[tuple[ModuleType, str, Any]] = [
        *((importlib.import_module(name), "create_engine", create_engine) for name in _STORAGES),
        (importlib.import_module(_STORAGE), "SqliteEventLogStorage", EventLog),
    ]
    originals = [(module, name, getattr(module, name)) for module, name, _ in replaced]
    for module, name, replacement in replaced:
        setattr(module, name, replacement)
    try:
        yield
    finally:
        for module, name, original in originals:
            setattr(module, name, original)
        for engine in kept.values():
            engine.close()


def _do_not_wait(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("pragma synchronous = normal")
