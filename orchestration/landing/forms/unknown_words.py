"""Answers in words that the form does not offer: how many forms and different words, of which service and question.

The words themselves are not kept. A service that writes Boy where the form offers Male is told so, and the operator
words it in the programme's catalogue; then the file is read again.
"""

from __future__ import annotations

from collections import Counter

import duckdb

from catalogue import Catalogue
from catalogue.forms import RawColumn
from orchestration.landing.forms.cells import NOT_UNDERSTOOD
from orchestration.landing.forms.identity import admin_question
from orchestration.landing.forms.recognise import FormExport
from orchestration.landing.forms.unknown import file_line
from orchestration.landing.reading import folded_sql, reading_macro
from orchestration.progress import many
from orchestration.warehouse import exists, identifier, literal

_ANSWERS = ("single", "matrix", "tick_all", "number", "flag")
_SHOWN = 5


def record_unknown_words(con: duckdb.DuckDBPyConnection, export: FormExport, load_id: str, arrived: str) -> None:
    """Count the words of a load that were not understood, by service and question; what was counted before goes.

    Parameters:
        arrived: the landed rows of the load.
    """
    con.execute("delete from ops.unknown_word where load_id = ?", [load_id])
    catalogue, form_id = export.catalogue, export.header.form_id
    place_of = export.header.place_of()
    asked = [
        column
        for column in catalogue.raw_columns(form_id)
        if column.name in place_of and catalogue.questions[column.question_id].answer_type in _ANSWERS
    ]
    if not asked:
        return
    marked = ", ".join(f"bool_or({_is_unknown(column)})" for column in asked)
    (found_some,) = con.execute(f"select {marked} from {arrived}").fetchall()
    unclear = [column for column, is_marked in zip(asked, found_some, strict=True) if is_marked]
    if not unclear:
        return
    # All of them in one more look at the file, which is long; the rows that matter are few.
    found = ", ".join(
        f"{{'question_id': {literal(column.question_id)}, 'words': case when {_is_unknown(column)} "
        f"then {_words_sql(catalogue, column, place_of[column.name])} else [] end}}"
        for column in unclear
    )
    rows = " or ".join(map(_is_unknown, unclear))
    kept = ", ".join(identifier(column.name) for column in unclear)
    con.execute(
        f"""
        insert into ops.unknown_word
        select $load_id, $form_id, found.question_id, service_code, count(distinct source_row), count(distinct word)
        from (
            select source_row, service_code, found, unnest(found.words) as word
            from (
                select landed.source_row, landed.service_code, unnest([{found}]) as found
                from {export.copy.table_sql()} as record
                inner join (
                    select source_row, {identifier(admin_question(form_id, "service"))} as service_code, {kept}
                    from {arrived} where {rows}
                ) as landed on cast(record.record_no as bigint) = landed.source_row
            )
        )
        group by all
        """,
        {"load_id": load_id, "form_id": form_id},
    )


def _is_unknown(column: RawColumn) -> str:
    cell = identifier(column.name)
    # The column of one option holds nothing else, and a form has hundreds of them.
    return f"{cell} = '{NOT_UNDERSTOOD}'" if column.option_code else f"contains({cell}, '{NOT_UNDERSTOOD}')"


def _words_sql(catalogue: Catalogue, column: RawColumn, cell: str) -> str:
    """The list of the words of a cell that were not understood, as they are compared."""
    if catalogue.questions[column.question_id].answer_type == "tick_all" and column.option_code is None:
        return reading_macro("entries_not_understood", cell, catalogue.spellings(column.question_id))
    return f"[{folded_sql(cell)}]"


def unknown_word_lines(con: duckdb.DuckDBPyConnection, most: int | None = _SHOWN) -> list[str]:
    """What the operator reads of every landed file with answers that were not understood, those with most first: of so
    many questions, or of all."""
    # A home that no run has been in since this table was kept.
    if not exists(con, "ops", "unknown_word"):
        return []
    files: dict[str, list[str]] = {}
    lost: Counter[str] = Counter()
    for file, service, question, forms, words in con.execute(
        "select load.source_file, word.service_code, word.question_id, word.forms, word.words "
        "from ops.unknown_word as word inner join ops.load as load "
        "on word.load_id = load.load_id and load.status = 'landed' "
        "order by load.source_file, word.forms desc, word.question_id, word.service_code"
    ).fetchall():
        said = f"{many(words, 'word')} for {question} in {many(forms, 'form')}{f' of {service}' if service else ''}"
        files.setdefault(str(file), []).append(said)
        lost[str(file)] += int(forms)
    return [file_line(file, files[file], most) for file in sorted(files, key=lambda file: -lost[file])]
