"""The way of the data, read from dbt's manifest: which table is made from which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LAYERS = ("raw", "ops", "reference", "staging", "intermediate", "marts")


@dataclass(frozen=True)
class WarehouseTable:
    """One table of the warehouse. `folder` is the folder of its model; `kind` model, seed or source."""

    schema: str
    table: str
    kind: str
    description: str
    folder: str
    path: str
    key: tuple[str, ...]

    @property
    def name(self) -> str:
        """Schema and table."""
        return f"{self.schema}.{self.table}"


class Lineage:
    """Tables by name (`schema.table`), what each is made from, and what is made from it."""

    def __init__(self, graph: Mapping[str, Any]) -> None:
        nodes = {
            unique_id: node
            for unique_id, node in [*graph["nodes"].items(), *graph["sources"].items()]
            if node["resource_type"] in {"model", "seed", "source"}
        }
        keys = unique_keys(graph)
        names = {unique_id: ".".join(_relation(node)) for unique_id, node in nodes.items()}
        self.tables = {
            names[unique_id]: WarehouseTable(
                *_relation(node),
                kind=str(node["resource_type"]),
                description=str(node.get("description") or "").strip(),
                folder="/".join(str(node["original_file_path"]).split("/")[1:-1]),
                path=str(node["original_file_path"]),
                key=keys.get(unique_id, ()),
            )
            for unique_id, node in sorted(nodes.items())
        }
        self._parents = {
            names[unique_id]: sorted(
                {
                    names[parent]
                    for parent in (node.get("depends_on") or {}).get("nodes", [])
                    if parent in names and parent != unique_id
                },
                key=place_of,
            )
            for unique_id, node in nodes.items()
        }
        self._children: dict[str, list[str]] = {name: [] for name in self.tables}
        for name in sorted(self._parents, key=place_of):
            for parent in self._parents[name]:
                self._children[parent].append(name)

    def keys(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Key of every table that has one."""
        return {(one.schema, one.table): one.key for one in self.tables.values() if one.key}

    def parents(self, name: str) -> list[str]:
        """What a table is made from, by layer and name."""
        return self._parents.get(name, [])

    def children(self, name: str) -> list[str]:
        """What is made from a table, by layer and name."""
        return self._children.get(name, [])

    def upstream(self, name: str) -> list[str]:
        """Everything that a table is made from, at whatever distance."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for one in self.parents(waiting.pop()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return sorted(found - {name}, key=place_of)

    def group(self, name: str) -> str:
        """Stage and source of a model, as in `facts/returns`; the schema of any other table."""
        one = self.tables[name]
        return "/".join(one.folder.split("/")[:2]) if one.kind == "model" and one.folder else one.schema


def _relation(node: Mapping[str, Any]) -> tuple[str, str]:
    return str(node["schema"]), str(node.get("alias") or node.get("identifier") or node["name"])


def unique_keys(graph: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The shortest combination of columns that a test holds unique, the first by name, by the node it is tested on."""
    keys: dict[str, tuple[str, ...]] = {}
    for node in graph["nodes"].values():
        home = node.get("attached_node")
        if node["resource_type"] != "test" or not home:
            continue
        for found in _unique_columns(node.get("test_metadata") or {"name": "", "kwargs": {}}):
            held = keys.get(home)
            if held is None or (len(found), found) < (len(held), held):
                keys[home] = found
    return keys


def _unique_columns(test: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Every combination of columns that a test holds unique."""
    arguments = test["kwargs"]
    if test["name"] == "table_contract":
        return [tuple(columns) for columns in (arguments["key"], *arguments.get("unique", []))]
    if "unique" in test["name"]:
        return [tuple(arguments.get("columns") or [arguments["column_name"]])]
    return []


def place_of(name: str) -> tuple[int, str]:
    """Where a table stands among others: its layer, then its name."""
    schema = name.split(".", 1)[0]
    return (LAYERS.index(schema) if schema in LAYERS else len(LAYERS), name)
