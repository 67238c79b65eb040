"""Whole numbers that fit everything printed, found by an integer program (HiGHS).

Counts and the rests of their n are columns, what readers know is bounds and rows. Each solution is a state of the world
that nobody outside can rule out: a witness. What a witness says is checked again in whole numbers before it is used.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
from scipy.sparse import csr_matrix

from disclosure.solver import Solver
from disclosure.system import Terms

# Seconds for one question. What is not answered by then counts as told.
_PATIENCE = 30.0
# A witness that is good enough: how far from the best one it may be.
_GAP = 0.02
# How far from what is asked an answer is looked for first, in relations, and among how many columns at most.
_STEPS = (1, 2, 3)
_FEW = 3000

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


class UndecidedError(Exception):
    """A question was not answered in time."""


class Program:
    """What readers know: the bounds of every column, and the rows."""

    def __init__(
        self, lower: Numbers, upper: Numbers, equal: Sequence[Terms], at_least_zero: Sequence[tuple[Terms, int]]
    ) -> None:
        starts, places, factors, least, most = [0], list[int](), list[int](), list[float](), list[float]()
        for terms, constant, is_equal in [
            *((terms, 0, True) for terms in equal),
            *((terms, constant, False) for terms, constant in at_least_zero),
        ]:
            places += terms.keys()
            factors += terms.values()
            starts.append(len(places))
            least.append(-constant)
            most.append(-constant if is_equal else highspy.kHighsInf)
        size = len(lower)
        self.lower, self.upper = lower, upper
        self._least, self._most = np.array(least), np.array(most)
        self._matrix = csr_matrix(
            (np.array(factors, dtype=np.int64), np.array(places, dtype=np.int64), np.array(starts)),
            shape=(len(least), size),
        )
        self._by_column = self._matrix.tocsc()
        self._columns = np.arange(size, dtype=np.int32)
        self._solver = Solver()
        self._solver.setOptionValue("time_limit", _PATIENCE)
        self._solver.setOptionValue("mip_rel_gap", _GAP)
        self._solver.load(np.zeros(size), (lower, upper), (self._least, self._most), (starts, places, factors))

    def witness(self, cost: np.ndarray) -> Numbers | None:
        """Numbers that fit, with a small sum of cost times number; None if nothing fits.

        Raises UndecidedError where none was found in time.
        """
        self._solver.changeColsCost(len(cost), self._columns, cost)
        self._solver.run()
        if self._solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        numbers: Numbers = np.rint(np.asarray(self._solver.getSolution().col_value)).astype(np.int64)
        if len(numbers) != len(cost) or not self._fits(numbers):
            raise UndecidedError
        return numbers

    def witness_of(self, column: int, least: int, most: int) -> Numbers | None:
        """Numbers that fit, of which one lies within limits; None if there are none. Raises UndecidedError."""
        lower, upper = max(least, int(self.lower[column])), min(most, int(self.upper[column]))
        if lower > upper:
            return None
        self._solver.changeColBounds(column, lower, upper)
        try:
            return self.witness(np.zeros(len(self.lower)))
        finally:
            self._solver.changeColBounds(column, int(self.lower[column]), int(self.upper[column]))

    def witness_near(self, column: int, least: int, most: int, known: Numbers) -> Numbers | None:
        """Numbers that fit, of which one lies within limits and those far from it are as in a known witness.

        None says nothing: there may be others. A question about a large system is mostly answered beside what is asked.
        """
        for steps in _STEPS:
            near = self._near(column, steps)
            if len(near) > _FEW:
                return None
            found = self._solve_near(near, column, least, most, known)
            if found is not None:
                return found
        return None

    def _near(self, column: int, steps: int) -> Numbers:
        """Columns that share a row with a column, and so on."""
        near: Numbers = np.array([column])
        for _ in range(steps):
            rows = np.unique(self._by_column[:, near].indices)
            near = np.union1d(near, self._matrix[rows].indices)
            if len(near) > _FEW:
                break
        return near

    def _solve_near(self, near: Numbers, column: int, least: int, most: int, known: Numbers) -> Numbers | None:
        rows = np.unique(self._by_column[:, near].indices)
        if not len(rows):
            return None
        part = self._matrix[rows][:, near].tocsr()
        others = self._matrix[rows] @ known - part @ known[near]
        lower, upper = self.lower[near].copy(), self.upper[near].copy()
        place = int(np.flatnonzero(near == column)[0])
        lower[place], upper[place] = max(lower[place], least), min(upper[place], most)
        if lower[place] > upper[place]:
            return None
        solver = Solver()
        solver.setOptionValue("time_limit", _PATIENCE)
        solver.load(
            np.zeros(len(near)),
            (lower, upper),
            (self._least[rows] - others, self._most[rows] - others),
            (part.indptr, part.indices, part.data),
        )
        solver.run()
        solution = np.rint(np.asarray(solver.getSolution().col_value)).astype(np.int64)
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        numbers = known.copy()
        numbers[near] = solution
        return numbers if self._fits(numbers) else None

    def _fits(self, numbers: Numbers) -> bool:
        sums = self._matrix @ numbers
        return bool(
            (numbers >= self.lower).all()
            and (numbers <= self.upper).all()
            and (sums >= self._least).all()
            and (sums <= self._most).all()
        )
