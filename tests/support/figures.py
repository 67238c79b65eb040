"""A figure made by hand, and the tables of a release that hold figures and say what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields

import duckdb

from reporting.figures import Figure
from reporting.indicators import Indicator

_TYPES = {"str": "varchar", "int": "bigint", "float": "double", "bool": "boolean"}
_USUAL: Mapping[str, object] = {
    "source": "indicator_value", "theme": "insights", "indicator_id": "safe", "period": 2024,
    "period_label": "2023-24", "geography_level": "all_services", "geography_code": "all_services",
    "breakdown": "total", "breakdown_value": "total", "point": "", "row_order": 1, "row_label": "Yes",
    "parent_label": None, "column_order": 1, "column_label": "", "statistic": "percentage", "numerator": 50,
    "denominator": 200, "value": 25.0, "value_rounded": 25.0, "unit": "%", "lower_95": 19.5, "upper_95": 31.4,
    "status": "ok", "population_id": "intake_forms", "is_published": True,
}  # fmt: skip


def figure(**changes: object) -> Figure:
    """A figure of the forms: a quarter of 200 in 2023-24, but for the changes; nothing is compared."""
    nothing = {field.name: None for field in fields(Figure)}
    return Figure(**{**nothing, **_USUAL, **changes})  # type: ignore[arg-type]


def put_figures(con: duckdb.DuckDBPyConnection, relation: str, figures: Sequence[Figure]) -> None:
    """Make a relation of figures (`marts.published_value`) with these."""
    _put(con, relation, Figure, [astuple(one) for one in figures])


def put_indicators(con: duckdb.DuckDBPyConnection, *indicators: Mapping[str, object]) -> None:
    """Make `marts.indicator` with these rows; what they do not name is null."""
    names = [field.name for field in fields(Indicator)]
    _put(con, "marts.indicator", Indicator, [tuple(one.get(name) for name in names) for one in indicators])


def _put(con: duckdb.DuckDBPyConnection, relation: str, kind: type, rows: Sequence[tuple[object, ...]]) -> None:
    columns = ", ".join(f"{field.name} {_TYPES[str(field.type).split(' |')[0]]}" for field in fields(kind))
    con.execute(f"create table {relation} ({columns})")
    if rows:
        con.executemany(f"insert into {relation} values ({', '.join('?' * len(rows[0]))})", rows)
