"""Dagster's log of events, written beside the run instead of in its way.

A run tells Dagster of some 3,400 events: each is put into up to three tables of two SQLite files, every time with
connections, transactions and questions about the schema of its own. `EventLog` takes an event at once and leaves the
writing to one thread, in the order of arrival, many events to a transaction. The thread lets them gather for some
seconds: events come in bursts, at moments when the run needs the interpreter itself. Whoever reads waits until
everything that was taken is written, or everything about the assets asked for, so nobody in this process sees a log
that lacks something; other processes (the web page) see it those seconds later.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext

import dagster as dg
from dagster._core.event_api import AssetRecordsFilter, EventRecordsResult
from dagster._core.storage.event_log.base import AssetRecord
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from sqlalchemy.engine import Connection

from orchestration.errors import OperatorError

_GATHERING = 3.0  # seconds
# Events in a transaction. Who reads waits for the end of one, and often needs no more than the first events of many.
_AT_MOST = 200


class EventLog(SqliteEventLogStorage):
    """The same files and tables as Dagster's own storage. `dispose`, which the instance calls, ends the thread.

    An event that cannot be written is an OperatorError of whoever stores or reads next.
    """

    def __init__(self, base_dir: str) -> None:
        self._events: queue.Queue[dg.EventLogEntry | None] = queue.Queue()
        self._wanted = threading.Event()
        self._error: BaseException | None = None
        self._writer: threading.Thread | None = None
        self._held: dict[str, Connection] = {}
        self._stack = ExitStack()
        self._columns: set[str] = set()
        self._tables: set[str] = set()
        self._records: dict[dg.AssetKey, AssetRecord | None] = {}
        # The number of the last event about each asset whose record was not read since.
        self._changed: dict[dg.AssetKey, int] = {}
        self._taken = self._written = 0
        self._progress = threading.Condition()
        self._reader = threading.local()
        super().__init__(base_dir)
        # One thread holds it twice, because one transaction holds the connections to both files.
        self._db_lock = threading.RLock()  # type: ignore[assignment]  # typed as the Lock it is elsewhere, used alike

    def store_event(self, event: dg.EventLogEntry) -> None:
        """Take one event. Raises OperatorError when an earlier one could not be written."""
        self._raise()
        if self._writer is None:
            self._writer = threading.Thread(target=self._write, name="event-log", daemon=True)
            self._writer.start()
        key = event.dagster_event.asset_key if event.dagster_event is not None else None
        with self._progress:
            self._taken += 1
            if key is not None:
                self._changed[key] = self._taken
            self._events.put(event)

    def dispose(self) -> None:
        """Write what was taken, then end. Raises OperatorError when an event could not be written."""
        if self._writer is not None:
            self._await(self._taken)
            self._events.put(None)
            self._wanted.set()
            self._writer.join()
            self._writer = None
        super().dispose()
        self._raise()

    def get_asset_records(self, asset_keys: Sequence[dg.AssetKey] | None = None) -> Sequence[AssetRecord]:
        """As Dagster's own. A step asks for its inputs one by one, hundreds of times: a record is read again when an
        event has changed it, and then together with all others that have changed."""
        if asset_keys is None:
            return super().get_asset_records()
        asked = set(asset_keys)
        if not asked.isdisjoint(self._changed):
            self._await(max(self._changed.get(key, 0) for key in asked))
            with self._progress:
                written = {key for key, number in self._changed.items() if number <= self._written}
                for key in written:
                    del self._changed[key]
            self._read_records(asked | written)
        elif not asked <= self._records.keys():
            self._read_records(asked)
        return [record for key in asset_keys if (record := self._records[key]) is not None]

    def _read_records(self, keys: set[dg.AssetKey]) -> None:
        with self._as_written():
            found = {record.asset_entry.asset_key: record for record in super().get_asset_records(list(keys))}
        self._records.update((key, found.get(key)) for key in keys)

    def fetch_observations(
        self,
        records_filter: dg.AssetKey | AssetRecordsFilter,
        limit: int,
        cursor: str | None = None,
        ascending: bool = False,
    ) -> EventRecordsResult:
        """As Dagster's own; events about other assets are not waited for."""
        key = records_filter if isinstance(records_filter, dg.AssetKey) else records_filter.asset_key
        with nullcontext() if key in self._changed else self._as_written():
            return super().fetch_observations(records_filter, limit, cursor, ascending)

    def _await(self, number: int) -> None:
        """Return when so many events are written. Each transaction on the way there needs the writer to be woken."""
        with self._progress:
            while self._written < number:
                self._wanted.set()
                self._progress.wait(0.05)

    @contextmanager
    def _as_written(self) -> Iterator[None]:
        """Inside the block this thread reads what is written by now: of assets that no waiting event is about."""
        self._reader.is_patient = False
        try:
            yield
        finally:
            self._reader.is_patient = True

    def has_table(self, table_name: str) -> bool:
        """Whether the table is there; one that is stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        if column_name not in self._columns and super()._has_asset_key_col_on_connection(conn, column_name):
            self._columns.add(column_name)
        return column_name in self._columns

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        if threading.current_thread() is not self._writer:
            if getattr(self._reader, "is_patient", True):
                self._await(self._taken)
            self._raise()
            with super()._connect(shard) as connection:
                yield connection
            return
        if shard not in self._held:
            self._held[shard] = self._stack.enter_context(super()._connect(shard))
        yield self._held[shard]

    def _write(self) -> None:
        while True:
            events = [self._events.get()]
            if self._events.qsize() < _AT_MOST:
                self._wanted.wait(_GATHERING)
            self._wanted.clear()
            while events[-1] is not None and len(events) < _AT_MOST and not self._events.empty():
                events.append(self._events.get())
            try:
                if self._error is None:
                    with self._stack:
                        for event in events:
                            if event is not None:
                                super().store_event(event)
            except BaseException as error:
                self._error = error
            finally:
                self._held.clear()
                with self._progress:
                    self._written += sum(event is not None for event in events)
                    self._progress.notify_all()
            if events[-1] is None:
                return

    def _raise(self) -> None:
        if self._error is not None:
            error, self._error = self._error, None
            # Not the database's own message: it quotes what was to be written.
            why = error.strerror if isinstance(error, OSError) else type(error).__name__
            raise OperatorError(
                f"Dagster's record of the run could not be written in {self._base_dir} ({why}). Forms that landed and "
                "releases that were published stay as they are; the record lacks events. Make room on that disk or "
                "mend its permissions, then run again."
            ) from None
