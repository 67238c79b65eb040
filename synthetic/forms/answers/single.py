"""Questions with one answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial

import numpy as np

from catalogue import MISSING_OPTION_CODE, Question
from synthetic.forms.answers.margins import Margins, Unit
from synthetic.forms.solver import Margin, allocate_single, spread

# Answers that a returning client gives again on every intake.
LASTING = {
    "intake_profile_gender_at_birth": ("female", "male"),
    "intake_profile_ethnicity": ("english_welsh_scottish_northern_irish_british",),
}


class SingleAnswers:
    """Draws questions with one answer, and hands out counted answers for other types."""

    def __init__(self, margins: Margins, rng: np.random.Generator) -> None:
        self.margins = margins
        self.rng = rng

    def counts(
        self,
        question: Question,
        cells: Mapping[Hashable, list[Unit]],
        fixed: Mapping[int, str] | None = None,
        with_missing: bool = True,
    ) -> dict[Hashable, dict[str, int]]:
        """Answers still to give in each cell; ``fixed`` are answers (by form) that are already decided."""
        options = self.margins.options(question, with_missing)
        fixed = fixed or {}
        given: dict[Hashable, dict[str, int]] = {cell: dict.fromkeys(options, 0) for cell in cells}
        for cell, units in cells.items():
            for _, form in units:
                if id(form) in fixed:
                    given[cell][fixed[id(form)]] += 1
        margins = []
        for margin in self.margins.of(question, cells):
            done = sum(given[cell].get(option, 0) for cell in margin.cells for option in margin.options)
            margins.append(Margin(margin.cells, margin.options, margin.low - done, margin.high - done))
        return allocate_single(
            question.question_id,
            {cell: len(units) - sum(given[cell].values()) for cell, units in cells.items()},
            options,
            margins,
            partial(self.margins.shares, question, options),
        )

    def give(
        self,
        question: Question,
        units: Sequence[Unit],
        counts: Mapping[str, int],
        affinity: Callable[[Unit, str], float] | None = None,
    ) -> None:
        """Hand the counted answers to forms: at random, or rarest answer first to the forms nearest to it."""
        if affinity is None:
            for (_, form), code in zip(units, spread(self.rng, counts), strict=True):
                if code != MISSING_OPTION_CODE:
                    form.answers[question.question_id] = code
            return
        left = [units[i] for i in self.rng.permutation(len(units))]
        for code in sorted(counts, key=lambda option: (counts[option], option)):
            left.sort(key=lambda unit, code=code: -affinity(unit, code))  # type: ignore[misc]
            chosen, left = left[: counts[code]], left[counts[code] :]
            if code != MISSING_OPTION_CODE:
                for _, form in chosen:
                    form.answers[question.question_id] = code

    def draw(self, question: Question) -> None:
        """Draw a single-choice question."""
        cells = self.margins.cells([question], self.margins.asked_units(question))
        fixed = self.lasting_answers(question, cells)
        for cell, counts in self.counts(question, cells, fixed).items():
            free = [unit for unit in cells[cell] if id(unit[1]) not in fixed]
            self.give(question, free, counts, AFFINITIES.get(question.question_id))

    def lasting_answers(self, question: Question, cells: Mapping[Hashable, list[Unit]]) -> dict[int, str]:
        """Answers of returning clients, the same on each of their intakes."""
        codes = LASTING.get(question.question_id)
        fixed: dict[int, str] = {}
        if codes is None:
            return fixed
        for client in self.margins.skeleton.clients:
            forms = [case.intake for case in client.cases if case.intake]
            if len(forms) > 1:
                code = codes[int(self.rng.integers(len(codes)))]
                for form in forms:
                    fixed[id(form)] = code
                    form.answers[question.question_id] = code
        return fixed


def _returning(unit: Unit, code: str) -> float:
    """Clients who come back answer "repeat"."""
    case, form = unit
    assert case.client is not None
    starts = [c.start for c in case.client.cases if c.intake]
    return float((code == "repeat") == (form.event_date > min(starts)))


def _same_as_birth(unit: Unit, code: str) -> float:
    return float(unit[1].answers.get("intake_profile_gender_at_birth") == code)


def _differs_from_birth(unit: Unit, code: str) -> float:
    answers = unit[1].answers
    identity = answers.get("intake_profile_gender_identity")
    is_told = identity in ("male", "female", "in_another_way")
    differs = is_told and identity != answers.get("intake_profile_gender_at_birth")
    return float((code == "yes") == differs)


# Answers that go together more than by chance, without touching any count.
AFFINITIES: dict[str, Callable[[Unit, str], float]] = {
    "intake_referral_status": _returning,
    "intake_profile_gender_identity": _same_as_birth,
    "intake_profile_not_gender_at_birth": _differs_from_birth,
}
