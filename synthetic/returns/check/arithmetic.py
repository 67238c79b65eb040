"""Days, years, shares and rounding as the document has them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

LONG_AGO, FAR_AHEAD = date(1990, 1, 1), date(2018, 3, 31)
Result = tuple[float, int | None, int | None]  # value, numerator, denominator
Figures = dict[tuple[str, str, str], Result]  # by indicator, period, breakdown


def half_up(value: float, decimals: int) -> float:
    """Rounded as the document rounds."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP))


def day_of(text: str | None) -> date | None:
    """A day of any of the formats, or nothing for what is no day or lies outside all years."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%d/%m/%Y").date() if "/" in text else date.fromisoformat(text[:10])  # noqa: DTZ007  (a day)
    except ValueError:
        return None
    return day if LONG_AGO <= day <= FAR_AHEAD else None


def year_of(day: date) -> int:
    """Year of the 31 March on or after a day."""
    return day.year + (day.month > 3)


def rate(count: int, children: int) -> Result:
    """Per 10,000 children."""
    return count / children * 10_000, count, children


def share(count: int, base: int) -> Result:
    """Per cent."""
    return 100 * count / base, count, base
