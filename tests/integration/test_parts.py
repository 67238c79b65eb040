"""Parts of a run, as the web page starts them: one asset, one check; and no way round a gate.

In the order of the file: what is changed by hand in one test is put right in it, and in the last one it stays so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import dagster as dg
import duckdb
import pytest

from orchestration.assets.automation import JOB_NAME
from orchestration.assets.graph import build_definitions
from orchestration.environment import make_home
from orchestration.settings import Settings
from tests.support.whole_runs import Home, Ran


@dataclass
class Parts:
    """The graph over the shared home, and what to run of it."""

    home: Home
    definitions: dg.Definitions
    instance: dg.DagsterInstance

    def run(self, *assets: str, checks: Sequence[tuple[str, str]] = ()) -> dg.ExecuteInProcessResult:
        """Run some assets, with their checks as the page does it, or some checks alone."""
        job = self.definitions.resolve_job_def(JOB_NAME).get_subset(
            asset_selection={_key(asset) for asset in assets} or None,
            asset_check_selection={dg.AssetCheckKey(_key(asset), name) for asset, name in checks} or None,
        )
        return job.execute_in_process(
            instance=self.instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )

    def change(self, statement: str) -> None:
        """Change the warehouse by hand."""
        with self.home.warehouse(read_only=False) as con:
            con.execute(statement)


def _key(asset: str) -> dg.AssetKey:
    return dg.AssetKey(asset.split("/"))


def why(result: dg.ExecuteInProcessResult) -> str:
    """The sentence of the step that failed."""
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    data = failure.step_failure_data
    assert data.user_failure_data is not None, data.error
    return str(data.user_failure_data.description)


def count(evaluation: dg.AssetCheckEvaluation, name: str) -> int:
    """A whole number that a check tells."""
    return int(str(evaluation.metadata[name].value))


@pytest.fixture(scope="module")
def parts(small: Home, begun: Ran) -> Iterator[Parts]:
    """The small home after its first run."""
    assert small.programme is not None
    settings = Settings(small.home, small.raw, "sample", small.programme)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "INSIGHTS_WAREHOUSE"):
            patch.setenv(name, "")
        make_home(settings)
        with dg.DagsterInstance.get() as instance:
            yield Parts(small, build_definitions(settings), instance)


@pytest.mark.parametrize(
    "asset",
    [
        "ops/load", "raw/insights_intake", "staging/stg_forms__intake", "reference/question", "ops/set_aside",
        "marts/fct_case", "ops/check_result",
    ],
)  # fmt: skip
def test_an_asset_can_be_run_alone(parts: Parts, asset: str) -> None:
    assert parts.run(asset).success


def test_the_release_can_be_made_step_by_step(parts: Parts) -> None:
    for asset in ("published/tables", "published/reports", "published/release"):
        assert parts.run(asset).success, asset


def test_a_run_of_checks_runs_those_checks(parts: Parts) -> None:
    asked = [("marts/fct_case", "dbt_tests"), ("staging/stg_forms__intake", "dbt_tests")]
    result = parts.run(checks=asked)
    assert result.success
    found = {evaluation.asset_key.to_user_string(): evaluation for evaluation in result.get_asset_check_evaluations()}
    assert set(found) == {"marts/fct_case", "staging/stg_forms__intake"}
    assert all(evaluation.passed and count(evaluation, "tests") > 0 for evaluation in found.values())


def test_a_mart_that_was_changed_by_hand_is_not_published(parts: Parts) -> None:
    before = parts.home.current
    parts.change("update marts.indicator_value set numerator = -5 where numerator is not null")
    for assets in (["published/tables"], ["published/tables", "published/reports", "published/release"]):
        result = parts.run(*assets)
        assert not result.success
        assert "not what dbt built and gate 2 judged" in why(result)
        assert "the last release stays in place" in why(result)
    assert parts.home.current == before
    assert not (parts.home.home / "published" / ".prepared").exists()


def test_gate_2_alone_does_not_bless_it(parts: Parts) -> None:
    """It judges, and what it judged were not the tables that dbt had built."""
    parts.run("ops/check_result")
    result = parts.run("published/tables")
    assert not result.success
    assert "Gate 2 did not let the marts through" in why(result)
    # Built again it is what it was, and the gate's checks that come with it see that.
    assert parts.run("marts/indicator_value").success
    assert parts.run("published/tables").success


def test_nor_does_another_table_that_is_built(parts: Parts) -> None:
    """What was changed does not count as built because something beside it was; nor does a gate that sees nothing."""
    parts.change("update marts.indicator set title = 'Another title' where indicator_id = 'client_age'")
    assert parts.run("marts/dim_service", "ops/check_result").success
    result = parts.run("published/tables")
    assert not result.success
    assert "marts.indicator in the warehouse: not what dbt built and gate 2 judged" in why(result)
    # Built again it is what it was; what the gate has judged meanwhile was another one.
    assert parts.run("marts/indicator").success
    result = parts.run("published/tables")
    assert not result.success
    assert "built again after gate 2 judged them" in why(result)
    assert parts.run("ops/check_result").success
    assert parts.run("published/tables").success


def test_a_check_that_does_not_hold_is_shown_as_such(parts: Parts) -> None:
    parts.change("create table ops.kept as from marts.fct_case")
    parts.change("insert into marts.fct_case from marts.fct_case limit 1")
    (evaluation,) = parts.run(checks=[("marts/fct_case", "dbt_tests")]).get_asset_check_evaluations()
    assert not evaluation.passed
    assert count(evaluation, "not_held") > 0
    told = "table_contract of marts.fct_case: column case_id repeats a value in 1 row"
    assert told in str(evaluation.description)
    table = evaluation.metadata["results"]
    assert isinstance(table, dg.TableMetadataValue)
    lines = {(line.data["test"], line.data["holds"], line.data["failing_rows"]) for line in table.records}
    assert ("column case_id repeats a value in 1 row", "no", 1) in lines
    parts.change("create or replace table marts.fct_case as from ops.kept")
    parts.change("drop table ops.kept")
    # The table is what it was, and so is the gate's verdict; but a test of it did not hold.
    result = parts.run("published/tables")
    assert not result.success
    assert "a dbt test of them does not hold" in why(result)


def test_a_run_of_some_steps_says_so(parts: Parts) -> None:
    assert parts.run("marts/fct_case").success
    status = parts.home.insights("status", "--home", str(parts.home.home))
    assert "Last run ran some of its steps" in status.stdout


def test_the_home_can_be_opened_by_others_afterwards(parts: Parts) -> None:
    with duckdb.connect(str(parts.home.home / "warehouse" / "insights.duckdb"), read_only=True) as con:
        assert con.execute("select count(*) > 0 from ops.run").fetchone() == (True,)


def test_staging_that_was_changed_by_hand_is_not_built_from(parts: Parts) -> None:
    parts.change(
        "update staging.stg_forms__intake set client_key = 'x' "
        "where landed_row_id = (select min(landed_row_id) from staging.stg_forms__intake)"
    )
    result = parts.run("marts/fct_intake")
    assert not result.success
    assert "not what dbt built and gate 1 judged" in why(result)
