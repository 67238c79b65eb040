"""The two gates in Dagster's graph: a step each, its checks shown on the tables they look at.

Gate 1 also makes `ops.set_aside`, which the intermediate models read; gate 2 completes `ops.check_result`, which the
release holds. A gate that blocks fails its step, so nothing after it runs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import dagster as dg
from pydantic import Field

from catalogue import Catalogue
from expectations.check import Check
from expectations.outcome import Acceptance, CheckOutcome, GateError, GateResult
from expectations.runner import run_gate_1, run_gate_2
from expectations.suites import gate_1_checks, gate_2_checks
from orchestration.assets.acceptance import parse_acceptance
from orchestration.assets.landing import LOADS
from orchestration.assets.pipeline import RETRY_WHEN_BUSY, Pipeline
from orchestration.errors import OperatorError
from orchestration.landing.sample import what_blocks
from orchestration.progress import say
from orchestration.warehouse import open_warehouse

SET_ASIDE = dg.AssetKey(["ops", "set_aside"])
CHECK_RESULTS = dg.AssetKey(["ops", "check_result"])

# What follows from a failing check, in the words of the page that shows it.
_KINDS = {
    "blocking": ("blocks", "A failure here blocks the release."),
    "set_aside_form": ("set_aside", "Forms and answers that fail here are set aside; the run goes on."),
    "set_aside_answer": ("set_aside", "Forms and answers that fail here are set aside; the run goes on."),
    "set_aside_record": ("set_aside", "Records and values that fail here are set aside; the run goes on."),
    "set_aside_value": ("set_aside", "Records and values that fail here are set aside; the run goes on."),
    "note": ("notes", "What fails here is noted and used."),
    "comparison": ("comparison", "A comparison: it is recorded and blocks nothing."),
}


class GateConfig(dg.Config):
    """`accepted`: judgements of plausibility an operator overrules, each `check_id=key`."""

    accepted: list[str] = Field(default_factory=list)


def gate_assets(
    catalogue: Catalogue, staging: Sequence[dg.AssetKey], marts: Sequence[dg.AssetKey]
) -> list[dg.AssetsDefinition]:
    """Both gates. `staging` and `marts` are the assets that have to be there before each."""

    def first(pipeline: Pipeline, run_id: str, accepted: list[Acceptance]) -> GateResult:
        return run_gate_1(pipeline.settings, run_id, state=run_id, catalogue=pipeline.catalogue(), accepted=accepted)

    def second(pipeline: Pipeline, run_id: str, accepted: list[Acceptance]) -> GateResult:
        with open_warehouse(pipeline.settings, read_only=True) as con:
            blocks = what_blocks(con)
        return run_gate_2(pipeline.settings, run_id, state=run_id, **blocks, accepted=accepted)

    return [
        _gate(
            "gate_1",
            dg.AssetSpec(
                SET_ASIDE,
                deps=[*staging, LOADS],
                group_name="ops",
                kinds={"greatexpectations", "table"},
                description="Forms, records and values that gate 1 sets aside, with the check. Replaced by each run.",
            ),
            gate_1_checks(catalogue),
            {*staging, LOADS},
            LOADS,
            first,
        ),
        _gate(
            "gate_2",
            dg.AssetSpec(
                CHECK_RESULTS,
                deps=list(marts),
                group_name="ops",
                kinds={"greatexpectations", "table"},
                description="The result of every check of both gates, run by run.",
            ),
            gate_2_checks(forms_block=True, returns_block=True),
            set(marts),
            CHECK_RESULTS,
            second,
        ),
    ]


def _gate(
    name: str,
    made: dg.AssetSpec,
    checks: Iterable[Check],
    shown_on: set[dg.AssetKey],
    elsewhere: dg.AssetKey,
    run: Callable[[Pipeline, str, list[Acceptance]], GateResult],
) -> dg.AssetsDefinition:
    def place(check: Check) -> tuple[dg.AssetKey, str]:
        key = dg.AssetKey(check.table.split("."))
        return (key if key in shown_on else elsewhere), f"{name}_{_KINDS[check.severity][0]}"

    specs = {
        place(check): dg.AssetCheckSpec(
            name=place(check)[1],
            asset=place(check)[0],
            description=_KINDS[check.severity][1],
            blocking=check.severity == "blocking",
        )
        for check in checks
    }

    @dg.multi_asset(
        name=name,
        specs=[made],
        check_specs=[specs[where] for where in sorted(specs, key=lambda where: (where[0].path, where[1]))],
        required_resource_keys={"pipeline"},
        retry_policy=RETRY_WHEN_BUSY,
        allow_arbitrary_check_specs=True,
    )
    def gate(
        context: dg.AssetExecutionContext, config: GateConfig
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        pipeline: Pipeline = context.resources.pipeline
        with pipeline.step(context):
            say(f"{name.replace('_', ' ').capitalize()}: Great Expectations")
            try:
                result = run(pipeline, context.run.run_id, [parse_acceptance(text) for text in config.accepted])
            except GateError as error:
                raise OperatorError(str(error)) from None
            outcomes: dict[tuple[dg.AssetKey, str], list[CheckOutcome]] = defaultdict(list)
            for outcome in result.outcomes:
                # A comparison takes the place its blocking twin was given when the graph was drawn.
                where = place(outcome.check)
                outcomes[where if where in specs else (where[0], f"{name}_blocks")].append(outcome)
            for where in specs:
                yield _shown(where, outcomes[where])
            aside = sum(result.set_aside.values())
            metadata: dict[str, Any] = {"checks": result.checks_run, "checks_not_held": len(result.failed)}
            if made.key == SET_ASIDE:
                metadata["dagster/row_count"] = aside
            yield dg.MaterializeResult(made.key, metadata=metadata)
            say(f"  {result.checks_run} checks, {len(result.blocking_failures)} blocking" + _aside(aside))
            if not result.passed:
                raise pipeline.block(blocked_sentence(name, result.blocking_failures))

    return gate


def blocked_sentence(gate: str, failures: Sequence[str]) -> str:
    """What the operator reads when a gate blocks: a line for each of the first failures."""
    lines = [f"{gate.replace('_', ' ').capitalize()} blocked the release, so the last one stays in place."]
    lines += [f"- {failure}" for failure in failures[:3]]
    if len(failures) > 3:
        lines.append(f"- and {len(failures) - 3} more: `insights check` lists them.")
    return "\n".join(lines)


def _aside(count: int) -> str:
    return f", {count} forms, records or values set aside" if count else ""


def _shown(where: tuple[dg.AssetKey, str], outcomes: Sequence[CheckOutcome]) -> dg.AssetCheckResult:
    blocking = where[1].endswith("_blocks")
    held = all(outcome.success for outcome in outcomes)
    not_held = [outcome for outcome in outcomes if not outcome.success]
    metadata: dict[str, Any] = {"checks": len(outcomes), "not_held": len(not_held)}
    if outcomes:
        # Those that did not hold first; hundreds that held would only make the page slow.
        listed = [*not_held, *(outcome for outcome in outcomes if outcome.success)][:60]
        metadata["results"] = dg.MetadataValue.table(
            [
                dg.TableRecord(
                    {
                        "check": outcome.check.check_id,
                        "held": "yes" if outcome.success else "no",
                        "rows": outcome.evaluated_count,
                        "failing": outcome.unexpected_count if outcome.unexpected_count is not None else -1,
                        "what": outcome.check.description,
                        "then": outcome.check.action,
                    }
                )
                for outcome in listed
            ]
        )
    return dg.AssetCheckResult(
        asset_key=where[0],
        check_name=where[1],
        # A comparison among blocking checks blocks nothing.
        passed=not any(outcome.blocks for outcome in outcomes) if blocking else held,
        severity=dg.AssetCheckSeverity.ERROR if blocking else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )
