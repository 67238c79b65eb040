"""The range that each hidden count can be narrowed down to, by linear programming over everything published together.

Counts fall into groups that share no unknown; each group is one linear program whose objective alone changes, so that
every solution starts where the last one ended (HiGHS, simplex). What does not change between two rounds of hiding is
not worked out again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite

import highspy
import numpy as np

from disclosure.system import System

# Integers are found within this of a whole number.
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Range:
    """Whole numbers from `lower` to `upper`, both possible as far as a linear program can tell."""

    lower: int
    upper: int


class Audit:
    """The ranges of hidden counts of one system, worked out again and again while more of them are hidden."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._solved: dict[tuple[int, ...], dict[int, Range]] = {}

    def ranges(self, unknown: Sequence[bool], wanted: Iterable[int]) -> dict[int, Range]:
        """The range of each wanted count, given the values of all that are not unknown.

        Nothing but the relations narrows them: readers are not told which of the hidden counts are small.
        """
        wanted = set(wanted)
        found: dict[int, Range] = {}
        for members, equal, bounds in _groups(self._system, unknown):
            # What is unknown in a group decides its program, so the group names it.
            solved = self._solved.setdefault(tuple(members), {})
            targets = [count for count in members if count in wanted and count not in solved]
            if targets:
                solved.update(_solve(self._system, members, equal, bounds, targets))
            found.update({count: solved[count] for count in members if count in wanted})
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


def _solve(
    system: System, members: list[int], equal: list[int], bounds: list[int], targets: list[int]
) -> dict[int, Range]:
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
    lp.col_lower_ = np.zeros(len(members))
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
    solver.passModel(lp)
    found: dict[int, Range] = {}
    for count in targets:
        column = place[count]
        ends = []
        for direction in (1.0, -1.0):
            solver.changeColCost(column, direction)
            solver.run()
            status = solver.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                ends.append(direction * solver.getInfo().objective_function_value)
            elif status in {
                highspy.HighsModelStatus.kUnbounded,
                highspy.HighsModelStatus.kUnboundedOrInfeasible,
            }:
                ends.append(float("inf"))
            else:
                # What is true fits everything published, so a program without a solution is a fault of ours.
                raise RuntimeError(f"The audit's linear program ended as {status}.")
        solver.changeColCost(column, 0.0)
        low = ceil(ends[0] - _TOLERANCE)
        high = floor(ends[1] + _TOLERANCE) if isfinite(ends[1]) else 2**31
        found[count] = Range(low, high)
    return found
