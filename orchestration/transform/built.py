"""What the page shows of a table that was just built: rows, seconds, and which columns its columns are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestration.settings import Settings
from orchestration.transform.dbt import NodeResult
from orchestration.transform.lineage import ModelLineage, column_lineage, warehouse_columns
from orchestration.transform.manifest import node_of, relation_of
from orchestration.warehouse import identifier, open_warehouse


def rows_and_lineage(
    settings: Settings, manifest: Mapping[str, Any], built: Sequence[NodeResult], kept: Sequence[Path]
) -> tuple[dict[str, int], dict[str, ModelLineage]]:
    """Row count of every table that was built (views are not counted) and lineage of every model, by unique id.

    `kept` are the files in which lineage is kept from one run to the next; the last is written.
    """
    parents = {
        result.unique_id: [
            relation_of(node_of(manifest, parent))
            # Seeds depend on nothing and do not even say so.
            for parent in manifest["nodes"][result.unique_id]["depends_on"].get("nodes", [])
        ]
        for result in built
    }
    with open_warehouse(settings, read_only=True) as con:
        columns = warehouse_columns(con)
        views = set(con.execute("select schema_name, view_name from duckdb_views()").fetchall())
        # Counting a table reads its header; counting a view would run it.
        counts = {
            result.unique_id: con.execute(
                f"select count(*) from {identifier(result.schema)}.{identifier(result.table)}"
            ).fetchall()[0][0]
            for result in built
            if (result.schema, result.table) not in views
        }
    models = [result for result in built if result.resource_type == "model"]
    return counts, column_lineage(models, parents, columns, kept)
