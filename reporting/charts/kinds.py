"""Charts of the reports: from plain rows of figures to Vega-Lite specifications.

Each chart function takes rows of figures and returns a `Drawing`: a Vega-Lite specification with its data inside, and
sentences that say what there is to see. `Drawing.block` makes a Chart of it, or a sentence where there is nothing to
draw. A hidden figure is never drawn as 0: it has no mark, and its symbol stands where the mark would stand.

No chart speaks through colour alone: every bar, line and ribbon is labelled where it stands, and series differ in shape
or dash besides. Colours of lines and text have a contrast of at least 4.5 : 1 on white, areas of at least 3 : 1 or a
dark edge.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.charts.canvas import (
    BAR,
    BAR_EDGE,
    DASHES,
    GRID,
    INK,
    LINE,
    MUTED,
    SERIES,
    SHAPES,
    SIZE,
    SMALL,
    YEAR_SHADES,
    Canvas,
    round_ticks,
    show,
    text_width,
    wrapped,
)
from reporting.document.blocks import Chart, Paragraph, Table

# What a caller hands in ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One figure to draw: its label, value in the chart's unit, 95 % interval and n.

    `status` is the figure's (`ok`, `c`, `z`, `x`, `low`); with `value` None the status is written in its place.
    `text` is what is printed at the mark; empty for the value in the chart's unit. `note` stands in grey at the right.
    """

    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    status: str = ""
    text: str = ""
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Bars that stand together: a label and one item per year, all groups with the same years in the same order."""

    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Series:
    """One line: its name and one item per period, labelled as the period; all series with the same periods."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Pair:
    """A row of the dot plot: the service's figure and the others'."""

    label: str
    first: Item
    second: Item


@dataclass(frozen=True)
class Flow:
    """How many went from one answer to another; `count` None is hidden or not known, by `status`."""

    source: str
    target: str
    count: int | None
    status: str = ""


@dataclass(frozen=True)
class Combination:
    """An exclusive intersection: exactly these sets and no other."""

    members: tuple[str, ...]
    count: int | None
    status: str = ""


@dataclass(frozen=True)
class Curve:
    """A step curve: points (time, share 0 to 1 or percent, lower, upper) in order of time."""

    name: str
    points: tuple[tuple[float, float, float | None, float | None], ...]
    note: str = ""


@dataclass(frozen=True)
class Drawing:
    """A Vega-Lite specification, None where nothing can be drawn, and the text alternative."""

    spec: Mapping[str, Any] | None
    alt: str

    def block(self, chart_id: str, title: str, table: Table | None = None) -> Chart | Paragraph:
        """The chart as a block of a document, or the sentence that stands where nothing can be drawn."""
        if self.spec is None:
            return Paragraph(f"{title}: {self.alt}", "note")
        return Chart(chart_id=chart_id, title=title, spec=self.spec, alt=self.alt, table=table)


# Numbers and words --------------------------------------------------------------------------------------------------


def _number(item: Item, unit: str) -> str:
    """What is written at the item's mark, without the unit's words."""
    if item.text:
        return item.text
    if item.value is None:
        return item.status or "x"
    return show(item.value, "%" if unit.startswith("%") else "")


def _sentence_of_hidden(labels: Sequence[str]) -> str:
    return f" Hidden to protect children (c): {_joined(labels)}." if labels else ""


