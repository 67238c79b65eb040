"""The end of a forgetting: nothing of what landing has emptied is left in what was made of it.

Landing empties rows in one transaction and writes down that their bytes have still to go (`ops.forgetting`). A run ends
by doing that, whatever became of it: tables that it did not build anew go, releases that hold what was emptied go, keys
of earlier checks go, and the file of the warehouse is written anew without its free blocks. That file takes the place
of the old one in one step, without the note that anything is to be done; stopped anywhere before, the next run does it
again.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

import duckdb

from orchestration.decisions import load_decisions, read_decisions
from orchestration.errors import OperatorError
from orchestration.landing.forms.left_out import emptied_sql
from orchestration.landing.pseudonym import PseudonymKey, key_from_environment, tombstone_sql
from orchestration.landing.tombstones import is_open, is_unfinished
from orchestration.progress import first_of, many
from orchestration.release.files import DAMAGED, LEFT_OVER, PREPARED, fsync
from orchestration.release.state import MARTS, STAGING, forget_state
from orchestration.settings import Settings
from orchestration.warehouse import exists, identifier, literal, new_warehouse, open_warehouse
from reporting.release_files import CURRENT, DATABASE, INTERNAL

# The schemas that dbt makes, by the step that has made all of each anew.
_MADE_BY = {"staging": STAGING, "intermediate": MARTS, "marts": MARTS}
# Folders beside `current` that hold a release, whole or not.
_RELEASES = ("r-*", f"{DAMAGED}*", LEFT_OVER)
_GOING = ".forgotten-"
# Columns of the marts with the key of a person.
_KEYS = ("client_key", "child_key", "person_key", "upn_key")
_SHOWN = 5


def has_open_forgetting(settings: Settings) -> bool:
    """Whether a run has something to forget. Raises OperatorError when the file of decisions is damaged."""
    if not settings.warehouse_path.exists():
        return False
    with open_warehouse(settings, read_only=True) as con:
        return is_open(con, read_decisions(settings))


def finish_forgetting(settings: Settings, *, built: Collection[str]) -> list[str]:
    """Do what is left of a forgetting at the end of a run; what to say of it, nothing where nothing was open.

    Parameters:
        built: the steps of dbt (`STAGING`, `MARTS`) that this run has built to the end. What the others made before
            goes; the next run makes it anew.

    The caller holds the warehouse lock. Raises OperatorError when a folder or the file cannot be written; what is left
    is then done by the next run.
    """
    if not settings.warehouse_path.exists():
        return []
    with open_warehouse(settings) as con:
        if not is_unfinished(con):
            return []
    lines = remove_releases(settings)
    try:
        with open_warehouse(settings) as con:
            _drop_made(con, built)
            _forget_checks(con, judged=STAGING in built)
            load_decisions(con, settings)
        if MARTS not in built:
            # Pages of checks, and a release that was being made, are of an earlier run.
            shutil.rmtree(settings.data_docs_path, ignore_errors=True)
            shutil.rmtree(settings.published_path / PREPARED, ignore_errors=True)
        _write_anew(settings)
    except OSError as error:
        raise OperatorError(
            f"What was forgotten may still lie in free blocks of {settings.warehouse_path} ({error.strerror}). Make "
            "room beside it and run again: the next run does what is left."
        ) from None
    if not (settings.published_path / CURRENT).exists():
        lines.append("No release is in force: `published/current` is gone until a run publishes one.")
    return [*lines, "Forgotten: the warehouse is written anew, and no table, release or record of checks holds it."]


def remove_releases(settings: Settings) -> list[str]:
    """Take away every release that holds what was forgotten, both sides, and `current` where it pointed at one.

    What cannot be read may hold it, so it goes as well. Returns what to say. Nothing is done where nothing is open.
    """
    root = settings.published_path
    if not root.is_dir():
        return []
    for left in root.glob(f"{_GOING}*"):
        _remove(left)
    key = key_from_environment(settings.environment)
    with open_warehouse(settings) as con:
        if not is_unfinished(con):
            return []
        folders = sorted(path for pattern in _RELEASES for path in root.glob(pattern) if path.is_dir())
        going = [path for path in folders if _holds(con, path / INTERNAL / DATABASE, key)]
    link = root / CURRENT
    for path in going:
        if link.is_symlink() and link.resolve() == path.resolve():
            link.unlink()
            fsync(root)
        gone = root / f"{_GOING}{path.name}"
        try:
            path.rename(gone)
            _remove(gone)
        except OSError as error:
            raise OperatorError(
                f"{path} holds somebody who was forgotten and cannot be removed ({error.strerror}). Nothing else was "
                "changed. Make the folder writable and run again, or delete it yourself."
            ) from None
    if not going:
        return []
    names = first_of([path.name for path in going], _SHOWN)
    held = "held what was forgotten and is" if len(going) == 1 else "held what was forgotten and are"
    return [f"{many(len(going), 'release')} {held} gone ({names}). Delete the copies that were passed on or backed up."]


def _remove(folder: Path) -> None:
    """Remove a sealed folder."""
    for path in (folder, *(one for one in folder.rglob("*") if one.is_dir() and not one.is_symlink())):
        path.chmod(0o700)
    shutil.rmtree(folder)


def _emptied_sql(con: duckdb.DuckDBPyConnection) -> str:
    """SELECT of the number of every landed row of which nothing is kept any more."""
    forms = _emptied_forms_sql(con)
    return " union all ".join(
        [*([f"select landed_row_id from ({forms})"] if forms else []), "select landed_row_id from ops.erased_record"]
    )


def _emptied_forms_sql(con: duckdb.DuckDBPyConnection) -> str:
    """SELECT of where the forms stood of which nothing is kept, and why; empty where there are no tables of forms."""
    return emptied_sql(con, "landed_row_id, load_id, source_row")


def _holds(con: duckdb.DuckDBPyConnection, database: Path, key: PseudonymKey) -> bool:
    """Whether a release has something of what was emptied since, by its place or by a key of whose it is."""
    if not database.exists():
        return True
    try:
        con.execute(f"attach {literal(database)} as held (read_only)")
    except duckdb.Error:
        return True
    try:
        return _holds_place(con) or _holds_key(con, key)
    except duckdb.Error:
        return True
    finally:
        con.execute("detach held")


def _holds_place(con: duckdb.DuckDBPyConnection) -> bool:
    """By the load, a hash of the bytes of a file, and the place in it: a home made anew numbers rows otherwise."""
    same_form = "released.load_id = emptied.load_id and released.source_row = emptied.source_row"
    same_record = f"{same_form} and released.record_id = emptied.record_id"
    # Of a form without consent an earlier release says that it came, and nothing else.
    is_told = "released.disposition = 'no_consent' and emptied.left_out = 'no_consent'"
    looked_at = [
        ("form_disposition", _emptied_forms_sql(con), same_form, is_told),
        ("return_disposition", "from ops.erased_record", same_record, "false"),
    ]
    return any(
        con.execute(
            f"select 1 from held.marts.{table} as released inner join ({emptied}) as emptied on {same} "
            f"where released.disposition not in ('erased', 'held_back') and not ({is_less}) limit 1"
        ).fetchone()
        for table, emptied, same, is_less in looked_at
        if emptied and _has(con, table)
    )


def _holds_key(con: duckdb.DuckDBPyConnection, key: PseudonymKey) -> bool:
    columns = con.execute(
        "select table_name, column_name from duckdb_columns() where database_name = 'held' and schema_name = 'marts' "
        "and list_contains($keys, column_name) "
        "and table_name in (select table_name from duckdb_tables() where database_name = 'held') order by all",
        {"keys": list(_KEYS)},
    ).fetchall()
    buried = "select key from ops.forgotten where subject in ('client', 'child')"
    return any(
        con.execute(
            f"select 1 from (select distinct {identifier(column)} as one from held.marts.{identifier(table)}) "
            f"where {tombstone_sql('one')} in ({buried}) limit 1",
            key.parameters(),
        ).fetchone()
        for table, column in columns
    )


def _has(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = con.execute(
        "select 1 from duckdb_tables() where database_name = 'held' and schema_name = 'marts' and table_name = ?",
        [table],
    ).fetchone()
    return found is not None


def _drop_made(con: duckdb.DuckDBPyConnection, built: Collection[str]) -> None:
    """Leave no table that was made before rows were emptied."""
    for schema, step in _MADE_BY.items():
        if step not in built:
            con.execute(f"drop schema if exists {identifier(schema)} cascade")
            # Of staging, too: part of what that step makes lies in `intermediate`.
            forget_state(con, STAGING)
            forget_state(con, step)
    if MARTS not in built and exists(con, "ops", "later_version"):
        con.execute("delete from ops.later_version")


def _forget_checks(con: duckdb.DuckDBPyConnection, *, judged: bool) -> None:
    """Take out the keys that name an emptied row: which check it failed says something of it.

    What the gates of this run wrote they wrote of what is left, so where it came to them that stays.
    """
    emptied = _emptied_sql(con)
    if exists(con, "ops", "check_failure"):
        before = "run_id is distinct from (select run_id from ops.run order by started_at desc limit 1)"
        con.execute(
            f"delete from ops.check_failure where (landed_row_id in (select landed_row_id from ({emptied})) "
            f"or try_cast(key as bigint) in (select landed_row_id from ({emptied}))) and {before if judged else 'true'}"
        )
    if exists(con, "ops", "set_aside") and not judged:
        con.execute(f"delete from ops.set_aside where landed_row_id in (select landed_row_id from ({emptied}))")


def _write_anew(settings: Settings) -> None:
    """Write the warehouse into a new file, without free blocks, and put it in the place of the old one.

    The new one has no note of anything left to be done, so that the switch is the end of it.
    """
    path = settings.warehouse_path
    fresh = path.with_name(f".{path.stem}-anew.duckdb")
    _discard(fresh)
    new_warehouse(fresh)
    try:
        with open_warehouse(settings) as con:
            con.execute("checkpoint")
            con.execute(f"attach {literal(fresh)} as anew")
            con.execute(f"copy from database {identifier(path.stem)} to anew")
            con.execute("delete from anew.ops.forgetting")
            con.execute("checkpoint anew")
            con.execute("detach anew")
        wal = path.with_name(f"{path.name}.wal")
        if wal.exists():
            raise OSError(0, "its log is still there")
        fsync(fresh)
        fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
        fsync(path.parent)
    except BaseException:
        _discard(fresh)
        raise


def _discard(path: Path) -> None:
    for one in (path, path.with_name(f"{path.name}.wal")):
        one.unlink(missing_ok=True)
