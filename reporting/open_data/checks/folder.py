"""Checks a folder of open data: every file, then every pair of files by every rule of the standard."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reporting.open_data.checks import areas, cells, columns, items, periods
from reporting.open_data.checks.files import CsvFile, FilePair, also
from reporting.open_data.checks.rules import Problem, StandardCheck

META_SUFFIX = ".meta.csv"
FILE_CHECKS: Mapping[str, str] = {
    "folder_holds_files": "The folder holds at least one pair of files.",
    "file_name": "A file's name is lower case words joined by _, and begins with a letter.",
    "file_pair": "Every name.csv has a name.meta.csv, and the other way round.",
    "encoding": "Files are UTF-8 without a byte order mark.",
    "line_ends": "Lines end in LF.",
    "readable": "A file is a table: a header, at least one row, as many cells in every row as in the header.",
}
# Every check of a pair by name, in the order they run: those of the columns are the ground of the others.
PAIR_CHECKS: Mapping[str, StandardCheck] = {
    check.name: check
    for checks in (columns.CHECKS, items.CHECKS, periods.CHECKS, areas.CHECKS, cells.CHECKS)
    for check in sorted(checks, key=lambda check: not check.is_basic)
}


@dataclass
class Result:
    """What the checks of a folder found: the data sets looked at, the checks applied, the breaches in order."""

    pairs: list[str] = field(default_factory=list)
    checks: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def passes(self) -> bool:
        """Whether nothing was found and there was something to look at."""
        return not self.problems and bool(self.pairs)


def check_folder(folder: Path) -> Result:
    """Check every pair of files in a folder. Files that are not CSV are not looked at."""
    result = Result(checks=len(FILE_CHECKS) + len(PAIR_CHECKS))
    files = {path.name: path for path in sorted(folder.glob("*.csv"))} if folder.is_dir() else {}
    names = sorted({name.removesuffix(META_SUFFIX).removesuffix(".csv") for name in files})
    if not names:
        message = "the folder holds no CSV file. Name the folder that the open data were written to."
        result.problems.append(Problem("folder_holds_files", folder.name, 0, "", message))
    for name in names:
        result.pairs.append(name)
        result.problems.extend(_check_files(name, files))
    return result


def check_pair(pair: FilePair) -> list[Problem]:
    """Every breach of every check by one pair of files that could be read."""
    problems: list[Problem] = []
    basic = True
    for check in PAIR_CHECKS.values():
        if basic and not check.is_basic and problems:
            break
        basic = check.is_basic
        problems += [Problem(check.name, *breach) for breach in check.run(pair)]
    return problems


def _check_files(name: str, files: Mapping[str, Path]) -> Iterator[Problem]:
    data, meta = f"{name}.csv", f"{name}{META_SUFFIX}"
    if not (name[:1].isalpha() and all(letter in "abcdefghijklmnopqrstuvwxyz0123456789_" for letter in name)):
        present = data if data in files else meta
        yield Problem(
            "file_name",
            present,
            0,
            "",
            "the name has other signs than a-z, 0-9 and _, or begins with none of a-z. Rename both files of the pair.",
        )
    tables = []
    for own, other in ((data, meta), (meta, data)):
        if own not in files:
            yield Problem("file_pair", other, 0, "", f"it stands alone. Put {own} beside it, or take it away.")
            continue
        found = _read(files[own])
        if isinstance(found, Problem):
            yield found
        else:
            tables.append(found)
    if len(tables) == 2:
        yield from check_pair(FilePair(*tables))


def _read(path: Path) -> CsvFile | Problem:
    """The file as a table, or why it is none."""
    raw = path.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        return Problem("encoding", path.name, 0, "", "it begins with a byte order mark. Save it as UTF-8 without one.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        return Problem("encoding", path.name, row, "", "it is not UTF-8. Save it as UTF-8.")
    if "\r" in text:
        row = text.count("\n", 0, text.index("\r")) + 1
        return Problem("line_ends", path.name, row, "", "a line ends in CR. Save it with LF line ends.")
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return Problem(
            "readable", path.name, 0, "", "quotes do not close. Write each cell with a comma or quote in quotes."
        )
    if len(table) < 2:
        return Problem(
            "readable", path.name, 0, "", "it has no row under its header. Write at least one, or leave the pair out."
        )
    header = table[0]
    ragged = [row for row, cells in enumerate(table[1:], start=2) if len(cells) != len(header)]
    if ragged:
        return Problem(
            "readable",
            path.name,
            ragged[0],
            "",
            f"the row has not as many cells as the header. Put cells that hold a comma in quotes.{also(ragged)}",
        )
    return CsvFile(path.name, tuple(header), table[1:])
