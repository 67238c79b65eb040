"""Standing bars for bands that have an order: ages, lengths of a case."""

from __future__ import annotations

from collections.abc import Sequence

from reporting.charts.canvas import Canvas
from reporting.charts.drawing import Drawing, Item, has_values, hidden_labels, nothing_drawn
from reporting.charts.frame import PAGE, axis_for, end_of, left_of, standing
from reporting.charts.look import FILLED_BAR, INK, MUTED, SIZE, SMALL
from reporting.charts.texts import lines_of, wrapped
from reporting.charts.words import extremes, hidden_sentence, number_at_mark
from reporting.document.lettering import LINE

_RIGHT = 8


def histogram(
    items: Sequence[Item], *, unit: str = "count", title: str = "", subject: str = "", axis: str = ""
) -> Drawing:
    """Standing bars, one per band in its order; `axis` names what the bands are bands of, `title` the values."""
    what = subject or title or "the bands"
    hidden = hidden_labels(items)
    if not has_values(items):
        return nothing_drawn(what, hidden)
    values = axis_for(items, unit, title)
    step = (PAGE - left_of(values) - _RIGHT) / len(items)
    labels = [wrapped(item.label, max(step - 6, 24), SMALL) for item in items]
    bottom = 8 + max(map(lines_of, labels)) * LINE + (20 if axis else 4)
    canvas = standing(220, values, right=_RIGHT, top=40 if title else 22, bottom=bottom)
    placed = [(item, step * (index + 0.5)) for index, item in enumerate(items)]
    _draw_bars(canvas, placed, step)
    canvas.text(
        [(x, end, number_at_mark(item, unit)) for item, x in placed if (end := end_of(item)) is not None],
        align="center",
        bold=True,
        size=SIZE if step > 34 else SMALL,
        dy=-10,
    )
    canvas.text(
        [(x, 0, item.status or "x") for item, x in placed if item.value is None], align="center", color=MUTED, dy=-10
    )
    canvas.text(
        [
            (x, canvas.y_at(canvas.height + 6 + lines_of(label) * LINE / 2), label)
            for (_, x), label in zip(placed, labels, strict=True)
        ],
        align="center",
        size=SMALL,
    )
    if axis:
        y = canvas.y_at(canvas.height + bottom - 10)
        canvas.text([(canvas.width / 2, y, axis)], align="center", color=MUTED, size=SMALL)
    return Drawing(canvas.spec(), f"Standing bars of {what}. {extremes(items, unit)}{hidden_sentence(hidden)}")


def _draw_bars(canvas: Canvas, placed: Sequence[tuple[Item, float]], step: float) -> None:
    """Bars with their intervals; each item with the middle of its band."""
    thick = min(64.0, step * 0.78)
    canvas.add(
        FILLED_BAR,
        [
            {"x": x - thick / 2, "x2": x + thick / 2, "y": 0, "y2": item.value}
            for item, x in placed
            if item.value is not None
        ],
        ("x", "x2", "y", "y2"),
    )
    bounded = [
        (x, item.lower, item.upper)
        for item, x in placed
        if item.value is not None and item.lower is not None and item.upper is not None
    ]
    mark = {"type": "rule", "color": INK, "strokeWidth": 1.5}
    canvas.add(mark, [{"x": x, "y": lower, "y2": upper} for x, lower, upper in bounded], ("x", "y", "y2"))
    canvas.add(
        mark,
        [{"x": x - 4, "x2": x + 4, "y": end} for x, *ends in bounded for end in ends],
        ("x", "x2", "y"),
    )
