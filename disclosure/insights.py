"""The forms' counts as a system: what the catalogue says of questions, answers, populations and tables, as relations.

The atoms are counts of forms by year, place (all services, or one), cohort, dataset and answer (`int_cohort_count`):
every figure of the report is an atom or a sum of atoms, and so is every n. What readers know between them:

- all services are the sum of the services;
- the answers to a question that takes one answer, missing included, add up to those it was put to: the whole cohort, or
  those who gave the answer that opens it;
- an option of a question that takes several is at most those it was put to, less those who ticked nothing;
- a figure over several answers (a group of ethnicities, an n with two opening answers) is the sum of its answers;
- two atoms that are equal everywhere and every year are one number printed in two tables;
- a cohort that is part of another (unique clients of forms, exposed children of all) has at most its counts, and lacks
  at most as many as the whole cohort lacks;
- a printed mean of ticks holds the sum of the ticks to within its last decimal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor

from disclosure.system import System, Terms

ALL = "all_services"
EVERYBODY = 0

# Year, place, cohort, dataset, answer.
Atom = tuple[int, str, str, str, int]
# Cohort, dataset, answer: an atom wherever and whenever.
Kind = tuple[str, str, int]
Functional = tuple[tuple[Kind, int], ...]

# Each cohort that is a part of another, which the catalogue names by their forms and restrictions.
Parts = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Question:
    """What the relations need of a question. `takes_one` is False for questions with several ticks."""

    question_no: int
    form_id: str
    takes_one: bool
    answers: tuple[int, ...]
    missing: int | None
    opened_by: tuple[int, ...]


@dataclass(frozen=True)
class Cell:
    """A figure of the report wherever and whenever: what is counted and over what, as sums of kinds of atoms."""

    cell_id: str
    numerator: Functional
    denominator: Functional


@dataclass(frozen=True)
class TickMean:
    """A printed mean number of ticks: the options that are ticked, those it is a mean over, and its decimals."""

    ticks: Functional
    base: Functional
    decimals: int


def build_year(
    year: int,
    places: Iterable[str],
    counts: Mapping[Atom, int],
    cells: Iterable[Cell],
    questions: Iterable[Question],
    parts: Parts,
    same: Iterable[tuple[Kind, Kind]],
    tick_means: Iterable[TickMean] = (),
) -> System:
    """The system of one reporting year. Counts that `counts` does not hold are zero.

    `places` are the services; all services together are added. `same` pairs kinds of atoms that are one number.
    """
    system = System()
    services = [place for place in places if place != ALL]
    everywhere = [ALL, *services]
    cells = list(cells)

    def value(place: str, kind: Kind) -> int:
        return counts.get((year, place, *kind), 0)

    def atom(place: str, kind: Kind) -> int:
        return system.count((place, ((kind, 1),)), value(place, kind))

    def quantity(place: str, functional: Functional, *, is_public: bool = False) -> int:
        total = sum(factor * value(place, kind) for kind, factor in functional)
        known = (place, functional) in system.index
        number = system.count((place, functional), total, is_public=is_public)
        if not known and not (len(functional) == 1 and functional[0][1] == 1):
            terms: Terms = {number: 1}
            for kind, factor in functional:
                part = atom(place, kind)
                terms[part] = terms.get(part, 0) - factor
            system.relate(terms)
        return number

    printed = {functional for cell in cells for functional in (cell.numerator, cell.denominator) if functional}
    for functional in sorted(printed):
        numbers = {place: quantity(place, functional, is_public=True) for place in everywhere}
        _sum_of_services(system, numbers, services)

    used = {kind for functional in printed for kind, _ in functional}
    by_dataset: dict[tuple[str, str], set[int]] = defaultdict(set)
    for cohort, dataset, answer in used:
        by_dataset[(cohort, dataset)].add(answer)
    for question in questions:
        for (cohort, dataset), answers in sorted(by_dataset.items()):
            if not answers & set(question.answers) or not _reads(dataset, question.form_id):
                continue
            base_dataset = dataset if question.opened_by else _own_dataset(dataset)
            opening = question.opened_by or (EVERYBODY,)
            for place in everywhere:
                asked = {atom(place, (cohort, base_dataset, answer)): 1 for answer in opening}
                parts_of = {atom(place, (cohort, dataset, answer)): 1 for answer in question.answers}
                if question.takes_one:
                    terms = {**asked}
                    for part in parts_of:
                        terms[part] = terms.get(part, 0) - 1
                    if sum(factor * system.values[count] for count, factor in terms.items()) == 0:
                        system.relate(terms)
                    continue
                missing = None if question.missing is None else atom(place, (cohort, dataset, question.missing))
                for part in parts_of:
                    if part == missing:
                        continue
                    terms = {**asked, part: -1}
                    if missing is not None:
                        terms[missing] = -1
                    _bound_if_true(system, terms)
    for kind in sorted({kind for (_, functional) in list(system.index) for kind, _ in functional}):
        _sum_of_services(system, {place: atom(place, kind) for place in everywhere}, services)
    for one, other in same:
        for place in everywhere:
            if (place, ((one, 1),)) in system.index and (place, ((other, 1),)) in system.index:
                first, second = atom(place, one), atom(place, other)
                if system.values[first] == system.values[second]:
                    system.relate({first: 1, second: -1})
    _parts_of_cohorts(system, parts, atom, everywhere)
    for mean in tick_means:
        for place in everywhere:
            _hold_ticks(system, mean, place, value, atom)
    return system


def _sum_of_services(system: System, numbers: Mapping[str, int], services: list[str]) -> None:
    terms = {numbers[ALL]: 1}
    for service in services:
        terms[numbers[service]] = -1
    if sum(factor * system.values[count] for count, factor in terms.items()) == 0:
        system.relate(terms)


def _parts_of_cohorts(system: System, parts: Parts, atom: object, everywhere: list[str]) -> None:
    assert callable(atom)
    kinds = sorted({functional[0][0] for (_, functional) in system.index if len(functional) == 1})
    held = set(kinds)
    for part, whole in parts:
        for cohort, dataset, answer in kinds:
            twin = (whole, dataset, answer)
            if cohort != part or twin not in held:
                continue
            bases = (part, _own_dataset(dataset), EVERYBODY), (whole, _own_dataset(dataset), EVERYBODY)
            for place in everywhere:
                small, large = atom(place, (cohort, dataset, answer)), atom(place, twin)
                _bound_if_true(system, {large: 1, small: -1})
                if bases[0] in held and bases[1] in held and answer != EVERYBODY:
                    small_base, large_base = atom(place, bases[0]), atom(place, bases[1])
                    _bound_if_true(system, {large_base: 1, small_base: -1, large: -1, small: 1})


def _hold_ticks(system: System, mean: TickMean, place: str, value: object, atom: object) -> None:
    """Bound the sum of ticks by the printed mean, which is rounded half up to its last decimal."""
    assert callable(value)
    assert callable(atom)
    base = sum(factor * value(place, kind) for kind, factor in mean.base)
    ticks = sum(factor * value(place, kind) for kind, factor in mean.ticks)
    if base <= 0:
        return
    step = 10**-mean.decimals
    printed = floor(ticks / base / step + 0.5) * step
    lowest, highest = ceil((printed - step / 2) * base - 1e-9), floor((printed + step / 2) * base + 1e-9)
    terms: Terms = {}
    for kind, factor in mean.ticks:
        terms[atom(place, kind)] = factor
    if lowest <= ticks <= highest:
        system.bound(terms, -lowest)
        system.bound({count: -factor for count, factor in terms.items()}, highest)


def _bound_if_true(system: System, terms: Terms) -> None:
    if sum(factor * system.values[count] for count, factor in terms.items()) >= 0:
        system.bound(terms)


def _own_dataset(dataset: str) -> str:
    """The dataset whose forms a cohort counts: `exit_intake` reads the intake forms matched to the counted exits."""
    return dataset.split("_", 1)[0]


def _reads(dataset: str, form_id: str) -> bool:
    """Whether a dataset holds answers of a form: its own, or the matched one that its name ends with."""
    return dataset == form_id or dataset.endswith(f"_{form_id}")


def same_everywhere(counts: Mapping[Atom, int], kinds: Iterable[Kind], threshold: int) -> list[tuple[Kind, Kind]]:
    """Pairs of kinds of atoms that are equal in every year and place, and somewhere above the threshold."""
    series: dict[Kind, dict[tuple[int, str], int]] = defaultdict(dict)
    wanted = set(kinds)
    for (year, place, cohort, dataset, answer), count in counts.items():
        if count and (cohort, dataset, answer) in wanted:
            series[(cohort, dataset, answer)][(year, place)] = count
    groups: dict[tuple[tuple[tuple[int, str], int], ...], list[Kind]] = defaultdict(list)
    for kind, values in series.items():
        if max(values.values()) > threshold:
            groups[tuple(sorted(values.items()))].append(kind)
    return [
        (first, other) for kinds_alike in groups.values() for first, *rest in [sorted(kinds_alike)] for other in rest
    ]
