"""The catalogue's CSV files, read a second time: what the writer and the reader of this folder know about the forms."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "forms"
EVENT_DATE = {"intake": "intake_date", "review": "review_date", "exit": "closure_date"}


@dataclass(frozen=True)
class Option:
    """One possible answer, with its words in every version of the form."""

    code: str
    label: str
    group: str
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Question:
    """One question of one form."""

    id: str
    form: str
    section: str
    code: str
    label: str
    kind: str
    option_set: str
    matrix_label: str
    parent: str
    parent_codes: tuple[str, ...]
    derivation: str
    derived_from: tuple[str, ...]
    minimum: float | None
    maximum: float | None

    @property
    def is_admin(self) -> bool:
        return self.section.endswith("_admin")

    @property
    def is_answered(self) -> bool:
        """Whether a form holds an answer to it (administration does not count, derived ones have no column)."""
        return not self.is_admin and not self.derivation


def _number(text: str) -> float | None:
    return float(text) if text else None


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


class Catalogue:
    """All tables of the engine's catalogue that writing, reading and counting need."""

    def rows(self, name: str) -> list[dict[str, str]]:
        with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def questions(self) -> dict[str, Question]:
        return {
            row["question_id"]: Question(
                row["question_id"],
                row["form_id"],
                row["section_id"],
                row["question_code"],
                row["question_label"],
                row["answer_type"],
                row["option_set"],
                row["matrix_label"],
                row["parent_question_id"],
                _codes(row["parent_option_codes"]),
                row["derivation"],
                _codes(row["derived_from"]),
                _number(row["minimum"]),
                _number(row["maximum"]),
            )
            for row in self.rows("question")
        }

    def of_form(self, form: str) -> list[Question]:
        return [question for question in self.questions.values() if question.form == form]

    @cached_property
    def options(self) -> dict[str, list[Option]]:
        found: dict[str, list[Option]] = {}
        for row in self.rows("option"):
            option = Option(
                row["option_code"],
                row["option_label"],
                row["option_group"],
                _number(row["lower_bound"]),
                _number(row["upper_bound"]),
            )
            found.setdefault(row["option_set"], []).append(option)
        return found

    @cached_property
    def sections(self) -> dict[str, tuple[str, str]]:
        return {row["section_id"]: (row["section_code"], row["section_label"]) for row in self.rows("section")}

    @cached_property
    def wording(self) -> dict[tuple[str, str, str, str], str]:
        return {
            (row["form_id"], row["form_version"], row["item_type"], row["item_id"]): row["wording"]
            for row in self.rows("wording")
        }

    @cached_property
    def versions(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self.rows("form_version"):
            found.setdefault(row["form_id"], []).append(row["form_version"])
        return found

    def words(self, question: Question, version: str, item: str, item_id: str, otherwise: str) -> str:
        return self.wording.get((question.form, version, item, item_id), otherwise)

    def option_words(self, question: Question, option: Option, version: str, naming: str) -> str:
        own = option.code if naming == "code" else option.label
        item_id = f"{question.option_set}.{option.code}"
        return self.words(question, version, f"option_{naming}", item_id, own)

    def header(self, question: Question, version: str, naming: str) -> str:
        """The header of a question's column in one version: by code or by text."""
        section_code, section_label = self.sections[question.section]
        code = self.words(question, version, "question_code", question.id, question.code)
        label = self.words(question, version, "question_label", question.id, question.label)
        if question.is_admin:
            return code if naming == "code" else label
        if naming == "code":
            return f"{self.words(question, version, 'section_code', question.section, section_code)}_{code}"
        section = self.words(question, version, "section_label", question.section, section_label)
        return f"{section}: {question.matrix_label} - {label}" if question.matrix_label else f"{section}: {label}"
