"""What somebody can conclude who holds everything printed and has read program and documentation, but not the key.

Told is a count, or the rest of its n, if all whole numbers that fit everything printed lie from 1 to the threshold, or
are one number above zero; and a group of up to ten, if all that fit say that each of them gave one answer. Only prints
and relations are looked at, never a true count, so whether something is told can itself be known without telling more.

Most are seen not to be told in a few witnesses for all at once, each looked for where most is open; what is left is
asked one by one. [Whole numbers, because rounding leaves small ranges, in which fractions would hide what is certain]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from disclosure.program import Numbers, Program, UndecidedError
from disclosure.rounding import Rounding
from disclosure.system import System, Terms, difference

# A whole group of at most so many must not be known to have given one answer.
_SMALL_GROUP = 10
# So many witnesses for all are looked for; a next one only while the last has closed a tenth of what was open.
_WITNESSES = 16
_WORTH_ANOTHER = 0.1
# Where there are groups, so many are for all of them; the others are for one group after the other, which is quicker.
_OF_ALL_GROUPS = 2


@dataclass
class Verdict:
    """Counts that are told, by themselves or by the rest of an n that they are part of: none, if all is well.

    `undecided` are those of them of which it was not found out in time. `is_possible` is False where nothing fits what
    is printed.
    """

    told: set[int] = field(default_factory=set)
    undecided: set[int] = field(default_factory=set)
    is_possible: bool = True


def audit(system: System, prints: Sequence[int | None], rounding: Rounding) -> Verdict:
    """What is told by prints.

    Parameters:
        system: relations; of its counts nothing but which of them are printed, and the values of known ones.
        prints: what is printed of each count, None where nothing is.
        rounding: by which it was rounded.
    """
    return _Audit(system, prints, rounding).verdict()


class _Audit:
    def __init__(self, system: System, prints: Sequence[int | None], rounding: Rounding) -> None:
        size = len(system.values)
        self._size = size
        self._rests = sorted(system.parts)
        # What was printed by a smaller base tells what that base tells: nothing can be asked of it beyond that.
        smaller = {count: within + 1 for count, within in system.within.items() if within < rounding.within}
        own = [min(rounding.threshold, smaller.get(count, rounding.threshold)) for count in range(size)]
        rests = [min(own[whole], own[part]) for whole, part in self._rests]
        self._threshold = np.array([*own, *rests], dtype=np.int64)
        self._wholes = np.array(sorted({whole for whole, _ in self._rests}), dtype=np.int64)
        lower = np.zeros(size + len(self._rests), dtype=np.int64)
        # Above whatever a count can be that is nowhere printed: a limit only takes witnesses away.
        highest = max((number for number in prints if number is not None), default=0)
        upper = np.full(len(lower), 4 * (highest + rounding.base), dtype=np.int64)
        for count, number in enumerate(prints):
            if system.is_known[count]:
                lower[count] = upper[count] = system.values[count]
            elif number is not None:
                within = system.within.get(count, rounding.within)
                lower[count], upper[count] = max(0, number - within), number + within
        equal = [
            *system.equal,
            *({**difference(whole, [part]), size + rest: -1} for rest, (whole, part) in enumerate(self._rests)),
        ]
        _narrow(upper, equal)
        averages = [
            (terms, constant) for base, terms, constant in system.averages if (prints[base] or 0) >= rounding.least_n
        ]
        groups = {group: number for number, group in enumerate(dict.fromkeys(system.groups))}
        of_columns = [*system.groups, *(system.groups[part] for _, part in self._rests)]
        self._program = Program(
            lower, upper, equal, [*system.at_least_zero, *averages], [groups[group] for group in of_columns]
        )
        figures = [count for count in range(size) if system.is_figure(count)]
        self._targets = np.array([*figures, *range(size, len(lower))], dtype=np.int64)
        # Which counts a column says something of.
        self._meant: dict[int, set[int]] = {count: {count} for count in figures}
        self._meant |= {size + rest: set(pair) for rest, pair in enumerate(self._rests)}
        self._groups = [
            (whole, size + rest)
            for rest, (whole, _) in enumerate(self._rests)
            if upper[whole] <= _SMALL_GROUP + 2 * rounding.within and lower[whole] <= _SMALL_GROUP
        ]
        self._last: Numbers | None = None
        self._least = np.full(len(lower), np.iinfo(np.int64).max)
        self._most = np.full(len(lower), -1, dtype=np.int64)

    def verdict(self) -> Verdict:
        verdict = Verdict()
        if not len(self._targets):
            return verdict
        try:
            if not self._look_around():
                return Verdict(is_possible=False)
        except UndecidedError:
            verdict.undecided.update(*self._meant.values())
        for column in map(int, self._targets[self._open(self._targets)]):
            try:
                if self._is_told(column):
                    verdict.told |= self._meant[column]
            except UndecidedError:
                verdict.undecided |= self._meant[column]
        for whole, rest in self._groups:
            try:
                if self._is_all_alike(whole, rest):
                    verdict.told |= self._meant[rest]
            except UndecidedError:
                verdict.undecided |= self._meant[rest]
        verdict.told |= verdict.undecided
        return verdict

    def _look_around(self) -> bool:
        """Witnesses for all at once, then for one group after the other. False if nothing fits at all."""
        chance = np.random.default_rng(0)
        for _ in range(_OF_ALL_GROUPS if self._program.has_parts else _WITNESSES):
            before = self._how_many_open()
            if not before and self._last is not None:
                return True
            # The first one only has to be there: the search for a good one among all takes long.
            is_first = self._last is None and self._program.has_parts
            if not self._see(self._program.witness(np.zeros(len(self._least)) if is_first else self._cost(chance))):
                return False
            if not self._was_worth_it(before):
                break
        for _ in range(_WITNESSES if self._program.has_parts else 0):
            before = self._how_many_open()
            for group in range(self._program.groups):
                assert self._last is not None
                self._see(self._program.witness_beside(group, self._cost(chance), self._last))
            if not self._was_worth_it(before):
                break
        return True

    def _how_many_open(self) -> int:
        return int(self._open(self._targets).sum())

    def _was_worth_it(self, before: int) -> bool:
        return before - self._how_many_open() >= _WORTH_ANOTHER * before

    def _cost(self, chance: np.random.Generator) -> np.ndarray:
        """What makes a witness answer most of what is open.

        Small ones are to be zero, each at another time, while the n that they are part of is to be large: then one of
        them is all of it, the rests of all others are above the threshold, and each of them is seen as another number.
        """
        cost = np.zeros(len(self._least))
        columns = self._targets[self._open(self._targets)]
        cost[columns] = chance.random(len(columns))
        may_be_zero = (self._program.lower[columns] == 0) & (columns < self._size)
        cost[columns] *= np.where(may_be_zero | (chance.random(len(columns)) < 0.5), 1.0, -1.0)
        cost[self._wholes] = np.where(
            (self._program.lower[self._wholes] <= self._threshold[self._wholes])
            | (chance.random(len(self._wholes)) < 0.5),
            -1.0,
            1.0,
        )
        return cost

    def _see(self, numbers: Numbers | None) -> bool:
        """Take a witness into account, if there is one; says whether there is."""
        if numbers is None:
            return False
        self._last = numbers
        np.minimum(self._least, numbers, out=self._least)
        np.maximum(self._most, numbers, out=self._most)
        return True

    def _open(self, columns: np.ndarray) -> np.ndarray:
        """Of which columns the witnesses so far leave it possible that they are told."""
        least, most = self._least[columns], self._most[columns]
        is_free: np.ndarray = (least == 0) | ((most > self._threshold[columns]) & (least < most))
        return ~is_free

    def _can_be(self, column: int, least: int, most: int) -> bool:
        return self._see(self._program.witness_of(column, least, most, self._last))

    def _is_told(self, column: int) -> bool:
        if not self._open(np.array([column])).any() or self._can_be(column, 0, 0):
            return False
        highest, threshold = int(self._program.upper[column]), int(self._threshold[column])
        if self._most[column] <= threshold and not self._can_be(column, threshold + 1, highest):
            return True
        seen = int(self._most[column])
        return self._least[column] == seen and not (
            self._can_be(column, 0, seen - 1) or self._can_be(column, seen + 1, highest)
        )

    def _is_all_alike(self, whole: int, rest: int) -> bool:
        """Whether it is certain of a small group that nobody in it gave another answer."""
        if self._most[rest] > 0 or self._least[whole] == 0 or self._most[whole] > _SMALL_GROUP:
            return False
        return not (
            self._can_be(rest, 1, int(self._program.upper[rest]))
            or self._can_be(whole, 0, 0)
            or self._can_be(whole, _SMALL_GROUP + 1, int(self._program.upper[whole]))
        )


def _narrow(upper: Numbers, equal: Sequence[Terms]) -> None:
    """A part is no more than its whole: narrow bounds spare the program most of its search."""
    for _ in range(2):
        for terms in equal:
            for sign in (1, -1):
                wholes = [count for count, factor in terms.items() if factor == sign]
                parts = [count for count, factor in terms.items() if factor == -sign]
                if len(wholes) == 1 and len(wholes) + len(parts) == len(terms):
                    upper[parts] = np.minimum(upper[parts], upper[wholes[0]])
