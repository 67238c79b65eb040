"""HiGHS as this project uses it: without its log, and on one thread, so that the same program has the same solution."""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np

Vector = Sequence[float] | np.ndarray


class Solver(highspy.Highs):
    """What went wrong is told by the status of a call and of the model, not by the log."""

    def __init__(self) -> None:
        super().__init__()
        self.setOptionValue("threads", 1)

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS named the method that this one replaces
        """Called by the constructor, and the first call that prints: by then silence has to be asked for."""
        self.silent()
        super().enableCallbacks()

    def load(
        self,
        cost: Vector,
        columns: tuple[Vector, Vector],
        rows: tuple[Vector, Vector],
        matrix: tuple[Vector, ...],
    ) -> None:
        """Take a program of whole numbers.

        Parameters:
            cost: of each column, to be made as small as can be.
            columns, rows: the lower and the upper limit of each.
            matrix: where each row starts, and where the last one ends; column and factor of every term, row by row.
        """
        lp = highspy.HighsLp()
        starts, places, factors = matrix
        lp.num_col_, lp.num_row_ = len(cost), len(starts) - 1
        lp.col_cost_ = np.asarray(cost, dtype=float)
        lp.col_lower_, lp.col_upper_ = (np.asarray(limit, dtype=float) for limit in columns)
        lp.row_lower_, lp.row_upper_ = (np.asarray(limit, dtype=float) for limit in rows)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.asarray(starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.asarray(places, dtype=np.int32)
        lp.a_matrix_.value_ = np.asarray(factors, dtype=float)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
        self.passModel(lp)
