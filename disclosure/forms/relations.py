"""The forms' counts of one year as a system: what readers know between them.

- All services are the sum of the services.
- The answers to a question that takes one answer, missing included, add up to those it was put to: the whole cohort, or
  those who gave the answer that opens it, less those of them who were not asked. Which service asks what is known.
- An option of a question that takes several is at most those it was put to, less those who ticked nothing, and all of
  its options together are at least as many.
- An answer that is Yes if any of several others is (`any_yes`) is at least each of them and at most their sum.
- A figure over several answers (a group of ethnicities, an n with two opening answers) is the sum of its answers.
- Two atoms that are equal everywhere and every year are one number printed in two tables.
- A cohort that is part of another (unique clients of forms, exposed children of all) has at most its counts, and lacks
  at most as many as the whole cohort lacks.
- A printed mean of ticks holds the sum of the ticks to within its last decimal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import ceil, floor
from typing import cast

from disclosure.forms.counts import ALL, EVERYBODY, Atom, Kind, KindSum, ReportCell, is_unasked, unasked_dataset
from disclosure.forms.questionnaire import AnyOf, QuestionAnswers, Questionnaire
from disclosure.protect import primary
from disclosure.system import System, Terms, difference

# What is lost with a figure, against one of a service: most readers look at all services together; with an n go all
# percentages over it; a whole cohort (children, exits) is the first thing that is asked and told everywhere.
_ALL_SERVICES, _BASE, _COHORT = 20.0, 10.0, 50.0
# Their numerator is an n.
_AVERAGES = ("mean", "median")


def build_year(
    year: int,
    places: Iterable[str],
    counts: Mapping[Atom, int],
    cells: Iterable[ReportCell],
    questionnaire: Questionnaire,
    same: Iterable[tuple[Kind, Kind]],
    threshold: int = 5,
) -> System:
    """The system of one reporting year. Counts that `counts` does not hold are zero.

    `places` are the services; all services together are added. `same` pairs kinds of atoms that are one number.
    A zero is veiled where its n is from 1 to the threshold: if all other answers are zero, everybody whom that n counts
    gave the hidden one. Where nothing is to be hidden, the relations between questions and cohorts are left out: nobody
    will ask what follows from them.
    """
    made = _Year(year, places, counts, list(cells))
    made.print_figures()
    made.veil_zeros(threshold)
    if primary(made.system, threshold):
        made.relate_answers(questionnaire.questions)
        made.relate_services()
        made.relate_same(same)
        made.bound_parts(questionnaire.parts)
        made.bound_any_of(questionnaire.any_of)
        made.bound_ticks()
    return made.system


class _Year:
    """The system while it is put together. A count's name is its place and what it is the sum of.

    The order of counts and relations decides between choices that cost the same, so every step has its place.
    """

    def __init__(self, year: int, places: Iterable[str], counts: Mapping[Atom, int], cells: list[ReportCell]) -> None:
        self.system = System()
        self._year, self._counts, self._cells = year, counts, cells
        # Cohorts and datasets of whom some were not asked a question, in any year or place.
        self._unasked = {(cohort, dataset) for _, _, cohort, dataset, _ in counts if is_unasked(dataset)}
        self._services = [place for place in places if place != ALL]
        self._everywhere = [ALL, *self._services]
        self._bases = {cell.denominator for cell in cells}
        self._bases.update(cell.numerator for cell in cells if cell.statistic in _AVERAGES)
        # An n that cannot be put together from answers is not printed; see `published_value`.
        self._printed = {
            total
            for cell in cells
            for total in (cell.numerator, cell.denominator)
            if total and all(self._total(place, total) >= 0 for place in self._everywhere)
        }
        # Answers that any figure is made of, by cohort and dataset.
        self._answers: dict[tuple[str, str], set[int]] = defaultdict(set)
        for cohort, dataset, answer in {kind for total in self._printed for kind, _ in total}:
            self._answers[(cohort, dataset)].add(answer)

    def print_figures(self) -> None:
        """Every printed count, as the sum of its answers and over the services."""
        for total in sorted(self._printed):
            self._sum_services({place: self._figure(place, total) for place in self._everywhere})

    def veil_zeros(self, threshold: int) -> None:
        """Hide zeros over a small n, except a service's zero that is known because it is one of all services."""
        system = self.system
        for place in self._everywhere:
            for cell in self._cells:
                numerator, base = self._public(place, cell.numerator), self._public(place, cell.denominator)
                if numerator is None or base is None or system.values[numerator]:
                    continue
                whole = self._public(ALL, cell.numerator)
                is_known = (
                    place != ALL and whole is not None and not system.values[whole] and not system.is_veiled[whole]
                )
                if 1 <= system.values[base] <= threshold and not is_known:
                    system.veil(numerator)

    def relate_answers(self, questions: Iterable[QuestionAnswers]) -> None:
        """The answers of each question and those it was put to."""
        for question in questions:
            for (cohort, dataset), answers in sorted(self._answers.items()):
                if answers & set(question.answers) and _reads(dataset, question.form_id):
                    for place in self._everywhere:
                        self._relate_question(question, place, cohort, dataset)

    def relate_services(self) -> None:
        """All services are the sum of the services, for every atom that was named so far."""
        for kind in sorted({kind for _, total in self._names() for kind, _ in total}):
            self._sum_services({place: self._atom(place, kind) for place in self._everywhere})

    def relate_same(self, same: Iterable[tuple[Kind, Kind]]) -> None:
        """What is one number in two tables."""
        for one, other in same:
            for place in self._everywhere:
                first, second = self._found(place, one), self._found(place, other)
                if first is not None and second is not None:
                    self.system.relate_if_true(difference(first, [second]))

    def bound_parts(self, parts: Iterable[tuple[str, str]]) -> None:
        """Counts of a cohort against those of the whole that it is a part of."""
        kinds = sorted({total[0][0] for _, total in self._names() if len(total) == 1})
        held = set(kinds)
        for part, whole in parts:
            for cohort, dataset, answer in kinds:
                twin = (whole, dataset, answer)
                if cohort != part or twin not in held:
                    continue
                part_base, whole_base = ((one, _own_dataset(dataset), EVERYBODY) for one in (part, whole))
                has_bases = part_base in held and whole_base in held and answer != EVERYBODY
                for place in self._everywhere:
                    small, large = self._atom(place, (cohort, dataset, answer)), self._atom(place, twin)
                    self.system.bound_if_true({large: 1, small: -1})
                    if has_bases:
                        of_part, of_whole = self._atom(place, part_base), self._atom(place, whole_base)
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
        """The sum of ticks by their printed mean, which is rounded half up to its last decimal."""
        for mean in self._cells:
            for place in self._everywhere if mean.ticks else ():
                base, ticks = self._total(place, mean.numerator), self._total(place, mean.ticks)
                if base <= 0:
                    continue
                step = 10**-mean.decimals
                printed = floor(ticks / base / step + 0.5) * step
                lowest, highest = ceil((printed - step / 2) * base - 1e-9), floor((printed + step / 2) * base + 1e-9)
                terms = {self._atom(place, kind): factor for kind, factor in mean.ticks}
                if lowest <= ticks <= highest:
                    self.system.bound(terms, -lowest)
                    self.system.bound(_negative(terms), highest)

    def _relate_question(self, question: QuestionAnswers, place: str, cohort: str, dataset: str) -> None:
        base_dataset = dataset if question.opened_by else _own_dataset(dataset)
        opening = question.opened_by or (EVERYBODY,)
        asked = {self._atom(place, (cohort, base_dataset, answer)): 1 for answer in opening}
        unasked = unasked_dataset(base_dataset, question.number)
        if (cohort, unasked) in self._unasked:
            asked |= {self._atom(place, (cohort, unasked, answer)): -1 for answer in opening}
        parts = {self._atom(place, (cohort, dataset, answer)): 1 for answer in question.answers}
        if question.takes_one:
            terms = {**asked}
            for part in parts:
                terms[part] = terms.get(part, 0) - 1
            self.system.relate_if_true(terms)
            return
        missing = None if question.missing is None else self._atom(place, (cohort, dataset, question.missing))
        # Who ticked something ticked at least one option; the others are the missing.
        together = _negative(asked)
        for part in parts:
            together[part] = together.get(part, 0) + 1
            if part == missing:
                continue
            terms = {**asked, part: -1}
            if missing is not None:
                terms[missing] = -1
            self.system.bound_if_true(terms)
        self.system.bound_if_true(together)

    def _names(self) -> Iterable[tuple[str, KindSum]]:
        return cast(Iterable[tuple[str, KindSum]], self.system.index)

    def _value(self, place: str, kind: Kind) -> int:
        return self._counts.get((self._year, place, *kind), 0)

    def _total(self, place: str, total: KindSum) -> int:
        return sum(factor * self._value(place, kind) for kind, factor in total)

    def _atom(self, place: str, kind: Kind) -> int:
        name, value = (place, ((kind, 1),)), self._value(place, kind)
        is_new = name not in self.system.index
        atom = self.system.count(name, value)
        if is_new and is_unasked(kind[1]) and not value:
            # That a service asked everybody is no secret.
            self.system.bound({atom: -1})
        return atom

    def _found(self, place: str, kind: Kind) -> int | None:
        """An atom that is in the system already."""
        return self.system.index.get((place, ((kind, 1),)))

    def _public(self, place: str, total: KindSum) -> int | None:
        found = self.system.index.get((place, total))
        return found if found is not None and self.system.is_public[found] else None

    def _figure(self, place: str, total: KindSum) -> int:
        """A printed count, which is the sum of its answers."""
        name = (place, total)
        is_new = name not in self.system.index
        weight = self._weight(place, total)
        number = self.system.count(name, self._total(place, total), is_public=True, weight=weight)
        if is_new and not (len(total) == 1 and total[0][1] == 1):
            terms: Terms = {number: 1}
            for kind, factor in total:
                part = self._atom(place, kind)
                terms[part] = terms.get(part, 0) - factor
            self.system.relate(terms)
        return number

    def _weight(self, place: str, total: KindSum) -> float:
        is_cohort = len(total) == 1 and total[0][0][2] == EVERYBODY
        return (
            (_ALL_SERVICES if place == ALL else 1.0)
            * (_BASE if total in self._bases else 1.0)
            * (_COHORT if is_cohort else 1.0)
        )

    def _sum_services(self, numbers: Mapping[str, int]) -> None:
        self.system.relate_if_true({numbers[ALL]: 1} | {numbers[service]: -1 for service in self._services})


def _negative(terms: Terms) -> Terms:
    return {count: -factor for count, factor in terms.items()}


def _own_dataset(dataset: str) -> str:
    """The dataset whose forms a cohort counts: `exit_intake` reads the intake forms matched to the counted exits."""
    return dataset.split("_", 1)[0]


def _reads(dataset: str, form_id: str) -> bool:
    """Whether a dataset holds answers of a form: its own, or the matched one that its name ends with."""
    return dataset == form_id or dataset.endswith(f"_{form_id}")
