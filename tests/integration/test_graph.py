"""Dagster's picture of the run: everything dbt knows is in it, and the gates stand where they should."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.assets.automation import JOB_NAME, automation, folder_sensor
from orchestration.assets.graph import build_definitions
from orchestration.assets.transform import TESTS, dbt_steps
from orchestration.environment import SCHEDULE, SCHEDULE_OFF
from orchestration.errors import OperatorError
from orchestration.settings import Settings
from orchestration.transform.manifest import relation_of
from orchestration.transform.project import DBT_PROJECT_DIR, manifest_path, read_manifest
from tests.support.paths import ROOT
from tests.support.whole_runs import Home, Ran

SNAPSHOT = ROOT / "tests" / "integration" / "graph.txt"


@pytest.fixture(scope="module")
def settings(home: Home, first: Ran) -> Settings:
    """The home of the first run, whose dbt project is parsed."""
    return Settings(home.home, home.raw, "sample")


@pytest.fixture(scope="module")
def manifest(settings: Settings) -> dict[str, Any]:
    return read_manifest(manifest_path())


@pytest.fixture(scope="module")
def definitions(settings: Settings) -> dg.Definitions:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(settings.dagster_home))
        patch.setenv("INSIGHTS_WAREHOUSE", str(settings.warehouse_path))
        return build_definitions(settings)


def test_every_model_and_seed_is_an_asset_under_the_name_of_its_table(
    definitions: dg.Definitions, manifest: dict[str, Any]
) -> None:
    tables = {relation_of(node) for node in manifest["nodes"].values() if node["resource_type"] in {"model", "seed"}}
    graph = definitions.resolve_asset_graph()
    assert tables <= {tuple(key.path) for key in graph.get_all_asset_keys()}
    for schema, table in tables:
        assert graph.get(dg.AssetKey([schema, table])).group_name == schema


def test_every_dbt_test_of_the_data_is_part_of_a_check_and_was_run(
    definitions: dg.Definitions, manifest: dict[str, Any], first: Ran
) -> None:
    tests = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"}
    folded = [name for step in dbt_steps(manifest) for names in step.tests.values() for name in names]
    assert sorted(folded) == sorted(tests)
    checks = {key.asset_key for key in definitions.resolve_asset_graph().asset_check_keys if key.name == TESTS}
    assert checks == {key for step in dbt_steps(manifest) for key in step.tests}
    ran = re.search(r"dbt: ([\d,]+) of ([\d,]+) tests hold", first.output)
    assert ran is not None
    assert {int(count.replace(",", "")) for count in ran.groups()} == {len(tests)}


def test_gates_stand_between_what_they_check_and_what_uses_it(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()

    def before(*path: str) -> set[str]:
        return {"/".join(key.path) for key in graph.get_ancestor_asset_keys(dg.AssetKey(list(path)))}

    assert {"staging/stg_forms__intake", "raw/insights_intake", "files/exports"} <= before("ops", "set_aside")
    assert "ops/set_aside" in before("marts", "fct_intake")
    assert {"marts/indicator_value", "marts/reconciliation", "marts/fct_case"} <= before("ops", "check_result")
    assert "ops/check_result" in before("published", "release")
    blocking = {key.name for key in graph.asset_check_keys if key.name.startswith("gate_") and graph.get(key).blocking}
    assert blocking == {"gate_1_blocks", "gate_2_blocks"}


def test_lineage_ends_at_readers(definitions: dg.Definitions, manifest: dict[str, Any]) -> None:
    graph = definitions.resolve_asset_graph()
    readers = {key.path[1]: graph.get(key) for key in graph.get_all_asset_keys() if key.path[0] == "readers"}
    assert set(readers) == {exposure["name"] for exposure in manifest["exposures"].values()}
    assert {"forms_report", "needs_assessment", "open_data", "documentation"} == set(readers)
    for name, reader in readers.items():
        parents = {"/".join(key.path) for key in reader.parent_keys}
        assert {"published/release", "marts/published_value"} <= parents, name
        assert not reader.is_materializable


def test_the_graph_is_the_one_on_record(definitions: dg.Definitions, request: pytest.FixtureRequest) -> None:
    """Assets, what each is made from, and its checks. `make snapshot` writes the record again."""
    graph = definitions.resolve_asset_graph()
    lines = []
    for key in sorted(graph.get_all_asset_keys(), key=lambda key: list(key.path)):
        parents = sorted("/".join(parent.path) for parent in graph.get(key).parent_keys)
        checks = sorted(check.name for check in graph.asset_check_keys if check.asset_key == key)
        lines.append("/".join(key.path))
        lines += [f"    from  {parent}" for parent in parents] + [f"    check {check}" for check in checks]
    found = "\n".join(lines) + "\n"
    if request.config.getoption("--write-snapshot"):
        SNAPSHOT.write_text(found, encoding="utf-8")
    assert found == SNAPSHOT.read_text(encoding="utf-8"), "changed: `make snapshot`, then look at the diff"


def test_importing_the_definitions_writes_nothing(home: Home, settings: Settings, tmp_path: Path) -> None:
    """Neither into an empty home nor over what an operator has changed in Dagster's settings."""
    for place in (tmp_path / "empty", home.home):
        config = place / "dagster" / "dagster.yaml"
        if config.exists():
            config.write_text(config.read_text(encoding="utf-8") + "# kept for a year\n", encoding="utf-8")
        before = {path: path.stat().st_mtime_ns for path in place.rglob("*")} if place.exists() else {}
        code = "from orchestration.definitions import defs; print(len(defs.resolve_all_asset_keys()))"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"INSIGHTS_HOME": str(place), "INSIGHTS_RAW": str(home.raw), "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert int(done.stdout) > 200
        assert ({path: path.stat().st_mtime_ns for path in place.rglob("*")} if place.exists() else {}) == before
        assert sorted(path.name for path in tmp_path.iterdir()) == []


