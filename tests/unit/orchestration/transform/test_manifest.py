"""What is read from dbt's manifest."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from orchestration.transform.manifest import graph_fingerprint

GRAPH: dict[str, Any] = {
    "nodes": {
        "model.insights.one": {
            "name": "one",
            "description": "One row per thing.",
            "columns": {"id": {"description": "Its number."}},
            "depends_on": {"nodes": ["source.insights.raw.a", "source.insights.raw.b"]},
            "created_at": 1.0,
            "root_path": "/here",
        },
        "test.insights.whole": {"name": "whole", "test_metadata": {"name": "unique", "kwargs": {"column_name": "id"}}},
    },
    "sources": {"source.insights.raw.a": {"name": "a", "description": "As delivered.", "columns": {}}},
    "exposures": {"exposure.insights.report": {"name": "report", "description": "The report.", "depends_on": {}}},
}

CHANGES: dict[str, Callable[[dict[str, Any]], None]] = {
    "a description": lambda graph: graph["nodes"]["model.insights.one"].update(description="Other."),
    "a column's": lambda graph: graph["nodes"]["model.insights.one"]["columns"]["id"].update(description="Other."),
    "what a model reads": lambda graph: graph["nodes"]["model.insights.one"]["depends_on"]["nodes"].pop(),
    "a test": lambda graph: graph["nodes"]["test.insights.whole"]["test_metadata"].update(name="not_null"),
    "a source": lambda graph: graph["sources"].clear(),
    "a reader": lambda graph: graph["exposures"]["exposure.insights.report"].update(description="Other."),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_the_documents_say_of_the_graph_is_in_its_fingerprint(change: Callable[[dict[str, Any]], None]) -> None:
    other = copy.deepcopy(GRAPH)
    change(other)
    assert graph_fingerprint(other) != graph_fingerprint(GRAPH)


def test_clocks_paths_and_the_order_of_what_is_read_are_not() -> None:
    other = copy.deepcopy(GRAPH)
    model = other["nodes"]["model.insights.one"]
    model.update(created_at=2.0, root_path="/there")
    model["depends_on"]["nodes"].reverse()
    other["nodes"] = dict(reversed(other["nodes"].items()))
    assert graph_fingerprint(other) == graph_fingerprint(GRAPH)
