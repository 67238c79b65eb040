"""Dagster's records are written without a wait at each event, in its folder alone and only while a run lasts."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from orchestration.assets.records import open_records

NORMAL, FULL = 1, 2


def store(path: Path) -> sa.Engine:
    """A file as Dagster keeps it: a journal beside it, opened anew each time."""
    with sqlite3.connect(path) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table event (number integer)")
    connection.close()
    return sa.create_engine(f"sqlite:///{path}", poolclass=NullPool)


def waits(engine: sa.Engine) -> int:
    with engine.begin() as connection:
        connection.execute(sa.text("insert into event values (1)"))
        return int(connection.execute(sa.text("pragma synchronous")).scalar_one())


def journal(path: Path) -> bool:
    return path.with_name(f"{path.name}-wal").exists()


def test_files_of_the_folder_are_held_open_and_let_go_with_every_event_in_them(tmp_path: Path) -> None:
    folder = tmp_path / "dagster"
    folder.mkdir()
    inside, outside = folder / "runs.db", tmp_path / "other.db"
    ours, theirs = store(inside), store(outside)
    assert waits(ours) == FULL
    assert not journal(inside)
    with open_records(folder):
        assert [waits(ours), waits(ours), waits(theirs)] == [NORMAL, NORMAL, FULL]
        assert journal(inside)
        assert not journal(outside)
    assert not journal(inside)
    assert waits(ours) == FULL
    with sqlite3.connect(inside) as connection:
        assert connection.execute("select count(*) from event").fetchone() == (4,)
    connection.close()


def test_a_run_that_fails_lets_go_as_well(tmp_path: Path) -> None:
    engine = store(tmp_path / "runs.db")
    try:
        with open_records(tmp_path):
            waits(engine)
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert not journal(tmp_path / "runs.db")
    assert waits(engine) == FULL
