"""Targets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Flow:
    """What one collection year must hold."""

    year: int
    referrals: int
    rereferrals: int
    no_further_action: int
    assessments: int
    enquiries: int
    conferences: int
    conferences_from_before: int
    conferences_after: int
    plans_after: int
    plan_starts: dict[str, int]
    second_plans: int
    in_need: int
    on_plan: int
    looked_after: int
    care_starts: int
    returned_home_share: float
    plans_in_january: int = 0


def _plans(phy: int, emo: int, sab: int, neg: int, mul: int) -> dict[str, int]:
    return {"PHY": phy, "EMO": emo, "SAB": sab, "NEG": neg, "MUL": mul}


FLOWS = {
    flow.year: flow
    for flow in (
        Flow(2013, 5420, 760, 1150, 3350, 1180, 760, 0, 12, 10, _plans(95, 268, 32, 219, 6), 90, 3260, 502, 566, 270, 0.38),
        Flow(2014, 5890, 1590, 1240, 3620, 1265, 812, 12, 12, 10, _plans(101, 309, 34, 228, 5), 102, 3320, 515, 571, 275, 0.36),
        Flow(2015, 6317, 1642, 1390, 3760, 1352, 871, 12, 12, 10, _plans(117, 344, 30, 235, 4), 117, 3392, 526, 578, 285, 0.27),
        Flow(2016, 5731, 1318, 1220, 3885, 1819, 1007, 12, 12, 10, _plans(104, 422, 21, 267, 12), 140, 3554, 539, 585, 290, 0.29),
        Flow(2017, 5480, 1205, 1180, 3810, 1655, 905, 12, 12, 10, _plans(92, 378, 22, 248, 15), 128, 3490, 480, 592, 285, 0.30, 472),
    )
}  # fmt: skip
