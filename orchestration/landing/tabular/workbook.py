"""Excel workbooks as records: the one sheet of an export, and cells as an export would write them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

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
_TOO_LARGE = (
    f"The workbook unpacks to more than {MAXIMUM_WORKBOOK // GIBIBYTE} GB, the limit for a workbook. Export it as CSV."
)
_NO_WORKBOOK = (
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


class WorkbookSource:
    """The one sheet of an Excel workbook that holds anything."""

    delimiters: tuple[bytes, ...] = (b",",)

    def __init__(self, path: Path) -> None:
        workbook = open_workbook(path, _TOO_LARGE, _NO_WORKBOOK)
        try:
            filled = [
                sheet for name in workbook.sheet_names if (sheet := workbook.get_sheet_by_name(name)).total_height > 0
            ]
        except _WORKBOOK_ERRORS:
            raise FileRefusedError(_NO_WORKBOOK) from None
        if not filled:
            raise FileRefusedError("The workbook is empty.")
        if len(filled) > 1:
            raise FileRefusedError(
                f"The workbook has {len(filled)} sheets with content, and one load is one form. Save each "
                "sheet as a file of its own."
            )
        self._sheet = filled[0]

    def batches(self, delimiter: bytes, tally: Tally) -> Iterator[list[bytes]]:
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=delimiter.decode(), lineterminator="")
        batch: list[bytes] = []
        # The first batch is small, because whoever looks for the header row wants no more.
        size = 4
        try:
            for cells in self._sheet.iter_rows():
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
            raise FileRefusedError(_NO_WORKBOOK) from None
        if batch:
            yield batch


def cell_text(cell: Any) -> str:
    """A spreadsheet cell as an export would write it: ISO dates, whole numbers without decimals, ticks as 0/1."""
    if isinstance(cell, str):
        # Line breaks and NUL inside a cell would break the one-record-a-line copy; they carry no meaning.
        return cell if cell.isprintable() else _BREAKS.sub(" ", cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds") if cell.time() != time(0) else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
