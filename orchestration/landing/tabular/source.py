"""Which kind of table a file is, by its name and its first bytes."""

from __future__ import annotations

from pathlib import Path

from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.tabular.records import Source
from orchestration.landing.tabular.text import TextSource, text_facts
from orchestration.landing.tabular.workbook import WorkbookSource


def open_source(path: Path) -> Source:
    """The records of a CSV or XLSX file.

    Raises FileRefusedError: the file is empty, neither CSV nor XLSX, or not what its name says.
    """
    if path.stat().st_size == 0:
        raise FileRefusedError("The file is empty.")
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return TextSource(path, text_facts(path))
    if suffix == ".xlsx":
        return WorkbookSource(path)
    raise FileRefusedError(
        "It is neither CSV nor XLSX, the two kinds that are read. Export it again as CSV or XLSX, or move it "
        "out of the raw folder."
    )
