"""A system of counts takes what is true and refuses what is not."""

from __future__ import annotations

import pytest

from disclosure.protect import protect
from disclosure.system import System, wide_by


def test_relations_and_counts_that_are_not_true_are_refused() -> None:
    system = System()
    one, two = system.count("one", 1), system.count("two", 2)
    for wrong in (
        lambda: system.relate({one: 1, two: -1}),
        lambda: system.bound({one: 1, two: -1}),
        lambda: system.veil(one),
        lambda: system.count("one", 7),
        lambda: system.count("less", -1),
        lambda: protect(system, 0),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            wrong()


def test_what_holds_is_kept_and_what_does_not_is_left_out() -> None:
    system = System()
    whole, one, two = system.count("whole", 3), system.count("one", 1), system.count("two", 2)
    system.relate_if_true({whole: 1, one: -1, two: -1})
    system.relate_if_true({whole: 1, one: -1})
    system.bound_if_true({whole: 1, one: -1})
    system.bound_if_true({one: 1, whole: -1})
    assert system.equal == [{whole: 1, one: -1, two: -1}]
    assert system.at_least_zero == [({whole: 1, one: -1}, 0)]


def test_a_small_count_is_wide_above_the_threshold_and_a_large_one_beside_itself() -> None:
    assert [wide_by(value, threshold=5) for value in (1, 5, 6, 900)] == [5, 1, 1, 1]
