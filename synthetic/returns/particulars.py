"""What is known of children besides events: disability, unaccompanied arrival, pupil number."""

from __future__ import annotations

from datetime import date

import numpy as np

from synthetic.returns.counts import DISABLED_ON_PLAN, UNACCOMPANIED
from synthetic.returns.life.courses import Life
from synthetic.returns.model import YEARS, CarePeriod, Child, Placement, year_end

JANUARY = date(2017, 1, 15)
DISABILITIES = {
    "LD": 0.3, "BEH": 0.24, "AUT": 0.2, "COMM": 0.18, "MOB": 0.12, "PC": 0.08, "HEAR": 0.05, "VIS": 0.05, "CON": 0.05,
    "INC": 0.04, "HAND": 0.04, "DDA": 0.16,
}  # fmt: skip
ARRIVING = {"OOTH": 0.4, "AOTH": 0.25, "BAFR": 0.3, "WOTH": 0.05}


def disability_codes(rng: np.random.Generator) -> list[str]:
    """One code, sometimes more."""
    codes = [code for code, weight in DISABILITIES.items() if rng.random() < weight]
    return codes[:3] or ["DDA" if rng.random() < 0.3 else "LD"]


def is_on_plan(child: Child, day: date) -> bool:
    """Whether a plan is open."""
    plans = [plan for case in child.cases for plan in case.plans]
    return any(plan.start <= day and (plan.end is None or plan.end > day) for plan in plans)


def is_in_care(child: Child, day: date) -> bool:
    """Whether the child is looked after, short breaks left out."""
    return any(
        period.start <= day and (period.end is None or period.end > day)
        for period in child.care
        if period.placements[0].legal_status not in ("V3", "V4")
    )


def add_disabilities(life: Life, seed: int) -> None:
    """Some children in need are disabled; exactly so many of those on a plan in January 2017."""
    rng = np.random.default_rng([seed, 31])
    for child in life.children:
        needs = {case.need for case in child.cases}
        chance = 0.9 if "N2" in needs else 0.07
        if rng.random() < chance:
            child.disabilities = disability_codes(rng)
    planned = [child for child in life.children if is_on_plan(child, JANUARY)]
    disabled = [child for child in planned if child.disabilities]
    others = [child for child in planned if not child.disabilities]
    for n in rng.permutation(len(others))[: max(DISABLED_ON_PLAN - len(disabled), 0)]:
        others[n].disabilities = disability_codes(rng)
    for n in rng.permutation(len(disabled))[: max(len(disabled) - DISABLED_ON_PLAN, 0)]:
        disabled[n].disabilities = []


def add_unaccompanied(life: Life, seed: int) -> set[str]:
    """Young people in care who came alone: a rising number on each 31 March. Returns their ids."""
    rng = np.random.default_rng([seed, 32])
    chosen: list[tuple[Child, CarePeriod]] = []
    for year in YEARS:
        day = year_end(year)
        still = [one for one in chosen if one[1].start <= day and (one[1].end is None or one[1].end > day)]
        able = [
            (child, period)
            for child in life.children
            for period in child.care
            if period.start <= day
            and (period.end is None or period.end > day)
            and period.start > date(day.year - 2, day.month, day.day)
            and child.age_on(period.start) >= 13
            and not period.is_unaccompanied
            and not period.is_remand
            and len(child.care) == 1
        ]
        for n in rng.permutation(len(able))[: UNACCOMPANIED[year] - len(still)]:
            child, period = able[n]
            period.is_unaccompanied = True
            child.ethnicity = str(rng.choice(list(ARRIVING), p=list(ARRIVING.values())))
            child.sex = "1" if rng.random() < 0.93 else child.sex
            for case in child.cases:
                case.need = "N8"
            period.need = "N8"
            chosen.append((child, period))
    return {child.child_id for child, _ in chosen}


def add_pupil_numbers(life: Life, seed: int) -> None:
    """Most children of school age have a pupil number; the others the reason why not."""
    rng = np.random.default_rng([seed, 33])
    for child in life.children:
        if child.birth > date(2012, 8, 31):
            child.upn_unknown = "UN1"
        elif rng.random() < 0.9 and not any(period.is_unaccompanied for period in child.care):
            child.upn = life.people.new_upn(child.birth)
        else:
            child.upn_unknown = str(rng.choice(["UN2", "UN3", "UN4", "UN5"]))


def add_short_breaks(life: Life, seed: int) -> None:
    """A few disabled children have an agreed series of short breaks: in the return, but not looked after."""
    rng = np.random.default_rng([seed, 34])
    able = [child for child in life.children if child.disabilities and not child.care and child.cases[-1].closure]
    able = [child for child in able if (child.cases[-1].closure or date.max) > date(2017, 6, 1)]
    for n in rng.permutation(len(able))[:18]:
        child = able[n]
        start = max(child.cases[-1].referral, date(2013, 4, 1))
        place = Placement(start, None, "S", "V4", "K2", "PR4")
        child.care.append(CarePeriod("N2", [place]))
