"""Compares two releases.

Rows are paired by the key of their table; where a row was delivered is no difference unless it is the key. Of tables
with a row for each form or child only counts are told, never a key or a value; figures and definitions are told with
what they were and what they are.
"""

from __future__ import annotations

from pathlib import Path

from reporting.changes.contents import count_of_figures, definition_changes, figure_changes
from reporting.changes.difference import ReleaseDiff
from reporting.changes.records import check_changes, code_changes, file_changes
from reporting.changes.releases import Keys, find_release
from reporting.changes.tables import table_changes
from reporting.changes.two_releases import attached
from reporting.changes.words import LIMIT, text_lines


def diff_lines(published: Path, old: str, new: str, limit: int = LIMIT) -> list[str]:
    """The lines of `insights diff OLD NEW` over a folder of releases: `limit` entries of each list, all of them with 0.

    Raises ReportError for a release that does not exist.
    """
    return text_lines(diff_releases(find_release(published, old), find_release(published, new)), limit)


def diff_releases(old: Path, new: Path, keys: Keys | None = None) -> ReleaseDiff:
    """Compare two release folders. `keys` by (schema, table); without it those that the releases tell of themselves."""
    with attached(old, new, keys) as two:
        tables, differing = table_changes(two)
        return ReleaseDiff(
            old=str(two.manifests[0].get("release") or old.name),
            new=str(two.manifests[1].get("release") or new.name),
            code=code_changes(*two.manifests),
            files=file_changes(two),
            tables=tables,
            figures=figure_changes(two, differing),
            figures_compared=count_of_figures(two),
            definitions=definition_changes(two, differing),
            checks=check_changes(two),
        )
