"""Which form a header row belongs to, and which column goes where: the catalogue against what arrived.

A header that is not in the catalogue is not stored, and its text is not repeated in any message either: the
first line of a file without a header is somebody's data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalogue import Catalogue
from catalogue.folding import fold_header
from orchestration.landing.forms.doubles import combined_sql, named_places, refuse_doubles, without_number
from orchestration.landing.forms.header_rows import (
    ERASURE,
    SEARCHED,
    expected_record,
    find_header,
    known_headers,
    named_by_two_rows,
    refuse_records_above,
    rows_of_header,
)
from orchestration.landing.forms.sheets import choose_table, first_rows
from orchestration.landing.forms.unknown import UnknownColumn, unknown_columns
from orchestration.landing.ledger import LoadResult
from orchestration.landing.limits import MAXIMUM_COLUMNS
from orchestration.landing.refusal import FileRefusedError, Refused
from orchestration.landing.tabular.records import Source
from orchestration.landing.tabular.source import open_sources
from orchestration.landing.tabular.working_copy import WorkingCopy, copy_records


@dataclass(frozen=True)
class Header:
    """A header row understood.

    ``columns[i]`` is what column i of the file becomes: the name of a raw column (or of a column of an erasure
    list), or None where it is not stored; several may become one. Positions count from 1. ``absent_questions`` are the
    stored questions of which the file has no column under any name, ``absent_columns`` how many columns of options it
    lacks of the questions of which it has some, ``header_rows`` how many records precede the first form,
    ``title_rows`` how many of them the row with the names, ``label_rows`` how many below it are told by words alone.
    """

    form_id: str
    form_version: str | None
    convention_id: str | None
    columns: tuple[str | None, ...]
    never_stored: tuple[str, ...]
    unknown: tuple[UnknownColumn, ...]
    unnamed_positions: tuple[int, ...]
    absent_questions: tuple[str, ...]
    absent_columns: int
    header_rows: int
    title_rows: int = 0
    label_rows: int = 0

    @property
    def width(self) -> int:
        """How many columns the header row has."""
        return len(self.columns)

    def ignored(self) -> str | None:
        """Which columns were not stored: question ids of the catalogue, and places of those outside it."""
        parts = list(self.never_stored)
        if self.unknown:
            parts.append(f"{named_places([column.place for column in self.unknown])} not in the catalogue")
        return ", ".join(parts) or None

    def places(self) -> dict[str, list[str]]:
        """The columns of the working copy that each stored column has."""
        places: dict[str, list[str]] = {}
        for place, name in enumerate(self.columns, start=1):
            if name:
                places.setdefault(name, []).append(f"c{place}")
        return places

    def place_of(self) -> dict[str, str]:
        """What each stored column is in the working copy: a column of it, or an expression over several."""
        return {name: combined_sql(cells) for name, cells in self.places().items()}

    def tail(self) -> list[int]:
        """Columns without a name at the end of the header row. A value there means a record that has slipped."""
        tail = []
        place = self.width
        while place in self.unnamed_positions:
            tail.append(place)
            place -= 1
        return tail

    def describe(self, result: LoadResult) -> LoadResult:
        """The entry of the ledger with what the header row says."""
        return replace(
            result,
            form_id=self.form_id,
            form_version=self.form_version,
            convention_id=self.convention_id,
            ignored_columns=self.ignored(),
        )


@dataclass(frozen=True)
class DeliveredTable:
    """A table with a header row of ours, as far as it can be read without the warehouse.

    ``notes`` are sentences on how it was read, for the ledger.
    """

    catalogue: Catalogue
    header: Header
    copy: WorkingCopy
    notes: tuple[str, ...] = ()

    def describe(self, result: LoadResult) -> LoadResult:
        """The entry of the ledger with what is known before a row of it has landed."""
        return self.header.describe(result)


class FormExport(DeliveredTable):
    """An export of forms."""


class ErasureList(DeliveredTable):
    """A list of clients whose data has to go and stay gone."""


def recognise_form(catalogue: Catalogue, path: Path, copy: Path) -> FormExport | ErasureList | Refused:
    """What a file is that does not lie where returns lie; its working copy is written to ``copy``.

    Raises FileRefusedError: it is no table, its header row is not one of a form, or it has several tables of forms.
    """
    source, sheets_note = choose_table(catalogue, open_sources(path))
    header, delimiter = _find_header(catalogue, source)
    expected = expected_record(catalogue, header.form_id, header.columns)
    try:
        records = copy_records(source, delimiter, expected, header.header_rows, copy)
    except FileRefusedError as refusal:
        return Refused.because(refusal, header)
    kind = ErasureList if header.form_id == ERASURE else FormExport
    notes = (sheets_note, *_header_notes(header), _filled_note(records))
    return kind(catalogue, header, records, tuple(note for note in notes if note))


def _find_header(catalogue: Catalogue, source: Source) -> tuple[Header, bytes]:
    """The header row of a file, and the delimiter under which it shows."""
    delimiter, rows = first_rows(catalogue, source)
    header = recognise_header(catalogue, rows)
    if len(rows) > header.header_rows:
        header = _with_trailing_comma(header, rows[header.header_rows])
    return header, delimiter


def _header_notes(header: Header) -> Iterator[str]:
    """What was taken for no form without being a header row that the catalogue knows."""
    for rows, where, hold in ((header.title_rows, "above", "no"), (header.label_rows, "below", "other")):
        if rows:
            several = rows > 1
            yield (
                f"{rows:,} row{'s' if several else ''} {where} the header row {'hold' if several else 'holds'} {hold} "
                f"names of columns and {'were' if several else 'was'} passed over."
            )


def _filled_note(records: WorkingCopy) -> str | None:
    filled = records.tally.filled
    if not filled:
        return None
    several = filled > 1
    return (
        f"{filled:,} record{'s end' if several else ' ends'} before the last column, as spreadsheets write rows whose "
        f"last cells are empty: what {'they lack' if several else 'it lacks'} counts as empty."
    )


def _with_trailing_comma(header: Header, first: Sequence[str]) -> Header:
    """Some portals end every record, or only the header row, with a comma: one column more, with nothing in it."""
    width = header.width
    if len(first) == width + 1 and not first[-1].strip():
        return replace(
            header, columns=(*header.columns, None), unnamed_positions=(*header.unnamed_positions, width + 1)
        )
    if len(first) == width - 1 and width in header.unnamed_positions:
        return replace(header, columns=header.columns[:-1], unnamed_positions=header.unnamed_positions[:-1])
    return header


def recognise_header(catalogue: Catalogue, rows: Sequence[Sequence[str]]) -> Header:
    """Find the header row among the first records of a file and say what each column becomes.

    Parameters:
        rows: the first records of the file, as lists of cells; at most `FIRST_RECORDS` are looked at.

    Raises FileRefusedError: no header row of a known form, what may be a record above it, a required column is missing,
    a column of administration comes twice, or there are more columns than any form could have.
    """
    if not rows:
        raise FileRefusedError("The file is empty.")
    found = find_header(catalogue, rows)
    widest = len(rows[found[1] - 1]) if found else max(len(cells) for cells in rows[:SEARCHED])
    _refuse_wide(widest)
    if found is None:
        columns, known = len(rows[0]), known_headers(catalogue, rows)
        raise FileRefusedError(
            "The header row is not one of an intake, review or exit form: of its "
            f"{columns:,} column{'s' if columns != 1 else ''}, {known} are known. "
            f"Check that one of the first {SEARCHED} lines holds the column names as the portal exports them."
        )
    form_id, number = found
    cells = rows[number - 1]
    is_erasure = form_id == ERASURE
    two_rows = (
        None if is_erasure else named_by_two_rows(catalogue, form_id, cells, rows[number] if number < len(rows) else ())
    )
    cells = two_rows or cells
    _refuse_wide(len(cells))
    names = [fold_header(cell) for cell in cells]
    header = _erasure_list(names, number) if is_erasure else _form(catalogue, form_id, cells, number)
    refuse_records_above(expected_record(catalogue, form_id, header.columns), rows, number)
    if is_erasure:
        return replace(header, title_rows=number - 1)
    header_rows, label_rows = rows_of_header(catalogue, form_id, header.columns, rows, number)
    if two_rows:
        header_rows, label_rows = max(header_rows, number + 1), 0
    return replace(header, header_rows=header_rows, title_rows=number - 1, label_rows=label_rows)


def _refuse_wide(columns: int) -> None:
    if columns > MAXIMUM_COLUMNS:
        raise FileRefusedError(
            f"It has {columns:,} columns, more than any form could have (the limit is {MAXIMUM_COLUMNS:,})."
        )


def _erasure_list(names: Sequence[str], number: int) -> Header:
    refuse_doubles([name or None for name in names])
    unnamed = tuple(place for place, name in enumerate(names, start=1) if not name)
    return Header(
        form_id=ERASURE,
        form_version=None,
        convention_id=None,
        columns=tuple(name or None for name in names),
        never_stored=(),
        unknown=(),
        unnamed_positions=unnamed,
        absent_questions=(),
        absent_columns=0,
        header_rows=number,
    )


def _form(catalogue: Catalogue, form_id: str, cells: Sequence[str], header_rows: int) -> Header:
    names = [fold_header(cell) for cell in cells]
    index = catalogue.header_index(form_id)
    metadata = catalogue.metadata_among(names)
    fits: Counter[tuple[str, str]] = Counter()
    columns: list[str | None] = []
    asked: list[str | None] = []
    never: list[str] = []
    unknown: list[int] = []
    unnamed: list[int] = []
    for place, name in enumerate(names, start=1):
        headers = index.get(name) or index.get(without_number(catalogue, form_id, name, names))
        if headers is None:
            if not name:
                unnamed.append(place)
            elif name not in metadata and not catalogue.is_ignored(form_id, name):
                unknown.append(place)
            columns.append(None)
            asked.append(None)
            continue
        fits.update({(header.form_version, header.convention_id) for header in headers})
        columns.append(headers[0].raw_column)
        asked.append(headers[0].question_id)
        if headers[0].raw_column is None:
            never.append(headers[0].question_id)
    refuse_doubles(
        [
            name if question_id and not catalogue.may_come_twice(question_id) else None
            for name, question_id in zip(columns, asked, strict=True)
        ]
    )
    _refuse_missing(catalogue, form_id, {question_id for question_id in asked if question_id})

    # The newest version wins a tie: a header row that fits two versions equally says nothing about age.
    versions = [version.form_version for version in catalogue.form_versions(form_id)]
    order = list(catalogue.conventions)
    version, convention = max(fits, key=lambda fit: (fits[fit], versions.index(fit[0]), -order.index(fit[1])))
    present = {column for column in columns if column}
    has_column = {column.question_id for column in catalogue.raw_columns(form_id) if column.name in present}
    # A question whose ticks are in one cell lacks nothing, whether or not it has a column for each as well.
    expected = {
        column.name
        for column in catalogue.raw_columns(form_id)
        if column.option_code and column.question_id in has_column and column.question_id not in present
    }
    return Header(
        form_id=form_id,
        form_version=version,
        convention_id=convention,
        columns=tuple(columns),
        never_stored=tuple(dict.fromkeys(never)),
        unknown=unknown_columns(catalogue, form_id, cells, unknown),
        unnamed_positions=tuple(unnamed),
        absent_questions=tuple(
            dict.fromkeys(
                column.question_id for column in catalogue.raw_columns(form_id) if column.question_id not in has_column
            )
        ),
        absent_columns=len(expected - present),
        header_rows=header_rows,
    )


def _refuse_missing(catalogue: Catalogue, form_id: str, present: set[str]) -> None:
    missing = [
        question.question_code
        for question in catalogue.asked(form_id)
        if question.is_required and question.question_id not in present
    ]
    if missing:
        named = ", ".join(f"`{code}`" for code in missing)
        several = len(missing) > 1
        raise FileRefusedError(
            f"It looks like {'an' if form_id[0] in 'aeiou' else 'a'} {form_id} form, but the required "
            f"column{'s' if several else ''} {named} {'are' if several else 'is'} missing."
        )
