"""Ribbons from answers at one point of a case to answers at another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.charts.canvas import Canvas
from reporting.charts.drawing import Drawing, nothing_drawn
from reporting.charts.frame import PAGE
from reporting.charts.look import INK, SMALL, series_color
from reporting.charts.texts import lines_of, widest, wrapped
from reporting.charts.words import hidden_sentence
from reporting.document.lettering import LINE

_BAR, _SPACING = 12.0, 18.0  # width of the bars at both ends, and what lies between two of them, in pixels
_PARTS = 16  # of which a ribbon is bent


@dataclass(frozen=True)
class Ribbon:
    """How many went from one answer to another; `count` None is hidden or not known, by `status`."""

    source: str
    target: str
    count: int | None
    status: str = ""


class _Side:
    """The answers at one end of the ribbons, in order: how many each has, and its label with that number.

    An answer with a part that is not known has no number: the sum of the rest would pass for it.
    """

    def __init__(self, ends: Sequence[tuple[str, int | None]]) -> None:
        self.counts: dict[str, int] = {}
        for name, count in ends:
            self.counts[name] = self.counts.get(name, 0) + (count or 0)
        unknown = {name for name, count in ends if count is None}
        self.labels = {
            name: f"{wrapped(name, 150)}\n{'c' if name in unknown else f'{count:,}'}"
            for name, count in self.counts.items()
        }
        self.room = widest(self.labels.values()) + 14

    def tops(self, scale: float) -> tuple[dict[str, float], float]:
        """Where the bar of each answer begins, and how far down the last one reaches, at so many pixels for each."""
        at: dict[str, float] = {}
        y = 0.0
        for name, count in self.counts.items():
            # Room for the lines of the label, however thin the bar.
            tall = count * scale
            room = max(0.0, (lines_of(self.labels[name]) * LINE - 6 - tall) / 2)
            at[name] = y + room
            y += tall + 2 * room + _SPACING
        return at, y - _SPACING


def flow(ribbons: Sequence[Ribbon], *, source: str, target: str, subject: str = "") -> Drawing:
    """Ribbons from answers at one point (`source`, left) to answers at another (`target`, right).

    Order and totals of both sides follow from the ribbons. A hidden one is not drawn; its end of the bar stays open.
    """
    what = subject or f"answers at {source} and at {target}"
    drawn = [one for one in ribbons if one.count]
    hidden = [f"{one.source} to {one.target}" for one in ribbons if one.status == "c"]
    if not drawn:
        return nothing_drawn(
            what, hidden, if_hidden="every flow is hidden to protect children.", if_empty="nobody is in the base."
        )
    left, right = (
        _Side([(one.source, one.count) for one in ribbons]),
        _Side([(one.target, one.count) for one in ribbons]),
    )
    most = max(len(left.counts), len(right.counts))
    scale = (max(240.0, most * 34.0) - _SPACING * (most - 1)) / sum(one.count or 0 for one in drawn)
    (left_tops, left_height), (right_tops, right_height) = left.tops(scale), right.tops(scale)
    canvas = Canvas(
        PAGE - left.room - right.room,
        max(left_height, right_height),
        left=left.room,
        right=right.room,
        top=30,
        bottom=6,
    )
    marks = _draw_ribbons(canvas, drawn, left_tops, right_tops, scale)
    sides = ((left, left_tops, 0.0), (right, right_tops, canvas.width - _BAR))
    for side, tops, x in sides:
        canvas.add(
            {"type": "bar", "color": INK},
            [
                {"x": x, "x2": x + _BAR, "y": tops[name], "y2": tops[name] + max(1.0, count * scale)}
                for name, count in side.counts.items()
                if count > 0
            ],
            ("x", "x2", "y", "y2"),
        )
    canvas.text(marks, size=SMALL, color=INK)
    for (side, tops, _), (x, align) in zip(sides, ((-8.0, "right"), (canvas.width + 8.0, "left")), strict=True):
        canvas.text(
            [(x, tops[name] + side.counts[name] * scale / 2, label) for name, label in side.labels.items()],
            align=align,
        )
    canvas.text([(0, -18, source)], bold=True, align="left")
    canvas.text([(canvas.width, -18, target)], bold=True, align="right")
    largest = sorted(drawn, key=lambda one: -(one.count or 0))[:4]
    told = "; ".join(f"{one.source} to {one.target}, {one.count:,}" for one in largest)
    alt = f"Ribbons of {what}, from {source} to {target}. Largest: {told}.{hidden_sentence(hidden)}"
    return Drawing(canvas.spec(), alt)


def _draw_ribbons(
    canvas: Canvas,
    drawn: Sequence[Ribbon],
    left_tops: Mapping[str, float],
    right_tops: Mapping[str, float],
    scale: float,
) -> list[tuple[float, float, str]]:
    """The ribbons, those of one answer below each other. Returns their numbers, where one has room for it."""
    start, end = _BAR + 1, canvas.width - _BAR - 1
    at_left, at_right = dict(left_tops), dict(right_tops)
    colors = {name: series_color(number) for number, name in enumerate(left_tops)}
    left_order, right_order = list(left_tops), list(right_tops)
    marks: list[tuple[float, float, str]] = []
    for one in sorted(drawn, key=lambda one: (left_order.index(one.source), right_order.index(one.target))):
        tall = (one.count or 0) * scale
        begin, finish = at_left[one.source], at_right[one.target]
        at_left[one.source] += tall
        at_right[one.target] += tall
        rows = []
        for part in range(_PARTS + 1):
            share = part / _PARTS
            eased = share * share * (3 - 2 * share)
            y = begin + (finish - begin) * eased
            rows.append(
                {"x": round(start + (end - start) * share, 2), "y": round(y, 2), "y2": round(y + max(tall, 1), 2)}
            )
        mark = {"type": "area", "color": colors[one.source], "opacity": 0.42, "line": False, "interpolate": "monotone"}
        canvas.add(mark, rows, ("x", "y", "y2"))
        if tall >= 15:
            marks.append((start + 8, begin + tall / 2, f"{one.count:,}"))
    return marks
