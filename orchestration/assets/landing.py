"""The raw tables as Dagster assets: one step lands the folder, one asset stands for each table of forms or returns."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import dagster as dg

from catalogue.returns import ReturnCatalogue
from orchestration.assets.pipeline import RETRY_WHEN_BUSY, Pipeline
from orchestration.landing.folder import land_folder
from orchestration.landing.returns.tables import return_table
from orchestration.progress import say
from orchestration.transform import ahead
from orchestration.warehouse import open_warehouse

EXPORTS = dg.AssetKey(["files", "exports"])
LOADS = dg.AssetKey(["ops", "load"])


def raw_key(form_id: str) -> dg.AssetKey:
    """The asset of one form's raw table."""
    return dg.AssetKey(["raw", f"insights_{form_id}"])


def return_key(record_id: str) -> dg.AssetKey:
    """The asset of the raw table of one kind of record of the returns."""
    return dg.AssetKey(["raw", record_id])


def exports_spec() -> dg.AssetSpec:
    """The raw folder: outside the pipeline, which never changes it."""
    return dg.AssetSpec(
        EXPORTS,
        group_name="files",
        description="The exports and returns as services and authorities delivered them. Never edited or moved.",
    )


def landing_assets(forms: dict[str, str], returns: ReturnCatalogue) -> dg.AssetsDefinition:
    """The step that lands every new file. `forms` maps form_id to its label, `returns` describes the returns."""
    specs = [
        dg.AssetSpec(
            raw_key(form_id),
            deps=[EXPORTS],
            group_name="raw",
            kinds={"duckdb", "table"},
            description=f"{label}: one row per form as delivered, all text, identifiers replaced by pseudonyms.",
        )
        for form_id, label in forms.items()
    ]
    specs += [
        dg.AssetSpec(
            return_key(record.record_id),
            deps=[EXPORTS],
            group_name="raw",
            kinds={"duckdb", "table"},
            description=(
                f"{record.record_label} ({returns.returns[record.return_id].return_label}): one row per record as "
                "delivered, all text, identifiers replaced by pseudonyms."
            ),
        )
        for record in returns.records.values()
    ]
    specs.append(
        dg.AssetSpec(
            LOADS,
            deps=[EXPORTS],
            group_name="ops",
            kinds={"duckdb", "table"},
            description="The ledger: one row per file that was landed or refused, with the reason.",
        )
    )

    @dg.multi_asset(
        name="landing",
        specs=specs,
        required_resource_keys={"pipeline"},
        retry_policy=RETRY_WHEN_BUSY,
    )
    def landing(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        pipeline: Pipeline = context.resources.pipeline
        with pipeline.step(context):
            say(f"Landing {pipeline.settings.raw_dir}")
            results = land_folder(
                pipeline.settings, run_id=context.run.run_id, progress=_say_news, meanwhile=ahead.start
            )
            status = Counter(result.status for result in results)
            landed: Counter[str] = Counter()
            for result in results:
                if result.status == "landed" and result.form_id:
                    landed[result.form_id] += result.rows_landed
            context.log.info(", ".join(f"{count} files {what}" for what, count in sorted(status.items())))
            with open_warehouse(pipeline.settings, read_only=True) as con:
                totals = {
                    form_id: int(con.execute(f"select count(*) from raw.insights_{form_id}").fetchall()[0][0])
                    for form_id in forms
                }
                records = {
                    record_id: int(con.execute(f"select count(*) from {return_table(record_id)}").fetchall()[0][0])
                    for record_id in returns.records
                }
            for form_id in forms:
                metadata: dict[str, Any] = {
                    "dagster/row_count": totals[form_id],
                    "rows_landed_now": landed[form_id],
                }
                yield dg.MaterializeResult(raw_key(form_id), metadata=metadata)
            for record_id, count in records.items():
                yield dg.MaterializeResult(return_key(record_id), metadata={"dagster/row_count": count})
            files = [
                dg.TableRecord(
                    {
                        "file": result.source_file,
                        "status": result.status,
                        "rows": result.rows_landed,
                        "reason": result.reason or "",
                    }
                )
                for result in results
                if result.status != "already_landed"
            ]
            summary: dict[str, Any] = {f"files_{what}": count for what, count in status.items()}
            if files:
                summary["files"] = dg.MetadataValue.table(files)
            yield dg.MaterializeResult(LOADS, metadata=summary)

    return landing


def _say_news(line: str) -> None:
    # Files of earlier runs lie in the folder for ever; a line for each would bury the new ones.
    if not line.endswith("already landed"):
        say(line)
