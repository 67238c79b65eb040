"""Whatever the marts hold can be drawn and said: drawings of figures that hypothesis makes up."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.charts.bars import bars
from reporting.charts.curves import Curve, curves
from reporting.charts.drawing import Drawing, Item
from reporting.charts.flow import Ribbon, flow
from reporting.charts.grouped_bars import BarGroup, grouped_bars
from reporting.charts.histogram import histogram
from reporting.charts.lines import Series, lines
from reporting.charts.steps import steps
from reporting.charts.upset import Combination, upset
from tests.support.drawings import (
    assert_texts_inside,
    drawn,
)

LABEL = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda text: "none" not in text.lower() and "nan" not in text.lower()
)


@st.composite
def items(draw: st.DrawFn, *, whole: bool = False) -> Item:
    """A figure: shown with or without an interval, zero, huge, or not shown at all."""
    label = draw(LABEL)
    if draw(st.integers(0, 3)) == 0:
        return Item(
            label, None, n=draw(st.none() | st.integers(0, 10**6)), status=draw(st.sampled_from(["c", "z", "x"]))
        )
    value = float(draw(st.integers(0, 10**6))) if whole else draw(st.floats(0, 1e6))
    if draw(st.booleans()):
        return Item(label, value, n=draw(st.none() | st.integers(0, 10**6)))
    return Item(label, value, value * draw(st.floats(0, 1)), value * draw(st.floats(1, 3)), draw(st.integers(0, 10**6)))


def years_of(draw: st.DrawFn, periods: int) -> tuple[Item, ...]:
    return tuple(dataclasses.replace(draw(items()), label=f"20{10 + index}") for index in range(periods))


@st.composite
def drawings(draw: st.DrawFn) -> tuple[Drawing, bool]:
    """A drawing of one kind, and whether anything in it has a number."""
    kind = draw(st.sampled_from(["bars", "grouped", "lines", "histogram", "flow", "upset", "steps", "curves"]))
    rows = draw(st.lists(items(whole=kind in ("histogram", "steps")), max_size=9))
    shown = any(item.value is not None for item in rows)
    if kind == "bars":
        return bars(rows), shown
    if kind == "histogram":
        return histogram(rows), shown
    if kind == "steps":
        return steps(rows, shares=[draw(LABEL) for _ in rows[1:]]), shown
    if kind in ("grouped", "lines"):
        periods = draw(st.integers(1, 15 if kind == "lines" else 4))
        many = [years_of(draw, periods) for _ in range(draw(st.integers(1, 5)))]
        shown = any(item.value is not None for one in many for item in one)
        if kind == "lines":
            return lines([Series(draw(LABEL), one) for one in many], unit="per 10,000"), shown
        return grouped_bars([BarGroup(draw(LABEL), one) for one in many]), shown
    names = draw(st.lists(LABEL, min_size=1, max_size=5, unique=True))
    counts = st.none() | st.integers(0, 10**5)
    if kind == "flow":
        flows = [
            Ribbon(one, other, count, "c" if count is None else "")
            for one in names
            for other in names
            if (count := draw(counts)) != 3
        ]
        return flow(flows, source="Intake", target="Exit"), any(one.count for one in flows)
    if kind == "upset":
        combinations = [
            Combination(members, count, "c" if count is None else "")
            for size in range(len(names) + 1)
            for members in itertools.combinations(names, size)
            if (count := draw(counts)) != 3
        ]
        first = sorted(
            (one for one in combinations if one.count or one.count is None), key=lambda one: one.count is None
        )
        return upset(names, combinations), any(one.count for one in first)
    made = [
        Curve(
            name, tuple((float(time), draw(st.floats(0, 100)), None, None) for time in range(draw(st.integers(0, 5))))
        )
        for name in names
    ]
    return curves(made), any(len(one.points) > 1 for one in made)


@settings(max_examples=150, deadline=None)
@given(drawings())
def test_whatever_the_marts_hold_can_be_drawn_and_said(made: tuple[Drawing, bool]) -> None:
    drawing, shown = made
    assert (drawing.spec is not None) == shown
    assert drawing.alt.strip()
    assert "None" not in drawing.alt
    assert "nan" not in drawing.alt.lower().split()
    if drawing.spec is None:
        return
    root = drawn(drawing)
    assert not re.search(r"\b(NaN|Infinity|undefined|null)\b", " ".join(str(one.attrib) for one in root.iter()))
    json.dumps(drawing.spec, allow_nan=False)
    assert_texts_inside(root, drawing.alt)
