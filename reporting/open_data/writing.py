"""Writes the open data of a release, and reads them back by the standard's checks before anybody sees them."""

from __future__ import annotations

from pathlib import Path

from reporting.errors import ReportError
from reporting.open_data.checks.folder import check_folder
from reporting.open_data.data_sets import data_sets_of
from reporting.open_data.datapackage import write_data_package
from reporting.open_data.ees import write_pair
from reporting.open_data.licence import licence_from
from reporting.open_data.lines import read
from reporting.open_data.workbook import write_workbook

WORKBOOK = "insights_tables.xlsx"


def write_open_data(database: Path, folder: Path) -> list[Path]:
    """Write the open data of a release into a folder of their own and return the paths of all files, sorted.

    `database` is the release's DuckDB file; of its numbers only `marts.published_value` is read. Nothing is written
    where it holds no figure. Raises ReportError when the files do not pass the checks of the standard, when a figure is
    of a geography without a level, or when INSIGHTS_OPEN_DATA_LICENCE names no known licence; the release must then not
    be published.
    """
    licence = licence_from()
    lines, labels, programme = read(database)
    if not lines:
        return []
    data_sets = data_sets_of(lines, labels)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [path for data_set in data_sets for path in write_pair(data_set, folder)]
    result = check_folder(folder)
    if not result.passes:
        raise ReportError(
            "The open data do not pass the standard's checks, and nothing may be published. "
            + " ".join(str(problem) for problem in result.problems[:3])
            + (f" There are {len(result.problems) - 3:,} more breaches." if len(result.problems) > 3 else "")
        )
    workbook = write_workbook(lines, labels, folder / WORKBOOK, licence, programme)
    package = write_data_package(folder, data_sets, workbook, licence, programme, labels.protected)
    return sorted([*paths, workbook, package])
