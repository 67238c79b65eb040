"""The report of the forms, chapter by chapter, in the order of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalogue.services import file_name
from reporting.document.about import about_section
from reporting.document.blocks import Block, Document, KeyFigure, KeyFigures, Paragraph, Section
from reporting.figures import Figures
from reporting.forms_report.edition import PROVISIONAL, Edition, Year, carried_on, read_edition, reported_years
from reporting.forms_report.findings import RULES, findings
from reporting.forms_report.methods import methods_section
from reporting.forms_report.quality import quality_section
from reporting.forms_report.table_charts import chart_of
from reporting.forms_report.tables import report_table, row_label
from reporting.forms_report.together import together_section
from reporting.indicators import Indicator
from reporting.numbers import part_text

_LOCATION = (
    "The exports do not say where a service works, so no map can be drawn from them. The services in this release are "
)


def build_report(figures: Figures, *, year: int, service: str | None = None) -> Document:
    """The report of a year, or of a service (by its code) in that year, in the mode of `figures`.

    Raises ReportError, listing what there is, for a year or service that the release does not have.
    """
    edition = read_edition(figures, year=year, service=service)
    protected = figures.protected("insights", periods={one.period for one in edition.slices})
    whose = "all services" if service is None else f"{edition.service} beside all services"
    sections = [
        *about_section(figures.programme.paragraphs("forms")),
        *_chapters(edition),
        together_section(edition, figures),
        methods_section(
            [rule.words for rule in RULES],
            {name: former for name, former in carried_on(figures).items() if name in edition.services},
            protected,
        ),
        quality_section(figures, [one.number for one in edition.years]),
    ]
    if edition.year.is_provisional:
        note = Paragraph(_not_over(edition, reported_years(figures)), "note")
        sections[0] = replace(sections[0], blocks=(note, *sections[0].blocks))
    return Document(
        document_id=f"insights-{year}" + ("" if service is None else f"-{file_name(service)}"),
        title=figures.programme.report_title,
        subtitle=f"{edition.year.words}, {whose}",
        mode=figures.mode,
        sections=tuple(section for section in sections if section.blocks or section.sections),
        facts=(("Reporting year", edition.year.words), ("Services", whose)),
        protected=protected,
    )


def _not_over(edition: Edition, years: Sequence[Year]) -> str:
    """What a reader has to know before the figures of a year that is not over."""
    none = "" if any(not one.is_provisional for one in years) else " No year of this release is over yet."
    return (
        f"Provisional: {edition.year.words.removesuffix(PROVISIONAL)} is not over, so its figures will change. They "
        f"are compared with no other year and are not in the public report.{none}"
    )


def _glance(edition: Edition) -> tuple[Block, ...]:
    """The service of 100 as large numbers: what happens to a hundred people whom a service supports."""
    items = tuple(
        KeyFigure(
            part_text(figure, "value", edition.decimals_of(figure)) or figure.status,
            row_label(figure),
            figure.key,
            "value",
            "" if part_text(figure, "value") else figure.status,
        )
        for figure in edition.lead("service_of_100")
        if not figure.is_asked_by_nobody
    )
    if not any(figure.value is not None for figure in edition.lead("service_of_100")):
        return (Paragraph("Nobody left a service in this year, or every figure is hidden.", "note"),)
    return (Paragraph("If a service were to support 100 people across the year:"), KeyFigures(items))


def _found(edition: Edition) -> tuple[Block, ...]:
    found = findings(edition)
    return tuple(found) or (
        Paragraph("No figure meets the rules for a finding; the methods page states them.", "note"),
    )


def _chapters(edition: Edition) -> list[Section]:
    # Gathered by name, not by run: a table added at the end of the catalogue belongs to its section all the same.
    tables: dict[str, dict[str | None, list[Block]]] = {}
    for indicator in edition.indicators:
        section = tables.setdefault(indicator.section, {})
        section.setdefault(indicator.subsection, []).extend(_table(edition, indicator))
    chapters = [
        Section(
            _id(name),
            name,
            tuple(parts.get(None, [])),
            tuple(
                Section(_id(name, subsection), subsection, tuple(blocks))
                for subsection, blocks in parts.items()
                if subsection is not None and blocks
            ),
        )
        for name, parts in tables.items()
    ]
    return [placed for one in chapters for placed in _with_prose(edition, one)]


def _with_prose(edition: Edition, chapter: Section) -> list[Section]:
    """A chapter of tables with what stands around them: large numbers, findings, where services are."""
    if chapter.title == "At a glance":
        found = Section("findings", "Findings drawn from the figures", _found(edition))
        return [replace(chapter, blocks=(*_glance(edition), *chapter.blocks), sections=(*chapter.sections, found))]
    if chapter.title == "Service inputs":
        where = Section(
            "location", "Location of the services", (Paragraph(_LOCATION + _listed(edition.services) + "."),)
        )
        return [chapter, where]
    return [chapter]


def _table(edition: Edition, indicator: Indicator) -> list[Block]:
    if not edition.table(indicator.indicator_id):
        # Nobody was asked.
        return []
    table = report_table(edition, indicator)
    return [*(chart_of(edition, indicator) if table.rows else []), table]


def _listed(services: tuple[str, ...]) -> str:
    return ", ".join(services) or "none"


def _id(*parts: str) -> str:
    text = "-".join(parts).lower()
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text)
