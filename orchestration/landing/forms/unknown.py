"""Columns of an export that the catalogue does not know: which, what they may be, and what they cost.

The name of such a column is told only where the row it stands in is a header row beyond doubt and the name looks like
one: the first line of a file without a header is somebody's data.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from catalogue import Catalogue
from catalogue.errors import shown
from catalogue.folding import fold
from orchestration.warehouse import exists

_LONGEST_NAME = 80
# Three of four cells that are headers of ours, or labels of our questions, make a header row; what holds an address or
# a long number is no header.
_SHARE_KNOWN = 0.75
_NO_HEADER = re.compile(r"@|\d{4,}")
_ALIKE = 0.8
_SHOWN = 5


@dataclass(frozen=True)
class UnknownColumn:
    """A column by its place (1 is the first). ``header`` is None where it is not told; ``nearest`` is the known header
    that is most like it, with its question, or None."""

    place: int
    header: str | None
    nearest: str | None
    question_id: str | None


def unknown_columns(
    catalogue: Catalogue, form_id: str, names: Sequence[str], places: Sequence[int]
) -> tuple[UnknownColumn, ...]:
    """What can be said of the columns in some places of a header row; ``names`` are its cells as they are compared."""
    if not places:
        return ()
    index = catalogue.header_index(form_id)
    labels = _labels(catalogue, form_id)
    named = [name for name in names if name]
    is_header_row = sum(name in index or name in labels for name in named) >= _SHARE_KNOWN * len(named)
    # A header that stands in the row is not what another one was meant to be.
    free = [header for header in index if header not in set(named)]
    found = []
    for place in places:
        name = names[place - 1]
        meant = None
        if is_header_row:
            labelled = labels[name] if labels.get(name) in free else None
            close = [labelled] if labelled else difflib.get_close_matches(name, free, n=1, cutoff=_ALIKE)
            meant = index[close[0]][0] if close else None
        is_told = is_header_row and len(name) <= _LONGEST_NAME and not _NO_HEADER.search(name)
        found.append(
            UnknownColumn(
                place,
                shown(name) if is_told else None,
                meant.header if meant else None,
                meant.question_id if meant else None,
            )
        )
    return tuple(found)


def _labels(catalogue: Catalogue, form_id: str) -> dict[str, str]:
    """What a question is called without its section, or without its section and matrix -> its header, where one
    question of the form only is called so."""
    found: dict[str, dict[str, str]] = {}
    conventions = [
        one for one in catalogue.conventions.values() if (one.naming, one.tick_all_style) == ("text", "list")
    ]
    for version in catalogue.form_versions(form_id):
        for convention in conventions:
            for header in catalogue.headers(form_id, version.form_version, convention.convention_id):
                question = catalogue.questions[header.question_id]
                section = catalogue.sections[question.section_id]

                def worded(kind: str, item: str, default: str, version: str = version.form_version) -> str:
                    return catalogue.wording(form_id, version, kind, item, default)

                label = worded("question_label", question.question_id, question.question_label)
                prefix = f"{worded('section_label', section.section_id, section.section_label)}: "
                for text in (label, header.header.removeprefix(prefix)):
                    found.setdefault(fold(text), {})[question.question_id] = fold(header.header)
    return {label: next(iter(meant.values())) for label, meant in found.items() if len(meant) == 1}


def record_unknown(
    con: duckdb.DuckDBPyConnection, load_id: str, form_id: str, columns: Sequence[UnknownColumn]
) -> None:
    """Write which columns of a load were not understood; what was written of the same load before goes."""
    con.execute("delete from ops.unknown_column where load_id = ?", [load_id])
    for column in columns:
        con.execute(
            "insert into ops.unknown_column values (?, ?, ?, ?, ?, ?)",
            [load_id, form_id, column.place, column.header, column.nearest, column.question_id],
        )


def unknown_lines(con: duckdb.DuckDBPyConnection) -> list[str]:
    """What the operator reads of every landed file with columns that were not understood."""
    # A home that no run has been in since this table was kept.
    if not exists(con, "ops", "unknown_column"):
        return []
    rows = con.execute(
        "select load.source_file, load.rows_landed, load.form_id, place, header, nearest, unknown.question_id, "
        "absent.question_id is not null from ops.unknown_column as unknown "
        "inner join ops.load as load on unknown.load_id = load.load_id and load.status = 'landed' "
        "left join ops.absent_question as absent "
        "on unknown.load_id = absent.load_id and unknown.question_id = absent.question_id "
        "order by load.source_file, place"
    ).fetchall()
    files: dict[str, list[str]] = {}
    for file, forms, form_id, place, header, nearest, question_id, is_absent in rows:
        files.setdefault(str(file), []).append(
            _said(int(forms), str(form_id), int(place), header, nearest, question_id if is_absent else None)
        )
    lines = []
    for file, said in files.items():
        more = f"; and {len(said) - _SHOWN:,} more" if len(said) > _SHOWN else ""
        lines.append(f"{file}: {'; '.join(said[:_SHOWN])}{more}")
    return lines


def _said(forms: int, form_id: str, place: int, header: str | None, nearest: str | None, lost: str | None) -> str:
    what = f"`{header}` was not understood" if header else f"column {place} was not understood"
    if nearest:
        what += f", did you mean `{nearest}`?"
    if lost:
        question = lost.removeprefix(f"{form_id}_").replace("_", " ")
        what += f" {forms:,} form{'s have' if forms != 1 else ' has'} no {question}"
    return what
