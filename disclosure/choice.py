"""The cheapest counts to hide so that several hidden ones are wide enough: one linear program for all of them at once.

Its variables are changes of every count: relations hold, shown zeros stay, a hidden count may be anything that is not
zero. A change of what is hidden costs nothing, a change of what is shown costs its weight; what a solution changes is
to be hidden, and then the changed values are a table that fits everything published. Each exposed count should grow
beyond the threshold; what it lacks has a price. With a low price only cheap ways are taken, and what one of them does
for several counts is found before anything dear is; so the price rises from round to round.
[After Fischetti and Salazar, "Models and algorithms for optimizing cell suppression in tabular data with linear
constraints", 2000, whose program protects one count at a time]
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import log10

import highspy
import numpy as np

from disclosure.solver import Solver
from disclosure.system import System

# A change within this of zero is none.
_TOLERANCE = 1e-6


class Choice:
    """The program of one system, solved again while more is hidden."""

    def __init__(self, system: System) -> None:
        self._values = np.array(system.values, dtype=float)
        self._public = np.array(system.is_public, dtype=bool)
        self._least = np.array([system.least(count) for count in range(len(system.values))], dtype=float)
        # Of two counts of one weight the smaller one goes.
        self.cost = np.array(
            [weight * (1 + log10(1 + value) / 10) for weight, value in zip(system.weight, system.values, strict=True)]
        )
        relations = system.relations(range(len(system.equal)), range(len(system.at_least_zero)))
        self._lower = np.zeros(len(relations))
        self._upper = np.zeros(len(relations))
        rows, columns, factors = [], [], []
        for row, (terms, constant, is_equal) in enumerate(relations):
            for count, factor in terms.items():
                rows.append(row)
                columns.append(count)
                factors.append(float(factor))
            if not is_equal:
                self._lower[row] = -float(constant + sum(f * system.values[count] for count, f in terms.items()))
                self._upper[row] = highspy.kHighsInf
        self._rows, self._columns = np.array(rows, dtype=int), np.array(columns, dtype=int)
        self._factors = np.array(factors)

    def cheapest(self, hidden: Collection[int], wanted: Mapping[int, int], price: float) -> list[int]:
        """The shown counts to hide, in ascending order.

        Parameters:
            hidden: counts that are hidden already.
            wanted: by how much each exposed count should be able to differ from its value; negative is downwards.
            price: what each 1 that is lacking costs, in the unit of the weights.
        """
        size, height = len(self._values), len(self._lower)
        is_hidden = np.zeros(size, dtype=bool)
        is_hidden[list(hidden)] = True
        shown = self._public & ~is_hidden
        fixed = shown & (self._values == 0)
        cost = np.where(shown, self.cost, 0.0)
        targets = np.array(sorted(wanted), dtype=int)
        needs = np.array([wanted[count] for count in targets], dtype=float)
        lacks = np.arange(len(targets))
        # Columns: every count upwards, every count downwards, what each target lacks.
        matrix = (
            (self._rows, self._columns, self._factors),
            (self._rows, size + self._columns, -self._factors),
            (height + lacks, targets, np.sign(needs)),
            (height + lacks, size + targets, -np.sign(needs)),
            (height + lacks, 2 * size + lacks, np.ones(len(targets))),
        )
        rows, columns, factors = (np.concatenate(part) for part in zip(*matrix, strict=True))
        order = np.argsort(rows, kind="stable")
        endless = np.full(len(targets), highspy.kHighsInf)
        up = np.where(fixed, 0.0, highspy.kHighsInf)
        down = np.where(fixed, 0.0, np.maximum(self._values - self._least, 0.0))
        solver = Solver()
        solver.load(
            np.concatenate([cost, cost, np.full(len(targets), price)]),
            (np.zeros(2 * size + len(targets)), np.concatenate([up, down, endless])),
            (np.concatenate([self._lower, np.abs(needs)]), np.concatenate([self._upper, endless])),
            (np.searchsorted(rows[order], np.arange(height + len(targets) + 1)), columns[order], factors[order]),
        )
        solver.run()
        status = solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            # To change nothing and lack everything is always a solution, so this is a fault of ours.
            raise RuntimeError(f"The linear program of what to hide ended as {status}.")
        solution = np.asarray(solver.getSolution().col_value)
        changed = np.abs(solution[:size] - solution[size : 2 * size]) > _TOLERANCE
        return [int(count) for count in np.flatnonzero(changed & shown)]
