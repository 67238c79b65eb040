"""Whether what has landed is exactly what a published report was made from, as its programme says.

There, a figure that does not come out is a fault of the program and blocks. With any other data the published figures
are a comparison. Forms and returns have a report each: one may have landed whole and the other not.
"""

from __future__ import annotations

import duckdb

from catalogue.programme import Programme, Publication
from orchestration.landing.ledger import landed_hashes


def what_blocks(con: duckdb.DuckDBPyConnection, programme: Programme) -> dict[str, bool]:
    """Whether gate 2 stops at a published figure of the report on forms, and at one of the report on returns."""
    return {
        "forms_block": _is_made_from(con, programme.forms_publication, of_returns=False),
        "returns_block": _is_made_from(con, programme.returns_publication, of_returns=True),
    }


def _is_made_from(con: duckdb.DuckDBPyConnection, publication: Publication | None, *, of_returns: bool) -> bool:
    if publication is None or publication.files is None:
        return False
    return landed_hashes(con, of_returns=of_returns) == publication.files
