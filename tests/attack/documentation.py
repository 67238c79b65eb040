"""The catalogue as the documentation pages print it: cells of each table, what an n counts, how returns are counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path


@dataclass
class Cell:
    """A cell of a table of the report: what is counted in it, with which answers, over whom."""

    indicator: str
    row: str
    """Label of the row, with the rows above it: `White / Irish`."""
    column: str
    point: str
    statistic: str
    counted: str
    answers: str
    over: str


@dataclass
class Table:
    """A table of the report or an indicator of the returns."""

    indicator: str
    title: str
    facts: dict[str, str] = field(default_factory=dict)
    limits: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    ways: list[list[str]] = field(default_factory=list)
    """Of an indicator of the returns: shown as, statistic, counted, divided by, time, periods."""

    @property
    def topics(self) -> set[str]:
        """The names the table may have in the open data."""
        names = {self.title}
        parts = re.match(r"^(.*) \((.*)\)$", self.title)
        if parts:
            names.add(f"{parts.group(2)}: {parts.group(1)}")
            names.add(parts.group(1))
        if "Part of the report" in self.facts:
            names.add(f"{self.facts['Part of the report'].split(' / ')[-1]}: {self.title}")
        unit = self.facts.get("Unit", "")
        return names | {f"{name} ({unit})" for name in names if unit}

    def says(self, words: str) -> bool:
        """Whether one of its limits begins so."""
        return any(limit.startswith(words) for limit in self.limits)


@dataclass
class Population:
    """What an n counts, and which answers of which question admit to it."""

    name: str
    words: str
    counts: str
    question: str
    answers: tuple[str, ...]


class _Pages(HTMLParser):
    """Entries, definition lists, lists and tables of a documentation page, in the order in which they stand."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.entries: list[tuple[str, list[tuple[str, str]]]] = [("", [])]
        self._text: list[str] | None = None
        self._row: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "section" and values.get("class") == "entry":
            self.entries.append((values.get("id") or "", []))
        if tag == "tr":
            self._row = []
        if tag in {"h3", "dt", "dd", "li", "th", "td", "caption"}:
            self._text = []

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        events = self.entries[-1][1]
        if tag in {"h3", "dt", "dd", "li", "th", "td", "caption"} and self._text is not None:
            text = re.sub(r"\s+", " ", "".join(self._text)).strip()
            self._text = None
            if tag in {"th", "td"}:
                if self._row is not None:
                    self._row.append(text)
            else:
                events.append((tag, text))
        if tag == "tr" and self._row is not None:
            events.append(("tr", "\x1f".join(self._row)))
            self._row = None


@dataclass
class Documentation:
    """All that the pages say."""

    tables: dict[str, Table] = field(default_factory=dict)
    populations: list[Population] = field(default_factory=list)

    def population(self, words: str) -> Population | None:
        """The population with these words."""
        return next((one for one in self.populations if one.words == words), None)

    def table_of(self, topic: str, line: str = "") -> Table | None:
        """The table that the open data call so."""
        found = [table for table in self.tables.values() if topic in table.topics]
        if len(found) > 1:
            exact = [table for table in found if topic == table.title or f"{table.title} (" in topic]
            found = exact or found
        if len(found) > 1 and line:
            narrowed = [one for one in found if any(cell.row.endswith(line) for cell in one.cells)]
            found = narrowed or found
        return found[0] if found else None


def read(folder: Path) -> Documentation:
    """Read the pages of the documentation folder of a release."""
    found = Documentation()
    for page in sorted(folder.glob("indicators-*.html")):
        parser = _Pages()
        parser.feed(page.read_text(encoding="utf-8"))
        for name, events in parser.entries:
            if name:
                found.tables[name] = _table(name, events)
    methods = folder / "methods.html"
    if methods.is_file():
        parser = _Pages()
        parser.feed(methods.read_text(encoding="utf-8"))
        for _, events in parser.entries:
            found.populations.extend(_populations(events))
    return found


def _table(name: str, events: list[tuple[str, str]]) -> Table:
    table = Table(name, name)
    term = ""
    caption = ""
    for tag, text in events:
        if tag == "h3":
            table.title = text
        elif tag == "dt":
            term = text
        elif tag == "dd":
            table.facts[term] = text
        elif tag == "li":
            table.limits.append(text)
        elif tag == "caption":
            caption = text
        elif tag == "tr" and caption.startswith("Cells:"):
            parts = text.split("\x1f")
            if len(parts) >= 6 and parts[2] != "Statistic":
                point, row = "", parts[0]
                paired = re.match(r"^(intake|review|exit) / (.*)$", row)
                if paired:
                    point, row = paired.group(1), paired.group(2)
                table.cells.append(Cell(name, row, parts[1], point, *parts[2:6]))
        elif tag == "tr" and caption.startswith("Ways"):
            parts = text.split("\x1f")
            if len(parts) >= 5 and parts[1] != "Statistic":
                table.ways.append(parts)
    return table


def _populations(events: list[tuple[str, str]]) -> list[Population]:
    caption = ""
    found = []
    for tag, text in events:
        if tag == "caption":
            caption = text
        elif tag == "tr" and caption.startswith("Populations"):
            parts = text.split("\x1f")
            if len(parts) == 5 and parts[0] != "Population":
                answers = tuple(one.strip() for one in parts[4].split(";") if one.strip())
                found.append(Population(parts[0], parts[1], parts[2], parts[3], answers))
    return found
