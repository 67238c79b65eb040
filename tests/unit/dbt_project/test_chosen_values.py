"""A value that is chosen by another column is that of the row chosen, also where that has none."""

from __future__ import annotations

import re

import duckdb
import pytest

from tests.support.macros import macro
from tests.support.paths import DBT_PROJECT, ROOT

# These pass over NULLs, or take any row's: what comes out is not the value of the row that was meant. What is meant is said
# by the macros of engine.sql.
_PASS_OVER = re.compile(
    r"\b(?:max_by|min_by|arg_max\w*|arg_min\w*|argmax|argmin|any_value|arbitrary|mode|first|last)\s*\(", re.IGNORECASE
)
_IGNORE = re.compile(r"\bignore\s+nulls\b", re.IGNORECASE)
_ALLOWED = DBT_PROJECT / "macros" / "engine.sql"


def _without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|--[^\n]*", lambda found: "\n" * found.group().count("\n"), text, flags=re.DOTALL)


@pytest.mark.parametrize(
    "folder", ["dbt_project/models", "dbt_project/macros", "dbt_project/tests", "expectations/checks"]
)
def test_no_model_chooses_a_value_by_a_function_that_passes_over_nulls(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}, line {number}"
        for path in sorted((ROOT / folder).rglob("*.sql"))
        if path != _ALLOWED
        for number, line in enumerate(_without_comments(path.read_text(encoding="utf-8")).splitlines(), start=1)
        if _PASS_OVER.search(line) or _IGNORE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "is_caught"),
    [("max_by(a, b)", True), ("arg_max_null(a, b)", True), ("any_value (x)", True), ("lag(x ignore nulls)", True),
     ("first(x order by y)", True), ("first_value(x) over y", False), ("lag(x) over y", False),
     ("value_of_last('x')", False)],
)  # fmt: skip
def test_the_pattern_catches_them(line: str, is_caught: bool) -> None:
    assert bool(_PASS_OVER.search(line) or _IGNORE.search(line)) is is_caught


@pytest.mark.parametrize(
    ("name", "expected"), [("value_of_last", None), ("value_of_first", "a"), ("first_present", "a")]
)
def test_the_value_of_a_row_is_that_rows(name: str, expected: str | None) -> None:
    with duckdb.connect() as con:
        rows = "(values (1, 'a', 1), (2, null, 2), (0, null, 3)) as told (place, said, other)"
        where = " where place > 0" if name == "value_of_first" else ""
        assert con.execute(f"select {macro(name, 'said', 'place')} from {rows}{where}").fetchall() == [(expected,)]
