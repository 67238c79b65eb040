"""The step that settles which version of a submission is later, between the staging and whatever obeys it."""

# No `from __future__ import annotations`: Dagster reads the annotations of a step.

from typing import Any

import dagster as dg

from orchestration.assets.landing import DECISIONS
from orchestration.assets.resources import RETRY_WHEN_BUSY, HomeResource, RunResource
from orchestration.progress import many, say
from orchestration.versions import settle_versions

LATER_VERSIONS = dg.AssetKey(["ops", "later_version"])


def version_assets() -> dg.AssetsDefinition:
    """The step, and the table that it makes of all decisions on versions."""

    @dg.asset(
        key=LATER_VERSIONS,
        # The ledger is read, too, and is there before the versions are; the tests of it wait for what comes after this.
        deps=[DECISIONS, dg.AssetKey(["intermediate", "int_form_version"])],
        group_name="ops",
        kinds={"duckdb", "table"},
        description="Of two contents of a submission the later one, as decisions say; those of arrival are made here.",
        retry_policy=RETRY_WHEN_BUSY,
    )
    def later_version(
        context: dg.AssetExecutionContext, home: HomeResource, run: RunResource
    ) -> dg.MaterializeResult[Any]:
        with run.step(context):
            settled = settle_versions(home.settings, context.run.run_id)
            if settled.by_arrival:
                say(
                    f"{many(settled.by_arrival, 'submission')} came again with other content and no later time: what "
                    "came last counts, and that is written down in decisions.jsonl"
                )
            if settled.are_open:
                say(
                    f"{many(settled.are_open, 'submission')} set aside, because nothing says which of their versions "
                    "is later: `insights decide` asks"
                )
            return dg.MaterializeResult(metadata={"settled_by_arrival": settled.by_arrival, "open": settled.are_open})

    return later_version
