"""The macros of dbt as SQL, without dbt: what staging would write, for a test that runs it on rows of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import duckdb

from orchestration.landing.reading import macros_of
from tests.support.paths import DBT_PROJECT


@lru_cache(maxsize=1)
def _macros() -> Any:
    files = sorted((DBT_PROJECT / "macros").glob("*.sql"))
    return macros_of("".join(path.read_text(encoding="utf-8") for path in files))


def macro(name: str, *arguments: object) -> Any:
    """What a macro of `dbt_project/macros` gives: the SQL it writes, or the value it returns."""
    return _macros()(name, *arguments)


def read(sql: str, texts: Sequence[str | None]) -> list[object]:
    """A macro's SQL for `cell`, worked out for each text."""
    with duckdb.connect() as con:
        rows = con.execute(
            f"select ({sql}) from (select unnest($texts::varchar[]) as cell, unnest(range(len($texts))) as place) "
            "order by place",
            {"texts": list(texts)},
        ).fetchall()
    return [value for (value,) in rows]
