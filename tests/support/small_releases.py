"""Release folders of a few rows, for comparing two of them and for their documentation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from reporting.release_files import DATABASE, INTERNAL, MANIFEST

VALUE = """
create table marts.indicator_value as
select 'insights' as theme, 'abuse' as indicator_id, year as period, '2023-24' as period_label,
    'all_services' as geography_level, 'all_services' as geography_code, 'total' as breakdown,
    'total' as breakdown_value, '' as point, row_order, 'Yes & <no>' as row_label, 1 as column_order,
    '' as column_label, '%' as unit, 10::bigint as numerator, 20::bigint as denominator, 50.0::double as value,
    40.0::double as lower_95, 60.0::double as upper_95, 'ok' as status
from (values (2023), (2024)) as y (year), (values (1), (2)) as r (row_order)
"""
BASE = (
    "create schema marts",
    "create schema reference",
    "create schema ops",
    VALUE,
    "create table marts.fct_form as select * from (values ('a', 101, 1), ('b', 102, 2), ('c', 103, 3)) "
    "as f (form_key, landed_row_id, answer)",
    "create table marts.loose as select * from (values (1), (1), (2)) as l (x)",
    "create view marts.shown as select form_key from marts.fct_form",
    "create table reference.option as select * from (values (1, 'Yes'), (2, 'No')) as o (option_id, label)",
    "create table ops.load as select * from (values ('a.csv', 'h1', 'landed', 3::bigint), "
    "('b.csv', 'h2', 'landed', 5::bigint)) as l (source_file, sha256, status, rows_landed)",
    "create table ops.check_result as select * from (values ('dates', 'real_date', 'stg', true, 0::bigint)) "
    "as c (suite, check_id, table_name, success, unexpected_count)",
    "comment on table marts.fct_form is 'One row per form.'",
    "comment on column marts.fct_form.answer is 'The answer.'",
)


def release(root: Path, name: str, statements: Sequence[str] = (), manifest: dict[str, Any] | None = None) -> Path:
    """A release of these rows, changed by some statements; `manifest` replaces parts of its manifest."""
    folder = root / name / INTERNAL
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / DATABASE)) as con:
        for statement in [*BASE, *statements]:
            con.execute(statement)
    told = {"release": name, "code_version": "one", "python": "3.11", "packages": {"duckdb": "1"}} | (manifest or {})
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    return root / name
