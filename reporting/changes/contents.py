"""What is told one by one with what it was and what it is: figures, and definitions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from reporting.changes.difference import DefinitionChange, FigureChange
from reporting.changes.two_releases import (
    FIGURE_KEY,
    INDICATOR_VALUE,
    Relation,
    TwoReleases,
    differing_rows,
    is_told,
    keys_equal,
)

_FIGURE_PARTS = ("numerator", "denominator", "value", "lower_95", "upper_95", "status")
_FIGURE_LABELS = ("row_label", "column_label", "unit")
# Two runs add floating-point numbers in the same order; releases of two versions of the engine perhaps not.
_SAME = 1e-9
_COMMENTS = """
with described as (
    select database_name, schema_name, table_name, null as column_name, comment from duckdb_tables()
    union all
    select database_name, schema_name, view_name, null, comment from duckdb_views()
    union all
    select database_name, schema_name, table_name, column_name, comment from duckdb_columns()
), sides as (
    select o.schema_name, o.table_name, o.column_name, trim(o.comment) as before, trim(n.comment) as now
    from described as o
    join described as n
        on o.schema_name = n.schema_name and o.table_name = n.table_name
        and o.column_name is not distinct from n.column_name
    where o.database_name = 'before' and n.database_name = 'now'
)
select * from sides where before is distinct from now order by all nulls first
"""


def figure_changes(two: TwoReleases, differing: Iterable[Relation]) -> tuple[FigureChange, ...]:
    """Rows of marts.indicator_value whose numbers differ, by key, newest period first."""
    if INDICATOR_VALUE not in differing or not two.both_have(
        INDICATOR_VALUE, (*FIGURE_KEY, *_FIGURE_LABELS, *_FIGURE_PARTS)
    ):
        return ()
    went, came = (differing_rows(result, INDICATOR_VALUE) for result in ("went", "came"))
    described = ", ".join(f"coalesce(n.{name}, o.{name})" for name in (*FIGURE_KEY, *_FIGURE_LABELS))
    parts = ", ".join(f"{side}.{part}" for side in "on" for part in _FIGURE_PARTS)
    rows = two.con.execute(
        f"select {described}, o.theme is not null, n.theme is not null, {parts} "
        f"from {went} as o full join {came} as n on {keys_equal(FIGURE_KEY)} "
        "order by 1, 2, 3 desc, 4, 5, 6, 7, 8, 9, 10, 11"
    ).fetchall()
    found = []
    width, part = len(FIGURE_KEY), len(_FIGURE_PARTS)
    for row in rows:
        label, column, unit, was, is_now = row[width : width + 5]
        numbers = row[width + 5 :]
        before = dict(zip(_FIGURE_PARTS, numbers[:part], strict=True)) if was else None
        now = dict(zip(_FIGURE_PARTS, numbers[part:], strict=True)) if is_now else None
        if before is not None and now is not None and all(_same(before[name], now[name]) for name in now):
            continue
        key = dict(zip(FIGURE_KEY, row[:width], strict=True))
        found.append(FigureChange(key, label or "", column or "", unit or "", before, now))
    return tuple(found)


def count_of_figures(two: TwoReleases) -> int:
    """Rows of marts.indicator_value in the newer release."""
    if INDICATOR_VALUE not in two.columns["now"]:
        return 0
    return two.number("select count(*) from now.marts.indicator_value")


def definition_changes(two: TwoReleases, differing: Iterable[Relation]) -> tuple[DefinitionChange, ...]:
    """Descriptions of tables and columns, and rows of the lists that say what things mean."""
    found = [
        DefinitionChange(f"description of {schema}.{table}", column or "the table", before, now)
        for schema, table, column, before, now in two.con.execute(_COMMENTS).fetchall()
    ]
    for relation in sorted(differing):
        if relation != INDICATOR_VALUE and is_told(relation):
            found += _changed_rows(two, relation)
    return tuple(found)


def _changed_rows(two: TwoReleases, relation: Relation) -> list[DefinitionChange]:
    where = ".".join(relation)
    columns, key = two.common_columns(relation)
    sides = []
    for result in ("went", "came"):
        rows = two.con.execute(f"select * from {differing_rows(result, relation)} order by all").fetchall()
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        sides.append({tuple(str(row[name]) for name in key or columns): row for row in named})
    went, came = sides
    found = []
    for name in sorted(went.keys() | came.keys()):
        before, now = went.get(name), came.get(name)
        shown = " / ".join(part for part in name if part not in ("", "None"))
        if before is None or now is None:
            one = "came" if before is None else "went"
            found.append(DefinitionChange(where, shown, None if one == "came" else one, one if now else None))
            continue
        found += [
            DefinitionChange(where, f"{shown}: {column}", _text(before[column]), _text(now[column]))
            for column in columns
            if before[column] != now[column]
        ]
    return found


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_SAME, abs_tol=_SAME)
    return bool(one == other)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
