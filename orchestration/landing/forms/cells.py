"""What is kept of each cell of an export of forms, as SQL: nothing but what the catalogue knows, or a mark.

Of a choice the code of the option stays, of ticks the codes between semicolons or 1 and 0, of a date the day (of a
birth the month), of a number the number within its limits. What is none of these is not kept: `?` says that something
stood there, `?limits` that it was a number outside the limits of the question. How a cell is read is written down in
`dbt_project/macros/reading.sql`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import duckdb

from catalogue import Catalogue, Question
from catalogue.forms import RawColumn
from orchestration.landing.forms.identity import admin_question
from orchestration.landing.forms.tables import raw_table
from orchestration.landing.minimise import sector_sql
from orchestration.landing.reading import reading_macro
from orchestration.warehouse import identifier

#: What stands in the place of an answer, a date or a number that was not understood.
NOT_UNDERSTOOD = "?"
_CHOICES = ("single", "matrix")


@dataclass(frozen=True)
class Dates:
    """How the dates of one file are written: for each of its columns whether the day comes first, and whether its
    spreadsheet counts days from 1904."""

    day_first: Mapping[str, bool]
    from_1904: bool = False


def date_columns(catalogue: Catalogue, form_id: str) -> list[str]:
    """The stored columns of a form that hold a day, a moment or a month."""
    return [
        column.name
        for column in catalogue.raw_columns(form_id)
        if catalogue.questions[column.question_id].answer_type in ("date", "timestamp")
    ]


def cell_sql(catalogue: Catalogue, column: RawColumn, cell: str, dates: Dates, *, plain_only: bool = False) -> str:
    """SQL of what is kept of a cell.

    Parameters:
        column: where it goes; neither an id nor the service.
        cell: VARCHAR expression of what stands in the file.
        plain_only: read only what is spelt as portals spell it, and mark the rest, in a tenth of the SQL.
    """
    if catalogue.questions[column.question_id].answer_type in ("date", "timestamp"):
        is_day_first = dates.day_first.get(column.name, catalogue.is_day_first)
        return _date_sql(
            catalogue, column, cell, is_day_first=is_day_first, from_1904=dates.from_1904, plain_only=plain_only
        )
    return _answer_sql(catalogue, column, cell, plain_only=plain_only)


# Each is a millisecond of work, and of the same cell the same for every file; a form has three hundred.
@lru_cache(maxsize=4096)
def _date_sql(
    catalogue: Catalogue, column: RawColumn, cell: str, *, is_day_first: bool, from_1904: bool, plain_only: bool
) -> str:
    question = catalogue.questions[column.question_id]
    kind = "month" if question.storage == "month" else "day" if question.answer_type == "date" else "moment"
    return reading_macro(f"{kind}_text", cell, is_day_first, from_1904, plain_only)


@lru_cache(maxsize=8192)
def _answer_sql(catalogue: Catalogue, column: RawColumn, cell: str, *, plain_only: bool) -> str:
    question = catalogue.questions[column.question_id]
    spellings = catalogue.spellings(question.question_id)
    if question.storage == "sector":
        return sector_sql(cell)
    if question.answer_type in _CHOICES:
        return reading_macro("choice_code", cell, spellings, plain_only)
    if column.option_code is not None:
        own = [text for text, code in spellings.items() if code == column.option_code]
        return reading_macro("tick_flag", cell, own, plain_only)
    if question.answer_type == "tick_all":
        return reading_macro("plain_tick_codes" if plain_only else "tick_codes", cell, spellings)
    if question.answer_type == "flag":
        return reading_macro("flag_text", cell)
    if question.answer_type == "number":
        return reading_macro("number_text", cell, spellings, question.minimum, question.maximum)
    return reading_macro("choice_code", cell, _known_texts(catalogue, question), plain_only)


def odd_columns(
    con: duckdb.DuckDBPyConnection, catalogue: Catalogue, columns: Sequence[RawColumn], table: str
) -> frozenset[RawColumn]:
    """Those columns of a table of cells in which something is not spelt as portals spell it.

    Parameters:
        columns: neither ids nor the service; the table calls them by their names.
    """
    cells = {
        column: cell_sql(catalogue, column, identifier(column.name), Dates({}), plain_only=True)
        for column in columns
        if has_plain_reading(catalogue, column)
    }
    return marked_columns(con, cells, table)


def has_plain_reading(catalogue: Catalogue, column: RawColumn) -> bool:
    """Whether ``plain_only`` makes any difference to how the cells of a column are read."""
    question = catalogue.questions[column.question_id]
    return column.option_code is not None or not (
        question.answer_type in ("flag", "number") or question.storage == "sector"
    )


def marked_columns(con: duckdb.DuckDBPyConnection, cells: Mapping[RawColumn, str], table: str) -> frozenset[RawColumn]:
    """Those columns of which a cell in the table was not understood.

    Parameters:
        cells: SQL of what is kept of the cells of a column.
    """
    if not cells:
        return frozenset()
    marked = ", ".join(f"bool_or({is_marked_sql(column, cell)})" for column, cell in cells.items())
    (found,) = con.execute(f"select {marked} from {table}").fetchall()
    return frozenset(column for column, is_marked in zip(cells, found, strict=True) if is_marked)


def is_marked_sql(column: RawColumn, kept: str) -> str:
    """SQL of whether something in a cell was not understood, from what is kept of it."""
    # The column of one option holds nothing but the mark, and a form has hundreds of them.
    return f"{kept} = '{NOT_UNDERSTOOD}'" if column.option_code else f"contains({kept}, '{NOT_UNDERSTOOD}')"


def read_in_place(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, form_id: str, load_seq: int) -> None:
    """Read the cells of a load where they lie: what landed by earlier rules, and has no file any more, is kept as
    exactly as what lands now. What was read before stays as it is."""
    own = admin_question(form_id, "service")
    cells = {
        column.name: cell_sql(catalogue, column, identifier(column.name), Dates({}))
        for column in catalogue.raw_columns(form_id)
        if catalogue.questions[column.question_id].storage != "pseudonym" and column.name != own
    }
    con.execute(
        f"update {raw_table(form_id)} set {', '.join(f'{identifier(name)} = {sql}' for name, sql in cells.items())} "
        "where load_seq = ? and not is_erased",
        [load_seq],
    )


def _known_texts(catalogue: Catalogue, question: Question) -> dict[str, str]:
    """What may be kept of a question of text: the name of a version. Any other text is somebody's words."""
    if question.question_code != "form_version":
        return {}
    return {version.form_version: version.form_version for version in catalogue.form_versions(question.form_id)}
