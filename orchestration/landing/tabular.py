"""Delivered files as numbered records: encodings, line ends, quotation marks and spreadsheets made plain.

DuckDB reads CSV fast, but it cannot say which record of a file a row was, it guesses where a quoted line
break ends when it reads in parallel, and it knows neither cp1252 nor workbooks. So every file is first
copied, record by record, into a working copy: UTF-8, one record per line, its number in front. The copy is
a small part of the time of a load. It holds personal data in clear, so it lies in a private folder and is
deleted with the load.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Protocol

from python_calamine import CalamineError, CalamineWorkbook

from orchestration.landing.forms.recognise import FileRefusedError

_CHUNK = 4 * 1024 * 1024
_MAXIMUM_LINE = 64 * 1024 * 1024
# A note of a million characters is no note: a quotation mark was opened and never closed.
_MAXIMUM_QUOTED = 1_000_000
_MAXIMUM_WORKBOOK = 2 * 1024**3
# What zipfile and the reader raise for workbooks that are damaged, protected, or packed in a way they do not know.
_WORKBOOK_ERRORS = (zipfile.BadZipFile, CalamineError, OSError, ValueError, RuntimeError, NotImplementedError)
DELIMITERS = (b",", b";", b"\t")

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_BREAKS = re.compile(r"[\r\n\0]+")
_NO_WORKBOOK = (
    "It cannot be opened as an Excel workbook: it is damaged, protected by a password, or something else under "
    "that name. Save it again as XLSX without a password, or as CSV."
)
_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document, or one protected by a password"),
    (b"\x1f\x8b", "a compressed file"),
    (b"PAR1", "a Parquet file"),
)


class Source(Protocol):
    """Anything that gives records. ``delimiters`` are those its records may be written with."""

    @property
    def delimiters(self) -> tuple[bytes, ...]: ...

    def batches(self, delimiter: bytes, tally: Tally) -> Iterator[list[bytes]]:
        """Records as UTF-8 lines without line end, in file order, many at a time; blank ones are left out."""


@dataclass
class Tally:
    """What was noticed while records were read. Numbers are record numbers, the first record of the file is 1.

    ``width`` is how many columns the header row has (0 while that is not known); ``broken`` are records whose
    quotation marks do not pair up; ``swallowing`` are those that may hold other records in quoted text;
    ``ends_open`` says that the last record ends inside quotation marks, ``ends_bare`` that it has no line end.
    """

    width: int = 0
    records: int = 0
    swallowing: set[int] = field(default_factory=set)
    broken: set[int] = field(default_factory=set)
    ends_open: bool = False
    ends_bare: bool = False


@dataclass(frozen=True)
class TextFacts:
    """What one pass over the bytes of a text file shows."""

    encoding: str
    skip: int
    has_cr: bool
    has_lf: bool


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as 64 hex characters."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def open_source(path: Path) -> Source:
    """The records of a CSV or XLSX file.

    Raises FileRefusedError: the file is empty, neither CSV nor XLSX, or not what its name says.
    """
    if path.stat().st_size == 0:
        raise FileRefusedError("The file is empty.")
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return TextSource(path, _text_facts(path))
    if suffix == ".xlsx":
        return WorkbookSource(path)
    raise FileRefusedError(
        "It is neither CSV nor XLSX, the two kinds that are read. Export it again as CSV or XLSX, or move it "
        "out of the raw folder."
    )


def _text_facts(path: Path) -> TextFacts:
    with path.open("rb") as handle:
        head = handle.read(_CHUNK)
        for signature, what in _SIGNATURES:
            if head.startswith(signature):
                raise FileRefusedError(f"It is not a table: its name says CSV, its content is {what}.")
        for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
            if head.startswith(mark):
                return TextFacts(encoding, 2, has_cr=True, has_lf=True)
        has_bom = head.startswith(codecs.BOM_UTF8)
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        valid, has_cr, has_lf, chunk = True, False, False, head
        while chunk:
            if b"\0" in chunk:
                raise FileRefusedError("It is not a table: its name says CSV, but it holds binary data.")
            has_cr = has_cr or b"\r" in chunk
            has_lf = has_lf or b"\n" in chunk
            if valid and not (chunk.isascii() and not decoder.getstate()[0]):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    valid = False
            chunk = handle.read(_CHUNK)
        if valid and decoder.getstate()[0]:
            valid = False
        encoding = "utf-8" if valid or has_bom or _is_damaged_utf8(handle) else "cp1252"
        return TextFacts(encoding, 3 if has_bom else 0, has_cr, has_lf)


def _is_damaged_utf8(handle: io.BufferedReader) -> bool:
    """Whether bytes that are not UTF-8 throughout are UTF-8 mostly.

    Then the damage is a few bytes, and the records that hold them are rejected one by one; read as cp1252,
    every apostrophe of the file would turn into rubbish instead.
    """
    handle.seek(0)
    whole = stray = 0
    while chunk := handle.read(_CHUNK):
        pieces = _MULTIBYTE.findall(chunk)
        whole += len(pieces)
        stray += len(_NOT_ASCII.findall(chunk)) - sum(map(len, pieces))
    return whole > stray


@dataclass(frozen=True)
class TextSource:
    """A text file of delimited records."""

    path: Path
    facts: TextFacts
    delimiters: tuple[bytes, ...] = DELIMITERS

    def _blocks(self) -> Iterator[bytes]:
        """UTF-8 with line feeds as the only line ends, in pieces of any length."""
        facts = self.facts
        decoder = None if facts.encoding == "utf-8" else codecs.getincrementaldecoder(facts.encoding)("strict")
        # Where a file has line feeds, a lone carriage return is dirt inside a cell; where it has none, it
        # ends lines.
        lone = b" " if facts.has_lf else b"\n"
        held = b""
        with self.path.open("rb") as handle:
            handle.seek(facts.skip)
            while True:
                chunk = handle.read(_CHUNK)
                is_last = not chunk
                if decoder is not None:
                    try:
                        chunk = decoder.decode(chunk, final=is_last).encode("utf-8", "strict")
                    except UnicodeError:
                        raise FileRefusedError(
                            "Its characters cannot be read: it is neither UTF-8, UTF-16 nor Windows-1252 throughout. "
                            "Export it again as UTF-8."
                        ) from None
                if facts.has_cr:
                    chunk = held + chunk
                    held = b""
                    if chunk.endswith(b"\r") and not is_last:
                        chunk, held = chunk[:-1], b"\r"
                    chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", lone)
                if b"\0" in chunk:
                    raise FileRefusedError("It is not a table: its name says CSV, but it holds binary data.")
                if chunk:
                    yield chunk
                if is_last:
                    return

    def batches(self, delimiter: bytes, tally: Tally) -> Iterator[list[bytes]]:
        splitter = _Splitter(delimiter, tally)
        tail = b""
        for block in self._blocks():
            joined = tail + block if tail else block
            cut = joined.rfind(b"\n")
            if cut < 0:
                tail = joined
                if len(tail) > _MAXIMUM_LINE:
                    raise FileRefusedError("It is not a table: it has no line ends.")
                continue
            text, tail = joined[:cut], joined[cut + 1 :]
            yield splitter.split(text)
        if tail.strip():
            tally.ends_bare = True
            yield splitter.split(tail)
        if splitter.pending:
            tally.ends_open = True
            yield splitter.flush()


class _Splitter:
    """Physical lines to records: a line that ends inside quotation marks goes on with the next.

    A record whose quotation marks are broken comes out as an empty one and is noted in the tally: DuckDB, given such
    a record, loses good ones behind it.
    """

    def __init__(self, delimiter: bytes, tally: Tally) -> None:
        self.delimiter = delimiter
        self.tally = tally
        self.pending: list[bytes] = []
        self._pending_bytes = 0
        self._between = b'"' + delimiter + b'"'
        self._opening = delimiter + b'""'
        self._closing = b'""' + delimiter

    def split(self, text: bytes) -> list[bytes]:
        lines = text.split(b"\n")
        if not self.pending and b'"' not in text:
            records = [line for line in lines if line and not line.isspace()]
            self.tally.records += len(records)
            return records
        records = []
        for line in lines:
            if self.pending:
                self._continue(line, records)
            elif not line or line.isspace():
                continue
            else:
                self.tally.records += 1
                if b'"' in line and self._ends_open(line):
                    self.pending, self._pending_bytes = [line], len(line)
                else:
                    records.append(b"" if self.tally.records in self.tally.broken else line)
        return records

    def flush(self) -> list[bytes]:
        record, self.pending = b" ".join(self.pending), []
        if self.tally.records not in self.tally.broken:
            return [record]
        # Over several lines, the marks that do not pair up may be those of other records.
        self.tally.swallowing.add(self.tally.records)
        return [b""]

    def _continue(self, line: bytes, records: list[bytes]) -> None:
        self.pending.append(line)
        self._pending_bytes += len(line)
        if self._pending_bytes > _MAXIMUM_QUOTED:
            raise FileRefusedError(
                f"A quotation mark opened in record {self.tally.records:,} is never closed, so it cannot be told "
                "where that record ends."
            )
        if self.tally.width > 1 and line.count(self.delimiter) >= self.tally.width - 1:
            self.tally.swallowing.add(self.tally.records)
        if b'"' in line and not self._ends_open(b'"' + line):
            records.extend(self.flush())

    def _ends_open(self, line: bytes) -> bool:
        """Whether the line ends inside quotation marks. Notes the record as broken if they do not pair up.

        A mark opens a cell only where the cell begins; anywhere else outside quotation marks it is a character like
        any other. Inside, a doubled mark is a character, and a single one must be followed by the next cell.
        """
        if self._is_plain(line):
            return False
        inside = just_closed = is_broken = False
        *before_marks, rest = line.split(b'"')
        for place, before in enumerate(before_marks):
            if inside:
                inside, just_closed = False, True
                continue
            if just_closed and not before:
                inside = True  # a doubled mark
            else:
                is_broken = is_broken or (just_closed and not self._goes_on(before))
                stripped = before.rstrip(b" ")
                inside = stripped.endswith(self.delimiter) or (place == 0 and not stripped)
            just_closed = False
        if is_broken or (just_closed and rest and not self._goes_on(rest)):
            self.tally.broken.add(self.tally.records)
        return inside

    def _goes_on(self, text: bytes) -> bool:
        """Whether text behind a closing mark is the next cell or the end of the line."""
        stripped = text.lstrip(b" ")
        return not stripped or stripped.startswith(self.delimiter)

    def _is_plain(self, line: bytes) -> bool:
        """The two ways in which whole files are quoted, told without looking at every mark."""
        marks = line.count(b'"')
        begins, ends = line.startswith(b'"'), line.endswith(b'"')
        if begins and ends and marks == 2 * line.count(self._between) + 2:
            return True  # every cell quoted, no mark inside one
        opening = line.count(self._opening) + line.startswith(b'""')
        closing = line.count(self._closing) + line.endswith(b'""')
        return marks == 2 * opening == 2 * closing  # empty cells quoted, nothing else


def open_workbook(path: Path, too_large: str, unreadable: str) -> CalamineWorkbook:
    """A workbook, opened once its unpacked size is known. Raises FileRefusedError with one of the two sentences."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MAXIMUM_WORKBOOK:
                raise FileRefusedError(too_large)
        return CalamineWorkbook.from_path(str(path))
    except _WORKBOOK_ERRORS:
        raise FileRefusedError(unreadable) from None


