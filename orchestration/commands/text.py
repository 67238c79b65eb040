"""Helpers of what the commands print: a query, a table of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], right: set[int]) -> list[str]:
    """Lines of a table; `right` are the columns set to the right."""
    widths = [
        max(len(headings[i]), *(len(row[i]) for row in rows)) if rows else len(headings[i])
        for i in range(len(headings))
    ]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()

    return [line(headings), *(line(row) for row in rows)]


def query(con: duckdb.DuckDBPyConnection, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return con.execute(sql, parameters).fetchall()
