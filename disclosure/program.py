"""Whole numbers that fit everything printed, found by an integer program (HiGHS).

Counts and the rests of their n are columns, what readers know is bounds and rows. Each solution is a state of the world
that nobody outside can rule out: a witness. What a witness says is checked again in whole numbers before it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from scipy.sparse import csr_matrix

from disclosure.solver import Solver
from disclosure.system import Terms

# Seconds for one question. What is not answered by then counts as told.
_PATIENCE = 30.0
# A witness that is good enough: how far from the best one it may be.
_GAP = 0.02
# An answer is looked for first where only so many other groups may be otherwise than in a known witness.
_OTHERS = (1, 4, 12, 24)
_MANY = 30_000

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


class UndecidedError(Exception):
    """A question was not answered in time."""


@dataclass(frozen=True)
class _Part:
    """Some columns, in order, the rows that hold any of them, and what these hold of them."""

    columns: Numbers
    rows: Numbers
    matrix: csr_matrix


class Program:
    """What readers know: the bounds of every column, and the rows.

    `groups` says of every column to which group it belongs: one place's columns share rows with each other and with
    those of the first group, all places, so that a question about a place is answered in a small part of the program.
    """

    def __init__(
        self,
        lower: Numbers,
        upper: Numbers,
        equal: Sequence[Terms],
        at_least_zero: Sequence[tuple[Terms, int]],
        groups: Sequence[int],
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
        self._group = np.array(groups, dtype=np.int64)
        self.groups = int(self._group.max(initial=0)) + 1
        # A program of so many columns is solved in parts where it can be: below, the whole is quicker.
        self.has_parts = self.groups > 1 and size > _MANY
        self._parts: dict[tuple[int, int], _Part] = {}
        self._columns = np.arange(size, dtype=np.int32)
        self._solver = _patient_solver()
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

    def witness_beside(self, group: int, cost: np.ndarray, known: Numbers) -> Numbers | None:
        """Numbers that fit, with a small sum of cost times number, as in a known witness but around a group.

        None if none were found in time.
        """
        part = self._around(group, 1)
        return self._solve_part(part, cost[part.columns], self._bounds(part), known)

    def witness_of(self, column: int, least: int, most: int, known: Numbers | None) -> Numbers | None:
        """Numbers that fit, of which one lies within limits; None if there are none. Raises UndecidedError.

        With a known witness it is looked for beside that one first.
        """
        limits = max(least, int(self.lower[column])), min(most, int(self.upper[column]))
        if limits[0] > limits[1]:
            return None
        if known is not None and self.has_parts:
            group = int(self._group[column])
            part = self._around(group, 0)
            if not self._may_fit(part, self._bounds(part, column, limits)):
                return None
            for others in _OTHERS:
                part = self._around(group, others)
                bounds = self._bounds(part, column, limits)
                found = self._solve_part(part, np.zeros(len(part.columns)), bounds, known)
                if found is not None:
                    return found
        self._solver.changeColBounds(column, *limits)
        try:
            return self.witness(np.zeros(len(self.lower)))
        finally:
            self._solver.changeColBounds(column, int(self.lower[column]), int(self.upper[column]))

    def _around(self, group: int, others: int) -> _Part:
        """The columns of a group, of the first one, and of so many others."""
        if (group, others) not in self._parts:
            beside = [(group + step) % self.groups for step in range(1, self.groups)]
            wanted = {0, group, *[one for one in beside if one][: others + (group == 0)]}
            columns = np.flatnonzero(np.isin(self._group, list(wanted)))
            rows = np.unique(self._by_column[:, columns].indices)
            self._parts[(group, others)] = _Part(columns, rows, self._matrix[rows][:, columns].tocsr())
        return self._parts[(group, others)]

    def _bounds(
        self, part: _Part, column: int | None = None, limits: tuple[int, int] = (0, 0)
    ) -> tuple[Numbers, Numbers]:
        """The bounds of some columns, of which one may have limits of its own."""
        lower, upper = self.lower[part.columns], self.upper[part.columns]
        if column is not None:
            place = int(np.searchsorted(part.columns, column))
            lower[place], upper[place] = limits
        return lower, upper

    def _may_fit(self, part: _Part, bounds: tuple[Numbers, Numbers]) -> bool:
        """False if nothing fits whatever the other columns are, each by itself: then nothing fits at all."""
        fewest, most = self._row_range
        of_part = _row_range(part.matrix, *self._bounds(part))
        outside = fewest[part.rows] - of_part[0], most[part.rows] - of_part[1]
        solver = self._solved(part, np.zeros(len(part.columns)), bounds, outside)
        return bool(solver.getModelStatus() != highspy.HighsModelStatus.kInfeasible)

    def _solve_part(
        self, part: _Part, cost: np.ndarray, bounds: tuple[Numbers, Numbers], known: Numbers
    ) -> Numbers | None:
        """Numbers that fit, those of a witness in all columns but some, which lie within bounds."""
        outside = self._matrix[part.rows] @ known - part.matrix @ known[part.columns]
        solver = self._solved(part, cost, bounds, (outside, outside))
        solution = np.rint(np.asarray(solver.getSolution().col_value)).astype(np.int64)
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible or len(solution) != len(part.columns):
            return None
        numbers = known.copy()
        numbers[part.columns] = solution
        is_within = (bounds[0] <= solution).all() and (solution <= bounds[1]).all()
        return numbers if is_within and self._fits(numbers) else None

    def _solved(
        self,
        part: _Part,
        cost: np.ndarray,
        bounds: tuple[Numbers, Numbers],
        outside: tuple[np.ndarray, np.ndarray],
    ) -> Solver:
        """The program of some columns, where the others add from the first to the second of `outside` to each row."""
        solver = _patient_solver()
        solver.load(
            cost,
            bounds,
            (self._least[part.rows] - outside[1], self._most[part.rows] - outside[0]),
            (part.matrix.indptr, part.matrix.indices, part.matrix.data),
        )
        solver.run()
        return solver

    @cached_property
    def _row_range(self) -> tuple[Numbers, Numbers]:
        """The least and the most that each row can be."""
        return _row_range(self._matrix, self.lower, self.upper)

    def _fits(self, numbers: Numbers) -> bool:
        sums = self._matrix @ numbers
        return bool(
            (numbers >= self.lower).all()
            and (numbers <= self.upper).all()
            and (sums >= self._least).all()
            and (sums <= self._most).all()
        )


def _row_range(matrix: csr_matrix, lower: Numbers, upper: Numbers) -> tuple[Numbers, Numbers]:
    """The least and the most that each row of a matrix can be, by the bounds of its columns."""
    plus, minus = matrix.maximum(0), matrix.minimum(0)
    return plus @ lower + minus @ upper, plus @ upper + minus @ lower


def _patient_solver() -> Solver:
    solver = Solver()
    solver.setOptionValue("time_limit", _PATIENCE)
    solver.setOptionValue("mip_rel_gap", _GAP)
    return solver
