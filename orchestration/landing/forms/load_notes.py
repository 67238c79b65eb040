"""What was noticed of the dates and ids of a file as it landed, kept so that a run and `insights status` tell it.

A note names columns and counts forms; no value of a row is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from orchestration.landing.forms.unknown import file_line
from orchestration.warehouse import exists

DATES, IDS = "dates", "ids"
_SHOWN = 5


@dataclass(frozen=True)
class LoadNote:
    """What the ledger says of a load (``sentence``) and, in a few words, a line about its file (``said``).

    ``kind`` is `dates` or `ids`; ``said`` is None of what is a matter of course and in the ledger alone.
    """

    kind: str
    sentence: str
    said: str | None


def record_load_notes(con: duckdb.DuckDBPyConnection, load_id: str, notes: Sequence[LoadNote]) -> None:
    """Write what was noticed of a load; what was written of the same load before goes."""
    con.execute("delete from ops.load_note where load_id = ?", [load_id])
    for place, note in enumerate(notes, start=1):
        if note.said is not None:
            con.execute("insert into ops.load_note values (?, ?, ?, ?)", [load_id, place, note.kind, note.said])


def load_note_lines(con: duckdb.DuckDBPyConnection, kind: str, most: int | None = _SHOWN) -> list[str]:
    """What the operator reads of every landed file with notes of a kind: of so many notes, or of all."""
    # A home that no run has been in since this table was kept.
    if not exists(con, "ops", "load_note"):
        return []
    files: dict[str, list[str]] = {}
    for file, said in con.execute(
        "select load.source_file, note.said from ops.load_note as note "
        "inner join ops.load as load on note.load_id = load.load_id and load.status = 'landed' "
        "where note.kind = ? order by load.source_file, note.place",
        [kind],
    ).fetchall():
        files.setdefault(str(file), []).append(str(said))
    return [file_line(file, said, most) for file, said in files.items()]
