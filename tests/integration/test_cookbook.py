"""Every query of the cookbook and every snippet of the guide to connecting, on a fresh release of the sample."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.support.cookbook import PAGE, Recipe, recipes, result_table, with_results
from tests.support.whole_runs import Ran

CONNECT = PAGE.with_name("connect.md")
RECIPES = recipes(PAGE.read_text(encoding="utf-8"))


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def test_the_page_has_at_least_fifteen_questions_and_all_of_them_are_read() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(RECIPES) >= 15
    assert len(RECIPES) == text.count("```sql") == text.count("\n## ")
    assert len({recipe.sql for recipe in RECIPES}) == len(RECIPES)
    assert all(len(recipe.printed) > 2 for recipe in RECIPES), "a question without a result"


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.title for recipe in RECIPES])
def test_the_query_gives_what_is_printed(first: Ran, recipe: Recipe) -> None:
    with duckdb.connect(str(first.release / "internal" / "insights.duckdb"), read_only=True) as con:
        assert result_table(con, recipe.sql) == recipe.printed


def test_writing_the_results_again_changes_nothing(first: Ran) -> None:
    text = PAGE.read_text(encoding="utf-8")
    with duckdb.connect(str(first.release / "internal" / "insights.duckdb"), read_only=True) as con:
        assert with_results(text, con) == text


def test_the_snippets_for_python_run_where_their_library_is_there(first: Ran, tmp_path: Path) -> None:
    (tmp_path / "home" / "published").mkdir(parents=True)
    (tmp_path / "home" / "published" / "current").symlink_to(first.release)
    snippets = blocks(CONNECT, "python")
    run = 0
    for snippet in snippets:
        compile(snippet, str(CONNECT), "exec")
        if all(importlib.util.find_spec(name) for name in re.findall(r"^import (\w+)", snippet, re.MULTILINE)):
            done = subprocess.run(
                [sys.executable, "-c", snippet], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 0, done.stderr
            assert done.stdout.strip(), snippet
            run += 1
    assert run >= 3
    first_snippet = subprocess.run(
        [sys.executable, "-c", snippets[0]], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True
    )
    assert first_snippet.stdout.splitlines()[0] == "Yes 1888 1966"


def test_the_query_for_the_command_line_runs(first: Ran) -> None:
    (typed,) = blocks(CONNECT, "sql")
    query = "\n".join(line for line in typed.splitlines() if not line.startswith("."))
    database = first.release / "internal" / "insights.duckdb"
    with duckdb.connect(str(database), read_only=True) as con:
        assert con.execute(query).fetchall()[0][:3] == ("Yes", 1888, 1966)
    if command := shutil.which("duckdb"):
        done = subprocess.run(
            [command, "-readonly", str(database)],
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        assert re.search(r"\| Yes +\| +1888 +\| +1966", done.stdout)
