"""What must come out, as data: the document's figures for the area, and the numbers they are reached by.

The document is the Joint strategic needs assessment, Safeguarding Children (Nottingham City, 2017). `TARGETS` holds
one row per printed figure that records can give, with the basis on which it is counted; `check` recounts them. `FLOWS`
and `FACTORS` are the whole numbers behind them, year by year: rates are counts over 64,978 children aged 0-17. Years
2013, 2014 and 2017 are not in the document; their numbers are invented around those that are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CHILDREN = 64_978  # 0-17, mid-2014 and mid-2015


@dataclass(frozen=True)
class Target:
    """One figure of the document for the area that records can give."""

    indicator: str
    period: str
    breakdown: str
    value: float  # as printed
    decimals: int
    numerator: int | None = None
    denominator: int | None = None
    qualifier: str = "="  # how the print reads: = exactly, ~ about, < less than
    is_derived: bool = False  # worked out from rounded figures, so that it carries their rounding


@dataclass(frozen=True)
class Flow:
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
FLOWS = {
    2013: Flow(2013, 5420, 760, 1150, 3350, 1180, 760, _plans(95, 268, 32, 219, 6), 90, 3260, 502, 566, 270, 0.38, 0),
    2014: Flow(2014, 5890, 1590, 1240, 3620, 1265, 812, _plans(101, 309, 34, 228, 5), 102, 3320, 515, 571, 275, 0.36),
    2015: Flow(2015, 6317, 1642, 1390, 3760, 1352, 871, _plans(117, 344, 30, 235, 4), 117, 3392, 526, 578, 285, 0.27),
    2016: Flow(2016, 5731, 1318, 1220, 3885, 1819, 1007, _plans(104, 422, 21, 267, 12), 140, 3554, 539, 585, 290, 0.29),
    2017: Flow(
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

# Printed figures for the area, in the order of the document's transcription. What does not follow from its own
# fraction (402 of 7,697 as "<1%", 487 of 1,335 as 37%) comes out as the fraction; 972.1 cannot come out to the decimal
# (6,316 or 6,317 referrals make 972.0 or 972.2). Bases that the document leaves open are written at the numbers above
# and, for each indicator, in `check`.
TARGETS = (
    Target("referral_rate", "2016 (year ending 31 March)", "all", 882, 0),
    Target("referral_rate", "2015 (year ending 31 March)", "all", 972.1, 1, is_derived=True),
    Target("s47_rate", "2016 (year ending 31 March)", "all", 280, 0),
    Target("s47_rate", "2015 (year ending 31 March)", "all", 208, 0, is_derived=True),
    Target("icpc_rate", "2016 (year ending 31 March)", "all", 155, 0),
    Target("icpc_rate", "2015 (year ending 31 March)", "all", 134, 0, is_derived=True),
    Target("cin_rate", "2016 (31 March)", "all", 547, 0),
    Target("cin_rate", "2015 (31 March)", "all", 522, 0, is_derived=True),
    Target("cpp_rate", "2016 (31 March)", "all", 83, 0),
    Target("cpp_rate", "2015 (31 March)", "all", 81, 0, is_derived=True),
    Target("cla_rate", "2016 (31 March)", "all", 90, 0),
    Target("cla_rate", "2015 (31 March)", "all", 89, 0, is_derived=True),
    Target("rereferral_12m_pct", "2016 (year ending 31 March)", "all", 23, 0),
    Target("rereferral_12m_pct", "2015 (year ending 31 March)", "all", 26, 0, is_derived=True),
    Target("cpp_second_or_subsequent_pct", "2016 (year ending 31 March)", "all", 17, 0),
    Target("cpp_second_or_subsequent_pct", "2015 (year ending 31 March)", "all", 16, 0, is_derived=True),
    Target("cpp_starts_physical_rate", "2016 (year ending 31 March)", "all", 16, 0),
    Target("cpp_starts_physical_rate", "2015 (year ending 31 March)", "all", 18, 0, is_derived=True),
    Target("cpp_starts_emotional_rate", "2016 (year ending 31 March)", "all", 65, 0),
    Target("cpp_starts_emotional_rate", "2015 (year ending 31 March)", "all", 53, 0, is_derived=True),
    Target("cpp_starts_sexual_rate", "2016 (year ending 31 March)", "all", 3.2, 1),
    Target("cpp_starts_sexual_rate", "2015 (year ending 31 March)", "all", 4.6, 1, is_derived=True),
    Target("cpp_starts_neglect_rate", "2016 (year ending 31 March)", "all", 41, 0),
    Target("cpp_starts_neglect_rate", "2015 (year ending 31 March)", "all", 36.1, 1, is_derived=True),
    Target("returned_home_pct", "2014-15", "all", 27, 0),
    Target("returned_home_pct", "2013-14", "all", 36, 0, is_derived=True),
    Target("cpp_starts_count", "2015-16", "all categories", 826, 0),
    Target("cpp_starts_count", "2014-15", "all categories", 730, 0, is_derived=True),
    Target("cpp_starts_multiple_rate", "2016 (year ending 31 March)", "residual", 1.9, 1, is_derived=True),
    Target("referral_count", "2016 (to 18 November)", "all", 4016, 0),
    Target("referral_count", "2015", "all", 4327, 0),
    Target(
        "referral_source_schools_pct",
        "2016 (to 18 November)",
        "schools and colleges",
        20,
        0,
        numerator=823,
        denominator=4016,
    ),
    Target("referral_source_schools_pct", "2015", "schools and colleges", 18, 0, denominator=4327, is_derived=True),
    Target("referral_source_police_pct", "2016 (to 18 November)", "police", 20, 0, numerator=799, denominator=4016),
    Target("referral_source_police_pct", "2015", "police", 21, 0, numerator=912, denominator=4327),
    Target(
        "referral_source_ld_mh_staff_pct",
        "2016 (to 18 November)",
        "learning disability and mental health staff",
        1,
        0,
        numerator=23,
        denominator=4016,
        qualifier="<",
    ),
    Target("referral_source_other_pct", "2016 (to 18 November)", "other", 27, 0, numerator=1066, denominator=4016),
    Target("assessment_count", "2015/16", "all", 3885, 0),
    Target("assessment_rate", "2015/16", "all", 597.9, 1, numerator=3885, denominator=64978, is_derived=True),
    Target("risks_identified_count", "2015/16", "all", 9728, 0),
    Target("risks_per_assessment", "2015/16", "all", 2.5, 1, numerator=9728, denominator=3885, is_derived=True),
    Target("factor_domestic_violence_pct", "2015/16", "all", 51, 0, numerator=1988, denominator=3885),
    Target("factor_parental_mental_health_pct", "2015/16", "all", 40, 0, numerator=1544, denominator=3885),
    Target("factor_parental_substance_pct", "2015/16", "all", 35, 0, numerator=1367, denominator=3885),
    Target("factor_drug_misuse_pct", "2015/16", "all", 19, 0, numerator=735, denominator=3885),
    Target("factor_alcohol_misuse_pct", "2015/16", "all", 16, 0, numerator=632, denominator=3885),
    Target("factor_disability_any_pct", "2015/16", "all", 21, 0, numerator=819, denominator=3885),
    Target("factor_learning_disability_pct", "2015/16", "all", 10, 0, numerator=398, denominator=3885),
    Target("factor_physical_disability_pct", "2015/16", "all", 11, 0, numerator=421, denominator=3885),
    Target(
        "factor_child_substance_pct_of_risks", "2015/16", "all", 1, 0, numerator=402, denominator=7697, qualifier="<"
    ),
    Target(
        "s47_to_icpc_pct",
        "2016 (year ending 31 March)",
        "all",
        55.4,
        1,
        numerator=155,
        denominator=280,
        is_derived=True,
    ),
    Target(
        "icpc_to_cpp_pct",
        "2016 (year ending 31 March)",
        "all",
        82.0,
        1,
        numerator=826,
        denominator=1007,
        is_derived=True,
    ),
    Target("treatment_adults_with_children_pct", "2015-16", "all", 24, 0, numerator=276, denominator=1169),
    Target("treatment_adults_with_children_pct", "2015-16", "alcohol only", 21, 0),
    Target("treatment_adults_with_children_pct", "2015-16", "other drug", 25, 0),
    Target("dva_police_calls", "annual average", "all", 12000, 0, qualifier="~"),
    Target("dva_recorded_crimes", "annual average", "all", 2500, 0, numerator=2500, denominator=12000, qualifier="~"),
    Target("dva_share_of_violence_pct", "not stated", "all", 39, 0),
    Target("dva_victim_sex_pct", "not stated", "female", 84, 0),
    Target("dva_victim_sex_pct", "not stated", "male", 16, 0),
    Target("dart_incidents", "June 2012 to date", "high/medium risk", 12181, 0),
    Target("dart_individuals", "June 2012 to date", "survivors, perpetrators and children", 20652, 0),
    Target("cpp_disabled_pct", "January 2017", "all", 17, 0, numerator=80, denominator=472),
    Target("dct_in_care_pct", "January 2017", "all", 9, 0, numerator=33, denominator=373),
    Target("dct_cpp_pct", "January 2017", "all", 1, 0, numerator=3, denominator=373, qualifier="<"),
    Target("youth_offences_reduction_pct", "2006 to 2015", "ages 10-17", 79, 0),
    Target("youth_offences_male_pct", "5 year period", "male, lowest year", 77, 0),
    Target("youth_offences_male_pct", "5 year period", "male, highest year", 81, 0),
    Target("youth_offending_cpp", "2009/10-2015/16", "total", 363, 0),
    Target("youth_offending_cpp", "2009/10-2015/16", "mean per year", 108, 0),
    Target("youth_offending_cin", "2009/10-2015/16", "total", 291, 0),
    Target("youth_offending_cin", "2009/10-2015/16", "mean per year", 82, 0),
    Target("youth_remand_lac", "2009/10-2015/16", "total", 80, 0),
    Target("youth_remand_lac", "2009/10-2015/16", "mean per year", 23, 0),
    Target("youth_custody", "2009/10-2015/16", "total", 124, 0),
    Target("youth_custody", "2009/10-2015/16", "mean per year", 28, 0),
    Target("missing_episodes_year", "2012-13", "missing and absent", 724, 0),
    Target("missing_episodes_month_mean", "2012-13", "missing and absent", 60, 0, numerator=724, denominator=12),
    Target("missing_episodes_year", "2013-14", "missing and absent", 1548, 0),
    Target("missing_episodes_month_mean", "2013-14", "missing and absent", 129, 0, numerator=1548, denominator=12),
    Target("missing_episodes_year", "2014-15", "missing and absent", 1655, 0),
    Target("missing_episodes_month_mean", "2014-15", "missing and absent", 138, 0, numerator=1655, denominator=12),
    Target("missing_episodes_year", "2015-16", "missing and absent", 1970, 0),
    Target("missing_episodes_month_mean", "2015-16", "missing and absent", 164, 0, numerator=1970, denominator=12),
    Target("missing_episodes_part_year", "1 April-31 October 2016", "all", 1339, 0),
    Target("missing_children_unique", "1 April-31 October 2016", "all", 511, 0),
    Target(
        "missing_episodes_per_child",
        "1 April-31 October 2016",
        "all",
        2.62,
        2,
        numerator=1339,
        denominator=511,
        is_derived=True,
    ),
    Target(
        "missing_by_classification_pct", "1 April-31 October 2016", "absent", 50, 0, numerator=672, denominator=1339
    ),
    Target(
        "missing_by_classification_pct", "1 April-31 October 2016", "missing", 48, 0, numerator=644, denominator=1339
    ),
    Target(
        "missing_by_classification_pct",
        "1 April-31 October 2016",
        "away from placement without authorisation",
        1,
        0,
        numerator=21,
        denominator=1339,
        qualifier="<",
    ),
    Target(
        "missing_by_classification_pct",
        "1 April-31 October 2016",
        "not classified",
        0.1,
        1,
        numerator=2,
        denominator=1339,
        is_derived=True,
    ),
    Target(
        "missing_by_duration_pct", "1 April-31 October 2016", "less than 1 day", 55, 0, numerator=734, denominator=1339
    ),
    Target("missing_by_duration_pct", "1 April-31 October 2016", "1 day", 31, 0, numerator=420, denominator=1339),
    Target("missing_by_duration_pct", "1 April-31 October 2016", "2-3 days", 10, 0, numerator=134, denominator=1339),
    Target(
        "missing_by_duration_pct",
        "1 April-31 October 2016",
        "4-8 days",
        1,
        0,
        numerator=35,
        denominator=1339,
        qualifier="<",
    ),
    Target(
        "missing_by_duration_pct",
        "1 April-31 October 2016",
        "9-14 days",
        1,
        0,
        numerator=2,
        denominator=1339,
        qualifier="<",
    ),
    Target(
        "missing_by_duration_pct",
        "1 April-31 October 2016",
        "15-28 days",
        1,
        0,
        numerator=3,
        denominator=1339,
        qualifier="<",
    ),
    Target(
        "missing_by_duration_pct",
        "1 April-31 October 2016",
        "over 28 days",
        1,
        0,
        numerator=7,
        denominator=1339,
        qualifier="<",
    ),
    Target(
        "missing_by_duration_pct",
        "1 April-31 October 2016",
        "duration not recorded",
        0.3,
        1,
        numerator=4,
        denominator=1339,
        is_derived=True,
    ),
    Target(
        "missing_children_in_care_pct",
        "1 April-31 October 2016",
        "children in care",
        37,
        0,
        numerator=487,
        denominator=1335,
    ),
    Target(
        "missing_residential_care_pct",
        "1 April-31 October 2016",
        "residential care",
        17,
        0,
        numerator=226,
        denominator=1335,
    ),
    Target("early_help_children", "2015/16", "all", 7557, 0),
    Target("early_help_attendances", "2015/16", "all", 104555, 0),
    Target(
        "early_help_attendances_per_child",
        "2015/16",
        "all",
        13.8,
        1,
        numerator=104555,
        denominator=7557,
        is_derived=True,
    ),
    Target("tfst_children", "2015/16", "all", 2119, 0),
    Target("tfst_households", "2015/16", "all", 1039, 0),
    Target("tfst_children_per_household", "2015/16", "all", 2.04, 2, numerator=2119, denominator=1039, is_derived=True),
    Target("young_carers_supported", "annual", "all", 300, 0, qualifier="~"),
    Target("young_carers_mental_health", "July 2015-March 2016", "all", 90, 0),
)
