"""Young people who offended: 2005 to 2016, so that people, person-years and yearly offences come out together.

Who was on a plan or in need when an offence happened is not written in the extract: it follows from the census. The
census begins in 2012-13, so for 2009 to 2012 it is known only of those whose plan or case was still open then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from synthetic.returns.counts import YOUTH, YouthCounts
from synthetic.returns.model import CarePeriod, Case, Child, Placement, year_end, year_start
from synthetic.returns.people import People

FIRST_MONTH = (2005, 4)
LAST_MONTH = (2016, 3)


@dataclass(frozen=True)
class Offence:
    """One offence and what followed."""

    child: Child
    day: date
    outcome: date | None
    disposal: str


@dataclass(frozen=True)
class Remand:
    """A young person remanded into care."""

    child: Child
    day: date
    end: date


def months() -> list[tuple[int, int]]:
    """All months of the extract."""
    first = FIRST_MONTH[0] * 12 + FIRST_MONTH[1] - 1
    last = LAST_MONTH[0] * 12 + LAST_MONTH[1] - 1
    return [(number // 12, number % 12 + 1) for number in range(first, last + 1)]


def offences_in(year: int, month: int) -> int:
    """Offences of a month: level in 2005-06 and 2006, level from April 2014 to 2015, falling evenly between."""
    number = year * 12 + month - 1
    fall, level = 2007 * 12, 2014 * 12 + 3
    if number < fall:
        return 167
    if number >= level:
        return 35 if year < 2016 else 34
    share = (number - fall) / (level - fall)
    return round(162 * float((38 / 162) ** share))


def male_share(year: int, month: int) -> float:
    """Share of offences by males: 77% in 2012-13 and 2013, 81% in 2014-15 and 2015, 79% otherwise."""
    if date(2012, 4, 1) <= date(year, month, 1) < date(2014, 1, 1):
        return 0.77
    if date(2014, 4, 1) <= date(year, month, 1) < date(2016, 1, 1):
        return 0.81
    return 0.79


def quotas() -> dict[tuple[int, int, str], int]:
    """Offences by month and sex, so that shares hold exactly over months added up from their first."""
    made: dict[tuple[int, int, str], int] = {}
    totals: dict[float, int] = {}
    for year, month in months():
        share, count = male_share(year, month), offences_in(year, month)
        before = totals.get(share, 0)
        totals[share] = before + count
        males = round((before + count) * share) - round(before * share)
        made[(year, month, "1")] = males
        made[(year, month, "2")] = count - males
    return made


def spells(rng: np.random.Generator, yearly: list[int], starting: list[int], longest: int) -> list[list[int]]:
    """For each person the consecutive years (as positions) in which something happened to them."""
    people: list[list[int]] = []
    for position, (active, new) in enumerate(zip(yearly, starting, strict=True)):
        able = [one for one in people if one[-1] == position - 1 and len(one) < longest]
        order = [able[n] for n in rng.permutation(len(able))]
        order.sort(key=len)
        for one in order[: active - new]:
            one.append(position)
        people += [[position] for _ in range(new)]
    return people


class Youth:
    """Draws remands before the life courses, and all offences after them."""

    def __init__(self, people: People, seed: int, counts: YouthCounts = YOUTH) -> None:
        self.rng = np.random.default_rng([seed, 21])
        self.people = people
        self.counts = counts
        self.offences: list[Offence] = []
        self.remands: list[Remand] = []
        self.taken: dict[tuple[int, int, str], int] = {}
        self.quotas = quotas()

    def birth_at(self, day: date, low: float, high: float) -> date:
        """A birth date for an age between two numbers of years."""
        return day - timedelta(days=int(self.rng.uniform(low, high) * 365.25))

    def draw_remands(self) -> None:
        """Who was remanded into care in which years; called before the life courses, which hold them from 2012-13."""
        first = self.counts.first_year
        for years in spells(self.rng, self.counts.remands, self.counts.remands_new, 3):
            begin = year_start(first + years[0])
            sex = "1" if self.rng.random() < 0.85 else "2"
            child = self.people.child(self.birth_at(begin, 13.2, 14.8), sex)
            offset = int(self.rng.integers(22, 230))
            for n, position in enumerate(years):
                day = year_start(first + position) + timedelta(days=offset + 21 * n)
                end = day + timedelta(days=int(self.rng.integers(12, 85)))
                self.remands.append(Remand(child, day, end))
                self.add(child, day - timedelta(days=int(self.rng.integers(1, 12))), day, "remand")

    def add(self, child: Child, day: date, outcome: date | None, disposal: str) -> None:
        """Keep an offence."""
        self.offences.append(Offence(child, day, outcome, disposal))
        cell = (day.year, day.month, child.sex)
        self.taken[cell] = self.taken.get(cell, 0) + 1

    def draw_custody(self) -> None:
        """Who was sentenced to custody in which years."""
        first = self.counts.first_year
        for years in spells(self.rng, self.counts.custody, self.counts.custody_new, 3):
            begin = year_start(first + years[0])
            sex = "1" if self.rng.random() < 0.9 else "2"
            child = self.people.child(self.birth_at(begin, 13.5, 14.9), sex)
            for position in years:
                start = year_start(first + position)
                day = start + timedelta(days=int(self.rng.integers(3, 270)))
                self.add(child, day, day + timedelta(days=int(self.rng.integers(20, 80))), "custody")

    def draw_known(self, children: list[Child], long_plans: list[Child], long_cases: list[Child]) -> None:
        """Offences while on a plan, and while in need without one."""
        first = self.counts.first_year
        for kind, yearly, persons, long in (
            ("plan", self.counts.on_plan, self.counts.on_plan_persons, long_plans),
            ("need", self.counts.in_need, self.counts.in_need_persons, long_cases),
        ):
            for position in range(4):  # 2009-10 to 2012-13
                chosen = [long[n] for n in self.rng.permutation(len(long))]
                # Everybody of the long ones appears at least once: those not yet seen come first.
                seen = {id(offence.child) for offence in self.offences}
                chosen.sort(key=lambda child: id(child) in seen)
                if len(chosen) < yearly[position]:
                    raise RuntimeError(f"too few long {kind}s")
                for child in chosen[: yearly[position]]:
                    self.offend(child, first + position, kind)
            self.draw_recent(children, kind, yearly[4:], persons - len(long), set(map(id, long)))

    def draw_recent(
        self, children: list[Child], kind: str, yearly: list[int], persons: int, excluded: set[int]
    ) -> None:
        """Three years, 2013-14 to 2015-16: so many in each, so many persons together."""
        first = self.counts.first_year + 4
        able = {}
        for child in children:
            if id(child) in excluded or (kind == "need" and child.care) or any(case.is_fixed for case in child.cases):
                continue
            years = [n for n in range(3) if self.window(child, first + n, kind)]
            if years:
                able[id(child)] = (child, years)
        used = {id(offence.child) for offence in self.offences}
        repeats = sum(yearly) - persons
        pairs = [repeats // 2, repeats - repeats // 2]
        plan: list[tuple[int, ...]] = [*[(0, 1)] * pairs[0], *[(1, 2)] * pairs[1]]
        singles = [yearly[0] - pairs[0], yearly[1] - pairs[0] - pairs[1], yearly[2] - pairs[1]]
        for position, count in enumerate(singles):
            plan += [(position,)] * count
        order = [list(able.values())[n] for n in self.rng.permutation(len(able))]
        for wanted in plan:
            sex = "1" if self.rng.random() < 0.83 else "2"
            for child, years in order:
                if id(child) in used or child.sex != sex or not set(wanted) <= set(years):
                    continue
                if all(self.fits(child, first + position, kind) for position in wanted):
                    break
            else:
                raise RuntimeError(f"nobody left for {kind} {wanted}")
            used.add(id(child))
            for position in wanted:
                self.offend(child, first + position, kind)

    def window(self, child: Child, year: int, kind: str) -> tuple[date, date] | None:
        """Days of a year on which a child aged 10 to 17 was on a plan, or in need without a plan."""
        low, high = year_start(year), year_end(year)
        ten = child.birth.replace(year=child.birth.year + 10, day=min(child.birth.day, 28))
        eighteen = child.birth.replace(year=child.birth.year + 18, day=min(child.birth.day, 28))
        low, high = max(low, ten + timedelta(days=1)), min(high, eighteen - timedelta(days=2))
        for case in child.cases:
            if case.is_no_further_action:
                continue
            if kind == "plan":
                spans = [(plan.start, plan.end or high) for plan in case.plans]
            else:
                spans = [] if case.plans else [(case.referral, case.closure or high)]
            for start, end in spans:
                first, last = max(low, start + timedelta(days=1)), min(high, end - timedelta(days=2))
                if (last - first).days >= 6:
                    return first, last
        return None

    def fits(self, child: Child, year: int, kind: str) -> bool:
        """Whether half the months of the child's time in a year, and one at least, have room for an offence."""
        window = self.window(child, year, kind)
        if window is None:
            return False
        days = [window[0] + timedelta(days=n) for n in range((window[1] - window[0]).days + 1)]
        free = sum(1 for day in days if self.room(day, child.sex) > 0)
        return free * 2 >= len(days)

    def offend(self, child: Child, year: int, kind: str) -> None:
        """One or two offences of a child in a year, in the months that still have room."""
        window = self.window(child, year, kind)
        if window is None:
            raise RuntimeError(f"no {kind} in {year}")
        for number in range(2 if self.rng.random() < 0.15 else 1):
            for _ in range(200):
                day = window[0] + timedelta(days=int(self.rng.integers(0, (window[1] - window[0]).days + 1)))
                if self.room(day, child.sex) > 0:
                    break
            else:
                if number:
                    return
                raise RuntimeError(f"no room for offences by sex {child.sex} in {year}")
            outcome = day + timedelta(days=int(self.rng.integers(15, 120))) if self.rng.random() < 0.9 else None
            self.add(child, day, outcome, self.disposal())

    def room(self, day: date, sex: str) -> int:
        """How many offences of a month and sex are not yet given to anybody."""
        return self.quotas[(day.year, day.month, sex)] - self.taken.get((day.year, day.month, sex), 0)

    def disposal(self) -> str:
        """What followed an offence that led to neither custody nor remand."""
        return str(self.rng.choice(["community", "out_of_court", "other"], p=[0.45, 0.42, 0.13]))

    def fill(self) -> None:
        """Other young people, with no open case, for all offences that are left."""
        for sex in ("1", "2"):
            people: list[Child] = []
            for year, month in months():
                begin = date(year, month, 1)
                people = [one for one in people if one.age_on(begin + timedelta(days=31)) < 18]
                for _ in range(self.room(begin, sex)):
                    day = begin + timedelta(days=int(self.rng.integers(0, 28)))
                    if people and self.rng.random() < 0.55:
                        child = people[int(self.rng.integers(max(0, len(people) - 60), len(people)))]
                    else:
                        age = float(self.rng.choice([11.5, 13, 14, 15, 15.5, 16, 16.5, 17.3]))
                        child = self.people.child(self.birth_at(day, age - 0.4, age + 0.4), sex)
                        people.append(child)
                    outcome = day + timedelta(days=int(self.rng.integers(15, 120))) if self.rng.random() < 0.9 else None
                    self.add(child, day, outcome, self.disposal())

    def check(self) -> None:
        """Every month has its number of offences by sex.

        Raises:
            RuntimeError: more people with an offence were wanted than a month has offences.
        """
        for cell, quota in self.quotas.items():
            if self.taken.get(cell, 0) != quota:
                raise RuntimeError(f"offences of {cell} are not {quota}")

    def care_of(self, remand: Remand) -> tuple[Case, CarePeriod]:
        """The case and the period of care of a remand."""
        case = Case(remand.day, "7", "N6", closure=remand.end, reason="RC7", is_fixed=True)
        secure = self.rng.random() < 0.4
        place = Placement(
            remand.day,
            remand.end,
            "S",
            "J1",
            "K1" if secure else "R5",
            "PR3",
            "E9" if self.rng.random() < 0.4 else "E8",
        )
        return case, CarePeriod("N6", [place], is_remand=True)

    def rows(self) -> list[tuple[str, ...]]:
        """Rows of the extract."""
        made: list[tuple[str, ...]] = []
        for number, one in enumerate(sorted(self.offences, key=lambda offence: (offence.day, offence.child.child_id))):
            outcome = one.outcome.isoformat() if one.outcome else ""
            sex = "M" if one.child.sex == "1" else "F"
            birth = one.child.birth.isoformat()
            made.append(
                (f"O{200001 + number}", one.child.child_id, birth, sex, one.day.isoformat(), outcome, one.disposal)
            )
        return made
