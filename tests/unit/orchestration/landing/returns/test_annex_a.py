"""Which rows of a list merged cells touch."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestration.landing.returns.annex_a import _is_merged, _List, _merged_rows

PAIRS = st.tuples(st.integers(0, 30), st.integers(0, 4))
RANGES = st.lists(
    st.tuples(PAIRS, PAIRS).map(lambda pair: tuple(zip(*map(sorted, zip(*pair, strict=True)), strict=True)))
)


@given(RANGES)
def test_a_row_is_merged_where_a_range_has_it_and_a_column_of_the_list(ranges: Any) -> None:
    sheet = SimpleNamespace(merged_cell_ranges=ranges)
    one = _List("x", "List 1", sheet, 0, 1, {"a": 1, "b": 3}, 0)
    expected = {
        row + 1
        for (first_row, first_column), (last_row, last_column) in ranges
        for row in range(first_row, last_row + 1)
        if first_column <= 1 <= last_column or first_column <= 3 <= last_column
    }
    merged = _merged_rows(one)
    assert {row for row in range(40) if _is_merged(row, merged)} == expected
