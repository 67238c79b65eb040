"""A small release of an authority's figures, made by hand, and how the tests look at the chapter of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from reporting.document.blocks import Chart, Document, Paragraph, Table
from reporting.figures import Figure, Figures, Mode
from reporting.needs_assessment.chapter import build_needs_assessment
from tests.support.figures import figure as any_figure
from tests.support.figures import put_figures, put_indicators

OWN, OTHER = "999", "888"
NAMES = {OWN: "Northwood & <Vale>", OTHER: "Southfield"}
HIDDEN = 31337  # a number that is nowhere but in the hidden figure
SECRET = "4 of 4711 children were counted"


_RATE: Mapping[str, object] = {
    "theme": "social_care", "indicator_id": "referral_rate", "period": 2016, "period_label": "2015-16",
    "geography_level": "authority", "geography_code": OWN, "row_label": "Referrals", "statistic": "rate",
    "numerator": 1234, "denominator": 50000, "value": 246.8, "value_rounded": 246.8,
    "unit": "per 10,000 children 0-17", "lower_95": 233.2, "upper_95": 260.95, "population_id": None,
}  # fmt: skip


def figure(**changes: object) -> Figure:
    """A rate of the authority in 2015-16, but for the changes."""
    return any_figure(**{**_RATE, **changes})


def comparator(level: str, value: float, **given: object) -> Figure:
    code = "E00000000" if level == "country" else OWN
    return figure(
        geography_level=level, geography_code=code, statistic="comparator", numerator=None, denominator=None,
        value=value, value_rounded=value, lower_95=None, upper_95=None, **given,
    )  # fmt: skip


def years(indicator_id: str, first: int, counts: Sequence[int], **given: object) -> list[Figure]:
    is_count = given.get("statistic") == "count"
    return [
        figure(
            indicator_id=indicator_id, period=first + place, period_label=f"{first + place - 1}-{first + place - 2000}",
            numerator=count, value=count / 5, value_rounded=count / 5, lower_95=count / 5 - 10, upper_95=count / 5 + 10,
            change=None if place == 0 else 10.0 if is_count else 1.5, change_lower_95=None if place == 0 else -2.0,
            change_upper_95=None if place == 0 else 5.0, change_mark=None if place == 0 else "no clear change", **given,
        )
        for place, count in enumerate(counts)
    ]  # fmt: skip


def sample() -> list[Figure]:
    hidden = {
        "numerator": HIDDEN,
        "value": HIDDEN / 7,
        "value_rounded": HIDDEN / 7,
        "lower_95": 0.1,
        "upper_95": 9999.9,
    }
    bands = [("over 28 days", 8), ("1 day", 420), ("duration not recorded", 40), ("less than 1 day", 734)]
    found = [
        *years("referral_rate", 2013, [1000, 1100, 1200, 1300]),
        comparator("country", 220.5, period=2015, period_label="2014-15"),
        comparator("statistical_neighbours", 241.5, period=2015, period_label="2014-15"),
        *years("s47_rate", 2013, [310, 320, 330, 340]),
        *years("icpc_rate", 2013, [210, 215, 220, 225]),
        *years("cpp_starts_count", 2013, [150, 160, 170, 180], statistic="count", unit="count"),
        *years("cla_rate", 2013, [500, 510, 520, 530]),
        *years("not_in_the_layout", 2014, [71, 72, 73]),
        *(
            figure(
                indicator_id="missing_by_duration_pct", breakdown="duration_band", breakdown_value=band,
                statistic="percentage", numerator=count, denominator=1202, unit="% of episodes",
                value=100 * count / 1202, value_rounded=round(100 * count / 1202, 1), lower_95=0.0, upper_95=100.0,
            )
            for band, count in bands
        ),
        *(
            figure(
                source="factor_intersection", indicator_id="factor_intersection/assessment", breakdown="combination",
                breakdown_value=code, row_order=place, row_label=label, column_order=column, statistic=statistic,
                column_label=heading, numerator=count, denominator=1000, value=value, value_rounded=value,
                lower_95=value - low, upper_95=value + 1, unit=unit,
            )
            for place, (code, label, count) in enumerate(
                [("domestic_violence+substance", "Domestic violence + Substance", 300), ("none", "None", 700)], 1
            )
            for column, statistic, heading, value, low, unit in (
                (1, "percentage", "Share", count / 10, 1.0, "% of assessments"),
                (2, "standardised_ratio", "Observed over expected", 1.25, 0.11, "observed over expected"),
            )
        ),
    ]  # fmt: skip
    for place, one in enumerate(found):
        if one.indicator_id == "cla_rate" and one.period == 2016:
            found[place] = replace(one, **hidden)  # type: ignore[arg-type]
        if one.breakdown_value == "over 28 days":
            found[place] = replace(one, numerator=HIDDEN, value=HIDDEN / 7, value_rounded=HIDDEN / 7)
    return found


def behind_control(figures: Sequence[Figure]) -> list[Figure]:
    """What may be public: indicators only, the hidden figure without a number."""
    nothing = dict.fromkeys(
        [
            "numerator", "value", "value_rounded", "lower_95", "upper_95", "change", "change_lower_95",
            "change_upper_95", "change_mark", "recent_trend",
        ]
    )  # fmt: skip
    return [
        replace(one, status="c", **nothing) if one.numerator == HIDDEN else one  # type: ignore[arg-type]
        for one in figures
        if one.source == "indicator_value"
    ]


_INDICATORS = (
    ("referral_rate", "referrals", "none", "yes"),
    ("s47_rate", "s47", "none", "yes"),
    ("icpc_rate", "conferences", "none", "yes"),
    ("cpp_starts_count", "plans", "none", "yes"),
    ("cla_rate", "care", "lower", "yes"),
    ("missing_by_duration_pct", "missing", "none", "yes"),
    ("not_in_the_layout", "a section nobody planned", "none", "yes"),
    ("never_sent", "care", "none", "yes"),
    ("survey", "survey_wellbeing", "none", "external"),
)


def release(path: Path, figures: Sequence[Figure], *, names: dict[str, str] | None = None) -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts; create schema reference")
        put_figures(con, "marts.reportable_value", figures)
        put_figures(con, "marts.published_value", behind_control(figures))
        con.execute("create table marts.dim_authority (la_code varchar, area_name varchar)")
        for code, name in (NAMES if names is None else names).items():
            con.execute("insert into marts.dim_authority values (?, ?)", [code, name])
        con.execute(
            "create table reference.social_care_indicator_line (indicator_id varchar, line_order int, decimals int)"
        )
        con.execute("insert into reference.social_care_indicator_line values ('referral_rate', 1, 1)")
        put_indicators(
            con,
            *(
                {
                    "theme": "social_care", "indicator_id": key, "indicator_order": place, "section": section,
                    "title": f"Title of {key}", "unit": "", "numerator": "events", "n_counts": "children",
                    "polarity": polarity, "computable": computable, "why": "A survey." if key == "survey" else None,
                }
                for place, (key, section, polarity, computable) in enumerate(_INDICATORS)
            ),
        )  # fmt: skip
        con.execute(
            "create table marts.gap_answer (la_code varchar, gap_no int, question varchar, can_be_answered varchar, "
            "answered_by varchar, period varchar, result varchar, method varchar, limits varchar)"
        )
        for code in sorted({one.geography_code for one in figures if one.geography_level == "authority"}):
            con.execute(
                "insert into marts.gap_answer values (?, 16, 'Who is in need?', 'partly', 'in_need_variants', '2016', "
                "?, 'Definitions side by side.', 'Others follow one definition only.')",
                [code, SECRET],
            )
    return path


def build(database: Path, mode: Mode = "internal", area: str = OWN) -> Document:
    with Figures(database, mode) as figures:
        return build_needs_assessment(figures, area=area)


def tables(document: Document) -> Iterator[Table]:
    for section in document.walk():
        for block in section.blocks:
            if isinstance(block, Table):
                yield block


def chart(document: Document, chart_id: str) -> Chart:
    found = [
        block
        for section in document.walk()
        for block in section.blocks
        if isinstance(block, Chart) and block.chart_id == chart_id
    ]
    assert len(found) == 1, chart_id
    return found[0]


def findings(document: Document, title: str) -> list[str]:
    return [
        block.text
        for section in document.walk()
        if section.title == title
        for block in section.blocks
        if isinstance(block, Paragraph) and block.kind == "finding"
    ]
