"""The folders of the models are stages, and data goes one way through them: read from dbt's manifest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from dbt.cli.main import dbtRunner

from orchestration.assets.transform import AFTER_GATE_1, BEFORE_GATE_1
from orchestration.environment import make_home
from orchestration.settings import Settings
from orchestration.transform.project import DBT_PROJECT_DIR, manifest_path, parse, places, read_manifest
from tests.support.paths import ROOT

# What each stage may read. Facts take the contents of a record from staging and whether it counts from checked; from
# there on nobody goes back behind the facts.
MAY_READ = {
    "staging": {"raw", "reference"},
    "checked": {"staging", "checked", "reference", "ops"},
    "facts": {"staging", "checked", "facts", "reference", "ops"},
    "counts": {"facts", "counts", "reference", "ops"},
    "marts": {"facts", "counts", "marts", "reference"},
}
# What was ever public is an input of what will be.
REGISTER = {
    *(f"source.insights.ops.public_{kind}" for kind in ("figure", "count")),
    *(f"source.insights.ops.revised_{kind}" for kind in ("figure", "count", "form")),
    "source.insights.ops.revision",
}
SOURCES = ("forms", "returns", "shared")
# These stand apart in their stage, because gate 1 reads them.
BEFORE_THE_GATE = (["checked", "identity"], ["checked", "rules"])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("layers")
    return Settings(folder, folder, "sample")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """The parsed project."""
    parse()
    return read_manifest(manifest_path())


def folders(node: Mapping[str, Any]) -> list[str]:
    return str(node["original_file_path"]).split("/")[1:-1]


def models(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from ((key, node) for key, node in manifest["nodes"].items() if node["resource_type"] == "model")


def layer(manifest: Mapping[str, Any], unique_id: str) -> str:
    """The stage of a model, the schema of anything else. The years of the forms are reference to all that follows."""
    node = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
    is_staged = node["resource_type"] == "model" and node["schema"] != "reference"
    return folders(node)[0] if is_staged else str(node["schema"])


def test_every_model_lies_in_a_stage_and_there_by_where_its_records_come_from(manifest: dict[str, Any]) -> None:
    lost = []
    for _, node in models(manifest):
        stage, *rest = folders(node)
        source = rest[1:] if [stage, *rest[:1]] in BEFORE_THE_GATE else rest
        if stage not in MAY_READ or not source or source[0] not in SOURCES:
            lost.append(node["original_file_path"])
    assert lost == []


def test_no_model_reads_a_later_stage(manifest: dict[str, Any]) -> None:
    back = [
        f"{node['name']} ({folders(node)[0]}) reads {parent.split('.')[-1]} ({layer(manifest, parent)})"
        for unique_id, node in models(manifest)
        for parent in node["depends_on"]["nodes"]
        if layer(manifest, parent) not in MAY_READ[folders(node)[0]]
        and not (parent in REGISTER and folders(node)[0] == "marts")
    ]
    assert back == []


def test_a_staging_model_reads_one_raw_table(manifest: dict[str, Any]) -> None:
    read = {
        node["name"]: [parent for parent in node["depends_on"]["nodes"] if layer(manifest, parent) == "raw"]
        for unique_id, node in models(manifest)
        if layer(manifest, unique_id) == "staging"
    }
    assert {name: tables for name, tables in read.items() if len(tables) != 1} == {}
    assert len({tables[0] for tables in read.values()}) == len(read)


def test_the_schema_says_what_is_published(manifest: dict[str, Any]) -> None:
    prefixes = {"staging": "stg_", "intermediate": "int_"}
    misnamed = [
        f"{node['schema']}.{node['name']}"
        for _, node in models(manifest)
        if not node["name"].startswith(prefixes.get(node["schema"], ""))
        or (node["schema"] == "marts" and node["name"].startswith(tuple(prefixes.values())))
    ]
    assert misnamed == []
    assert {node["schema"] for _, node in models(manifest)} == {"staging", "intermediate", "marts", "reference"}
    assert [node["name"] for _, node in models(manifest) if node["schema"] == "reference"] == ["reporting_year"]


def test_every_node_belongs_to_one_half_of_a_run(manifest: dict[str, Any], home: Settings) -> None:
    before, after = (selected(home, name) - set(manifest["sources"]) for name in (BEFORE_GATE_1, AFTER_GATE_1))
    assert before & after == set()
    assert before | after == set(manifest["nodes"]) | set(manifest["unit_tests"])
    rules = {unique_id for unique_id, node in models(manifest) if folders(node)[:2] in BEFORE_THE_GATE}
    assert {unique_id for unique_id, _ in models(manifest) if unique_id in before} == rules | {
        unique_id for unique_id, _ in models(manifest) if layer(manifest, unique_id) == "staging"
    }
    # A test that runs before the gate looks at nothing that is made after it.
    tests = {unique_id for unique_id in before if unique_id.startswith("test.")}
    assert tests
    assert {parent for test in tests for parent in manifest["parent_map"][test]} & after == set()


def selected(settings: Settings, selector: str) -> set[str]:
    """Ids of the nodes that one selector of selectors.yml selects."""
    make_home(settings)
    place = places(DBT_PROJECT_DIR, settings.dbt_target_path, settings.dbt_log_path)
    listed = dbtRunner().invoke(
        ["--quiet", "ls", "--selector", selector, "--output", "json", "--output-keys", "unique_id", *place]
    )
    assert isinstance(listed.result, list)
    return {json.loads(line)["unique_id"] for line in listed.result}


def test_no_macro_names_a_model_or_seed_that_it_was_not_given() -> None:
    names = re.compile(r"(?<![\w.])(ref|source)\(|Relation\.create|depends_on:")
    macros = sorted((ROOT / "dbt_project" / "macros").rglob("*.sql"))
    assert macros
    for path in [*macros, *(ROOT / "dbt_project" / "models").rglob("*.sql")]:
        sql = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert "depends_on:" not in sql, path.name
        assert path not in macros or not names.search(sql), path.name
