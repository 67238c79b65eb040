"""A merged catalogue as the checks look at it, and the sentences in which they refuse a row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from catalogue.errors import NOTHING_DONE, ProgrammeError, nearest, shown
from catalogue.merge import REPLACED, Row, Tables

#: How what a programme adds is called for programs.
NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
#: Types of questions whose answers are counted.
COUNTED = ("single", "matrix", "tick_all", "number")
#: Answers that are no option of a set: no answer, everything asked, a question not put.
NO_ANSWER = frozenset({"missing", "*", "closed"})


class Held:
    """The tables of a merged catalogue with what is looked up in them."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.questions: Mapping[str, Row] = {row.cells["question_id"]: row for row in tables["question"]}
        self.sets = by(tables["option"], "option_set")
        self.columns = by(tables["column_set"], "column_set")
        self.kinds = {row.cells["table_id"]: row.cells["response_type"] for row in tables["report_table"]}
        self.cohorts = {row.cells["cohort_id"]: row.cells for row in tables["cohort"]}
        self.populations = {row.cells["population_id"]: row for row in tables["population"]}
        self.removed = {row.cells["key"]: row for row in tables["removed"] if row.cells["table"] == "option"}
        self.versions = {
            form_id: [row.cells["form_version"] for row in rows]
            for form_id, rows in by(tables["form_version"], "form_id").items()
        }

    def own(self, table: str) -> Iterator[Row]:
        """The rows of a table that the programme wrote."""
        return (row for row in self.tables[table] if row.place.is_own)

    def of_form(self, table: str, form_id: str) -> list[Row]:
        """The rows of a table that are of a form."""
        return [row for row in self.tables[table] if row.cells["form_id"] == form_id]

    def cohort_of(self, population_id: str) -> Mapping[str, str]:
        """What a population is a part of: its form, and what it counts."""
        return self.cohorts[self.populations[population_id].cells["cohort_id"]]

    def options(self, question: Row) -> Sequence[Row]:
        """The options of a question; none where it has no set."""
        return self.sets.get(question.cells["option_set"], ())

    def codes(self, question: Row) -> set[str]:
        """The codes of the options of a question."""
        return {row.cells["option_code"] for row in self.options(question)}

    def groups(self, question: Row) -> set[str]:
        """The groups under which options of a question are counted."""
        return {row.cells["option_group"] for row in self.options(question)} - {""}

    @cached_property
    def askers(self) -> Mapping[str, Sequence[Row]]:
        """The questions of each set of options."""
        return by(self.tables["question"], "option_set")

    def is_of_several(self, option_set: str) -> bool:
        """Whether a question with several answers offers a set."""
        return any(row.cells["answer_type"] == "tick_all" for row in self.askers.get(option_set, ()))


def by(rows: Iterable[Row], column: str) -> Mapping[str, Sequence[Row]]:
    """Rows by what one of their cells says."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.cells[column]].append(row)
    return found


def wrong(row: Row, what: str, meant: str = "") -> ProgrammeError:
    """The refusal of a row: where it stands, what is wrong, what may have been meant."""
    return ProgrammeError(f"{row.place}: {what}.{meant} {NOTHING_DONE}")


def unknown(row: Row, column: str, known: Iterable[str], why: str) -> ProgrammeError:
    """The refusal of a cell that names what is not there, with what it is most like."""
    name = row.cells[column]
    return wrong(row, f"`{column}` names `{shown(name)}`, {why}", nearest(name, known))


def listed(text: str) -> list[str]:
    """The parts of a cell that names several, between semicolons."""
    return text.split(";") if text else []


def check_codes(held: Held, row: Row, column: str, question: Row, also: frozenset[str] = frozenset()) -> None:
    """Hold a list of codes to the options of a question. Raises ProgrammeError."""
    known = held.codes(question)
    for code in listed(row.cells[column]):
        if code in known or code in also:
            continue
        removed = held.removed.get(f"{question.cells['option_set']}.{code}")
        if removed is not None and not row.place.is_own:
            table = row.place.file.removesuffix(".csv")
            name = next(cell for column, cell in row.cells.items() if column.endswith("_id"))
            unless = f", unless your {table}.csv writes that row otherwise" if table in REPLACED else ""
            raise wrong(removed, f"{row.place} needs this option (`{shown(name)}`), so it cannot be left out{unless}")
        raise wrong(
            row,
            f"`{column}` names `{shown(code)}`, which is no option of {question.cells['question_id']}",
            nearest(code, known),
        )
