"""How the warehouse is opened: by whichever way, a checkpoint leaves tables as they were written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from expectations.runner import _open
from orchestration.locking import WarehouseBusyError
from orchestration.settings import Settings
from orchestration.transform.project import DBT_PROJECT_DIR
from orchestration.warehouse import literal, open_warehouse

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


def _row_groups(settings: Settings, table: str) -> list[int]:
    """How many rows each row group of a table holds, in their order."""
    with open_warehouse(settings, read_only=True) as con:
        rows = con.execute(
            "select rows from (select row_group_id, max(start + count) - min(start) as rows "
            f"from pragma_storage_info('{table}') group by all) order by row_group_id"
        ).fetchall()
        return [count for (count,) in rows]


def test_a_piece_of_a_file_is_not_copied_into_row_groups_with_the_next(settings: Settings, tmp_path: Path) -> None:
    # DuckDB reads CSV in pieces of 8 MB: here three of ten thousand records. Put together, they would fill every row
    # group but the last; left as they were read, each ends with one that is not full.
    exported = tmp_path / "exported.csv"
    exported.write_text(("x" * 799 + "\n") * 30_000, encoding="utf-8")
    with open_warehouse(settings, for_landing=True) as con:
        assert con.execute(_ASKED).fetchone() == (0,)
        con.execute("set threads = 2")
        con.execute(
            f"create table landed as from read_csv({literal(exported)}, auto_detect = false, header = false, "
            "delim = ',', columns = {'cell': 'VARCHAR'})"
        )
    groups = _row_groups(settings, "landed")
    assert sum(groups) == 30_000
    assert sum(rows < max(groups) for rows in groups) >= 3


def test_a_warehouse_of_larger_row_groups_can_be_added_to(settings: Settings) -> None:
    with open_warehouse(settings) as con:
        con.execute("create table landed (i bigint primary key)")
        con.execute("insert into landed from range(100_000)")
    with open_warehouse(settings, for_landing=True) as con:
        con.execute("insert into landed from range(100_000, 250_000)")
    with open_warehouse(settings) as con:
        con.execute("insert into landed from range(250_000, 251_000)")
        assert con.execute("select count(*), count(distinct i), max(i) from landed").fetchone() == (
            251_000,
            251_000,
            250_999,
        )


def test_a_busy_warehouse_is_told_in_the_same_words_to_landing(settings: Settings) -> None:
    with open_warehouse(settings):
        pass
    holds = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()",
        os.fspath(settings.warehouse_path),
    )
    with subprocess.Popen([sys.executable, "-c", *holds], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(WarehouseBusyError), open_warehouse(settings, for_landing=True):
            pass
        other.communicate()
