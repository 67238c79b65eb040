"""What the forms ask, as rows of the seeds: forms, versions, sections, questions, options, and wordings of versions."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from catalogue.seeds import read_seed

ADMIN_SECTION_CODE = "admin"


@dataclass(frozen=True)
class Form:
    """One of the three forms. ``event_date_question_id`` is the date that decides its reporting year."""

    form_id: str
    form_order: int
    form_label: str
    event_date_question_id: str


@dataclass(frozen=True)
class FormVersion:
    """A published wording of a form."""

    form_id: str
    form_version: str
    is_current: bool
    description: str


@dataclass(frozen=True)
class Section:
    """A page of a form; its code and label are the first half of every header in it."""

    section_id: str
    form_id: str
    section_order: int
    section_code: str
    section_label: str


@dataclass(frozen=True)
class Question:
    """One question. ``derivation`` is None for what a form asks, else the rule that derives the answer."""

    question_no: int
    question_id: str
    form_id: str
    section_id: str
    question_order: int
    question_code: str
    question_label: str
    answer_type: str
    option_set: str | None
    matrix_id: str | None
    matrix_label: str | None
    parent_question_id: str | None
    parent_option_codes: tuple[str, ...]
    is_required: bool
    storage: str
    derivation: str | None
    derived_from: tuple[str, ...]
    unit: str | None
    minimum: int | None
    maximum: int | None

    @property
    def is_stored(self) -> bool:
        """Whether any trace of the answer may enter the warehouse (the allow-list)."""
        return self.storage != "never"


@dataclass(frozen=True)
class Option:
    """One answer of an option set. Bounds (inclusive) are set where the options are bands of a number."""

    option_set: str
    option_no: int
    option_code: str
    option_label: str
    option_group: str | None
    option_kind: str
    lower_bound: int | None
    upper_bound: int | None


@dataclass(frozen=True)
class HeaderConvention:
    """How a portal names columns: machine codes or full text, ticks as columns or as one delimited list."""

    convention_id: str
    naming: str
    tick_all_style: str
    option_separator: str | None
    list_delimiter: str | None
    description: str


class Asked:
    """What the forms ask, with the lookups that need nothing else."""

    def __init__(self, seeds_dir: Path) -> None:
        self.forms = {row.form_id: row for row in read_seed(seeds_dir, "form", Form)}
        self.sections = {row.section_id: row for row in read_seed(seeds_dir, "section", Section)}
        self.questions = {row.question_id: row for row in read_seed(seeds_dir, "question", Question)}
        self.conventions = {
            row.convention_id: row for row in read_seed(seeds_dir, "header_convention", HeaderConvention)
        }
        self._form_versions = read_seed(seeds_dir, "form_version", FormVersion)
        options: dict[str, list[Option]] = {}
        for option in read_seed(seeds_dir, "option", Option):
            options.setdefault(option.option_set, []).append(option)
        # By number, whichever file a row came from: columns of raw tables and exports stand in this order.
        self.options = {name: tuple(sorted(rows, key=lambda one: one.option_no)) for name, rows in options.items()}
        with (seeds_dir / "wording.csv").open(encoding="utf-8", newline="") as handle:
            self._wording = {
                (row["form_id"], row["form_version"], row["item_type"], row["item_id"]): row["wording"]
                for row in csv.DictReader(handle)
            }

    def form_versions(self, form_id: str) -> tuple[FormVersion, ...]:
        """Versions of a form, oldest first."""
        return tuple(row for row in self._form_versions if row.form_id == form_id)

    def asked(self, form_id: str) -> tuple[Question, ...]:
        """Questions a form asks, in form order (administration and never-stored ones included)."""
        asked = [q for q in self.questions.values() if q.form_id == form_id and q.derivation is None]
        return tuple(sorted(asked, key=lambda question: question.question_order))

    def options_of(self, question_id: str) -> tuple[Option, ...]:
        """Options of a question in published order; empty for dates, identifiers and free text."""
        option_set = self.questions[question_id].option_set
        return self.options[option_set] if option_set else ()

    @lru_cache(maxsize=1024)  # noqa: B019  (one catalogue lives as long as the process)
    def spellings(self, question_id: str) -> dict[str, str]:
        """Every text that means an option of a question, with its code: labels, codes, the words of every version.

        Where a text could mean two options it means the first. Empty for a question without options.
        """
        found: dict[str, str] = {}
        for option_code, texts in self.option_texts(question_id).items():
            for text in texts:
                found.setdefault(text, option_code)
        return found

    def option_texts(self, question_id: str) -> dict[str, list[str]]:
        """By code of each option of a question its texts: label, code, the words of every version."""
        form_id = self.questions[question_id].form_id
        texts: dict[str, list[str]] = {}
        for option in self.options_of(question_id):
            item = f"{option.option_set}.{option.option_code}"
            worded = [
                self.wording(form_id, version.form_version, item_type, item, option.option_label)
                for version in self.form_versions(form_id)
                for item_type in ("option_code", "option_label")
            ]
            texts[option.option_code] = [option.option_label, option.option_code, *worded]
        return texts

    def wording(self, form_id: str, form_version: str, item_type: str, item_id: str, default: str) -> str:
        """What a form version calls an item, or ``default`` where the version does not differ."""
        return self._wording.get((form_id, form_version, item_type, item_id), default)

    def may_come_twice(self, question_id: str) -> bool:
        """Whether an export may have several columns for one: not where a cell says whose the form is, or when."""
        question = self.questions[question_id]
        is_administration = self.sections[question.section_id].section_code == ADMIN_SECTION_CODE
        return question.storage == "store" and not is_administration
