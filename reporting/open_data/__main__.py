"""Check a folder of open data against the standard: `python -m reporting.open_data FOLDER`; exit code 1 on failure."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reporting.open_data.checks.folder import check_folder


def main(arguments: list[str] | None = None) -> int:
    """Check the folder named in the arguments, print every breach, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m reporting.open_data", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder that holds the pairs NAME.csv and NAME.meta.csv")
    result = check_folder(parser.parse_args(arguments).folder)
    failed = {problem.file for problem in result.problems}
    for name in result.pairs:
        word = "fails" if {f"{name}.csv", f"{name}.meta.csv"} & failed else "passes"
        sys.stdout.write(f"{name}: {word}\n")
    for problem in result.problems:
        sys.stdout.write(f"  {problem} [{problem.check}]\n")
    sets = f"{len(result.pairs):,} data set{'' if len(result.pairs) == 1 else 's'}"
    breaches = f"{len(result.problems):,} breach{'' if len(result.problems) == 1 else 'es'}"
    sys.stdout.write(f"{sets}, {result.checks} checks: {breaches if result.problems else 'all pass'}\n")
    return 0 if result.passes else 1


if __name__ == "__main__":
    sys.exit(main())
