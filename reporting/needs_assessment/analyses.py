"""Tables and charts of the social care marts, each from one list of figures.

They count across several events of one child, so they have rows before disclosure control only: the public edition says
so where they would stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from reporting.charts.bars import bars
from reporting.charts.curves import Curve, curves
from reporting.charts.drawing import Drawing
from reporting.charts.lines import Series, lines
from reporting.charts.upset import Combination, upset
from reporting.document.blocks import Block, Cell, Column, Paragraph, Row, Table
from reporting.figures import Figure
from reporting.needs_assessment.cells import (
    Decimals,
    change_cell,
    chart_item,
    count_cell,
    interval_cell,
    not_available,
    value_cell,
)
from reporting.needs_assessment.findings import Compared, comparisons, together
from reporting.needs_assessment.layout import Analysis

_FIRST = 1
_LINES_AT_MOST = 5
_COLUMNS_WITH_COUNTS = 3
# Their value is the count, or stands over two counts that have columns of their own.
_WITHOUT_COUNT = frozenset({"count", "ratio"})
# Of persons and groups in words; what is not here is printed as it stands.
_WORDS = {
    "adults": "Parents, carers and other adults",
    "anyone": "Anyone",
    "child": "The child",
    "all": "All returns home",
    "planned": "As planned",
    "unplanned": "Not as planned",
    "no_parental_responsibility": "To somebody without parental responsibility",
}
_TIMED = "months"


def analysis_blocks(
    analysis: Analysis, figures: Sequence[Figure], *, area_name: str, prefix: str, decimals: Decimals
) -> list[Block]:
    """Finding, chart and table of one analysis; nothing where it has no figures.

    `figures` are those of the analysis for the area, and for England where it has some.
    """
    own = [
        figure
        for figure in figures
        if figure.geography_level == "authority" and (not analysis.only or figure.breakdown_value == analysis.only)
    ]
    if not own:
        return []
    last = max(figure.period for figure in own)
    latest = [figure for figure in own if figure.period == last]
    shown = own if analysis.is_over_years else latest
    slug = analysis.indicator_id.replace("/", "-").replace("_", "-")
    over = "" if analysis.is_over_years else f", {_periods(latest)}"
    title = f"{analysis.title}{over}"
    table = _table(f"table-{prefix}-{slug}", title, analysis, shown, figures, decimals)
    blocks: list[Block] = [
        Paragraph(text, "finding", (figure.key,)) for text, figure in _findings(analysis, latest, figures)
    ]
    drawing = _drawing(analysis, shown, latest, title, area_name)
    if drawing is None:
        return [*blocks, table]
    return [*blocks, drawing.block(f"chart-{prefix}-{slug}", title), table]


def _periods(figures: Sequence[Figure]) -> str:
    return ", ".join(sorted({figure.period_label for figure in figures}))


def _words(value: str) -> str:
    plain = value.replace("_", " ")
    return _WORDS.get(value, plain[:1].upper() + plain[1:])


def _row_label(analysis: Analysis, figure: Figure, *, with_period: bool) -> str:
    label = figure.row_label[:1].upper() + figure.row_label[1:]
    if analysis.names_breakdown:
        named = _words(figure.breakdown_value)
        if figure.breakdown in {"substance", "disability", "ethnic_group", "unaccompanied"}:
            named = f"{_words(figure.breakdown)}, {named[:1].lower()}{named[1:]}"
        label = f"{named}: {label}"
    return f"{figure.period_label}: {label}" if with_period else label


def _table(
    table_id: str,
    title: str,
    analysis: Analysis,
    shown: Sequence[Figure],
    figures: Sequence[Figure],
    decimals: Decimals,
) -> Table:
    orders = sorted({figure.column_order for figure in shown})
    groups: dict[int, Figure] = {order: next(one for one in shown if one.column_order == order) for order in orders}
    grid: dict[tuple[object, ...], dict[int, Figure]] = defaultdict(dict)
    for figure in shown:
        place = (
            -figure.period,
            figure.period_label,
            figure.breakdown,
            figure.breakdown_value if analysis.names_breakdown else "",
            figure.row_order,
            figure.row_label,
        )
        grid[place][figure.column_order] = figure
    beside = {
        (figure.geography_level, figure.period, figure.breakdown_value, figure.column_order): figure
        for figure in figures
        if figure.geography_level != "authority"
    }
    columns = [Column("What is counted", align="text")]
    builders: list[tuple[int, Callable[[Figure | None], Cell]]] = []
    for order in orders:
        example = groups[order]
        members = [figure for figure in shown if figure.column_order == order]
        heading = example.column_label if len(orders) > 1 else ""
        units = sorted({figure.unit for figure in members})
        # Rows of several units say theirs themselves; a heading can only hold one.
        unit = units[0] if len(units) == 1 else "Value"
        # Many columns leave no room for the count behind each: the base then stands once, before them all.
        is_wide = len(orders) > _COLUMNS_WITH_COUNTS
        has_count = any(figure.numerator is not None for figure in members)
        if has_count and example.statistic not in _WITHOUT_COUNT and not is_wide and not _repeats(grid, order, orders):
            columns.append(Column("Count", heading))
            builders.append((order, lambda figure: count_cell(figure, "numerator")))
        has_base = example.statistic in {"percentage", "median"} and any(one.denominator is not None for one in members)
        if has_base and not (is_wide and order != orders[0]):
            columns.append(Column("n", heading))
            builders.append((order, lambda figure: count_cell(figure, "denominator")))
        columns.append(Column(unit if len(units) > 1 or unit != "%" else "%", heading))
        builders.append((order, lambda figure: value_cell(figure, decimals)))
        if any(figure.lower_95 is not None for figure in members):
            columns.append(Column("95 % interval", heading))
            builders.append((order, lambda figure: interval_cell(figure, decimals)))
        if any(figure.change_mark is not None for figure in members):
            columns.append(Column("Change from the year before", heading, align="text"))
            builders.append((order, change_cell))
    levels = [
        (level, name)
        for level, name in (("country", "England"), ("statistical_neighbours", "Neighbours"))
        if any(key[0] == level for key in beside)
    ]
    columns.extend(Column(name, "Published" if len(orders) > 1 else "") for _, name in levels)
    rows = []
    several_units = any(len({figure.unit for figure in shown if figure.column_order == order}) > 1 for order in orders)
    for key in sorted(grid, key=lambda one: tuple(map(_sortable, one))):
        cells = grid[key]
        first = cells[min(cells)]
        label = _row_label(analysis, first, with_period=analysis.is_over_years)
        if several_units:
            label = f"{label} ({first.unit})"
        row = [Cell(label), *(build(cells.get(order)) for order, build in builders)]
        row.extend(
            value_cell(beside.get((level, first.period, first.breakdown_value, _FIRST)), decimals)
            for level, _ in levels
        )
        rows.append(Row(tuple(row)))
    return Table(
        table_id, title, tuple(columns), tuple(rows), (f"Divided by: {analysis.n_counts}.", *not_available(shown))
    )


def _repeats(grid: Mapping[tuple[object, ...], Mapping[int, Figure]], order: int, orders: Sequence[int]) -> bool:
    """Whether a column's counts stand in an earlier column already."""
    return any(
        all(
            cells[earlier].numerator == cells[order].numerator
            for cells in grid.values()
            if earlier in cells and order in cells
        )
        for earlier in orders
        if earlier < order
    )


