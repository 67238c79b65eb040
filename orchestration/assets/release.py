"""The release as the last assets of the graph: its tables, what readers get of them, the switch.

Each step finds what the one before has left on the disk and asks for the verdicts of the gates, so it can be run by
itself, and started by itself it cannot publish what no gate has let through.
"""

# No `from __future__ import annotations`: Dagster reads the annotations of a step.

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.assets.gates import CHECK_RESULTS
from orchestration.assets.landing import LOADS
from orchestration.assets.resources import RETRY_WHEN_BUSY, DbtProjectResource, HomeResource, RunResource
from orchestration.progress import say
from orchestration.release.code import code_fingerprint
from orchestration.release.forgetting import remove_releases
from orchestration.release.publish import fill_release, prepare_release, publish_release
from orchestration.release.unchanged import note_released
from orchestration.transform.manifest import Manifest, graph_fingerprint, node_of, relation_of, table_docs
from orchestration.transform.project import read_manifest
from orchestration.warehouse import open_warehouse
from reporting.outputs import documents_fingerprint, write_outputs
from reporting.release_files import DATABASE

GROUP = "published"
TABLES = dg.AssetKey([GROUP, "tables"])
REPORTS = dg.AssetKey([GROUP, "reports"])
RELEASE = dg.AssetKey([GROUP, "release"])
READERS = "readers"


def release_assets(published: Sequence[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """The three steps that publish. `published` are the assets whose tables a release holds."""
    return [_tables_asset([*published, CHECK_RESULTS, LOADS]), reports, publish]


def reader_specs(manifest: Manifest, known: Collection[dg.AssetKey]) -> list[dg.AssetSpec]:
    """Where the way of the data ends: what readers get of a release, one asset for each exposure of the dbt project.

    Nothing materialises them here: they are part of a release. `known` are the assets of the graph; what else an
    exposure reads (a ledger, for instance) is no asset.
    """
    specs = []
    for exposure in manifest["exposures"].values():
        read = {dg.AssetKey(list(relation_of(node_of(manifest, parent)))) for parent in exposure["depends_on"]["nodes"]}
        specs.append(
            dg.AssetSpec(
                dg.AssetKey([READERS, exposure["name"]]),
                deps=[*sorted(read & set(known), key=lambda key: list(key.path)), RELEASE],
                group_name=READERS,
                description=exposure["description"].strip(),
            )
        )
    return specs


def _tables_asset(holds: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    @dg.asset(
        key=TABLES,
        deps=holds,
        group_name=GROUP,
        kinds={"duckdb", "parquet"},
        description="The tables of the next release, in a folder that nobody can see yet.",
        retry_policy=RETRY_WHEN_BUSY,
    )
    def release_tables(
        context: dg.AssetExecutionContext, home: HomeResource, project: DbtProjectResource, run: RunResource
    ) -> dg.MaterializeResult[Any]:
        with run.step(context):
            say("Publishing: tables")
            graph = read_manifest(project.manifest_path)
            prepared = prepare_release(
                home.settings,
                docs=table_docs(graph),
                documents=_documents(graph),
                code=code_fingerprint(home.settings, project.path),
            )
            # Before any document is written: what changed since one of these would tell who was forgotten.
            for line in remove_releases(home.settings):
                say(line)
            return _release_result(prepared.release_id, tables=len(prepared.manifest["outputs"][DATABASE]["tables"]))

    return release_tables


@dg.asset(
    key=REPORTS,
    deps=[TABLES],
    group_name=GROUP,
    kinds={"html", "pdf", "csv"},
    description="Reports, open data and documentation, internal and public, made from the tables of the release.",
    retry_policy=RETRY_WHEN_BUSY,
)
def reports(
    context: dg.AssetExecutionContext, home: HomeResource, project: DbtProjectResource, run: RunResource
) -> dg.MaterializeResult[Any]:
    """Fill the next release."""
    with run.step(context):
        settings = home.settings
        graph = read_manifest(project.manifest_path)

        def write(inside: Path, outside: Path, manifest: Mapping[str, Any]) -> None:
            say("Publishing: reports, open data, documentation")
            write_outputs(inside, outside, manifest=manifest, graph=graph, earlier=settings.published_path)

        code = code_fingerprint(settings, project.path)
        prepared = fill_release(settings, write, documents=_documents(graph), code=code)
        documents = sum(1 for path in prepared.folder.rglob("report/*") if path.is_file())
        return _release_result(prepared.release_id, documents=documents)


@dg.asset(
    key=RELEASE,
    deps=[TABLES, REPORTS],
    group_name=GROUP,
    kinds={"duckdb", "parquet"},
    description="One published state of everything, immutable; `published/current` points at the last one.",
    retry_policy=RETRY_WHEN_BUSY,
)
def publish(
    context: dg.AssetExecutionContext, home: HomeResource, project: DbtProjectResource, run: RunResource
) -> dg.MaterializeResult[Any]:
    """Seal the next release and switch to it."""
    with run.step(context):
        say("Publishing: the switch")
        release = publish_release(
            home.settings,
            documents=_documents(read_manifest(project.manifest_path)),
            code=code_fingerprint(home.settings, project.path),
        )
        with open_warehouse(home.settings) as con:
            note_released(con, home.settings, release.path, project.path)
        run.finish("published" if release.is_new else "unchanged", release.release_id)
        return _release_result(
            release.release_id,
            is_new=release.is_new,
            path=dg.MetadataValue.path(release.path),
            tables=len(release.manifest["outputs"][DATABASE]["tables"]),
        )


def _documents(graph: Manifest) -> str:
    """The fingerprint of what makes the documents, and of what they say of the dbt project."""
    return f"{documents_fingerprint()} {graph_fingerprint(graph)}"


def _release_result(release_id: str, **metadata: Any) -> dg.MaterializeResult[Any]:
    return dg.MaterializeResult(metadata={"release": release_id, **metadata}, data_version=dg.DataVersion(release_id))
