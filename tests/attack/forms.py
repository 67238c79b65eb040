"""The system of one year of the forms: unknowns from prints, relations from the documentation's own words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from tests.attack.documentation import Cell, Documentation, Table
from tests.attack.open_data import TOTAL, Figure
from tests.attack.rules import UNBOUNDED, Rules, whole
from tests.attack.system import System

Identity = tuple[str, str, str]
"""What is counted (and on which form, where it is not the one that n counts), with which answers, over whom: two
cells with one identity are one count."""
COUNTED = {"percentage", "per_100", "count"}


@dataclass
class Placed:
    """A figure with the cell of the catalogue that it fills."""

    figure: Figure
    cell: Cell
    table: Table


@dataclass
class Year:
    """All figures of a year with their cells, and the system that they make."""

    period: str
    rules: Rules
    documentation: Documentation
    placed: list[Placed] = field(default_factory=list)
    loose: list[Figure] = field(default_factory=list)
    """Figures whose cell was not found: only their own bounds are used."""
    places: list[str] = field(default_factory=list)
    system: System = field(default_factory=System)
    answers: dict[int, int] = field(default_factory=dict)
    """Of an unknown that is part of an n: that n."""
    one_of_sum: dict[int, str] = field(default_factory=dict)

    def unknown(self, place: str, identity: Identity, name: str = "") -> int:
        """Number of the count with this identity in this place."""
        return self.system.number((place, identity), name or " | ".join((self.period, place, *identity)))

    def base(self, place: str, words: str, indicator: str = "") -> int:
        """Number of the n with these words in this place; of one table, where services may not ask its question."""
        name = f"{self.period} | {place} | n: {words}"
        everybody = self.unknown(place, ("the form", "*", words), name)
        if not (indicator and self.rules.not_asked):
            return everybody
        key: Identity = ("the form", f"asked in {indicator}", words)
        if self.system.known((place, key)) is None:
            self.system.at_most(self.unknown(place, key, f"{name}, asked in {indicator}"), everybody, "who was asked")
        return self.unknown(place, key)


def identity(cell: Cell) -> Identity:
    """What a cell counts."""
    if cell.answers == "*":
        return ("the form", "*", cell.over)
    side = cell.over.split(" ", 1)[0].lower()
    elsewhere = cell.point and not side.startswith(cell.point) and not cell.over.lower().startswith("unique")
    return (f"at {cell.point}: {cell.counted}" if elsewhere else cell.counted, cell.answers, cell.over)


def place_figures(figures: list[Figure], documentation: Documentation, rules: Rules) -> dict[str, Year]:
    """Figures of the forms, by year, each with its cell."""
    years: dict[str, Year] = {}
    tables: dict[str, Table | None] = {}
    for figure in figures:
        if not figure.key.data_set.startswith("insights"):
            continue
        year = years.setdefault(figure.key.period, Year(figure.key.period, rules, documentation))
        if figure.key.place not in year.places:
            year.places.append(figure.key.place)
        topic = figure.key.topic or "About this dataset (numbers given in the prose)"
        name = figure.values.get("indicator_id", "")
        if name in documentation.tables:
            table: Table | None = documentation.tables[name]
        else:
            if topic not in tables:
                tables[topic] = documentation.table_of(topic, figure.key.line)
            table = tables[topic]
        cell = _cell(figure, table) if table else None
        if table and cell:
            year.placed.append(Placed(figure, cell, table))
        else:
            year.loose.append(figure)
            if table and figure.key.line == TOTAL:
                over = {one.over for one in table.cells if one.over}
                if len(over) == 1:
                    cell = Cell(table.indicator, TOTAL, "", "", "count", "the form", "*", over.pop())
                    year.placed.append(Placed(figure, cell, table))
    return years


def _cell(figure: Figure, table: Table) -> Cell | None:
    key = figure.key
    group = "" if key.group == TOTAL else key.group
    line = key.line
    row = f"{group} / {line}" if group and group != line else line
    column = "" if key.column == TOTAL else key.column
    stage = "" if key.stage == TOTAL else key.stage.lower()
    for cell in table.cells:
        if cell.row == row and cell.column == column and cell.point == stage:
            return cell
    if not line:
        return None
    for cell in table.cells:
        if cell.statistic in {"mean", "median"} and line.startswith(cell.row):
            return cell
        same = cell.column == column and (not stage or cell.point in {"", stage})
        if same and cell.row.split(" / ")[-1] == line and not group:
            return cell
    return None


def fill(year: Year) -> None:
    """Make the unknowns of a year and their bounds from what is printed."""
    for one in year.placed:
        figure, cell = one.figure, one.cell
        place = figure.key.place
        where = figure.key.words()
        printed_n = whole(figure.values.get("base"))
        if cell.statistic in {"mean", "median"}:
            number = year.unknown(place, ("gave a number", cell.counted, cell.over))
            _print(year, number, where, printed_n)
            year.system.at_most(number, year.base(place, cell.over), "who gave a number is part of n")
            continue
        if cell.statistic not in COUNTED:
            continue
        number = year.unknown(place, identity(cell))
        printed = whole(figure.values.get("number"))
        _print(year, number, where, printed)
        if cell.statistic == "count" and cell.answers != "*":
            continue
        base = year.base(place, cell.over, cell.indicator if cell.answers != "*" else "")
        if number != base:
            _print(year, base, where + " (n)", printed_n)
            year.answers[number] = base
            year.system.at_most(number, base, "an answer is part of its n")
            if year.rules.hiding:
                _hidden(year, figure, number, base)
        elif printed_n is not None:
            _print(year, base, where + " (n)", printed_n)


def _print(year: Year, number: int, where: str, printed: int | None) -> None:
    if printed is None:
        return
    low, high = year.rules.bounds(printed)
    year.system.unknowns[number].prints.append((where, printed))
    year.system.narrow(number, low, high, f"printed {printed} ({where})")


def _hidden(year: Year, figure: Figure, number: int, base: int) -> None:
    """What the earlier method tells by hiding: a hidden count is above zero, a zero is shown over more than 5."""
    threshold = year.rules.threshold
    text = figure.values.get("number", "")
    printed_n = whole(figure.values.get("base"))
    if text == "c" and printed_n is not None and printed_n > threshold:
        year.system.narrow(number, 1, UNBOUNDED, "hidden over a shown n, so above zero")
    if text == "0" and printed_n is None:
        year.system.narrow(base, threshold + 1, UNBOUNDED, "a zero is shown, so n is above the threshold")


def hidden_zeros(year: Year) -> None:
    """Earlier method: a hidden cell of a service where all services print 0 says that its n is 1 to the threshold."""
    totals = {
        (one.cell.indicator, one.cell.row, one.cell.column, one.cell.point)
        for one in year.placed
        if one.figure.key.place == TOTAL and one.figure.values.get("number") == "0"
    }
    for one in year.placed:
        spot = (one.cell.indicator, one.cell.row, one.cell.column, one.cell.point)
        if one.figure.key.place == TOTAL or spot not in totals or one.figure.values.get("number") != "c":
            continue
        place = one.figure.key.place
        number = year.unknown(place, identity(one.cell))
        year.system.unknowns[number].low = 0
        year.system.narrow(number, 0, 0, "all services print 0")
        year.system.narrow(year.base(place, one.cell.over), 1, year.rules.threshold, "a zero is hidden over a small n")


def services_add_up(year: Year) -> None:
    """All services are the sum of the services, in every count and every n."""
    services = [place for place in year.places if place != TOTAL]
    if TOTAL not in year.places or not services:
        return
    by_identity: dict[object, dict[str, int]] = defaultdict(dict)
    for key, number in list(year.system.keys().items()):
        if isinstance(key, tuple) and len(key) == 2:
            by_identity[key[1]][key[0]] = number
    for what, numbers in by_identity.items():
        if TOTAL in numbers and all(service in numbers for service in services):
            year.system.equal(numbers[TOTAL], [numbers[s] for s in services], f"all services are the sum: {what}")
