"""Who may read what a run leaves behind, whichever package has written it."""

from __future__ import annotations

from tests.support.home_modes import wrong_modes
from tests.support.whole_runs import Home, Ran


def test_every_place_of_a_home_can_be_read_by_those_it_is_for(small: Home, begun: Ran) -> None:
    """The tables, Dagster's record, the SQL that ran, Data Docs, decisions, both sides of the release."""
    written = {path.suffix for path in small.home.rglob("*") if path.is_file()}
    assert {".duckdb", ".db", ".sql", ".html", ".pdf", ".parquet", ".xlsx", ".yaml"} <= written
    assert wrong_modes(small.home) == {}
