"""Cells of the chapter: one part of one figure each, with the key that says whose number it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reporting.charts.drawing import Item
from reporting.document.blocks import Cell
from reporting.document.figure_cell import figure_cell
from reporting.figures import Figure, Figures
from reporting.numbers import decimal

_MOST_DECIMALS = 2


class Decimals:
    """How many decimals a value is printed with: those of its line in the catalogue, or as many as it has."""

    def __init__(self, figures: Figures) -> None:
        rows = figures.query(
            "select indicator_id, line_order, max(decimals) from reference.social_care_indicator_line group by all"
        )
        self._known: Mapping[tuple[str, int], int] = {
            (str(key), int(str(line))): int(str(places)) for key, line, places in rows if places is not None
        }

    def of(self, figure: Figure) -> int:
        """Decimals of one figure; 0 where it has no value."""
        if figure.source == "indicator_value" and (figure.indicator_id, figure.row_order) in self._known:
            return self._known[figure.indicator_id, figure.row_order]
        if figure.value_rounded is None or figure.statistic == "count":
            return 0
        if figure.source != "indicator_value":
            if figure.statistic == "median":
                return 1 if figure.unit == "years" else 0
            is_ratio = figure.statistic in {"standardised_ratio", "ratio"} and not figure.unit.startswith("%")
            return 2 if is_ratio else 1
        shortest = repr(figure.value_rounded).partition(".")[2]
        return 0 if shortest in {"", "0"} else min(len(shortest), _MOST_DECIMALS)


def value_cell(figure: Figure | None, decimals: Decimals) -> Cell:
    """The value without its unit, which stands in the heading; its symbol where there is none."""
    if figure is None:
        return Cell("")
    places = decimals.of(figure)
    if figure.value_rounded is None:
        return figure_cell(figure, "value", places)
    return Cell(decimal(figure.value_rounded, places), figure.key, "value", "low" if figure.status == "low" else "")


def interval_cell(figure: Figure | None, decimals: Decimals) -> Cell:
    """Both limits with the decimals of the value, one at least."""
    if figure is None:
        return Cell("")
    if figure.lower_95 is None or figure.upper_95 is None:
        return figure_cell(figure, "interval")
    places = max(1, decimals.of(figure))
    return Cell(f"{decimal(figure.lower_95, places)} to {decimal(figure.upper_95, places)}", figure.key, "interval")


def count_cell(figure: Figure | None, part: str) -> Cell:
    """The numerator or the denominator."""
    return Cell("") if figure is None else figure_cell(figure, part)


def change_cell(figure: Figure | None) -> Cell:
    """The change against the year before, with its word; empty where none is given, also for a hidden figure."""
    if figure is None or figure.change_mark is None:
        return Cell("")
    return figure_cell(figure, "change")


def not_available(figures: Sequence[Figure]) -> list[str]:
    """Why figures are not available, a note for each reason, with the periods it is true of in order."""
    periods: dict[str, dict[str, None]] = {}
    for figure in sorted(figures, key=lambda one: (one.period, one.period_label)):
        if figure.status == "x" and figure.status_reason:
            periods.setdefault(figure.status_reason, {})[figure.period_label] = None
    return [f"x, {', '.join(labels)}: {reason}." for reason, labels in periods.items()]


def chart_item(figure: Figure | None, label: str) -> Item:
    """What a chart draws of a figure: nothing but its symbol where it is hidden or missing."""
    if figure is None:
        return Item(label=label, value=None, status="x")
    return Item(
        label=label,
        value=figure.value,
        lower=figure.lower_95,
        upper=figure.upper_95,
        n=figure.denominator,
        status=figure.status,
    )
