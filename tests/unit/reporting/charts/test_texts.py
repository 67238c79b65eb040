"""Texts on charts: that they fit, that numbers are rounded half up, that an axis reaches its largest value."""

from __future__ import annotations

import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reporting.charts.texts import round_ticks, show, text_width, wrapped
from reporting.document.blocks import printable


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.integers(60, 300))
def test_wrapped_text_fits(text: str, width: int) -> None:
    lines = wrapped(text, width).split("\n")
    assert len(lines) <= 3
    assert all(text_width(line) <= width or len(line) <= 4 for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join("".join(lines).split()) == "".join(printable(text).split())


@settings(max_examples=300, deadline=None)
@example(5e-324, False)
@given(st.floats(0.001, 1e7), st.booleans())
def test_ticks_begin_at_zero_and_reach_the_largest(largest: float, whole: bool) -> None:
    ticks = round_ticks(largest, whole=whole)
    steps = [after - before for before, after in itertools.pairwise(ticks)]
    assert ticks[0] == 0
    assert largest <= ticks[-1] * (1 + 1e-6)
    assert 1 <= len(steps) <= 5
    assert max(steps) - min(steps) <= 1e-6 * max(steps)
    assert not whole or all(tick == int(tick) for tick in ticks)


def test_numbers_are_rounded_half_up() -> None:
    assert show(0.5) == "1 %"
    assert show(2.5) == "3 %"
    assert show(54.449) == "54 %"
    assert show(1234, "count") == "1,234"
    assert show(1.25, "per 10,000") == "1.3 per 10,000"
    assert show(6, "weeks") == "6 weeks"
    assert show(-0.4) == "0 %"
