"""The open data standard as a list of checks, written from the published guidance; no check needs a data set of ours.

A check looks at one pair of files and names every breach by file, row and column, with what to do. No message holds a
value. Rows are counted as a text editor does: the header is row 1.

Source of the rules: DfE analysts' guide, "Open Data Standards" (what the screener of Explore Education Statistics
demands), with these differences. The guide only advises a Total; here every filter has one, or names its default item
in `filter_default`. Stricter than the guide: lines end in LF, no cell begins like a formula, a number has at most the
decimals of `indicator_dp`, and every column of the data file is described.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from reporting.open_data.ees import META_COLUMNS

META_SUFFIX = ".meta.csv"
# How many rows a message names before it only counts the rest.
_NAMED_ROWS = 3


@dataclass(frozen=True)
class Problem:
    """One breach of a check. `row` 0 means the whole file, `column` empty means the whole row."""

    check: str
    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = [
            self.file,
            *([f"row {self.row}"] if self.row else []),
            *([f"column {self.column}"] if self.column else []),
        ]
        return f"{', '.join(place)}: {self.message}"


@dataclass(frozen=True)
class Sheet:
    """One file read as text: its name, header and rows. Cells are as they stand in the file."""

    file: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]

    @cached_property
    def columns(self) -> Mapping[str, Sequence[str]]:
        """Cells by the name of their column; of columns with the same name the first."""
        cells: Sequence[Sequence[str]] = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.header)
        return dict(reversed(list(zip(self.header, cells, strict=True))))

    @cached_property
    def first_rows(self) -> Mapping[str, Mapping[str, int]]:
        """By column: each different cell and the number of the first row it stands in."""
        last = len(self.rows) + 1
        return {
            name: dict(zip(reversed(cells), range(last, 1, -1), strict=True)) for name, cells in self.columns.items()
        }

    def first_rows_of(self, *columns: str) -> Mapping[tuple[str, ...], int]:
        """Each different combination of cells in some columns, and the number of the first row it stands in."""
        last = len(self.rows) + 1
        cells = [reversed(self.columns[column]) for column in columns]
        return dict(zip(zip(*cells, strict=True), range(last, 1, -1), strict=True))

    def breaches(self, column: str, is_wrong: Callable[[str], bool]) -> tuple[int, str] | None:
        """The first row with a cell that is wrong, and in words where the others are; None where all is well."""
        wrong = {cell for cell in self.first_rows[column] if is_wrong(cell)}
        if not wrong:
            return None
        rows = [row for row, cell in enumerate(self.columns[column], start=2) if cell in wrong]
        return rows[0], also(rows)


@dataclass(frozen=True)
class MetaRow:
    """One row of a meta file; every column is text, empty where the file lacks it."""

    row: int
    col_name: str
    col_type: str
    label: str
    indicator_grouping: str
    indicator_unit: str
    indicator_dp: str
    filter_hint: str
    filter_grouping_column: str
    filter_default: str


@dataclass(frozen=True)
class Pair:
    """A data file and its meta file, both read."""

    data: Sheet
    meta: Sheet

    @cached_property
    def described(self) -> list[MetaRow]:
        """The rows of the meta file by the names of its columns."""
        place = {name: self.meta.header.index(name) for name in META_COLUMNS if name in self.meta.header}
        return [
            MetaRow(row, **{name: cells[place[name]] if name in place else "" for name in META_COLUMNS})
            for row, cells in enumerate(self.meta.rows, start=2)
        ]

    @cached_property
    def filters(self) -> list[MetaRow]:
        """Rows of the meta file that describe a filter which the data file has."""
        return [row for row in self.described if row.col_type == "Filter" and row.col_name in self.data.columns]

    @cached_property
    def indicators(self) -> list[MetaRow]:
        """Rows of the meta file that describe an indicator which the data file has."""
        return [row for row in self.described if row.col_type == "Indicator" and row.col_name in self.data.columns]

    @cached_property
    def item_columns(self) -> list[str]:
        """Filters and the columns that group them, each once."""
        groups = [row.filter_grouping_column for row in self.filters]
        names = [row.col_name for row in self.filters] + [name for name in groups if name in self.data.columns]
        return list(dict.fromkeys(names))


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


# A check of a pair, the name it is known by, what it demands, and whether later checks can run when it fails.
Breaches = Iterator[tuple[Sheet, int, str, str]]
PairCheck = Callable[[Pair], Breaches]


@dataclass(frozen=True)
class Check:
    """A rule of the standard. `is_basic` rules are the ground of the others: where one fails, the others wait."""

    name: str
    demand: str
    is_basic: bool
    run: PairCheck


FILE_CHECKS: Mapping[str, str] = {
    "folder_holds_files": "The folder holds at least one pair of files.",
    "file_name": "A file's name is lower case words joined by _, and begins with a letter.",
    "file_pair": "Every name.csv has a name.meta.csv, and the other way round.",
    "encoding": "Files are UTF-8 without a byte order mark.",
    "line_ends": "Lines end in LF.",
    "readable": "A file is a table: a header, at least one row, as many cells in every row as in the header.",
}
_CHECKS: dict[str, Check] = {}


def check(demand: str, *, is_basic: bool = False) -> Callable[[PairCheck], PairCheck]:
    """Enter a function in the list of checks, under its own name."""

    def enter(run: PairCheck) -> PairCheck:
        _CHECKS[run.__name__] = Check(run.__name__, demand, is_basic, run)
        return run

    return enter


def pair_checks() -> Mapping[str, Check]:
    """All checks of a pair by name, in the order they run."""
    import reporting.open_data.checks  # noqa: F401 - enters its functions in the list

    return _CHECKS


def also(rows: Sequence[int]) -> str:
    """In words, where else something stands than in the first of these rows; empty where nowhere."""
    others = list(rows[1 : _NAMED_ROWS + 1])
    if not others:
        return ""
    listed = ", ".join(str(row) for row in others)
    rest = len(rows) - 1 - len(others)
    return f" Also in row {listed}" + (f" and {rest:,} more." if rest else ".")


def check_folder(folder: Path) -> Result:
    """Check every pair of files in a folder. Files that are not CSV are not looked at."""
    result = Result(checks=len(FILE_CHECKS) + len(pair_checks()))
    files = {path.name: path for path in sorted(folder.glob("*.csv"))} if folder.is_dir() else {}
    names = sorted({name.removesuffix(META_SUFFIX).removesuffix(".csv") for name in files})
    if not names:
        message = "the folder holds no CSV file. Name the folder that the open data were written to."
        result.problems.append(Problem("folder_holds_files", folder.name, 0, "", message))
    for name in names:
        result.pairs.append(name)
        result.problems.extend(_check_files(name, files))
    return result


def check_pair(pair: Pair) -> list[Problem]:
    """Every breach of every check by one pair of files that could be read."""
    problems: list[Problem] = []
    basic = True
    for rule in pair_checks().values():
        if basic and not rule.is_basic and problems:
            break
        basic = rule.is_basic
        problems += [
            Problem(rule.name, sheet.file, row, column, message) for sheet, row, column, message in rule.run(pair)
        ]
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
    sheets = []
    for own, other in ((data, meta), (meta, data)):
        if own not in files:
            yield Problem("file_pair", other, 0, "", f"it stands alone. Put {own} beside it, or take it away.")
            continue
        found = _read(files[own])
        if isinstance(found, Problem):
            yield found
        else:
            sheets.append(found)
    if len(sheets) == 2:
        yield from check_pair(Pair(*sheets))


def _read(path: Path) -> Sheet | Problem:
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
    return Sheet(path.name, tuple(header), table[1:])
