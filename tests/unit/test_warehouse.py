"""How the warehouse is opened: by whichever way, a checkpoint leaves tables as they were written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from expectations.runner import _open
from orchestration.dbt import DBT_PROJECT_DIR
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

_ASKED = "select current_setting('max_vacuum_tasks')::integer"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, raw_dir=tmp_path / "raw", environment="development")


def test_no_connection_writes_row_groups_again(settings: Settings) -> None:
    with open_warehouse(settings) as con:
        assert con.execute(_ASKED).fetchone() == (0,)
    with open_warehouse(settings, read_only=True) as con:
        assert con.execute(_ASKED).fetchone() == (0,)
    with _open(settings.warehouse_path) as con:
        assert con.execute(_ASKED).fetchone() == (0,)


def test_nor_does_dbt(settings: Settings) -> None:
    from dbt.adapters.duckdb.credentials import DuckDBCredentials
    from dbt.adapters.duckdb.environments import create

    settings.warehouse_path.parent.mkdir(parents=True)
    profile = yaml.safe_load((DBT_PROJECT_DIR / "profiles.yml").read_text(encoding="utf-8"))
    output = profile["insights"]["outputs"]["warehouse"] | {"path": os.fspath(settings.warehouse_path)}
    del output["type"], output["threads"]
    environment = create(DuckDBCredentials(**output, database="insights"))
    try:
        assert environment.handle().cursor().execute(_ASKED).fetchone() == (0,)
    finally:
        environment.close()
