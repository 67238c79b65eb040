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
from typing import Any, Self

from lxml import etree
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from catalogue.folding import fold
from catalogue.returns import ANNEX_A, ReturnCatalogue
from orchestration.landing.ledger import RejectedLine
from orchestration.landing.limits import GIBIBYTE, MAXIMUM_WORKBOOK
from orchestration.landing.pseudonym import is_identifier
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.returns.batches import RecordBatches
from orchestration.landing.returns.delivery import Delivery
from orchestration.landing.returns.reader import Statement
from orchestration.landing.tabular.workbook import cell_text, open_workbook

_HEADING_ROWS = 15
_LIST_NAME = re.compile(r"^\s*(?:annex\s*a\W*)?list\s*0*(\d{1,2})\b", re.IGNORECASE)
# Fewer headings than this are chance, not a list.
_LEAST_HEADINGS = 3
_LEAST_SHARE = 0.5
_CELL = re.compile(r"^([A-Z]+)([0-9]+)$")
_TOO_LARGE = (
    f"The workbook unpacks to more than {MAXIMUM_WORKBOOK // GIBIBYTE} GB, the limit for a workbook. Deliver its lists "
    "in several workbooks."
)
_NO_WORKBOOK = (
    "It cannot be opened as an Excel workbook: it is damaged, protected by a password, or something else under that "
    "name. Save it again as XLSX without a password."
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
    other_headings: int


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
    def recognise(cls, returns: ReturnCatalogue, delivery: Delivery, copy: Path) -> Self:
        """Take a workbook for one of Annex A: there is no other return that comes as a workbook."""
        return cls(returns, delivery.path)

    def read(self, writer: RecordBatches) -> None:
        """Hand every record of every list to the writer.

        Raises FileRefusedError: it is no workbook, holds no list, or holds a list that cannot be told from another.
        """
        workbook = open_workbook(self._path, _TOO_LARGE, _NO_WORKBOOK)
        found: dict[str, _List] = {}
        others = 0
        for position, name in enumerate(workbook.sheet_names):
            one = _understand(self._returns, workbook, name, position)
            if one is None:
                others += 1
            elif one.record_id in found:
                raise FileRefusedError(
                    f"Two of its sheets are both {one.name}, so it cannot be told which one counts. Keep one of them."
                )
            else:
                found[one.record_id] = one
        if not found:
            raise FileRefusedError(
                "None of its sheets has the headings of an Annex A list. Deliver the lists with the headings of the "
                "guidance."
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
        raise FileRefusedError(_NO_WORKBOOK) from None
    said = _LIST_NAME.match(name)
    by_name = f"List {int(said.group(1))}" if said else None
    best: tuple[tuple[float, bool], _List] | None = None
    for record in returns.records_of(ANNEX_A):
        for row_number, cells in head:
            columns, others = _match(returns, record.record_id, cells)
            share = len(columns) / len(returns.stored(record.record_id))
            if len(columns) < _LEAST_HEADINGS or share < _LEAST_SHARE:
                continue
            score = (share - 0.001 * others, record.source_name == by_name)
            if best is None or score > best[0]:
                label = str(record.source_name)
                best = (score, _List(record.record_id, label, sheet, position, row_number, columns, others))
    if best is None:
        known = {record.source_name for record in returns.records_of(ANNEX_A)}
        if by_name in known and sheet.total_height > 0:
            raise FileRefusedError(
                f"The sheet of {by_name} does not have the headings of that list. Deliver it with the headings of the "
                "guidance."
            )
        return None
    one = best[1]
    required = [field.field_id for field in returns.stored(one.record_id) if field.is_required]
    if any(field_id not in one.columns for field_id in required):
        raise FileRefusedError(
            f"{one.name} has no column with the identifier of the child, so its records cannot be linked. Deliver it "
            "with the headings of the guidance."
        )
    return one


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Number (from 1) and cells of every row of a sheet, the empty ones included; columns begin at A."""
    # Rows come from the top of the sheet, empty ones too, whatever area is in use.
    yield from enumerate(sheet.iter_rows(), start=1)


def _match(returns: ReturnCatalogue, record_id: str, cells: Sequence[Any]) -> tuple[dict[str, int], int]:
    """Column of every field whose pattern a heading matches, and how many headings match none."""
    headings = [(place, fold(cell_text(cell))) for place, cell in enumerate(cells)]
    headings = [(place, text) for place, text in headings if text]
    taken: set[int] = set()
    columns: dict[str, int] = {}
    for heading in returns.headings:
        if heading.record_id != record_id:
            continue
        for place, text in headings:
            if place not in taken and re.search(heading.pattern, text):
                columns[heading.field_id] = place
                taken.add(place)
                break
    return columns, len(headings) - len(taken)


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
        raise FileRefusedError(_NO_WORKBOOK) from None
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
        raise FileRefusedError(_NO_WORKBOOK) from None
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
    parts = []
    headings = sum(one.other_headings for one in found.values())
    if headings:
        parts.append(f"{headings:,} column{'s' if headings > 1 else ''} with other headings")
    if others:
        parts.append(f"{others:,} sheet{'s' if others > 1 else ''} that {'are' if others > 1 else 'is'} no list")
    return ", ".join(parts) or None


def _note(returns: ReturnCatalogue, found: dict[str, _List]) -> str | None:
    """A sentence on lists and columns of the format that the workbook lacks."""
    lists = [str(one.source_name) for one in returns.records_of(ANNEX_A) if one.record_id not in found]
    columns = sum(len(returns.stored(record_id)) - len(one.columns) for record_id, one in found.items())
    parts = []
    if lists:
        parts.append(f"{', '.join(lists)} {'are' if len(lists) > 1 else 'is'} not in the workbook")
    if columns:
        parts.append(
            f"{columns:,} column{'s' if columns > 1 else ''} of the lists {'are' if columns > 1 else 'is'} missing"
        )
    return f"{' and '.join(parts)}; what they would hold counts as missing." if parts else None
