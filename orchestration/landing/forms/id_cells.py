"""The ids of one file: what only a whole column tells of them, and what is said of those that are none.

A tool that takes a column with blanks for numbers writes 123.0 in the place of 123, in every cell. A spreadsheet keeps
15 digits of a number and writes zeros for the rest, in every cell that has more. Neither can be told from one id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from orchestration.landing.forms.identity import made, written_sql
from orchestration.landing.forms.load_notes import IDS, LoadNote
from orchestration.landing.pseudonym import is_damaged_sql
from orchestration.landing.tabular.working_copy import WorkingCopy
from orchestration.progress import many
from orchestration.warehouse import identifier

# So many records tell whether the whole column has to be looked at.
_PROBE = 1000
_FRACTION = "[0-9]+[.]0"
_LONG, _LONG_ROUND = "[0-9]{16,}", "[0-9]{15,}0"
# Five ids drawn at random end in zero once in a hundred thousand times.
_FEWEST_LONG = 5
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATE = (
    f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?: 00:00:00)?|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}}"
    f"|[0-9]{{1,2}}[- ]{_MONTH}(?:[- ][0-9]{{2,4}})?|{_MONTH}[- ][0-9]{{2,4}}"
)

_SAID = {"damaged": "damaged ids", "placeholder": "a word or a mark for an id", "date": "dates for ids"}


@dataclass(frozen=True)
class IdCell:
    """A column of ids of one file. VARCHAR expressions over its working copy: the cell as it is to be cleaned, whether
    another id stood there once. ``has_dates``: some cells are dates, as a spreadsheet makes of ids such as 3-1."""

    text: str
    is_damaged: str
    has_dates: bool = False


def id_cells(
    con: duckdb.DuckDBPyConnection, copy: WorkingCopy, cells: Mapping[str, str], placeholders: Collection[str]
) -> dict[str, IdCell]:
    """How the cells of some columns of ids are read: name -> column of the working copy, both ways."""
    if not cells:
        return {}
    columns = ", ".join(dict.fromkeys(cells.values()))
    probed = _facts(con, f"(select {columns} from {copy.table_sql()} limit {_PROBE})", cells, placeholders)
    if any(facts.is_suspicious for facts in probed.values()):
        probed = _facts(con, copy.table_sql(), cells, placeholders)
    return {name: probed[name].cell(place) for name, place in cells.items()}


@dataclass(frozen=True)
class _Facts:
    """Of a column: cells that are filled and whole, those that end in .0; ids of 16 digits or more, and those of them
    that end in zero; dates."""

    filled: int
    fractions: int
    long: int
    long_round: int
    dates: int

    @property
    def is_suspicious(self) -> bool:
        return self.filled == self.fractions or 0 < self.long == self.long_round or self.dates > 0

    def cell(self, place: str) -> IdCell:
        damaged = is_damaged_sql(place)
        if self.long == self.long_round >= _FEWEST_LONG:
            is_long = f"coalesce(regexp_full_match(trim({place}), '{_LONG}'), false)"
            return IdCell(f"case when not {is_long} then {place} end", f"({damaged} or {is_long})", self.dates > 0)
        if self.filled == self.fractions > 0:
            return IdCell(f"regexp_replace(trim({place}), '^([0-9]+)[.]0$', '\\1')", damaged)
        return IdCell(place, damaged, self.dates > 0)


def _facts(
    con: duckdb.DuckDBPyConnection, table: str, cells: Mapping[str, str], placeholders: Collection[str]
) -> dict[str, _Facts]:
    counts = []
    for name, place in cells.items():
        cell = f"trim({place})"
        counts += [
            f"count(*) filter ({cell} <> '' and not {is_damaged_sql(place)} and not {_is_placeholder(name)})",
            f"count(*) filter (regexp_full_match({cell}, '{_FRACTION}'))",
            f"count(distinct {cell}) filter (regexp_full_match({cell}, '{_LONG}'))",
            f"count(distinct {cell}) filter (regexp_full_match({cell}, '{_LONG_ROUND}'))",
            f"count(*) filter (regexp_full_match({cell}, '{_DATE}'))",
        ]
    (found,) = con.execute(f"select {', '.join(counts)} from ({written_sql(table, cells, placeholders)})").fetchall()
    return {name: _Facts(*found[5 * number : 5 * number + 5]) for number, name in enumerate(cells)}


def id_notes(
    con: duckdb.DuckDBPyConnection,
    copy: WorkingCopy,
    ids: Mapping[str, IdCell],
    placeholders: Collection[str],
    arrived: str,
) -> list[LoadNote]:
    """What the operator reads of cells that hold no id, or perhaps none.

    Parameters:
        ids: by raw column, such as `intake_admin_client_id`.
        arrived: FROM clause of the rows that have landed of this copy.
    """
    if not ids:
        return []
    lacking = " or ".join(f"{identifier(name)} is null" for name in ids)
    is_lacking = con.execute(f"select 1 from {arrived} where not is_erased and ({lacking}) limit 1").fetchone()
    # The file is read once more only where an id is missing; a date is used as an id, so it may stand in any record.
    if is_lacking is None and not any(cell.has_dates for cell in ids.values()):
        return []
    damaged = {name: cell.is_damaged for name, cell in ids.items()}
    words = {name: _is_placeholder(name) for name in ids}
    dates = {name: f"coalesce(regexp_full_match(trim({cell.text}), '{_DATE}'), false)" for name, cell in ids.items()}
    # To clean all ids again takes as long as to land them.
    rows = f"select source_row from {arrived} where {lacking}"
    records = f"(from {copy.table_sql()} where cast(record_no as bigint) in ({rows}))"
    written = written_sql(records, {name: cell.text for name, cell in ids.items()}, placeholders)
    found = _counted(con, written, damaged, words) + _counted(con, f"from {copy.table_sql()}", dates)
    notes = []
    for place, kind in enumerate(_SAID):
        forms, *each = found[(len(ids) + 1) * place : (len(ids) + 1) * (place + 1)]
        which = ", ".join(f"{_in_words(name)} {count:,}" for name, count in zip(ids, each, strict=True) if count)
        if forms:
            said = f"{_SAID[kind]} in {many(forms, 'form')} ({which})"
            notes.append(LoadNote(IDS, _sentence(kind, int(forms), which), said))
    return notes


def _counted(con: duckdb.DuckDBPyConnection, table: str, *conditions: Mapping[str, str]) -> tuple[int, ...]:
    """For each set of conditions how many rows hold any of them, and each of them."""
    counts = [
        f"count(*) filter ({condition})"
        for by_column in conditions
        for condition in [" or ".join(by_column.values()), *by_column.values()]
    ]
    (found,) = con.execute(f"select {', '.join(counts)} from ({table})").fetchall()
    return tuple(found)


def _is_placeholder(name: str) -> str:
    """SQL of whether something stands there that is no id, of what `written_sql` makes."""
    return f"({made(name, 'clean')} is not null and {made(name, 'written')} is null)"


def _in_words(name: str) -> str:
    """A raw column of administration, such as `intake_admin_client_id`, as it is spoken of."""
    return name.partition("_admin_")[2].replace("_", " ")


def _sentence(kind: str, forms: int, which: str) -> str:
    has = f"{many(forms, 'form')} {'have' if forms != 1 else 'has'}"
    if kind == "damaged":
        return (
            f"{has} something in the place of an id that a spreadsheet has put there ({which}): a number in powers of "
            "ten, zeros for the last of many digits, or an error. Which of several ids it was cannot be told: it "
            "counts as no id. Export the file again and do not save it from a spreadsheet."
        )
    if kind == "placeholder":
        return (
            f"{has} a word or a mark in the place of an id, such as N/A, unknown or 0 ({which}): it counts as no id. "
            "Ask the service for the ids that are missing; where such a word is one, take it out of the programme's "
            "list (id_placeholder)."
        )
    return (
        f"{has} a date in the place of an id ({which}), which may be what a spreadsheet has made of it: it is used as "
        "it stands. Ask the service whether its ids look like that."
    )
