"""What a check is: a description of itself that both gates, the pages and the tables of results read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal[
    "blocking", "set_aside_form", "set_aside_answer", "comparison", "set_aside_record", "set_aside_value", "note"
]


@dataclass(frozen=True)
class Check:
    """One fact that a gate holds the data to.

    `query` is SQL that selects the keys of the failing rows and nothing else: `form_id, landed_row_id` for forms and
    for records of returns (there with `field_id`, and the kind of record for the form), `key` (text) for everything
    else, and beside them where an operator may accept what is set aside. It is None for the checks of one question,
    which are all counted in one pass over the table of problems, where (`question_id`, `problem`) says which rows are
    theirs.
    `rows_with` is a column of `table` and a value, where the failing rows are simply the rows with that value.
    `looked_at` says which rows a check looks at where they are not those of `table`.
    `is_acceptable` marks a judgement of plausibility that an operator may overrule for a key after looking at it.
    """

    check_id: str
    gate: int
    suite: str
    table: str
    severity: Severity
    description: str
    action: str
    query: str | None = None
    rows_with: tuple[str, str] | None = None
    form_id: str | None = None
    question_id: str | None = None
    question_no: int | None = None
    problem: str | None = None
    column_name: str | None = None
    is_acceptable: bool = False
    looked_at: str | None = None


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Texts as SQL writes a list of them, without the brackets."""
    return ", ".join(map(literal, texts))
