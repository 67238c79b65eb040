"""The range that each hidden count can be narrowed down to, by linear programming over everything published together.

Counts fall into groups that share no unknown; each group is one linear program whose objective alone changes, so that
every solution starts where the last one ended (HiGHS, primal simplex). What does not change between two rounds of
hiding is not worked out again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite

import highspy
import numpy as np

from disclosure.solver import Solver
from disclosure.system import System

# Integers are found within this of a whole number.
TOLERANCE = 1e-6
# So many times every relation is looked at for limits.
_PASSES = 4
# Stands for a range without an upper end.
_BOUNDLESS = 2**31


@dataclass(frozen=True)
class Range:
    """Whole numbers from `lower` to `upper`, both possible as far as a linear program can tell."""

    lower: int
    upper: int


class Audit:
    """Which hidden counts of one system are exposed, asked again and again while more of them are hidden.

    The relations narrow a range, and so does what readers know of almost every hidden count: that it is not zero,
    because true zeros are shown. They are not told which of the hidden counts are small.
    """

    def __init__(self, system: System, threshold: int) -> None:
        self._system, self._threshold = system, threshold
        # Whatever is hidden besides, what fitted everything published fits it still: ranges only grow.
        self._wide: set[int] = set()
        # A count is narrow because of what is known of others: until one of these is hidden, it stays so.
        self._narrow_by: dict[int, set[int]] = {}

    def exposed(self, unknown: Sequence[bool], wanted: Collection[int]) -> set[int]:
        """Those of the wanted counts that can be pinned to one value, or lie within 1 to the threshold.

        Every solution is a set of values that fits everything published, so it widens what is known to be possible for
        all counts of its group at once: most ranges are seen to be wide without a program of their own.

        Parameters:
            unknown: which counts readers do not know. From call to call there may only be more of them.
            wanted: hidden counts that are not zero.
        """
        found: set[int] = set()
        for members, equal, bounds in groups(self._system, unknown):
            asked = {count for count in members if count in wanted and count not in self._wide}
            # The first time a count rests on nothing but itself, which is unknown.
            to_solve = {
                count for count in asked if any(unknown[other] for other in self._narrow_by.get(count, {count}))
            }
            found |= asked - to_solve
            if not to_solve:
                continue
            program = _Program(self._system, members, equal, bounds)
            for count in sorted(to_solve):
                narrow_by = self._find_narrow_by(program, count)
                if narrow_by is None:
                    self._wide.add(count)
                else:
                    self._narrow_by[count] = narrow_by
                    found.add(count)
        return found

    def _find_narrow_by(self, program: _Program, count: int) -> set[int] | None:
        """The known counts that make a range narrow; None where it is wide."""
        narrow_by: set[int] = set()
        # What is small is at least 1 and could be at most the threshold: only more than that makes its range wide.
        for direction in (-1.0,) if self._system.values[count] <= self._threshold else (1.0, -1.0):
            if not self._is_narrow(program.seen(count)):
                return None
            program.solve(count, direction)
            narrow_by |= program.rests_on()
        return narrow_by if self._is_narrow(program.seen(count)) else None

    def _is_narrow(self, found: Range) -> bool:
        return found.lower >= found.upper or (found.lower >= 1 and found.upper <= self._threshold)


def ranges(system: System, unknown: Sequence[bool], wanted: Collection[int]) -> dict[int, Range]:
    """The exact range of each wanted count, for readers who know that it is not zero.

    Parameters:
        system: counts and relations.
        unknown: which counts readers do not know.
        wanted: hidden counts.
    """
    found: dict[int, Range] = {}
    for members, equal, bounds in groups(system, unknown):
        targets = [count for count in members if count in wanted]
        if targets:
            program = _Program(system, members, equal, bounds)
            for count in targets:
                # The smallest or largest value that single relations allow has often been seen to be possible.
                low, high = program.limits(count)
                if program.seen(count).lower > ceil(low - TOLERANCE):
                    low = program.solve(count, 1.0)
                if program.seen(count).upper < high - 1 + TOLERANCE:
                    high = program.solve(count, -1.0)
                found[count] = _whole(low, high)
    return found


def groups(system: System, unknown: Sequence[bool]) -> list[tuple[list[int], list[int], list[int]]]:
    """Unknown counts that hang together, with the relations and bounds they stand in."""
    parent = list(range(len(system.values)))

    def root(count: int) -> int:
        while parent[count] != count:
            parent[count] = parent[parent[count]]
            count = parent[count]
        return count

    def join(terms: dict[int, int]) -> int | None:
        first: int | None = None
        for count in terms:
            if unknown[count]:
                if first is None:
                    first = root(count)
                else:
                    parent[root(count)] = first
        return first

    relations = [(number, join(terms)) for number, terms in enumerate(system.equal)]
    limits = [(number, join(terms)) for number, (terms, _) in enumerate(system.at_least_zero)]
    found: dict[int, tuple[list[int], list[int], list[int]]] = defaultdict(lambda: ([], [], []))
    for count, is_unknown in enumerate(unknown):
        if is_unknown:
            found[root(count)][0].append(count)
    for number, member in relations:
        if member is not None:
            found[root(member)][1].append(number)
    for number, member in limits:
        if member is not None:
            found[root(member)][2].append(number)
    return list(found.values())


class _Program:
    """The linear program of one group: its unknown counts, and everything that is known of them."""

    def __init__(self, system: System, members: list[int], equal: list[int], bounds: list[int]) -> None:
        place = {count: column for column, count in enumerate(members)}
        lower_rows: list[float] = []
        upper_rows: list[float] = []
        starts, columns, factors = [0], [], []
        kept: list[tuple[list[tuple[int, int]], int, bool]] = []
        self._known_in: list[list[int]] = []
        for terms, constant, is_equal in system.relations(equal, bounds):
            shown = constant
            unknown_terms = []
            self._known_in.append([count for count in terms if count not in place])
            for count, factor in terms.items():
                column = place.get(count)
                if column is None:
                    shown += factor * system.values[count]
                else:
                    columns.append(column)
                    factors.append(float(factor))
                    unknown_terms.append((column, factor))
            kept.append((unknown_terms, shown, is_equal))
            lower_rows.append(float(-shown))
            upper_rows.append(float(-shown) if is_equal else highspy.kHighsInf)
            starts.append(len(columns))
        least_of_each = [float(system.least(count)) for count in members]
        solver = Solver()
        solver.setOptionValue("presolve", "off")
        # Mostly the objective alone changes: the last solution stays feasible, and the primal method goes on from it.
        solver.setOptionValue("simplex_strategy", 4)
        solver.load(
            np.zeros(len(members)),
            (least_of_each, np.full(len(members), highspy.kHighsInf)),
            (lower_rows, upper_rows),
            (starts, columns, factors),
        )
        self._place, self._solver, self._least, self._rows = place, solver, least_of_each, kept
        self._limits: tuple[list[float], list[float]] | None = None
        # The truth fits everything published; every solution adds another set of values that does.
        true = np.array([system.values[count] for count in members], dtype=float)
        self.lowest, self.highest = true.copy(), true.copy()

    def seen(self, count: int) -> Range:
        """Values of a count between which every other one is known to be possible so far."""
        column = self._place[count]
        return _whole(self.lowest[column], self.highest[column])

    def limits(self, count: int) -> tuple[float, float]:
        """Limits of a count that follow from one relation at a time: no narrower than its range."""
        if self._limits is None:
            self._limits = self._propagate()
        column = self._place[count]
        return float(self._limits[0][column]), float(self._limits[1][column])

    def _propagate(self) -> tuple[list[float], list[float]]:
        low = [float(value) for value in self._least]
        high = [float("inf")] * len(low)
        for _ in range(_PASSES):
            for terms, shown, is_equal in self._rows:
                # Sums of the smallest and largest that each term may be; infinite ones are counted apart.
                for sign in (1.0, -1.0) if is_equal else (1.0,):
                    largest = [
                        sign * factor * (high[column] if sign * factor > 0 else low[column]) for column, factor in terms
                    ]
                    endless = sum(amount == float("inf") for amount in largest)
                    total = sign * shown + sum(amount for amount in largest if amount != float("inf"))
                    for (column, factor), amount in zip(terms, largest, strict=True):
                        if endless - (amount == float("inf")):
                            continue
                        # The sum is at least zero, so this term is at least minus all the others at their largest.
                        others = total - (0.0 if amount == float("inf") else amount)
                        if sign * factor > 0:
                            low[column] = max(low[column], -others / abs(factor))
                        else:
                            high[column] = min(high[column], others / abs(factor))
        return low, high

    def solve(self, count: int, direction: float) -> float:
        """The smallest (direction 1) or largest (-1) value of a count."""
        column, solver = self._place[count], self._solver
        solver.changeColCost(column, direction)
        solver.run()
        status = solver.getModelStatus()
        solver.changeColCost(column, 0.0)
        if status in {highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            self.highest[column] = np.inf
            return float("inf")
        if status != highspy.HighsModelStatus.kOptimal:
            # What is true fits everything published, so a program without a solution is a fault of ours.
            raise RuntimeError(f"The audit's linear program ended as {status}.")
        solution = np.asarray(solver.getSolution().col_value)
        np.minimum(self.lowest, solution, out=self.lowest)
        np.maximum(self.highest, solution, out=self.highest)
        return float(solution[column])

    def rests_on(self) -> set[int]:
        """The known counts without which the last solution might not be the best one.

        By duality it is the best because of the relations whose multipliers are not zero, and of no others.
        """
        multipliers = np.asarray(self._solver.getSolution().row_dual)
        return {count for row in np.flatnonzero(multipliers) for count in self._known_in[row]}


def _whole(low: float, high: float) -> Range:
    return Range(ceil(low - TOLERANCE), floor(high + TOLERANCE) if isfinite(high) else _BOUNDLESS)
