"""The private copy of a file: its hash, its rights, and when the file is not what was copied any more."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from orchestration.errors import OperatorError
from orchestration.landing import snapshot
from orchestration.landing.snapshot import LeftError, Snapshot, hash_now, take_snapshot

CONTENT = b"name,value\n" * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "raw" / "a" / "b.csv"
    made.parent.mkdir(parents=True)
    made.write_bytes(CONTENT)
    os.utime(made, (1, 1))
    return made


def take(path: Path, known: dict[str, int] | None = None) -> Snapshot:
    raw_dir = path.parent.parent
    return take_snapshot(raw_dir, path, raw_dir.parent / "copy" / "b.csv", known or {})


def test_a_copy_has_the_bytes_that_were_hashed_and_is_for_nobody_else(path: Path) -> None:
    taken = take(path)
    assert (taken.sha256, taken.size_bytes) == (DIGEST, len(CONTENT))
    assert taken.copy is not None
    assert taken.copy.read_bytes() == CONTENT
    assert taken.copy.stat().st_mode & 0o777 == 0o600
    taken.require_unchanged()


@pytest.mark.parametrize("size", [len(CONTENT), -1])
def test_what_is_known_is_not_copied_even_if_nobody_noted_its_size(path: Path, size: int) -> None:
    taken = take(path, {DIGEST: size})
    assert (taken.sha256, taken.copy) == (DIGEST, None)
    assert not (path.parent.parent.parent / "copy" / "b.csv").exists()


def test_a_file_of_a_known_size_and_other_bytes_is_copied(path: Path) -> None:
    taken = take(path, {"0" * 64: len(CONTENT)})
    assert taken.sha256 == DIGEST
    assert taken.copy is not None
    assert taken.copy.read_bytes() == CONTENT


def test_a_change_that_no_time_and_no_size_shows_is_found_where_it_can_have_happened(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot._Look, "at", classmethod(lambda cls, _: cls(1, 1, len(CONTENT), 1, 1)))
    taken = take(path)
    assert not taken.is_fresh
    monkeypatch.setattr(snapshot, "_COARSEST_TIME", 10**30)
    path.parent.parent.joinpath("..", "copy", "b.csv").unlink()
    fresh = take(path)
    assert fresh.is_fresh
    path.write_bytes(CONTENT.upper())
    with pytest.raises(LeftError, match="written while it was read"):
        fresh.require_unchanged()


def test_a_file_that_was_touched_or_replaced_by_the_same_bytes_is_the_file_it_was(path: Path) -> None:
    taken = take(path)
    os.utime(path, (5, 5))
    taken.require_unchanged()
    path.unlink()
    path.write_bytes(CONTENT)
    taken.require_unchanged()


def test_a_file_that_cannot_be_opened_again_is_left(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = take(path)
    # Who runs the tests may be allowed everything.
    monkeypatch.setattr(snapshot, "open_beneath", refuse)
    with pytest.raises(LeftError, match="could not be opened a second time"):
        taken.require_unchanged()
    assert hash_now(path.parent.parent, path) is None


def refuse(*arguments: object) -> object:
    raise PermissionError(13, "Permission denied")


def test_a_copy_that_cannot_be_written_is_told_and_no_fault_of_the_file(path: Path) -> None:
    (path.parent.parent.parent / "copy").write_text("no folder", encoding="utf-8")
    with pytest.raises(OperatorError, match="Make room"):
        take(path)