def _joined(labels: Sequence[str], most: int = 8) -> str:
    shown = [label.replace("\n", " ") for label in labels[:most]]
    if len(labels) > most:
        shown.append(f"{len(labels) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _interval(item: Item, unit: str) -> str:
    if item.lower is None or item.upper is None:
        return ""
    return f", 95 % interval {show(item.lower, unit)} to {show(item.upper, unit)}"


def _said(item: Item, unit: str) -> str:
    """Label and value with its interval; the item must have a value."""
    value = show(item.value, unit) if item.value is not None else item.status
    return f"{item.label} ({value}{_interval(item, unit)})"


def _extremes(items: Sequence[Item], unit: str) -> str:
    drawn = [item for item in items if item.value is not None]
    if not drawn:
        return ""
    highest = max(drawn, key=lambda item: item.value or 0.0)
    lowest = min(drawn, key=lambda item: item.value or 0.0)
    if len(drawn) == 1:
        return f"{_said(highest, unit)}."
    if highest.value == lowest.value:
        return f"All {len(drawn)} are {show(highest.value or 0.0, unit)}."
    return f"Highest: {_said(highest, unit)}; lowest: {_said(lowest, unit)}."


def _change(items: Sequence[Item], unit: str) -> str:
    drawn = [item for item in items if item.value is not None]
    if len(drawn) < 2:
        return ""
    first, last = drawn[0], drawn[-1]
    return (
        f"{show(first.value or 0.0, unit)} in {first.label}, {show(last.value or 0.0, unit)} in {last.label}"
        f"{_interval(last, unit)}"
    )


def _nothing(what: str) -> Drawing:
    return Drawing(None, f"{what} No chart is drawn.")


_FULL = 640  # width of a chart in pixels, margins included
_LABELS = 200  # widest column of labels


def _whiskers(canvas: Canvas, rows: Sequence[Mapping[str, float]], half: float = 4) -> None:
    """Lying intervals with ends; rows hold lower, upper and y (pixels)."""
    values = [{"x": row["lower"], "x2": row["upper"], "y": row["y"]} for row in rows]
    canvas.add({"type": "rule", "color": INK, "strokeWidth": 1.5}, values, ("x", "x2", "y"))
    ends = [
        {"x": row[side], "y": row["y"] - half, "y2": row["y"] + half} for row in rows for side in ("lower", "upper")
    ]
    canvas.add({"type": "rule", "color": INK, "strokeWidth": 1.5}, ends, ("x", "y", "y2"))


def _largest(items: Iterable[Item]) -> float:
    return max((max(item.value or 0.0, item.upper or 0.0) for item in items if item.value is not None), default=0.0)


def _value_range(items: Sequence[Item], maximum: float | None, unit: str) -> tuple[list[float], tuple[float, float]]:
    ticks = round_ticks(maximum if maximum is not None else _largest(items), whole=unit == "count")
    return ticks, (0.0, max(ticks[-1], _largest(items)))


def _spread(wanted: Sequence[tuple[float, int]], names: Sequence[str], height: float) -> list[tuple[float, float, int]]:
    """Where the names at the ends of lines stand: as near to their ends as they can without lying on each other.

    `wanted` are pixels from the top and the number of the name; returned are the new place, the wanted one, the number.
    """
    halves = [(name.count("\n") + 1) * LINE / 2 for name in names]
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


# The charts ---------------------------------------------------------------------------------------------------------


def bars(
    items: Sequence[Item], *, unit: str = "%", title: str = "", subject: str = "", maximum: float | None = None
) -> Drawing:
    """Lying bars, one per item, in the order given, with whiskers where an interval is given and n at the right.

    `unit` as in the marts (`%`, `weeks`, `count`); `title` stands under the axis; `subject` opens the text alternative;
    `maximum` fixes the axis so that charts can be compared.
    """
    what = subject or title or "the figures"
    hidden = [item.label for item in items if item.status == "c"]
    if not any(item.value is not None for item in items):
        reason = "every figure is hidden to protect children." if hidden else "there are no figures."
        return _nothing(f"{what[:1].upper()}{what[1:]}: {reason}")
    labels = [wrapped(item.label, _LABELS) for item in items]
    numbers = [_number(item, unit) for item in items]
    notes = [item.note or (f"n = {item.n:,}" if item.n is not None else "") for item in items]
    left = max(text_width(label) for label in labels) + 14
    note_width = max(text_width(note, SMALL) for note in notes)
    right = max(text_width(number) for number in numbers) + 14 + (note_width + 12 if note_width else 0)
    ticks, domain = _value_range(items, maximum, unit)
    heights = [max(30, label.count("\n") * LINE + 26) for label in labels]
    centres = [sum(heights[:index]) + height / 2 for index, height in enumerate(heights)]
    canvas = Canvas(
        _FULL - left - right,
        sum(heights),
        left=left,
        right=right,
        top=4,
        bottom=44 if title else 24,
        x_domain=domain,
    )
    canvas.value_axis_x(ticks, unit, title)
    drawn = [(item, centre) for item, centre in zip(items, centres, strict=True) if item.value is not None]
    canvas.add(
        {"type": "bar", "color": BAR, "stroke": BAR_EDGE, "strokeWidth": 1},
        [{"x": 0, "x2": item.value, "y": centre - 9, "y2": centre + 9} for item, centre in drawn],
        ("x", "x2", "y", "y2"),
    )
    _whiskers(
        canvas,
        [
            {"lower": item.lower, "upper": item.upper, "y": centre}
            for item, centre in drawn
            if item.lower is not None and item.upper is not None
        ],
    )
    canvas.text([(canvas.x_at(-8), y, label) for y, label in zip(centres, labels, strict=True)], align="right")
    ends = [max(item.value or 0.0, item.upper or 0.0) if item.value is not None else 0.0 for item in items]
    shown = list(zip(items, ends, centres, numbers, strict=True))
    canvas.text([(x, y, text) for item, x, y, text in shown if item.value is not None], dx=6, bold=True)
    canvas.text([(x, y, text) for item, x, y, text in shown if item.value is None], dx=6, color=MUTED)
    at_right = canvas.x_at(canvas.width + right)
    canvas.text(
        [(at_right, y, note) for y, note in zip(centres, notes, strict=True)], align="right", color=MUTED, size=SMALL
    )
    alt = f"Bars of {what}. {_extremes(items, unit)}{_sentence_of_hidden(hidden)}"
    return Drawing(canvas.spec(), alt)


def grouped_bars(
    groups: Sequence[Group], *, unit: str = "%", title: str = "", subject: str = "", maximum: float | None = None
) -> Drawing:
    """Lying bars over years: per group one bar per year, each labelled with its year, the latest darkest and last."""
    what = subject or title or "the figures over years"
    items = [item for group in groups for item in group.items]
    hidden = [f"{group.label} {item.label}" for group in groups for item in group.items if item.status == "c"]
    if not any(item.value is not None for item in items):
        reason = "every figure is hidden to protect children." if hidden else "there are no figures."
        return _nothing(f"{what[:1].upper()}{what[1:]}: {reason}")
    labels = [wrapped(group.label, _LABELS - 30) for group in groups]
    years = max(text_width(item.label, SMALL) for item in items) + 10
    left = max(text_width(label) for label in labels) + 14 + years
    right = max(text_width(_number(item, unit)) for item in items) + 14
    ticks, domain = _value_range(items, maximum, unit)
    step = 20
    tops: list[float] = []
    total = 0.0
    for group, label in zip(groups, labels, strict=True):
        tops.append(total)
        total += max(len(group.items) * step, (label.count("\n") + 1) * LINE) + 14
    canvas = Canvas(
        _FULL - left - right, total, left=left, right=right, top=4, bottom=44 if title else 24, x_domain=domain
    )
    canvas.value_axis_x(ticks, unit, title)
    most = max(len(group.items) for group in groups)
    shades = YEAR_SHADES[-most:] if most <= len(YEAR_SHADES) else (YEAR_SHADES[0],) * (most - 3) + YEAR_SHADES
    placed = [
        (item, top + 7 + step * (position + 0.5), shades[position])
        for group, top in zip(groups, tops, strict=True)
        for position, item in enumerate(group.items)
    ]
    for shade in dict.fromkeys(shades):
        canvas.add(
            {"type": "bar", "color": shade, "stroke": BAR_EDGE, "strokeWidth": 1},
            [
                {"x": 0, "x2": item.value, "y": y - 7, "y2": y + 7}
                for item, y, its_shade in placed
                if its_shade == shade and item.value is not None
            ],
            ("x", "x2", "y", "y2"),
        )
    _whiskers(
        canvas,
        [
            {"lower": item.lower, "upper": item.upper, "y": y}
            for item, y, _ in placed
            if item.value is not None and item.lower is not None and item.upper is not None
        ],
        half=3,
    )
    canvas.text([(canvas.x_at(-8), y, item.label) for item, y, _ in placed], align="right", color=MUTED, size=SMALL)
    canvas.text(
        [
            (canvas.x_at(-8 - years), top + 7 + step * len(group.items) / 2, label)
            for group, top, label in zip(groups, tops, labels, strict=True)
        ],
        align="right",
    )
    last = most - 1
    for bold in (True, False):
        canvas.text(
            [
                (max(item.value, item.upper or 0.0), y, _number(item, unit))
                for item, y, shade in placed
                if item.value is not None and (shade == shades[last]) == bold
            ],
            dx=6,
            bold=bold,
            size=SIZE if bold else SMALL,
        )
    canvas.text([(0, y, _number(item, unit)) for item, y, _ in placed if item.value is None], dx=6, color=MUTED)
    changes = [f"{group.label.strip()}: {change}" for group in groups if (change := _change(group.items, unit))]
    told = f" {'. '.join(changes[:6])}." if changes else f" {_extremes(items, unit)}"
    more = f" {len(changes) - 6} more rows are in the table." if len(changes) > 6 else ""
    return Drawing(canvas.spec(), f"Bars of {what}, by year.{told}{more}{_sentence_of_hidden(hidden)}")


def lines(
    series: Sequence[Series],
    *,
    unit: str = "",
    title: str = "",
    subject: str = "",
    maximum: float | None = None,
    places: int | None = None,
) -> Drawing:
    """Lines over years, the first series with a band of its interval; each named at its end.

    A figure that is hidden or missing breaks its line, and its symbol stands at the foot of the plot.
    """
    what = subject or title or "the figures over years"
    items = [item for one in series for item in one.items]
    hidden = [f"{one.name} {item.label}" for one in series for item in one.items if item.status == "c"]
    if not any(item.value is not None for item in items):
        reason = "every figure is hidden to protect children." if hidden else "there are no figures."
        return _nothing(f"{what[:1].upper()}{what[1:]}: {reason}")
    periods = [item.label for item in series[0].items]
    ticks, domain = _value_range(items, maximum, unit)
    short = "%" if unit.startswith("%") else ""

    def ending(one: Series) -> Item | None:
        return next((item for item in reversed(one.items) if item.value is not None), None)

    names = []
    for one in series:
        last = ending(one)
        value = f" {last.text or show(last.value or 0.0, short, places)}" if last else ""
        names.append(wrapped(f"{one.name}{value}", 165, SMALL))
    left = max(34.0, max(text_width(show(tick, short), SMALL) for tick in ticks) + 14)
    right = max(text_width(name, SMALL) for name in names) + 26
    canvas = Canvas(
        _FULL - left - right, 240, left=left, right=right, top=34 if title else 12, bottom=34, y_domain=domain
    )
    canvas.value_axis_y(ticks, unit, title)
    inset = 18.0
    gap = (canvas.width - 2 * inset) / max(1, len(periods) - 1)
    places_x = [inset + gap * index if len(periods) > 1 else canvas.width / 2 for index in range(len(periods))]
    widest = max(text_width(period, SMALL) for period in periods) + 12
    every = max(1, int(-(-widest // gap))) if len(periods) > 1 else 1
    canvas.text(
        [
            (x, canvas.y_at(canvas.height + 16), period)
            for index, (x, period) in enumerate(zip(places_x, periods, strict=True))
            if (len(periods) - 1 - index) % every == 0
        ],
        align="center",
        color=MUTED,
        size=SMALL,
    )

    def stretches(one: Series) -> list[list[tuple[float, Item]]]:
        found: list[list[tuple[float, Item]]] = [[]]
        for x, item in zip(places_x, one.items, strict=True):
            if item.value is None:
                found.append([])
            else:
                found[-1].append((x, item))
        return [stretch for stretch in found if stretch]

    band = [
        {"x": x, "y": item.lower, "y2": item.upper, "part": part}
        for part, stretch in enumerate(stretches(series[0]))
        for x, item in stretch
        if item.lower is not None and item.upper is not None
    ]
    parts = {row["part"] for row in band}
    alone = [row for row in band if sum(other["part"] == row["part"] for other in band) == 1]
    for part in sorted(parts, key=str):
        rows = [row for row in band if row["part"] == part]
        if len(rows) > 1:
            canvas.add({"type": "area", "color": SERIES[0], "opacity": 0.18}, rows, ("x", "y", "y2"))
    canvas.add({"type": "rule", "color": SERIES[0], "strokeWidth": 6, "opacity": 0.3}, alone, ("x", "y", "y2"))
    wanted: list[tuple[float, int]] = []
    feet: dict[float, int] = {}
    for number in range(len(series) - 1, -1, -1):
        one, color = series[number], SERIES[number % len(SERIES)]
        for stretch in stretches(one):
            canvas.add(
                {
                    "type": "line",
                    "color": color,
                    "strokeWidth": 2.5 if number == 0 else 1.8,
                    "strokeDash": DASHES[number % len(DASHES)],
                },
                [{"x": x, "y": item.value} for x, item in stretch],
            )
            canvas.add(
                {
                    "type": "point",
                    "shape": SHAPES[number % len(SHAPES)],
                    "filled": True,
                    "color": color,
                    "stroke": "white",
                    "strokeWidth": 1,
                    "size": 60 if number == 0 else 46,
                    "opacity": 1,
                },
                [{"x": x, "y": item.value} for x, item in stretch],
            )
        gaps = []
        for x, item in zip(places_x, one.items, strict=True):
            if item.value is None:
                row = feet.get(x, 0)
                feet[x] = row + 1
                gaps.append((x, canvas.y_at(canvas.height - 9 - 14 * row), item.status or "x"))
        canvas.text(gaps, align="center", color=color, size=SMALL, bold=number == 0)
        last = ending(one)
        if last is not None:
            share = ((last.value or 0.0) - domain[0]) / (domain[1] - domain[0])
            wanted.append((canvas.height * (1 - share), number))
    for y, pixels, number in _spread(wanted, names, canvas.height):
        color = SERIES[number % len(SERIES)]
        canvas.add(
            {"type": "rule", "color": color, "strokeWidth": 1, "opacity": 0.7},
            [
                {
                    "x": canvas.width - inset + 7 if len(periods) > 1 else canvas.width / 2 + 7,
                    "x2": canvas.width + 6,
                    "y": canvas.y_at(pixels),
                    "y2": canvas.y_at(y),
                }
            ],
            ("x", "x2", "y", "y2"),
        )
        canvas.text([(canvas.width + 9, canvas.y_at(y), names[number])], color=color, size=SMALL, bold=number == 0)
    told = [f"{one.name}: {change}." for one in series if (change := _change(one.items, unit))]
    return Drawing(
        canvas.spec(), f"Lines of {what}. {' '.join(told) or _extremes(items, unit)}{_sentence_of_hidden(hidden)}"
    )


def histogram(
    items: Sequence[Item], *, unit: str = "count", title: str = "", subject: str = "", axis: str = ""
) -> Drawing:
    """Standing bars for bands that have an order (age, length of case); `axis` names what the bands are bands of."""
    what = subject or title or "the bands"
    hidden = [item.label for item in items if item.status == "c"]
    if not any(item.value is not None for item in items):
        reason = "every figure is hidden to protect children." if hidden else "there are no figures."
        return _nothing(f"{what[:1].upper()}{what[1:]}: {reason}")
    ticks, domain = _value_range(items, None, unit)
    left = max(34.0, max(text_width(show(tick, unit), SMALL) for tick in ticks) + 14)
    step = (_FULL - left - 8) / len(items)
    labels = [wrapped(item.label, max(step - 6, 24), SMALL) for item in items]
    lines_of_labels = max(label.count("\n") + 1 for label in labels)
    bottom = 8 + lines_of_labels * LINE + (20 if axis else 4)
    canvas = Canvas(_FULL - left - 8, 220, left=left, right=8, top=40 if title else 22, bottom=bottom, y_domain=domain)
    canvas.value_axis_y(ticks, unit, title)
    thick = min(64.0, step * 0.78)
    centres = [step * (index + 0.5) for index in range(len(items))]
    pairs = list(zip(items, centres, strict=True))
    canvas.add(
        {"type": "bar", "color": BAR, "stroke": BAR_EDGE, "strokeWidth": 1},
        [
            {"x": x - thick / 2, "x2": x + thick / 2, "y": 0, "y2": item.value}
            for item, x in pairs
            if item.value is not None
        ],
        ("x", "x2", "y", "y2"),
    )
    drawn = [item for item in pairs if item[0].value is not None]
    bounded = [(x, item.lower, item.upper) for item, x in drawn if item.lower is not None and item.upper is not None]
    canvas.add(
        {"type": "rule", "color": INK, "strokeWidth": 1.5},
        [{"x": x, "y": lower, "y2": upper} for x, lower, upper in bounded],
        ("x", "y", "y2"),
    )
    canvas.add(
        {"type": "rule", "color": INK, "strokeWidth": 1.5},
        [{"x": x - 4, "x2": x + 4, "y": end} for x, *ends in bounded for end in ends],
        ("x", "x2", "y"),
    )
    canvas.text(
        [(x, max(item.value or 0.0, item.upper or 0.0), _number(item, unit)) for item, x in drawn],
        align="center",
        bold=True,
        size=SIZE if step > 34 else SMALL,
        dy=-10,
    )
    canvas.text(
        [(x, 0, item.status or "x") for item, x in pairs if item.value is None], align="center", color=MUTED, dy=-10
    )
    canvas.text(
        [
            (x, canvas.y_at(canvas.height + 6 + (label.count("\n") + 1) * LINE / 2), label)
            for x, label in zip(centres, labels, strict=True)
        ],
        align="center",
        size=SMALL,
    )
    if axis:
        y = canvas.y_at(canvas.height + bottom - 10)
        canvas.text([(canvas.width / 2, y, axis)], align="center", color=MUTED, size=SMALL)
    return Drawing(canvas.spec(), f"Standing bars of {what}. {_extremes(items, unit)}{_sentence_of_hidden(hidden)}")


def dots(
    pairs: Sequence[Pair],
    *,
    first: str,
    second: str,
    unit: str = "%",
    title: str = "",
    subject: str = "",
    maximum: float | None = None,
) -> Drawing:
    """A service (`first`, filled circle with whiskers) beside all others (`second`, open diamond), one row each."""
    what = subject or title or f"{first} beside {second}"
    items = [item for pair in pairs for item in (pair.first, pair.second)]
    hidden = [f"{pair.label}" for pair in pairs if "c" in (pair.first.status, pair.second.status)]
    if not any(item.value is not None for item in items):
        reason = "every figure is hidden to protect children." if hidden else "there are no figures."
        return _nothing(f"{what[:1].upper()}{what[1:]}: {reason}")
    labels = [wrapped(pair.label, _LABELS) for pair in pairs]
    left = max(text_width(label) for label in labels) + 14
    notes = [f"{_number(pair.first, unit)} | {_number(pair.second, unit)}" for pair in pairs]
    right = max(text_width(note) for note in notes) + 24
    ticks, domain = _value_range(items, maximum, unit)
    heights = [max(30, label.count("\n") * LINE + 26) for label in labels]
    centres = [sum(heights[:index]) + height / 2 for index, height in enumerate(heights)]
    top = 30
    canvas = Canvas(
        _FULL - left - right,
        sum(heights),
        left=left,
        right=right,
        top=top,
        bottom=44 if title else 24,
        x_domain=domain,
    )
    canvas.value_axis_x(ticks, unit, title)
    rows = list(zip(pairs, centres, strict=True))
    canvas.add(
        {"type": "rule", "color": GRID, "strokeWidth": 1},
        [{"x": domain[0], "x2": domain[1], "y": y} for _, y in rows],
        ("x", "x2", "y"),
    )
    _whiskers(
        canvas,
        [
            {"lower": pair.first.lower, "upper": pair.first.upper, "y": y}
            for pair, y in rows
            if pair.first.value is not None and pair.first.lower is not None and pair.first.upper is not None
        ],
    )
    open_mark = {"type": "point", "shape": "diamond", "filled": True, "color": "white", "stroke": SERIES[1]}
    open_mark |= {"strokeWidth": 2, "size": 90, "opacity": 1}
    full_mark = {"type": "point", "shape": "circle", "filled": True, "color": SERIES[0], "size": 90, "opacity": 1}
    canvas.add(open_mark, [{"x": pair.second.value, "y": y} for pair, y in rows if pair.second.value is not None])
    canvas.add(full_mark, [{"x": pair.first.value, "y": y} for pair, y in rows if pair.first.value is not None])
    canvas.text([(canvas.x_at(-8), y, label) for y, label in zip(centres, labels, strict=True)], align="right")
    canvas.text(
        [(canvas.x_at(canvas.width + right - 2), y, note) for y, note in zip(centres, notes, strict=True)],
        align="right",
        size=SMALL,
    )
    key = canvas.x_at(6)
    second_at = canvas.x_at(6 + 22 + text_width(first, SMALL) + 14)
    canvas.add(full_mark, [{"x": key, "y": -16}])
    canvas.text([(canvas.x_at(16), -16, first)], size=SMALL, bold=True, color=SERIES[0])
    canvas.add(open_mark, [{"x": second_at, "y": -16}])
    canvas.text([(second_at, -16, second)], size=SMALL, bold=True, color=SERIES[1], dx=10)
    apart = [pair for pair in pairs if pair.first.value is not None and pair.second.value is not None]
    told = ""
    if apart:
        widest = max(apart, key=lambda pair: abs((pair.first.value or 0.0) - (pair.second.value or 0.0)))
        told = (
            f" Furthest apart: {widest.label}, {first} {show(widest.first.value or 0.0, unit)}, "
            f"{second} {show(widest.second.value or 0.0, unit)}."
        )
    return Drawing(canvas.spec(), f"Dots of {what}.{told}{_sentence_of_hidden(hidden)}")


def flow(
    flows: Sequence[Flow],
    *,
    source: str,
    target: str,
    sources: Sequence[Item] = (),
    targets: Sequence[Item] = (),
    subject: str = "",
) -> Drawing:
    """Ribbons from answers at one point (`source`, left) to answers at another (`target`, right).

    `sources` and `targets` give the order and the totals of both sides; where they are left out both follow from the
    flows. A hidden flow has no ribbon; its end of the bar stays open.
    """
    what = subject or f"answers at {source} and at {target}"
    drawn = [one for one in flows if one.count]
    hidden = [f"{one.source} to {one.target}" for one in flows if one.status == "c"]
    if not drawn:
        reason = "every flow is hidden to protect children." if hidden else "nobody is in the base."
        return _nothing(f"{what[:1].upper()}{what[1:]}: {reason}")

    def side(given: Sequence[Item], ends: Sequence[tuple[str, Flow]], counts: Mapping[str, int]) -> list[Item]:
        # Without a given total, one with a hidden part is not known: the sum of the rest would pass for it.
        known = {item.label: item for item in given}
        open_ended = {name for name, one in ends if one.count is None}
        order = list(dict.fromkeys([*known, *(name for name, _ in ends)]))
        return [
            known.get(name) or Item(name, None if name in open_ended else counts.get(name, 0), status="c")
            for name in order
        ]

    out: dict[str, int] = {}
    into: dict[str, int] = {}
    for one in drawn:
        out[one.source] = out.get(one.source, 0) + (one.count or 0)
        into[one.target] = into.get(one.target, 0) + (one.count or 0)
    left_side = side(sources, [(one.source, one) for one in flows], out)
    right_side = side(targets, [(one.target, one) for one in flows], into)

    def weight(item: Item, counts: Mapping[str, int]) -> float:
        return max(item.value or 0.0, float(counts.get(item.label, 0)))

    total = max(sum(weight(item, out) for item in left_side), sum(weight(item, into) for item in right_side))
    most = max(len(left_side), len(right_side))
    spacing = 18.0
    height = max(240.0, most * 34.0)
    scale = (height - spacing * (most - 1)) / total

    def said(item: Item) -> str:
        number = item.text or (f"{int(item.value):,}" if item.value is not None else item.status or "x")
        return f"{wrapped(item.label, 150)}\n{number}"

    left_labels, right_labels = [said(item) for item in left_side], [said(item) for item in right_side]
    left = max(text_width(label) for label in left_labels) + 14
    right = max(text_width(label) for label in right_labels) + 14

    def tops(items: Sequence[Item], labels: Sequence[str], counts: Mapping[str, int]) -> tuple[dict[str, float], float]:
        at: dict[str, float] = {}
        y = 0.0
        for item, label in zip(items, labels, strict=True):
            # Room for the lines of the label, however thin the bar.
            tall = max(weight(item, counts) * scale, 0.0)
            room = max(0.0, ((label.count("\n") + 1) * LINE - 6 - tall) / 2)
            at[item.label] = y + room
            y += tall + 2 * room + spacing
        return at, y - spacing

    left_tops, left_height = tops(left_side, left_labels, out)
    right_tops, right_height = tops(right_side, right_labels, into)
    canvas = Canvas(_FULL - left - right, max(left_height, right_height), left=left, right=right, top=30, bottom=6)
    bar = 12.0
    start, end = bar + 1, canvas.width - bar - 1
    offsets_left, offsets_right = dict(left_tops), dict(right_tops)
    colors = {item.label: SERIES[index % len(SERIES)] for index, item in enumerate(left_side)}
    order_left = {item.label: index for index, item in enumerate(left_side)}
    order_right = {item.label: index for index, item in enumerate(right_side)}
    marks: list[tuple[float, float, str]] = []
    for one in sorted(drawn, key=lambda one: (order_left[one.source], order_right[one.target])):
        tall = (one.count or 0) * scale
        y0, y1 = offsets_left[one.source], offsets_right[one.target]
        offsets_left[one.source] += tall
        offsets_right[one.target] += tall
        rows = []
        for index in range(17):
            share = index / 16
            eased = share * share * (3 - 2 * share)
            y = y0 + (y1 - y0) * eased
            rows.append(
                {"x": round(start + (end - start) * share, 2), "y": round(y, 2), "y2": round(y + max(tall, 1), 2)}
            )
        color = colors[one.source]
        canvas.add(
            {"type": "area", "color": color, "opacity": 0.42, "line": False, "interpolate": "monotone"},
            rows,
            ("x", "y", "y2"),
        )
        if tall >= 15:
            marks.append((start + 8, y0 + tall / 2, f"{one.count:,}"))
    for items, at, counts, x in (
        (left_side, left_tops, out, 0.0),
        (right_side, right_tops, into, canvas.width - bar),
    ):
        canvas.add(
            {"type": "bar", "color": INK},
            [
                {
                    "x": x,
                    "x2": x + bar,
                    "y": at[item.label],
                    "y2": at[item.label] + max(1.0, weight(item, counts) * scale),
                }
                for item in items
                if weight(item, counts) > 0
            ],
            ("x", "x2", "y", "y2"),
        )
    canvas.text(marks, size=SMALL, color=INK)
    canvas.text(
        [
            (-8, left_tops[item.label] + weight(item, out) * scale / 2, label)
            for item, label in zip(left_side, left_labels, strict=True)
        ],
        align="right",
    )
    canvas.text(
        [
            (canvas.width + 8, right_tops[item.label] + weight(item, into) * scale / 2, label)
            for item, label in zip(right_side, right_labels, strict=True)
        ]
    )
    canvas.text([(0, -18, source)], bold=True, align="left")
    canvas.text([(canvas.width, -18, target)], bold=True, align="right")
    largest = sorted(drawn, key=lambda one: -(one.count or 0))[:4]
    told = "; ".join(f"{one.source} to {one.target}, {one.count:,}" for one in largest)
    return Drawing(
        canvas.spec(),
        f"Ribbons of {what}, from {source} to {target}. Largest: {told}.{_sentence_of_hidden(hidden)}",
    )


def upset(
    sets: Sequence[str],
    combinations: Sequence[Combination],
    *,
    totals: Mapping[str, Item] | None = None,
    subject: str = "",
    most: int = 16,
) -> Drawing:
    """UpSet plot: a standing bar per exclusive combination over a matrix of dots that says which sets are in it.

    Combinations stand in the order of their counts, hidden ones last; only the first `most` are drawn, and the text
    alternative says how many are not. `totals` adds each set's own figure beside its name.
    """
    what = subject or "combinations"
    hidden = [" + ".join(one.members) or "none of them" for one in combinations if one.status == "c"]
    ordered = sorted(
        (one for one in combinations if one.count or one.count is None),
        key=lambda one: (one.count is None, -(one.count or 0), len(one.members), one.members),
    )
    shown = ordered[:most]
    if not sets or not any(one.count for one in shown):
        reason = "every figure is hidden to protect children." if hidden else "nobody is in the base."
        return _nothing(f"{what[:1].upper()}{what[1:]}: {reason}")
    labels = []
    for name in sets:
        total = (totals or {}).get(name)
        number = "" if total is None else f" ({total.text or _number(total, 'count')})"
        labels.append(wrapped(f"{name}{number}", 190))
    ticks = round_ticks(float(max(one.count or 0 for one in shown)), 4, whole=True)
    widest = max(text_width(show(tick, "count"), SMALL) for tick in ticks)
    left = max(widest + 10, max(text_width(label) for label in labels) + 22)
    step = min(44.0, (_FULL - left - 6) / len(shown))
    row = 26.0
    bar_height = 170.0
    height = bar_height + 14 + row * len(sets)
    canvas = Canvas(_FULL - left - 6, height, left=left, right=6, top=22, bottom=6)

    def tall(count: float) -> float:
        return bar_height * count / ticks[-1]

    span = step * len(shown)
    canvas.add(
        {"type": "rule", "color": GRID},
        [{"x": 0, "x2": span, "y": bar_height - tall(tick)} for tick in ticks],
        ("x", "x2", "y"),
    )
    canvas.text(
        [(-8, bar_height - tall(tick), show(tick, "count")) for tick in ticks], align="right", color=MUTED, size=SMALL
    )
    centres = [step * (index + 0.5) for index in range(len(shown))]
    rows = [bar_height + 14 + row * (index + 0.5) for index in range(len(sets))]
    canvas.add(
        {"type": "bar", "color": "#f2f5f7", "stroke": None},
        [{"x": 0, "x2": span, "y": y - row / 2, "y2": y + row / 2} for y in rows[::2]],
        ("x", "x2", "y", "y2"),
    )
    thick = min(26.0, step * 0.66)
    pairs = list(zip(shown, centres, strict=True))
    canvas.add(
        {"type": "bar", "color": BAR, "stroke": BAR_EDGE, "strokeWidth": 1},
        [
            {
                "x": x - thick / 2,
                "x2": x + thick / 2,
                "y": round(bar_height - tall(one.count), 2),
                "y2": bar_height,
                "count": one.count,
            }
            for one, x in pairs
            if one.count is not None
        ],
        ("x", "x2", "y", "y2"),
    )
    size = SIZE if step > 34 else SMALL if step > 26 else 10
    canvas.text(
        [(x, bar_height - tall(one.count) - 10, f"{one.count:,}") for one, x in pairs if one.count is not None],
        align="center",
        bold=True,
        size=size,
    )
    canvas.text(
        [(x, bar_height - 10, one.status or "x") for one, x in pairs if one.count is None], align="center", color=MUTED
    )
    place = dict(zip(sets, rows, strict=True))
    canvas.add(
        {"type": "point", "filled": True, "color": "#c4ccd3", "size": 60, "opacity": 1},
        [{"x": x, "y": place[name]} for one, x in pairs for name in sets if name not in one.members],
    )
    canvas.add(
        {"type": "rule", "color": INK, "strokeWidth": 2},
        [
            {
                "x": x,
                "y": min(place[name] for name in one.members),
                "y2": max(place[name] for name in one.members),
            }
            for one, x in pairs
            if len(one.members) > 1
        ],
        ("x", "y", "y2"),
    )
    canvas.add(
        {"type": "point", "filled": True, "color": INK, "size": 110, "opacity": 1},
        [{"x": x, "y": place[name]} for one, x in pairs for name in one.members],
    )
    canvas.text([(-10, y, label) for y, label in zip(rows, labels, strict=True)], align="right")
    told = "; ".join(
        f"{' + '.join(one.members) or 'none of them'}, {one.count:,}" for one in shown[:4] if one.count is not None
    )
    rest = f" {len(ordered) - len(shown)} more combinations are in the table." if len(ordered) > len(shown) else ""
    return Drawing(
        canvas.spec(),
        f"UpSet plot of {what}: bars count those with exactly the marked combination. Most frequent: {told}."
        f"{rest}{_sentence_of_hidden(hidden)}",
    )


def steps(items: Sequence[Item], *, shares: Sequence[str] = (), subject: str = "") -> Drawing:
    """Steps of a process (referral, enquiry, conference, plan): a bar each, and between them who went on.

    `shares` has one text fewer than `items`, written between the bars: `38 % within 15 working days`.
    """
    what = subject or "the steps"
    hidden = [item.label for item in items if item.status == "c"]
    if not any(item.value is not None for item in items):
        reason = "every figure is hidden to protect children." if hidden else "there are no figures."
        return _nothing(f"{what[:1].upper()}{what[1:]}: {reason}")
    labels = [wrapped(item.label, _LABELS) for item in items]
    numbers = [_number(item, "count") for item in items]
    left = max(text_width(label) for label in labels) + 14
    right = max(text_width(number) for number in numbers) + 14
    largest = _largest(items)
    step, bar = 62.0, 30.0
    canvas = Canvas(
        _FULL - left - right,
        step * len(items) - (step - bar) + 8,
        left=left,
        right=right,
        top=4,
        bottom=4,
        x_domain=(0.0, largest or 1.0),
    )
    tops = [4 + step * index for index in range(len(items))]
    rows = list(zip(items, tops, strict=True))
    for (upper, top), (lower, _) in itertools.pairwise(rows):
        if upper.value is None or lower.value is None:
            continue
        canvas.add(
            {"type": "area", "color": BAR, "opacity": 0.16, "orient": "horizontal"},
            [
                {"x": 0, "x2": upper.value, "y": top + bar},
                {"x": 0, "x2": lower.value, "y": top + step},
            ],
            ("x", "x2", "y"),
        )
    canvas.add(
        {"type": "bar", "color": BAR, "stroke": BAR_EDGE, "strokeWidth": 1},
        [{"x": 0, "x2": item.value, "y": top, "y2": top + bar} for item, top in rows if item.value is not None],
        ("x", "x2", "y", "y2"),
    )
    canvas.text(
        [(canvas.x_at(-8), top + bar / 2, label) for top, label in zip(tops, labels, strict=True)], align="right"
    )
    for missing in (False, True):
        canvas.text(
            [
                (item.value or 0.0, top + bar / 2, number)
                for item, top, number in zip(items, tops, numbers, strict=True)
                if (item.value is None) == missing
            ],
            dx=6,
            bold=not missing,
            color=MUTED if missing else INK,
        )
    canvas.text(
        [(0, top + (bar + step) / 2, f"↓ {share}") for top, share in zip(tops, shares, strict=False) if share],
        dx=8,
        size=SMALL,
        color=INK,
    )
    told = "; ".join(f"{item.label} {number}" for item, number in zip(items, numbers, strict=True))
    between = f" Between them: {'; '.join(share for share in shares if share)}." if any(shares) else ""
    return Drawing(canvas.spec(), f"Steps of {what}: {told}.{between}{_sentence_of_hidden(hidden)}")


def curves(
    given: Sequence[Curve],
    *,
    title: str = "",
    axis: str = "",
    subject: str = "",
    maximum: float | None = None,
    unit: str = "%",
) -> Drawing:
    """Step curves with bands (Kaplan-Meier): the value holds until the next time. Values in `unit`, from 0 up."""
    what = subject or title or "the curves"
    series = [one for one in given if len(one.points) > 1]
    if not series:
        return _nothing(f"{what[:1].upper()}{what[1:]}: too few children to draw a curve.")
    values = [value for one in series for _, *rest in one.points for value in rest if value is not None]
    ticks = round_ticks(maximum if maximum is not None else max(values))
    times = round_ticks(max(time for one in series for time, *_ in one.points), 8)
    short = "%" if unit.startswith("%") else ""
    names = [
        wrapped(f"{one.name} {show(one.points[-1][1], short)}{f', {one.note}' if one.note else ''}", 165, SMALL)
        for one in series
    ]
    left = max(34.0, max(text_width(show(tick, short), SMALL) for tick in ticks) + 14)
    right = max(text_width(name, SMALL) for name in names) + 26
    last_time = max(time for one in series for time, *_ in one.points)
    canvas = Canvas(
        _FULL - left - right,
        240,
        left=left,
        right=right,
        top=34 if title else 12,
        bottom=48 if axis else 30,
        x_domain=(0.0, last_time or 1.0),
        y_domain=(0.0, max(ticks[-1], *values)),
    )
    canvas.value_axis_y(ticks, unit, title)
    canvas.text(
        [(time, canvas.y_at(canvas.height + 14), show(time, "")) for time in times if time <= last_time],
        align="center",
        color=MUTED,
        size=SMALL,
    )
    if axis:
        y = canvas.y_at(canvas.height + 36)
        canvas.text([(canvas.x_at(canvas.width / 2), y, axis)], align="center", color=MUTED, size=SMALL)
    wanted: list[tuple[float, int]] = []
    top = max(ticks[-1], *values)
    for number, one in enumerate(series):
        color = SERIES[number % len(SERIES)]
        band = [
            {"x": x, "y": low, "y2": high} for x, _, low, high in one.points if low is not None and high is not None
        ]
        if len(band) > 1:
            canvas.add(
                {"type": "area", "color": color, "opacity": 0.15, "interpolate": "step-after"}, band, ("x", "y", "y2")
            )
        canvas.add(
            {
                "type": "line",
                "color": color,
                "strokeWidth": 2.2,
                "interpolate": "step-after",
                "strokeDash": DASHES[number % len(DASHES)],
            },
            [{"x": x, "y": y} for x, y, *_ in one.points],
        )
        wanted.append((canvas.height * (1 - one.points[-1][1] / top), number))
    for at, _, number in _spread(wanted, names, canvas.height):
        canvas.text(
            [(canvas.x_at(canvas.width + 9), canvas.y_at(at), names[number])],
            color=SERIES[number % len(SERIES)],
            size=SMALL,
            bold=number == 0,
        )
    told = " ".join(
        f"{one.name}: {show(one.points[-1][1], unit)} at {show(one.points[-1][0], '')}"
        f"{f' ({one.note})' if one.note else ''}."
        for one in series
    )
    over = f" over {axis}" if axis else ""
    return Drawing(canvas.spec(), f"Step curves of {what}{over}, with 95 % bands. {told}")


# Where each region stands on the map: column and row of its tile.
_TILES: dict[str, tuple[int, int]] = {
    "Scotland": (1, 0),
    "Northern Ireland": (0, 1),
    "North East": (2, 0),
    "North West": (1, 1),
    "Yorkshire and The Humber": (2, 1),
    "Wales": (0, 2),
    "West Midlands": (1, 2),
    "East Midlands": (2, 2),
    "East of England": (3, 2),
    "South West": (1, 3),
    "South East": (2, 3),
    "London": (3, 3),
}
ENGLISH_REGIONS = tuple(name for name in _TILES if name not in ("Scotland", "Northern Ireland", "Wales"))


def tile_map(counts: Mapping[str, Item], *, subject: str = "", word: str = "services") -> Drawing:
    """A square for each English region (and for other nations named), with what is counted there.

    Keys are region names as the Office for National Statistics spells them; what is no such name is listed beside.
    """
    what = subject or f"{word} by region"
    known = {name: item for name, item in counts.items() if name in _TILES}
    other = {name: item for name, item in counts.items() if name not in _TILES}
    hidden = [name for name, item in counts.items() if item.status == "c"]
    if not any(item.value is not None for item in counts.values()):
        reason = "every figure is hidden to protect children." if hidden else "there are no figures."
        return _nothing(f"{what[:1].upper()}{what[1:]}: {reason}")
    names = [name for name in _TILES if name in ENGLISH_REGIONS or name in known]
    first_column = min(_TILES[name][0] for name in names)
    tile, gap = 112.0, 6.0
    columns = 4 - first_column
    width = columns * tile + (columns - 1) * gap
    canvas = Canvas(width, 4 * tile * 0.72 + 3 * gap, left=4, right=_FULL - width - 4 if other else 4, top=4, bottom=4)
    full: list[dict[str, float]] = []
    empty: list[dict[str, float]] = []
    numbers: list[tuple[float, float, str]] = []
    labels: list[tuple[float, float, str]] = []
    without: list[tuple[float, float, str]] = []
    for name in names:
        column, row = _TILES[name]
        x, y = (column - first_column) * (tile + gap), row * (tile * 0.72 + gap)
        item = known.get(name)
        box = {"x": x, "x2": x + tile, "y": y, "y2": y + tile * 0.72}
        has = item is not None and item.value is not None and item.value > 0
        (full if has else empty).append(box)
        labels.append((x + tile / 2, y + 22, wrapped(name, tile - 12, SMALL, 2)))
        middle = (x + tile / 2, y + tile * 0.72 - 20)
        if has and item is not None:
            numbers.append((*middle, _number(item, "count")))
        else:
            without.append((*middle, item.status if item is not None and item.value is None else "0"))
    canvas.add(
        {"type": "bar", "color": "#d7e6f1", "stroke": BAR_EDGE, "strokeWidth": 1.5}, full, ("x", "x2", "y", "y2")
    )
    canvas.add(
        {"type": "bar", "color": "#f5f7f8", "stroke": "#7d8894", "strokeWidth": 1}, empty, ("x", "x2", "y", "y2")
    )
    canvas.text(labels, align="center", size=SMALL)
    canvas.text(numbers, align="center", size=20, bold=True)
    canvas.text(without, align="center", size=16, color=MUTED)
    canvas.text(
        [
            (width + 14, 20 + 22 * index, wrapped(f"{name}: {_number(item, 'count')}", 150, SMALL))
            for index, (name, item) in enumerate(other.items())
        ],
        size=SMALL,
    )
    told = ", ".join(
        f"{name} {_number(item, 'count')}" for name, item in counts.items() if item.value is None or item.value > 0
    )
    return Drawing(
        canvas.spec(),
        f"Map of tiles, one per region, with {what}: {told}. No others.{_sentence_of_hidden(hidden)}",
    )
