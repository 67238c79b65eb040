"""Rounding: to a multiple within the base, the same again for the same count, another for another key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure.rounding import MOVED, NEAREST, Rounding, rounding_of

names = st.text(max_size=30)
counts = st.integers(0, 10**7)
thresholds = st.sampled_from([1, 5, 7, 10, 100, 1000])
attempts = st.integers(0, 30)


@given(names, counts, thresholds, attempts)
def test_a_printed_count_is_a_multiple_within_the_base(name: str, count: int, threshold: int, attempt: int) -> None:
    rounding = Rounding(threshold, b"k")
    printed = rounding.draw(name, count, attempt)
    assert printed % rounding.base == 0
    assert printed >= 0
    assert abs(printed - count) <= rounding.within == rounding.base - 1
    assert rounding.base >= 5
    assert rounding.base >= threshold
    if count % rounding.base == 0:
        assert printed == count
    assert printed == Rounding(threshold, b"k").draw(name, count, attempt)
    if attempt == NEAREST:
        assert 2 * abs(printed - count) <= rounding.base


@given(thresholds)
def test_figures_stand_over_five_times_the_base(threshold: int) -> None:
    assert Rounding(threshold, b"k").least_n == 5 * Rounding(threshold, b"k").base


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 1234])
def test_each_count_may_be_printed_as_either_multiple_beside_it(count: int) -> None:
    """This is why a printed 5k says 5k - 4 to 5k + 4: with any other rule a reader of the program would know more."""
    rounding = Rounding(5, b"k")
    printed = [rounding.draw(str(number), count) for number in range(4000)]
    below = count // 5 * 5
    assert set(printed) == {below, below + 5}
    nearest = rounding.draw("", count, NEAREST)
    share = sum(one != nearest for one in printed) / len(printed)
    assert 0.8 * MOVED < share < 1.2 * MOVED


def test_another_key_and_another_name_draw_otherwise() -> None:
    drawn = {
        (key, number): Rounding(5, key).draw(f"count {number}", 3) for key in (b"one", b"two") for number in range(300)
    }
    assert any(drawn[b"one", number] != drawn[b"two", number] for number in range(300))
    assert len({drawn[b"one", number] for number in range(300)}) == 2


def test_without_a_key_or_a_threshold_nothing_is_drawn() -> None:
    for threshold, key in ((0, b"k"), (-1, b"k"), (5, b"")):
        with pytest.raises(ValueError, match=r"\w"):
            Rounding(threshold, key)
    with pytest.raises(ValueError, match="is not set"):
        rounding_of([(5,)], None)
    assert rounding_of([(7,)], "k").threshold == 7
    # A warehouse without rows has no programme.
    assert rounding_of([], "k").threshold == 100
