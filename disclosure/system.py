"""A system of counts: what each count is, where it may be printed, and every relation that a reader can know of them.

A count is a variable: a whole number that is not negative. What is known of several counts at once is a relation: a sum
of counts, each times a whole number, that is zero (`equal`) or at least a constant below it (`at_least_zero`). A row
that adds up to its n, a total over services, a base that is printed as an answer elsewhere: all of them are relations
of these two kinds, so nothing here knows about tables, percentages or labels.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

Terms = dict[int, int]


def difference(whole: int, parts: Iterable[int]) -> Terms:
    """A count less others, as terms."""
    terms: Terms = {whole: 1}
    for part in parts:
        terms[part] = terms.get(part, 0) - 1
    return terms


@dataclass
class System:
    """Counts with their true values, what is printed of them, and the relations between them.

    Of count `i` `values[i]` is the truth. `is_base[i]` says that it is an n, which is printed whatever it is; `over[i]`
    are the n over which it is printed, as a figure of the tables `tables[i]`; what is neither is printed nowhere, and
    unknown to readers. `is_known[i]` are numbers that others have published (a population): they are printed as they
    are. `parts` are pairs of an n and a count that is part of it by the catalogue: the rest of the n is no less an
    answer. `averages` are bounds that hold where an average over an n is printed: the n, the terms, the constant.
    `within[i]` is by how much at most a print differs from the count, where it is that of an earlier, smaller base.
    `groups[i]` is the place whose count it is, the first of them all places together: most relations are within one.
    `index` finds a count by its name.
    """

    values: list[int] = field(default_factory=list)
    is_base: list[bool] = field(default_factory=list)
    is_known: list[bool] = field(default_factory=list)
    over: list[set[int]] = field(default_factory=list)
    tables: list[set[Hashable]] = field(default_factory=list)
    groups: list[Hashable] = field(default_factory=list)
    index: dict[Hashable, int] = field(default_factory=dict)
    parts: set[tuple[int, int]] = field(default_factory=set)
    equal: list[Terms] = field(default_factory=list)
    at_least_zero: list[tuple[Terms, int]] = field(default_factory=list)
    averages: list[tuple[int, Terms, int]] = field(default_factory=list)
    within: dict[int, int] = field(default_factory=dict)

    def count(self, name: Hashable, value: int, group: Hashable = None) -> int:
        """The number of a count; made the first time it is named. Raises ValueError for one that cannot be."""
        found = self.index.get(name)
        if found is None:
            if value < 0:
                raise ValueError("A count cannot be negative.")
            found = self.index[name] = len(self.values)
            self.values.append(value)
            self.is_base.append(False)
            self.is_known.append(False)
            self.over.append(set())
            self.tables.append(set())
            self.groups.append(group)
        elif self.values[found] != value:
            raise ValueError("One count has two values.")
        return found

    def show(self, count: int, over: int | None, table: Hashable) -> None:
        """A count is a figure of a table, over an n. Without one it is an n itself."""
        self.tables[count].add(table)
        if over is None or over == count:
            self.is_base[count] = True
        else:
            self.is_base[over] = True
            self.over[count].add(over)

    def part(self, whole: int, count: int) -> None:
        """A count is part of another one by the catalogue, if it is no more than that."""
        if whole != count and self.values[whole] >= self.values[count]:
            self.parts.add((whole, count))

    def is_figure(self, count: int) -> bool:
        """Whether a count is an n, or an answer of a table, and not known to everybody."""
        return (self.is_base[count] or bool(self.over[count])) and not self.is_known[count]

    def total(self, terms: Mapping[int, int]) -> int:
        """What a sum of counts truly is."""
        return sum(factor * self.values[count] for count, factor in terms.items())

    def relate_if_true(self, terms: Mapping[int, int]) -> None:
        """A sum that readers know to be zero where it is."""
        kept = {count: factor for count, factor in terms.items() if factor}
        if kept and not self.total(kept):
            self.equal.append(kept)

    def bound_if_true(self, terms: Mapping[int, int], constant: int = 0) -> None:
        """A sum that readers know to be at least minus `constant` where it is."""
        kept = {count: factor for count, factor in terms.items() if factor}
        if kept and self.total(kept) + constant >= 0:
            self.at_least_zero.append((kept, constant))
