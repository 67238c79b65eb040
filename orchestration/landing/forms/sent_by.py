"""Which services the landed forms name: by code, those that nobody has declared by short code."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from catalogue import Catalogue
from orchestration.landing.forms.identity import UNDECLARED, admin_question
from orchestration.landing.forms.tables import raw_table
from orchestration.warehouse import identifier


@dataclass(frozen=True)
class SentBy:
    """How many forms name a service, and in which files. `code` is that of a declared one, or a short code."""

    code: str
    forms: int
    files: tuple[str, ...]


def sent_by(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, *, is_replaced: bool = False) -> list[SentBy]:
    """Every service that the landed forms name, those with most forms first; of files that other files of the same name
    have replaced since, or of all others."""
    union = " union all ".join(
        f"select {identifier(admin_question(form_id, 'service'))} as code, source_file, load_seq "
        f"from {raw_table(form_id)}"
        for form_id in catalogue.forms
    )
    rows = con.execute(
        f"select code, count(*), list(distinct source_file order by source_file) from ({union}) "
        f"where code is not null and load_seq {'not in' if is_replaced else 'in'} "
        "(select max(load_seq) from ops.load where status = 'landed' group by source_file) "
        "group by code order by count(*) desc, code"
    ).fetchall()
    return [SentBy(str(code), int(forms), tuple(map(str, files))) for code, forms, files in rows]


def undeclared(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> list[SentBy]:
    """Those of them that nobody has declared: their forms are set aside. Of a file that has been replaced nobody can
    be asked any more, and the new one has what was put right."""
    return [one for one in sent_by(con, catalogue) if one.code.startswith(UNDECLARED)]
