"""The returns' counts as a system. They come from many collections, so relations are found in the numbers.

Readers know that the rows of a breakdown add up to their base, that a period is the sum of its years, that the
categories of an event, which are indicators of their own, add up to all such events (`families`), and they will take
two equal numbers of one area and year for one number, which they usually are. All of that is assumed here: equal
numbers above the threshold are one count, hidden together or not at all; whatever adds up is a relation. Assuming too
much hides too much, never too little. Where a percentage leaves few out, those few are a small count too, though it is
not printed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from disclosure.protect import Protection, protect
from disclosure.system import System, difference


@dataclass(frozen=True)
class Value:
    """One figure of an area. `key` tells it from all others; `denominator` is None where it counts no people.

    `measures` says what numerator and denominator count, where that is a measure of the catalogue without a breakdown.
    """

    key: tuple[Hashable, ...]
    area: str
    indicator_id: str
    period: int
    period_label: str
    breakdown: str
    numerator: int | None
    denominator: int | None
    measures: tuple[str | None, str | None] = (None, None)
    is_percentage: bool = False


@dataclass(frozen=True)
class Family:
    """A measure and the measures of its categories, which exclude each other."""

    whole: str
    parts: tuple[str, ...]


def families(measures: Iterable[Sequence[str | None]]) -> list[Family]:
    """Families among measures of (id, relation, counting, timing, start, end, condition, splits_by, breakdown).

    The parts count the same events as the whole, each with another value of the column that `splits_by` names.
    """
    wholes: dict[tuple[str | None, ...], str] = {}
    parts: dict[tuple[str | None, ...], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for measure, relation, counting, timing, start, end, condition, column, breakdown in measures:
        if breakdown != "total" or counting != "events" or measure is None:
            continue
        events = (relation, timing, start, end)
        if not condition:
            wholes[events] = measure
        elif column:
            parts[events][column].append(measure)
    return [
        Family(wholes[events], tuple(sorted(members)))
        for events, columns in parts.items()
        if events in wholes
        for members in columns.values()
        if len(members) > 1
    ]


def protect_values(
    values: Iterable[Value], *, kin: Iterable[Family] = (), threshold: int = 5, complementary: bool = True
) -> tuple[Protection, dict[tuple[Hashable, ...], tuple[int | None, int | None]]]:
    """Decide about every figure. Returns the protection and, by key, the counts of numerator and denominator.

    `kin` are the families among the measures.
    """
    system = System()
    counts: dict[tuple[Hashable, ...], tuple[int | None, int | None]] = {}
    values = sorted(values, key=lambda value: repr(value.key))

    def count(value: Value, side: str, number: int | None) -> int | None:
        if number is None:
            return None
        # A small number is hidden wherever it stands; one name for all of them would say that they are equal.
        name: Hashable = (value.area, value.period, number) if number > threshold else (value.area, value.key, side)
        return system.count(name, number, is_public=True)

    for value in values:
        counts[value.key] = (
            count(value, "numerator", value.numerator),
            count(value, "denominator", value.denominator),
        )
    groups: dict[tuple[Hashable, ...], list[Value]] = defaultdict(list)
    totals: dict[tuple[Hashable, ...], list[Value]] = defaultdict(list)
    for value in values:
        groups[(value.area, value.indicator_id, value.period_label, value.breakdown)].append(value)
        if value.breakdown == "total":
            totals[(value.area, value.indicator_id)].append(value)
    for (area, indicator_id, _, breakdown), members in groups.items():
        numerators = [counts[member.key][0] for member in members]
        if breakdown == "summary":
            for numerator in numerators:
                _relate_runs(system, numerator, totals[(area, indicator_id)], counts)
        elif len(members) > 1:
            found = {counts[member.key][1] for member in members}
            for number in sorted(number for number in found if number is not None):
                _relate_if_true(system, number, numerators)
            for whole in totals[(area, indicator_id)]:
                if whole.period_label == members[0].period_label:
                    _relate_if_true(system, counts[whole.key][0], numerators)
    for members in totals.values():
        for member in members:
            _relate_runs(system, counts[member.key][0], [other for other in members if other is not member], counts)
    _relate_measures(system, values, counts, kin)
    for value in values:
        numerator, base = counts[value.key]
        if value.is_percentage and numerator is not None and base is not None:
            _hold_share(system, value, numerator, base, threshold)
    return protect(system, threshold, complementary=complementary), counts


def _hold_share(system: System, value: Value, numerator: int, base: int, threshold: int) -> None:
    """Some of a base: at most all of it; a few who are left out are a small count of their own."""
    left = system.values[base] - system.values[numerator]
    if left < 0 or numerator == base:
        return
    system.bound({base: 1, numerator: -1})
    if 1 <= left <= threshold:
        others = system.count((value.area, value.key, "left out"), left, is_public=True)
        system.relate({base: 1, numerator: -1, others: -1})


def _relate_runs(
    system: System,
    whole: int | None,
    periods: Iterable[Value],
    counts: dict[tuple[Hashable, ...], tuple[int | None, int | None]],
) -> None:
    """A longer period is the sum of the years in it, wherever a run of years adds up to it."""
    if whole is None:
        return
    by_kind: dict[str, list[Value]] = defaultdict(list)
    for period in periods:
        by_kind[re.sub(r"\d+", "#", period.period_label)].append(period)
    for alike in by_kind.values():
        alike.sort(key=lambda value: (value.period, value.period_label))
        breaks = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(alike)) if b.period != a.period + 1), len(alike)]
        for start, end in pairwise(breaks):
            for first in range(start, end):
                for last in range(first + 2, end + 1):
                    _relate_if_true(system, whole, [counts[value.key][0] for value in alike[first:last]])


def _relate_measures(
    system: System,
    values: Iterable[Value],
    counts: dict[tuple[Hashable, ...], tuple[int | None, int | None]],
    kin: Iterable[Family],
) -> None:
    """A measure is one number wherever it is printed; categories add up to their whole, or to a part of it."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for value in values:
        for measure, count in zip(value.measures, counts[value.key], strict=True):
            if measure is None or count is None:
                continue
            first = found[(value.area, value.period_label)].setdefault(measure, count)
            if first != count and system.values[first] == system.values[count]:
                system.relate({first: 1, count: -1})
    kin = list(kin)
    for measured in found.values():
        for family in kin:
            if family.whole not in measured:
                continue
            whole = measured[family.whole]
            parts = [measured[part] for part in family.parts if part in measured]
            _relate_if_true(system, whole, parts)
            if parts:
                system.bound_if_true(difference(whole, parts))


def _relate_if_true(system: System, whole: int | None, parts: Iterable[int | None]) -> None:
    if whole is not None:
        system.relate_if_true(difference(whole, [part for part in parts if part is not None]))
