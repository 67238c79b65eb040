"""Which table of the report gets a chart, and what it draws: where people would rather look than read.

A chart is drawn from the figures of the edition's own first slice (or its years); hidden figures stay gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reporting.charts import kinds as charts
from reporting.charts.kinds import Combination, Drawing, Flow, Group, Item
from reporting.document.blocks import Block, Cell, Column, Row, Table
from reporting.figures import Figure
from reporting.forms_report.edition import Edition, Indicator
from reporting.forms_report.tables import row_label
from reporting.numbers import figure_cell, is_share

# Place of the totals in a table of transitions.
_ALL = 101
# Rows that say nothing when they are drawn beside the others.
_ASIDE = {"Missing", "Don't know", "Not disclosed", "Number experiencing four or more"}


def chart_of(edition: Edition, indicator: Indicator) -> list[Block]:
    """The charts that stand above a table; none for most tables, and none where nobody is in the base."""
    draw = _CHARTS.get(indicator.indicator_id)
    if draw is None or not edition.table(indicator.indicator_id):
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
    return charts.histogram(items, unit="%", subject=indicator.title, axis=indicator.title)


def _bars(edition: Edition, indicator: Indicator) -> Drawing:
    return charts.bars([item(figure) for figure in _rows(edition, indicator)], unit="%", subject=indicator.title)


def _yes(edition: Edition, indicator: Indicator) -> Drawing:
    """Of a matrix, how many said yes to each row."""
    figures = [figure for figure in _rows(edition, indicator) if figure.column_label == "Yes"]
    return charts.bars([item(figure) for figure in figures], unit="%", subject=f"{indicator.title}: Yes")


def _over_years(edition: Edition, indicator: Indicator) -> Drawing:
    """The ten largest rows of the first slice, each over the slices of the edition."""
    lines = [
        line
        for line in edition.table(indicator.indicator_id).values()
        if line[0] is not None and is_share(line[0]) and line[0].row_label not in _ASIDE
    ]
    lines.sort(key=lambda line: -(line[0].value or 0.0) if line[0] is not None else 0.0)
    groups = [
        Group(
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
    return charts.grouped_bars(full, unit="%", subject=indicator.title)


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
                Group(row_label(figures[0]), tuple(item(figure, figure.point.capitalize()) for figure in figures))
            )
    return charts.grouped_bars(groups, unit="%", subject=f"{indicator.title} at intake and at exit")


def _columns(edition: Edition, indicator: Indicator) -> Drawing:
    """Answer columns of a matrix side by side: need, support, improvement."""
    by_row: dict[int, list[Figure]] = {}
    for figure in edition.lead(indicator.indicator_id):
        if is_share(figure):
            by_row.setdefault(figure.row_order, []).append(figure)
    most = max((len(figures) for figures in by_row.values()), default=0)
    groups = [
        Group(row_label(figures[0]), tuple(item(figure, figure.column_label) for figure in figures))
        for figures in by_row.values()
        if len(figures) == most
    ]
    return charts.grouped_bars(groups, unit="%", subject=indicator.title)


_CHARTS: dict[str, Callable[[Edition, Indicator], Drawing]] = {
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


def combinations(figures: Sequence[Figure], *, chart_id: str, title: str) -> list[Block]:
    """An UpSet plot of one set of answers that occur together (`co_occurrence`), with the table of its combinations."""
    shares = [figure for figure in figures if figure.column_order == 1]
    if not any(figure.denominator for figure in shares):
        return []
    names = _members(shares)
    drawing = charts.upset(
        list(names.values()),
        [
            Combination(
                tuple(name for bit, name in names.items() if figure.row_order & bit), figure.numerator, figure.status
            )
            for figure in shares
        ],
        subject=title,
    )
    largest = sorted(shares, key=lambda figure: (-(figure.numerator or 0), figure.row_order))
    rows = [
        Row((Cell(figure.row_label), *(figure_cell(figure, part, 1) for part in ("count_of_n", "value", "interval"))))
        for figure in largest
        if figure.numerator != 0
    ]
    table = Table(
        f"{chart_id}-table",
        title,
        (Column("Exactly these", align="text"), Column("Count of n"), Column("%"), Column("95 % interval")),
        tuple(rows),
        ("Each row counts forms with exactly these answers and none of the others; those of nobody are left out.",),
    )
    return [drawing.block(chart_id, title), table]


def _members(shares: Sequence[Figure]) -> dict[int, str]:
    """The name of each answer by its bit: a combination's row order is the sum of the bits of its answers.

    A combination with a name of its own, instead of those of its answers, tells nothing and is passed over.
    """
    names: dict[int, str] = {}
    for figure in shares:
        bits = [1 << place for place in range(figure.row_order.bit_length()) if figure.row_order >> place & 1]
        labels = figure.row_label.split(" + ")
        if len(bits) == len(labels):
            names |= dict(zip(bits, labels, strict=True))
    return dict(sorted(names.items()))


def flows(figures: Sequence[Figure], *, chart_id: str, title: str) -> list[Block]:
    """Ribbons from the answer at intake to the answer at exit of the same children (`paired_transition`)."""
    cells = [figure for figure in figures if _ALL not in (figure.row_order, figure.column_order)]
    if not any(figure.numerator for figure in cells):
        return []
    drawing = charts.flow(
        [
            Flow(figure.row_label, figure.column_label, figure.numerator, figure.status)
            for figure in cells
            if figure.numerator != 0
        ],
        source="Intake",
        target="Exit",
        subject=title,
    )
    answers = sorted({(figure.column_order, figure.column_label) for figure in figures})
    by_row: dict[tuple[int, str], dict[int, Figure]] = {}
    for figure in figures:
        by_row.setdefault((figure.row_order, figure.row_label), {})[figure.column_order] = figure
    table = Table(
        f"{chart_id}-table",
        f"{title}: children by both answers",
        (Column("Answer at intake", align="text"), *(Column(label, "Answer at exit") for _, label in answers)),
        tuple(
            Row(
                (
                    Cell(label),
                    *(figure_cell(beside[order], "numerator") if order in beside else Cell("") for order, _ in answers),
                ),
                is_total=row == _ALL,
            )
            for (row, label), beside in sorted(by_row.items())
        ),
        ("Counts exit forms that were matched to an intake form of the same client.",),
    )
    return [drawing.block(chart_id, title), table]
