"""What the notes of a release say of its difference to the one before: inside all of it, outside only what is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.changes import words
from reporting.changes.difference import ReleaseDiff
from reporting.figures import Mode

_MOST = 200
# Lists that may be told outside: not those of what the publications print, nor of an authority, nor years, of which
# some are not over.
_PUBLIC_LISTS = {
    "breakdown", "cohort", "column_set", "form", "form_version", "option", "population", "question", "report_row",
    "report_table", "section", "social_care_indicator", "social_care_indicator_line",
    "social_care_measure", "social_care_window", "validation_rule", "wording",
}  # fmt: skip


@dataclass(frozen=True)
class NotesPart:
    """One heading of the notes: its entries, the sentence where there are none, and how many more there are."""

    title: str
    entries: Sequence[str]
    none: str
    more: str = ""


def notes_parts(difference: ReleaseDiff, mode: Mode) -> list[NotesPart]:
    """The parts of the notes, in order."""
    definitions = [
        words.definition_text(one)
        for one in difference.definitions
        if mode == "internal" or not one.where.startswith("reference.") or _is_public(one.where)
    ]
    code = [f"{name}: {before} before, {now} now" for name, before, now in difference.code]
    shared = [
        _part("Definitions", definitions, "The same definitions."),
        _part("Code", code, "The same versions of everything."),
    ]
    if mode == "public":
        # How many rows or which figures changed would tell something about who came and went.
        structure = [words.table_text(one) for one in map(words.without_rows, difference.tables) if one is not None]
        return [_part("Tables and columns", structure, "No table or column was added or removed."), *shared]
    figures = [words.figure_text(one) for one in difference.figures]
    return [
        _part("Files", [words.file_text(one) for one in difference.files], "The same files."),
        _part("Tables", [words.table_text(one) for one in difference.tables], "No table is different."),
        _part("Figures", figures, f"All {difference.figures_compared:,} figures are the same."),
        *shared,
        _part("Checks", [words.check_text(one) for one in difference.checks], "The same results."),
    ]


def _part(title: str, found: Sequence[str], none: str) -> NotesPart:
    return NotesPart(title, found[:_MOST], none, f"{len(found) - _MOST:,}" if len(found) > _MOST else "")


def _is_public(where: str) -> bool:
    return where.removeprefix("reference.") in _PUBLIC_LISTS
