"""The form of the files: how numbers are rounded, which symbols there are."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.open_data.ees import SYMBOLS, number
from tests.support.open_data_release import (
    half_up,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        *[(0.15, 1, "0.2"), (2.25, 1, "2.3"), (-2.25, 1, "-2.3"), (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3")],
        *[(-0.04, 1, "0.0"), (1e15, 0, "1000000000000000"), (1e-9, 2, "0.00"), (100.0, 1, "100.0"), (8, 1, "8.0")],
    ],
)
def test_numbers_are_rounded_half_up_on_their_decimal_form(value: float, decimals: int, text: str):
    assert number(value, decimals) == text


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_percentage_is_rounded_as_its_fraction_is(share: tuple[int, int]):
    count, n = share
    assert Fraction(number(100.0 * count / n, 1)) == half_up(Fraction(100 * count, n))


def test_symbols_are_those_of_the_standard():
    assert set(SYMBOLS) == {"c", "z", "x", "low", "u"}
