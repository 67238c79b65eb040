"""What was ever public: the register in the folder `register` of a home, `ops.public_figure`, `ops.public_count`.

A year is published once. What was printed of it then is printed in every later release, whatever is corrected or erased
since: two versions of a year that differ by one form would tell what that form says. The register is how a run knows,
and it cannot be made anew from anything: it survives releases and warehouse, and belongs in every backup.

`register.jsonl` has one line for each edition: the release that first printed something, which years of what, by which
method, the hashes of its files and of the line before. Beside it lie, for each edition, `NNNN.figures.parquet` (rows
as `marts.published_value` has them) and `NNNN.counts.parquet` (of each count what was printed, by which draw, and the
true one, from which later runs tell how many have changed since), and `NNNN.forms.parquet` (of each form that counts 16
bits of a keyed hash, from which a revision tells how many forms have changed, and nobody what one says).

A register that is damaged, or is gone although a release says that there was one, stops the run: what would be printed
without it could tell what was hidden before.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import duckdb

from orchestration.errors import OperatorError
from orchestration.hashing import sha256_of_file
from orchestration.release.files import fsync, read_release_manifest
from orchestration.settings import Settings
from orchestration.warehouse import literal, open_warehouse
from reporting.release_files import CURRENT, DATABASE, INTERNAL

LINES = "register.jsonl"
#: How the figures of an edition were protected: rounded, or small ones hidden, as releases did before.
Method = Literal["rounding", "hiding"]

# The columns of marts.published_value, in its order.
_FIGURE = {
    "source": "varchar", "theme": "varchar", "indicator_id": "varchar", "period": "integer", "period_label": "varchar",
    "geography_level": "varchar", "geography_code": "varchar", "breakdown": "varchar", "breakdown_value": "varchar",
    "point": "varchar", "row_order": "integer", "row_label": "varchar", "parent_label": "varchar",
    "column_order": "integer", "column_label": "varchar", "statistic": "varchar", "numerator": "bigint",
    "denominator": "bigint", "value": "double", "value_rounded": "double", "unit": "varchar", "lower_95": "double",
    "upper_95": "double", "status": "varchar", "status_reason": "varchar", "population_id": "varchar",
    "not_asked": "bigint", "outside_bands": "bigint", "services": "integer", "services_asking": "integer",
    "is_published": "boolean", "change": "double", "change_lower_95": "double", "change_upper_95": "double",
    "change_p_value": "double", "change_mark": "varchar", "others_value": "double", "difference": "double",
    "difference_lower_95": "double", "difference_upper_95": "double", "comparison": "varchar",
    "recent_trend": "varchar", "method": "varchar", "rounded_to": "integer",
}  # fmt: skip
_COUNT = {
    "theme": "varchar", "period": "integer", "geography_code": "varchar", "count_name": "varchar",
    "true_count": "bigint", "printed": "bigint", "draw": "integer", "rounds": "integer", "is_hidden": "boolean",
}  # fmt: skip
_FORM = {
    "theme": "varchar", "period": "integer", "geography_code": "varchar", "form_id": "varchar",
    "fingerprint": "integer", "forms": "bigint",
}  # fmt: skip
#: What is printed of each count that is not public yet, from the models that decide it.
COUNTS_SQL = """
select 'insights' as theme, period, geography_code, terms as count_name, count as true_count, printed, draw, rounds,
    is_hidden
from intermediate.int_disclosure_count
union all
select 'social_care' as theme, period, la_code as geography_code, count_name, count as true_count, printed, draw,
    rounds, is_hidden
