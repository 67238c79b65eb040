"""Checks of the columns of both files: which there are, how they are named, how the meta file describes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reporting.open_data.checks.areas import PLACE_COLUMNS
from reporting.open_data.checks.files import Breach, FilePair
from reporting.open_data.checks.rules import StandardCheck, check
from reporting.open_data.ees import META_COLUMNS

CHECKS: list[StandardCheck] = []
_REQUIRED = ("time_period", "time_identifier", "geographic_level", "country_code", "country_name")
_UNITS = frozenset({"", "%", "pp", "£", "£m", "numberstring"})
_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@check(CHECKS, "The data file has the columns of time, level and country.", is_basic=True)
def data_columns_required(pair: FilePair) -> Iterator[Breach]:
    for column in _REQUIRED:
        if column not in pair.data.header:
            yield pair.data.breach(1, column, "the column is missing. Every data file has it; add it.")


@check(CHECKS, "The meta file has its eight columns.", is_basic=True)
def meta_columns_required(pair: FilePair) -> Iterator[Breach]:
    advice = "the column is missing. Every meta file has it; add it, with blank cells if need be."
    for column in META_COLUMNS:
        if column not in pair.meta.header and column != "filter_default":
            yield pair.meta.breach(1, column, advice)


@check(CHECKS, "The meta file has no other columns.", is_basic=True)
def meta_columns_known(pair: FilePair) -> Iterator[Breach]:
    for place, column in enumerate(pair.meta.header, start=1):
        if column not in META_COLUMNS:
            yield pair.meta.breach(1, f"number {place}", "a meta file has no such column. Take it away.")


@check(CHECKS, "Each column stands once.", is_basic=True)
def columns_once(pair: FilePair) -> Iterator[Breach]:
    advice = "an earlier column has the same name. Rename one of the two."
    for file in (pair.data, pair.meta):
        seen: set[str] = set()
        for place, column in enumerate(file.header, start=1):
            if column in seen:
                yield file.breach(1, f"number {place}", advice)
            seen.add(column)


@check(CHECKS, "Names of columns are lower case words joined by _, and begin with a letter.", is_basic=True)
def column_names(pair: FilePair) -> Iterator[Breach]:
    advice = "the name is not lower case words joined by _ that begin with a letter. Rename it in both files."
    for place, column in enumerate(pair.data.header, start=1):
        if not _SNAKE_CASE.fullmatch(column):
            yield pair.data.breach(1, f"number {place}", advice)


@check(CHECKS, "Every row of the meta file names a column.", is_basic=True)
def meta_col_name(pair: FilePair) -> Iterator[Breach]:
    blank = "it is blank. Name the column of the data file that the row describes."
    again = "an earlier row describes the same column. Keep one of the two."
    seen: set[str] = set()
    for row in pair.described:
        if not row.col_name:
            yield pair.meta.breach(row.row, "col_name", blank)
        elif row.col_name in seen:
            yield pair.meta.breach(row.row, "col_name", again)
        seen.add(row.col_name)


@check(CHECKS, "Every row of the meta file is a Filter or an Indicator.", is_basic=True)
def meta_col_type(pair: FilePair) -> Iterator[Breach]:
    advice = "it is neither Filter nor Indicator. Write one of the two words."
    for row in pair.described:
        if row.col_type not in {"Filter", "Indicator"}:
            yield pair.meta.breach(row.row, "col_type", advice)


@check(CHECKS, "Columns of time and place have no row in the meta file.", is_basic=True)
def meta_without_place(pair: FilePair) -> Iterator[Breach]:
    advice = "columns of time and place are not described. Take the row away."
    for row in pair.described:
        if row.col_name in PLACE_COLUMNS:
            yield pair.meta.breach(row.row, "col_name", advice)


@check(CHECKS, "Every column that the meta file describes is in the data file.", is_basic=True)
def meta_in_data(pair: FilePair) -> Iterator[Breach]:
    advice = "the data file has no such column. Correct the name, or take the row away."
    for row in pair.described:
        if row.col_name and row.col_name not in pair.data.header:
            yield pair.meta.breach(row.row, "col_name", advice)


@check(
    CHECKS,
    "Every column of the data file is described, or of time or place, or groups the items of a filter.",
    is_basic=True,
)
def data_in_meta(pair: FilePair) -> Iterator[Breach]:
    advice = "the meta file does not describe it. Add a row for it there."
    described = {name for row in pair.described for name in (row.col_name, row.filter_grouping_column)}
    for place, column in enumerate(pair.data.header, start=1):
        if column not in described | PLACE_COLUMNS:
            yield pair.data.breach(1, f"number {place}", advice)


@check(CHECKS, "There is at least one indicator.", is_basic=True)
def has_indicator(pair: FilePair) -> Iterator[Breach]:
    if not any(row.col_type == "Indicator" for row in pair.described):
        yield pair.meta.breach(0, "col_type", "no row is an Indicator. Describe at least one column of numbers.")


@check(CHECKS, "Every row of the meta file has a label that no other row has.")
def meta_label(pair: FilePair) -> Iterator[Breach]:
    seen: set[str] = set()
    for row in pair.described:
        if not row.label:
            yield pair.meta.breach(row.row, "label", "it is blank. Say in words what the column holds.")
        elif row.label in seen:
            yield pair.meta.breach(row.row, "label", "an earlier row has the same label. Say what is different.")
        seen.add(row.label)


@check(CHECKS, "What belongs to filters is blank for indicators, and the other way round.")
def meta_cells_of_type(pair: FilePair) -> Iterator[Breach]:
    for row in pair.described:
        of_filters = {
            "filter_hint": row.filter_hint,
            "filter_grouping_column": row.filter_grouping_column,
            "filter_default": row.filter_default,
        }
        of_indicators = {
            "indicator_grouping": row.indicator_grouping,
            "indicator_unit": row.indicator_unit,
            "indicator_dp": row.indicator_dp,
        }
        advice = f"it must be blank where col_type is {row.col_type}. Empty the cell."
        for column, cell in (of_filters if row.col_type == "Indicator" else of_indicators).items():
            if cell:
                yield pair.meta.breach(row.row, column, advice)


@check(CHECKS, "The unit of an indicator is blank, %, pp, £, £m or numberstring.")
def indicator_unit(pair: FilePair) -> Iterator[Breach]:
    advice = "it is no unit of the standard. Leave it blank and name the unit in the label."
    for row in pair.indicators:
        if row.indicator_unit not in _UNITS:
            yield pair.meta.breach(row.row, "indicator_unit", advice)


@check(CHECKS, "Every indicator says how many decimals it is shown with.")
def indicator_dp(pair: FilePair) -> Iterator[Breach]:
    advice = "it is not a whole number. Write how many decimals are shown, 0 for none."
    for row in pair.indicators:
        if row.decimals is None:
            yield pair.meta.breach(row.row, "indicator_dp", advice)
