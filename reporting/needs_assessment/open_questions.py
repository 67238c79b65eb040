"""What indicators leave open: the answers of records, how they were found and what limits them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reporting.document.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from reporting.figures import Figures
from reporting.indicators import Indicator
from reporting.needs_assessment.area import Area
from reporting.needs_assessment.cells import interval_cell, value_cell
from reporting.needs_assessment.layout import SPEAKS_TO
from reporting.needs_assessment.series import latest_parts, longest_run, part_label


def open_questions(figures: Figures, area: Area, indicators: Mapping[str, Indicator]) -> Section:
    """What indicators cannot answer: the answer, how it was found, and what limits it.

    The answers of marts.gap_answer are sentences with counts in them, so they are for the internal edition only. The
    public one prints the shown figures of indicators that speak to a question, and never a word of those sentences.
    """
    answer = "period, result" if figures.mode == "internal" else "null, null"
    rows = figures.query(
        f"select gap_no, question, can_be_answered, {answer}, method, limits, answered_by "
        "from marts.gap_answer where la_code = ? order by gap_no",
        [area.code],
    )
    if not rows:
        note = Paragraph("No returns were sent that could answer them.", "note")
        return Section(f"{area.prefix}-gaps", "Questions that indicators leave open", (note,))
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
    return Section(f"{area.prefix}-gaps", "Questions that indicators leave open", intro, tuple(parts))


def _answer(period: object, result: str) -> str:
    """The answer behind its year or day; a number of months stands in the sentence itself, and some have no period."""
    if period is not None and re.fullmatch(r"\d{4}(-\d\d-\d\d)?", str(period)):
        return f"{period}: {result}."
    return f"{result[:1].upper()}{result[1:]}."


def _gap_table(number: int, area: Area, indicators: Mapping[str, Indicator]) -> Table | None:
    rows = []
    for indicator_id in SPEAKS_TO.get(number, ()):
        found = area.indicators.get(indicator_id, ())
        shown = longest_run(found)[-1:] or latest_parts([one for one in found if one.geography_level == "authority"])
        for figure in shown:
            title = indicators[indicator_id].title if indicator_id in indicators else indicator_id
            label = title if figure.breakdown == "total" else f"{title}: {part_label(figure)}"
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
