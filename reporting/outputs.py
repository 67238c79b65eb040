"""Everything that readers get of a release, written beside its tables: the folders of this package, put together.

    report/           the report of every year, every service and every authority, as HTML and PDF, and a list of them
    documentation/    what every table, column and indicator means
    open_data/        (public) machine-readable tables, a workbook, their description

Internal and public outputs are made by the same code from two relations: `marts.reportable_value` and, behind
disclosure control, `marts.published_value`. Nothing here reads the warehouse or a raw file.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import multiprocessing
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from catalogue.folding import fold
from catalogue.services import file_name
from reporting.document.blocks import Document, Link, LinkList, Paragraph, Section
from reporting.errors import ReportError
from reporting.figures import Figures, Mode
from reporting.programme import ReleaseProgramme
from reporting.protection import Protected, together
from reporting.release_files import DATABASE, DOCUMENTATION, OPEN_DATA, REPORT

_HERE = Path(__file__).resolve().parent
# What draws and sets the documents: another version may draw the same figures differently.
_PACKAGES = ("jinja2", "typst", "vl-convert-python", "xlsxwriter")

Kind = Literal["year", "service", "area"]
_NONE: Mapping[Kind, str] = {
    "year": "None in this release: no reporting year of the forms is over.",
    "service": "None in this release.",
    "area": "None in this release.",
}


@dataclass(frozen=True)
class PlannedDocument:
    """One document that a release can have: the report of a year, of a service (by its code) in a year, or the needs
    assessment of an area. Files are named by codes, so that no two share a name."""

    kind: Kind
    document_id: str
    title: str
    year: int | None = None
    service: str | None = None
    area: str | None = None


def documents_fingerprint() -> str:
    """A hash over all that makes the documents: this package's files and the versions of what they call."""
    digest = hashlib.sha256()
    for path in sorted(path for path in _HERE.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        digest.update(f"{path.relative_to(_HERE).as_posix()}\x1f".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name in _PACKAGES:
        digest.update(f"{name}=={importlib.metadata.version(name)}\x1e".encode())
    # The licence that the operator puts on the open data is printed in it.
    digest.update(os.environ.get("INSIGHTS_OPEN_DATA_LICENCE", "").encode())
    return digest.hexdigest()


def planned_documents(figures: Figures) -> list[PlannedDocument]:
    """Every document of a release, the main one first: of the last year that is over, or where none is of the last."""
    from reporting.forms_report.edition import reported_years, service_names, service_years
    from reporting.needs_assessment.area import areas

    programme = figures.programme
    title = programme.report_title
    names = service_names(figures) if programme.has_forms else {}
    known = reported_years(figures) if programme.has_forms else ()
    years = sorted(known, key=lambda year: (year.is_provisional, -year.number))
    label = {year.number: year.label for year in years}
    services = service_years(figures) if programme.has_forms else {}
    return [
        *(PlannedDocument("year", f"insights-{year.number}", f"{title} {year.label}", year.number) for year in years),
        *(
            PlannedDocument(
                "service",
                f"insights-{year}-{file_name(service)}",
                f"{title} {label[year]}: {names[service]}",
                year,
                service,
            )
            for service, year in sorted(services.items(), key=lambda item: (names[item[0]], item[0]))
        ),
        *(
            PlannedDocument("area", f"needs-assessment-{code}", f"Needs assessment: {name}", area=code)
            for code, name in (areas(figures) if programme.has_returns else [])
        ),
    ]


def choose_document(
    figures: Figures, *, year: int | None = None, service: str | None = None, area: str | None = None
) -> PlannedDocument:
    """The document somebody asks for, a service by its code or name; without a wish, the main one.

    Raises ReportError listing what there is.
    """
    from reporting.forms_report.edition import open_years, service_names, service_years

    planned = planned_documents(figures)
    if area is not None:
        found = [one for one in planned if one.kind == "area" and one.area == area]
        return _only(found, f"no area {area}", [one.area for one in planned if one.kind == "area"], "areas")
    years = sorted(one.year or 0 for one in planned if one.kind == "year")
    has_forms = figures.programme.has_forms
    if has_forms and figures.mode == "public" and year not in years and (year is not None or not years):
        wanted = [one for one in open_years(figures) if year in (None, one.number)]
        if wanted:
            raise ReportError(
                f"The year {wanted[0].words} is not over, so the public side has no figures of the forms of it. "
                "Nothing was written. Ask for the internal report (--internal), or wait until the programme says that "
                "the year is over (final_to)."
            )
    if year is not None and year not in years:
        return _only([], f"no reporting year {year}", years, "years")
    if service is not None:
        names = {code: {fold(code), fold(name)} for code, name in service_names(figures).items()}
        found = [one for one in planned if one.service is not None and fold(service) in names[one.service]]
        known = [one.service for one in planned if one.kind == "service"]
        unpublished = service_years(figures, "internal") if figures.mode == "public" and not found else {}
        for code in unpublished:
            if fold(service) in names[code]:
                raise ReportError(
                    f"The service {service} has no public figures yet: all of its forms fall into years that are not "
                    "over. Nothing was written. Ask for the internal report (--internal), or wait until the programme "
                    "says that such a year is over (final_to)."
                )
        chosen = _only(found, f"no service {service}", known, "services")
        return (
            chosen
            if year is None
            else replace(chosen, year=year, document_id=f"insights-{year}-{file_name(str(chosen.service))}")
        )
    found = [one for one in planned if one.kind == "year" and year in (None, one.year)]
    # Without a report of the forms the needs assessment is the main one.
    return _only(found or planned, "nothing to report", [], "years")


def build_document(figures: Figures, planned: PlannedDocument, *, release: str) -> Document:
    """A document as blocks. The report of the main year ends with the chapter of every area that sent returns.

    Raises ReportError for a year, service or area that the release does not have.
    """
    from reporting.forms_report.chapters import build_report
    from reporting.needs_assessment.area import areas
    from reporting.needs_assessment.chapter import build_chapter, build_needs_assessment

    if planned.kind == "area":
        document = build_needs_assessment(figures, area=str(planned.area))
    else:
        document = build_report(figures, year=int(planned.year or 0), service=planned.service)
        main = next((one for one in planned_documents(figures) if one.kind == "year"), None)
        if planned.kind == "year" and main is not None and planned.year == main.year:
            found = areas(figures) if figures.programme.has_returns else []
            chapters = [
                Section(f"area-{code.lower()}", f"Needs assessment: {name}", sections=build_chapter(figures, area=code))
                for code, name in found
            ]
            protected = [figures.protected("social_care", place=code) for code, _ in found]
            document = replace(
                document,
                sections=(*document.sections, *chapters),
                protected=together(document.protected, *protected),
            )
    facts = (*figures.programme.facts, *document.facts, ("Release", release))
    return replace(document, document_id=planned.document_id, facts=facts)


def write_document(document: Document, folder: Path, *, pdf: bool = True) -> list[Path]:
    """Write a document as HTML and, where asked, PDF. Returns the files."""
    from reporting.document.html import render_html
    from reporting.document.pdf import render_pdf

    written = [folder / f"{document.document_id}.html"]
    written[0].write_text(render_html(document), encoding="utf-8")
    if pdf:
        written.append(folder / f"{document.document_id}.pdf")
        written[1].write_bytes(render_pdf(document))
    return written


def write_outputs(
    internal: Path, public: Path, *, manifest: Mapping[str, Any], graph: Mapping[str, Any], earlier: Path
) -> None:
    """Write reports, open data and documentation of both sides.

    `internal` holds the release's tables; `manifest` is its manifest, `graph` dbt's, `earlier` the folder of the
    releases there are already. Raises ReportError when an output does not pass its own check; then nothing may be
    published.
    """
    database = internal / DATABASE
    release = str(manifest["release"])
    documents: list[tuple[Any, ...]] = []
    pages: list[tuple[Mode, Path, str]] = []
    sides: tuple[tuple[Mode, Path], ...] = (("internal", internal), ("public", public))
    for mode, side in sides:
        (side / REPORT).mkdir()
        with Figures(database, mode) as figures:
            planned = planned_documents(figures)
            programme, protected = figures.programme, figures.protected()
        documents += [(_document_job, database, mode, one, side / REPORT, release) for one in planned]
        documents.append((write_list_of_reports, mode, planned, side / REPORT, release, programme, protected))
        pages.append((mode, side / DOCUMENTATION, main_page(planned, programme)))
    # The long pieces first, so that at the end no processor waits for one.
    _run(
        [
            (_documentation_job, database, pages, dict(manifest), earlier, graph),
            (_open_data_job, database, public / OPEN_DATA),
            *documents,
        ]
    )


def main_page(planned: Sequence[PlannedDocument], programme: ReleaseProgramme) -> str:
    """The page that the documentation points to, as seen from there: the report of the forms with all their tables.

    Of a programme without forms it is the needs assessment. Empty where a side has none, as while no year is over.
    """
    wanted: Kind = "year" if programme.has_forms else "area"
    found = [one for one in planned if one.kind == wanted]
    return f"../{REPORT}/{found[0].document_id}.html" if found else ""


def _run(jobs: Iterable[tuple[Any, ...]]) -> None:
    """Do independent pieces of work, one process per processor. The first error is raised."""
    # Not by copying this process: it holds a database and threads, which a copy would hold in an unknown state.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=min(4, os.cpu_count() or 1), mp_context=context) as pool:
        waiting = [pool.submit(*job) for job in jobs]
        try:
            for done in waiting:
                done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _document_job(database: Path, mode: Mode, planned: PlannedDocument, folder: Path, release: str) -> None:
    with Figures(database, mode) as figures:
        document = build_document(figures, planned, release=release)
    write_document(document, folder)


def write_list_of_reports(
    mode: Mode,
    planned: Iterable[PlannedDocument],
    folder: Path,
    release: str,
    programme: ReleaseProgramme,
    protected: tuple[Protected, ...] = (),
) -> None:
    """Write the page that lists the documents of the programme's themes.

    Its links are plain names of files: the folder can lie anywhere.
    """
    from reporting.document.html import render_html

    of_forms: tuple[Kind, ...] = ("year", "service") if programme.has_forms else ()
    of_returns: tuple[Kind, ...] = ("area",) if programme.has_returns else ()
    lines: dict[Kind, list[tuple[Link, ...]]] = {kind: [] for kind in (*of_forms, *of_returns)}
    for one in planned:
        links = (Link(one.title, f"{one.document_id}.html"), Link(f"{one.title} as PDF", f"{one.document_id}.pdf"))
        lines[one.kind].append(links)
    titles: dict[Kind, str] = {"year": "Reporting years", "service": "Services", "area": "Areas"}
    sections = tuple(
        Section(kind, titles[kind], (LinkList(tuple(found)) if found else Paragraph(_NONE[kind]),))
        for kind, found in lines.items()
    )
    facts = (*programme.facts, ("Release", release))
    page = Document("index", "Reports", programme.name, mode, sections, facts, protected)
    (folder / "index.html").write_text(render_html(page), encoding="utf-8")


def _open_data_job(database: Path, folder: Path) -> None:
    from reporting.open_data.writing import write_open_data

    write_open_data(database, folder)


def _documentation_job(
    database: Path,
    sides: Iterable[tuple[Mode, Path, str]],
    manifest: Mapping[str, Any],
    earlier: Path,
    graph: Mapping[str, Any],
) -> None:
    """The documentation of both sides in one piece of work: the comparison with the release before is made once."""
    from reporting.documentation.site import difference_before, write_site

    difference, note = difference_before(earlier, database.parent.parent, graph)
    for mode, folder, report_page in sides:
        write_site(
            database,
            folder,
            mode,
            manifest=manifest,
            graph=graph,
            difference=difference,
            without_difference=note,
            report_page=report_page,
        )


def _only(found: list[PlannedDocument], missing: str, known: Iterable[object], noun: str) -> PlannedDocument:
    """The first that was found; a sentence that lists what there is where none was."""
    if found:
        return found[0]
    names = ", ".join(sorted(str(one) for one in known))
    listed = f"it has these {noun}: {names}" if names else "it holds no figures of that kind"
    raise ReportError(f"There is {missing} in this release; {listed}. Nothing was written.")
