"""What the catalogue says of questions and cohorts, as far as relations between counts follow from it.

Rows of the catalogue come as the dbt model reads them:

- questions: number, id, form, type of answer, parent question's id, codes that open it, what it is derived from, how;
- answers: id, question's number and id, code, kind of the option;
- cohorts: id, form, unit (forms or clients), restriction (a question's id and an option's code).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Row = Sequence[Any]


@dataclass(frozen=True)
class QuestionAnswers:
    """The answers of a question where it was asked, and those that open it.

    `takes_one` is False for questions with several ticks.
    """

    number: int
    form_id: str
    takes_one: bool
    answers: tuple[int, ...]
    missing: int | None
    opened_by: tuple[int, ...]


@dataclass(frozen=True)
class AnyOf:
    """An answer that a form gives if it gives any of several others."""

    answer: int
    others: tuple[int, ...]


@dataclass(frozen=True)
class Restriction:
    """A cohort that is those of a whole one who gave an answer, on a form of the same kind or the one it is matched to.

    `dataset` is under which the answers of that form are counted, `implied` are the answers that nobody gives who has
    not given this one, because it opens their questions.
    """

    cohort: str
    whole: str
    dataset: str
    answer: int
    implied: frozenset[int]


@dataclass(frozen=True)
class Questionnaire:
    """Questions, answers derived from others, cohorts as parts of whole ones and as those who gave an answer."""

    questions: tuple[QuestionAnswers, ...] = ()
    any_of: tuple[AnyOf, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    restrictions: tuple[Restriction, ...] = ()


def read_questionnaire(questions: Iterable[Row], answers: Iterable[Row], cohorts: Iterable[Row]) -> Questionnaire:
    """The questionnaire of the catalogue's rows."""
    questions, answers, cohorts = list(questions), list(answers), list(cohorts)
    asked = _questions(questions, answers)
    return Questionnaire(
        asked, _any_of(questions, answers), _parts(cohorts), _restrictions(asked, questions, answers, cohorts)
    )


def _questions(questions: Iterable[Row], answers: Iterable[Row]) -> tuple[QuestionAnswers, ...]:
    ids: dict[int, list[int]] = defaultdict(list)
    missing: dict[int, int] = {}
    by_code: dict[tuple[str, str], int] = {}
    for answer_id, question_no, question_id, code, kind in answers:
        if kind == "not_asked":
            continue
        ids[question_no].append(answer_id)
        by_code[(question_id, code)] = answer_id
        if kind == "missing":
            missing[question_no] = answer_id
    return tuple(
        QuestionAnswers(
            number=number,
            form_id=form,
            takes_one=answer_type != "tick_all",
            answers=tuple(ids[number]),
            missing=missing.get(number),
            opened_by=tuple(by_code[(parent, code)] for code in (codes or "").split(";")) if parent else (),
        )
        for number, _, form, answer_type, parent, codes, *_ in questions
        if number in ids
    )


def _any_of(questions: Iterable[Row], answers: Iterable[Row]) -> tuple[AnyOf, ...]:
    """Derived answers that are Yes if any of those they are derived from is given."""
    by_code = _by_code(answers)
    found = []
    for question in questions:
        question_id, derived_from, derivation = question[1], *question[6:8]
        if derivation != "any_yes" or (question_id, "yes") not in by_code:
            continue
        others = [tuple(term.split("=")) for term in derived_from.split(";")]
        if all(other in by_code for other in others):
            found.append(AnyOf(by_code[(question_id, "yes")], tuple(by_code[other] for other in others)))
    return tuple(found)


def _parts(cohorts: Iterable[Row]) -> tuple[tuple[str, str], ...]:
    """Cohorts of the same form: clients are part of forms, a restricted cohort is part of the whole one."""
    rows = list(cohorts)
    wholes = _wholes(rows)
    return tuple((cohort, wholes[form]) for cohort, form, _, _ in rows if form in wholes and wholes[form] != cohort)


def _wholes(cohorts: Iterable[Row]) -> dict[str, str]:
    """The cohort of all forms of each kind."""
    return {form: cohort for cohort, form, unit, restriction in cohorts if unit == "forms" and not restriction}


def _by_code(answers: Iterable[Row]) -> dict[tuple[str, str], int]:
    return {(question_id, code): answer_id for answer_id, _, question_id, code, _ in answers}


def _restrictions(
    asked: Iterable[QuestionAnswers], questions: Iterable[Row], answers: Iterable[Row], cohorts: Iterable[Row]
) -> tuple[Restriction, ...]:
    by_code, wholes = _by_code(answers), _wholes(cohorts)
    form_of = {question[1]: question[2] for question in questions}
    found = []
    for cohort, form, _, restriction in cohorts:
        question_id, _, code = (restriction or "").partition("=")
        if (question_id, code) not in by_code or form not in wholes:
            continue
        answer = by_code[(question_id, code)]
        dataset = form if form_of[question_id] == form else f"{form}_{form_of[question_id]}"
        found.append(Restriction(cohort, wholes[form], dataset, answer, _implied(answer, asked)))
    return tuple(found)


def _implied(answer: int, asked: Iterable[QuestionAnswers]) -> frozenset[int]:
    """The answers to questions that this answer alone opens, and to those that these alone open."""
    implied = {answer}
    found = True
    while found:
        found = False
        for question in asked:
            if (
                question.opened_by
                and implied.issuperset(question.opened_by)
                and not implied.issuperset(question.answers)
            ):
                implied.update(question.answers)
                found = True
    return frozenset(implied)
