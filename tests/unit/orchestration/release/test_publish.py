"""Releases: named by content, built beside the old one, switched in one step, never changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.errors import OperatorError
from orchestration.release import publish as publishing
from orchestration.release.files import read_release_manifest
from orchestration.release.publish import (
    current_release,
    fill_release,
    prepare_release,
    publish_release,
)
from orchestration.settings import Settings
from tests.support.small_warehouse import DOCS, build, publish, write_report


def test_the_same_content_has_the_same_name_and_manifest_in_any_home_and_order(tmp_path: Path) -> None:
    one = publish(build(tmp_path / "one"))
    two = publish(build(tmp_path / "two", order="desc"))
    assert one.release_id == two.release_id
    for name in ("internal/manifest.json", "public/manifest.json", "internal/marts/fct_thing.parquet"):
        assert (one.path / name).read_bytes() == (two.path / name).read_bytes()


PLACED = (
    "alter table marts.fct_thing add column landed_row_id bigint; "
    "alter table marts.fct_thing add column source_row integer; "
    "alter table ops.load add column load_seq integer; "
    "update marts.fct_thing set landed_row_id = rowid, source_row = rowid; update ops.load set load_seq = 1; "
)


@pytest.mark.parametrize(
    ("change", "is_another"),
    [
        ("update marts.fct_thing set landed_row_id = -landed_row_id; ", False),
        ("update ops.load set load_seq = 7, source_file = 'renamed.csv'; ", False),
        ("update marts.fct_thing set source_row = 2 where source_row = 1; ", True),
        ("update marts.fct_thing set thing = 'thing 8' where thing = 'thing 7'; ", True),
        ("update ops.load set sha256 = 'other'; ", True),
    ],
)
def test_where_a_row_stands_is_no_part_of_the_name(tmp_path: Path, change: str, is_another: bool) -> None:
    docs = DOCS | {("marts", "fct_thing"): replace(DOCS["marts", "fct_thing"], key=("landed_row_id",))}
    one, two = (
        prepare_release(build(tmp_path / name, extra=PLACED + extra), docs=docs).release_id
        for name, extra in (("one", ""), ("two", change))
    )
    assert (one != two) is is_another


def test_other_content_has_another_name_and_the_old_release_stays(tmp_path: Path) -> None:
    settings = build(tmp_path)
    old = publish(settings)
    build(tmp_path, extra="update marts.fct_thing set thing = 'other' where thing = 'thing 7';")
    new = publish(settings)
    assert new.release_id != old.release_id
    assert current_release(settings) == new.path
    assert read_release_manifest(old.path) == old.manifest


def test_a_release_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    settings = build(tmp_path)
    first = publish(settings)
    inodes = {path: path.stat().st_ino for path in first.path.rglob("*")}
    again = publish(settings)
    assert not again.is_new
    assert {path: path.stat().st_ino for path in first.path.rglob("*")} == inodes
    assert [path for path in settings.published_path.iterdir() if path.name.startswith(".")] == []


def test_a_release_holds_marts_reference_and_ops_without_runs_and_times(tmp_path: Path) -> None:
    release = publish(build(tmp_path))
    with duckdb.connect(str(release.internal / "insights.duckdb"), read_only=True) as con:
        tables = con.execute("select schema_name || '.' || table_name from duckdb_tables() order by 1").fetchall()
        assert [row[0] for row in tables] == ["marts.fct_thing", "ops.check_result", "ops.load", "reference.code"]
        columns = [
            row[0]
            for row in con.execute("select column_name from duckdb_columns() where schema_name = 'ops'").fetchall()
        ]
        assert "run_id" not in columns
        assert "landed_at" not in columns
        assert con.execute("select count(*), bool_and(success) from ops.check_result").fetchone() == (1, True)
        assert con.execute("select count(*) from marts.thing_view").fetchone() == (1000,)
        assert con.execute("select comment from duckdb_tables() where table_name = 'fct_thing'").fetchone() == (
            "One row per thing.",
        )


def test_a_view_survives_another_name_of_the_database(tmp_path: Path) -> None:
    release = publish(build(tmp_path))
    with duckdb.connect() as con:
        con.execute(f"attach '{release.internal / 'insights.duckdb'}' as elsewhere (read_only)")
        assert con.execute("select count(*) from elsewhere.marts.thing_view").fetchone() == (1000,)


def test_files_of_a_release_are_read_only(tmp_path: Path) -> None:
    release = publish(build(tmp_path))
    assert all(path.stat().st_mode & 0o222 == 0 for path in release.path.rglob("*") if path.is_file())


def test_a_failure_on_the_way_leaves_current_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = build(tmp_path)
    old = publish(settings)
    build(tmp_path, extra="delete from marts.fct_thing where thing = 'thing 1';")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(publishing, "seal", full)
    with pytest.raises(OperatorError, match="last release stays in place"):
        publish(settings)
    assert current_release(settings) == old.path
    assert [path.name for path in settings.published_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", [".building-1", ".prepared"])
def test_what_a_killed_run_left_is_removed(tmp_path: Path, name: str) -> None:
    settings = build(tmp_path)
    left = settings.published_path / name
    left.mkdir(parents=True)
    (left / "insights.duckdb").write_bytes(b"half")
    publish(settings)
    assert not left.exists()


def test_a_reader_of_the_old_release_is_undisturbed(tmp_path: Path) -> None:
    settings = build(tmp_path)
    publish(settings)
    with duckdb.connect(
        str(settings.published_path / "current" / "internal" / "insights.duckdb"), read_only=True
    ) as reader:
        build(tmp_path, extra="delete from marts.fct_thing;")
        publish(settings)
        assert reader.execute("select count(*) from marts.fct_thing").fetchone() == (1000,)


def test_without_a_release_the_operator_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="insights run"):
        current_release(Settings(tmp_path, tmp_path, "sample"))


def test_other_documents_make_another_release(tmp_path: Path) -> None:
    settings = build(tmp_path)
    assert publish(settings, documents="one").release_id != publish(settings, documents="two").release_id


def test_the_two_sides_can_be_read_by_different_people(tmp_path: Path) -> None:
    release = publish(build(tmp_path))
    modes = {path: path.stat().st_mode & 0o777 for path in release.path.rglob("*") if not path.is_symlink()}
    assert {mode for path, mode in modes.items() if release.internal in path.parents and path.is_file()} == {0o440}
    assert modes[release.internal] == modes[release.internal / "marts"] == 0o750
    assert {mode for path, mode in modes.items() if release.public in path.parents and path.is_file()} == {0o444}
    assert modes[release.public] == modes[release.public / "report"] == 0o755


def test_nobody_else_can_look_into_a_release_that_is_being_made(tmp_path: Path) -> None:
    prepared = prepare_release(build(tmp_path), docs=DOCS)
    assert prepared.folder.stat().st_mode & 0o077 == 0


def test_the_public_side_does_not_say_who_sent_what(tmp_path: Path) -> None:
    release = publish(build(tmp_path))
    manifest = json.loads((release.public / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest) == {"release", "code_version", "packages", "python", "files"}
    assert set(manifest["files"]) == {"report/report.html"}
    assert "a.csv" in (release.internal / "manifest.json").read_text(encoding="utf-8")


def test_the_sums_of_each_side_hold(tmp_path: Path) -> None:
    release = publish(build(tmp_path))
    for side in (release.internal, release.public):
        lines = (side / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
        for line in lines:
            digest, name = line.split(maxsplit=1)
            assert hashlib.sha256((side / name).read_bytes()).hexdigest() == digest
        assert {line.split(maxsplit=1)[1] for line in lines} | {"SHA256SUMS"} == {
            path.relative_to(side).as_posix() for path in side.rglob("*") if path.is_file()
        }


def test_each_step_finds_what_the_one_before_has_left(tmp_path: Path) -> None:
    settings = build(tmp_path)
    with pytest.raises(OperatorError, match="published/tables"):
        fill_release(settings, write_report)
    prepare_release(settings, docs=DOCS)
    with pytest.raises(OperatorError, match="published/reports"):
        publish_release(settings)
    fill_release(settings, write_report)
    assert publish_release(settings).is_new
    with pytest.raises(OperatorError, match="published/tables"):
        publish_release(settings)


def test_reports_that_fail_can_be_made_again(tmp_path: Path) -> None:
    settings = build(tmp_path)
    prepare_release(settings, docs=DOCS)

    def fail(inside: Path, outside: Path, manifest: Mapping[str, Any]) -> None:
        write_report(inside, outside, manifest)
        raise ValueError("a chart that cannot be drawn")

    with pytest.raises(ValueError, match="chart"):
        fill_release(settings, fail)
    with pytest.raises(OperatorError, match="published/reports"):
        publish_release(settings)
    fill_release(settings, write_report)
    # And once more, as when it is started by itself after it had ended well.
    fill_release(settings, write_report)
    assert (publish_release(settings).public / "report" / "report.html").read_text(encoding="utf-8") == "public"
