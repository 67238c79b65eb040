"""`python -m benchmarks.disclosure [DATABASE]`: time of disclosure control with its audit, and what it costs.

Reads the warehouse of the last run (or the DuckDB file named), runs the two dbt models that decide about every count of
all editions and years, and prints seconds, the counts hidden by each rule, and the part of all counts above zero that
is hidden. Decided twice: the results must be equal.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.settings import Settings

MODELS = Path(__file__).resolve().parent.parent / "dbt_project" / "models"
SCHEMAS = ("intermediate", "marts", "reference")


def relation(con: duckdb.DuckDBPyConnection, name: str) -> duckdb.DuckDBPyRelation:
    """A relation of the warehouse, wherever it lies. Raises SystemExit when the last run did not get as far."""
    found = con.execute(
        f"select table_schema from information_schema.tables where table_name = ? and table_schema in {SCHEMAS}",
        [name],
    ).fetchone()
    if found is None:
        raise SystemExit(f"The warehouse has no {name}. Nothing was measured. Run the pipeline first: make run.")
    return con.table(f"{found[0]}.{name}")


class Dbt:
    """As much of dbt as a Python model asks for: relations by name, and the threshold."""

    def __init__(self, con: duckdb.DuckDBPyConnection, threshold: int) -> None:
        self._con = con
        self._threshold = threshold
        self.config = self

    def __call__(self, **_: object) -> None:
        """Accept the settings of a model."""

    def get(self, _: str) -> int:
        """The threshold, the only setting that the models read."""
        return self._threshold

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        """A relation of the warehouse, wherever it lies."""
        return relation(self._con, name)


def decide(dbt: Dbt, con: duckdb.DuckDBPyConnection, name: str) -> tuple[pa.Table, float]:
    """The result of a model, and its seconds."""
    path = next(MODELS.rglob(f"{name}.py"), None)
    spec = importlib.util.spec_from_file_location(name, path) if path else None
    if spec is None or spec.loader is None:
        raise SystemExit(f"The model {name} cannot be loaded. Nothing was measured.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    start = time.perf_counter()
    result: pa.Table = module.model(dbt, con)
    return result, time.perf_counter() - start


def loss(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Counts by rule; `shown` are those above zero."""
    found = {"shown": 0, "primary": 0, "complementary": 0}
    for row in rows:
        if row["rule"] or row["count"]:
            found[row["rule"] or "shown"] += 1
    return found


def main() -> None:
    """Measure and print."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Settings.from_environment().warehouse_path
    if not path.exists():
        raise SystemExit(f"There is no warehouse at {path}. Nothing was measured. Run the pipeline first: make run.")
    with duckdb.connect(str(path), read_only=True) as con:
        audit = relation(con, "disclosure_audit").max("threshold").fetchone()
        dbt = Dbt(con, int(audit[0]) if audit and audit[0] else 5)
        total = 0.0
        for name in ("int_disclosure_count", "int_disclosure_return"):
            result, seconds = decide(dbt, con, name)
            again, _ = decide(dbt, con, name)
            if not result.equals(again):
                raise SystemExit(f"{name} decided twice and not alike: its order is not fixed.")
            total += seconds
            rows = result.to_pylist()
            print(f"{name}: {len(rows):,} counts, {seconds:.1f} s")
            scopes = {
                "all services": [row for row in rows if row["geography_code"] == "all_services"],
                "services": [row for row in rows if row["geography_code"] != "all_services"],
            }
            for scope, members in scopes.items() if name == "int_disclosure_count" else [("authorities", rows)]:
                by_rule = loss(members)
                hidden = sum(by_rule.values()) - by_rule["shown"]
                widths = sorted(
                    row["feasible_upper"] - row["feasible_lower"] for row in members if row["rule"] and row["count"]
                )
                print(
                    f"  {scope}: {by_rule}; {100 * hidden / max(1, sum(by_rule.values())):.0f} % hidden, narrowest "
                    f"range {widths[0] if widths else '-'}, median {widths[len(widths) // 2] if widths else '-'}, "
                    f"exposed {sum(row['is_exposed'] for row in members)}, "
                    f"unavoidable {sum(row['is_unavoidable'] for row in members)}"
                )
        print(f"disclosure control with audit, all editions: {total:.1f} s (at most 30 s asked)")


if __name__ == "__main__":
    main()
