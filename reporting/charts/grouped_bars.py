"""Lying bars in groups: one figure over years, or at two points of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from reporting.charts.canvas import Canvas
from reporting.charts.drawing import Drawing, Item, has_values, nothing_drawn
from reporting.charts.frame import LABELS, axis_for, end_of, lying, whiskers
from reporting.charts.look import FILLED_BAR, MUTED, SIZE, SMALL, YEAR_SHADES
from reporting.charts.texts import lines_of, widest, wrapped
from reporting.charts.words import change, extremes, hidden_sentence, number_at_mark
from reporting.document.lettering import LINE

_STEP = 20  # from one bar to the next, in pixels
_TOLD = 6  # groups that the text alternative names


@dataclass(frozen=True)
class BarGroup:
    """Bars that stand together: a label and one item per year, all groups with the same years in the same order."""

    label: str
    items: tuple[Item, ...]


def grouped_bars(groups: Sequence[BarGroup], *, unit: str = "%", title: str = "", subject: str = "") -> Drawing:
    """Lying bars over years: per group one bar per year, each labelled with its year, the latest darkest and last."""
    what = subject or title or "the figures over years"
    items = [item for group in groups for item in group.items]
    hidden = [f"{group.label} {item.label}" for group in groups for item in group.items if item.status == "c"]
    if not has_values(items):
        return nothing_drawn(what, hidden)
    labels = [wrapped(group.label, LABELS - 30) for group in groups]
    years = widest((item.label for item in items), SMALL) + 10
    heights = [
        max(len(group.items) * _STEP, lines_of(label) * LINE) + 14 for group, label in zip(groups, labels, strict=True)
    ]
    tops = [end - height for end, height in zip(accumulate(heights), heights, strict=True)]
    canvas = lying(
        sum(heights),
        axis_for(items, unit, title),
        left=widest(labels) + 14 + years,
        right=widest(number_at_mark(item, unit) for item in items) + 14,
    )
    most = max(len(group.items) for group in groups)
    shades = YEAR_SHADES[-most:] if most <= len(YEAR_SHADES) else (YEAR_SHADES[0],) * (most - 3) + YEAR_SHADES
    placed = [
        (item, top + 7 + _STEP * (position + 0.5), shades[position])
        for group, top in zip(groups, tops, strict=True)
        for position, item in enumerate(group.items)
    ]
    _draw_bars(canvas, placed, shades)
    canvas.text(
        [
            (canvas.x_at(-8 - years), top + 7 + _STEP * len(group.items) / 2, label)
            for group, top, label in zip(groups, tops, labels, strict=True)
        ],
        align="right",
    )
    _write_numbers(canvas, placed, shades[most - 1], unit)
    return Drawing(canvas.spec(), f"Bars of {what}, by year.{_told(groups, items, unit)}{hidden_sentence(hidden)}")


def _draw_bars(canvas: Canvas, placed: Sequence[tuple[Item, float, str]], shades: Sequence[str]) -> None:
    """Bars with their intervals, and their years left of them; each item with the middle of its bar and its shade."""
    for shade in dict.fromkeys(shades):
        canvas.add(
            {**FILLED_BAR, "color": shade},
            [
                {"x": 0, "x2": item.value, "y": y - 7, "y2": y + 7}
                for item, y, its_shade in placed
                if its_shade == shade and item.value is not None
            ],
            ("x", "x2", "y", "y2"),
        )
    whiskers(canvas, [(item, y) for item, y, _ in placed], half=3)
    canvas.text([(canvas.x_at(-8), y, item.label) for item, y, _ in placed], align="right", color=MUTED, size=SMALL)


def _write_numbers(canvas: Canvas, placed: Sequence[tuple[Item, float, str]], latest: str, unit: str) -> None:
    """Numbers behind the bars, those of the latest year (by its shade) in bold; symbols where there is no bar."""
    for bold in (True, False):
        canvas.text(
            [
                (end, y, number_at_mark(item, unit))
                for item, y, shade in placed
                if (end := end_of(item)) is not None and (shade == latest) == bold
            ],
            dx=6,
            bold=bold,
            size=SIZE if bold else SMALL,
        )
    canvas.text([(0, y, number_at_mark(item, unit)) for item, y, _ in placed if item.value is None], dx=6, color=MUTED)


def _told(groups: Sequence[BarGroup], items: Sequence[Item], unit: str) -> str:
    changes = [f"{group.label.strip()}: {told}" for group in groups if (told := change(group.items, unit))]
    if not changes:
        return f" {extremes(items, unit)}"
    more = f" {len(changes) - _TOLD} more rows are in the table." if len(changes) > _TOLD else ""
    return f" {'. '.join(changes[:_TOLD])}.{more}"
