"""Which form a header row belongs to, and which column goes where: the catalogue against what arrived.

A header that is not in the catalogue is not stored, and its text is not repeated in any message either: the
first line of a file without a header is somebody's data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalogue import Catalogue
from catalogue.folding import fold_header
from orchestration.landing.forms.doubles import combined_sql, named_places, refuse_doubles, without_number
from orchestration.landing.forms.unknown import UnknownColumn, unknown_columns
from orchestration.landing.ledger import LoadResult
from orchestration.landing.limits import MAXIMUM_COLUMNS
from orchestration.landing.refusal import FileRefusedError, Refused
from orchestration.landing.tabular.records import Source, head_records
from orchestration.landing.tabular.source import open_source
from orchestration.landing.tabular.working_copy import WorkingCopy, copy_records

ERASURE = "erasure"
ERASURE_HEADERS = ("service", "client_id", "requested_on")
HEADER_ROWS = 3  # a portal writes a machine code, the question, and a technical note: three rows at most


@dataclass(frozen=True)
class Header:
    """A header row understood.

    ``columns[i]`` is what column i of the file becomes: the name of a raw column (or of a column of an erasure
    list), or None where it is not stored; several may become one. Positions count from 1. ``absent_questions`` are the
    stored questions of which the file has no column under any name, ``absent_columns`` how many columns of options it
    lacks of the questions of which it has some, ``header_rows`` how many records precede the first form.
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

    def place_of(self) -> dict[str, str]:
        """What each stored column is in the working copy: a column of it, or an expression over several."""
        places: dict[str, list[str]] = {}
        for place, name in enumerate(self.columns, start=1):
            if name:
                places.setdefault(name, []).append(f"c{place}")
        return {name: combined_sql(cells) for name, cells in places.items()}

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
    """A table with a header row of ours, as far as it can be read without the warehouse."""

    catalogue: Catalogue
    header: Header
    copy: WorkingCopy

    def describe(self, result: LoadResult) -> LoadResult:
        """The entry of the ledger with what is known before a row of it has landed."""
        return self.header.describe(result)


class FormExport(DeliveredTable):
    """An export of forms."""


class ErasureList(DeliveredTable):
    """A list of clients whose data has to go and stay gone."""


def recognise_form(catalogue: Catalogue, path: Path, copy: Path) -> FormExport | ErasureList | Refused:
    """What a file is that does not lie where returns lie; its working copy is written to ``copy``.

    Raises FileRefusedError: it is no table, or its header row is not one of a form.
    """
    source = open_source(path)
    header, delimiter = _find_header(catalogue, source)
    try:
        records = copy_records(source, delimiter, header.width, header.header_rows, copy)
    except FileRefusedError as refusal:
        return Refused.because(refusal, header)
    kind = ErasureList if header.form_id == ERASURE else FormExport
    return kind(catalogue, header, records)


def _find_header(catalogue: Catalogue, source: Source) -> tuple[Header, bytes]:
    """The header row of a file, and the delimiter under which it shows."""
    best: tuple[int, bytes, list[list[str]]] | None = None
    for delimiter in source.delimiters:
        rows = head_records(source, delimiter, count=4)
        score = _header_score(catalogue, rows)
        if best is None or score > best[0]:
            best = (score, delimiter, rows)
    assert best is not None
    _, delimiter, rows = best
    header = recognise_header(catalogue, rows)
    if len(rows) > header.header_rows:
        header = _with_trailing_comma(header, rows[header.header_rows])
    return header, delimiter


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


def _header_score(catalogue: Catalogue, rows: Sequence[Sequence[str]]) -> int:
    """How many cells of the best of the first rows are headers of one form. Tells delimiters apart."""
    best = 0
    for cells in rows[:HEADER_ROWS]:
        names = {fold_header(cell) for cell in cells}
        if names >= set(ERASURE_HEADERS):
            best = max(best, len(ERASURE_HEADERS))
        for form_id in catalogue.forms:
            best = max(best, len(names & catalogue.header_index(form_id).keys()))
    return best


def recognise_header(catalogue: Catalogue, rows: Sequence[Sequence[str]]) -> Header:
    """Find the header row among the first records of a file and say what each column becomes.

    Parameters:
        rows: the first records of the file, as lists of cells; at most four are looked at.

    Raises FileRefusedError: no header row of a known form, a required column is missing, a column of
    administration comes twice, or there are more columns than any form could have.
    """
    if not rows:
        raise FileRefusedError("The file is empty.")
    widest = max(len(cells) for cells in rows)
    if widest > MAXIMUM_COLUMNS:
        raise FileRefusedError(
            f"It has {widest:,} columns, more than any form could have (the limit is {MAXIMUM_COLUMNS:,})."
        )
    candidates = [[fold_header(cell) for cell in cells] for cells in rows[:HEADER_ROWS]]
    for number, names in enumerate(candidates, start=1):
        if {name for name in names if name} == set(ERASURE_HEADERS):
            return _erasure_list(names, number)
    form_id, number = _best_form(catalogue, candidates)
    header_rows = number
    while header_rows < min(len(rows), HEADER_ROWS) and _is_header_again(catalogue, form_id, rows[header_rows]):
        header_rows += 1
    return _form(catalogue, form_id, rows[number - 1], header_rows)


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


def _best_form(catalogue: Catalogue, candidates: Sequence[Sequence[str]]) -> tuple[str, int]:
    """The form and the (1-based) row whose headers fit best.

    Administration headers are shared by all forms, so only what a form has alone speaks for it; its event
    date is among that.
    """
    indexes = {form_id: set(catalogue.header_index(form_id)) for form_id in catalogue.forms}
    scores: dict[tuple[str, int], tuple[int, int]] = {}
    for number, names in enumerate(candidates, start=1):
        known = set(names)
        for form_id, index in indexes.items():
            elsewhere = set().union(*(other for key, other in indexes.items() if key != form_id))
            scores[form_id, number] = (len(known & index), len(known & (index - elsewhere)))
    (form_id, number), (total, own) = max(
        scores.items(), key=lambda item: (item[1][0], -item[0][1], item[1][1], item[0][0])
    )
    if own == 0 or total < 3:
        columns = len(candidates[0])
        raise FileRefusedError(
            "The header row is not one of an intake, review or exit form: of its "
            f"{columns:,} column{'s' if columns != 1 else ''}, {total} are known. "
            "Check that the first line holds the column names as the portal exports them."
        )
    return form_id, number


def _is_header_again(catalogue: Catalogue, form_id: str, cells: Sequence[str]) -> bool:
    """Whether a record below the header row is a second one (labels under codes) or a portal's technical row."""
    names = [name for name in (fold_header(cell) for cell in cells) if name]
    if not names:
        return False
    known = sum(name in catalogue.header_index(form_id) for name in names)
    return known * 2 >= len(names) or names[0].startswith('{"importid"')


def _form(catalogue: Catalogue, form_id: str, cells: Sequence[str], header_rows: int) -> Header:
    names = [fold_header(cell) for cell in cells]
    index = catalogue.header_index(form_id)
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
            elif not catalogue.is_ignored(form_id, name):
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
