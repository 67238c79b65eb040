"""Records of a return on their way from a reader: gathered until there are enough of them, then handed over in columns.

What a reader finds lies in memory only until its batch is handed over: to the writer, or from the process that reads
to the one that writes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter

import pyarrow as pa

from orchestration.landing.ledger import RejectedLine

_PLACES = (
    ("no", pa.int64()),
    ("line", pa.int64()),
    ("path", pa.string()),
    ("parent_no", pa.int64()),
    ("child_no", pa.int64()),
)

#: (number in the file, line or record, path, number of the record it lies in, number of the child), then the values.
Row = tuple[object, ...]


class RecordBatches(ABC):
    """Takes records and rejections of one file; who inherits says where a batch goes.

    ``landed`` and ``rejected`` count what was handed over and what was rejected, ``reasons`` the latter by column and
    reason.
    """

    batch_rows = 200_000

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}
        self._tables: dict[str, list[pa.Table]] = {}
        self._waiting = 0
        self._rejected: list[RejectedLine] = []
        self.landed = 0
        self.rejected = 0
        self.reasons: Counter[tuple[str | None, str]] = Counter()

    @abstractmethod
    def _hand_over(self, batch: dict[str, pa.Table], rejected: list[RejectedLine]) -> None:
        """Take a batch: a table for each kind of record, and what could not be read."""

    def rows(self, record_id: str) -> list[Row]:
        """The list to append records of a kind to. Call `settle` when they belong together with nothing to come."""
        return self._rows.setdefault(record_id, [])

    def add(self, tables: dict[str, pa.Table]) -> None:
        """Take records that are in columns already: the places of a row, then its values as text, `v0`, `v1`, …"""
        for record_id, table in tables.items():
            # What was found before comes first.
            self._tables.setdefault(record_id, []).extend([*self._as_table(record_id), table])
            self._waiting += len(table)
        self.settle()

    def reject(self, line: RejectedLine) -> None:
        """Note a record that cannot be landed."""
        self._rejected.append(line)
        self.rejected += 1
        self.reasons[line.column_name, line.reason] += 1

    def settle(self) -> None:
        """Hand the batch over if it is large enough: called between records that do not lie in one another."""
        waiting = self._waiting + sum(map(len, self._rows.values())) + len(self._rejected)
        if waiting >= self.batch_rows:
            self.flush()

    def flush(self) -> None:
        """Hand over what is there."""
        batch: dict[str, pa.Table] = {}
        for record_id in {*self._rows, *self._tables}:
            tables = [*self._tables.pop(record_id, []), *self._as_table(record_id)]
            if tables:
                batch[record_id] = pa.concat_tables(tables)
                self.landed += len(batch[record_id])
        rejected, self._rejected, self._waiting = self._rejected, [], 0
        self._hand_over(batch, rejected)

    def _as_table(self, record_id: str) -> list[pa.Table]:
        rows = self._rows.get(record_id)
        if not rows:
            return []
        table = arrow_table(rows)
        self._waiting += len(rows)
        rows.clear()
        return [table]


def arrow_table(rows: list[Row]) -> pa.Table:
    """Rows as a table: their places, then `v0`, `v1`, …"""
    columns = list(zip(*rows, strict=True))
    schema = batch_schema(len(columns) - len(_PLACES))
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)


def batch_schema(width: int) -> pa.Schema:
    """The columns of a batch of records with so many values."""
    return pa.schema([*_PLACES, *((f"v{place}", pa.string()) for place in range(width))])


def batch_width(schema: pa.Schema) -> int | None:
    """How many values the records of a batch have; None when its columns are not those of a batch."""
    width = len(schema) - len(_PLACES)
    return width if width >= 0 and schema.equals(batch_schema(width)) else None
