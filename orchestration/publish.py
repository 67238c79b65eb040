"""A release: what an analyst opens, built beside the old one and switched in one step.

    published/<release>/insights.duckdb    marts, reference and the useful part of ops, with every description
    published/<release>/marts/*.parquet    every table of the marts
    published/<release>/manifest.json      inputs, outputs, code, checks: no clock, so the same content reads the same
    published/<release>/SHA256SUMS         the files as they lie there (`sha256sum -c SHA256SUMS`)
    published/current                      a link to the release in force

The name of a release is a hash of what went in and what came out. The same content has the same name wherever and
whenever it is made, and a release that is there already is left as it is.

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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.environment import PROJECT_ROOT
from orchestration.errors import OperatorError
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

CURRENT = "current"
DATABASE = "insights.duckdb"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"

_BUILDING = ".building-"
_PUBLISHED_OPS = ("load", "rejected_line", "check_result")
# Who ran it and when differ between two runs over the same files.
_UNPUBLISHED_COLUMNS = {"run_id"}
_PACKAGES = (
    "dagster", "dagster-dbt", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "pyarrow", "python-calamine",
)  # fmt: skip
_ROW_GROUP = 122_880


@dataclass(frozen=True)
class TableDoc:
    """What is known of a published table beyond its rows: its description, its columns', and its key."""

    description: str
    columns: Mapping[str, str]
    key: tuple[str, ...]


@dataclass(frozen=True)
class Release:
    """One published state. `is_new` is False when this content had been published before."""

    release_id: str
    path: Path
    is_new: bool
    manifest: dict[str, Any]


def publish(settings: Settings, *, run_id: str, docs: Mapping[tuple[str, str], TableDoc]) -> Release:
    """Build the release of what is in the warehouse and make it current.

    `docs` maps (schema, table) to its TableDoc. The caller holds the warehouse lock. On any failure
    `published/current` is as it was. Raises OperatorError when the folder cannot be written.
    """
    root = settings.published_path
    try:
        root.mkdir(parents=True, exist_ok=True)
        for left_over in root.glob(f"{_BUILDING}*"):
            shutil.rmtree(left_over)
        building = root / f"{_BUILDING}{os.getpid()}"
        building.mkdir()
    except OSError as error:
        raise OperatorError(
            f"The folder {root} cannot be written ({error.strerror}). Nothing was published; the last release stays "
            "in place. Free some space or mend its permissions, then run again."
        ) from None
    try:
        manifest = _build(settings, building, run_id, docs)
        release_id = str(manifest["release"])
        target = root / release_id
        is_new = not target.exists()
        if is_new:
            _seal(building)
            building.rename(target)
            _fsync(root)
        else:
            manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        _switch(root, release_id)
    except OSError as error:
        raise OperatorError(
            f"The release could not be written to {root} ({error.strerror}). The last release stays in place. "
            "Free some space or mend its permissions, then run again."
        ) from None
    finally:
        if building.exists():
            shutil.rmtree(building)
    return Release(release_id, target, is_new, manifest)


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
    manifest: dict[str, Any] = json.loads((release / MANIFEST).read_text(encoding="utf-8"))
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


def _build(settings: Settings, folder: Path, run_id: str, docs: Mapping[tuple[str, str], TableDoc]) -> dict[str, Any]:
    with open_warehouse(settings) as con:
        # The release is attached to the warehouse, not the other way round: one engine reads and writes both.
        con.execute(f"attach '{_quoted(folder / DATABASE)}' as release")
        tables = _copy_tables(con, docs, run_id)
        views = _copy_views(con)
        _describe(con, docs, [*tables, *views])
        (folder / "marts").mkdir()
        outputs: dict[str, Any] = {}
        contents: dict[str, str] = {}
        for schema, table in tables:
            rows = _count(con, schema, table)
            if schema == "marts":
                path = folder / "marts" / f"{table}.parquet"
                con.execute(
                    f"copy release.marts.{_name(table)} to '{_quoted(path)}' "
                    f"(format parquet, compression zstd, row_group_size {_ROW_GROUP})"
                )
                digest = _sha256(path)
                outputs[f"marts/{table}.parquet"] = {"sha256": digest, "rows": rows}
            else:
                digest = _content_hash(con, schema, table)
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
    release_id = "r-" + _hash_of({"inputs": inputs, "outputs": outputs})[:12]
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


def _copy_tables(
    con: duckdb.DuckDBPyConnection, docs: Mapping[tuple[str, str], TableDoc], run_id: str
) -> list[tuple[str, str]]:
    """Copy every published table in the order of its key, so that order is part of the content."""
    copied: list[tuple[str, str]] = []
    for schema, table in con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = current_database() "
        "and schema_name in ('marts', 'reference', 'ops') order by all"
    ).fetchall():
        columns: dict[str, str] = dict(
            con.execute(
                "select column_name, data_type from duckdb_columns() where database_name = current_database() "
                "and schema_name = ? and table_name = ? order by column_index",
                [schema, table],
            ).fetchall()
        )
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
        con.execute(f"create schema if not exists release.{_name(schema)}")
        con.execute(
            f"create table release.{_name(schema)}.{_name(table)} as "
            f"select {', '.join(map(_name, kept))} from {_name(schema)}.{_name(table)} {where} order by {key}",
            {"run_id": run_id} if "$run_id" in where else None,
        )
        copied.append((schema, table))
    return copied


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
        con.execute(f"comment on {kinds[(schema, table)]} {where} is {_literal(doc.description)}")
        present = {row[0] for row in con.execute(f"describe {where}").fetchall()}
        for column, description in doc.columns.items():
            if column in present and description:
                con.execute(f"comment on column {where}.{_name(column)} is {_literal(description)}")


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


def _seal(folder: Path) -> None:
    """Write the sums, make every file read-only, and wait until all of it is on the disk."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    (folder / SUMS).write_text(
        "".join(f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files),
        encoding="utf-8",
    )
    for path in [*files, folder / SUMS]:
        path.chmod(0o444)
        _fsync(path)
    _fsync(folder / "marts")
    _fsync(folder)


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


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
