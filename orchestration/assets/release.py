"""The release as the last assets of the graph: its tables, what readers get of them, the switch."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration import runlog
from orchestration.assets.gates import CHECK_RESULTS
from orchestration.assets.landing import LOADS
from orchestration.assets.pipeline import RETRY_WHEN_BUSY, Pipeline
from orchestration.assets.transform import table_docs
from orchestration.errors import OperatorError
from orchestration.progress import say
from orchestration.release.publish import Prepared, discard_release, prepare_release, publish_release
from orchestration.transform import dbt
from reporting.outputs import documents_fingerprint, write_outputs
from reporting.release_files import DATABASE, INTERNAL, PUBLIC

TABLES = dg.AssetKey(["published", "tables"])
REPORTS = dg.AssetKey(["published", "reports"])
RELEASE = dg.AssetKey(["published", "release"])


def release_assets(manifest_path: Path, published: Sequence[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """The three steps that publish. `published` are the assets whose tables a release holds."""

    def step(
        name: str, key: dg.AssetKey, deps: Sequence[dg.AssetKey], kinds: set[str], description: str
    ) -> dict[str, Any]:
        return {
            "name": name,
            "specs": [dg.AssetSpec(key, deps=deps, group_name="published", kinds=kinds, description=description)],
            "required_resource_keys": {"pipeline"},
            "retry_policy": RETRY_WHEN_BUSY,
        }

    @dg.multi_asset(
        **step(
            "release_tables",
            TABLES,
            [*published, CHECK_RESULTS, LOADS],
            {"duckdb", "parquet"},
            "The tables of the next release, in a folder that nobody can see yet.",
        )
    )
    def release_tables(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        pipeline: Pipeline = context.resources.pipeline
        with pipeline.step(context):
            say("Publishing: tables")
            prepared = prepare_release(
                pipeline.settings,
                run_id=context.run.run_id,
                docs=table_docs(dbt.read_manifest(manifest_path)),
                documents=documents_fingerprint(),
            )
            pipeline.prepared = prepared
            yield dg.MaterializeResult(
                TABLES,
                metadata={
                    "release": prepared.release_id,
                    "tables": len(prepared.manifest["outputs"][DATABASE]["tables"]),
                },
                data_version=dg.DataVersion(prepared.release_id),
            )

    @dg.multi_asset(
        **step(
            "reports",
            REPORTS,
            [TABLES],
            {"html", "pdf", "csv"},
            "Reports, open data and documentation, internal and public, made from the tables of the release.",
        )
    )
    def reports(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        pipeline: Pipeline = context.resources.pipeline
        with pipeline.step(context):
            prepared = _prepared(pipeline)
            if prepared.is_new:
                say("Publishing: reports, open data, documentation")
                try:
                    write_outputs(
                        prepared.folder / INTERNAL,
                        prepared.folder / PUBLIC,
                        manifest=prepared.manifest,
                        graph=dbt.read_manifest(manifest_path),
                        earlier=pipeline.settings.published_path,
                    )
                except BaseException:
                    discard_release(prepared)
                    raise
            documents = sum(1 for path in prepared.folder.rglob("report/*") if path.is_file())
            yield dg.MaterializeResult(
                REPORTS,
                metadata={"release": prepared.release_id, "documents": documents},
                data_version=dg.DataVersion(prepared.release_id),
            )

    @dg.multi_asset(
        **step(
            "publish",
            RELEASE,
            [TABLES, REPORTS],
            {"duckdb", "parquet"},
            "One published state of everything, immutable; `published/current` points at the last one.",
        )
    )
    def publish(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        pipeline: Pipeline = context.resources.pipeline
        with pipeline.step(context):
            say("Publishing: the switch")
            release = publish_release(pipeline.settings, _prepared(pipeline))
            runlog.finish_run(
                pipeline.settings,
                context.run.run_id,
                "published" if release.is_new else "unchanged",
                release.release_id,
            )
            yield dg.MaterializeResult(
                RELEASE,
                metadata={
                    "release": release.release_id,
                    "is_new": release.is_new,
                    "path": dg.MetadataValue.path(release.path),
                    "tables": len(release.manifest["outputs"][DATABASE]["tables"]),
                },
                data_version=dg.DataVersion(release.release_id),
            )

    return [release_tables, reports, publish]


def _prepared(pipeline: Pipeline) -> Prepared:
    """What the step before left. A release is made in one process, so a step started by itself has nothing to go on."""
    if pipeline.prepared is None:
        raise OperatorError(
            "This step belongs to the end of a whole run and was started by itself. Nothing was published; the last "
            "release stays in place. Start the job insights_run."
        )
    return pipeline.prepared
