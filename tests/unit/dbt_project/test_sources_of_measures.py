"""What a measure of social care reads follows from its definition: the columns it names say so, and the SQL agrees.

The SQL of a table is read by DuckDB. A column reads the tables it is worked out from, and those that say which rows of
them there are: a left-joined list of the offences on a plan reads plans, although none of their columns is taken.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import duckdb
import jinja2
import pytest

from orchestration.transform.project import manifest_path, parse, read_manifest
from tests.support.paths import DBT_PROJECT

SEED = DBT_PROJECT / "seeds" / "returns" / "social_care_measure.csv"
PLACES = ("condition", "item", "start_column", "end_column", "breakdown_column", "splits_by")
Node = dict[str, Any]


def measures() -> list[dict[str, str]]:
    with SEED.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@cache
def manifest() -> dict[str, Any]:
    parse()
    return read_manifest(manifest_path())


def model(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(node for key, node in manifest()["nodes"].items() if key.endswith(f".{name}"))
    return found


def rendered(name: str) -> str:
    """A model's SQL, its macros written as functions of their arguments."""

    def written(macro: str) -> Callable[..., str]:
        def call(*arguments: object, **_: object) -> str:
            texts = (one for one in arguments if isinstance(one, str))
            return (
                f"{macro}({', '.join(re.sub(' (asc|desc)?( ?nulls (first|last))?(?=,|$)', '', one) for one in texts)})"
            )

        return call

    text = "".join(path.read_text(encoding="utf-8") for path in (DBT_PROJECT / "macros").glob("*.sql"))
    given: dict[str, Callable[..., str]] = {macro: written(macro) for macro in re.findall(r"macro (\w+)\(", text)}
    given |= {
        "ref": lambda table: str(table),
        "config": lambda **_: "",
        "accepted_records": lambda staged, *_: f"select * from {staged}",
    }
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    return environment.from_string(model(name)["raw_code"]).render(given)


def select_of(name: str) -> Node:
    """The syntax tree of a model's SQL."""
    with duckdb.connect() as con:
        (text,) = con.execute("select json_serialize_sql(?)", [rendered(name)]).fetchall()[0]
    tree: dict[str, Any] = json.loads(text)
    assert not tree["error"], (name, tree.get("error_message"))
    found: Node = tree["statements"][0]["node"]
    return found


def parts(tree: object) -> Iterator[Node]:
    """Every object in a tree, but for what stands in its common table expressions."""
    if isinstance(tree, dict):
        yield tree
        for key, value in tree.items():
            if key != "cte_map":
                yield from parts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from parts(value)


class Reader:
    """Which tables a column of a model reads beside those that its rows are of, and whether it looks at other rows."""

    def __init__(self, name: str) -> None:
        self.final = select_of(name)
        self.named: dict[str, Node] = {
            one["key"]: one["value"]["query"]["node"] for one in self.final["cte_map"]["map"]
        }

    def rows(self, node: Node) -> set[str]:
        """The tables that say which rows there are: a left join adds none."""
        if node.get("type") == "SET_OPERATION_NODE":
            return set().union(*(self.rows(one) for one in children(node)))
        found = self._rows_from(node["from_table"])
        for part in parts(node.get("where_clause")):
            if part.get("type") == "BASE_TABLE":
                found |= self._table(part["table_name"])
        return found

    def _rows_from(self, table: Node) -> set[str]:
        if table["type"] == "JOIN":
            left = self._rows_from(table["left"])
            return left if table["join_type"] == "LEFT" else left | self._rows_from(table["right"])
        return self._table(table["table_name"]) if table["type"] == "BASE_TABLE" else set()

    def _table(self, name: str) -> set[str]:
        return self.rows(self.named[name]) if name in self.named else {name}

    def reads(self, node: Node, column: str) -> tuple[set[str], bool]:
        """The tables behind a column, and whether a window over other rows is."""
        if node.get("type") == "SET_OPERATION_NODE":
            found = [self.reads(one, column) for one in children(node)]
            return set().union(*(tables for tables, _ in found)), any(window for _, window in found)
        aliases = {
            part["alias"] or part["table_name"]: part["table_name"]
            for part in parts(node["from_table"])
            if part.get("type") == "BASE_TABLE"
        }
        expressions = [one for one in node["select_list"] if named(one) == column]
        if not expressions:
            taken = [(alias, column) for alias in aliases] if any(is_star(one) for one in node["select_list"]) else []
        else:
            taken = [
                (names[0] if len(names) > 1 else alias, names[-1])
                for part in parts(expressions)
                if (names := part.get("column_names"))
                for alias in (aliases if len(names) == 1 else [names[0]])
            ]
        tables: set[str] = set()
        window = any(part.get("class") == "WINDOW" for part in parts(expressions))
        for alias, name in taken:
            table = aliases.get(alias)
            if table in self.named:
                below, is_window = self.reads(self.named[table], name)
                tables |= below | self.rows(self.named[table])
                window = window or is_window
            elif table:
                tables.add(table)
                if table.startswith("fct_"):
                    fact = Reader(table)
                    window = window or fact.reads(fact.final, name)[1]
        return tables, window