def test_dagsters_own_program_finds_the_definitions_sound_and_tells_nobody(
    settings: Settings, home: Home, tmp_path: Path
) -> None:
    environment = {"INSIGHTS_HOME": str(home.home), "DAGSTER_HOME": str(settings.dagster_home), "HOME": str(tmp_path)}
    done = subprocess.run(
        [Path(sys.executable).parent / "dg", "check", "defs"],
        env=os.environ | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "Telemetry" not in done.stdout + done.stderr
    assert not (settings.dagster_home / ".telemetry").exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_definitions_of_a_project_that_was_not_parsed_say_so(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: insights", encoding="utf-8")
    with pytest.raises(OperatorError, match="insights parse"):
        build_definitions(settings, tmp_path)


def test_one_job_runs_everything_one_step_at_a_time(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def(JOB_NAME)
    assert job.executor_def.name == "in_process"
    assert {node.name for node in job.nodes} == {
        "landing", "dbt_staging", "ops__later_version", "gate_1", "dbt_marts", "gate_2",
        "published__tables", "published__reports", "published__release",
    }  # fmt: skip


def test_a_schedule_and_a_sensor_start_the_job(definitions: dg.Definitions) -> None:
    assert definitions.schedules is not None
    assert definitions.sensors is not None
    (schedule,) = definitions.schedules
    (sensor,) = definitions.sensors
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert isinstance(sensor, dg.SensorDefinition)
    assert (schedule.job_name, sensor.job_name) == (JOB_NAME, JOB_NAME)
    assert (schedule.default_status.name, sensor.default_status.name) == ("RUNNING", "RUNNING")


def test_nothing_starts_by_itself_where_nobody_asked_for_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SCHEDULE, SCHEDULE_OFF)
    both = automation(settings, DBT_PROJECT_DIR)
    assert {one.default_status.name for one in [*(both.schedules or []), *(both.sensors or [])]} == {"STOPPED"}


def test_the_sensor_waits_until_the_folder_is_quiet_and_asks_once_for_each_state(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    sensor = folder_sensor(Settings(tmp_path, raw, "sample"))

    def look(cursor: str | None) -> tuple[list[str | None], str | None]:
        with dg.DagsterInstance.ephemeral() as instance:
            context = dg.build_sensor_context(instance=instance, cursor=cursor)
            tick = sensor.evaluate_tick(context)
            return [request.run_key for request in tick.run_requests or []], tick.cursor or cursor

    assert look(None)[0] == []
    (raw / "one.csv").write_text("a", encoding="utf-8")
    keys, cursor = look(None)
    assert keys == []
    first, cursor = look(cursor)
    assert len(first) == 1
    assert look(cursor)[0] == first
    (raw / "one.csv").write_text("ab", encoding="utf-8")
    keys, cursor = look(cursor)
    assert keys == []
    second, _ = look(cursor)
    assert len(second) == 1
    assert second != first
