"""A map of tiles: a square for each English region, and for other nations named, with what is counted there."""

from __future__ import annotations

from collections.abc import Mapping

from reporting.charts.canvas import Canvas
from reporting.charts.drawing import Drawing, Item, has_values, nothing_drawn
from reporting.charts.frame import PAGE
from reporting.charts.look import BAR_EDGE, MUTED, SMALL
from reporting.charts.texts import wrapped
from reporting.charts.words import hidden_sentence, number_at_mark

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
# Width, height and distance of tiles in pixels.
_WIDE, _TALL, _GAP = 112.0, 112.0 * 0.72, 6.0


def tile_map(counts: Mapping[str, Item], *, subject: str = "", word: str = "services") -> Drawing:
    """A square for each English region (and for other nations named), with what is counted there.

    Keys are region names as the Office for National Statistics spells them; what is no such name is listed beside.
    """
    what = subject or f"{word} by region"
    known = {name: item for name, item in counts.items() if name in _TILES}
    other = {name: item for name, item in counts.items() if name not in _TILES}
    hidden = [name for name, item in counts.items() if item.status == "c"]
    if not has_values(counts.values()):
        return nothing_drawn(what, hidden)
    names = [name for name in _TILES if name in ENGLISH_REGIONS or name in known]
    first_column = min(_TILES[name][0] for name in names)
    columns = 4 - first_column
    width = columns * _WIDE + (columns - 1) * _GAP
    canvas = Canvas(width, 4 * _TALL + 3 * _GAP, left=4, right=PAGE - width - 4 if other else 4, top=4, bottom=4)
    places = {
        name: ((_TILES[name][0] - first_column) * (_WIDE + _GAP), _TILES[name][1] * (_TALL + _GAP)) for name in names
    }
    _draw_tiles(canvas, places, known)
    canvas.text(
        [
            (width + 14, 20 + 22 * index, wrapped(f"{name}: {number_at_mark(item, 'count')}", 150, SMALL))
            for index, (name, item) in enumerate(other.items())
        ],
        size=SMALL,
    )
    told = ", ".join(
        f"{name} {number_at_mark(item, 'count')}"
        for name, item in counts.items()
        if item.value is None or item.value > 0
    )
    alt = f"Map of tiles, one per region, with {what}: {told}. No others.{hidden_sentence(hidden)}"
    return Drawing(canvas.spec(), alt)


def _draw_tiles(canvas: Canvas, places: Mapping[str, tuple[float, float]], known: Mapping[str, Item]) -> None:
    """Tiles with the name of their region and its number; `places` are the upper left corners."""
    full: list[dict[str, float]] = []
    empty: list[dict[str, float]] = []
    numbers: list[tuple[float, float, str]] = []
    labels: list[tuple[float, float, str]] = []
    without: list[tuple[float, float, str]] = []
    for name, (x, y) in places.items():
        item = known.get(name)
        has = item is not None and item.value is not None and item.value > 0
        (full if has else empty).append({"x": x, "x2": x + _WIDE, "y": y, "y2": y + _TALL})
        labels.append((x + _WIDE / 2, y + 22, wrapped(name, _WIDE - 12, SMALL, 2)))
        middle = (x + _WIDE / 2, y + _TALL - 20)
        if has and item is not None:
            numbers.append((*middle, number_at_mark(item, "count")))
        else:
            without.append((*middle, item.status if item is not None and item.value is None else "0"))
    edges = ("x", "x2", "y", "y2")
    canvas.add({"type": "bar", "color": "#d7e6f1", "stroke": BAR_EDGE, "strokeWidth": 1.5}, full, edges)
    canvas.add({"type": "bar", "color": "#f5f7f8", "stroke": "#7d8894", "strokeWidth": 1}, empty, edges)
    canvas.text(labels, align="center", size=SMALL)
    canvas.text(numbers, align="center", size=20, bold=True)
    canvas.text(without, align="center", size=16, color=MUTED)
