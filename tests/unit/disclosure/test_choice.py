"""Which counts go so that others are wide enough."""

from __future__ import annotations

from disclosure.choice import Choice
from tests.support.small_tables import line


def test_what_costs_least_is_hidden() -> None:
    system, (_, few, small, large) = line(3, 10, 900)
    assert Choice(system).cheapest([few], {few: 3}, price=10) == [small]
    # Not at any price, and not what others need more.
    assert Choice(system).cheapest([few], {few: 3}, price=0.1) == []
    system.weight[small] = 20
    assert Choice(system).cheapest([few], {few: 3}, price=10) == [large]
    # Of 10 not more than 9 can be passed on, as it is not zero; 900 gives all.
    system.weight[small] = 1
    assert Choice(system).cheapest([few], {few: 12}, price=1000) == [small, large]
