"""Pages that every report ends with: how the numbers were made, and how good the data are."""

from __future__ import annotations

from collections.abc import Sequence

from reporting.document.blocks import BulletList, Cell, Column, Paragraph, Row, Section, Table
from reporting.figures import Figures
from reporting.numbers import SYMBOLS, whole

_METHODS = (
    "Percentages are 100 x count / n, from unrounded counts, rounded half up. n includes Don't know and Missing unless "
    "the table says otherwise; each table says what its n counts.",
    "Intervals of percentages are Wilson score intervals at 95 %. They say how far chance alone would move the figure.",
    "A change or a difference is that of two percentages with Newcombe's hybrid score interval. It is called an "
    "increase or decrease (higher or lower) only where the interval leaves zero out; otherwise none is clear.",
    "A trend needs five years without a gap: chi-square for trend on counts at 99.8 %, all five leave-one-out "
    "slopes of one sign. With fewer years it cannot be calculated.",
    "Averages are means or medians, as each row says, over those who gave a number.",
    "Of a client's intake forms of one year the latest counts. Intake and exit forms are matched within one client: by "
    "case reference, then by the forms that choose each other, then once more.",
    "In public editions counts from 1 to the threshold are hidden, and as many others as are needed so that "
    "none of them can be worked out from everything published together. A true zero is shown.",
)

# The checks of the returns of authorities say nothing about the forms.
_OF_FORMS = "not starts_with(suite, 'gate_1_returns') and suite <> 'gate_2_social_care'"


def methods_section(finding_rules: Sequence[str]) -> Section:
    """How numbers, marks and findings come about, and what the symbols mean."""
    return Section(
        "methods",
        "Methods",
        (BulletList(_METHODS),),
        (
            Section(
                "methods-findings",
                "Rules of the key findings",
                (
                    Paragraph("The key findings are drawn from the figures by these rules; nobody typed them."),
                    BulletList(tuple(finding_rules)),
                ),
            ),
            Section(
                "methods-symbols",
                "Symbols",
                (BulletList(tuple(f"{symbol}: {words}." for symbol, words in SYMBOLS.items())),),
            ),
        ),
    )


def quality_section(figures: Figures, years: Sequence[int]) -> Section:
    """The waterfall (internal only), the checks of both gates, the comparison with the published report."""
    sections = []
    if figures.mode == "internal":
        rows = figures.query(
            "select form_id, coalesce(reporting_year::varchar, 'no year'), disposition, sum(forms)::bigint "
            "from marts.waterfall group by all order by all"
        )
        sections.append(
            Section(
                "quality-waterfall",
                "What became of the forms that arrived",
                (
                    Table(
                        "quality_waterfall",
                        "Forms by year and disposition",
                        (
                            Column("Form", align="text"),
                            Column("Year", align="text"),
                            Column("Disposition", align="text"),
                            Column("Forms"),
                        ),
                        tuple(
                            Row(
                                (
                                    Cell(str(form)),
                                    Cell(str(year)),
                                    Cell(str(what).replace("_", " ")),
                                    Cell(whole(int(str(count)))),
                                )
                            )
                            for form, year, what, count in rows
                        ),
                        ("Every form that arrived has exactly one disposition: the rows add up to all of them.",),
                        "No form has arrived.",
                    ),
                ),
            )
        )
    checks = figures.query(
        "select gate::varchar, count(*), count(*) filter (where success), "
        f"count(*) filter (where severity = 'blocking') from ops.check_result where {_OF_FORMS} "
        "group by gate order by gate"
    )
    sections.append(
        Section(
            "quality-checks",
            "Checks of the data",
            (
                BulletList(
                    tuple(
                        f"Gate {gate}: {count} checks, of which {blocking} would have stopped this release."
                        + (f" {held} hold; what did not was set aside." if figures.mode == "internal" else "")
                        for gate, count, held, blocking in checks
                    )
                    or ("No checks were recorded.",)
                ),
            ),
        )
    )
    failed = figures.query(
        "select check_id, coalesce(description, ''), coalesce(action, '') from ops.check_result where not success "
        f"and {_OF_FORMS} order by gate, check_id"
    )
    sections.append(
        Section(
            "quality-not-held",
            "Checks that did not hold",
            (
                Table(
                    "quality_not_held",
                    "Checks that did not hold, and what was done",
                    (Column("Check", align="text"), Column("Says", align="text"), Column("Then", align="text")),
                    tuple(Row((Cell(str(name)), Cell(str(says)), Cell(str(then)))) for name, says, then in failed),
                    (),
                    "Every check held.",
                ),
            ),
        )
    )
    compared = figures.query(
        "select year, status, count(*) from marts.reconciliation where list_contains(?, year) "
        "group by all order by all",
        [list(years)],
    )
    sections.append(
        Section(
            "quality-reconciliation",
            "Beside the published report",
            (
                Table(
                    "quality_reconciliation",
                    "Figures of the published report beside those computed from the forms",
                    (Column("Year", align="text"), Column("Status", align="text"), Column("Figures")),
                    tuple(
                        Row((Cell(str(year)), Cell(str(status).replace("_", " ")), Cell(whole(int(str(count))))))
                        for year, status, count in compared
                    ),
                    (
                        "match: every printed number equals the computed one. explained: an error of the "
                        "publication, named in marts.reconciliation. not computable: lost in print, or in no form.",
                    ),
                    "The published report has no figures of these years.",
                ),
                *_anomalies(figures, years),
            ),
        )
    )
    return Section("quality", "Quality of the data", sections=tuple(sections))


def _anomalies(figures: Figures, years: Sequence[int]) -> list[Table]:
    """Errors of the publication by name, with the tables they are in; no count of children."""
    rows = figures.query(
        "select distinct r.year, i.title, r.anomaly_id, replace(r.anomaly_kind, '_', ' ') from marts.reconciliation "
        "as r join marts.indicator as i on i.indicator_id = r.table_id where r.anomaly_id is not null "
        "and list_contains(?, r.year) order by r.year desc, r.anomaly_id, i.title",
        [list(years)],
    )
    return [
        Table(
            "quality_anomalies",
            "Errors of the published report that explain the figures that differ",
            tuple(Column(heading, align="text") for heading in ("Year", "Table", "Name", "Kind")),
            tuple(Row(tuple(Cell(str(one)) for one in row)) for row in rows),
            (),
            "No figure of these years differs.",
        )
    ]
