"""Texts on charts: how wide one is, where it breaks, how a number is written, round numbers for an axis.

Labels are placed from a table of character widths, because the engine measures text with the fonts of the machine: slow
(most of the time of a chart), and another picture on another machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from reporting.charts.look import SIZE
from reporting.document.blocks import printable
from reporting.document.lettering import em_width


def show(value: float, unit: str = "%") -> str:
    """A number as charts print it, rounded half up: `54 %`, `1,234`, `54.1 per 10,000`, `6 weeks`.

    Percentages, counts and whole numbers have no decimals, everything else has one.
    """
    exact = Decimal(repr(float(value)))
    places = 0 if unit.startswith("%") or unit == "count" or exact == exact.to_integral_value() else 1
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    number = f"{rounded + 0:,}"
    if unit.startswith("%"):
        return f"{number} %"
    return number if unit in ("", "count") else f"{number} {unit}"


def short_unit(unit: str) -> str:
    """What of a unit stands at each number of a chart: its percent sign, else nothing."""
    return "%" if unit.startswith("%") else ""


def text_width(text: str, size: float = SIZE) -> float:
    """About how wide a text is, in pixels: the widest of its lines, in a sans-serif font of that size."""
    return em_width(text) * size


def widest(texts: Iterable[str], size: float = SIZE) -> float:
    """The width of the widest of some texts, in pixels."""
    return max(text_width(text, size) for text in texts)


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


def lines_of(text: str) -> int:
    """How many lines a text has."""
    return text.count("\n") + 1


def round_ticks(largest: float, most: int = 5, *, whole: bool = False) -> list[float]:
    """Round numbers from 0 to at least `largest`, not more than `most` steps; `whole` for counts."""
    if largest < 1e-9:
        return [0.0, 1.0]
    power = math.floor(math.log10(largest / most))
    step = next(step for factor in (1, 2, 5, 10) if (step := factor * 10.0**power) * most >= largest or factor == 10)
    if whole:
        step = max(1.0, step)
    return [round(index * step, 10) for index in range(math.ceil(largest / step - 1e-9) + 1)]