def children(node: Node) -> list[Node]:
    return [node["left"], node["right"]] if "left" in node else list(node["children"])


def named(expression: Node) -> str:
    return str(expression.get("alias") or (expression.get("column_names") or [""])[-1])


def is_star(expression: Node) -> bool:
    return expression.get("class") == "STAR"


def record_types() -> dict[str, str]:
    with (DBT_PROJECT / "seeds" / "returns" / "record_type.csv").open(encoding="utf-8") as lines:
        return {row["record_id"]: row["return_id"] for row in csv.DictReader(lines)}


def sources(table: str) -> set[str]:
    """The returns that a staged table, or a fact, is made of; of a fact those of its rows."""
    if table.startswith("stg_returns__"):
        return {record_types()[table.removeprefix("stg_returns__")]}
    if not table.startswith("fct_"):
        return set()
    reader = Reader(table)
    return set().union(*(sources(one) for one in reader.rows(reader.final) if one != table))


COLUMNS = sorted(
    {(one["relation"], one[place]) for one in measures() for place in PLACES if one[place] and place != "splits_by"}
)


def test_a_cell_of_the_seed_is_the_name_of_a_column() -> None:
    for one in measures():
        columns = model(one["relation"])["columns"]
        assert {one[place] for place in PLACES} - {""} <= set(columns), one["measure_id"]
        condition = columns.get(one["condition"])
        if condition and one["relation"].startswith("fct_"):
            assert condition["data_type"] == "boolean", one["measure_id"]


@pytest.mark.parametrize(("relation", "column"), COLUMNS)
def test_a_column_says_which_other_tables_it_reads_and_how_far_back(relation: str, column: str) -> None:
    meta = model(relation)["config"]["meta"]
    declared: dict[str, int] = model(relation)["columns"][column]["config"]["meta"].get("reads", {})
    reader = Reader(relation)
    tables, looks_back = reader.reads(reader.final, column)
    own = set().union(*map(sources, meta["rows_of"] if "rows_of" in meta else reader.rows(reader.final)))
    others = set().union(*map(sources, tables)) - own
    said = set().union(*map(sources, declared))
    # Rows of one table that stand for several spells are told apart by the column that says which spell it is.
    assert said <= others | own if "rows_of" in meta else others == said - own
    assert not looks_back or declared, "a window over other rows: say how many months back it reads"


def test_what_the_sources_are_read_from_is_seen() -> None:
    """The reader itself, on the tables that the fault was found in."""
    reader = Reader("fct_youth_offence")
    assert "fct_protection_plan" in reader.reads(reader.final, "is_on_plan_at_offence")[0]
    assert "fct_protection_plan" not in reader.reads(reader.final, "is_in_need_at_offence")[0]
    assert reader.reads(reader.final, "disposal")[0] == {"stg_returns__youth_offence"}
    referral = Reader("fct_referral")
    assert referral.reads(referral.final, "is_rereferral_12m")[1]
    assert not referral.reads(referral.final, "referral_source")[1]


def test_conditions_on_values_of_one_column_say_which() -> None:
    """Disclosure control adds up what excludes each other, so a flag that is one value of a column has to name it."""
    for relation in {one["relation"] for one in measures()}:
        code = rendered(relation.replace("int_social_care_plan", "fct_protection_plan"))
        columns = {
            flag: column for column, flag in re.findall(r"coalesce\((?:\w+\.)?(\w+) = '[^']*', false\) as (\w+)", code)
        }
        counted = [
            one
            for one in measures()
            if one["relation"] == relation and one["counting"] == "events" and one["condition"]
        ]
        used = [columns.get(one["condition"], "") for one in counted]
        for one, column in zip(counted, used, strict=True):
            if column and used.count(column) > 1:
                assert one["splits_by"] == column, one["measure_id"]
