"""Step curves with bands: how many came to an end by when (Kaplan-Meier)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.charts.canvas import Canvas
from reporting.charts.drawing import Drawing, nothing_drawn
from reporting.charts.frame import Axis, spread, standing
from reporting.charts.look import DASHES, MUTED, SMALL, series_color
from reporting.charts.texts import round_ticks, show, widest, wrapped


@dataclass(frozen=True)
class Curve:
    """A step curve: points (time, percent, lower, upper) in order of time."""

    name: str
    points: tuple[tuple[float, float, float | None, float | None], ...]

    @property
    def last(self) -> float:
        """The share at its last point."""
        return self.points[-1][1]


def curves(
    given: Sequence[Curve],
    *,
    title: str = "",
    axis: str = "",
    subject: str = "",
) -> Drawing:
    """Step curves with bands: the value holds until the next time. Values in %; `axis` names the time."""
    what = subject or title or "the curves"
    series = [one for one in given if len(one.points) > 1]
    if not series:
        return nothing_drawn(what, (), if_empty="too few children to draw a curve.")
    values = [value for one in series for _, *rest in one.points for value in rest if value is not None]
    ticks = round_ticks(max(values))
    names = [wrapped(f"{one.name} {show(one.last)}", 165, SMALL) for one in series]
    last_time = max(time for one in series for time, *_ in one.points)
    canvas = standing(
        240,
        Axis(ticks, max(ticks[-1], *values), "%", title),
        right=widest(names, SMALL) + 26,
        top=34 if title else 12,
        bottom=48 if axis else 30,
        x_domain=(0.0, last_time or 1.0),
    )
    _write_times(canvas, [time for time in round_ticks(last_time, 8) if time <= last_time], axis)
    ends = _draw_curves(canvas, series, max(ticks[-1], *values))
    for at, _, number in spread(ends, names, canvas.height):
        canvas.text(
            [(canvas.x_at(canvas.width + 9), canvas.y_at(at), names[number])],
            color=series_color(number),
            size=SMALL,
            bold=number == 0,
        )
    told = " ".join(f"{one.name}: {show(one.last)} at {show(one.points[-1][0], '')}." for one in series)
    over = f" over {axis}" if axis else ""
    return Drawing(canvas.spec(), f"Step curves of {what}{over}, with 95 % bands. {told}")


def _write_times(canvas: Canvas, times: Sequence[float], axis: str) -> None:
    canvas.text(
        [(time, canvas.y_at(canvas.height + 14), show(time, "")) for time in times],
        align="center",
        color=MUTED,
        size=SMALL,
    )
    if axis:
        y = canvas.y_at(canvas.height + 36)
        canvas.text([(canvas.x_at(canvas.width / 2), y, axis)], align="center", color=MUTED, size=SMALL)


def _draw_curves(canvas: Canvas, series: Sequence[Curve], top: float) -> list[tuple[float, int]]:
    """The curves with their bands; `top` is the value at the upper edge. Returns how far down each ends, by number."""
    ends: list[tuple[float, int]] = []
    for number, one in enumerate(series):
        color = series_color(number)
        band = [
            {"x": x, "y": low, "y2": high} for x, _, low, high in one.points if low is not None and high is not None
        ]
        if len(band) > 1:
            canvas.add(
                {"type": "area", "color": color, "opacity": 0.15, "interpolate": "step-after"}, band, ("x", "y", "y2")
            )
        line = {"type": "line", "color": color, "strokeWidth": 2.2, "interpolate": "step-after"}
        canvas.add(
            {**line, "strokeDash": DASHES[number % len(DASHES)]},
            [{"x": x, "y": y} for x, y, *_ in one.points],
        )
        ends.append((canvas.height * (1 - one.last / top), number))
    return ends
