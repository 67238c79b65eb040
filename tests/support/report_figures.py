"""Figures of the report of the forms, made by hand."""

from __future__ import annotations

from dataclasses import replace

from reporting.figures import Figure


def figure(**changes: object) -> Figure:
    """A share of 40 of 160 forms of all services in 2024; what differs is named."""
    plain = Figure(
        source="indicator_value",
        theme="insights",
        indicator_id="client_age",
        period=2024,
        period_label="2023-24",
        geography_level="all_services",
        geography_code="all_services",
        breakdown="total",
        breakdown_value="total",
        point="",
        row_order=1,
        row_label="3-5 years old",
        parent_label=None,
        column_order=1,
        column_label="",
        statistic="percentage",
        numerator=40,
        denominator=160,
        value=25.0,
        value_rounded=25.0,
        unit="%",
        lower_95=18.9,
        upper_95=32.3,
        status="ok",
        population_id="intake_clients",
        is_published=True,
        change=None,
        change_lower_95=None,
        change_upper_95=None,
        change_p_value=None,
        change_mark=None,
        others_value=None,
        difference=None,
        difference_lower_95=None,
        difference_upper_95=None,
        comparison=None,
        recent_trend=None,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def hidden(one: Figure) -> Figure:
    nothing = dict.fromkeys(("numerator", "value", "value_rounded", "lower_95", "upper_95"))
    return replace(one, status="c", **nothing)  # type: ignore[arg-type]


def nobody(one: Figure) -> Figure:
    return replace(
        one, numerator=0, denominator=0, value=None, value_rounded=None, lower_95=None, upper_95=None, status="z"
    )
