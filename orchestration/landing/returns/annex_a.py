"""Annex A workbooks: eleven lists, known by their headings, whatever the sheets are called.

A sheet that is no list (a cover, a note) is passed over. A row in merged cells, or with a formula that has no value, is
rejected by itself, because it cannot be told what it says.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from catalogue.returns import ANNEX_A, ReturnCatalogue
from orchestration.landing.ledger import RejectedLine
from orchestration.landing.limits import GIBIBYTE, MAXIMUM_WORKBOOK
from orchestration.landing.pseudonym import is_identifier
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.returns.annex_a_columns import column_letter, find_columns
from orchestration.landing.returns.batches import RecordBatches
from orchestration.landing.returns.csv_reader import TableReader
from orchestration.landing.returns.delivery import Delivery
from orchestration.landing.returns.reader import ReturnReader, Statement
from orchestration.landing.tabular.workbook import NO_WORKBOOK, cell_text, open_workbook

_HEADING_ROWS = 30
_SHOWN = 10
_LIST_NAME = re.compile(r"^\s*(?:annex\s*a\W*)?list\s*0*(\d{1,2})\b", re.IGNORECASE)
# Fewer headings than this are chance, not a list.
_LEAST_HEADINGS = 3
_LEAST_SHARE = 0.5
_LEAST_SHARE_WITHOUT_KEY = 0.75
_CELL = re.compile(r"^([A-Z]+)([0-9]+)$")
_TOO_LARGE = (
    f"The workbook unpacks to more than {MAXIMUM_WORKBOOK // GIBIBYTE} GB, the limit for a workbook. Deliver its lists "
    "in several workbooks."
)
_MERGED = "It lies in merged cells, so it cannot be told which record its values belong to."
_FORMULA = "It holds a formula without a value. Open the workbook, let it calculate, and save it again."
_ERROR = "It holds a formula that failed."
_NO_IDENTIFIER = "It has no identifier."
_NOTHING_ELSE = "It has an identifier and nothing else."
_OPTIONS: dict[str, Any] = {"resolve_entities": False, "load_dtd": False, "no_network": True, "huge_tree": False}


@dataclass(frozen=True)
class _List:
    """A sheet understood: its record, the row of its headings, and the column of every field (numbers from 0)."""

    record_id: str
    name: str
    sheet: CalamineSheet
    position: int
    heading_row: int
    columns: dict[str, int]
    unknown: tuple[int, ...]
    doubts: tuple[str, ...]


class WorkbookReader:
    """An Annex A workbook. Which lists it holds shows when it is read: until then it need not lie in memory."""

    return_id = ANNEX_A
    file_format = "xlsx"

    def __init__(self, returns: ReturnCatalogue, path: Path) -> None:
        self._returns = returns
        self._path = path
        self._ignored: str | None = None
        self._note: str | None = None

    @classmethod
    def recognise(cls, returns: ReturnCatalogue, delivery: Delivery, copy: Path) -> ReturnReader:
        """Take a workbook for one of Annex A, unless its one sheet is a table that comes as CSV otherwise.

        Raises FileRefusedError: it is no workbook, or a table that lacks a column or has one twice.
        """
        return TableReader.of_workbook(returns, delivery, open_workbook(delivery.path, _TOO_LARGE, NO_WORKBOOK)) or cls(
            returns, delivery.path
        )

    def read(self, writer: RecordBatches) -> None:
        """Hand every record of every list to the writer.

        Raises FileRefusedError: it is no workbook, holds no list, or holds a list that cannot be told from another.
        """
        workbook = open_workbook(self._path, _TOO_LARGE, NO_WORKBOOK)
        found: dict[str, _List] = {}
        others = 0
        for position, name in enumerate(workbook.sheet_names):
            one = _understand(self._returns, workbook, name, position)
            if one is None:
                others += 1
            elif one.record_id not in found or not _has_records(found[one.record_id]):
                found[one.record_id] = one
            elif _has_records(one):
                raise FileRefusedError(
                    f"Two of its sheets are both {one.name}, so it cannot be told which one counts. Keep one of them."
                )
        if not found:
            raise FileRefusedError(
                "None of its sheets has the headings of an Annex A list, and it does not hold one sheet that is a "
                "table of another return. Deliver the lists with the headings of the guidance, and such tables one in "
                "a file."
            )
        number = 0
        for record in self._returns.records_of(ANNEX_A):
            if record.record_id in found:
                number = _read_list(self._returns, self._path, found[record.record_id], writer, number)
        if not number:
            raise FileRefusedError("Its lists hold headings and no records.")
        self._ignored = _ignored(found, others)
        self._note = _note(self._returns, found)

    def ignored(self) -> str | None:
        """Columns with other headings, and sheets that are no list."""
        return self._ignored

    def note(self) -> str | None:
        """A sentence on lists and columns of the format that the workbook lacks."""
        return self._note

    def statement(self) -> Statement:
        """It is the whole of every list, those it lacks included."""
        return Statement(tuple(one.record_id for one in self._returns.records_of(ANNEX_A)))


def _understand(returns: ReturnCatalogue, workbook: CalamineWorkbook, name: str, position: int) -> _List | None:
    """The list a sheet holds, None when it holds none. Raises FileRefusedError when it says one and holds another."""
    try:
        sheet = workbook.get_sheet_by_name(name)
        head = [row for _, row in zip(range(_HEADING_ROWS), _rows(sheet), strict=False)]
    except (CalamineError, ValueError):
        raise FileRefusedError(NO_WORKBOOK) from None
    said = _LIST_NAME.match(name)
    by_name = f"List {int(said.group(1))}" if said else None
    best: tuple[tuple[bool, float, bool], int, Sequence[Any], str] | None = None
    for row_number, cells in head:
        found = _list_of(returns, cells, by_name)
        if found is not None and (best is None or found[0] > best[0]):
            best = (found[0], row_number, cells, found[1])
        if best is not None and best[0][0]:
            break
    if best is None:
        known = {record.source_name for record in returns.records_of(ANNEX_A)}
        if by_name in known and sheet.total_height > 0:
            raise FileRefusedError(
                f"The sheet of {by_name} does not have the headings of that list. Deliver it with the headings of the "
                "guidance."
            )
        return None
    _, row_number, headings, record_id = best
    label = str(returns.records[record_id].source_name)
    below = [row for number, row in _rows(sheet) if number > row_number]
    columns = find_columns(returns, record_id, headings, below)
    for field in returns.stored(record_id):
        if field.is_required and field.field_id not in columns.places:
            which = "two columns" if field.field_id in columns.ambiguous else "no column"
            raise FileRefusedError(
                f"{label} has {which} with the identifier of the child (“{field.source_name}”), so its records cannot "
                "be linked. Deliver it with the headings of the guidance."
            )
    return _List(record_id, label, sheet, position, row_number, columns.places, columns.unknown, columns.doubts)


def _list_of(
    returns: ReturnCatalogue, cells: Sequence[Any], by_name: str | None
) -> tuple[tuple[bool, float, bool], str] | None:
    """The list whose headings a row holds, and how well; None where it is no row of headings."""
    best: tuple[tuple[bool, float, bool], str] | None = None
    if sum(isinstance(cell, str) and cell.strip() != "" for cell in cells) < _LEAST_HEADINGS:
        return None
    for record in returns.records_of(ANNEX_A):
        columns = find_columns(returns, record.record_id, cells, ())
        stored = returns.stored(record.record_id)
        share = len(columns.places) / len(stored)
        is_named = record.source_name == by_name
        has_key = all(field.field_id in columns.places for field in stored if field.is_required)
        # Particulars of children stand in many tables.
        least = _LEAST_SHARE if is_named or has_key else _LEAST_SHARE_WITHOUT_KEY
        score = (has_key, share - 0.001 * len(columns.unknown), is_named)
        if len(columns.places) >= _LEAST_HEADINGS and share >= least and (best is None or score > best[0]):
            best = (score, record.record_id)
    return best


def _has_records(one: _List) -> bool:
    """Whether anything stands below the headings of a sheet."""
    return any(any(map(cell_text, cells)) for number, cells in _rows(one.sheet) if number > one.heading_row)


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Number (from 1) and cells of every row of a sheet, the empty ones included; columns begin at A."""
    # Rows come from the top of the sheet, empty ones too, whatever area is in use.
    yield from enumerate(sheet.iter_rows(), start=1)


