"""Whether what has landed is exactly the sample that comes with the repository.

The sample was drawn so that every published figure comes out; there, a figure that does not is a fault of the
program and blocks. With any other data the published figures are a comparison. Forms and returns are two samples with
a list each: one of them may be the sample's and the other an authority's own.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.landing.ledger import landed_hashes
from orchestration.settings import PROJECT_ROOT

SAMPLE_SUMS = PROJECT_ROOT / "synthetic" / "forms" / "sample.sha256"
RETURN_SAMPLE_SUMS = PROJECT_ROOT / "synthetic" / "returns" / "sample.sha256"


def is_sample(con: duckdb.DuckDBPyConnection, sums: Path = SAMPLE_SUMS) -> bool:
    """Whether the forms landed in this warehouse are the sample's, all of its files and no others.

    `sums` holds lines of `sha256sum`, one per sample file.
    """
    return _is_listed(con, sums, of_returns=False)


def is_return_sample(con: duckdb.DuckDBPyConnection, sums: Path = RETURN_SAMPLE_SUMS) -> bool:
    """Whether the social care returns landed in this warehouse are the sample's, all of its files and no others."""
    return _is_listed(con, sums, of_returns=True)


def what_blocks(con: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    """Whether gate 2 stops at a published figure of the report on forms, and at one of the assessment of returns."""
    return {"forms_block": is_sample(con), "returns_block": is_return_sample(con)}


def _is_listed(con: duckdb.DuckDBPyConnection, sums: Path, *, of_returns: bool) -> bool:
    if not sums.exists():
        return False
    expected = {line.split()[0] for line in sums.read_text(encoding="utf-8").splitlines() if line.strip()}
    found = landed_hashes(con, of_returns=of_returns)
    return bool(found) and found == expected
