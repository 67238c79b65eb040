"""Records made as wide as the header row, and lines that are no records told from those that are.

A spreadsheet leaves out the separators behind the last filled cell of some rows, and programs write titles, totals and
footers around a table. A record that lacks its last cells is a record; one that a line break or the end of the file has
cut is none, and must not land as if nobody had answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.landing.ledger import RejectedLine
from orchestration.landing.tabular.records import Tally, split_cells

TEXT_LINE = "It is a line of text, such as a title or a footer, and no record."
TOTAL = "It is a total of the records, and no record."
HEADER_AGAIN = "It is the header row once more."
PIECE = "A line break has cut a record in two, and it is one of the parts."

# So many records show how records begin; more would say the same.
_RECENT = 50
_LONGEST_GROUP = 100
_SHORTEST_DATE = 5
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
_TOTAL = rb"[%b\s\"]*+(?:(?:grand|overall|sub)[ -]?)?totals?\b"
_ONE_CELL = rb"[%b\s]*+(?:\"[^\"]*+\"|[^%b]*+)[%b\s\"]*+$"


@dataclass(frozen=True)
class Expected:
    """What a record of a table has: ``width`` cells; something in the places ``filled``, in those of them that are
    ``dated`` a date. Places count from 1. Without ``dated`` nothing tells a line of text from a record."""

    width: int
    filled: tuple[int, ...]
    dated: tuple[int, ...]

    def is_record(self, cells: Sequence[str]) -> bool:
        """Whether cells are those of a record beyond doubt."""
        return (
            self.reaches(len(cells))
            and all(cells[place - 1].strip() for place in self.filled)
            and all(_is_dated(cells[place - 1]) for place in self.dated)
        )

    def reaches(self, count: int) -> bool:
        """Whether so many cells are enough for all that a record cannot do without."""
        return count >= max(self.filled, default=self.width)


@dataclass(frozen=True)
class _Short:
    """A record shorter than the header row."""

    number: int
    line: bytes
    cells: tuple[str, ...]
    is_record: bool
    is_text: bool


class Fitter:
    """Takes the records of a table in their order, and says what is written in place of each, if anything.

    Notes in the tally how many were filled up and which are no records. What stays too short or too long is left to
    whoever reads the copy, and not landed.
    """

    def __init__(self, expected: Expected, delimiter: bytes, tally: Tally) -> None:
        self._expected = expected
        self._delimiter = delimiter
        self._tally = tally
        self._headers: list[bytes] = []
        # Short records that may be the parts of one.
        self._group: list[_Short] = []
        self._recent: list[bytes] = []
        self._last_short: tuple[int, int] = (0, 0)
        escaped = re.escape(delimiter)
        self._total = re.compile(_TOTAL % escaped, re.IGNORECASE)
        self._one_cell = re.compile(_ONE_CELL % (escaped, escaped, escaped))

    def note_header(self, line: bytes) -> None:
        """A row above the records; where it comes again it is no record."""
        self._headers.append(line)

    def fit(self, lines: Sequence[bytes], first: int) -> list[tuple[int, bytes]]:
        """The lines to write for some records, each with its number; ``first`` is the number of the first."""
        kept: list[tuple[int, bytes]] = []
        for number, line in enumerate(lines, start=first):
            if not line:
                continue
            if not self._is_plain(line):
                kept.extend(self._look_at(number, line))
                continue
            if self._group:
                kept.extend(self._settle())
            kept.append((number, line))
        self._recent = [*self._recent, *(line for _, line in kept[-_RECENT:])][-_RECENT:]
        return kept

    def finish(self) -> list[tuple[int, bytes]]:
        """What is still to be written when there are no more records."""
        if not self._group:
            return []
        *before, last = self._group
        self._group = before
        kept = self._settle()
        is_footer = not last.is_record and self._is_footer(last.cells[0])
        if self._ends_with(last):
            # A spreadsheet makes neighbours equally long; any other length may be where the file was cut.
            is_whole = self._last_short == (last.number - 1, len(last.cells))
            if not is_whole and not is_footer:
                return [*kept, (last.number, last.line)]
        if is_footer:
            self._reject(last.number, TEXT_LINE)
            return kept
        return [*kept, *self._settled(last)]

    def _is_plain(self, line: bytes) -> bool:
        """Whether a record needs no closer look: nearly all of them, told fast."""
        # Where marks stand inside cells this counts wrongly; then the record is looked at, or rejected as it is.
        outside = b"".join(line.split(b'"')[::2]) if b'"' in line else line
        return (
            outside.count(self._delimiter) == self._expected.width - 1
            and line not in self._headers
            and not (self._expected.dated and (self._total.match(line) or self._one_cell.match(line)))
        )

    def _look_at(self, number: int, line: bytes) -> list[tuple[int, bytes]]:
        cells = split_cells(line, self._delimiter)
        width = self._expected.width
        is_record = self._expected.is_record(cells)
        is_text = bool(self._expected.dated) and sum(bool(cell.strip()) for cell in cells) == 1
        reason = None
        if line in self._headers:
            reason = HEADER_AGAIN
        elif self._expected.dated and not is_record and self._total.match(line):
            reason = TOTAL
        elif is_text and len(cells) >= width:
            reason = TEXT_LINE
        if reason is None and len(cells) < width:
            return self._take(_Short(number, line, tuple(cells), is_record, is_text))
        kept = self._settle()
        if reason is not None:
            self._reject(number, reason)
            return kept
        is_surplus_blank = len(cells) > width and not any(cell.strip() for cell in cells[width:])
        return [*kept, (number, self._joined(line, len(cells) - width) if is_surplus_blank else line)]

    def _take(self, short: _Short) -> list[tuple[int, bytes]]:
        """A short record more: the rest of the ones before it, or one of its own."""
        group = [*self._group, short]
        joined, start = len(short.cells), len(group) - 1
        while start > 0 and joined + len(group[start - 1].cells) - 1 <= self._expected.width:
            start -= 1
            joined += len(group[start].cells) - 1
            is_broken = joined == self._expected.width and not all(one.is_record for one in group[start:])
            # Where the file may have been cut, what is there of its last record may have any length.
            if is_broken and not self._ends_with(short):
                for one in group[start:]:
                    self._reject(one.number, PIECE)
                self._group = group[:start]
                return self._settle()
        if short.is_record or len(group) > _LONGEST_GROUP:
            start = len(group) - 1
        # Those before cannot be parts of what follows.
        self._group = group[:start]
        kept = self._settle()
        self._group = group[start:]
        return kept

    def _ends_with(self, one: _Short) -> bool:
        """Whether the file ends with this record, and without a line end."""
        return self._tally.ends_bare and one.number == self._tally.records

    def _settle(self) -> list[tuple[int, bytes]]:
        group, self._group = self._group, []
        return [pair for one in group for pair in self._settled(one)]

    def _settled(self, one: _Short) -> list[tuple[int, bytes]]:
        self._last_short = (one.number, len(one.cells))
        if one.is_text:
            self._reject(one.number, TEXT_LINE)
            return []
        if not self._expected.reaches(len(one.cells)):
            return [(one.number, one.line)]
        self._tally.filled += 1
        return [(one.number, one.line + self._delimiter * (self._expected.width - len(one.cells)))]

    def _joined(self, line: bytes, surplus: int) -> bytes:
        """A record without so many blank cells at its end."""
        for _ in range(surplus):
            line = line[: line.rindex(self._delimiter)]
        return line

    def _is_footer(self, begin: str) -> bool:
        """Whether the first cell of a line that is no record is of a footer: words, and no record begins like it."""
        shapes = [_shape(split_cells(line, self._delimiter)[0]) for line in self._recent]
        is_like_a_record = not shapes or any(shape.startswith(_shape(begin)) for shape in shapes)
        return not is_like_a_record and (" " in begin.strip() or begin.startswith("\u00a9"))

    def _reject(self, number: int, reason: str) -> None:
        self._tally.rejected.append(RejectedLine(number, None, reason))


def _is_dated(cell: str) -> bool:
    """Whether a cell may hold a date, in any way of writing one: 5/6/23 is short, and a tick or a number is no date."""
    return len(cell.strip()) >= _SHORTEST_DATE and any(letter.isdigit() for letter in cell)


def _shape(text: str) -> str:
    """A text with each run of letters and of digits as one: ids of one portal look alike, whole or cut."""
    return _LETTERS.sub("a", _DIGITS.sub("0", text.strip()))
