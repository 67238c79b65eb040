"""Colours, dashes and shapes: told apart on white, and with each kind of colour blindness."""

from __future__ import annotations

import itertools

import pytest

from reporting.charts import look
from reporting.charts.lines import Series, lines
from tests.support.drawings import (
    YEARS,
    drawn,
    layers,
    texts,
)


def linear(color: str) -> tuple[float, float, float]:
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast_on_white(color: str) -> float:
    red, green, blue = linear(color)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_contrast() -> None:
    """WCAG 2.2: text 4.5 : 1, marks 3 : 1."""
    assert contrast_on_white("#ffffff") == pytest.approx(1)
    assert contrast_on_white("#000000") == pytest.approx(21)
    for color in (*look.SERIES, look.INK, look.MUTED):
        assert contrast_on_white(color) >= 4.5, color
    for color in (look.BAR, look.BAR_EDGE):
        assert contrast_on_white(color) >= 3, color


# Simulation of dichromacy on linear RGB: Machado, Oliveira and Fernandes (2009), severity 1.
DICHROMACY = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    red, green, blue = (min(1.0, max(0.0, part)) for part in rgb)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("kind", DICHROMACY)
def test_first_three_series_differ_with_each_kind_of_colour_blindness(kind: str) -> None:
    matrix = DICHROMACY[kind]
    seen = [
        lab(tuple(sum(weight * part for weight, part in zip(row, linear(color), strict=True)) for row in matrix))
        for color in look.SERIES[:3]
    ]
    for one, other in itertools.combinations(seen, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 >= 20


def test_series_differ_in_shape_and_dash_too() -> None:
    drawing = lines(tuple(Series(f"Area {index}", YEARS[:1] * 2) for index in range(4)))
    looks = [
        (str(one["mark"].get("strokeDash")), one["mark"]["color"])
        for one in layers(drawing)
        if one["mark"]["type"] == "line"
    ]
    shapes = [one["mark"]["shape"] for one in layers(drawing) if one["mark"]["type"] == "point"]
    assert len({dash for dash, _ in looks}) == len(set(shapes)) == len(looks) == 4
    for index in range(4):
        assert any(text.replace("\n", " ").startswith(f"Area {index}") for text in texts(drawn(drawing)))
