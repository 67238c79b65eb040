"""Every dbt model and seed in Dagster's graph, in two steps so that gate 1 stands between them; their tests as checks.

dagster-dbt makes the specs from the manifest; what a step yields comes from the results of
`orchestration.transform.dbt`. The dbt tests of one table are one check of its asset, whose table names each of them: a
check each would be hundreds of events to plan and to store before the first file has landed.
"""

# No `from __future__ import annotations`: Dagster reads the annotations of a step.

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, build_dbt_asset_specs

from orchestration import runlog
from orchestration.assets.landing import DELIVERIES
from orchestration.assets.resources import RETRY_WHEN_BUSY, DbtProjectResource, HomeResource, RunResource
from orchestration.progress import say
from orchestration.release.code import code_fingerprint
from orchestration.release.state import MARTS, STAGING, forget_state, note_state, tables_since_built
from orchestration.release.verdicts import require_verdict
from orchestration.settings import Settings
from orchestration.transform import dbt
from orchestration.transform.built import rows_and_lineage
from orchestration.transform.manifest import Manifest, data_tests, home_of_test, node_of, relation_of
from orchestration.transform.project import read_manifest
from orchestration.transform.retired import drop_retired
from orchestration.transform.staging import staging_fingerprint
from orchestration.warehouse import open_warehouse

# The check that stands for all dbt tests of a table.
TESTS = "dbt_tests"
# Those that do not hold come first; hundreds that hold would only make the page slow.
_LISTED_TESTS = 60

# The two halves of a run; what lies in which is said, with the reasons, in dbt_project/selectors.yml.
BEFORE_GATE_1 = "before_gate_1"
AFTER_GATE_1 = "after_gate_1"


class StagingConfig(dg.Config):
    """`full_refresh`: stage everything again, not only what is new."""

    full_refresh: bool = False


class Translator(DagsterDbtTranslator):
    """Decides key and group of every dbt node: keys are schema and table, groups are schemas."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """The schema and the table, as an analyst would write it in SQL."""
        return _key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The schema."""
        return relation_of(dbt_resource_props)[0]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """What the YAML says, without the SQL: that is one click away in the repository."""
        return str(dbt_resource_props.get("description") or "")


@dataclass(frozen=True)
class DbtStep:
    """One of the two dbt steps: what it selects, its assets, and the names of the tests of each asset."""

    name: str
    selector: str
    specs: tuple[dg.AssetSpec, ...]
    tests: Mapping[dg.AssetKey, tuple[str, ...]]

    def check_specs(self) -> list[dg.AssetCheckSpec]:
        """One check for each table that has tests."""
        return [
            dg.AssetCheckSpec(
                TESTS,
                asset=key,
                blocking=True,
                description=f"The dbt tests of this table ({len(names)}). One that does not hold stops the run.",
            )
            for key, names in sorted(self.tests.items(), key=lambda item: list(item[0].path))
        ]


def dbt_steps(manifest: Manifest) -> tuple[DbtStep, DbtStep]:
    """Both steps: what gate 1 looks at, then everything that is made of it."""
    first = _specs(manifest, BEFORE_GATE_1)
    second = _specs(manifest, AFTER_GATE_1)
    early = {spec.key for spec in first}
    tests: tuple[dict[dg.AssetKey, list[str]], dict[dg.AssetKey, list[str]]] = (defaultdict(list), defaultdict(list))
    for test_id, test in data_tests(manifest).items():
        read = [node_of(manifest, parent) for parent in test["depends_on"]["nodes"]]
        is_early = all(_key(node) in early | {DELIVERIES} or relation_of(node)[0] == "raw" for node in read)
        tests[0 if is_early else 1][_key(node_of(manifest, home_of_test(manifest, test_id)))].append(test["name"])
    return (
        DbtStep("dbt_staging", BEFORE_GATE_1, first, _sorted(tests[0])),
        DbtStep("dbt_marts", AFTER_GATE_1, second, _sorted(tests[1])),
    )


