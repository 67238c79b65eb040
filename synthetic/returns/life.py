"""Life courses: referrals, assessments, enquiries, conferences, plans and care, drawn year by year to fixed numbers.

Flows are exact because each year's referrals are scripted first (how many, which are re-referrals, which lead to an
enquiry, a conference, a plan, care) and children are put to them afterwards, in the order of the dates. Stocks are
exact because plans, care and cases are drawn a little too long, and at each 31 March the surplus is ended earlier.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from synthetic.returns.model import (
    YEARS,
    Assessment,
    CarePeriod,
    Case,
    Child,
    Placement,
    Plan,
    Section47,
    year_end,
    year_of,
    year_start,
)
from synthetic.returns.people import People
from synthetic.returns.targets import FLOWS, Flow

FIRST_DAY = year_start(YEARS[0])
LAST_DAY = year_end(YEARS[-1])
FREEZE = (date(2017, 1, 1), date(2017, 1, 31))  # no plan, care period or case changes: any day is "January 2017"
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
HOME = ("E4A", "E4B", "E13")
RETURN_TO_CARE_SHARE = 0.12  # of the starts of care


@dataclass
class Slot:
    """One referral that a child will be put to."""

    day: date
    is_rereferral: bool = False
    is_no_further_action: bool = False
    assessment: tuple[date, date] | None = None
    enquiry: date | None = None
    conference: date | None = None
    category: str = ""
    care_start: date | None = None
    is_return: bool = False  # to care, by a child that went home before
    given: tuple[Child, Case, CarePeriod] | None = None  # a remand, drawn beforehand


class Life:
    """Draws all life courses."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.people = People(self.rng)
        self.children: list[Child] = []
        self.recent: list[tuple[date, Child]] = []  # referrals in order of date
        self.enquired: set[tuple[int, int]] = set()  # (id of child, year) with an enquiry
        self.conferred: set[tuple[int, int]] = set()
        self.long_plans: list[Child] = []
        self.long_cases: list[Child] = []
        self.given: dict[int, list[tuple[Child, Case, CarePeriod]]] = {}  # remands by year
        self.categories: dict[int, list[str]] = {}
        self.assessments_from_before = 0

    # -- small draws ---------------------------------------------------------------------------------------------

    def pick(self, weights: dict[str, float]) -> str:
        """One key by weight."""
        values = np.array(list(weights.values()))
        return list(weights)[int(self.rng.choice(len(values), p=values / values.sum()))]

    def days(self, low: int, high: int) -> timedelta:
        """A number of days from low to high."""
        return timedelta(days=int(self.rng.integers(low, high + 1)))

    def between(self, first: date, last: date) -> date:
        """A day from first to last."""
        return first + timedelta(days=int(self.rng.integers(0, max((last - first).days, 0) + 1)))

    @staticmethod
    def majority(child: Child) -> date:
        """The day before the eighteenth birthday."""
        return child.birth.replace(year=child.birth.year + 18, day=min(child.birth.day, 28)) - timedelta(days=1)

    def out_of_freeze(self, day: date) -> date:
        """The same day, or one in February 2017 for a day of January 2017."""
        if FREEZE[0] <= day <= FREEZE[1]:
            return date(2017, 2, 1) + timedelta(days=(day - FREEZE[0]).days % 20)
        return day

    # -- the whole -----------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw everybody."""
        self.start()
        for year in YEARS:
            self.year(FLOWS[year])
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
        rng = self.rng
        if kind in ("long_plan", "long_case"):
            birth = self.between(date(1995, 6, 1), date(1998, 12, 31))
            child = self.people.child(birth, "1" if rng.random() < 0.79 else "2")
            referral = self.between(date(2008, 3, 1), date(2008, 12, 15))
            case = Case(referral, self.pick(SOURCES), "N1" if kind == "long_plan" else self.pick(NEEDS))
            if kind == "long_plan":
                start = referral + self.days(25, 60)
                end = self.between(date(2012, 10, 1), min(date(2013, 3, 10), self.majority(child) - timedelta(days=9)))
                category = self.pick({"NEG": 0.5, "EMO": 0.35, "PHY": 0.1, "SAB": 0.05})
                case.plans.append(Plan(start, end, category))
                self.conferred.add((id(child), year_of(start)))
                case.closure = end + self.days(10, 90)
                self.long_plans.append(child)
            else:
                case.closure = self.between(date(2012, 10, 1), date(2013, 12, 1))
                self.long_cases.append(child)
            case.closure = min(case.closure, self.majority(child))
            case.reason = "RC7"
            case.is_fixed = True
            child.cases.append(case)
            self.recent.append((referral, child))
            return
        if kind == "care":
            age = int(rng.choice(18, p=_CARE_AGES))
            birth = self.people.birth_at_age(age, date(2012, 3, 20))
            child = self.people.child(birth)
            oldest = max((date(2012, 3, 15) - birth).days - 10, 1)
            length = min(int(rng.exponential(900)) + 20, oldest, 5000)
            care_start = date(2012, 3, 15) - timedelta(days=length)
            referral = max(care_start - self.days(5, 200), birth + timedelta(days=1))
            case = Case(referral, self.pick(SOURCES), "N1" if rng.random() < 0.7 else self.pick(NEEDS))
            child.cases.append(case)
            self.add_care(child, case, min(max(care_start, referral), date(2012, 3, 25)), already=True)
        else:
            length = min(int(rng.exponential(300)) + 15, 1500)
            referral = FIRST_DAY - timedelta(days=length)
            child = self.people.child(self.people.birth_at_age(min(self.people.age(), 16), referral))
            case = Case(referral, self.pick(SOURCES), self.pick(NEEDS))
            child.cases.append(case)
            if kind == "plan":
                case.need = "N1"
                case.referral = min(referral, date(2012, 2, 1))
                start = min(max(case.referral + self.days(15, 40), FIRST_DAY - self.days(20, 420)), date(2012, 3, 25))
                case.plans.append(
                    self.new_plan(
                        child, start, self.pick({"NEG": 0.4, "EMO": 0.43, "PHY": 0.13, "SAB": 0.04}), FIRST_DAY
                    )
                )
        self.close_later(child, case, FIRST_DAY)
        self.recent.append((case.referral, child))

    # -- one year ------------------------------------------------------------------------------------------------

    def year(self, flow: Flow) -> None:
        """Script the year's referrals, put children to them, and bring the stocks to their numbers."""
        slots = self.script(flow)
        for slot in slots:
            self.take(slot, flow)
        if flow.year == 2017:
            self.end_surplus_plans(date(2016, 12, 31), flow.plans_in_january, date(2016, 4, 1))
        self.end_surplus_plans(
            year_end(flow.year), flow.on_plan, FREEZE[1] if flow.year == 2017 else year_start(flow.year)
        )
        self.end_surplus_care(flow)
        self.close_surplus(flow)
        self.number_plans(flow)
        self.reasons_for_leaving(flow)

    def script(self, flow: Flow) -> list[Slot]:
        """The year's referrals without children, in order of date."""
        rng = self.rng
        begin, finish = year_start(flow.year), year_end(flow.year)
        length = (finish - begin).days + 1
        given = [
            Slot(case.referral, given=(child, case, period)) for child, case, period in self.given.get(flow.year, [])
        ]
        days = sorted(int(day) for day in rng.integers(0, length, flow.referrals - len(given)))
        slots = [Slot(begin + timedelta(days=day)) for day in days]
        # Re-referrals need somebody referred before: not in the first days of the first year.
        able = [n for n, slot in enumerate(slots) if flow.year > YEARS[0] or (slot.day - begin).days > 60]
        for n in rng.choice(able, flow.rereferrals, replace=False):
            slots[n].is_rereferral = True
        for n in rng.choice(len(slots), flow.no_further_action, replace=False):
            slots[n].is_no_further_action = True
        taken = [slot for slot in slots if not slot.is_no_further_action]
        self.script_enquiries(flow, taken)
        self.script_assessments(flow, taken)
        self.script_care(flow, taken)
        slots += given
        return sorted(slots, key=lambda slot: (slot.day, slot.given is not None))

    def script_enquiries(self, flow: Flow, taken: list[Slot]) -> None:
        """Which referrals lead to an enquiry, a conference, a plan; a conference may fall into the next year."""
        rng = self.rng
        finish = year_end(flow.year)
        carried = flow.conferences_from_before
        late = [slot for slot in taken if finish - timedelta(days=26) <= slot.day <= finish - timedelta(days=8)]
        chosen_late = [late[n] for n in rng.choice(len(late), flow.conferences_after, replace=False)]
        for slot in chosen_late:
            slot.enquiry = slot.day + self.days(1, 6)
            slot.conference = finish + self.days(2, 12)
            slot.category = "LATE"
        early = [slot for slot in taken if slot.day <= finish - timedelta(days=45) and not slot.enquiry]
        conferences = flow.conferences - carried
        order = [early[n] for n in rng.permutation(len(early))[:conferences]]
        for slot in order:
            slow = rng.random() < 0.1
            room = (finish - slot.day).days - 25
            slot.enquiry = slot.day + (self.days(20, min(room, 220)) if slow and room > 60 else self.days(1, 15))
            slot.conference = self.out_of_freeze(slot.enquiry + self.days(8, 21))
        others = [s for s in taken if not s.enquiry and s.day <= finish - timedelta(days=16)]
        rest = flow.enquiries - conferences - flow.conferences_after
        for n in rng.choice(len(others), rest, replace=False):
            slot = others[n]
            room = (finish - slot.day).days - 1
            slow = rng.random() < 0.1 and room > 40
            slot.enquiry = slot.day + (self.days(20, min(room, 220)) if slow else self.days(1, 14))
        categories = [code for code, count in flow.plan_starts.items() for _ in range(count)]
        rng.shuffle(categories)
        used = self.categories.pop(flow.year, [])  # plans that began in April after a conference of last year's enquiry
        for code in used:
            categories.remove(code)
        for slot, code in zip(order, categories, strict=False):
            slot.category = code
        # Plans of conferences after the year's end: promised to the next year.
        promise = self.categories.setdefault(flow.year + 1, [])
        for n, slot in enumerate(chosen_late):
            slot.category = "EMO" if n % 3 else "NEG"
            if n >= flow.plans_after:
                slot.category = ""
            else:
                promise.append(slot.category)

    def script_assessments(self, flow: Flow, taken: list[Slot]) -> None:
        """Which referrals are assessed: all with an enquiry, and others up to the year's number of completed ones."""
        rng = self.rng
        finish = year_end(flow.year)
        done: list[Slot] = []
        running: list[Slot] = []
        drawn: dict[int, tuple[date, date]] = {}
        for slot in taken:
            start = slot.day + self.days(0, 5)
            authorised = start + self.days(8, 62)
            if slot.enquiry and authorised > slot.enquiry + timedelta(days=40):
                authorised = start + self.days(8, 30)
            drawn[id(slot)] = (min(start, finish), authorised)
            (done if authorised <= finish else running).append(slot)
        must = [slot for slot in done if slot.enquiry]
        may = [slot for slot in done if not slot.enquiry]
        wanted = flow.assessments - self.assessments_from_before - len(must)
        chosen = must + [may[n] for n in rng.choice(len(may), wanted, replace=False)]
        later = [slot for slot in running if slot.enquiry or rng.random() < 0.85]
        self.assessments_from_before = len(later)
        for slot in chosen + later:
            slot.assessment = drawn[id(slot)]

    def script_care(self, flow: Flow, taken: list[Slot]) -> None:
        """Which referrals lead to care."""
        finish = year_end(flow.year)
        able = [slot for slot in taken if slot.assessment and slot.day <= finish - timedelta(days=60)]
        weights = np.array([4.0 if slot.category else 1.0 for slot in able])
        chosen = self.rng.choice(len(able), flow.care_starts, replace=False, p=weights / weights.sum())
        for n in chosen:
            slot = able[n]
            room = (finish - slot.day).days - 3
            slot.care_start = self.out_of_freeze(slot.day + self.days(10, min(room, 150)))
            slot.is_return = self.rng.random() < RETURN_TO_CARE_SHARE

    # -- children ------------------------------------------------------------------------------------------------

    def take(self, slot: Slot, flow: Flow) -> None:
        """Put a child to a referral and draw what follows."""
        if slot.given:
            child, case, period = slot.given
            child.cases.append(case)
            child.care.append(period)
            self.recent.append((slot.day, child))
            return
        child = self.choose(slot)
        case = Case(slot.day, self.pick(SOURCES), self.pick(NEEDS), slot.is_no_further_action)
        child.cases.append(case)
        self.recent.append((slot.day, child))
        if slot.is_no_further_action:
            return
        if slot.assessment:
            case.assessments.append(Assessment(*slot.assessment))
        if slot.enquiry:
            case.need = "N1" if self.rng.random() < 0.85 else case.need
            case.enquiries.append(Section47(slot.enquiry, slot.conference))
            self.enquired.add((id(child), year_of(slot.enquiry)))
        if slot.conference:
            self.conferred.add((id(child), year_of(slot.conference)))
            if slot.category:
                case.plans.append(self.new_plan(child, slot.conference, slot.category, slot.conference))
        if slot.care_start:
            self.add_care(child, case, slot.care_start)
        self.close_later(child, case, slot.day)

    def choose(self, slot: Slot) -> Child:
        """A child for a referral: referred within the year before, or long before, or never."""
        rng = self.rng
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
        for n in self.rng.permutation(len(able)):
            child = able[int(n)]
            period = child.care[-1]
            if not period.end or period.end >= slot.day or period.placements[-1].reason_ceased not in HOME:
                continue
            planned = period.placements[-1].reason_ceased != "E4B"
            if planned and self.rng.random() < 0.4:  # who went home unplanned comes back more often
                continue
            gap = (slot.day - child.cases[-1].referral).days
            if (12 <= gap <= 350 if slot.is_rereferral else gap >= 380) and self.is_free(child, slot):
                return child
        return None

    def birth_at_17(self, day: date) -> date:
        """A birth date of somebody seventeen for some months yet."""
        return date(day.year - 17, day.month, min(day.day, 28)) - self.days(3, 150)

    def is_free(self, child: Child, slot: Slot) -> bool:
        """Whether a referral can be about a child: not open, young enough, no second enquiry or plan in a year."""
        last = child.cases[-1]
        if not last.is_no_further_action and (last.closure is None or last.closure >= slot.day):
            return False
        if last.is_fixed or (self.majority(child) - slot.day).days < 240:
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

    # -- plans ---------------------------------------------------------------------------------------------------

    def new_plan(self, child: Child, start: date, category: str, after: date) -> Plan:
        """A plan, a little longer than it will be."""
        length = int(np.clip(self.rng.lognormal(5.75, 0.55), 75, 1100))
        end = max(start + timedelta(days=length), after + self.days(20, 200))
        end = self.out_of_freeze(min(end, self.majority(child) - timedelta(days=3)))
        if end > LAST_DAY:
            end = end + timedelta(days=400)
        plan = Plan(start, end, category)
        if self.rng.random() < 0.09:
            later = self.pick({"NEG": 0.35, "EMO": 0.3, "PHY": 0.1, "SAB": 0.05, "MUL": 0.2})
            if later != category:
                plan.changes.append((start + self.days(40, 200), later))
        return plan

    def open_plans(self, day: date) -> list[tuple[Child, Plan]]:
        """Plans open on a day."""
        return [
            (child, plan)
            for child in self.people.children
            for case in child.cases
            for plan in case.plans
            if plan.start <= day and (plan.end is None or plan.end > day)
        ]

    def end_surplus_plans(self, day: date, wanted: int, first: date) -> None:
        """End so many plans earlier that the wanted number is open on the day."""
        plans = self.open_plans(day)
        surplus = len(plans) - wanted
        if surplus < 0:
            raise RuntimeError(f"{-surplus} plans too few on {day}")
        able = [
            (child, plan)
            for child, plan in plans
            if plan.start <= day - timedelta(days=80) and not any(case.is_fixed for case in child.cases)
        ]
        weights = np.array([(day - plan.start).days ** 1.5 for _, plan in able])
        chosen = self.rng.choice(len(able), surplus, replace=False, p=weights / weights.sum())
        for n in chosen:
            plan = able[n][1]
            low = max(plan.start + timedelta(days=45), first + timedelta(days=1))
            plan.end = self.between(low, day - timedelta(days=2))

    def number_plans(self, flow: Flow) -> None:
        """Earlier plans of each plan that began in the year; the rest of the wanted repeats were before the records."""
        started: list[tuple[Child, Plan, int]] = []
        for child in self.people.children:
            plans = [plan for case in child.cases for plan in case.plans]
            for n, plan in enumerate(plans):
                if year_of(plan.start) == flow.year or (flow.year == YEARS[0] and plan.start < FIRST_DAY):
                    before = plans[n - 1].previous + 1 if n else 0
                    plan.previous = before
                    if year_of(plan.start) == flow.year:
                        started.append((child, plan, before))
        repeats = flow.second_plans - sum(1 for _, _, before in started if before)
        if repeats < 0:
            raise RuntimeError(f"{-repeats} repeat plans too many in {flow.year}")
        first = [(child, plan) for child, plan, before in started if not before and child.age_on(plan.start) >= 2]
        for n in self.rng.choice(len(first), repeats, replace=False):
            first[n][1].previous = 1 if self.rng.random() < 0.8 else 2

    # -- care ----------------------------------------------------------------------------------------------------

    def add_care(self, child: Child, case: Case, start: date, already: bool = False) -> None:
        """A period of care in a case, drawn a little too long, with its placements."""
        rng = self.rng
        short = rng.random() < (0.08 if already else 0.38)
        length = int(rng.integers(10, 200)) if short else int(240 + rng.exponential(1500))
        end: date | None = (FIRST_DAY if already else start) + timedelta(days=length)
        assert end is not None
        last = self.majority(child)
        reaches_majority = end >= last
        end = min(end, last)
        end = self.out_of_freeze(end)
        if child.care and year_of(end) == year_of(child.care[-1].end or end):
            end = None if last > LAST_DAY else last
        if end and end > LAST_DAY:
            end = None
        child.care.append(CarePeriod(case.need, self.placements(child, start, end)))
        if end and reaches_majority:
            child.care[-1].placements[-1].reason_ceased = "E5"

    def placements(self, child: Child, start: date, end: date | None) -> list[Placement]:
        """Episodes of one period: legal status and placement change now and then."""
        rng = self.rng
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

    def looked_after(self, day: date) -> list[tuple[Child, CarePeriod]]:
        """Periods of care open on a day."""
        return [
            (child, period)
            for child in self.people.children
            for period in child.care
            if period.start <= day and (period.end is None or period.end > day)
        ]

    def end_surplus_care(self, flow: Flow) -> None:
        """End so many periods of care earlier that the wanted number is open at the year's end."""
        day = year_end(flow.year)
        periods = self.looked_after(day)
        surplus = len(periods) - flow.looked_after
        if surplus < 0:
            raise RuntimeError(f"{-surplus} children too few in care on {day}")
        able = [
            (child, period)
            for child, period in periods
            if period.start <= day - timedelta(days=50)
            and not any(p.end and year_of(p.end) == flow.year for p in child.care)
            and period is child.care[-1]
        ]
        for n in self.rng.choice(len(able), surplus, replace=False):
            _, period = able[n]
            low = max(period.start + timedelta(days=20), year_start(flow.year))
            end = self.out_of_freeze(self.between(low, day - timedelta(days=2)))
            period.placements = [p for p in period.placements if p.start < end]
            final = period.placements[-1]
            final.end, final.reason_ceased, final.reason_change = end, "", ""

    def reasons_for_leaving(self, flow: Flow) -> None:
        """Why the year's periods of care ended: the wanted share went home."""
        ended = [
            period
            for child in self.people.children
            for period in child.care
            if period.end and year_of(period.end) == flow.year
        ]
        free = [period for period in ended if not period.placements[-1].reason_ceased]
        home = int(flow.returned_home_share * len(ended) + 0.5)
        order = [free[n] for n in self.rng.permutation(len(free))]
        for n, period in enumerate(order):
            if n < home:
                code = self.pick({"E4A": 0.6, "E4B": 0.25, "E13": 0.15})
            else:
                code = self.pick(
                    {"E11": 0.2, "E12": 0.1, "E43": 0.1, "E44": 0.12, "E41": 0.08, "E5": 0.12, "E8": 0.18, "E3": 0.1}
                )
            period.placements[-1].reason_ceased = code

    # -- cases ---------------------------------------------------------------------------------------------------

    def close_later(self, child: Child, case: Case, after: date) -> None:
        """Draw when a case closes: after everything in it, a little too late."""
        rng = self.rng
        if rng.random() < 0.3 and not case.plans and not child.care:
            length = int(rng.integers(20, 75))
        else:
            length = int(60 + rng.exponential(420))
        end = max(after + timedelta(days=length), case.last_event() + self.days(1, 40))
        if child.care:
            period = child.care[-1]
            end = max(end, (period.end + self.days(0, 60)) if period.end else LAST_DAY + timedelta(days=100))
        last = self.majority(child)
        if child.care and child.care[-1].end:
            last = max(last, child.care[-1].end)
        end = self.out_of_freeze(max(min(end, last), case.last_event()))
        case.closure = end
        case.reason = self.pick({"RC7": 0.62, "RC8": 0.3, "RC5": 0.04, "RC3": 0.02, "RC4": 0.02})

    def close_surplus(self, flow: Flow) -> None:
        """Close so many cases earlier that the wanted number of children is in need at the year's end."""
        day = year_end(flow.year)
        opened = [
            (child, case)
            for child in self.people.children
            for case in child.cases[-1:]
            if not case.is_no_further_action and (case.closure is None or case.closure > day)
        ]
        surplus = len(opened) - flow.in_need
        if surplus < 0:
            raise RuntimeError(f"{-surplus} open cases too few on {day}")
        able = []
        for child, case in opened:
            last = max(case.last_event(), year_start(flow.year))
            if child.care and (child.care[-1].end is None or child.care[-1].end > last):
                last = child.care[-1].end or LAST_DAY
            if not case.is_fixed and last < day - timedelta(days=20):
                able.append((case, last))
        for n in self.rng.choice(len(able), surplus, replace=False):
            case, last = able[n]
            case.closure = self.out_of_freeze(self.between(last + timedelta(days=1), day - timedelta(days=2)))


_CARE_AGES = np.array([3.5, 4, 4, 4, 4, 4, 4.5, 4.5, 5, 5, 5.5, 6, 6.5, 7.5, 8.5, 9.5, 9.5, 4])
_CARE_AGES = _CARE_AGES / _CARE_AGES.sum()
