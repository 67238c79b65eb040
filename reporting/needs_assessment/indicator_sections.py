"""The section of one indicator: a finding, a chart, and the table of every period and part."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reporting.charts.bars import bars
from reporting.charts.drawing import Item
from reporting.charts.lines import Series, lines
from reporting.document.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from reporting.figures import Figure
from reporting.indicators import Indicator
from reporting.needs_assessment.area import BENCHMARKS, Area
from reporting.needs_assessment.cells import (
    Decimals,
    change_cell,
    chart_item,
    count_cell,
    interval_cell,
    not_available,
    value_cell,
)
from reporting.needs_assessment.findings import Compared, sentence
from reporting.needs_assessment.series import latest_parts, longest_run, part_label, part_place

# Two points make no line that anybody should read a direction from.
_LEAST_PERIODS = 3
# Level of the geography, period, breakdown and its value.
Beside = Mapping[tuple[str, str, str, str], Figure]


def indicator_section(indicator: Indicator, area: Area) -> Section:
    """What is known of an indicator for an area that has figures of it, beside what is published for others."""
    ident = f"{area.prefix}-{indicator.indicator_id.replace('_', '-')}"
    figures = area.indicators[indicator.indicator_id]
    own = [figure for figure in figures if figure.geography_level == "authority"]
    beside = _beside(figures)
    series = longest_run(figures)
    blocks: list[Block] = []
    said = sentence(
        [_compared(figure, beside) for figure in series],
        polarity=indicator.polarity,
        values=[_with_unit(figure, area.decimals) for figure in series],
    )
    if said:
        text, shown = said
        blocks.append(Paragraph(text, "finding", tuple(figure.key for figure in shown)))
    if len(series) >= _LEAST_PERIODS:
        blocks.append(_line_chart(indicator, series, beside, area, ident))
    elif parts := latest_parts(own):
        drawing = bars(
            [chart_item(figure, part_label(figure)) for figure in parts],
            unit="%" if parts[0].unit.startswith("%") else "",
            title=parts[0].unit,
            subject=f"{indicator.title}, {area.name}, {parts[0].period_label}",
        )
        blocks.append(drawing.block(f"chart-{ident}", f"{indicator.title}, {parts[0].period_label}"))
    blocks.append(_table(indicator, own, beside, area, ident))
    return Section(ident, indicator.title, tuple(blocks))


def _beside(figures: Sequence[Figure]) -> dict[tuple[str, str, str, str], Figure]:
    return {
        (figure.geography_level, figure.period_label, figure.breakdown, figure.breakdown_value): figure
        for figure in figures
        if figure.geography_level != "authority"
    }


def _compared(figure: Figure, beside: Beside) -> Compared:
    found = [
        beside.get((level, figure.period_label, figure.breakdown, figure.breakdown_value)) for level, _ in BENCHMARKS
    ]
    values = [None if one is None else one.value for one in found]
    return Compared(figure, values[0], values[1])


def _with_unit(figure: Figure, decimals: Decimals) -> str:
    text = value_cell(figure, decimals).text
    # The catalogue says of a count what it counts: count of young people, count per year, count (cumulative).
    unit = re.sub(r"^count( of)?\s*", "", figure.unit)
    return text if figure.value is None or not unit or unit.startswith("(") else f"{text} {unit}"


def _line_chart(
    indicator: Indicator,
    series: Sequence[Figure],
    beside: Beside,
    area: Area,
    ident: str,
) -> Block:
    drawn = [Series(area.name, tuple(chart_item(figure, figure.period_label) for figure in series))]
    for level, name in BENCHMARKS:
        items = tuple(
            Item(figure.period_label, one.value, status=one.status)
            if (one := beside.get((level, figure.period_label, "total", "total")))
            # What was never published for a year is no gap in the area's figures: nothing stands at its foot.
            else Item(figure.period_label, None, status=" ")
            for figure in series
        )
        if any(item.value is not None for item in items):
            drawn.append(Series(name, items))
    unit = series[-1].unit
    drawing = lines(
        drawn,
        unit="%" if unit.startswith("%") else "count" if unit.startswith("count") else "",
        title=unit[:1].upper() + unit[1:],
        subject=f"{indicator.title}, {area.name}",
    )
    return drawing.block(f"chart-{ident}", indicator.title)


def _table(
    indicator: Indicator,
    own: Sequence[Figure],
    beside: Beside,
    area: Area,
    ident: str,
) -> Table:
    has = {
        "numerator": any(figure.numerator is not None and figure.statistic != "count" for figure in own),
        "denominator": any(figure.denominator is not None and figure.statistic != "count" for figure in own),
        "interval": any(figure.lower_95 is not None for figure in own),
        "change": any(figure.change_mark is not None for figure in own),
    }
    levels = [(level, name) for level, name in BENCHMARKS if any(key[0] == level for key in beside)]
    columns = [Column("Period", align="text")]
    columns += [Column("Count")] if has["numerator"] else []
    columns += [Column("n")] if has["denominator"] else []
    columns += [Column(_heading(indicator, own))]
    columns += [Column("95 % interval")] if has["interval"] else []
    columns += [Column("Change from the year before", align="text")] if has["change"] else []
    columns += [Column(name) for _, name in levels]
    rows = []
    for figure in sorted(own, key=_table_place):
        key = (figure.period_label, figure.breakdown, figure.breakdown_value)
        label = figure.period_label if figure.breakdown == "total" else f"{figure.period_label}: {part_label(figure)}"
        cells = [Cell(label)]
        cells += [count_cell(figure, "numerator")] if has["numerator"] else []
        cells += [count_cell(figure, "denominator")] if has["denominator"] else []
        cells += [value_cell(figure, area.decimals)]
        cells += [interval_cell(figure, area.decimals)] if has["interval"] else []
        cells += [change_cell(figure)] if has["change"] else []
        cells += [value_cell(beside.get((level, *key)), area.decimals) for level, _ in levels]
        rows.append(Row(tuple(cells)))
    notes = [f"Counted: {indicator.numerator}."] if indicator.numerator else []
    if indicator.n_counts and indicator.n_counts != "none":
        notes.append(f"Divided by: {indicator.n_counts}.")
    notes += not_available(own)
    if any(figure.recent_trend == "not tested" for figure in own):
        notes.append(
            "The trend is not tested: the figure is no share, or what is counted is not independent from case to case "
            "or from year to year."
        )
    return Table(f"table-{ident}", indicator.title, tuple(columns), tuple(rows), tuple(notes))


def _table_place(figure: Figure) -> tuple[object, ...]:
    """The latest period first; its total before its parts."""
    return (-figure.period, figure.period_label, figure.breakdown != "total", figure.breakdown, part_place(figure))


def _heading(indicator: Indicator, own: Sequence[Figure]) -> str:
    units = {figure.unit for figure in own}
    unit = next(iter(units)) if len(units) == 1 else indicator.unit or ""
    return unit[:1].upper() + unit[1:] if unit else "Value"