def transform_assets(steps: tuple[DbtStep, DbtStep]) -> tuple[dg.AssetsDefinition, dg.AssetsDefinition]:
    """The assets of both steps."""
    first, second = steps

    @dg.multi_asset(
        name=first.name,
        specs=first.specs,
        check_specs=first.check_specs(),
        can_subset=True,
        allow_arbitrary_check_specs=True,
        retry_policy=RETRY_WHEN_BUSY,
    )
    def dbt_staging(
        context: dg.AssetExecutionContext,
        config: StagingConfig,
        home: HomeResource,
        project: DbtProjectResource,
        run: RunResource,
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        with run.step(context):
            if not context.selected_asset_keys:
                yield from _run_tests(context, first, home, project)
                return
            settings = home.settings
            # Asked before the first table is built: what is edited meanwhile may be in some of them.
            code = code_fingerprint(settings, project.path)
            with open_warehouse(settings) as con:
                fingerprint = staging_fingerprint(con, settings.seeds_path, project.path)
                # What is staged already stays as it is, so it has to be what dbt built, with tests that hold.
                changed = tables_since_built(con, STAGING)
                is_stale = runlog.last_staging_fingerprint(con) != fingerprint or changed != []
                if changed:
                    say(f"{', '.join(changed[:3])}: changed since dbt built it, or built by itself")
                for relation in drop_retired(con, read_manifest(project.manifest_path)):
                    say(f"{relation} is made by no model any more and was dropped")
                if not context.is_subset:
                    forget_state(con, STAGING)
            full_refresh = is_stale or config.full_refresh
            say("Staging" + (" from the beginning" if full_refresh else " what is new"))
            yield from _build(context, first, home, project, full_refresh=full_refresh)
            if not context.is_subset:
                _note_state(settings, STAGING, first, code)
                run.note_built(STAGING)
                runlog.note_staging(settings, context.run.run_id, fingerprint)

    @dg.multi_asset(
        name=second.name,
        specs=second.specs,
        check_specs=second.check_specs(),
        can_subset=True,
        allow_arbitrary_check_specs=True,
        retry_policy=RETRY_WHEN_BUSY,
    )
    def dbt_marts(
        context: dg.AssetExecutionContext, home: HomeResource, project: DbtProjectResource, run: RunResource
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        with run.step(context):
            if not context.selected_asset_keys:
                yield from _run_tests(context, second, home, project)
                return
            code = code_fingerprint(home.settings, project.path)
            with open_warehouse(home.settings) as con:
                require_verdict(con, STAGING)
                if not context.is_subset:
                    forget_state(con, MARTS)
            say("Building dispositions, cases, indicators")
            yield from _build(context, second, home, project)
            if not context.is_subset:
                _note_state(home.settings, MARTS, second, code)
                run.note_built(MARTS)

    return dbt_staging, dbt_marts


def _note_state(settings: Settings, step_id: str, step: DbtStep, code: str) -> None:
    """Write down what the tables of a step hold, now that all are built and all its tests hold.

    Not after some of them: a table built by itself was tested by itself, so unless it holds what it held before,
    nothing is published before the whole step has been run again.
    """
    with open_warehouse(settings) as con:
        note_state(con, step_id, [(spec.key.path[0], spec.key.path[1]) for spec in step.specs], code=code)


def _key(node: Mapping[str, Any]) -> dg.AssetKey:
    return dg.AssetKey(list(relation_of(node)))


def _specs(manifest: Manifest, selector: str) -> tuple[dg.AssetSpec, ...]:
    specs = build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=Translator(), selector=selector)
    return tuple(sorted(specs, key=lambda spec: spec.key.path))


def _sorted(tests: Mapping[dg.AssetKey, Sequence[str]]) -> dict[dg.AssetKey, tuple[str, ...]]:
    return {key: tuple(sorted(names)) for key, names in tests.items()}


def _build(
    context: dg.AssetExecutionContext,
    step: DbtStep,
    home: HomeResource,
    project: DbtProjectResource,
    *,
    full_refresh: bool = False,
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    """Build what was asked for, all of the step or some of its assets, and tell what came of it."""
    manifest = read_manifest(project.manifest_path)
    select: list[str] = []
    if context.is_subset:
        asked = context.selected_asset_keys
        names = [
            node["name"]
            for node in manifest["nodes"].values()
            if node["resource_type"] in {"model", "seed"} and _key(node) in asked
        ]
        select = [*sorted(names), *_asked_tests(context, step)]
    results = dbt.build(
        home.settings,
        selector=step.selector,
        select=select,
        full_refresh=full_refresh,
        project_dir=project.path,
    )
    _forget_unless(home, step, results)
    built = [result for result in results if result.resource_type != "test" and result.succeeded]
    rows, lineage = rows_and_lineage(home.settings, manifest, built, _kept_lineage(home.settings, project))
    for result in built:
        metadata: dict[str, Any] = {"seconds": result.seconds}
        if result.unique_id in rows:
            metadata["dagster/row_count"] = rows[result.unique_id]
        if lineage.get(result.unique_id):
            metadata["dagster/column_lineage"] = _column_lineage(lineage[result.unique_id])
        yield dg.MaterializeResult(dg.AssetKey([result.schema, result.table]), metadata=metadata)
    yield from _shown_tests(context, step, results)
    tests = sum(result.resource_type == "test" for result in results)
    say(f"  {len(results) - tests} tables and views, {tests} dbt tests")
    dbt.require_success(results)


def _run_tests(
    context: dg.AssetExecutionContext, step: DbtStep, home: HomeResource, project: DbtProjectResource
) -> Iterator[dg.AssetCheckResult]:
    """Run the tests that were asked for, on the tables as they are. One that does not hold is a result, no failure."""
    names = _asked_tests(context, step)
    say(f"{len(names)} dbt tests")
    arguments = ["test", "--indirect-selection", "empty", "--select", *names]
    results = dbt.run_command(home.settings, arguments, project.path)
    _forget_unless(home, step, results)
    yield from _shown_tests(context, step, results)


def _forget_unless(home: HomeResource, step: DbtStep, results: Sequence[dbt.NodeResult]) -> None:
    """Unless all is well, what was written down of the step holds no more, and nothing is published from it."""
    if not all(result.succeeded for result in results):
        with open_warehouse(home.settings) as con:
            forget_state(con, STAGING if step.selector == BEFORE_GATE_1 else MARTS)


def _asked_tests(context: dg.AssetExecutionContext, step: DbtStep) -> list[str]:
    return sorted(name for key in context.selected_asset_check_keys for name in step.tests[key.asset_key])


def _shown_tests(
    context: dg.AssetExecutionContext, step: DbtStep, results: Sequence[dbt.NodeResult]
) -> Iterator[dg.AssetCheckResult]:
    by_name = {result.name: result for result in results if result.resource_type == "test"}
    for key in sorted(context.selected_asset_check_keys, key=lambda key: key.asset_key.path):
        # A test that was skipped is one of a table that was not built, which the run tells of itself.
        found = [by_name[name] for name in step.tests[key.asset_key] if name in by_name]
        ran = sorted((one for one in found if one.status != "skipped"), key=lambda one: (one.succeeded, one.name))
        if not ran:
            continue
        records = [record for result in ran[:_LISTED_TESTS] for record in _test_records(result)]
        failed = [result for result in ran if not result.succeeded]
        yield dg.AssetCheckResult(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=not failed,
            severity=dg.AssetCheckSeverity.ERROR,
            description="; ".join(f"{result.label}: {result.message}" for result in failed) or None,
            metadata={
                "tests": len(ran),
                "not_held": len(failed),
                "results": dg.MetadataValue.table(records),
            },
        )


def _test_records(result: dbt.NodeResult) -> list[dg.TableRecord]:
    """One line for a test; for a contract that is not kept, one for each rule that is broken."""
    lines = [(rule.sentence, rule.rows) for rule in result.broken] or [(result.label, result.failures)]
    holds = "yes" if result.succeeded else "no"
    return [
        dg.TableRecord({"test": test, "holds": holds, "failing_rows": rows, "seconds": result.seconds})
        for test, rows in lines
    ]


def _kept_lineage(settings: Settings, project: DbtProjectResource) -> list[Path]:
    """Beside the project only what is the sample's: what a programme calls its columns stays in its home."""
    own = settings.warehouse_path.with_name(project.lineage_path.name)
    return [project.lineage_path] if settings.programme.is_sample else [project.lineage_path, own]


def _column_lineage(lineage: Mapping[str, Sequence[Sequence[str]]]) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            column: [
                dg.TableColumnDep(asset_key=dg.AssetKey([schema, table]), column_name=name)
                for schema, table, name in sources
            ]
            for column, sources in lineage.items()
        }
    )
