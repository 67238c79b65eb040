"""Is everything documented and every key tested? `python -m tools.doc_coverage [--home DIR]`

Reads dbt's manifest, the header rows of the seeds and, when the home has a warehouse, the columns its tables really
have. Fails unless every model, seed, source and column is described, every model and seed says what one row is and
has a tested key, and every mart has an enforced contract; and when two tables describe a column in the same words. A
mart's contract lists all its columns, so for marts nothing is missed without a warehouse; of staging and intermediate
tables only the warehouse shows a column nobody wrote down.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue import load_catalogue
from catalogue.returns import load_returns
from orchestration.environment import programme_seeds
from orchestration.errors import OperatorError
from orchestration.landing.forms.identity import exact_column, id_columns
from orchestration.settings import Settings
from orchestration.transform.project import DBT_PROJECT_DIR, manifest_path, parse, read_manifest
from orchestration.warehouse import open_warehouse

# The test that says what every row of a table promises, and those that say by themselves that columns are a key.
CONTRACT_TEST = "table_contract"
KEY_TESTS = frozenset({"unique_in_lists"})
GRAIN = "One row per "
MARTS = "marts"

# (schema, table) -> the columns it has
Columns = Mapping[tuple[str, str], Iterable[str]]


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: in which node, and what it is, in words."""

    node: str
    missing: str


@dataclass(frozen=True)
class Coverage:
    """How many things of each kind there are (`counted`), and what is missing (`gaps`)."""

    counted: Mapping[str, int]
    gaps: tuple[Gap, ...]


def check(manifest: Mapping[str, Any], actual: Columns, catalogued: Columns) -> Coverage:
    """Compare a manifest with the columns that exist.

    `actual` may lack any table (then only the columns the manifest lists are looked at). `catalogued` holds columns
    that need no description here, because a catalogue describes them: the raw columns of its questions and fields.
    """
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    seeds = [node for node in manifest["nodes"].values() if node["resource_type"] == "seed"]
    sources = list(manifest["sources"].values())
    gaps: list[Gap] = []
    columns = 0
    for node in [*models, *seeds, *sources]:
        name = _name(node)
        kind = node["resource_type"]
        description = node.get("description", "").strip()
        if not description:
            gaps.append(Gap(name, f"the {kind} has no description"))
        elif kind != "source" and not description.startswith(GRAIN):
            gaps.append(Gap(name, f"its description does not open with “{GRAIN.strip()} …”"))
        if kind == "source" and not node.get("source_description", "").strip():
            gaps.append(Gap(node["source_name"], "the group of sources has no description"))
        place = (node["schema"], node.get("identifier") or node.get("alias") or node["name"])
        described = {key.lower(): column.get("description", "").strip() for key, column in node["columns"].items()}
        existing = [column.lower() for column in actual.get(place, described)]
        known = {column.lower() for column in catalogued.get(place, ())}
        columns += len(existing)
        gaps += [
            Gap(name, f"its column {column} has no description")
            for column in existing
            if not described.get(column) and column not in known
        ]
        gaps += [
            Gap(name, f"it describes a column {column} that it does not have")
            for column in described
            if column not in existing
        ]
    tested = _tested_keys(manifest)
    gaps += [
        Gap(_name(node), "no test guards its key") for node in [*models, *seeds] if node["unique_id"] not in tested
    ]
    marts = [node for node in models if node["schema"] == MARTS]
    gaps += [
        Gap(_name(node), "its contract is not enforced") for node in marts if not node["config"]["contract"]["enforced"]
    ]
    gaps += _described_twice([*models, *seeds, *sources], manifest.get("docs", {}))
    counted = {
        "models": len(models),
        "seeds": len(seeds),
        "sources": len(sources),
        "columns": columns,
        "keys": len(models) + len(seeds),
        "contracts": len(marts),
    }
    return Coverage(counted, tuple(gaps))


def _described_twice(nodes: list[Mapping[str, Any]], docs: Mapping[str, Mapping[str, Any]]) -> list[Gap]:
    """What stands in YAML although another table says the same of that column, and blocks that nothing refers to."""
    first: dict[tuple[str, str], str] = {}
    used: set[str] = set()
    gaps = []
    for node in nodes:
        used.update(node.get("doc_blocks") or [])
        for column in node["columns"].values():
            used.update(column.get("doc_blocks") or [])
            if column.get("doc_blocks") or not column.get("description", "").strip():
                continue
            other = first.setdefault((column["name"], column["description"].strip()), _name(node))
            if other != _name(node):
                told = f"its column {column['name']} is described as in {other}: make it one block of docs.md"
                gaps.append(Gap(_name(node), told))
    return gaps + [
        Gap(doc["original_file_path"], f"no description refers to its block {doc['name']}")
        for unique_id, doc in docs.items()
        if unique_id not in used and doc["package_name"] != "dbt"
    ]


