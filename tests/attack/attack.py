"""The whole attack on one public folder: every year of the forms, the returns, and what its numbers are made from."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.attack import answers, derived, documentation, forms, open_data, populations, returns, statements
from tests.attack.forms import Year
from tests.attack.questions import KINDS, Attack, Result
from tests.attack.rules import Rules
from tests.attack.system import System


@dataclass
class Part:
    """A system of the folder: its name, what it holds, what came out."""

    name: str
    system: System
    parts: dict[int, int]
    result: Result = field(default_factory=Result)
    seconds: float = 0.0


@dataclass
class Report:
    """Everything that the attack says of a folder."""

    parts: list[Part] = field(default_factory=list)
    derived: derived.Derived = field(default_factory=derived.Derived)
    contradictions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    """What is told without a number: see `statements.py`."""

    @property
    def certain(self) -> int:
        """How many conclusions are certain."""
        return sum(len(part.result.found) for part in self.parts)

    @property
    def undecided(self) -> int:
        """How many questions were not answered in time."""
        return sum(len(part.result.undecided) for part in self.parts)

    def count(self, kind: str) -> int:
        """How many certain conclusions of a kind."""
        return sum(part.result.count(kind) for part in self.parts)

    def lines(self, most: int = 40) -> list[str]:
        """For people."""
        made = []
        for part in self.parts:
            result = part.result
            kinds = ", ".join(f"{kind} {result.count(kind)}" for kind in KINDS)
            made.append(
                f"{part.name}: {len(part.system.unknowns)} unknowns, {len(part.system.relations)} relations, "
                f"{result.asked} questions in {part.seconds:.1f} s; {kinds}; by pencil {result.by_pencil}; "
                f"undecided {len(result.undecided)}"
            )
            if result.contradiction:
                made.append(f"  CONTRADICTION {result.contradiction[:1500]}")
            made.extend(f"  {kind}: {what}" for kind, what in result.found[:most])
            if len(result.found) > most:
                made.append(f"  ... and {len(result.found) - most} more")
            made.extend(f"  undecided {kind}: {what}" for kind, what in result.undecided[:5])
        for kind, count in self.derived.compared.items():
            made.append(f"{kind}: {count} worked out again, {self.derived.differs(kind)} not from printed counts")
        for kind, rows in self.derived.strange.items():
            made.append(f"{kind}: {len(rows)}")
            made.extend(f"  {row}" for row in rows[:5])
        if self.derived.below:
            made.append(f"printed over a printed n below the least: {len(self.derived.below)}")
            made.extend(f"  {row}" for row in self.derived.below[:5])
        made.extend(f"TWO PRINTS OF ONE COUNT: {text[:600]}" for text in self.contradictions[:most])
        if self.statements:
            made.append(f"told without a number: {len(self.statements)}")
            made.extend(f"  {text[:600]}" for text in self.statements[:most])
        return [*made, *self.notes]


def build_year(year: Year) -> None:
    """Fill the system of a year with all that is known of it."""
    forms.fill(year)
    answers.relate(year)
    answers.union_rows(year)
    populations.relate(year)
    forms.services_add_up(year)
    if year.rules.hiding:
        forms.hidden_zeros(year)


def systems(
    folder: Path, rules: Rules, truth: bool | None = None, said: list[str] | None = None
) -> tuple[list[Part], derived.Derived, list[str]]:
    """The systems of a folder, unsolved. `truth`: all percentages are of true counts; None: look.

    What is told without a number is put into `said`.
    """
    said = said if said is not None else []
    pages = documentation.read(folder / "documentation")
    figures = open_data.read(folder / "open_data")
    notes = [f"stands twice: {key.words()}" for key in open_data.repeated(figures)]
    compared = derived.compare(figures, rules.minimum_n, 1 if rules.hiding else rules.base)
    only = None if truth else compared.odd
    if truth is None and compared.differs("percentage") > 0.01 * compared.compared["percentage"]:
        truth, only = True, None
    parts = []
    for period, year in sorted(forms.place_figures(figures, pages, rules).items()):
        build_year(year)
        said.extend(statements.services(year))
        if truth or (only and not rules.hiding):
            notes.append(f"{period}: {derived.from_truth(year, only)} percentages taken for those of true counts")
        unplaced = [figure.key.words() for figure in year.loose if figure.key.line != "Total"]
        notes.extend(f"no cell for {words}" for words in unplaced[:3])
        parts.append(Part(period, year.system, year.answers))
    if not rules.hiding:
        said.extend(statements.symbols(figures, rules.minimum_n))
    said.extend(statements.pages(folder, figures))
    said.extend(statements.listed_rows(figures))
    made = returns.build(figures, pages, rules)
    if made.system.unknowns:
        parts.append(Part("returns", made.system, made.answers))
    return parts, compared, notes


def attack(folder: Path, rules: Rules, seconds: float = 600.0, truth: bool | None = None) -> Report:
    """Attack a public folder. `seconds` is for each year and for the returns."""
    report = Report()
    report.parts, report.derived, report.notes = systems(folder, rules, truth, report.statements)
    for part in report.parts:
        report.contradictions.extend(part.system.contradictions)
        begun = time.monotonic()
        hidden = {number for number, one in enumerate(part.system.unknowns) if not one.prints}
        targets = hidden if rules.hiding else None
        part.result = Attack(part.system, rules, part.parts, targets).run(seconds)
        part.seconds = time.monotonic() - begun
    return report
