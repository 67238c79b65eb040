"""One check for each stored question and each thing that can be wrong with its answer, and one that none is missed.

`unknown_answer__<question>`, `answered_unasked__`, `unreadable_date__`, `unreadable_number__`, `number_out_of_range__`:
which of them a question gets is said by its answer type, its limits and the question that opens it. Staging notes the
problems of each form; these checks count them, all in one query. As stock expectations on the number of rows with
these values they would mean the same, and read the problems of all forms some 250 times.

`problem_without_check` blocks where staging noted a problem that none of the checks counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalogue import Catalogue, Question
from expectations.check import Check, Severity, literal

_PROBLEMS = "intermediate.int_form_problem"
_OF_THE_ANSWER = "The answer counts as missing; the rest of the form is used."
_OF_THE_FLAG = (
    "It counts as no: a form without consent is not used, and one that may be a test counts as a form. Ask the service."
)
_OF_THE_TICKS = "The ticks beside it count; without any the answer is missing. `insights status` counts the words."
# By its own date a form is of a year, and of none without.
_OF_THE_FORM = "The form counts in no year, so in no figure, until its date is put right in the export."


def answer_checks(catalogue: Catalogue) -> list[Check]:
    """The checks of every form's answers, and the one over them."""
    checks = [check for form_id in catalogue.forms for check in _of_form(catalogue, form_id)]
    return [*checks, _problem_without_check(checks)]


def _of_form(catalogue: Catalogue, form_id: str) -> Iterator[Check]:
    for question in catalogue.asked(form_id):
        if not question.is_stored:
            continue
        label = question.question_label
        if question.answer_type in ("single", "matrix", "tick_all", "flag"):
            described = f"Every answer to '{label}' is one that the form offers."
            # One entry that is none of the options says nothing against the ticks beside it.
            if question.answer_type == "tick_all":
                yield _check(question, "unknown_answer", described, _OF_THE_TICKS, "note")
            else:
                action = _OF_THE_FLAG if question.answer_type == "flag" else _OF_THE_ANSWER
                yield _check(question, "unknown_answer", described, action)
        if question.parent_question_id is not None:
            parent = catalogue.questions[question.parent_question_id]
            yield _check(
                question,
                "answered_unasked",
                f"'{label}' is blank unless the answer to '{parent.question_label}' opens it.",
            )
        if question.answer_type in ("date", "timestamp"):
            yield _check(
                question,
                "unreadable_date",
                f"Every date given for '{label}' is a real date.",
                _OF_THE_FORM
                if question.question_id == catalogue.forms[form_id].event_date_question_id
                else _OF_THE_ANSWER,
            )
        if question.answer_type == "number":
            yield _check(question, "unreadable_number", f"Every number given for '{label}' is a number.")
            limits = [
                f"{word} {limit}"
                for word, limit in (("at least", question.minimum), ("at most", question.maximum))
                if limit is not None
            ]
            if limits:
                description = f"Every number given for '{label}' is {' and '.join(limits)}."
                yield _check(question, "number_out_of_range", description)


def _check(
    question: Question,
    problem: str,
    description: str,
    action: str = _OF_THE_ANSWER,
    severity: Severity = "set_aside_answer",
) -> Check:
    return Check(
        check_id=f"{problem}__{question.question_id}",
        gate=1,
        suite="gate_1_answers",
        table=_PROBLEMS,
        severity=severity,
        description=description,
        action=action,
        form_id=question.form_id,
        question_id=question.question_id,
        question_no=question.question_no,
        problem=problem,
        column_name=question.question_id,
    )


def _problem_without_check(checks: list[Check]) -> Check:
    known = ", ".join(f"({literal(check.question_id or '')}, {literal(check.problem or '')})" for check in checks)
    return Check(
        check_id="problem_without_check",
        gate=1,
        suite="gate_1_answers",
        table=_PROBLEMS,
        severity="blocking",
        description="Every problem that staging notes belongs to a check, so that none passes unseen.",
        action="Nothing is published: staging and the checks disagree about the catalogue, a fault of the program.",
        query=f"""
            select form_id, landed_row_id, question_no from {_PROBLEMS}
            where question_id is null or problem is null or (question_id, problem) not in ({known})""",
    )
