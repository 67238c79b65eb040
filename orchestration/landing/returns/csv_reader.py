"""Returns and extracts in CSV, or saved as a workbook: which one a file is follows from its columns, in any order.

Column names of a format may be said in a message; any other header may be somebody's data and is told by its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

from python_calamine import CalamineError, CalamineWorkbook

from catalogue.folding import fold
from catalogue.returns import CENSUS, ReturnCatalogue
from orchestration.landing.ledger import RejectedLine
from orchestration.landing.limits import MAXIMUM_COLUMNS
from orchestration.landing.pseudonym import is_identifier
from orchestration.landing.refusal import (
    BROKEN_QUOTES,
    TOO_LONG,
    TOO_SHORT,
    UNREADABLE_CHARACTERS,
    FileRefusedError,
    NotUsedError,
)
from orchestration.landing.returns.batches import RecordBatches
from orchestration.landing.returns.delivery import Delivery
from orchestration.landing.returns.reader import Statement
from orchestration.landing.tabular.records import Source, Tally, head_records, split_cells
from orchestration.landing.tabular.source import open_text
from orchestration.landing.tabular.workbook import NO_WORKBOOK, filled_sheets

# A file is taken for a return only when most of its columns are there; fewer are chance.
_LEAST_SHARE = 0.6
_GUARDED = re.compile('^ *="([^"]*)" *$')
# Child and date of birth stand in every table.
_SHARED_BY_ALL = 2


@dataclass(frozen=True)
class Columns:
    """A header row understood. ``places[i]`` is the place of column i in the row of the record, None if not stored."""

    record_id: str
    delimiter: bytes
    places: tuple[int | None, ...]
    never_stored: tuple[str, ...]
    unknown: tuple[int, ...]
    absent: tuple[str, ...]


class CsvReader:
    """A return or an extract in CSV."""

    file_format = "csv"

    def __init__(self, returns: ReturnCatalogue, source: Source, columns: Columns) -> None:
        self._returns = returns
        self._source = source
        self._columns = columns
        self._is_empty = False
        self.return_id = returns.records[columns.record_id].return_id

    @classmethod
    def recognise(cls, returns: ReturnCatalogue, delivery: Delivery, copy: Path) -> Self:
        """Tell by the header row which record the rows are; ``copy`` takes the text of a packed file.

        Raises FileRefusedError: its columns are those of no record, a required one is missing, or one is there twice.
        """
        source = open_text(delivery.unpack_to(copy))
        columns = _find_columns(returns, source, delivery.year)
        if columns is None:
            raise FileRefusedError(
                "Its first line is not the header row of any return or extract. Deliver it with the columns of the "
                "format; forms of the portal belong in the folder insights."
            )
        return cls(returns, source, columns)

    def read(self, writer: RecordBatches) -> None:
        """Hand every record to the writer.

        Raises FileRefusedError: the file is cut off, or a quotation mark may have swallowed records.
        """
        tally = Tally(width=len(self._columns.places))
        rows = _Rows(self._returns, self._columns, writer)
        for batch in self._source.batches(self._columns.delimiter, tally):
            rows.take(batch, tally)
            writer.settle()
        tally.refuse_cut_in_quotes()
        tally.refuse_swallowed(rows.rejected)
        tally.refuse_cut_in_record(last_is_short=rows.last_too_short == tally.records)
        self._is_empty = not rows.found

    def ignored(self) -> str | None:
        """Columns that were not stored: names of the format, and places of those outside it."""
        columns = self._columns
        parts = [f"{name} (never stored)" for name in columns.never_stored]
        if columns.unknown:
            shown = ", ".join(map(str, columns.unknown[:10])) + (" and more" if len(columns.unknown) > 10 else "")
            parts.append(f"column{'s' if len(columns.unknown) > 1 else ''} {shown} not in the format")
        return ", ".join(parts) or None

    def note(self) -> str | None:
        """A sentence on columns of the format that the file lacks, or on records that it lacks altogether."""
        if self._is_empty:
            return "It holds a header row and no records."
        absent = self._columns.absent
        if not absent:
            return None
        several = len(absent) > 1
        return (
            f"The column{'s' if several else ''} {', '.join(absent)} {'are' if several else 'is'} not in the "
            f"file; what {'they' if several else 'it'} would hold counts as missing."
        )

    def statement(self) -> Statement:
        """It is the whole of its one kind of record, and does not say when it was written."""
        return Statement((self._columns.record_id,))


class TableReader(CsvReader):
    """A return or an extract as the one sheet of a workbook."""

    file_format = "xlsx"

    @classmethod
    def of_workbook(cls, returns: ReturnCatalogue, delivery: Delivery, workbook: CalamineWorkbook) -> Self | None:
        """The table of a workbook; None where its one sheet is none, or several hold something.

        Raises FileRefusedError: a required column is missing, one is there twice, or the sheet is damaged.
        """
        try:
            sheets = list(islice(filled_sheets(workbook, is_1904=False), 2))
        except (CalamineError, ValueError):
            raise FileRefusedError(NO_WORKBOOK) from None
        columns = _find_columns(returns, sheets[0], delivery.year) if len(sheets) == 1 else None
        return cls(returns, sheets[0], columns) if columns else None


def _find_columns(returns: ReturnCatalogue, source: Source, year: int | None) -> Columns | None:
    """What the columns of a file are, under the delimiter under which most of them show; None where it is no table."""
    best: tuple[float, bytes, list[str], str] | None = None
    for delimiter in source.delimiters:
        rows = head_records(source, delimiter, count=1)
        header = [fold(cell) for cell in rows[0]] if rows else []
        for record_id in _candidates(returns):
            names = _column_names(returns, record_id, year)
            found = set(header) & set(names)
            share = len(found) / len(names) - 0.01 * len(set(header) - set(names))
            if len(found) >= _LEAST_SHARE * len(names) and (best is None or share > best[0]):
                best = (share, delimiter, header, record_id)
    if best is None:
        _pass_over_unused(returns, source)
        return None
    _, delimiter, header, record_id = best
    return _columns(returns, record_id, delimiter, header, year)


def _pass_over_unused(returns: ReturnCatalogue, source: Source) -> None:
    """Raises NotUsedError where the header row is that of a table of a return that is not used."""
    for delimiter in source.delimiters:
        rows = head_records(source, delimiter, count=1)
        header = {fold(cell) for cell in rows[0]} if rows else set()
        for unused in returns.unused_tables:
            names = {fold(name) for name in unused.columns.split(";")}
            if len(names & header) >= _LEAST_SHARE * len(names) and len(names & header) > _SHARED_BY_ALL:
                raise NotUsedError(
                    f"It is the table {unused.table_label} of the {returns.returns[unused.return_id].return_label}, "
                    "which is not used here. Nothing of it is kept; it can stay where it lies."
                )


def _candidates(returns: ReturnCatalogue) -> list[str]:
    return [
        record.record_id
        for record in returns.records.values()
        if "csv" in returns.returns[record.return_id].formats.split(",") and record.return_id != CENSUS
    ]


def _shown_names(returns: ReturnCatalogue, record_id: str, year: int | None) -> list[tuple[str, str]]:
    """Every name that a column of a record may have, with its field; that of the year first."""
    return [
        (name, one.field_id)
        for one in returns.fields(record_id)
        for name in returns.names(record_id, one.field_id, "csv", year)
    ]


def _column_names(returns: ReturnCatalogue, record_id: str, year: int | None) -> dict[str, str]:
    """Normalised header -> field, for every name a column may have."""
    names: dict[str, str] = {}
    for name, field_id in _shown_names(returns, record_id, year):
        names.setdefault(fold(name), field_id)
    return names


def _columns(
    returns: ReturnCatalogue, record_id: str, delimiter: bytes, header: Sequence[str], year: int | None
) -> Columns:
    label = returns.records[record_id].record_label
    if len(header) > MAXIMUM_COLUMNS:
        raise FileRefusedError(f"It has more than {MAXIMUM_COLUMNS:,} columns.")
    names = _column_names(returns, record_id, year)
    place_of = {one.field_id: place for place, one in enumerate(returns.stored(record_id))}
    label_of = {field_id: name for name, field_id in reversed(_shown_names(returns, record_id, year))}
    places: list[int | None] = []
    unknown: list[int] = []
    seen: set[str] = set()
    never: list[str] = []
    for position, name in enumerate(header, start=1):
        field_id = names.get(name)
        if field_id is None:
            unknown.append(position)
            places.append(None)
            continue
        if field_id in seen:
            raise FileRefusedError(
                f"It has the column {label_of[field_id]} twice, so it cannot be told which one counts. Export it again."
            )
        seen.add(field_id)
        places.append(place_of.get(field_id))
        if field_id not in place_of:
            never.append(label_of[field_id])
    expected = [one for one in returns.fields(record_id) if returns.name(record_id, one.field_id, "csv", year)]
    missing = [one for one in expected if one.field_id not in seen]
    required = [label_of[one.field_id] for one in missing if one.is_required]
    if required:
        several = len(required) > 1
        raise FileRefusedError(
            f"It looks like {label}, but the column{'s' if several else ''} {', '.join(required)} "
            f"{'are' if several else 'is'} missing, and without {'them' if several else 'it'} no record means "
            "anything. Export it again."
        )
    return Columns(
        record_id,
        delimiter,
        tuple(places),
        tuple(never),
        tuple(unknown),
        tuple(label_of[one.field_id] for one in missing if one.is_stored),
    )


class _Rows:
    """Records to rows of the raw table, numbered as in the file: the header is record 1."""

    def __init__(self, returns: ReturnCatalogue, columns: Columns, writer: RecordBatches) -> None:
        stored = returns.stored(columns.record_id)
        self._columns = columns
        self._writer = writer
        self._width = len(stored)
        # An identifier that must be there: without it nothing can be linked, so the record is no record.
        self._keys = [
            (place, one.source_name)
            for place, one in enumerate(stored)
            if one.is_required and one.storage == "pseudonym"
        ]
        self._number = 0
        self.found = False
        self.rejected: set[int] = set()
        self.last_too_short = 0
        self._header = b""
        self._has_surplus: bool | None = None

    def take(self, batch: list[bytes], tally: Tally) -> None:
        delimiter = self._columns.delimiter
        width = len(self._columns.places)
        rows = self._writer.rows(self._columns.record_id)
        if self._has_surplus is None and self._number + len(batch) > 1:
            self._has_surplus = _has_surplus(batch if self._number else batch[1:], delimiter, width)
        for line in batch:
            self._number += 1
            number = self._number
            if number == 1:
                self._header = line
                continue
            if line == self._header:
                # Two exports in one file: the header row again is nobody.
                continue
            if not line and number in tally.broken:
                self._reject(number, BROKEN_QUOTES)
                continue
            cells = _cells(line, delimiter)
            if not any(map(str.strip, cells)):
                # What a spreadsheet saves of rows that somebody emptied.
                continue
            self.found = True
            if self._has_surplus and len(cells) == width + 1 and not cells[-1].strip():
                del cells[-1]
            if len(cells) != width:
                self._reject(number, TOO_SHORT if len(cells) < width else TOO_LONG)
                if len(cells) < width:
                    self.last_too_short = number
                continue
            if b"\xef\xbf\xbd" in line or "\ufffd" in "".join(cells):
                self._reject(number, UNREADABLE_CHARACTERS)
                continue
            values: list[str | None] = [None] * self._width
            for place, cell in zip(self._columns.places, cells, strict=True):
                if place is not None:
                    values[place] = cell.strip() or None
            without = next((name for place, name in self._keys if not is_identifier(values[place])), None)
            if without is not None:
                self._reject(number, "It has no identifier in this column.", without)
                continue
            rows.append((number - 1, number, None, None, None, *values))

    def _reject(self, number: int, reason: str, column: str | None = None) -> None:
        self.found = True
        self.rejected.add(number)
        self._writer.reject(RejectedLine(number, column, reason))


def _cells(line: bytes, delimiter: bytes) -> list[str]:
    if b'"' in line:
        # ="00123" keeps a spreadsheet from changing what it holds.
        return [_GUARDED.sub(r"\1", cell) for cell in split_cells(line, delimiter)]
    return line.decode("utf-8", "replace").split(delimiter.decode())


def _has_surplus(lines: Sequence[bytes], delimiter: bytes, width: int) -> bool:
    """Whether every row ends with a delimiter too many: of one that does among others, a cell was torn in two."""
    rows = 0
    for line in lines:
        cells = _cells(line, delimiter)
        if not any(map(str.strip, cells)):
            continue
        if len(cells) != width + 1 or cells[-1].strip():
            return False
        rows += 1
    return rows > 1
