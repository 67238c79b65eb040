"""CSV and XLSX files in the export style of each service."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from catalogue import Catalogue, ExportHeader, Question
from synthetic.forms.dirt import Erasure
from synthetic.forms.records import PRIVATE_MARK, Record
from synthetic.forms.skeleton import CONTEXT_YEAR, YEARS, year_start
from synthetic.forms.styles import STYLES, Style

ERASURE_FILE = "erasure_requests.csv"
SPREADSHEET_EPOCH = date(1899, 12, 30)
NO_BREAK_SPACE = "\u00a0"

Cell = str | int | float | datetime


@dataclass(frozen=True)
class ExportFile:
    """One file of the sample: its place, and the rows it holds."""

    path: str
    style: Style
    form_id: str
    form_version: str
    records: tuple[Record, ...]


def write_sample(catalogue: Catalogue, records: list[Record], erasures: Iterable[Erasure], out: Path) -> list[Path]:
    """Write all files of the sample below a folder.

    Args:
        catalogue: supplies headers and wording.
        records: rows, clean and dirty.
        erasures: lines of the erasure list.
        out: folder to write to; files of an earlier sample there are replaced, others left alone.

    Returns:
        The files written, in path order.
    """
    written = []
    for export in plan_files(records):
        path = out / export.path
        path.parent.mkdir(parents=True, exist_ok=True)
        sheet = ExportSheet(catalogue, export)
        path.write_bytes(_xlsx(sheet) if export.style.container == "xlsx" else _csv(sheet))
        written.append(path)
    path = out / ERASURE_FILE
    lines = ["service,client_id,requested_on"]
    lines += [f"{erasure.service},{erasure.client_id},{erasure.requested_on.isoformat()}" for erasure in erasures]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    written.append(path)
    return sorted(written)


def plan_files(records: Iterable[Record]) -> list[ExportFile]:
    """Decide which row goes into which file: one file per service, form and period, in path order."""
    groups: dict[tuple[str, str, int, int], list[Record]] = {}
    for record in records:
        period = _next_period(record) if record.late else _period(record)
        groups.setdefault((record.service, record.form_id, *period), []).append(record)
    files = []
    for (service, form_id, year, half), rows in sorted(groups.items()):
        style = STYLES[service]
        label = f"{year - 1}-{year % 100:02d}"
        if style.files == "half":
            label += f"_h{half}"
        if style.files == "cumulative":
            label += f"_to_q{2 * half}"
            if half == 2:  # the whole year so far, again
                rows = [*groups.get((service, form_id, year, 1), []), *rows]
        version = "v1" if style.v1_until and year <= style.v1_until else "v2"
        path = f"{style.folder}/{form_id}_{label}.{style.container}"
        files.append(ExportFile(path, style, form_id, version, tuple(r for r in rows for _ in range(r.copies))))
    return sorted(files, key=lambda export: export.path)


def _period(record: Record) -> tuple[int, int]:
    """Reporting year and half of the file that holds a row; dates outside go to the nearest file."""
    first = CONTEXT_YEAR if record.form_id == "intake" else YEARS[0]
    year = min(max(record.year, first), YEARS[-1])
    if STYLES[record.service].files == "year":
        return year, 1
    middle = date(year - 1, 10, 1)
    day = min(max(record.event_date, year_start(year)), date(year, 3, 31))
    return year, 1 if day < middle else 2


def _next_period(record: Record) -> tuple[int, int]:
    """The period after a row's own, for rows that turn up late; the last one for rows of the last."""
    year, half = _period(record)
    if STYLES[record.service].files != "year" and half == 1:
        return year, 2
    return (year + 1, 1) if year < YEARS[-1] else (year, half)