def _read_list(returns: ReturnCatalogue, path: Path, one: _List, writer: RecordBatches, number: int) -> int:
    """Hand the records of a list to the writer, the first as record ``number`` + 1; returns the number of the last."""
    stored = returns.stored(one.record_id)
    places = [one.columns.get(field.field_id) for field in stored]
    keys = {field.field_id: place for place, field in enumerate(stored) if field.is_required}
    merged = _merged_rows(one)
    broken = _broken_rows(path, one)
    rows = writer.rows(one.record_id)
    try:
        for row_number, cells in _rows(one.sheet):
            if row_number <= one.heading_row:
                continue
            texts = [cell_text(cell).strip() for cell in cells]
            if not any(texts) and row_number not in broken:
                continue
            number += 1
            values = [texts[place] or None if place is not None and place < len(texts) else None for place in places]
            reason = None
            if _is_merged(row_number, merged):
                reason = _MERGED
            elif row_number in broken:
                reason = broken[row_number]
            elif not all(is_identifier(values[place]) for place in keys.values()):
                reason = _NO_IDENTIFIER
            elif sum(value is not None for value in values) == 1:
                reason = _NOTHING_ELSE
            if reason is None:
                rows.append((number, row_number, one.name, None, None, *values))
            else:
                writer.reject(RejectedLine(row_number, None, reason, one.name))
            if not number % 1000:
                writer.settle()
                rows = writer.rows(one.record_id)
    except (CalamineError, ValueError):
        raise FileRefusedError(NO_WORKBOOK) from None
    return number


