"""Where texts stand in a folder, whatever it holds: in every file, inside what is packed or laid out in blocks.

Read are the bytes of each file; of a DuckDB file also every value of every table, of a Parquet file every value, of
SQLite every row, of a zip archive (a workbook is one) and of gzip what is packed, of a PDF what its streams say.
"""

from __future__ import annotations

import gzip
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import numpy as np

_ROWS = 20_000


def hits(folder: Path, word: str, keys: Collection[str]) -> dict[str, set[str]]:
    """Where a word stands, or one of many keys of 32 hex digits, as text or as the bytes it names: place -> what."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        places = [(f"name of {name}", name.encode())]
        if path.is_file() and not path.is_symlink():
            places += [(f"{name}{place}", content) for place, content in _contents(path)]
        for place, content in places:
            here = _found(content, word.encode(), frozenset(keys))
            if here:
                found.setdefault(place, set()).update(here)
    return found


def _found(content: bytes, word: bytes, keys: frozenset[str]) -> set[str]:
    here = {word.decode()} if word in content else set()
    here |= keys & {text.decode() for text in re.findall(rb"[0-9a-f]{32}", content)}
    by_start = {int.from_bytes(bytes.fromhex(key)[:8], "little"): key for key in keys}
    starts = np.array(sorted(by_start), dtype="<u8")
    for shift in range(8 if len(starts) else 0):
        whole = (len(content) - shift) // 8
        if whole > 0:
            words = np.frombuffer(content, dtype="<u8", count=whole, offset=shift)
            for place in np.flatnonzero(np.isin(words, starts)):
                key = by_start[int(words[place])]
                at = shift + 8 * int(place)
                here |= {key} if content[at : at + 16] == bytes.fromhex(key) else set()
    return here


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    raw = path.read_bytes()
    yield "", raw
    if raw[8:12] == b"DUCK":
        yield from _tables(path)
    elif raw[:4] == b"PAR1":
        with duckdb.connect() as con:
            yield from _values(con, f"read_parquet('{path}')", " values")
    elif raw[:15] == b"SQLite format 3":
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as con:
            yield " rows", "\n".join(con.iterdump()).encode()
    elif raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(path) as packed:
            for member in packed.namelist():
                yield f" {member}", packed.read(member)
    elif raw[:2] == b"\x1f\x8b":
        yield " unpacked", gzip.decompress(raw)
    elif raw[:4] == b"%PDF":
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", raw, re.S):
            try:
                yield " stream", zlib.decompress(stream)
            except zlib.error:
                continue


def _tables(path: Path) -> Iterator[tuple[str, bytes]]:
    with duckdb.connect(str(path), read_only=True) as con:
        for (table,) in con.execute(
            'select format(\'"{}"."{}"\', schema_name, table_name) from duckdb_tables() where not internal order by 1'
        ).fetchall():
            yield from _values(con, table, f" {table}")


def _values(con: duckdb.DuckDBPyConnection, table: str, place: str) -> Iterator[tuple[str, bytes]]:
    """The texts of a table, in pieces."""
    columns = [
        str(name)
        for name, kind, *_ in con.execute(f"describe select * from {table}").fetchall()
        if "VARCHAR" in str(kind) or "STRUCT" in str(kind) or "BLOB" in str(kind)
    ]
    if not columns:
        return
    cells = ", ".join(f'columns."{name}"::varchar' for name in columns)
    rows = con.execute(f"select concat_ws(chr(10), {cells}) from {table} as columns")
    while piece := rows.fetchmany(_ROWS):
        yield place, "\n".join(str(one) for (one,) in piece).encode()
