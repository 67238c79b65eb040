"""One Annex A workbook: eleven lists of the six months before its date, in the words of the inspection template."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import numpy as np

from synthetic.returns.model import Case, Child
from synthetic.returns.writers import Cell, workbook

DAY = date(2017, 1, 31)
FIRST = date(2016, 8, 1)
SEX = {"1": "a) Male", "2": "b) Female", "0": "c) Not stated/recorded (or unborn)", "9": "d) Neither"}
ETHNICITIES = (
    "WBRI", "WIRI", "WIRT", "WOTH", "WROM", "MWBC", "MWBA", "MWAS", "MOTH", "AIND", "APKN", "ABAN", "AOTH", "BCRB",
    "BAFR", "BOTH", "CHNE", "OOTH", "REFU", "NOBT",
)  # fmt: skip
SOURCES = (
    "1A", "1B", "1C", "1D", "2A", "2B", "3A", "3B", "3C", "3D", "3E", "3F", "4", "5A", "5B", "5C", "6", "7", "8", "9",
    "10",
)  # fmt: skip
CATEGORIES = {
    "NEG": "a) Neglect",
    "PHY": "b) Physical abuse",
    "SAB": "c) Sexual abuse",
    "EMO": "d) Emotional abuse",
    "MUL": "e) Multiple/not recommended",
}
COMMON = ["Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)"]
TYPED_SHARE = 0.01
DRIFT_SHARE = 0.012
YES, NO = "a) Yes", "b) No"

Sheet = tuple[str, list[str], list[list[Cell]]]


def lettered(codes: tuple[str, ...], code: str) -> str:
    """A code as the template's pick list shows it: ``q) 6``."""
    return f"{chr(ord('a') + codes.index(code))}) {code}"


