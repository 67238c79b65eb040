"""What a programme says in its own words gets into the catalogue as paragraphs, or somebody reads what is wrong."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from catalogue.assembly import write_catalogue
from catalogue.errors import ProgrammeError
from catalogue.programme import Programme
from catalogue.texts import text_rows


def told(programme: Programme) -> list[str]:
    rows = text_rows(programme)
    assert [(row["theme"], row["paragraph_no"]) for row in rows] == [
        ("forms", str(number)) for number in range(1, len(rows) + 1)
    ]
    return [row["text"] for row in rows]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (b"", []),
        (b"\n \t \n\n", []),
        (b"One line", ["One line"]),
        (b"\xef\xbb\xbfWith a\r\nmark.\r\n\r\nNext.\r\n", ["With a mark.", "Next."]),
        (b"We do:\n- one\n  thing\n- two\n\nAfter", ["We do:", "- one thing", "- two", "After"]),
        (b"- \n-\n- x", ["- x"]),
        ('<b>é</b> & \u2028 \U0001f9d2\u200d "q", 1'.encode(), ['<b>é</b> & \U0001f9d2\u200d "q", 1']),
    ],
)
def test_text_becomes_paragraphs(north: Programme, tmp_path: Path, text: bytes, wanted: list[str]) -> None:
    north.path("text", "forms.md").write_bytes(text)
    assert told(north) == wanted
    write_catalogue(north, tmp_path / "catalogue")
    with (tmp_path / "catalogue/seeds/programme/programme_text.csv").open(encoding="utf-8", newline="") as handle:
        assert [row["text"] for row in csv.DictReader(handle)] == wanted


def test_without_texts_there_are_none(north: Programme) -> None:
    north.path("text", "README.md").write_text("Not for the report.", encoding="utf-8")
    assert told(north) == []
    north.path("text", "README.md").unlink()
    north.path("text").rmdir()
    assert told(north) == []


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("forms.md", b"one\ntwo\x07", "line 2: it holds the control character U+0007"),
        ("forms.md", "one\n\n\u202eowt".encode(), "line 3: it holds the control character U+202E"),
        ("forms.md", b"x\x0by", "line 1: it holds the control character U+000B"),
        ("forms.md", b"x" * (20 * 1024 + 1), "larger than 20 KB"),
        ("forms.md", b"caf\xe9", "not in UTF-8"),
        ("form.md", b"x", "nothing reads `form.md`. Did you mean `forms.md`?"),
        ("b\nc", b"x", "nothing reads `b\\nc`."),
        ("returns.md", b"x", "it opens a report of returns, which `themes` in programme.toml does not name"),
    ],
)
def test_what_no_report_can_print_is_said_in_a_sentence(north: Programme, name: str, text: bytes, says: str) -> None:
    north.path("text", name).write_bytes(text)
    with pytest.raises(ProgrammeError, match=re.escape(says)) as error:
        text_rows(north)
    assert "Nothing was done." in str(error.value)
    assert str(north.path("text")) in str(error.value)


def test_a_text_stays_inside_the_programme_and_has_to_be_a_file(north: Programme, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    north.path("text", "forms.md").symlink_to(tmp_path / "secret")
    with pytest.raises(ProgrammeError, match="leads out of the programme's folder"):
        text_rows(north)
    north.path("text", "forms.md").unlink()
    north.path("text", "forms.md").mkdir()
    with pytest.raises(ProgrammeError, match="a folder, a pipe or a device"):
        text_rows(north)
