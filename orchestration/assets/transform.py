"""Every dbt model, seed and data test in Dagster's graph, in two steps so that gate 1 stands between them.

dagster-dbt makes the specs from the manifest; what a step yields comes from the results of `orchestration.dbt`.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject, dbt_assets

from catalogue.returns import load_returns
from orchestration import runlog
from orchestration.assets.pipeline import RETRY_WHEN_BUSY, Pipeline
from orchestration.progress import say
from orchestration.release.publish import TableDoc
from orchestration.transform import dbt
from orchestration.transform.dbt_cache import ParsedProject
from orchestration.transform.lineage import column_lineage, warehouse_columns
from orchestration.warehouse import open_warehouse

# The two halves of a run; what lies in which is said, with the reasons, in dbt_project/selectors.yml.
BEFORE_GATE_1 = "before_gate_1"
AFTER_GATE_1 = "after_gate_1"


class StagingConfig(dg.Config):
    """`full_refresh`: stage everything again, not only what is new."""

    full_refresh: bool = False


class Translator(DagsterDbtTranslator):
    """Decides key, group and check of every dbt node: keys are schema and table, groups are schemas."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """The schema and the table, as an analyst would write it in SQL."""
        return dg.AssetKey([relation_of(dbt_resource_props)[0], relation_of(dbt_resource_props)[1]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The schema."""
        return relation_of(dbt_resource_props)[0]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """What the YAML says, without the SQL: that is one click away in the repository."""
        return str(dbt_resource_props.get("description") or "")

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """As dagster-dbt has it; a test of several models is shown on the last of them in the flow."""
        spec: dg.AssetCheckSpec | None = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is not None or manifest["nodes"][unique_id].get("attached_node"):
            return spec
        home = _last_model(manifest, unique_id)
        if home is None or self.get_asset_key(_node(manifest, home)) != asset_spec.key:
            return None
        return dg.AssetCheckSpec(
            name=manifest["nodes"][unique_id]["name"],
            asset=asset_spec.key,
            description=manifest["nodes"][unique_id].get("description") or None,
            blocking=True,
            metadata={"dagster_dbt/unique_id": unique_id},
        )


def _translator() -> Translator:
    return Translator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))


