"""The page of every report that says how good the data are."""

from __future__ import annotations

from collections.abc import Sequence

from reporting.document.blocks import BulletList, Cell, Column, Row, Section, Table
from reporting.figures import Figures
from reporting.numbers import whole

# The checks of the returns of authorities say nothing about the forms.
_OF_FORMS = (
    "not starts_with(suite, 'gate_1_returns') and suite <> 'gate_2_social_care' "
    "and not starts_with(check_id, 'social_care_')"
)


def quality_section(figures: Figures, years: Sequence[int]) -> Section:
    """How many checks the data went through; inside also what became of every form, which checks did not hold, and the
    comparison with a published report if any: each of these says something of single forms or of true counts."""
    publication = figures.programme.forms_publication
    parts: tuple[Section, ...] = (_checks(figures),)
    if figures.mode == "internal":
        compared = (_reconciliation(figures, years, publication),) if publication else ()
        parts = (_waterfall(figures), *parts, _checks_not_held(figures), *compared)
    return Section("quality", "Quality of the data", sections=parts)


def _waterfall(figures: Figures) -> Section:
    rows = figures.query(
        "select form_id, coalesce(reporting_year::varchar, 'no year'), disposition, sum(forms)::bigint "
        "from marts.waterfall group by all order by all"
    )
    table = Table(
        "quality_waterfall",
        "Forms by year and disposition",
        (*(Column(heading, align="text") for heading in ("Form", "Year", "Disposition")), Column("Forms")),
        tuple(_counted(str(form), str(year), _words(what), count=count) for form, year, what, count in rows),
        ("Every form that arrived has exactly one disposition: the rows add up to all of them.",),
        "No form has arrived.",
    )
    return Section("quality-waterfall", "What became of the forms that arrived", (table,))


def _checks(figures: Figures) -> Section:
    rows = figures.query(
        "select gate::varchar, count(*), count(*) filter (where success), "
        f"count(*) filter (where severity = 'blocking') from ops.check_result where {_OF_FORMS} "
        "group by gate order by gate"
    )
    sentences = tuple(
        f"Gate {gate}: {count} checks, of which {blocking} would have stopped this release."
        + (f" {held} hold; what did not was set aside." if figures.mode == "internal" else "")
        for gate, count, held, blocking in rows
    )
    return Section("quality-checks", "Checks of the data", (BulletList(sentences or ("No checks were recorded.",)),))


def _checks_not_held(figures: Figures) -> Section:
    rows = figures.query(
        "select check_id, coalesce(description, ''), coalesce(action, '') from ops.check_result where not success "
        f"and {_OF_FORMS} order by gate, check_id"
    )
    table = Table(
        "quality_not_held",
        "Checks that did not hold, and what was done",
        tuple(Column(heading, align="text") for heading in ("Check", "Says", "Then")),
        tuple(Row(tuple(Cell(str(one)) for one in row)) for row in rows),
        (),
        "Every check held.",
    )
    return Section("quality-not-held", "Checks that did not hold", (table,))


def _reconciliation(figures: Figures, years: Sequence[int], publication: str) -> Section:
    rows = figures.query(
        "select year, status, count(*) from marts.reconciliation where list_contains(?, year) "
        "group by all order by all",
        [list(years)],
    )
    table = Table(
        "quality_reconciliation",
        f"Figures of {publication} beside those computed from the forms",
        (Column("Year", align="text"), Column("Status", align="text"), Column("Figures")),
        tuple(_counted(str(year), _words(status), count=count) for year, status, count in rows),
        (
            "match: every printed number equals the computed one. explained: it does not, and what is computed is what "
            "should have been printed, as other printed figures have it. bounded: those only bound what should have "
            "been printed, and it lies within. unexplained: anything else. not computable: lost in print, or in no "
            "form.",
        ),
        "It has no figures of these years.",
    )
    return Section("quality-reconciliation", f"Beside {publication}", (table, _anomalies(figures, years, publication)))


def _anomalies(figures: Figures, years: Sequence[int], publication: str) -> Table:
    """Errors of the publication by name, with the tables they are in; no count of children."""
    rows = figures.query(
        "select distinct r.year, i.title, r.anomaly_id, replace(r.anomaly_kind, '_', ' ') from marts.reconciliation "
        "as r join marts.indicator as i on i.indicator_id = r.table_id where r.anomaly_id is not null "
        "and list_contains(?, r.year) order by r.year desc, r.anomaly_id, i.title",
        [list(years)],
    )
    return Table(
        "quality_anomalies",
        f"Errors of {publication} that explain the figures that differ",
        tuple(Column(heading, align="text") for heading in ("Year", "Table", "Name", "Kind")),
        tuple(Row(tuple(Cell(str(one)) for one in row)) for row in rows),
        (),
        "No figure of these years differs.",
    )


def _counted(*labels: str, count: object) -> Row:
    return Row((*(Cell(label) for label in labels), Cell(whole(int(str(count))))))


def _words(value: object) -> str:
    return str(value).replace("_", " ")
