"""The school census extract of January 2016: pupils with their special educational needs."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from synthetic.returns.life.courses import Life
from synthetic.returns.model import Child
from synthetic.returns.writers import Row

COLUMNS = ("upn", "census_date", "birth_date", "sex", "sen_provision", "sen_primary_need")
CENSUS_DAY = date(2016, 1, 21)
PUPILS = 41_200
FIRST_BIRTH, LAST_BIRTH = date(1998, 9, 1), date(2011, 8, 31)
LINKED_SHARE = 0.9  # of the children with a pupil number; the others have left the authority's schools
NEEDS = {
    "SPLD": 0.1, "MLD": 0.22, "SLD": 0.02, "PMLD": 0.01, "SEMH": 0.2, "SLCN": 0.2, "HI": 0.02, "VI": 0.01,
    "MSI": 0.003, "PD": 0.03, "ASD": 0.09, "OTH": 0.06, "NSA": 0.037,
}  # fmt: skip


def provision(rng: np.random.Generator, male: bool, known: str, is_disabled: bool) -> tuple[str, str]:
    """Provision and primary need: more often for boys, children in need, children in care and disabled children."""
    support = {"": 0.115, "referred": 0.17, "need": 0.25, "plan": 0.29, "care": 0.31}[known] * (1.25 if male else 0.75)
    plan = {"": 0.014, "referred": 0.025, "need": 0.06, "plan": 0.07, "care": 0.16}[known] * (1.35 if male else 0.65)
    if is_disabled:
        plan, support = max(plan, 0.42), max(support, 0.36)
    draw = rng.random()
    if draw >= plan + support:
        return "N", ""
    code = "K" if draw >= plan else "E" if rng.random() < 0.55 else "S"
    weights = dict(NEEDS)
    if known:
        weights["SEMH"] *= 2.2
    if code != "K":
        weights["ASD"] *= 3
        weights["SLD"] *= 6
        weights["PMLD"] *= 5
        weights["SPLD"] *= 0.3
        weights["NSA"] = 0
    values = np.array(list(weights.values()))
    return code, list(weights)[int(rng.choice(len(values), p=values / values.sum()))]


def standing(child: Child) -> str:
    """The furthest a child had come in 2015-16."""
    low, high = date(2015, 4, 1), date(2016, 3, 31)
    if any(period.start <= high and (period.end or high) >= low for period in child.care):
        return "care"
    cases = [case for case in child.cases if case.referral <= high and (case.closure or high) >= low]
    if any(plan.start <= high and (plan.end or high) >= low for case in cases for plan in case.plans):
        return "plan"
    if any(not case.is_no_further_action for case in cases):
        return "need"
    return "referred" if child.cases else ""


def school_rows(life: Life, seed: int) -> list[Row]:
    """One row per pupil."""
    rng = np.random.default_rng([seed, 71])
    rows: list[Row] = []
    known = [child for child in life.children if child.upn and FIRST_BIRTH <= child.birth <= LAST_BIRTH]
    for child in known:
        if rng.random() < LINKED_SHARE:
            rows.append(_row(rng, child.upn, child.birth, child.sex == "1", standing(child), bool(child.disabilities)))
    days = (LAST_BIRTH - FIRST_BIRTH).days
    while len(rows) < PUPILS:
        # Younger years are larger; few stay on after sixteen.
        birth = FIRST_BIRTH + timedelta(days=int(days * rng.beta(1.35, 1.0)))
        rows.append(_row(rng, life.people.new_upn(birth), birth, rng.random() < 0.51, "", rng.random() < 0.015))
    return sorted(rows)


def _row(rng: np.random.Generator, upn: str, birth: date, male: bool, known: str, is_disabled: bool) -> Row:
    code, need = provision(rng, male, known, is_disabled)
    return upn, CENSUS_DAY.isoformat(), birth.isoformat(), "M" if male else "F", code, need
