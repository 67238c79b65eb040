"""The returns' counts as a system. They come from many collections, so relations are found in the numbers.

Readers know that the rows of a breakdown add up to their base, that a summary is the sum of its years, and they will
take two equal numbers of one area and year for one number, which they usually are. All of that is assumed here: equal
numbers above the threshold are one count, hidden together or not at all; whatever adds up is a relation. Assuming too
much hides too much, never too little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from disclosure.protect import Protection, protect
from disclosure.system import System, Terms


@dataclass(frozen=True)
class Value:
    """One figure of an area. `key` tells it from all others; `denominator` is None where it counts no people."""

    key: tuple[Hashable, ...]
    area: str
    indicator_id: str
    period: int
    period_label: str
    breakdown: str
    numerator: int | None
    denominator: int | None


def protect_values(
    values: Iterable[Value], *, threshold: int = 5, complementary: bool = True
) -> tuple[Protection, dict[tuple[Hashable, ...], tuple[int | None, int | None]]]:
    """Decide about every figure. Returns the protection and, by key, the counts of numerator and denominator."""
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
                years = [counts[year.key][0] for year in totals[(area, indicator_id)]]
                _relate_if_true(system, numerator, years)
        elif len(members) > 1:
            for base in {counts[member.key][1] for member in members}:
                _relate_if_true(system, base, numerators)
            for whole in totals[(area, indicator_id)]:
                if whole.period_label == members[0].period_label:
                    _relate_if_true(system, counts[whole.key][0], numerators)
    return protect(system, threshold, complementary=complementary), counts


def _relate_if_true(system: System, whole: int | None, parts: Iterable[int | None]) -> None:
    if whole is None:
        return
    terms: Terms = {whole: 1}
    for part in parts:
        if part is not None:
            terms[part] = terms.get(part, 0) - 1
    if sum(factor * system.values[count] for count, factor in terms.items()) == 0:
        system.relate(terms)
