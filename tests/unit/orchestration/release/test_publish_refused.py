"""No way round a gate, and nothing published but what the steps have left: whatever is changed on the way."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import OperatorError
from orchestration.hashing import sha256_of_file
from orchestration.progress import telling
from orchestration.release.publish import (
    Release,
    current_release,
    fill_release,
    prepare_release,
    publish_release,
)
from orchestration.release.seal import changed_files
from tests.support.small_warehouse import DOCS, build, publish, write_report

CHANGES = {
    "a mart": "update marts.fct_thing set answers = [-5, 0] where thing = 'thing 3'",
    "a row less": "delete from marts.fct_thing where thing = 'thing 3'",
    "the same row twice": "insert into marts.fct_thing select * from marts.fct_thing where thing = 'thing 3'",
    "a mart more": "create table marts.fct_other as select 1 as id",
    "a view": "create or replace view marts.thing_view as select 'other' as thing",
    "a code list": "insert into reference.code values ('b')",
    "the name of a column": "alter table reference.code rename column code to label",
    "what is set aside": "insert into ops.set_aside (form_id) values ('intake')",
    "the ledger": "insert into ops.load (load_id, status) values ('m', 'landed')",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("when", ["before the tables", "before the switch"])
def test_nothing_is_published_that_no_gate_has_judged(tmp_path: Path, change: str, when: str) -> None:
    settings = build(tmp_path)
    old = publish(settings)
    build(tmp_path, extra="delete from marts.fct_thing where thing = 'thing 1';")
    if when == "before the switch":
        prepare_release(settings, docs=DOCS)
        fill_release(settings, write_report)
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute(change)
    with pytest.raises(OperatorError, match=r"not what dbt built and gate [12] judged.*last release stays in place"):
        publish(settings) if when == "before the tables" else publish_release(settings)
    assert current_release(settings) == old.path


def test_a_change_that_is_taken_back_is_none(tmp_path: Path) -> None:
    settings = build(tmp_path)
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute("insert into marts.fct_thing values ('more', [1])")
        con.execute("delete from marts.fct_thing where thing = 'more'")
    assert publish(settings).is_new


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("update ops.gate_verdict set passed = false where gate = 2", "Gate 2 did not let the marts through"),
        ("update ops.gate_verdict set passed = false where gate = 1", "Gate 1 did not let the staging tables through"),
        ("delete from ops.gate_verdict where gate = 2", "Gate 2 has not judged"),
        ("delete from ops.gate_verdict where gate = 1", "Gate 1 has not judged"),
        ("drop table ops.gate_verdict", "has not judged"),
        ("update ops.built_state set held = 'other' where step = 'marts'", "not what dbt built and gate 2 judged"),
        ("drop table ops.built_state", "not built to the end"),
        ("insert into staging.stg values (2)", "not what dbt built and gate 1 judged"),
        ("update ops.check_result set success = false where run_id = 'now'", "results of gate 1"),
        ("delete from ops.check_result where run_id = 'now'", "results of gate 1"),
        ("insert into ops.check_failure (run_id, check_id) values ('now', 'a')", "results of gate 1"),
    ],
)
def test_without_a_verdict_nothing_is_prepared(tmp_path: Path, change: str, words: str) -> None:
    settings = build(tmp_path)
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute(change)
    with pytest.raises(OperatorError, match=words):
        prepare_release(settings, docs=DOCS)
    assert not settings.published_path.exists()


def test_marts_built_again_after_the_tables_were_written_are_not_what_is_switched_to(tmp_path: Path) -> None:
    settings = build(tmp_path)
    prepare_release(settings, docs=DOCS)
    fill_release(settings, write_report)
    build(tmp_path, extra="delete from marts.fct_thing where thing = 'thing 1';")
    with pytest.raises(OperatorError, match="built again after the tables of the next release"):
        publish_release(settings)


DAMAGES: dict[str, Callable[[Release], None]] = {
    "a file gone": lambda release: (release.public / "report" / "report.html").unlink(),
    "a file of another content": lambda release: overwrite(release.public / "report" / "report.html", "other"),
    "a file more": lambda release: overwrite(release.public / "report" / "more.html", "more"),
    "the sums gone": lambda release: (release.internal / "SHA256SUMS").unlink(),
    "the sums mended beside the file": lambda release: mend_sums(release.public, "report/report.html", "other"),
    "the manifest of another release": lambda release: rename_in_manifest(release.internal),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_release_that_is_damaged_is_put_aside_and_made_again(
    tmp_path: Path, damage: Callable[[Release], None]
) -> None:
    settings = build(tmp_path)
    first = publish(settings)
    whole = {name: sha256_of_file(first.path / name) for name in files_of(first.path)}
    for folder in (first.internal, first.public / "report"):
        folder.chmod(0o755)
    damage(first)
    assert changed_files(first.path)[0]
    told: list[str] = []
    with telling(told.append):
        again = publish(settings)
    assert again.release_id == first.release_id
    assert again.is_new
    assert {name: sha256_of_file(first.path / name) for name in files_of(first.path)} == whole
    assert changed_files(first.path) == ([], len(whole) - 2)
    (aside,) = settings.published_path.glob("damaged-*")
    assert stat.S_IMODE(aside.stat().st_mode) == 0o700
    assert any(f"kept as {aside.name}" in line for line in told)


def overwrite(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")


def mend_sums(side: Path, name: str, text: str) -> None:
    old = sha256_of_file(side / name)
    overwrite(side / name, text)
    sums = side / "SHA256SUMS"
    side.chmod(0o755)
    overwrite(sums, sums.read_text(encoding="utf-8").replace(old, sha256_of_file(side / name)))


def rename_in_manifest(side: Path) -> None:
    said = json.loads((side / "manifest.json").read_text(encoding="utf-8")) | {"release": "r-000000000000"}
    mend_sums(side, "manifest.json", json.dumps(said))


def link_to_a_folder(folder: Path) -> None:
    (folder / "public" / "elsewhere").symlink_to(folder.parent)


def files_of(release: Path) -> list[str]:
    return sorted(path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file())


PREPARED_CHANGES: dict[str, Callable[[Path], None]] = {
    "a table": lambda folder: overwrite(folder / "internal" / "marts" / "fct_thing.parquet", "other"),
    "a document": lambda folder: overwrite(folder / "public" / "report" / "report.html", "other"),
    "a document more": lambda folder: overwrite(folder / "public" / "report" / "more.html", "more"),
    "a link": link_to_a_folder,
    "a document gone": lambda folder: (folder / "public" / "report" / "report.html").unlink(),
}


@pytest.mark.parametrize("change", PREPARED_CHANGES.values(), ids=PREPARED_CHANGES.keys())
def test_what_is_prepared_is_published_as_the_steps_left_it_or_not_at_all(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    settings = build(tmp_path)
    prepare_release(settings, docs=DOCS)
    folder = fill_release(settings, write_report).folder
    change(folder)
    with pytest.raises(OperatorError, match="have been changed since they were made"):
        publish_release(settings)
    assert not (settings.published_path / "current").exists()


def test_a_release_damaged_after_its_tables_were_prepared_is_not_switched_to(tmp_path: Path) -> None:
    settings = build(tmp_path)
    old = publish(settings)
    prepare_release(settings, docs=DOCS)
    fill_release(settings, write_report)
    (old.public / "report").chmod(0o755)
    overwrite(old.public / "report" / "report.html", "other")
    with pytest.raises(OperatorError, match="have been changed since they were made"):
        publish_release(settings)
    again = publish(settings)
    assert again.release_id == old.release_id
    assert changed_files(again.path)[0] == []


def test_a_list_of_sums_that_is_gone_is_named(tmp_path: Path) -> None:
    release = publish(build(tmp_path))
    release.internal.chmod(0o755)
    (release.internal / "SHA256SUMS").unlink()
    assert "internal/SHA256SUMS" in changed_files(release.path)[0]


def test_documents_are_not_made_from_tables_that_were_changed(tmp_path: Path) -> None:
    settings = build(tmp_path)
    overwrite(prepare_release(settings, docs=DOCS).folder / "internal" / "marts" / "fct_thing.parquet", "other")
    with pytest.raises(OperatorError, match="have been changed since they were made"):
        fill_release(settings, write_report)


@pytest.mark.parametrize("gate", [1, 2])
def test_the_switch_asks_both_gates_again(tmp_path: Path, gate: int) -> None:
    settings = build(tmp_path)
    prepare_release(settings, docs=DOCS)
    fill_release(settings, write_report)
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute("update ops.gate_verdict set passed = false where gate = ?", [gate])
    with pytest.raises(OperatorError, match=f"Gate {gate} did not let"):
        publish_release(settings)
    assert not (settings.published_path / "current").exists()


@pytest.mark.parametrize("name", ["r-evil", "../r-000000000000"])
def test_what_is_prepared_names_no_other_folder(tmp_path: Path, name: str) -> None:
    settings = build(tmp_path)
    old = publish(settings)
    build(tmp_path, extra="delete from marts.fct_thing where thing = 'thing 1';")
    prepare_release(settings, docs=DOCS)
    # A folder that looks like a release is there.
    shutil.copytree(old.path, settings.published_path / name)
    note = settings.published_path / ".prepared" / "prepared.json"
    said = json.loads(note.read_text(encoding="utf-8"))
    overwrite(note, json.dumps(said | {"release_id": name, "is_new": False}))
    with pytest.raises(OperatorError, match="No release is being made"):
        publish_release(settings)
    assert current_release(settings) == old.path


@pytest.mark.parametrize("when", ["before the tables", "before the switch"])
def test_tables_that_other_code_built_or_judged_are_not_published(tmp_path: Path, when: str) -> None:
    settings = build(tmp_path)
    if when == "before the tables":
        with pytest.raises(OperatorError, match="have changed since the tables were built and judged"):
            prepare_release(settings, docs=DOCS, code="an edit later")
    else:
        prepare_release(settings, docs=DOCS)
        fill_release(settings, write_report)
        with pytest.raises(OperatorError, match="have changed since the tables were built and judged"):
            publish_release(settings, code="an edit later")
    assert not (settings.published_path / "current").exists()


@pytest.mark.parametrize("what", ["code", "documents"])
def test_documents_are_made_by_what_made_the_tables_of_their_release(tmp_path: Path, what: str) -> None:
    settings = build(tmp_path)
    prepare_release(settings, docs=DOCS)
    with pytest.raises(OperatorError, match="when the tables of the next release were written"):
        fill_release(settings, write_report, **{what: "another"})
    fill_release(settings, write_report)
    with pytest.raises(OperatorError, match=r"when the tables of the next release were written|built and judged"):
        publish_release(settings, **{what: "another"})
    assert not (settings.published_path / "current").exists()
