"""Data sets in the form of the DfE Explore Education Statistics open data standard, and how they are written.

A data set is a pair of files: `name.csv` holds the rows, `name.meta.csv` says what its columns are. Source of the form:
DfE analysts' guide, "Open Data Standards". Files are UTF-8 without a mark, lines end in LF, rows keep the order given.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

# Symbols that stand for a number that is not there: Government Statistical Service, "Symbols in tables".
SYMBOLS = {
    "c": "confidential: hidden so that no child can be recognised",
    "z": "not applicable",
    "x": "not available",
    "low": "rounds to zero but is not zero",
    "u": "of low reliability",
}

TOTAL = "Total"


def legend(cells: Iterable[str], mark: str = "{}") -> str:
    """What the symbols among these cells stand for, each written like `mark`; that there is none."""
    used = set(cells)
    named = "; ".join(f"{mark.format(symbol)} {meaning}" for symbol, meaning in SYMBOLS.items() if symbol in used)
    return f"Symbols: {named}." if named else "No symbol stands in it."


META_COLUMNS = (
    "col_name",
    "col_type",
    "label",
    "indicator_grouping",
    "indicator_unit",
    "indicator_dp",
    "filter_hint",
    "filter_grouping_column",
    "filter_default",
)

# A spreadsheet runs a cell that begins with one of these, or its wide form, as a formula; an apostrophe before it
# makes it text.
FORMULA_START = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_GUARD = "'"
# Control characters and every kind of space; not the joiners that emoji are made of.
_BLANKS = re.compile(r"[\s\u0000-\u001f\u007f-\u009f\u200b\u2028\u2029\ufeff\ufffe\uffff]+")


@dataclass(frozen=True)
class FilterColumn:
    """A column that says whom or what a row is about. `grouping` is another column of the file that groups its items.

    `default` is the item that is shown first where no item is called Total; empty where one is.
    """

    name: str
    label: str
    hint: str = ""
    grouping: str = ""
    default: str = ""


@dataclass(frozen=True)
class IndicatorColumn:
    """A column of numbers. `unit` is %, pp or empty; `decimals` is how many are shown."""

    name: str
    label: str
    unit: str
    decimals: int
    grouping: str = ""


@dataclass(frozen=True)
class PlainColumn:
    """A column that the meta file does not describe: its name, and what it holds."""

    name: str
    label: str


@dataclass(frozen=True)
class DataSet:
    """One pair of files. `columns` are all columns of the data file in order, `rows` its cells as text.

    `observed` are the columns of time and place, and those that group the items of a filter: they have no row in the
    meta file. `told` is what is the same in every row and so has no column, by its label.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    observed: tuple[PlainColumn, ...]
    filters: tuple[FilterColumn, ...]
    indicators: tuple[IndicatorColumn, ...]
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def meta_rows(self) -> list[tuple[str, ...]]:
        """The rows of the meta file, columns as in META_COLUMNS."""
        rows: list[tuple[str, ...]] = [
            (one.name, "Filter", one.label, "", "", "", one.hint, one.grouping, one.default) for one in self.filters
        ]
        rows += [
            (one.name, "Indicator", one.label, one.grouping, one.unit, str(one.decimals), "", "", "")
            for one in self.indicators
        ]
        return rows


@functools.lru_cache(maxsize=65_536)
def plain(label: str) -> str:
    """A label in one line without control characters or spaces around it; one that holds nothing says so."""
    return _BLANKS.sub(" ", label).strip() or "Not labelled"


def guarded(label: str) -> str:
    """A label as a cell of a CSV file: text in every spreadsheet, never a formula.

    Only labels are guarded. A negative number stays a number. A label that looks guarded is guarded once more, so that
    no two labels become one cell.
    """
    return f"{_GUARD}{label}" if label.lstrip(_GUARD).startswith(FORMULA_START) else label


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith(_GUARD) and guarded(cell[1:]) == cell else cell


@functools.lru_cache(maxsize=65_536)
def number(value: float, decimals: int) -> str:
    """A number with that many decimals, rounded half up on its shortest decimal form; 0 has no sign."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


def write_pair(data_set: DataSet, folder: Path) -> tuple[Path, Path]:
    """Write both files of a data set into a folder and return their paths, data first."""
    data, meta = folder / f"{data_set.name}.csv", folder / f"{data_set.name}.meta.csv"
    _write(data, data_set.columns, data_set.rows)
    _write(meta, META_COLUMNS, data_set.meta_rows)
    return data, meta


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
