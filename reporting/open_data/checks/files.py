"""A pair of files as the checks see it: cells as they stand in the files, and where something stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from reporting.open_data.ees import META_COLUMNS

# How many rows a message names before it only counts the rest.
_NAMED_ROWS = 3


class Breach(NamedTuple):
    """Where a file breaks a rule, and what to do. `row` 0 means the whole file, `column` empty the whole row."""

    file: str
    row: int
    column: str
    message: str


@dataclass(frozen=True)
class CsvFile:
    """One file read as text: its name, header and rows. Cells are as they stand in the file."""

    file: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]

    @cached_property
    def columns(self) -> Mapping[str, Sequence[str]]:
        """Cells by the name of their column; of columns with the same name the first."""
        cells: Sequence[Sequence[str]] = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.header)
        return dict(reversed(list(zip(self.header, cells, strict=True))))

    @cached_property
    def first_rows(self) -> Mapping[str, Mapping[str, int]]:
        """By column: each different cell and the number of the first row it stands in."""
        last = len(self.rows) + 1
        return {
            name: dict(zip(reversed(cells), range(last, 1, -1), strict=True)) for name, cells in self.columns.items()
        }

    def first_rows_of(self, *columns: str) -> Mapping[tuple[str, ...], int]:
        """Each different combination of cells in some columns, and the number of the first row it stands in."""
        last = len(self.rows) + 1
        cells = [reversed(self.columns[column]) for column in columns]
        return dict(zip(zip(*cells, strict=True), range(last, 1, -1), strict=True))

    def breach(self, row: int, column: str, message: str) -> Breach:
        """A breach in this file. `row` 0 means the whole file, `column` empty means the whole row."""
        return Breach(self.file, row, column, message)

    def wrong_rows(self, columns: Sequence[str], is_wrong: Callable[[tuple[str, ...]], bool]) -> list[int]:
        """Rows whose cells in some columns are wrong together."""
        wrong = {cells for cells in self.first_rows_of(*columns) if is_wrong(cells)}
        if not wrong:
            return []
        rows = zip(*(self.columns[column] for column in columns), strict=True)
        return [row for row, cells in enumerate(rows, start=2) if cells in wrong]

    def wrong_cells(self, columns: Iterable[str], is_wrong: Callable[[str], bool], advice: str) -> Iterator[Breach]:
        """A breach for each of the columns that has wrong cells: at the first of them, with where the others are."""
        for column in columns:
            wrong = {cell for cell in self.first_rows[column] if is_wrong(cell)}
            if wrong:
                rows = [row for row, cell in enumerate(self.columns[column], start=2) if cell in wrong]
                yield self.breach(rows[0], column, f"{advice}{also(rows)}")


@dataclass(frozen=True)
class MetaRow:
    """One row of a meta file; every column is text, empty where the file lacks it."""

    row: int
    col_name: str
    col_type: str
    label: str
    indicator_grouping: str
    indicator_unit: str
    indicator_dp: str
    filter_hint: str
    filter_grouping_column: str
    filter_default: str

    @property
    def decimals(self) -> int | None:
        """How many decimals its indicator is shown with; None where that is no number of them."""
        return int(self.indicator_dp) if re.fullmatch("[0-9]{1,2}", self.indicator_dp) else None


@dataclass(frozen=True)
class FilePair:
    """A data file and its meta file, both read."""

    data: CsvFile
    meta: CsvFile

    @cached_property
    def described(self) -> list[MetaRow]:
        """The rows of the meta file by the names of its columns."""
        place = {name: self.meta.header.index(name) for name in META_COLUMNS if name in self.meta.header}
        return [
            MetaRow(row, **{name: cells[place[name]] if name in place else "" for name in META_COLUMNS})
            for row, cells in enumerate(self.meta.rows, start=2)
        ]

    @cached_property
    def filters(self) -> list[MetaRow]:
        """Rows of the meta file that describe a filter which the data file has."""
        return [row for row in self.described if row.col_type == "Filter" and row.col_name in self.data.columns]

    @cached_property
    def indicators(self) -> list[MetaRow]:
        """Rows of the meta file that describe an indicator which the data file has."""
        return [row for row in self.described if row.col_type == "Indicator" and row.col_name in self.data.columns]

    @cached_property
    def item_columns(self) -> list[str]:
        """Filters and the columns that group them, each once."""
        groups = [row.filter_grouping_column for row in self.filters]
        names = [row.col_name for row in self.filters] + [name for name in groups if name in self.data.columns]
        return list(dict.fromkeys(names))


def also(rows: Sequence[int]) -> str:
    """In words, where else something stands than in the first of these rows; empty where nowhere."""
    others = list(rows[1 : _NAMED_ROWS + 1])
    if not others:
        return ""
    listed = ", ".join(str(row) for row in others)
    rest = len(rows) - 1 - len(others)
    return f" Also in row {listed}" + (f" and {rest:,} more." if rest else ".")
