"""What a reader has to know of a figure besides its number: its indicator, what its n counts, how it was made."""

from __future__ import annotations

from collections.abc import Mapping

from reporting.figures import Figure
from reporting.indicators import Indicator
from reporting.open_data.ees import plain
from reporting.protection import method_named

NOT_STATED = "Not stated"
_AVERAGES = {"mean": "Mean", "median": "Median"}
# Of these no count of ours is printed.
_WITHOUT_COUNTS = {
    "comparator": "Published by others",
    "model": "Estimate published by others",
    "services": "Number of services",
    "external": "Not held by the forms",
}


def counted_of(figure: Figure, indicator: Indicator | None, populations: Mapping[str, str]) -> str:
    """What the n of a figure counts, in words; of a count without an n what itself counts."""
    if figure.statistic == "services":
        return "Services"
    if figure.population_id is not None:
        return populations.get(figure.population_id, plain(figure.population_id))
    said = () if indicator is None else (indicator.n_counts, indicator.numerator)
    text = next((plain(one) for one in said if one is not None and one != "none"), NOT_STATED)
    return text[:1].upper() + text[1:]


def method_of(figure: Figure) -> str:
    """How a figure was made and protected, in a few words that are the same for all figures made alike."""
    if figure.statistic in _WITHOUT_COUNTS:
        return _WITHOUT_COUNTS[figure.statistic]
    if figure.method is None:
        return NOT_STATED
    base = figure.rounded_to
    if figure.statistic in _AVERAGES:
        of = "small counts hidden" if base is None else f"of the true numbers, n rounded to multiples of {base}"
        return f"{_AVERAGES[figure.statistic]}: {of}"
    name = method_named(base)
    return f"Rate over a known population or time: {name[:1].lower()}{name[1:]}" if figure.statistic == "rate" else name
