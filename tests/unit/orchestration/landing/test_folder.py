"""The raw folder: in which order its files land, what is passed over, and what a second run does."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import duckdb
import pytest

from orchestration.errors import OperatorError
from orchestration.landing.dispatch import DeliveredFile
from orchestration.landing.folder import land_folder, read_ahead
from orchestration.landing.pseudonym import KEY_VARIABLE
from orchestration.settings import Settings
from tests.support.forms import KEY, export


def settings_of(tmp_path: Path, environment: str = "sample") -> Settings:
    return Settings(tmp_path / "home", tmp_path / "raw", environment)


def test_a_folder_lands_in_path_order_and_only_once(tmp_path, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    raw = tmp_path / "raw"
    (raw / "b").mkdir(parents=True)
    (raw / "b" / "1.csv").write_text(export(2))
    (raw / "a.csv").write_text(export(3, "exit"))
    (raw / "c.csv").write_text("nothing")
    (raw / "README.md").write_text("read me")
    (raw / ".hidden.csv").write_text("x")
    (raw / "d.pdf").write_bytes(b"%PDF")
    settings = settings_of(tmp_path)
    leftover = settings.warehouse_path.parent / "landing_work" / "records.csv"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("Zebediah")
    lines: list[str] = []
    first = land_folder(settings, run_id="r1", progress=lines.append)
    assert [(result.source_file, result.status, result.load_seq) for result in first] == [
        ("a.csv", "landed", 1),
        ("b/1.csv", "landed", 2),
        ("c.csv", "refused", None),
        ("d.pdf", "refused", None),
        (".hidden.csv", "passed_over", None),
    ]
    assert "development key" in lines[0]
    assert len(lines) == 6
    assert not leftover.parent.exists()
    second = land_folder(settings, run_id="r2")
    assert [result.status for result in second] == [
        "already_landed", "already_landed", "refused", "refused", "passed_over",
    ]  # fmt: skip
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        assert con.execute("select count(*), count(distinct run_id) from ops.load").fetchall() == [(4, 1)]


def test_production_without_a_key_lands_nothing(tmp_path, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    (tmp_path / "raw").mkdir()
    with pytest.raises(OperatorError):
        land_folder(settings_of(tmp_path, "production"), run_id="r1")
    assert not (tmp_path / "home").exists()


def test_a_missing_raw_folder_is_told(tmp_path):
    with pytest.raises(OperatorError, match="does not exist"):
        land_folder(settings_of(tmp_path), run_id="r1")


def test_a_file_is_read_while_the_one_before_it_is_landed(tmp_path):
    paths = [tmp_path / name for name in "abc"]
    begun = {path: Event() for path in paths}
    copies = []

    def read(path, copy):
        begun[path].set()
        copies.append(copy)
        return DeliveredFile(path, copy)

    deliveries = read_ahead(paths, tmp_path, read)
    assert next(deliveries).path == paths[0]
    assert begun[paths[1]].wait(timeout=10)
    assert not begun[paths[2]].is_set()  # two working copies at most lie on the disk
    assert [delivery.path for delivery in deliveries] == paths[1:]
    assert len(set(copies)) == len(paths)


def test_the_same_bytes_twice_in_one_delivery_land_once(tmp_path, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, KEY.secret.decode())
    settings = settings_of(tmp_path)
    settings.raw_dir.mkdir()
    for name in ("a.csv", "b.csv"):
        (settings.raw_dir / name).write_text(export(3), encoding="utf-8")
    results = land_folder(settings, run_id="run")
    assert [(result.status, result.rows_landed) for result in results] == [("landed", 3), ("already_landed", 0)]
    assert results[1].reason == "The same bytes were landed before as a.csv."


def test_what_is_done_meanwhile_begins_once_and_before_the_first_file_lands(tmp_path, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, KEY.secret.decode())
    settings = settings_of(tmp_path)
    settings.raw_dir.mkdir()
    for number, name in enumerate(("a.csv", "b.csv"), start=3):
        (settings.raw_dir / name).write_text(export(number), encoding="utf-8")
    told: list[str] = []
    land_folder(settings, run_id="run", progress=told.append, meanwhile=lambda: told.append("meanwhile"))
    assert [line.split(":")[0] for line in told][-3:] == ["meanwhile", "a.csv", "b.csv"]
    assert told.count("meanwhile") == 1
