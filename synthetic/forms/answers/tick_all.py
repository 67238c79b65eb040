"""Questions where all that apply is ticked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from catalogue import MISSING_OPTION_CODE, Question
from synthetic.forms.answers.margins import Margins, Unit
from synthetic.forms.skeleton import CONTEXT_YEAR, YEARS
from synthetic.forms.solver import (
    IntArray,
    IntegerProgram,
    numbers_in_bands,
    tick_matrix,
    tick_matrix_with_row_sums,
)

ALL_YEARS = (CONTEXT_YEAR, *YEARS)
ACE_TYPES, ACE_COUNT = "intake_profile_ace_types", "intake_profile_ace_count"


class TickAnswers:
    """Draws tick-all questions."""

    def __init__(self, margins: Margins, rng: np.random.Generator) -> None:
        self.margins = margins
        self.rng = rng

    def draw(self, question: Question) -> None:
        """Draw a tick-all question, year by year."""
        units = self.margins.asked_units(question)
        cohort_ids = {t.cohort_id for t in self.margins.targets.of(question.question_id)}
        client_only = "intake_client" in cohort_ids
        by_year: dict[int, list[Unit]] = {year: [] for year in ALL_YEARS}
        duplicates: list[Unit] = []
        for unit in units:
            (duplicates if client_only and not unit[0].is_client_record else by_year[unit[1].year]).append(unit)
        sizes = {year: len(members) for year, members in by_year.items()}
        for year, members in by_year.items():
            if not members:
                continue
            counts = self.counts(question, year, sizes)
            self.give(question, members, counts, year)
        for unit in duplicates:  # an earlier form of a client counts in no table of this question: copy one that does
            twins = by_year[unit[1].year]
            twin = twins[int(self.rng.integers(len(twins)))][1]
            if question.question_id in twin.answers:
                unit[1].answers[question.question_id] = twin.answers[question.question_id]

    def counts(self, question: Question, year: int, sizes: Mapping[int, int]) -> dict[str, int]:
        """Ticks per option of a year, and how many forms have none."""
        options = self.margins.options(question)
        exclusive = self.exclusive(question)
        size = sizes[year]
        programme = IntegerProgram()
        index = {}
        for option in options:
            own = [t for t in self.margins.targets.of(question.question_id) if t.option_codes == {option}]
            wish = 0.0
            if own:
                near = min(own, key=lambda t: (abs(t.year - year), -t.year))
                wish = size * (near.low + near.high) / 2 / max(1, sizes[near.year])
            index[option] = programme.variable(0, size, wish)
        for target in self.margins.targets.of(question.question_id, year):
            programme.constraint({index[code]: 1.0 for code in target.option_codes}, target.low, target.high)
        if not any(MISSING_OPTION_CODE in t.option_codes for t in self.margins.targets.of(question.question_id)):
            programme.constraint({index[MISSING_OPTION_CODE]: 1.0}, 0, 0)
        alone = {index[option]: 1.0 for option in exclusive}
        answers = [option for option in options if option not in exclusive]
        # Whoever ticks nothing exclusive ticks something, and an option is ticked at most once.
        programme.constraint(alone | {index[option]: 1.0 for option in answers}, size, np.inf)
        for option in answers:
            programme.constraint(alone | {index[option]: 1.0}, 0, size)
        if question.question_id == ACE_TYPES:
            low, high = self.margins.mean(self.margins.catalogue.questions[ACE_COUNT], year, half_width=0.04)
            programme.constraint({index[o]: 1.0 for o in answers}, np.ceil(low * size), np.floor(high * size))
        solution = programme.solve(f"{question.question_id} {year}")
        return {option: int(solution[index[option]]) for option in options}

    def exclusive(self, question: Question) -> set[str]:
        """Answers of a tick-all question that stand alone: Don't know, None, and nothing at all."""
        kinds = {"dont_know", "none", "not_disclosed"}
        options = self.margins.catalogue.options_of(question.question_id)
        return {MISSING_OPTION_CODE} | {o.option_code for o in options if o.option_kind in kinds}

    def give(self, question: Question, units: Sequence[Unit], counts: Mapping[str, int], year: int) -> None:
        """Hand out the ticks of one year."""
        exclusive = self.exclusive(question)
        answers = [option for option in counts if option not in exclusive]
        order = [units[i] for i in self.rng.permutation(len(units))]
        for option in sorted(exclusive):
            chosen, order = order[: counts[option]], order[counts[option] :]
            if option != MISSING_OPTION_CODE:
                for _, form in chosen:
                    form.answers[question.question_id] = frozenset({option})
        if question.question_id == ACE_TYPES:
            sums = self.ace_numbers(len(order), [counts[o] for o in answers], year)
            ticks = tick_matrix_with_row_sums(self.rng, sums, [counts[o] for o in answers], question.question_id)
        else:
            ticks = tick_matrix(self.rng, len(order), [counts[o] for o in answers], question.question_id)
        for (_, form), row in zip(order, ticks, strict=True):
            form.answers[question.question_id] = frozenset(
                option for option, ticked in zip(answers, row, strict=True) if ticked
            )

    def ace_numbers(self, forms: int, counts: Sequence[int], year: int) -> IntArray:
        """Number of ACEs per form: the right total, and the right number of forms with four or more."""
        many_targets = [t for t in self.margins.targets.of(ACE_COUNT, year) if t.option_codes == {"four_or_more"}]
        low = max((t.low for t in many_targets), default=round(forms * 0.25))
        high = min((t.high for t in many_targets), default=low)
        many = (low + high) // 2
        exact = sum(counts) / forms
        # Two ACEs are on most forms, so few forms can have only one.
        largest = sorted(counts, reverse=True)
        single = min(forms // 5, (2 * forms - largest[0] - largest[1]) // 2)
        bands = [(1, 1, single), (2, 3, forms - many - single), (4, 7, many)]
        numbers = numbers_in_bands(self.rng, bands, (exact, exact), f"{ACE_COUNT} {year}", decay=0.6)
        return np.array(numbers, dtype=np.int64)
