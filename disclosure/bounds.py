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
# So many times every relation is looked at for limits.
_PASSES = 4
# Stands for a range without an upper end.
_BOUNDLESS = 2**31


@dataclass(frozen=True)
class Range:
    """Whole numbers from `lower` to `upper`, both possible as far as a linear program can tell."""

    lower: int
    upper: int


class _Solver(highspy.Highs):
    """HiGHS without its log. What went wrong is told by the status of a call and of the model, not by the log."""

    def enableCallbacks(self) -> None:  # noqa: N802
        """Called by the constructor, and the first call that prints: by then silence has to be asked for."""
        self.silent()
        super().enableCallbacks()


class Audit:
    """The ranges of hidden counts of one system, worked out again and again while more of them are hidden.

    The relations narrow a range. With `shown_zeros` so does what readers know of almost every hidden count: that it is
    not zero, because true zeros are shown. They are not told which of the hidden counts are small.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        # Whatever is hidden besides, what fitted everything published fits it still: ranges only grow.
        self._wide: dict[str, set[int]] = defaultdict(set)
        self._narrow_in: dict[tuple[str, tuple[int, ...]], set[int]] = {}
        self._lowest = np.array(system.values, dtype=float)
        self._highest = self._lowest.copy()

    def exposed(
        self, unknown: Sequence[bool], wanted: Collection[int], threshold: int, *, strict: bool = False
    ) -> tuple[set[int], set[int]]:
        """Those of the wanted counts that can be pinned to one value, and those that lie within 1 to the threshold.

        The second kind by relations alone, since that a count is not zero is all that its symbol says; with `strict`,
        what the symbol says counts as well.
        """
        pinned = self._narrow(unknown, wanted, "pinned", lambda found: found.lower >= found.upper, shown_zeros=True)
        within = "within strictly" if strict else "within"
        inside = self._narrow(
            unknown, wanted, within, lambda found: found.lower >= 1 and found.upper <= threshold, shown_zeros=strict
        )
        return pinned, inside

    def _narrow(
        self,
        unknown: Sequence[bool],
        wanted: Collection[int],
        question: str,
        is_narrow: Callable[[Range], bool],
        *,
        shown_zeros: bool,
    ) -> set[int]:
        """Wanted counts whose range is narrow, given the values of all that are not unknown.

        `question` names what is asked, so that no group is asked it twice.

        Every solution is a set of values that fits everything published, so it widens what is known to be possible for
        all counts of its group at once: most ranges are seen to be wide without a program of their own.
        """
        found: set[int] = set()
        for members, equal, bounds in _groups(self._system, unknown):
            # What is unknown in a group decides its program, so the group names it.
            group = (question, tuple(members))
            asked = [count for count in members if count in wanted and count not in self._wide[question]]
            if not asked:
                continue
            narrow = self._narrow_in.get(group)
            if narrow is None:
                narrow = self._narrow_in[group] = set()
                program = _Program(self._system, members, equal, bounds, shown_zeros=shown_zeros)
                for count in asked:
                    for direction in (1.0, -1.0):
                        if is_narrow(program.seen(count)):
                            program.solve(count, direction)
                    if is_narrow(program.seen(count)):
                        narrow.add(count)
                    else:
                        self._wide[question].add(count)
                if shown_zeros:
                    self._keep(program, members)
            found.update(narrow.intersection(asked))
        return found

    def _keep(self, program: _Program, members: list[int]) -> None:
        """Remember which values were seen to be possible, for readers who know of zeros."""
        self._lowest[members] = np.minimum(self._lowest[members], program.lowest)
        self._highest[members] = np.maximum(self._highest[members], program.highest)

    def cheapest_way(self, unknown: Sequence[bool], count: int, to: Sequence[int]) -> list[int]:
        """The shown counts to hide so that one of the values `to` fits everything published, few and small ones.

        A linear program over changes of all counts at once: relations hold, shown zeros stay, a change of what is
        hidden costs nothing, one of what is shown as much as its value, and of a base ten times that. Empty where
        nothing would do. [Fischetti and Salazar 2000]
        """
        best: tuple[float, list[int]] | None = None
        for value in to:
            found = self._change(unknown, count, value)
            if found is not None and (best is None or found[0] < best[0]):
                best = found
        return best[1] if best else []

    def _change(self, unknown: Sequence[bool], count: int, value: int) -> tuple[float, list[int]] | None:
        system, size = self._system, len(self._system.values)
        values = np.array(system.values, dtype=float)
        rows: list[int] = []
        columns: list[int] = []
        factors: list[float] = []
        lower: list[float] = []
        upper: list[float] = []
        bounded = [(terms, constant, False) for terms, constant in system.at_least_zero]
        for terms, constant, is_equal in [*((terms, 0, True) for terms in system.equal), *bounded]:
            for other, factor in terms.items():
                rows += [len(lower)] * 2
                columns += [other, size + other]
                factors += [float(factor), -float(factor)]
            slack = constant + sum(factor * system.values[other] for other, factor in terms.items())
            lower.append(0.0 if is_equal else -float(slack))
            upper.append(0.0 if is_equal else highspy.kHighsInf)
        order = np.argsort(rows, kind="stable")
        starts = np.searchsorted(np.array(rows)[order], np.arange(len(lower) + 1))
        fixed = np.array([p and not v and not u for p, v, u in zip(system.is_public, values, unknown, strict=True)])
        least = np.array([float(p and not v) for p, v in zip(system.is_public, system.is_veiled, strict=True)])
        up = np.where(fixed, 0.0, highspy.kHighsInf)
        down = np.where(fixed, 0.0, np.maximum(values - least, 0.0))
        shown = np.array([p and not u for p, u in zip(system.is_public, unknown, strict=True)])
        cost = np.where(shown, values * np.where(system.is_base, 10.0, 1.0), 0.0)
        step = float(value - values[count])
        if -step > down[count]:
            return None
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 2 * size, len(lower)
        lp.col_cost_ = np.concatenate([cost, cost])
        first = np.zeros(2 * size)
        last = np.concatenate([up, down])
        for column, amount in ((count, max(step, 0.0)), (size + count, max(-step, 0.0))):
            first[column] = last[column] = amount
        lp.col_lower_, lp.col_upper_ = first, last
        lp.row_lower_, lp.row_upper_ = np.array(lower), np.array(upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = starts.astype(np.int32)
        lp.a_matrix_.index_ = np.array(columns, dtype=np.int32)[order]
        lp.a_matrix_.value_ = np.array(factors)[order]
        solver = _Solver()
        solver.setOptionValue("threads", 1)
        solver.passModel(lp)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = np.asarray(solver.getSolution().col_value)
        moved = np.flatnonzero(np.abs(solution[:size] - solution[size:]) > _TOLERANCE)
        return float(solver.getObjectiveValue()), [int(other) for other in moved if shown[other]]

    def ranges(self, unknown: Sequence[bool], wanted: Collection[int]) -> dict[int, Range]:
        """The exact range of each wanted count, for readers who know that it is not zero."""
        found: dict[int, Range] = {}
        for members, equal, bounds in _groups(self._system, unknown):
            targets = [count for count in members if count in wanted]
            if targets:
                program = _Program(self._system, members, equal, bounds, shown_zeros=True)
                program.lowest = np.minimum(program.lowest, self._lowest[members])
                program.highest = np.maximum(program.highest, self._highest[members])
                for count in targets:
                    # The smallest or largest value that single relations allow has often been seen to be possible.
                    low, high = program.limits(count)
                    if program.seen(count).lower > ceil(low - _TOLERANCE):
                        low = program.solve(count, 1.0)
                    if program.seen(count).upper < high - 1 + _TOLERANCE:
                        high = program.solve(count, -1.0)
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
        kept: list[tuple[list[tuple[int, int]], int, bool]] = []
        for terms, constant, is_equal in rows:
            shown = constant
            unknown_terms = []
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
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(members), len(rows)
        lp.col_cost_ = np.zeros(len(members))
        lp.col_lower_ = np.array(
            [float(shown_zeros and system.is_public[count] and not system.is_veiled[count]) for count in members]
        )
        lp.col_upper_ = np.full(len(members), highspy.kHighsInf)
        lp.row_lower_, lp.row_upper_ = np.array(lower_rows), np.array(upper_rows)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(columns, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(factors)
        solver = _Solver()
        solver.setOptionValue("presolve", "off")
        solver.setOptionValue("threads", 1)
        # Only the objective changes, so the last solution stays feasible, and the primal method goes on from it.
        solver.setOptionValue("simplex_strategy", 4)
        solver.passModel(lp)
        self._place, self._solver, self._floor, self._rows = place, solver, lp.col_lower_, kept
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
        low = [float(value) for value in self._floor]
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


def _whole(low: float, high: float) -> Range:
    return Range(ceil(low - _TOLERANCE), floor(high + _TOLERANCE) if isfinite(high) else _BOUNDLESS)
