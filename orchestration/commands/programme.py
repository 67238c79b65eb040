"""`insights init` and `insights catalogue`: a programme made; its catalogue listed, searched, checked, written out."""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from string import Template

from catalogue.assembly import assemble, given_tables, write_catalogue
from catalogue.errors import nearest
from catalogue.merge import Row, merged
from catalogue.programme import Programme
from catalogue.settings_file import LONGEST, SETTINGS
from catalogue.shapes import shapes
from orchestration.commands.text import table
from orchestration.errors import OperatorError
from orchestration.progress import many
from orchestration.settings import PROJECT_ROOT

_TEMPLATE = PROJECT_ROOT / "programmes" / "template"
# The only file whose name has a meaning for git where it lies.
_NAMES = {"gitignore": ".gitignore"}
_FEW = 20


def init_programme(folder: Path, name: str | None, themes: tuple[str, ...]) -> list[str]:
    """Make the folder of a programme and the folder of its exports. Returns what to do next.

    Raises OperatorError: something lies there already, or it cannot be written, or it would lie in the engine.
    """
    folder = folder.resolve()
    if folder == PROJECT_ROOT or PROJECT_ROOT in folder.parents:
        raise OperatorError(
            f"{folder} lies in the engine's own folder, which an upgrade replaces. Nothing was done. Name a folder "
            "elsewhere."
        )
    title = (name or folder.name.replace("-", " ").replace("_", " ")).strip()
    if not title.isprintable() or '"' in title or "\\" in title or len(title) > LONGEST:
        raise OperatorError(
            f'The name has to be one line of at most {LONGEST} letters without `"` and `\\`. Nothing was done. '
            "Name it with --name."
        )
    try:
        if folder.exists() and any(folder.iterdir()):
            raise OperatorError(f"{folder} is not empty. Nothing was done. Name a folder that is not there yet.")
        words = {
            "folder": folder.name,
            "programme_id": _programme_id(folder.name),
            "name": title,
            "themes": ", ".join(f'"{theme}"' for theme in themes),
        }
        for source in sorted(path for path in _TEMPLATE.rglob("*") if path.is_file()):
            path = folder / source.relative_to(_TEMPLATE).with_name(_NAMES.get(source.name, source.name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(Template(source.read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
        raw = folder.with_name(f"{folder.name}-raw")
        raw.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            f"The programme could not be made in {folder} ({error.strerror}). Name another folder."
        ) from None
    who = "the services that take part into services.csv" if "forms" in themes else ""
    area = "the authority into authorities.csv" if "returns" in themes else ""
    return [
        f"Made     {folder}",
        f"         {raw} (put the exports here)",
        "",
        f"Next: look through {folder / SETTINGS} (final_to decides what may be public); write "
        f"{' and '.join(filter(None, (who, area)))}; make a key that stays secret and is kept for good:",
        '      export INSIGHTS_PSEUDONYM_KEY="$(openssl rand -hex 32)"',
        f"      insights run --programme {folder}",
    ]


def _programme_id(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "programme"
    return f"{plain}-{secrets.token_hex(3)}"


def catalogue_lines(programme: Programme, name: str | None, find: str | None) -> list[str]:
    """The tables of the merged catalogue; the rows of one; or every row in which a word stands.

    Raises ProgrammeError when the programme does not fit the engine; OperatorError for a table that is none.
    """
    tables = merged(programme, given_tables(programme))
    if name is not None and name not in tables:
        raise OperatorError(f"There is no table `{name}` in the catalogue.{nearest(name, tables)}")
    if find:
        return list(_found(tables if name is None else {name: tables[name]}, find)) or [f"Nothing says `{find}`."]
    if name is not None:
        columns = list(shapes()[name].types)
        rows = [[*row.values(columns), _whose(row)] for row in tables[name]]
        return table([*columns, "whose"], rows, right=set())
    rows = [[name, f"{len(rows):,}", f"{sum(row.place.is_own for row in rows):,}"] for name, rows in tables.items()]
    return table(["table", "rows", "of the programme"], rows, right={1, 2})


def _whose(row: Row) -> str:
    return str(row.place) if row.place.is_own else "engine"


def _found(tables: Mapping[str, list[Row]], word: str) -> Iterator[str]:
    for name, rows in tables.items():
        hits = [row for row in rows if any(word.lower() in cell.lower() for cell in row.cells.values())]
        if not hits:
            continue
        yield f"{name}: {many(len(hits), 'row')}"
        for row in hits[:_FEW]:
            yield "  " + " | ".join(cell for cell in row.cells.values() if cell)
        if len(hits) > _FEW:
            yield f"  and {len(hits) - _FEW:,} more: insights catalogue {name} --find '{word}'"


def check_catalogue(programme: Programme) -> list[str]:
    """Merge and check the catalogue without touching a home. Raises ProgrammeError for what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        tables = assemble(programme, Path(folder))
    own = sum(row.place.line is not None and not row.place.is_given for rows in tables.values() for row in rows)
    return [
        f"The catalogue of {programme.name} holds together: {many(own, 'row')} of its own on top of the engine's.",
        *not_over_yet(programme, datetime.now(UTC).date()),
    ]


def not_over_yet(programme: Programme, today: date) -> list[str]:
    """A reminder where the programme says of a year that it is over and it is not, by the calendar.

    What a run makes is the same on any day, so nothing but these words depends on it.
    """
    day = programme.final_to
    if day is None or day < today or "forms" not in programme.themes:
        return []
    return [
        f"Note     final_to in {SETTINGS} is {day}, a day that is not over yet. The year to it counts as over, so its "
        "figures become public and final before all of its forms are in. Write the last day of the last year that is "
        "over, unless that is meant."
    ]


def export_catalogue(programme: Programme, folder: Path) -> list[str]:
    """Write the merged catalogue as CSV files. Raises ProgrammeError; OperatorError where the folder is not empty."""
    try:
        if folder.exists() and any(folder.iterdir()):
            raise OperatorError(f"{folder} is not empty. Nothing was written. Name another folder.")
        write_catalogue(programme, folder)
    except OSError as error:
        raise OperatorError(f"{folder} cannot be written ({error.strerror}). Name another folder.") from None
    return [str(path) for path in sorted(folder.rglob("*.csv"))]
