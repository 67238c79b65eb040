"""Columns of an export that the catalogue does not know: which, what they may be, and what they cost.

The name of such a column is told only where the row it stands in is a header row beyond doubt and every word of it is
one of the catalogue, or heads columns anywhere: what else stands there may be somebody's name. It is called by its
place then, with the known header that it is most like.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from catalogue import Catalogue
from catalogue.errors import shown
from catalogue.folding import fold_header, plain_text
from catalogue.headers import ExportHeader, option_names, question_labels
from catalogue.vocabulary import words_of
from orchestration.warehouse import exists

_LONGEST_NAME = 200
# Three of four cells that are headers of ours, labels of our questions, or begin with a question with several answers,
# make a header row. A text in it is repeated where it is a few words of the vocabulary, and no list or sentence.
_SHARE_KNOWN = 0.75
_MOST_WORDS = 4
_NO_HEADER = re.compile(r"[@;<>]|[.,!?] |[.!]$")
_OPTION_NUMBER = re.compile(r"\d{1,2}")
_ALIKE = 0.8
#: What a portal calls the column for words that are none of the options, folded.
OTHER_WORDS = re.compile(r"other[,/]? ?[(/]?(?:please )?(?:specify|describe|state|explain)[)]?")
# What is named by a question over options of which it is none known (`header_rows.named_by_two_rows`).
_OF_NO_OPTION = re.compile(rf".*/(?:[?]|{OTHER_WORDS.pattern})")
_SHOWN = 5


@dataclass(frozen=True)
class UnknownColumn:
    """A column by its place (1 is the first). ``header`` is None where it is not told; ``nearest`` is the known header
    that is most like it, with its question, or None. A question without one is known, and what follows is none of its
    options."""

    place: int
    header: str | None
    nearest: str | None
    question_id: str | None


def unknown_columns(
    catalogue: Catalogue, form_id: str, cells: Sequence[str], places: Sequence[int]
) -> tuple[UnknownColumn, ...]:
    """What can be said of the columns in some places of a header row; ``cells`` are all of the row."""
    if not places:
        return ()
    index = catalogue.header_index(form_id)
    labels = question_labels(catalogue, form_id)
    names = [fold_header(cell) for cell in cells]
    named = [name for name in names if name]
    known = {*index, *labels, *catalogue.tick_all_names(form_id)}
    understood = sum(name in known or bool(_question_before(catalogue, form_id, name)) for name in named)
    is_header_row = understood >= _SHARE_KNOWN * len(named)
    # A column that the row has is not what another one was meant to be.
    taken = {_column(index[name]) for name in named if name in index}
    free = {name: meant for name, meant in index.items() if _column(meant) not in taken}
    written = [name for name in catalogue.written_headers(form_id) if name in free]
    found = []
    for place in places:
        name, text = names[place - 1], plain_text(cells[place - 1])
        meant, question_id = None, None
        if is_header_row:
            meant = _below_a_group(free, name) or free.get(labels.get(name, ""))
            question_id = None if meant else _question_before(catalogue, form_id, name)
            if question_id:
                meant = _option_like(catalogue, free, question_id, name)
            elif not meant and not _OF_NO_OPTION.fullmatch(name):
                meant = next((free[close] for close in difflib.get_close_matches(name, written, 1, _ALIKE)), None)
        # Behind the name of a question stands what is its own; without one all of it is.
        start = _start_of(name, known)
        own = name[len(start) + 1 :] if start else text
        is_number = bool(question_id and _OPTION_NUMBER.fullmatch(own))
        is_told = is_header_row and (is_number or _is_of_words(catalogue, own))
        found.append(
            UnknownColumn(
                place,
                shown(text, _LONGEST_NAME) if is_told else None,
                meant[0].header if meant else None,
                meant[0].question_id if meant else question_id,
            )
        )
    return tuple(found)


def _is_of_words(catalogue: Catalogue, text: str) -> bool:
    words = words_of(text)
    return 0 < len(words) <= _MOST_WORDS and catalogue.vocabulary.issuperset(words) and not _NO_HEADER.search(text)


def _start_of(name: str, known: Collection[str]) -> str:
    """The longest known name that a header begins with, less than all of it; '' where it begins with none."""
    parts = name.split("/")
    return next((start for at in range(len(parts) - 1, 0, -1) if (start := "/".join(parts[:at])) in known), "")


def _column(meant: Sequence[ExportHeader]) -> tuple[str, str | None]:
    return meant[0].question_id, meant[0].option_code


def _below_a_group(free: Mapping[str, tuple[ExportHeader, ...]], name: str) -> tuple[ExportHeader, ...] | None:
    """A header of ours below some group. It is not read so, because the group may be of another person."""
    parts = name.split("/")
    return next((free[rest] for at in range(1, len(parts)) if (rest := "/".join(parts[at:])) in free), None)


def _question_before(catalogue: Catalogue, form_id: str, name: str) -> str | None:
    """The question with several answers whose name a header begins with."""
    names = catalogue.tick_all_names(form_id)
    return names.get(_start_of(name, names))


def _option_like(
    catalogue: Catalogue, free: Mapping[str, tuple[ExportHeader, ...]], question_id: str, name: str
) -> tuple[ExportHeader, ...] | None:
    """The column of the option that the end of a header is most like, where it is like one."""
    options = option_names(catalogue, question_id)
    (close, *_) = [*difflib.get_close_matches(name.rpartition("/")[2], options, 1, _ALIKE), ""]
    column = (question_id, options.get(close))
    return next((meant for meant in free.values() if close and _column(meant) == column), None)


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


def unknown_lines(con: duckdb.DuckDBPyConnection, most: int | None = _SHOWN) -> list[str]:
    """What the operator reads of every landed file with columns that were not understood: of so many, or of all."""
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
            _said(int(forms), str(form_id), UnknownColumn(int(place), header, nearest, question_id), is_absent)
        )
    return [file_line(file, said, most) for file, said in files.items()]


def file_line(file: str, said: Sequence[str], most: int | None) -> str:
    """What is said of a file in one line: so much of it, or all."""
    more = f"; and {len(said) - most:,} more" if most is not None and len(said) > most else ""
    return f"{file}: {'; '.join(said[:most])}{more}"


def _said(forms: int, form_id: str, column: UnknownColumn, is_absent: bool) -> str:
    what = f"`{column.header}` was not understood" if column.header else f"column {column.place} was not understood"
    question = (column.question_id or "").removeprefix(f"{form_id}_").replace("_", " ")
    if column.nearest:
        what += f", did you mean `{column.nearest}`?"
    elif question:
        what += f": {question} has no such option."
    if is_absent:
        what += f" {forms:,} form{'s have' if forms != 1 else ' has'} no {question}"
    return what.removesuffix(".")
