"""The rooms of the package: each says what belongs in it, and importing one by itself loads nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

ROOMS = sorted(path.parent for path in (ROOT / "reporting").rglob("__init__.py"))
HEAVY = ("duckdb", "jinja2", "typst", "vl_convert", "xlsxwriter", "pandas", "lxml", "dagster", "dbt")


def name_of(room: Path) -> str:
    return ".".join(room.relative_to(ROOT).parts)


@pytest.mark.parametrize("room", ROOMS, ids=name_of)
def test_a_room_says_what_belongs_in_it_and_names_each_of_its_modules(room: Path) -> None:
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    assert said
    assert "Belongs here:" in said
    assert "Does not:" in " ".join(said.split())
    inside = {path.stem for path in room.glob("*.py") if not path.stem.startswith("__")}
    inside |= {path.parent.name for path in room.glob("*/__init__.py")}
    words = set(said.replace(",", " ").replace("/", " ").split())
    assert inside - words == set()


def test_the_rooms_by_themselves_load_nothing_heavy() -> None:
    rooms = ", ".join(map(name_of, ROOMS))
    code = f"import sys, {rooms}; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
