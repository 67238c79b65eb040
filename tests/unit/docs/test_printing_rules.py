"""The list of facts in docs/disclosure-control.md has every rule by which something is printed."""

from __future__ import annotations

import ast
import re

import yaml

from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "disclosure-control.md").read_text(encoding="utf-8")
# Methods of a system by which something becomes known of counts, and the list of bounds that averages add to.
STATES = {"relate_if_true", "bound_if_true", "part", "averages.append", "equal.append", "at_least_zero.append"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    lines = PAGE[PAGE.index(heading) :].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[: lines.index("")]]


def stated_in(module: str) -> set[str]:
    """The functions of a module of disclosure control that state a relation, or a bound, between counts."""
    found = set()
    for function in ast.walk(ast.parse((ROOT / "disclosure" / module).read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        called = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
        if any(name.endswith(f".{state}") for name in called for state in STATES):
            found.add(function.name)
    return found


def test_each_relation_between_counts_has_an_entry() -> None:
    facts = rows("| printed, or known | what it says | stated in |")
    named = {name for *_, where in facts for name in re.findall(r"`(\w+)`", where)}
    stated = stated_in("forms/relations.py") | stated_in("returns.py") | stated_in("versions.py")
    assert len(stated) > 10
    assert stated - named == set()


def test_each_entry_names_what_there_is() -> None:
    facts = rows("| printed, or known | what it says | stated in |")
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "disclosure").rglob("*.py"))
    for *_, where in facts:
        for name in re.findall(r"`(\w+)`", where):
            is_model = name.startswith("int_") and any((ROOT / "dbt_project").rglob(f"{name}.sql"))
            assert is_model or re.search(rf"(def|class) {name}\b", code), name


def test_each_column_that_is_printed_has_an_entry() -> None:
    model = yaml.safe_load((ROOT / "dbt_project/models/marts/shared/published_value.yml").read_text(encoding="utf-8"))
    columns = [column["name"] for column in model["models"][0]["columns"]]
    listed = [name for names, _ in rows("| columns | made of |") for name in re.findall(r"`(\w+)`", names)]
    assert sorted(listed) == sorted(columns)
