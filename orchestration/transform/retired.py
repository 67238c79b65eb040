"""Relations that no model makes any more: a renamed or removed model leaves its table, and with it rows of children.

What is published is everything in a schema, and an erasure reaches what models make; so a table of a model that is gone
would be published for ever and never be erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from orchestration.transform.manifest import relation_of
from orchestration.warehouse import identifier


def drop_retired(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> list[str]:
    """Drop every table and view in a schema of dbt's that no node of the manifest makes. Returns their names."""
    made = {relation_of(node) for node in manifest["nodes"].values() if node["resource_type"] in {"model", "seed"}}
    schemas = {schema for schema, _ in made}
    found = con.execute(
        "select 'view', schema_name, view_name from duckdb_views() "
        "where database_name = current_database() and not internal union all "
        "select 'table', schema_name, table_name from duckdb_tables() where database_name = current_database() "
        "order by all desc"
    ).fetchall()
    dropped = []
    for kind, schema, name in found:
        if schema in schemas and (schema, name) not in made:
            con.execute(f"drop {kind} {identifier(schema)}.{identifier(name)}")
            dropped.append(f"{schema}.{name}")
    return dropped
