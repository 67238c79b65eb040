"""The forms' counts of one year as a system: what is printed of them, and what readers know between them.

- All services are the sum of the services that are listed, and of the others where there may be any.
- The answers to a question that takes one answer, missing included, add up to those it was put to: the whole cohort, or
  those who gave the answer that opens it, less those of them who were not asked. Which service asks what is known.
- Of a matched form the questions that everybody is asked add up to the forms that were matched, for each of them.
- An option of a question that takes several is at most those it was put to, less those who ticked nothing, and all of
  its options together are at least as many.
- An answer that is Yes if any of several others is (`any_yes`) is at least each of them and at most their sum.
- A figure over several answers (a group of ethnicities, an n with two opening answers) is the sum of its answers.
- A cohort that an answer makes is those who gave it: their answers to the questions which that answer opens are all
  answers there are to them. It is one number, however it is called.
- A cohort that is part of another (unique clients of forms, exposed children of all) has at most its counts, and lacks
  at most as many as the whole cohort lacks.
- What a percentage is printed of is part of its n.
- Who is counted by how many options they ticked has ticked no fewer, and no more, than the band says.
- A printed mean of ticks holds the sum of the ticks to within its last decimal; one of numbers in bands lies between
  what it would be with all at the lower and all at the upper ends of their bands; half lie on either side of a median.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import lcm
from typing import cast

from disclosure.forms.counts import (
    ALL,
    EVERYBODY,
    Atom,
    Averages,
    Kind,
    KindSum,
    ReportCell,
    is_unasked,
    unasked_dataset,
)
from disclosure.forms.questionnaire import AnyOf, QuestionAnswers, Questionnaire, Restriction
from disclosure.system import System, Terms, difference

# The answer that stands for the matched forms of a cohort, and the place of the services that are not listed.
_MATCHED = -1
_OTHERS = "other_services"


def build_year(
    year: int,
    services: Iterable[str],
    counts: Mapping[Atom, int],
    averages: Averages,
    cells: Iterable[ReportCell],
    questionnaire: Questionnaire,
    *,
    has_others: bool = False,
) -> tuple[System, dict[tuple[str, KindSum], int]]:
    """The system of one reporting year. Counts that `counts` does not hold are zero.

    `averages` are the printed ones. `services` are the services that are listed; all of them together are added.
    `has_others` says that forms may be of services which are not. Names in the system are pairs of a place and a
    `KindSum`. Returns it, and which count each sum is at each place: the numerators and denominators of `cells` as they
    stand there, and the whole of every cohort.
    """
    made = _Year(year, services, counts, list(cells), questionnaire, has_others)
    made.print_figures()
    made.relate_answers(questionnaire.questions)
    made.relate_services()
    made.bound_parts(questionnaire.parts)
    made.bound_any_of(questionnaire.any_of)
    made.bound_ticks()
    made.bound_averages(averages)
    return made.system, made.figures


class _Year:
    """The system while it is put together. A count's name is its place and what it is the sum of."""

    def __init__(
        self,
        year: int,
        services: Iterable[str],
        counts: Mapping[Atom, int],
        cells: list[ReportCell],
        questionnaire: Questionnaire,
        has_others: bool,
    ) -> None:
        self.system = System()
        self.figures: dict[tuple[str, KindSum], int] = {}
        self._year, self._counts, self._cells = year, counts, cells
        self._services, self._has_others = sorted(services), has_others
        self._everywhere = [ALL, *self._services]
        self._restrictions = {one.cohort: one for one in questionnaire.restrictions}
        # Cohorts and datasets of whom some were not asked a question, in any year or place.
        self._unasked = {(cohort, dataset) for _, _, cohort, dataset, _ in counts if is_unasked(dataset)}
        if len(self._services) == 1 and not has_others:
            # All services are that one: one count, however it is called.
            self._services, self._everywhere = [], [ALL]
        # Of matched forms only these answers are counted at all.
        self._counted = {
            (dataset, answer)
            for cell in cells
            for (_, dataset, answer), _ in (*cell.numerator, *cell.denominator, *cell.ticks)
        }
        # Answers that any figure is made of, by cohort and dataset.
        self._answers: dict[tuple[str, str], set[int]] = defaultdict(set)

    def print_figures(self) -> None:
        """Every printed count and n, as the sum of its answers, and the whole of every cohort."""
        for cell in self._cells:
            for place in self._everywhere:
                count = self._figure(place, cell.numerator)
                if count is None:
                    continue
                if cell.is_average:
                    self.system.show(count, None, (place, cell.place[0]))
                    continue
                base = self._figure(place, cell.denominator) if cell.denominator else None
                self.system.show(count, base, (place, cell.place[0]))
                if base is not None and cell.statistic == "percentage":
                    self.system.part(base, count)
        cohorts = {(kind[0], _own_dataset(kind[1])) for _, total in self.figures for kind, _ in total}
        for cohort, dataset in sorted(cohorts):
            everybody: KindSum = (((cohort, dataset, EVERYBODY), 1),)
            for place in self._everywhere:
                count = self._figure(place, everybody)
                if count is not None:
                    self.system.show(count, None, (place, cohort))

    def relate_answers(self, questions: Iterable[QuestionAnswers]) -> None:
        """The answers of each question and those it was put to."""
        for question in questions:
            for (cohort, dataset), answers in sorted(self._answers.items()):
                if answers & set(question.answers) and _reads(dataset, question.form_id):
                    for place in self._everywhere:
                        self._relate_question(question, place, cohort, dataset)

    def relate_services(self) -> None:
        """All services are the sum of the services, for everything that was named so far."""
        if not self._services:
            return
        for total in sorted({total for place, total in self._names() if place == ALL}):
            self._sum_services(total)

    def bound_parts(self, parts: Iterable[tuple[str, str]]) -> None:
        """Counts of a cohort against those of the whole that it is a part of."""
        kinds = sorted({total[0][0] for _, total in self._names() if len(total) == 1})
        held = set(kinds)
        for part, whole in parts:
            for cohort, dataset, answer in kinds:
                twin = (whole, dataset, answer)
                if cohort != part or twin not in held:
                    continue
                for place in self._everywhere:
                    small, large = self._atom(place, (cohort, dataset, answer)), self._atom(place, twin)
                    self.system.bound_if_true({large: 1, small: -1})
                    of_part, of_whole = (
                        self._found(place, (one, _own_dataset(dataset), EVERYBODY)) for one in (part, whole)
                    )
                    if answer == EVERYBODY:
                        self.system.part(large, small)
                    elif of_part is not None and of_whole is not None:
                        self.system.bound_if_true({of_whole: 1, of_part: -1, large: -1, small: 1})

    def bound_any_of(self, any_of: Iterable[AnyOf]) -> None:
        """An answer that is given with any of several others: by each of them and by their sum."""
        for one in any_of:
            for cohort, dataset in sorted(self._answers):
                for place in self._everywhere:
                    whole = self._found(place, (cohort, dataset, one.answer))
                    others = [self._found(place, (cohort, dataset, answer)) for answer in one.others]
                    if whole is None:
                        continue
                    known = [other for other in others if other is not None]
                    for other in known:
                        self.system.bound_if_true({whole: 1, other: -1})
                    if len(known) == len(others):
                        self.system.bound_if_true(_negative(difference(whole, known)))

    def bound_ticks(self) -> None:
        """Ticks of those who ticked so many: no fewer than the least of their bands, and no more than the most."""
        for cell in self._cells:
            for place in self._everywhere if cell.ticks and cell.bands else ():
                ticks: Terms = {self._atom(place, kind): factor for kind, factor in cell.ticks}
                least = {self._atom(place, kind): -int(low) for kind, low, _ in cell.bands}
                most = {self._atom(place, kind): int(high) for kind, _, high in cell.bands}
                self.system.bound_if_true(ticks | least)
                self.system.bound_if_true(_negative(ticks) | most)

    def bound_averages(self, averages: Averages) -> None:
        """What a printed average says: of ticks their sum, of numbers that lie in bands where these can be."""
        for cell in self._cells:
            for place in self._everywhere if cell.is_average else ():
                printed = averages.get((self._year, place, cell.place))
                n = self._figure(place, cell.numerator)
                if printed is None or n is None:
                    continue
                step = Fraction(1, 10**cell.decimals)
                # Rounded half up: from half of its last decimal below up to less than that above.
                lowest, highest = (round(printed / step) * step + sign * step / 2 for sign in (-1, 1))
                if cell.statistic == "median":
                    self._bound_median(place, cell, n, lowest, highest)
                elif cell.ticks:
                    ticks = {self._atom(place, kind): Fraction(factor) for kind, factor in cell.ticks}
                    self._bound_average(n, _less(ticks, {n: lowest}), 0)
                    self._bound_average(n, _less({n: highest}, ticks), -1)
                elif cell.bands:
                    bands = [(self._atom(place, kind), low, high) for kind, low, high in cell.bands]
                    self._bound_average(n, {band: high - lowest for band, _, high in bands}, 0)
                    self._bound_average(n, {band: highest - low for band, low, _ in bands}, -1)

    def _bound_median(self, place: str, cell: ReportCell, n: int, lowest: Fraction, highest: Fraction) -> None:
        """At least half of all have a number that is no more than the middle one, and at least half no less."""
        bands = [(self._atom(place, kind), low, high) for kind, low, high in cell.bands]
        up_to = {band: Fraction(2) for band, low, _ in bands if low <= highest}
        from_on = {band: Fraction(2) for band, _, high in bands if high >= lowest}
        for half in (up_to, from_on):
            self._bound_average(n, _less(half, {n: Fraction(1)}), 0)

    def _bound_average(self, n: int, terms: Mapping[int, Fraction], constant: int) -> None:
        """A bound that holds where an average over an n is printed, in whole numbers."""
        scale = lcm(*(factor.denominator for factor in terms.values()))
        whole = {count: int(factor * scale) for count, factor in terms.items() if factor}
        if whole and self.system.total(whole) + constant >= 0:
            self.system.averages.append((n, whole, constant))

    def _relate_question(self, question: QuestionAnswers, place: str, cohort: str, dataset: str) -> None:
        asked = self._asked(question, place, cohort, dataset)
        counted = [answer for answer in question.answers if self._is_counted(dataset, answer)]
        parts = [self._atom(place, (cohort, dataset, answer)) for answer in counted]
        whole = len(counted) == len(question.answers)
        if question.takes_one:
            together = dict(asked)
            for part in parts:
                together[part] = together.get(part, 0) - 1
            (self.system.relate_if_true if whole else self.system.bound_if_true)(together)
            return
        missing = None if question.missing is None else self._atom(place, (cohort, dataset, question.missing))
        # Who ticked something ticked at least one option; the others are the missing.
        together = _negative(asked)
        for part in parts:
            together[part] = together.get(part, 0) + 1
            if part == missing:
                continue
            terms = {**asked, part: asked.get(part, 0) - 1}
            if missing is not None and question.missing in counted:
                terms[missing] = terms.get(missing, 0) - 1
            self.system.bound_if_true(terms)
        if whole:
            self.system.bound_if_true(together)

    def _asked(self, question: QuestionAnswers, place: str, cohort: str, dataset: str) -> Terms:
        """Those to whom a question was put, as a sum of counts."""
        own = _own_dataset(dataset)
        if not question.opened_by and dataset != own:
            return {self._matched(question, place, cohort, dataset): 1}
        opening = question.opened_by or (EVERYBODY,)
        asked: Terms = {}
        unasked = unasked_dataset(dataset, question.number)
        for answer in opening:
            count = self._atom(place, (cohort, dataset, answer))
            asked[count] = asked.get(count, 0) + 1
            if (cohort, unasked) in self._unasked:
                left_out = self._atom(place, (cohort, unasked, answer))
                asked[left_out] = asked.get(left_out, 0) - 1
        return asked

    def _matched(self, question: QuestionAnswers, place: str, cohort: str, dataset: str) -> int:
        """The matched forms of a cohort: as many as answered any question that everybody is asked, and part of all."""
        name = (place, (((cohort, dataset, _MATCHED), 1),))
        if name in self.system.index:
            return self.system.index[name]
        whole = self._atom(place, (cohort, _own_dataset(dataset), EVERYBODY))
        has_all = question.takes_one and all(self._is_counted(dataset, answer) for answer in question.answers)
        answered = sum(self._value(place, (cohort, dataset, answer)) for answer in question.answers)
        matched = self.system.count(name, answered if has_all else self.system.values[whole], place)
        self.system.bound_if_true({whole: 1, matched: -1})
        return matched

    def _is_counted(self, dataset: str, answer: int) -> bool:
        return dataset == _own_dataset(dataset) or (dataset, answer) in self._counted

    def _names(self) -> Iterable[tuple[str, KindSum]]:
        return cast(Iterable[tuple[str, KindSum]], self.system.index)

    def _value(self, place: str, kind: Kind) -> int:
        if place == _OTHERS:
            return self._value(ALL, kind) - sum(self._value(service, kind) for service in self._services)
        return self._counts.get((self._year, place, *kind), 0)

    def _total(self, place: str, total: KindSum) -> int:
        return sum(factor * self._value(place, kind) for kind, factor in total)

    def _known_as(self, kind: Kind) -> Kind:
        """The one name of what may be called by several: a cohort that an answer makes is those who gave it."""
        cohort, dataset, answer = kind
        made: Restriction | None = self._restrictions.get(cohort)
        if made is None:
            return kind
        if answer == EVERYBODY and dataset == _own_dataset(dataset):
            return (made.whole, made.dataset, made.answer)
        if dataset == made.dataset and answer in made.implied:
            return (made.whole, dataset, answer)
        return kind

    def _named(self, total: KindSum) -> KindSum:
        factors: dict[Kind, int] = defaultdict(int)
        for kind, factor in total:
            factors[self._known_as(kind)] += factor
        return tuple(sorted((kind, factor) for kind, factor in factors.items() if factor))

    def _atom(self, place: str, kind: Kind) -> int:
        name, value = (place, ((self._known_as(kind), 1),)), self._value(place, kind)
        is_new = name not in self.system.index
        atom = self.system.count(name, value, place)
        if is_new and is_unasked(kind[1]) and not value:
            # That a service asked everybody is no secret.
            self.system.bound_if_true({atom: -1})
        return atom

    def _found(self, place: str, kind: Kind) -> int | None:
        """An atom that is in the system already."""
        return self.system.index.get((place, ((self._known_as(kind), 1),)))

    def _figure(self, place: str, total: KindSum) -> int | None:
        """A printed count, which is the sum of its answers; None for an n that cannot be put together from answers."""
        if not total or any(self._total(one, total) < 0 for one in self._everywhere):
            return None
        named = self._named(total)
        is_new = (place, named) not in self.system.index
        number = self.figures[(place, total)] = self.system.count((place, named), self._total(place, total), place)
        if is_new:
            for (cohort, dataset, answer), _ in named:
                self._answers[(cohort, dataset)].add(answer)
            if len(named) > 1 or named[0][1] != 1:
                terms: Terms = {number: 1}
                for kind, factor in named:
                    part = self._atom(place, kind)
                    terms[part] = terms.get(part, 0) - factor
                self.system.relate_if_true(terms)
        return number

    def _sum_services(self, total: KindSum) -> None:
        index = self.system.index
        terms: Terms = {index[(ALL, total)]: 1}
        others = [_OTHERS] if self._has_others else []
        for place in [*self._services, *others]:
            name = (place, total)
            part = index.get(name)
            if part is None:
                part = self.system.count(name, self._total(place, total), place)
            terms[part] = terms.get(part, 0) - 1
        self.system.relate_if_true(terms)


def _less(terms: Mapping[int, Fraction], others: Mapping[int, Fraction]) -> dict[int, Fraction]:
    found = dict(terms)
    for count, factor in others.items():
        found[count] = found.get(count, Fraction(0)) - factor
    return found


def _negative(terms: Terms) -> Terms:
    return {count: -factor for count, factor in terms.items()}


def _own_dataset(dataset: str) -> str:
    """The dataset whose forms a cohort counts: `exit_intake` reads the intake forms matched to the counted exits."""
    return dataset.split("_", 1)[0]


def _reads(dataset: str, form_id: str) -> bool:
    """Whether a dataset holds answers of a form: its own, or the matched one that its name ends with."""
    return dataset == form_id or dataset.endswith(f"_{form_id}")
