"""From referral to plan: four counts of one year, and which share each is of the one before."""

from __future__ import annotations

from collections import defaultdict

from reporting.charts.drawing import Item
from reporting.charts.steps import steps
from reporting.document.blocks import Cell, Column, Row, Section, Table
from reporting.figures import Figure
from reporting.needs_assessment.area import Area
from reporting.needs_assessment.cells import count_cell, value_cell
from reporting.needs_assessment.layout import STEPS, ChapterPart


def steps_section(part: ChapterPart, area: Area) -> list[Section]:
    """From referral to plan in the latest year that has all four counts, each as it is printed in its own table.

    Nothing in parts other than that of the referrals, and where no year has all four.
    """
    if not any(one == "referrals" for one in part.sections):
        return []
    by_year: dict[str, list[Figure]] = defaultdict(list)
    for indicator_id, _, _ in STEPS:
        for figure in area.indicators.get(indicator_id, ()):
            if figure.geography_level == "authority" and figure.breakdown == "total":
                by_year[figure.period_label].append(figure)
    complete = [found for found in by_year.values() if len(found) == len(STEPS)]
    if not complete:
        return []
    latest = max(complete, key=lambda found: found[0].period)
    label = latest[0].period_label
    title = f"From referral to plan, {label}"
    items = [
        Item(name, None if figure.numerator is None else float(figure.numerator), status=figure.status)
        for figure, (_, name, _) in zip(latest, STEPS, strict=True)
    ]
    table = Table(
        f"table-{area.prefix}-steps",
        title,
        (Column("Step", align="text"), Column("In the year")),
        tuple(
            Row((Cell(name), count_cell(figure, "numerator")))
            for figure, (_, name, _) in zip(latest, STEPS, strict=True)
        ),
        (
            "Events of the year, not the same children: an enquiry can follow a referral of the year before. "
            "Enquiries and conferences are counted by child.",
        ),
    )
    drawing = steps(
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


def _share(area: Area, indicator_id: str, period_label: str) -> str:
    """One step over the one before, as its indicator prints it; nothing where that is hidden or there is none."""
    for figure in area.indicators.get(indicator_id, ()):
        is_own = figure.geography_level == "authority" and figure.breakdown == "total"
        if is_own and figure.period_label == period_label and figure.value is not None:
            return f"{value_cell(figure, area.decimals).text} for each hundred before"
    return ""
