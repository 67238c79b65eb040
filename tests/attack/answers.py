"""Relations of the answers of one table: what adds up, what is part of what, what averages say of their bands."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from tests.attack.documentation import Cell, Table
from tests.attack.forms import COUNTED, Year, identity
from tests.attack.open_data import TOTAL
from tests.attack.rules import UNBOUNDED, decimal

SINGLE = "One answer each"
MATRIX = "Several questions with their answers in columns"
TICKS = "Tick all that apply"
PAIRED = "The same children at two points"


def relate(year: Year) -> None:
    """Add the relations of every table, in every place."""
    tables: dict[str, Table] = {one.table.indicator: one.table for one in year.placed}
    for table in tables.values():
        for place in year.places:
            if not any(year.system.known((place, identity(cell))) is not None for cell in table.cells):
                continue
            _groups(year, table, place)
            if table.says(SINGLE) or table.says(PAIRED):
                _single(year, table, place)
            if table.says(MATRIX):
                _matrix(year, table, place)
            if table.says(TICKS):
                _ticks(year, table, place)
    _averages(year)


def _number(year: Year, place: str, cell: Cell) -> int | None:
    return year.system.known((place, identity(cell)))


def _sum(year: Year, place: str, over: str, cells: list[Cell], why: str) -> None:
    numbers = [_number(year, place, cell) for cell in cells]
    if over and all(number is not None for number in numbers):
        base = year.base(place, over, cells[0].indicator)
        year.system.equal(base, [number for number in numbers if number is not None], why)


def _missing(cell: Cell) -> bool:
    return "missing" in cell.answers.split(";")


def _groups(year: Year, table: Table, place: str) -> None:
    """A row with rows below it: its sum where one answer or ticks are counted."""
    for cell in table.cells:
        below = [
            one
            for one in table.cells
            if one.row.startswith(f"{cell.row} / ") and one.column == cell.column and one.point == cell.point
        ]
        if not below or cell.statistic not in COUNTED:
            continue
        number = _number(year, place, cell)
        parts = [_number(year, place, one) for one in below]
        if number is None or any(part is None for part in parts):
            continue
        ticks = cell.statistic == "count"
        if ticks or table.says(SINGLE):
            year.system.equal(number, [part for part in parts if part is not None], f"{cell.row} is its rows together")
        else:
            for part in parts:
                if part is not None:
                    year.system.at_most(part, number, f"{cell.row} is any of its rows")


def _top(cells: list[Cell]) -> list[Cell]:
    rows = {cell.row for cell in cells}
    return [
        cell
        for cell in cells
        if cell.statistic in COUNTED
        and cell.answers != "*"
        and not any(cell.row.startswith(f"{row} / ") for row in rows)
    ]


def _single(year: Year, table: Table, place: str) -> None:
    """Answers of a question with one answer add up to n, where the blank ones have a row."""
    together: dict[tuple[str, str, str, str], list[Cell]] = defaultdict(list)
    for cell in _top(table.cells):
        together[(cell.counted, cell.over, cell.point, cell.column)].append(cell)
    for (_, over, _, _), cells in together.items():
        if (len(cells) > 1 and any(_missing(cell) for cell in cells)) or (
            len(cells) == 2 and table.says(SINGLE) and {one.row for one in cells} == {"Yes", "No"}
        ):
            _sum(year, place, over, cells, f"answers add up to n: {table.title}")


def _matrix(year: Year, table: Table, place: str) -> None:
    """The columns of a row add up to its n."""
    together: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for cell in table.cells:
        if cell.statistic in COUNTED and cell.answers != "*":
            together[(cell.row, cell.point, cell.over)].append(cell)
    for (row, _, over), cells in together.items():
        if len(cells) > 1 and len({cell.counted for cell in cells}) == 1 and any(_missing(cell) for cell in cells):
            _sum(year, place, over, cells, f"columns add up to n: {table.title}, {row}")


def _ticks(year: Year, table: Table, place: str) -> None:
    """No option and no blank answer in one form; every form has one of them."""
    options = [c for c in table.cells if c.statistic in {"percentage", "per_100"} and c.answers != "*"]
    blanks = [cell for cell in options if _missing(cell)]
    for over in {cell.over for cell in options}:
        ticked = [cell for cell in options if cell.over == over and not _missing(cell)]
        numbers = [number for cell in ticked if (number := _number(year, place, cell)) is not None]
        blank = next((_number(year, place, cell) for cell in blanks if cell.over == over), None)
        if blank is None:
            continue
        base = year.base(place, over, table.indicator)
        for number in numbers:
            year.system.relate(
                [(1, base), (-1, number), (-1, blank)], 0, UNBOUNDED, f"an option or blank: {table.title}"
            )
        if len(numbers) == len(ticked):
            terms = [(1, number) for number in numbers] + [(1, blank), (-1, base)]
            year.system.relate(terms, 0, UNBOUNDED, f"options and blanks reach n: {table.title}")


def _averages(year: Year) -> None:
    """Who gave a number stands in a band; what an average says of the bands."""
    for one in year.placed:
        cell, place = one.cell, one.figure.key.place
        if cell.statistic not in {"mean", "median"}:
            continue
        if cell.statistic == "mean" and one.table.says(TICKS):
            _mean_of_ticks(year, one.table, cell, place, decimal(one.figure.values.get("mean")))
            continue
        rows = [
            other
            for other in one.table.cells
            if other.counted == cell.counted and other.statistic == "percentage" and not _missing(other)
        ]
        rows = [other for other in rows if other.row != "Errors"]
        numbers = [_number(year, place, other) for other in rows]
        gave = year.system.known((place, ("gave a number", cell.counted, cell.over)))
        if gave is None or not rows or any(number is None for number in numbers):
            continue
        bands = [number for number in numbers if number is not None]
        year.system.equal(gave, bands, f"who gave a number stands in a band: {one.table.title}")
        edges = [_edges(other.row) for other in rows]
        if any(edge is None for edge in edges):
            continue
        known = [edge for edge in edges if edge is not None]
        unit = _unit(cell.row, rows[-1].row)
        if cell.statistic == "median":
            _median(year, decimal(one.figure.values.get("median")), unit, bands, known, gave)
        else:
            _mean(year, decimal(one.figure.values.get("mean")), unit, bands, known, gave)


def _mean_of_ticks(year: Year, table: Table, cell: Cell, place: str, value: float | None) -> None:
    """A mean number of ticks holds the sum of the options of its table."""
    asked = Counter(one.counted for one in table.cells).most_common(1)[0][0]
    options = [one for one in table.cells if one.counted == asked and not _missing(one) and one.answers != "dont_know"]
    numbers = [_number(year, place, option) for option in options]
    gave = year.system.known((place, ("gave a number", cell.counted, cell.over)))
    if value is None or gave is None or not numbers or any(number is None for number in numbers):
        return
    _many(year, table, place, asked, [number for number in numbers if number is not None])
    ticks = [(200, number) for number in numbers if number is not None]
    half = 1.0 if value == int(value) else 0.1
    low, high = round((2 * value - half) * 100), round((2 * value + half) * 100)
    year.system.relate([*ticks, (-low, gave)], 0, UNBOUNDED, f"mean number of ticks: {table.title}")
    year.system.relate([*ticks, (-high, gave)], -UNBOUNDED, 0, f"mean number of ticks: {table.title}")


def _many(year: Year, table: Table, place: str, asked: str, options: list[int]) -> None:
    """`Number experiencing four or more`: who is in it ticked four at least, whoever else ticked one to three."""
    many = next((cell for cell in table.cells if cell.answers == "four_or_more"), None)
    blank = next((cell for cell in table.cells if cell.counted == asked and _missing(cell)), None)
    none = next((cell for cell in table.cells if cell.row == "None" and cell.answers == "no"), None)
    if many is None or blank is None or none is None:
        return
    four, missing, nothing = (_number(year, place, cell) for cell in (many, blank, none))
    if four is None or missing is None or nothing is None:
        return
    base = year.base(place, many.over, table.indicator)
    ticked = [(-1, base), (1, missing), (1, nothing)]
    year.system.relate([(1, o) for o in options] + [*ticked, (-3, four)], 0, UNBOUNDED, "four ticks or more")
    most = [(-3 * coefficient, number) for coefficient, number in ticked]
    most += [(len(options) - 3, four)] + [(-1, option) for option in options]
    year.system.relate(most, 0, UNBOUNDED, "at most three ticks where not four or more")
    year.system.relate([*((-c, u) for c, u in ticked), (-1, four)], 0, UNBOUNDED, "who ticked four or more ticked")


def _unit(average: str, band: str) -> float:
    """How many of the band's unit one of the average's is."""
    if "week" in average and "month" in band:
        return 7 / 30.4375
    if "in years" in average and "old" not in band:
        return 12.0
    return 1.0


def _edges(label: str) -> tuple[float, float] | None:
    """From a label such as `2 - 3 months`, `Under 3 years old`, `35+`: from and up to, in the unit it names first."""
    numbers = [float(found) for found in re.findall(r"\d+(?:\.\d+)?", label)]
    lower = label.lower()
    if not numbers:
        return None
    in_years = "year" in lower and "old" not in lower
    if re.match(r"^(under|less than)", lower):
        low, high = 0.0, numbers[0]
    elif "+" in lower or "more" in lower or "over" in lower:
        low, high = numbers[0], float("inf")
    elif "or less" in lower:
        low, high = 0.0, numbers[0] + 1
    else:
        low, high = numbers[0], (numbers[1] if len(numbers) > 1 else numbers[0]) + 1
    return (low * 12, high * 12) if in_years else (low, high)


def _median(
    year: Year, value: float | None, unit: float, bands: list[int], edges: list[tuple[float, float]], gave: int
) -> None:
    """At most half lie in bands wholly below it, at least half in bands that begin below it or at it."""
    if value is None:
        return
    low, high = (value - 0.5) * unit - unit, (value + 0.5) * unit + unit
    below = [band for band, (_, end) in zip(bands, edges, strict=True) if end <= low]
    above = [band for band, (start, _) in zip(bands, edges, strict=True) if start >= high]
    for side in (below, above):
        if side:
            terms = [(1, gave)] + [(-2, band) for band in side]
            year.system.relate(terms, 0, UNBOUNDED, "at most half lie on one side of a median")


def _mean(
    year: Year, value: float | None, unit: float, bands: list[int], edges: list[tuple[float, float]], gave: int
) -> None:
    """The sum of all lies between the lower and the upper ends of the bands. Widened by the printed rounding."""
    if value is None:
        return
    half = 0.5 if value == int(value) else 0.05
    low, high = int((value - half) * unit * 100) - 1, int((value + half) * unit * 100) + 2
    starts = [(int(start * 100), band) for band, (start, _) in zip(bands, edges, strict=True)]
    year.system.relate([(high, gave)] + [(-start, band) for start, band in starts], 0, UNBOUNDED, "mean over low ends")
    if all(end != float("inf") for _, end in edges):
        ends = [(int(end * 100) + 1, band) for band, (_, end) in zip(bands, edges, strict=True)]
        year.system.relate([(-low, gave), *ends], 0, UNBOUNDED, "mean under high ends")


def union_rows(year: Year) -> None:
    """`... in at least one support area`: between the largest and the sum of the columns that it is made of."""
    for one in [p for p in year.placed if " in at least one " in p.cell.counted]:
        column = one.cell.counted.split(" in at least one ")[0]
        place = one.figure.key.place
        whole_number = _number(year, place, one.cell)
        parts = {
            number
            for other in year.placed
            if other.cell.column == column and other.figure.key.place == place and other.figure.key.group in {"", TOTAL}
            if (number := _number(year, place, other.cell)) is not None
        }
        if whole_number is None or not parts:
            continue
        for part in parts:
            year.system.at_most(part, whole_number, f"any of: {one.cell.row}")
        terms = [(1, part) for part in sorted(parts)] + [(-1, whole_number)]
        year.system.relate(terms, 0, UNBOUNDED, f"any of, at most the sum: {one.cell.row}")
