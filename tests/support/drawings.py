"""A drawing of each kind of chart, and how the tests of charts look at one."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

from reporting.charts.bars import bars
from reporting.charts.curves import Curve, curves
from reporting.charts.drawing import Drawing, Item
from reporting.charts.flow import Ribbon, flow
from reporting.charts.grouped_bars import BarGroup, grouped_bars
from reporting.charts.histogram import histogram
from reporting.charts.lines import Series, lines
from reporting.charts.steps import steps
from reporting.charts.texts import text_width
from reporting.charts.tile_map import tile_map
from reporting.charts.upset import Combination, upset
from reporting.document import chart_svg
from reporting.document.blocks import Chart
from reporting.document.lettering import LINE

HIDDEN = Item("Hidden one", None, n=40, status="c")
SOME = (Item("Yes", 54.5, 50.0, 58.0, 118), HIDDEN, Item("No", 6.0, 3.0, 9.0, 118), Item("Missing", 0.0, 0.0, 0.5, 118))
YEARS = (Item("2021-22", 10.0, 8.0, 12.0), Item("2022-23", None, status="c"), Item("2023-24", 14.0, 11.0, 17.0))

# Each chart with exactly one hidden figure: the drawing, and how many marks of which type have to be there.
DRAWN: dict[str, tuple[Drawing, str, int]] = {
    "bars": (bars(SOME, title="% of children"), "bar", 3),
    "grouped_bars": (
        grouped_bars((BarGroup("Under 5", YEARS), BarGroup("5 to 11", YEARS[:1] + YEARS[2:] * 2))),
        "bar",
        5,
    ),
    "lines": (lines((Series("Area", YEARS), Series("England", YEARS[:1] * 3))), "point", 5),
    "histogram": (histogram(SOME, axis="Age"), "bar", 3),
    "flow": (
        flow(
            (Ribbon("Yes", "No", 80), Ribbon("Yes", "Yes", 10), Ribbon("No", "No", 60), Ribbon("No", "Yes", None, "c")),
            source="Intake",
            target="Exit",
        ),
        "area",
        3 * 17,
    ),
    "upset": (
        upset(("A", "B"), (Combination(("A",), 40), Combination(("A", "B"), None, "c"), Combination((), 7)), most=8),
        "bar",
        2 + 1,  # one stripe of the matrix
    ),
    "steps": (steps((Item("Referral", 900), Item("Enquiry", 200), Item("Plan", None, status="c"))), "bar", 2),
    "tile_map": (
        tile_map({"London": Item("", 3), "North West": Item("", None, status="c")}),
        "bar",
        9,  # a tile for each region, whatever stands in it
    ),
}
CURVES = curves(
    (Curve("2022-23", ((0, 0.0, 0.0, 0.0), (6, 4.0, 3.0, 5.0), (12, 9.0, 7.0, 11.0))),),
    axis="Months since the case closed",
)


def layers(drawing: Drawing) -> list[Mapping[str, Any]]:
    assert drawing.spec is not None
    return list(drawing.spec["layer"])


def rows_of(drawing: Drawing, kind: str) -> list[Mapping[str, Any]]:
    return [row for one in layers(drawing) if one["mark"]["type"] == kind for row in one["data"]["values"]]


def drawn(drawing: Drawing, chart_id: str = "one") -> ET.Element:
    chart = drawing.block(chart_id, "A title")
    assert isinstance(chart, Chart)
    return ET.fromstring(chart_svg.element(chart))


def texts(root: ET.Element) -> list[str]:
    return ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]


def assert_texts_inside(root: ET.Element, name: str) -> None:
    _, _, width, height = (float(part) for part in root.get("viewBox", "").split())

    def walk(element: ET.Element, x: float, y: float) -> None:
        moved = element.get("transform", "")
        if moved.startswith("translate("):
            right, down = moved[10 : moved.index(")")].split(",")
            x, y = x + float(right), y + float(down)
        if element.tag.endswith("}text"):
            size = float(element.get("font-size", "13px").removesuffix("px"))
            lines = [line.text or "" for line in element] or [element.text or ""]
            wide = max(text_width(line, size) for line in lines)
            start = x - {"end": wide, "middle": wide / 2}.get(element.get("text-anchor", "start"), 0)
            assert start >= -1, (name, lines)
            assert start + wide <= width + 1, (name, lines)
            tall = (len(lines) - 1) * LINE / 2
            assert y - tall - size / 2 >= -1, (name, lines)
            assert y + tall <= height + 1, (name, lines)
        for child in element:
            walk(child, x, y)

    walk(root, 0, 0)
