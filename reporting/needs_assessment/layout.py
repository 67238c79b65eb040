"""What stands in which part of the chapter: the order of the needs assessment, as data.

Indicators follow from `marts.indicator` by their section there; one that appears in no part comes in the last.
Analyses are the marts that answer what indicators cannot. Nothing here knows an area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Drawn = Literal["bars", "lines", "upset", "curves", "none"]


@dataclass(frozen=True)
class Analysis:
    """One table of a mart, and how it is drawn.

    `indicator_id` as in reportable_value. `n_counts` is the denominator in words. `only` keeps the rows of one value of
    the breakdown in the chart. `is_over_years` prints every period, otherwise the latest. `names_breakdown` sets the
    value of the breakdown before the label of the row.
    """

    indicator_id: str
    title: str
    n_counts: str
    drawn: Drawn = "none"
    only: str = ""
    is_over_years: bool = False
    names_breakdown: bool = False


@dataclass(frozen=True)
class ChapterPart:
    """A part of the chapter: the sections of marts.indicator it gathers, and its analyses."""

    part_id: str
    title: str
    sections: tuple[str, ...]
    analyses: tuple[Analysis, ...] = ()
    # Indicators that stand here although their section in marts.indicator stands elsewhere.
    moved_here: tuple[str, ...] = ()
    # What a reader has to know before the first of its figures.
    note: str = ""


PARTS: tuple[ChapterPart, ...] = (
    ChapterPart(
        "need",
        "Levels of need",
        ("population", "children_in_need", "early_help"),
        (
            Analysis(
                "in_need_variants",
                "Children in need under other definitions",
                "children aged 0 to 17 at the mid-year before",
                "bars",
            ),
        ),
    ),
    ChapterPart(
        "parents",
        "Risk factors of parents and households",
        ("risk_factors", "parental_substance", "parental_mental_health", "domestic_abuse"),
        (
            Analysis(
                "factor_intersection/assessment",
                "Domestic violence, substance misuse and mental ill health of adults together, by assessment",
                "assessments of the year with factors recorded; each stands in exactly one row",
                "upset",
            ),
            Analysis(
                "factor_intersection/child",
                "The same three by child and year",
                "children with an assessment of the year in which factors are recorded; each stands in exactly one row",
            ),
            Analysis(
                "factor_pair",
                "Pairs of factors of adults against what chance would bring together",
                "assessments of the year with factors recorded; expected if the two were independent of each other",
            ),
            Analysis(
                "factor_trend",
                "Factors of parents, carers and other adults over the years",
                "assessments of the year with factors recorded",
                "lines",
                only="adults",
                is_over_years=True,
            ),
            Analysis(
                "factor_trend/completeness",
                "Assessments in which factors are recorded",
                "all assessments completed in the year",
                is_over_years=True,
            ),
            Analysis(
                "factor_union",
                "Two factors, each assessment counted once",
                "all assessments completed in the year",
                names_breakdown=True,
            ),
            Analysis(
                "treatment_children", "Children who live with adults in treatment", "adults in structured treatment"
            ),
        ),
        note=(
            "Factors are shares of all completed assessments, blank ones included, where the name says nothing else. "
            "Where recording became more complete over the years, a share rises although no family's situation has "
            "changed: a trend here may be one of recording."
        ),
    ),
    ChapterPart(
        "child",
        "Risk factors of the child",
        ("child_substance", "disability_send", "young_carers"),
        (
            Analysis(
                "child_substance",
                "The child's own substance misuse",
                "assessments completed in the year; factors named in them",
                is_over_years=True,
            ),
            Analysis(
                "disability_whose",
                "Whose disability or illness",
                "all assessments completed in the year; one can name several persons",
                names_breakdown=True,
            ),
            Analysis(
                "send_representation",
                "Pupils with special educational needs among children known to social care",
                "pupils with the need, of the authority's schools; expected from all pupils of the same age and sex",
                names_breakdown=True,
            ),
            Analysis(
                "send_representation/unlinked",
                "Children whose pupil number links to no pupil",
                "children of school age with that involvement",
            ),
            Analysis("plan_disability", "How broad the disability flag is", "children on a plan on the day", "bars"),
        ),
        moved_here=("factor_child_substance_pct_of_risks",),
    ),
    ChapterPart(
        "safeguarding",
        "Safeguarding activity",
        ("referrals", "assessments", "s47", "conferences", "plans"),
        (
            Analysis(
                "conversion",
                "Children who go on from step to step",
                "referrals, enquiries or conferences of the year, by step; of England and neighbours the published "
                "rate of the one step over that of the other",
                "lines",
                is_over_years=True,
            ),
            Analysis(
                "plan_start_poisson",
                "Plans starting, with exact Poisson limits",
                "children aged 0 to 17 at the mid-year before, for the rate",
                "lines",
                is_over_years=True,
            ),
            Analysis(
                "plan_profile",
                "Children whose plan starts",
                "plans starting in the year whose age, or whose twelve months before the referral, are known; plans "
                "ended for their length",
            ),
            Analysis(
                "emotional_abuse_alone",
                "Emotional abuse, alone and with other maltreatment",
                "plans starting in the year for emotional abuse, whose assessments have factors recorded",
                "bars",
            ),
            Analysis(
                "plan_maltreatment",
                "Maltreatment found by the assessments of emotional abuse plans",
                "plans starting in the year for emotional abuse, whose assessments have factors recorded",
                "upset",
            ),
            Analysis(
                "referral_source_by_factor",
                "Who referred, where a parent's mental ill health is named",
                "assessments of the year that name a parent's mental ill health",
                "bars",
            ),
        ),
    ),
    ChapterPart(
        "missing",
        "Missing children",
        ("missing",),
        (
            Analysis(
                "missing_by_child", "Episodes and children", "children, or episodes, of the year", is_over_years=True
            ),
            Analysis(
                "missing_constant_definition",
                "Missing episodes under definitions that do not change",
                "children aged 0 to 17 at the mid-year before",
                "lines",
                is_over_years=True,
            ),
            Analysis(
                "missing_interrupted_series",
                "Steps in the monthly series where the definition changed",
                "months; the step is in episodes a month",
                names_breakdown=True,
            ),
            Analysis("missing_status", "Care status when the episode began", "all episodes of the year", "bars"),
        ),
    ),
    ChapterPart(
        "care",
        "Children in care",
        ("care",),
        (
            Analysis(
                "population_groups",
                "Groups of children among those involved",
                "children with that involvement; populations by ethnicity are not delivered, so no rates",
                names_breakdown=True,
            ),
        ),
    ),
    ChapterPart(
        "return",
        "Return home",
        (),
        (
            Analysis("return_home", "How care ended", "periods of care ended in the year", "bars"),
            Analysis(
                "reentry_curve",
                "Back in care after a return home",
                "returns home of all years; Kaplan-Meier, limits on the log-log scale; x: nobody followed that far",
                "curves",
                names_breakdown=True,
            ),
        ),
        moved_here=("returned_home_pct",),
    ),
    ChapterPart(
        "offending",
        "Young people offending",
        ("youth_offending",),
        (
            Analysis("offending_counts", "Persons and offences", "nobody is divided by", "lines", is_over_years=True),
            Analysis("offending_counts/all_years", "Persons over all years together", "nobody is divided by"),
        ),
    ),
    ChapterPart(
        "demand",
        "Demand and services",
        ("lado", "services", "performance_frameworks"),
        (
            Analysis(
                "unmet_demand",
                "Demand over the years",
                "nobody is divided by; limits are Poisson's",
                is_over_years=True,
            ),
            Analysis(
                "same_period_comparison",
                "The same part of two years",
                "events of the same part of the year before",
            ),
        ),
    ),
    ChapterPart("other", "Other figures", ()),
)

# Four steps in this order, and the indicator that sets each over the one before. The counts are those behind the rates.
STEPS: tuple[tuple[str, str, str], ...] = (
    ("referral_rate", "Referrals", ""),
    ("s47_rate", "Section 47 enquiries", ""),
    ("icpc_rate", "Initial conferences", "s47_to_icpc_pct"),
    ("cpp_starts_count", "Plans starting", "icpc_to_cpp_pct"),
)

# Indicators that speak to a question the needs assessment left open.
SPEAKS_TO: Mapping[int, tuple[str, ...]] = {
    1: ("factor_trilogy_pct",),
    2: (
        "factor_domestic_violence_pct",
        "factor_substance_pct",
        "factor_parental_substance_pct",
        "factor_mental_health_pct",
        "factor_parental_mental_health_pct",
        "factor_disability_any_pct",
    ),
    3: ("factor_substance_pct", "factor_disability_any_pct"),
    4: ("factor_learning_disability_pct", "factor_physical_disability_pct"),
    5: ("send_representation_ratio",),
    6: ("cpp_disabled_pct",),
    7: ("cpp_emotional_alone_pct",),
    8: ("missing_episodes_year",),
    9: ("missing_children_unique", "missing_episodes_per_child"),
    10: ("missing_children_in_care_pct", "missing_residential_care_pct"),
    11: ("referral_count",),
    12: ("s47_to_icpc_pct", "icpc_to_cpp_pct"),
    13: ("cpp_second_or_subsequent_pct",),
    14: ("cpp_starts_physical_rate", "cpp_starts_sexual_rate"),
    15: ("cpp_starts_emotional_rate", "cpp_starts_neglect_rate"),
    16: ("cin_rate",),
    17: ("factor_child_substance_pct_of_risks",),
    18: ("referral_source_ld_mh_staff_pct",),
    19: ("uasc_count",),
    20: ("returned_home_pct",),
    22: ("treatment_adults_with_children_pct",),
    23: ("caf_count", "lado_referrals"),
}
