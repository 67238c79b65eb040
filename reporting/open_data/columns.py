"""The columns of numbers, and which of them a figure fills with what: a number, or the symbol of why there is none."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from reporting.figures import Figure
from reporting.open_data.ees import SYMBOLS, IndicatorColumn, number

# kind of figure -> the indicator columns it fills and where each comes from; every other indicator is not applicable.
_BASED = (("number", "numerator"), ("base", "denominator"))
_COMPARED = (
    ("difference_to_other_services", "difference"),
    ("difference_lower_limit", "difference_lower_95"),
    ("difference_upper_limit", "difference_upper_95"),
)


def _with_limits(value: str, stem: str) -> tuple[tuple[str, str], ...]:
    return ((value, "value"), (f"{stem}_lower_limit", "lower_95"), (f"{stem}_upper_limit", "upper_95"))


def _with_change(stem: str) -> tuple[tuple[str, str], ...]:
    name = f"{stem}_change"
    return ((name, "change"), (f"{name}_lower_limit", "change_lower_95"), (f"{name}_upper_limit", "change_upper_95"))


_ATTRIBUTES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "count": (("number", "value"),),
    "estimate": _with_limits("number", "number"),
    "percentage": (*_BASED, *_with_limits("percentage", "percentage"), *_with_change("percentage"), *_COMPARED),
    "mean": (("base", "denominator"), ("mean", "value")),
    "median": (("base", "denominator"), ("median", "value")),
    "rate": (*_BASED, *_with_limits("rate_per_10000", "rate"), *_with_change("rate")),
    "other": (*_BASED, *_with_limits("other_value", "other")),
}
# Kinds of our own figures that have a number in each of their columns.
_WHOLE = {"percentage", "mean", "median"}
_FIGURES, _CHANGES, _DIFFERENCES = "Figures", "Change", "Difference to all other services"
COLUMNS = (
    IndicatorColumn("number", "Number", "", 0, _FIGURES),
    IndicatorColumn("number_lower_limit", "Number, lower 95% confidence limit", "", 0, _FIGURES),
    IndicatorColumn("number_upper_limit", "Number, upper 95% confidence limit", "", 0, _FIGURES),
    IndicatorColumn("base", "Number in the base", "", 0, _FIGURES),
    IndicatorColumn("percentage", "Percentage", "%", 1, _FIGURES),
    IndicatorColumn("percentage_lower_limit", "Percentage, lower 95% confidence limit", "%", 1, _FIGURES),
    IndicatorColumn("percentage_upper_limit", "Percentage, upper 95% confidence limit", "%", 1, _FIGURES),
    IndicatorColumn("mean", "Mean", "", 1, _FIGURES),
    IndicatorColumn("median", "Median", "", 1, _FIGURES),
    IndicatorColumn("rate_per_10000", "Rate per 10,000", "", 1, _FIGURES),
    IndicatorColumn("rate_lower_limit", "Rate per 10,000, lower 95% confidence limit", "", 1, _FIGURES),
    IndicatorColumn("rate_upper_limit", "Rate per 10,000, upper 95% confidence limit", "", 1, _FIGURES),
    IndicatorColumn("other_value", "Value in the unit that the topic names", "", 2, _FIGURES),
    IndicatorColumn("other_lower_limit", "Value, lower 95% confidence limit", "", 2, _FIGURES),
    IndicatorColumn("other_upper_limit", "Value, upper 95% confidence limit", "", 2, _FIGURES),
    IndicatorColumn("percentage_change", "Change of the percentage", "pp", 1, _CHANGES),
    IndicatorColumn("percentage_change_lower_limit", "Change of the percentage, lower 95% limit", "pp", 1, _CHANGES),
    IndicatorColumn("percentage_change_upper_limit", "Change of the percentage, upper 95% limit", "pp", 1, _CHANGES),
    IndicatorColumn("rate_change", "Change of the rate per 10,000", "", 1, _CHANGES),
    IndicatorColumn("rate_change_lower_limit", "Change of the rate per 10,000, lower 95% limit", "", 1, _CHANGES),
    IndicatorColumn("rate_change_upper_limit", "Change of the rate per 10,000, upper 95% limit", "", 1, _CHANGES),
    IndicatorColumn("difference_to_other_services", "Difference of the percentage", "pp", 1, _DIFFERENCES),
    IndicatorColumn("difference_lower_limit", "Difference, lower 95% confidence limit", "pp", 1, _DIFFERENCES),
    IndicatorColumn("difference_upper_limit", "Difference, upper 95% confidence limit", "pp", 1, _DIFFERENCES),
)
_DECIMALS = {column.name: column.decimals for column in COLUMNS}


def kind_of(figure: Figure) -> str:
    """What a figure is: a key of _ATTRIBUTES. It depends on no number, so a hidden figure keeps its kind.

    An estimate is a number that may have limits: counts of the returns, and modelled ones.
    """
    return _kind(figure.theme, figure.statistic, figure.unit)


@functools.cache
def _kind(theme: str, statistic: str, unit: str) -> str:
    if statistic in {"count", "services", "external"}:
        return "count" if theme == "insights" else "estimate"
    if statistic in {"model", "comparator"} and unit.startswith("count"):
        return "estimate"
    if statistic in {"percentage", "per_100"} or unit.startswith("%"):
        return "percentage"
    if statistic in {"mean", "median"}:
        return statistic
    return "rate" if unit.startswith("per 10,000") else "other"


def attributes_of(kind: str) -> tuple[tuple[str, str], ...]:
    """The columns that a figure of a kind fills, each with the attribute of the figure that it shows."""
    return _ATTRIBUTES[kind]


def cells_of(figure: Figure) -> dict[str, str]:
    """The indicator cells of a figure: a number, or the symbol of why there is none."""
    kind = kind_of(figure)
    absent = _absent_cells(kind, figure.status, figure.geography_level == "service", _is_ours(figure))
    if figure.value is None and figure.numerator is None and figure.denominator is None:
        return absent
    cells = {}
    for column, attribute in _ATTRIBUTES[kind]:
        value = getattr(figure, attribute)
        if value is None:
            cells[column] = absent[column]
            continue
        cells[column] = number(value, _DECIMALS[column])
    return cells


def _is_ours(figure: Figure) -> bool:
    return figure.statistic not in {"comparator", "model"}


@functools.cache
def _absent_cells(kind: str, status: str, service: bool, is_ours: bool) -> dict[str, str]:
    """What stands in the cells of a figure that have no number: c where the figure is hidden, or a part of it.

    A figure that is there has its count, its n and its limits: where one is not printed, as the n of a true zero was
    not before counts were rounded, it is hidden. Of what others have published none is known.
    """
    own = status if status in SYMBOLS and status != "low" else "c" if is_ours and kind in _WHOLE else "z"
    compared = "c" if status == "c" else "x"
    return {
        column: (compared if service or not attribute.startswith("difference") else "z")
        if attribute.startswith(("change", "difference"))
        else own
        for column, attribute in _ATTRIBUTES[kind]
    }
