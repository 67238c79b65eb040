"""The audit, asked again and again while more is hidden, says what a new one would say."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.bounds import Audit
from tests.support.small_tables import exposed, three_by_three, with_bounds


@settings(max_examples=60, deadline=None)
@given(three_by_three, st.randoms(use_true_random=False))
def test_what_an_audit_remembers_changes_nothing(cells: list[int], random: Random) -> None:
    system = with_bounds(cells, random)
    hidden = [count for count, value in enumerate(system.values) if 1 <= value <= 5]
    others = [count for count, value in enumerate(system.values) if value > 5]
    random.shuffle(others)
    audit = Audit(system, 5)
    while True:
        unknown = [count in hidden for count in range(len(system.values))]
        wanted = {count for count in hidden if system.values[count]}
        assert audit.exposed(unknown, wanted) == exposed(system, hidden)
        if not others:
            break
        hidden.append(others.pop())
