"""A system of counts keeps what is true and refuses what cannot be."""

from __future__ import annotations

import pytest

from disclosure.system import System


def test_counts_that_cannot_be_are_refused() -> None:
    system = System()
    system.count("one", 1)
    for name, value in (("one", 7), ("less", -1)):
        with pytest.raises(ValueError, match=r"\w"):
            system.count(name, value)


def test_what_holds_is_kept_and_what_does_not_is_left_out() -> None:
    system = System()
    whole, one, two = system.count("whole", 3), system.count("one", 1), system.count("two", 2)
    system.relate_if_true({whole: 1, one: -1, two: -1})
    system.relate_if_true({whole: 1, one: -1})
    system.relate_if_true({whole: 0})
    system.bound_if_true({whole: 1, one: -1})
    system.bound_if_true({one: 1, whole: -1})
    system.bound_if_true({one: 1, whole: -1}, 2)
    system.part(whole, one)
    system.part(one, whole)
    system.part(one, one)
    assert system.equal == [{whole: 1, one: -1, two: -1}]
    assert system.at_least_zero == [({whole: 1, one: -1}, 0), ({one: 1, whole: -1}, 2)]
    assert system.parts == {(whole, one)}


def test_a_figure_is_an_n_or_counted_over_one_and_not_known_to_all() -> None:
    system = System()
    n, count, atom, known = (system.count(name, 3) for name in ("n", "count", "atom", "known"))
    system.show(count, n, "table")
    system.show(known, None, "table")
    system.is_known[known] = True
    assert [system.is_figure(one) for one in (n, count, atom, known)] == [True, True, False, False]
    assert system.is_base == [True, False, False, True]
    assert system.tables[count] == {"table"}
