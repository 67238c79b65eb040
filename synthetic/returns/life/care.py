"""Periods of care with their placements: drawn a little too long, and the surplus ended earlier at each 31 March."""

from __future__ import annotations

from datetime import date, timedelta

from synthetic.returns.counts import YearCounts
from synthetic.returns.life.draws import FIRST_DAY, LAST_DAY, Draws, majority, out_of_freeze
from synthetic.returns.model import CarePeriod, Case, Child, Placement, year_end, year_of, year_start
from synthetic.returns.people import People


class Care:
    """Begins and ends periods of care."""

    def __init__(self, draws: Draws, people: People) -> None:
        self.draws = draws
        self.people = people

    def add(self, child: Child, case: Case, start: date, already: bool = False) -> None:
        """A period of care in a case, drawn a little too long, with its placements."""
        rng = self.draws.rng
        short = rng.random() < (0.08 if already else 0.38)
        length = int(rng.integers(10, 200)) if short else int(240 + rng.exponential(1500))
        end: date | None = (FIRST_DAY if already else start) + timedelta(days=length)
        assert end is not None
        last = majority(child)
        reaches_majority = end >= last
        end = min(end, last)
        end = out_of_freeze(end)
        if child.care and year_of(end) == year_of(child.care[-1].end or end):
            end = None if last > LAST_DAY else last
        if end and end > LAST_DAY:
            end = None
        child.care.append(CarePeriod(case.need, self.placements(child, start, end)))
        if end and reaches_majority:
            child.care[-1].placements[-1].reason_ceased = "E5"

    def placements(self, child: Child, start: date, end: date | None) -> list[Placement]:
        """Episodes of one period: legal status and placement change now and then."""
        rng = self.draws.rng
        finish = end or LAST_DAY
        status = "C1" if rng.random() < 0.35 else "V2"
        made: list[Placement] = []
        day = start
        reason = "S"
        while True:
            age = child.age_on(day)
            residential = rng.random() < (0.22 if age >= 11 else 0.03)
            kind = "K2" if residential else str(rng.choice(["U6", "U4", "U3", "U6", "U1", "P1" if age < 16 else "H5"]))
            provider = {"P1": "PR0", "K2": "PR4"}.get(kind, "PR1" if rng.random() < 0.55 else "PR4")
            made.append(Placement(day, None, reason, status, kind, provider))
            length = int(60 + rng.exponential(420))
            if day + timedelta(days=length + 20) >= finish or len(made) > 7:
                break
            day = day + timedelta(days=length)
            made[-1].end = day
            made[-1].reason_ceased = "X1"
            if status == "C1" or (status == "V2" and rng.random() < 0.3):
                status = {"C1": "C2", "V2": "C1"}[status]
                reason = "B"
            else:
                reason = "P"
            made[-1].reason_change = str(rng.choice(["CARPL", "CREQB", "CREQO", "CHILD", "OTHER"]))
        made[-1].end = end
        return made

    def open_on(self, day: date) -> list[tuple[Child, CarePeriod]]:
        """Periods of care open on a day."""
        return [
            (child, period)
            for child in self.people.children
            for period in child.care
            if period.start <= day and (period.end is None or period.end > day)
        ]

    def end_surplus(self, wanted: YearCounts) -> None:
        """End so many periods of care earlier that the wanted number is open at the year's end."""
        day = year_end(wanted.year)
        periods = self.open_on(day)
        surplus = len(periods) - wanted.looked_after
        if surplus < 0:
            raise RuntimeError(f"{-surplus} children too few in care on {day}")
        able = [
            (child, period)
            for child, period in periods
            if period.start <= day - timedelta(days=50)
            and not any(p.end and year_of(p.end) == wanted.year for p in child.care)
            and period is child.care[-1]
        ]
        for n in self.draws.rng.choice(len(able), surplus, replace=False):
            _, period = able[n]
            low = max(period.start + timedelta(days=20), year_start(wanted.year))
            end = out_of_freeze(self.draws.between(low, day - timedelta(days=2)))
            period.placements = [p for p in period.placements if p.start < end]
            final = period.placements[-1]
            final.end, final.reason_ceased, final.reason_change = end, "", ""

    def reasons_for_leaving(self, wanted: YearCounts) -> None:
        """Why the year's periods of care ended: the wanted share went home."""
        ended = [
            period
            for child in self.people.children
            for period in child.care
            if period.end and year_of(period.end) == wanted.year
        ]
        free = [period for period in ended if not period.placements[-1].reason_ceased]
        home = int(wanted.returned_home_share * len(ended) + 0.5)
        order = [free[n] for n in self.draws.rng.permutation(len(free))]
        for n, period in enumerate(order):
            if n < home:
                code = self.draws.pick({"E4A": 0.6, "E4B": 0.25, "E13": 0.15})
            else:
                code = self.draws.pick(
                    {"E11": 0.2, "E12": 0.1, "E43": 0.1, "E44": 0.12, "E41": 0.08, "E5": 0.12, "E8": 0.18, "E3": 0.1}
                )
            period.placements[-1].reason_ceased = code
