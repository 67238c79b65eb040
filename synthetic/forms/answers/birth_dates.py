"""Birth dates, such that the age bands and the mean age of each year's clients come out; and postcodes."""

from __future__ import annotations

from datetime import date

import numpy as np

from synthetic.forms.answers.margins import Margins
from synthetic.forms.answers.single import SingleAnswers
from synthetic.forms.skeleton import months_between
from synthetic.forms.solver import numbers_in_bands

AGE_QUESTION = "intake_profile_age"
MEAN_AGE = 9.2  # prints as the published 9


class BirthDates:
    """Draws where clients live and when they were born."""

    def __init__(self, margins: Margins, single: SingleAnswers, rng: np.random.Generator) -> None:
        self.margins = margins
        self.single = single
        self.rng = rng

    def draw(self) -> None:
        """Draw birth dates such that the age bands and the mean age of each year's clients come out."""
        question = self.margins.catalogue.questions[AGE_QUESTION]
        for client in self.margins.skeleton.clients:
            client.postcode = _postcode(self.rng)
            intakes = [case for case in client.cases if case.intake]
            if len(intakes) > 1:
                client.birth_date = self.birth_date(int(self.rng.integers(4, 14)), min(c.start for c in intakes))
            elif not intakes:
                client.birth_date = self.birth_date(int(self.rng.integers(4, 16)), client.cases[0].start)
        options = self.margins.catalogue.options_of(AGE_QUESTION)
        bands = {o.option_code: (o.lower_bound or 0, o.upper_bound or 0) for o in options}
        units = self.margins.skeleton.forms("intake")
        cells = self.margins.cells([question], units)
        fixed: dict[int, str] = {}
        ages: dict[int, int] = {}
        for case, form in units:
            if case.client and case.client.birth_date:
                age = months_between(case.client.birth_date, form.event_date) // 12
                ages[id(form)] = age
                fixed[id(form)] = next(code for code, (low, high) in bands.items() if low <= age <= high)
        for cell, counts in self.single.counts(question, cells, fixed, with_missing=False).items():
            free = [unit for unit in cells[cell] if id(unit[1]) not in fixed]
            known = [ages[id(form)] for _, form in cells[cell] if id(form) in ages]
            if not free:
                continue
            total = len(free) + len(known)
            goal = (MEAN_AGE * total - sum(known)) / len(free)
            triples = [(*bands[code], n) for code, n in counts.items()]
            # Small cells (context years, earlier forms of a client) come as near as their bands allow.
            numbers = numbers_in_bands(self.rng, triples, (goal, goal), AGE_QUESTION, strict=False)
            for (case, form), index in zip(free, self.rng.permutation(len(numbers)), strict=True):
                assert case.client is not None
                case.client.birth_date = self.birth_date(numbers[index], form.event_date)

    def birth_date(self, age: int, event: date) -> date:
        """A birth date in one of the twelve months that make this age at the event."""
        months = 12 * age + int(self.rng.integers(1, 12))
        index = event.year * 12 + event.month - 1 - months
        return date(index // 12, index % 12 + 1, int(self.rng.integers(1, 29)))


def _postcode(rng: np.random.Generator) -> str:
    """A postcode in an area that does not exist."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    inward = "".join(letters[i] for i in rng.integers(0, len(letters), 2))
    return f"ZZ{rng.integers(1, 30)} {rng.integers(0, 10)}{inward}"
