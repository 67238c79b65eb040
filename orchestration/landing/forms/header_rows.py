"""Which of the first records of a file are its header rows: the one with the names, titles above it, labels below it.

No row that could be a form is taken for one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from catalogue import Catalogue
from catalogue.folding import fold, fold_header
from catalogue.headers import ExportHeader, option_names
from orchestration.landing.forms.identity import admin_question
from orchestration.landing.forms.unknown import OTHER_WORDS
from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.tabular.fitting import Expected

ERASURE = "erasure"
ERASURE_HEADERS = ("service", "client_id", "requested_on")
#: Rows in which the header row is looked for: reports have titles, filters and dates above their table.
SEARCHED = 20
#: Rows below the header row that may still be none of a form: the question, and a technical note.
BELOW = 2
#: How many of the first records are looked at.
FIRST_RECORDS = SEARCHED + BELOW + 1

# Fewer known headers than this are chance.
_LEAST_KNOWN = 3
_IMPORT_ID = '{"importid"'
_ID_WORDS = {"id", "ids", "identifier", "reference", "ref", "code", "number", "key"}
_DATE_WORDS = {"date", "day", "when"}
# What a survey portal writes below a question instead of its options.
_RESPONSES = {"response", "open-ended response"}
_DATE_SHAPES = {"", "date", "date / time", "dd/mm/yyyy", "mm/dd/yyyy", "yyyy-mm-dd"}
_FLAGS = {"yes", "no", "true", "false"}
_WORD = re.compile(r"[a-z]+")


def known_headers(catalogue: Catalogue, rows: Sequence[Sequence[str]]) -> int:
    """How many cells of the best of the first rows are headers of one form. Tells delimiters apart."""
    best, last = 0, SEARCHED
    for number, names in enumerate(_folded(rows), start=1):
        if number > last:
            break
        known = max(len(names & catalogue.header_index(form_id).keys()) for form_id in catalogue.forms)
        if set(ERASURE_HEADERS) <= names:
            known = max(known, len(ERASURE_HEADERS))
        if known >= _LEAST_KNOWN and best < _LEAST_KNOWN:
            last = number + BELOW
        best = max(best, known)
    return best


def find_header(catalogue: Catalogue, rows: Sequence[Sequence[str]]) -> tuple[str, int] | None:
    """The form (or `erasure`) and the row, from 1, whose headers fit best; None where no row is a header row.

    Administration headers are shared by all forms, so only what a form has alone speaks for it; its event
    date is among that. The rows that compete are the first that would do and the ones right below it: a header row
    further down is that of another table.
    """
    indexes = {form_id: set(catalogue.header_index(form_id)) for form_id in catalogue.forms}
    alone = {
        form_id: index.difference(*(other for key, other in indexes.items() if key != form_id))
        for form_id, index in indexes.items()
    }
    fits: list[tuple[int, int, int, str]] = []
    for number, known in enumerate(_folded(rows), start=1):
        if fits and number > -fits[0][1] + BELOW:
            break
        if known - {""} == set(ERASURE_HEADERS):
            return ERASURE, number
        for form_id, index in indexes.items():
            total, own = len(known & index), len(known & alone[form_id])
            if own and total >= _LEAST_KNOWN:
                fits.append((total, -number, own, form_id))
    if not fits:
        return None
    _, number, _, form_id = max(fits)
    return form_id, -number


def named_by_two_rows(
    catalogue: Catalogue, form_id: str, cells: Sequence[str], below: Sequence[str]
) -> list[str] | None:
    """The names of columns, where a portal writes a question with several answers once, above the first of its options,
    and the options in the row below; None where it does not.

    A column below a question of which the option is not known is called by the question and a question mark: what
    stands there is not repeated, unless it is the portal's text for other words. A row that says whose form it is, or
    when, is a form.
    """
    index = catalogue.header_index(form_id)
    words = [word.strip() for word in below]
    # A spreadsheet leaves out the empty cells behind the last question.
    above = [cell.strip() for cell in cells] + [""] * (len(words) - len(cells) if any(words[len(cells) :]) else 0)
    words += [""] * (len(above) - len(words))
    meant = [index.get(fold_header(cell)) for cell in above]
    if not _is_of_nobody(catalogue, form_id, [found[0].raw_column if found else None for found in meant], words):
        return None
    names: list[str] = []
    question, is_so, is_second = "", False, bool({fold(word) for word in words} & _RESPONSES)
    for place, (cell, word) in enumerate(zip(above, words, strict=True)):
        # Where neither row says anything the options of the question are over.
        question = cell or (question if word else "")
        goes_on = not cell or (not any(above[place + 1 : place + 2]) and any(words[place + 1 : place + 2]))
        together = f"{question} - {word}"
        if word and fold_header(together) in index:
            names.append(together)
            is_second = is_second or goes_on
        elif word and goes_on and not _is_answered_below(catalogue, meant[place], word):
            said = word if OTHER_WORDS.fullmatch(fold_header(word)) else "?"
            names.append(f"{question} - {said}" if question else "?")
        else:
            names.append(cell)
        is_so = is_so or bool(word and not cell)
    return names if is_so and is_second else None


def _is_of_nobody(catalogue: Catalogue, form_id: str, columns: Sequence[str | None], cells: Sequence[str]) -> bool:
    """Whether a record below the header row says neither whose form it is nor when, or says so in words of its own."""
    *whose, date = _administration(catalogue, form_id, columns, cells)
    is_blank = set(whose) <= {*_RESPONSES, ""} and (date in _RESPONSES | _DATE_SHAPES or _DATE_WORDS & _words(date))
    return bool(is_blank) or _is_worded(catalogue, form_id, columns, cells)


def _is_answered_below(catalogue: Catalogue, meant: Sequence[ExportHeader] | None, word: str) -> bool:
    """Whether answers stand below a header that is known, and below it no option of its question: any other column that
    follows is beside it, such as the one for what else there is to say."""
    if not meant:
        return False
    question = catalogue.questions[meant[0].question_id]
    if fold(word) in _RESPONSES:
        return True
    return question.answer_type != "tick_all" and fold_header(word) not in option_names(catalogue, question.question_id)


def expected_record(catalogue: Catalogue, form_id: str, columns: Sequence[str | None]) -> Expected:
    """What a record has under these columns: who it is of, and for a form its date."""
    places = {name: place for place, name in enumerate(columns, start=1) if name}
    if form_id == ERASURE:
        return Expected(len(columns), tuple(places[name] for name in ERASURE_HEADERS[:2]), ())
    date = places[catalogue.forms[form_id].event_date_question_id]
    ids = [places[admin_question(form_id, code)] for code in ("submission_id", "client_id")]
    return Expected(len(columns), (*ids, date), (date,))


def refuse_records_above(expected: Expected, rows: Sequence[Sequence[str]], number: int) -> None:
    """Raise FileRefusedError when a row above the header row could be a record."""
    for place, cells in enumerate(rows[: number - 1], start=1):
        if expected.is_record(cells):
            raise FileRefusedError(
                f"Row {place:,} stands above the header row, which is row {number:,}, and may be a record of its "
                "own. Put the header row first."
            )


def rows_of_header(
    catalogue: Catalogue, form_id: str, columns: Sequence[str | None], rows: Sequence[Sequence[str]], number: int
) -> tuple[int, int]:
    """How many records precede the first form, where record ``number`` has the headers, and how many of them are told
    by words that are not of the catalogue."""
    header_rows, worded = number, 0
    while header_rows < min(len(rows), number + BELOW):
        cells = rows[header_rows]
        if not _has_headers(catalogue, form_id, cells):
            if not _is_worded(catalogue, form_id, columns, cells):
                break
            worded += 1
        header_rows += 1
    return header_rows, worded


def _folded(rows: Sequence[Sequence[str]]) -> Iterator[set[str]]:
    """The cells of the first rows as they are compared; a row of too few cells is no header row and has none."""
    for cells in rows[:SEARCHED]:
        yield {fold_header(cell) for cell in cells} if len(cells) >= _LEAST_KNOWN else set()


def _has_headers(catalogue: Catalogue, form_id: str, cells: Sequence[str]) -> bool:
    """Whether a record below the header row is a second one (labels under codes) or a portal's technical row."""
    names = [name for name in (fold_header(cell) for cell in cells) if name]
    if not names:
        return False
    known = sum(name in catalogue.header_index(form_id) for name in names)
    return known * 2 >= len(names) or all(name.startswith(_IMPORT_ID) for name in names)


