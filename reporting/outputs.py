"""Everything that readers get of a release, written beside its tables.

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
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from orchestration.errors import OperatorError
from reporting.document.blocks import Document, Link, LinkList, Paragraph, Section
from reporting.figures import Figures, Mode

_HERE = Path(__file__).resolve().parent
# What draws and sets the documents: another version may draw the same figures differently.
_PACKAGES = ("altair", "gptables", "jinja2", "pandas", "typst", "vl-convert-python", "xlsxwriter")
_DATABASE = "insights.duckdb"
REPORT, OPEN_DATA, DOCUMENTATION = "report", "open_data", "documentation"

Kind = Literal["year", "service", "area"]


@dataclass(frozen=True)
class Edition:
    """One document: the report of a year, of a service (in a year), or the needs assessment of an area."""

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


def editions(figures: Figures) -> list[Edition]:
    """Every document of a release, the main one first."""
    from reporting.forms_report import reported_years, service_years
    from reporting.needs_assessment import areas

    years = sorted((year.number for year in reported_years(figures)), reverse=True)
    return [
        *(Edition("year", f"insights-{year}", f"Insights report {_span(year)}", year=year) for year in years),
        *(
            Edition("service", _file_name(year, service), f"Insights report {_span(year)}: {service}", year, service)
            for service, year in sorted(service_years(figures).items())
        ),
        *(
            Edition("area", f"needs-assessment-{code}", f"Needs assessment: {name}", area=code)
            for code, name in areas(figures)
        ),
    ]


def choose_edition(
    figures: Figures, *, year: int | None = None, service: str | None = None, area: str | None = None
) -> Edition:
    """The edition somebody asks for; without a wish, the main one. Raises OperatorError listing what there is."""
    offered = editions(figures)
    if area is not None:
        found = [edition for edition in offered if edition.kind == "area" and edition.area == area]
        known = sorted(str(edition.area) for edition in offered if edition.kind == "area")
        return _only(found, f"no area {area}", known, "areas")
    years = sorted(int(edition.year or 0) for edition in offered if edition.kind == "year")
    if year is not None and year not in years:
        _only([], f"no reporting year {year}", [str(known) for known in years], "years")
    if service is not None:
        found = [edition for edition in offered if edition.service == service]
        known = sorted(str(edition.service) for edition in offered if edition.kind == "service")
        edition = _only(found, f"no service {service}", known, "services")
        return edition if year is None else replace(edition, year=year, document_id=_file_name(year, service))
    found = [edition for edition in offered if edition.kind == "year" and year in (None, edition.year)]
    return _only(found[:1], "nothing to report", [], "years")


def build_document(figures: Figures, edition: Edition, *, release: str) -> Document:
    """One edition as blocks. The report of the latest year ends with the chapter of every area that sent returns."""
    from reporting.forms_report import build_report
    from reporting.needs_assessment import areas, build_chapter, build_needs_assessment

    if edition.kind == "area":
        document = build_needs_assessment(figures, area=str(edition.area))
    else:
        document = build_report(figures, year=int(edition.year or 0), service=edition.service)
        latest = next(offered for offered in editions(figures) if offered.kind == "year")
        if edition.kind == "year" and edition.year == latest.year:
            chapters = [
                Section(f"area-{code.lower()}", f"Needs assessment: {name}", sections=build_chapter(figures, area=code))
                for code, name in areas(figures)
            ]
            document = replace(document, sections=(*document.sections, *chapters))
    return replace(document, document_id=edition.document_id, facts=(*document.facts, ("Release", release)))


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
    releases there are already. Raises OperatorError when an output does not pass its own check; then nothing may be
    published.
    """
    database = internal / _DATABASE
    release = str(manifest["release"])
    documents: list[tuple[Any, ...]] = []
    sides: tuple[tuple[Mode, Path], ...] = (("internal", internal), ("public", public))
    for mode, side in sides:
        (side / REPORT).mkdir()
        with Figures(database, mode) as figures:
            offered = editions(figures)
        documents += [(_document_job, database, mode, edition, side / REPORT, release) for edition in offered]
        documents.append((_index_job, mode, offered, side / REPORT, release))
    # The report's own pages hold the tables that the documentation points to.
    page = f"../{REPORT}/{offered[0].document_id}.html" if offered else ""
    pages = tuple((mode, side / DOCUMENTATION) for mode, side in sides)
    # The long pieces first, so that at the end no processor waits for one.
    _run(
        [
            (_documentation_job, database, pages, dict(manifest), earlier, graph, page),
            (_open_data_job, database, public / OPEN_DATA),
            *documents,
        ]
    )


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


def _document_job(database: Path, mode: Mode, edition: Edition, folder: Path, release: str) -> None:
    with Figures(database, mode) as figures:
        document = build_document(figures, edition, release=release)
    write_document(document, folder)


def _index_job(mode: Mode, offered: Iterable[Edition], folder: Path, release: str) -> None:
    """A page that lists the documents. The links are plain names of files: the folder can be copied anywhere."""
    from reporting.document.html import render_html

    sections = tuple(
        Section(
            kind,
            title,
            blocks=(
                LinkList(
                    tuple(
                        (
                            Link(edition.title, f"{edition.document_id}.html"),
                            Link(f"{edition.title} as PDF", f"{edition.document_id}.pdf"),
                        )
                        for edition in offered
                        if edition.kind == kind
                    )
                ),
            )
            if any(edition.kind == kind for edition in offered)
            else (Paragraph("None in this release."),),
        )
        for kind, title in (("year", "Reporting years"), ("service", "Services"), ("area", "Areas"))
    )
    page = Document("index", "Reports", "", mode, sections, facts=(("Release", release),))
    (folder / "index.html").write_text(render_html(page), encoding="utf-8")


def _open_data_job(database: Path, folder: Path) -> None:
    from reporting.open_data import write_open_data

    write_open_data(database, folder)


def _documentation_job(
    database: Path,
    sides: Iterable[tuple[Mode, Path]],
    manifest: Mapping[str, Any],
    earlier: Path,
    graph: Mapping[str, Any],
    report_page: str,
) -> None:
    """The documentation of both sides in one piece of work: the comparison with the release before is made once."""
    from reporting.documentation.site import difference_before, write_site

    difference, note = difference_before(earlier, database.parent.parent, graph)
    for mode, folder in sides:
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


def _only(found: list[Edition], missing: str, known: list[str], noun: str) -> Edition:
    if found:
        return found[0]
    listed = f"it has these {noun}: {', '.join(known)}" if known else "it holds no figures of that kind"
    raise OperatorError(f"There is {missing} in this release; {listed}. Nothing was written.")


def _file_name(year: int, service: str) -> str:
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in service.lower())
    return f"insights-{year}-{name}"


def _span(year: int) -> str:
    return f"{year - 1}-{year % 100:02d}"
