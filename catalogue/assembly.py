"""The catalogue of one run: the engine's with its programme's, written where dbt, landing and the gates read it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from catalogue.coherence import check_coherence
from catalogue.errors import NOTHING_DONE, ProgrammeError
from catalogue.files import refuse_strays, unprintable
from catalogue.merge import Place, Row, Tables, merged, read_table, write
from catalogue.programme import Programme, programme_fingerprint
from catalogue.seeds import SEEDS, all_seeds_fingerprint
from catalogue.services import read_services, service_tables
from catalogue.texts import text_rows

_MADE_FROM = "made_from"
# The columns of authorities.csv: what the catalogue calls each, and what a cell has to be, in words and as a pattern.
_AUTHORITY_COLUMNS = {
    "code": ("la_code", "the three digits by which its returns call it", re.compile(r"[0-9]{3}")),
    "area_code": ("area_code", "a letter and eight digits, such as E06000001", re.compile(r"[A-Z][0-9]{8}")),
    "name": ("area_name", "its name as the reports print it, on one line", re.compile(r".*\w.*", re.DOTALL)),
    "has_publication": ("has_publication", "true, false or blank", re.compile(r"true|false|")),
}


def catalogue_fingerprint(programme: Programme, seeds: Path = SEEDS) -> str:
    """A hash over all that the catalogue of a programme is made from."""
    return f"{all_seeds_fingerprint(seeds)} {programme_fingerprint(programme)}"


def is_written(programme: Programme, target: Path, seeds: Path = SEEDS) -> bool:
    """Whether the catalogue in a folder was made from the engine and the programme as they are now."""
    return made_from(target) == catalogue_fingerprint(programme, seeds)


def made_from(target: Path) -> str:
    """What the catalogue in a folder was made from, as `catalogue_fingerprint` says it; empty where there is none."""
    noted = target / _MADE_FROM
    return noted.read_text(encoding="utf-8") if noted.exists() else ""


def write_catalogue(programme: Programme, target: Path, seeds: Path = SEEDS) -> None:
    """Merge, check and write the catalogue below `target`/seeds, unless it lies there already.

    Raises ProgrammeError: something in the programme is wrong; what lies in the folder stays as it was.
    OSError: the folder cannot be written.
    """
    fingerprint = catalogue_fingerprint(programme, seeds)
    if made_from(target) == fingerprint:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".catalogue-", dir=target.parent) as folder:
        fresh = Path(folder) / "fresh"
        assemble(programme, fresh, seeds)
        (fresh / _MADE_FROM).write_text(fingerprint, encoding="utf-8")
        if target.exists():
            target.rename(Path(folder) / "before")
        fresh.rename(target)


def assemble(programme: Programme, target: Path, seeds: Path = SEEDS) -> Tables:
    """Merge the catalogue, write it below `target`/seeds and check it; returns its tables. Raises ProgrammeError."""
    tables = merged(programme, given_tables(programme), seeds)
    write(tables, target / "seeds", seeds)
    check_coherence(tables, target / "seeds" / "forms")
    return tables


def given_tables(programme: Programme) -> Mapping[str, Sequence[Mapping[str, str] | Row]]:
    """The tables that a programme writes as settings, lists and texts, as rows of the catalogue's columns."""
    return {
        "programme": [_settings_row(programme)],
        "programme_text": text_rows(programme),
        "authority": _authorities(programme),
        **service_tables(read_services(programme.path("services.csv"))),
        "ignored_column": _ignored_columns(programme),
    }


def _settings_row(programme: Programme) -> dict[str, str]:
    def flag(value: bool) -> str:
        return "true" if value else "false"

    forms, returns = programme.forms_publication, programme.returns_publication
    return {
        "programme_id": programme.programme_id,
        "programme_name": programme.name,
        "publisher": programme.publisher,
        "contact": programme.contact or "",
        "next_release": programme.next_release or "",
        "has_forms": flag("forms" in programme.themes),
        "has_returns": flag("returns" in programme.themes),
        "year_starts": programme.year_starts,
        "first_year": str(programme.first_year or ""),
        "final_to": programme.final_to.isoformat() if programme.final_to else "",
        "no_year_share": str(programme.no_year_share),
        "unknown_answer_share": str(programme.unknown_answer_share),
        "unknown_question_share": str(programme.unknown_question_share),
        "client_conflict_share": str(programme.client_conflict_share),
        "withdrawn_share": str(programme.withdrawn_share),
        "withdrawn_records": str(programme.withdrawn_records),
        "rejected_share": str(programme.rejected_share),
        "child_identifiers": programme.child_identifiers,
        "date_order": programme.date_order,
        "disclosure_threshold": str(programme.threshold),
        "forms_publication": forms.name if forms else "",
        "returns_publication": returns.name if returns else "",
    }


def _ignored_columns(programme: Programme) -> list[Row]:
    path = programme.path("mappings", "ignored.csv")
    if path.parent.is_dir():
        refuse_strays(path.parent, [path.name])
    if not path.exists():
        return []
    rows = read_table(path, ("form_id", "header"), ("header",))
    return [Row(cells, Place(str(path), line, is_given=True)) for line, cells in rows]


def _authorities(programme: Programme) -> list[Row]:
    path = programme.path("authorities.csv")
    if not path.exists():
        return []
    rows: list[Row] = []
    for line, row in read_table(path, tuple(_AUTHORITY_COLUMNS), ("code", "area_code", "name")):
        cells = {}
        for column, (name, words, pattern) in _AUTHORITY_COLUMNS.items():
            if not pattern.fullmatch(row[column]) or unprintable(row[column]):
                raise ProgrammeError(f"{path}, line {line}: `{column}` has to be {words}. {NOTHING_DONE}")
            if column in ("code", "area_code") and any(row[column] == other.cells[name] for other in rows):
                raise ProgrammeError(f"{path}, line {line}: this `{column}` comes twice. {NOTHING_DONE}")
            cells[name] = row[column]
        rows.append(Row({**cells, "has_publication": row["has_publication"] or "false"}, Place(str(path), line)))
    return rows
