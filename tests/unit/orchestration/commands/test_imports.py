"""What is loaded before anybody asks for it: no command line and no folder loads an engine when it is imported.

import-linter counts imports inside functions too, so it cannot tell when a package is loaded. A fresh interpreter can.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.paths import ROOT

HEAVY = {"dagster", "dagster_dbt", "dbt", "great_expectations", "pandas", "scipy", "statsmodels", "lxml", "sqlglot"}
FOLDERS = ("catalogue", "disclosure", "expectations", "orchestration", "reporting", "synthetic", "tools")
PACKAGES = sorted(
    ".".join(file.parent.relative_to(ROOT).parts) for folder in FOLDERS for file in (ROOT / folder).rglob("__init__.py")
)
COMMANDS = sorted(
    f"orchestration.commands.{file.stem}" for file in (ROOT / "orchestration" / "commands").glob("[!_]*.py")
)


def loaded(*statements: str) -> set[str]:
    """Top-level packages in `sys.modules` of a fresh interpreter after some statements."""
    program = "\n".join(
        ("import json, sys", *statements, "print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))")
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", [*PACKAGES, *COMMANDS])
def test_importing_it_loads_no_engine(module):
    assert loaded(f"import {module}") & HEAVY == set()


def test_an_engine_would_be_seen():
    assert {"lxml", "sqlglot"} <= loaded("import lxml.etree", "import sqlglot")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["status"], ["loads"], ["check"]])
def test_a_command_that_needs_no_engine_loads_none(arguments, tmp_path):
    calls = f"sys.argv = ['insights', *{arguments!r}]"
    home = f"import os; os.environ['INSIGHTS_HOME'] = {str(tmp_path)!r}"
    command = "import orchestration.commands.cli as cli\ntry:\n    cli.main()\nexcept SystemExit:\n    pass"
    assert loaded(home, calls, command) & HEAVY == set()
