"""The audit, held against every table of whole numbers that fits what is printed."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from disclosure.audit import audit
from disclosure.rounding import Rounding
from disclosure.system import System
from tests.support.small_tables import ROUNDING, everything_that_fits, told_by_hand, two_by_two

cells = st.lists(st.integers(0, 7), min_size=4, max_size=4)


@pytest.mark.parametrize("many", [30_000, 0], ids=["whole", "in parts"])
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cells, st.lists(st.sampled_from([-1, 0, 1]), min_size=9, max_size=9), st.integers(0, 511))
@example([1, 0, 0, 0], [0] * 9, 0)
@example([4, 4, 4, 4], [1, -1, -1, -1, -1, -1, -1, -1, -1], 0)
def test_what_is_told_is_what_every_table_that_fits_says(
    many: int, values: list[int], moves: list[int], not_printed: int
) -> None:
    """Prints of any kind, also such as no draw gives: each a multiple near its count, or nothing."""
    system, places = two_by_two(values)
    prints: list[int | None] = []
    for count, move in enumerate(moves):
        value = system.values[count]
        near = max(0, (value // 5 + move) * 5) if move else ROUNDING.draw("", value, 1)
        within = near if abs(near - value) <= 4 else ROUNDING.draw("", value, 1)
        prints.append(None if not_printed >> count & 1 and not system.is_base[count] else within)
    with patch("disclosure.program._MANY", many):
        verdict = audit(system, prints, ROUNDING)
    assert verdict.is_possible
    assert not verdict.undecided
    by_hand = told_by_hand(places, prints, ROUNDING)
    assert verdict.told == {places[place] for place in by_hand}


def test_prints_that_nothing_fits_are_no_prints() -> None:
    system, places = two_by_two([10, 10, 10, 10])
    prints: list[int | None] = [0] * 9
    prints[places[0, 0]] = 30
    assert not audit(system, prints, ROUNDING).is_possible


def test_all_services_are_printed_as_nothing_and_one_of_them_as_five() -> None:
    """The pattern behind most of what has to be drawn anew: 0 says 0 to 4, 5 says 1 to 9, so both are 1 to 4."""
    system = System()
    whole, one, two = (system.count(name, number) for name, number in (("all", 2), ("one", 2), ("two", 0)))
    for count in (whole, one, two):
        system.show(count, None, "table")
    system.relate_if_true({whole: 1, one: -1, two: -1})
    assert audit(system, [0, 5, 0], ROUNDING).told == {whole, one}
    assert not audit(system, [0, 0, 0], ROUNDING).told
    assert not audit(system, [5, 5, 5], ROUNDING).told


def test_a_known_number_is_no_secret_and_gives_others_away() -> None:
    system = System()
    days, count = system.count("days", 3), system.count("count", 3)
    system.show(count, None, "table")
    system.is_known[days] = True
    system.relate_if_true({days: 1, count: -1})
    assert audit(system, [3, 5], ROUNDING).told == {count}


def test_an_average_says_something_where_it_is_printed() -> None:
    """All 25 have 18 of 18: nobody can have less, so the rest of n is nothing; over a smaller n nothing is printed."""
    for printed, is_told in ((25, True), (20, False)):
        system = System()
        n, low, high = (system.count(name, number) for name, number in (("n", 23), ("low", 1), ("high", 22)))
        system.show(n, None, "table")
        system.show(low, n, "table")
        system.relate_if_true({n: 1, low: -1, high: -1})
        # As if an average said that there is at least one of the low ones.
        system.averages.append((n, {low: 1}, -1))
        verdict = audit(system, [printed, 0, None], ROUNDING)
        assert (low in verdict.told) == is_told


@pytest.mark.parametrize(("base", "low", "high"), [(5, 0, 4), (7, 0, 6), (10, 0, 9)])
def test_a_printed_nothing_says_up_to_less_than_the_base(base: int, low: int, high: int) -> None:
    rounding = Rounding(base, b"k")
    _, places = two_by_two([0, 0, 0, 0])
    fits = everything_that_fits(places, [0] * 9, rounding)
    assert (fits[-1, -1].min(), fits[-1, -1].max()) == (low, high)


def test_a_print_of_a_smaller_base_says_more() -> None:
    """Of a threshold that was raised from 5 to 10: a 5 of then says 1 to 9, so with a 0 of now both are that."""
    rounding = Rounding(10, b"k")
    system = System()
    whole, one, two = (system.count(name, number) for name, number in (("all", 6), ("one", 6), ("two", 0)))
    for count in (whole, one, two):
        system.show(count, None, "table")
    system.relate_if_true({whole: 1, one: -1, two: -1})
    assert not audit(system, [0, 0, 0], rounding).told
    system.within[one] = 4
    # Of the 5 itself that is nothing new: all that it was to keep is that it is no more than 5.
    assert audit(system, [0, 5, 0], rounding).told == {whole}