def _merged_rows(one: _List) -> list[range]:
    """Rows (from 1) that a merged range of several cells with a column of the list touches, in order, without overlap.

    A range may be a million rows long, and there may be thousands of them.
    """
    wanted = one.columns.values()
    touched = sorted(
        (first_row + 1, last_row + 2)
        for (first_row, first_column), (last_row, last_column) in one.sheet.merged_cell_ranges or []
        if any(first_column <= column <= last_column for column in wanted)
    )
    merged: list[range] = []
    for start, stop in touched:
        if merged and start <= merged[-1].stop:
            merged[-1] = range(merged[-1].start, max(stop, merged[-1].stop))
        else:
            merged.append(range(start, stop))
    return merged


def _is_merged(row: int, merged: Sequence[range]) -> bool:
    """Whether a row lies in one of the ranges."""
    place = bisect_right(merged, row, key=lambda rows: rows.start)
    return place > 0 and row in merged[place - 1]


def _broken_rows(path: Path, one: _List) -> dict[int, str]:
    """Rows with a formula in a stored column that failed, or whose result was never saved (scripts often do not)."""
    wanted = set(one.columns.values())
    found: dict[int, str] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            part = _part(archive, one.position)
            if part is None:
                return found
            with archive.open(part) as handle:
                for _, cell in etree.iterparse(handle, events=("end",), tag="{*}c", **_OPTIONS):
                    place = _CELL.match(cell.get("r") or "")
                    is_unvalued = cell.find("{*}f") is not None and not (cell.findtext("{*}v") or "").strip()
                    reason = _ERROR if cell.get("t") == "e" else _FORMULA if is_unvalued else None
                    if reason and place and _column(place.group(1)) in wanted:
                        found[int(place.group(2))] = reason
                    cell.clear(keep_tail=False)
                    row = cell.getparent()
                    while cell.getprevious() is not None:
                        row.remove(cell.getprevious())
    except (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, OSError):
        raise FileRefusedError(NO_WORKBOOK) from None
    return found


def _part(archive: zipfile.ZipFile, position: int) -> str | None:
    """The part of the archive that holds the sheet at a position."""
    parser = etree.XMLParser(**_OPTIONS)
    book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
    relations = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {one.get("Id"): one.get("Target") for one in relations.iterfind("{*}Relationship")}
    sheets = list(book.iter("{*}sheet"))
    if position >= len(sheets):
        return None
    identifier = next((value for name, value in sheets[position].attrib.items() if name.endswith("}id")), None)
    target = targets.get(identifier)
    if not target:
        return None
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _ignored(found: dict[str, _List], others: int) -> str | None:
    """Columns that are no field, by their letters, and how many sheets are no list."""
    parts = []
    for one in found.values():
        if one.unknown:
            letters = [column_letter(place) for place in one.unknown]
            more = f" and {len(letters) - _SHOWN} more" if len(letters) > _SHOWN else ""
            shown = ", ".join(letters[:_SHOWN]) + more
            parts.append(f"column{'s' if len(letters) > 1 else ''} {shown} of {one.name} with other headings")
    if others:
        parts.append(f"{others:,} sheet{'s' if others > 1 else ''} that {'are' if others > 1 else 'is'} no list")
    return ", ".join(parts) or None


def _note(returns: ReturnCatalogue, found: dict[str, _List]) -> str | None:
    """Sentences on lists and columns of the format that the workbook lacks, and on columns that are in doubt."""
    lists = [str(one.source_name) for one in returns.records_of(ANNEX_A) if one.record_id not in found]
    lacking = [f"{', '.join(lists)} {'are' if len(lists) > 1 else 'is'} not in the workbook"] if lists else []
    for record_id, one in found.items():
        absent = [f"“{field.source_name}”" for field in returns.stored(record_id) if field.field_id not in one.columns]
        if absent:
            lacking.append(f"{one.name} has no column {', '.join(absent)}")
    said = [f"{'; '.join(lacking)}: what they would hold counts as missing."] if lacking else []
    said += [f"In {one.name} {doubt}." for one in found.values() for doubt in one.doubts]
    return " ".join(said) or None
