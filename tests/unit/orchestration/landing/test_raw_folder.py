"""What is landed of a raw folder, what is passed over, and how names are shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.errors import OperatorError
from orchestration.landing import raw_folder
from orchestration.landing.raw_folder import deliveries, shown_name, survey

NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=()), min_size=1, max_size=8).filter(
    lambda name: name not in (".", "..")
)


@given(NAMES, NAMES)
def test_shown_names_are_printable_and_differ_where_names_differ(one: str, other: str) -> None:
    raw = Path("/raw")
    shown = shown_name(raw / one, raw)
    assert shown.isprintable()
    assert shown.encode("utf-8")
    assert (shown == shown_name(raw / other, raw)) is (one == other)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("intake März 2023.csv", "intake März 2023.csv"),
        ("a/b.csv", "a/b.csv"),
        ("a\nb.csv", "a\\x0ab.csv"),
        ("a\u202eb.csv", "a\\u202eb.csv"),
        ("a\U000e0001b.csv", "a\\U000e0001b.csv"),
        (os.fsdecode(b"\xff.csv"), "\\xff.csv"),
        ("\xff.csv", "ÿ.csv"),
        ("a\\b.csv", "a\\\\b.csv"),
    ],
)
def test_a_name_is_shown_so_that_no_screen_obeys_it(name: str, shown: str) -> None:
    assert shown_name(Path("/raw") / name, Path("/raw")) == shown


def test_files_come_in_the_order_of_their_paths_and_strays_by_name(tmp_path: Path) -> None:
    for name in ("b/2.csv", "b/1.csv", "a.csv", "old.bak/3.csv", "b.csv", "x.bak", ".git/config", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    found = survey(tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in found.files]
    assert names == ["a.csv", "b.csv", "b/1.csv", "b/2.csv", "old.bak/3.csv"]
    assert [one.name for one in found.passed_over] == [".git", "x.bak"]
    assert all(one.reason.endswith(".") for one in found.passed_over)
    assert list(deliveries(tmp_path)) == list(found.files)


@pytest.mark.parametrize(
    "name",
    [
        "~$intake.xlsx", "Thumbs.db", "desktop.ini", "intake.csv.part", "intake.xlsx.crdownload", ".DS_Store",
        "intake.xlsx - Shortcut.lnk", "portal.url", "~WRL0003.tmp",
    ],
)  # fmt: skip
def test_what_office_programs_leave_in_a_folder_is_no_delivery(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0")
    found = survey(tmp_path)
    assert found.files == ()
    assert [one.name for one in found.passed_over] == [name]


def test_a_link_is_not_followed_wherever_it_leads(tmp_path: Path) -> None:
    raw, elsewhere = tmp_path / "raw", tmp_path / "elsewhere"
    for folder in (raw / "in", elsewhere):
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text("x", encoding="utf-8")
    (raw / "out").symlink_to(elsewhere)
    (raw / "up").symlink_to(raw)
    (raw / "again.csv").symlink_to(raw / "in" / "a.csv")
    (raw / "nowhere.csv").symlink_to(raw / "none.csv")
    found = survey(raw)
    assert [path.relative_to(raw).as_posix() for path in found.files] == ["in/a.csv"]
    assert {one.name for one in found.passed_over} == {"out", "up", "again.csv", "nowhere.csv"}


def test_a_raw_folder_that_is_itself_a_link_is_read(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.csv").write_text("x", encoding="utf-8")
    (tmp_path / "raw").symlink_to(tmp_path / "real")
    assert len(survey(tmp_path / "raw").files) == 1


def test_folders_that_cannot_be_opened_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.csv").write_text("x", encoding="utf-8")
    entries = raw_folder._entries

    def refuse(folder: Path) -> list[os.DirEntry[str]]:
        if folder.name == refused:
            raise PermissionError(13, "Permission denied")
        return entries(folder)

    # Who runs the tests may be allowed everything.
    monkeypatch.setattr(raw_folder, "_entries", refuse)
    refused = "closed"
    found = survey(tmp_path)
    assert len(found.files) == 1
    assert [(one.name, "Permission denied" in one.reason) for one in found.passed_over] == [("closed", True)]
    refused = tmp_path.name
    with pytest.raises(OperatorError, match="cannot be opened"):
        survey(tmp_path)
