"""Excel workbooks as records: sheets, and cells as an export would write them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from orchestration.landing.limits import GIBIBYTE, MAXIMUM_WORKBOOK
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.tabular.records import Tally
from orchestration.landing.tabular.sheet_size import refuse_far_cells

# What zipfile and the reader raise for workbooks that are damaged, protected, or packed in a way they do not know.
_WORKBOOK_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    CalamineError,
    OSError,
    ValueError,
    RuntimeError,
)
_BREAKS = re.compile(r"[\r\n\0]+")
_IS_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']")
# The properties of a workbook stand before the names of its sheets.
_BEGINNING = 1024 * 1024
# A spreadsheet keeps 15 digits of a number; of those behind them it makes zeros.
_LOST_DIGITS = 1e15
_TOO_LARGE = (
    f"The workbook unpacks to more than {MAXIMUM_WORKBOOK // GIBIBYTE} GB, the limit for a workbook. Export it as CSV."
)
#: Why a workbook is refused that cannot be opened.
NO_WORKBOOK = (
    "It cannot be opened as an Excel workbook: it is damaged, protected by a password, or something else under "
    "that name. Save it again as XLSX without a password, or as CSV."
)


def open_workbook(path: Path, too_large: str, unreadable: str) -> CalamineWorkbook:
    """A workbook, opened once its unpacked size is known.

    Raises FileRefusedError: one of the two sentences, or that it has too many cells.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAXIMUM_WORKBOOK:
                raise FileRefusedError(too_large)
            refuse_far_cells(archive)
        return CalamineWorkbook.from_path(str(path))
    except _WORKBOOK_ERRORS:
        raise FileRefusedError(unreadable) from None


def open_sheets(path: Path) -> list[Sheet]:
    """The sheets of a workbook that hold anything; charts and macros are none.

    Raises FileRefusedError: it cannot be opened, is too large, or is empty.
    """
    workbook = open_workbook(path, _TOO_LARGE, NO_WORKBOOK)
    try:
        sheets = list(filled_sheets(workbook, is_1904=_counts_from_1904(path)))
    except _WORKBOOK_ERRORS:
        raise FileRefusedError(NO_WORKBOOK) from None
    if not sheets:
        raise FileRefusedError("The workbook is empty.")
    return sheets


def filled_sheets(workbook: CalamineWorkbook, *, is_1904: bool) -> Iterator[Sheet]:
    """The sheets that hold anything, in their order, each read when it is asked for."""
    for number, one in enumerate(workbook.sheets_metadata, start=1):
        if one.typ == SheetTypeEnum.WorkSheet and (sheet := workbook.get_sheet_by_name(one.name)).height > 0:
            yield Sheet(number, one.visible != SheetVisibleEnum.Visible, is_1904, sheet)


def _counts_from_1904(path: Path) -> bool:
    """Whether the days of a workbook are counted from 1904, as Excel for the Macintosh did."""
    with zipfile.ZipFile(path) as archive:
        part = next((name for name in archive.namelist() if name.lower() == "xl/workbook.xml"), None)
        if part is None:
            return False
        with archive.open(part) as handle:
            return _IS_1904.search(handle.read(_BEGINNING)) is not None


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook. ``number`` is its place among all sheets, 1 the first; its name may be a child's."""

    number: int
    is_hidden: bool
    is_1904: bool
    sheet: CalamineSheet
    delimiters: tuple[bytes, ...] = (b",",)

    def batches(self, delimiter: bytes, tally: Tally) -> Iterator[list[bytes]]:
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=delimiter.decode(), lineterminator="")
        batch: list[bytes] = []
        # The first batch is small, because whoever looks for the header row wants no more.
        size = 24
        try:
            for cells in self.sheet.iter_rows():
                texts = [cell_text(cell) for cell in cells]
                if not any(texts):
                    continue
                buffer.seek(0)
                buffer.truncate()
                writer.writerow(texts)
                tally.records += 1
                batch.append(buffer.getvalue().encode("utf-8", "replace"))
                if len(batch) >= size:
                    yield batch
                    batch, size = [], 1000
        except (CalamineError, ValueError):
            raise FileRefusedError(NO_WORKBOOK) from None
        if batch:
            yield batch


def cell_text(cell: Any) -> str:
    """A spreadsheet cell as an export would write it: ISO dates, whole numbers without decimals, ticks as 0/1.

    A number of more digits than a spreadsheet keeps is written in powers of ten, so that nobody takes it for an id.
    """
    if isinstance(cell, str):
        # Line breaks and NUL inside a cell would break the one-record-a-line copy; they carry no meaning.
        return cell if cell.isprintable() else _BREAKS.sub(" ", cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int | float) and abs(cell) >= _LOST_DIGITS:
        return f"{cell:.5E}"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds") if cell.time() != time(0) else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
