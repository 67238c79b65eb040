"""What the raw folder looked like when it was last landed: names, sizes and times of change, `ops.seen_file`.

A file that looks as it did then is taken to be the file it was; anything else is asked by its content. So a run that
has nothing to do can know it without reading gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb

from orchestration.hashing import sha256_of_file
from orchestration.landing.ledger import LoadResult

_CREATE = """
create schema if not exists ops;
create table if not exists ops.seen_file (
    source_file varchar primary key, size_bytes bigint, modified_ns bigint, sha256 varchar
)
"""

_IGNORED_NAMES = {"readme.md"}

# Name relative to the raw folder -> size in bytes and time of change in nanoseconds.
Look = Mapping[str, tuple[int, int]]


def deliveries(raw_dir: Path) -> Iterator[Path]:
    """Files to land, in the order of their relative paths."""
    found = [
        path
        for path in raw_dir.rglob("*")
        if path.is_file()
        and path.name.lower() not in _IGNORED_NAMES
        and not any(part.startswith(".") for part in path.relative_to(raw_dir).parts)
    ]
    yield from sorted(found, key=lambda path: path.relative_to(raw_dir).as_posix())


def look_at(raw_dir: Path) -> Look:
    """How every file to land looks now. A file that went away meanwhile is not there."""
    found = {}
    for path in deliveries(raw_dir):
        try:
            state = path.stat()
        except OSError:
            continue
        found[path.relative_to(raw_dir).as_posix()] = (state.st_size, state.st_mtime_ns)
    return found


def note_folder(con: duckdb.DuckDBPyConnection, before: Look, after: Look, results: Iterable[LoadResult]) -> None:
    """Write down how the files looked that were landed, refused or known; replaces what was written before.

    `before` is the look before the first file was read, `after` the one when all were: of a file that changed in
    between nobody knows which content was read, so it is not written down.
    """
    hashes = {result.source_file: result.sha256 for result in results if result.sha256}
    rows = [(name, *look, hashes[name]) for name, look in before.items() if name in hashes and after.get(name) == look]
    con.execute(_CREATE)
    con.begin()
    con.execute("delete from ops.seen_file")
    if rows:
        names, sizes, times, digests = zip(*rows, strict=True)
        con.execute(
            "insert into ops.seen_file select unnest(?::varchar[]), unnest(?::bigint[]), unnest(?::bigint[]), "
            "unnest(?::varchar[])",
            [list(names), list(sizes), list(times), list(digests)],
        )
    con.commit()


def unseen_files(con: duckdb.DuckDBPyConnection, raw_dir: Path) -> list[str]:
    """The files that have not been through landing under their name: those that look otherwise are read and hashed.

    A file by another name is landed again, because its folder or name may say whose it is or of which year.
    """
    if not con.execute(
        "select 1 from duckdb_tables() where schema_name = 'ops' and table_name = 'seen_file'"
    ).fetchone():
        return sorted(look_at(raw_dir))
    seen = {
        str(name): ((int(size), int(modified)), str(digest))
        for name, size, modified, digest in con.execute("from ops.seen_file").fetchall()
    }
    unseen = []
    for name, look in look_at(raw_dir).items():
        known = seen.get(name)
        if known is None or (known[0] != look and sha256_of_file(raw_dir / name) != known[1]):
            unseen.append(name)
    return unseen
