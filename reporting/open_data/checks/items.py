"""Checks of what stands in the columns that are described: items of filters, numbers and symbols of indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from reporting.open_data.checks.cells import NULLS
from reporting.open_data.checks.files import Breach, FilePair
from reporting.open_data.checks.rules import StandardCheck, check
from reporting.open_data.ees import SYMBOLS, TOTAL

CHECKS: list[StandardCheck] = []
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_OBSOLETE = frozenset({"~", ":", "..", ".", "-", "*", "n/a", "N/A"})


@check(
    CHECKS,
    "A grouping column is in the data file, groups one filter, is described nowhere and has fewer items than it.",
)
def filter_grouping(pair: FilePair) -> Iterator[Breach]:
    described = {row.col_name for row in pair.described}
    seen: set[str] = set()
    for row in pair.filters:
        group = row.filter_grouping_column
        if not group:
            continue
        advice = ""
        if group not in pair.data.columns:
            advice = "the data file has no such column. Correct the name, or leave the cell blank."
        elif group in described:
            advice = "the meta file describes that column too. A column groups a filter or is one; take one away."
        elif group in seen:
            advice = "the column groups an earlier filter. Give each filter a grouping column of its own."
        elif len(pair.data.first_rows[group]) >= len(pair.data.first_rows[row.col_name]):
            advice = "the column has not fewer items than the filter. Leave the cell blank, or swap the two."
        if advice:
            yield pair.meta.breach(row.row, "filter_grouping_column", advice)
        seen.add(group)


@check(CHECKS, "Every filter has an item Total, or names the item that is shown first in filter_default.")
def filter_total(pair: FilePair) -> Iterator[Breach]:
    no_total = f"no row has the item {TOTAL}. Add rows for all items together, or name an item in filter_default."
    no_default = "the filter has no such item. Name one it has, or leave it blank."
    no_group = f"no row has the item {TOTAL}. Group the filter's own {TOTAL} under {TOTAL}."
    for row in pair.filters:
        items = pair.data.first_rows[row.col_name]
        if row.filter_default and row.filter_default not in items:
            yield pair.meta.breach(row.row, "filter_default", no_default)
        elif not row.filter_default and TOTAL not in items:
            yield pair.data.breach(0, row.col_name, no_total)
        group = row.filter_grouping_column
        if TOTAL in items and group in pair.data.columns and TOTAL not in pair.data.first_rows[group]:
            yield pair.data.breach(0, group, no_group)


@check(CHECKS, "A filter has at least two items.")
def filter_not_single(pair: FilePair) -> Iterator[Breach]:
    advice = "all rows have the same item. Take the column away, in both files."
    for row in pair.filters:
        if len(pair.data.first_rows[row.col_name]) < 2:
            yield pair.data.breach(0, row.col_name, advice)


@check(CHECKS, "No cell of a filter or of its grouping column is blank.")
def filter_blank(pair: FilePair) -> Iterator[Breach]:
    return pair.data.wrong_cells(
        pair.item_columns, lambda cell: not cell.strip(), f"it is blank. Write {TOTAL} where nothing is split."
    )


@check(CHECKS, "No cell of an indicator is blank.")
def indicator_blank(pair: FilePair) -> Iterator[Breach]:
    return pair.data.wrong_cells(
        [row.col_name for row in pair.indicators],
        lambda cell: not cell.strip(),
        "it is blank. Write the symbol of why there is no number: c, z, x, low or u.",
    )


@check(CHECKS, "An indicator holds numbers and the symbols c, z, x, low and u, and nothing else.")
def indicator_value(pair: FilePair) -> Iterator[Breach]:
    def is_wrong(cell: str) -> bool:
        if not cell.strip() or cell in _OBSOLETE or cell.lower() in NULLS:
            return False  # those have checks of their own, with better advice
        return cell not in SYMBOLS and not _NUMBER.fullmatch(cell)

    return pair.data.wrong_cells(
        [row.col_name for row in pair.indicators if row.indicator_unit != "numberstring"],
        is_wrong,
        "it is neither number nor symbol. Write digits and a point, no thousands commas, no unit.",
    )


@check(CHECKS, "An indicator has no symbol that went out of use.")
def obsolete_symbol(pair: FilePair) -> Iterator[Breach]:
    return pair.data.wrong_cells(
        [row.col_name for row in pair.indicators],
        _OBSOLETE.__contains__,
        "the symbol is out of use. Write c for hidden, z for not applicable, x for not available.",
    )


@check(CHECKS, "A number has no more decimals than indicator_dp says.")
def indicator_decimals(pair: FilePair) -> Iterator[Breach]:
    for row in pair.indicators:
        if row.decimals is not None:
            advice = f"the number has more than {row.decimals} decimals. Round it half up, or raise indicator_dp."
            yield from pair.data.wrong_cells([row.col_name], partial(_has_more_decimals, row.decimals), advice)


def _has_more_decimals(shown: int, cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell)) and len(cell.partition(".")[2]) > shown
