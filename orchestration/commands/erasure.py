"""What still holds clients who asked to be erased: the lines of `insights erasure`, and one below every summary."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.commands.text import query
from orchestration.progress import many
from orchestration.release.files import read_release_manifest
from orchestration.settings import Settings
from orchestration.warehouse import exists, literal, look_into_warehouse
from reporting.release_files import CURRENT, DATABASE, INTERNAL


def erasure_lines(settings: Settings) -> list[str]:
    """What still holds clients who asked to be erased: releases made before, and files as delivered.

    The pipeline changes neither: a release is immutable, and a delivered file belongs to whoever delivered it.
    """
    with look_into_warehouse(settings) as con:
        has_list = exists(con, "ops", "erasure")
        clients = query(con, "select count(distinct client_key) from ops.erasure")[0][0] if has_list else 0
        if not clients:
            return ["No erasure list has been landed."]
        outdated = _outdated_releases(settings, con)
        erased = _erased_sql(con)
        emptied = query(con, f"select count(*) from ({erased})")[0][0]
        # Of each name only the file that landed last: an export without these clients may have taken its place.
        files = query(
            con,
            f"select source_file, count(*) from ({erased}) where load_seq in (select "
            "max(load_seq) from ops.load where status = 'landed' group by source_file) group by all order by all",
        )
    lines = [f"{many(clients, 'client')} on erasure lists; {many(emptied, 'form')} emptied.", ""]
    if outdated:
        lines += ["Releases made before, which still hold them:"]
        lines += [f"  {settings.published_path / name}" for name in outdated]
        in_force = settings.published_path.joinpath(CURRENT).resolve().name in outdated
        lines.append(
            ("Run `insights run` until a new one is published, then delete" if in_force else "Delete")
            + " these folders and every copy that was passed on."
        )
    else:
        lines.append("No release holds them.")
    if files:
        lines += ["", f"Files in {settings.raw_dir} that were delivered with their forms:"]
        lines += [f"  {file}: {many(count, 'form')}" for file, count in files]
        lines.append(
            "Put an export without these clients in the place of each. Its other forms count as copies of those that "
            "have landed, so nothing is counted twice."
        )
    return lines


def _outdated_releases(settings: Settings, con: duckdb.DuckDBPyConnection) -> list[str]:
    """Names of the releases that were made before an erasure list landed that this warehouse holds, or that hold a form
    which has been erased since: a list may reach further once services are one."""
    if not exists(con, "ops", "load"):
        return []
    erased = _erased_sql(con)
    landed = {
        row[0] for row in query(con, "select sha256 from ops.load where form_id = 'erasure' and status = 'landed'")
    }
    return [
        path.name
        for path in sorted(settings.published_path.glob("r-*"))
        if path.is_dir() and (landed - _files_of(path) or _holds_erased(con, erased, path / INTERNAL / DATABASE))
    ]


def _erased_sql(con: duckdb.DuckDBPyConnection) -> str:
    """SELECT of where every erased form stands; empty where there are no forms at all."""
    tables = query(
        con,
        "select table_name from information_schema.columns where table_schema = 'raw' "
        "and column_name = 'is_erased' order by table_name",
    )
    return " union all ".join(
        f"select load_id, load_seq, source_file, source_row from raw.{table} where is_erased" for (table,) in tables
    )


def _holds_erased(con: duckdb.DuckDBPyConnection, erased: str, database: Path) -> bool:
    """Whether a release has a form that has been erased since; one that cannot be read counts as one that has."""
    if not database.exists() or not erased:
        return False
    try:
        con.execute(f"attach {literal(database)} as held (read_only)")
    except duckdb.Error:
        return True
    try:
        return bool(
            query(
                con,
                "select 1 from held.marts.form_disposition as released "
                f"inner join ({erased}) as erased using (load_id, source_row) "
                "where released.disposition <> 'erased' limit 1",
            )
        )
    except duckdb.CatalogException:  # no forms in it
        return False
    except duckdb.Error:
        return True
    finally:
        con.execute("detach held")


def _files_of(release: Path) -> set[str | None]:
    """SHA-256 of the files a release was made from; none where that cannot be read, so that it counts as old."""
    try:
        return {entry["sha256"] for entry in read_release_manifest(release)["inputs"]}
    except (OSError, ValueError, LookupError):
        return set()


def erased_note(settings: Settings, con: duckdb.DuckDBPyConnection) -> list[str]:
    """What to say below a summary while releases hold clients on an erasure list; nothing where none does."""
    outdated = _outdated_releases(settings, con)
    if not outdated:
        return []
    holds = "holds" if len(outdated) == 1 else "hold"
    return [
        "",
        f"Erased   {many(len(outdated), 'release')} made before the last erasure list still {holds} clients on it; "
        "`insights erasure` lists what to delete",
    ]
