"""The documentation check notices each kind of gap, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tools.doc_coverage import Gap, check


def _column(
    name: str, description: str = "What it is.", constraints: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    return {"name": name, "description": description, "constraints": constraints or []}


def _test(name: str, node: str, **arguments: list[str]) -> dict[str, Any]:
    return {
        "resource_type": "test",
        "test_metadata": {"name": name, "kwargs": arguments},
        "attached_node": node,
        "config": {"severity": "ERROR"},
    }


def _arguments(nodes: dict[str, Any], test: str) -> dict[str, Any]:
    arguments: dict[str, Any] = nodes[test]["test_metadata"]["kwargs"]
    return arguments


COMPLETE: dict[str, dict[str, Any]] = {
    "nodes": {
        "model.p.stg_form": {
            "unique_id": "model.p.stg_form", "resource_type": "model", "name": "stg_form", "alias": "stg_form",
            "schema": "staging", "description": "One row per form.", "config": {"contract": {"enforced": False}},
            "columns": {"form_key": _column("form_key"), "answer": _column("answer")},
        },
        "model.p.fct_form": {
            "unique_id": "model.p.fct_form", "resource_type": "model", "name": "fct_form", "alias": "fct_form",
            "schema": "marts", "description": "One row per form.", "config": {"contract": {"enforced": True}},
            "columns": {"form_key": _column("form_key", "Its number.", [{"type": "not_null"}])},
        },
        "seed.p.option": {
            "unique_id": "seed.p.option", "resource_type": "seed", "name": "option", "alias": "option",
            "schema": "reference", "description": "One row per option.", "config": {},
            "columns": {"option_no": _column("option_no")},
        },
        "test.p.1": _test("table_contract", "model.p.stg_form", key=["form_key"], not_null=["form_key"]),
        "test.p.2": _test("table_contract", "model.p.fct_form", key=["form_key"]),
        "test.p.3": _test("table_contract", "seed.p.option", key=["option_set", "option_no"]),
    },
    "sources": {
        "source.p.raw.form": {
            "unique_id": "source.p.raw.form", "resource_type": "source", "name": "form", "identifier": "form",
            "schema": "raw", "source_name": "raw", "description": "One row per delivered form.",
            "source_description": "As delivered.", "columns": {"load_id": _column("load_id")},
        }
    },
}  # fmt: skip
ACTUAL: dict[tuple[str, str], list[str]] = {
    ("staging", "stg_form"): ["form_key", "answer"],
    ("raw", "form"): ["load_id", "question_1"],
    ("reference", "option"): ["option_no"],
}
CATALOGUED = {("raw", "form"): ["question_1"]}


def test_a_complete_project_has_no_gap():
    coverage = check(COMPLETE, ACTUAL, CATALOGUED)
    assert coverage.gaps == ()
    assert coverage.counted == {"models": 2, "seeds": 1, "sources": 1, "columns": 6, "keys": 3, "contracts": 1}


def _broken(change: Callable[[dict[str, Any], dict[str, Any]], object]) -> tuple[Gap, ...]:
    manifest = copy.deepcopy(COMPLETE)
    change(manifest["nodes"], manifest["sources"])
    return check(manifest, ACTUAL, CATALOGUED).gaps


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        (lambda n, s: n["model.p.stg_form"].update(description=" "), Gap("stg_form", "the model has no description")),
        (
            lambda n, s: n["model.p.stg_form"].update(description="Forms."),
            Gap("stg_form", "its description does not open with “One row per …”"),
        ),
        (lambda n, s: n["seed.p.option"].update(description=""), Gap("option", "the seed has no description")),
        (
            lambda n, s: s["source.p.raw.form"].update(description=""),
            Gap("raw.form", "the source has no description"),
        ),
        (
            lambda n, s: s["source.p.raw.form"].update(source_description=""),
            Gap("raw", "the group of sources has no description"),
        ),
        (
            lambda n, s: n["model.p.stg_form"]["columns"].pop("answer"),
            Gap("stg_form", "its column answer has no description"),
        ),
        (
            lambda n, s: n["model.p.stg_form"]["columns"]["answer"].update(description=""),
            Gap("stg_form", "its column answer has no description"),
        ),
        (
            lambda n, s: n["model.p.stg_form"]["columns"].update(old=_column("old")),
            Gap("stg_form", "it describes a column old that it does not have"),
        ),
        (lambda n, s: n.pop("test.p.1"), Gap("stg_form", "no test guards its key")),
        (lambda n, s: _arguments(n, "test.p.1").pop("not_null"), Gap("stg_form", "no test guards its key")),
        (lambda n, s: _arguments(n, "test.p.1").update(not_null=["answer"]), Gap("stg_form", "no test guards its key")),
        (lambda n, s: _arguments(n, "test.p.1").update(key=["answer"]), Gap("stg_form", "no test guards its key")),
        (lambda n, s: n["test.p.1"]["config"].update(severity="warn"), Gap("stg_form", "no test guards its key")),
        (
            lambda n, s: n["model.p.fct_form"]["columns"]["form_key"].update(constraints=[]),
            Gap("fct_form", "no test guards its key"),
        ),
        (lambda n, s: n.pop("test.p.3"), Gap("option", "no test guards its key")),
        (lambda n, s: _arguments(n, "test.p.3").update(key=["option_no"]), Gap("option", "no test guards its key")),
    ],
)
def test_each_gap_is_noticed(change, gap):
    assert _broken(change) == (gap,)


def test_a_column_described_twice_in_the_same_words_is_noticed():
    def repeat(nodes: dict[str, Any], _: object) -> None:
        nodes["model.p.fct_form"]["columns"]["form_key"].update(description="What it is.")

    told = Gap("fct_form", "its column form_key is described as in stg_form: make it one block of docs.md")
    assert _broken(repeat) == (told,)

    def refer(nodes: dict[str, Any], _: object) -> None:
        repeat(nodes, _)
        for name in ("stg_form", "fct_form"):
            nodes[f"model.p.{name}"]["columns"]["form_key"].update(doc_blocks=["doc.p.form_key"])

    assert _broken(refer) == ()


def test_a_block_that_nothing_refers_to_is_noticed():
    block = {"name": "form_key", "original_file_path": "models/docs.md", "package_name": "p"}
    overview = {"name": "__overview__", "original_file_path": "overview.md", "package_name": "dbt"}
    manifest = {**copy.deepcopy(COMPLETE), "docs": {"doc.p.form_key": block, "doc.dbt.__overview__": overview}}
    told = Gap("models/docs.md", "no description refers to its block form_key")
    assert check(manifest, ACTUAL, CATALOGUED).gaps == (told,)
    manifest["nodes"]["model.p.stg_form"]["columns"]["form_key"]["doc_blocks"] = ["doc.p.form_key"]
    assert check(manifest, ACTUAL, CATALOGUED).gaps == ()


def test_a_mart_without_a_contract_is_noticed():
    def loosen(nodes: dict[str, Any], _: object) -> None:
        nodes["model.p.fct_form"]["config"]["contract"]["enforced"] = False

    assert Gap("fct_form", "its contract is not enforced") in _broken(loosen)


def test_a_raw_column_of_no_question_is_noticed():
    gaps = check(COMPLETE, {**ACTUAL, ("raw", "form"): ["load_id", "question_1", "stray"]}, CATALOGUED).gaps
    assert gaps == (Gap("raw.form", "its column stray has no description"),)


def test_without_a_warehouse_the_written_columns_are_looked_at():
    assert check(COMPLETE, {}, CATALOGUED).gaps == ()
