"""The tables of the report as one workbook for people: cover, contents, notes, then a table on each sheet.

Form: Government Analysis Function, "Releasing statistics in spreadsheets", as gptables writes it. Every label is
written as a string, never as a formula, a link or markup: gptables reads markup in cells, so it is given the place of a
label, and the label is put in where the cell is written. Nothing in the file depends on when it was made.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

import pandas as pd
from gptables import Cover, GPTable
from gptables.core.wrappers import GPWorkbook, GPWorksheet
from xlsxwriter.workbook import Workbook

from reporting.open_data import titles
from reporting.open_data.data_sets import (
    INDICATORS,
    THEME_TITLES,
    Labels,
    Line,
    applicable_to,
    cells_of,
    group_of,
    kind_of,
    label_of,
    topic_names,
    words,
)
from reporting.open_data.ees import SYMBOLS, TOTAL, plain
from reporting.open_data.settings import NO_LICENCE, Licence

_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_TEXT_WIDTH, _NUMBER_WIDTH, _COVER_WIDTH = 42, 13, 100
_SYMBOL = re.compile(r"\[[a-z]+\]")
_PLACE = re.compile("⟦([0-9]+)⟧")
_LEGEND = "Symbols: " + "; ".join(f"[{symbol}] {meaning}" for symbol, meaning in SYMBOLS.items()) + "."
# Sections of the returns whose names are no words.
_SECTION_TITLES = {
    "disability_send": "Disability and special educational needs",
    "lado": "Designated officer for allegations",
    "s47": "Section 47 enquiries",
}
_GENERAL_NOTES = {
    "limits": "95% confidence limits: Wilson score limits of a percentage, Byar's or exact limits of a rate or ratio.",
    "base": "How many the percentage, mean or median is of. It includes those with the answer Don't know or Missing.",
}


class _Texts:
    """Labels by the place that stands for them while gptables handles a table."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def place(self, text: str) -> str:
        """What to give gptables in the place of a text."""
        self._texts.append(plain(text))
        return f"text⟦{len(self._texts) - 1}⟧"

    def read(self, cell: str) -> str:
        """The cell with every place replaced by its text."""
        return _PLACE.sub(lambda found: self._texts[int(found[1])], cell.replace("text⟦", "⟦"))


class _TextSheet(GPWorksheet):
    """A sheet that writes every text as a string."""

    texts: _Texts

    def _parse_urls(self, sheet: object) -> None:
        """No text of ours is markup for a link."""

    def _smart_write(self, row: int, col: int, data: object, format_dict: dict[str, Any], *args: Any) -> None:
        if isinstance(data, str):
            self.write_string(row, col, self.texts.read(data), self._workbook.add_format(format_dict))
        else:
            super()._smart_write(row, col, data, format_dict, *args)

    def _write_table_elements(self, pos: list[int], gptable: GPTable, auto_width: bool) -> list[int]:
        """The table itself, in the formats of the theme.

        gptables makes a frame of formats, one for each cell. A format for each column gives the same sheets, 83 of them
        in 0.9 seconds instead of 5.0.
        """
        theme, book, first = self.theme, self._workbook, gptable.data_range[0]
        level_of = {column: level for level, column in gptable.index_columns.items()}
        extra = {item["column"]["columns"][0]: item["column"]["format"] for item in gptable.additional_formatting}
        headings = []
        for place, name in enumerate(gptable.table.columns):
            cells = gptable.table.iloc[:, place].tolist()
            if place in level_of:
                style = {**getattr(theme, f"index_{level_of[place]}_format"), "align": "left"}
            else:
                is_number = all(not isinstance(cell, str) or _SYMBOL.fullmatch(cell) for cell in cells)
                style = {**theme.data_format, **extra.get(place, {}), "align": "right" if is_number else "left"}
            heading = {**theme.column_heading_format, "align": style["align"]}
            headings.append({"header": name, "header_format": book.add_format(heading)})
            self.write_string(first, place, name, book.add_format(heading))
            written = book.add_format(style)
            for row, cell in enumerate(cells, start=first + 1):
                if isinstance(cell, str):
                    self.write_string(row, place, self.texts.read(cell), written)
                elif isinstance(cell, float | int):
                    self.write_number(row, place, cell, written)
                else:
                    self._smart_write(row, place, cell, style)
        self.add_table(
            *gptable.data_range,
            {"autofilter": False, "columns": headings, "style": None, "name": gptable.table_name},
        )
        return [first + 1 + len(gptable.table), 0]