class ExportSheet:
    """Header rows and cells of one file."""

    def __init__(self, catalogue: Catalogue, export: ExportFile) -> None:
        self.catalogue = catalogue
        self.export = export
        self.style = export.style
        self.columns = catalogue.headers(export.form_id, export.form_version, self.style.convention_id)
        self.event_question = catalogue.forms[export.form_id].event_date_question_id
        self.is_text = catalogue.conventions[self.style.convention_id].naming == "text"
        self.delimiter = catalogue.conventions[self.style.convention_id].list_delimiter or " "
        admin = [q for q in catalogue.asked(export.form_id) if not q.option_set]
        self.admin: dict[str, Callable[[Record], Cell]] = {}
        for question in admin:
            self.admin[question.question_id] = self._admin_cell(question)

    def headers(self) -> list[list[str]]:
        """One header row, or two where the portal writes labels below the codes."""
        rows = [[self._header_text(column.header) for column in self.columns]]
        if self.style.second_header:
            labels = self.catalogue.headers(self.export.form_id, self.export.form_version, "text_columns")
            rows.append([label.header for label in labels])
        for row in rows:
            if self.style.extra_column:
                row.insert(4, self.style.extra_column)
            if self.style.trailing_comma:
                row.append("")
        return rows

    def _header_text(self, header: str) -> str:
        if self.style.curly:
            header = header.replace("'", "\u2019")
        if self.style.nbsp:
            head, separator, tail = header.partition(": ")
            header = f"{head}:{NO_BREAK_SPACE}{tail}" if separator else header
        return header

    def cells(self, record: Record) -> list[Cell]:
        """Cells of one row."""
        row = [self._cell(record, column) for column in self.columns]
        if self.style.extra_column:
            row.insert(4, f"{PRIVATE_MARK.lower()}.{record.submitted_at:%d%H%M}@example.invalid")
        if self.style.trailing_comma:
            row.append("")
        return row

    def _cell(self, record: Record, column: ExportHeader) -> Cell:
        question = self.catalogue.questions[column.question_id]
        if question.question_id in record.raw and column.option_code is None:
            return record.raw[question.question_id]
        if question.question_id in self.admin:
            return self.admin[question.question_id](record)
        value = record.answers.get(question.question_id)
        if column.option_code is not None:
            return 1 if isinstance(value, frozenset) and column.option_code in value else 0
        if value is None:
            return ""
        if isinstance(value, int):
            return value
        if isinstance(value, str):
            return self._answer_text(question, value)
        order = [o.option_code for o in self.catalogue.options_of(question.question_id)]
        texts = [self._answer_text(question, code) for code in order if code in value]
        end = self.delimiter if self.delimiter.strip() else ""
        return self.delimiter.join(texts) + end

    def _answer_text(self, question: Question, code: str) -> str:
        naming = "option_label" if self.is_text else "option_code"
        option = next(o for o in self.catalogue.options_of(question.question_id) if o.option_code == code)
        text = self.catalogue.wording(
            self.export.form_id,
            self.export.form_version,
            naming,
            f"{option.option_set}.{code}",
            option.option_label if self.is_text else code,
        )
        return text.replace("'", "\u2019") if self.style.curly else text

    def _admin_cell(self, question: Question) -> Callable[[Record], Cell]:
        style = self.style
        makers: dict[str, Callable[[Record], Cell]] = {
            "submission_id": lambda r: r.submission_id,
            "form_version": lambda r: r.form_version,
            "submitted_at": lambda r: _time_text(r.submitted_at, style.times),
            "edited_at": lambda r: _time_text(r.edited_at, style.times) if r.edited_at else "",
            "service": lambda r: r.service_text,
            "client_id": lambda r: r.client_id,
            "case_reference": lambda r: r.case_reference,
            "consent": lambda r: style.yes if r.has_consent else (style.no or "No"),
            "is_test": lambda r: style.yes if r.is_test else style.no,
            "case_worker": lambda r: r.case_worker,
            "date_of_birth": lambda r: _date_text(r.date_of_birth, style.dates),
            "postcode": lambda r: r.postcode,
            "notes": lambda r: r.notes,
        }
        if question.question_id == self.event_question:
            return lambda r: _date_text(r.event_date, style.dates)
        if question.question_code not in makers:  # a question of the catalogue that this sample knows nothing of
            return lambda r: ""
        return makers[question.question_code]


def _date_text(day: date, style: str) -> Cell:
    if style == "iso_z":
        return f"{day.isoformat()}T12:00:00.000Z"
    if style == "dmy":
        return f"{day:%d/%m/%Y}"
    if style == "dmy_short":
        return f"{day.day}/{day.month}/{day.year}"
    if style == "serial":
        return (day - SPREADSHEET_EPOCH).days
    return day.isoformat()


def _time_text(moment: datetime, style: str) -> Cell:
    if style == "iso_z":
        return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
    if style in ("dmy", "dmy_short"):
        return f"{moment:%d/%m/%Y %H:%M}"
    if style == "serial":
        return moment
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _csv(sheet: ExportSheet) -> bytes:
    style = sheet.style
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=style.line_end)
    writer.writerows(sheet.headers())
    for record in sheet.export.records:
        writer.writerow(sheet.cells(record))
    return buffer.getvalue().encode(style.encoding, "strict")


def _xlsx(sheet: ExportSheet) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False})
    # A fixed creation time: the same forms make the same bytes.
    workbook.set_properties({"title": "Export", "author": "Portal", "created": datetime(2024, 5, 1)})  # noqa: DTZ001
    moment_format = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    page = workbook.add_worksheet("Export")
    rows: list[list[Cell]] = [list(row) for row in sheet.headers()]
    rows += [sheet.cells(record) for record in sheet.export.records]
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, datetime):
                page.write_datetime(number, place, cell, moment_format)
            elif isinstance(cell, str):
                if cell:
                    page.write_string(number, place, cell)
            else:
                page.write_number(number, place, cell)
    workbook.close()
    return buffer.getvalue()
