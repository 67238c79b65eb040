"""Child protection plans: drawn a little too long, and the surplus ended earlier at each 31 March."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from synthetic.returns.counts import YearCounts
from synthetic.returns.life.draws import FIRST_DAY, LAST_DAY, Draws, majority, out_of_freeze
from synthetic.returns.model import YEARS, Child, Plan, year_of
from synthetic.returns.people import People


class Plans:
    """Begins, ends and numbers plans."""

    def __init__(self, draws: Draws, people: People) -> None:
        self.draws = draws
        self.people = people

    def new(self, child: Child, start: date, category: str, after: date) -> Plan:
        """A plan, a little longer than it will be."""
        length = int(np.clip(self.draws.rng.lognormal(5.75, 0.55), 75, 1100))
        end = max(start + timedelta(days=length), after + self.draws.days(20, 200))
        end = out_of_freeze(min(end, majority(child) - timedelta(days=3)))
        if end > LAST_DAY:
            end = end + timedelta(days=400)
        plan = Plan(start, end, category)
        if self.draws.rng.random() < 0.09:
            later = self.draws.pick({"NEG": 0.35, "EMO": 0.3, "PHY": 0.1, "SAB": 0.05, "MUL": 0.2})
            if later != category:
                plan.changes.append((start + self.draws.days(40, 200), later))
        return plan

    def open_on(self, day: date) -> list[tuple[Child, Plan]]:
        """Plans open on a day."""
        return [
            (child, plan)
            for child in self.people.children
            for case in child.cases
            for plan in case.plans
            if plan.start <= day and (plan.end is None or plan.end > day)
        ]

    def end_surplus(self, day: date, wanted: int, first: date) -> None:
        """End so many plans earlier that the wanted number is open on the day."""
        plans = self.open_on(day)
        surplus = len(plans) - wanted
        if surplus < 0:
            raise RuntimeError(f"{-surplus} plans too few on {day}")
        able = [
            (child, plan)
            for child, plan in plans
            if plan.start <= day - timedelta(days=80) and not any(case.is_fixed for case in child.cases)
        ]
        weights = np.array([(day - plan.start).days ** 1.5 for _, plan in able])
        chosen = self.draws.rng.choice(len(able), surplus, replace=False, p=weights / weights.sum())
        for n in chosen:
            plan = able[n][1]
            low = max(plan.start + timedelta(days=45), first + timedelta(days=1))
            plan.end = self.draws.between(low, day - timedelta(days=2))

    def number(self, wanted: YearCounts) -> None:
        """Earlier plans of each plan that began in the year; the rest of the wanted repeats were before the records."""
        started: list[tuple[Child, Plan, int]] = []
        for child in self.people.children:
            plans = [plan for case in child.cases for plan in case.plans]
            for n, plan in enumerate(plans):
                if year_of(plan.start) == wanted.year or (wanted.year == YEARS[0] and plan.start < FIRST_DAY):
                    before = plans[n - 1].previous + 1 if n else 0
                    plan.previous = before
                    if year_of(plan.start) == wanted.year:
                        started.append((child, plan, before))
        repeats = wanted.second_plans - sum(1 for _, _, before in started if before)
        if repeats < 0:
            raise RuntimeError(f"{-repeats} repeat plans too many in {wanted.year}")
        first = [(child, plan) for child, plan, before in started if not before and child.age_on(plan.start) >= 2]
        for n in self.draws.rng.choice(len(first), repeats, replace=False):
            first[n][1].previous = 1 if self.draws.rng.random() < 0.8 else 2
