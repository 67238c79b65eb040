"""Disclosure control on small tables: held against every table of whole numbers that fits what is shown."""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from disclosure import forms as insights
from disclosure.alternatives import spare
from disclosure.bounds import Audit, ranges
from disclosure.choice import Choice
from disclosure.forms import Table, build_year, protect_years, read_terms, same_everywhere, write_terms
from disclosure.protect import COMPLEMENTARY, PRIMARY, Protection, protect
from disclosure.returns import Family, Value, families, protect_values
from disclosure.system import System
from tests.support.paths import ROOT

ROWS, COLUMNS = 2, 3
# Every cell is at most 6, so tables that differ from the true one are among those of at most 8.
MOST, TRIED = 6, 8

three_by_three = st.lists(st.integers(0, 30), min_size=9, max_size=9)
tables = st.lists(st.integers(0, MOST), min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS)


def two_way(cells: list[int], rows: int = ROWS, columns: int = COLUMNS) -> tuple[System, dict[tuple[int, int], int]]:
    """A table with its margins; row or column -1 is the total."""
    system = System()
    grid = np.array(cells).reshape(rows, columns)
    places = {
        (row, column): system.count(
            (row, column),
            int(
                grid[
                    slice(None) if row < 0 else slice(row, row + 1),
                    slice(None) if column < 0 else slice(column, column + 1),
                ].sum()
            ),
            is_public=True,
        )
        for row in range(-1, rows)
        for column in range(-1, columns)
    }
    for row in range(-1, rows):
        system.relate({places[row, -1]: 1} | {places[row, column]: -1 for column in range(columns)})
    for column in range(-1, columns):
        system.relate({places[-1, column]: 1} | {places[row, column]: -1 for row in range(rows)})
    return system, places


def line(*parts: int) -> tuple[System, list[int]]:
    """A total and its parts, in this order."""
    system = System()
    counts = [system.count(place, value, is_public=True) for place, value in enumerate((sum(parts), *parts))]
    system.relate({counts[0]: 1} | dict.fromkeys(counts[1:], -1))
    return system, counts


def possible(system: System, places: dict[tuple[int, int], int], done: Protection) -> dict[int, set[int]]:
    """Every value that each hidden count has in some table that fits: what is shown is as shown, hidden is not zero."""
    inner = [(row, column) for row in range(ROWS) for column in range(COLUMNS)]
    tried = [range(1, TRIED + 1) if done.is_hidden(places[cell]) else (system.values[places[cell]],) for cell in inner]
    grids = np.array(list(product(*tried))).reshape(-1, ROWS, COLUMNS)
    found = {}
    fits = np.ones(len(grids), dtype=bool)
    for (row, column), count in places.items():
        values = grids
        values = values.sum(axis=1, keepdims=True) if row < 0 else values[:, [row], :]
        values = values.sum(axis=2, keepdims=True) if column < 0 else values[:, :, [column]]
        found[count] = values.reshape(-1)
        fits &= (found[count] >= 1) if done.is_hidden(count) else (found[count] == system.values[count])
    return {count: set(found[count][fits].tolist()) for count in places.values() if done.is_hidden(count)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables)
def test_no_hidden_count_follows_from_what_is_shown(cells: list[int]) -> None:
    system, places = two_way(cells)
    done = protect(system)
    for count, values in possible(system, places, done).items():
        assert system.values[count] in values
        assert len(values) > 1 or count in done.unavoidable
        found = done.ranges[count]
        assert count in done.unavoidable or found.lower < 1 or found.upper > done.threshold
        assert found.lower <= min(values)
        assert found.upper >= max(values)


@settings(max_examples=60, deadline=None)
@example([2, 0, 2, 40, 1, 3, 3, 3, 0])
@given(three_by_three)
def test_ranges_are_of_what_is_published_in_the_end(cells: list[int]) -> None:
    """While counts are tried, more is hidden than in the end, and more is possible."""
    system, _ = two_way(cells, 3, 3)
    done = protect(system)
    unknown = [done.is_hidden(count) for count in range(len(system.values))]
    assert done.ranges == ranges(system, unknown, done.rule)


def with_bounds(cells: list[int], random: Random) -> System:
    """A table of three by three of which also is known that some counts are not less than others."""
    system, places = two_way(cells, 3, 3)
    for _ in range(4):
        larger, smaller = sorted(random.sample(list(places.values()), 2), key=lambda count: -system.values[count])
        system.bound({larger: 1, smaller: -1})
    return system


def exposed(system: System, hidden: list[int]) -> set[int]:
    """Asked of an audit that knows nothing yet."""
    unknown = [count in hidden for count in range(len(system.values))]
    return Audit(system, 5).exposed(unknown, {count for count in hidden if system.values[count]})


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
    assert spare(system, 5, unknown, hidden, order) == set(hidden) - set(expected)


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


