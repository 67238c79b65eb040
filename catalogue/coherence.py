"""What rows of the catalogue of forms say together: answers that exist, headers that mean one thing.

`merge` holds each table to its own promises; here belongs what takes several tables to see. The engine's own catalogue
passes; whatever fails was brought by a programme.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
# Whose answers a row of a table may count, and what besides options: no answer, everything asked, a question not put.
_COUNTED = ("single", "matrix", "tick_all", "number")
_NO_ANSWER = frozenset({"missing", "*", "closed"})
# What answers are called that are no option of a set.
_RESERVED = frozenset({"missing", "closed", "not_asked", "unknown", "given"})
_STATISTICS = ("percentage", "count", "per_100", "mean", "median", "services", "external")
#: What figures can be broken down by: each is a column of the fact tables.
BREAKDOWNS = ("age_band", "gender", "ethnicity_group", "abuse_timing")


def check_coherence(tables: Tables, forms_dir: Path) -> None:
    """Hold a merged catalogue together. ``forms_dir`` is where its tables of forms have been written.

    Raises ProgrammeError: the first thing that is wrong, with file and line.
    """
    options = _options(tables["option"])
    questions = {row.cells["question_id"]: row for row in tables["question"]}
    for row in tables["option"]:
        if not 1 <= int(row.cells["option_no"]) <= _LAST_OPTION:
            raise _wrong(row, f"`option_no` has to be from 1 to {_LAST_OPTION}")
        if row.place.is_own and (
            not _NAME.fullmatch(row.cells["option_code"]) or row.cells["option_code"] in _RESERVED
        ):
            raise _wrong(
                row,
                "`option_code` has to be small letters, digits and _, beginning with a letter, and none of "
                + ", ".join(sorted(_RESERVED)),
            )
    for row in tables["question"]:
        _check_question(row, questions, options)
    # A member of the engine may be an option that a programme has left out: then nobody gave it.
    own_members = (row for row in tables["co_occurrence_member"] if row.place.line is not None)
    for row in (*tables["population"], *own_members):
        if row.cells["question_id"]:
            _check_codes(row, "option_codes", questions[row.cells["question_id"]], options)
    sets = {row.cells["column_set"] for row in tables["column_set"]}
    for row in tables["column_set"]:
        _check_column(row, options)
    for row in tables["report_row"]:
        _check_report_row(row, questions, options, sets, tables["option"])
    for row in tables["breakdown"]:
        _check_breakdown(row, questions, tables["option"])
    versions = _versions(tables["form_version"])
    for row in tables["not_asked"]:
        _check_not_asked(row, questions, versions)
    _check_wordings(tables, versions, options)
    _check_meanings(tables["option"])
    catalogue = Catalogue(forms_dir)
    for sentence in catalogue.options_alike():
        raise ProgrammeError(f"{sentence} {NOTHING_DONE}")
    _check_headers(catalogue, {name: row.place for name, row in questions.items()})


def _wrong(row: Row, what: str, meant: str = "") -> ProgrammeError:
    return ProgrammeError(f"{row.place}: {what}.{meant} {NOTHING_DONE}")


def _unknown(row: Row, column: str, known: Iterable[str], why: str) -> ProgrammeError:
    """A cell that names what is not there, with what it is most like."""
    name = row.cells[column]
    return _wrong(row, f"`{column}` names `{shown(name)}`, {why}", nearest(name, known))


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
        raise _unknown(row, "option_set", options, "of which there are no options")
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
                f"`{column}` names `{shown(code)}`, which is no option of {question.cells['question_id']}",
                nearest(code, known),
            )


def _check_report_row(
    row: Row,
    questions: Mapping[str, Row],
    options: Mapping[str, set[str]],
    sets: set[str],
    listed: Sequence[Row],
) -> None:
    cells = row.cells
    if cells["statistic"] not in _STATISTICS:
        raise _unknown(row, "statistic", _STATISTICS, f"which is none of {', '.join(_STATISTICS)}")
    average = cells["statistic"] if cells["statistic"] in ("mean", "median") else ""
    if average not in cells["row_label"].lower():
        raise _wrong(row, f"`row_label` has to say that it is a {average}, such as: Siblings ({average})")
    if cells["column_set"] and cells["column_set"] not in sets:
        raise _unknown(row, "column_set", sets, "which is none")
    if not cells["question_id"]:
        if cells["option_group"] or any(code != "*" for code in _codes(cells["option_codes"])):
            raise _wrong(row, "it counts answers, and `question_id` does not say to which question")
        return
    question = questions[cells["question_id"]]
    asked = question.cells
    if row.place.is_own and (asked["answer_type"] not in _COUNTED or asked["storage"] != "store"):
        raise _wrong(
            row,
            f"it counts {asked['question_id']}, whose answers are not counted (`answer_type` {asked['answer_type']}, "
            f"`storage` {asked['storage']}): counted are {', '.join(_COUNTED)} with the storage store",
        )
    _check_codes(row, "option_codes", question, options, _NO_ANSWER)
    groups = _groups(question, listed)
    if cells["option_group"] and cells["option_group"] not in groups:
        raise _unknown(row, "option_group", groups, f"which is no group of options of {cells['question_id']}")


def _check_column(row: Row, options: Mapping[str, set[str]]) -> None:
    """A column is of many questions, and some of them have not all of its answers; each is an answer of some set."""
    # The engine's may count an option that a programme has left out.
    known = set().union(*options.values()) | _NO_ANSWER
    for code in _codes(row.cells["option_codes"]):
        if row.place.line is not None and code not in known:
            raise _wrong(row, f"`option_codes` names `{shown(code)}`, which is no option", nearest(code, known))


def _groups(question: Row, listed: Sequence[Row]) -> set[str]:
    """The groups under which options of a question are counted."""
    own = (row.cells for row in listed if row.cells["option_set"] == question.cells["option_set"])
    return {cells["option_group"] for cells in own if cells["option_group"]}


def _check_breakdown(row: Row, questions: Mapping[str, Row], listed: Sequence[Row]) -> None:
    if row.cells["breakdown"] not in BREAKDOWNS:
        raise _unknown(row, "breakdown", BREAKDOWNS, f"and figures can be broken down by {', '.join(BREAKDOWNS)} only")
    if not row.cells["question_id"]:
        raise _wrong(row, "`question_id` must not be blank")
    question = questions[row.cells["question_id"]]
    if question.cells["form_id"] != "intake" or not question.cells["option_set"]:
        raise _wrong(row, "`question_id` has to name a question of the intake form that has options")
    if row.cells["level"] == "group" and not _groups(question, listed):
        raise _wrong(row, f"`level` is group, and no option of {row.cells['question_id']} has an `option_group`")


def _versions(rows: Sequence[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.cells["form_id"], []).append(row.cells["form_version"])
    return found


def _check_version(row: Row, versions: Mapping[str, Sequence[str]]) -> None:
    form_id, known = row.cells["form_id"], versions.get(row.cells["form_id"], ())
    if row.cells["form_version"] not in known:
        raise _unknown(
            row, "form_version", known, f"which the {form_id} form has not; its versions are {', '.join(known)}"
        )


def _check_not_asked(row: Row, questions: Mapping[str, Row], versions: Mapping[str, Sequence[str]]) -> None:
    cells = row.cells
    if questions[cells["question_id"]].cells["form_id"] != cells["form_id"]:
        own = [name for name, question in questions.items() if question.cells["form_id"] == cells["form_id"]]
        raise _unknown(row, "question_id", own, f"which is no question of the {cells['form_id']} form")
    if cells["form_version"]:
        _check_version(row, versions)
    if cells["first_day"] and cells["last_day"] and cells["first_day"] > cells["last_day"]:
        raise _wrong(row, "`first_day` is after `last_day`")


def _check_wordings(tables: Tables, versions: Mapping[str, Sequence[str]], options: Mapping[str, set[str]]) -> None:
    """A wording is of a version and an item that are there; otherwise it would say nothing, and nobody would notice."""
    items: dict[tuple[str, str], set[str]] = {}
    for row in tables["section"]:
        items.setdefault((row.cells["form_id"], "section"), set()).add(row.cells["section_id"])
    for row in tables["question"]:
        form_id, option_set = row.cells["form_id"], row.cells["option_set"]
        items.setdefault((form_id, "question"), set()).add(row.cells["question_id"])
        items.setdefault((form_id, "option"), set()).update(
            f"{option_set}.{code}" for code in options.get(option_set, ())
        )
    for row in tables["wording"]:
        # The engine words options that a programme may have left out.
        if row.place.line is None:
            continue
        _check_version(row, versions)
        form_id, (kind, _, _) = row.cells["form_id"], row.cells["item_type"].partition("_")
        known = items.get((form_id, kind), set())
        if row.cells["item_id"] not in known:
            raise _unknown(row, "item_id", known, f"which is no {kind} of the {form_id} form")
        if not row.cells["wording"]:
            raise _wrong(row, "`wording` must not be blank")


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
