"""Text files as records: encodings, line ends and quotation marks made plain."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.limits import MAXIMUM_QUOTED, MAXIMUM_RECORD
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.tabular.records import Tally

_CHUNK = 4 * 1024 * 1024
DELIMITERS = (b",", b";", b"\t", b"|")
# What a spreadsheet writes above the records so that it finds their separator again.
_SEPARATOR_LINE = re.compile(r"[\r\n]*\"?sep=([,;|\t]|\\t)\"?[,;|\t ]*(?:\r\n|\r|\n)", re.IGNORECASE)
_LONGEST_SEPARATOR_LINE = 400
_SAMPLE = 4096
_END_OF_FILE = b"\x1a"  # of DOS

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
_SIGNATURES = (
    (ZIP, "a ZIP archive or an Excel workbook"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document, or one protected by a password"),
    (GZIP, "a compressed file"),
    (b"PAR1", "a Parquet file"),
)


@dataclass(frozen=True)
class TextFacts:
    """What one pass over the bytes of a text file shows.

    ``skip`` bytes at its beginning are no record. ``delimiters`` are those its records may be written with, the one
    that the file names first.
    """

    encoding: str
    skip: int
    has_cr: bool
    has_lf: bool
    delimiters: tuple[bytes, ...] = DELIMITERS


def text_facts(path: Path) -> TextFacts:
    """Look through the bytes of a text file once. Raises FileRefusedError: it is no text."""
    with path.open("rb") as handle:
        head = handle.read(_CHUNK)
        for signature, what in _SIGNATURES:
            if head.startswith(signature):
                raise FileRefusedError(f"It is not a table: its name says that it is text, its content is {what}.")
        encoding = _utf16(head)
        if encoding:
            return _facts(encoding, head, has_cr=True, has_lf=True)
        has_bom = head.startswith(codecs.BOM_UTF8)
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        valid, has_cr, has_lf, chunk = True, False, False, head
        while chunk:
            if b"\0" in chunk:
                raise _binary(chunk, handle)
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
        return _facts(encoding, head, has_cr=has_cr, has_lf=has_lf)


def _utf16(head: bytes) -> str | None:
    """Which UTF-16 a text is, by its byte order mark, or by every other byte being zero; None where it is none."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = head[:_SAMPLE]
    pairs = len(sample) // 2
    first, second = (sample[place : 2 * pairs : 2].count(0) for place in (0, 1))
    # Names may be in any script; separators and headers are not.
    if second > pairs / 2 and not first:
        return "utf-16-le"
    return "utf-16-be" if first > pairs / 2 and not second else None


def _facts(encoding: str, head: bytes, *, has_cr: bool, has_lf: bool) -> TextFacts:
    """What is known, with what has to be skipped: byte order marks, and a line that only names the separator."""
    mark = "\ufeff".encode(encoding) if encoding.startswith("utf") else b""
    skip = 0
    while mark and head.startswith(mark, skip):
        skip += len(mark)
    begin = head[skip : skip + _LONGEST_SEPARATOR_LINE].decode(encoding, "replace")
    found = _SEPARATOR_LINE.match(begin)
    if not found:
        return TextFacts(encoding, skip, has_cr, has_lf)
    named = found[1].replace("\\t", "\t").encode()
    others = tuple(one for one in DELIMITERS if one != named)
    return TextFacts(encoding, skip + len(found[0].encode(encoding)), has_cr, has_lf, (named, *others))


def _binary(chunk: bytes, handle: io.BufferedReader) -> FileRefusedError:
    """Why a text with zero bytes cannot be used: a copy that broke off leaves them at the end."""
    rest = chunk[chunk.index(0) :]
    while rest and not rest.strip(b"\0\r\n"):
        rest = handle.read(_CHUNK)
    if rest:
        return FileRefusedError("It is not a table: its name says that it is text, but it holds binary data.")
    return FileRefusedError(
        "Its end is filled with zero bytes, as a copy that broke off leaves it: what stood there is lost. Copy it "
        "again from where it was exported."
    )


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
    is_1904: bool = False

    @property
    def delimiters(self) -> tuple[bytes, ...]:
        """The one that the file names first, if it names one."""
        return self.facts.delimiters

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
                    raise _binary(chunk, handle)
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
                if len(tail) > MAXIMUM_RECORD:
                    raise _too_long(tally.records + 1)
                continue
            text, tail = joined[:cut], joined[cut + 1 :]
            yield _within_limit(splitter.split(text), tally)
        tail = tail.rstrip(_END_OF_FILE)
        if tail.strip():
            last = _within_limit(splitter.split(tail), tally)
            tally.ends_bare = bool(last)
            yield last
        if splitter.pending:
            tally.ends_open = True
            yield splitter.flush()


def _within_limit(records: list[bytes], tally: Tally) -> list[bytes]:
    """The records just read. Raises FileRefusedError: one is too long."""
    if max(map(len, records), default=0) > MAXIMUM_RECORD:
        place = next(place for place, record in enumerate(records, start=1) if len(record) > MAXIMUM_RECORD)
        raise _too_long(tally.records - len(records) + place)
    return records


def _too_long(number: int) -> FileRefusedError:
    return FileRefusedError(
        f"Record {number:,} is longer than {MAXIMUM_RECORD / 1e6:.0f} MB, the limit for one record: it is not a table, "
        "or its line ends are missing. Export it again."
    )


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
        # A line of separators only is as blank as one with nothing in it.
        self._blank = b" \t\r\v\f" + delimiter
        self._between = b'"' + delimiter + b'"'
        self._opening = delimiter + b'""'
        self._closing = b'""' + delimiter

    def split(self, text: bytes) -> list[bytes]:
        lines = text.split(b"\n")
        if not self.pending and b'"' not in text:
            records = [line for line in lines if line.lstrip(self._blank)]
            self.tally.records += len(records)
            return records
        records = []
        for line in lines:
            if self.pending:
                self._continue(line, records)
            elif self._is_blank(line):
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
        if self._pending_bytes > MAXIMUM_QUOTED:
            raise FileRefusedError(
                f"A quotation mark opened in record {self.tally.records:,} is never closed, so it cannot be told "
                "where that record ends."
            )
        if self.tally.width > 1 and line.count(self.delimiter) >= self.tally.width - 1:
            self.tally.swallowing.add(self.tally.records)
        if b'"' in line and not self._ends_open(b'"' + line):
            records.extend(self.flush())

    def _is_blank(self, line: bytes) -> bool:
        """Whether no cell of a line holds anything; quoted ones may be empty."""
        return not line.lstrip(self._blank + b'"') and line.count(b'"') % 2 == 0

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
