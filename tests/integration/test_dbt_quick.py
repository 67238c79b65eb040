"""dbt's nodes run the short way come out as dbt itself would have it: tables, constraints, verdicts, words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.settings import Settings
from orchestration.transform import dbt
from orchestration.transform.dbt_cache import ParsedProject

PROJECT = {
    "dbt_project.yml": """
name: small
version: "1.0.0"
config-version: 2
profile: insights
seed-paths: [seeds]
model-paths: [models]
""",
    "profiles.yml": """
insights:
  target: warehouse
  outputs:
    warehouse: {type: duckdb, path: "{{ env_var('INSIGHTS_WAREHOUSE') }}", schema: main, threads: 2}
""",
    "seeds/given.csv": "id,label\n1,one\n2,two\n3,three\n",
    "models/appended.sql": """
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}
select id, label, {{ is_incremental() }} as is_added from {{ ref('given') }}
""",
    "models/replaced.sql": """
{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='id', on_schema_change='fail') }}
select id, label, {{ is_incremental() }} as is_added from {{ ref('given') }} {{ 'where id > 1' if is_incremental() }}
""",
    "models/plain.sql": "{{ config(materialized='table') }} select * from {{ ref('appended') }} order by id",
    "models/seen.sql": "select count(*) as n from {{ ref('plain') }}",
    "models/kept.sql": """
{{ config(materialized='table', contract={'enforced': true}) }}
select label, id::integer as id from {{ ref('given') }}
""",
    "models/broken.sql": """
{{ config(materialized='table', contract={'enforced': true}) }}
select label as id from {{ ref('given') }}
""",
    "models/empty.sql": """
{{ config(materialized='table', contract={'enforced': true}) }}
select null::integer as id from {{ ref('given') }}
""",
    "models/after_broken.sql": "select * from {{ ref('broken') }}",
    "models/small.yml": """
models:
  - name: kept
    columns:
      - {name: id, data_type: integer, constraints: [{type: not_null}], data_tests: [unique, not_null]}
      - name: label
        data_type: varchar
        data_tests:
          - accepted_values: {arguments: {values: [one, two]}}
          - not_null: {config: {where: "id < 3"}}
  - name: broken
    columns: [{name: id, data_type: integer}]
  - name: empty
    columns: [{name: id, data_type: integer, constraints: [{type: not_null}]}]
  - name: plain
    columns: [{name: id, data_tests: [{not_null: {config: {severity: warn}}}]}]
""",
}
TABLES = ("appended", "replaced", "plain", "seen", "kept")


def write_project(folder: Path, texts: Mapping[str, str] = PROJECT) -> Path:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def outcome(home: Path, project: Path, *, quick: bool) -> list[dict[str, Any]]:
    """What two builds, one upon the other, make of the project."""
    settings = Settings(home, home, "sample")
    settings.warehouse_path.parent.mkdir(parents=True)
    found = []
    for _ in range(2):
        if quick:
            results = dbt.build(
                settings, select=["*"], indirect_selection="eager", loads_seeds=True, project_dir=project
            )
        else:
            results = dbt.run_command(settings, ["build"], project)
        with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
            found.append(
                {
                    "nodes": {
                        # dbt builds a table under another name first, and that name is in the engine's message.
                        result.name: (result.status, result.failures, result.message.replace("__dbt_tmp", ""))
                        for result in results
                    },
                    "rows": {table: sorted(con.execute(f"from main.{table}").fetchall()) for table in TABLES},
                    "relations": con.execute(
                        "select table_name, table_type, column_name, data_type, is_nullable "
                        "from information_schema.tables "
                        "join information_schema.columns using (table_schema, table_name) "
                        "where table_schema = 'main' order by all"
                    ).fetchall(),
                    "left": con.execute(
                        "select table_name from duckdb_tables() where table_name like '%\\_\\_%' escape '\\'"
                    ).fetchall(),
                }
            )
    return found


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("quick")
    project = write_project(folder / "project")
    return {
        "dbt": outcome(folder / "plain", project, quick=False),
        "compiled now": outcome(folder / "first", project, quick=True),
        "compiled before": outcome(folder / "second", project, quick=True),
    }


@pytest.mark.parametrize("way", ["compiled now", "compiled before"])
def test_two_builds_come_out_as_dbt_has_it(outcomes: dict[str, list[dict[str, Any]]], way: str) -> None:
    assert outcomes[way] == outcomes["dbt"]


def test_the_comparison_has_every_verdict(outcomes: dict[str, list[dict[str, Any]]]) -> None:
    nodes = outcomes["dbt"][0]["nodes"]
    assert {status for status, _, _ in nodes.values()} == {"success", "pass", "fail", "error", "skipped"}
    assert len(outcomes["dbt"][1]["rows"]["appended"]) == 6


def test_a_failed_node_leaves_its_sql(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    settings = Settings(tmp_path / "home", tmp_path, "sample")
    settings.warehouse_path.parent.mkdir(parents=True)
    dbt.build(settings, select=["*"], indirect_selection="eager", project_dir=project)
    left = {path.name for path in (settings.dbt_target_path / "run").rglob("*.sql")}
    assert {"broken.sql", "empty.sql"} <= left
    assert "plain.sql" not in left


def test_another_seed_row_is_another_compilation(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    before = ParsedProject(project)
    (project / "seeds" / "given.csv").write_text("id,label\n1,eins\n", encoding="utf-8")
    after = ParsedProject(project)
    assert before.fingerprint == after.fingerprint
    assert before.seeds != after.seeds
    before.keep_compiled({"model.small.plain": "select 1"})
    assert after.compiled() == {}
    assert before.compiled() == {"model.small.plain": "select 1"}


def test_a_changed_model_is_another_project(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    before = ParsedProject(project)
    (project / "models" / "plain.sql").write_text("select 1 as id", encoding="utf-8")
    assert ParsedProject(project).fingerprint != before.fingerprint


def test_what_the_longest_chain_waits_for_runs_first(tmp_path: Path) -> None:
    texts = {
        "dbt_project.yml": PROJECT["dbt_project.yml"],
        "profiles.yml": PROJECT["profiles.yml"].replace("threads: 2", "threads: 1"),
        **{f"models/a_short_{number}.sql": "select 1 as n" for number in range(4)},
        "models/c_long.sql": "select 1 as n",
        "models/d_long.sql": "select n from {{ ref('c_long') }}",
        "models/e_long.sql": "select n from {{ ref('d_long') }}",
        "models/f_long.sql": "select n from {{ ref('e_long') }}",
        "models/of.yml": "models: [{name: c_long, columns: [{name: n, data_tests: [not_null]}]}]\n",
    }
    project = write_project(tmp_path / "project", texts)
    settings = Settings(tmp_path / "home", tmp_path, "sample")
    settings.warehouse_path.parent.mkdir(parents=True)
    results = dbt.build(settings, select=["*"], indirect_selection="eager", project_dir=project)
    # With one thread nothing short comes between, also where the next of the chain is not possible yet when the thread
    # begins what is before it. dbt would begin with all the short ones.
    assert [result.name for result in results] == [
        *("c_long", "not_null_c_long_n", "d_long", "e_long"),
        *(f"a_short_{number}" for number in range(4)),
        "f_long",
    ]
