"""Words for the figures of marts beside `marts.indicator_value`, which have no title of their own in `marts.indicator`.

What is not here is called by its name, without underscores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reporting.open_data.ees import plain

THEMES: Mapping[str, str] = {"insights": "Children's Insights", "social_care": "Children's social care"}
# What the figures of a theme are of, and counted from.
SUBJECTS: Mapping[str, str] = {
    "insights": "children harmed by domestic abuse",
    "social_care": "children's social care",
}
COUNTED_FROM: Mapping[str, str] = {
    "insights": "the forms of services that support children harmed by domestic abuse",
    "social_care": "the statutory children's social care returns of local authorities",
}
# Data sets of the forms, by source.
SOURCES: Mapping[str, str] = {
    "co_occurrence": "what occurs together",
    "paired_outcome": "the same children at intake and exit",
    "paired_transition": "answers at intake (lines) by answers at exit (columns)",
}

# Topics of the returns, by indicator: the mart, with a line behind a slash where it holds several.
TOPICS: Mapping[str, str] = {
    "child_substance": "Alcohol or drug misuse by the child",
    "conversion": "From referral to plan",
    "disability_whose": "Whose disability or illness an assessment names",
    "emotional_abuse_alone": "What stands beside emotional abuse in plans",
    "factor_intersection/assessment": "Domestic violence, substance misuse and mental ill health, by assessment",
    "factor_intersection/child": "Domestic violence, substance misuse and mental ill health, by child",
    "factor_pair": "Pairs of domestic violence, substance misuse and mental ill health",
    "factor_trend": "Factors that assessments name",
    "factor_trend/completeness": "Assessments with factors recorded",
    "factor_union": "Factors that assessments name, one or the other",
    "in_need_variants": "Children in need, by definition",
    "missing_by_child": "Missing episodes and the children they are of",
    "missing_constant_definition": "Missing episodes, by definitions that stay the same",
    "missing_interrupted_series": "Steps in the number of missing episodes a month",
    "missing_status": "Missing episodes, by care status",
    "offending_counts": "Young people offending",
    "offending_counts/all_years": "Young people offending, all years together",
    "plan_disability": "Disability among children on a plan",
    "plan_maltreatment": "Kinds of maltreatment in plans for emotional abuse",
    "plan_profile": "Children starting a plan, by category",
    "plan_start_poisson": "Plans starting, by category",
    "population_groups": "Groups of children among those involved",
    "reentry_curve": "Children back in care after they returned home",
    "referral_source_by_factor": "Who refers children of a parent with mental ill health",
    "return_home": "How children leave care",
    "same_period_comparison": "The year so far against the same part of the year before",
    "send_representation": "Special educational needs among children involved",
    "send_representation/unlinked": "Children involved who are not linked to the school census",
    "treatment_children": "Adults in treatment who live with children",
    "unmet_demand": "Demand over the years",
}


def sentence_of(parts: Mapping[str, str], themes: Sequence[str]) -> str:
    """What is said of the themes, one after the other, beginning with a capital."""
    said = ", and ".join(parts[theme] for theme in themes)
    return said[:1].upper() + said[1:]


def words(name: str) -> str:
    """The name of a thing in the tables as words."""
    return plain(name.replace("_", " ").replace("/", ": ")).capitalize()
