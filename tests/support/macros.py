"""The macros of dbt as SQL, without dbt: what staging would write, for a test that runs it on rows of its own."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from orchestration.landing.reading import macros_of
from tests.support.paths import DBT_PROJECT


@lru_cache(maxsize=1)
def _macros() -> Any:
    files = sorted((DBT_PROJECT / "macros").glob("*.sql"))
    return macros_of("".join(path.read_text(encoding="utf-8") for path in files))


def macro(name: str, *arguments: object) -> Any:
    """What a macro of `dbt_project/macros` gives: the SQL it writes, or the value it returns."""
    return _macros()(name, *arguments)
