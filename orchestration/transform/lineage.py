"""Column lineage: which columns of which tables every column of a dbt model is made from.

Read from the SQL that dbt ran. Reading it is the slow part, so what was found is kept beside the parsed project and
read again only for a model whose SQL or inputs changed.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.hashing import sha256_of_json
from orchestration.transform.dbt import NodeResult

# schema -> table -> column -> type
Columns = dict[str, dict[str, dict[str, str]]]

# column -> sorted [[schema, table, column], …]
ModelLineage = dict[str, list[list[str]]]


def warehouse_columns(con: duckdb.DuckDBPyConnection) -> Columns:
    """Every column of the warehouse as `{schema: {table: {column: type}}}`."""
    columns: Columns = {}
    for schema, table, column, data_type in con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where not internal and database_name = current_database() order by schema_name, table_name, column_index"
    ).fetchall():
        columns.setdefault(schema, {}).setdefault(table, {})[column] = data_type
    return columns


def column_lineage(
    models: Sequence[NodeResult],
    parents: Mapping[str, Sequence[tuple[str, str]]],
    columns: Columns,
    kept: Sequence[Path],
) -> dict[str, ModelLineage]:
    """Lineage of each model, by unique id.

    `parents` names each model's input tables as (schema, table). Of the files in `kept` all are read, and what is new
    is written to the last. A model whose SQL cannot be read gets an empty lineage: the picture has a gap, the run does
    not fail for it.
    """
    *shared, known = map(_read, kept)
    is_new = False
    found: dict[str, ModelLineage] = {}
    for model in models:
        if model.compiled_code is None:
            continue
        inputs: Columns = {schema: {} for schema, _ in parents[model.unique_id]}
        for schema, table in parents[model.unique_id]:
            inputs[schema][table] = columns.get(schema, {}).get(table, {})
        outputs = list(columns.get(model.schema, {}).get(model.table, {}))
        key = sha256_of_json([model.compiled_code, inputs, outputs])
        entries = (one.get(model.unique_id) for one in (known, *shared))
        entry = next((one for one in entries if one is not None and one["key"] == key), None)
        if entry is None:
            entry = {"key": key, "lineage": _trace(model.compiled_code, inputs, outputs)}
            known[model.unique_id] = entry
            is_new = True
        found[model.unique_id] = entry["lineage"]
    if is_new:
        with contextlib.suppress(OSError):
            # Another run may read it at this moment: it sees the old one or the new one.
            fresh = kept[-1].with_name(f".{kept[-1].name}-{os.getpid()}")
            fresh.write_text(json.dumps(known, sort_keys=True), encoding="utf-8")
            fresh.replace(kept[-1])
    return found


def _read(cache: Path) -> dict[str, Any]:
    # Kept for speed only: a file that is not there, or cannot be read or written, costs a second reading of the SQL.
    with contextlib.suppress(OSError, ValueError):
        known: dict[str, Any] = json.loads(cache.read_text(encoding="utf-8"))
        return known
    return {}


def _trace(sql: str, inputs: Columns, outputs: Sequence[str]) -> ModelLineage:
    # Imported late: only a run with changed models needs it.
    from sqlglot import exp, parse_one
    from sqlglot.errors import SqlglotError
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    try:
        tree = parse_one(sql, dialect="duckdb")
        # The database part would have to be in the schema mapping too; one warehouse has one database.
        for table in tree.find_all(exp.Table):
            table.set("catalog", None)
        tree = qualify(tree, dialect="duckdb", schema=inputs, validate_qualify_columns=False, identify=False)
        _put_unions_in_order(tree)
        scope = build_scope(tree)
        nodes = lineage(None, tree, inputs, dialect="duckdb", scope=scope, trim_selects=False, copy=False)
    except (SqlglotError, RecursionError, ValueError, KeyError):
        return {}
    result: ModelLineage = {}
    for column in outputs:
        node = nodes.get(column)
        if node is None:
            continue
        sources = {
            (leaf.source.db, leaf.source.name, leaf.name.rsplit(".", 1)[-1].strip('"'))
            for leaf in node.walk()
            if not leaf.downstream and isinstance(leaf.source, exp.Table)
        }
        result[column] = sorted(
            [schema, table, name] for schema, table, name in sources if name in inputs.get(schema, {}).get(table, {})
        )
    return result


def _put_unions_in_order(tree: Any) -> None:
    """Write unions by name as unions by position, as sqlglot follows them; a column that a part lacks is NULL."""
    from sqlglot import exp

    for union in list(tree.find_all(exp.SetOperation)):
        if not union.args.get("by_name"):
            continue
        chain, parts = [union], []
        while chain:
            one = chain.pop()
            if isinstance(one, exp.SetOperation):
                one.set("by_name", False)
                chain += [one.expression, one.this]
            else:
                parts.append(one)
        names = list(dict.fromkeys(name for part in parts for name in part.named_selects))
        for part in parts:
            held = {column.alias_or_name: column for column in part.selects}
            part.set("expressions", [held.get(name) or exp.alias_(exp.null(), name) for name in names])
