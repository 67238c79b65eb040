"""What exports are called and hold: versions of forms, wordings, conventions, what is not asked and what is ignored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from catalogue.coherence.held import NAME, Held, unknown, wrong
from catalogue.errors import shown
from catalogue.folding import fold, fold_header
from catalogue.forms import Catalogue
from catalogue.merge import Row

_VERSION = re.compile(r"[a-z0-9][a-z0-9._-]{0,29}")
# What goes into headers.
_SAID = ("_label", "_code", "wording")


def check_exports(held: Held, forms_dir: Path) -> None:
    """Hold what files are read by. ``forms_dir`` holds the tables of forms, as landing reads them.

    Raises ProgrammeError: the first row that is wrong, with file and line.
    """
    for row in held.own("form_version"):
        if row.cells["is_current"] == "true":
            raise wrong(
                row,
                "`is_current` has to be false: labels of the catalogue are those of the engine's version, and what "
                "yours calls otherwise is a row of wording.csv",
            )
        if not _VERSION.fullmatch(row.cells["form_version"]):
            raise wrong(
                row, "`form_version` has to be small letters, digits, full stops, - and _, such as v3 or 2025-04"
            )
    for row in held.own("header_convention"):
        _check_convention(row)
    if not held.tables["header_convention"]:
        last = [row for row in held.tables["removed"] if row.cells["table"] == "header_convention"][-1]
        raise wrong(last, "no convention is left by which the header row of an export could be read")
    _check_sections(held)
    for row in held.tables["not_asked"]:
        _check_not_asked(held, row)
    for row in held.own("wording"):
        _check_wording(held, row)
    catalogue = Catalogue(forms_dir)
    _check_headers(held, catalogue)
    _check_ignored(held, catalogue)


def _check_convention(row: Row) -> None:
    cells = row.cells
    if (cells["tick_all_style"] == "columns") != bool(cells["option_separator"]):
        raise wrong(row, "`option_separator` has to be given where `tick_all_style` is columns, and nowhere else")
    if any(letter.isalnum() for letter in cells["option_separator"]):
        raise wrong(row, "`option_separator` has to be of characters that are no letters and no digits, such as ` | `")
    delimiter = ";" if (cells["tick_all_style"], cells["naming"]) == ("list", "text") else ""
    if cells["list_delimiter"] != delimiter:
        raise wrong(
            row,
            "`list_delimiter` has to be ; where ticks are labels in one column, and blank elsewhere (codes stand "
            "between blanks)",
        )


def _check_sections(held: Held) -> None:
    """Headers begin with their section: two of one form that read the same could not be told apart."""
    seen: dict[tuple[str, str], Row] = {}
    for row in held.tables["section"]:
        for column in ("section_code", "section_label"):
            other = seen.setdefault((row.cells["form_id"], fold(row.cells[column])), row)
            if other is not row:
                raise wrong(row, f"`{column}` reads like the section `{shown(other.cells['section_id'])}` of the form")


def _check_version(held: Held, row: Row) -> None:
    form_id = row.cells["form_id"]
    known = held.versions.get(form_id, [])
    if row.cells["form_version"] not in known:
        raise unknown(
            row, "form_version", known, f"which the {form_id} form has not; its versions are {', '.join(known)}"
        )


def _check_not_asked(held: Held, row: Row) -> None:
    cells = row.cells
    question = held.questions[cells["question_id"]].cells
    if question["form_id"] != cells["form_id"]:
        own = [one.cells["question_id"] for one in held.of_form("question", cells["form_id"])]
        raise unknown(row, "question_id", own, f"which is no question of the {cells['form_id']} form")
    if question["derivation"]:
        raise wrong(row, f"nobody is asked {cells['question_id']}: it is derived from {question['derived_from']}")
    if question["is_required"] == "true":
        raise wrong(row, f"no form can do without {cells['question_id']}: `is_required` is true")
    if cells["form_version"]:
        _check_version(held, row)
    if cells["first_day"] and cells["last_day"] and cells["first_day"] > cells["last_day"]:
        raise wrong(row, "`first_day` is after `last_day`")


def _check_wording(held: Held, row: Row) -> None:
    """A wording is of a version and an item that are there; otherwise it would say nothing, and nobody would notice."""
    cells = row.cells
    _check_version(held, row)
    form_id, (kind, _, part) = cells["form_id"], cells["item_type"].partition("_")
    questions = held.of_form("question", form_id)
    if kind == "section":
        known = {one.cells["section_id"] for one in held.of_form("section", form_id)}
    elif kind == "question":
        known = {one.cells["question_id"] for one in questions}
    else:
        known = {f"{one.cells['option_set']}.{code}" for one in questions for code in held.codes(one)}
    if cells["item_id"] not in known:
        raise unknown(row, "item_id", known, f"which is no {kind} of the {form_id} form")
    if kind == "question" and held.questions[cells["item_id"]].cells["derivation"]:
        raise wrong(row, f"no export has a column of {cells['item_id']}: it is derived")
    if kind == "option" and held.is_of_several(cells["item_id"].partition(".")[0]):
        if ";" in cells["wording"]:
            raise wrong(row, "`wording` holds a `;`, which stands between the answers to a question with several")
        if part == "code" and " " in cells["wording"]:
            raise wrong(row, "`wording` holds a blank, which stands between the codes of a question with several")
    if part == "code" and kind != "option" and not NAME.fullmatch(fold(cells["wording"])):
        raise wrong(row, f"`wording` is the code of a {kind}: small letters, digits and _, beginning with a letter")


def _check_headers(held: Held, catalogue: Catalogue) -> None:
    """A header of a form means one question, whichever version and portal wrote it."""
    for form_id in catalogue.forms:
        for headers in catalogue.written_headers(form_id).values():
            meant = sorted({header.question_id for header in headers})
            if len(meant) > 1:
                raise wrong(
                    _brought(held, meant, headers[0].header),
                    f"the questions {meant[0]} and {meant[1]} have one header in an export, "
                    f"`{shown(headers[0].header)}`, so it could not be told which one a column is",
                )


def _brought(held: Held, meant: Sequence[str], header: str) -> Row:
    """The row of a programme by which questions have the same header: it is of one of them, and the header says it."""
    questions = [held.questions[name] for name in meant]
    items = {*meant, *(row.cells["section_id"] for row in questions)}
    items |= {f"{row.cells['option_set']}.{code}" for row in questions for code in held.codes(row)}
    found = (
        row
        for table, name in (("question", "question_id"), ("wording", "item_id"), ("section", "section_id"))
        for row in held.own(table)
        if row.cells[name] in items
        and any(cell and fold(cell) in fold(header) for column, cell in row.cells.items() if column.endswith(_SAID))
    )
    return next(found, questions[-1])


def _check_ignored(held: Held, catalogue: Catalogue) -> None:
    """What is ignored is a column that nobody asks for; one that is asked for would be read all the same."""
    for row in held.tables["ignored_column"]:
        header = fold_header(row.cells["header"])
        if not any(letter.isalnum() for letter in header):
            raise wrong(row, "`header` has to be the name of one column, in full")
        for form_id in [row.cells["form_id"]] if row.cells["form_id"] else catalogue.forms:
            meant = catalogue.header_index(form_id).get(header)
            if meant:
                raise wrong(
                    row,
                    f"`{shown(row.cells['header'])}` is the column of {meant[0].question_id} in exports of the "
                    f"{form_id} form and known as that. Take the row out",
                )
