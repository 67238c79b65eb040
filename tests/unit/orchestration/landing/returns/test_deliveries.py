"""Which of several deliveries is in force, and what an operator can say of them."""

from __future__ import annotations

import re

import pytest

from orchestration.commands.decide import _delivery_questions
from orchestration.decisions import OPERATOR, Decision, read_decisions
from orchestration.landing.returns.order import Sent, in_places, subject_key
from tests.support.returns import census, child, need
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
    made.make("return_type")
    yield made
    made.con.close()


def test_what_nothing_orders_waits_until_it_is_decided(place):
    files = {f"social_care/999/2023/{name}.csv": episodes(number) for number, name in enumerate("ab")}
    place.deliver(files)
    assert standing(place) == [("a", "waiting"), ("b", "waiting")]
    which, *what = _delivery_questions(place.con)
    assert (which.is_open, [option.says[-5] for option in which.options]) == (True, ["a", "b"])
    assert [(one.is_open, one.is_asked) for one in what] == [(False, False)] * 2
    assert "Looked-after children return (SSDA903) of authority 999 for 2023" in which.asks
    chosen = which.options[0].decision
    place.decide(chosen)
    assert standing(place) == [("a", "in_force"), ("b", "replaced")]
    assert chosen.key == subject_key("999", "ssda903", 2023)


def test_a_part_replaces_nothing_and_an_empty_one_only_where_it_is_meant_so(place):
    place.deliver(
        {"social_care/999/2023/a.csv": episodes(1)}, {"social_care/999/2023/b.csv": episodes(2)},
        {"social_care/999/2023/c.csv": f"{EPISODES}\n"},
    )  # fmt: skip
    assert standing(place) == [("a", "replaced"), ("b", "in_force"), ("c", "unconfirmed")]
    told = {re.findall(r"(.)\.csv", question.asks)[-1]: question for question in _delivery_questions(place.con)}
    assert {file: [option.word for option in one.options] for file, one in told.items()} == {
        "a": ["part", "whole", "mistake"], "b": ["part", "whole", "mistake"], "c": ["empty", "mistake"],
    }  # fmt: skip
    assert [file for file, one in told.items() if one.is_open] == ["c"]
    part, empty = told["b"].options[0].decision, told["c"].options[0].decision
    place.decide(part)
    assert standing(place) == [("a", "in_force"), ("b", "in_part"), ("c", "unconfirmed")]
    place.decide(empty)
    assert standing(place) == [("a", "replaced"), ("b", "replaced"), ("c", "in_force")]
    assert [one.by for one in read_decisions(place.settings)] == ["arrival"] * 2 + ["operator"] * 2


ONE, OTHER = "social_care/999/2023/one.csv", "social_care/999/2024/one.csv"
ELSEWHERE, AGAIN = "social_care/998/2024/one.csv", "social_care/999/2024/again.csv"
BESIDE, HEADER_FILE = "social_care/999/2023/beside.csv", "social_care/999/2023/header.csv"
EMPTY = f"{EPISODES}\n"
HEADERS = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nXJ77K1,1,03/04/2012,WBRI,UN1,,\n"


ONE_EACH = [(2023, "in_force"), (2024, "in_force")]


@pytest.mark.parametrize(
    ("runs", "taken_away", "expected"),
    [
        pytest.param([{ONE: episodes(1), OTHER: episodes(1)}], [], ONE_EACH, id="two years"),
        pytest.param([{ONE: episodes(1)}, {OTHER: episodes(1)}], [], ONE_EACH, id="two years in two runs"),
        pytest.param([{OTHER: episodes(1)}, {ELSEWHERE: episodes(1)}], [], [(2024, "in_force")] * 2, id="authorities"),
        pytest.param([{OTHER: episodes(1), AGAIN: episodes(1)}], [], [(2024, "in_force")], id="a copy beside it"),
        pytest.param([{ONE: EMPTY, OTHER: EMPTY}], [], [(2023, "unconfirmed"), (2024, "unconfirmed")], id="empty"),
        pytest.param(
            [{ONE: episodes(1)}, {OTHER: episodes(1)}], [ONE], [(2023, "moved"), (2024, "in_force")], id="moved"
        ),
        pytest.param([{ONE: episodes(1)}, {OTHER: episodes(2)}], [ONE], ONE_EACH, id="gone"),
        pytest.param(
            [{ONE: episodes(1), BESIDE: episodes(2)}, {OTHER: episodes(1)}], [ONE, BESIDE],
            [(2023, "waiting"), (2023, "waiting"), (2024, "in_force")], id="archived with its folder",
        ),
        pytest.param(
            [{ONE: episodes(1), HEADER_FILE: HEADERS}, {OTHER: episodes(1)}], [ONE],
            [(2023, "moved"), (2023, "in_force"), (2024, "in_force")], id="moved from among others",
        ),
        pytest.param([{OTHER: episodes(1)}, {AGAIN: episodes(1)}], [OTHER], [(2024, "in_force")], id="renamed"),
        pytest.param(
            [{ONE: episodes(1)}, {OTHER: episodes(1), ELSEWHERE: episodes(1)}], [ONE],
            [(2023, "moved"), (2024, "in_force"), (2024, "in_force")], id="moved to two",
        ),
    ],
)  # fmt: skip
def test_the_same_bytes_in_two_places_are_two_deliveries(place, runs, taken_away, expected):
    *before, last = runs
    for run in before:
        place.deliver(run)
    place.take_away(*taken_away)
    place.deliver(last)
    found = place.rows("select collection_year, standing from ops.delivery_standing order by collection_year, load_seq")
    assert found == expected
    assert place.rows("select count(*) = count(distinct load_id) from ops.load") == [(True,)]


