"""`python -m benchmarks.disclosure [DATABASE]`: time of draws and audit, and what they cost.

Reads the warehouse of the last run (or the DuckDB file named), runs the two dbt models that decide what is printed of
every count, and prints seconds, counts that are not printed, how many were drawn anew and after
how many rounds. Decided twice: the results must be equal.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from disclosure import rounding
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
    """As much of dbt as a Python model asks for: relations by name."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def config(self, **_: object) -> None:
        """Accept the settings of a model."""

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        """A relation of the warehouse, wherever it lies."""
        return relation(self._con, name)

    def source(self, schema: str, name: str) -> duckdb.DuckDBPyRelation:
        """A source: without a row, as if nothing had been public."""
        return self._con.table(f"{schema}.{name}").filter("false")


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


def told(result: pa.Table) -> str:
    """What came of the draws of a model, in words."""
    rows: list[dict[str, Any]] = result.to_pylist()
    printed = [row for row in rows if row["printed"] is not None]
    distance = max((abs(row["printed"] - row["count"]) for row in printed), default=0)
    hidden, anew = (sum(bool(row[name]) for row in rows) for name in ("is_hidden", "draw"))
    return (
        f"{len(rows):,} counts, {len(rows) - len(printed):,} not printed ({hidden} of them hidden), {anew} drawn anew "
        f"in at most {max((row['rounds'] for row in rows), default=0)} rounds, largest distance {distance}, "
        f"told {sum(row['is_told'] for row in rows)}"
    )


def main() -> None:
    """Measure and print."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Settings.from_environment().warehouse_path
    if not path.exists():
        raise SystemExit(f"There is no warehouse at {path}. Nothing was measured. Run the pipeline first: make run.")
    os.environ[rounding.KEY_VARIABLE] = "a key of this benchmark"
    with duckdb.connect(str(path), read_only=True) as con:
        total = 0.0
        for name in ("int_disclosure_count", "int_disclosure_return"):
            result, seconds = decide(Dbt(con), con, name)
            again, _ = decide(Dbt(con), con, name)
            if not result.equals(again):
                raise SystemExit(f"{name} decided twice and not alike: its order is not fixed.")
            total += seconds
            print(f"{name}: {seconds:.1f} s; {told(result)}")
        print(f"draws and audit of all editions: {total:.1f} s (at most 60 s asked)")


if __name__ == "__main__":
    main()
