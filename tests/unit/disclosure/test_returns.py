"""The returns' counts: one number under one name, and what readers know of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from disclosure.returns import Count, Family, Line, PrintedBefore, Window, families, settle_areas
from disclosure.rounding import Rounding

ROUNDING = Rounding(5, b"k")
YEARS = [Window("9", "census", f"year_{y}", True, y, date(y - 1, 4, 1), date(y, 3, 31)) for y in (2013, 2014, 2015)]
ALL_YEARS = Window("9", "census", "all", False, 2015, date(2012, 4, 1), date(2015, 3, 31))


def count(measure: str, window: str, number: int, breakdown: str = "total", value: str = "total") -> Count:
    return Count("9", measure, breakdown, value, "census", window, number)


def line(above: Count, below: Count | None = None, statistic: str = "count", period: int = 2015) -> Line:
    return Line("9", above.measure, statistic, above.name, below.name if below else None, period)


def settle(
    lines: list[Line],
    counts: list[Count],
    kin: list[Family] | None = None,
    before: Mapping[tuple[str, str], PrintedBefore] | None = None,
) -> dict[str, dict[str, object]]:
    rows = settle_areas(lines, counts, [*YEARS, ALL_YEARS], kin or [], ROUNDING, before or {})
    assert not any(row["is_told"] for row in rows)
    return {str(row["count_name"]): row for row in rows}


def test_categories_that_are_indicators_of_their_own_add_up() -> None:
    kin = families(
        [
            ("all", "plans", "events", "within", "start", None, "", "", "total"),
            ("a", "plans", "events", "within", "start", None, "is_a", "category", "total"),
            ("b", "plans", "events", "within", "start", None, "is_b", "category", "total"),
            ("c", "plans", "events", "within", "start", None, "is_second", "", "total"),
            ("d", "plans", "members", "within", "start", None, "is_d", "category", "total"),
        ]
    )
    assert kin == [Family("all", ("a", "b"))]


def test_one_count_is_drawn_once_wherever_it_stands() -> None:
    plans = count("plans", "year_2015", 103)
    a = count("a", "year_2015", 41)
    days = count("days", "year_2015", 365)
    found = settle(
        [line(plans), line(a, plans, "percentage"), line(plans, days, "rate")],
        [plans, a, days],
        [Family("plans", ("a",))],
    )
    assert set(found) == {plans.name, a.name, days.name}
    assert found[plans.name]["printed"] in (100, 105)
    # Nobody is counted by days: they are as they are.
    assert (found[days.name]["printed"], found[days.name]["is_known"]) == (365, True)


def test_what_is_over_a_small_n_is_not_printed_and_the_n_is() -> None:
    plans, a = count("plans", "year_2015", 12), count("a", "year_2015", 4)
    found = settle([line(a, plans, "percentage")], [plans, a])
    assert found[a.name]["printed"] is None
    assert found[plans.name]["printed"] in (10, 15)
    # By itself, or over what everybody knows, a count is printed.
    days = count("days", "year_2015", 10)
    assert settle([line(a, days, "rate")], [a, days])[a.name]["printed"] in (0, 5)


def test_every_year_of_a_small_count_and_their_sum() -> None:
    years = [count("x", f"year_{year}", number) for year, number in ((2013, 2), (2014, 1), (2015, 1))]
    together = count("x_each_year", "all", 4)
    for key in range(40):
        rows = settle_areas(
            [line(one) for one in [*years, together]],
            [*years, together],
            [*YEARS, ALL_YEARS],
            [],
            Rounding(5, bytes([key + 1])),
        )
        assert not any(row["is_told"] for row in rows), key
        printed = {row["count_name"]: row["printed"] for row in rows}
        # Not one 5 among four that are together printed as nothing: each would be known to be 1 to 4.
        if printed[together.name] == 0:
            assert set(printed.values()) == {0}


def test_what_was_printed_before_stays_whatever_is_corrected() -> None:
    first = count("x", "year_2013", 31)
    before = {("9", first.name): PrintedBefore(25, 28, 2013, 5)}
    found = settle([line(first, period=2013)], [first], before=before)
    assert (found[first.name]["printed"], found[first.name]["count"]) == (25, 28)


def test_a_window_that_goes_on_is_another_count_and_what_was_printed_of_it_is_still_known() -> None:
    """Three years of 100, 100 and 1. Of the first two, and of both together, 100, 100 and 205 have been printed."""
    until, now = (f"all@2012-04-01..{year}-03-31" for year in (2014, 2015))
    every = Window("9", "census", now, False, 2015, date(2012, 4, 1), date(2015, 3, 31))
    years = [count("x", window.name, number) for window, number in zip(YEARS, (100, 100, 1), strict=True)]
    whole = count("x", now, 201)
    lines = [line(years[0], period=2013), line(years[1], period=2014), line(years[2]), line(whole)]
    # Early editions of the register do not say the days of such a window, but the year in which it ends.
    for name in (until, "all"):
        before = {
            ("9", years[0].name): PrintedBefore(100, 100, 2013, 5),
            ("9", years[1].name): PrintedBefore(100, 100, 2014, 5),
            ("9", count("x", name, 0).name): PrintedBefore(200, 200, 2014, 5),
        }
        rows = settle_areas(lines, [*years, whole], [*YEARS, every], [], ROUNDING, before)
        found = {str(row["count_name"]): row for row in rows}
        assert set(found) == {one.name for one in (*years, whole)}
        assert (found[whole.name]["count"], found[whole.name]["printed"]) in ((201, 200), (201, 205))
        assert not any(row["is_told"] for row in rows)


def test_what_was_printed_of_a_window_that_went_on_limits_what_may_be_printed_now() -> None:
    """Of one year 5 was printed, of it and the next 10; the next alone must not make them 1 to 4."""
    first, second = count("x", "year_2013", 2), count("x", "year_2014", 3)
    together = count("x", "all@2012-04-01..2014-03-31", 5)
    before = {("9", one.name): PrintedBefore(5, one.number, 2014, 5) for one in (first, together)}
    windows = [*YEARS, Window("9", "census", "year_2014", True, 2014, date(2013, 4, 1), date(2014, 3, 31))]
    rows = settle_areas([line(second, period=2014)], [second], windows, [], ROUNDING, before)
    # 5 and 5 of which the sum is 5: 1 to 8 each, so a second year of 5 tells nothing, and of 0 neither.
    assert [(row["count_name"], row["is_told"]) for row in rows] == [(second.name, False)]


def test_parts_that_a_breakdown_leaves_are_a_count_too() -> None:
    plans = count("plans", "year_2015", 40)
    boys, girls = (count("plans", "year_2015", n, "sex", sex) for sex, n in (("boys", 38), ("girls", 2)))
    found = settle([line(boys, plans, "percentage"), line(girls, plans, "percentage")], [plans, boys, girls])
    for one in (plans, boys, girls):
        printed = found[one.name]["printed"]
        assert isinstance(printed, int)
        assert abs(printed - one.number) <= 4
