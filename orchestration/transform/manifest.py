"""What dbt's manifest says of relations and tests, in the words that the other folders use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.hashing import sha256_of_json
from reporting.documentation.lineage import unique_keys

Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class TableDoc:
    """What is known of a published table beyond its rows: its description, its columns', and its key."""

    description: str
    columns: Mapping[str, str]
    key: tuple[str, ...]


def graph_fingerprint(manifest: Manifest) -> str:
    """A hash over what the documents say of the graph: what each node is called and described as, reads and tests."""
    said = {
        unique_id: [
            node["name"],
            node.get("description", ""),
            {name: column.get("description", "") for name, column in node.get("columns", {}).items()},
            sorted(node.get("depends_on", {}).get("nodes", [])),
            node.get("test_metadata"),
        ]
        for kind in ("nodes", "sources", "exposures")
        for unique_id, node in manifest[kind].items()
    }
    return sha256_of_json(said)


def relation_of(node: Mapping[str, Any]) -> tuple[str, str]:
    """(schema, table) of a manifest node or source."""
    return str(node["schema"]), str(node.get("alias") or node.get("identifier") or node["name"])


def node_of(manifest: Manifest, unique_id: str) -> Mapping[str, Any]:
    """A node or source by its id."""
    found: Mapping[str, Any] = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
    return found


def data_tests(manifest: Manifest) -> dict[str, Mapping[str, Any]]:
    """The tests of the data, by id; unit tests, which test the code, are not among them."""
    return {unique_id: node for unique_id, node in manifest["nodes"].items() if node["resource_type"] == "test"}


def home_of_test(manifest: Manifest, test_id: str) -> str:
    """The node that a test is shown on: the one it is written under; of several models the last one in the flow."""
    test = manifest["nodes"][test_id]
    if test.get("attached_node"):
        return str(test["attached_node"])
    read: list[str] = sorted(test["depends_on"]["nodes"])
    models: list[str] = [unique_id for unique_id in read if unique_id.startswith(("model.", "seed."))]
    return max(models or read, key=lambda unique_id: len(_ancestors(manifest, unique_id)))


def _ancestors(manifest: Manifest, unique_id: str) -> set[str]:
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        for parent in manifest["parent_map"].get(waiting.pop(), []):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def table_docs(manifest: Manifest) -> dict[tuple[str, str], TableDoc]:
    """Description, columns and key of every relation the dbt project describes, by (schema, table)."""
    keys = unique_keys(manifest)
    docs = {}
    for unique_id, node in [*manifest["nodes"].items(), *manifest["sources"].items()]:
        if node["resource_type"] in {"model", "seed", "source"}:
            docs[relation_of(node)] = TableDoc(
                description=str(node.get("description") or ""),
                columns={name: str(column.get("description") or "") for name, column in node["columns"].items()},
                key=keys.get(unique_id, ()),
            )
    return docs