@settings(max_examples=60, deadline=None)
@given(tables, st.integers(1, 6))
def test_small_counts_are_hidden_and_zeros_shown(cells: list[int], threshold: int) -> None:
    system, _ = two_way(cells)
    done = protect(system, threshold)
    for count, value in enumerate(system.values):
        if value == 0:
            assert not done.is_hidden(count)
        if 1 <= value <= threshold:
            assert done.rule[count] == PRIMARY
    again = protect(two_way(cells)[0], threshold)
    assert (again.rule, again.ranges, again.unavoidable) == (done.rule, done.ranges, done.unavoidable)


def test_without_complementary_suppression_the_tables_give_small_counts_back() -> None:
    system, places = two_way([3, 40, 50, 60, 70, 80])
    done = protect(system, complementary=False)
    assert done.rule == {places[0, 0]: PRIMARY}
    assert possible(system, places, done)[places[0, 0]] == {3}
    assert done.ranges[places[0, 0]].lower == done.ranges[places[0, 0]].upper == 3


def test_a_line_with_one_hidden_count_loses_its_smallest_other() -> None:
    system, (_, few, some, _, _) = line(2, 20, 40, 0)
    assert protect(system).rule == {few: PRIMARY, some: COMPLEMENTARY}


def test_a_bound_that_pins_a_count_is_answered() -> None:
    """All who ticked something ticked one option: those who ticked nothing are n less that option."""
    system = System()
    n, option, missing = (
        system.count(name, value, is_public=True, weight=10 if name == "n" else 1)
        for name, value in (("n", 40), ("option", 37), ("missing", 3))
    )
    system.bound({n: 1, option: -1, missing: -1})
    system.bound({n: -1, option: 1, missing: 1})
    done = protect(system)
    assert done.rule[missing] == PRIMARY
    assert done.is_hidden(option)
    assert done.ranges[missing].upper > 5


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


def test_what_is_hidden_without_need_is_shown_again() -> None:
    system, (total, few, small, large) = line(3, 10, 900)
    everything = [few, small, large, total]
    unknown = [True] * 4
    assert spare(system, 5, unknown, everything, [total, large, small]) == {total, large}
    assert spare(system, 5, unknown, everything, [small, total, large]) == {small, total}
    assert spare(system, 5, unknown, everything, []) == set()


def test_counts_that_are_known_not_to_be_zero_are_wide_all_the_same() -> None:
    """Two hidden counts with a remainder of 3 would each be 1 or 2, which nobody but the two services may know."""
    system, (_, first, second, third) = line(1, 2, 30)
    done = protect(system)
    assert done.rule == {first: PRIMARY, second: PRIMARY, third: COMPLEMENTARY}
    assert done.ranges[first].upper > 5
    assert done.ranges[second].upper > 5


def test_what_cannot_be_protected_is_said() -> None:
    system = System()
    one, same = system.count("one", 2, is_public=True), system.count("known", 0, is_public=True)
    two = system.count("two", 2, is_public=True)
    system.relate({one: 1, two: -1})
    system.relate({one: 1, same: 1, two: -1})
    done = protect(system)
    assert done.unavoidable == set()
    pinned = System()
    known = pinned.count("known", 3, is_public=True)
    pinned.bound({known: 1}, -3)
    pinned.bound({known: -1}, 3)
    assert protect(pinned).unavoidable == {known}


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


FORMS = (("form", "intake", 0), 1)


def one_table(by_place: dict[str, tuple[int, int]]) -> System:
    """Yes and No of every form of several places: (yes, no) by place."""
    counts: dict[tuple[int, str, str, str, int], int] = {}
    for place, (yes, no) in by_place.items():
        counts |= {
            (2024, place, "form", "intake", 0): yes + no,
            (2024, place, "form", "intake", 101): yes,
            (2024, place, "form", "intake", 102): no,
        }
    cells = [Table(((("form", "intake", answer), 1),), (FORMS,)) for answer in (101, 102)]
    return build_year(2024, sorted(by_place), counts, cells, [], [], same_everywhere(counts, 5))


def test_only_a_year_with_something_to_hide_is_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    pools: list[int] = []

    class Here:
        """A pool that works in this process."""

        def __init__(self, workers: int, **_: object) -> None:
            pools.append(workers)

        def __enter__(self) -> Here:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        map = staticmethod(map)

    def counts(of_year: dict[int, int]) -> dict[tuple[int, str, str, str, int], int]:
        return {
            (year, place, "form", "intake", answer): value * (2 if place == "all_services" else 1)
            for year, yes in of_year.items()
            for place in ("all_services", "A", "B")
            for answer, value in ((0, 40), (101, yes), (102, 40 - yes))
        }

    def rules(of_year: dict[int, int]) -> dict[int, set[str | None]]:
        cells = [Table(((("form", "intake", answer), 1),), (FORMS,)) for answer in (101, 102)]
        places = ["A", "B", "all_services"]
        rows = protect_years(sorted(of_year), places, counts(of_year), cells, [], [], [])
        return {year: {row["rule"] for row in rows if row["period"] == year} for year in of_year}

    monkeypatch.setattr(insights, "ProcessPoolExecutor", Here)
    assert rules({2023: 20, 2024: 18}) == {2023: {None}, 2024: {None}}
    assert pools == []
    found = rules({2022: 3, 2023: 20, 2024: 18})
    assert pools == [1]
    assert PRIMARY in found[2022]
    assert found[2023] == found[2024] == {None}


