"""The working copy of a table: what DuckDB reads in place of the delivered file.

DuckDB reads CSV fast, but it cannot say which record of a file a row was, it guesses where a quoted line
break ends when it reads in parallel, and it knows neither cp1252 nor workbooks. So every file is first
copied, record by record, into a working copy: UTF-8, one record per line, its number in front. The copy is
a small part of the time of a load. It holds personal data in clear, so it lies in a private folder and is
deleted with the load.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.tabular.fitting import Expected, Fitter
from orchestration.landing.tabular.records import Source, Tally
from orchestration.warehouse import literal


@dataclass(frozen=True)
class WorkingCopy:
    """A working copy, and how DuckDB is to read it. Records are numbered as in the file, header rows included.

    ``is_1904`` says that its numbers, where they are days, count from 1904: it was a workbook of an old Macintosh.
    """

    path: Path
    delimiter: bytes
    width: int
    tally: Tally
    first_record: int
    is_1904: bool = False

    @property
    def records(self) -> int:
        """How many records lie below the header rows."""
        return self.tally.records - self.first_record + 1

    def table_sql(self) -> str:
        """The table function that reads the copy: record_no, c1 … cN, all VARCHAR.

        Records it cannot read are passed over; which those are is told by the numbers that did not arrive. What
        DuckDB itself notes about them is not used: after a broken quotation mark it names the wrong lines, and
        it would keep their text.
        """
        names = ["record_no", *(f"c{place}" for place in range(1, self.width + 1))]
        columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
        return (
            f"read_csv({literal(self.path)}, auto_detect = false, header = false, columns = {{{columns}}}, "
            f"delim = '{self.delimiter.decode()}', quote = '\"', escape = '\"', new_line = '\\n', "
            "ignore_errors = true)"
        )


def copy_records(source: Source, delimiter: bytes, expected: Expected, header_rows: int, target: Path) -> WorkingCopy:
    """Write every record below the header rows to ``target``: its number, the delimiter, the record, a line feed.

    Records that lack cells at their end are filled up, lines that are no records are left out; the tally says of both.

    Parameters:
        expected: what a record has, as the header row says.

    Raises FileRefusedError: there are no records, or the last one is cut off inside quotation marks.
    """
    tally = Tally(width=expected.width)
    fitter = Fitter(expected, delimiter, tally)
    number = 0
    pattern = b"%d" + delimiter.replace(b"%", b"%%") + b"%b\n"
    with target.open("wb", buffering=0) as handle:
        for batch in source.batches(delimiter, tally):
            skipped = min(max(header_rows - number, 0), len(batch))
            for line in batch[:skipped]:
                fitter.note_header(line)
            first = number + skipped + 1
            number += len(batch)
            handle.write(b"".join([pattern % pair for pair in fitter.fit(batch[skipped:], first)]))
        handle.write(b"".join([pattern % pair for pair in fitter.finish()]))
    copy = WorkingCopy(target, delimiter, expected.width, tally, header_rows + 1, source.is_1904)
    if copy.records < 1:
        raise FileRefusedError("It holds a header row and no records.")
    tally.refuse_cut_in_quotes()
    return copy
