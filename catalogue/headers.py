"""By which headers an export may name the columns of a form: those of a convention, and others that mean the same.

Portals put the same parts together in many ways: a section, a question, an option, each by its code or in the words of
some version, with something between them. `fold_header` makes one of what stands between; this module says which parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from catalogue.asked import ADMIN_SECTION_CODE, Asked, HeaderConvention, Question
from catalogue.folding import fold_header


@dataclass(frozen=True)
class ExportHeader:
    """A header an export may carry. ``raw_column`` is None where the column is never stored."""

    header: str
    raw_column: str | None
    question_id: str
    option_code: str | None
    form_version: str
    convention_id: str


@dataclass(frozen=True)
class _Words:
    """What a form version calls a question: ``full`` is its header, ``alone`` the same without its section."""

    section: str
    alone: str
    full: str


def export_headers(
    catalogue: Asked, form_id: str, form_version: str, convention: HeaderConvention
) -> Iterator[ExportHeader]:
    """The header row that a form version exports under a convention, in form order."""
    for question in catalogue.asked(form_id):
        base = _words(catalogue, question, form_version, convention.naming).full
        column = question.question_id if question.is_stored else None
        if question.answer_type != "tick_all" or convention.tick_all_style == "list":
            yield ExportHeader(base, column, question.question_id, None, form_version, convention.convention_id)
            continue
        naming = "option_code" if convention.naming == "code" else "option_label"
        for option in catalogue.options_of(question.question_id):
            item = f"{option.option_set}.{option.option_code}"
            text = catalogue.wording(form_id, form_version, naming, item, getattr(option, naming))
            yield ExportHeader(
                f"{base}{convention.option_separator}{text}",
                f"{column}__{option.option_code}" if column else None,
                question.question_id,
                option.option_code,
                form_version,
                convention.convention_id,
            )


def written_headers(catalogue: Asked, form_id: str) -> dict[str, tuple[ExportHeader, ...]]:
    """Folded header -> every (version, convention) which writes it so."""
    index: dict[str, list[ExportHeader]] = {}
    for header in _every_header(catalogue, form_id):
        index.setdefault(fold_header(header.header), []).append(header)
    return {name: tuple(headers) for name, headers in index.items()}


def read_headers(
    catalogue: Asked, form_id: str, written: dict[str, tuple[ExportHeader, ...]]
) -> dict[str, tuple[ExportHeader, ...]]:
    """Folded header -> what it means, where that is one thing: as ``written``, or another name of the same column."""
    options_of = cache(lambda question_id: _names_of_options(catalogue, question_id))
    # The same words of a question without its section: a name where an option follows, never by themselves.
    alone: dict[str, set[str]] = {}
    index: dict[str, list[ExportHeader]] = {}
    for header in _every_header(catalogue, form_id):
        question = catalogue.questions[header.question_id]
        naming = catalogue.conventions[header.convention_id].naming
        words = _words(catalogue, question, header.form_version, naming)
        if header.option_code is None:
            names = {fold_header(name) for name in _full_names(question, words, naming)}
            alone.setdefault(fold_header(words.alone), set()).add(question.question_id)
        else:
            bases = {fold_header(name) for name in (*_full_names(question, words, naming), words.alone)}
            names = {
                f"{base}/{option}" for base in bases for option in options_of(question.question_id)[header.option_code]
            }
        for name in names - written.keys():
            index.setdefault(name, []).append(header)
    others = {
        name: tuple(meant)
        for name, meant in index.items()
        if _is_one(meant) and alone.get(name, set()) <= {meant[0].question_id}
    }
    return others | {name: meant for name, meant in written.items() if _is_one(meant)}


def tick_all_names(catalogue: Asked, form_id: str) -> dict[str, str]:
    """Folded name that stands before an option in a header -> its question, where one question only is called so."""
    found: dict[str, set[str]] = {}
    for question in catalogue.asked(form_id):
        if question.answer_type == "tick_all":
            for version in catalogue.form_versions(form_id):
                for naming in ("code", "text"):
                    words = _words(catalogue, question, version.form_version, naming)
                    for name in (*_full_names(question, words, naming), words.alone):
                        found.setdefault(fold_header(name), set()).add(question.question_id)
    return {name: next(iter(meant)) for name, meant in found.items() if len(meant) == 1}


def question_labels(catalogue: Asked, form_id: str) -> dict[str, str]:
    """Folded label of a question, without its section or without section and matrix -> its folded header, where one
    question of the form only is called so."""
    found: dict[str, dict[str, str]] = {}
    for version in catalogue.form_versions(form_id):
        for question in catalogue.asked(form_id):
            words = _words(catalogue, question, version.form_version, "text")
            for text in (words.alone.removeprefix(f"{question.matrix_label} - "), words.alone):
                found.setdefault(fold_header(text), {})[question.question_id] = fold_header(words.full)
    return {label: next(iter(meant.values())) for label, meant in found.items() if len(meant) == 1}


def option_names(catalogue: Asked, question_id: str) -> dict[str, str]:
    """Folded code or label of an option in any version -> the option's code."""
    names = _names_of_options(catalogue, question_id)
    return {name: option_code for option_code, called in names.items() for name in called}


def _every_header(catalogue: Asked, form_id: str) -> Iterator[ExportHeader]:
    for version in catalogue.form_versions(form_id):
        for convention in catalogue.conventions.values():
            yield from export_headers(catalogue, form_id, version.form_version, convention)


def _is_one(headers: Iterable[ExportHeader]) -> bool:
    return len({(header.question_id, header.option_code) for header in headers}) == 1


def _full_names(question: Question, words: _Words, naming: str) -> tuple[str, ...]:
    """Names of a question that say which section it is in, also as portals write it below a group of that name."""
    path, grouped = f"{words.section}/{words.alone}", f"{words.section}/{words.full}"
    return (words.full, path, grouped, question.question_id) if naming == "code" else (words.full, path)


def _names_of_options(catalogue: Asked, question_id: str) -> dict[str, set[str]]:
    """What each option is called by any version, as code and as label, folded."""
    return {
        option_code: {fold_header(text).lstrip("/") for text in texts}
        for option_code, texts in catalogue.option_texts(question_id).items()
    }


def _words(catalogue: Asked, question: Question, form_version: str, naming: str) -> _Words:
    section = catalogue.sections[question.section_id]
    is_admin = section.section_code == ADMIN_SECTION_CODE

    def worded(item_type: str, item_id: str, default: str) -> str:
        return catalogue.wording(question.form_id, form_version, item_type, item_id, default)

    code = worded("question_code", question.question_id, question.question_code)
    if naming == "code":
        section_code = worded("section_code", section.section_id, section.section_code)
        return _Words(section_code, code, code if is_admin else f"{section_code}_{code}")
    label = worded("question_label", question.question_id, question.question_label)
    if question.matrix_label:
        label = f"{question.matrix_label} - {label}"
    section_label = worded("section_label", section.section_id, section.section_label)
    return _Words(section_label, label, label if is_admin else f"{section_label}: {label}")
