"""Every rule of the returns with an example that keeps it and one that breaks it, as they stand at its head.

Each example is an authority of its own, written as raw records; all of them are staged and judged in one go, in memory,
by the models themselves. The breaking example breaks the rule it stands for and no other, the keeping one none at all.
"""

from __future__ import annotations

import csv
from collections import defaultdict

import duckdb
import pytest

from catalogue.returns import load_returns
from orchestration.landing.models import Models
from orchestration.landing.reading import MACROS
from orchestration.landing.returns.tables import ensure_return_tables
from tests.support.paths import ROOT
from tests.support.rule_examples import insert, landed
from tools.return_rules import SEED, RuleFile, read_rules, seed_text

RULES = read_rules()
FAMILIES = ("value", "census", "care", "local", "between")
DFE_RULES = ROOT / "docs" / "dfe-rules.csv"


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    """The rules that the records of each example break, by authority: the rule with K for keeps and B for breaks."""
    returns = load_returns()
    files = sorted(path.relative_to(MACROS.parent).with_suffix("") for path in (MACROS.parent / "rules").rglob("*.sql"))
    used = ("catalogue", "engine", "reading", "returns", "return_records", *map(str, files))
    rules: dict[str, set[str]] = defaultdict(set)
    with duckdb.connect() as con:
        ensure_return_tables(con, returns)
        for number, rule in enumerate(RULES):
            insert(con, landed(returns, number * 200, f"{rule.code}K", rule.keeps))
            insert(con, landed(returns, number * 200 + 100, f"{rule.code}B", rule.breaks))
        models = Models(con, returns.seeds_dir.parent, used)
        for family in FAMILIES:
            models.make("int_returns_record", f"int_returns_problem_{family}")
            for la_code, code in con.execute(
                f"select record.la_code, problem.rule_code from intermediate.int_returns_problem_{family} as problem "
                "join intermediate.int_returns_record as record using (landed_row_id, record_id)"
            ).fetchall():
                rules[la_code].add(code)
    return rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_kept_and_broken(found: dict[str, set[str]], rule: RuleFile) -> None:
    assert found.get(f"{rule.code}K", set()) == set()
    assert found.get(f"{rule.code}B", set()) == {rule.code, *rule.also}


def test_rules_name_records_that_exist_and_families_that_read_them() -> None:
    returns = load_returns()
    for rule in RULES:
        assert set(rule.records) <= set(returns.records), rule.code
        assert rule.family in FAMILIES, rule.code


def test_the_seed_lists_the_rules_of_the_files() -> None:
    assert SEED.read_text(encoding="utf-8") == seed_text(RULES)


def test_the_list_of_the_departments_rules_says_what_covers_each() -> None:
    with DFE_RULES.open(encoding="utf-8", newline="") as handle:
        listed = list(csv.DictReader(handle))
    keys = [(row["return"], row["dfe_code"]) for row in listed]
    assert len(keys) == len(set(keys))
    named: dict[tuple[str, ...], dict[str, bool]] = defaultdict(dict)
    for rule in RULES:
        for code in rule.dfe:
            record, dfe_code, *part = code.split()
            named[(record, dfe_code)][rule.code] = not part
    assert set(named) <= set(keys)
    for row in listed:
        place = (row["return"], row["dfe_code"])
        assert row["rule_codes"].split() == sorted(named[place]), place
        # Covered or in part by rules as they say it; by something else, or not at all, for a reason.
        if named[place]:
            assert row["covered"] == ("covered" if any(named[place].values()) else "partly"), place
        assert row["covered"] in ("covered", "partly", "no"), place
        assert bool(row["why"]) != (row["covered"] == "covered" and bool(named[place])), place
