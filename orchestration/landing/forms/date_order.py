"""Which comes first in the dates of a file that are written with numbers only, the day or the month.

Each column shows it by itself: a cell such as 14/6/2023 can only have the day first, 6/14/2023 only the month. A column
that shows both is of two minds, and its file is refused. One that shows neither goes with the other columns of the file
where they agree (one program wrote them all), else by the programme's setting; either is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from catalogue import Catalogue
from orchestration.landing.forms.load_notes import DATES, LoadNote
from orchestration.landing.forms.recognise import FormExport
from orchestration.landing.reading import reading_macro
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.tabular.working_copy import WorkingCopy


@dataclass(frozen=True)
class _Shown:
    """What the numbered dates of a column show: how many mean another day in another order, how many can only have the
    day or the month first, and the first record with each."""

    written: int
    days: int
    months: int
    first_day: int | None
    first_month: int | None

    @property
    def day_first(self) -> bool | None:
        """None where the column does not show it."""
        return None if bool(self.days) == bool(self.months) else bool(self.days)


@dataclass(frozen=True)
class DateOrder:
    """Whether the day comes first in each column of dates, and what to say of those where that was not a matter of
    course. ``is_shown`` is False where a further record might show something else."""

    day_first: dict[str, bool]
    notes: tuple[LoadNote, ...]
    is_shown: bool


def date_order(
    con: duckdb.DuckDBPyConnection, export: FormExport, columns: Sequence[str], records: int | None = None
) -> DateOrder:
    """The order of day and month in the date columns of an export, from its first `records` or from all.

    Raises FileRefusedError: a column has dates that can only have the day first and such that can only have the month.
    """
    place_of = export.header.place_of()
    present = [column for column in columns if column in place_of]
    if not present:
        return DateOrder({}, (), is_shown=True)
    shown = _what_columns_show(con, export.copy, {column: place_of[column] for column in present}, records)
    names = {column: export.catalogue.questions[column].question_code for column in present}
    for column, found in shown.items():
        if found.days and found.months:
            raise FileRefusedError(
                f"The dates of the column `{names[column]}` are written in two orders: {found.days:,} can only have "
                f"the day first (the first in row {found.first_day:,}), {found.months:,} only the month (the first in "
                f"row {found.first_month:,}), so what the others mean cannot be told. Export it again with dates in "
                "one order, best with the year first."
            )
    return _decided(export.catalogue, names, shown)


def _decided(catalogue: Catalogue, names: dict[str, str], shown: dict[str, _Shown]) -> DateOrder:
    orders = {found.day_first for found in shown.values()} - {None}
    # Two orders in one file are two programs or hands; then a column that shows nothing may be of either.
    is_shown = len(orders) == 1
    usual = orders.pop() if is_shown else catalogue.is_day_first
    day_first = {column: bool(usual if found.day_first is None else found.day_first) for column, found in shown.items()}
    months = [names[column] for column, found in shown.items() if found.day_first is False]
    unsure = [names[column] for column, found in shown.items() if found.written and found.day_first is None]
    notes = []
    if months:
        sentence = f"Dates of {_listed(months)} are written with the month first, as they themselves show."
        # Of a programme whose portals write so it is a matter of course.
        said = f"{_listed(months)} written with the month first, as the dates show" if catalogue.is_day_first else None
        notes.append(LoadNote(DATES, sentence, said))
    if unsure:
        by = "as in the other dates of the file" if is_shown else "as the programme says"
        first = "day" if usual else "month"
        sentence = (
            f"Dates of {_listed(unsure)} do not show whether day or month comes first (none has a number above 12 in "
            f"one place only): they are read with the {first} first, {by}."
        )
        said = None if is_shown else f"{_listed(unsure)} do not show it, read with the {first} first, {by}"
        notes.append(LoadNote(DATES, sentence, said))
    return DateOrder(day_first, tuple(notes), is_shown=not unsure)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _what_columns_show(
    con: duckdb.DuckDBPyConnection, copy: WorkingCopy, cells: dict[str, str], records: int | None
) -> dict[str, _Shown]:
    numbered = reading_macro("numbered_day")
    outputs = []
    for cell in cells.values():
        text = reading_macro("date_text", cell)
        is_written = f"regexp_matches({text}, '{numbered}(?:[^0-9:]|$)')"
        # What is no date in either order, such as 31/02/2023, shows none.
        outputs += [
            f"case when {is_written} then {reading_macro('written_day', text, first)} end" for first in (True, False)
        ]
    limit = f" limit {records}" if records is not None else ""
    columns = ", ".join(f"day_{number}, month_{number}" for number, _ in enumerate(cells))
    counted = ", ".join(
        f"count(*) filter (where day_{number} <> month_{number}), "
        f"count(*) filter (where day_{number} is not null and month_{number} is null), "
        f"count(*) filter (where month_{number} is not null and day_{number} is null), "
        f"min(record_no) filter (where day_{number} is not null and month_{number} is null), "
        f"min(record_no) filter (where month_{number} is not null and day_{number} is null)"
        for number, _ in enumerate(cells)
    )
    (row,) = con.execute(
        f"select {counted} from "
        f"(select cast(record_no as bigint), {', '.join(outputs)} from {copy.table_sql()}{limit}) "
        f"as written(record_no, {columns})"
    ).fetchall()
    return {column: _Shown(*row[5 * number : 5 * number + 5]) for number, column in enumerate(cells)}
