"""Which counts to hide: the small ones, those that would give them back, and whatever the audit still finds.

Primary: every count from 1 to the threshold, and zeros that are veiled. Complementary: as long as a relation leaves one
hidden count as its only unknown, the smallest shown count in it that is not zero is hidden as well. Repair: the
feasible range of every hidden count is worked out by linear programming over everything published together. Where it is
a single value, or lies within 1 to the threshold, another count of its relations is hidden, and if that does not help
the cheapest counts that do, found by a linear program of their own; until no range is so narrow any more or nothing is
left to hide (then it is said to be unavoidable).

The order of hiding depends on the values and the order of the counts alone, so the same counts give the same result.
[English public-health and education practice: primary suppression of 1 to 5, secondary suppression over rows, columns
and totals; audit after Fischetti and Salazar, "Models and algorithms for optimizing cell suppression", 2000]
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from disclosure.bounds import Audit, Range
from disclosure.system import System

PRIMARY, COMPLEMENTARY, REPAIR = "primary", "complementary", "repair"

# So many times the repair hides what lies nearest; what is too narrow even then gets a linear program of its own.
_NEAR_ROUNDS = 3


@dataclass
class Protection:
    """The result: by which rule each hidden count is hidden, and the range that readers can narrow it down to.

    `unavoidable` holds the hidden counts whose range stays too narrow because nothing else is left to hide.
    """

    threshold: int
    rule: dict[int, str] = field(default_factory=dict)
    ranges: dict[int, Range] = field(default_factory=dict)
    unavoidable: set[int] = field(default_factory=set)

    def is_hidden(self, count: int) -> bool:
        """Whether a count is hidden."""
        return count in self.rule


def protect(system: System, threshold: int = 5, *, complementary: bool = True, strict: bool = False) -> Protection:
    """Decide which counts of a system to hide.

    Parameters:
        system: counts and relations.
        threshold: counts from 1 to this number are hidden. Must be at least 1.
        complementary: False leaves out everything but the first rule; only tests of the audit do that.
        strict: also widen ranges that lie within 1 to the threshold only as hidden counts are known not to be zero.
    """
    if threshold < 1:
        raise ValueError("The threshold must be at least 1.")
    done = Protection(threshold)
    for count, value in enumerate(system.values):
        if system.is_public[count] and (1 <= value <= threshold or system.is_veiled[count]):
            done.rule[count] = PRIMARY
    lines, audit = _Lines(system), Audit(system)
    if complementary:
        lines.close(done, done.rule)
    rounds = 0
    while complementary:
        rounds += 1
        unknown = lines.unknown(done)
        counted = [count for count in done.rule if system.values[count]]
        pinned, inside = audit.exposed(unknown, counted, threshold, strict=strict)
        hidden = []
        for count in sorted(pinned | inside):
            if rounds > _NEAR_ROUNDS:
                to = (system.values[count] + 1, system.values[count] - 1) if count in pinned else (threshold + 1,)
                found = audit.cheapest_way(unknown, count, to)
                for other in sorted(set(found) - set(done.rule)):
                    done.rule[other] = REPAIR
                    hidden.append(other)
                continue
            # A single value is worth a base; a range that is merely narrow is not.
            more = lines.next_to_hide(done, count, unknown, with_bases=count in pinned)
            if more is not None:
                done.rule[more] = REPAIR
                hidden.append(more)
        if not hidden and rounds <= _NEAR_ROUNDS and pinned | inside:
            rounds = _NEAR_ROUNDS
            continue
        if not hidden:
            # Nothing is left beside them that could be hidden.
            done.unavoidable = pinned | inside
            break
        lines.close(done, hidden)
    done.ranges = audit.ranges(lines.unknown(done), done.rule)
    return done


class _Lines:
    """The relations of a system by the counts in them."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.of: dict[int, list[int]] = defaultdict(list)
        for number, terms in enumerate(system.equal):
            for count in terms:
                self.of[count].append(number)

    def close(self, done: Protection, start: object) -> None:
        """Hide until no relation has a hidden count as its only unknown, however far that reaches."""
        while True:
            known = self.known(done)
            pinned = [count for count in done.rule if known[count]]
            if not pinned:
                return
            progress = False
            for count in sorted(pinned):
                if self._hide_beside(done, count):
                    progress = True
            if not progress:
                return

    def _hide_beside(self, done: Protection, count: int) -> bool:
        """Of every relation that gives this count away by itself, hide the smallest other one that is not zero."""
        changed = False
        for number in self.of[count]:
            terms = self.system.equal[number]
            if any(other != count and not self._is_shown(done, other) for other in terms):
                continue
            best = self._smallest(done, terms)
            if best is not None:
                done.rule[best] = COMPLEMENTARY
                changed = True
        if changed:
            return True
        # Given away along a chain of relations: open the first one that has something to hide.
        for number in self.of[count]:
            best = self._smallest(done, self.system.equal[number])
            if best is not None:
                done.rule[best] = COMPLEMENTARY
                return True
        return False

    def _smallest(self, done: Protection, terms: dict[int, int], *, with_bases: bool = True) -> int | None:
        """The shown count with the smallest value above zero; among equals one in a line that is open already.

        The n of other figures only where there is nothing else: they would have to go with it.
        """
        candidates = [
            other
            for other in terms
            if self._is_shown(done, other)
            and self.system.values[other] > 0
            and (with_bases or not self.system.is_base[other])
        ]
        if not candidates:
            return None
        return min(
            candidates,
            key=lambda other: (
                self.system.is_base[other],
                self.system.values[other],
                self._opened(done, other),
                other,
            ),
        )

    def _opened(self, done: Protection, count: int) -> int:
        """How many lines would have this count as their only unknown, were it hidden."""
        return sum(
            all(other == count or self._is_shown(done, other) for other in self.system.equal[number])
            for number in self.of[count]
        )

    def _is_shown(self, done: Protection, count: int) -> bool:
        return self.system.is_public[count] and count not in done.rule

    def known(self, done: Protection) -> list[bool]:
        """Which counts readers know: what is shown, and what follows from it one relation at a time."""
        known = [self._is_shown(done, count) for count in range(len(self.system.values))]
        left = [sum(not known[count] for count in terms) for terms in self.system.equal]
        waiting = deque(number for number, unknown in enumerate(left) if unknown == 1)
        while waiting:
            number = waiting.popleft()
            if left[number] != 1:
                continue
            count = next(other for other in self.system.equal[number] if not known[other])
            known[count] = True
            for touched in self.of[count]:
                left[touched] -= 1
                if left[touched] == 1:
                    waiting.append(touched)
        return known

    def unknown(self, done: Protection) -> list[bool]:
        """The opposite of `known`, for the audit; a hidden count that follows from others stays for it to find."""
        return [not known or count in done.rule for count, known in enumerate(self.known(done))]

    def next_to_hide(self, done: Protection, count: int, unknown: list[bool], *, with_bases: bool) -> int | None:
        """What to hide so that a range widens: the smallest shown count in a relation of this one, or farther on.

        The n of other figures only with `with_bases`: a table less is much for a range that is a little wider.
        """
        seen, ring = {count}, [count]
        while ring:
            terms = {other: 1 for member in ring for number in self.of[member] for other in self.system.equal[number]}
            best = self._smallest(done, terms, with_bases=with_bases)
            if best is not None:
                return best
            ring = sorted(other for other in terms if other not in seen and unknown[other])
            seen.update(ring)
        return None