def _name(node: Mapping[str, Any]) -> str:
    return f"{node['source_name']}.{node['name']}" if node["resource_type"] == "source" else str(node["name"])


def _tested_keys(manifest: Mapping[str, Any]) -> set[str]:
    """Ids of the nodes with a test of their key that stops a run: several columns, or one that is never NULL."""
    keyed: set[str] = set()
    unique: dict[str, set[str]] = {}
    filled: dict[str, set[str]] = {}
    for test in manifest["nodes"].values():
        metadata = test.get("test_metadata")
        if test["resource_type"] != "test" or metadata is None or test["config"]["severity"].lower() != "error":
            continue
        node, arguments = test.get("attached_node"), metadata["kwargs"]
        if metadata["name"] in KEY_TESTS:
            keyed.add(node)
        elif metadata["name"] == CONTRACT_TEST:
            for columns in (arguments["key"], *arguments.get("unique", [])):
                if len(columns) > 1:
                    keyed.add(node)
                else:
                    unique.setdefault(node, set()).update(columns)
            filled.setdefault(node, set()).update(arguments.get("not_null", []))
    for unique_id, node in manifest["nodes"].items():
        if node.get("config", {}).get("contract", {}).get("enforced"):
            filled.setdefault(unique_id, set()).update(
                name
                for name, column in node["columns"].items()
                if any(constraint["type"] == "not_null" for constraint in column.get("constraints", []))
            )
    return keyed | {node for node, columns in unique.items() if columns & filled.get(node, set())}


def seed_columns(manifest: Mapping[str, Any], project_dir: Path = DBT_PROJECT_DIR) -> dict[tuple[str, str], list[str]]:
    """The columns of every seed, from the header row of its file."""
    found = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "seed":
            with (project_dir / node["original_file_path"]).open(encoding="utf-8", newline="") as file:
                found[(node["schema"], node["alias"])] = next(csv.reader(file), [])
    return found


def warehouse_columns(settings: Settings) -> dict[tuple[str, str], list[str]]:
    """The columns of every table and view of the home's warehouse; empty without a warehouse."""
    if not settings.warehouse_path.exists():
        return {}
    found: dict[tuple[str, str], list[str]] = {}
    with open_warehouse(settings, read_only=True) as con:
        rows = con.execute(
            "select table_schema, table_name, column_name from information_schema.columns "
            "where table_catalog = current_database() order by all"
        ).fetchall()
    for schema, table, column in rows:
        found.setdefault((schema, table), []).append(column)
    return found


def catalogued_columns(seeds: Path) -> dict[tuple[str, str], list[str]]:
    """The raw columns that a catalogue describes, by table: what is asked in a form, what is a field of a return."""
    forms, returns = load_catalogue(seeds / "forms"), load_returns(seeds / "returns")
    return {
        ("raw", f"insights_{form_id}"): [
            *(column.name for column in forms.raw_columns(form_id)),
            *map(exact_column, id_columns(forms, form_id)),
        ]
        for form_id in forms.forms
    } | {("raw", record_id): list(returns.raw_columns(record_id)) for record_id in returns.records}


def main(arguments: list[str] | None = None) -> int:
    """Say what was looked at and everything that is missing; 1 when anything is, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tools.doc_coverage", description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, help="home whose warehouse to read; default: the one that runs use")
    settings = Settings.from_environment(home=parser.parse_args(arguments).home)
    try:
        parse()
        manifest = read_manifest(manifest_path())
        built = warehouse_columns(settings)
    except OperatorError as error:
        print(error)
        return 1
    with programme_seeds(settings) as seeds:
        catalogued = catalogued_columns(seeds)
    coverage = check(manifest, {**built, **seed_columns(manifest)}, catalogued)
    for gap in coverage.gaps:
        print(f"{gap.node}: {gap.missing}")
    print(", ".join(f"{count} {kind}" for kind, count in coverage.counted.items()) + " looked at")
    if not built:
        print("There is no warehouse in this home yet, so columns that nobody wrote down would not be noticed.")
    print(
        f"{len(coverage.gaps)} missing" if coverage.gaps else "All described, all keys tested, all contracts enforced"
    )
    return 1 if coverage.gaps else 0


if __name__ == "__main__":
    sys.exit(main())
