"""From a chart's specification to one accessible SVG element, without the engine measuring a single text.

The engine measures text with the fonts of the machine: that is most of the time of a chart, and gives another picture
on another machine. So it is handed no text at all; texts are written where it put their empty places.
"""

from __future__ import annotations

import functools
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

import vl_convert

from reporting.document.blocks import Chart, printable
from reporting.document.lettering import FONT, LINE

_SVG = "http://www.w3.org/2000/svg"
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
ET.register_namespace("", _SVG)
_REFERENCE = re.compile(r"^(url\(#)")
_KEPT_OUT = ("role", "aria-roledescription", "aria-label", "aria-hidden", "class", "pointer-events", "opacity")


def _without_text(spec: Any) -> Any:
    """The specification with every text moved to the description, where the engine does not measure it."""
    if isinstance(spec, list):
        return [_without_text(one) for one in spec]
    if not isinstance(spec, Mapping):
        return spec
    changed = {key: value if key == "data" else _without_text(value) for key, value in spec.items()}
    mark = changed.get("mark")
    encoding = changed.get("encoding")
    kind = mark.get("type") if isinstance(mark, Mapping) else mark
    if kind == "text" and isinstance(encoding, Mapping) and "field" in encoding.get("text", {}):
        changed["encoding"] = {**encoding, "text": {"value": ""}, "description": encoding["text"]}
    return changed


def _short(number: re.Match[str]) -> str:
    return f"{round(float(number.group()), 2):g}"


def _tidied(element: ET.Element) -> None:
    """Write the texts, and drop what only the engine's own pages need."""
    label = element.get("aria-label")
    tag = element.tag.rsplit("}", 1)[-1]
    if tag == "text" and not element.text and len(element) == 0 and label:
        rows = label.split("\n")
        if len(rows) == 1:
            element.text = label
        else:
            for index, row in enumerate(rows):
                line = ET.SubElement(element, f"{{{_SVG}}}tspan", {"x": "0"})
                line.set("dy", f"{-(len(rows) - 1) * LINE / 2:g}" if index == 0 else f"{LINE}")
                line.text = row
    faint = element.get("opacity")
    for name in _KEPT_OUT:
        element.attrib.pop(name, None)
    if faint is not None and faint != "1":
        element.set("opacity", faint)
    element.attrib.pop("font-family", None)
    for name, value in element.attrib.items():
        if name in ("d", "transform"):
            element.set(name, _NUMBER.sub(_short, value))
    for child in list(element):
        drawn = child.tag.rsplit("}", 1)[-1]
        if drawn == "path" and child.get("class") in ("background", "foreground") and not child.get("stroke"):
            element.remove(child)
            continue
        _tidied(child)
        if drawn == "g" and len(child) == 0:
            element.remove(child)


@functools.lru_cache(maxsize=2048)
def _drawn(specification: str) -> tuple[float, float, str, str]:
    """Width, height and inside of the SVG of a specification given as JSON, and what its ids begin with there.

    That beginning is a word which no text of the chart holds, so that it can be replaced by the id of a chart.
    """
    root = ET.fromstring(vl_convert.vegalite_to_svg(_without_text(json.loads(specification)), vl_version="6.4"))
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    _tidied(root)
    prefix = "the-chart-"
    while prefix in specification:
        prefix += "-"
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, f"{prefix}{value}")
            else:
                element.set(name, _REFERENCE.sub(rf"\g<1>{prefix}", value))
    root.attrib.clear()
    inside = ET.tostring(root, encoding="unicode")
    return width, height, inside[inside.index(">") + 1 : inside.rindex("<")], prefix


def _serial(chart: Chart) -> str:
    return json.dumps(chart.spec, sort_keys=True, ensure_ascii=False)


def size(chart: Chart) -> tuple[float, float]:
    """Width and height of the chart's SVG in pixels."""
    width, height, _, _ = _drawn(_serial(chart))
    return width, height


def element(chart: Chart) -> str:
    """The chart as one accessible SVG element: role img, title and description, ids that begin with the chart's id.

    It scales with its place (viewBox, no fixed size), names no font file and refers to nothing outside itself.
    """
    width, height, inside, placeholder = _drawn(_serial(chart))
    prefix = chart.chart_id
    inside = inside.replace(placeholder, f"{prefix}-")
    return (
        f'<svg xmlns="{_SVG}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img" '
        f'aria-labelledby="{prefix}-title {prefix}-desc" font-family="{FONT}">'
        f'<title id="{prefix}-title">{_escaped(chart.title)}</title>'
        f'<desc id="{prefix}-desc">{_escaped(chart.alt)}</desc>{inside}</svg>'
    )


def _escaped(text: str) -> str:
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
