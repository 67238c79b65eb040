"""dbt's unit tests on a scratch home: `python -m tools.unit_tests [--home DIR] [SELECTION …]`.

A unit test needs the columns of the tables its model reads, not their rows, so the scratch warehouse holds the
seeds and otherwise empty tables. It is made anew each time: tests must not pass because of what an earlier run left.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import uuid
from pathlib import Path

from catalogue import load_catalogue
from catalogue.returns import load_returns
from expectations.results import create_ops_tables
from orchestration.decisions import ensure_decisions
from orchestration.environment import write_programme
from orchestration.errors import OperatorError
from orchestration.landing.forms.tables import ensure_form_tables
from orchestration.landing.ledger import ensure_ledger
from orchestration.landing.returns.tables import ensure_return_tables
from orchestration.release.register import create_register
from orchestration.release.revision import begin_with_revision
from orchestration.settings import PROJECT_ROOT, Settings
from orchestration.transform import dbt
from orchestration.warehouse import open_warehouse


def run_unit_tests(settings: Settings, selection: list[str]) -> list[dbt.NodeResult]:
    """Build an empty warehouse in the home folder and run the unit tests of a selection (all, when it is empty)."""
    write_programme(settings)
    with open_warehouse(settings) as con:
        ensure_ledger(con)
        ensure_form_tables(con, load_catalogue(settings.seeds_path / "forms"))
        ensure_return_tables(con, load_returns(settings.seeds_path / "returns"))
        create_ops_tables(con)
        ensure_decisions(con)
        create_register(con)
        begin_with_revision(con, None)
    dbt.require_success(dbt.run_command(settings, ["seed"]))
    dbt.require_success(dbt.run_command(settings, ["run", "--empty"]))
    chosen = [f"{name},test_type:unit" for name in selection] or ["test_type:unit"]
    return dbt.run_command(settings, ["test", "--select", *chosen])


def main() -> int:
    """Run them, show what failed, and say how many there were; 1 when one failed or there were none."""
    parser = argparse.ArgumentParser(description="dbt unit tests on a scratch home")
    parser.add_argument("--home", type=Path, help="scratch home to use; default: a new one under .scratch")
    parser.add_argument("selection", nargs="*", help="models or tests, as dbt selects them; default: all")
    arguments = parser.parse_args()
    home: Path = arguments.home or PROJECT_ROOT / ".scratch" / f"unit-{uuid.uuid4().hex[:8]}"
    settings = Settings.from_environment(home=home)
    try:
        results = run_unit_tests(settings, arguments.selection)
    except OperatorError as error:
        sys.stdout.write(f"{error}\n")
        return 1
    finally:
        if arguments.home is None:
            shutil.rmtree(home, ignore_errors=True)
    failed = [result for result in results if not result.succeeded]
    for result in failed:
        # Rows of a unit test are made up, so what dbt says of them may be shown.
        sys.stdout.write(f"FAIL {result.name}: {result.message}\n")
    sys.stdout.write(f"dbt unit tests: {len(results) - len(failed)} passed, {len(failed)} failed\n")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
