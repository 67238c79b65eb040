"""The two gates in Dagster's graph: a step each, its checks shown on the tables they look at.

Gate 1 also makes `ops.set_aside`, which the intermediate models read; gate 2 completes `ops.check_result`, which the
release holds. A gate that blocks fails its step, so nothing after it runs.
"""

# No `from __future__ import annotations`: Dagster reads the annotations of a step.

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
from pydantic import Field

from catalogue import Catalogue, load_catalogue
from expectations.check import Check
from expectations.outcome import Acceptance, CheckOutcome, GateResult
from expectations.runner import run_gate_1, run_gate_2
from expectations.suites import gate_1_checks, gate_2_checks
from orchestration.assets.acceptance import parse_acceptance
from orchestration.assets.landing import LOADS
from orchestration.assets.resources import RETRY_WHEN_BUSY, DbtProjectResource, HomeResource, RunResource
from orchestration.errors import OperatorError
from orchestration.landing.publication import what_blocks
from orchestration.progress import say
from orchestration.release.code import code_fingerprint
from orchestration.release.state import MARTS, STAGING, built_state, present_state
from orchestration.release.verdicts import judged
from orchestration.settings import Settings
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


@dataclass(frozen=True)
class _Gate:
    """One gate: the asset it makes, its checks, and on which tables they are shown (all others on `elsewhere`)."""

    number: int
    made: dg.AssetSpec
    checks: Sequence[Check]
    shown_on: frozenset[dg.AssetKey]
    elsewhere: dg.AssetKey

    @property
    def name(self) -> str:
        """The name of its step."""
        return f"gate_{self.number}"

    def place(self, check: Check) -> tuple[dg.AssetKey, str]:
        """The asset on which a check is shown, and the name of the asset check it is part of there."""
        key = dg.AssetKey(check.table.split("."))
        return (key if key in self.shown_on else self.elsewhere), f"{self.name}_{_KINDS[check.severity][0]}"

    def specs(self) -> dict[tuple[dg.AssetKey, str], dg.AssetCheckSpec]:
        """The asset checks by place, in the order of assets and names."""
        specs = {
            self.place(check): dg.AssetCheckSpec(
                name=self.place(check)[1],
                asset=self.place(check)[0],
                description=_KINDS[check.severity][1],
                blocking=check.severity == "blocking",
            )
            for check in self.checks
        }
        return {where: specs[where] for where in sorted(specs, key=lambda where: (where[0].path, where[1]))}

    def run(
        self, settings: Settings, project: DbtProjectResource, run_id: str, accepted: Sequence[Acceptance]
    ) -> GateResult:
        """Judge what lies in the warehouse. Raises GateError when the gate could not be run."""
        step = STAGING if self.number == 1 else MARTS
        code = code_fingerprint(settings, project.path)
        with open_warehouse(settings, read_only=True) as con:
            was_built = built_state(con, step) is not None
            state = judged(present_state(con, step), code)
            blocks = what_blocks(con, settings.programme)
        if not was_built:
            raise OperatorError(
                f"There is nothing for {self.name} to judge: the tables it looks at were not built to the end, or a "
                "dbt test of them does not hold. "
                "Nothing was published. Start the whole job (`insights run`)."
            )
        if self.number == 1:
            forms = load_catalogue(settings.seeds_path / "forms")
            return run_gate_1(settings, run_id, state=state, catalogue=forms, accepted=accepted)
        return run_gate_2(settings, run_id, state=state, **blocks, accepted=accepted)


def gate_assets(
    catalogue: Catalogue, staging: Sequence[dg.AssetKey], marts: Sequence[dg.AssetKey]
) -> list[dg.AssetsDefinition]:
    """Both gates. `staging` and `marts` are the assets that have to be there before each."""
    first = _Gate(
        1,
        dg.AssetSpec(
            SET_ASIDE,
            deps=[*staging, LOADS],
            group_name="ops",
            kinds={"greatexpectations", "table"},
            description="Forms, records and values that gate 1 sets aside, with the check. Replaced by each run.",
        ),
        gate_1_checks(catalogue),
        frozenset({*staging, LOADS}),
        LOADS,
    )
    second = _Gate(
        2,
        dg.AssetSpec(
            CHECK_RESULTS,
            deps=list(marts),
            group_name="ops",
            kinds={"greatexpectations", "table"},
            description="The result of every check of both gates, run by run.",
        ),
        gate_2_checks(forms_block=True, returns_block=True),
        frozenset(marts),
        CHECK_RESULTS,
    )
    return [_gate_asset(first), _gate_asset(second)]


def _gate_asset(gate: _Gate) -> dg.AssetsDefinition:
    specs = gate.specs()

    @dg.multi_asset(
        name=gate.name,
        specs=[gate.made],
        check_specs=list(specs.values()),
        can_subset=True,
        retry_policy=RETRY_WHEN_BUSY,
        allow_arbitrary_check_specs=True,
    )
    def judge(
        context: dg.AssetExecutionContext,
        config: GateConfig,
        home: HomeResource,
        project: DbtProjectResource,
        run: RunResource,
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        with run.step(context):
            say(f"Gate {gate.number}: Great Expectations")
            accepted = [parse_acceptance(text) for text in config.accepted]
            result = gate.run(home.settings, project, context.run.run_id, accepted)
            outcomes: dict[tuple[dg.AssetKey, str], list[CheckOutcome]] = defaultdict(list)
            for outcome in result.outcomes:
                # A comparison takes the place that the blocking check was given when the graph was drawn.
                where = gate.place(outcome.check)
                outcomes[where if where in specs else (where[0], f"{gate.name}_blocks")].append(outcome)
            # A gate judges all or nothing; of a table that is run by itself it shows what was asked for.
            asked = {(key.asset_key, key.name) for key in context.selected_asset_check_keys}
            for where in specs:
                if where in asked:
                    yield _shown(where, outcomes[where])
            if gate.made.key in context.selected_asset_keys:
                metadata: dict[str, Any] = {"checks": result.checks_run, "checks_not_held": len(result.failed)}
                if gate.made.key == SET_ASIDE:
                    metadata["dagster/row_count"] = sum(result.set_aside.values())
                yield dg.MaterializeResult(gate.made.key, metadata=metadata)
            aside = f"; {result.aside}" if result.aside else ""
            say(f"  {result.checks_run} checks, {len(result.blocking_failures)} blocking{aside}")
            if not result.passed:
                raise run.block(blocked_sentence(gate.name, result.blocking_failures))

    return judge


def blocked_sentence(gate: str, failures: Sequence[str]) -> str:
    """What the operator reads when a gate blocks: a line for each of the first failures."""
    lines = [f"{gate.replace('_', ' ').capitalize()} blocked the release, so the last one stays in place."]
    lines += [f"- {failure}" for failure in failures[:3]]
    if len(failures) > 3:
        lines.append(f"- and {len(failures) - 3} more: `insights check` lists them.")
    return "\n".join(lines)


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
