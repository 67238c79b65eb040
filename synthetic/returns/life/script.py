"""A year's referrals before any child is put to them: how many there are, and what they lead to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from synthetic.returns.counts import YearCounts
from synthetic.returns.life.draws import Draws, out_of_freeze
from synthetic.returns.model import YEARS, CarePeriod, Case, Child, year_end, year_start

RETURN_TO_CARE_SHARE = 0.12  # of the starts of care

Remand = tuple[Child, Case, CarePeriod]


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
    given: Remand | None = None  # a remand, drawn beforehand


class Script:
    """Writes one year after the other: what a year promises to the next is kept."""

    def __init__(self, draws: Draws) -> None:
        self.draws = draws
        self.categories: dict[int, list[str]] = {}
        self.assessments_from_before = 0

    def slots(self, wanted: YearCounts, remands: Iterable[Remand]) -> list[Slot]:
        """The year's referrals without children, in order of date; those of the remands have theirs."""
        rng = self.draws.rng
        begin, finish = year_start(wanted.year), year_end(wanted.year)
        length = (finish - begin).days + 1
        given = [Slot(remand[1].referral, given=remand) for remand in remands]
        days = sorted(int(day) for day in rng.integers(0, length, wanted.referrals - len(given)))
        slots = [Slot(begin + timedelta(days=day)) for day in days]
        # Re-referrals need somebody referred before: not in the first days of the first year.
        able = [n for n, slot in enumerate(slots) if wanted.year > YEARS[0] or (slot.day - begin).days > 60]
        for n in rng.choice(able, wanted.rereferrals, replace=False):
            slots[n].is_rereferral = True
        for n in rng.choice(len(slots), wanted.no_further_action, replace=False):
            slots[n].is_no_further_action = True
        taken = [slot for slot in slots if not slot.is_no_further_action]
        self.add_enquiries(wanted, taken)
        self.add_assessments(wanted, taken)
        self.add_care(wanted, taken)
        slots += given
        return sorted(slots, key=lambda slot: (slot.day, slot.given is not None))

    def add_enquiries(self, wanted: YearCounts, taken: list[Slot]) -> None:
        """Which referrals lead to an enquiry, a conference, a plan; a conference may fall into the next year."""
        rng, days = self.draws.rng, self.draws.days
        finish = year_end(wanted.year)
        late = [slot for slot in taken if finish - timedelta(days=26) <= slot.day <= finish - timedelta(days=8)]
        chosen_late = [late[n] for n in rng.choice(len(late), wanted.conferences_after, replace=False)]
        for slot in chosen_late:
            slot.enquiry = slot.day + days(1, 6)
            slot.conference = finish + days(2, 12)
            slot.category = "LATE"
        early = [slot for slot in taken if slot.day <= finish - timedelta(days=45) and not slot.enquiry]
        conferences = wanted.conferences - wanted.conferences_from_before
        order = [early[n] for n in rng.permutation(len(early))[:conferences]]
        for slot in order:
            slow = rng.random() < 0.1
            room = (finish - slot.day).days - 25
            slot.enquiry = slot.day + (days(20, min(room, 220)) if slow and room > 60 else days(1, 15))
            slot.conference = out_of_freeze(slot.enquiry + days(8, 21))
        others = [s for s in taken if not s.enquiry and s.day <= finish - timedelta(days=16)]
        rest = wanted.enquiries - conferences - wanted.conferences_after
        for n in rng.choice(len(others), rest, replace=False):
            slot = others[n]
            room = (finish - slot.day).days - 1
            slow = rng.random() < 0.1 and room > 40
            slot.enquiry = slot.day + (days(20, min(room, 220)) if slow else days(1, 14))
        categories = [code for code, count in wanted.plan_starts.items() for _ in range(count)]
        rng.shuffle(categories)
        # Plans that began in April, after a conference of last year's enquiry, are among the year's.
        for code in self.categories.pop(wanted.year, []):
            categories.remove(code)
        for slot, code in zip(order, categories, strict=False):
            slot.category = code
        # Plans of conferences after the year's end: promised to the next year.
        promise = self.categories.setdefault(wanted.year + 1, [])
        for n, slot in enumerate(chosen_late):
            slot.category = "EMO" if n % 3 else "NEG"
            if n >= wanted.plans_after:
                slot.category = ""
            else:
                promise.append(slot.category)

    def add_assessments(self, wanted: YearCounts, taken: list[Slot]) -> None:
        """Which referrals are assessed: all with an enquiry, and others up to the year's number of completed ones."""
        rng, days = self.draws.rng, self.draws.days
        finish = year_end(wanted.year)
        done: list[Slot] = []
        running: list[Slot] = []
        drawn: dict[int, tuple[date, date]] = {}
        for slot in taken:
            start = slot.day + days(0, 5)
            authorised = start + days(8, 62)
            if slot.enquiry and authorised > slot.enquiry + timedelta(days=40):
                authorised = start + days(8, 30)
            drawn[id(slot)] = (min(start, finish), authorised)
            (done if authorised <= finish else running).append(slot)
        must = [slot for slot in done if slot.enquiry]
        may = [slot for slot in done if not slot.enquiry]
        number = wanted.assessments - self.assessments_from_before - len(must)
        chosen = must + [may[n] for n in rng.choice(len(may), number, replace=False)]
        later = [slot for slot in running if slot.enquiry or rng.random() < 0.85]
        self.assessments_from_before = len(later)
        for slot in chosen + later:
            slot.assessment = drawn[id(slot)]

    def add_care(self, wanted: YearCounts, taken: list[Slot]) -> None:
        """Which referrals lead to care."""
        finish = year_end(wanted.year)
        able = [slot for slot in taken if slot.assessment and slot.day <= finish - timedelta(days=60)]
        weights = np.array([4.0 if slot.category else 1.0 for slot in able])
        chosen = self.draws.rng.choice(len(able), wanted.care_starts, replace=False, p=weights / weights.sum())
        for n in chosen:
            slot = able[n]
            room = (finish - slot.day).days - 3
            slot.care_start = out_of_freeze(slot.day + self.draws.days(10, min(room, 150)))
            slot.is_return = self.draws.rng.random() < RETURN_TO_CARE_SHARE
