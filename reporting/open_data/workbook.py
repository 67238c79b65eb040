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

from reporting.open_data.ees import SYMBOLS, plain
from reporting.open_data.licence import NO_LICENCE, Licence
from reporting.open_data.lines import Labels, Line
from reporting.open_data.titles import COUNTED_FROM, SUBJECTS, sentence_of
from reporting.open_data.workbook_tables import WorkbookTable, workbook_tables
from reporting.programme import ReleaseProgramme

_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_TEXT_WIDTH, _NUMBER_WIDTH, _COVER_WIDTH, _NAME_WIDTH = 42, 13, 100, 15
_LEGEND = "Symbols: " + "; ".join(f"[{symbol}] {meaning}" for symbol, meaning in SYMBOLS.items()) + "."
_FONT = {"font_name": "Arial", "font_size": 12, "font_color": "automatic"}
_TITLE = {**_FONT, "font_size": 16, "bold": True}
_WRAPPED = {**_FONT, "text_wrap": True}
_LEFT = {**_WRAPPED, "align": "left"}
_RIGHT = {**_WRAPPED, "align": "right"}
_BOLD = {**_LEFT, "bold": True}
_LINK = {**_LEFT, "underline": True, "font_color": "blue"}
_HEADING = {"bold": True, "bottom": 1, "valign": "top"}
_OF_FORMS = (
    "Tables of the forms show all services together. Each service, and groups of children by age, gender, ethnicity "
    "and timing of the abuse, are in the CSV files beside this workbook. So are combinations of answers that nobody "
    "gave."
)
_GENERAL_NOTES = {
    "limits": "95% confidence limits: Wilson score limits of a percentage, Byar's or exact limits of a rate or ratio.",
    "base": "How many the percentage, mean or median is of. It includes those with the answer Don't know or Missing.",
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
    writer.cover(licence, programme)
    writer.contents({name: _numbered(name, table) for name, table in tables.items()})
    if notes:
        writer.notes([plain(known.get(name, name)) for name in notes])
    for name, table in tables.items():
        writer.table(name, table, marks)
    book.close()
    return path


def _title(programme: ReleaseProgramme) -> str:
    return f"{programme.name or sentence_of(SUBJECTS, programme.themes)}: tables"


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

    def cover(self, licence: Licence | None, programme: ReleaseProgramme) -> None:
        """What the tables are of, and what a reader has to know."""
        about = [
            "Numbers that could tell of a child are hidden. A hidden number is never shown as 0.",
            _LEGEND,
            "Percentages and rates are rounded half up to one decimal from counts that were not rounded.",
            *([_OF_FORMS] if programme.has_forms else []),
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

    def table(self, name: str, table: WorkbookTable, marks: Mapping[str, str]) -> None:
        """One table on a sheet of its own; `marks` say which note stands behind a text."""
        sheet = self._sheet(
            name,
            [
                (_numbered(name, table), _TITLE),
                ("This sheet holds one table. Notes are on the sheet Notes.", _FONT),
                (_LEGEND, _FONT),
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
        self._mark_table(sheet, name.lower(), 3, len(table.rows), headings)
        looks = [
            self._format({**_RIGHT, "num_format": "#,##0" + ("." + "0" * decimals if decimals else "")})
            for _, decimals in table.numbers
        ]
        for place, (texts, cells) in enumerate(table.rows):
            row = place + 4
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
