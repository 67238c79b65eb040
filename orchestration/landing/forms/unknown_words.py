"""Answers in words that the form does not offer: how many forms and different words, of which service and question.

The words themselves are not kept. A service that writes Boy where the form offers Male is told so, and the operator
words it in the programme's catalogue; then the file is read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import duckdb

from catalogue import Catalogue
from catalogue.forms import RawColumn
from orchestration.landing.forms.cells import is_marked_sql
from orchestration.landing.forms.identity import admin_question
from orchestration.landing.forms.recognise import FormExport
from orchestration.landing.forms.unknown import file_line
from orchestration.landing.reading import folded_sql, reading_macro
from orchestration.progress import many
from orchestration.warehouse import exists, identifier, literal

_ANSWERS = ("single", "matrix", "tick_all", "number", "flag")
_SHOWN = 5


def record_unknown_words(
    con: duckdb.DuckDBPyConnection, export: FormExport, load_id: str, arrived: str, marked: Collection[RawColumn]
) -> None:
    """Count the words of a load that were not understood, by service and question; what was counted before goes.

    Parameters:
        arrived: the landed rows of the load.
        marked: their columns in which something was not understood.
    """
    con.execute("delete from ops.unknown_word where load_id = ?", [load_id])
    catalogue, form_id = export.catalogue, export.header.form_id
    place_of = export.header.place_of()
    unclear = {
        column: is_marked_sql(column, identifier(column.name))
        for column in catalogue.raw_columns(form_id)
        if column in marked and catalogue.questions[column.question_id].answer_type in _ANSWERS
    }
    if not unclear:
        return
    # All of them in one more look at the file, which is long; the rows that matter are few.
    found = ", ".join(
        f"{{'question_id': {literal(column.question_id)}, 'words': case when {unclear[column]} "
        f"then {_words_sql(catalogue, column, place_of[column.name])} else [] end}}"
        for column in unclear
    )
    rows = " or ".join(unclear.values())
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
