"""Which hidden counts may be shown after all: what was hidden for one is not always needed once others are hidden.

A count is wide when some table that fits everything published gives it another value, for a small count one beyond the
threshold. Such an alternative is kept for every hidden count as what it changes of the truth, and a linear program
finds one that changes little. When a count is shown, only the alternatives that change it have to be found anew, so
most of the work of a try is to look up whose they are. In the truth nothing changes, and every cost is positive, so
dual simplex starts each program from a solution that is dual feasible (HiGHS).
[Alternatives are the protection patterns of Fischetti and Salazar, "Models and algorithms for optimizing cell
suppression in tabular data with linear constraints", 2000, one for each hidden count]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import highspy
import numpy as np

from disclosure.bounds import TOLERANCE, groups
from disclosure.solver import Solver
from disclosure.system import System, wide_by

# An alternative that leaves alone what may yet be shown lasts longest. The price of changing such a count, against 1 of
# any other: the time hardly differs from 10 to 100, and is half as much again at 1.
_MAY_BE_SHOWN = 10.0

# By how much each count that is changed differs from its value.
Changes = dict[int, float]


def may_be_shown(
    system: System, threshold: int, unknown: Sequence[bool], hidden: Collection[int], order: Sequence[int]
) -> set[int]:
    """The hidden counts that may be shown while every other one stays as wide as it has to be.

    Parameters:
        system: counts and relations.
        threshold: a count of at most this has to be able to exceed it; a larger one just to be another.
        unknown: which counts readers do not know (as `Audit.exposed` takes it).
        hidden: counts that are hidden, whether or not they may be shown.
        order: those that may be shown, tried one after the other.
    """
    free: set[int] = set()
    rank = {count: number for number, count in enumerate(order)}
    for members, equal, bounds in groups(system, unknown):
        candidates = sorted((count for count in members if count in rank), key=rank.__getitem__)
        if not candidates:
            continue
        kept = [count for count in members if count in hidden and system.values[count]]
        alternatives = _Alternatives(system, threshold, members, equal, bounds, candidates, kept)
        free.update(candidate for candidate in candidates if alternatives.show(candidate))
    return free


class _Alternatives:
    """An alternative for each hidden count that has any, of counts that share an unknown."""

    def __init__(
        self,
        system: System,
        threshold: int,
        members: list[int],
        equal: list[int],
        bounds: list[int],
        candidates: list[int],
        kept: list[int],
    ) -> None:
        self._system, self._threshold, self._members = system, threshold, members
        self._place = {count: column for column, count in enumerate(members)}
        # Each count is two columns: by how much it is more than it truly is, and by how much less.
        self._most = [
            *[highspy.kHighsInf] * len(members),
            *[float(max(0, system.values[count] - system.least(count))) for count in members],
        ]
        self._solver = self._load(equal, bounds, set(candidates))
        self._beside: dict[int, set[int]] = defaultdict(set)
        for number in equal:
            for count in system.equal[number]:
                self._beside[count].update(system.equal[number])
        self._alternatives: dict[int, Changes] = {}
        self._changed_by: dict[int, set[int]] = defaultdict(set)
        for count in kept:
            if count not in self._alternatives:
                found = self._find(count)
                # For a count without one nothing could be done: whatever else is shown takes nothing from it.
                if found is not None:
                    self._keep({count: found} | dict.fromkeys(self._made_wide(found, kept), found))

    def show(self, candidate: int) -> bool:
        """Show a hidden count if all others stay wide. Says whether it is shown; if not, nothing has changed."""
        self._allow(candidate, False)
        near = self._beside[candidate]
        # Those in its relations first: they are the ones that become narrow, if any does.
        lost = sorted(self._changed_by[candidate] - {candidate}, key=lambda count: (count not in near, count))
        new: dict[int, Changes] = {}
        for count in lost:
            if count in new:
                continue
            found = self._find(count)
            if found is None:
                self._allow(candidate, True)
                # It stays hidden, so it may change like any other.
                for column in self._columns(candidate):
                    self._solver.changeColCost(column, 1.0)
                return False
            new[count] = found
            new |= dict.fromkeys(self._made_wide(found, [other for other in lost if other not in new]), found)
        self._forget(candidate)
        self._keep(new)
        return True

    def _load(self, equal: list[int], bounds: list[int], candidates: set[int]) -> Solver:
        system, size = self._system, len(self._members)
        lower, upper, starts, columns, factors = [], [], [0], [], []
        for terms, constant, is_equal in system.relations(equal, bounds):
            for count, factor in terms.items():
                column = self._place.get(count)
                if column is not None:
                    columns += [column, size + column]
                    factors += [float(factor), -float(factor)]
            truly = constant + sum(factor * system.values[count] for count, factor in terms.items())
            lower.append(0.0 if is_equal else -float(truly))
            upper.append(0.0 if is_equal else highspy.kHighsInf)
            starts.append(len(columns))
        cost = [_MAY_BE_SHOWN if count in candidates else 1.0 for count in self._members]
        solver = Solver()
        solver.setOptionValue("presolve", "off")
        solver.setOptionValue("simplex_strategy", 1)  # dual
        solver.load(
            np.array([*cost, *cost]),
            (np.zeros(2 * size), self._most),
            (lower, upper),
            (starts, columns, factors),
        )
        return solver

    def _columns(self, count: int) -> tuple[int, int]:
        column = self._place[count]
        return column, len(self._members) + column

    def _allow(self, count: int, may_change: bool) -> None:
        for column in self._columns(count):
            self._solver.changeColBounds(column, 0.0, self._most[column] if may_change else 0.0)

    def _find(self, count: int) -> Changes | None:
        """An alternative in which a count is wide; None if there is none."""
        more, less = self._columns(count)
        change = self._wide_by(count)
        for column, opposite in ((more, less), (less, more)) if self._is_large(count) else ((more, less),):
            if self._most[column] < change:
                continue
            self._solver.changeColBounds(column, change, self._most[column])
            self._solver.changeColBounds(opposite, 0.0, 0.0)
            self._solver.run()
            status = self._solver.getModelStatus()
            self._allow(count, True)
            if status == highspy.HighsModelStatus.kOptimal:
                solution = np.asarray(self._solver.getSolution().col_value)
                changes = solution[: len(self._members)] - solution[len(self._members) :]
                return {
                    self._members[column]: float(changes[column])
                    for column in np.flatnonzero(np.abs(changes) > TOLERANCE)
                }
            if status != highspy.HighsModelStatus.kInfeasible:
                raise RuntimeError(f"The linear program of what may be shown ended as {status}.")
        return None

    def _made_wide(self, changes: Changes, counts: Collection[int]) -> list[int]:
        """Those of the counts without an alternative of their own for which this one will do."""
        return [count for count in counts if count in changes and self._is_wide(count, changes[count])]

    def _is_large(self, count: int) -> bool:
        return self._system.values[count] > self._threshold

    def _wide_by(self, count: int) -> float:
        return float(wide_by(self._system.values[count], self._threshold))

    def _is_wide(self, count: int, change: float) -> bool:
        return (abs(change) if self._is_large(count) else change) > self._wide_by(count) - TOLERANCE

    def _keep(self, alternatives: dict[int, Changes]) -> None:
        for count, changes in alternatives.items():
            self._forget(count)
            self._alternatives[count] = changes
            for changed in changes:
                self._changed_by[changed].add(count)

    def _forget(self, count: int) -> None:
        for changed in self._alternatives.pop(count, ()):
            self._changed_by[changed].discard(count)
