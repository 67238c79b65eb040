"""How all charts look: colours, dashes, shapes, sizes of text, and the theme that holds them for Vega-Lite."""

from __future__ import annotations

from typing import Any

from reporting.document.lettering import FONT

INK = "#1b2733"
MUTED = "#56616d"
GRID = "#dfe4e8"
# Blue, orange, teal, purple, grey: told apart with each kind of colour blindness, and 4.5 : 1 on white for text.
SERIES = ("#123f6e", "#c05600", "#1a7f5a", "#7b3f8c", "#5b6470")
BAR = "#4a8cbb"
BAR_EDGE = "#1f5f8b"
# Years from the oldest to the latest; the edge carries the contrast of the light ones.
YEAR_SHADES = ("#d7e6f1", "#93bcd8", "#3f83b5")
DASHES: tuple[list[int], ...] = ([1, 0], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2])
SHAPES = ("circle", "diamond", "square", "triangle-up", "cross")
SIZE = 13
SMALL = 12

FILLED_BAR = {"type": "bar", "color": BAR, "stroke": BAR_EDGE, "strokeWidth": 1}

THEME: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "range": {"category": list(SERIES)},
    "text": {"fontSize": SIZE, "color": INK, "lineBreak": "\n"},
    "bar": {"color": BAR, "stroke": BAR_EDGE, "strokeWidth": 1},
    "line": {"strokeWidth": 2.5},
    "rule": {"color": INK},
    "axis": {"labelFontSize": SMALL, "titleFontSize": SMALL, "gridColor": GRID, "labelColor": INK, "titleColor": INK},
}


def series_color(number: int) -> str:
    """The colour of the series of that number, from 0."""
    return SERIES[number % len(SERIES)]
