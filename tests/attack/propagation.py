"""Narrowing bounds by one relation after the other until nothing changes: what a reader can do with a pencil."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from tests.attack.rules import UNBOUNDED
from tests.attack.system import Relation, System


@dataclass
class ContradictionError(Exception):
    """No whole numbers fit what is printed."""

    where: str

    def __str__(self) -> str:
        return self.where


def relations_of(system: System) -> list[list[int]]:
    """For each unknown the numbers of the relations it stands in."""
    found: list[list[int]] = [[] for _ in system.unknowns]
    for number, relation in enumerate(system.relations):
        for _, unknown in relation.terms:
            found[unknown].append(number)
    return found


def propagate(system: System, changed: list[int] | None = None, steps: int = 2_000_000) -> None:
    """Narrow the bounds of a system in place. Raises ContradictionError where nothing fits."""
    standing = relations_of(system)
    if changed is None:
        waiting = deque(range(len(system.relations)))
    else:
        waiting = deque(dict.fromkeys(number for unknown in changed for number in standing[unknown]))
    queued = set(waiting)
    while waiting and steps:
        steps -= 1
        number = waiting.popleft()
        queued.discard(number)
        for unknown in _narrow(system, system.relations[number]):
            for other in standing[unknown]:
                if other not in queued:
                    queued.add(other)
                    waiting.append(other)


def _narrow(system: System, relation: Relation) -> list[int]:
    """Narrow all unknowns of a relation, once. Says which changed."""
    unknowns = system.unknowns
    least = most = 0
    open_below = open_above = 0
    for coefficient, unknown in relation.terms:
        one = unknowns[unknown]
        small, large = (one.low, one.high) if coefficient > 0 else (one.high, one.low)
        if abs(small) >= UNBOUNDED:
            open_below += 1
        else:
            least += coefficient * small
        if abs(large) >= UNBOUNDED:
            open_above += 1
        else:
            most += coefficient * large
    if (not open_below and least > relation.high) or (not open_above and most < relation.low):
        names = ", ".join(
            f"{coefficient:+d} x [{unknowns[u].low}..{unknowns[u].high}] {unknowns[u].name}"
            for coefficient, u in relation.terms[:12]
        )
        raise ContradictionError(f"{relation.why}: {relation.low} <= {names} <= {relation.high}")
    changed = []
    for coefficient, unknown in relation.terms:
        one = unknowns[unknown]
        small, large = (one.low, one.high) if coefficient > 0 else (one.high, one.low)
        low, high = one.low, one.high
        rest_open = open_below - (1 if abs(small) >= UNBOUNDED else 0)
        if relation.high < UNBOUNDED and not rest_open:
            rest = least - (0 if abs(small) >= UNBOUNDED else coefficient * small)
            room = relation.high - rest
            if coefficient > 0:
                high = min(high, room // coefficient)
            else:
                low = max(low, -(room // -coefficient))
        rest_open = open_above - (1 if abs(large) >= UNBOUNDED else 0)
        if relation.low > -UNBOUNDED and not rest_open:
            rest = most - (0 if abs(large) >= UNBOUNDED else coefficient * large)
            need = relation.low - rest
            if coefficient > 0:
                low = max(low, -(-need // coefficient))
            else:
                high = min(high, (-need) // (-coefficient))
        if low > high:
            raise ContradictionError(f"{relation.why}: {one.name} {one.low}..{one.high} becomes {low}..{high}")
        if (low, high) != (one.low, one.high):
            one.low, one.high = low, high
            changed.append(unknown)
    return changed
