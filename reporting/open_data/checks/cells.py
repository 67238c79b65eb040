"""Checks of any cell and any row, whatever stands in the column."""

from __future__ import annotations

from collections.abc import Iterator

from reporting.open_data.checks.areas import PLACE_COLUMNS
from reporting.open_data.checks.files import Breach, FilePair, also
from reporting.open_data.checks.rules import StandardCheck, check
from reporting.open_data.ees import FORMULA_START

CHECKS: list[StandardCheck] = []
# "None" is an answer people give.
NULLS = frozenset({"null", "na", "nan", "#n/a"})


@check(CHECKS, "No cell says NULL, NA or NaN.")
def null_text(pair: FilePair) -> Iterator[Breach]:
    advice = "a program's word for nothing stands there. Write a symbol, a label, or leave it blank."
    for file in (pair.data, pair.meta):
        yield from file.wrong_cells(file.header, lambda cell: cell.lower() in NULLS, advice)


@check(CHECKS, "No cell begins or ends with a space or holds a line break.")
def cell_spaces(pair: FilePair) -> Iterator[Breach]:
    advice = "a space stands at an end of the cell, or a line break in it. Take it away."
    for file in (pair.data, pair.meta):
        yield from file.wrong_cells(file.header, lambda cell: cell != cell.strip() or "\n" in cell, advice)


@check(CHECKS, "No column is blank from end to end, and no row.")
def blank_lines(pair: FilePair) -> Iterator[Breach]:
    for column, cells in pair.data.first_rows.items():
        if not any(cell.strip() for cell in cells):
            yield pair.data.breach(0, column, "every cell is blank. Take the column away.")
    for file in (pair.data, pair.meta):
        rows = [row for row, cells in enumerate(file.rows, start=2) if not any(cells)]
        if rows:
            yield file.breach(rows[0], "", f"every cell is blank. Take the row away.{also(rows)}")


@check(CHECKS, "No two rows have the same period, place and items.")
def duplicate_rows(pair: FilePair) -> Iterator[Breach]:
    columns = [column for column in pair.data.header if column in PLACE_COLUMNS or column in pair.item_columns]
    keys = list(zip(*(pair.data.columns[column] for column in columns), strict=True))
    first: dict[tuple[str, ...], int] = {}
    again = [row for row, key in enumerate(keys, start=2) if first.setdefault(key, row) != row]
    if again:
        advice = "an earlier row has the same period, place and items. Keep one, or add a filter."
        yield pair.data.breach(again[0], "", f"{advice}{also(again)}")


@check(CHECKS, "No label begins with =, +, - or @, which a spreadsheet would run as a formula.")
def formula_text(pair: FilePair) -> Iterator[Breach]:
    advice = "a spreadsheet would take the label for a formula. Put an apostrophe before it."
    numbers = {row.col_name for row in pair.indicators}
    labels = [column for column in pair.data.header if column not in numbers]
    for file, columns in ((pair.data, labels), (pair.meta, pair.meta.header)):
        yield from file.wrong_cells(columns, lambda cell: cell.startswith(FORMULA_START), advice)
