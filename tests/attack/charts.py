"""What is drawn: lengths of bars, ends of intervals and texts of charts, against what printed counts give."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.attack.printed import Printed, numbers

SPOT = re.compile(r"translate\(([-\d.]+),\s*([-\d.]+)\)")
ACROSS = re.compile(r"^M0,[-\d.]+h([\d.]+)v")
UPRIGHT = re.compile(r"^M[\d.]+,[-\d.]+h[\d.]+v([\d.]+)h")


@dataclass
class Shape:
    """A bar, a line or a text of a chart, in its own coordinates."""

    kind: str
    values: dict[str, str]
    text: str = ""


@dataclass
class Chart:
    """A chart: the indicator it is of and what is drawn."""

    name: str
    shapes: list[Shape] = field(default_factory=list)


def compare_chart(chart: Chart, everything: Printed) -> list[str]:
    """Numbers in a chart that the open data do not print, and lengths that are of no printed counts."""
    made: list[str] = []
    steps = _axis([shape.text for shape in chart.shapes if shape.kind == "text"])
    for shape in chart.shapes:
        if shape.kind == "text" and shape.text.replace(" %", "").replace(",", "") not in steps:
            strange = [number for number in numbers(shape.text) if not everything.has(number)]
            made.extend(f"chart {chart.name}: {number} in {shape.text}" for number in strange)
    for anchor, coordinate in (("middle", 0), ("end", 1)):
        scale, zero = _scale(chart, anchor, coordinate)
        if scale:
            made.extend(_lengths(chart, everything, abs(scale), upright=coordinate == 1))
            made.extend(_intervals(chart, everything, scale, zero, upright=coordinate == 1))
    return made


def _axis(texts: list[str]) -> set[str]:
    """Numbers of an axis: from 0 on in equal steps."""
    plain = {text.replace(" %", "").replace(",", "") for text in texts}
    found = sorted(int(text) for text in plain if text.isdigit())
    if len(found) < 3 or found[0] != 0:
        return set()
    for step in found[1:4]:
        run = {step * place for place in range(len(found)) if step * place in found}
        if len(run) >= 3 and run == {step * place for place in range(len(run))}:
            return {str(value) for value in run}
    return set()


def _scale(chart: Chart, anchor: str, coordinate: int) -> tuple[float, float]:
    """How long one per cent is, and where none is; 0 where the chart has no such axis."""
    ticks = []
    for shape in chart.shapes:
        spot, label = SPOT.match(shape.values.get("transform", "")), re.match(r"^(\d+) %$", shape.text)
        if shape.kind == "text" and spot and label and shape.values.get("text-anchor") == anchor:
            ticks.append(((float(spot.group(1)), float(spot.group(2))), int(label.group(1))))
    if not ticks:
        return 0.0, 0.0
    across = ticks[0][0][1 - coordinate]
    axis = sorted({(place[coordinate], share) for place, share in ticks if place[1 - coordinate] == across})
    if len(axis) < 3 or axis[-1][1] == axis[0][1]:
        return 0.0, 0.0
    scale = (axis[-1][0] - axis[0][0]) / (axis[-1][1] - axis[0][1])
    zero = axis[0][0] - scale * axis[0][1] - (4.0 if coordinate == 1 else 0.0)
    return scale, zero


def _lengths(chart: Chart, everything: Printed, scale: float, upright: bool) -> list[str]:
    made = []
    for shape in chart.shapes:
        bar = (UPRIGHT if upright else ACROSS).match(shape.values.get("d", ""))
        if shape.kind == "path" and bar:
            share = float(bar.group(1)) / scale
            if not everything.near_share(share, 0.006 / scale + 0.002):
                made.append(f"chart {chart.name}: a bar of {share:.3f} % is no share of printed counts")
    return made


def _intervals(chart: Chart, everything: Printed, scale: float, zero: float, upright: bool) -> list[str]:
    """Lines along the axis that are not whole gridlines: both their ends have to be limits of printed counts."""
    made = []
    along, beside = ("y2", "x2") if upright else ("x2", "y2")
    for shape in chart.shapes:
        spot = SPOT.match(shape.values.get("transform", ""))
        if shape.kind != "line" or not spot or shape.values.get("stroke-width") != "1.5":
            continue
        if float(shape.values.get(beside, "0")) != 0 or abs(float(shape.values.get(along, "0"))) < 8.5:
            continue
        begin = float(spot.group(2 if upright else 1))
        ends = ((begin - zero) / scale, (begin + float(shape.values[along]) - zero) / scale)
        for end in ends:
            if not everything.near_limit(end, 0.006 / abs(scale) + 0.004):
                made.append(f"chart {chart.name}: an interval ends at {end:.3f} %, no limit of printed counts")
    return made
