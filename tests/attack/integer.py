"""Whole-number programs: a table of whole numbers that fits, or the proof that there is none (HiGHS)."""

from __future__ import annotations

import time
from dataclasses import dataclass

import highspy
import numpy as np

from tests.attack.rules import UNBOUNDED
from tests.attack.system import Relation, System

YES, NO, UNDECIDED = "yes", "no", "undecided"


@dataclass
class Answer:
    """Whether whole numbers fit, and which."""

    verdict: str
    values: dict[int, int]


def solve(
    system: System,
    unknowns: list[int],
    relations: list[Relation],
    seconds: float,
    fixed: dict[int, int] | None = None,
    bounds: dict[int, tuple[int, int]] | None = None,
    objective: dict[int, float] | None = None,
    whole: bool = True,
) -> Answer:
    """Look for whole numbers for `unknowns` that fit `relations`.

    Unknowns of the relations that are in `fixed` stand at that value; any other that is not in `unknowns` makes its
    relation be left out, so that NO is a proof for the whole system as long as nothing is fixed.
    """
    place = {unknown: column for column, unknown in enumerate(unknowns)}
    fixed, bounds, objective = fixed or {}, bounds or {}, objective or {}
    low = np.empty(len(unknowns))
    high = np.empty(len(unknowns))
    for column, unknown in enumerate(unknowns):
        one = system.unknowns[unknown]
        least, most = bounds.get(unknown, (one.low, one.high))
        low[column], high[column] = max(least, one.low), min(most, one.high)
        if low[column] > high[column]:
            return Answer(NO, {})
    starts: list[int] = [0]
    index: list[int] = []
    value: list[float] = []
    row_low: list[float] = []
    row_high: list[float] = []
    for relation in relations:
        kept, offset, usable = [], 0, True
        for coefficient, unknown in relation.terms:
            if unknown in place:
                kept.append((place[unknown], coefficient))
            elif unknown in fixed:
                offset += coefficient * fixed[unknown]
            else:
                usable = False
                break
        if not usable or not kept:
            continue
        index.extend(column for column, _ in kept)
        value.extend(float(coefficient) for _, coefficient in kept)
        starts.append(len(index))
        row_low.append(-highspy.kHighsInf if relation.low <= -UNBOUNDED else relation.low - offset)
        row_high.append(highspy.kHighsInf if relation.high >= UNBOUNDED else relation.high - offset)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(unknowns), len(row_low)
    model.col_cost_ = np.array([objective.get(unknown, 0.0) for unknown in unknowns])
    model.col_lower_ = low
    model.col_upper_ = np.where(high >= UNBOUNDED, highspy.kHighsInf, high)
    model.row_lower_, model.row_upper_ = np.array(row_low, dtype=float), np.array(row_high, dtype=float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(index, dtype=np.int32)
    model.a_matrix_.value_ = np.array(value)
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(unknowns)
    return _run(model, unknowns, seconds)


def _run(model: highspy.HighsLp, unknowns: list[int], seconds: float) -> Answer:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", max(0.05, seconds))
    solver.setOptionValue("mip_rel_gap", 1.0)
    solver.setOptionValue("mip_abs_gap", 1e9)
    solver.passModel(model)
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer(NO, {})
    info = solver.getInfo()
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        values = solver.getSolution().col_value
        return Answer(YES, {unknown: round(values[column]) for column, unknown in enumerate(unknowns)})
    return Answer(UNDECIDED, {})


def fits(system: System, values: dict[int, int] | list[int]) -> str:
    """The first bound or relation that the numbers break; nothing where they fit."""
    for number, one in enumerate(system.unknowns):
        if not one.low <= values[number] <= one.high:
            return f"{one.name}: {values[number]} outside {one.low} to {one.high}"
    for relation in system.relations:
        total = sum(coefficient * values[unknown] for coefficient, unknown in relation.terms)
        if not relation.low <= total <= relation.high:
            return f"{relation.why}: {relation.low} <= {total} <= {relation.high}"
    return ""


class Clock:
    """Time that is left."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds, never below zero."""
        return max(0.0, self._end - time.monotonic())
