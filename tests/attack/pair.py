"""Two public folders side by side: what the difference of their prints tells."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.attack import open_data
from tests.attack.attack import Part, systems
from tests.attack.open_data import Figure, Key
from tests.attack.propagation import ContradictionError, propagate
from tests.attack.questions import KINDS, Attack, Result
from tests.attack.rules import Rules
from tests.attack.system import Relation, System, Unknown


@dataclass
class Pair:
    """What two folders say together of one year."""

    period: str
    differing: list[str] = field(default_factory=list)
    only_one: int = 0
    """Figures that stand in one of them only."""
    alone: Result = field(default_factory=Result)
    """Conclusions from the second folder alone."""
    together: Result = field(default_factory=Result)
    """Conclusions from both."""
    proved: list[str] = field(default_factory=list)
    """Answers that a form which came between the two has for certain."""
    seconds: float = 0.0

    def lines(self, most: int = 15) -> list[str]:
        """For people."""
        kinds = ", ".join(f"{kind} {self.together.count(kind)} (alone {self.alone.count(kind)})" for kind in KINDS)
        made = [
            f"{self.period}: {len(self.differing)} prints differ, {self.only_one} figures in one folder only; {kinds}; "
            f"answers of who came between proved {len(self.proved)}; undecided {len(self.together.undecided)} "
            f"({self.seconds:.1f} s)"
        ]
        if self.together.contradiction:
            made.append(f"  CONTRADICTION (more changed than assumed): {self.together.contradiction[:400]}")
        made.extend(f"  {text}" for text in self.differing[:most])
        made.extend(f"  proved: {text}" for text in self.proved[:most])
        made.extend(f"  {kind}: {what}" for kind, what in self.together.found[:most])
        return made


def compare(first: Path, second: Path, rules: Rules, added: int = 1, seconds: float = 300.0) -> list[Pair]:
    """Look at every year that both folders print. `added`: so many forms at most came between, none went.

    0 says that nothing changed: two draws of one truth. Years in one folder only share no relation with others.
    """
    before, after = _figures(first), _figures(second)
    systems_before = {part.name: part for part in systems(first, rules)[0]}
    systems_after = {part.name: part for part in systems(second, rules)[0]}
    made = []
    for name in sorted(set(systems_before) & set(systems_after)):
        begun = time.monotonic()
        pair = Pair(name)
        _differences(pair, before, after)
        old, new = systems_before[name], systems_after[name]
        joint, parts, between = _join(old, new, added)
        if pair.differing or pair.only_one:
            pair.alone = Attack(new.system.copy(), rules, new.parts).run(seconds)
            try:
                propagate(joint)
                pair.proved = [joint.unknowns[one].name for one in between if joint.unknowns[one].low >= 1]
            except ContradictionError:
                pair.proved = []
            pair.together = Attack(joint, rules, parts, set(range(len(joint.unknowns))) - set(between)).run(seconds)
        pair.seconds = time.monotonic() - begun
        made.append(pair)
    return made


def _figures(folder: Path) -> dict[Key, Figure]:
    return {figure.key: figure for figure in open_data.read(folder / "open_data")}


def _differences(pair: Pair, before: dict[Key, Figure], after: dict[Key, Figure]) -> None:
    for key in before.keys() | after.keys():
        if key.period != pair.period and not (pair.period == "returns" and key.data_set.startswith("social_care")):
            continue
        if key not in before or key not in after:
            pair.only_one += 1
            continue
        old, new = before[key].values, after[key].values
        changed = [f"{name} {old.get(name)} -> {text}" for name, text in new.items() if old.get(name) != text]
        if changed:
            pair.differing.append(f"{key.words()}: {', '.join(changed)}")
    pair.differing.sort()


def _join(old: Part, new: Part, added: int) -> tuple[System, dict[int, int], list[int]]:
    """One system of both: counts of the second are those of the first and what came between."""
    joint = System()
    for part, label in ((old, "first"), (new, "second")):
        for one in part.system.unknowns:
            joint.unknowns.append(Unknown(f"{label}: {one.name}", one.low, one.high, list(one.prints), list(one.whys)))
    shift = len(old.system.unknowns)
    joint.relations = list(old.system.relations)
    for relation in new.system.relations:
        moved = [(coefficient, unknown + shift) for coefficient, unknown in relation.terms]
        joint.relations.append(Relation(moved, relation.low, relation.high, relation.why))
    parts = {**old.parts, **{number + shift: base + shift for number, base in new.parts.items()}}
    between = []
    for key, number in old.system.keys().items():
        other = new.system.known(key)
        if other is None:
            continue
        a, b = old.system.unknowns[number], new.system.unknowns[other]
        prints_a, prints_b = {value for _, value in a.prints}, {value for _, value in b.prints}
        moved_print = bool(prints_a and prints_b and not prints_a & prints_b)
        least = 1 if moved_print and added else 0
        column = len(joint.unknowns)
        joint.unknowns.append(Unknown(f"came between: {a.name}", least, max(least, added)))
        joint.relations.append(Relation([(1, other + shift), (-1, number), (-1, column)], 0, 0, "what came between"))
        between.append(column)
    return joint, parts, between
