"""Nothing of other people's packages is pried open (docs/decisions/0041): read from the syntax of every module."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.support.paths import ROOT, python_files

OURS = {
    "benchmarks",
    "catalogue",
    "disclosure",
    "expectations",
    "orchestration",
    "reporting",
    "synthetic",
    "tests",
    "tools",
}
# What they write could only be read again by the very release of a package that wrote it.
PICKLES = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
# What begins with an underscore and is documented by the standard library all the same.
DOCUMENTED = {"_replace", "_asdict", "_fields", "_make", "_exit"}


def private(name: str) -> bool:
    return any(part.startswith("_") and not part.startswith("__") for part in name.split("."))


def foreign(module: str) -> bool:
    return module.split(".")[0] not in OURS


def root_of(node: ast.expr) -> str | None:
    """The name at the left end of `a.b.c`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def faults(tree: ast.Module) -> Iterator[str]:
    """What a module does to packages that are not ours, in words."""
    theirs: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [(alias.name, alias.asname or alias.name.split(".")[0]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [(f"{node.module}.{alias.name}", alias.asname or alias.name) for alias in node.names]
        else:
            continue
        for path, name in names:
            if path.split(".")[0] in PICKLES:
                yield f"line {node.lineno}: {path} is a pickle"
            if foreign(path) and not path.startswith("__future__"):
                theirs.add(name)
                if private(path):
                    yield f"line {node.lineno}: {path} is a private name of another package"
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete):
            targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and root_of(target) in theirs:
                    yield f"line {node.lineno}: {ast.unparse(target)} of another package is replaced"
        elif isinstance(node, ast.Attribute):
            if root_of(node) in theirs and private(node.attr) and node.attr not in DOCUMENTED:
                yield f"line {node.lineno}: {ast.unparse(node)} is a private name of another package"
        elif isinstance(node, ast.Call):
            yield from call_faults(node, theirs)


def call_faults(node: ast.Call, theirs: set[str]) -> Iterator[str]:
    called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if called in {"setattr", "delattr"} and len(node.args) > 1:
        target = node.args[0]
        # `monkeypatch.setattr(sys, "argv", ...)` is how a test gives a program its arguments.
        if root_of(target) in theirs and root_of(target) != "sys":
            yield f"line {node.lineno}: an attribute of {ast.unparse(target)} is replaced"
        if isinstance(target, ast.Constant) and isinstance(target.value, str) and foreign(target.value):
            yield f"line {node.lineno}: {target.value} is replaced"
    if called == "import_module" and node.args and isinstance(node.args[0], ast.Constant):
        path = str(node.args[0].value)
        if foreign(path) and private(path):
            yield f"line {node.lineno}: {path} is a private name of another package"


def test_no_module_reaches_into_another_package() -> None:
    found = [
        f"{path.relative_to(ROOT)}, {fault}"
        for path in python_files()
        for fault in faults(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "from dagster._core.storage import noop_compute_log_manager",
        "import dagster._core.storage",
        "from sqlfluff.core import _private",
        "import dbt.task.run as run\nrun.ModelRunner.execute = print",
        "from jinja2 import Environment\nsetattr(Environment, 'compile', print)",
        "import jinja2\njinja2.Environment._load",
        "import pickle",
        "from marshal import dumps",
        "import importlib\nimportlib.import_module('dagster._core')",
        "def test(monkeypatch):\n    monkeypatch.setattr('dbt.task.run.execute', print)",
        "import dagster as dg\ndel dg.asset",
    ],
)
def test_each_way_of_reaching_in_is_found(text: str) -> None:
    assert list(faults(ast.parse(text)))
