"""The whole numbers by which the document's figures are reached, year by year and service by service.

Rates are counts over 64,978 children aged 0-17. Years 2013, 2014 and 2017 are not in the document; their numbers are
invented around those that are. The figures themselves are in `targets`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CHILDREN = 64_978  # 0-17, mid-2014 and mid-2015


@dataclass(frozen=True)
class YearCounts:
    """What one collection year (to 31 March) must hold."""

    year: int
    referrals: int
    rereferrals: int  # a referral of the same child in the twelve months before
    no_further_action: int
    assessments: int  # authorised in the year
    enquiries: int  # section 47, started in the year, one per child
    conferences: int  # initial conferences held in the year, one per child
    plan_starts: dict[str, int]  # by initial category, one per child
    second_plans: int  # of the plan starts, with at least one earlier plan
    in_need: int  # on 31 March
    on_plan: int
    looked_after: int
    care_starts: int
    returned_home_share: float  # of those who ceased to be looked after
    conferences_from_before: int = 12  # held in April after an enquiry of March
    conferences_after: int = 12
    plans_after: int = 10
    plans_in_january: int = 0  # open on every day of January, 2017 only


def _plans(phy: int, emo: int, sab: int, neg: int, mul: int) -> dict[str, int]:
    return {"PHY": phy, "EMO": emo, "SAB": sab, "NEG": neg, "MUL": mul}


# 2015 and 2016 are the document's: 972.1 and 882 referrals per 10,000 are 6,317 and 5,731, and so on.
YEAR_COUNTS = {
    2013: YearCounts(
        2013, 5420, 760, 1150, 3350, 1180, 760, _plans(95, 268, 32, 219, 6), 90, 3260, 502, 566, 270, 0.38, 0,
    ),
    2014: YearCounts(
        2014, 5890, 1590, 1240, 3620, 1265, 812, _plans(101, 309, 34, 228, 5), 102, 3320, 515, 571, 275, 0.36,
    ),
    2015: YearCounts(
        2015, 6317, 1642, 1390, 3760, 1352, 871, _plans(117, 344, 30, 235, 4), 117, 3392, 526, 578, 285, 0.27,
    ),
    2016: YearCounts(
        2016, 5731, 1318, 1220, 3885, 1819, 1007, _plans(104, 422, 21, 267, 12), 140, 3554, 539, 585, 290, 0.29,
    ),
    2017: YearCounts(
        2017, 5480, 1205, 1180, 3810, 1655, 905, _plans(92, 378, 22, 248, 15), 128, 3490, 480, 592, 285, 0.30,
        plans_in_january=472,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class FactorCounts:
    """Factors of the assessments completed in one year."""

    year: int
    with_any: int  # assessments with a factor other than 21
    # family: assessments with it; of them with letter A, with B beside another letter, with C instead of B
    families: dict[str, tuple[int, int, int, int]]
    others: dict[str, int]
    none_found: int = 0  # assessments with factor 21


# 2015-16: 9,728 factors. Without abuse and neglect (16A to 19A, 2,031 of them) 7,697 are left, which is taken to be
# the document's "local collection"; 402 of those are 1A or 2A.
_FAMILIES_2016 = {
    "alcohol": (632, 150, 48, 40),
    "drugs": (735, 252, 60, 45),
    "domestic": (1988, 640, 420, 90),
    "mental": (1544, 300, 120, 60),
    "learning": (398, 210, 20, 18),
    "physical": (421, 170, 25, 30),
}
_OTHERS_2016 = {
    "7A": 120, "8F": 7, "9A": 30, "10A": 190, "11A": 170, "12A": 12, "13A": 40, "14A": 280, "15A": 160, "20": 255,
    "22A": 14, "23A": 8, "16A": 800, "17A": 700, "18A": 380, "19A": 151,
}  # fmt: skip


def _factors(year: int, with_any: int, trend: dict[str, float], none_found: int) -> FactorCounts:
    """Counts of a year the document does not print: those of 2016 in proportion, with a trend per family."""
    share = with_any / 3720
    families = {}
    for name, numbers in _FAMILIES_2016.items():
        factor = share * trend.get(name, 1.0)
        first, child, both, other = (round(number * factor) for number in numbers)
        families[name] = (first, child, both, other)
    others = {code: round(number * share) for code, number in _OTHERS_2016.items()}
    return FactorCounts(year, with_any, families, others, none_found)


FACTORS = {
    2013: _factors(2013, 1840, {"domestic": 0.9, "mental": 0.78, "alcohol": 1.16, "drugs": 1.06}, 60),
    2014: _factors(2014, 3040, {"domestic": 0.93, "mental": 0.85, "alcohol": 1.12, "drugs": 1.05}, 70),
    2015: _factors(2015, 3460, {"domestic": 0.97, "mental": 0.93, "alcohol": 1.06, "drugs": 1.02}, 80),
    2016: FactorCounts(2016, 3720, _FAMILIES_2016, _OTHERS_2016),
    2017: _factors(2017, 3690, {"domestic": 1.02, "mental": 1.05, "alcohol": 0.97, "drugs": 1.01}, 60),
}


@dataclass(frozen=True)
class YouthCounts:
    """Young people with an offence, 2009-10 to 2015-16: persons together, and in each year."""

    first_year: int
    on_plan: list[int]  # mean 108
    on_plan_persons: int
    in_need: list[int]  # mean 82: in need and not on a plan, or they could not be fewer than those on a plan
    in_need_persons: int
    remands: list[int]  # mean 23, r-squared 0.16, falling
    remands_new: list[int]  # of them for the first time: 80
    custody: list[int]  # mean 28, r-squared 0.86, falling
    custody_new: list[int]  # 124


YOUTH = YouthCounts(
    2010,
    [104, 108, 112, 112, 107, 107, 106],
    363,
    [84, 80, 83, 82, 80, 84, 81],
    291,
    [25, 22, 25, 22, 21, 25, 21],
    [25, 8, 11, 8, 9, 11, 8],
    [40, 30, 34, 29, 22, 24, 17],
    [40, 18, 22, 17, 10, 12, 5],
)

DISABLED_ON_PLAN = 80  # of 472, January 2017
UNACCOMPANIED = {2013: 8, 2014: 11, 2015: 16, 2016: 24, 2017: 33}  # looked after on 31 March; the text: increasing

MISSING_YEARS = {2013: 724, 2014: 1548, 2015: 1655, 2016: 1970}  # episodes


@dataclass(frozen=True)
class MissingPart:
    """1 April to 31 October 2016."""

    first: date
    last: date
    children: dict[str, int]  # 511
    episodes: dict[str, int]  # 1,339, of them 487 from care, of those 226 from residential care
    classes: dict[str, int]
    bands: dict[str, int]
    unknown_duration: int


MISSING_PART = MissingPart(
    date(2016, 4, 1),
    date(2016, 10, 31),
    {"residential": 36, "care": 75, "home": 400},
    {"residential": 226, "care": 261, "home": 852},
    {"absent": 672, "missing": 644, "away": 21, "unclassified": 2},
    {"under_1": 734, "1": 420, "2_3": 134, "4_8": 35, "9_14": 2, "15_28": 3, "over_28": 7},
    4,
)


@dataclass(frozen=True)
class PoliceCounts:
    """Yearly numbers of 2012-13 to 2015-16, and what is added up since the grading began."""

    years: tuple[int, ...] = (2013, 2014, 2015, 2016)
    calls: int = 12_000
    crimes: int = 2_500
    violent_crimes: int = 1_950  # 39% of 5,000 violent crimes
    other_violence: int = 3_050
    high_or_medium: int = 12_181
    individuals: int = 20_652
    female_share: float = 0.84
    graded_from: date = date(2012, 6, 1)


POLICE = PoliceCounts()


@dataclass(frozen=True)
class LogCounts:
    """One period of the local referral log: calendar year 2015, and 2016 up to 18 November."""

    first: date
    last: date
    groups: dict[str, int]


LOCAL_LOG = (
    LogCounts(
        date(2015, 1, 1),
        date(2015, 12, 31),
        {
            "school": 779, "police": 912, "ld_mh_staff": 24, "other": 1118, "health": 352, "social_care": 470,
            "housing": 92, "individual": 455, "legal": 125,
        },
    ),
    LogCounts(
        date(2016, 1, 1),
        date(2016, 11, 18),
        {
            "school": 823, "police": 799, "ld_mh_staff": 23, "other": 1066, "health": 318, "social_care": 423,
            "housing": 72, "individual": 390, "legal": 102,
        },
    ),
)  # fmt: skip

DISABLED_TEAM = {"open": 373, "in_care": 33, "on_plan": 3}  # January 2017
TREATMENT = (("alcohol_only", 412, 87), ("other", 757, 189))  # 1,169 adults in 2015-16, 276 living with children
EARLY_HELP = (7_557, 104_555)  # children, attendances, 2015-16
FAMILY_SUPPORT = (2_119, 1_039)  # children, households, 2015-16
EARLY_ASSESSMENTS = {2013: 912, 2014: 874, 2015: 790, 2016: 705}  # the text: decreased
YOUNG_CARERS = {2014: (292, 80), 2015: (305, 84), 2016: (300, 90)}  # a year; of them for a mental health condition
ALLEGATIONS = {2012: 148, 2013: 161, 2014: 190, 2015: 233, 2016: 262}  # the text: increased
COUNTS = (
    ("service_gp_practices", "2017-01-31", "all", 61),
    ("service_primary_schools", "2017-01-31", "all", 75),
    ("service_secondary_schools", "2017-01-31", "all", 17),
    ("service_special_schools", "2017-01-31", "all", 5),
    ("service_pupil_referral_units", "2017-01-31", "all", 3),
    ("service_childrens_centres", "2017-01-31", "all", 18),
    ("service_childrens_centres", "2017-01-31", "main hubs", 6),
    ("service_childrens_centres", "2017-01-31", "reach sites", 12),
    ("service_family_support_workers", "2017-01-31", "all", 60),
    ("service_play_youth_centres", "2017-01-31", "all", 10),
    ("service_fip_staff", "2017-01-31", "practitioners", 6),
    ("service_mst_staff", "2017-01-31", "therapists", 4),
    ("service_mst_can_staff", "2017-01-31", "therapists", 3),
    ("service_public_health_nurses", "2013-03-31", "all", 41),
    ("service_public_health_nurses", "2014-03-31", "all", 38),
    ("service_public_health_nurses", "2015-03-31", "all", 34),
    ("service_public_health_nurses", "2016-03-31", "all", 31),
    ("service_public_health_nurses", "2017-01-31", "all", 29),
)
