"""Writes the tables of the report as one workbook for people: cover, contents, notes, then a table on each sheet.

Form: Government Analysis Function, "Releasing statistics in spreadsheets". Every label is written as a string, never as
a formula or a link. Nothing in the file depends on when it was made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from reporting.open_data.ees import SYMBOLS, legend, plain
from reporting.open_data.licence import NO_LICENCE, Licence
from reporting.open_data.lines import Labels, Line
from reporting.open_data.titles import COUNTED_FROM, SUBJECTS, sentence_of, words
from reporting.open_data.workbook_tables import WorkbookTable, workbook_tables
from reporting.programme import ReleaseProgramme
from reporting.protection import how_protected

_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_TEXT_WIDTH, _NUMBER_WIDTH, _COVER_WIDTH, _NAME_WIDTH = 42, 13, 100, 15
_MARK = "[{}]"
_FONT = {"font_name": "Arial", "font_size": 12, "font_color": "automatic"}
_TITLE = {**_FONT, "font_size": 16, "bold": True}
_WRAPPED = {**_FONT, "text_wrap": True}
_LEFT = {**_WRAPPED, "align": "left"}
_RIGHT = {**_WRAPPED, "align": "right"}
_BOLD = {**_LEFT, "bold": True}
_LINK = {**_LEFT, "underline": True, "font_color": "blue"}
_HEADING = {"bold": True, "bottom": 1, "valign": "top"}
_IN_FILES = "in the CSV files beside this workbook"
_GENERAL_NOTES = {
    "limits": "95% confidence limits: Wilson score limits of a percentage, Byar's or exact limits of a rate or ratio.",
    "base": "How many the percentage, mean or median is of. It includes those with the answer Don't know or Missing.",
    "average": "Mean or median of the numbers as they were given, not of rounded ones.",
    "rate": "The printed number over a population that is known and is not rounded.",
}


def write_workbook(
    lines: Sequence[Line], labels: Labels, path: Path, licence: Licence | None, programme: ReleaseProgramme
) -> Path:
    """Write the workbook of all services together, all years side by side, and of every area of the returns.

    Services and groups of children are in the CSV files only.
    """
    tables = {f"Table_{number}": table for number, table in enumerate(workbook_tables(lines, labels), start=1)}
    notes = list(dict.fromkeys(name for table in tables.values() for name in table.note_names()))
    known = {**_GENERAL_NOTES, **labels.populations}
    marks = {name: f"[note {number}]" for number, name in enumerate(notes, start=1)}
    book = Workbook(str(path), {"in_memory": True})
    book.set_properties({"title": _title(programme), "created": _CREATED})
    writer = _Writer(book)
    cells = [cell for table in tables.values() for _, numbers in table.rows for cell in numbers]
    method = " ".join(how_protected(labels.protected))
    writer.cover(licence, programme, [method, legend(cells, _MARK), *_beside(lines)])
    writer.contents({name: _numbered(name, table) for name, table in tables.items()})
    if notes:
        writer.notes([plain(known.get(name, name)) for name in notes])
    for name, table in tables.items():
        writer.table(name, table, marks, method)
    book.close()
    return path


def _title(programme: ReleaseProgramme) -> str:
    return f"{programme.name or sentence_of(SUBJECTS, programme.themes)}: tables"


def _beside(lines: Sequence[Line]) -> list[str]:
    """What of the forms is in the files and not in the workbook: nothing is named that is not there."""
    forms = [line.figure for line in lines if line.figure.theme == "insights"]
    groups = sorted({words(one.breakdown).lower() for one in forms if one.breakdown != "total"})
    found = []
    if any(one.geography_level == "service" for one in forms):
        found.append(f"Tables of the forms show all services together. Each service is {_IN_FILES}.")
    if groups:
        found.append(f"Groups of children ({', '.join(groups)}) are {_IN_FILES}.")
    if any(one.source != "indicator_value" and one.value == 0 for one in forms):
        found.append(f"Combinations of answers that nobody gave are {_IN_FILES}.")
    return found


def _numbered(name: str, table: WorkbookTable) -> str:
    return plain(f"{name.replace('_', ' ')}: {table.title}")


class _Writer:
    """Writes the sheets of a workbook, one after the other."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def _format(self, properties: Mapping[str, object]) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(properties))
        return self._formats[key]

    def _sheet(self, name: str, texts: Sequence[tuple[str, Mapping[str, object]]]) -> Worksheet:
        """A new sheet that begins with these texts and their looks, one a row."""
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        for row, (text, look) in enumerate(texts):
            sheet.write_string(row, 0, text, self._format(look))
        return sheet

    def _mark_table(
        self, sheet: Worksheet, name: str, first: int, rows: int, headings: Sequence[tuple[str, str]]
    ) -> None:
        """Headings (text and alignment) in row `first`, and the table that they make with the rows below them."""
        columns = [
            {"header": text, "header_format": self._format({**_WRAPPED, **_HEADING, "align": align})}
            for text, align in headings
        ]
        sheet.add_table(
            *(first, 0, first + rows, len(columns) - 1),
            {"autofilter": False, "columns": columns, "style": None, "name": name},
        )

    def cover(self, licence: Licence | None, programme: ReleaseProgramme, told: Sequence[str]) -> None:
        """What the tables are of, and what a reader has to know."""
        about = [
            *(text for text in told if text),
            "A number that is hidden is never shown as 0.",
            "Percentages and rates are of the counts as they are printed, and rounded half up to one decimal.",
            f"Licence: {licence.title}, {licence.path}" if licence else NO_LICENCE,
        ]
        intro = [
            f"Counted from {', and from '.join(COUNTED_FROM[theme] for theme in programme.themes)}.",
            *(f"{label}: {value}" for label, value in programme.facts),
            "Each sheet holds one table. The sheet Contents lists and links them; the sheet Notes holds the notes.",
        ]
        part = {**_WRAPPED, "font_size": 14, "bold": True}
        sheet = self._sheet(
            "Cover",
            [
                (_title(programme), {**_WRAPPED, "font_size": 16, "bold": True}),
                ("Introductory information", part),
                *((text, _WRAPPED) for text in intro),
                ("About these data", part),
                *((text, _WRAPPED) for text in about),
            ],
        )
        sheet.set_column(0, 0, _COVER_WIDTH)

    def _list(self, name: str, table: str, headings: tuple[tuple[str, str], tuple[str, str]], rows: int) -> Worksheet:
        """A sheet of two columns, a short one and a wide one, whose rows begin in the fourth line."""
        sheet = self._sheet(name, [(name, _TITLE), ("This worksheet contains one table.", _FONT)])
        sheet.set_column(0, 0, _NAME_WIDTH)
        sheet.set_column(1, 1, _COVER_WIDTH)
        self._mark_table(sheet, table, 2, rows, headings)
        return sheet

    def contents(self, titles: Mapping[str, str]) -> None:
        """The name of every sheet with a table, as a link, and what it holds."""
        headings = (("Sheet", "left"), ("What it holds", "left"))
        sheet = self._list("Contents", "contents_table", headings, len(titles))
        for row, (name, title) in enumerate(titles.items(), start=3):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", self._format(_LINK), name)
            sheet.write_string(row, 1, title, self._format(_LEFT))

    def notes(self, texts: Sequence[str]) -> None:
        """The notes by number."""
        sheet = self._list("Notes", "notes_table", (("Note number", "right"), ("Note", "left")), len(texts))
        for number, text in enumerate(texts, start=1):
            sheet.write_number(number + 2, 0, number, self._format(_RIGHT))
            sheet.write_string(number + 2, 1, text, self._format(_LEFT))

    def table(self, name: str, table: WorkbookTable, marks: Mapping[str, str], method: str) -> None:
        """One table on a sheet of its own; `marks` say which note stands behind a text."""
        sheet = self._sheet(
            name,
            [
                (_numbered(name, table), _TITLE),
                ("This sheet holds one table. Notes are on the sheet Notes.", _FONT),
                (legend((cell for _, cells in table.rows for cell in cells), _MARK), _FONT),
                *([(method, _FONT)] if method else []),
            ],
        )
        width = len(table.texts)
        headings = [
            *((text, "left") for text in table.texts),
            *(
                (f"{text}\n{marks[table.notes[text]]}" if text in table.notes else text, "right")
                for text, _ in table.numbers
            ),
        ]
        first = 4 if method else 3
        self._mark_table(sheet, name.lower(), first, len(table.rows), headings)
        looks = [
            self._format({**_RIGHT, "num_format": "#,##0" + ("." + "0" * decimals if decimals else "")})
            for _, decimals in table.numbers
        ]
        for place, (texts, cells) in enumerate(table.rows):
            row = place + first + 1
            for column, text in enumerate(texts):
                note = table.row_notes.get(place) if column == 0 else None
                written = f"{plain(text)} {marks[note]}" if note else plain(text)
                sheet.write_string(row, column, written, self._format(_LEFT if column else _BOLD))
            for column, (cell, look) in enumerate(zip(cells, looks, strict=True), start=width):
                if cell in SYMBOLS:
                    sheet.write_string(row, column, f"[{cell}]", look)
                else:
                    sheet.write_number(row, column, float(cell), look)
        sheet.set_column(0, width - 1, _TEXT_WIDTH)
        sheet.set_column(width, width + len(table.numbers) - 1, _NUMBER_WIDTH)
