"""A warehouse as staging leaves it, with submissions whose times do not say which version is later."""

from __future__ import annotations

from pathlib import Path

from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

Form = tuple[str, str, str, str]


def key(name: str) -> str:
    """A key as pseudonyms look, from a name of one letter."""
    return (name * 32)[:32]


def contested(settings: Settings, runs: dict[str, list[Form]]) -> None:
    """Lands forms (submission, number, content, file) run by run; all have the same times."""
    with open_warehouse(settings) as con:
        con.execute(
            "create schema if not exists ops; create schema if not exists intermediate;"
            "create or replace table ops.load (load_seq integer, source_file varchar, status varchar, run_id varchar);"
            "create or replace table intermediate.int_form_version (form_id varchar, load_seq integer, "
            "source_row bigint, submission_key varchar, number_key varchar, content_hash varchar, is_latest boolean, "
            "is_contested boolean);"
            "create or replace view intermediate.int_form_landed as from intermediate.int_form_version;"
        )
        loads: dict[tuple[str, str], int] = {}
        row = 1
        for run_id, forms in runs.items():
            for submission, number, content, file in forms:
                row += 1
                seq = loads.setdefault((run_id, file), len(loads) + 1)
                con.execute(
                    "insert into intermediate.int_form_version values ('intake', ?, ?, ?, ?, ?, true, true)",
                    [seq, row, key(submission), key(number), key(content)],
                )
        for (run_id, file), seq in loads.items():
            con.execute("insert into ops.load values (?, ?, 'landed', ?)", [seq, file, run_id])


def home(folder: Path) -> Settings:
    return Settings(folder / "home", folder / "raw", "sample")
