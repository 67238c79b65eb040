"""Which files have been through landing: asked by size and time, and by content where either differs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.hashing import sha256_of_file
from orchestration.landing.ledger import LoadResult
from orchestration.landing.seen import look_at, note_folder, unseen_files


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    (folder / "insights").mkdir(parents=True)
    for name in ("insights/a.csv", "insights/b.csv"):
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def results(raw: Path, *, without: str = "") -> list[LoadResult]:
    return [LoadResult(name, "landed", "x", sha256_of_file(raw / name)) for name in look_at(raw) if name != without]


def note(con: duckdb.DuckDBPyConnection, raw: Path) -> None:
    note_folder(con, look_at(raw), look_at(raw), results(raw))


def test_a_folder_that_looks_the_same_was_seen(con: duckdb.DuckDBPyConnection, raw: Path) -> None:
    assert unseen_files(con, raw) == ["insights/a.csv", "insights/b.csv"]
    note(con, raw)
    assert unseen_files(con, raw) == []


def test_what_is_never_landed_is_not_asked_for(con: duckdb.DuckDBPyConnection, raw: Path) -> None:
    note(con, raw)
    (raw / "README.md").write_text("x", encoding="utf-8")
    (raw / ".hidden").write_text("x", encoding="utf-8")
    assert unseen_files(con, raw) == []


def test_a_new_file_and_another_content_are_unseen(con: duckdb.DuckDBPyConnection, raw: Path) -> None:
    note(con, raw)
    (raw / "insights" / "c.csv").write_text("c", encoding="utf-8")
    assert unseen_files(con, raw) == ["insights/c.csv"]
    (raw / "insights" / "b.csv").write_text("longer than before", encoding="utf-8")
    assert unseen_files(con, raw) == ["insights/b.csv", "insights/c.csv"]


def test_the_same_size_at_another_time_is_asked_by_content(con: duckdb.DuckDBPyConnection, raw: Path) -> None:
    note(con, raw)
    file = raw / "insights" / "a.csv"
    os.utime(file, ns=(1, 1))
    assert unseen_files(con, raw) == []
    file.write_text("insights/x.csv", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert unseen_files(con, raw) == ["insights/a.csv"]


def test_a_file_that_changed_while_it_was_read_is_unseen(con: duckdb.DuckDBPyConnection, raw: Path) -> None:
    before, landed = look_at(raw), results(raw)
    (raw / "insights" / "a.csv").write_text("rewritten", encoding="utf-8")
    note_folder(con, before, look_at(raw), landed)
    assert unseen_files(con, raw) == ["insights/a.csv"]


def test_a_file_without_a_result_is_unseen(con: duckdb.DuckDBPyConnection, raw: Path) -> None:
    note_folder(con, look_at(raw), look_at(raw), results(raw, without="insights/b.csv"))
    assert unseen_files(con, raw) == ["insights/b.csv"]


def test_a_file_that_went_away_is_no_reason_to_run(con: duckdb.DuckDBPyConnection, raw: Path) -> None:
    note(con, raw)
    (raw / "insights" / "b.csv").unlink()
    assert unseen_files(con, raw) == []
