"""Disclosure control on small tables: held against every table of whole numbers that fits what is shown."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from disclosure.bounds import ranges
from disclosure.protect import COMPLEMENTARY, PRIMARY, Protection, protect
from disclosure.system import System
from tests.support.small_tables import COLUMNS, ROWS, line, three_by_three, two_way

# Every cell is at most 6, so tables that differ from the true one are among those of at most 8.
MOST, TRIED = 6, 8

tables = st.lists(st.integers(0, MOST), min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS)


def possible(system: System, places: dict[tuple[int, int], int], done: Protection) -> dict[int, set[int]]:
    """Every value that each hidden count has in some table that fits: what is shown is as shown, hidden is not zero."""
    inner = [(row, column) for row in range(ROWS) for column in range(COLUMNS)]
    tried = [range(1, TRIED + 1) if places[cell] in done.rule else (system.values[places[cell]],) for cell in inner]
    grids = np.array(list(product(*tried))).reshape(-1, ROWS, COLUMNS)
    found = {}
    fits = np.ones(len(grids), dtype=bool)
    for (row, column), count in places.items():
        values = grids
        values = values.sum(axis=1, keepdims=True) if row < 0 else values[:, [row], :]
        values = values.sum(axis=2, keepdims=True) if column < 0 else values[:, :, [column]]
        found[count] = values.reshape(-1)
        fits &= (found[count] >= 1) if count in done.rule else (found[count] == system.values[count])
    return {count: set(found[count][fits].tolist()) for count in places.values() if count in done.rule}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables)
def test_no_hidden_count_follows_from_what_is_shown(cells: list[int]) -> None:
    system, places = two_way(cells)
    done = protect(system)
    for count, values in possible(system, places, done).items():
        assert system.values[count] in values
        assert len(values) > 1 or count in done.unavoidable
        found = done.ranges[count]
        assert count in done.unavoidable or found.lower < 1 or found.upper > done.threshold
        assert found.lower <= min(values)
        assert found.upper >= max(values)


@settings(max_examples=60, deadline=None)
@example([2, 0, 2, 40, 1, 3, 3, 3, 0])
@given(three_by_three)
def test_ranges_are_of_what_is_published_in_the_end(cells: list[int]) -> None:
    """While counts are tried, more is hidden than in the end, and more is possible."""
    system, _ = two_way(cells, 3, 3)
    done = protect(system)
    unknown = [count in done.rule for count in range(len(system.values))]
    assert done.ranges == ranges(system, unknown, done.rule)


@settings(max_examples=60, deadline=None)
@given(tables, st.integers(1, 6))
def test_small_counts_are_hidden_and_zeros_shown(cells: list[int], threshold: int) -> None:
    system, _ = two_way(cells)
    done = protect(system, threshold)
    for count, value in enumerate(system.values):
        if value == 0:
            assert count not in done.rule
        if 1 <= value <= threshold:
            assert done.rule[count] == PRIMARY
    again = protect(two_way(cells)[0], threshold)
    assert (again.rule, again.ranges, again.unavoidable) == (done.rule, done.ranges, done.unavoidable)


def test_without_complementary_suppression_the_tables_give_small_counts_back() -> None:
    system, places = two_way([3, 40, 50, 60, 70, 80])
    done = protect(system, complementary=False)
    assert done.rule == {places[0, 0]: PRIMARY}
    assert possible(system, places, done)[places[0, 0]] == {3}
    assert done.ranges[places[0, 0]].lower == done.ranges[places[0, 0]].upper == 3


def test_a_line_with_one_hidden_count_loses_its_smallest_other() -> None:
    system, (_, few, some, _, _) = line(2, 20, 40, 0)
    assert protect(system).rule == {few: PRIMARY, some: COMPLEMENTARY}


def test_a_bound_that_pins_a_count_is_answered() -> None:
    """All who ticked something ticked one option: those who ticked nothing are n less that option."""
    system = System()
    n, option, missing = (
        system.count(name, value, is_public=True, weight=10 if name == "n" else 1)
        for name, value in (("n", 40), ("option", 37), ("missing", 3))
    )
    system.bound({n: 1, option: -1, missing: -1})
    system.bound({n: -1, option: 1, missing: 1})
    done = protect(system)
    assert done.rule[missing] == PRIMARY
    assert option in done.rule
    assert done.ranges[missing].upper > 5


def test_counts_that_are_known_not_to_be_zero_are_wide_all_the_same() -> None:
    """Two hidden counts with a remainder of 3 would each be 1 or 2, which nobody but the two services may know."""
    system, (_, first, second, third) = line(1, 2, 30)
    done = protect(system)
    assert done.rule == {first: PRIMARY, second: PRIMARY, third: COMPLEMENTARY}
    assert done.ranges[first].upper > 5
    assert done.ranges[second].upper > 5


def test_what_cannot_be_protected_is_said() -> None:
    system = System()
    one, same = system.count("one", 2, is_public=True), system.count("known", 0, is_public=True)
    two = system.count("two", 2, is_public=True)
    system.relate({one: 1, two: -1})
    system.relate({one: 1, same: 1, two: -1})
    done = protect(system)
    assert done.unavoidable == set()
    pinned = System()
    known = pinned.count("known", 3, is_public=True)
    pinned.bound({known: 1}, -3)
    pinned.bound({known: -1}, 3)
    assert protect(pinned).unavoidable == {known}
