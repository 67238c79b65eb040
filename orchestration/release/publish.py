"""A release: what its readers open, built beside the old one and switched in one step.

    published/<release>/internal/        for the service and its analysts: pseudonymised rows, small counts
        insights.duckdb                  marts, reference and the useful part of ops, with every description
        marts/*.parquet                  every table of the marts
        manifest.json                    inputs, outputs, code, checks: no clock, so the same content reads the same
        report/, documentation/          what `reporting` makes of it before disclosure control
    published/<release>/public/          what may be passed on: nothing but what disclosure control let through
        report/, open_data/, documentation/, manifest.json
    published/<release>/*/SHA256SUMS     the files of each side as they lie there (`sha256sum -c SHA256SUMS`)
    published/current                    a link to the release in force

Files and folders of the internal side can be read by the owner and its group only; those of the public side by anyone.

The name of a release is a hash of what went in, what came out and what made its documents. The same content has the
same name wherever and whenever it is made, and a release that is there already is left as it is.

DuckDB places its blocks differently each time it writes a file, so the manifest gives the hash of the database's
content, table by table; Parquet files are the same byte for byte.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.environment import PROJECT_ROOT
from orchestration.errors import OperatorError
from orchestration.settings import Settings
from orchestration.warehouse import literal, open_warehouse
from reporting.release_files import CURRENT, DATABASE, INTERNAL, MANIFEST, MARTS, PUBLIC, SUMS

_BUILDING = ".building-"
_PUBLISHED_OPS = ("load", "rejected_line", "check_result")
# Who ran it and when differ between two runs over the same files.
_UNPUBLISHED_COLUMNS = {"run_id"}
_PACKAGES = (
    "dagster", "dagster-dbt", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "pyarrow", "python-calamine",
)  # fmt: skip
_ROW_GROUP = 122_880
# Folders and files of each side: who is not of the group finds no way into the internal one.
_MODES = {INTERNAL: (0o750, 0o440), PUBLIC: (0o755, 0o444)}
# Where the internal side's files lay before there were two sides; links keep what was written for that working.
_EARLIER_PLACES = (DATABASE, MARTS, MANIFEST)


@dataclass(frozen=True)
class TableDoc:
    """What is known of a published table beyond its rows: its description, its columns', and its key."""

    description: str
    columns: Mapping[str, str]
    key: tuple[str, ...]


@dataclass(frozen=True)
class Prepared:
    """A release whose tables are written and that nobody can see yet.

    `folder` holds `internal/` and `public/`. `is_new` is False when this content has been published before; then there
    is no folder to fill.
    """

    release_id: str
    folder: Path
    is_new: bool
    manifest: dict[str, Any]

    @property
    def database(self) -> Path:
        """The database of the internal side."""
        return self.folder / INTERNAL / DATABASE


@dataclass(frozen=True)
class Release:
    """One published state. `is_new` is False when this content had been published before."""

    release_id: str
    path: Path
    is_new: bool
    manifest: dict[str, Any]

    @property
    def internal(self) -> Path:
        """The side for the service and its analysts."""
        return self.path / INTERNAL

    @property
    def public(self) -> Path:
        """The side that may be passed on."""
        return self.path / PUBLIC


def prepare_release(
    settings: Settings, *, run_id: str, docs: Mapping[tuple[str, str], TableDoc], documents: str = ""
) -> Prepared:
    """Write the tables of what is in the warehouse into a folder that is not published yet.

    `docs` maps (schema, table) to its TableDoc; `documents` is the fingerprint of whatever will make the documents. The
    caller holds the warehouse lock. Raises OperatorError when the folder cannot be written.
    """
    root = settings.published_path
    building = root / f"{_BUILDING}{os.getpid()}"
    with _told(building):
        root.mkdir(parents=True, exist_ok=True)
        for left_over in root.glob(f"{_BUILDING}*"):
            shutil.rmtree(left_over)
        for side in (INTERNAL, PUBLIC):
            (building / side).mkdir(parents=True)
        # Closed from the start: what is being built is as private as what is published.
        building.chmod(0o700)
        manifest = _build(settings, building / INTERNAL, run_id, docs, documents)
        release_id = str(manifest["release"])
        published = root / release_id
        if published.exists():
            shutil.rmtree(building)
            return Prepared(release_id, published, False, read_release_manifest(published))
        return Prepared(release_id, building, True, manifest)


