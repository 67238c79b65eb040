"""What two releases can differ in: files, code, tables, rows, figures, definitions, checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FileChange:
    """One file of the raw folder. `kind` is added, removed or changed (another content under the name)."""

    file: str
    kind: str
    status: str
    rows_before: int | None
    rows_now: int | None


@dataclass(frozen=True)
class TableChange:
    """One table or view that was added, removed or changed; rows are counted for changed tables only.

    `paired` is False where rows could not be paired by a key: then a changed row is one that went and one that came.
    """

    schema: str
    table: str
    kind: str
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_retyped: tuple[str, ...] = ()
    rows_added: int = 0
    rows_removed: int = 0
    rows_changed: int = 0
    paired: bool = True

    @property
    def name(self) -> str:
        """Schema and table."""
        return f"{self.schema}.{self.table}"


@dataclass(frozen=True)
class FigureChange:
    """One row of marts.indicator_value that came, went or has other numbers.

    `before` is None for one that came, `now` for one that went. Both map numerator, denominator, value, lower_95,
    upper_95 and status to what they were and are.
    """

    key: Mapping[str, Any]
    row_label: str
    column_label: str
    unit: str
    before: Mapping[str, Any] | None
    now: Mapping[str, Any] | None


@dataclass(frozen=True)
class DefinitionChange:
    """One description or one row of a list of definitions. `before` or `now` is None where it came or went."""

    where: str
    name: str
    before: str | None
    now: str | None


@dataclass(frozen=True)
class CheckChange:
    """One check of the data: how many rows failed it before and now; None where the check was not there."""

    check: str
    table: str
    before: int | None
    now: int | None


@dataclass(frozen=True)
class ReleaseDiff:
    """Everything that two releases differ in. `code` and `packages` hold (name, before, now) of what is another."""

    old: str
    new: str
    code: tuple[tuple[str, str, str], ...]
    files: tuple[FileChange, ...]
    tables: tuple[TableChange, ...]
    figures: tuple[FigureChange, ...]
    figures_compared: int
    definitions: tuple[DefinitionChange, ...]
    checks: tuple[CheckChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is different."""
        return not (self.code or self.files or self.tables or self.figures or self.definitions or self.checks)
