"""What charts are drawn on: colours, texts and their widths, round numbers for axes, layers of a Vega-Lite plot.

Labels are placed from a table of character widths, because the engine measures text with the fonts of the machine: slow
(most of the time of a chart), and another picture on another machine. See `reporting.svg`.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from reporting.document.blocks import printable

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
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
SIZE = 13
SMALL = 12
LINE = 16

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


def use_theme() -> None:
    """Have altair draw everything in this look, for whoever makes charts of a release in a notebook."""
    import altair  # half a second, and the reports do without

    @altair.theme.register("insights", enable=True)
    def theme() -> altair.theme.ThemeConfig:
        return altair.theme.ThemeConfig(config=cast(Any, THEME))


# Widths of Helvetica's characters in thousandths of the size; what is not listed is 556, capitals 690.
_WIDTHS = {
    **dict.fromkeys("fijlt!.,:;/|I'[]() \u2009", 285),
    **dict.fromkeys("r-", 333),
    **dict.fromkeys("ckszxvy", 500),
    **dict.fromkeys("mM", 833),
    **dict.fromkeys("wWO%&@", 790),
    **dict.fromkeys("–+<>=", 584),
}


def show(value: float, unit: str = "%", places: int | None = None) -> str:
    """A number as charts print it, rounded half up: `54 %`, `1,234`, `54.1 per 10,000`, `6 weeks`.

    `places` decimals; None takes none for percentages and whole numbers, one for everything else.
    """
    exact = Decimal(repr(float(value)))
    if places is None:
        places = 0 if unit.startswith("%") or unit == "count" or exact == exact.to_integral_value() else 1
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    number = f"{rounded + 0:,}"
    if unit.startswith("%"):
        return f"{number} %"
    return number if unit in ("", "count") else f"{number} {unit}"


def text_width(text: str, size: float = SIZE) -> float:
    """About how wide a text is, in pixels: the widest of its lines, in a sans-serif font of that size."""
    widest = 0
    for line in text.split("\n"):
        width = 0
        for character in line:
            if character in _WIDTHS:
                width += _WIDTHS[character]
            elif unicodedata.combining(character):
                continue
            elif unicodedata.east_asian_width(character) in "WF":
                width += 1000
            else:
                width += 690 if character.isupper() else 556
        widest = max(widest, width)
    return widest * size / 1000


def wrapped(text: str, width: float, size: float = SIZE, most_lines: int = 3) -> str:
    """The text in lines no wider than `width` pixels; what does not fit in the last line ends in an ellipsis."""
    lines: list[str] = []
    for word in printable(text).replace("\n", " ").split():
        while text_width(word, size) > width and len(word) > 4:
            cut = len(word)
            while cut > 4 and text_width(word[:cut], size) > width:
                cut -= 1
            lines.append(word[:cut])
            word = word[cut:]
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most_lines:
        last = lines[most_lines - 1]
        while last and text_width(f"{last}…", size) > width:
            last = last[:-1]
        lines = [*lines[: most_lines - 1], f"{last.rstrip()}…"]
    return "\n".join(lines)


def round_ticks(largest: float, most: int = 5, *, whole: bool = False) -> list[float]:
    """Round numbers from 0 to at least `largest`, not more than `most` steps; `whole` for counts."""
    if largest < 1e-9:
        return [0.0, 1.0]
    power = math.floor(math.log10(largest / most))
    step = next(step for factor in (1, 2, 5, 10) if (step := factor * 10.0**power) * most >= largest or factor == 10)
    if whole:
        step = max(1.0, step)
    return [round(index * step, 10) for index in range(math.ceil(largest / step - 1e-9) + 1)]


class Canvas:
    """Collects layers on a plot with fixed margins. Positions are pixels, or values where a domain is given."""

    def __init__(
        self,
        width: float,
        height: float,
        *,
        left: float = 0,
        right: float = 0,
        top: float = 0,
        bottom: float = 0,
        x_domain: tuple[float, float] | None = None,
        y_domain: tuple[float, float] | None = None,
    ) -> None:
        self.width, self.height = round(width), round(height)
        self.padding = {"left": round(left), "right": round(right), "top": round(top), "bottom": round(bottom)}
        self.x_domain, self.y_domain = x_domain, y_domain
        self.layers: list[dict[str, Any]] = []

    def x_at(self, pixels: float) -> float:
        """The value that lies so many pixels right of the plot's left edge."""
        if self.x_domain is None:
            return pixels
        low, high = self.x_domain
        return low + pixels * (high - low) / self.width

    def y_at(self, pixels: float) -> float:
        """The value that lies so many pixels below the plot's upper edge."""
        if self.y_domain is None:
            return pixels
        low, high = self.y_domain
        return high - pixels * (high - low) / self.height

    def _channel(self, name: str, field: str) -> dict[str, Any]:
        domain = self.x_domain if name[0] == "x" else self.y_domain
        if name in ("x2", "y2"):
            return {"field": field}
        scale = None if domain is None else {"domain": list(domain), "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": None}

    def add(
        self,
        mark: Mapping[str, Any],
        rows: Sequence[Mapping[str, Any]],
        channels: Iterable[str] = ("x", "y"),
        **encoding: Mapping[str, Any],
    ) -> None:
        """A layer of marks; `channels` are the positions its rows hold, by their names."""
        if not rows:
            return
        positions = {name: self._channel(name, name) for name in channels}
        self.layers.append(
            {"data": {"values": [dict(row) for row in rows]}, "mark": dict(mark), "encoding": {**positions, **encoding}}
        )

    def text(
        self,
        rows: Sequence[tuple[float, float, str]],
        *,
        align: str = "left",
        color: str = INK,
        size: float = SIZE,
        bold: bool = False,
        dx: float = 0,
        dy: float = 0,
    ) -> None:
        """Texts at (x, y), their lines centred on y."""
        mark: dict[str, Any] = {"type": "text", "align": align, "baseline": "middle", "color": color, "fontSize": size}
        mark |= {"lineBreak": "\n", "lineHeight": LINE}
        if bold:
            mark["fontWeight"] = "bold"
        if dx:
            mark["dx"] = dx
        if dy:
            mark["dy"] = dy
        values = [{"x": x, "y": y, "text": printable(text)} for x, y, text in rows if text]
        self.add(mark, values, text={"field": "text", "type": "nominal"})

    def value_axis_x(self, ticks: Sequence[float], unit: str, title: str) -> None:
        """Grid lines over the plot and their numbers below it."""
        self.add(
            {"type": "rule", "color": GRID},
            [{"x": tick, "y": self.y_at(0), "y2": self.y_at(self.height)} for tick in ticks],
            ("x", "y", "y2"),
        )
        self.text(
            [(tick, self.y_at(self.height + 14), show(tick, "%" if unit.startswith("%") else "")) for tick in ticks],
            align="center",
            color=MUTED,
            size=SMALL,
        )
        if title:
            middle = self.x_at(self.width / 2)
            self.text([(middle, self.y_at(self.height + 34), title)], align="center", color=MUTED, size=SMALL)

    def value_axis_y(self, ticks: Sequence[float], unit: str, title: str) -> None:
        """Grid lines over the plot, their numbers left of it, and the title above."""
        self.add(
            {"type": "rule", "color": GRID},
            [{"x": self.x_at(0), "x2": self.x_at(self.width), "y": tick} for tick in ticks],
            ("x", "x2", "y"),
        )
        self.text(
            [(self.x_at(-8), tick, show(tick, "%" if unit.startswith("%") else "")) for tick in ticks],
            align="right",
            color=MUTED,
            size=SMALL,
        )
        if title:
            self.text([(self.x_at(-self.padding["left"]), self.y_at(-20), title)], color=MUTED, size=SMALL)

    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification."""
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "config": THEME,
            "autosize": {"type": "none", "contains": "content"},
            "padding": self.padding,
            "width": self.width,
            "height": self.height,
            "layer": self.layers,
        }