def test_three_children_of_a_service_are_not_told_by_the_zero_beside_them() -> None:
    system = one_table({"all_services": (63, 40), "A": (3, 0), "B": (30, 18), "C": (30, 22)})
    done = protect(system)

    def count(place: str, answer: int) -> int:
        return system.index[(place, (((("form", "intake", answer)), 1),))]

    # No of A is a zero and hidden all the same; its n and its Yes are hidden, and so is enough of another service.
    assert {count("A", 101), count("A", 102), count("A", 0)} <= set(done.rule)
    for answer in (101, 0):
        assert any(done.is_hidden(count(place, answer)) for place in ("B", "C", "all_services"))
        found = done.ranges[count("A", answer)]
        assert found.lower < found.upper
    # The zero of a larger service is shown.
    shown = one_table({"all_services": (63, 0), "A": (33, 0), "B": (30, 0)})
    assert protect(shown).rule == {}


def test_the_order_of_counts_changes_nothing() -> None:
    """A warehouse gives rows in any order, and the same inputs have to make the same release."""
    counts = {
        (2024, "A", "form", "intake", answer): count
        for answer, count in ((0, 40), (101, 30), (102, 10), (201, 30), (202, 10), (301, 40))
    }
    backwards = dict(reversed(counts.items()))
    assert same_everywhere(counts, 5) == same_everywhere(backwards, 5)
    assert len(same_everywhere(counts, 5)) == 3


def test_sums_are_written_and_read_alike() -> None:
    text = "form/intake/101*1+form/intake/102*-1"
    assert write_terms(read_terms(text)) == text
    assert read_terms("") == ()


def value(indicator: str, label: str, numerator: int, denominator: int | None = None, **more: object) -> Value:
    breakdown = str(more.pop("breakdown", "total"))
    return Value(
        key=(indicator, label, breakdown, str(more.pop("item", ""))),
        area="9",
        indicator_id=indicator,
        period=int(label[:2]) + 2001 if label[0].isdigit() else 2016,
        period_label=label,
        breakdown=breakdown,
        numerator=numerator,
        denominator=denominator,
        **more,  # type: ignore[arg-type]
    )


def hidden(values: list[Value], kin: list[Family] | None = None) -> dict[str, set[str]]:
    """Periods whose numerator is hidden, by indicator."""
    done, counts = protect_values(values, kin=kin or [])
    found: dict[str, set[str]] = {}
    for one in values:
        numerator = counts[one.key][0]
        assert numerator is not None
        if done.is_hidden(numerator):
            found.setdefault(one.indicator_id, set()).add(one.period_label)
    return found


def test_categories_that_are_indicators_of_their_own_add_up() -> None:
    kin = families(
        [
            ("all", "plans", "events", "within", "start", None, "", "total"),
            ("a", "plans", "events", "within", "start", None, "category = 'A'", "total"),
            ("b", "plans", "events", "within", "start", None, "category = 'B'", "total"),
            ("c", "plans", "events", "within", "start", None, "is_second", "total"),
            ("d", "plans", "members", "within", "start", None, "category = 'D'", "total"),
        ]
    )
    assert kin == [Family("all", ("a", "b"))]
    figures = [
        value("all", "13-14", 105, measures=("all", None)),
        value("a", "13-14", 100, measures=("a", None)),
        value("b", "13-14", 5, measures=("b", None)),
    ]
    assert hidden(figures, kin) == {"b": {"13-14"}, "a": {"13-14"}}
    # Without the families only the small one would be hidden, and 105 less 100 would give it back.
    assert hidden(figures) == {"b": {"13-14"}}


def test_a_longer_period_gives_no_year_back() -> None:
    years = [value("x", label, count) for label, count in (("12-13", 20), ("13-14", 3), ("14-15", 30))]
    summary = value("x", "12/13-14/15", 53, breakdown="summary")
    window = value("x", "three years", 41, breakdown="total", item="distinct children")
    found = hidden([*years, summary, window])["x"]
    assert "13-14" in found
    assert len(found) > 1


def test_few_who_are_left_out_are_a_small_count() -> None:
    assert hidden([value("x", "13-14", 170, 173, is_percentage=True)]) == {"x": {"13-14"}}
    assert hidden([value("x", "13-14", 160, 173, is_percentage=True)]) == {}


def test_the_solver_says_nothing_on_the_screen() -> None:
    # In a process of its own: the solver writes through the C library, which keeps it until the process ends.
    program = """
from disclosure.protect import protect
from disclosure.system import System
system = System()
sizes = {"all": 40, "a": 3, "b": 17, "c": 20}
total, *parts = [system.count(name, size, is_public=True) for name, size in sizes.items()]
system.relate({total: 1} | {part: -1 for part in parts})
assert protect(system).ranges
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout + done.stderr == ""