class _TextBook(GPWorkbook):
    """A workbook of such sheets."""

    def __init__(self, path: Path, texts: _Texts) -> None:
        super().__init__(str(path), options=dict(_OPTIONS))
        self._texts = texts

    def add_worksheet(self, name: str | None = None, gridlines: str = "hide_all") -> _TextSheet:
        sheet = Workbook.add_worksheet(self, name, _TextSheet)
        sheet.theme, sheet._workbook, sheet.texts = self.theme, self, self._texts
        sheet.hide_gridlines({"show_all": 0, "hide_printed": 1, "hide_all": 2}[gridlines])
        return sheet  # type: ignore[no-any-return]


@dataclass
class _Sheet:
    """One table: its title, the columns that say what a row is, the columns of numbers (name, decimals), the rows.

    A row is the texts of the first columns and the cells of the second, as `cells_of` writes them. `notes` are notes of
    whole columns, `row_notes` notes of a row: the number of its row and of the text they stand behind.
    """

    title: str
    texts: tuple[str, ...]
    numbers: tuple[tuple[str, int], ...]
    rows: list[tuple[tuple[str, ...], tuple[str, ...]]]
    notes: Mapping[str, str] = field(default_factory=dict)
    row_notes: Mapping[tuple[int, int], str] = field(default_factory=dict)


def write_workbook(lines: Sequence[Line], labels: Labels, path: Path, licence: Licence | None) -> Path:
    """Write the workbook of all services together, all years side by side, and of every area of the returns.

    Services and groups of children are in the CSV files only. `lines` are those of `read_lines`.
    """
    sheets = _sheets_of(lines, labels)
    texts = _Texts()
    book = _TextBook(path, texts)
    book.set_properties({"title": "Tables of the Insights report", "created": _CREATED})
    tables = {f"Table_{number}": _table(number, sheet, texts) for number, sheet in enumerate(sheets, start=1)}
    cover = _cover(licence)
    sheet = book.add_worksheet(cover.cover_label)
    sheet.write_cover(cover)
    contents = book.make_table_of_contents(tables, column_names=["Sheet", "What it holds"], title="Contents")
    book._update_annotations(tables)
    known = {**_GENERAL_NOTES, **labels.populations}
    notes = pd.DataFrame(
        {"reference": book._annotations, "Note": [texts.place(known.get(name, name)) for name in book._annotations]}
    )
    written = {"Contents": contents} | ({"Notes": book.make_notesheet(notes)} if len(notes) else {}) | tables
    for name, table in written.items():
        sheet = book.add_worksheet(name)
        sheet.write_gptable(table, False, book._annotations)
        shown = sheets[int(name.removeprefix("Table_")) - 1] if name in tables else None
        if shown is None:
            sheet.set_column(0, 0, 15)
            sheet.set_column(1, 1, _COVER_WIDTH)
        else:
            sheet.set_column(0, len(shown.texts) - 1, _TEXT_WIDTH)
            sheet.set_column(len(shown.texts), len(shown.texts) + len(shown.numbers) - 1, _NUMBER_WIDTH)
    book.close()
    return path


