"""Everybody's life course.

Flows are exact because each year's referrals are scripted first (how many, which are re-referrals, which lead to an
enquiry, a conference, a plan, care) and children are put to them afterwards, in the order of the dates. Stocks are
exact because plans, care and cases are drawn a little too long, and at each 31 March the surplus is ended earlier.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta

import numpy as np

from synthetic.returns.counts import YEAR_COUNTS, YearCounts
from synthetic.returns.life.care import Care
from synthetic.returns.life.cases import Cases
from synthetic.returns.life.draws import FIRST_DAY, FREEZE, Draws, majority
from synthetic.returns.life.plans import Plans
from synthetic.returns.life.script import Remand, Script, Slot
from synthetic.returns.model import YEARS, Assessment, Case, Child, Plan, Section47, year_end, year_of, year_start
from synthetic.returns.people import People

INITIAL_CASES = 3150
INITIAL_PLANS = 430
INITIAL_CARE = 565
LONG_PLANS = 112  # young people on a plan since before April 2009
LONG_CASES = 86  # in need, without a plan, since before April 2009

SOURCES = {
    "6": 0.235, "2A": 0.19, "2B": 0.02, "3A": 0.02, "3B": 0.035, "3C": 0.015, "3D": 0.02, "3E": 0.045, "3F": 0.085,
    "4": 0.025, "5A": 0.045, "5B": 0.055, "5C": 0.03, "1A": 0.06, "1B": 0.025, "1C": 0.02, "1D": 0.015, "7": 0.035,
    "8": 0.09, "9": 0.015, "10": 0.01,
}  # fmt: skip
NEEDS = {"N1": 0.56, "N2": 0.06, "N3": 0.04, "N4": 0.09, "N5": 0.15, "N6": 0.04, "N7": 0.01, "N8": 0.03, "N0": 0.02}
HOME = ("E4A", "E4B", "E13")  # reasons for leaving care that mean home
_CARE_AGES = np.array([3.5, 4, 4, 4, 4, 4, 4.5, 4.5, 5, 5, 5.5, 6, 6.5, 7.5, 8.5, 9.5, 9.5, 4])
_CARE_AGES = _CARE_AGES / _CARE_AGES.sum()


class Life:
    """Draws all life courses."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.draws = Draws(rng)
        self.people = People(rng)
        self.script = Script(self.draws)
        self.plans = Plans(self.draws, self.people)
        self.care = Care(self.draws, self.people)
        self.cases = Cases(self.draws, self.people)
        self.children: list[Child] = []
        self.recent: list[tuple[date, Child]] = []  # referrals in order of date
        self.enquired: set[tuple[int, int]] = set()  # (id of child, year) with an enquiry
        self.conferred: set[tuple[int, int]] = set()
        self.long_plans: list[Child] = []
        self.long_cases: list[Child] = []
        self.given: dict[int, list[Remand]] = {}  # remands by year

    def draw(self) -> None:
        """Draw everybody."""
        self.start()
        for year in YEARS:
            self.year(YEAR_COUNTS[year])
        self.children = [child for child in self.people.children if child.cases]

    def start(self) -> None:
        """Children whose case is open on the first day."""
        for number in range(INITIAL_CASES):
            kind = "case"
            if number < INITIAL_CARE:
                kind = "care"
            elif number < INITIAL_CARE + INITIAL_PLANS:
                kind = "plan"
            elif number < INITIAL_CARE + INITIAL_PLANS + LONG_PLANS:
                kind = "long_plan"
            elif number < INITIAL_CARE + INITIAL_PLANS + LONG_PLANS + LONG_CASES:
                kind = "long_case"
            self.initial_child(kind)
        self.recent.sort(key=lambda entry: (entry[0], entry[1].child_id))

    def initial_child(self, kind: str) -> None:
        """One child with an open case on the first day."""
        if kind in ("long_plan", "long_case"):
            child, case = self.long_case(has_plan=kind == "long_plan")
        elif kind == "care":
            child, case = self.case_in_care()
        else:
            child, case = self.case_at_home(has_plan=kind == "plan")
        if not case.is_fixed:
            self.cases.close_later(child, case, FIRST_DAY)
        self.recent.append((case.referral, child))

    def long_case(self, has_plan: bool) -> tuple[Child, Case]:
        """Somebody who has been on a plan, or in need without one, since before April 2009."""
        draws = self.draws
        birth = draws.between(date(1995, 6, 1), date(1998, 12, 31))
        child = self.people.child(birth, "1" if draws.rng.random() < 0.79 else "2")
        referral = draws.between(date(2008, 3, 1), date(2008, 12, 15))
        case = Case(referral, draws.pick(SOURCES), "N1" if has_plan else draws.pick(NEEDS), reason="RC7", is_fixed=True)
        if has_plan:
            start = referral + draws.days(25, 60)
            end = draws.between(date(2012, 10, 1), min(date(2013, 3, 10), majority(child) - timedelta(days=9)))
            case.plans.append(Plan(start, end, draws.pick({"NEG": 0.5, "EMO": 0.35, "PHY": 0.1, "SAB": 0.05})))
            self.conferred.add((id(child), year_of(start)))
            closure = end + draws.days(10, 90)
            self.long_plans.append(child)
        else:
            closure = draws.between(date(2012, 10, 1), date(2013, 12, 1))
            self.long_cases.append(child)
        case.closure = min(closure, majority(child))
        child.cases.append(case)
        return child, case

    def case_in_care(self) -> tuple[Child, Case]:
        """Somebody who is looked after."""
        draws = self.draws
        age = int(draws.rng.choice(18, p=_CARE_AGES))
        birth = self.people.birth_at_age(age, date(2012, 3, 20))
        child = self.people.child(birth)
        oldest = max((date(2012, 3, 15) - birth).days - 10, 1)
        length = min(int(draws.rng.exponential(900)) + 20, oldest, 5000)
        care_start = date(2012, 3, 15) - timedelta(days=length)
        referral = max(care_start - draws.days(5, 200), birth + timedelta(days=1))
        case = Case(referral, draws.pick(SOURCES), "N1" if draws.rng.random() < 0.7 else draws.pick(NEEDS))
        child.cases.append(case)
        self.care.add(child, case, min(max(care_start, referral), date(2012, 3, 25)), already=True)
        return child, case

    def case_at_home(self, has_plan: bool) -> tuple[Child, Case]:
        """Somebody in need, with a plan or without."""
        draws = self.draws
        referral = FIRST_DAY - timedelta(days=min(int(draws.rng.exponential(300)) + 15, 1500))
        child = self.people.child(self.people.birth_at_age(min(self.people.age(), 16), referral))
        case = Case(referral, draws.pick(SOURCES), draws.pick(NEEDS))
        child.cases.append(case)
        if has_plan:
            case.need = "N1"
            case.referral = min(referral, date(2012, 2, 1))
            earliest = case.referral + draws.days(15, 40)
            start = min(max(earliest, FIRST_DAY - draws.days(20, 420)), date(2012, 3, 25))
            category = draws.pick({"NEG": 0.4, "EMO": 0.43, "PHY": 0.13, "SAB": 0.04})
            case.plans.append(self.plans.new(child, start, category, FIRST_DAY))
        return child, case

    def year(self, wanted: YearCounts) -> None:
        """Script the year's referrals, put children to them, and bring the stocks to their numbers."""
        slots = self.script.slots(wanted, self.given.get(wanted.year, []))
        for slot in slots:
            self.take(slot)
        if wanted.year == 2017:
            self.plans.end_surplus(date(2016, 12, 31), wanted.plans_in_january, date(2016, 4, 1))
        self.plans.end_surplus(
            year_end(wanted.year), wanted.on_plan, FREEZE[1] if wanted.year == 2017 else year_start(wanted.year)
        )
        self.care.end_surplus(wanted)
        self.cases.close_surplus(wanted)
        self.plans.number(wanted)
        self.care.reasons_for_leaving(wanted)

    def take(self, slot: Slot) -> None:
        """Put a child to a referral and draw what follows."""
        if slot.given:
            child, case, period = slot.given
            child.cases.append(case)
            child.care.append(period)
            self.recent.append((slot.day, child))
            return
        child = self.choose(slot)
        case = Case(slot.day, self.draws.pick(SOURCES), self.draws.pick(NEEDS), slot.is_no_further_action)
        child.cases.append(case)
        self.recent.append((slot.day, child))
        if slot.is_no_further_action:
            return
        if slot.assessment:
            case.assessments.append(Assessment(*slot.assessment))
        if slot.enquiry:
            case.need = "N1" if self.draws.rng.random() < 0.85 else case.need
            case.enquiries.append(Section47(slot.enquiry, slot.conference))
            self.enquired.add((id(child), year_of(slot.enquiry)))
        if slot.conference:
            self.conferred.add((id(child), year_of(slot.conference)))
            if slot.category:
                case.plans.append(self.plans.new(child, slot.conference, slot.category, slot.conference))
        if slot.care_start:
            self.care.add(child, case, slot.care_start)
        self.cases.close_later(child, case, slot.day)

    def choose(self, slot: Slot) -> Child:
        """A child for a referral: referred within the year before, or long before, or never."""
        rng = self.draws.rng
        if slot.is_return and (back := self.choose_back(slot)):
            return back
        if slot.is_rereferral:
            low = bisect_left(self.recent, slot.day - timedelta(days=350), key=lambda entry: entry[0])
            high = bisect_left(self.recent, slot.day - timedelta(days=12), key=lambda entry: entry[0])
            for _ in range(4000):
                child = self.recent[int(rng.integers(low, high))][1]
                if self.is_free(child, slot) and (slot.day - child.cases[-1].referral).days in range(12, 351):
                    return child
            raise RuntimeError(f"nobody can be referred again on {slot.day}")
        if rng.random() < 0.16:
            high = bisect_left(self.recent, slot.day - timedelta(days=380), key=lambda entry: entry[0])
            for _ in range(20 if high else 0):
                child = self.recent[int(rng.integers(0, high))][1]
                if self.is_free(child, slot) and (slot.day - child.cases[-1].referral).days >= 380:
                    return child
        age = self.people.age()
        return self.people.child(
            self.people.birth_at_age(min(age, 17), slot.day) if age < 17 else self.birth_at_17(slot.day)
        )

    def choose_back(self, slot: Slot) -> Child | None:
        """A child that left care for home in an earlier year, if one can be referred on the day."""
        able: list[Child] = [one for one in self.people.children if one.care and one.care[-1].end and one.cases]
        for n in self.draws.rng.permutation(len(able)):
            child = able[int(n)]
            period = child.care[-1]
            if not period.end or period.end >= slot.day or period.placements[-1].reason_ceased not in HOME:
                continue
            planned = period.placements[-1].reason_ceased != "E4B"
            if planned and self.draws.rng.random() < 0.4:  # who went home unplanned comes back more often
                continue
            gap = (slot.day - child.cases[-1].referral).days
            if (12 <= gap <= 350 if slot.is_rereferral else gap >= 380) and self.is_free(child, slot):
                return child
        return None

    def birth_at_17(self, day: date) -> date:
        """A birth date of somebody seventeen for some months yet."""
        return date(day.year - 17, day.month, min(day.day, 28)) - self.draws.days(3, 150)

    def is_free(self, child: Child, slot: Slot) -> bool:
        """Whether a referral can be about a child: not open, young enough, no second enquiry or plan in a year."""
        last = child.cases[-1]
        if not last.is_no_further_action and (last.closure is None or last.closure >= slot.day):
            return False
        if last.is_fixed or (majority(child) - slot.day).days < 240:
            return False
        if slot.enquiry and (id(child), year_of(slot.enquiry)) in self.enquired:
            return False
        if slot.enquiry and (id(child), year_of(slot.enquiry) + 1) in self.enquired:
            return False
        if slot.conference and (id(child), year_of(slot.conference)) in self.conferred:
            return False
        return not (child.care and slot.care_start and not self.may_leave(child, slot.care_start))

    @staticmethod
    def may_leave(child: Child, start: date) -> bool:
        """Whether a new period of care keeps the child from leaving care twice in a year."""
        end = child.care[-1].end
        return end is not None and year_of(end) < year_of(start)
