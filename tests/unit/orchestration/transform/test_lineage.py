"""Which columns a column is made from, read from SQL as the models have it."""

from __future__ import annotations

from pathlib import Path

from orchestration.transform.dbt import NodeResult
from orchestration.transform.lineage import column_lineage

COLUMNS = {
    "s": {"one": {"x": "integer", "y": "integer"}, "two": {"z": "integer", "w": "integer", "e": "integer"}},
    "marts": {"united": {"p": "integer", "q": "integer", "r": "integer"}},
}


def traced(tmp_path: Path, sql: str) -> dict[str, list[list[str]]]:
    model = NodeResult("model.united", "united", "model", "marts", "united", "success", 0.0, "", 0, sql)
    parents = {"model.united": [("s", "one"), ("s", "two")]}
    return column_lineage([model], parents, COLUMNS, [tmp_path / "lineage.json"])["model.united"]


def test_a_union_by_name_is_followed_by_name(tmp_path: Path) -> None:
    sql = """
        with a as (select x as p, y as q from s.one), b as (select z as q, w as p, e as r from s.two),
        united as (select * from a union all by name select * from b union all by name select x as r from s.one)
        select * from united"""
    assert traced(tmp_path, sql) == {
        "p": [["s", "one", "x"], ["s", "two", "w"]],
        "q": [["s", "one", "y"], ["s", "two", "z"]],
        "r": [["s", "one", "x"], ["s", "two", "e"]],
    }


def test_a_union_by_position_is_followed_by_position(tmp_path: Path) -> None:
    sql = "select x as p, y as q, x + y as r from s.one union all select z, w, e from s.two"
    assert traced(tmp_path, sql) == {
        "p": [["s", "one", "x"], ["s", "two", "z"]],
        "q": [["s", "one", "y"], ["s", "two", "w"]],
        "r": [["s", "one", "x"], ["s", "one", "y"], ["s", "two", "e"]],
    }


def test_what_is_traced_for_one_programme_is_not_written_for_all(tmp_path: Path) -> None:
    first, shared, own = "select x as p from s.one", tmp_path / "shared.json", tmp_path / "own.json"
    parents = {"model.united": [("s", "one")]}
    for sql, kept in ((first, [shared]), (first, [shared, own]), ("select y as p from s.one", [shared, own])):
        before = shared.read_bytes() if shared.exists() else b""
        model = NodeResult("model.united", "united", "model", "marts", "united", "success", 0.0, "", 0, sql)
        found = column_lineage([model], parents, COLUMNS, kept)["model.united"]
        assert found["p"] == [["s", "one", sql[7]]]
        assert not own.exists() or before == shared.read_bytes()
    assert own.exists()
