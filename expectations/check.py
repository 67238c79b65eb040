"""What a check is: a description of itself that both gates, the pages and the ledger read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal[
    "blocking", "set_aside_form", "set_aside_answer", "comparison", "set_aside_record", "set_aside_value", "note"
]


@dataclass(frozen=True)
class Check:
    """One expectation.

    `query` selects the keys of the failing rows and nothing else: `form_id, landed_row_id` for forms and for records
    of returns (there with `field_id`, and the kind of record for the form), `key` (text) for everything else;
    `{batch}` stands for `table`. It is None for the checks of one question, which are all counted in one pass over
    the table of problems, where (`question_id`, `problem`) says which rows are theirs.
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
