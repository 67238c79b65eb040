"""Groups of yes/no rows, drawn together with the question whether any of them is Yes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import cast

import numpy as np

from catalogue import MISSING_OPTION_CODE, Question
from synthetic.forms.answers.margins import Margins, Membership, Unit
from synthetic.forms.answers.single import SingleAnswers
from synthetic.forms.solver import InfeasibleTargetError, IntegerProgram, largest_remainder, tick_matrix

# Groups of rows at exit: the question whether that abuse continues, and the pairs the tables are about.
EXIT_GROUPS = {
    "exit_exposure_types": ("exit_exposure_present", "exit_exposed_at_intake"),
    "exit_direct_types": ("exit_direct_present", "exit_direct_at_intake"),
    "exit_harmful_types": ("exit_harmful_present", "exit_harmful_at_intake"),
}


class MatrixAnswers:
    """Draws the rows of a matrix."""

    def __init__(self, margins: Margins, single: SingleAnswers, rng: np.random.Generator) -> None:
        self.margins = margins
        self.single = single
        self.rng = rng

    def any_yes_question(self, matrix_id: str) -> Question | None:
        """The derived question that says whether any row of a matrix is Yes, if there is one."""
        rows = {q.question_id for q in self.margins.catalogue.questions.values() if q.matrix_id == matrix_id}
        for question in self.margins.catalogue.questions.values():
            sources = {source.split("=")[0] for source in question.derived_from}
            if question.derivation == "any_yes" and sources and sources <= rows:
                return question
        return None

    def draw_intake(self, rows: Sequence[Question], any_yes: Question) -> None:
        """Draw the rows of a matrix together, so that the right number of forms has no Yes at all."""
        cells = self.margins.cells(
            rows, self.margins.asked_units(rows[0]), {t.cohort_id for t in self.margins.targets.of(any_yes.question_id)}
        )
        counts = {row.question_id: self.single.counts(row, cells) for row in rows}
        yes = {cell: [counts[row.question_id][cell]["yes"] for row in rows] for cell in cells}
        none = self.forms_without_yes(any_yes, cells, yes)
        for cell, units in cells.items():
            order = [units[i] for i in self.rng.permutation(len(units))]
            with_yes = len(order) - none[cell]
            ticks = tick_matrix(self.rng, with_yes, yes[cell], any_yes.question_id)
            self.give_rows(
                rows,
                order,
                np.vstack([ticks, np.zeros((none[cell], len(rows)), dtype=np.bool_)]),
                [counts[row.question_id][cell] for row in rows],
            )

    def forms_without_yes(
        self, any_yes: Question, cells: Mapping[Hashable, list[Unit]], yes: Mapping[Hashable, list[int]]
    ) -> dict[Hashable, int]:
        """Number of forms without any Yes per cell, within the published Missing of the pairs' tables."""
        programme = IntegerProgram()
        index = {}
        for cell, units in cells.items():
            low = max(0, len(units) - sum(yes[cell]))
            high = len(units) - max(yes[cell])
            index[cell] = programme.variable(low, high, low + (high - low) * 0.2)
        for target in self.margins.targets.of(any_yes.question_id):
            member = (target.cohort_id, target.year)
            inside = {index[c]: 1.0 for c in cells if member in cast(tuple[Membership, ...], c)}
            programme.constraint(inside, target.low, target.high)
        solution = programme.solve(any_yes.question_id)
        return {cell: int(solution[position]) for cell, position in index.items()}

    def give_rows(
        self,
        rows: Sequence[Question],
        units: Sequence[Unit],
        yes: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
        counts: Sequence[Mapping[str, int]],
    ) -> None:
        """Hand Yes by the given ticks, and the other answers so that Missing and Don't know gather on few forms."""
        reluctance = self.rng.random(len(units)) - 0.5 * (~yes.any(axis=1))
        for column, row in enumerate(rows):
            others = np.flatnonzero(~yes[:, column])
            order = others[np.argsort(reluctance[others] + 0.15 * self.rng.random(len(others)), kind="stable")]
            codes = [
                code for code in (MISSING_OPTION_CODE, "dont_know", "no") for _ in range(counts[column].get(code, 0))
            ]
            for position in np.flatnonzero(yes[:, column]):
                units[int(position)][1].answers[row.question_id] = "yes"
            for position, code in zip(order, codes, strict=True):
                if code != MISSING_OPTION_CODE:
                    units[int(position)][1].answers[row.question_id] = code

    def draw_exit(self, rows: Sequence[Question], present_id: str, cohort_id: str) -> None:
        """Draw whether an abuse continues at exit, and its types, in agreement with each other."""
        present = self.margins.catalogue.questions[present_id]
        year_cells = self.margins.cells([present], self.margins.asked_units(present))
        present_counts = self.single.counts(present, year_cells)
        for year_cell, units in year_cells.items():
            pairs = [u for u in units if any(c == cohort_id for c, _ in self.margins.memberships(u, "exit"))]
            inside = {id(form) for _, form in pairs}
            others = [u for u in units if id(u[1]) not in inside]
            type_cells = self.margins.cells(rows, pairs, [cohort_id])
            ((cell, pairs),) = type_cells.items()
            counts = [self.single.counts(row, {cell: pairs})[cell] for row in rows]
            yes = [count["yes"] for count in counts]
            continuing = present_counts[year_cell]["yes"]
            low = max(*yes, continuing - len(others))
            high = min(sum(yes), continuing)
            if low > high:
                raise InfeasibleTargetError(f"The types at exit of {present_id} do not fit its Yes count.")
            share = len(pairs) / len(units)
            within = int(np.clip(round(continuing * share), low, high))
            pairs = [pairs[i] for i in self.rng.permutation(len(pairs))]
            others = [others[i] for i in self.rng.permutation(len(others))]
            ticks = tick_matrix(self.rng, within, yes, present_id)
            blank = np.zeros((len(pairs) - within, len(rows)), dtype=np.bool_)
            self.give_rows(rows, pairs, np.vstack([ticks, blank]), counts)
            outside = continuing - within
            # Nothing is published about exits whose abuse is new: proportions like those of the pairs.
            scaled = [min(outside, round(y * outside / max(1, within))) for y in yes]
            scaled[int(np.argmax(yes))] = outside
            ticks = tick_matrix(self.rng, outside, scaled, present_id)
            blank = np.zeros((len(others) - outside, len(rows)), dtype=np.bool_)
            rest = []
            for count, y in zip(counts, scaled, strict=True):
                weights = [float(count.get(code, 0)) for code in ("no", "dont_know", MISSING_OPTION_CODE)]
                no, dont_know, missing = largest_remainder(weights, len(others) - y)
                rest.append({"yes": y, "no": int(no), "dont_know": int(dont_know), MISSING_OPTION_CODE: int(missing)})
            self.give_rows(rows, others, np.vstack([ticks, blank]), rest)
            for _, form in [*pairs[:within], *others[:outside]]:
                form.answers[present_id] = "yes"
            without = {code: n for code, n in present_counts[year_cell].items() if code != "yes"}
            self.single.give(present, [*pairs[within:], *others[outside:]], without)
