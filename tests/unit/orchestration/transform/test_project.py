"""A small dbt project, parsed and run as the large one is: what is kept of it, and what a failure says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import OperatorError
from orchestration.settings import Settings
from orchestration.transform import dbt, project

FILES = {
    "dbt_project.yml": "name: insights\nprofile: insights\nversion: '1.0.0'\nconfig-version: 2\n"
    "model-paths: [models]\nseed-paths: [seeds]\nflags: {send_anonymous_usage_stats: false}\n",
    "profiles.yml": "insights:\n  target: warehouse\n  outputs:\n"
    "    warehouse: {type: duckdb, path: \"{{ env_var('INSIGHTS_WAREHOUSE') }}\", schema: main}\n"
    "    any_home: {type: duckdb, path: insights.duckdb, schema: main}\n",
    "models/right.sql": "select 1 as id",
    "models/broken.sql": "{{ config(materialized='table') }} "
    "select cast(name as integer) as id from (select 'Zanzibar' as name)",
    "models/after.sql": "select id from {{ ref('broken') }}",
    "models/right.yml": "models: [{name: right, data_tests: [{accepted_values: {name: right_is_two, arguments: "
    "{column_name: id, values: [2]}}}]}]",
    "seeds/given.csv": "id\n1\n",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def home(tmp_path: Path, name: str) -> Settings:
    return Settings(tmp_path / name, tmp_path / "raw", "sample")


def test_a_project_is_parsed_once_for_every_home(small: Path, tmp_path: Path) -> None:
    assert not project.is_parsed(small)
    project.parse(small)
    assert project.is_parsed(small)
    kept = (small / "target" / "partial_parse.msgpack").stat()
    for name in ("one", "two"):
        project._parsed.clear()
        dbt.run_command(home(tmp_path, name), ["run", "--select", "right"], small)
        after = (small / "target" / "partial_parse.msgpack").stat()
        # dbt writes it again whenever it had to read a file again.
        assert (after.st_ino, after.st_mtime_ns) == (kept.st_ino, kept.st_mtime_ns)
    assert not list((small / "target").glob(".parsing-*"))
    assert str(tmp_path / "one") not in (small / "target" / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["models/right.sql", "dbt_project.yml", "models/new.sql"])
def test_a_changed_file_has_to_be_parsed_again(small: Path, name: str) -> None:
    project.parse(small)
    with (small / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert not project.is_parsed(small)
    project.parse(small)
    assert project.is_parsed(small)


def test_rows_of_a_seed_are_no_part_of_the_graph(small: Path, tmp_path: Path) -> None:
    project.parse(small)
    (small / "seeds" / "given.csv").write_text("id\n1\n2\n", encoding="utf-8")
    assert project.is_parsed(small)
    # What is loaded are the rows of now all the same.
    project._parsed.clear()
    settings = home(tmp_path, "one")
    dbt.require_success(dbt.run_command(settings, ["seed"], small))
    with duckdb.connect(str(settings.warehouse_path)) as con:
        assert con.execute("select count(*) from main.given").fetchone() == (2,)


def test_a_model_that_fails_is_named_without_its_value_and_its_sql_is_there(small: Path, tmp_path: Path) -> None:
    settings = home(tmp_path, "one")
    results = dbt.build(settings, selector="", select=["right", "broken", "after"], project_dir=small)
    assert {result.name: result.status for result in results} == {
        "right": "success", "broken": "error", "after": "skipped",
    }  # fmt: skip
    with pytest.raises(
        dbt.DbtFailedError,
        match=r"model broken: .*last release stays in place.*SQL that ran is in the home folder: \S+\.sql\.$",
    ) as told:
        dbt.require_success(results)
    assert "Zanzibar" not in str(told.value)
    assert "Zanzibar" in told_sql(settings, told.value)


def test_a_test_that_fails_is_named_and_its_sql_is_there(small: Path, tmp_path: Path) -> None:
    settings = home(tmp_path, "one")
    results = dbt.build(settings, selector="", select=["right", "right_is_two"], project_dir=small)
    with pytest.raises(dbt.DbtFailedError, match=r"^1 dbt node failed: test right_is_two: ") as told:
        dbt.require_success(results)
    assert "not in" in told_sql(settings, told.value)


def told_sql(settings: Settings, error: dbt.DbtFailedError) -> str:
    """What stands in the file that the sentence of a failure names."""
    name = str(error).removesuffix(".").rsplit(" ", 1)[1]
    return (settings.home / name).read_text(encoding="utf-8")


def test_of_several_that_fail_the_sql_of_the_first_is_named(small: Path, tmp_path: Path) -> None:
    results = dbt.build(
        home(tmp_path, "one"), selector="", select=["right", "broken", "right_is_two"], project_dir=small
    )
    first = next(result for result in results if result.status in {"error", "fail"})
    with pytest.raises(dbt.DbtFailedError, match=rf"^2 dbt nodes failed: .*SQL of the first .*: {first.sql_file}\.$"):
        dbt.require_success(results)


def test_the_warehouse_can_be_opened_when_dbt_is_done(small: Path, tmp_path: Path) -> None:
    settings = home(tmp_path, "one")
    dbt.run_command(settings, ["run", "--select", "right"], small)
    opened = subprocess.run(
        [sys.executable, "-c", "import duckdb, sys; duckdb.connect(sys.argv[1])", str(settings.warehouse_path)],
        check=False,
        capture_output=True,
    )
    assert opened.returncode == 0


def test_what_does_not_parse_is_a_sentence(small: Path) -> None:
    (small / "models" / "right.sql").write_text("select {{ nothing( }}", encoding="utf-8")
    with pytest.raises(OperatorError, match=r"does not parse.*Nothing was built or published"):
        project.parse(small)
    assert not project.is_parsed(small)


def test_a_unit_test_may_move_to_another_file_while_what_it_reads_is_described_anew(small: Path) -> None:
    sources = "sources:\n  - name: raw\n    tables: [{{name: form, description: {}}}]\n"
    test = (
        "unit_tests:\n  - name: it_holds\n    model: staged\n"
        "    given:\n      - input: source('raw', 'form')\n        rows: [{id: 1}]\n    expect: {rows: [{id: 1}]}\n"
    )
    models = small / "models"
    (models / "staged.sql").write_text("select id from {{ source('raw', 'form') }}", encoding="utf-8")
    (models / "to_be_read_last.yml").write_text(sources.format("One."), encoding="utf-8")
    (models / "staged.yml").write_text("models: [{name: staged}]\n" + test, encoding="utf-8")
    project.parse(small)
    (models / "to_be_read_last.yml").write_text(sources.format("Another."), encoding="utf-8")
    (models / "staged.yml").write_text("models: [{name: staged}]\n", encoding="utf-8")
    (models / "_tests.yml").write_text(test, encoding="utf-8")
    project.parse(small)
    manifest = project.read_manifest(project.manifest_path(small))
    assert list(manifest["unit_tests"]) == ["unit_test.insights.staged.it_holds"]


def test_a_folder_that_cannot_be_written_is_a_sentence(small: Path) -> None:
    (small / "target").write_text("a file in its place", encoding="utf-8")
    with pytest.raises(OperatorError, match="could not be kept"):
        project.parse(small)