from intermediate.int_disclosure_return
where not is_known
"""
#: Of the forms that count in a year that is not public yet, what tells later how many have changed.
FORMS_SQL = """
select 'insights' as theme, period, '' as geography_code, form_id, fingerprint, forms
from intermediate.int_form_fingerprint
"""
#: What is printed of figures, from a relation like marts.published_value.
FIGURES_SQL = "select * from {published_value} where statistic not in ('comparator', 'model')"
# What others have published is theirs: it is printed as it is, and may change.
_OURS = "statistic not in ('comparator', 'model')"
_PLACE = "case when theme = 'insights' then '' else geography_code end"
_IN_YEARS = (
    f"list_contains(?::struct(theme varchar, place varchar, period integer)[], "
    f"{{'theme': theme, 'place': {_PLACE}, 'period': period}})"
)
# Editions of before the base was kept tell it: it is a divisor of all counts that they printed.
_BASE_OF_BEFORE = f"""
update ops.public_figure set rounded_to = coalesce((
    select greatest(5, list_reduce(list(printed), (one, other) -> gcd(one, other)))
    from ops.public_count where printed > 0 and {_IN_YEARS}
), 5)
where method = 'rounding' and rounded_to is null and {_IN_YEARS}
"""
_TABLES = {
    "figures": ("ops.public_figure", _FIGURE),
    "counts": ("ops.public_count", _COUNT),
    "forms": ("ops.public_form", _FORM),
}
# Where what was printed of the year that a run revises lies meanwhile: its other tables do not know that it is public.
_REVISED = {"figures": "ops.revised_figure", "counts": "ops.revised_count", "forms": "ops.revised_form"}


@dataclass(frozen=True)
class Year:
    """What is published at once: a year of the forms (`place` is empty), or of the returns of an authority."""

    theme: str
    place: str
    period: int


@dataclass(frozen=True)
class Edition:
    """One line of the register. `files` are the hashes of its files by kind, `before` that of the line before."""

    number: int
    release: str
    method: Method
    years: tuple[Year, ...]
    files: Mapping[str, str]
    before: str
    reason: str = ""


def years_of(published_value: str) -> str:
    """SELECT of the years that a relation like `marts.published_value` prints: theme, place and period."""
    return f"select distinct theme, {_PLACE} as place, period from {published_value} where {_OURS}"


def read_register(settings: Settings) -> list[Edition]:
    """Every edition, oldest first; none where nothing was ever public.

    Raises OperatorError where the register is damaged: a line that cannot be read or is not in its place, a file that
    is missing or another one.
    """
    folder = settings.register_path
    path = folder / LINES
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if any(folder.glob("[0-9]*.parquet")):
            raise _damaged(folder, f"{LINES} is missing") from None
        return []
    except (OSError, UnicodeDecodeError):
        raise _damaged(folder, f"{LINES} cannot be read") from None
    editions: list[Edition] = []
    before = ""
    # What is behind the last end of a line was being written when somebody pulled the plug.
    for number, line in enumerate(text[: text.rfind("\n") + 1].splitlines(), start=1):
        try:
            said = json.loads(line)
            edition = Edition(**(said | {"years": tuple(Year(**year) for year in said["years"])}))
        except (ValueError, TypeError, KeyError):
            raise _damaged(folder, f"line {number} of {LINES} cannot be read") from None
        if edition.number != number or edition.before != before:
            raise _damaged(folder, f"line {number} of {LINES} is not the one that was written there")
        for kind, digest in edition.files.items():
            file = _file(folder, number, kind)
            if not file.is_file() and _unnamed(file).is_file():
                # The line is what makes an edition: whoever wrote it was stopped before its files had their names.
                _unnamed(file).rename(file)
            if not file.is_file() or sha256_of_file(file) != digest:
                raise _damaged(folder, f"{file.name} is missing or has been changed")
        before = _hash(line)
        editions.append(edition)
    return editions


def register_hash(editions: Iterable[Edition]) -> str:
    """A hash of what was public, by which a release is named; empty where nothing was."""
    last = ""
    for edition in editions:
        last = _hash(_line(edition))
    return last


def before_release(editions: Sequence[Edition], release: str) -> list[Edition]:
    """The register as it stood before a release: without the editions that it began, if they are the last ones."""
    kept = list(editions)
    while kept and kept[-1].release == release:
        kept.pop()
    return kept


def public_years(editions: Iterable[Edition]) -> dict[Year, Edition]:
    """Which years are public, and the edition that holds for each: the last one."""
    return {year: edition for edition in editions for year in edition.years}


def add_edition(
    settings: Settings,
    con: duckdb.DuckDBPyConnection,
    *,
    release: str,
    years: Sequence[Year],
    method: Method,
    rows: Mapping[str, str],
    reason: str = "",
) -> Edition:
    """Write an edition, and return when it is on the disk.

    `rows` are queries on `con` for its rows, by kind of file, with the columns of the tables; they may hold rows of
    other years, too.
    Raises OperatorError where the register is damaged already or cannot be written.
    """
    editions = read_register(settings)
    folder, number = settings.register_path, len(editions) + 1
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files: dict[str, str] = {}
        for kind, query in rows.items():
            file = _unnamed(_file(folder, number, kind))
            columns = ", ".join(f"cast({name} as {type_}) as {name}" for name, type_ in _TABLES[kind][1].items())
            con.execute(
                f"copy (select {columns} from ({query}) as said where {_IN_YEARS} order by all) to {literal(file)} "
                "(format parquet, compression zstd)",
                [[asdict(year) for year in years]],
            )
            file.chmod(0o600)
            fsync(file)
            files[kind] = sha256_of_file(file)
        edition = Edition(number, release, method, tuple(years), files, register_hash(editions), reason)
        whole = "".join(_line(one) + "\n" for one in editions).encode()
        descriptor = os.open(folder / LINES, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb") as lines:
            lines.truncate(len(whole))
            lines.seek(len(whole))
            lines.write(f"{_line(edition)}\n".encode())
            lines.flush()
            os.fsync(lines.fileno())
        for kind in files:
            _unnamed(_file(folder, number, kind)).rename(_file(folder, number, kind))
        fsync(folder)
    except OSError as error:
        raise OperatorError(
            f"What is to be public could not be written to the register in {folder} ({error.strerror}). Nothing was "
            "published; the last release stays in place. Make room there, or make the folder writable, then run again."
        ) from None
    return edition


def create_register(con: duckdb.DuckDBPyConnection) -> None:
    """Create its tables, empty."""
    con.execute("create schema if not exists ops")
    for kind, (table, columns) in _TABLES.items():
        typed = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
        for one in (table, _REVISED[kind]):
            con.execute(f"create or replace table {one} ({typed})")


def load_register(con: duckdb.DuckDBPyConnection, settings: Settings, revised: Year | None = None) -> list[Edition]:
    """Put what the register says in the place of what its tables hold, and return its editions.

    Of a year that stands in several editions the last one holds. What was printed of a year that is `revised` stands in
    tables of its own. Raises like `read_register`.
    """
    editions = read_register(settings)
    holding = public_years(editions)
    held: list[tuple[Edition, list[dict[str, object]]]] = [
        (edition, [asdict(year) for year in edition.years if holding[year] is edition]) for edition in editions
    ]
    create_register(con)
    for kind, (table, _) in _TABLES.items():
        for edition, years in held:
            # Editions of before a kind of file was kept have none.
            if not years or kind not in edition.files:
                continue
            file = _file(settings.register_path, edition.number, kind)
            con.execute(
                f"insert into {table} by name select * from read_parquet({literal(file)}) where {_IN_YEARS}", [years]
            )
    for _, years in held:
        con.execute(_BASE_OF_BEFORE, [years, years])
    if revised is not None:
        for kind, (table, _) in _TABLES.items():
            con.execute(f"insert into {_REVISED[kind]} select * from {table} where {_IN_YEARS}", [[asdict(revised)]])
            con.execute(f"delete from {table} where {_IN_YEARS}", [[asdict(revised)]])
    return editions


def begin_with_register(settings: Settings, *, revised: Year | None = None, is_for_trial: bool = False) -> None:
    """Load it at the beginning of a run, before any step reads it.

    `revised` is the year that this run revises.

    What releases have made public before there was a register is written into it first: it stays as it was printed.
    Not where everything is `is_for_trial`, read by a key that everybody has.
    Raises like `read_register`, and OperatorError where the release in force has made public what is not in it.
    """
    folders = [folder for folder in _releases(settings) if (folder / INTERNAL / DATABASE).exists()]
    said = {folder: _public_years_said(folder) for folder in folders}
    known = public_years(read_register(settings))
    for folder, years in said.items():
        if years is not None and folder == folders[0] and not known.keys() >= set(years):
            raise _damaged(settings.register_path, f"what {folder.name} has made public is not in it")
    with open_warehouse(settings) as con:
        if not known and not is_for_trial:
            for folder in folders:
                if said[folder] is None:
                    _adopt(settings, con, folder)
        load_register(con, settings, revised)


def _adopt(settings: Settings, con: duckdb.DuckDBPyConnection, release: Path) -> None:
    """Write into the register what a release has made public that was made before counts were rounded."""
    con.execute(f"attach {literal(release / INTERNAL / DATABASE)} as held (read_only)")
    try:
        # A release without anything public has no such table.
        if not con.execute(
            "select 1 from duckdb_tables() where database_name = 'held' and table_name = 'published_value'"
        ).fetchall():
            return
        public = "held.marts.published_value"
        known = public_years(read_register(settings))
        rows = con.execute(f"{years_of(public)} order by all").fetchall()
        new = [year for row in rows if (year := Year(*row)) not in known]
        if new:
            add_edition(
                settings,
                con,
                release=release.name,
                years=new,
                method="hiding",
                rows={
                    "figures": f"select *, 'hiding' as method, null as rounded_to from {public} where {_OURS}",
                    "counts": f"select {', '.join(f'null as {name}' for name in _COUNT)} where false",
                },
            )
    finally:
        con.execute("detach held")


def _releases(settings: Settings) -> list[Path]:
    """The folders of releases, the one in force first."""
    folders = sorted(path for path in settings.published_path.glob("r-*") if path.is_dir())
    in_force = settings.published_path.joinpath(CURRENT).resolve()
    return sorted(folders, key=lambda path: path != in_force)


def _public_years_said(release: Path) -> list[Year] | None:
    """Which years a release says that it prints; None for one that was made before there was a register."""
    try:
        return [Year(*year) for year in read_release_manifest(release)["public_years"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file(folder: Path, number: int, kind: str) -> Path:
    return folder / f"{number:04}.{kind}.parquet"


def _unnamed(file: Path) -> Path:
    """A file of an edition until its line stands in the register."""
    return file.with_name(f".{file.name}")


def _line(edition: Edition) -> str:
    return json.dumps(asdict(edition), sort_keys=True)


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def _damaged(folder: Path, why: str) -> OperatorError:
    return OperatorError(
        f"The register of what was public, in {folder}, is damaged: {why}. Nothing was published; the last release "
        "stays in place. Put back a copy of the folder, then run again. Without it a new release could tell of a child "
        "what earlier ones have kept."
    )
