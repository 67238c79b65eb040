"""What is printed in the end: nothing is told, whoever looks at every table that fits."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disclosure import settle as settling
from disclosure.audit import audit
from disclosure.rounding import Rounding
from disclosure.settle import Settled, settle
from disclosure.system import System
from tests.support.small_tables import KEY, ROUNDING, told_by_hand, two_by_two

cells = st.lists(st.integers(0, 9), min_size=4, max_size=4)


def decide(system: System, key: bytes = KEY) -> Settled:
    return settle(system, Rounding(5, key), str)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cells, st.binary(min_size=1, max_size=4))
def test_nothing_is_told_by_what_is_printed(values: list[int], key: bytes) -> None:
    system, places = two_by_two(values)
    done = decide(system, key)
    assert done.is_possible
    assert not done.told
    assert not told_by_hand(places, done.prints, ROUNDING)
    for count, printed in enumerate(done.prints):
        assert printed is None or abs(printed - system.values[count]) <= 4
    # Every n is printed, and every count over a printed n of 25 or more, but for those that the audit hid.
    for (row, column), count in places.items():
        n = done.prints[places[row, -1]]
        is_due = column < 0 or (n is not None and n >= 25)
        assert (done.prints[count] is not None) == (is_due and count not in done.hidden)
    assert decide(two_by_two(values)[0], key) == done


def test_what_tells_something_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of a service are moved up to 5 and all services down to 0: they go back to the nearest multiple."""
    drawn = []

    def draw(_: Rounding, name: str, value: int, attempt: int = 0) -> int:
        drawn.append((name, attempt))
        return {"all": 0, "one": 5, "two": 0}[name] if attempt == 0 else 0

    monkeypatch.setattr(Rounding, "draw", draw)
    system = System()
    counts = [system.count(name, number) for name, number in (("all", 2), ("one", 2), ("two", 0))]
    for count in counts:
        system.show(count, None, "table")
    system.relate_if_true({counts[0]: 1, counts[1]: -1, counts[2]: -1})
    done = decide(system)
    assert done.prints == [0, 0, 0]
    assert (done.rounds, done.attempts) == (1, [1, 1, 1])
    assert {("all", 0), ("one", 0), ("all", 1), ("one", 1)} <= set(drawn)


def test_what_has_been_printed_before_stays_and_what_it_tells_is_not_printed_again() -> None:
    """A total that was printed as nothing, and a part of it that would be printed as five however it is drawn."""
    system = System()
    whole, n, part = system.count("whole", 4), system.count("n", 40), system.count("part", 4)
    system.show(whole, n, "old")
    system.show(part, n, "new")
    system.relate_if_true({whole: 1, part: -1})
    done = settle(system, Rounding(5, KEY), str, {whole: 0, n: 40})
    assert done.prints[whole] == 0
    assert done.prints[n] == 40
    assert not done.told
    assert done.prints[part] in (None, 0)


def test_what_is_told_whatever_is_drawn_is_hidden_by_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "_ROUNDS", 2)
    system = System()
    n, part, other = system.count("n", 45), system.count("part", 5), system.count("other", 40)
    system.show(part, n, "table")
    system.show(other, n, "another table")
    # A reader knows that there are five at most, and one at least.
    limit, least = system.count("limit", 5), system.count("least", 1)
    system.is_known[limit] = system.is_known[least] = True
    system.bound_if_true({limit: 1, part: -1})
    system.bound_if_true({part: 1, least: -1})
    done = decide(system)
    # Not to print it does not help either, so it is told, and gate 2 stops the release.
    assert part in done.hidden
    assert done.prints[other] is not None
    assert part in done.told


def test_nearest_alone_is_undone_by_who_knows_that_it_is() -> None:
    """With the distance of nearest rounding in mind a reader works out what rounding with a key keeps."""
    system, _ = two_by_two([3, 0, 9, 9])
    nearest = [ROUNDING.draw("", value, 1) for value in system.values]
    told = audit(system, nearest, _Nearest(5, KEY)).told
    assert told
    assert not audit(system, nearest, ROUNDING).told


class _Nearest(Rounding):
    """As if a printed count were always the nearest multiple."""

    @property
    def within(self) -> int:
        return 2


def test_names_are_what_is_drawn_by() -> None:
    system, places = two_by_two([3, 9, 9, 9])
    done = settle(system, ROUNDING, partial("{}".format))
    count = places[0, 0]
    if done.attempts[count] == 0 and done.prints[count] is not None:
        assert done.prints[count] == ROUNDING.draw("(0, 0)", 3)
