"""What a contract promises stops a run when a row breaks it, and the operator reads which column and how many rows.

A small dbt project with the test, the macros and the profile of the real one, built as a run builds it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration.environment import make_home
from orchestration.settings import Settings
from orchestration.transform import dbt
from orchestration.warehouse import open_warehouse
from tests.support.paths import DBT_PROJECT

# Stands in every row that breaks a rule, and must not come out.
CANARY = "Zanzibar"

FILES = {
    "dbt_project.yml": "{name: insights, profile: insights, flags: {send_anonymous_usage_stats: false}}",
    "selectors.yml": "{selectors: [{name: everything, definition: 'fqn:*'}]}",
    "models/client.sql": "select * from raw.client",
    "models/fct_client.sql": "select distinct client_key, status from {{ ref('client') }}",
    "models/reference.sql": "select case_reference from {{ ref('client') }} where service in ('s', 'v')",
    "models/client.yml": """
models:
  - name: client
    config: {schema: staging, materialized: table}
    data_tests:
      - table_contract:
          arguments:
            key: [client_key, service]
            unique: [[case_reference], [service, place]]
            not_null: [service, status]
            accepted_values:
              sex: [f, m, "can't say"]
              place: [1, 2, 3]
  - name: reference
    config: {schema: staging}
    data_tests:
      - table_contract: {arguments: {key: [case_reference]}}
  - name: fct_client
    config: {schema: marts, materialized: table, contract: {enforced: true}}
    columns:
      - {name: client_key, data_type: varchar, constraints: [{type: not_null}]}
      - {name: status, data_type: varchar}
    data_tests:
      - table_contract: {arguments: {key: [client_key]}}
""",
}
COLUMNS = ("client_key", "service", "case_reference", "place", "sex", "status")
Row = tuple[str | int | None, ...]
# Breaks nothing: NULL is accepted, may stand alone in any number of rows, and is one value of a key of several columns.
KEPT: list[Row] = [
    ("a", "s", None, 1, "f", "open"),
    ("a", "t", None, 1, None, "open"),
    ("b", "s", "r", None, "can't say", "open"),
    ("c", "t", "q", 3, "m", "open"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    copied = ("profiles.yml", "tests/generic/table_contract.sql", *(
        f"macros/{name}.sql" for name in ("engine", "reading", "generate_schema_name")
    ))  # fmt: skip
    for name in copied:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DBT_PROJECT / name, folder / name)
    return folder


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "INSIGHTS_WAREHOUSE"):
        monkeypatch.setenv(name, "")
    settings = Settings(tmp_path, tmp_path / "raw", "sample")
    make_home(settings)
    return settings


def build(settings: Settings, project: Path, rows: list[Row]) -> list[dbt.NodeResult]:
    with open_warehouse(settings) as con:
        con.execute("create schema raw")
        con.execute(f"create table raw.client ({', '.join(f'{name} varchar' for name in COLUMNS)})")
        con.execute("alter table raw.client alter place type integer")
        con.executemany(f"insert into raw.client values ({', '.join('?' * len(COLUMNS))})", rows)
    return dbt.build(settings, selector="everything", project_dir=project)


def why(results: list[dbt.NodeResult]) -> str:
    """What the operator reads of a run that stops."""
    with pytest.raises(dbt.DbtFailedError) as stopped:
        dbt.require_success(results)
    return str(stopped.value)


def test_rows_that_keep_a_contract_pass(settings: Settings, project: Path) -> None:
    dbt.require_success(build(settings, project, KEPT))


@pytest.mark.parametrize(
    ("rows", "sentence", "broken"),
    [
        ([(CANARY, None, None, 2, "f", "open")], "column service holds NULL in 1 row", 1),
        ([(CANARY, "u", None, 2, CANARY, "open")], "column sex holds a value that is not accepted in 1 row", 1),
        ([(CANARY, "u", None, 4711, "f", "open")], "column place holds a value that is not accepted in 1 row", 1),
        (
            [(CANARY, "u", None, place, "f", "open") for place in (1, 2, 3)],
            "columns client_key, service repeat a combination in 2 rows",
            2,
        ),
        ([(None, "u", None, place, "f", "open") for place in (1, 2)], "client_key, service repeat a combination", 1),
        (
            [(f"{CANARY} {place}", "u", CANARY, place, "f", "open") for place in (1, 2)],
            "column case_reference repeats a value in 1 row",
            1,
        ),
        (
            [(f"{CANARY} {number}", CANARY, None, 2, "f", "open") for number in (1, 2)],
            "columns service, place repeat a combination in 1 row",
            1,
        ),
        (
            [(f"{CANARY} {number}", CANARY, None, None, "f", "open") for number in (1, 2)],
            "columns service, place repeat a combination in 1 row",
            1,
        ),
    ],
)
def test_a_row_that_breaks_a_contract_stops_the_run(
    settings: Settings, project: Path, rows: list[Row], sentence: str, broken: int
) -> None:
    results = build(settings, project, KEPT + rows)
    said = why(results)
    assert "1 dbt node failed: test table_contract of staging.client: " in said
    assert sentence in said
    (failed,) = [result for result in results if result.status == "fail"]
    assert (failed.failures, len(failed.broken)) == (broken, 1)
    assert {result.status for result in results if "fct_client" in result.unique_id} == {"skipped"}
    assert CANARY not in said + repr([failed.message, failed.broken])


def test_every_rule_that_is_broken_is_named(settings: Settings, project: Path) -> None:
    said = why(build(settings, project, [*KEPT, ("x", None, None, 7, "f", None), ("y", None, "q", 8, "f", "open")]))
    for sentence in (
        "column service holds NULL in 2 rows", "column status holds NULL in 1 row",
        "column place holds a value that is not accepted in 2 rows", "column case_reference repeats a value in 1 row",
    ):  # fmt: skip
        assert sentence in said


def test_a_key_of_one_column_counts_null_as_a_value(settings: Settings, project: Path) -> None:
    said = why(build(settings, project, [*KEPT, ("x", "v", None, 2, "f", "open")]))
    assert "test table_contract of staging.reference: column case_reference repeats a value in 1 row" in said


def test_a_table_refuses_a_null_that_its_constraint_forbids(settings: Settings, project: Path) -> None:
    """No test repeats it: the table is not built, so the one before it stays, and nothing after it is built."""
    results = build(settings, project, [*KEPT, (None, "u", CANARY, 2, "f", CANARY)])
    said = why(results)
    assert "1 dbt node failed: model fct_client: column client_key holds NULL, so the table was not built. " in said
    assert CANARY not in said + repr([result.message for result in results])
    assert {result.status for result in results if "fct_client" in result.unique_id} == {"error", "skipped"}
    with open_warehouse(settings, read_only=True) as con:
        made = con.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    assert made == []
