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
        "11111111  which of 2 versions of one intake form, alike in their times, is the latest?",
        "          aaaa  may.csv, row 2",
        "          bbbb  july.csv, row 4; june.csv, row 3",
        "",
        "Until then all these forms are set aside. Ask the service which one holds, then say it:",
        "  insights decide 11111111 aaaa",
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
    assert "11111111  which of 2 versions" in decide_lines(settings, None, None, show_all=True)[2]
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
