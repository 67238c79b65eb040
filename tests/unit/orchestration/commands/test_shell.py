"""The shell around a run: the lock, the sensor's fingerprint, what an error may say, the command line's sentences."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalogue.programme import SAMPLE
from orchestration.assets.acceptance import parse_acceptance
from orchestration.assets.automation import folder_fingerprint
from orchestration.commands import cli
from orchestration.errors import OperatorError
from orchestration.locking import LOCK_NAME, WarehouseBusyError, warehouse_lock
from orchestration.settings import Settings
from orchestration.transform.scrub import scrub
from orchestration.warehouse import open_warehouse

HOLD = """
import fcntl, sys
handle = open(sys.argv[1], "a+")
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home", tmp_path / "raw", "sample")


@contextmanager
def lock_held_elsewhere(settings: Settings) -> Iterator[None]:
    """Another process holds the lock of the warehouse while the block goes on."""
    path = settings.warehouse_path.parent / LOCK_NAME
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            other.communicate()


def test_a_lock_held_elsewhere_is_told_and_can_be_had_afterwards(settings: Settings) -> None:
    with warehouse_lock(settings, "first"):
        pass
    with (
        lock_held_elsewhere(settings),
        pytest.raises(WarehouseBusyError, match="Another run"),
        warehouse_lock(settings, "second"),
    ):
        pass
    with warehouse_lock(settings, "third"):
        pass


@pytest.mark.parametrize("command", [["loads"], ["check"], ["services"], ["forget"], ["returns"]])
def test_whoever_only_looks_during_a_run_is_told_to_ask_again(
    command: list[str], settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["insights", *command, "--home", str(settings.home)])
    with open_warehouse(settings):
        pass
    with lock_held_elsewhere(settings), pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    said = capsys.readouterr().err
    assert "A run is at work in" in said
    assert "Ask again when it has ended" in said
    assert "written" not in said


def test_the_lock_passes_through_inside_one_process(settings: Settings) -> None:
    path = settings.warehouse_path.parent / LOCK_NAME
    with warehouse_lock(settings, "run"):
        with warehouse_lock(settings, "run"):
            pass
        assert "run" in path.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8") == ""


def test_the_folder_fingerprint_follows_names_sizes_and_times(tmp_path: Path) -> None:
    assert folder_fingerprint(tmp_path / "missing") is None
    assert folder_fingerprint(tmp_path) is None
    (tmp_path / "a.csv").write_text("x", encoding="utf-8")
    one = folder_fingerprint(tmp_path)
    assert one == folder_fingerprint(tmp_path)
    (tmp_path / ".hidden").write_text("x", encoding="utf-8")
    assert folder_fingerprint(tmp_path) == one
    (tmp_path / "a.csv").write_text("xy", encoding="utf-8")
    two = folder_fingerprint(tmp_path)
    assert two != one
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    assert folder_fingerprint(tmp_path) not in {one, two}


@pytest.mark.parametrize(
    "message",
    [
        "Conversion Error: Could not convert string 'Zanzibar Street' to INT32\n\nLINE 1: select 'Zanzibar'",
        'Constraint Error: Duplicate key "id: Zanzibar" violates primary key constraint',
        "Runtime Error in model x (models/x.sql)\n  Invalid Input Error: Failed to parse 'Zanzibar",
        "Out of Range Error: value 19991231 is too large",
    ],
)
def test_what_an_engine_quotes_is_not_passed_on(message: str) -> None:
    said = scrub(message)
    assert "Error" in said
    assert "Zanzibar" not in said
    assert "19991231" not in said


def test_an_acceptance_is_a_check_and_a_key() -> None:
    acceptance = parse_acceptance("load_volume=abc=def")
    assert (acceptance.check_id, acceptance.key) == ("load_volume", "abc=def")
    with pytest.raises(OperatorError, match="CHECK=KEY"):
        parse_acceptance("load_volume")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "--raw", "{home}/nowhere", "--home", "{home}"], 1, "There is no folder"),
        (["run", "--raw", "{home}", "--home", "{home}", "--accept", "x"], 1, "CHECK=KEY"),
        (["run", "--raw", "{home}", "--home", "{home}", "--accept", "no_negative_count=x"], 1, "cannot be accepted"),
        (["run", "--raw", "{home}", "--home", "{home}"], 1, "lies in the raw folder"),
        (["run", "--raw", "{home}", "--home", "{home}/a/b"], 1, "lies in the raw folder"),
        (["run", "--home", f"{SAMPLE}/home"], 1, "lies in the programme's folder"),
        (["run", "--raw", str(SAMPLE)], 1, "lies in the programme's folder"),
        (["status", "--home", f"{SAMPLE.parent.parent}/README.md"], 1, "is a file and not a folder"),
        (["init", "{home}/own", "--name", "x" * 501], 1, "at most 500 letters"),
        (["explain", "client_age", "--home", "{home}"], 1, "Nothing has been published"),
        (["loads", "--home", "{home}"], 1, "There is no warehouse"),
        (["check", "--home", "{home}"], 1, "There is no warehouse"),
        (["explain", "client_age", "--period", "lately"], 2, "a valid integer"),
        (["dance"], 2, "No such command"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_a_code(
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["insights", *(argument.format(home=tmp_path) for argument in arguments)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    said = capsys.readouterr()
    assert stopped.value.code == code
    assert words in said.err
    assert "Traceback" not in said.err + said.out


def test_a_catalogue_is_checked_without_a_home_and_a_raw_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "programme.toml").write_text(
        'id = "north"\nname = "North"\npublisher = "N"\nthemes = ["forms"]\n', encoding="utf-8"
    )
    monkeypatch.setattr(sys, "argv", ["insights", "catalogue", "--check", "--programme", str(tmp_path)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 0
    assert "The catalogue of North holds together" in capsys.readouterr().out


def test_status_of_an_empty_home_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["insights", "status", "--home", str(tmp_path)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 0
    assert "none yet" in capsys.readouterr().out


def test_a_fault_of_the_program_shows_no_message_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> None:
        raise ValueError("Zanzibar")

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    said = capsys.readouterr().err
    assert stopped.value.code == 1
    assert "ValueError" in said
    assert "Zanzibar" not in said
