"""How the staged forms relate to the catalogue's administration questions; the one thing that no seed says."""

from __future__ import annotations

from catalogue import Catalogue, Question

# Staging has one column for each administration question that is not an answer. The code of such a question is the
# same on every form, except that of the event date, which the catalogue names for each form.
_COLUMNS = {
    "submission_id": "submission_key",
    "client_id": "client_key",
    "case_reference": "case_key",
    "service": "service_code",
    "submitted_at": "submitted_at",
    "edited_at": "edited_at",
    "consent": "has_consent",
    "is_test": "is_test",
    "date_of_birth": "birth_month",
    "postcode": "postcode_sector",
    "form_version": "form_version",
}


def staging_table(form_id: str) -> str:
    """The table of the staged forms of a kind."""
    return f"staging.stg_forms__{form_id}"


def staging_column(catalogue: Catalogue, question: Question) -> str | None:
    """The staging column of an administration question; None for every other question."""
    if question.question_id == catalogue.forms[question.form_id].event_date_question_id:
        return "event_date"
    section = catalogue.sections[question.section_id]
    return _COLUMNS.get(question.question_code) if section.section_code == "admin" else None
