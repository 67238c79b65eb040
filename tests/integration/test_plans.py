"""How DuckDB goes about the models: none compares every row of a table with every row of another to look something up.

It does so for a left join as soon as one of its conditions is not an equality of the two sides, also one that asks
something of one side alone, and says nothing: a hundred thousand rows then take seconds instead of a tenth of one.
"""

from __future__ import annotations

import json
from typing import Any

import duckdb

from orchestration.settings import Settings
from tests.support.whole_runs import Home, Ran

# Whether a member belongs to a combination is asked bit by bit, of a few thousand rows and at most nine members.
_ALLOWED = {"co_occurrence"}


def test_no_left_join_compares_every_row_with_every_other(home: Home, first: Ran) -> None:
    settings = Settings(home.home, home.raw, "sample")
    warehouse, compiled = settings.warehouse_path, settings.dbt_target_path / "compiled" / "insights" / "models"
    # Tests lie in folders named after their YAML file.
    models = {
        path.stem: path.read_text(encoding="utf-8")
        for path in compiled.rglob("*.sql")
        if not any(parent.suffix == ".yml" for parent in path.parents)
    }
    assert len(models) > 200
    found = set()
    with duckdb.connect(warehouse, read_only=True) as con:
        for model, sql in models.items():
            plan = json.loads(con.execute(f"explain (format json) {sql}").fetchall()[0][1])
            if any(_compares_all(operator) for operator in plan):
                found.add(model)
    assert found == _ALLOWED


def _compares_all(operator: dict[str, Any]) -> bool:
    is_lookup = operator.get("extra_info", {}).get("Join Type") in {"LEFT", "RIGHT", "OUTER"}
    if is_lookup and operator["name"] in {"BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN"}:
        return True
    return any(_compares_all(child) for child in operator["children"])
