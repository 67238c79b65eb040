"""Why something is certain: the few relations and prints that are enough for it."""

from __future__ import annotations

from tests.attack.integer import NO, solve
from tests.attack.propagation import relations_of
from tests.attack.rules import UNBOUNDED
from tests.attack.system import Relation, System


def explain(system: System, terms: list[tuple[int, int]], low: int, high: int, most: int = 4000) -> list[str]:
    """Relations without which a number of `terms` from low to high would fit. Nothing where none near is enough.

    Give a system before propagation: its bounds are then those of prints, and each used print is told.
    """
    standing = relations_of(system)
    asked = Relation(terms, low, high, "asked")
    near = {unknown for _, unknown in terms}
    edge = list(near)
    for _ in range(12):
        following = []
        for unknown in edge:
            for number in standing[unknown]:
                others = [other for _, other in system.relations[number].terms if other not in near]
                near.update(others)
                following.extend(others)
        edge = following
        rows = _inside(system, standing, near)
        if solve(system, sorted(near), [*rows, asked], 20.0).verdict == NO:
            return _fewest(system, near, rows, asked) if len(rows) <= most else [f"{len(rows)} relations"]
        if not edge or len(near) > 4000:
            break
    return []


def _inside(system: System, standing: list[list[int]], near: set[int]) -> list[Relation]:
    numbers = sorted({number for unknown in near for number in standing[unknown]})
    found = [system.relations[number] for number in numbers]
    return [row for row in found if all(unknown in near for _, unknown in row.terms)]


def _fewest(system: System, near: set[int], rows: list[Relation], asked: Relation) -> list[str]:
    """Leave out one relation after the other as long as the rest is enough."""
    kept = list(rows)
    size = max(1, len(kept) // 2)
    while size:
        place = 0
        while place < len(kept):
            fewer = kept[:place] + kept[place + size :]
            if solve(system, sorted(near), [*fewer, asked], 5.0).verdict == NO:
                kept = fewer
            else:
                place += size
        size //= 2
    told = []
    for row in kept:
        parts = []
        for coefficient, unknown in row.terms:
            one = system.unknowns[unknown]
            top = "" if one.high >= UNBOUNDED else str(one.high)
            parts.append(f"{coefficient:+d} [{one.low}..{top}] {one.name}")
        told.append(f"{row.why}: {row.low} <= {'; '.join(parts)} <= {'' if row.high >= UNBOUNDED else row.high}")
    return told
