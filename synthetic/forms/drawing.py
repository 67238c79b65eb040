"""The forms of the sample: services, clients and cases, and on their forms answers that keep every published margin.

Questions are drawn in the order of the forms: after the question that opens them. Questions whose figures are printed
both for the year's intakes and for the pairs of the year's exits are drawn for all years at once, over the cells
"intake year x exit year".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catalogue import Catalogue
from synthetic.forms.answers.birth_dates import BirthDates
from synthetic.forms.answers.margins import Margins
from synthetic.forms.answers.matrix import EXIT_GROUPS, MatrixAnswers
from synthetic.forms.answers.number import NumberAnswers
from synthetic.forms.answers.single import SingleAnswers
from synthetic.forms.answers.tick_all import TickAnswers
from synthetic.forms.skeleton import Skeleton, build_skeleton
from synthetic.forms.targets import Targets, read_figures
from synthetic.sample_catalogue import sample_catalogue

SEED = 20_240_331

# 2024 forms that answered although the question was not put to them: the negative Missing of the publication.
OFF_GATE = {"exit_exposure_due_to_contact": 5, "exit_direct_due_to_contact": 3}
OFF_GATE_ANSWER, OFF_GATE_YEAR = "no", 2024


@dataclass
class DrawnSample:
    """The drawn forms and what is needed to read them."""

    catalogue: Catalogue
    targets: Targets
    skeleton: Skeleton


def draw(catalogue: Catalogue | None = None, seed: int = SEED) -> DrawnSample:
    """Draw all forms of the sample.

    Args:
        catalogue: the sample's catalogue unless another is given.
        seed: seed of the only source of randomness.

    Returns:
        Clean forms with all answers, before any dirt.

    Raises:
        InfeasibleTargetError: published figures contradict each other beyond the known corrections.
    """
    catalogue = catalogue or sample_catalogue()
    targets = Targets(catalogue, read_figures())
    rng = np.random.default_rng(seed)
    skeleton = build_skeleton(targets, rng)
    drawer = _Drawer(Margins(catalogue, targets, skeleton), rng)
    drawer.birth_dates.draw()
    for form_id in ("intake", "review", "exit"):
        drawer.draw_form(form_id)
    drawer.add_off_gate_answers()
    return DrawnSample(catalogue, targets, skeleton)


class _Drawer:
    """Draws one question at a time, each by its type, from one source of randomness."""

    def __init__(self, margins: Margins, rng: np.random.Generator) -> None:
        self.margins = margins
        self.rng = rng
        single = SingleAnswers(margins, rng)
        self.single = single
        self.matrix = MatrixAnswers(margins, single, rng)
        self.tick_all = TickAnswers(margins, rng)
        self.number = NumberAnswers(margins, single, rng)
        self.birth_dates = BirthDates(margins, single, rng)

    def draw_form(self, form_id: str) -> None:
        """Draw every question of a form that has options, in form order."""
        done: set[str] = set()
        asked = self.margins.catalogue.asked(form_id)
        for question in asked:
            if not question.option_set or question.question_id in done:
                continue
            rows = [row for row in asked if row.matrix_id and row.matrix_id == question.matrix_id]
            group = next((g for g, (present, _) in EXIT_GROUPS.items() if present == question.question_id), None)
            if group:
                rows = [row for row in asked if row.matrix_id == group]
                self.matrix.draw_exit(rows, *EXIT_GROUPS[group])
                done |= {row.question_id for row in rows}
            elif rows and form_id == "intake" and (any_yes := self.matrix.any_yes_question(rows[0].matrix_id or "")):
                self.matrix.draw_intake(rows, any_yes)
                done |= {row.question_id for row in rows}
            elif question.answer_type == "tick_all":
                self.tick_all.draw(question)
            elif question.answer_type == "number":
                self.number.draw(question)
            else:
                self.single.draw(question)

    def add_off_gate_answers(self) -> None:
        """Add the answers to questions that were not put: never counted, but there."""
        for question_id, number in OFF_GATE.items():
            question = self.margins.catalogue.questions[question_id]
            closed = [
                form
                for _, form in self.margins.skeleton.forms(question.form_id)
                if form.year == OFF_GATE_YEAR and not self.margins.is_asked(question, form)
            ]
            for i in sorted(self.rng.choice(len(closed), number, replace=False)):
                closed[i].answers[question_id] = OFF_GATE_ANSWER
