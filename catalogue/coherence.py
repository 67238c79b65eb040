"""What rows of the catalogue of forms say together: answers that exist, headers that mean one thing.

`merge` holds each table to its own promises; here belongs what takes several tables to see. The engine's own catalogue
passes; whatever fails was brought by a programme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from catalogue.errors import NOTHING_DONE, ProgrammeError, nearest, shown
from catalogue.folding import fold
from catalogue.forms import Catalogue
from catalogue.merge import Place, Row, Tables

#: Numbers of questions from here on are a programme's; the engine never gives one of them.
FIRST_OWN_QUESTION = 5001
# An answer is question_no * 100 + option_no, and the cube of answers keeps six digits for it.
_LAST_QUESTION = 9_999
_LAST_OPTION = 97
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
# What may be kept of an answer that could hold a name, an id or a day of birth.
_KEPT = {"text": {"never"}, "identifier": {"pseudonym", "never"}}
# What a row of a table may count besides options: no answer, everything asked, a question that was not put.
_COUNTED = ("single", "matrix", "tick_all", "number")
_NO_ANSWER = frozenset({"missing", "*", "closed"})


def check_coherence(tables: Tables, forms_dir: Path) -> None:
    """Hold a merged catalogue together. ``forms_dir`` is where its tables of forms have been written.

    Raises ProgrammeError: the first thing that is wrong, with file and line.
    """
    options = _options(tables["option"])
    questions = {row.cells["question_id"]: row for row in tables["question"]}
    for row in tables["option"]:
        if not 1 <= int(row.cells["option_no"]) <= _LAST_OPTION:
            raise _wrong(row, f"`option_no` has to be from 1 to {_LAST_OPTION}")
    for row in tables["question"]:
        _check_question(row, questions, options)
    for row in tables["population"]:
        if row.cells["question_id"]:
            _check_codes(row, "option_codes", questions[row.cells["question_id"]], options)
    sets = {row.cells["column_set"] for row in tables["column_set"]}
    for row in tables["report_row"]:
        _check_report_row(row, questions, options, sets)
    _check_meanings(tables["option"])
    catalogue = Catalogue(forms_dir)
    for sentence in catalogue.options_alike():
        raise ProgrammeError(f"{sentence} {NOTHING_DONE}")
    _check_headers(catalogue, {name: row.place for name, row in questions.items()})


def _wrong(row: Row, what: str) -> ProgrammeError:
    return ProgrammeError(f"{row.place}: {what}. {NOTHING_DONE}")


def _options(rows: Sequence[Row]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.cells["option_set"], set()).add(row.cells["option_code"])
    return found


def _check_question(row: Row, questions: Mapping[str, Row], options: Mapping[str, set[str]]) -> None:
    cells = row.cells
    if row.place.line is not None:
        number = int(cells["question_no"])
        if not FIRST_OWN_QUESTION <= number <= _LAST_QUESTION:
            raise _wrong(row, f"`question_no` of a programme has to be from {FIRST_OWN_QUESTION} to {_LAST_QUESTION}")
        if not _NAME.fullmatch(cells["question_id"]) or not cells["question_id"].startswith(f"{cells['form_id']}_"):
            raise _wrong(row, f"`question_id` has to be small letters, digits and _, beginning {cells['form_id']}_")
    kept = _KEPT.get(cells["answer_type"])
    # The engine's own text of administration (service, form version) is read by landing, which keeps no words of it.
    if row.place.line is not None and kept is not None and cells["storage"] not in kept:
        raise _wrong(
            row,
            f"an answer of type {cells['answer_type']} may hold what identifies a child, so `storage` has to be "
            + " or ".join(sorted(kept)),
        )
    if cells["option_set"] and cells["option_set"] not in options:
        raise _wrong(
            row,
            f"`option_set` names `{shown(cells['option_set'])}`, of which there are no options."
            + nearest(cells["option_set"], options),
        )
    if cells["parent_question_id"]:
        parent = questions[cells["parent_question_id"]]
        if parent.cells["form_id"] != cells["form_id"]:
            raise _wrong(row, "`parent_question_id` names a question of another form")
        _check_codes(row, "parent_option_codes", parent, options)


def _codes(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(";") if part.strip())


def _check_codes(
    row: Row, column: str, question: Row, options: Mapping[str, set[str]], also: frozenset[str] = frozenset()
) -> None:
    known = options.get(question.cells["option_set"], set())
    for code in _codes(row.cells[column]):
        if code not in known and code not in also:
            raise _wrong(
                row,
                f"`{column}` names `{shown(code)}`, which is no option of {question.cells['question_id']}."
                + nearest(code, known),
            )


def _check_report_row(row: Row, questions: Mapping[str, Row], options: Mapping[str, set[str]], sets: set[str]) -> None:
    cells = row.cells
    if cells["column_set"] and cells["column_set"] not in sets:
        raise _wrong(
            row,
            f"`column_set` names `{shown(cells['column_set'])}`, which is none.{nearest(cells['column_set'], sets)}",
        )
    if row.place.is_own and cells["question_id"]:
        asked = questions[cells["question_id"]].cells
        if asked["answer_type"] not in _COUNTED or asked["storage"] != "store":
            raise _wrong(
                row,
                f"it counts {asked['question_id']}, whose answers are not counted (`answer_type` "
                f"{asked['answer_type']}, `storage` {asked['storage']}): counted are {', '.join(_COUNTED)} with the "
                "storage store",
            )
    if cells["question_id"] and cells["option_codes"]:
        _check_codes(row, "option_codes", questions[cells["question_id"]], options, _NO_ANSWER)


def _check_meanings(rows: Sequence[Row]) -> None:
    """No two options of a set may read the same: an answer would be both."""
    seen: dict[tuple[str, str], Row] = {}
    for row in rows:
        for spelling in {fold(row.cells[name]) for name in ("option_code", "option_label")}:
            other = seen.setdefault((row.cells["option_set"], spelling), row)
            if other is not row:
                raise _wrong(row, f"it reads like the option `{shown(other.cells['option_code'])}` of the same set")


def _check_headers(catalogue: Catalogue, places: Mapping[str, Place]) -> None:
    """A header of a form means one question, whichever version and portal wrote it."""
    for form_id in catalogue.forms:
        for headers in catalogue.header_index(form_id).values():
            meant = sorted({header.question_id for header in headers}, key=lambda name: (places[name].line or 0, name))
            if len(meant) > 1:
                raise ProgrammeError(
                    f"{places[meant[-1]]}: the question {meant[-1]} has the header of {meant[0]} in an export, so it "
                    f"could not be told which one a column is. {NOTHING_DONE}"
                )
