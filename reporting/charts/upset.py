"""UpSet plots: which sets occur together, each combination counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.charts.canvas import Canvas
from reporting.charts.drawing import Drawing, nothing_drawn
from reporting.charts.frame import PAGE
from reporting.charts.look import FILLED_BAR, GRID, INK, MUTED, SIZE, SMALL
from reporting.charts.texts import round_ticks, show, widest, wrapped
from reporting.charts.words import hidden_sentence

_ROW, _BARS = 26.0, 170.0  # height of a row of the matrix, and of the bars above it, in pixels


@dataclass(frozen=True)
class Combination:
    """An exclusive intersection: exactly these sets and no other."""

    members: tuple[str, ...]
    count: int | None
    status: str = ""

    @property
    def name(self) -> str:
        """Its sets in words."""
        return " + ".join(self.members) or "none of them"


def upset(sets: Sequence[str], combinations: Sequence[Combination], *, subject: str = "", most: int = 16) -> Drawing:
    """UpSet plot: a standing bar per exclusive combination over a matrix of dots that says which sets are in it.

    Combinations stand in the order of their counts, hidden ones last; only the first `most` are drawn, and the text
    alternative says how many are not.
    """
    what = subject or "combinations"
    hidden = [one.name for one in combinations if one.status == "c"]
    ordered = sorted(
        (one for one in combinations if one.count or one.count is None),
        key=lambda one: (one.count is None, -(one.count or 0), len(one.members), one.members),
    )
    shown = ordered[:most]
    if not sets or not any(one.count for one in shown):
        return nothing_drawn(what, hidden, if_empty="nobody is in the base.")
    labels = [wrapped(name, 190) for name in sets]
    ticks = round_ticks(float(max(one.count or 0 for one in shown)), 4, whole=True)
    left = max(widest((show(tick, "count") for tick in ticks), SMALL) + 10, widest(labels) + 22)
    step = min(44.0, (PAGE - left - 6) / len(shown))
    canvas = Canvas(PAGE - left - 6, _BARS + 14 + _ROW * len(sets), left=left, right=6, top=22, bottom=6)
    _draw_grid(canvas, ticks, step * len(shown))
    rows = [_BARS + 14 + _ROW * (index + 0.5) for index in range(len(sets))]
    canvas.add(
        {"type": "bar", "color": "#f2f5f7", "stroke": None},
        [{"x": 0, "x2": step * len(shown), "y": y - _ROW / 2, "y2": y + _ROW / 2} for y in rows[::2]],
        ("x", "x2", "y", "y2"),
    )
    placed = [(one, step * (index + 0.5)) for index, one in enumerate(shown)]
    _draw_bars(canvas, placed, ticks[-1], step)
    _draw_matrix(canvas, placed, dict(zip(sets, rows, strict=True)))
    canvas.text([(-10, y, label) for y, label in zip(rows, labels, strict=True)], align="right")
    told = "; ".join(f"{one.name}, {one.count:,}" for one in shown[:4] if one.count is not None)
    rest = f" {len(ordered) - len(shown)} more combinations are in the table." if len(ordered) > len(shown) else ""
    return Drawing(
        canvas.spec(),
        f"UpSet plot of {what}: bars count those with exactly the marked combination. Most frequent: {told}."
        f"{rest}{hidden_sentence(hidden)}",
    )


def _draw_grid(canvas: Canvas, ticks: Sequence[float], span: float) -> None:
    """Grid lines behind the bars and their numbers left of them."""
    at = [(tick, _BARS - _BARS * tick / ticks[-1]) for tick in ticks]
    canvas.add({"type": "rule", "color": GRID}, [{"x": 0, "x2": span, "y": y} for _, y in at], ("x", "x2", "y"))
    canvas.text([(-8, y, show(tick, "count")) for tick, y in at], align="right", color=MUTED, size=SMALL)


def _draw_bars(canvas: Canvas, placed: Sequence[tuple[Combination, float]], largest: float, step: float) -> None:
    """A bar for each combination, given with its middle, and its number above; its symbol where it is hidden."""
    thick = min(26.0, step * 0.66)
    tops = [(one.count, _BARS - _BARS * one.count / largest, x) for one, x in placed if one.count is not None]
    canvas.add(
        FILLED_BAR,
        [
            {"x": x - thick / 2, "x2": x + thick / 2, "y": round(top, 2), "y2": _BARS, "count": count}
            for count, top, x in tops
        ],
        ("x", "x2", "y", "y2"),
    )
    canvas.text(
        [(x, top - 10, f"{count:,}") for count, top, x in tops],
        align="center",
        bold=True,
        size=SIZE if step > 34 else SMALL if step > 26 else 10,
    )
    canvas.text(
        [(x, _BARS - 10, one.status or "x") for one, x in placed if one.count is None], align="center", color=MUTED
    )


def _draw_matrix(canvas: Canvas, placed: Sequence[tuple[Combination, float]], rows: Mapping[str, float]) -> None:
    """Below each bar a dot in the row of every set: faint where it is not in the combination, joined where it is."""
    canvas.add(
        {"type": "point", "filled": True, "color": "#c4ccd3", "size": 60, "opacity": 1},
        [{"x": x, "y": y} for one, x in placed for name, y in rows.items() if name not in one.members],
    )
    joined = [(x, [rows[name] for name in one.members]) for one, x in placed if len(one.members) > 1]
    canvas.add(
        {"type": "rule", "color": INK, "strokeWidth": 2},
        [{"x": x, "y": min(ends), "y2": max(ends)} for x, ends in joined],
        ("x", "y", "y2"),
    )
    canvas.add(
        {"type": "point", "filled": True, "color": INK, "size": 110, "opacity": 1},
        [{"x": x, "y": rows[name]} for one, x in placed for name in one.members],
    )