def _is_worded(catalogue: Catalogue, form_id: str, columns: Sequence[str | None], cells: Sequence[str]) -> bool:
    """Whether a record says in words of its own what its columns hold: ids and date are called so, and are none."""
    submission, client, service, date = _administration(catalogue, form_id, columns, cells)
    everything = {fold(cell) for cell in cells}
    if everything & _RESPONSES:
        return date in _RESPONSES | _DATE_SHAPES and {submission, client, service} <= {*_RESPONSES, ""}
    ids_are_called = all(_ID_WORDS & _words(cell) for cell in (submission, client))
    return ids_are_called and bool(_DATE_WORDS & _words(date)) and not everything & _FLAGS


def _administration(
    catalogue: Catalogue, form_id: str, columns: Sequence[str | None], cells: Sequence[str]
) -> tuple[str, str, str, str]:
    """What a record says, folded, in the places of submission, client, service and date."""
    cell_of = {name: fold(cell) for name, cell in zip(columns, cells, strict=False) if name}
    asked = [admin_question(form_id, code) for code in ("submission_id", "client_id", "service")]
    submission, client, service = (cell_of.get(name, "") for name in asked)
    return submission, client, service, cell_of.get(catalogue.forms[form_id].event_date_question_id, "")


def _words(cell: str) -> set[str]:
    """The words of a cell; none where it has digits, as data have."""
    return set() if any(letter.isdigit() for letter in cell) else set(_WORD.findall(cell))
