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
from orchestration.landing.ledger import ensure_ledger
from orchestration.landing.models import Models
from orchestration.landing.reading import MACROS
from orchestration.landing.returns.tables import ensure_return_tables
from tests.support.paths import ROOT
from tests.support.rule_examples import Example, insert, landed
from tools.return_rules import SEED, RuleFile, read_rules, seed_text

RULES = read_rules()
# Month of birth, and whether a difficulties score is expected of a child looked after all of 2015-16.
_SCORED = {"2011-03": True, "2011-04": False, "1999-04": True, "1999-03": False}
_HEALTH = {"is_immunised": "1", "had_teeth_check": "1", "had_health_assessment": "1", "is_substance_misuser": "0"}
_HOME = {"legal_status": "V2", "placement_type": "K2"}


def _care(birth_month: str, *episodes: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """A child looked after, and its episodes."""
    return [("s903_header", {"birth_month": birth_month}), *(("s903_episode", episode) for episode in episodes)]


def _case(of_child: dict[str, str], of_referral: dict[str, str], *inner: tuple[str, dict[str, str]]) -> Example:
    """A child in a census, its case, and what lies in it."""
    return [("cin_child", of_child), ("cin_referral", of_referral), *inner]


_CLOSED = {"closure_date": "2015-12-01", "reason_for_closure": "RC7"}
# What lies beside the examples at the heads: records, and every rule they break.
NEIGHBOURS: dict[str, tuple[Example, set[str]]] = {
    "an adult looked after since childhood": (_care("1994-05", {"start_date": "2010-05-01"}), {"SC121"}),
    "an adult of 27 known since 14": (_care("1988-05", {"start_date": "2002-05-01"}), {"SC121"}),
    "born too early to be right": (_care("1988-05", {}), {"SC105"}),
    "in a community home at 19": (_care("1996-05", {"start_date": "2012-05-01", **_HOME}), set()),
    "in a community home at 21": (_care("1995-03", {"start_date": "2011-05-01", **_HOME}), {"SC121"}),
    "begins in a community home at 19": (_care("1996-05", _HOME), set()),
    "in foster care under V2 at 19": (_care("1996-05", {"start_date": "2012-05-01", "legal_status": "V2"}), {"SC121"}),
    "goes on at 18 without a start": (
        _care(
            "1997-01",
            {
                "reason_new_episode": "P",
                "start_date": "2015-04-01",
                "end_date": "2015-04-20",
                "reason_episode_ceased": "E15",
            },
        ),
        {"SC121"},
    ),
    "another return says younger": (
        [*_case({}, {}), *_care("1996-05", {"start_date": "2012-05-01"})],
        {"SC503"},
    ),
    "born in the month the care began": (_care("2015-06", {"start_date": "2015-06-30"}), set()),
    "a case open at 19": (_case({"birth_month": "1996-05"}, {}), set()),
    "a plan open at 18, the case closed before": (
        _case(
            {"birth_month": "1998-01"},
            {"closure_date": "2015-12-01", "reason_for_closure": "RC7"},
            ("cin_protection_plan", {}),
        ),
        {"SC123", "SC420"},
    ),
    "no end and no closure": (_case({}, {}, ("cin_protection_plan", {})), set()),
    "an end that cannot be read, in a closed case": (
        _case({}, _CLOSED, ("cin_protection_plan", {"end_date": "31/02/2016"})),
        {"SC101", "SC420"},
    ),
    "a case that closes before it begins closes nothing": (
        _case({}, {"closure_date": "2015-05-01", "reason_for_closure": "RC7"}, ("cin_protection_plan", {})),
        {"SC401"},
    ),
    "dead, and nothing recorded as closed": (
        _case({"death_month": "2015-08"}, {}, ("cin_protection_plan", {})),
        {"SC417", "SC418"},
    ),
    "dead, without further action": (
        _case({"death_month": "2015-08"}, {"is_no_further_action": "1"}),
        set(),
    ),
    "a death before the birth ends nothing": (
        _case({"death_month": "2008-02"}, {}, ("cin_protection_plan", {})),
        {"SC115", "SC124"},
    ),
    "a month of death that cannot be read": (_case({"death_month": "(unreadable)"}, {}), {"SC101"}),
    "an enquiry that needed no conference, while another goes on": (
        _case(
            {},
            {},
            ("cin_section47", {"conference_date": "2015-07-10"}),
            ("cin_section47", {"is_conference_not_required": "1", "start_date": "2015-07-02"}),
        ),
        {"SC427"},
    ),
    "an enquiry after one that needed no conference": (
        _case(
            {},
            {},
            ("cin_section47", {"is_conference_not_required": "1"}),
            ("cin_section47", {"start_date": "2015-07-02"}),
        ),
        set(),
    ),
    "enquiries of two cases": (
        [
            *_case({}, _CLOSED, ("cin_section47", {"conference_date": "2015-07-20"})),
            ("cin_referral", {"referral_date": "2015-12-01"}),
            ("cin_section47", {"start_date": "2015-12-02"}),
        ],
        set(),
    ),
    "closed on the day of the referral": (
        _case(
            {},
            {"closure_date": "2015-06-01", "reason_for_closure": "RC7", "date_of_initial_cpc": "2015-06-01"},
            ("cin_protection_plan", {"start_date": "2015-06-01"}),
            ("cin_assessment", {"start_date": "2015-06-01"}),
            ("cin_section47", {"start_date": "2015-06-01"}),
        ),
        {"SC420", "SC421", "SC422"},
    ),
    "a plan after a closure on the day of the referral": (
        _case(
            {},
            {"closure_date": "2015-06-01", "reason_for_closure": "RC7"},
            ("cin_protection_plan", {"end_date": "2015-07-10"}),
        ),
        {"SC402", "SC419"},
    ),
    "a review before its plan": (
        _case({}, {}, ("cin_protection_plan", {}), ("cin_plan_review", {"review_date": "2015-06-30"})),
        {"SC306"},
    ),
    "a need plan that begins when the protection plan ends": (
        _case({}, {}, ("cin_protection_plan", {"end_date": "2015-09-01"}), ("cin_plan", {"start_date": "2015-09-01"})),
        set(),
    ),
    "missing on the last day of care": (
        [
            *_care("2008-03", {"end_date": "2015-12-01", "reason_episode_ceased": "E4A"}),
            ("s903_missing", {"start_date": "2015-12-01", "end_date": "2015-12-01"}),
        ],
        set(),
    ),
    "missing beyond the end of care": (
        [
            *_care("2008-03", {"end_date": "2015-12-01", "reason_episode_ceased": "E4A"}),
            ("s903_missing", {"start_date": "2015-11-01", "end_date": "2015-12-02"}),
        ],
        {"SC318"},
    ),
    "no month of birth": (_care("", {}), {"SC217"}),
    "missing from care until before": (
        [*_care("2008-03", {}), ("s903_missing", {"end_date": "2015-06-01"})],
        {"SC410"},
    ),
    "factors, and a completion that cannot be read": (
        _case({}, {}, ("cin_assessment", {"authorisation_date": "soon"}), ("cin_assessment_factor", {})),
        {"SC101"},
    ),
    "an ethnicity that is no code": (_case({"ethnicity": "QQQQ"}, {}), {"SC201"}),
    "a blank health record of a child of half a year": ([*_care("2008-03", {}), ("s903_health", {})], set()),
    "a health record and no episode": ([*_care("2008-03"), ("s903_health", _HEALTH)], {"SC310"}),
    "a health record after care ended": (
        [
            *_care("2008-03", {"start_date": "2014-06-01", "end_date": "2015-09-01", "reason_episode_ceased": "E4A"}),
            ("s903_health", _HEALTH),
        ],
        {"SC315"},
    ),
    "a health record, and an episode that says start where care goes on": (
        [
            *_care(
                "2008-03",
                {"start_date": "2014-06-01", "end_date": "2015-09-01", "reason_episode_ceased": "X1"},
                {"start_date": "2015-09-01"},
            ),
            ("s903_health", _HEALTH),
        ],
        {"SC429"},
    ),
    "a health record, and an earlier episode left open": (
        [
            *_care("2008-03", {"start_date": "2014-06-01"}, {"start_date": "2015-09-01"}),
            ("s903_health", {**_HEALTH, "sdq_score": "11"}),
        ],
        {"SC431"},
    ),
    "a health record of short breaks": (
        [*_care("2008-03", {"legal_status": "V4"}), ("s903_health", _HEALTH)],
        {"SC315"},
    ),
    "a health record, and a week at home": (
        [
            *_care(
                "2008-03",
                {"start_date": "2014-06-01", "end_date": "2015-11-16", "reason_episode_ceased": "E4A"},
                {"start_date": "2015-11-24"},
            ),
            ("s903_health", _HEALTH),
        ],
        {"SC315"},
    ),
    "a health record, and care that ends on the day": (
        [
            *_care("2008-03", {"start_date": "2014-06-01", "end_date": "2016-03-31", "reason_episode_ceased": "E4A"}),
            ("s903_health", _HEALTH),
        ],
        {"SC315"},
    ),
    "and care that ends a day later": (
        [
            *_care("2008-03", {"start_date": "2014-06-01", "end_date": "2016-04-01", "reason_episode_ceased": "E4A"}),
            ("s903_health", {**_HEALTH, "sdq_score": "11"}),
        ],
        {"SC113"},
    ),
    "a health record, and 18 in the year": (
        [*_care("1997-10", {"start_date": "2014-06-01"}), ("s903_health", _HEALTH)],
        {"SC121", "SC315"},
    ),
    "a health record, and an episode that does not say how care began": (
        [
            *_care("2008-03", {"start_date": "2015-06-01", "reason_new_episode": "P"}),
            ("s903_health", {**_HEALTH, "sdq_score": "11"}),
        ],
        {"SC409"},
    ),
    "two plans, the first over with its case": (
        [
            *_case({}, _CLOSED, ("cin_protection_plan", {})),
            ("cin_referral", {"referral_date": "2015-12-01"}),
            ("cin_protection_plan", {"start_date": "2015-12-02", "previous_plans": "1"}),
        ],
        {"SC420"},
    ),
    "three plans, of which the second is set aside": (
        _case(
            {},
            {},
            ("cin_protection_plan", {"end_date": "2015-09-01"}),
            ("cin_protection_plan", {"start_date": "2015-08-01", "end_date": "2015-12-01", "previous_plans": "1"}),
            ("cin_protection_plan", {"start_date": "2015-10-01", "previous_plans": "2"}),
        ),
        {"SC405"},
    ),
    "a plan in a case that cannot be, and one in the next": (
        [
            *_case({}, {"closure_date": "2015-05-01", "reason_for_closure": "RC7"}, ("cin_protection_plan", {})),
            ("cin_referral", {"referral_date": "2015-08-01"}),
            ("cin_protection_plan", {"start_date": "2015-08-02", "previous_plans": "1"}),
        ],
        {"SC401"},
    ),
} | {
    f"born in {month}, no difficulties score": (
        [*_care(month, {"start_date": "2014-06-01"}), ("s903_health", {"birth_month": month, **_HEALTH})],
        {"SC319"} if is_scored else set(),
    )
    for month, is_scored in _SCORED.items()
}
FAMILIES = ("value", "version", "census", "care", "local", "between", "counted")
DFE_RULES = ROOT / "docs" / "dfe-rules.csv"


@pytest.fixture(scope="module")
def found() -> dict[str, set[str]]:
    """The rules that the records of each example break, by authority: the rule with K for keeps and B for breaks."""
    returns = load_returns()
    files = sorted(path.relative_to(MACROS.parent).with_suffix("") for path in (MACROS.parent / "rules").rglob("*.sql"))
    used = ("catalogue", "engine", "reading", "returns", "return_records", *map(str, files))
    rules: dict[str, set[str]] = defaultdict(set)
    with duckdb.connect() as con:
        ensure_ledger(con)
        ensure_return_tables(con, returns)
        for number, rule in enumerate(RULES):
            insert(con, landed(returns, number * 200, f"{rule.code}K", rule.keeps))
            insert(con, landed(returns, number * 200 + 100, f"{rule.code}B", rule.breaks))
        for number, (name, (records, _)) in enumerate(NEIGHBOURS.items(), start=len(RULES)):
            insert(con, landed(returns, number * 200, name, records))
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


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_what_lies_beside_the_examples(found: dict[str, set[str]], name: str) -> None:
    assert found.get(name, set()) == NEIGHBOURS[name][1]


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
