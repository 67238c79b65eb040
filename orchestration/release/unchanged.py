"""Whether a run would only make the release in force again: then there is nothing to build, to test or to write.

When a release is published, what it was made from (besides the raw folder, which `landing.seen` remembers) and the
sizes of its files are written down. If all of that is as it was, so is the release.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import duckdb

from catalogue.assembly import is_written
from orchestration.decisions import read_decisions
from orchestration.landing.home import belongs_to, has_read_by
from orchestration.landing.pseudonym import key_from_environment
from orchestration.landing.seen import unseen_files
from orchestration.landing.tombstones import is_open
from orchestration.release.code import code_fingerprint
from orchestration.release.register import before_release, read_register, register_hash
from orchestration.release.state import MARTS, built_state, same_read_since_built
from orchestration.settings import Settings
from orchestration.transform.project import DBT_PROJECT_DIR
from orchestration.warehouse import exists, open_warehouse
from reporting.release_files import CURRENT

# What else decides what a release holds: printed in it, or which keys are taken.
_VARIABLES = ("INSIGHTS_ENV", "INSIGHTS_OPEN_DATA_LICENCE")

_CREATE = """
create schema if not exists ops;
create table if not exists ops.released (release_id varchar, inputs varchar, state varchar);
create table if not exists ops.released_file (path varchar, size_bytes bigint);
"""


def note_released(
    con: duckdb.DuckDBPyConnection, settings: Settings, release: Path, project_dir: Path = DBT_PROJECT_DIR
) -> None:
    """Write down what the release now in force was made from and how large its files are."""
    con.execute(_CREATE)
    con.begin()
    con.execute("delete from ops.released")
    con.execute("delete from ops.released_file")
    con.execute(
        "insert into ops.released values (?, ?, ?)",
        [release.name, _inputs(con, settings, project_dir, release.name), built_state(con, MARTS)],
    )
    sizes = _sizes(release)
    con.execute(
        "insert into ops.released_file select unnest(?::varchar[]), unnest(?::bigint[])",
        [list(sizes), list(sizes.values())],
    )
    con.commit()


def unchanged_release(settings: Settings, project_dir: Path = DBT_PROJECT_DIR) -> str | None:
    """The id of the release in force when a run would make just that again; None when a run has to find out.

    Raises WarehouseBusyError when another program holds the warehouse, OperatorError when the pseudonym key is missing
    or weak, or a line of the decisions is damaged.
    """
    current = settings.published_path / CURRENT
    if not current.exists() or not settings.warehouse_path.exists():
        return None
    if not is_written(settings.programme, settings.catalogue_path):
        return None
    release = current.resolve()
    with open_warehouse(settings, read_only=True) as con:
        if not exists(con, "ops", "released") or is_open(con, read_decisions(settings)):
            return None
        noted = con.execute("select release_id, inputs, state from ops.released").fetchone()
        if noted != (release.name, _inputs(con, settings, project_dir, release.name), built_state(con, MARTS)):
            return None
        # A file that has landed since, in a run that did not get to its end, is in no table of the release.
        if not same_read_since_built(con, MARTS):
            return None
        if dict(con.execute("from ops.released_file").fetchall()) != _sizes(release):
            return None
        if unseen_files(con, settings.raw_dir):
            return None
        # Under another key nothing could land any more, and whoever set it should hear of it now.
        if not belongs_to(con, key_from_environment(settings.environment)):
            return None
    return release.name


def _sizes(release: Path) -> dict[str, int]:
    return {
        path.relative_to(release).as_posix(): path.stat().st_size
        for path in sorted(release.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _inputs(con: duckdb.DuckDBPyConnection, settings: Settings, project_dir: Path, release: str) -> str:
    """A hash over the code and the catalogue, what is installed, recorded decisions, environment, key and services, and
    what was public before that release."""
    variables = [f"{name}={os.environ.get(name, '')}" for name in _VARIABLES]
    accepted = con.execute("select check_id, key from ops.check_acceptance order by all").fetchall()
    read_by = con.execute("from ops.read_by order by all").fetchall() if has_read_by(con) else []
    recorded = read_decisions(settings)
    decided = (*map(str, accepted), *map(str, read_by), *map(str, recorded))
    register = register_hash(before_release(read_register(settings), release))
    parts = (code_fingerprint(settings, project_dir), register, *variables, *decided)
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()
