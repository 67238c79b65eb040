"""Typed view of the seeds that describe the forms, and the rules by which an export names its columns."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from catalogue.asked import Asked
from catalogue.folding import fold_header
from catalogue.headers import (
    ExportHeader,
    export_headers,
    read_headers,
    tick_all_names,
    written_headers,
)
from catalogue.metadata import MetadataColumn, metadata_among
from catalogue.seeds import SEEDS, read_id_placeholders, read_seed, seeds_fingerprint
from catalogue.vocabulary import vocabulary

SEEDS_DIR = SEEDS / "forms"
MISSING_OPTION_CODE = "missing"
MISSING_OPTION_NO = 99


@dataclass(frozen=True)
class Population:
    """What an n counts: a cohort, narrowed to the units that gave one of some answers."""

    population_id: str
    cohort_id: str
    question_id: str | None
    option_codes: tuple[str, ...]
    population_label: str


@dataclass(frozen=True)
class Breakdown:
    """A characteristic by which indicators are split beyond the report."""

    breakdown: str
    breakdown_order: int
    question_id: str
    level: str
    breakdown_label: str


@dataclass(frozen=True)
class RawColumn:
    """A stored column of ``raw.insights_<form_id>``; ``option_code`` is set for the column of one tick."""

    name: str
    question_id: str
    option_code: str | None


@dataclass(frozen=True)
class IgnoredColumn:
    """A column of exports that is known and not needed; ``form_id`` None: of every form."""

    form_id: str | None
    header: str


class Catalogue(Asked):
    """All catalogue seeds of one directory, with the lookups that Python code needs."""

    def __init__(self, seeds_dir: Path) -> None:
        super().__init__(seeds_dir)
        self.seeds_dir = seeds_dir
        self.populations = {row.population_id: row for row in read_seed(seeds_dir, "population", Population)}
        self.is_day_first = _is_day_first(seeds_dir)
        self._ignored = {
            (row.form_id, fold_header(row.header)) for row in read_seed(seeds_dir, "ignored_column", IgnoredColumn)
        }
        self._metadata = read_seed(seeds_dir, "metadata_column", MetadataColumn)
        self.id_placeholders = read_id_placeholders(seeds_dir)
        self.breakdowns = read_seed(seeds_dir, "breakdown", Breakdown)

    def answer_id(self, question_id: str, option_code: str) -> int:
        """Stable number of one answer: ``question_no * 100 + option_no``.

        Raises:
            KeyError: the question has no such option.
        """
        question_no = self.questions[question_id].question_no
        if option_code == MISSING_OPTION_CODE:
            return question_no * 100 + MISSING_OPTION_NO
        for option in self.options_of(question_id):
            if option.option_code == option_code:
                return question_no * 100 + option.option_no
        raise KeyError(f"question {question_id} has no option {option_code}")

    @lru_cache(maxsize=8)  # noqa: B019  (one catalogue lives as long as the process)
    def raw_columns(self, form_id: str) -> tuple[RawColumn, ...]:
        """Stored columns of ``raw.insights_<form_id>`` in form order.

        Every stored question has a column of its own name; a tick-all question has one more for each option,
        because exports write ticks either as one list or as 0/1 columns.
        """
        columns: list[RawColumn] = []
        for question in self.asked(form_id):
            if not question.is_stored:
                continue
            columns.append(RawColumn(question.question_id, question.question_id, None))
            if question.answer_type == "tick_all":
                for option in self.options_of(question.question_id):
                    name = f"{question.question_id}__{option.option_code}"
                    columns.append(RawColumn(name, question.question_id, option.option_code))
        return tuple(columns)

    def headers(self, form_id: str, form_version: str, convention_id: str) -> tuple[ExportHeader, ...]:
        """Header row that a form version exports under a convention, in form order."""
        return tuple(export_headers(self, form_id, form_version, self.conventions[convention_id]))

    @lru_cache(maxsize=8)  # noqa: B019  (one catalogue lives as long as the process)
    def written_headers(self, form_id: str) -> dict[str, tuple[ExportHeader, ...]]:
        """Folded header -> every (version, convention) which writes it so."""
        return written_headers(self, form_id)

    @lru_cache(maxsize=8)  # noqa: B019  (one catalogue lives as long as the process)
    def header_index(self, form_id: str) -> dict[str, tuple[ExportHeader, ...]]:
        """Folded header -> what it means, for every header that is read: as written, or another name for the same.

        All that one header means is one question, or one option of it.
        """
        return read_headers(self, form_id, self.written_headers(form_id))

    @lru_cache(maxsize=8)  # noqa: B019  (one catalogue lives as long as the process)
    def tick_all_names(self, form_id: str) -> dict[str, str]:
        """Folded name that stands before an option in a header -> its question with several answers."""
        return tick_all_names(self, form_id)

    def reading_fingerprint(self, form_id: str) -> str:
        """SHA-256 over what decides what becomes of a cell of an export: headers, what is ignored or of a survey tool,
        what is kept and in which words it may be written, which words are no id.

        What only models read (what opens a question, bands) is not part of it: landed rows need not change.
        """
        kept = {
            question.question_id: (
                question.storage,
                question.is_required,
                question.answer_type,
                question.minimum,
                question.maximum,
                sorted(self.spellings(question.question_id).items()),
            )
            for question in self.asked(form_id)
        }
        headers = [
            (name, header.raw_column, header.question_id, header.form_version, header.convention_id)
            for name, meant in sorted(self.header_index(form_id).items())
            for header in meant
        ]
        ignored = sorted(header for form, header in self._ignored if form in (form_id, None))
        told = repr(
            (
                self.is_day_first,
                headers,
                sorted(kept.items()),
                [column.name for column in self.raw_columns(form_id)],
                ignored,
                self._metadata,
                sorted(self.id_placeholders),
            )
        )
        return hashlib.sha256(told.encode()).hexdigest()

    def is_ignored(self, form_id: str, header: str) -> bool:
        """Whether the programme has said of a folded header that it is known and not needed."""
        return (form_id, header) in self._ignored or (None, header) in self._ignored

    def metadata_among(self, names: Sequence[str]) -> frozenset[str]:
        """Which of the folded names of a header row a survey tool has added; one may be that of a question as well."""
        return metadata_among(self._metadata, names)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of which a header that is not known may be repeated; none may be of somebody's data."""
        return vocabulary(
            [
                *(form.form_label for form in self.forms.values()),
                *(text for section in self.sections.values() for text in (section.section_code, section.section_label)),
                *(
                    text
                    for question in self.questions.values()
                    for text in (question.question_code, question.question_label, question.matrix_label or "")
                ),
                *(
                    text
                    for options in self.options.values()
                    for option in options
                    for text in (option.option_code, option.option_label)
                ),
                *self._wording.values(),
                *(column.header for column in self._metadata),
                *(header for _, header in self._ignored),
            ]
        )

    @cached_property
    def _fingerprint(self) -> str:
        return f"{seeds_fingerprint(self.seeds_dir)}{'' if self.is_day_first else ' month_first'}"

    def fingerprint(self) -> str:
        """SHA-256 over all catalogue seeds and the order of dates: changes whenever a parse of old rows could."""
        return self._fingerprint


def load_catalogue(seeds_dir: Path | None = None) -> Catalogue:
    """Read the catalogue of the forms: the engine's own, or that of a programme from the folder it was written to.

    Raises:
        FileNotFoundError: a seed is missing from the directory.
    """
    folder = seeds_dir or SEEDS_DIR
    return _loaded(folder, f"{seeds_fingerprint(folder)} {_is_day_first(folder)}")


def _is_day_first(seeds_dir: Path) -> bool:
    """How the programme writes dates, as its settings beside these seeds say; day first where there are none."""
    settings = seeds_dir.parent / "programme" / "programme.csv"
    if not settings.exists():
        return True
    with settings.open(encoding="utf-8", newline="") as handle:
        return all(row["date_order"] != "month_first" for row in csv.DictReader(handle))


@lru_cache(maxsize=4)
def _loaded(seeds_dir: Path, fingerprint: str) -> Catalogue:
    """Read once for each content: a process that serves for days sees what a programme has changed."""
    return Catalogue(seeds_dir)
