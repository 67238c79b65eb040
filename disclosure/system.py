"""A system of counts: what each count is, which may be shown, and every relation that a reader can know between them.

A count is a variable: an integer that is not negative. What is known of several counts at once is a relation: a sum
of counts, each times a whole number, that is zero (`equal`) or not negative (`at_least_zero`). A row that adds up to
its n, a total over services, a base that is printed as an answer elsewhere, one number in two tables: all of them are
relations of these two kinds, so nothing here knows about tables, percentages or labels.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

Terms = dict[int, int]
Relation = tuple[Terms, int, bool]


def difference(whole: int, parts: Iterable[int]) -> Terms:
    """A count less others, as terms."""
    terms: Terms = {whole: 1}
    for part in parts:
        terms[part] = terms.get(part, 0) - 1
    return terms


def wide_by(value: int, threshold: int) -> int:
    """What makes a hidden count wide: a small one has to exceed the threshold, a large one to be another, up or down.

    Returns by how much its value has to be able to change.
    """
    return threshold + 1 - value if value <= threshold else 1


@dataclass
class System:
    """Counts with their true values, and the relations between them.

    `values[i]` is the count, `is_public[i]` whether it is printed anywhere unless hidden; a count that is never printed
    is unknown to readers, whatever it is. `weight[i]` is what is lost where it is hidden, 1 for any figure: with the n
    of others they would have to go as well. `is_veiled[i]` says that it is zero and not to be shown all the same: where
    all whom a small n counts are of one kind, the zeros beside it would say of which. `index` finds a count by its
    name.
    """

    values: list[int] = field(default_factory=list)
    is_public: list[bool] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    is_veiled: list[bool] = field(default_factory=list)
    index: dict[Hashable, int] = field(default_factory=dict)
    equal: list[Terms] = field(default_factory=list)
    at_least_zero: list[tuple[Terms, int]] = field(default_factory=list)

    def count(self, name: Hashable, value: int, *, is_public: bool = False, weight: float = 1.0) -> int:
        """The number of a count; made the first time it is named, printed if anybody says so, its largest weight."""
        found = self.index.get(name)
        if found is None:
            if value < 0:
                raise ValueError("A count cannot be negative.")
            found = self.index[name] = len(self.values)
            self.values.append(value)
            self.is_public.append(False)
            self.weight.append(weight)
            self.is_veiled.append(False)
        elif self.values[found] != value:
            raise ValueError("One count has two values.")
        if is_public:
            self.is_public[found] = True
        self.weight[found] = max(self.weight[found], weight)
        return found

    def least(self, count: int) -> int:
        """What readers know a count to be at least when it is hidden: zeros are shown, so 1, unless it is veiled."""
        return int(self.is_public[count] and not self.is_veiled[count])

    def relations(self, equal: Iterable[int], bounds: Iterable[int]) -> list[Relation]:
        """Relations by their numbers in `equal` and `at_least_zero`: terms, constant, whether the sum is zero."""
        return [
            *((self.equal[number], 0, True) for number in equal),
            *((*self.at_least_zero[number], False) for number in bounds),
        ]

    def veil(self, count: int) -> None:
        """Hide a count although it is zero. Raises ValueError when it is not."""
        if self.values[count]:
            raise ValueError("Only a zero is veiled.")
        self.is_veiled[count] = True

    def total(self, terms: Mapping[int, int]) -> int:
        """What a sum of counts truly is."""
        return sum(factor * self.values[count] for count, factor in terms.items())

    def relate(self, terms: Mapping[int, int]) -> None:
        """A sum that readers know to be zero. Raises ValueError when it is not: then it is no relation."""
        if self.total(terms):
            raise ValueError("These counts do not add up as the relation says.")
        if kept := {count: factor for count, factor in terms.items() if factor}:
            self.equal.append(kept)

    def relate_if_true(self, terms: Mapping[int, int]) -> None:
        """A sum that readers know to be zero where it is."""
        if not self.total(terms):
            self.relate(terms)

    def bound(self, terms: Mapping[int, int], constant: int = 0) -> None:
        """A sum that readers know to be at least minus `constant`. Raises ValueError when it is not."""
        kept = {count: factor for count, factor in terms.items() if factor}
        if not kept:
            return
        if self.total(kept) + constant < 0:
            raise ValueError("These counts break the bound.")
        self.at_least_zero.append((kept, constant))

    def bound_if_true(self, terms: Mapping[int, int]) -> None:
        """A sum that readers know not to be negative where it is not."""
        if self.total(terms) >= 0:
            self.bound(terms)
