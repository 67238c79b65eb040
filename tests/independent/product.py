"""The product, run as its command line is, and the tables it made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb

from tests.independent.children import SERVICES

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """
[forms]
year_starts = "04-01"
first_year = 2022
no_year_share = 0.0001
unknown_answer_share = 1.0
unknown_question_share = 1.0
"""


def command(*arguments: str | Path) -> str:
    """What the command line says; it may end with any code, since blocked releases leave their tables behind."""
    environment = {**os.environ, "INSIGHTS_ENV": "sample"}
    words = [sys.executable, "-m", "orchestration.commands.cli", *map(str, arguments)]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def run_product(folder: Path, exports: Path) -> tuple[Path, str]:
    """Runs a programme of three services on the exports; returns its warehouse and what the run said."""
    shutil.rmtree(folder, ignore_errors=True)
    programme, home = folder / "programme", folder / "home"
    command("init", programme, "--name", "Recounted services")
    settings = (programme / "programme.toml").read_text(encoding="utf-8")
    before, after = re.split(r"^\[forms\]$", settings, flags=re.M)
    after = after[after.index("[disclosure]") :]
    final = 'final_to = 2024-03-31\ndate_order = "day_first"\n'
    before = re.sub(r"^date_order.*\n", "", before, flags=re.M)
    (programme / "programme.toml").write_text(f"{before}{final}{SETTINGS}\n{after}", encoding="utf-8")
    lines = ["code,name,spellings,region,from,to,became"]
    lines += [f"{code},{names[0]},,,,," for code, names in SERVICES.items()]
    (programme / "services.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home / "warehouse" / "insights.duckdb", run_again(folder, exports)


def run_again(folder: Path, exports: Path) -> str:
    """One more run of a programme that `run_product` made."""
    return command("run", "--programme", folder / "programme", "--raw", exports, "--home", folder / "home")


def query(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()
