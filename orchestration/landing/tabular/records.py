"""Records of a table, whatever file they come from, and what was noticed while they were read."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from orchestration.landing.ledger import RejectedLine
from orchestration.landing.limits import MAXIMUM_QUOTED
from orchestration.landing.refusal import FileRefusedError


class Source(Protocol):
    """Anything that gives records.

    ``delimiters`` are those its records may be written with; ``is_1904`` says that its numbers, where they are days,
    count from 1904 and not from 1900.
    """

    @property
    def delimiters(self) -> tuple[bytes, ...]: ...

    @property
    def is_1904(self) -> bool: ...

    def batches(self, delimiter: bytes, tally: Tally) -> Iterator[list[bytes]]:
        """Records as UTF-8 lines without line end, in file order, many at a time; blank ones are left out."""


@dataclass
class Tally:
    """What was noticed while records were read. Numbers are record numbers, the first record of the file is 1.

    ``width`` is how many columns the header row has (0 while that is not known); ``broken`` are records whose
    quotation marks do not pair up; ``swallowing`` are those that may hold other records in quoted text;
    ``ends_open`` says that the last record ends inside quotation marks, ``ends_bare`` that it has no line end.
    ``filled`` is how many records were shorter than the header row and got empty cells; ``rejected`` are lines that are
    no records, as far as that was told before they were read.
    """

    width: int = 0
    records: int = 0
    swallowing: set[int] = field(default_factory=set)
    broken: set[int] = field(default_factory=set)
    ends_open: bool = False
    ends_bare: bool = False
    filled: int = 0
    rejected: list[RejectedLine] = field(default_factory=list)

    def refuse_cut_in_quotes(self) -> None:
        """Raise FileRefusedError when the file ends inside quotation marks."""
        if self.ends_open:
            raise FileRefusedError(
                f"It is cut off: record {self.records:,}, the last one, ends in the middle of a quoted text. Export it "
                "again."
            )

    def refuse_swallowed(self, not_landed: Collection[int]) -> None:
        """Raise FileRefusedError when a record that could not be landed may hide others."""
        swallowing = sorted(self.swallowing.intersection(not_landed))
        if swallowing:
            raise FileRefusedError(
                f"A quotation mark opened in record {swallowing[0]:,} is not closed where it should be, so it cannot "
                "be told where the records below it begin. Export it again."
            )

    def refuse_cut_in_record(self, *, last_is_short: bool) -> None:
        """Raise FileRefusedError when the last record has neither all its columns nor a line end."""
        if self.ends_bare and last_is_short:
            raise FileRefusedError(
                f"It is cut off: record {self.records:,}, the last one, ends before its last column. Export it again."
            )


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
    if len(record) > MAXIMUM_QUOTED * 2:
        raise FileRefusedError("It is not a table: its first lines are too long for a header row.")
    text = record.decode("utf-8", "replace")
    csv.field_size_limit(MAXIMUM_QUOTED * 4)
    return next(csv.reader([text], delimiter=delimiter.decode(), skipinitialspace=True), [])
