"""What the generator draws: children and what happened to them. Dates are days, codes are the national ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

LA_CODE = "999"
YEARS = (2013, 2014, 2015, 2016, 2017)  # collection years: a year ends on 31 March


def year_start(year: int) -> date:
    """First day of the collection year."""
    return date(year - 1, 4, 1)


def year_end(year: int) -> date:
    """Last day of the collection year."""
    return date(year, 3, 31)


def year_of(day: date) -> int:
    """Collection year a day lies in."""
    return day.year + 1 if day.month > 3 else day.year


@dataclass
class Assessment:
    """One assessment and the factors found at its end."""

    start: date
    authorised: date | None
    factors: list[str] = field(default_factory=list)


@dataclass
class Section47:
    """One enquiry; the conference it led to, if any."""

    start: date
    conference: date | None = None


@dataclass
class Plan:
    """One child protection plan."""

    start: date
    end: date | None
    category: str
    changes: list[tuple[date, str]] = field(default_factory=list)  # later categories, by date
    previous: int = 0

    def category_on(self, day: date) -> str:
        """Latest category known on a day."""
        return ([self.category] + [code for when, code in self.changes if when <= day])[-1]


@dataclass
class Case:
    """One referral and the episode of need it opens."""

    referral: date
    source: str
    need: str
    is_no_further_action: bool = False
    closure: date | None = None
    reason: str = ""
    assessments: list[Assessment] = field(default_factory=list)
    enquiries: list[Section47] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    is_fixed: bool = False  # closure must not move

    def last_event(self) -> date:
        """Last day something happened in the case, its closure left out."""
        days = [self.referral]
        for assessment in self.assessments:
            days += [assessment.start] + ([assessment.authorised] if assessment.authorised else [])
        for enquiry in self.enquiries:
            days += [enquiry.start] + ([enquiry.conference] if enquiry.conference else [])
        for plan in self.plans:
            days += [plan.start] + ([plan.end] if plan.end else [])
        return max(days)


@dataclass
class Placement:
    """One episode of care: a placement under a legal status."""

    start: date
    end: date | None
    reason_new: str
    legal_status: str
    placement: str
    provider: str
    reason_ceased: str = ""
    reason_change: str = ""


@dataclass
class CarePeriod:
    """One period of being looked after, without a gap."""

    need: str
    placements: list[Placement]
    is_unaccompanied: bool = False
    is_remand: bool = False

    @property
    def start(self) -> date:
        """Day it began."""
        return self.placements[0].start

    @property
    def end(self) -> date | None:
        """Day it ended, if it has."""
        return self.placements[-1].end


@dataclass(eq=False)
class Child:
    """One child of the authority's records."""

    child_id: str
    birth: date
    sex: str  # 1 male, 2 female
    ethnicity: str
    upn: str = ""
    upn_unknown: str = ""
    disabilities: list[str] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    care: list[CarePeriod] = field(default_factory=list)

    def age_on(self, day: date) -> int:
        """Completed years."""
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


@dataclass
class MissingEpisode:
    """One notification that a child is missing or absent."""

    episode_id: str
    child: Child
    start: datetime
    end: datetime | None
    kind: str
    notified_by: str
    is_vulnerable: bool
    offered: date | None = None
    done: date | None = None
    is_from_care: bool = False
