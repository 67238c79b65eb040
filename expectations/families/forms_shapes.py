"""`shape__<question>`: one check for each administration question whose answer is reduced before it is stored.

Only these shapes can leave landing; anything else means that what should have been hidden was stored in clear. Great
Expectations has an expectation for regular expressions, but none that works on DuckDB.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalogue import Catalogue
from expectations.check import Check, literal
from expectations.families.forms_staging import staging_column, staging_table

# By the storage of a question: the condition, with the column where it says COLUMN, and what it means.
_SHAPES = {
    "pseudonym": (
        "regexp_full_match(COLUMN, '[0-9a-f]{32}')",
        "a pseudonym of 32 hexadecimal characters",
    ),
    "month": ("COLUMN = date_trunc('month', COLUMN)", "a month, never a day"),
    "sector": (
        "regexp_full_match(COLUMN, '[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9]')",
        "a postcode sector, never a full postcode",
    ),
}
STORED_IN_CLEAR = (
    "Nothing is published: something that identifies a child may be stored in clear. Do not share the "
    "warehouse file; delete it and land the files again with a corrected program."
)


def shape_checks(catalogue: Catalogue, form_id: str) -> Iterator[Check]:
    """The checks of one form, in its order."""
    for question in catalogue.asked(form_id):
        column = staging_column(catalogue, question)
        if question.storage not in _SHAPES or column is None:
            continue
        condition, meaning = _SHAPES[question.storage]
        yield Check(
            check_id=f"shape__{question.question_id}",
            gate=1,
            suite=f"gate_1_{form_id}",
            table=staging_table(form_id),
            severity="blocking",
            description=f"What is stored of {question.question_label} is {meaning}.",
            action=STORED_IN_CLEAR,
            form_id=form_id,
            question_id=question.question_id,
            question_no=question.question_no,
            column_name=column,
            query=f"""
                select {literal(form_id)} as form_id, landed_row_id
                from {staging_table(form_id)}
                where not is_erased and not ({condition.replace("COLUMN", column)})""",
        )
