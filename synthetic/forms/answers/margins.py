"""Which forms a published figure counts, and what that asks of the answers to a question."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import cast

from catalogue import MISSING_OPTION_CODE, Catalogue, Question
from synthetic.forms.skeleton import YEARS, Case, DrawnForm, Skeleton
from synthetic.forms.solver import Margin
from synthetic.forms.targets import CLOSED, COHORT_RESTRICTIONS, Targets

BASE_COHORT = {"intake": "intake_form", "review": "review_form", "exit": "exit_form"}
# How far a rounded mean may lie from the printed one, in its unit, and what that unit is in the question's unit.
MEAN_HALF_WIDTH = 0.2
UNIT_FACTOR = {("years", "months"): 12.0}
UNANSWERED_WHERE_ASKED = 8  # a plausible number where nothing is published

Unit = tuple[Case, DrawnForm]
Membership = tuple[str, int]


def is_open(question: Question, answers: Mapping[str, str | frozenset[str] | int]) -> bool:
    """Whether the answers given so far open a question."""
    if question.parent_question_id is None:
        return True
    given = answers.get(question.parent_question_id)
    if isinstance(given, frozenset):
        return not given.isdisjoint(question.parent_option_codes)
    return given in question.parent_option_codes


class Margins:
    """The forms, and the margins that their answers have to keep."""

    def __init__(self, catalogue: Catalogue, targets: Targets, skeleton: Skeleton) -> None:
        self.catalogue = catalogue
        self.targets = targets
        self.skeleton = skeleton
        self.children: dict[str, list[Question]] = {}
        for question in catalogue.questions.values():
            if question.parent_question_id and question.derivation is None:
                self.children.setdefault(question.parent_question_id, []).append(question)

    def memberships(self, unit: Unit, form_id: str) -> list[Membership]:
        """Cohorts, with their year, in which a form counts."""
        case, form = unit
        found = [(BASE_COHORT[form_id], form.year)]
        if form_id == "intake" and case.is_client_record:
            found.append(("intake_client", form.year))
        if form_id == "intake" and case.exit:
            found.append(("exit_form", case.exit.year))
        if form_id in ("intake", "exit") and case.intake and case.exit:
            found += [
                (cohort_id, case.exit.year)
                for cohort_id, (question_id, code) in COHORT_RESTRICTIONS.items()
                if case.intake.answers.get(question_id) == code
            ]
        return found

    def is_asked(self, question: Question, form: DrawnForm) -> bool:
        """Whether the question's gate is open on a form."""
        return is_open(question, form.answers)

    def asked_units(self, question: Question) -> list[Unit]:
        """Forms to which a question is put, in a fixed order."""
        return [unit for unit in self.skeleton.forms(question.form_id) if self.is_asked(question, unit[1])]

    def cells(
        self, questions: Sequence[Question], units: Iterable[Unit], extra_cohorts: Iterable[str] = ()
    ) -> dict[Hashable, list[Unit]]:
        """Forms by the margins they count in: a cell is a sorted tuple of (cohort, year)."""
        form_id = questions[0].form_id
        used = {t.cohort_id for question in questions for t in self.targets.of(question.question_id)}
        used |= {BASE_COHORT[form_id], *extra_cohorts}
        cells: dict[Hashable, list[Unit]] = {}
        for unit in units:
            key = tuple(sorted(m for m in self.memberships(unit, form_id) if m[0] in used))
            cells.setdefault(key, []).append(unit)
        return dict(sorted(cells.items(), key=lambda item: str(item[0])))

    def of(self, question: Question, cells: Mapping[Hashable, list[Unit]]) -> list[Margin]:
        """Margins of a question over its cells, with room left for what its follow-up questions need."""
        margins = []
        for target in self.targets.of(question.question_id):
            member = (target.cohort_id, target.year)
            inside = tuple(cell for cell in cells if member in cast(tuple[Membership, ...], cell))
            if not inside:  # a margin of a year that is drawn separately
                continue
            low, high = target.low, target.high
            if CLOSED in target.option_codes:
                size = self.targets.cohort_size[target.cohort_id, target.year]
                closed = size - sum(len(cells[cell]) for cell in inside)
                low, high = low - closed, high - closed
            codes = tuple(sorted(target.option_codes - {CLOSED}))
            margins.append(Margin(inside, codes, low, high))
        for child in self.children.get(question.question_id, []):
            for year in YEARS:
                needed = self.targets.answered_at_least(child, year)
                member = (BASE_COHORT[question.form_id], year)
                inside = tuple(cell for cell in cells if member in cast(tuple[Membership, ...], cell))
                size = sum(len(cells[cell]) for cell in inside)
                if child.answer_type in ("single", "matrix") and needed:
                    margins.append(Margin(inside, child.parent_option_codes, needed, size))
        return margins

    def shares(self, question: Question, options: Sequence[str], cell: Hashable) -> Mapping[str, float]:
        """Plausible shares of the answers in a cell."""
        members = cast(tuple[Membership, ...], cell)
        base = BASE_COHORT[question.form_id]
        year = next(year for cohort_id, year in members if cohort_id == base)
        own = {t.cohort_id for t in self.targets.of(question.question_id)}
        cohorts = frozenset(c for c in own if c.startswith(question.form_id)) or frozenset(own)
        shares = dict(self.targets.shares(question.question_id, options, year, cohorts))
        if not self.targets.of(question.question_id, year):
            # Nothing published: just enough opening answers for the published follow-up, and a few unanswered.
            for child in self.children.get(question.question_id, []):
                needed = self.targets.answered_at_least(child, year)
                size = self.targets.cohort_size.get((base, year), 0)
                if child.answer_type == "single" and needed and size and len(child.parent_option_codes) == 1:
                    (code,) = child.parent_option_codes
                    shares[code] = (needed + UNANSWERED_WHERE_ASKED) / size
                    rest = sum(share for option, share in shares.items() if option != code)
                    for option in shares:
                        if option != code:
                            shares[option] *= (1 - shares[code]) / rest
        return shares

    def options(self, question: Question, with_missing: bool = True) -> list[str]:
        """Option codes of a question, ``missing`` last."""
        codes = [option.option_code for option in self.catalogue.options_of(question.question_id)]
        return [*codes, MISSING_OPTION_CODE] if with_missing else codes

    def mean(self, question: Question, year: int, half_width: float = MEAN_HALF_WIDTH) -> tuple[float, float]:
        """Admissible mean of a number question in a year, in the question's unit, well inside the rounding."""
        known = [year for q, year in self.targets.averages if q == question.question_id]
        nearest = min(known, key=lambda y: (abs(y - year), -y))
        average = self.targets.averages[question.question_id, nearest]
        factor = UNIT_FACTOR.get((average.unit, question.unit or ""), 1.0)
        return (average.value - half_width) * factor, (average.value + half_width) * factor
