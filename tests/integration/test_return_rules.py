"""Every validation rule of the returns with an example that keeps it and one that breaks it.

Each example is an authority of its own, written as raw records; all of them are staged in one go. The breaking example
must break exactly the rule it stands for, the keeping one none at all.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from catalogue.returns import load_returns
from expectations.results import create_ops_tables
from orchestration.environment import make_home
from orchestration.landing.ledger import ensure_ledger
from orchestration.landing.returns.tables import ensure_return_tables
from orchestration.settings import Settings
from orchestration.transform import dbt
from tests.support.return_examples import EXAMPLES, Example, Record


def land(con: duckdb.DuckDBPyConnection, first: int, la_code: str, records: list[Record]) -> None:
    """Raw records of one authority."""
    for place, record in enumerate(records):
        meta = {
            "landed_row_id": first + place,
            "load_id": la_code,
            "load_seq": 1,
            "source_file": f"{la_code}.csv",
            "source_row": place + 1,
            "parent_row_id": None if record.parent is None else first + record.parent,
            "content_hash": str(sorted(record.fields.items())),
            "landed_at": datetime(2026, 1, 1),  # noqa: DTZ001  (a column without a zone)
            "la_code": la_code,
            "collection_year": record.year,
        }
        cells = meta | {name: value for name, value in record.fields.items() if value != ""}
        con.execute(
            f"insert into raw.{record.record_id} ({', '.join(cells)}) values ({', '.join('?' * len(cells))})",
            list(cells.values()),
        )


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The rules that the records of each example break, by authority: the rule with K for keeps and B for breaks."""
    settings = Settings.from_environment(home=tmp_path_factory.mktemp("rules"))
    make_home(settings)
    settings.warehouse_path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.warehouse_path)) as con:
        ensure_ledger(con)
        ensure_return_tables(con, load_returns())
        create_ops_tables(con)
        for number, example in enumerate(EXAMPLES):
            land(con, number * 200, f"{example.rule}K", example.keeps)
            land(con, number * 200 + 100, f"{example.rule}B", example.breaks)
    dbt.require_success(dbt.run_command(settings, ["seed", "--select", "resource_type:seed"]))
    models = ["insights.staging.returns", "insights.checked.rules.returns"]
    dbt.require_success(dbt.run_command(settings, ["run", "--select", *models]))
    rules: dict[str, set[str]] = defaultdict(set)
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        for la_code, rule in con.execute(
            "select record.la_code, problem.rule_code from intermediate.int_returns_problem as problem "
            "join intermediate.int_returns_record as record using (landed_row_id)"
        ).fetchall():
            rules[la_code].add(rule)
    return rules


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.rule)
def test_a_rule_is_kept_and_broken(found: dict[str, set[str]], example: Example) -> None:
    assert found.get(f"{example.rule}K", set()) == set()
    assert found.get(f"{example.rule}B", set()) == {example.rule}


def test_every_rule_has_its_examples_and_every_example_a_rule() -> None:
    path = Path(load_returns().seeds_dir) / "validation_rule.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rules = [row["rule_code"] for row in csv.DictReader(handle)]
    assert [example.rule for example in EXAMPLES] == rules


def test_rules_speak_in_sentences_and_name_records_that_exist() -> None:
    returns = load_returns()
    for rule in returns.rules.values():
        assert rule.severity in ("set_aside_record", "set_aside_value", "note"), rule.rule_code
        assert set(rule.record_ids) <= set(returns.records), rule.rule_code
        for text in (rule.sentence, rule.action):
            assert text[0].isupper(), rule.rule_code
            assert text.endswith("."), rule.rule_code
