"""The range that each hidden count can be narrowed down to, by linear programming over everything published together.

Counts fall into groups that share no unknown; each group is one linear program whose objective alone changes, so that
every solution starts where the last one ended (HiGHS, primal simplex). What does not change between two rounds of
hiding is not worked out again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite

import highspy
import numpy as np

from disclosure.system import System

# Integers are found within this of a whole number.
_TOLERANCE = 1e-6
# Stands for a range without an upper end.
_BOUNDLESS = 2**31


@dataclass(frozen=True)
class Range:
    """Whole numbers from `lower` to `upper`, both possible as far as a linear program can tell."""

    lower: int
    upper: int


class Audit:
    """The ranges of hidden counts of one system, worked out again and again while more of them are hidden.

    The relations narrow a range. With `shown_zeros` so does what readers know of every hidden count: that it is not
    zero, because true zeros are shown. They are not told which of the hidden counts are small.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._judged: dict[tuple[bool, tuple[int, ...]], dict[int, bool]] = {}

    def exposed(self, unknown: Sequence[bool], wanted: Collection[int], threshold: int) -> tuple[set[int], set[int]]:
        """Those of the wanted counts that can be pinned to one value, and those that lie within 1 to the threshold.

        The second kind by relations alone, since that a count is not zero is all that its symbol says.
        """
        pinned = self._narrow(unknown, wanted, lambda found: found.lower >= found.upper, shown_zeros=True)
        inside = self._narrow(
            unknown, wanted, lambda found: found.lower >= 1 and found.upper <= threshold, shown_zeros=False
        )
        return pinned, inside

    def _narrow(
        self, unknown: Sequence[bool], wanted: Collection[int], is_narrow: Callable[[Range], bool], *, shown_zeros: bool
    ) -> set[int]:
        """Wanted counts whose range is narrow, given the values of all that are not unknown.

        Every solution is a set of values that fits everything published, so it widens what is known to be possible for
        all counts of its group at once: most ranges are seen to be wide without a program of their own.
        """
        found: set[int] = set()
        for members, equal, bounds in _groups(self._system, unknown):
            # What is unknown in a group decides its program, so the group names it.
            judged = self._judged.setdefault((shown_zeros, tuple(members)), {})
            if any(count in wanted and count not in judged for count in members):
                program = _Program(self._system, members, equal, bounds, shown_zeros=shown_zeros)
                for count in members:
                    if count not in wanted:
                        continue
                    for direction in (1.0, -1.0):
                        if is_narrow(program.seen(count)):
                            program.solve(count, direction)
                    judged[count] = is_narrow(program.seen(count))
            found.update(count for count in members if count in wanted and judged[count])
        return found

    def ranges(self, unknown: Sequence[bool], wanted: Collection[int]) -> dict[int, Range]:
        """The exact range of each wanted count, for readers who know that it is not zero."""
        found: dict[int, Range] = {}
        for members, equal, bounds in _groups(self._system, unknown):
            targets = [count for count in members if count in wanted]
            if targets:
                program = _Program(self._system, members, equal, bounds, shown_zeros=True)
                for count in targets:
                    low, high = (program.solve(count, direction) for direction in (1.0, -1.0))
                    found[count] = _whole(low, high)
        return found


def _groups(system: System, unknown: Sequence[bool]) -> list[tuple[list[int], list[int], list[int]]]:
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
    groups: dict[int, tuple[list[int], list[int], list[int]]] = defaultdict(lambda: ([], [], []))
    for count, is_unknown in enumerate(unknown):
        if is_unknown:
            groups[root(count)][0].append(count)
    for number, member in relations:
        if member is not None:
            groups[root(member)][1].append(number)
    for number, member in limits:
        if member is not None:
            groups[root(member)][2].append(number)
    return list(groups.values())


class _Program:
    """The linear program of one group: its unknown counts, and everything that is known of them."""

    def __init__(
        self, system: System, members: list[int], equal: list[int], bounds: list[int], *, shown_zeros: bool
    ) -> None:
        place = {count: column for column, count in enumerate(members)}
        lower_rows: list[float] = []
        upper_rows: list[float] = []
        starts, columns, factors = [0], [], []
        rows = [(system.equal[number], 0, True) for number in equal]
        rows += [(*system.at_least_zero[number], False) for number in bounds]
        for terms, constant, is_equal in rows:
            shown = constant
            for count, factor in terms.items():
                column = place.get(count)
                if column is None:
                    shown += factor * system.values[count]
                else:
                    columns.append(column)
                    factors.append(float(factor))
            lower_rows.append(float(-shown))
            upper_rows.append(float(-shown) if is_equal else highspy.kHighsInf)
            starts.append(len(columns))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(members), len(rows)
        lp.col_cost_ = np.zeros(len(members))
        lp.col_lower_ = np.array([float(shown_zeros and system.is_public[count]) for count in members])
        lp.col_upper_ = np.full(len(members), highspy.kHighsInf)
        lp.row_lower_, lp.row_upper_ = np.array(lower_rows), np.array(upper_rows)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(columns, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(factors)
        solver = highspy.Highs()
        solver.silent()
        solver.setOptionValue("presolve", "off")
        solver.setOptionValue("threads", 1)
        # Only the objective changes, so the last solution stays feasible, and the primal method goes on from it.
        solver.setOptionValue("simplex_strategy", 4)
        solver.passModel(lp)
        self._place, self._solver = place, solver
        # The truth fits everything published; every solution adds another set of values that does.
        true = np.array([system.values[count] for count in members], dtype=float)
        self._lowest, self._highest = true.copy(), true.copy()

    def seen(self, count: int) -> Range:
        """Values of a count between which every other one is known to be possible so far."""
        column = self._place[count]
        return _whole(self._lowest[column], self._highest[column])

    def solve(self, count: int, direction: float) -> float:
        """The smallest (direction 1) or largest (-1) value of a count."""
        column, solver = self._place[count], self._solver
        solver.changeColCost(column, direction)
        solver.run()
        status = solver.getModelStatus()
        solver.changeColCost(column, 0.0)
        if status in {highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            self._highest[column] = np.inf
            return float("inf")
        if status != highspy.HighsModelStatus.kOptimal:
            # What is true fits everything published, so a program without a solution is a fault of ours.
            raise RuntimeError(f"The audit's linear program ended as {status}.")
        solution = np.asarray(solver.getSolution().col_value)
        np.minimum(self._lowest, solution, out=self._lowest)
        np.maximum(self._highest, solution, out=self._highest)
        return float(solution[column])


def _whole(low: float, high: float) -> Range:
    return Range(ceil(low - _TOLERANCE), floor(high + _TOLERANCE) if isfinite(high) else _BOUNDLESS)
