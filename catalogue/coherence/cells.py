"""What a cell of a programme may hold by what its column is, whichever table it stands in."""

from __future__ import annotations

from catalogue.coherence.held import NAME, listed, wrong
from catalogue.errors import shown
from catalogue.files import unprintable
from catalogue.folding import fold
from catalogue.merge import Row, Tables

# Lists between semicolons; they are compared as they stand, so nothing may stand around a part.
_LISTS = frozenset({"option_codes", "parent_option_codes", "derived_from"})
# What the engine's or a programme's other rows refer to a new row by.
_NAMES = {
    "section": ("section_id", "section_code"),
    "question": ("question_code",),
    "option": ("option_set",),
    "report_table": ("table_id",),
    "population": ("population_id",),
    "column_set": ("column_set",),
    "co_occurrence_set": ("set_id",),
    "header_convention": ("convention_id",),
}
_READ = ("label", "title", "wording", "header", "section", "subsection", "option_group")
_COUNTED_FROM_ONE = ("_order", "_no")
_MOST_DECIMALS = 4


def check_cells(tables: Tables) -> None:
    """Hold every cell that a programme wrote. Raises ProgrammeError: the first that is wrong, with file and line."""
    for table, rows in tables.items():
        for row in rows:
            if row.place.line is not None:
                for column, cell in row.cells.items():
                    if cell:
                        _check(row, column, cell)
                for column in _NAMES.get(table, ()):
                    if row.cells[column] and not NAME.fullmatch(row.cells[column]):
                        raise wrong(row, f"`{column}` has to be small letters, digits and _, beginning with a letter")


def _check(row: Row, column: str, cell: str) -> None:
    character = unprintable(cell)
    if character is not None:
        raise wrong(
            row,
            f"`{column}` holds {character}, which nobody can read or type. A cell is one line of plain text",
        )
    if column.endswith(_READ) and not fold(cell):
        raise wrong(row, f"`{column}` holds nothing that can be read")
    if column.endswith(_COUNTED_FROM_ONE) and cell.lstrip("-").isdigit() and int(cell) < 1:
        raise wrong(row, f"`{column}` counts from 1")
    if column == "decimals" and not 0 <= int(cell) <= _MOST_DECIMALS:
        raise wrong(row, f"`decimals` has to be from 0 to {_MOST_DECIMALS}")
    if column in _LISTS:
        parts = listed(cell)
        if any(not part or part != part.strip() for part in parts):
            raise wrong(row, f"`{column}` has a `;` or a blank too many; between two names stands one `;` and no blank")
        twice = next((part for part in parts if parts.count(part) > 1), None)
        if twice is not None:
            raise wrong(row, f"`{column}` names `{shown(twice)}` twice")