def _sortable(part: object) -> tuple[int, float, str]:
    return (0, float(part), "") if isinstance(part, int | float) else (1, 0.0, str(part))


def _findings(analysis: Analysis, latest: Sequence[Figure], figures: Sequence[Figure]) -> list[tuple[str, Figure]]:
    """Sentences, each with the figure it speaks of."""
    if analysis.indicator_id in {"factor_intersection/assessment", "factor_pair"}:
        ratios = [figure for figure in latest if figure.statistic == "standardised_ratio"]
        if analysis.indicator_id != "factor_pair":
            most = max((figure.breakdown_value.count("+") for figure in ratios), default=0)
            ratios = [figure for figure in ratios if most and figure.breakdown_value.count("+") == most]
        return [(said, figure) for figure in ratios if (said := together(figure.row_label, figure))]
    if analysis.indicator_id == "conversion":
        return _conversion_findings(figures)
    return []


def _conversion_findings(figures: Sequence[Figure]) -> list[tuple[str, Figure]]:
    published = {
        (figure.geography_level, figure.period, figure.breakdown_value): figure.value
        for figure in figures
        if figure.geography_level != "authority"
    }
    last = max((period for _, period, _ in published), default=0)
    said = []
    for figure in figures:
        if figure.geography_level != "authority" or figure.period != last or figure.column_order != _FIRST:
            continue
        one = Compared(
            figure,
            published.get(("country", last, figure.breakdown_value)),
            published.get(("statistical_neighbours", last, figure.breakdown_value)),
        )
        words = comparisons(one, None)
        if words:
            said.append((f"{figure.row_label}, {figure.period_label}: {', '.join(words)}.", figure))
    return sorted(said, key=lambda one: (one[1].row_order, one[0]))


