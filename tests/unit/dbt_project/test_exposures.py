"""The way of the data ends at readers: what dbt says each report reads is what its code reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from orchestration.transform.project import manifest_path, parse, read_manifest
from tests.support.paths import ROOT

# What several outputs read through: whose release it is, and for both reports one class of figures.
PROGRAMME = "reporting/programme.py"
SHARED = {
    "forms_report": ["reporting/figures.py", PROGRAMME],
    "needs_assessment": ["reporting/figures.py", PROGRAMME],
    "open_data": [PROGRAMME],
    "documentation": [PROGRAMME],
}
# It names tables to put their pages in order, and reads none of them.
ORDERS = ROOT / "reporting" / "documentation" / "dictionary.py"
TABLE = re.compile(r"\b(?:marts|reference|ops)\.[a-z_0-9]+")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """The parsed project."""
    parse()
    return read_manifest(manifest_path())


def tables(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Schema and table of every model, seed and source, by unique id."""
    nodes = [*manifest["nodes"].items(), *manifest["sources"].items()]
    return {key: f"{node['schema']}.{node.get('alias') or node['name']}" for key, node in nodes}


@pytest.mark.parametrize("room", ["forms_report", "needs_assessment", "open_data", "documentation"])
def test_an_exposure_names_what_its_room_reads(manifest: dict[str, Any], room: str) -> None:
    names = tables(manifest)
    said = {
        names[parent]
        for exposure in manifest["exposures"].values()
        if exposure["name"] == room
        for parent in exposure["depends_on"]["nodes"]
    }
    files = [*(ROOT / "reporting" / room).rglob("*.py"), *(ROOT / path for path in SHARED.get(room, []))]
    read = {found for file in files if file != ORDERS for found in TABLE.findall(file.read_text(encoding="utf-8"))}
    assert said == read & set(names.values())


def test_every_model_has_an_owner_and_only_what_is_published_is_public(manifest: dict[str, Any]) -> None:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    assert {node["group"] for node in models} == {"forms", "returns", "publication"}
    assert [
        node["name"] for node in models if (node["access"] == "public") != (node["schema"] in {"marts", "reference"})
    ] == []
    owned = [*manifest["groups"].values(), *manifest["exposures"].values()]
    assert [one["name"] for one in owned if not one["owner"]["name"]] == []
