"""What the raw folder looked like when it was last landed: names, sizes and times of change, `ops.seen_file`.

A file that looks as it did then is taken to be the file it was; anything else is asked by its content. So a run that
has nothing to do can know it without reading gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb

from orchestration.landing.ledger import LoadResult
from orchestration.landing.raw_folder import deliveries, shown_name
from orchestration.landing.snapshot import hash_now
from orchestration.warehouse import exists

_CREATE = """
create schema if not exists ops;
create table if not exists ops.seen_file (
    source_file varchar primary key, size_bytes bigint, modified_ns bigint, sha256 varchar
)
"""

# Name of a file -> size in bytes and time of change in nanoseconds.
Look = Mapping[str, tuple[int, int]]


def look_at(raw_dir: Path) -> Look:
    """How every file to land looks now, by its name as it is shown. A file that went away meanwhile is not there."""
    return {shown_name(path, raw_dir): look for path, look in _looks(raw_dir)}


def _looks(raw_dir: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    for path in deliveries(raw_dir):
        try:
            state = path.lstat()
        except OSError:
            continue
        yield path, (state.st_size, state.st_mtime_ns)


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
    if not exists(con, "ops", "seen_file"):
        return sorted(look_at(raw_dir))
    seen = {
        str(name): ((int(size), int(modified)), str(digest))
        for name, size, modified, digest in con.execute("from ops.seen_file").fetchall()
    }
    unseen = []
    for path, look in _looks(raw_dir):
        name = shown_name(path, raw_dir)
        known = seen.get(name)
        if known is None or (known[0] != look and hash_now(raw_dir, path) != known[1]):
            unseen.append(name)
    return unseen