def _drawing(
    analysis: Analysis, shown: Sequence[Figure], latest: Sequence[Figure], title: str, area_name: str
) -> Drawing | None:
    first = min(figure.column_order for figure in shown)
    wanted = [figure for figure in shown if figure.column_order == first]
    subject = f"{title}, {area_name}"
    if analysis.drawn == "bars":
        rows = sorted((figure for figure in wanted if figure in latest), key=lambda figure: figure.row_order)
        return bars(
            [chart_item(figure, figure.row_label) for figure in rows], unit=_axis(rows[0].unit), subject=subject
        )
    if analysis.drawn == "upset":
        return _upset(wanted, subject)
    if analysis.drawn == "curves":
        return _curves(wanted, subject)
    if analysis.drawn == "lines":
        return _lines(wanted, subject)
    return None


def _axis(unit: str) -> str:
    return "%" if unit.startswith("%") else "" if unit.startswith("per ") else unit


def _upset(figures: Sequence[Figure], subject: str) -> Drawing:
    members = list(
        dict.fromkeys(
            name
            for figure in sorted(figures, key=lambda figure: figure.row_order)
            if figure.breakdown_value != "none"
            for name in figure.row_label.split(" + ")
        )
    )
    return upset(
        members,
        [
            Combination(
                () if figure.breakdown_value == "none" else tuple(figure.row_label.split(" + ")),
                figure.numerator,
                figure.status,
            )
            for figure in figures
        ],
        subject=subject,
    )


def _curves(figures: Sequence[Figure], subject: str) -> Drawing:
    kinds: dict[str, list[Figure]] = defaultdict(list)
    for figure in sorted(figures, key=lambda figure: figure.row_order):
        # A curve ends where its first point is missing or hidden: the next one would say where that lies.
        if figure.value is not None and len(kinds[figure.breakdown_value]) == _place_in_curve(figures, figure):
            kinds[figure.breakdown_value].append(figure)
    return curves(
        [
            Curve(
                _words(kind),
                tuple((float(one.row_order), one.value or 0.0, one.lower_95, one.upper_95) for one in members),
            )
            for kind, members in kinds.items()
        ],
        title="Back in care, %",
        axis=f"{_TIMED} since the return",
        subject=subject,
    )


def _place_in_curve(figures: Sequence[Figure], figure: Figure) -> int:
    return sum(one.breakdown_value == figure.breakdown_value and one.row_order < figure.row_order for one in figures)


def _lines(figures: Sequence[Figure], subject: str) -> Drawing:
    periods = list(dict.fromkeys(figure.period_label for figure in sorted(figures, key=lambda figure: figure.period)))
    by_row: dict[tuple[int, str], dict[str, Figure]] = defaultdict(dict)
    units = [figure.unit for figure in sorted(figures, key=lambda figure: figure.row_order)]
    for figure in figures:
        # Counts of one thing in one picture: offences are not persons.
        if figure.unit == units[0]:
            by_row[figure.row_order, figure.row_label][figure.period_label] = figure
    series = [
        Series(label, tuple(chart_item(cells.get(period), period) for period in periods))
        for (_, label), cells in sorted(by_row.items())[:_LINES_AT_MOST]
    ]
    unit = units[0]
    return lines(series, unit=_axis(unit), title=unit[:1].upper() + unit[1:], subject=subject)
