"""The release as the last asset of the graph."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration import dbt, runlog
from orchestration.dbt_assets import table_docs
from orchestration.gates import CHECK_RESULTS
from orchestration.landing_assets import LOADS
from orchestration.pipeline import RETRY_WHEN_BUSY, Pipeline
from orchestration.progress import say
from orchestration.publish import publish

RELEASE = dg.AssetKey(["published", "release"])


def release_asset(manifest_path: Path, published: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The step that publishes. `published` are the assets whose tables a release holds."""

    @dg.multi_asset(
        name="publish",
        specs=[
            dg.AssetSpec(
                RELEASE,
                deps=[*published, CHECK_RESULTS, LOADS],
                group_name="published",
                kinds={"duckdb", "parquet"},
                description="One published state of everything, immutable; `published/current` points at the last one.",
            )
        ],
        required_resource_keys={"pipeline"},
        retry_policy=RETRY_WHEN_BUSY,
    )
    def publish_release(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        pipeline: Pipeline = context.resources.pipeline
        with pipeline.step(context):
            say("Publishing")
            run_id = context.run.run_id
            release = publish(pipeline.settings, run_id=run_id, docs=table_docs(dbt.read_manifest(manifest_path)))
            runlog.finish_run(
                pipeline.settings, run_id, "published" if release.is_new else "unchanged", release.release_id
            )
            yield dg.MaterializeResult(
                RELEASE,
                metadata={
                    "release": release.release_id,
                    "is_new": release.is_new,
                    "path": dg.MetadataValue.path(release.path),
                    "tables": len(release.manifest["outputs"]["insights.duckdb"]["tables"]),
                },
                data_version=dg.DataVersion(release.release_id),
            )

    return publish_release
