"""`insights decide`: what it lists, what it writes down, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.commands.decide import decide_lines, decide_note
from orchestration.decisions import OPERATOR, read_decisions
from orchestration.errors import OperatorError
from orchestration.settings import Settings
from orchestration.versions import Settled, settle_versions
from orchestration.warehouse import open_warehouse
from tests.support.contested_versions import contested, home, key

FORMS = [("1", "1", "a", "may.csv"), ("1", "1", "b", "june.csv"), ("1", "1", "b", "july.csv")]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return home(tmp_path)


def test_without_a_warehouse_there_is_nothing_to_decide(settings: Settings) -> None:
    with pytest.raises(OperatorError, match="no warehouse"):
        decide_lines(settings, None, None)
    with pytest.raises(OperatorError, match="no warehouse"):
        decide_lines(settings, "11111111", "aaaa")
    assert not settings.home.exists()


def test_what_is_open_is_listed_and_decided(settings: Settings) -> None:
    contested(settings, {"r1": FORMS})
    assert settle_versions(settings, "r1") == Settled(0, 1)
    with open_warehouse(settings) as con:
        assert decide_note(con) == ["", "Open     1 question that nothing in the files decides: `insights decide` asks"]
    assert decide_lines(settings, None, None) == [
        "1 question open.",
        "",
        "11111111  Which of 2 versions of one intake form, alike in their times, is the latest?",
        "          aaaa  may.csv, row 2",
        "          bbbb  july.csv, row 4; june.csv, row 3",
        "",
        "Until then what they are about counts nowhere. Ask whoever sent it which one holds, then say it:",
        "  insights decide 11111111 <option>",
    ]
    said = decide_lines(settings, "11111111", "bbbb")
    assert said[0].endswith("is the latest? july.csv, row 4; june.csv, row 3")
    assert str(settings.decisions_path) in said[1]
    (decision,) = read_decisions(settings)
    assert (decision.key, decision.decided, decision.over, decision.by) == (key("1"), key("b"), (key("a"),), OPERATOR)
    assert decision.who
    assert decide_lines(settings, None, None) == [
        "Nothing is open.",
        "1 decision made since the last run: `insights run` counts by them.",
    ]
    assert settle_versions(settings, "r2") == Settled(0, 0)
    with open_warehouse(settings) as con:
        assert decide_note(con) == []
    assert decide_lines(settings, None, None) == [
        "Nothing is open.",
        "1 question decided before: `insights decide --all` shows them as well.",
    ]
    # Who was wrong says it again.
    assert "11111111  Which of 2 versions" in decide_lines(settings, None, None, show_all=True)[2]
    decide_lines(settings, "11111111", "aaaa")
    assert [one.decided for one in read_decisions(settings)] == [key("b"), key("a")]


@pytest.mark.parametrize(
    ("code", "option", "why"),
    [
        ("22222222", "aaaa", "nothing to decide under this id"),
        ("Maria", "aaaa", "nothing to decide under this id"),
        ("11111111", None, "it can be decided: aaaa, bbbb"),
        ("11111111", "cccc", "it can be decided: aaaa, bbbb"),
    ],
)
def test_what_there_is_not_is_refused(settings: Settings, code: str, option: str | None, why: str) -> None:
    contested(settings, {"r1": FORMS})
    settle_versions(settings, "r1")
    with pytest.raises(OperatorError, match=why) as told:
        decide_lines(settings, code, option)
    assert "Maria" not in str(told.value)
    assert read_decisions(settings) == []


def test_ids_and_options_that_begin_alike_are_longer(settings: Settings) -> None:
    contested(settings, {"r1": FORMS})
    settle_versions(settings, "r1")
    with open_warehouse(settings) as con:
        con.execute(
            "update intermediate.int_form_version set content_hash = 'aaaaaa' || content_hash where content_hash <> ?",
            [key("a")],
        )
    assert [line.split()[0] for line in decide_lines(settings, None, None)[3:5]] == ["aaaaaaa", "aaaaaab"]


def in_conflict(settings: Settings, decided: str | None = None) -> None:
    """Client 7 has two months of birth on three forms of two files, and an exit without; client 8 is decided."""
    with open_warehouse(settings) as con:
        con.execute(
            "create schema if not exists intermediate; create schema if not exists marts;"
            "create or replace table intermediate.int_client_conflict "
            "(landed_row_id bigint, client_key varchar, decided varchar, said_month date);"
            "create or replace table marts.form_disposition "
            "(landed_row_id bigint, source_file varchar, source_row bigint);"
            "insert into marts.form_disposition values "
            "(1, 'may.csv', 2), (2, 'june.csv', 5), (3, 'may.csv', 9), (4, 'out.csv', 3)"
        )
        for row, month in ((1, "2014-03-01"), (2, "2009-11-01"), (3, "2014-03-01"), (4, None)):
            con.execute(
                "insert into intermediate.int_client_conflict values (?, ?, ?, ?)", [row, key("7"), decided, month]
            )


def test_whether_a_client_is_one_child_is_asked_without_showing_a_month(settings: Settings) -> None:
    contested(settings, {})
    in_conflict(settings)
    said = decide_lines(settings, None, None)
    assert said[:6] == [
        "1 question open.",
        "",
        "77777777  The forms of one client name 2 months of birth. Are they about one child?",
        "          1  one child, born in the month in june.csv, row 5",
        "          2  one child, born in the month in may.csv, row 2; may.csv, row 9",
        "          several  several children: one of each month; forms without a month stay set aside",
    ]
    assert "20" not in "".join(said)
    decide_lines(settings, "77777777", "several")
    decide_lines(settings, "77777777", "2")
    assert [(one.kind, one.key, one.decided) for one in read_decisions(settings)] == [
        ("birth_month", key("7"), "several_children"),
        ("birth_month", key("7"), "2014-03"),
    ]
    in_conflict(settings, "2014-03")
    with open_warehouse(settings) as con:
        assert decide_note(con) == []