def _cover(licence: Licence | None) -> Cover:
    return Cover(
        title="Children harmed by domestic abuse, and children's social care: tables",
        intro=[
            "Counted from the forms of services that support children harmed by domestic abuse, and from the statutory "
            "children's social care returns of local authorities.",
            "Each sheet holds one table. The sheet Contents lists and links them; the sheet Notes holds the notes.",
        ],
        about=[
            "Numbers that could tell of a child are hidden. A hidden number is never shown as 0.",
            _LEGEND,
            "Percentages and rates are rounded half up to one decimal from counts that were not rounded.",
            "Tables of the forms show all services together. Each service, and groups of children by age, gender, "
            "ethnicity and timing of the abuse, are in the CSV files beside this workbook. So are combinations of "
            "answers that nobody gave.",
            f"Licence: {licence.title}, {licence.path}" if licence else NO_LICENCE,
        ],
        width=_COVER_WIDTH,
    )


def _table(number: int, sheet: _Sheet, texts: _Texts) -> GPTable:
    columns: dict[str, list[object]] = {name: [] for name in (*sheet.texts, *(name for name, _ in sheet.numbers))}
    for row, (words_, cells) in enumerate(sheet.rows):
        for place, (column, text) in enumerate(zip(sheet.texts, words_, strict=True)):
            note = sheet.row_notes.get((row, place))
            columns[column].append(texts.place(text) + (f" $${note}$$" if note else ""))
        for (column, decimals), cell in zip(sheet.numbers, cells, strict=True):
            columns[column].append(f"[{cell}]" if cell in SYMBOLS else float(cell) if decimals else int(cell))
    formats = [
        {"column": {"columns": [place], "format": {"num_format": "#,##0" + ("." + "0" * decimals if decimals else "")}}}
        for place, (_, decimals) in enumerate(sheet.numbers, start=len(sheet.texts))
    ]
    return GPTable(
        pd.DataFrame(columns, dtype=object),
        table_name=f"table_{number}",
        title=texts.place(f"Table {number}: {sheet.title}"),
        instructions="This sheet holds one table. Notes are on the sheet Notes.",
        legend=[_LEGEND],
        index_columns=dict(zip((1, 2, 3), range(len(sheet.texts)), strict=False)),
        table_notes={column: f"$${note}$$" for column, note in sheet.notes.items()},
        additional_formatting=formats,
    )


def _sheets_of(lines: Sequence[Line], labels: Labels) -> list[_Sheet]:
    """The tables in the order of the report, then those of the returns, then what stands beside both."""
    whole = [line for line in lines if line.geography_level != "service"]
    report = [line for line in whole if _is_report(line) and line.breakdown == "total"]
    other = [line for line in whole if not _is_report(line) and (line.theme != "insights" or line.breakdown == "total")]
    topics = topic_names(lines)
    by_subsection: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in sorted(report, key=lambda line: line.indicator_order):
        by_subsection[line.section, line.subsection].append(line)
    sheets = [_wide(section, sub, found, topics) for (section, sub), found in by_subsection.items()]
    # Of all combinations there are, most occurred to nobody; the CSV files list those too.
    other = [line for line in other if line.theme != "insights" or line.value != 0]
    by_section: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    order = attrgetter("source", "theme", "indicator_order")
    for line in sorted(other, key=lambda line: (line.source != "indicator_value", order(line))):
        by_section[line.source, line.theme, line.section].append(line)
    return sheets + [_long(key, found, labels, topics) for key, found in by_section.items()]


def _is_report(line: Line) -> bool:
    return line.theme == "insights" and line.source == "indicator_value"