class WorkbookSource:
    """The one sheet of an Excel workbook that holds anything."""

    delimiters: tuple[bytes, ...] = (b",",)

    def __init__(self, path: Path) -> None:
        workbook = open_workbook(path, "The workbook is too large to be read safely. Export it as CSV.", _NO_WORKBOOK)
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


def head_records(source: Source, delimiter: bytes, count: int) -> list[list[str]]:
    """The first ``count`` records as lists of cells."""
    lines: list[bytes] = []
    for batch in source.batches(delimiter, Tally()):
        lines.extend(batch)
        if len(lines) >= count:
            break
    return [split_cells(line, delimiter) for line in lines[:count]]


def split_cells(record: bytes, delimiter: bytes) -> list[str]:
    """One record as a list of cells. Bytes that are not UTF-8 become replacement characters."""
    if len(record) > _MAXIMUM_QUOTED * 2:
        raise FileRefusedError("It is not a table: its first lines are too long for a header row.")
    text = record.decode("utf-8", "replace")
    csv.field_size_limit(_MAXIMUM_QUOTED * 4)
    return next(csv.reader([text], delimiter=delimiter.decode(), skipinitialspace=True), [])


def write_working_copy(source: Source, delimiter: bytes, header_rows: int, target: Path, tally: Tally) -> None:
    """Write every record below the header rows to ``target``: its number, the delimiter, the record, a line feed."""
    number = 0
    pattern = b"%d" + delimiter.replace(b"%", b"%%") + b"%b\n"
    with target.open("wb", buffering=0) as handle:
        for batch in source.batches(delimiter, tally):
            skipped = min(max(header_rows - number, 0), len(batch))
            first = number + skipped + 1
            number += len(batch)
            handle.write(b"".join([pattern % pair for pair in enumerate(batch[skipped:], start=first) if pair[1]]))
