"""The forms' counts as a system: what the catalogue says of questions, answers, populations and tables, as relations.

The atoms are counts of forms by year, place (all services, or one), cohort, dataset and answer (`int_cohort_count`):
every figure of the report is an atom or a sum of atoms, and so is every n. What readers know between them:

- all services are the sum of the services;
- the answers to a question that takes one answer, missing included, add up to those it was put to: the whole cohort, or
  those who gave the answer that opens it;
- an option of a question that takes several is at most those it was put to, less those who ticked nothing, and all of
  its options together are at least as many;
- an answer that is Yes if any of several others is (`any_yes`) is at least each of them and at most their sum;
- a figure over several answers (a group of ethnicities, an n with two opening answers) is the sum of its answers;
- two atoms that are equal everywhere and every year are one number printed in two tables;
- a cohort that is part of another (unique clients of forms, exposed children of all) has at most its counts, and lacks
  at most as many as the whole cohort lacks;
- a printed mean of ticks holds the sum of the ticks to within its last decimal.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import ceil, floor
from typing import Any, cast

from disclosure.protect import Protection, primary, protect
from disclosure.system import System, Terms

ALL = "all_services"
EVERYBODY = 0

# What is lost with a figure, against one of a service: most readers look at all services together; with an n go all
# percentages over it; a whole cohort (children, exits) is the first thing that is asked and told everywhere.
_ALL_SERVICES, _BASE, _COHORT = 20.0, 10.0, 50.0
# Their numerator is an n.
_AVERAGES = ("mean", "median")

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
class AnyOf:
    """An answer that a form gives if it gives any of several others."""

    answer: int
    others: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """A figure of the report wherever and whenever: what is counted and over what, as sums of kinds of atoms.

    Of an average `numerator` is its n. `ticks` are the options whose ticks it is the mean of, empty for others, and
    `decimals` what its value is printed with.
    """

    numerator: Functional
    denominator: Functional
    ticks: Functional = ()
    decimals: int = 0
    statistic: str = "percentage"


def build_year(
    year: int,
    places: Iterable[str],
    counts: Mapping[Atom, int],
    cells: Iterable[Table],
    questions: Iterable[Question],
    parts: Parts,
    same: Iterable[tuple[Kind, Kind]],
    any_of: Iterable[AnyOf] = (),
    threshold: int = 5,
) -> System:
    """The system of one reporting year. Counts that `counts` does not hold are zero.

    `places` are the services; all services together are added. `same` pairs kinds of atoms that are one number.
    A zero is veiled where its n is from 1 to the threshold: see `_veil_zeros`. Where nothing is to be hidden, the
    relations between questions and cohorts are left out: nobody will ask what follows from them.
    """
    system = System()
    # Every count is named by its place and what it is the sum of.
    names: dict[tuple[str, Functional], int] = {}
    services = [place for place in places if place != ALL]
    everywhere = [ALL, *services]
    cells = list(cells)

    def value(place: str, kind: Kind) -> int:
        return counts.get((year, place, *kind), 0)

    bases = {cell.denominator for cell in cells}
    bases.update(cell.numerator for cell in cells if cell.statistic in _AVERAGES)

    def weight(place: str, functional: Functional) -> float:
        is_cohort = len(functional) == 1 and functional[0][0][2] == EVERYBODY
        return (
            (_ALL_SERVICES if place == ALL else 1.0)
            * (_BASE if functional in bases else 1.0)
            * (_COHORT if is_cohort else 1.0)
        )

    def atom(place: str, kind: Kind) -> int:
        name = (place, ((kind, 1),))
        names[name] = system.count(name, value(place, kind))
        return names[name]

    def quantity(place: str, functional: Functional) -> int:
        total = sum(factor * value(place, kind) for kind, factor in functional)
        known = (place, functional) in names
        number = names[(place, functional)] = system.count(
            (place, functional), total, is_public=True, weight=weight(place, functional)
        )
        if not known and not (len(functional) == 1 and functional[0][1] == 1):
            terms: Terms = {number: 1}
            for kind, factor in functional:
                part = atom(place, kind)
                terms[part] = terms.get(part, 0) - factor
            system.relate(terms)
        return number

    printed = {
        functional
        for cell in cells
        for functional in (cell.numerator, cell.denominator)
        # An n that cannot be put together from answers is not printed; see `published_value`.
        if functional and all(sum(f * value(place, kind) for kind, f in functional) >= 0 for place in everywhere)
    }
    for functional in sorted(printed):
        numbers = {place: quantity(place, functional) for place in everywhere}
        _sum_of_services(system, numbers, services)
    _veil_zeros(system, cells, everywhere, threshold)
    if not primary(system, threshold):
        return system

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
                together = {count: -factor for count, factor in asked.items()}
                for part in parts_of:
                    # Who ticked something ticked at least one option; the others are the missing.
                    together[part] = together.get(part, 0) + 1
                    if part == missing:
                        continue
                    terms = {**asked, part: -1}
                    if missing is not None:
                        terms[missing] = -1
                    _bound_if_true(system, terms)
                _bound_if_true(system, together)
    for kind in sorted({kind for _, functional in names for kind, _ in functional}):
        _sum_of_services(system, {place: atom(place, kind) for place in everywhere}, services)
    for one, other in same:
        for place in everywhere:
            if (place, ((one, 1),)) in names and (place, ((other, 1),)) in names:
                first, second = atom(place, one), atom(place, other)
                if system.values[first] == system.values[second]:
                    system.relate({first: 1, second: -1})
    kinds = sorted({functional[0][0] for _, functional in names if len(functional) == 1})
    _parts_of_cohorts(system, parts, kinds, atom, everywhere)
    for one_of in any_of:
        for cohort, dataset in sorted(by_dataset):
            for place in everywhere:
                _hold_any(system, one_of, place, (cohort, dataset))
    for cell in cells:
        for place in everywhere if cell.ticks else ():
            _hold_ticks(system, cell, place, value, atom)
    return system


def _veil_zeros(system: System, cells: Iterable[Table], everywhere: Iterable[str], threshold: int) -> None:
    """Hide zeros over a small n: if all other answers are zero, everybody whom that n counts gave the hidden one.

    A zero of a service that is a zero of all services is known anyway.
    """

    def public(place: str, functional: Functional) -> int | None:
        found = system.index.get((place, functional))
        return found if found is not None and system.is_public[found] else None

    for place in everywhere:
        for cell in cells:
            numerator, base = public(place, cell.numerator), public(place, cell.denominator)
            if numerator is None or base is None or system.values[numerator]:
                continue
            whole = public(ALL, cell.numerator)
            is_known = place != ALL and whole is not None and not system.values[whole] and not system.is_veiled[whole]
            if 1 <= system.values[base] <= threshold and not is_known:
                system.veil(numerator)


def _hold_any(system: System, any_of: AnyOf, place: str, where: tuple[str, str]) -> None:
    """Bound an answer that is given with any of several others by each of them and by their sum."""

    def found(answer: int) -> int | None:
        return system.index.get((place, (((*where, answer), 1),)))

    whole = found(any_of.answer)
    others = [found(answer) for answer in any_of.others]
    if whole is None:
        return
    for other in others:
        if other is not None:
            _bound_if_true(system, {whole: 1, other: -1})
    if all(other is not None for other in others):
        terms: Terms = {whole: -1}
        for other in others:
            if other is not None:
                terms[other] = terms.get(other, 0) + 1
        _bound_if_true(system, terms)


def _sum_of_services(system: System, numbers: Mapping[str, int], services: list[str]) -> None:
    terms = {numbers[ALL]: 1}
    for service in services:
        terms[numbers[service]] = -1
    if sum(factor * system.values[count] for count, factor in terms.items()) == 0:
        system.relate(terms)


def _parts_of_cohorts(
    system: System, parts: Parts, kinds: list[Kind], atom: Callable[[str, Kind], int], everywhere: list[str]
) -> None:
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


def _hold_ticks(
    system: System,
    mean: Table,
    place: str,
    value: Callable[[str, Kind], int],
    atom: Callable[[str, Kind], int],
) -> None:
    """Bound the sum of ticks by the printed mean, which is rounded half up to its last decimal."""
    base = sum(factor * value(place, kind) for kind, factor in mean.numerator)
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


def same_everywhere(counts: Mapping[Atom, int], threshold: int) -> list[tuple[Kind, Kind]]:
    """Pairs of kinds of atoms that are equal in every year and place, and somewhere above the threshold.

    All kinds, not only printed ones: the whole of a cohort and the answer that defines it are one number, and only one
    of the two is printed.
    """
    series: dict[Kind, dict[tuple[int, str], int]] = defaultdict(dict)
    for (year, place, cohort, dataset, answer), count in counts.items():
        if count:
            series[(cohort, dataset, answer)][(year, place)] = count
    groups: dict[tuple[tuple[tuple[int, str], int], ...], list[Kind]] = defaultdict(list)
    # In one order, whichever the counts came in: the order of relations decides between choices that cost the same.
    for kind, values in sorted(series.items()):
        if max(values.values()) > threshold:
            groups[tuple(sorted(values.items()))].append(kind)
    return [
        (first, other) for kinds_alike in groups.values() for first, *rest in [sorted(kinds_alike)] for other in rest
    ]


def read_terms(text: str) -> Functional:
    """A sum of kinds of atoms from `cohort/dataset/answer*weight+...`, the way `int_disclosure_cell` writes it."""
    terms = []
    for term in text.split("+") if text else ():
        kind, weight = term.split("*")
        cohort, dataset, answer = kind.split("/")
        terms.append(((cohort, dataset, int(answer)), int(weight)))
    return tuple(terms)


def write_terms(functional: Functional) -> str:
    """The opposite of `read_terms`."""
    return "+".join(f"{cohort}/{dataset}/{answer}*{weight}" for (cohort, dataset, answer), weight in functional)


def protect_years(
    years: Iterable[int],
    places: Sequence[str],
    counts: Mapping[Atom, int],
    cells: Sequence[Table],
    questions: Iterable[Sequence[Any]],
    answers: Iterable[Sequence[Any]],
    cohorts: Iterable[Sequence[Any]],
    *,
    threshold: int = 5,
    complementary: bool = True,
) -> list[dict[str, Any]]:
    """Decide about every printed count of every year.

    Parameters:
        years, places, counts, cells: as in `build_year`, `places` with all services.
        questions: number, id, form, type of answer, parent question's id, codes that open it, and what it is derived
            from and how.
        answers: id, question's number and id, code, kind of the option.
        cohorts: id, form, unit (forms or clients), restriction.

    Returns one dict per year, place and count: its terms, value, rule (None where it is shown), feasible range of a
    hidden one, whether that is too narrow and whether nothing more could have been hidden.
    """
    questions, answers = list(questions), list(answers)
    asked = _questions(questions, answers)
    any_of = _any_of(questions, answers)
    parts = _parts(cohorts)
    same = same_everywhere(counts, threshold)

    systems = {year: build_year(year, places, counts, cells, asked, parts, same, any_of, threshold) for year in years}
    decide = partial(protect, threshold=threshold, complementary=complementary)
    hard = {year: system for year, system in systems.items() if primary(system, threshold)}
    protections = {year: decide(system) for year, system in systems.items() if year not in hard}
    if hard:
        # Years share no relation, so each is a piece of work of its own. Not for threads: the programs are many and
        # small, and between them the interpreter would let one thread work at a time. Not by copying this process
        # either: it holds a database and threads, which a copy would hold in an unknown state.
        workers = min(len(hard), 2 * (os.cpu_count() or 1))
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            protections |= dict(zip(hard, pool.map(decide, hard.values()), strict=True))
    rows = [row for year, system in systems.items() for row in _rows(year, system, protections[year])]
    return sorted(rows, key=lambda row: (row["period"], row["geography_code"], row["terms"]))


def _rows(year: int, system: System, result: Protection) -> list[dict[str, Any]]:
    rows = []
    for name, count in system.index.items():
        if not system.is_public[count]:
            continue
        place, functional = cast(tuple[str, Functional], name)
        found = result.ranges.get(count)
        rows.append(
            {
                "period": year,
                "geography_code": place,
                "terms": write_terms(functional),
                "count": system.values[count],
                "rule": result.rule.get(count),
                "feasible_lower": found.lower if found else None,
                "feasible_upper": found.upper if found else None,
                # That a veiled zero may be known from elsewhere tells of no child.
                "is_exposed": bool(found and found.lower >= found.upper and system.values[count]),
                "is_unavoidable": count in result.unavoidable,
            }
        )
    return rows


def _questions(questions: Iterable[Sequence[Any]], answers: Iterable[Sequence[Any]]) -> list[Question]:
    ids: dict[int, list[int]] = defaultdict(list)
    missing: dict[int, int] = {}
    by_code: dict[tuple[str, str], int] = {}
    for answer_id, question_no, question_id, code, kind in answers:
        ids[question_no].append(answer_id)
        by_code[(question_id, code)] = answer_id
        if kind == "missing":
            missing[question_no] = answer_id
    return [
        Question(
            question_no=number,
            form_id=form,
            takes_one=answer_type != "tick_all",
            answers=tuple(ids[number]),
            missing=missing.get(number),
            opened_by=tuple(by_code[(parent, code)] for code in (codes or "").split(";")) if parent else (),
        )
        for number, _, form, answer_type, parent, codes, *_ in questions
        if number in ids
    ]


def _any_of(questions: Iterable[Sequence[Any]], answers: Iterable[Sequence[Any]]) -> list[AnyOf]:
    """Derived answers that are Yes if any of those they are derived from is given."""
    by_code = {(question_id, code): answer_id for answer_id, _, question_id, code, _ in answers}
    found = []
    for question in questions:
        question_id, derived_from, derivation = question[1], *question[6:8]
        if derivation != "any_yes" or (question_id, "yes") not in by_code:
            continue
        others = [tuple(term.split("=")) for term in derived_from.split(";")]
        if all(other in by_code for other in others):
            found.append(AnyOf(by_code[(question_id, "yes")], tuple(by_code[other] for other in others)))
    return found


def _parts(cohorts: Iterable[Sequence[Any]]) -> list[tuple[str, str]]:
    """Cohorts of the same form: clients are part of forms, a restricted cohort is part of the whole one."""
    rows = list(cohorts)
    wholes = {form: cohort for cohort, form, unit, restriction in rows if unit == "forms" and not restriction}
    return [(cohort, wholes[form]) for cohort, form, _, _ in rows if form in wholes and wholes[form] != cohort]
