"""What it costs to import the room: nothing heavy before a gate runs."""

from __future__ import annotations

import subprocess
import sys

import pytest


def loaded(statement: str) -> set[str]:
    """The top-level packages and the modules of the room that a statement loads."""
    code = f"{statement}\nimport sys\nprint(*(n for n in sys.modules if '.' not in n or n.startswith('expectations')))"
    return set(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split())


def test_the_room_itself_imports_nothing():
    before, after = loaded("pass"), loaded("import expectations")
    assert after - before == {"expectations"}


@pytest.mark.parametrize("module", ["suites", "check_files", "runner", "results", "docs"])
def test_great_expectations_is_loaded_by_the_engine_only(module):
    heavy = {"great_expectations", "sqlalchemy", "pandas", "dagster", "dbt"}
    assert not loaded(f"import expectations.{module}") & heavy


@pytest.mark.parametrize("module", ["suites", "check_files"])
def test_the_list_of_checks_needs_no_engine(module):
    assert "duckdb" not in loaded(f"import expectations.{module}")
