"""Small systems of counts for the tests of disclosure control, and everything that fits what is printed of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from disclosure.rounding import Rounding
from disclosure.system import System

KEY = b"a key of these tests"
ROUNDING = Rounding(5, KEY)
# Places of a table of two rows and two columns; row or column -1 is the total.
CELLS = [(0, 0), (0, 1), (1, 0), (1, 1)]
PLACES = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]


def two_by_two(cells: Sequence[int]) -> tuple[System, dict[tuple[int, int], int]]:
    """A table with its margins: all of it and both rows are an n, the columns and cells are counted over them."""
    values = dict(zip(CELLS, cells, strict=True))
    system = System()
    places = {
        (row, column): system.count(
            (row, column),
            sum(value for (r, c), value in values.items() if row in (-1, r) and column in (-1, c)),
            group=row,
        )
        for row, column in PLACES
    }
    for (row, column), count in places.items():
        system.show(count, None if column < 0 else places[row, -1], f"row {row}")
        if column >= 0:
            system.part(places[row, -1], count)
    for row in (-1, 0, 1):
        system.relate_if_true({places[row, -1]: 1, places[row, 0]: -1, places[row, 1]: -1})
    for column in (-1, 0, 1):
        system.relate_if_true({places[-1, column]: 1, places[0, column]: -1, places[1, column]: -1})
    return system, places


def everything_that_fits(
    places: dict[tuple[int, int], int], prints: Sequence[int | None], rounding: Rounding
) -> dict[tuple[int, int], np.ndarray]:
    """Every table of whole numbers whose counts lie within the base of what is printed: by place, a value for each."""
    bounds = {}
    for place, count in places.items():
        printed = prints[count]
        bounds[place] = (
            (0, 10**9) if printed is None else (max(0, printed - rounding.within), printed + rounding.within)
        )
    tried = [range(bounds[cell][0], min(bounds[cell][1], bounds[cell[0], -1][1]) + 1) for cell in CELLS]
    grid = np.array(list(product(*tried)), dtype=np.int64).reshape(-1, len(CELLS))
    found = {
        (row, column): grid[:, [i for i, (r, c) in enumerate(CELLS) if row in (-1, r) and column in (-1, c)]].sum(
            axis=1
        )
        for row, column in PLACES
    }
    fits = np.ones(len(grid), dtype=bool)
    for place, (least, most) in bounds.items():
        fits &= (found[place] >= least) & (found[place] <= most)
    return {place: values[fits] for place, values in found.items()}


def is_told(values: np.ndarray, threshold: int) -> bool:
    """Whether all of these whole numbers lie from 1 to the threshold, or are one number above zero."""
    least, most = values.min(), values.max()
    return bool((least >= 1 and most <= threshold) or (least == most and least > 0))


def told_by_hand(
    places: dict[tuple[int, int], int], prints: Sequence[int | None], rounding: Rounding
) -> set[tuple[int, int]]:
    """The places of which something is told, by looking at everything that fits; of a rest, n and count."""
    fits = everything_that_fits(places, prints, rounding)
    told = {place for place, values in fits.items() if is_told(values, rounding.threshold)}
    for (row, column), values in fits.items():
        if column < 0:
            continue
        n = fits[row, -1]
        rest = n - values
        is_alike = rest.max() == 0 and n.min() >= 1 and n.max() <= 10
        if is_told(rest, rounding.threshold) or is_alike:
            told |= {(row, -1), (row, column)}
    return told
