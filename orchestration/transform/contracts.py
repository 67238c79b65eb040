"""What a table does not keep of its contract, in words: names of columns and counts of rows, never a value."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

# The test whose query gives the rules that are broken (dbt_project/tests/generic).
TEST = "table_contract"
# How DuckDB says that a table with a constraint was given a row that breaks it.
_REFUSED = re.compile(r"NOT NULL constraint failed: \w+\.(\w+)")


@dataclass(frozen=True)
class BrokenRule:
    """One rule of a contract that some rows break. `columns` is a list of names, separated by commas."""

    rule: str
    columns: str
    rows: int

    @property
    def sentence(self) -> str:
        """What is wrong with which column, in words."""
        several = "," in self.columns
        what = {
            "not_null": "holds NULL",
            "accepted_values": "holds a value that is not accepted",
            "unique": "repeat a combination" if several else "repeats a value",
        }[self.rule]
        rows = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        return f"{'columns' if several else 'column'} {self.columns} {what} in {rows}"


def broken_rules(settings: Settings, query: str) -> tuple[BrokenRule, ...]:
    """The rules that are broken now. `query` is a compiled `table_contract`.

    Raises WarehouseBusyError when another process has the warehouse open.
    """
    with open_warehouse(settings, read_only=True) as con:
        return tuple(BrokenRule(*row) for row in con.execute(query).fetchall())


def refused_in_words(message: str) -> str:
    """Which column kept a table from being built, where an engine's message says so; any other message as it is."""
    refused = _REFUSED.search(message)
    return f"column {refused[1]} holds NULL, so the table was not built" if refused else message
