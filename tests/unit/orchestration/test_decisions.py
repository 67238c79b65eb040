"""The file of decisions: what is a line of it, what stops a run, and that lines are only ever added."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.decisions import (
    ARRIVAL,
    BIRTH_MONTH,
    LATER_VERSION,
    OPERATOR,
    SEVERAL_CHILDREN,
    Decision,
    append_decisions,
    load_decisions,
    now,
    read_decisions,
)
from orchestration.errors import OperatorError
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

AT, UTC = "2024-05-02T09:30:00Z", "2024-05-02 09:30:00"
VERSION = Decision(LATER_VERSION, "0a" * 16, "b" * 32, ARRIVAL, AT, "run-7", "exit", ("c" * 32, "d" * 32))
MONTH = Decision(BIRTH_MONTH, "1b" * 16, "2016-08", OPERATOR, AT, "ada")
GOOD = {"kind": BIRTH_MONTH, "key": "1b" * 16, "decided": "2016-08", "by": OPERATOR, "at": AT}
VERSION_LINE = {**GOOD, "kind": LATER_VERSION, "decided": "b" * 32, "form": "exit", "over": ["c" * 32]}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home", tmp_path / "raw", "sample")


def test_what_is_added_is_read_again_in_its_order(settings: Settings) -> None:
    assert read_decisions(settings) == []
    append_decisions(settings, [])
    assert not settings.decisions_path.exists()
    several = replace(MONTH, decided=SEVERAL_CHILDREN, at=now())
    append_decisions(settings, [VERSION])
    append_decisions(settings, [MONTH, several])
    assert read_decisions(settings) == [VERSION, MONTH, several]
    assert stat.S_IMODE(settings.decisions_path.stat().st_mode) == 0o600


def test_a_line_is_added_below_one_without_an_end(settings: Settings) -> None:
    append_decisions(settings, [MONTH])
    path = settings.decisions_path
    path.write_bytes(b"\n" + path.read_bytes().rstrip(b"\n"))
    append_decisions(settings, [VERSION])
    assert read_decisions(settings) == [MONTH, VERSION]


def test_the_table_holds_what_the_file_says(settings: Settings) -> None:
    append_decisions(settings, [VERSION, MONTH])
    for _ in range(2):
        with open_warehouse(settings) as con:
            assert load_decisions(con, settings) == [VERSION, MONTH]
            rows = con.execute("select * replace (decided_at::varchar as decided_at) from ops.decision order by line")
            assert rows.fetchall() == [
                (1, LATER_VERSION, "exit", "0a" * 16, "b" * 32, ["c" * 32, "d" * 32], ARRIVAL, "run-7", UTC),
                (2, BIRTH_MONTH, None, "1b" * 16, "2016-08", [], OPERATOR, "ada", UTC),
            ]
    settings.decisions_path.unlink()
    with open_warehouse(settings) as con:
        load_decisions(con, settings)
        assert con.execute("select count(*) from ops.decision").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"kind": "birth_month", ', "no line of JSON"),
        ("Maria Musterkind", "no line of JSON"),
        ("[" * 100_000, "no line of JSON"),
        ('["Maria"]', "no names with values"),
        (json.dumps({**GOOD, "name": "Maria"}), "a name that no decision has"),
        *(
            (json.dumps({name: value for name, value in GOOD.items() if name != gone}), f"has no `{gone}`")
            for gone in GOOD
        ),
        *(
            (json.dumps({**GOOD, name: value}), f"its `{name}` is none")
            for name, value in (
                ("kind", "Birth day"),
                ("kind", ["birth_month"]),
                ("key", "C-0007"),
                ("key", "1B" * 16),
                ("decided", "2016-13"),
                ("decided", "2016-08-21"),
                ("by", "chance"),
                ("at", "2024-05-02"),
                ("at", "2024-02-30T09:30:00Z"),
                ("who", 7),
            )
        ),
        (json.dumps({**VERSION_LINE, "over": []}), "its `over` is no list"),
        (json.dumps({**VERSION_LINE, "over": "c" * 32}), "its `over` is no list"),
        (json.dumps({**VERSION_LINE, "over": ["Maria"]}), "its `over` is no list"),
        (json.dumps({**VERSION_LINE, "form": "Intake Form"}), "its `form` is none"),
        (json.dumps({**VERSION_LINE, "decided": "2016-08"}), "its `decided` is none"),
    ],
)
def test_a_damaged_line_is_a_sentence_and_nothing_is_added(settings: Settings, line: str, why: str) -> None:
    settings.home.mkdir()
    settings.decisions_path.write_text(json.dumps(GOOD) + "\n\n" + line + "\n", encoding="utf-8")
    before = settings.decisions_path.read_bytes()
    for attempt in (lambda: read_decisions(settings), lambda: append_decisions(settings, [MONTH])):
        with pytest.raises(OperatorError) as told:
            attempt()
        assert str(told.value).startswith(f"Line 3 of {settings.decisions_path} is no decision: ")
        assert why in str(told.value)
        assert "Maria" not in str(told.value)
        assert "C-0007" not in str(told.value)
    assert settings.decisions_path.read_bytes() == before


def test_a_file_that_cannot_be_read_or_written_is_a_sentence(settings: Settings) -> None:
    settings.home.mkdir()
    settings.decisions_path.write_bytes(b"\xff\xfe{\x00")
    with pytest.raises(OperatorError, match="no text in UTF-8"):
        read_decisions(settings)
    settings.decisions_path.unlink()
    settings.decisions_path.mkdir()
    with pytest.raises(OperatorError, match="cannot be read"):
        read_decisions(settings)
    settings.decisions_path.rmdir()
    if os.geteuid() != 0:
        settings.home.chmod(0o500)
        with pytest.raises(OperatorError, match="could not be written"):
            append_decisions(settings, [MONTH])
