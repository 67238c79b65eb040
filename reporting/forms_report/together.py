"""What the published report shows one by one: answers that occur together, and what became of the same children."""

from __future__ import annotations

from collections.abc import Sequence

from reporting.charts.flow import Ribbon, flow
from reporting.charts.upset import Combination, upset
from reporting.document.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from reporting.document.figure_cell import figure_cell
from reporting.figures import Figure, Figures
from reporting.forms_report.edition import PROVISIONAL, Edition

# Place of the totals in a table of transitions.
_ALL = 101
_NOT_ASKED = "Not asked"
_TOGETHER = {
    "abuse": "Kinds of abuse at intake that occur together",
    "ace_household": "Domestic abuse, parental mental illness and parental substance misuse that occur together",
    "ace_types": "Adverse childhood experiences that occur together",
    "exposure_types": "Types of abuse exposed to that occur together",
    "direct_types": "Types of direct abuse that occur together",
    "harmful_types": "Types of harmful behaviour that occur together",
    "concerns": "Concerns at intake that occur together",
    "support_areas": "Areas of support that occur together",
}
_FLOWS = {
    "exit_exposure_present": "Exposure to domestic abuse, from intake to exit",
    "exit_direct_present": "Direct abuse, from intake to exit",
    "exit_harmful_present": "Harmful behaviour, from intake to exit",
}


def together_section(edition: Edition, figures: Figures) -> Section:
    """What the published report shows one by one, and what happened to the same children: not in the public edition."""
    lead = edition.slices[0]
    mark = PROVISIONAL if edition.year.is_provisional else ""
    blocks: list[Block] = []
    found = figures.select(
        source=("co_occurrence", "paired_transition"), period=lead.period, geography_code=lead.geography_code
    )
    by_set: dict[tuple[str, str], list[Figure]] = {}
    for figure in found:
        by_set.setdefault((figure.source, figure.indicator_id), []).append(figure)
    for set_id, title in _TOGETHER.items():
        blocks += _combinations(
            by_set.get(("co_occurrence", set_id), []), chart_id=f"together-{set_id}", title=title + mark
        )
    for outcome, title in _FLOWS.items():
        blocks += _flows(by_set.get(("paired_transition", outcome), []), chart_id=f"flow-{outcome}", title=title + mark)
    if not blocks:
        blocks.append(
            Paragraph(
                "Combinations of answers and transitions of the same children are counted across several "
                "answers of one child and are part of the internal edition only.",
                "note",
            )
        )
    return Section("together", "What occurs together, and what changed for the same children", tuple(blocks))


def _combinations(figures: Sequence[Figure], *, chart_id: str, title: str) -> list[Block]:
    """An UpSet plot of one set of answers that occur together (`co_occurrence`), with the table of its combinations."""
    shares = [figure for figure in figures if figure.column_order == 1]
    if not any(figure.denominator for figure in shares):
        return []
    names = _members(shares)
    drawing = upset(
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


def _flows(figures: Sequence[Figure], *, chart_id: str, title: str) -> list[Block]:
    """Ribbons from the answer at intake to the answer at exit of the same children (`paired_transition`)."""
    # Whom nobody asked at either point has nothing to tell.
    cells = [
        figure
        for figure in figures
        if _ALL not in (figure.row_order, figure.column_order)
        and (figure.row_label, figure.column_label) != (_NOT_ASKED, _NOT_ASKED)
    ]
    if not any(figure.numerator for figure in cells):
        return []
    drawing = flow(
        [
            Ribbon(figure.row_label, figure.column_label, figure.numerator, figure.status)
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
