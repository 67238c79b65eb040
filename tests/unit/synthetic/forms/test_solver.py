"""Whole numbers that keep margins, averages and medians, or a sentence that names the question."""

from __future__ import annotations

import statistics

import numpy as np
import pytest

from synthetic.forms.solver import (
    InfeasibleTargetError,
    Margin,
    allocate_single,
    numbers_in_bands,
    numbers_with_median,
    percent_interval,
    tick_matrix,
    tick_matrix_with_row_sums,
)


def test_percent_interval_is_every_count_that_prints_so() -> None:
    for n in (1, 7, 62, 200, 1665):
        for percent in range(101):
            counts = [x for x in range(n + 1) if (200 * x + n) // (2 * n) == percent]
            if counts:
                assert percent_interval(percent, n) == (counts[0], counts[-1])
            else:
                with pytest.raises(InfeasibleTargetError):
                    percent_interval(percent, n)


def test_contradicting_margins_are_named_not_hidden() -> None:
    margins = [Margin(("all",), ("yes",), 7, 7), Margin(("all",), ("yes", "no"), 0, 5)]
    with pytest.raises(InfeasibleTargetError, match="some_question"):
        allocate_single("some_question", {"all": 10}, ["yes", "no", "missing"], margins, lambda _: {"yes": 1.0})


def test_ticks_keep_both_margins() -> None:
    rng = np.random.default_rng(1)
    ticks = tick_matrix(rng, 10, [9, 3, 2], "some_question")
    assert ticks.sum(axis=0).tolist() == [9, 3, 2]
    assert ticks.any(axis=1).all()
    sums = np.array([3, 1, 2, 1, 1])
    ticks = tick_matrix_with_row_sums(rng, sums, [5, 2, 1], "some_question")
    assert ticks.sum(axis=0).tolist() == [5, 2, 1]
    assert ticks.sum(axis=1).tolist() == sums.tolist()
    with pytest.raises(InfeasibleTargetError, match="some_question"):
        tick_matrix(rng, 10, [11], "some_question")


def test_numbers_reach_their_average() -> None:
    rng = np.random.default_rng(1)
    numbers = numbers_in_bands(rng, [(1, 11, 5), (12, 35, 20), (36, 71, 5)], (23.9, 24.1), "some_question", step=6)
    assert 23.9 <= statistics.fmean(numbers) <= 24.1
    assert sum(12 <= number <= 35 for number in numbers) == 20
    numbers = numbers_with_median(rng, [(1, 5, 40), (6, 10, 50), (11, 20, 10)], 6, "some_question")
    assert statistics.median(numbers) == 6
    assert sum(number <= 5 for number in numbers) == 40
    with pytest.raises(InfeasibleTargetError, match="some_question"):
        numbers_with_median(rng, [(1, 5, 90), (6, 10, 10)], 6, "some_question")
