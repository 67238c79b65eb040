"""Questions answered by a number, whose options are bands."""

from __future__ import annotations

import numpy as np

from catalogue import Question
from synthetic.forms.answers.margins import Margins, Unit
from synthetic.forms.answers.single import SingleAnswers
from synthetic.forms.skeleton import months_between
from synthetic.forms.solver import numbers_in_bands, numbers_with_median

# Largest plausible number where the top band is open.
NUMBER_CAPS = {
    "intake_exposure_duration": 204,
    "intake_direct_duration": 204,
    "intake_harmful_duration": 120,
    "exit_closure_contacts": 60,
}


class NumberAnswers:
    """Draws number questions with their published mean or median."""

    def __init__(self, margins: Margins, single: SingleAnswers, rng: np.random.Generator) -> None:
        self.margins = margins
        self.single = single
        self.rng = rng

    def draw(self, question: Question) -> None:
        """Draw a number question whose options are bands, with its published mean or median."""
        cells = self.margins.cells([question], self.margins.asked_units(question))
        counts = self.single.counts(question, cells)
        bands = {o.option_code: o for o in self.margins.catalogue.options_of(question.question_id)}
        statistics = {a.statistic for (q, _), a in self.margins.targets.averages.items() if q == question.question_id}
        for cell, units in cells.items():
            year = units[0][1].year
            triples = []
            for code, option in bands.items():
                low = max(option.lower_bound or 0, question.minimum or 0)
                high = min(option.upper_bound or low, NUMBER_CAPS.get(question.question_id, 10**6))
                triples.append((low, high, counts[cell][code]))
            if "median" in statistics:
                known = [y for q, y in self.margins.targets.averages if q == question.question_id]
                near = min(known, key=lambda y: (abs(y - year), -y))
                median = int(self.margins.targets.averages[question.question_id, near].value)
                numbers = numbers_with_median(self.rng, triples, median, question.question_id)
            elif statistics:
                mean = self.margins.mean(question, year)
                numbers = numbers_in_bands(self.rng, triples, mean, f"{question.question_id} {year}", step=6)
            else:  # nothing is published about its size
                numbers = [int(self.rng.integers(low, high + 1)) for low, high, count in triples for _ in range(count)]
            answered = [units[i] for i in self.rng.permutation(len(units))][: len(numbers)]
            if question.unit == "months":
                # Abuse cannot well be longer than a life: the longest to the oldest, with some disorder.
                noise = {id(form): 24 * self.rng.standard_normal() for _, form in answered}
                answered.sort(key=lambda unit: _age_months(unit) + noise[id(unit[1])])
                numbers.sort()
            else:
                numbers = [numbers[i] for i in self.rng.permutation(len(numbers))]
            for (_, form), number in zip(answered, numbers, strict=True):
                form.answers[question.question_id] = number


def _age_months(unit: Unit) -> int:
    client = unit[0].client
    assert client is not None
    assert client.birth_date is not None
    return months_between(client.birth_date, unit[1].event_date)
