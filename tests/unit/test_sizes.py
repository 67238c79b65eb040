"""No module and no function is so long that nobody reads it (CONTRIBUTING.md, how we write)."""

from __future__ import annotations

import ast

from tests.support.paths import ROOT, python_files

MODULE, FUNCTION = 400, 80


def test_no_module_and_no_function_is_longer_than_it_may_be() -> None:
    long = []
    for path in python_files():
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT)
        if text.count("\n") > MODULE:
            long.append(f"{name} has {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= FUNCTION:
                long.append(f"{name}, {node.name} has more than {FUNCTION} lines")
    assert long == []
