"""Every number of the HTML reports: cells with their attributes, sentences, alternative texts, charts."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from tests.attack.charts import Chart, Shape, compare_chart
from tests.attack.documentation import Cell, Documentation
from tests.attack.forms import place_figures
from tests.attack.open_data import Figure
from tests.attack.printed import Printed, numbers
from tests.attack.rules import Rules

VOID = {"meta", "link", "br", "img", "input", "hr", "col", "line", "path", "rect", "circle"}
PROSE = {"p", "li", "desc", "figcaption", "dd", "caption", "title", "h3", "h4", "summary"}


@dataclass
class Page:
    """What a page holds."""

    cells: list[tuple[dict[str, str], str]] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._figure = ""
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in {"style", "script"}:
            self._silent += 1
        if tag == "figure":
            self._figure = values.get("id", "").removeprefix("chart-")
        if tag == "svg":
            self.page.charts.append(Chart(self._figure))
        if tag in {"path", "line", "rect", "circle"} and self.page.charts:
            self.page.charts[-1].shapes.append(Shape(tag, values))
        if tag == "text" and self.page.charts:
            self.page.charts[-1].shapes.append(Shape(tag, values))
        for name in ("title", "alt", "aria-label"):
            if values.get(name):
                self.page.prose.append(values[name])
        if tag not in VOID:
            self._open.append((tag, values, []))

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        for _, _, texts in self._open:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script"}:
            self._silent -= 1
        while self._open:
            name, values, texts = self._open.pop()
            text = re.sub(r"\s+", " ", "".join(texts)).strip()
            if "data-key" in values:
                self.page.cells.append((values, text))
            elif name in PROSE and text:
                self.page.prose.append(text)
            if name == "text" and self.page.charts:
                last = [shape for shape in self.page.charts[-1].shapes if shape.kind == "text" and not shape.text]
                if last:
                    last[0].text = text
            if name == tag:
                break


def read(path: Path) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.page


def numbered(documentation: Documentation) -> dict[tuple[str, str, int, int], Cell]:
    """Cells by the numbers of their row and column."""
    found: dict[tuple[str, str, int, int], Cell] = {}
    for table in documentation.tables.values():
        rows: dict[str, list[str]] = defaultdict(list)
        columns: dict[str, list[str]] = defaultdict(list)
        for cell in table.cells:
            if cell.row not in rows[cell.point]:
                rows[cell.point].append(cell.row)
            if cell.column not in columns[cell.point]:
                columns[cell.point].append(cell.column)
            row, column = rows[cell.point].index(cell.row) + 1, columns[cell.point].index(cell.column) + 1
            found[(table.indicator, cell.point, row, column)] = cell
    return found


def compare(folder: Path, figures: list[Figure], documentation: Documentation, rules: Rules) -> list[str]:
    """Facts of the reports that the open data do not print: numbers in cells, attributes, words and charts."""
    cells = numbered(documentation)
    by_cell: dict[tuple[str, str, int], Figure] = {}
    for period, year in place_figures(figures, documentation, rules).items():
        for one in year.placed:
            by_cell[(period.split(" ")[0], _fold(one.figure.key.place), id(one.cell))] = one.figure
    own: list[str] = []
    for path in sorted((folder / "report").glob("*.html")):
        page = read(path)
        everything = Printed.of(of_edition(path.stem, figures))
        for values, text in page.cells:
            own.extend(f"{path.name}: {fact}" for fact in _cell(values, text, cells, by_cell, everything))
        for text in dict.fromkeys(page.prose):
            strange = [number for number in numbers(text) if not everything.has(number)]
            if strange:
                own.append(f"{path.name}: {', '.join(strange)} in: {text[:240]}")
        for chart in page.charts:
            own.extend(f"{path.name}: {fact}" for fact in compare_chart(chart, everything))
    return own


def of_edition(stem: str, figures: list[Figure]) -> list[Figure]:
    """The figures that an edition may hold: all services and, in that of a service, its own."""
    places = {figure.key.place for figure in figures if figure.key.data_set.startswith("insights")}
    own = {place for place in places if stem.endswith("-" + re.sub(r"[^a-z0-9]+", "-", place.lower()).strip("-"))}
    if stem.startswith("needs"):
        return [figure for figure in figures if not figure.key.data_set.startswith("insights")]
    kept = {"Total", *own}
    return [f for f in figures if not f.key.data_set.startswith("insights") or f.key.place in kept]


def _fold(place: str) -> str:
    return "total" if place in {"Total", "all_services"} else place.lower().replace("_", " ").replace("-", " ")


def _cell(
    values: dict[str, str],
    text: str,
    cells: dict[tuple[str, str, int, int], Cell],
    by_cell: dict[tuple[str, str, int], Figure],
    everything: Printed,
) -> list[str]:
    key = values["data-key"].split("|")
    found = [*numbers(text), *([values["data-value"]] if "data-value" in values else [])]
    figure = None
    if len(key) >= 11 and key[9].isdigit() and key[10].isdigit():
        cell = cells.get((key[1], key[8], int(key[9]), int(key[10])))
        label = key[3].replace("-", "") if len(key[3]) == 7 else key[3]
        place = _fold(key[4] if key[4] == "all_services" else key[5])
        figure = by_cell.get((label, place, id(cell))) if cell else None
    where = f"{values['data-key']} {values.get('data-part', '')}"
    if figure is None:
        return [f"{where}: {number} is not in the open data" for number in found if not everything.has(number)]
    made = []
    alone = Printed.of([figure])
    for number in found:
        if not alone.has(number):
            made.append(f"{where}: {number} ({text}); open data {_short(figure)}")
    symbol = values.get("data-symbol", "")
    column = {"numerator": "number", "denominator": "base", "n": "base", "value": "percentage"}
    name = column.get(values.get("data-part", ""), "")
    if symbol and name and figure.values.get(name) not in {symbol, "z", None} and symbol != text:
        made.append(f"{where}: symbol {symbol} where the open data print {figure.values.get(name)}")
    if symbol == "c" and name and figure.values.get(name) == "z":
        made.append(f"{where}: c where the open data print z")
    if symbol == "low":
        made.append(f"{where}: low, so above zero")
    return made


def _short(figure: Figure) -> str:
    return ", ".join(f"{name} {text}" for name, text in figure.values.items() if text not in {"z", ""})[:200]
