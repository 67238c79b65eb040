"""The returns' figures: relations that are found in the numbers, and what goes with a small one."""

from __future__ import annotations

from disclosure.returns import Family, Value, families, protect_values


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
        if numerator in done.rule:
            found.setdefault(one.indicator_id, set()).add(one.period_label)
    return found


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