class AnnexA:
    """Makes the workbook."""

    def __init__(self, children: list[Child], seed: int, unaccompanied: set[str]) -> None:
        self.rng = np.random.default_rng([seed, 5])
        self.children = sorted(children, key=lambda one: one.child_id)
        self.unaccompanied = unaccompanied

    def common(self, child: Child) -> list[Cell]:
        """The columns every list of children begins with."""
        ethnicity = lettered(ETHNICITIES, child.ethnicity)
        sex: str = SEX[child.sex]
        birth: Cell = child.birth
        draw = self.rng.random()
        if draw < TYPED_SHARE:  # typed, not picked from the list
            sex = sex[3:] if draw < TYPED_SHARE / 2 else sex[3:].upper() + " "
        elif draw < 2 * TYPED_SHARE:
            birth = f"{child.birth:%d/%m/%Y}"
        return [child.child_id, sex, ethnicity, birth, child.age_on(DAY)]

    @staticmethod
    def disabled(child: Child) -> str:
        """Whether the child has a disability."""
        return YES if child.disabilities else NO

    def cases(self, wanted: Callable[[Case], bool]) -> list[tuple[Child, Case]]:
        """Cases by a condition."""
        return [(child, case) for child in self.children for case in child.cases if wanted(case)]

    def drift(self, headings: list[str], rows: list[list[Cell]]) -> None:
        """What lists kept beside the case system do: a few rows are not in them, a few begin a day later."""
        place = next(n for n, heading in enumerate(headings) if n > 4 and "date" in heading.lower())
        for row in rows:
            begun = row[place]
            if isinstance(begun, date) and self.rng.random() < DRIFT_SHARE:
                row[place] = begun + timedelta(days=1)
        rows[:] = [row for row in rows if self.rng.random() >= DRIFT_SHARE]

    def contacts(self) -> Sheet:
        """List 1."""
        rows: list[list[Cell]] = []
        for child, case in self.cases(lambda case: FIRST <= case.referral <= DAY):
            if self.rng.random() < 0.6:
                source = {"1": "1A", "2": "2A", "3": "3F", "6": "6"}.get(case.source[0], "8")
                rows.append([*self.common(child), case.referral, lettered(SOURCES, source)])
        return "List 1", [*COMMON, "Date of Contact", "Contact Source"], rows

    def early_help(self) -> Sheet:
        """List 2."""
        rows: list[list[Cell]] = []
        for child, case in self.cases(
            lambda case: bool(case.closure and date(2016, 6, 1) <= case.closure <= date(2016, 12, 1))
        ):
            if self.rng.random() < 0.3 and case.closure:
                start = case.closure + timedelta(days=int(self.rng.integers(1, 40)))
                end = start + timedelta(days=90) if self.rng.random() < 0.3 else None
                rows.append([*self.common(child), start, end if end and end <= DAY else None, "Family Support Team"])
        headings = [
            *COMMON,
            "Assessment start date",
            "Assessment completion date",
            "Organisation Completing Assessment",
        ]
        return "List 2", headings, rows

    def referrals(self) -> Sheet:
        """List 3."""
        rows: list[list[Cell]] = []
        for child, case in self.cases(lambda case: FIRST <= case.referral <= DAY):
            before = sum(1 for c in child.cases if case.referral - timedelta(days=365) <= c.referral < case.referral)
            further = YES if case.is_no_further_action else NO
            source = lettered(SOURCES, case.source)
            rows.append([*self.common(child), self.disabled(child), case.referral, source, further, before])
        headings = [
            *COMMON,
            "Does the child have a disability",
            "Date of referral",
            "Referral Source",
            "Referral with no further action?",
            "Number of Referrals in last 12 months",
        ]
        return "List 3", headings, rows

    def assessments(self) -> Sheet:
        """List 4."""
        rows: list[list[Cell]] = []
        for child, case in self.cases(lambda case: bool(case.assessments)):
            for one in case.assessments:
                if one.start > DAY or (one.authorised and one.authorised < FIRST):
                    continue
                done = one.authorised if one.authorised and one.authorised <= DAY else None
                seen = min(one.start + timedelta(days=4), DAY)
                met = (YES if case.plans or case.enquiries else NO) if done else ""
                rows.append([*self.common(child), self.disabled(child), one.start, seen, done, met])
        headings = [
            *COMMON,
            "Does the Child have a Disability",
            "Continuous Assessment Start Date",
            "Child Seen During Continuous Assessment",
            "Continuous Assessment Date of Authorisation",
            "Was the child assessed as requiring LA children’s social care support?",
        ]
        return "List 4", headings, rows

    def enquiries(self) -> Sheet:
        """List 5."""
        rows: list[list[Cell]] = []
        for child, case in self.cases(lambda case: bool(case.enquiries)):
            for one in case.enquiries:
                if not FIRST <= one.start <= DAY:
                    continue
                met = one.conference if one.conference and one.conference <= DAY else None
                led = (YES if any(plan.start == met for plan in case.plans) else NO) if met else ""
                seen = min(one.start + timedelta(days=2), DAY)
                needless = NO if one.conference else YES
                rows.append([*self.common(child), self.disabled(child), one.start, seen, needless, met, led])
        headings = [
            *COMMON,
            "Does the Child have a Disability",
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            "Date Child Was Seen",
            "Was an Initial Child Protection Conference deemed unnecessary?",
            "Date of Initial Child Protection Conference",
            "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        ]
        return "List 5", headings, rows

    def in_need(self) -> Sheet:
        """List 6."""
        rows: list[list[Cell]] = []
        for child, case in self.cases(lambda case: not case.is_no_further_action and case.referral <= DAY):
            if case.closure and case.closure < FIRST:
                continue
            closed = case.closure if case.closure and case.closure <= DAY else None
            seen = max(case.referral, (closed or DAY) - timedelta(days=int(self.rng.integers(1, 25))))
            reason = case.reason if closed else ""
            rows.append([*self.common(child), self.disabled(child), case.referral, case.need, seen, closed, reason])
        headings = [
            *COMMON,
            "Does the Child have a Disability",
            "CIN Start Date",
            "Primary Need Code",
            "Date Child Was Last Seen",
            "CIN Closure Date",
            "Reason for Closure",
        ]
        return "List 6", headings, rows

    def plans(self) -> Sheet:
        """List 7."""
        rows: list[list[Cell]] = []
        for child, case in self.cases(lambda case: bool(case.plans)):
            for plan in case.plans:
                if plan.start > DAY or (plan.end and plan.end < FIRST):
                    continue
                end = plan.end if plan.end and plan.end <= DAY else None
                latest = CATEGORIES[plan.category_on(DAY)]
                first = CATEGORIES[plan.category]
                rows.append([*self.common(child), self.disabled(child), plan.start, first, latest, end, plan.previous])
        headings = [
            *COMMON,
            "Does the Child have a Disability",
            "Child Protection Plan Start Date",
            "Initial Category of Abuse",
            "Latest Category of Abuse",
            "Child Protection Plan End Date",
            "Number of Previous Child Protection Plans",
        ]
        return "List 7", headings, rows

    def looked_after(self) -> Sheet:
        """List 8."""
        rows: list[list[Cell]] = []
        for child in self.children:
            for period in child.care:
                if period.start > DAY or (period.end and period.end < FIRST):
                    continue
                last = [one for one in period.placements if one.start <= DAY][-1]
                end = period.end if period.end and period.end <= DAY else None
                alone = YES if child.child_id in self.unaccompanied else NO
                rows.append(
                    [
                        *self.common(child),
                        self.disabled(child),
                        period.start,
                        period.need,
                        last.legal_status,
                        end,
                        last.reason_ceased if end else "",
                        alone,
                        last.placement,
                    ]
                )
        headings = [
            *COMMON,
            "Does the Child have a Disability",
            "Date Started to be Looked After",
            "Child's Category of Need",
            "Child's Legal Status",
            "Date Ceased to be Looked After",
            "Reason Ceased to be Looked After",
            "Unaccompanied Asylum Seeking Child",
            "Placement Type",
        ]
        return "List 8", headings, rows

    def care_leavers(self) -> Sheet:
        """List 9."""
        rows: list[list[Cell]] = []
        kinds = ["a) Relevant child", "b) Former relevant child", "c) Qualifying care leaver", "d) Eligible child"]
        for child in self.children:
            if child.care and child.care[-1].end and child.age_on(DAY) >= 16 and child.care[-1].end < DAY:
                kind = kinds[1] if child.age_on(DAY) >= 18 else kinds[0]
                touch = YES if self.rng.random() < 0.9 else NO
                home = str(self.rng.choice(["Independent living", "With parents", "Supported lodgings"]))
                busy = str(self.rng.choice(["Education", "Employment", "Not in education or employment"]))
                rows.append([*self.common(child), self.disabled(child), kind, touch, home, busy])
        headings = [
            *COMMON,
            "Does the Child have a Disability",
            "Eligibility Category",
            "LA In Touch",
            "Type of Accommodation",
            "Activity Status",
        ]
        return "List 9", headings, rows

    def adoptions(self) -> Sheet:
        """List 10."""
        rows: list[list[Cell]] = []
        for child in self.children:
            if child.care and child.care[-1].placements[-1].reason_ceased in ("E11", "E12") and child.care[-1].end:
                end = child.care[-1].end
                if date(2016, 1, 1) <= end <= DAY:
                    days = [end - timedelta(days=gap) for gap in (400, 240, 190, 0)]
                    rows.append([*self.common(child), self.disabled(child), *days])
        headings = [
            *COMMON,
            "Does the Child have a Disability",
            "Date of the Decision that the Child Should be Adopted",
            "Date of Matching Child and Prospective Adopters",
            "Date Placed for Adoption",
            "Date of Adoption Order",
        ]
        return "List 10", headings, rows

    def adopters(self) -> Sheet:
        """List 11."""
        rows: list[list[Cell]] = []
        for number in range(38):
            asked = date(2016, 1, 5) + timedelta(days=int(self.rng.integers(0, 300)))
            days = [asked + timedelta(days=gap) for gap in (25, 150, 290)]
            rows.append([f"ADP{4100 + number}", asked, *(day if day <= DAY else None for day in days)])
        headings = [
            "Individual adopter identifier",
            "Date enquiry received",
            "Date Stage 1 started",
            "Date prospective adopter approved",
            "Date child placed with adopter",
        ]
        return "List 11", headings, rows

    def file(self) -> bytes:
        """The workbook."""
        sheets = [
            self.contacts(),
            self.early_help(),
            self.referrals(),
            self.assessments(),
            self.enquiries(),
            self.in_need(),
            self.plans(),
            self.looked_after(),
            self.care_leavers(),
            self.adoptions(),
            self.adopters(),
        ]
        for _, headings, rows in sheets[2:8]:
            self.drift(headings, rows)
        return workbook(sheets, datetime(2017, 2, 1))  # noqa: DTZ001  (a workbook has no zone)
