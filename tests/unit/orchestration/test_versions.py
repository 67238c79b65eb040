"""Which version is later where times do not say: arrival decides once and is written down; decisions hold for ever."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from orchestration.decisions import ARRIVAL, LATER_VERSION, OPERATOR, Decision, append_decisions, read_decisions
from orchestration.settings import Settings
from orchestration.versions import Settled, contested_submissions, settle_versions
from orchestration.warehouse import open_warehouse
from tests.support.contested_versions import Form, contested, home, key

AT = "2024-05-02T09:30:00Z"
A: Form = ("1", "1", "a", "first.csv")
B: Form = ("1", "1", "b", "second.csv")
C: Form = ("1", "1", "c", "third.csv")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return home(tmp_path)


def later(settings: Settings) -> set[tuple[str, str]]:
    """Pairs of contents, the later one first, as one letter each."""
    with open_warehouse(settings, read_only=True) as con:
        rows = con.execute("select later_hash, earlier_hash from ops.later_version").fetchall()
    return {(one[0], other[0]) for one, other in rows}


def said(content: str, *over: str, by: str = OPERATOR) -> Decision:
    return Decision(LATER_VERSION, key("1"), key(content), by, AT, "ada", "intake", tuple(map(key, over)))


@pytest.mark.parametrize(
    ("runs", "decided", "waiting"),
    [
        ({"r1": [A], "r2": [B]}, {("b", "a")}, 0),
        ({"r1": [A, B]}, set(), 1),
        ({"r1": [A], "r2": [B], "r3": [C]}, {("c", "a"), ("c", "b")}, 0),
        # a later run brings two: neither is later than the other, nor does the one before them count
        ({"r1": [A], "r2": [B, C]}, set(), 1),
        # both came in one run, and one of them again
        ({"r1": [A, B], "r2": [("1", "1", "b", "again.csv")]}, {("b", "a")}, 0),
        # two submissions under one number are nothing to each other
        ({"r1": [A, ("2", "1", "c", "x.csv")], "r2": [B, ("2", "1", "d", "y.csv")]}, {("b", "a"), ("d", "c")}, 0),
    ],
)
def test_what_came_in_a_later_run_than_all_others_is_later(settings, runs, decided, waiting) -> None:
    contested(settings, runs)
    settled = settle_versions(settings, "run-9")
    assert later(settings) == decided
    assert settled.are_open == waiting
    for decision in read_decisions(settings):
        assert (decision.kind, decision.by, decision.who, decision.form) == (
            LATER_VERSION, ARRIVAL, "run-9", "intake",
        )  # fmt: skip
        assert decision.key == key("1")


def test_it_is_written_down_once_and_a_home_made_anew_reads_it(settings: Settings, tmp_path: Path) -> None:
    contested(settings, {"r1": [A], "r2": [B]})
    assert settle_versions(settings, "r2") == Settled(1, 0)
    written = settings.decisions_path.read_bytes()
    assert settle_versions(settings, "r3") == Settled(0, 0)
    assert settings.decisions_path.read_bytes() == written
    # All at once, or the other way round: what was decided holds.
    for number, runs in enumerate(({"r1": [A, B]}, {"r1": [B], "r2": [A]})):
        anew = home(tmp_path / str(number))
        anew.home.mkdir(parents=True)
        anew.decisions_path.write_bytes(written)
        contested(anew, runs)
        assert settle_versions(anew, "r9") == Settled(0, 0)
        assert later(anew) == {("b", "a")}
        assert anew.decisions_path.read_bytes() == written


def test_what_the_operator_said_is_not_overruled_by_arrival(settings: Settings) -> None:
    contested(settings, {"r1": [A], "r2": [B]})
    append_decisions(settings, [said("a", "b")])
    assert settle_versions(settings, "r2") == Settled(0, 0)
    assert later(settings) == {("a", "b")}
    # A third content is another matter.
    contested(settings, {"r1": [A], "r2": [B], "r3": [C]})
    assert settle_versions(settings, "r3") == Settled(1, 0)
    assert later(settings) == {("a", "b"), ("c", "a"), ("c", "b")}


def test_what_the_operator_said_of_contents_that_are_gone_asks_again(settings: Settings) -> None:
    contested(settings, {"r1": [A], "r2": [B]})
    append_decisions(settings, [said("e", "f")])
    assert settle_versions(settings, "r2") == Settled(0, 1)
    append_decisions(settings, [said("a", "b")])
    assert settle_versions(settings, "r3") == Settled(0, 0)


def test_of_two_decisions_the_later_line_holds(settings: Settings) -> None:
    contested(settings, {"r1": [A, B]})
    append_decisions(settings, [said("a", "b"), said("b", "a"), replace(said("a", "b"), form="exit")])
    assert settle_versions(settings, "r1") == Settled(0, 0)
    with open_warehouse(settings, read_only=True) as con:
        assert con.execute("select * from ops.later_version order by all").fetchall() == [
            ("exit", key("1"), key("a"), key("b")),
            ("intake", key("1"), key("b"), key("a")),
        ]


@pytest.mark.parametrize("order", list(permutations([("a", "b"), ("b", "c"), ("c", "a")])))
def test_decisions_that_go_round_in_a_circle_settle_nothing(settings: Settings, order) -> None:
    contested(settings, {"r1": [A, B, C]})
    append_decisions(settings, [said(*pair) for pair in order])
    assert settle_versions(settings, "r1").are_open == 1


def test_what_is_contested_is_told_with_files_and_rows(settings: Settings) -> None:
    with open_warehouse(settings) as con:
        assert contested_submissions(con) == []
    contested(
        settings,
        {"r1": [A, B, ("1", "1", "a", "second.csv"), ("2", "2", "c", "x.csv")], "r2": [("2", "2", "d", "y.csv")]},
    )
    settle_versions(settings, "r2")
    with open_warehouse(settings) as con:
        one, two = contested_submissions(con)
    assert (one.submission_key, one.is_open, two.submission_key, two.is_open) == (key("1"), True, key("2"), False)
    assert [(version.content_hash[0], version.places) for version in one.versions] == [
        ("a", (("first.csv", 2), ("second.csv", 4))),
        ("b", (("second.csv", 3),)),
    ]
