"""A small network that never was, printed well or badly: what the attack is tried on before there is a release."""

from __future__ import annotations

import csv
import html
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.attack.derived import half_up

FORMS = "Intake forms dated in the year"
HURT = "Intake forms where the child was hurt"
CLIENTS = "Unique clients at intake: each client's latest intake form of the year"
SINGLE = "One answer each: the answers, blank ones included, add up to n."
MATRIX = "Several questions with their answers in columns: the columns of a row add up to its n."
TICKS = "Tick all that apply: one form can be in several rows, so rows add up to more than n."
STATUS = ["New", "Repeat", "Moved", "Missing"]
HURTS = ["Yes", "No", "Missing"]
WAYS = ["Hit", "Thrown", "Locked in", "Other", "Missing"]
WORRIES = ["Sleep", "School", "Safety"]
AGES = ["0-2 years old", "3-7 years old", "8-12 years old", "13-17 years old", "Missing"]


@dataclass(frozen=True)
class Printing:
    """How the mock prints: chance of the other multiple, percentages from true counts or printed ones, draws."""

    chance: float = 0.2
    true_percentages: bool = False
    one_draw: bool = True
    base: int = 5
    minimum_n: int = 25
    exact: bool = False
    seed: int = 1


Cell = tuple[str, str, str, str, str, str]
"""Topic, row, column, counted, answers, over."""


def children(sizes: dict[str, int], seed: int) -> dict[str, list[dict[str, object]]]:
    """One dictionary for each form of each service."""
    chance = random.Random(seed)
    made: dict[str, list[dict[str, object]]] = {}
    for service, size in sizes.items():
        forms: list[dict[str, object]] = []
        for _ in range(size):
            age = chance.choice([*range(18), None])
            form: dict[str, object] = {
                "status": chance.choices(STATUS, [70, 20, 6, 2])[0],
                "hurt": chance.choices(HURTS, [50, 45, 3])[0],
                "age": age,
                "client": chance.random() > 0.06,
            }
            ticks = [way for way in WAYS[:-1] if chance.random() < 0.3]
            form["ways"] = ticks or ["Missing"]
            for worry in WORRIES:
                form[worry] = chance.choices(HURTS, [30, 65, 5])[0]
            forms.append(form)
        made[service] = forms
    return made


def _cells() -> list[Cell]:
    made: list[Cell] = [("Status", row, "", "Status", _code(row), FORMS) for row in STATUS]
    made += [("Was the child hurt?", row, "", "Was the child hurt?", _code(row), FORMS) for row in HURTS]
    made += [("How", row, "", "How", _code(row), HURT) for row in WAYS]
    made += [("Worries", worry, row, worry, _code(row), FORMS) for worry in WORRIES for row in HURTS]
    made += [("Age", row, "", "Age", _code(row), CLIENTS) for row in AGES]
    return made


def _code(label: str) -> str:
    return label.lower().replace(" ", "_").replace("-", "_")


def _band(form: dict[str, object]) -> str:
    age = form["age"]
    if not isinstance(age, int):
        return "Missing"
    return next(band for band in AGES if int(band.split("-")[0]) <= age <= int(band.split("-")[1].split(" ")[0]))


def count(forms: list[dict[str, object]], cell: Cell) -> tuple[int, int]:
    """The true count and n of a cell."""
    topic, row, column, _, _, over = cell
    base = [
        form
        for form in forms
        if over == FORMS or (over == HURT and form["hurt"] == "Yes") or (over == CLIENTS and form["client"])
    ]
    tests: dict[str, Callable[[dict[str, object]], bool]] = {
        "Status": lambda form: form["status"] == row,
        "Was the child hurt?": lambda form: form["hurt"] == row,
        "How": lambda form: row in str(form["ways"]),
        "Worries": lambda form: form[row] == column,
        "Age": lambda form: _band(form) == row,
    }
    return sum(tests[topic](form) for form in base), len(base)


class Printer:
    """Rounds each count once, wherever it stands."""

    def __init__(self, printing: Printing) -> None:
        self.printing = printing
        self._made: dict[object, int] = {}
        self._draws = 0

    def printed(self, value: int, what: object) -> int:
        """The print of a count."""
        if self.printing.exact:
            return value
        self._draws += 1
        key = what if self.printing.one_draw else (what, self._draws)
        if key not in self._made:
            base = self.printing.base
            below, rest = value - value % base, value % base
            nearest = below if 2 * rest < base else below + base
            other = below + base if nearest == below else below
            moved = random.Random(f"{self.printing.seed}|{key}").random() < self.printing.chance
            self._made[key] = nearest if not rest or not moved else other
        return self._made[key]


def write(folder: Path, truth: dict[str, list[dict[str, object]]], printing: Printing, period: str = "202324") -> None:
    """Write open data and documentation of a mock release."""
    places = {"Total": [form for forms in truth.values() for form in forms], **truth}
    printer = Printer(printing)
    rows = []
    for place, forms in places.items():
        for cell in _cells():
            topic, row, column, counted, answers, over = cell
            value, n = count(forms, cell)
            printed_n = printer.printed(n, (period, place, over) if over != HURT else (period, place, "hurt", "yes"))
            what = ("hurt", "yes") if counted == "Was the child hurt?" and row == "Yes" else (counted, answers, over)
            printed = printer.printed(value, (period, place, *what))
            shown = printed_n >= printing.minimum_n or printing.exact
            share = "z"
            if shown and printed_n:
                share = str(half_up(100 * value / n if printing.true_percentages else 100 * printed / printed_n, 1))
            number = str(printed) if shown else "c"
            rows.append([period, "Financial year", place, topic, row, column or "Total", number, str(printed_n), share])
    data = folder / "open_data"
    data.mkdir(parents=True, exist_ok=True)
    with (data / "insights_mock.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = ["time_period", "time_identifier", "service", "topic", "response", "answer"]
        writer.writerow([*names, "number", "base", "percentage"])
        writer.writerows(rows)
    _documentation(folder / "documentation")


def _documentation(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    limits = {"Status": SINGLE, "Was the child hurt?": SINGLE, "How": TICKS, "Worries": MATRIX, "Age": SINGLE}
    sections = []
    for topic, limit in limits.items():
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(t)}</td>" for t in (c[1], c[2], "percentage", *c[3:])) + "</tr>"
            for c in _cells()
            if c[0] == topic
        )
        sections.append(
            f'<section class="entry" id="{_code(topic).strip("?")}"><h3>{topic}</h3><ul><li>{limit}</li></ul>'
            f"<table><caption>Cells: {topic}</caption>{rows}</table></section>"
        )
    (folder / "indicators-insights-mock.html").write_text("".join(sections), encoding="utf-8")
    people = [
        ("intake_forms", FORMS, "forms", "", ""),
        ("intake_hurt", HURT, "forms", "Was the child hurt?", "Yes"),
        ("intake_clients", CLIENTS, "clients", "", ""),
    ]
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(t)}</td>" for t in one) + "</tr>" for one in people)
    caption = "<caption>Populations of the tables of the report</caption>"
    (folder / "methods.html").write_text(f"<table>{caption}{rows}</table>", encoding="utf-8")
