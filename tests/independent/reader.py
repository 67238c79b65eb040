"""An independent reader of exports: files as they lie in a folder to forms with their answers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from tests.independent import cells
from tests.independent.catalogue_files import EVENT_DATE, Catalogue, Question
from tests.independent.children import SERVICES
from tests.independent.workbooks import read_workbook

Column = tuple[Question, str | None]
SEPARATORS = ("___", "/", ".", " / ", " - ")


@dataclass(frozen=True)
class Form:
    """One row of an export, read."""

    file: str
    row: int
    form: str
    service: str | None  # code; None where the cell names nobody who is declared, blank where it is blank
    submission: str
    client_exact: str
    client: str
    reference: str
    consent: bool
    is_test: bool
    event: date | None
    born: tuple[int, int] | None
    submitted: datetime | None
    edited: datetime | None
    answers: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)
    numbers: dict[str, float] = field(default_factory=dict, compare=False)
    absent: frozenset[str] = frozenset()  # questions that its file has no column for, and was not asked

    @property
    def place(self) -> tuple[str, int]:
        return self.file, self.row

    @property
    def day(self) -> date:
        """The event date of a form that has one."""
        assert self.event
        return self.event

    @property
    def moment(self) -> datetime:
        """When it was edited last, else submitted."""
        moment = self.edited or self.submitted
        return moment or datetime.min.replace(tzinfo=UTC)

    @cached_property
    def content(self) -> tuple[object, ...]:
        """What two submissions have to share to say the same."""
        answers = tuple(sorted((name, tuple(sorted(codes))) for name, codes in self.answers.items() if codes))
        numbers = tuple(sorted(self.numbers.items()))
        flags = (self.consent, self.is_test)
        return self.form, self.service, self.client, self.reference, self.event, self.born, flags, answers, numbers


class Reader:
    """Reads the files of a folder; `refused` holds those of which nothing counts."""

    def __init__(self, folder: Path, services: dict[str, tuple[str, ...]] = SERVICES) -> None:
        self.folder = folder
        self.catalogue = Catalogue()
        self.refused: list[str] = []
        self.blank: set[tuple[str, int]] = set()  # rows in which nothing stands
        self.erased: set[tuple[str | None, str]] = set()  # service and folded id of clients who asked for it
        self.services = {self._service(text): code for code, names in services.items() for text in names}
        self.known = {form: self._headers(form) for form in EVENT_DATE}
        self.words = {
            name: self._words(question) for name, question in self.catalogue.questions.items() if question.option_set
        }

    @staticmethod
    def _service(text: str) -> str:
        return cells.folded(text).replace("&", " and ").replace(".", "").replace("  ", " ").strip()

    def _headers(self, form: str) -> dict[str, Column]:
        found: dict[str, Column] = {}
        for question in self.catalogue.of_form(form):
            for version in self.catalogue.versions[form]:
                for naming in ("code", "text"):
                    header = self.catalogue.header(question, version, naming)
                    found[cells.folded(header)] = (question, None)
                    for option in self.catalogue.options.get(question.option_set, ()):
                        if question.kind == "tick_all":
                            words = self.catalogue.option_words(question, option, version, naming)
                            for separator in SEPARATORS:
                                found[cells.folded(header + separator + words)] = (question, option.code)
        return found

    def _words(self, question: Question) -> dict[str, str]:
        """Folded code or label of any version: the code."""
        found: dict[str, str] = {}
        for version in self.catalogue.versions[question.form]:
            for option in self.catalogue.options[question.option_set]:
                for naming in ("label", "code"):
                    words = self.catalogue.option_words(question, option, version, naming)
                    found[cells.folded(words)] = option.code
        return found

    def forms(self) -> list[Form]:
        """Every row of every file that is not refused, in order of names."""
        found: list[Form] = []
        for path in sorted(self.folder.rglob("*")):
            if path.suffix not in (".csv", ".xlsx"):
                continue
            try:
                found += self._file(path)
            except cells.BothOrdersError:
                self.refused.append(path.relative_to(self.folder).as_posix())
        return found

    def _rows(self, path: Path) -> list[tuple[int, list[str]]]:
        if path.suffix == ".xlsx":
            return read_workbook(path)
        data = path.read_bytes()
        encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
        for encoding in encodings:
            try:
                text = data.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
        known = {header for of_form in self.known.values() for header in of_form}
        tables = [list(csv.reader(io.StringIO(text, newline=""), delimiter=sign)) for sign in ",;\t"]
        rows = max(tables, key=lambda table: sum(cells.folded(cell) in known for cell in table[0]))
        return list(enumerate(rows, 1))

    def _file(self, path: Path) -> list[Form]:
        (_, header), *rows = self._rows(path)
        names = [cells.folded(cell) for cell in header]
        if names == ["service", "client_id", "requested_on"]:
            self.erased |= {(self.services.get(self._service(row[0])), cells.folded_id(row[1])) for _, row in rows}
            return []
        form = max(self.known, key=lambda one: sum(name in self.known[one] for name in names))
        columns = [self.known[form].get(name) for name in names]
        width = len(columns)
        table = [(number, [*row, *[""] * (width - len(row))]) for number, row in rows if any(map(cells.clean, row))]
        month_first = {}
        for index, column in enumerate(columns):
            if column and column[0].kind in ("date", "timestamp"):
                month_first[column[0].code] = cells.month_comes_first(row[index] for _, row in table)
        name = path.relative_to(self.folder).as_posix()
        self.blank |= {(name, number) for number, row in rows if not any(map(cells.clean, row))}
        return [self._form(name, number, form, columns, row, month_first) for number, row in table]

    def _form(
        self, file: str, number: int, form: str, columns: list[Column | None], row: list[str], order: dict[str, bool]
    ) -> Form:
        admin: dict[str, str] = {}
        answers: dict[str, frozenset[str]] = {}
        numbers: dict[str, float] = {}
        for column, text in zip(columns, row, strict=False):
            if column is None:
                continue
            question, tick = column
            if question.is_admin:
                admin[question.code] = text
            elif question.kind == "number":
                value = cells.read_number(text)
                if value is not None and (question.minimum or 0) <= value <= (question.maximum or value):
                    numbers[question.id] = value
            elif question.kind == "tick_all":
                found = {tick} if tick and cells.is_yes(text) else set() if tick else self._ticks(question, text)
                answers[question.id] = answers.get(question.id, frozenset()) | found
            else:
                code = self.words[question.id].get(cells.folded(text))
                answers[question.id] = frozenset({code} if code else ())
        service = cells.clean(admin.get("service", ""))
        event, born = EVENT_DATE[form], "date_of_birth"
        return Form(
            file,
            number,
            form,
            self.services.get(self._service(service)) if service else "",
            cells.folded_id(admin["submission_id"]),
            cells.exact_id(admin["client_id"]),
            cells.folded_id(admin["client_id"]),
            cells.folded_id(admin.get("case_reference", "")),
            cells.is_yes(admin.get("consent", "")),
            cells.is_yes(admin.get("is_test", "")),
            cells.read_date(admin[event], order[event]),
            cells.read_birth_month(admin[born], order[born]) if born in admin else None,
            cells.read_moment(admin.get("submitted_at", ""), order.get("submitted_at", False)),
            cells.read_moment(admin.get("edited_at", ""), order.get("edited_at", False)),
            answers,
            numbers,
            self._absent(form, columns),
        )

    def _absent(self, form: str, columns: list[Column | None]) -> frozenset[str]:
        """Questions without a column were not asked where every column of the file is understood."""
        if None in columns:
            return frozenset()
        here = {column[0].id for column in columns if column}
        return frozenset(one.id for one in self.catalogue.of_form(form) if one.is_answered and one.id not in here)

    def _ticks(self, question: Question, text: str) -> set[str]:
        """The known entries of a list: labels between semicolons, or codes between blanks."""
        words = self.words[question.id]
        for parts in (text.split(";"), cells.clean(text).split(" ")):
            found = {words[cells.folded(part)] for part in parts if cells.folded(part) in words}
            if found:
                return found
        return set()
