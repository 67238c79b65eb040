"""The chapter of one authority, section by section in the order of the needs assessment.

Everything about an area is data: its name, its neighbours' and England's values come with the figures, so another
authority gets its chapter by sending its own returns.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.errors import OperatorError
from reporting.charts import kinds as charts
from reporting.charts.kinds import Item, Series
from reporting.document.blocks import Block, BulletList, Cell, Column, Document, Paragraph, Row, Section, Table
from reporting.figures import Figure, Figures
from reporting.needs_assessment.analyses import analysis_blocks
from reporting.needs_assessment.cells import Decimals, change_cell, chart_item, count_cell, interval_cell, value_cell
from reporting.needs_assessment.findings import Compared, sentence
from reporting.needs_assessment.layout import GROUPS, SPEAKS_TO, STEPS, Group

# Two points make no line that anybody should read a direction from.
_LEAST_PERIODS = 3
_BENCHMARKS = (("country", "England"), ("statistical_neighbours", "Neighbours"))
_RULES = (
    "A value published for others that lies inside the 95 % interval of the area's own, limits included, is called "
    "similar; otherwise the area is higher or lower, and better or worse where it is known which of the two is good. "
    "A trend is called significant when the chi-square test over five years without a gap exceeds 9.5495 and every "
    "line that leaves one year out has the same direction. Years of stocks hold many of the same children, so that "
    "test is rough for them. What is hidden is not compared."
)


@dataclass(frozen=True)
class _Indicator:
    indicator_id: str
    section: str
    title: str
    unit: str
    numerator: str
    n_counts: str
    polarity: str | None
    computable: str
    why: str | None


@dataclass(frozen=True)
class _Area:
    """What the sections of one area need: its name, its figures by indicator and analysis, how numbers are printed."""

    name: str
    prefix: str
    indicators: Mapping[str, Sequence[Figure]]
    analyses: Mapping[str, Sequence[Figure]]
    decimals: Decimals


def areas(figures: Figures) -> list[tuple[str, str]]:
    """Code and name of every authority that has figures, in order of the code."""
    codes = {
        figure.geography_code
        for figure in figures.select(source="indicator_value", theme="social_care", geography_level="authority")
    }
    names = _names(figures)
    return [(code, names.get(code, code)) for code in sorted(codes)]


def build_needs_assessment(figures: Figures, *, area: str) -> Document:
    """The chapter of an authority as a document of its own. Raises OperatorError for an area that is not known."""
    name = _name(figures, area)
    return Document(
        document_id=f"needs-assessment-{area}",
        title="Safeguarding children: needs assessment",
        subtitle=name,
        mode=figures.mode,
        sections=build_chapter(figures, area=area),
        facts=(("Area", name),),
    )


def build_chapter(figures: Figures, *, area: str) -> tuple[Section, ...]:
    """The sections of one authority; of one without returns, a section that says so.

    Raises OperatorError, listing what there is, for an area that is not known at all.
    """
    name = _name(figures, area)
    prefix = f"area-{re.sub(r'[^a-z0-9]+', '-', area.lower())}"
    found: dict[str, list[Figure]] = defaultdict(list)
    analysed: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures.select(theme="social_care"):
        if figure.geography_level == "country" or figure.geography_code == area:
            (found if figure.source == "indicator_value" else analysed)[figure.indicator_id].append(figure)
    indicators = _indicators(figures)
    # England is there whoever sends returns; an area is there when it has sent some.
    has_own = {
        indicator.indicator_id
        for indicator in indicators
        if any(figure.geography_level == "authority" for figure in found[indicator.indicator_id])
    }
    if not has_own:
        return (
            Section(
                f"{prefix}-none",
                "No returns",
                (
                    Paragraph(
                        f"No returns of {name} have come, so there is nothing to assess. Put its returns in their "
                        "folder and run again."
                    ),
                ),
            ),
        )
    own = _Area(name, prefix, found, analysed, Decimals(figures))
    sections = [_about(own, figures)]
    for group, members in _grouped(indicators):
        parts = [_indicator_section(one, own) for one in members if one.indicator_id in has_own]
        parts = [*_steps(group, own), *parts, *_analyses(group, own, figures)]
        if parts:
            note = (Paragraph(group.note, "note"),) if group.note else ()
            sections.append(Section(f"{prefix}-group-{group.group_id}", group.title, note, tuple(parts)))
    sections.append(_gaps(figures, area, own, {one.indicator_id: one for one in indicators}))
    sections.extend(_without([one for one in indicators if one.indicator_id not in has_own], prefix))
    return tuple(sections)


def _names(figures: Figures) -> dict[str, str]:
    return {str(code): str(name) for code, name in figures.query("select la_code, area_name from marts.dim_authority")}


def _name(figures: Figures, area: str) -> str:
    with_figures = dict(areas(figures))
    known = {**_names(figures), **with_figures}
    if area not in known:
        raise OperatorError(
            f"There is no area {area} with figures in this release; no chapter was made. "
            f"There are: {', '.join(sorted(with_figures)) or 'none'}."
        )
    return known[area]


def _indicators(figures: Figures) -> list[_Indicator]:
    rows = figures.query(
        "select indicator_id, section, title, unit, coalesce(numerator, ''), coalesce(n_counts, ''), polarity, "
        "coalesce(computable, ''), why from marts.indicator where theme = 'social_care' order by indicator_order"
    )
    return [
        _Indicator(
            indicator_id=str(key),
            section=str(section),
            title=str(title),
            unit=str(unit or ""),
            numerator=str(numerator),
            n_counts=str(n_counts),
            polarity=None if polarity is None else str(polarity),
            computable=str(computable),
            why=None if why is None else str(why).rstrip("."),
        )
        for key, section, title, unit, numerator, n_counts, polarity, computable, why in rows
    ]


def _grouped(indicators: Sequence[_Indicator]) -> list[tuple[Group, list[_Indicator]]]:
    """Every indicator in one group: where it was moved to, where its section stands, or in the last."""
    place = {section: group.group_id for group in GROUPS for section in group.sections}
    moved = {indicator_id: group.group_id for group in GROUPS for indicator_id in group.moved_here}
    members: dict[str, list[_Indicator]] = defaultdict(list)
    for one in indicators:
        members[moved.get(one.indicator_id, place.get(one.section, GROUPS[-1].group_id))].append(one)
    return [(group, members[group.group_id]) for group in GROUPS]


def _about(area: _Area, figures: Figures) -> Section:
    blocks: list[Block] = [
        Paragraph(
            f"Figures of {area.name} from its own returns, beside England and the statistical neighbours where those "
            "are published. Intervals are 95 %: Wilson's for shares, Byar's (exact Poisson below 10) for rates."
        ),
        Paragraph(_RULES, "note"),
    ]
    if figures.mode == "public":
        blocks.append(
            Paragraph(
                "Analyses that follow a child over several events (what occurs together, who goes on from step to "
                "step, who comes back into care) are part of the internal edition only: their cells cut across one "
                "another and across the tables here, and a few children in one of them could be found out from the "
                "others.",
                "note",
            )
        )
    return Section(f"{area.prefix}-about", "How to read this chapter", tuple(blocks))


# One indicator ------------------------------------------------------------------------------------------------------


def _kind(label: str) -> str:
    """Periods of one kind differ in digits only: 2014-15 and 2015-16, not 31 March 2016."""
    return re.sub(r"\d+", "#", label)


def _series(figures: Sequence[Figure]) -> list[Figure]:
    """The longest run of totals over periods of one kind, in order of time."""
    kinds: dict[str, list[Figure]] = defaultdict(list)
    first = min((figure.row_order for figure in figures), default=1)
    for figure in sorted(figures, key=lambda one: (one.period, one.period_label)):
        if figure.breakdown == "total" and figure.row_order == first and figure.geography_level == "authority":
            kinds[_kind(figure.period_label)].append(figure)
    return max(kinds.values(), key=len, default=[])


def _beside(figures: Sequence[Figure]) -> dict[tuple[str, str, str, str], Figure]:
    return {
        (figure.geography_level, figure.period_label, figure.breakdown, figure.breakdown_value): figure
        for figure in figures
        if figure.geography_level != "authority"
    }


def _compared(figure: Figure, beside: Mapping[tuple[str, str, str, str], Figure]) -> Compared:
    found = [
        beside.get((level, figure.period_label, figure.breakdown, figure.breakdown_value)) for level, _ in _BENCHMARKS
    ]
    values = [None if one is None else one.value for one in found]
    return Compared(figure, values[0], values[1])


def _indicator_section(indicator: _Indicator, area: _Area) -> Section:
    ident = f"{area.prefix}-{indicator.indicator_id.replace('_', '-')}"
    figures = area.indicators[indicator.indicator_id]
    own = [figure for figure in figures if figure.geography_level == "authority"]
    beside = _beside(figures)
    series = _series(figures)
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
    elif parts := _latest_parts(own):
        drawing = charts.bars(
            [chart_item(figure, _part_label(figure)) for figure in parts],
            unit="%" if parts[0].unit.startswith("%") else "",
            title=parts[0].unit,
            subject=f"{indicator.title}, {area.name}, {parts[0].period_label}",
        )
        blocks.append(drawing.block(f"chart-{ident}", f"{indicator.title}, {parts[0].period_label}"))
    blocks.append(_table(indicator, own, beside, area, ident))
    return Section(ident, indicator.title, tuple(blocks))


def _with_unit(figure: Figure, decimals: Decimals) -> str:
    text = value_cell(figure, decimals).text
    # The catalogue says of a count what it counts: count of young people, count per year, count (cumulative).
    unit = re.sub(r"^count( of)?\s*", "", figure.unit)
    return text if figure.value is None or not unit or unit.startswith("(") else f"{text} {unit}"


def _latest_parts(own: Sequence[Figure]) -> list[Figure]:
    """The parts of the latest whole year of what has parts only: duration bands, classes, sexes."""
    parts = [figure for figure in own if figure.breakdown not in {"total", "basis", "summary"}]
    if not parts:
        return []
    kinds: dict[str, list[Figure]] = defaultdict(list)
    for figure in parts:
        kinds[_kind(figure.period_label)].append(figure)
    run = max(kinds.values(), key=len)
    last = max(run, key=lambda figure: figure.period)
    return sorted((figure for figure in run if figure.period_label == last.period_label), key=_part_place)


def _part_label(figure: Figure) -> str:
    label = figure.breakdown_value.replace("_", " ")
    return label[:1].upper() + label[1:]


def _table_place(figure: Figure) -> tuple[object, ...]:
    """The latest period first; its total before its parts."""
    return (-figure.period, figure.period_label, figure.breakdown != "total", figure.breakdown, _part_place(figure))


def _part_place(figure: Figure) -> tuple[int, float, str]:
    """Bands of numbers in their order, what is not recorded last."""
    label = figure.breakdown_value
    if "not recorded" in label or label in {"unknown", "unclassified", "other"}:
        return (1, 0.0, label)
    number = re.search(r"\d+", label)
    if number is None:
        return (0, 0.0, label)
    above = 0.5 if label.startswith(("over", "more")) else -0.5 if label.startswith(("less", "under")) else 0.0
    return (0, int(number.group()) + above, label)


def _line_chart(
    indicator: _Indicator,
    series: Sequence[Figure],
    beside: Mapping[tuple[str, str, str, str], Figure],
    area: _Area,
    ident: str,
) -> Block:
    lines = [Series(area.name, tuple(chart_item(figure, figure.period_label) for figure in series))]
    for level, name in _BENCHMARKS:
        items = tuple(
            Item(figure.period_label, one.value, status=one.status)
            if (one := beside.get((level, figure.period_label, "total", "total")))
            # What was never published for a year is no gap in the area's figures: nothing stands at its foot.
            else Item(figure.period_label, None, status=" ")
            for figure in series
        )
        if any(item.value is not None for item in items):
            lines.append(Series(name, items))
    unit = series[-1].unit
    drawing = charts.lines(
        lines,
        unit="%" if unit.startswith("%") else "count" if unit.startswith("count") else "",
        title=unit[:1].upper() + unit[1:],
        subject=f"{indicator.title}, {area.name}",
    )
    return drawing.block(f"chart-{ident}", indicator.title)


def _table(
    indicator: _Indicator,
    own: Sequence[Figure],
    beside: Mapping[tuple[str, str, str, str], Figure],
    area: _Area,
    ident: str,
) -> Table:
    has = {
        "numerator": any(figure.numerator is not None and figure.statistic != "count" for figure in own),
        "denominator": any(figure.denominator is not None and figure.statistic != "count" for figure in own),
        "interval": any(figure.lower_95 is not None for figure in own),
        "change": any(figure.change_mark is not None for figure in own),
    }
    levels = [(level, name) for level, name in _BENCHMARKS if any(key[0] == level for key in beside)]
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
        label = figure.period_label if figure.breakdown == "total" else f"{figure.period_label}: {_part_label(figure)}"
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
    return Table(f"table-{ident}", indicator.title, tuple(columns), tuple(rows), tuple(notes))


def _heading(indicator: _Indicator, own: Sequence[Figure]) -> str:
    units = {figure.unit for figure in own}
    unit = next(iter(units)) if len(units) == 1 else indicator.unit
    return unit[:1].upper() + unit[1:] if unit else "Value"


# What stands beside the indicators ------------------------------------------------------------------------------------


def _steps(group: Group, area: _Area) -> list[Section]:
    """From referral to plan in the latest year that has all four counts, each as it is printed in its own table."""
    if not any(one == "referrals" for one in group.sections):
        return []
    by_year: dict[str, list[Figure]] = defaultdict(list)
    for indicator_id, _, _ in STEPS:
        for figure in area.indicators.get(indicator_id, ()):
            if figure.geography_level == "authority" and figure.breakdown == "total":
                by_year[figure.period_label].append(figure)
    complete = [found for found in by_year.values() if len(found) == len(STEPS)]
    if not complete:
        return []
    steps = max(complete, key=lambda found: found[0].period)
    label = steps[0].period_label
    title = f"From referral to plan, {label}"
    items = [
        Item(name, None if figure.numerator is None else float(figure.numerator), status=figure.status)
        for figure, (_, name, _) in zip(steps, STEPS, strict=True)
    ]
    table = Table(
        f"table-{area.prefix}-steps",
        title,
        (Column("Step", align="text"), Column("In the year")),
        tuple(
            Row((Cell(name), count_cell(figure, "numerator")))
            for figure, (_, name, _) in zip(steps, STEPS, strict=True)
        ),
        (
            "Events of the year, not the same children: an enquiry can follow a referral of the year before. "
            "Enquiries and conferences are counted by child.",
        ),
    )
    drawing = charts.steps(
        items,
        shares=[_share(area, over, label) for _, _, over in STEPS[1:]],
        subject=f"{title}, {area.name}",
    )
    return [
        Section(
            f"{area.prefix}-steps",
            "From referral to plan",
            (drawing.block(f"chart-{area.prefix}-steps", title), table),
        )
    ]


def _share(area: _Area, indicator_id: str, period_label: str) -> str:
    """One step over the one before, as its indicator prints it; nothing where that is hidden or there is none."""
    for figure in area.indicators.get(indicator_id, ()):
        is_own = figure.geography_level == "authority" and figure.breakdown == "total"
        if is_own and figure.period_label == period_label and figure.value is not None:
            return f"{value_cell(figure, area.decimals).text} for each hundred before"
    return ""


def _analyses(group: Group, area: _Area, figures: Figures) -> list[Section]:
    sections = []
    for analysis in group.analyses:
        blocks = analysis_blocks(
            analysis,
            area.analyses.get(analysis.indicator_id, ()),
            area_name=area.name,
            prefix=area.prefix,
            decimals=area.decimals,
        )
        if blocks:
            slug = analysis.indicator_id.replace("/", "-").replace("_", "-")
            sections.append(Section(f"{area.prefix}-analysis-{slug}", analysis.title, tuple(blocks)))
    return sections


def _gaps(figures: Figures, area_code: str, area: _Area, indicators: Mapping[str, _Indicator]) -> Section:
    """What the needs assessment could not answer: the answer, how it was found, and what limits it.

    The answers of marts.gap_answer are sentences with counts in them, so they are for the internal edition only. The
    public one prints the shown figures of indicators that speak to a question, and never a word of those sentences.
    """
    answer = "period, result" if figures.mode == "internal" else "null, null"
    rows = figures.query(
        f"select gap_no, question, can_be_answered, {answer}, method, limits, answered_by "
        "from marts.gap_answer where la_code = ? order by gap_no",
        [area_code],
    )
    if not rows:
        note = Paragraph("No returns were sent that could answer them.", "note")
        return Section(f"{area.prefix}-gaps", "Questions the needs assessment left open", (note,))
    parts = []
    for number, question, answerable, period, result, method, limits, answered_by in rows:
        blocks: list[Block] = []
        if result is not None:
            blocks.append(Paragraph(_answer(period, str(result)), "finding"))
        table = _gap_table(int(str(number)), area, indicators)
        blocks += [table] if table else []
        blocks.append(Paragraph(f"Method: {method}"))
        blocks.append(Paragraph(f"Limits: {limits}"))
        partly = " Records answer a part of it." if answerable == "partly" else ""
        blocks.append(Paragraph(f"Every year and breakdown: {answered_by}.{partly}", "note"))
        parts.append(Section(f"{area.prefix}-gap-{number}", f"{number}. {question}", tuple(blocks)))
    intro: tuple[Block, ...] = ()
    if figures.mode == "public":
        intro = (
            Paragraph(
                "The full answers hold counts of children and are part of the internal edition. Here stand the figures "
                "of indicators that speak to a question, where they are not hidden.",
                "note",
            ),
        )
    return Section(f"{area.prefix}-gaps", "Questions the needs assessment left open", intro, tuple(parts))


def _answer(period: object, result: str) -> str:
    """The answer behind its year or day; a number of months stands in the sentence itself, and some have no period."""
    if period is not None and re.fullmatch(r"\d{4}(-\d\d-\d\d)?", str(period)):
        return f"{period}: {result}."
    return f"{result[:1].upper()}{result[1:]}."


def _gap_table(number: int, area: _Area, indicators: Mapping[str, _Indicator]) -> Table | None:
    rows = []
    for indicator_id in SPEAKS_TO.get(number, ()):
        found = area.indicators.get(indicator_id, ())
        series = _series(found)
        shown = series[-1:] or _latest_parts([one for one in found if one.geography_level == "authority"])
        for figure in shown:
            title = indicators[indicator_id].title if indicator_id in indicators else indicator_id
            label = title if figure.breakdown == "total" else f"{title}: {_part_label(figure)}"
            cells = (Cell(label), Cell(figure.period_label), value_cell(figure, area.decimals))
            rows.append(Row((*cells, Cell(figure.unit), interval_cell(figure, area.decimals))))
    if not rows:
        return None
    columns = (
        Column("Indicator", align="text"),
        Column("Period", align="text"),
        Column("Value"),
        Column("Unit", align="text"),
        Column("95 % interval"),
    )
    return Table(f"table-{area.prefix}-gap-{number}", "Indicators that speak to it", columns, tuple(rows))


def _without(indicators: Sequence[_Indicator], prefix: str) -> list[Section]:
    outside = [one for one in indicators if one.computable != "yes"]
    unsent = [one for one in indicators if one.computable == "yes"]
    blocks: list[Block] = []
    if outside:
        blocks.append(
            Paragraph("The needs assessment prints these figures, but no record that is returned holds them.")
        )
        reasons: dict[str, list[str]] = defaultdict(list)
        for one in outside:
            reasons[one.why or "Held by no record that is returned"].append(one.title)
        for reason, titles in reasons.items():
            blocks.append(Paragraph(f"{reason}:"))
            blocks.append(BulletList(tuple(titles)))
    if unsent:
        blocks.append(Paragraph("Records could give these, but none have come from this area:"))
        blocks.append(BulletList(tuple(one.title for one in unsent)))
    return [Section(f"{prefix}-without", "What the returns do not give", tuple(blocks))] if blocks else []
