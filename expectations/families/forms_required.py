"""`required__<question>`: one check for each required administration question, that a load does not leave it empty."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue import Catalogue
from expectations.check import Check
from expectations.families.forms_staging import staging_column, staging_table

# A required column that most of a load leaves empty is as good as missing, and landing refuses a file whose
# required column is missing. Below ten forms "most" says nothing.
_EMPTY_SHARE = 0.5
_EMPTY_MIN_FORMS = 10


def required_checks(catalogue: Catalogue, form_id: str) -> Iterator[Check]:
    """The checks of one form, in its order."""
    for question in catalogue.asked(form_id):
        column = staging_column(catalogue, question)
        if question.is_required and column is not None:
            yield Check(
                check_id=f"required__{question.question_id}",
                gate=1,
                suite=f"gate_1_{form_id}",
                table=staging_table(form_id),
                severity="blocking",
                description=(
                    f"In every load, at least half of the forms ({catalogue.forms[form_id].form_label}) give "
                    f"{question.question_label}."
                ),
                action=(
                    "Nothing is published. The keys above are loads: have the file sent again with the column filled, "
                    "or accept what it lacks; then its forms are used as they are."
                ),
                form_id=form_id,
                question_id=question.question_id,
                question_no=question.question_no,
                column_name=column,
                is_acceptable=True,
                # Not set aside: what becomes of a form must not depend on which others share its file.
                query=f"""
                    select load_id as key
                    from {staging_table(form_id)} where not is_erased
                    group by load_id
                    having count(*) >= {_EMPTY_MIN_FORMS}
                    and count(*) - count({column}) > {_EMPTY_SHARE} * count(*)""",
            )
