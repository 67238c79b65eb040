"""Three rules of each form: `event_after_submission`, `form_version`, `age_in_range`.

The event date, the versions and the highest age come from the catalogue. Rules that the dispositions hold already
(missing key, no consent, test record, impossible date, outside every reporting year, versions) are not repeated:
gate 1 sees to what they cannot see.

`form_version` could be the stock expectation that a column's values are in a set. That would ask seven queries where
this asks one, and its own query of the failing rows forgets which rows were to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalogue import Catalogue, Question
from expectations.check import Check, listed, literal
from expectations.families.forms_staging import staging_table

# A service's clock and the portal's may lie a day apart around midnight.
_CLOCK_TOLERANCE_DAYS = 1


def form_rule_checks(catalogue: Catalogue, form_id: str) -> Iterator[Check]:
    """The checks of one form."""
    event = catalogue.questions[catalogue.forms[form_id].event_date_question_id]
    yield _rule(
        form_id,
        "event_after_submission",
        "event_date",
        f"{event.question_label} is not later than the day the form was submitted.",
        f"event_date > cast(submitted_at as date) + {_CLOCK_TOLERANCE_DAYS}",
        event,
    )
    yield _rule(
        form_id,
        "form_version",
        "form_version",
        f"The version of the form ({catalogue.forms[form_id].form_label}) is one that the catalogue knows.",
        f"form_version not in ({listed(version.form_version for version in catalogue.form_versions(form_id))})",
    )
    for age in catalogue.questions.values():
        if age.form_id == form_id and age.derivation == "age_years" and age.maximum is not None:
            # An age below zero is a birth after the event, which the disposition `impossible_date` already holds.
            yield _rule(
                form_id,
                "age_in_range",
                "birth_month",
                f"The client is at most {age.maximum} years old on the day of the form.",
                f"event_date >= birth_month + interval {12 * (age.maximum + 1)} month",
                age,
            )


def _rule(
    form_id: str, name: str, column: str, description: str, fails: str, question: Question | None = None
) -> Check:
    return Check(
        check_id=f"{name}__{form_id}",
        gate=1,
        suite=f"gate_1_{form_id}",
        table=staging_table(form_id),
        severity="set_aside_form",
        description=description,
        action="The form is set aside and counted as such in the waterfall until a corrected version arrives.",
        form_id=form_id,
        question_id=question.question_id if question else None,
        question_no=question.question_no if question else None,
        column_name=column,
        query=f"""
            select {literal(form_id)} as form_id, landed_row_id
            from {staging_table(form_id)} where not is_erased and {fails}""",
    )
