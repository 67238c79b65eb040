"""The front door: files changed at every moment of a load, files made to do harm, and what is no file at all.

Of each: the sentence, and that after one more run nothing is lost and nothing is there twice. The cases stand in
`benchmarks/door_cases.py`; the heavy ones are for `python -m benchmarks.door` alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import duckdb
import pytest

from benchmarks.door import attempt, warehouse
from benchmarks.door_cases import CASES, Case, export
from orchestration.landing.folder import land_folder
from orchestration.landing.pseudonym import KEY_VARIABLE
from orchestration.landing.seen import look_at, note_folder, unseen_files
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse
from tests.support.forms import KEY, readers


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse() as made:
        yield made


@pytest.fixture
def con(shared: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    tables = shared.execute("select schema_name || '.' || table_name from duckdb_tables() where estimated_size > 0")
    for (name,) in tables.fetchall():
        shared.execute(f"truncate {name}")
    return shared


@pytest.mark.parametrize("case", [case for case in CASES if not case.is_heavy], ids=lambda case: case.name)
def test_a_case_comes_out_as_it_should(case: Case, con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    outcome = attempt(case, tmp_path, con, readers())
    assert (outcome.status, outcome.lost, outcome.doubled) == (case.becomes, 0, 0), outcome.reason
    assert case.says in outcome.reason
    if case.becomes in ("refused", "left"):
        assert "Nothing of this file was landed" in outcome.reason
    assert outcome.reason == "" or outcome.reason.endswith(".")
    assert list((tmp_path / "work").iterdir()) == []  # nothing in clear is left behind


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv(KEY_VARIABLE, KEY.secret.decode())
    (tmp_path / "raw").mkdir()
    return Settings(tmp_path / "home", tmp_path / "raw", "sample")


def test_a_file_that_was_left_is_landed_by_the_next_run_and_asked_for_until_then(made: Settings) -> None:
    path = made.raw_dir / "export.csv"
    path.write_text(export(rows=20), encoding="utf-8")
    (made.raw_dir / "other.csv").write_text(export(first=900, rows=3), encoding="utf-8")

    def grow() -> None:
        with path.open("a", encoding="utf-8") as handle:
            handle.write(export(first=21, rows=20).partition("\n")[2])

    before = look_at(made.raw_dir)
    # What is done meanwhile begins when the first file has been read and before it is landed.
    first = land_folder(made, run_id="1", meanwhile=grow)
    assert [(one.source_file, one.status) for one in first] == [("export.csv", "left"), ("other.csv", "landed")]
    with open_warehouse(made) as con:
        note_folder(con, before, look_at(made.raw_dir), first)
        assert con.execute("select source_file from ops.load").fetchall() == [("other.csv",)]
        assert unseen_files(con, made.raw_dir) == ["export.csv"]
    second = land_folder(made, run_id="2")
    assert [(one.status, one.rows_landed) for one in second] == [("landed", 40), ("already_landed", 0)]


def test_a_file_that_is_written_all_the_time_is_left_and_lands_whole_in_the_end(made: Settings) -> None:
    path = made.raw_dir / "export.csv"
    head, *records = export(rows=400).splitlines(keepends=True)
    path.write_text(head, encoding="utf-8")

    def write() -> None:
        with path.open("a", encoding="utf-8") as handle:
            for record in records:
                handle.write(record)
                handle.flush()
                time.sleep(0.003)

    writer = Thread(target=write)
    writer.start()
    seen = [one.status for one in land_folder(made, run_id="1")]
    writer.join()
    assert seen == ["left"]
    assert [(one.status, one.rows_landed) for one in land_folder(made, run_id="2")] == [("landed", 400)]


def test_names_are_shown_and_stored_escaped(made: Settings) -> None:
    (made.raw_dir / "a\n\x1b[2J.csv").write_text(export(rows=2), encoding="utf-8")
    (made.raw_dir / "a\\x0a.csv").write_text(export(rows=3), encoding="utf-8")
    lines: list[str] = []
    before = look_at(made.raw_dir)
    results = land_folder(made, run_id="1", progress=lines.append)
    with open_warehouse(made) as con:
        note_folder(con, before, look_at(made.raw_dir), results)
        names = con.execute("select source_file from ops.load order by 1").fetchall()
        assert names == con.execute("select source_file from ops.seen_file order by 1").fetchall()
        assert unseen_files(con, made.raw_dir) == []
    assert names == [("a\\\\x0a.csv",), ("a\\x0a\\x1b[2J.csv",)]
    assert all(line.isprintable() for line in lines)
