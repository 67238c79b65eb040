"""The parts of the data dictionary: every table stands in exactly one, wherever the folder of its model lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import pytest

from reporting.documentation.dictionary import (
    PARTS,
    DescribedTable,
    described_tables,
    part_of,
    parts_with_tables,
)
from reporting.documentation.lineage import Lineage
from reporting.documentation.pictures import overview

FORMS, RETURNS, ANSWERS = (
    "Forms: facts and dimensions",
    "Social care: children and events",
    "Social care: answers to open questions",
)


def node(name: str, schema: str, *parents: str, folder: str = "models/marts/anywhere") -> dict[str, Any]:
    return {
        "resource_type": "source" if schema in {"raw", "ops"} else "model",
        "schema": schema,
        "name": name,
        "description": f"One row per {name}. And more.",
        "original_file_path": f"{folder}/{name}.sql",
        "depends_on": {"nodes": list(parents)},
    }


def graph(folder: str = "models/marts/anywhere", schema: str = "marts") -> Mapping[str, Any]:
    """A mart of each part; those that are made from others read facts."""
    marts = {
        "fct_intake": ("insights_intake",),
        "co_occurrence": ("fct_intake",),
        "unmatched_form": ("fct_intake",),
        "fct_referral": ("cin_referral",),
        "return_home": ("fct_referral",),
        "indicator_value": ("fct_intake", "fct_referral"),
        "published_value": ("indicator_value",),
        "dim_question": (),
        "something_new": ("fct_intake", "fct_referral"),
    }
    nodes = {name: node(name, schema, *parents, folder=folder) for name, parents in marts.items()}
    sources = {name: node(name, "raw") for name in ("insights_intake", "cin_referral")}
    return {"nodes": nodes, "sources": sources}


@pytest.mark.parametrize("folder", ["models/marts/core", "models/facts/returns", "models", "anywhere/else/at/all"])
@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("marts.fct_intake", FORMS),
        ("marts.unmatched_form", FORMS),
        ("marts.dim_question", FORMS),
        ("marts.fct_referral", RETURNS),
        ("marts.return_home", ANSWERS),
        ("marts.co_occurrence", "Statistics: differences, pairs, what occurs together"),
        ("marts.indicator_value", "Indicators: the numbers, and what they mean"),
        ("marts.published_value", "Published: what the public may see, and the proof that the rest stays hidden"),
        ("marts.something_new", "Other marts"),
        ("marts.not_in_the_graph", "Other marts"),
        ("reference.option", "Reference: the catalogue, the publications and their errors"),
        ("ops.load", "Operations: files and checks"),
        ("elsewhere.table", "elsewhere"),
    ],
)
def test_a_table_stands_by_its_name_and_its_files_never_by_its_folder(folder: str, name: str, part: str) -> None:
    assert part_of(name, Lineage(graph(folder))) == part


@contextmanager
def described() -> Iterator[list[DescribedTable]]:
    with duckdb.connect() as con:
        for schema in ("marts", "reference", "elsewhere"):
            con.execute(f"create schema {schema}")
        con.execute("create table marts.fct_intake (form_key text); create table marts.nobody_knows (x integer)")
        con.execute("create view marts.return_home as select 1 as x")
        con.execute("create table reference.option (label text); create table elsewhere.Odd (y integer)")

        def query(sql: str) -> list[dict[str, Any]]:
            cursor = con.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

        yield described_tables(query, Lineage(graph()), {})


def test_no_table_is_lost_and_none_stands_twice() -> None:
    with described() as tables:
        parts = parts_with_tables(tables)
    assert [name for name, _ in parts] == [name for name in (*PARTS, "elsewhere") if name in dict(parts)]
    placed = [table.name for _, held in parts for table in held]
    assert sorted(placed) == sorted(
        ["marts.fct_intake", "marts.nobody_knows", "marts.return_home", "reference.option", "elsewhere.Odd"]
    )


def test_a_table_is_described_from_the_graph_where_the_release_has_no_comment() -> None:
    with described() as tables:
        known = {table.name: table for table in tables}
    fact, view, unknown = (known[f"marts.{name}"] for name in ("fct_intake", "return_home", "nobody_knows"))
    assert (fact.grain, fact.kind, fact.parents) == (
        "One row per fct_intake.",
        "table made by a model",
        ["raw.insights_intake"],
    )
    assert view.kind == "view made by a model"
    assert (unknown.description, unknown.kind, unknown.path) == (("Not described.",), "table", "")


@pytest.mark.parametrize("schema", ["marts", "a_schema_nobody_planned"])
@pytest.mark.parametrize("folder", ["models/facts/forms", "models", "models/a/b/c"])
def test_the_overview_holds_every_group_whatever_folders_and_schemas_are_called(folder: str, schema: str) -> None:
    lineage = Lineage(graph(folder, schema))
    drawn = overview(lineage)
    for name in lineage.tables:
        assert f">{lineage.group(name)} (" in drawn
