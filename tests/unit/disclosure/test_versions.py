"""Two versions of a table, held against every pair of tables of whole numbers that fits both prints."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disclosure.audit import audit
from disclosure.settle import settle
from disclosure.versions import beside_printed
from tests.support.small_tables import CELLS, ROUNDING, everything_that_fits, is_told, two_by_two

cells = st.lists(st.integers(0, 6), min_size=4, max_size=4)
changes = st.lists(st.integers(-2, 2), min_size=4, max_size=4)


def prints_of(values: list[int], draw: int) -> list[int | None]:
    return [ROUNDING.draw(f"{count}", value, draw) for count, value in enumerate(values)]


def told_by_both(
    places: dict[tuple[int, int], int], now: list[int | None], before: list[int | None], moved: int
) -> set[int]:
    """What every pair of tables says that fits, of which no count differs by more than `moved`; now, then before."""
    fits = [everything_that_fits(places, prints, ROUNDING) for prints in (now, before)]
    # By rows: all pairs at once would be more than there is room for.
    tables = [np.stack([one[place] for place in places], axis=1).astype(np.int8) for one in fits]
    stay = [np.zeros(len(one), dtype=bool) for one in tables]
    for row, table in enumerate(tables[0]):
        is_pair = (abs(tables[1] - table) <= moved).all(axis=1)
        stay[0][row] = is_pair.any()
        stay[1] |= is_pair
    told: set[int] = set()
    for version, (one, stays) in enumerate(zip(fits, stay, strict=True)):
        kept = {place: values[stays] for place, values in one.items()}
        for (row, column), count in places.items():
            own = {count + version * len(places)}
            n = kept[row, -1]
            rest = n - kept[row, column]
            if is_told(kept[row, column], ROUNDING.threshold):
                told |= own
            is_alike = rest.max() == 0 and n.min() >= 1 and n.max() <= 10
            if column >= 0 and (is_told(rest, ROUNDING.threshold) or is_alike):
                told |= own | {places[row, -1] + version * len(places)}
    return told


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cells, changes, st.integers(0, 3))
def test_what_both_versions_tell_is_what_every_pair_says(values: list[int], moves: list[int], draw: int) -> None:
    system, places = two_by_two([max(0, value + move) for value, move in zip(values, moves, strict=True)])
    earlier, _ = two_by_two(values)
    moved = max(abs(now - then) for now, then in zip(system.values, earlier.values, strict=True))
    now, before = prints_of(system.values, draw), prints_of(earlier.values, 0)
    joint = beside_printed(system, [1] * len(now), moved, ROUNDING.within)
    verdict = audit(joint, [*now, *before], ROUNDING)
    assert verdict.is_possible
    assert not verdict.undecided
    assert verdict.told == told_by_both(places, now, before, moved)


def test_a_version_that_would_tell_with_the_earlier_one_is_drawn_anew_or_not_printed() -> None:
    """Each version alone tells nothing; both together do, while nobody says so: then the new one gives way."""
    given_way = 0
    for seed in range(20):
        chance = np.random.default_rng(seed)
        values = [int(number) for number in chance.integers(0, 6, 4)]
        system, places = two_by_two([value + (cell == seed % len(CELLS)) for cell, value in enumerate(values)])
        earlier, _ = two_by_two(values)
        before = settle(earlier, ROUNDING, str).prints
        alone = settle(system, ROUNDING, str)
        size = len(system.values)
        joint = beside_printed(system, [1] * size, 1, ROUNDING.within)
        both = settle(joint, ROUNDING, str, {size + count: printed for count, printed in enumerate(before)})
        assert both.prints[size:] == before
        # Where not even every n is printed there are too many tables to look at.
        if not both.told and all(both.prints[places[row, -1]] is not None for row in (-1, 0, 1)):
            assert not told_by_both(places, both.prints[:size], before, 1)
        given_way += both.prints[:size] != alone.prints
    assert given_way
