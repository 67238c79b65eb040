"""Which kind of table a file is, by its name and its first bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestration.landing.refusal import FileRefusedError
from orchestration.landing.tabular.text import TextSource, text_facts
from orchestration.landing.tabular.workbook import Sheet, open_sheets

_TEXTS = (".csv", ".tsv", ".tab", ".txt")
_WORKBOOKS = (".xlsx", ".xlsm")
# What spreadsheets save in other ways, and people take for the same.
_OTHER_WORKBOOKS = (".xls", ".xlsb", ".xlt", ".xltx", ".xltm", ".ods", ".fods", ".numbers")


def open_text(path: Path) -> TextSource:
    """The records of a text file. Raises FileRefusedError: the file is empty, or no text."""
    _refuse_empty(path)
    return TextSource(path, text_facts(path))


def open_sources(path: Path) -> Sequence[TextSource | Sheet]:
    """The tables of a file: a text is one, a workbook has one on each sheet that holds anything.

    Raises FileRefusedError: the file is empty, neither text nor XLSX, or not what its name says.
    """
    suffix = path.suffix.lower()
    if suffix in _TEXTS:
        return [open_text(path)]
    _refuse_empty(path)
    if suffix in _WORKBOOKS:
        return open_sheets(path)
    if suffix in _OTHER_WORKBOOKS:
        raise FileRefusedError(
            f"It is a spreadsheet saved as {suffix[1:].upper()}, which is not read. Open it, save it as XLSX (Excel "
            "workbook) or CSV, and put that into the raw folder in its place."
        )
    raise FileRefusedError(
        "It is neither CSV nor XLSX, the two kinds that are read. Export it again as CSV or XLSX, or move it "
        "out of the raw folder."
    )


def _refuse_empty(path: Path) -> None:
    if path.stat().st_size == 0:
        raise FileRefusedError("The file is empty.")
