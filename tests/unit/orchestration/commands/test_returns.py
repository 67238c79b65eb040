"""`insights returns`: which rules are broken and where, to the last row in a file of one's own, and never a value."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import duckdb
import pytest

from catalogue.returns import load_returns
from orchestration.commands import cli
from orchestration.commands.returns import COLUMNS, returns_lines, validation_lines
from orchestration.errors import OperatorError
from orchestration.settings import Settings

RETURNS = load_returns()
# Code, kind of record, field, file, format, year, row, path, and whether another record replaces it.
PLACES = [
    ("SC405", "cin_protection_plan", None, "1/2023/cin.xml", "xml", 2023, 40, "Children/Child[2]/CINdetails[1]", None),
    ("SC420", "cin_protection_plan", "end_date", "1/2023/cin.xml", "xml", 2023, 41, "Children/Child[3]", None),
    ("SC417", "cin_plan", "end_date", "1/2023/cin.xml", "xml", 2023, 42, None, None),
    ("SC417", "cin_plan", "end_date", "1/2023/cin.xml", "xml", 2023, 7, None, None),
    ("SC121", "s903_episode", "end_date", "1/2023/episodes.csv", "csv", 2023, 9, None, None),
    ("SC104", "cin_plan_review", "review_date", "1/2023/cin.xml", "xml", 2023, 43, None, None),
    ("SC217", "cin_child", "sex", "1/2025/cin.xml", "xml", 2025, 5, None, None),
    ("SC420", "cin_protection_plan", "end_date", "1/2023/old.xml", "xml", 2023, 44, None, "superseded"),
    ("SC410", "missing_episode", "ended_at", "1/local/missing.csv", "csv", None, 3, None, None),
    ("SC420", "cin_protection_plan", "end_date", "2/2023/cin.xml", "xml", 2023, 45, None, None),
    # What other code made of a home of its own.
    ("SC999", "cin_child", None, "1/2023/cin.xml", "xml", 2023, 1, None, None),
    (None, "cin_child", None, "1/2023/cin.xml", "xml", 2023, 1, None, None),
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home whose warehouse holds the places, and a record without one for authority 3."""
    place = Settings(tmp_path, tmp_path / "raw", "sample")
    place.warehouse_path.parent.mkdir(parents=True)
    with duckdb.connect(str(place.warehouse_path)) as con:
        con.execute(
            "create schema intermediate; create schema ops;"
            "create table intermediate.int_returns_problem "
            "(rule_code varchar, record_id varchar, landed_row_id bigint, field_id varchar);"
            "create table intermediate.int_returns_record (record_id varchar, landed_row_id bigint, load_id varchar, "
            "load_seq integer, source_row bigint, source_path varchar, la_code varchar, collection_year integer, "
            "replaced_how varchar);"
            "create table ops.load (load_id varchar, load_seq integer, source_file varchar, convention_id varchar)"
        )
        for number, (code, record_id, field, file, kind, year, row, path, replaced) in enumerate(PLACES):
            problem = [code, record_id, number, field]
            con.execute("insert into intermediate.int_returns_problem values (?, ?, ?, ?)", problem)
            con.execute(
                "insert into intermediate.int_returns_record values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [record_id, number, str(number), number, row, path, file[0], year, replaced],
            )
            con.execute("insert into ops.load values (?, ?, ?, ?)", [str(number), number, file, kind])
        con.execute(
            "insert into intermediate.int_returns_record values ('cin_child', 99, 'x', 99, 1, null, '3', 2023, null)"
        )
    return place


def test_each_authority_and_year_has_a_line(settings):
    lines = returns_lines(settings, RETURNS)
    assert [line.split() for line in lines[1:-1]] == [
        ["1", "2023", "9", "1", "0", "5"],
        ["1", "2025", "1", "0", "0", "1"],
        ["1", "local", "1", "0", "1", "0"],
        ["2", "2023", "1", "0", "0", "1"],
        ["3", "2023", "1", "0", "0", "0"],
    ]
    assert lines[-1].endswith("--validation 3 2023")


def test_a_rule_has_its_sentence_and_its_places_the_gravest_first(settings):
    lines = validation_lines(settings, RETURNS, "1", "2023")
    assert lines[0] == "5 rules broken in 6 places."
    assert [line.split()[0] for line in lines if line.startswith("SC")] == ["SC405", "SC104", "SC121", "SC417", "SC420"]
    text = "\n".join(lines)
    assert RETURNS.rules["SC420"].sentence in text
    assert RETURNS.rules["SC420"].action in text
    assert "cin 8565" in text
    assert "SC999" not in text
    assert "old.xml" not in text


