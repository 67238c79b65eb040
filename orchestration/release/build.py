"""The internal side of a release: the published tables copied, described, written as Parquet, and their manifest.

DuckDB places its blocks differently each time it writes a file, so the manifest gives the hash of the database's
content, table by table; Parquet files are the same byte for byte.

The name of a release is a hash of what is in its tables, whatever the files were called and in which order and how many
runs they landed: columns that only say where a row stands are left out of it, and so is the order that they give.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import OperatorError
from orchestration.hashing import sha256_of_file, sha256_of_json
from orchestration.release.register import years_of
from orchestration.settings import PROJECT_ROOT, Settings
from orchestration.transform.manifest import TableDoc
from orchestration.warehouse import identifier, literal, open_warehouse
from reporting.release_files import DATABASE, MANIFEST

_PUBLISHED_OPS = ("load", "rejected_line", "check_result")
# Who ran it and when differ between two runs over the same files.
_UNPUBLISHED_COLUMNS = {"run_id"}
_PACKAGES = (
    "dagster", "dagster-dbt", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "pyarrow", "python-calamine",
)  # fmt: skip
# Where a row stands, by the order of landing or the name of a file. (load_id and source_row are of a file's bytes.)
_PLACES = {"landed_row_id", "load_seq", "source_file"}
_ROW_GROUP = 122_880


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


def build_tables(
    settings: Settings,
    folder: Path,
    *,
    judged_by: Mapping[int, str],
    docs: Mapping[tuple[str, str], TableDoc],
    documents: str,
    registers: Sequence[str] = ("",),
    in_force: str = "",
) -> dict[str, Any]:
    """Write the tables of what is in the warehouse into a folder, and their manifest, which is returned.

    `judged_by` is the run in which each gate judged what is published: whose check results go with it. `docs` maps
    (schema, table) to its TableDoc; `documents` is the fingerprint of whatever will make the documents. `registers` are
    hashes of what was public before: the first by which the release comes out as the one `in_force` names it, or else
    the last.
    """
    with open_warehouse(settings) as con:
        # The release is attached to the warehouse, not the other way round: one engine reads and writes both.
        con.execute(f"attach {literal(folder / DATABASE)} as release")
        # Thousands of statements: one transaction each would be a wait for the disk each.
        with _transaction(con):
            tables = _copy_tables(con, docs, judged_by)
        views = _copy_views(con)
        with _transaction(con):
            _describe(con, docs, [*tables, *views])
        (folder / "marts").mkdir()
        outputs: dict[str, Any] = {}
        contents: dict[str, str] = {}
        named_by: dict[str, str] = {}
        for (schema, table), (digest, rows) in zip(tables, _write_parquet(con, folder / "marts", tables), strict=True):
            if schema == "marts":
                outputs[f"marts/{table}.parquet"] = {"sha256": digest, "rows": rows}
            contents[f"{schema}.{table}"] = digest
            named_by[f"{schema}.{table}"] = _hash_without_places(con, schema, table) or digest
            outputs.setdefault(DATABASE, {"tables": {}})["tables"][f"{schema}.{table}"] = {
                "content_sha256": digest,
                "rows": rows,
            }
        for schema, table in views:
            named_by[f"{schema}.{table}"] = "view"
            outputs[DATABASE]["tables"][f"{schema}.{table}"] = {
                "view": True,
                "rows": _count(con, schema, table),
            }
        inputs = _inputs(con)
        checks = _check_summary(con)
        # A programme whose tables hold nothing public has none.
        has_public = ("marts", "published_value") in tables
        query = f"{years_of('release.marts.published_value')} order by all"
        years = [list(year) for year in con.execute(query).fetchall()] if has_public else []
        con.execute("checkpoint release")
        con.execute("detach release")
    outputs[DATABASE]["content_sha256"] = sha256_of_json(contents)
    files = sorted([entry["sha256"], entry["status"]] for entry in inputs)
    content = {"inputs": files, "tables": named_by, "documents": documents}
    names = {register: "r-" + sha256_of_json({**content, "register": register})[:12] for register in registers}
    register = next((register for register, name in names.items() if name == in_force), registers[-1])
    release_id = names[register]
    manifest = {
        "release": release_id,
        "code_version": code_version(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "python": platform.python_version(),
        "register": register,
        "public_years": years,
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
    con: duckdb.DuckDBPyConnection, docs: Mapping[tuple[str, str], TableDoc], judged_by: Mapping[int, str]
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
        con.execute(f"create schema if not exists release.{identifier(schema)}")
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
                where = "where list_contains($judged, gate || ' ' || run_id)"
        key = _sort_key(columns, docs.get((schema, table)))
        con.execute(
            f"create table release.{identifier(schema)}.{identifier(table)} as "
            f"select {', '.join(map(identifier, kept))} from {identifier(schema)}.{identifier(table)} "
            f"{where} order by {key}",
            {"judged": [f"{gate} {run}" for gate, run in judged_by.items()]} if "$judged" in where else None,
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
                    f"copy release.marts.{identifier(table)} to {literal(path)} "
                    f"(format parquet, compression zstd, row_group_size {_ROW_GROUP})"
                )
                digest = sha256_of_file(path)
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
        return ", ".join(map(identifier, doc.key))
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
                    con.execute(f"select * from marts.{identifier(view)} limit 0")
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
        con.execute(f"use {identifier(database)}")
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
        where = f"release.{identifier(schema)}.{identifier(table)}"
        con.execute(f"comment on {kinds[(schema, table)]} {where} is {literal(doc.description)}")
        present = {row[0] for row in con.execute(f"describe {where}").fetchall()}
        for column, description in doc.columns.items():
            if column in present and description:
                con.execute(f"comment on column {where}.{identifier(column)} is {literal(description)}")


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
    row = con.execute(f"select count(*) from release.{identifier(schema)}.{identifier(table)}").fetchone()
    return int(row[0]) if row else 0


def _hash_without_places(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> str | None:
    """SHA-256 over the rows in no order, without the columns that say where a row stands; None where it has none."""
    where = f"release.{identifier(schema)}.{identifier(table)}"
    columns = [str(row[0]) for row in con.execute(f"describe {where}").fetchall()]
    kept = [identifier(name) for name in columns if name not in _PLACES]
    if len(kept) == len(columns):
        return None
    ((digest,),) = con.execute(
        "select sha256(coalesce(string_agg(line, '' order by line), '')) from "
        f"(select md5(to_json(t)::varchar) as line from (select {', '.join(kept)} from {where}) as t)"
    ).fetchall()
    return str(digest)


def _content_hash(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> str:
    """SHA-256 over the rows as JSON, in stored order (which is the order of the key), columns named."""
    row = con.execute(
        "select sha256(coalesce(string_agg(line, chr(10) order by n), '')) from "
        f"(select to_json(t)::varchar as line, rowid as n from release.{identifier(schema)}.{identifier(table)} as t)"
    ).fetchone()
    return str(row[0]) if row else ""
