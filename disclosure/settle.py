"""What is printed of every count: drawn, looked at as an outsider would, drawn anew where something is told.

Every count is drawn once. Where the audit finds that something is told, the counts around it go to the nearest multiple
and, if that does not help, are drawn anew. As the audit sees prints only, and each print could have been the first draw
of every count within its distance, nothing follows from what was drawn anew. What is told after all that is not
printed: the figures of its tables at its place, then their n.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass

from disclosure.audit import audit
from disclosure.rounding import Rounding
from disclosure.system import System

# So often the counts around what is told are drawn anew before anything is not printed, and then so often again.
_ROUNDS = 20


@dataclass(frozen=True)
class Settled:
    """Of every count of a system, by its number: what is printed (None if nothing), and by which draw.

    `hidden` are the counts that are not printed because of the audit; `told` what is told all the same, and
    `is_possible` whether anything fits what is printed: the public side of a release needs none and yes.
    """

    prints: list[int | None]
    attempts: list[int]
    hidden: frozenset[int]
    told: frozenset[int]
    rounds: int
    is_possible: bool


def settle(
    system: System,
    rounding: Rounding,
    name: Callable[[Hashable], str],
    before: Mapping[int, int | None] | None = None,
    draws: Mapping[int, int] | None = None,
) -> Settled:
    """Decide what is printed of every count.

    Parameters:
        system: counts and relations.
        rounding: threshold and key.
        name: what is counted, as text, of a name in the system's index.
        before: what has been printed of counts already (None: nothing), which stays.
        draws: by which draw counts are printed at first, where it is not the first one.
    """
    return _Settling(system, rounding, name, before or {}, draws or {}).settle()


class _Settling:
    def __init__(
        self,
        system: System,
        rounding: Rounding,
        name: Callable[[Hashable], str],
        before: Mapping[int, int | None],
        draws: Mapping[int, int],
    ) -> None:
        self._system, self._rounding, self._before = system, rounding, before
        # What is printed already is not drawn, so it needs no name.
        self._names = ["" if count in self._before else name(named) for named, count in system.index.items()]
        self._attempts = [draws.get(count, 0) for count in range(len(system.values))]
        self._closed: set[Hashable] = set()
        self._closed_bases: set[int] = set()
        self._beside: dict[int, set[int]] = defaultdict(set)
        for terms in [*system.equal, *(terms for terms, _ in system.at_least_zero)]:
            for count in terms:
                self._beside[count].update(terms)

    def settle(self) -> Settled:
        for attempt in range(2 * _ROUNDS + 1):
            prints, hidden = self._prints()
            verdict = audit(self._system, prints, self._rounding)
            if not verdict.told or not verdict.is_possible:
                break
            if attempt < _ROUNDS:
                self._draw_anew(verdict.told)
            elif not self._close(verdict.told):
                break
        return Settled(prints, self._attempts, frozenset(hidden), frozenset(verdict.told), attempt, verdict.is_possible)

    def _prints(self) -> tuple[list[int | None], set[int]]:
        """What is printed by the draws so far, and what is not because its table is closed."""
        system, rounding = self._system, self._rounding
        prints: list[int | None] = [None] * len(system.values)
        hidden: set[int] = set()
        for count, value in enumerate(system.values):
            if count in self._before:
                prints[count] = self._before[count]
            elif system.is_known[count]:
                prints[count] = value
            elif count in self._closed_bases:
                hidden.add(count)
            elif system.is_base[count]:
                prints[count] = rounding.draw(self._names[count], value, self._attempts[count])
        for count, bases in enumerate(system.over):
            if count in self._before or system.is_known[count] or system.is_base[count] or not bases:
                continue
            if not any((prints[base] or 0) >= rounding.least_n for base in bases):
                continue
            if system.tables[count] & self._closed:
                hidden.add(count)
            else:
                prints[count] = rounding.draw(self._names[count], system.values[count], self._attempts[count])
        return prints, hidden

    def _draw_anew(self, told: Collection[int]) -> None:
        for count in sorted({near for one in told for near in self._beside[one] | {one}}):
            self._attempts[count] += 1

    def _close(self, told: Collection[int]) -> bool:
        """Close the tables of what is told, or else its n. Says whether anything was left to close."""
        tables = {table for one in told for table in self._system.tables[one]} - self._closed
        bases = {one for one in told if self._system.is_base[one]} - self._closed_bases
        self._closed |= tables
        if not tables:
            self._closed_bases |= bases
        return bool(tables or bases)
