"""Which column of an Annex A list is which field: by the heading of the guidance, else by pattern and by what it holds.

A heading that only resembles one may belong to something else: the start date of a legal status, or whether a child was
seen. A column known by a pattern therefore has to hold at least one cell that its field can take. Where two columns may
be a field, and differ, neither is it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from catalogue.folding import fold
from catalogue.returns import ReturnCatalogue, ReturnField
from orchestration.landing.tabular.workbook import cell_text

#: As many rows below the headings are looked at, to see what a column holds.
SAMPLE_ROWS = 1000
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{8}$"
    r"|\d{1,2}(st|nd|rd|th)?[-/. ]+(\d{1,2}|[a-z]{3,9})[-/. ,]+\d{2,4}"
    r"|[a-z]{3,9}[., ]+\d{1,2}(st|nd|rd|th)?[, ]+\d{4}"
)
# Days of 1954 to 2119 as a spreadsheet counts them.
_SERIAL = range(20_000, 80_001)
_FLAG = re.compile(r"(?:[(]?[a-z0-9]{1,2}[)]|[0-9] ?[-:])? ?(?:y|n|(?:yes|no|true|false)\b.*)")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


@dataclass(frozen=True)
class Columns:
    """Column of every field that has one (numbers from 0), of every heading that is none, and what is in doubt.

    ``doubts`` are clauses without values of a row: columns by letter, fields by the heading of the guidance.
    """

    places: dict[str, int]
    unknown: tuple[int, ...]
    doubts: tuple[str, ...]
    ambiguous: frozenset[str]


def find_columns(
    returns: ReturnCatalogue, record_id: str, headings: Sequence[Any], rows: Sequence[Sequence[Any]]
) -> Columns:
    """The columns of a list by its row of headings and the rows below it."""
    texts = {place: text for place, cell in enumerate(headings) if (text := fold(cell_text(cell)))}
    named = {place: _words(text) for place, text in texts.items()}
    patterns: dict[str, list[re.Pattern[str]]] = {}
    for heading in returns.headings:
        if heading.record_id == record_id:
            patterns.setdefault(heading.field_id, []).append(re.compile(heading.pattern))
    columns = _Columns(rows)
    stored = returns.stored(record_id)
    for field in stored:
        name = _words(str(field.source_name))
        columns.look_for(field, [place for place, text in named.items() if text == name], is_certain=True)
    # All of a heading, then a part of it.
    for match in (re.Pattern.fullmatch, re.Pattern.search):
        for field in stored:
            known = patterns.get(field.field_id, ())
            found = [place for place, text in texts.items() if any(match(one, text) for one in known)]
            columns.look_for(field, found, is_certain=False)
    unknown = tuple(sorted(set(texts) - set(columns.places.values())))
    return Columns(columns.places, unknown, tuple(columns.doubts), frozenset(columns.ambiguous))


def _words(text: str) -> str:
    """A heading without its punctuation and what stands in brackets."""
    return " ".join(re.sub(r"[^\w ]", " ", re.sub(r"\(.*?\)", " ", fold(text).replace("'", ""))).split())


class _Columns:
    """Gives columns to fields, the surest first."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self._rows = rows
        self.places: dict[str, int] = {}
        self.doubts: list[str] = []
        self.ambiguous: set[str] = set()

    def look_for(self, field: ReturnField, found: Sequence[int], *, is_certain: bool) -> None:
        """Take one of some columns for a field that has none yet."""
        if field.field_id in self.places or field.field_id in self.ambiguous:
            return
        free = [place for place in found if place not in self.places.values()]
        fitting = [place for place in free if is_certain or self._may_hold(place, field)]
        for place in sorted({*free} - {*fitting}):
            doubt = f"column {column_letter(place)} is headed like “{field.source_name}” but holds nothing of the kind"
            if doubt not in self.doubts:
                self.doubts.append(doubt)
        filled = [place for place in fitting if any(self._cells(place))] or fitting[:1]
        if not filled:
            return
        if any(self._cells(place) != self._cells(filled[0]) for place in filled[1:]):
            self.ambiguous.add(field.field_id)
            letters = " and ".join(map(column_letter, filled))
            self.doubts.append(f"columns {letters} may both be “{field.source_name}”, so neither is read")
            return
        self.places[field.field_id] = filled[0]

    def _cells(self, place: int) -> list[str]:
        return [cell_text(row[place]).strip() if place < len(row) else "" for row in self._rows]

    def _may_hold(self, place: int, field: ReturnField) -> bool:
        """Whether a column is blank, or holds a cell that the field can take."""
        cells = [row[place] for row in self._rows if place < len(row) and cell_text(row[place]).strip()]
        return not cells or any(_can_be(field, cell) for cell in cells[:SAMPLE_ROWS])


def _can_be(field: ReturnField, cell: Any) -> bool:
    """Whether a cell is of the kind of a field, roughly: reading it is staging's."""
    if isinstance(cell, date | datetime):
        return field.kind in ("date", "datetime")
    text = fold(cell_text(cell))
    if field.kind in ("date", "datetime"):
        serial = float(text) if _NUMBER.fullmatch(text) else 0
        return int(serial) in _SERIAL or _DATE.match(text) is not None
    if field.kind in ("integer", "number"):
        return _NUMBER.fullmatch(text) is not None
    if _DATE.match(text):
        return False
    is_flag = isinstance(cell, bool) or _FLAG.fullmatch(text) is not None
    return is_flag or text in ("0", "1", "unknown") if field.kind == "flag" else not is_flag


def column_letter(place: int) -> str:
    """The name of a column in a workbook: A, B, … Z, AA, … (places from 0)."""
    letters, left = "", place + 1
    while left:
        left, one = divmod(left - 1, 26)
        letters = chr(ord("A") + one) + letters
    return letters
