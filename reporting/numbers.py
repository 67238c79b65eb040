"""How a number of a figure is printed, in one place: commas, half-up decimals, intervals, symbols."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from reporting.figures import Figure

MINUS = "−"

# What each symbol that is printed in the place of a number stands for; the same symbols as in the open data files. What
# those call low is printed as the 0 that it rounds to, beside its count.
SYMBOLS: Mapping[str, str] = {
    "c": "confidential: hidden so that no child can be recognised",
    "z": "not applicable: nobody is in the base, or no percentage can be taken",
    "x": "not available: nothing delivered holds it, or the question was not asked",
}

_SHARES = {"percentage", "per_100"}
_COUNTS = {"count", "services"}
_MARKS = {
    "increase": "▲ increase",
    "decrease": "▼ decrease",
    "higher": "▲ higher",
    "lower": "▼ lower",
}


def whole(value: int) -> str:
    """A count with commas between thousands."""
    return f"{value:,}".replace("-", MINUS)


def decimal(value: float, decimals: int, *, signed: bool = False) -> str:
    """A number with that many decimals, rounded half up on its shortest decimal form; signed puts + before gains."""
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(exact):,}"
    if exact < 0:
        return f"{MINUS}{text}"
    return f"+{text}" if signed and exact > 0 else text


def interval(lower: float, upper: float, *, signed: bool = False, decimals: int = 1) -> str:
    """Both limits of an interval, with one decimal where nothing else is asked for: 95.1 to 96.8."""
    return f"{decimal(lower, decimals, signed=signed)} to {decimal(upper, decimals, signed=signed)}"


def p_value(value: float) -> str:
    """A p value as journals print it: p = 0.034, or p < 0.001."""
    return "p < 0.001" if value < 0.001 else f"p = {decimal(value, 3)}"


def is_share(figure: Figure) -> bool:
    """Whether the figure is a part of its n, so that it has a percentage."""
    return figure.statistic in _SHARES


def value_text(figure: Figure, decimals: int) -> str:
    """The value as it is printed, with its unit where the column cannot say it; empty where there is none."""
    if figure.value_rounded is None:
        return ""
    number = decimal(figure.value_rounded, decimals)
    return number if is_share(figure) or figure.statistic in _COUNTS else f"{number} {figure.unit}"


def contrast_text(
    mark: str | None, size: float | None, lower: float | None, upper: float | None, *, decimals: int = 1
) -> str:
    """A change or a difference: the word first, then its size and interval; empty where nothing is compared."""
    if mark is None or size is None:
        return ""
    text = f"{_MARKS.get(mark, mark)} {decimal(size, decimals, signed=True)}"
    if lower is None or upper is None:
        return text
    return f"{text} ({interval(lower, upper, signed=True, decimals=decimals)})"


def part_text(figure: Figure, part: str, decimals: int = 0) -> str:
    """The text of one part of a figure; empty where the figure does not have that part.

    `part` is numerator, denominator, n, count_of_n, value, interval, change or difference. `decimals`
    are those of the value. Raises KeyError for any other part.
    """
    if part == "numerator":
        return "" if figure.numerator is None else whole(figure.numerator)
    if part == "denominator":
        return "" if figure.denominator is None else whole(figure.denominator)
    if part == "n":
        return "" if figure.denominator is None else f"n = {whole(figure.denominator)}"
    if part == "count_of_n":
        if figure.numerator is None and figure.denominator is None:
            return ""
        # One side can be hidden alone: a true zero of a hidden n, or a hidden count of a known n.
        return " of ".join("c" if side is None else whole(side) for side in (figure.numerator, figure.denominator))
    if part == "value":
        return value_text(figure, decimals)
    if part == "interval":
        return "" if figure.lower_95 is None or figure.upper_95 is None else interval(figure.lower_95, figure.upper_95)
    # Counts are whole numbers, and so is what lies between two of them.
    places = 0 if figure.statistic in _COUNTS else 1
    if part == "change":
        return contrast_text(
            figure.change_mark, figure.change, figure.change_lower_95, figure.change_upper_95, decimals=places
        )
    if part == "difference":
        return contrast_text(
            figure.comparison,
            figure.difference,
            figure.difference_lower_95,
            figure.difference_upper_95,
            decimals=places,
        )
    raise KeyError(part)