@pytest.mark.parametrize(
    ("year", "place"),
    [
        ("2023", "1/2023/cin.xml, ChildProtectionPlans, row 40"),
        ("2023", "1/2023/cin.xml, ChildProtectionPlans, row 41, CPPendDate"),
        ("2023", "1/2023/cin.xml, CINPlanDates, row 42, CINPlanEndDate"),
        ("2023", "1/2023/episodes.csv, Episodes, row 9, DEC"),
        # The text of the element itself.
        ("2023", "1/2023/cin.xml, CPPreviewDate, row 43, CPPreviewDate"),
        # As the year calls it.
        ("2025", "1/2025/cin.xml, Child, row 5, Sex"),
        ("local", "1/local/missing.csv, missing_episode, row 3, ended_at"),
    ],
)
def test_a_place_is_called_as_the_file_calls_it(settings, year, place):
    assert f"       {place}" in validation_lines(settings, RETURNS, "1", year)


def test_only_so_many_places_of_a_rule_are_shown(settings):
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute(
            "insert into intermediate.int_returns_problem "
            "select 'SC301', 'cin_child', 1000 + n, null from range(15) as t(n);"
            "insert into intermediate.int_returns_record "
            "select 'cin_child', 1000 + n, '1', 1, n, null, '3', 2023, null from range(15) as t(n)"
        )
    lines = validation_lines(settings, RETURNS, "3", "2023")
    assert sum(line.endswith(tuple("0123456789")) and "row" in line for line in lines) == 10
    assert "       and 5 more" in lines
    assert lines[-1] == "All places: the same command with --out FILE.csv"


def test_no_rule_is_broken(settings):
    assert validation_lines(settings, RETURNS, "3", "2023") == ["Every rule is kept."]


def test_the_file_has_every_place_for_its_owner_only(settings, tmp_path):
    out = tmp_path / "places.csv"
    lines = validation_lines(settings, RETURNS, "1", "2023", out)
    assert lines[-1] == f"6 places written to {out}, which only you can read."
    assert out.stat().st_mode & 0o777 == 0o600
    with out.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["rule"], row["table"], row["row"], row["column"]) for row in rows] == [
        ("SC104", "CPPreviewDate", "43", "CPPreviewDate"),
        ("SC121", "Episodes", "9", "DEC"),
        ("SC405", "ChildProtectionPlans", "40", ""),
        ("SC417", "CINPlanDates", "7", "CINPlanEndDate"),
        ("SC417", "CINPlanDates", "42", "CINPlanEndDate"),
        ("SC420", "ChildProtectionPlans", "41", "CPPendDate"),
    ]
    assert rows[2]["place"] == "Children/Child[2]/CINdetails[1]"
    assert rows[2]["severity"] == "record set aside"


@pytest.mark.parametrize(
    ("authority", "year", "out", "words"),
    [
        ("9", "2023", None, "authority 9 and year 2023"),
        ("1", "2022", None, "1 2023, 1 2025, 1 local, 2 2023, 3 2023"),
        ("1", "twenty", None, "authority 1 and year twenty"),
        ("1", "2023", "there.csv", "already"),
        ("1", "2023", "no/folder.csv", "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_told(settings, tmp_path, authority, year, out, words):
    (tmp_path / "there.csv").write_text("ours")
    with pytest.raises(OperatorError, match=words):
        validation_lines(settings, RETURNS, authority, year, out and tmp_path / out)
    assert (tmp_path / "there.csv").read_text() == "ours"


def test_a_home_in_which_nothing_was_judged_says_so(tmp_path):
    place = Settings(tmp_path, tmp_path / "raw", "sample")
    with pytest.raises(OperatorError, match="no warehouse"):
        returns_lines(place, RETURNS)
    place.warehouse_path.parent.mkdir(parents=True)
    duckdb.connect(str(place.warehouse_path)).close()
    assert returns_lines(place, RETURNS) == validation_lines(place, RETURNS, "1", "2023")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--validation", "1", "2023"], 0, "5 rules broken in 6 places."),
        (["--validation", "1", "local"], 0, "1 rule broken in 1 place."),
        ([], 0, "insights returns --validation"),
        (["--validation", "9", "2023"], 1, "Nothing of authority 9"),
        (["--out", "f.csv"], 1, "--out goes with --validation"),
    ],
)
def test_the_command_as_it_is_typed(settings, monkeypatch, capsys, arguments, code, words):
    monkeypatch.setattr(sys, "argv", ["insights", "returns", *arguments, "--home", str(settings.home)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    said = capsys.readouterr()
    assert (stopped.value.code or 0) == code
    assert words in said.out + said.err