def publish_release(settings: Settings, prepared: Prepared) -> Release:
    """Seal a prepared release and make it current. On any failure `published/current` is as it was.

    Raises OperatorError when the folder cannot be written.
    """
    root = settings.published_path
    target = root / prepared.release_id
    with _told(prepared.folder if prepared.is_new else None):
        if prepared.is_new:
            _seal(prepared.folder, prepared.manifest)
            prepared.folder.rename(target)
            _fsync(root)
        _switch(root, prepared.release_id)
    return Release(prepared.release_id, target, prepared.is_new, prepared.manifest)


def discard_release(prepared: Prepared) -> None:
    """Remove a prepared release that will not be published."""
    if prepared.is_new:
        shutil.rmtree(prepared.folder, ignore_errors=True)


@contextmanager
def _told(building: Path | None) -> Iterator[None]:
    """Tell a full or closed disk as a sentence; whatever went wrong, leave nothing half built behind."""
    try:
        yield
    except BaseException as error:
        if building is not None:
            shutil.rmtree(building, ignore_errors=True)
        if isinstance(error, OSError):
            where = building.parent if building is not None else "the folder of releases"
            raise OperatorError(
                f"The release could not be written to {where} ({error.strerror}). Nothing was published; the last "
                "release stays in place. Free some space or mend the folder's permissions, then run again."
            ) from None
        raise


def current_release(settings: Settings) -> Path:
    """The folder of the release in force. Raises OperatorError when nothing has been published yet."""
    link = settings.published_path / CURRENT
    if not link.exists():
        raise OperatorError(
            f"Nothing has been published in {settings.home} yet. Run `insights run`, or name the home with --home."
        )
    return link.resolve()


def read_release_manifest(release: Path) -> dict[str, Any]:
    """manifest.json of a release folder."""
    manifest: dict[str, Any] = json.loads((release / INTERNAL / MANIFEST).read_text(encoding="utf-8"))
    return manifest