def test_a_file_that_was_moved_holds_in_both_places_where_somebody_says_so(place):
    place.deliver({ONE: episodes(1)})
    place.take_away(ONE)
    place.deliver({OTHER: episodes(1)})
    (asked,) = [one for one in _delivery_questions(place.con) if one.is_open]
    assert asked.asks == f"{ONE} lies at {OTHER} now and counts there alone. Did it not move?"
    for word, standing_then in (("whole", "in_force"), ("mistake", "mistaken")):
        (said,) = [option.decision for option in asked.options if option.word == word]
        place.decide(said)
        assert place.rows("select standing from ops.delivery_standing where collection_year = 2023") == [
            (standing_then,)
        ]
        assert not [one for one in _delivery_questions(place.con) if one.is_open]


def test_what_is_said_of_a_file_is_not_said_of_the_same_bytes_of_another_year(place):
    place.deliver({ONE: EMPTY, OTHER: EMPTY})
    first, second = (one for one in _delivery_questions(place.con) if one.is_open)
    said = first.options[0].decision
    place.decide(said)
    found = "select standing from ops.delivery_standing order by collection_year"
    assert place.rows(found) == [("in_force",), ("unconfirmed",)]
    assert second.asks.startswith(f"What is {OTHER}? It holds no records")


def test_what_was_said_of_bytes_before_holds_on(place):
    place.deliver({ONE: EMPTY})
    (sha256,) = place.rows("select sha256 from ops.load")[0]
    place.decide(Decision("delivery_is", sha256[:32], "empty", OPERATOR, "2026-01-01T00:00:00Z"))
    assert place.rows("select standing from ops.delivery_standing") == [("in_force",)]


def test_a_mistake_counts_nowhere_and_what_it_had_replaced_is_back(place):
    place.deliver({OTHER: episodes(1)}, {AGAIN: episodes(2)})
    told = {question.asks: question for question in _delivery_questions(place.con)}
    mistake = told[f"What is {AGAIN}?"].options[-1].decision
    assert mistake.decided == "mistake"
    place.decide(mistake)
    assert place.rows("select standing from ops.delivery_standing order by load_seq") == [("in_force",), ("mistaken",)]
    place.make("int_returns_disposition", "fct_care_episode")
    assert place.rows(
        "select disposition, disposition_detail from intermediate.int_returns_disposition order by landed_row_id"
    ) == [("accepted", None), ("withdrawn", "its file was delivered by mistake")]
    assert place.rows("select count(*) from marts.fct_care_episode") == [(1,)]


def test_the_only_delivery_of_a_year_can_be_a_part_which_closes_nothing(place):
    whole, part = (f"social_care/999/{year}/census.xml" for year in (2017, 2018))
    both = [child(number, details=need()) for number in (1, 2)]
    place.deliver({whole: census(*both), part: census(both[0], year=2018)})
    absent = "select count(*), count(absent_from) from marts.fct_referral"
    place.make("fct_referral")
    assert place.rows(absent) == [(2, 1)]
    (told,) = [one for one in _delivery_questions(place.con) if one.asks == f"What is {part}?"]
    assert not told.is_open
    said = told.options[0].decision
    assert said.decided == "part"
    place.decide(said)
    place.make("fct_referral")
    assert place.rows(absent) == [(2, 0)]


def test_what_no_order_parts_stands_in_one_place():
    later = {("b", "a"), ("c", "a"), ("d", "a"), ("d", "c")}

    def is_later(one: Sent, other: Sent) -> bool | None:
        if (one.sha256, other.sha256) in later:
            return True
        return False if (other.sha256, one.sha256) in later else None

    sent = [Sent(1, name, name, "s903_episode", ("1", "ssda903", 2023), "1", (None,) * 3, 1) for name in "dcba"]
    places = in_places(sent, is_later)
    assert [sorted(one.sha256 for one in place) for place in places] == [["a"], ["b", "c", "d"]]
