"""Which table of the report gets a chart, and what it draws: where people would rather look than read.

A chart is drawn from the figures of the edition's own first slice (or its years); hidden figures stay gaps.
"""

from __future__ import annotations

from collections.abc import Callable

from reporting.charts.bars import bars
from reporting.charts.drawing import Drawing, Item
from reporting.charts.grouped_bars import BarGroup, grouped_bars
from reporting.charts.histogram import histogram
from reporting.document.blocks import Block
from reporting.figures import Figure
from reporting.forms_report.edition import Edition
from reporting.forms_report.tables import row_label
from reporting.indicators import Indicator
from reporting.numbers import is_share

# Rows that say nothing when they are drawn beside the others.
_ASIDE = {"Missing", "Don't know", "Not disclosed", "Number experiencing four or more"}


def chart_of(edition: Edition, indicator: Indicator) -> list[Block]:
    """The charts that stand above a table; none for most tables, and none where nobody is in the base or was asked."""
    draw = CHARTS.get(indicator.indicator_id)
    if draw is None or all(one.is_asked_by_nobody for one in edition.lead(indicator.indicator_id)):
        return []
    title = f"{indicator.title}, {edition.slices[0].heading}"
    return [draw(edition, indicator).block(f"chart-{indicator.indicator_id}", title)]


def item(figure: Figure, label: str = "") -> Item:
    """A figure as something to draw, with its interval; a hidden one keeps its symbol and no number."""
    return Item(
        label=label or row_label(figure),
        value=figure.value,
        lower=figure.lower_95,
        upper=figure.upper_95,
        n=figure.denominator,
        status=figure.status,
    )


def _rows(edition: Edition, indicator: Indicator) -> list[Figure]:
    return [
        figure
        for figure in edition.lead(indicator.indicator_id)
        if is_share(figure) and not figure.point and figure.row_label not in _ASIDE and figure.parent_label is None
    ]


def _bands(edition: Edition, indicator: Indicator) -> Drawing:
    items = [item(figure) for figure in _rows(edition, indicator)]
    return histogram(items, unit="%", subject=indicator.title, axis=indicator.title)


def _bars(edition: Edition, indicator: Indicator) -> Drawing:
    return bars([item(figure) for figure in _rows(edition, indicator)], unit="%", subject=indicator.title)


def _yes(edition: Edition, indicator: Indicator) -> Drawing:
    """Of a matrix, how many said yes to each row."""
    figures = [figure for figure in _rows(edition, indicator) if figure.column_label == "Yes"]
    return bars([item(figure) for figure in figures], unit="%", subject=f"{indicator.title}: Yes")


def _over_years(edition: Edition, indicator: Indicator) -> Drawing:
    """The ten largest rows of the first slice, each over the slices of the edition."""
    lines = [
        line
        for line in edition.table(indicator.indicator_id).values()
        if line[0] is not None and is_share(line[0]) and line[0].row_label not in _ASIDE
    ]
    lines.sort(key=lambda line: -(line[0].value or 0.0) if line[0] is not None else 0.0)
    groups = [
        BarGroup(
            row_label(line[0]),
            tuple(
                item(figure, slice_.heading)
                for figure, slice_ in reversed(list(zip(line, edition.slices, strict=True)))
                if figure is not None
            ),
        )
        for line in lines[:10]
        if line[0] is not None
    ]
    full = [group for group in groups if len(group.items) == len(edition.slices)]
    return grouped_bars(full, unit="%", subject=indicator.title)


def _points(edition: Edition, indicator: Indicator) -> Drawing:
    """Two points in the case side by side."""
    by_row: dict[int, list[Figure]] = {}
    for figure in edition.lead(indicator.indicator_id):
        if is_share(figure) and figure.point in {"intake", "exit"} and figure.row_label not in _ASIDE:
            by_row.setdefault(figure.row_order, []).append(figure)
    groups = []
    for figures in by_row.values():
        figures.sort(key=lambda figure: figure.point == "exit")
        if len(figures) == 2:
            groups.append(
                BarGroup(row_label(figures[0]), tuple(item(figure, figure.point.capitalize()) for figure in figures))
            )
    return grouped_bars(groups, unit="%", subject=f"{indicator.title} at intake and at exit")


def _columns(edition: Edition, indicator: Indicator) -> Drawing:
    """Answer columns of a matrix side by side: need, support, improvement."""
    by_row: dict[int, list[Figure]] = {}
    for figure in edition.lead(indicator.indicator_id):
        if is_share(figure):
            by_row.setdefault(figure.row_order, []).append(figure)
    most = max((len(figures) for figures in by_row.values()), default=0)
    groups = [
        BarGroup(row_label(figures[0]), tuple(item(figure, figure.column_label) for figure in figures))
        for figures in by_row.values()
        if len(figures) == most
    ]
    return grouped_bars(groups, unit="%", subject=indicator.title)


CHARTS: dict[str, Callable[[Edition, Indicator], Drawing]] = {
    "client_age": _bands,
    "client_ace_types": _bars,
    "intake_referral_route": _over_years,
    "exposure_abuse_types": _yes,
    "direct_abuse_types": _yes,
    "harmful_types": _yes,
    "concerns_identified": _yes,
    "exit_abuse_presence": _points,
    "exit_case_length": _bands,
    "needs_support_matrix": _columns,
}
