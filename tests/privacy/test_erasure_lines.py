"""What the operator is told of clients who asked to be erased: where they still are, and nothing about them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration import runlog
from orchestration.commands.erasure import erasure_lines
from orchestration.commands.status import status_lines
from orchestration.landing.folder import land_folder
from orchestration.landing.pseudonym import KEY_VARIABLE
from orchestration.settings import Settings
from reporting.release_files import DATABASE, INTERNAL, MANIFEST
from tests.support.forms import SECRETS, export

LIST = "service,client_id,requested_on\nNorth Star,CL XJ77K 2,2024-05-07\n"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    settings = Settings(home=tmp_path / "home", raw_dir=tmp_path / "raw", environment="development")
    settings.raw_dir.mkdir()
    return settings


def land(settings: Settings, name: str, text: str) -> str:
    """Land a file; its hash."""
    (settings.raw_dir / name).write_text(text, encoding="utf-8")
    (result,) = [one for one in land_folder(settings, run_id="run") if one.source_file == name]
    assert result.status == "landed", result.reason
    return str(result.sha256)


def publish(settings: Settings, name: str, hashes: list[str]) -> Path:
    """A release that was made from these files."""
    folder = settings.published_path / name
    (folder / INTERNAL).mkdir(parents=True)
    (folder / INTERNAL / MANIFEST).write_text(json.dumps({"inputs": [{"sha256": one} for one in hashes]}))
    return folder


def test_without_a_list_there_is_nothing_to_tell(settings: Settings) -> None:
    land(settings, "forms.csv", export(3))
    assert erasure_lines(settings) == ["No erasure list has been landed."]


def test_releases_made_before_and_files_as_delivered_are_named(settings: Settings) -> None:
    forms = land(settings, "forms.csv", export(3))
    land(settings, "others.csv", export(1, "exit"))
    before = publish(settings, "r-before", [forms])
    erasure = land(settings, "erase.csv", LIST)
    after = publish(settings, "r-after", [forms, erasure])
    unreadable = publish(settings, "r-unreadable", [])
    (unreadable / INTERNAL / MANIFEST).write_text("{")
    (settings.published_path / "current").symlink_to("r-after")
    lines = erasure_lines(settings)
    assert lines[0] == "1 client on erasure lists; 1 form emptied."
    assert {f"  {before}", f"  {unreadable}"} <= set(lines)
    assert f"  {after}" not in lines
    assert "Delete these folders and every copy that was passed on." in lines
    assert "  forms.csv: 1 form" in lines
    assert not any("others.csv" in line for line in lines)
    assert not any(secret in line for line in lines for secret in SECRETS)


def test_a_release_with_a_form_that_was_erased_since_is_named_and_a_file_that_was_replaced_is_not(
    settings: Settings,
) -> None:
    """The list had landed when the release was made, and reached further later."""
    forms = land(settings, "forms.csv", export(3))
    erasure = land(settings, "erase.csv", LIST)
    held, right = (publish(settings, name, [forms, erasure]) for name in ("r-held", "r-right"))
    for folder, disposition in ((held, "accepted"), (right, "erased")):
        with duckdb.connect(str(folder / INTERNAL / DATABASE)) as con:
            con.execute("create schema marts")
            con.execute(
                "create table marts.form_disposition as select * from (values (?, 3, ?), (?, 2, 'accepted')) "
                "as rows(load_id, source_row, disposition)",
                [forms[:16], disposition, forms[:16]],
            )
    lines = erasure_lines(settings)
    assert f"  {held}" in lines
    assert f"  {right}" not in lines
    assert "  forms.csv: 1 form" in lines
    land(settings, "forms.csv", export(1, "exit"))
    assert "  forms.csv: 1 form" not in erasure_lines(settings)


def test_status_says_so_until_it_is_done(settings: Settings) -> None:
    forms = land(settings, "forms.csv", export(3))
    runlog.start_run(settings, "run", "catalogue")
    erasure = land(settings, "erase.csv", LIST)
    publish(settings, "r-after", [forms, erasure])
    before = publish(settings, "r-before", [forms])
    told = "Erased   1 release made before the last erasure list still holds clients on it; "
    assert [line for line in status_lines(settings) if line.startswith(told)]
    shutil.rmtree(before)
    assert not [line for line in status_lines(settings) if line.startswith("Erased")]


def test_a_release_in_force_is_not_to_be_deleted_before_there_is_a_new_one(settings: Settings) -> None:
    forms = land(settings, "forms.csv", export(3))
    publish(settings, "r-before", [forms])
    (settings.published_path / "current").symlink_to("r-before")
    land(settings, "erase.csv", LIST)
    told = [line for line in erasure_lines(settings) if line.startswith("Run `insights run`")]
    assert told == [
        "Run `insights run` until a new one is published, then delete these folders and every copy that was passed on."
    ]


def test_when_nothing_is_left_it_says_so(settings: Settings) -> None:
    erasure = land(settings, "erase.csv", LIST)
    publish(settings, "r-after", [erasure])
    assert erasure_lines(settings) == ["1 client on erasure lists; 0 forms emptied.", "", "No release holds them."]
