"""Lines over years: an area beside others, or several things beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.charts.canvas import Canvas
from reporting.charts.drawing import Drawing, Item, has_values, nothing_drawn
from reporting.charts.frame import Axis, axis_for, spread, standing
from reporting.charts.look import DASHES, MUTED, SERIES, SHAPES, SMALL, series_color
from reporting.charts.texts import short_unit, show, text_width, widest, wrapped
from reporting.charts.words import change, extremes, hidden_sentence

_INSET = 18.0  # from the sides of the plot to the first and the last period, in pixels


@dataclass(frozen=True)
class Series:
    """One line: its name and one item per period, labelled as the period; all series with the same periods."""

    name: str
    items: tuple[Item, ...]

    @property
    def last(self) -> Item | None:
        """The latest item that is shown."""
        return next((item for item in reversed(self.items) if item.value is not None), None)


def lines(
    series: Sequence[Series],
    *,
    unit: str = "",
    title: str = "",
    subject: str = "",
) -> Drawing:
    """Lines over years, the first series with a band of its interval; each named at its end.

    A figure that is hidden or missing breaks its line, and its symbol stands at the foot of the plot.
    """
    what = subject or title or "the figures over years"
    items = [item for one in series for item in one.items]
    hidden = [f"{one.name} {item.label}" for one in series for item in one.items if item.status == "c"]
    if not has_values(items):
        return nothing_drawn(what, hidden)
    axis = axis_for(items, unit, title)
    names = [_name(one, unit) for one in series]
    canvas = standing(240, axis, right=widest(names, SMALL) + 26, top=34 if title else 12, bottom=34)
    at = _write_periods(canvas, [item.label for item in series[0].items])
    _draw_band(canvas, _stretches(series[0], at))
    ends = _draw_lines(canvas, series, at, axis)
    # A line of one period ends where that stands, any other at the inset.
    start = canvas.width - _INSET + 7 if len(at) > 1 else canvas.width / 2 + 7
    _write_names(canvas, spread(ends, names, canvas.height), names, start)
    told = [f"{one.name}: {told}." for one in series if (told := change(one.items, unit))]
    return Drawing(
        canvas.spec(), f"Lines of {what}. {' '.join(told) or extremes(items, unit)}{hidden_sentence(hidden)}"
    )


def _name(one: Series, unit: str) -> str:
    """What stands at the end of a line: its name and its last value."""
    last = one.last
    value = f" {show(last.value or 0.0, short_unit(unit))}" if last else ""
    return wrapped(f"{one.name}{value}", 165, SMALL)


def _write_periods(canvas: Canvas, periods: Sequence[str]) -> list[float]:
    """The periods below the plot, as many as have room, the last one in any case. Returns where each stands."""
    gap = (canvas.width - 2 * _INSET) / max(1, len(periods) - 1)
    at = [_INSET + gap * index if len(periods) > 1 else canvas.width / 2 for index in range(len(periods))]
    room = max(text_width(period, SMALL) for period in periods) + 12
    every = max(1, int(-(-room // gap))) if len(periods) > 1 else 1
    canvas.text(
        [
            (x, canvas.y_at(canvas.height + 16), period)
            for index, (x, period) in enumerate(zip(at, periods, strict=True))
            if (len(periods) - 1 - index) % every == 0
        ],
        align="center",
        color=MUTED,
        size=SMALL,
    )
    return at


def _stretches(one: Series, at: Sequence[float]) -> list[list[tuple[float, Item]]]:
    """The runs of items with a value, between those without."""
    found: list[list[tuple[float, Item]]] = [[]]
    for x, item in zip(at, one.items, strict=True):
        if item.value is None:
            found.append([])
        else:
            found[-1].append((x, item))
    return [stretch for stretch in found if stretch]


def _draw_band(canvas: Canvas, stretches: Sequence[Sequence[tuple[float, Item]]]) -> None:
    """The intervals of a line as a band, and as a bar where a period stands alone."""
    bands = [
        [
            {"x": x, "y": item.lower, "y2": item.upper, "part": part}
            for x, item in stretch
            if item.lower is not None and item.upper is not None
        ]
        for part, stretch in enumerate(stretches)
    ]
    for rows in bands:
        if len(rows) > 1:
            canvas.add({"type": "area", "color": SERIES[0], "opacity": 0.18}, rows, ("x", "y", "y2"))
    alone = [rows[0] for rows in bands if len(rows) == 1]
    canvas.add({"type": "rule", "color": SERIES[0], "strokeWidth": 6, "opacity": 0.3}, alone, ("x", "y", "y2"))


def _draw_lines(canvas: Canvas, series: Sequence[Series], at: Sequence[float], axis: Axis) -> list[tuple[float, int]]:
    """The lines from the last to the first, which lies on top. Returns how far down each ends, with its number."""
    ends: list[tuple[float, int]] = []
    feet: dict[float, int] = {}
    for number in range(len(series) - 1, -1, -1):
        one, color = series[number], series_color(number)
        line = {"type": "line", "color": color, "strokeWidth": 2.5 if number == 0 else 1.8}
        point = {"type": "point", "shape": SHAPES[number % len(SHAPES)], "filled": True, "color": color}
        point |= {"stroke": "white", "strokeWidth": 1, "size": 60 if number == 0 else 46, "opacity": 1}
        for stretch in _stretches(one, at):
            rows = [{"x": x, "y": item.value} for x, item in stretch]
            canvas.add({**line, "strokeDash": DASHES[number % len(DASHES)]}, rows)
            canvas.add(point, rows)
        gaps = []
        for x, item in zip(at, one.items, strict=True):
            if item.value is None:
                row = feet.get(x, 0)
                feet[x] = row + 1
                gaps.append((x, canvas.y_at(canvas.height - 9 - 14 * row), item.status or "x"))
        canvas.text(gaps, align="center", color=color, size=SMALL, bold=number == 0)
        if one.last is not None:
            ends.append((canvas.height * (1 - (one.last.value or 0.0) / axis.end), number))
    return ends


def _write_names(
    canvas: Canvas, placed: Sequence[tuple[float, float, int]], names: Sequence[str], start: float
) -> None:
    """Names right of the plot, each with a thin rule from where its line ends."""
    for y, pixels, number in placed:
        color = series_color(number)
        canvas.add(
            {"type": "rule", "color": color, "strokeWidth": 1, "opacity": 0.7},
            [{"x": start, "x2": canvas.width + 6, "y": canvas.y_at(pixels), "y2": canvas.y_at(y)}],
            ("x", "x2", "y", "y2"),
        )
        canvas.text([(canvas.width + 9, canvas.y_at(y), names[number])], color=color, size=SMALL, bold=number == 0)
