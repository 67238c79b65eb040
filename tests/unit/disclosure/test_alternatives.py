"""What was hidden without need is shown again, and nothing else."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.alternatives import may_be_shown
from tests.support.small_tables import exposed, line, three_by_three, with_bounds


@settings(max_examples=60, deadline=None)
@given(three_by_three, st.randoms(use_true_random=False))
def test_what_is_shown_again_is_what_exposes_nothing(cells: list[int], random: Random) -> None:
    """The alternatives that are kept give what trying everything anew gives, whatever the order."""
    system = with_bounds(cells, random)
    hidden = [count for count, value in enumerate(system.values) if value]
    order = [count for count in hidden if system.values[count] > 5]
    random.shuffle(order)
    nothing_to_do = exposed(system, hidden)
    expected = list(hidden)
    for count in order:
        without = [other for other in expected if other != count]
        if exposed(system, without) <= nothing_to_do:
            expected = without
    unknown = [count in hidden for count in range(len(system.values))]
    assert may_be_shown(system, 5, unknown, hidden, order) == set(hidden) - set(expected)


def test_what_is_hidden_without_need_is_shown_again() -> None:
    system, (total, few, small, large) = line(3, 10, 900)
    everything = [few, small, large, total]
    unknown = [True] * 4
    assert may_be_shown(system, 5, unknown, everything, [total, large, small]) == {total, large}
    assert may_be_shown(system, 5, unknown, everything, [small, total, large]) == {small, total}
    assert may_be_shown(system, 5, unknown, everything, []) == set()
