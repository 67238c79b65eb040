"""By what the staging tables were built: whether an ordinary run may add to them or has to begin again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from catalogue import load_catalogue
from catalogue.returns import load_returns
from orchestration.warehouse import exists


def staging_fingerprint(con: duckdb.DuckDBPyConnection, seeds: Path, project_dir: Path) -> str:
    """A hash over everything that decides how a landed row is read.

    Staging only adds new loads, and forms that were emptied since. It has to start again when answers would be read
    differently (catalogue, staging SQL) and when rows already staged have gone or were read again.
    """
    digest = hashlib.sha256(load_catalogue(seeds / "forms").fingerprint().encode())
    digest.update(load_returns(seeds / "returns").fingerprint().encode())
    for folder in ("models/staging", "macros"):
        for path in sorted((project_dir / folder).rglob("*.sql")):
            digest.update(path.read_bytes())
    # An emptied form is staged again by itself; a record of a return that is gone is not.
    if exists(con, "ops", "erased_record"):
        erased = con.execute("select count(*) from ops.erased_record").fetchall()[0][0]
        digest.update(f"erased {erased}".encode())
    if exists(con, "ops", "held_back"):
        held = con.execute("select count(*) from ops.held_back").fetchall()[0][0]
        digest.update(f"held back {held}".encode())
    if exists(con, "ops", "reading"):
        again = con.execute("select count(*) - count(distinct load_seq) from ops.reading").fetchall()[0][0]
        digest.update(f"read again {again}".encode())
    return digest.hexdigest()
