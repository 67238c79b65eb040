"""The cookbook's questions: reads them from the page, runs them, and writes their results into it.

    python -m tests.support.cookbook home/published/current/internal/insights.duckdb

writes the results of that release; the test compares and writes nothing.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "cookbook.md"

_QUESTION = re.compile(
    r"^## (?P<title>[^\n]+)\n(?P<text>.*?)```sql\n(?P<sql>.*?)```\n(?P<gap>\n*)(?P<table>(?:\|[^\n]*\n)*)",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Recipe:
    """One question with its query and the result printed under it, heading row and rule row included."""

    title: str
    sql: str
    printed: tuple[str, ...]


def recipes(page: str) -> list[Recipe]:
    """All questions of the page, in order."""
    return [
        Recipe(found["title"], found["sql"], tuple(found["table"].splitlines())) for found in _QUESTION.finditer(page)
    ]


def result_table(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[str, ...]:
    """The result of a query as the lines of a Markdown table."""
    cursor = con.execute(sql)
    headings = [column[0] for column in cursor.description or ()]
    rows = cursor.fetchall()
    lines = [headings, ["---"] * len(headings), *([_text(value) for value in row] for row in rows)]
    return tuple(f"| {' | '.join(line)} |" for line in lines)


def with_results(page: str, con: duckdb.DuckDBPyConnection) -> str:
    """The page with the results of a release under its queries."""

    def replaced(found: re.Match[str]) -> str:
        table = "\n".join(result_table(con, found["sql"]))
        return f"## {found['title']}\n{found['text']}```sql\n{found['sql']}```\n\n{table}\n"

    return _QUESTION.sub(replaced, page)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).split()).replace("|", r"\|")


if __name__ == "__main__":
    with duckdb.connect(sys.argv[1], read_only=True) as release:
        PAGE.write_text(with_results(PAGE.read_text(encoding="utf-8"), release), encoding="utf-8")