def _wide(
    section: str, subsection: str, lines: Sequence[Line], topics: Mapping[tuple[str, str, str, str], str]
) -> _Sheet:
    """Years side by side, one row for each line of the report."""
    years = sorted({line.period for line in lines}, reverse=True)
    rows: dict[tuple[str, ...], dict[int, Line]] = defaultdict(dict)
    for line in lines:
        rows[line.indicator_id, line.point, *_answer(line), topics[line.topic_key]][line.period] = line
    indicators = _shown(lines, with_changes=False)
    texts, words_ = _text_columns(
        ("Topic", "Answer or line", "Column", "Stage of support"),
        [(key[4], key[2], key[3], words(key[1]) if key[1] else TOTAL) for key in rows],
    )
    cells = [
        tuple(
            cells_of(by_year[year]).get(indicator.name, "z") if year in by_year else "x"
            for year in years
            for indicator in indicators
        )
        for by_year in rows.values()
    ]
    numbers = tuple(
        (f"{_year(year)}: {indicator.label}", indicator.decimals) for year in years for indicator in indicators
    )
    notes = {
        f"{_year(year)}: {indicator.label}": _note_of(indicator.name)
        for year in years
        for indicator in indicators
        if _note_of(indicator.name)
    }
    title = f"{section}: {subsection}" if subsection else section
    populations = [next(iter(by_year.values())).population_id for by_year in rows.values()]
    row_notes = {(row, 0): population for row, population in enumerate(populations) if population}
    return _Sheet(title, texts, numbers, list(zip(words_, cells, strict=True)), notes, row_notes)


def _long(
    key: tuple[str, str, str], lines: Sequence[Line], labels: Labels, topics: Mapping[tuple[str, str, str, str], str]
) -> _Sheet:
    """One row for each figure, with its area and period."""
    source, theme, section = key
    indicators = _shown(lines, with_changes=True)
    ordered = sorted(
        enumerate(lines), key=lambda item: (item[1].indicator_order, item[1].indicator_id, -item[1].period, item[0])
    )
    texts, words_ = _text_columns(
        ("Topic", "Period", "Area", "Group", "Answer or line", "Column", "Stage"),
        [
            (
                topics[line.topic_key],
                line.period_label,
                _area(line, labels),
                group_of(line),
                TOTAL if line.row_label == line.title else _answer(line)[0],
                _answer(line)[1],
                words(line.point) if line.point else TOTAL,
            )
            for _, line in ordered
        ],
    )
    cells = [tuple(cells_of(line).get(indicator.name, "z") for indicator in indicators) for _, line in ordered]
    if source == "indicator_value":
        name = _SECTION_TITLES.get(section, words(section))
    else:
        name = titles.SOURCES.get(source, titles.TOPICS.get(source, words(source)))
    return _Sheet(
        f"{THEME_TITLES.get(theme, words(theme))}: {name[:1].lower()}{name[1:]}",
        texts,
        tuple((indicator.label, indicator.decimals) for indicator in indicators),
        list(zip(words_, cells, strict=True)),
        {indicator.label: _note_of(indicator.name) for indicator in indicators if _note_of(indicator.name)},
        {(row, 0): line.population_id for row, (_, line) in enumerate(ordered) if line.population_id},
    )


def _shown(lines: Sequence[Line], *, with_changes: bool) -> list[Any]:
    """The columns of numbers that any of the figures can fill."""
    applicable = {column for kind in {kind_of(line) for line in lines} for column in applicable_to(kind)}
    return [
        indicator
        for indicator in INDICATORS
        if indicator.name in applicable
        and not indicator.name.startswith("difference")
        and (with_changes or "change" not in indicator.name)
    ]


def _text_columns(
    names: Sequence[str], rows: Sequence[tuple[str, ...]]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The columns that say something: the first, and those that are not Total in every row."""
    kept = [place for place in range(len(names)) if place == 0 or any(row[place] != TOTAL for row in rows)]
    return tuple(names[place] for place in kept), [tuple(row[place] for place in kept) for row in rows]


def _note_of(name: str) -> str:
    return "limits" if name.endswith("_limit") and "change" not in name else "base" if name == "base" else ""


def _answer(line: Line) -> tuple[str, str]:
    label = f"{line.parent_label}: {label_of(line)}" if line.parent_label else label_of(line)
    return label, line.column_label or TOTAL


def _area(line: Line, labels: Labels) -> str:
    if line.geography_level in {"authority", "statistical_neighbours"}:
        name = labels.authorities.get(line.geography_code, ("", line.geography_code))[1]
        return name if line.geography_level == "authority" else f"{name}: statistical neighbours"
    return "England" if line.geography_level == "country" else TOTAL


def _year(period: int) -> str:
    return f"{period - 1}-{period % 100:02d}"
