"""Whether what has landed is exactly the sample that comes with the repository.

The sample was drawn so that every published figure comes out; there, a figure that does not is a fault of the
program and blocks. With any other data the published figures are a comparison.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.environment import PROJECT_ROOT

SAMPLE_SUMS = PROJECT_ROOT / "synthetic" / "sample.sha256"


def is_sample(con: duckdb.DuckDBPyConnection, sums: Path = SAMPLE_SUMS) -> bool:
    """Whether the files landed in this warehouse are the sample's, all of them and no others.

    `sums` holds lines of `sha256sum`, one per sample file.
    """
    if not sums.exists():
        return False
    expected = {line.split()[0] for line in sums.read_text(encoding="utf-8").splitlines() if line.strip()}
    landed = {row[0] for row in con.execute("select sha256 from ops.load where status = 'landed'").fetchall()}
    return bool(landed) and landed == expected
