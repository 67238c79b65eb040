"""Whole numbers that nobody outside knows, and what is known of them: bounds and linear relations."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from tests.attack.rules import UNBOUNDED


@dataclass
class Relation:
    """`low <= sum of coefficient * unknown <= high`, and why."""

    terms: list[tuple[int, int]]
    """Coefficient and number of the unknown."""
    low: int
    high: int
    why: str


@dataclass
class Unknown:
    """A count: between which numbers it lies, and what it is called in print."""

    name: str
    low: int = 0
    high: int = UNBOUNDED
    prints: list[tuple[str, int]] = field(default_factory=list)
    """Where it is printed, and as what."""
    whys: list[str] = field(default_factory=list)


@dataclass
class System:
    """Unknowns and relations of one year, or of several that share relations."""

    unknowns: list[Unknown] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    _numbers: dict[Hashable, int] = field(default_factory=dict)

    def number(self, key: Hashable, name: str) -> int:
        """Number of the unknown with this key, made where it is new."""
        found = self._numbers.get(key)
        if found is None:
            found = len(self.unknowns)
            self._numbers[key] = found
            self.unknowns.append(Unknown(name))
        return found

    def known(self, key: Hashable) -> int | None:
        """Number of the unknown with this key; None where there is none."""
        return self._numbers.get(key)

    def keys(self) -> dict[Hashable, int]:
        """All keys."""
        return self._numbers

    def narrow(self, unknown: int, low: int, high: int, why: str) -> None:
        """Cut the bounds of an unknown. What no number fits is noted as a contradiction and not applied."""
        one = self.unknowns[unknown]
        new_low, new_high = max(one.low, low), min(one.high, high)
        if new_low > new_high:
            self.contradictions.append(f"{one.name}: {one.low} to {one.high} ({'; '.join(one.whys)}) and {why}")
            return
        if (new_low, new_high) != (one.low, one.high):
            one.whys.append(why)
        one.low, one.high = new_low, new_high

    def relate(self, terms: Iterable[tuple[int, int]], low: int, high: int, why: str) -> None:
        """Add a relation. Terms of one unknown are put together."""
        together: dict[int, int] = {}
        for coefficient, unknown in terms:
            together[unknown] = together.get(unknown, 0) + coefficient
        kept = [(coefficient, unknown) for unknown, coefficient in together.items() if coefficient]
        if kept:
            self.relations.append(Relation(kept, low, high, why))

    def equal(self, left: int, right: Iterable[int], why: str) -> None:
        """`left` is the sum of `right`."""
        self.relate([(1, left), *((-1, one) for one in right)], 0, 0, why)

    def at_most(self, small: int, large: int, why: str) -> None:
        """`small` is at most `large`."""
        self.relate([(1, large), (-1, small)], 0, UNBOUNDED, why)

    def copy(self) -> System:
        """The same with bounds of its own."""
        unknowns = [Unknown(o.name, o.low, o.high, list(o.prints), list(o.whys)) for o in self.unknowns]
        return System(unknowns, list(self.relations), list(self.contradictions), dict(self._numbers))
