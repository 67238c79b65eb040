"""What charts are drawn on: layers of a Vega-Lite plot with fixed margins, placed in pixels or in values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reporting.charts.look import GRID, INK, MUTED, SIZE, SMALL, THEME
from reporting.charts.texts import short_unit, show
from reporting.document.blocks import printable
from reporting.document.lettering import LINE


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
            [(tick, self.y_at(self.height + 14), show(tick, short_unit(unit))) for tick in ticks],
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
            [(self.x_at(-8), tick, show(tick, short_unit(unit))) for tick in ticks],
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
