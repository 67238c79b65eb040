"""Which of several deliveries is in force, and what an operator can say of them."""

from __future__ import annotations

import pytest

from orchestration.commands.decide import _delivery_questions
from orchestration.decisions import OPERATOR, Decision, read_decisions
from orchestration.landing.returns.deliveries import Sent, in_places, subject_key
from tests.support.returns_made import ReturnsMade

HEADER = "child_id,open_date,close_date"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"


def episodes(number: int) -> str:
    return f"{EPISODES}\nXJ77K{number},01/06/2022,S,C2,N1,U6,PR1,,,,,,\n"


def standing(place: ReturnsMade) -> list[tuple[object, ...]]:
    return place.rows(
        "select source_file[-5], standing from ops.delivery_standing inner join ops.load using (load_seq) order by all"
    )


@pytest.fixture
def place(tmp_path):
    made = ReturnsMade(tmp_path)
    made.con.execute(
        "create schema reference; create table reference.return_type as "
        "select 'ssda903' as return_id, 'Looked-after return' as return_label"
    )
    yield made
    made.con.close()


def test_what_nothing_orders_waits_until_it_is_decided(place):
    files = {f"social_care/999/2023/{name}.csv": episodes(number) for number, name in enumerate("ab")}
    place.deliver(files)
    assert standing(place) == [("a", "waiting"), ("b", "waiting")]
    which, *what = _delivery_questions(place.con)
    assert (which.is_open, [option.says[-5] for option in which.options], len(what)) == (True, ["a", "b"], 2)
    assert "Looked-after return of authority 999 for 2023" in which.asks
    chosen = which.options[0].decision
    place.decide(Decision(chosen.kind, chosen.key, chosen.decided, OPERATOR, "2026-01-01T00:00:00Z", over=chosen.over))
    assert standing(place) == [("a", "in_force"), ("b", "replaced")]
    assert chosen.key == subject_key("999", "ssda903", 2023)


def test_a_part_replaces_nothing_and_an_empty_one_only_where_it_is_meant_so(place):
    place.deliver(
        {"social_care/999/2023/a.csv": episodes(1)}, {"social_care/999/2023/b.csv": episodes(2)},
        {"social_care/999/2023/c.csv": f"{EPISODES}\n"},
    )  # fmt: skip
    assert standing(place) == [("a", "replaced"), ("b", "in_force"), ("c", "unconfirmed")]
    told = {question.asks[-6]: question for question in _delivery_questions(place.con)}
    assert {file: [option.word for option in one.options] for file, one in told.items()} == {
        "b": ["part", "whole"], "c": ["empty"],
    }  # fmt: skip
    part, empty = told["b"].options[0].decision, told["c"].options[0].decision
    at = "2026-01-01T00:00:00Z"
    place.decide(Decision(part.kind, part.key, part.decided, OPERATOR, at))
    assert standing(place) == [("a", "in_force"), ("b", "in_part"), ("c", "unconfirmed")]
    place.decide(Decision(empty.kind, empty.key, empty.decided, OPERATOR, at))
    assert standing(place) == [("a", "replaced"), ("b", "replaced"), ("c", "in_force")]
    assert [one.by for one in read_decisions(place.settings)] == ["arrival"] * 2 + ["operator"] * 2


def test_what_no_order_parts_stands_in_one_place():
    later = {("b", "a"), ("c", "a"), ("d", "a"), ("d", "c")}

    def is_later(one: Sent, other: Sent) -> bool | None:
        if (one.sha256, other.sha256) in later:
            return True
        return False if (other.sha256, one.sha256) in later else None

    sent = [
        Sent(1, name, "s903_episode", ("1", "ssda903", 2023), "1", (None,) * 3, 1, is_empty=False) for name in "dcba"
    ]
    places = in_places(sent, is_later)
    assert [sorted(one.sha256 for one in place) for place in places] == [["a"], ["b", "c", "d"]]
