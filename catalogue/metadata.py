"""Columns that survey tools add of their own: ids, times, addresses of whoever filled the form in, states of a record.

A name that a form may well use for a question of its own (`Status`, `Name`) is taken for a tool's only in an export of
that tool: at least two columns stand in the row that this tool alone writes. Times of an edit are none of them, because
the engine asks for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from catalogue.folding import fold_header

# One may be chance.
_LEAST_TELLING = 2


@dataclass(frozen=True)
class MetadataColumn:
    """A column that a tool adds; ``is_common``: others may use its name for something else."""

    tool: str
    header: str
    is_common: bool

    @cached_property
    def name(self) -> str:
        """The header, folded."""
        return fold_header(self.header)


def metadata_among(columns: Sequence[MetadataColumn], names: Sequence[str]) -> frozenset[str]:
    """Which of the folded names of a header row a survey tool has added, as far as the row tells."""
    row = Counter(names)
    tools = Counter(column.name for column in columns)
    telling = Counter(
        column.tool for column in columns if column.name in row and not column.is_common and tools[column.name] == 1
    )
    # A common name that comes twice is once a question.
    return frozenset(
        column.name
        for column in columns
        if column.name in row
        and (not column.is_common or (telling[column.tool] >= _LEAST_TELLING and row[column.name] == 1))
    )
