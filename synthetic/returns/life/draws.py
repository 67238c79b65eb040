"""Small draws, and the days between which everything happens."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from synthetic.returns.model import YEARS, Child, year_end, year_start

FIRST_DAY = year_start(YEARS[0])
LAST_DAY = year_end(YEARS[-1])
FREEZE = (date(2017, 1, 1), date(2017, 1, 31))  # no plan, care period or case changes: any day is "January 2017"


def majority(child: Child) -> date:
    """The day before the eighteenth birthday."""
    return child.birth.replace(year=child.birth.year + 18, day=min(child.birth.day, 28)) - timedelta(days=1)


def out_of_freeze(day: date) -> date:
    """The same day, or one in February 2017 for a day of January 2017."""
    if FREEZE[0] <= day <= FREEZE[1]:
        return date(2017, 2, 1) + timedelta(days=(day - FREEZE[0]).days % 20)
    return day


class Draws:
    """Keys, spans and days from one source of randomness."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def pick(self, weights: dict[str, float]) -> str:
        """One key by weight."""
        values = np.array(list(weights.values()))
        return list(weights)[int(self.rng.choice(len(values), p=values / values.sum()))]

    def days(self, low: int, high: int) -> timedelta:
        """A number of days from low to high."""
        return timedelta(days=int(self.rng.integers(low, high + 1)))

    def between(self, first: date, last: date) -> date:
        """A day from first to last."""
        return first + timedelta(days=int(self.rng.integers(0, max((last - first).days, 0) + 1)))
