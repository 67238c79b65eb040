"""Lying bars: one figure a row, with its interval and its n."""

from __future__ import annotations

from collections.abc import Sequence

from reporting.charts.drawing import Drawing, Item, has_values, hidden_labels, nothing_drawn
from reporting.charts.frame import LABELS, axis_for, end_of, labels_left, lying, numbers_at_ends, rows_for, whiskers
from reporting.charts.look import FILLED_BAR, MUTED, SMALL
from reporting.charts.texts import widest, wrapped
from reporting.charts.words import extremes, hidden_sentence, number_at_mark


def bars(items: Sequence[Item], *, unit: str = "%", title: str = "", subject: str = "") -> Drawing:
    """Lying bars, one per item, in the order given, with whiskers where an interval is given and n at the right.

    `unit` as in the marts (`%`, `weeks`, `count`); `title` stands under the axis; `subject` opens the text alternative.
    """
    what = subject or title or "the figures"
    hidden = hidden_labels(items)
    if not has_values(items):
        return nothing_drawn(what, hidden)
    labels = [wrapped(item.label, LABELS) for item in items]
    numbers = [number_at_mark(item, unit) for item in items]
    notes = [f"n = {item.n:,}" if item.n is not None else "" for item in items]
    note_width = widest(notes, SMALL)
    right = widest(numbers) + 14 + (note_width + 12 if note_width else 0)
    height, middles = rows_for(labels)
    canvas = lying(height, axis_for(items, unit, title), left=widest(labels) + 14, right=right)
    placed = list(zip(items, middles, strict=True))
    canvas.add(
        FILLED_BAR,
        [{"x": 0, "x2": item.value, "y": y - 9, "y2": y + 9} for item, y in placed if item.value is not None],
        ("x", "x2", "y", "y2"),
    )
    whiskers(canvas, placed)
    labels_left(canvas, middles, labels)
    numbers_at_ends(canvas, [end_of(item) for item in items], middles, numbers)
    at_right = canvas.x_at(canvas.width + right)
    canvas.text(
        [(at_right, y, note) for y, note in zip(middles, notes, strict=True)], align="right", color=MUTED, size=SMALL
    )
    return Drawing(canvas.spec(), f"Bars of {what}. {extremes(items, unit)}{hidden_sentence(hidden)}")
