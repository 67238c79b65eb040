"""Dagster's log, written by a thread of its own: nothing missing for whoever reads, nothing lost, no error hidden."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from orchestration import event_log
from orchestration.errors import OperatorError
from orchestration.event_log import EventLog
from orchestration.instance import quick_records


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with quick_records(), dg.DagsterInstance.get() as made:
        yield made


def _run(instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    @dg.asset(check_specs=[dg.AssetCheckSpec("holds", asset="counts")])
    def counts() -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        yield dg.MaterializeResult(metadata={"rows": 3})
        yield dg.AssetCheckResult(check_name="holds", passed=True)

    job = dg.define_asset_job("all_of_it")
    definitions = dg.Definitions([counts], jobs=[job])
    return definitions.resolve_job_def("all_of_it").execute_in_process(instance=instance)


def _told(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    return [str(record.event_log_entry.dagster_event_type) for record in _records(instance, run_id)]


def _records(instance: dg.DagsterInstance, run_id: str) -> list[dg.EventLogRecord]:
    events = [record for record in instance.get_records_for_run(run_id).records if record.event_log_entry.dagster_event]
    assert [record.storage_id for record in events] == sorted(record.storage_id for record in events)
    return list(events)


def test_a_run_reads_the_same_afterwards_as_with_dagsters_own_storage(home: Path) -> None:
    with quick_records(), dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        quick = _run(instance)
    with dg.DagsterInstance.get() as instance:
        assert type(instance.event_log_storage) is SqliteEventLogStorage
        own = _run(instance)
        assert quick.success
        assert own.success
        assert _told(instance, quick.run_id) == _told(instance, own.run_id)
        checks = instance.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(dg.AssetKey("counts"), "holds"), limit=10
        )
        assert [check.status.value for check in checks] == ["SUCCEEDED", "SUCCEEDED"]
        assert {check.run_id for check in checks} == {quick.run_id, own.run_id}


def test_who_reads_sees_everything_at_once(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "_GATHERING", 3600.0)
    seen: list[object] = []

    def report_and_read() -> None:
        for rows in range(5):
            instance.report_runless_asset_event(dg.AssetMaterialization("counts", metadata={"rows": rows}))
            latest = instance.get_latest_materialization_event(dg.AssetKey("counts"))
            if latest is not None and latest.asset_materialization is not None:
                seen.append(latest.asset_materialization.metadata["rows"].value)

    reader = threading.Thread(target=report_and_read, daemon=True)
    reader.start()
    reader.join(timeout=120)
    assert seen == [0, 1, 2, 3, 4]


def test_records_are_read_again_when_an_event_changed_them_and_then_together(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    original = SqliteEventLogStorage.get_asset_records

    def get(self: SqliteEventLogStorage, asset_keys: Sequence[dg.AssetKey]) -> object:
        asked.append(len(asset_keys))
        return original(self, asset_keys)

    monkeypatch.setattr(SqliteEventLogStorage, "get_asset_records", get)

    def rows(name: str) -> object:
        entry = instance.get_asset_records([dg.AssetKey(name)])[0].asset_entry
        assert entry.last_materialization is not None
        assert entry.last_materialization.asset_materialization is not None
        return entry.last_materialization.asset_materialization.metadata["rows"].value

    for number in range(3):
        for name in ("one", "two", "three"):
            instance.report_runless_asset_event(dg.AssetMaterialization(name, metadata={"rows": number}))
        assert [rows("one"), rows("two"), rows("one"), rows("three")] == [number] * 4
    assert asked == [3, 3, 3]
    assert [record.asset_entry.asset_key for record in instance.get_asset_records([dg.AssetKey("four")])] == []


def test_who_asks_of_an_asset_that_nothing_was_told_of_does_not_wait(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_log, "_GATHERING", 3600.0)
    storage = instance.event_log_storage
    assert isinstance(storage, EventLog)
    instance.report_runless_asset_event(dg.AssetMaterialization("counts"))
    other = dg.AssetKey("other")
    assert not instance.get_asset_records([other])
    assert not instance.fetch_observations(other, limit=1).records
    assert (storage._taken, storage._written) == (1, 0)
    assert len(instance.get_asset_records([dg.AssetKey("counts"), other])) == 1
    instance.report_runless_asset_event(dg.AssetObservation("other"))
    assert len(instance.fetch_observations(other, limit=1).records) == 1


def test_many_events_are_written_in_several_transactions_and_only_the_first_are_waited_for(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_log, "_GATHERING", 3600.0)
    monkeypatch.setattr(event_log, "_AT_MOST", 10)
    storage = instance.event_log_storage
    assert isinstance(storage, EventLog)
    may_go_on = threading.Event()
    original = SqliteEventLogStorage.store_event

    def store(self: SqliteEventLogStorage, event: dg.EventLogEntry) -> None:
        if storage._written >= 10:
            may_go_on.wait(120)
        original(self, event)

    monkeypatch.setattr(SqliteEventLogStorage, "store_event", store)
    for number in range(35):
        instance.report_runless_asset_event(dg.AssetMaterialization("early" if number < 10 else "late"))
    assert len(instance.get_asset_records([dg.AssetKey("early")])) == 1
    assert storage._written == 10
    may_go_on.set()
    assert len(instance.fetch_materializations(dg.AssetKey("late"), limit=100).records) == 25


def test_events_gather_into_one_transaction(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    original = SqliteEventLogStorage._connect

    def connect(self: SqliteEventLogStorage, shard: str) -> object:
        opened.append(threading.current_thread().name)
        return original(self, shard)

    monkeypatch.setattr(SqliteEventLogStorage, "_connect", connect)
    for rows in range(50):
        instance.report_runless_asset_event(dg.AssetMaterialization("counts", metadata={"rows": rows}))
        time.sleep(0.01)
    assert len(instance.fetch_materializations(dg.AssetKey("counts"), limit=100).records) == 50
    assert opened.count("event-log") == 2  # the file of the run, and the index


def test_an_event_that_cannot_be_written_is_an_error_of_the_next(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: SqliteEventLogStorage, event: dg.EventLogEntry) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(SqliteEventLogStorage, "store_event", full)
    instance.report_runless_asset_event(dg.AssetMaterialization("counts"))
    with pytest.raises(OperatorError, match=r"could not be written in .* \(no space left\)"):
        instance.get_latest_materialization_event(dg.AssetKey("counts"))


def test_an_error_of_the_database_is_told_without_what_was_to_be_written(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(self: SqliteEventLogStorage, event: dg.EventLogEntry) -> None:
        raise sqlite3.OperationalError("database is locked: parameters ('a value')")

    monkeypatch.setattr(SqliteEventLogStorage, "store_event", locked)
    instance.report_runless_asset_event(dg.AssetMaterialization("counts"))
    with pytest.raises(OperatorError, match="OperationalError") as told:
        instance.get_latest_materialization_event(dg.AssetKey("counts"))
    assert "value" not in str(told.value)


def test_an_error_at_the_end_is_told_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: SqliteEventLogStorage, event: dg.EventLogEntry) -> None:
        raise OSError(28, "no space left")

    with quick_records():
        instance = dg.DagsterInstance.get()
        monkeypatch.setattr(SqliteEventLogStorage, "store_event", full)
        instance.report_runless_asset_event(dg.AssetMaterialization("counts"))
        with pytest.raises(OperatorError, match=r"could not be written in .* \(no space left\)"):
            instance.dispose()


def test_outside_the_block_dagster_is_as_it_was(home: Path) -> None:
    with quick_records():
        pass
    with dg.DagsterInstance.get() as instance:
        assert type(instance.event_log_storage) is SqliteEventLogStorage
