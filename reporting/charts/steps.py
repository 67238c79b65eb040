"""Bars below each other that grow fewer: the steps of a process, and who goes on from one to the next."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from reporting.charts.canvas import Canvas
from reporting.charts.drawing import Drawing, Item, has_values, hidden_labels, nothing_drawn
from reporting.charts.frame import LABELS, PAGE, labels_left, largest_of, numbers_at_ends
from reporting.charts.look import BAR, FILLED_BAR, INK, SMALL
from reporting.charts.texts import widest, wrapped
from reporting.charts.words import hidden_sentence, number_at_mark

_STEP, _BAR = 62.0, 30.0  # from one bar to the next, and the height of a bar, in pixels


def steps(items: Sequence[Item], *, shares: Sequence[str] = (), subject: str = "") -> Drawing:
    """Steps of a process (referral, enquiry, conference, plan): a bar each, and between them who went on.

    `shares` has one text fewer than `items`, written between the bars: `38 % within 15 working days`.
    """
    what = subject or "the steps"
    hidden = hidden_labels(items)
    if not has_values(items):
        return nothing_drawn(what, hidden)
    labels = [wrapped(item.label, LABELS) for item in items]
    numbers = [number_at_mark(item, "count") for item in items]
    left, right = widest(labels) + 14, widest(numbers) + 14
    canvas = Canvas(
        PAGE - left - right,
        _STEP * len(items) - (_STEP - _BAR) + 8,
        left=left,
        right=right,
        top=4,
        bottom=4,
        x_domain=(0.0, largest_of(items) or 1.0),
    )
    tops = [4 + _STEP * index for index in range(len(items))]
    middles = [top + _BAR / 2 for top in tops]
    _draw_steps(canvas, list(zip(items, tops, strict=True)))
    labels_left(canvas, middles, labels)
    numbers_at_ends(canvas, [item.value for item in items], middles, numbers)
    canvas.text(
        [(0, top + (_BAR + _STEP) / 2, f"↓ {share}") for top, share in zip(tops, shares, strict=False) if share],
        dx=8,
        size=SMALL,
        color=INK,
    )
    told = "; ".join(f"{item.label} {number}" for item, number in zip(items, numbers, strict=True))
    between = f" Between them: {'; '.join(share for share in shares if share)}." if any(shares) else ""
    return Drawing(canvas.spec(), f"Steps of {what}: {told}.{between}{hidden_sentence(hidden)}")


def _draw_steps(canvas: Canvas, placed: Sequence[tuple[Item, float]]) -> None:
    """The bars, and between two that are shown a funnel from one to the next."""
    for (upper, top), (lower, _) in itertools.pairwise(placed):
        if upper.value is None or lower.value is None:
            continue
        canvas.add(
            {"type": "area", "color": BAR, "opacity": 0.16, "orient": "horizontal"},
            [{"x": 0, "x2": upper.value, "y": top + _BAR}, {"x": 0, "x2": lower.value, "y": top + _STEP}],
            ("x", "x2", "y"),
        )
    canvas.add(
        FILLED_BAR,
        [{"x": 0, "x2": item.value, "y": top, "y2": top + _BAR} for item, top in placed if item.value is not None],
        ("x", "x2", "y", "y2"),
    )
