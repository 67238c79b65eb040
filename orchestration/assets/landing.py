"""The raw tables as Dagster assets: one step lands the folder, one asset stands for each table of forms or returns."""

# No `from __future__ import annotations`: Dagster reads the annotations of a step.

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from catalogue import Catalogue
from catalogue.returns import ReturnCatalogue
from orchestration.assets.resources import RETRY_WHEN_BUSY, HomeResource, RunResource
from orchestration.landing.folder import land_folder, require_something
from orchestration.landing.forms.tables import raw_table
from orchestration.landing.ledger import LoadResult
from orchestration.landing.returns.tables import return_table
from orchestration.landing.seen import look_at, note_folder
from orchestration.progress import say
from orchestration.transform import preload
from orchestration.warehouse import open_warehouse

EXPORTS = dg.AssetKey(["files", "exports"])
LOADS = dg.AssetKey(["ops", "load"])
ABSENT = dg.AssetKey(["ops", "absent_question"])
DECISIONS = dg.AssetKey(["ops", "decision"])
DELIVERIES = dg.AssetKey(["ops", "delivery_standing"])
ERASED = dg.AssetKey(["ops", "erased_record"])


def exports_spec() -> dg.AssetSpec:
    """The raw folder: outside the pipeline, which never changes it."""
    return dg.AssetSpec(
        EXPORTS,
        group_name="files",
        description="The exports and returns as services and authorities delivered them. Never edited or moved.",
    )


def landing_assets(forms: Catalogue, returns: ReturnCatalogue) -> dg.AssetsDefinition:
    """The step that lands every new file, over the raw tables of both catalogues."""
    tables = {raw_table(form_id): form.form_label for form_id, form in forms.forms.items()}
    tables |= {
        return_table(record.record_id): f"{record.record_label} ({returns.returns[record.return_id].return_label})"
        for record in returns.records.values()
    }

    @dg.multi_asset(
        name="landing",
        specs=[
            *(_raw_spec(table, label) for table, label in tables.items()),
            _ops_spec(LOADS, "The ledger: one row per file that was landed or refused, with the reason."),
            _ops_spec(ABSENT, "One row per landed file of forms and question that it has no column for."),
            _ops_spec(
                DECISIONS,
                "What was decided where nothing in the files decides: the file of decisions, read as a run begins.",
                deps=(),
            ),
            _ops_spec(DELIVERIES, "One row per landed file of returns and kind of record: whether it is in force."),
            _ops_spec(
                ERASED, "One row per record of a return of somebody who was forgotten: its place, and nothing else."
            ),
        ],
        # The folder lands whole, whichever of its tables was asked for.
        can_subset=True,
        retry_policy=RETRY_WHEN_BUSY,
    )
    def landing(
        context: dg.AssetExecutionContext, home: HomeResource, run: RunResource
    ) -> Iterator[dg.MaterializeResult[Any]]:
        with run.step(context):
            settings = home.settings
            say(f"Landing {settings.raw_dir}")
            before = look_at(settings.raw_dir)
            results = land_folder(settings, run_id=context.run.run_id, progress=_say_news, meanwhile=preload.start)
            with open_warehouse(settings) as con:
                note_folder(con, before, look_at(settings.raw_dir), results)
                rows = {table: con.execute(f"select count(*) from {table}").fetchall()[0][0] for table in tables}
                require_something(con, results)
            found = {_key(table): {"dagster/row_count": count} for table, count in rows.items()}
            beside: dict[dg.AssetKey, dict[str, Any]] = {key: {} for key in (ABSENT, DECISIONS, DELIVERIES, ERASED)}
            for key, metadata in {**found, LOADS: _summary(results), **beside}.items():
                if key in context.selected_asset_keys:
                    yield dg.MaterializeResult(key, metadata=metadata)

    return landing


def _key(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


def _raw_spec(table: str, label: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        _key(table),
        deps=[EXPORTS],
        group_name="raw",
        kinds={"duckdb", "table"},
        description=f"{label}: one row as delivered, all text, identifiers replaced by pseudonyms.",
    )


def _ops_spec(key: dg.AssetKey, description: str, deps: Sequence[dg.AssetKey] = (EXPORTS,)) -> dg.AssetSpec:
    return dg.AssetSpec(key, deps=deps, group_name="ops", kinds={"duckdb", "table"}, description=description)


def _summary(results: Sequence[LoadResult]) -> dict[str, Any]:
    """Files by status, and a table of those that are new: what the page and the end of a run tell."""
    summary: dict[str, Any] = {
        f"files_{status}": count for status, count in Counter(result.status for result in results).items()
    }
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
    if files:
        summary["files"] = dg.MetadataValue.table(files)
    return summary


def _say_news(line: str) -> None:
    # Files of earlier runs lie in the folder for ever; a line for each would bury the new ones.
    if not line.endswith("already landed"):
        say(line)
