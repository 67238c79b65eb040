"""The plots that kinds of charts share: an axis of values that lies or stands, room for the labels beside it.

Widths and heights are pixels. A plot and what stands left and right of it are as wide as a page together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from reporting.charts.canvas import Canvas
from reporting.charts.drawing import Item
from reporting.charts.look import INK, MUTED, SMALL
from reporting.charts.texts import lines_of, round_ticks, short_unit, show, widest
from reporting.document.lettering import LINE

# Width of a chart, margins included, and of its widest column of labels.
PAGE = 640
LABELS = 200


@dataclass(frozen=True)
class Axis:
    """Values from 0 to `end`: the numbers written along it, their unit and a title, which may be empty."""

    ticks: Sequence[float]
    end: float
    unit: str
    title: str


def axis_for(items: Sequence[Item], unit: str, title: str) -> Axis:
    """An axis that holds all values and intervals."""
    largest = largest_of(items)
    ticks = round_ticks(largest, whole=unit == "count")
    return Axis(ticks, max(ticks[-1], largest), unit, title)


def end_of(item: Item) -> float | None:
    """Where the mark of an item ends: at its value or the upper limit of its interval; None where it has no value."""
    return None if item.value is None else max(item.value, item.upper or 0.0)


def largest_of(items: Sequence[Item]) -> float:
    """The largest value or upper limit among the items; 0 where none has a value."""
    return max((end for item in items if (end := end_of(item)) is not None), default=0.0)


def rows_for(labels: Sequence[str]) -> tuple[float, list[float]]:
    """The height of rows with these labels, and the middle of each."""
    heights = [max(30, lines_of(label) * LINE + 10) for label in labels]
    return sum(heights), [end - height / 2 for end, height in zip(accumulate(heights), heights, strict=True)]


def lying(height: float, axis: Axis, *, left: float, right: float, top: float = 4) -> Canvas:
    """A plot whose values lie: they grow to the right, and their axis is below. Labels stand in `left` and `right`."""
    bottom = 44 if axis.title else 24
    canvas = Canvas(
        PAGE - left - right, height, left=left, right=right, top=top, bottom=bottom, x_domain=(0.0, axis.end)
    )
    canvas.value_axis_x(axis.ticks, axis.unit, axis.title)
    return canvas


def left_of(axis: Axis) -> float:
    """The room that the numbers of a standing axis need."""
    return max(34.0, widest((show(tick, short_unit(axis.unit)) for tick in axis.ticks), SMALL) + 14)


def standing(
    height: float,
    axis: Axis,
    *,
    right: float,
    top: float,
    bottom: float,
    x_domain: tuple[float, float] | None = None,
) -> Canvas:
    """A plot whose values stand: they grow upwards, their axis is at the left, its title above the plot."""
    left = left_of(axis)
    canvas = Canvas(
        PAGE - left - right,
        height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        x_domain=x_domain,
        y_domain=(0.0, axis.end),
    )
    canvas.value_axis_y(axis.ticks, axis.unit, axis.title)
    return canvas


def labels_left(canvas: Canvas, middles: Sequence[float], labels: Sequence[str]) -> None:
    """Labels of rows, left of the plot."""
    canvas.text([(canvas.x_at(-8), y, label) for y, label in zip(middles, labels, strict=True)], align="right")


def numbers_at_ends(
    canvas: Canvas, ends: Sequence[float | None], middles: Sequence[float], numbers: Sequence[str]
) -> None:
    """Numbers behind lying bars; where there is no bar, so that its end is None, a symbol where it would begin."""
    rows = list(zip(ends, middles, numbers, strict=True))
    canvas.text([(end, y, number) for end, y, number in rows if end is not None], dx=6, bold=True)
    canvas.text([(0.0, y, number) for end, y, number in rows if end is None], dx=6, color=MUTED)


def whiskers(canvas: Canvas, placed: Iterable[tuple[Item, float]], half: float = 4) -> None:
    """Lying intervals with ends, of the items that have one; each item with the middle of its row."""
    bounded = [
        (item.lower, item.upper, y)
        for item, y in placed
        if item.value is not None and item.lower is not None and item.upper is not None
    ]
    mark = {"type": "rule", "color": INK, "strokeWidth": 1.5}
    canvas.add(mark, [{"x": lower, "x2": upper, "y": y} for lower, upper, y in bounded], ("x", "x2", "y"))
    canvas.add(
        mark,
        [{"x": end, "y": y - half, "y2": y + half} for lower, upper, y in bounded for end in (lower, upper)],
        ("x", "y", "y2"),
    )


def spread(wanted: Sequence[tuple[float, int]], names: Sequence[str], height: float) -> list[tuple[float, float, int]]:
    """Where the names at the ends of lines stand: as near to their ends as they can without lying on each other.

    `wanted` are pixels from the top and the number of the name; returned are the new place, the wanted one, the number.
    """
    halves = [lines_of(name) * LINE / 2 for name in names]
    placed: list[tuple[float, float, int]] = []
    floor = -10.0
    for pixels, number in sorted(wanted):
        at = max(pixels, floor + halves[number])
        floor = at + halves[number]
        placed.append((at, pixels, number))
    ceiling = height + 20.0
    for index in range(len(placed) - 1, -1, -1):
        at, pixels, number = placed[index]
        at = min(at, ceiling - halves[number])
        ceiling = at - halves[number]
        placed[index] = (at, pixels, number)
    return placed