def staging_assets(manifest_path: Path) -> dg.AssetsDefinition:
    """Seeds and staging models."""

    @dbt_assets(
        manifest=manifest_path,
        name="dbt_staging",
        selector=BEFORE_GATE_1,
        dagster_dbt_translator=_translator(),
        required_resource_keys={"pipeline"},
        retry_policy=RETRY_WHEN_BUSY,
    )
    def dbt_staging(
        context: dg.AssetExecutionContext, config: StagingConfig
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        pipeline: Pipeline = context.resources.pipeline
        with pipeline.step(context):
            fingerprint, is_stale = _staging_state(pipeline)
            full_refresh = is_stale or config.full_refresh
            say("Staging" + (" from the beginning" if full_refresh else " what is new"))
            yield from _build(
                context,
                pipeline,
                manifest_path,
                selector=BEFORE_GATE_1,
                indirect_selection="cautious",
                full_refresh=full_refresh,
                loads_seeds=not context.is_subset,
            )
            runlog.note_staging(pipeline.settings, context.run.run_id, fingerprint)

    return cast(dg.AssetsDefinition, dbt_staging)


def marts_assets(manifest_path: Path) -> dg.AssetsDefinition:
    """Intermediate models and marts."""

    @dbt_assets(
        manifest=manifest_path,
        name="dbt_marts",
        selector=AFTER_GATE_1,
        dagster_dbt_translator=_translator(),
        required_resource_keys={"pipeline"},
        retry_policy=RETRY_WHEN_BUSY,
    )
    def dbt_marts(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        pipeline: Pipeline = context.resources.pipeline
        with pipeline.step(context):
            say("Building dispositions, cases, indicators")
            yield from _build(
                context,
                pipeline,
                manifest_path,
                selector=AFTER_GATE_1,
                indirect_selection="eager",
            )

    return cast(dg.AssetsDefinition, dbt_marts)


def table_docs(manifest: Mapping[str, Any]) -> dict[tuple[str, str], TableDoc]:
    """Description, columns and key of every relation the dbt project describes, by (schema, table)."""
    keys: dict[str, tuple[str, ...]] = {}
    for node in manifest["nodes"].values():
        test = node.get("test_metadata")
        if node["resource_type"] != "test" or not test or "unique" not in test["name"]:
            continue
        arguments = test["kwargs"]
        columns = arguments.get("combination_of_columns") or arguments.get("columns") or [arguments.get("column_name")]
        if node.get("attached_node") and all(isinstance(column, str) for column in columns):
            found = tuple(columns)
            held = keys.get(node["attached_node"])
            # The same key on every machine: the shortest, then the first by name.
            if held is None or (len(found), found) < (len(held), held):
                keys[node["attached_node"]] = found
    docs = {}
    for unique_id, node in [*manifest["nodes"].items(), *manifest["sources"].items()]:
        if node["resource_type"] in {"model", "seed", "source"}:
            docs[relation_of(node)] = TableDoc(
                description=str(node.get("description") or ""),
                columns={name: str(column.get("description") or "") for name, column in node["columns"].items()},
                key=keys.get(unique_id, ()),
            )
    return docs


def relation_of(node: Mapping[str, Any]) -> tuple[str, str]:
    """(schema, table) of a manifest node or source."""
    return str(node["schema"]), str(node.get("alias") or node.get("identifier") or node["name"])


def _node(manifest: Mapping[str, Any], unique_id: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
    return found


def _last_model(manifest: Mapping[str, Any], test_id: str) -> str | None:
    """Of the models a test reads, the one that depends on most of the others; ties by name."""
    models = sorted(
        parent for parent in manifest["nodes"][test_id]["depends_on"]["nodes"] if parent.startswith(("model.", "seed."))
    )
    return max(models, key=lambda unique_id: len(_ancestors(manifest, unique_id)), default=None)


def _ancestors(manifest: Mapping[str, Any], unique_id: str) -> set[str]:
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        for parent in manifest["parent_map"].get(waiting.pop(), []):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _staging_state(pipeline: Pipeline) -> tuple[str, bool]:
    """What staging is built by now, and whether the tables in the warehouse were built by something else.

    Staging only adds new loads. It has to start again when answers would be read differently (catalogue, staging
    SQL) and when rows already staged have to lose their content (an erasure list).
    """
    digest = hashlib.sha256(pipeline.catalogue().fingerprint().encode())
    digest.update(load_returns(pipeline.project_dir / "seeds" / "returns").fingerprint().encode())
    for folder in ("models/staging", "macros"):
        for path in sorted((pipeline.project_dir / folder).rglob("*.sql")):
            digest.update(path.read_bytes())
    with open_warehouse(pipeline.settings) as con:
        if con.execute("select 1 from duckdb_tables() where schema_name = 'ops' and table_name = 'erasure'").fetchone():
            erased = con.execute("select count(*) from ops.erasure").fetchall()[0][0]
            digest.update(f"erasures {erased}".encode())
        return digest.hexdigest(), runlog.last_staging_fingerprint(con) != digest.hexdigest()


def _build(
    context: dg.AssetExecutionContext,
    pipeline: Pipeline,
    manifest_path: Path,
    *,
    selector: str,
    indirect_selection: str,
    full_refresh: bool = False,
    loads_seeds: bool = False,
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    manifest = dbt.read_manifest(manifest_path)
    select: list[str] = []
    if context.is_subset:
        wanted = {tuple(key.path) for key in context.selected_asset_keys}
        select = sorted(
            node["name"]
            for node in manifest["nodes"].values()
            if node["resource_type"] in {"model", "seed"} and relation_of(node) in wanted
        )
    results = dbt.build(
        pipeline.settings,
        select=select,
        selector=selector,
        indirect_selection=indirect_selection,
        full_refresh=full_refresh,
        loads_seeds=loads_seeds,
        project_dir=pipeline.project_dir,
    )
    built = [result for result in results if result.resource_type != "test" and result.succeeded]
    metadata = _metadata(pipeline, manifest, built)
    for result in built:
        yield dg.MaterializeResult(dg.AssetKey([result.schema, result.table]), metadata=metadata[result.unique_id])
    known_checks = {key.name: key for key in context.selected_asset_check_keys}
    for result in results:
        key = known_checks.get(result.name)
        if result.resource_type == "test" and result.status != "skipped" and key is not None:
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=result.succeeded,
                severity=dg.AssetCheckSeverity.ERROR,
                metadata={"failing_rows": result.failures, "seconds": result.seconds},
            )
    tests = sum(result.resource_type == "test" for result in results)
    say(f"  {len(results) - tests} tables and views, {tests} dbt tests")
    dbt.require_success(results)


def _metadata(
    pipeline: Pipeline, manifest: Mapping[str, Any], built: Sequence[dbt.NodeResult]
) -> dict[str, dict[str, Any]]:
    """Row count, seconds, columns and column lineage of what was built, by unique id."""
    parents = {
        result.unique_id: [
            relation_of(_node(manifest, parent))
            # Seeds depend on nothing and do not even say so.
            for parent in manifest["nodes"][result.unique_id]["depends_on"].get("nodes", [])
        ]
        for result in built
    }
    with open_warehouse(pipeline.settings, read_only=True) as con:
        columns = warehouse_columns(con)
        views = {
            (schema, name)
            for schema, name in con.execute("select schema_name, view_name from duckdb_views()").fetchall()
        }
        # Counting a table reads its header; counting a view would run it.
        counts = {
            (result.schema, result.table): con.execute(
                f'select count(*) from "{result.schema}"."{result.table}"'
            ).fetchall()[0][0]
            for result in built
            if (result.schema, result.table) not in views
        }
    lineage = column_lineage(
        [result for result in built if result.resource_type == "model"],
        parents,
        columns,
        ParsedProject(pipeline.project_dir).column_lineage,
    )
    found: dict[str, dict[str, Any]] = {}
    for result in built:
        relation = (result.schema, result.table)
        described = manifest["nodes"][result.unique_id]["columns"]
        metadata: dict[str, Any] = {
            "seconds": result.seconds,
            "dagster/column_schema": dg.TableSchema(
                [
                    dg.TableColumn(name, data_type, (described.get(name) or {}).get("description"))
                    for name, data_type in columns.get(result.schema, {}).get(result.table, {}).items()
                ]
            ),
        }
        if relation in counts:
            metadata["dagster/row_count"] = counts[relation]
        if lineage.get(result.unique_id):
            metadata["dagster/column_lineage"] = dg.TableColumnLineage(
                {
                    column: [
                        dg.TableColumnDep(asset_key=dg.AssetKey([schema, table]), column_name=name)
                        for schema, table, name in sources
                    ]
                    for column, sources in lineage[result.unique_id].items()
                }
            )
        found[result.unique_id] = metadata
    return found