def code_version() -> str:
    """The commit this code stands at (`-dirty` with uncommitted changes), or the package's version without git."""
    try:
        described = subprocess.run(
            ["git", "-C", str(PROJECT_ROOT), "describe", "--always", "--dirty", "--tags", "--abbrev=12"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        described = ""
    try:
        return described or importlib.metadata.version("insights-pipeline")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _build(
    settings: Settings, folder: Path, run_id: str, docs: Mapping[tuple[str, str], TableDoc], documents: str
) -> dict[str, Any]:
    with open_warehouse(settings) as con:
        # The release is attached to the warehouse, not the other way round: one engine reads and writes both.
        con.execute(f"attach {literal(folder / DATABASE)} as release")
        # Thousands of statements: one transaction each would be a wait for the disk each.
        with _transaction(con):
            tables = _copy_tables(con, docs, run_id)
        views = _copy_views(con)
        with _transaction(con):
            _describe(con, docs, [*tables, *views])
        (folder / MARTS).mkdir()
        outputs: dict[str, Any] = {}
        contents: dict[str, str] = {}
        for (schema, table), (digest, rows) in zip(tables, _write_parquet(con, folder / MARTS, tables), strict=True):
            if schema == "marts":
                outputs[f"{MARTS}/{table}.parquet"] = {"sha256": digest, "rows": rows}
            contents[f"{schema}.{table}"] = digest
            outputs.setdefault(DATABASE, {"tables": {}})["tables"][f"{schema}.{table}"] = {
                "content_sha256": digest,
                "rows": rows,
            }
        for schema, table in views:
            outputs[DATABASE]["tables"][f"{schema}.{table}"] = {
                "view": True,
                "rows": _count(con, schema, table),
            }
        inputs = _inputs(con)
        checks = _check_summary(con)
        con.execute("checkpoint release")
        con.execute("detach release")
    outputs[DATABASE]["content_sha256"] = _hash_of(contents)
    release_id = "r-" + _hash_of({"inputs": inputs, "outputs": outputs, "documents": documents})[:12]
    manifest = {
        "release": release_id,
        "code_version": code_version(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "python": platform.python_version(),
        "inputs": inputs,
        "checks": checks,
        "outputs": outputs,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return manifest


@contextmanager
def _transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _copy_tables(
    con: duckdb.DuckDBPyConnection, docs: Mapping[tuple[str, str], TableDoc], run_id: str
) -> list[tuple[str, str]]:
    """Copy every published table in the order of its key, so that order is part of the content."""
    copied: list[tuple[str, str]] = []
    columns_of: dict[tuple[str, str], dict[str, str]] = {}
    # Asked for all tables at once: DuckDB goes through every column it has, whatever is asked of them.
    for schema, table, column, data_type in con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "semi join duckdb_tables() using (database_name, schema_name, table_name) "
        "where database_name = current_database() and schema_name in ('marts', 'reference', 'ops') "
        "order by schema_name, table_name, column_index"
    ).fetchall():
        columns_of.setdefault((schema, table), {})[column] = data_type
    for schema in sorted({schema for schema, _ in columns_of}):
        con.execute(f"create schema if not exists release.{_name(schema)}")
    for (schema, table), columns in columns_of.items():
        kept, where = list(columns), ""
        if schema == "ops":
            if table not in _PUBLISHED_OPS:
                continue
            kept = [
                name
                for name, data_type in columns.items()
                if name not in _UNPUBLISHED_COLUMNS and not data_type.startswith("TIMESTAMP")
            ]
            if table == "load":
                # A file met again adds nothing to what came out.
                where = "where status <> 'already_landed'"
            elif table == "check_result":
                where = "where run_id = $run_id"
        key = _sort_key(columns, docs.get((schema, table)))
        con.execute(
            f"create table release.{_name(schema)}.{_name(table)} as "
            f"select {', '.join(map(_name, kept))} from {_name(schema)}.{_name(table)} {where} order by {key}",
            {"run_id": run_id} if "$run_id" in where else None,
        )
        copied.append((schema, table))
    return copied


def _write_parquet(
    con: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[tuple[str, str]]
) -> list[tuple[str, int]]:
    """Write every table of the marts as Parquet. Returns the hash of the content and the rows of each table, in order.

    Two tables at a time: for most of them DuckDB has work for one processor only.
    """

    def write(place: tuple[str, str]) -> tuple[str, int]:
        schema, table = place
        with con.cursor() as own:
            if schema == "marts":
                path = folder / f"{table}.parquet"
                own.execute(
                    f"copy release.marts.{_name(table)} to {literal(path)} "
                    f"(format parquet, compression zstd, row_group_size {_ROW_GROUP})"
                )
                digest = _sha256(path)
            else:
                digest = _content_hash(own, schema, table)
            return digest, _count(own, schema, table)

    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="parquet") as pool:
        return list(pool.map(write, tables))


def _sort_key(columns: Mapping[str, str], doc: TableDoc | None) -> str:
    # A form's place in the files is the cheapest key, and forms of one file side by side compress best.
    if "landed_row_id" in columns and doc is not None and doc.key and set(doc.key) & {"landed_row_id", "form_key"}:
        return "landed_row_id"
    if doc is not None and doc.key and set(doc.key) <= set(columns):
        return ", ".join(map(_name, doc.key))
    return "all"


def _copy_views(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Make the views of the marts again, over the published tables."""
    waiting = con.execute(
        "select view_name, sql from duckdb_views() where database_name = current_database() "
        "and schema_name = 'marts' and not internal order by all"
    ).fetchall()
    database = con.execute("select current_database()").fetchall()[0][0]
    made: list[tuple[str, str]] = []
    con.execute("use release")
    try:
        while waiting:
            left = []
            for view, sql in waiting:
                # The views name the warehouse's database; without that they hold in whatever file they lie.
                portable = sql.replace(f'"{database}".', "").replace(f"{database}.", "")
                try:
                    con.execute(portable)
                    con.execute(f"select * from marts.{_name(view)} limit 0")
                    made.append(("marts", view))
                except duckdb.CatalogException:
                    left.append((view, sql))
            if len(left) == len(waiting):
                raise OperatorError(
                    f"The view marts.{left[0][0]} reads a table that is not published. Nothing was published; the "
                    "last release stays in place. Make it a table, or let it read marts and reference only."
                )
            waiting = left
    finally:
        con.execute(f"use {_name(database)}")
    return made


def _describe(
    con: duckdb.DuckDBPyConnection,
    docs: Mapping[tuple[str, str], TableDoc],
    relations: Sequence[tuple[str, str]],
) -> None:
    """Put every description beside the table and column it describes."""
    kinds = {
        (schema, name): kind
        for schema, name, kind in con.execute(
            "select schema_name, table_name, 'table' from duckdb_tables() where database_name = 'release' union all "
            "select schema_name, view_name, 'view' from duckdb_views() where database_name = 'release'"
        ).fetchall()
    }
    for schema, table in relations:
        doc = docs.get((schema, table))
        if doc is None:
            continue
        where = f"release.{_name(schema)}.{_name(table)}"
        con.execute(f"comment on {kinds[(schema, table)]} {where} is {literal(doc.description)}")
        present = {row[0] for row in con.execute(f"describe {where}").fetchall()}
        for column, description in doc.columns.items():
            if column in present and description:
                con.execute(f"comment on column {where}.{_name(column)} is {literal(description)}")


def _inputs(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Every file that was landed or refused, as the release's own ops.load tells it."""
    rows = con.execute(
        "select source_file, sha256, status, form_id, rows_landed from release.ops.load order by all"
    ).fetchall()
    return [
        {"file": file, "sha256": digest, "status": status, "form": form, "rows": landed}
        for file, digest, status, form, landed in rows
    ]


def _check_summary(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = con.execute(
        "select gate::varchar, severity::varchar, count(*), count(*) filter (where success), "
        "coalesce(sum(unexpected_count), 0)::bigint from release.ops.check_result group by all order by all"
    ).fetchall()
    return [
        {"gate": gate, "severity": severity, "checks": checks, "passed": passed, "failing_rows": failing}
        for gate, severity, checks, passed, failing in rows
    ]


def _count(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> int:
    row = con.execute(f"select count(*) from release.{_name(schema)}.{_name(table)}").fetchone()
    return int(row[0]) if row else 0


def _content_hash(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> str:
    """SHA-256 over the rows as JSON, in stored order (which is the order of the key), columns named."""
    row = con.execute(
        "select sha256(coalesce(string_agg(line, chr(10) order by n), '')) from "
        f"(select to_json(t)::varchar as line, rowid as n from release.{_name(schema)}.{_name(table)} as t)"
    ).fetchone()
    return str(row[0]) if row else ""


def _seal(building: Path, manifest: Mapping[str, Any]) -> None:
    """Write manifest and sums, set who may read what, and wait until all of it is on the disk."""
    _write_public_manifest(building / PUBLIC, manifest)
    for side, (folder_mode, file_mode) in _MODES.items():
        top = building / side
        files = sorted(path for path in top.rglob("*") if path.is_file())
        (top / SUMS).write_text(
            "".join(f"{_sha256(path)}  {path.relative_to(top).as_posix()}\n" for path in files),
            encoding="utf-8",
        )
        for path in [*files, top / SUMS]:
            path.chmod(file_mode)
            _fsync(path)
        for folder in [*(path for path in top.rglob("*") if path.is_dir()), top]:
            folder.chmod(folder_mode)
            _fsync(folder)
    for name in _EARLIER_PLACES:
        (building / name).symlink_to(Path(INTERNAL) / name)
    building.chmod(0o755)
    _fsync(building)


def _write_public_manifest(public: Path, manifest: Mapping[str, Any]) -> None:
    """What made the public files, and their hashes. Inputs stay inside: they say who sent how much."""
    files = sorted(path for path in public.rglob("*") if path.is_file())
    told = {key: manifest[key] for key in ("release", "code_version", "packages", "python")} | {
        "files": {path.relative_to(public).as_posix(): {"sha256": _sha256(path)} for path in files}
    }
    (public / MANIFEST).write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _switch(root: Path, release_id: str) -> None:
    """Point `current` at a release: a reader sees the old one or the new one, never neither."""
    fresh = root / f".{CURRENT}-{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(release_id)
    fresh.replace(root / CURRENT)
    _fsync(root)


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _hash_of(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
