"""Small systems of counts for the tests of disclosure control."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import strategies as st

from disclosure.bounds import Audit
from disclosure.system import System

ROWS, COLUMNS = 2, 3

three_by_three = st.lists(st.integers(0, 30), min_size=9, max_size=9)


def two_way(cells: list[int], rows: int = ROWS, columns: int = COLUMNS) -> tuple[System, dict[tuple[int, int], int]]:
    """A table with its margins; row or column -1 is the total."""
    system = System()
    grid = np.array(cells).reshape(rows, columns)
    places = {
        (row, column): system.count(
            (row, column),
            int(
                grid[
                    slice(None) if row < 0 else slice(row, row + 1),
                    slice(None) if column < 0 else slice(column, column + 1),
                ].sum()
            ),
            is_public=True,
        )
        for row in range(-1, rows)
        for column in range(-1, columns)
    }
    for row in range(-1, rows):
        system.relate({places[row, -1]: 1} | {places[row, column]: -1 for column in range(columns)})
    for column in range(-1, columns):
        system.relate({places[-1, column]: 1} | {places[row, column]: -1 for row in range(rows)})
    return system, places


def line(*parts: int) -> tuple[System, list[int]]:
    """A total and its parts, in this order."""
    system = System()
    counts = [system.count(place, value, is_public=True) for place, value in enumerate((sum(parts), *parts))]
    system.relate({counts[0]: 1} | dict.fromkeys(counts[1:], -1))
    return system, counts


def with_bounds(cells: list[int], random: Random) -> System:
    """A table of three by three of which also is known that some counts are not less than others."""
    system, places = two_way(cells, 3, 3)
    for _ in range(4):
        larger, smaller = sorted(random.sample(list(places.values()), 2), key=lambda count: -system.values[count])
        system.bound({larger: 1, smaller: -1})
    return system


def exposed(system: System, hidden: list[int]) -> set[int]:
    """Asked of an audit that knows nothing yet."""
    unknown = [count in hidden for count in range(len(system.values))]
    return Audit(system, 5).exposed(unknown, {count for count in hidden if system.values[count]})
