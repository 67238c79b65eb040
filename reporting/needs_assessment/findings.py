"""The sentence under an indicator, drawn by rule: against England, against the neighbours, over the years.

A benchmark inside the local 95 % interval, limits included, is similar; outside it, higher or lower, and better or
worse where the indicator has a polarity [Fingertips technical guide]. Without an interval or a value nothing is
compared, and a hidden figure gets no sentence: its word would say where it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.figures import Figure

_TREND = {"no significant change": "no significant trend over five years"}


@dataclass(frozen=True)
class Compared:
    """A figure of the area and what is published for others in the same period."""

    figure: Figure
    england: float | None
    neighbours: float | None


def against(figure: Figure, benchmark: float | None) -> str:
    """higher, lower, similar, or not compared: the local interval against a published value."""
    if benchmark is None or figure.is_hidden or figure.value is None:
        return "not compared"
    if figure.lower_95 is None or figure.upper_95 is None:
        return "not compared"
    if figure.lower_95 <= benchmark <= figure.upper_95:
        return "similar"
    return "higher" if figure.lower_95 > benchmark else "lower"


def judged(word: str, polarity: str | None) -> str:
    """better or worse beside higher or lower, where it is known which of the two is good; otherwise nothing.

    `polarity` names the good direction: higher or lower.
    """
    if word not in {"higher", "lower"} or polarity not in {"higher", "lower"}:
        return ""
    return "better" if word == polarity else "worse"


def comparisons(one: Compared, polarity: str | None) -> list[str]:
    """higher than England (worse), similar to statistical neighbours: one text per benchmark that can be compared."""
    found = []
    for name, benchmark in (("England", one.england), ("statistical neighbours", one.neighbours)):
        word = against(one.figure, benchmark)
        if word == "not compared":
            continue
        quality = judged(word, polarity)
        text = f"similar to {name}" if word == "similar" else f"{word} than {name}"
        found.append(f"{text} ({quality})" if quality else text)
    return found


def trend(series: Sequence[Figure]) -> str:
    """The trend of the latest year in words, or nothing where there is none, it is not tested or a year is hidden."""
    latest = series[-1]
    word = latest.recent_trend
    if not word or word in {"cannot be calculated", "not tested"} or any(figure.is_hidden for figure in series[-5:]):
        return ""
    return _TREND.get(word, f"{word} over five years")


def sentence(
    series: Sequence[Compared], *, polarity: str | None, values: Sequence[str]
) -> tuple[str, tuple[Figure, ...]] | None:
    """The finding of an indicator from its years in order, with the figures that it says; None where nothing can be.

    `values` are the printed values of the same years. Only equal periods are compared: where nothing is published for
    others for the latest year of the area, that is said, and the comparison is one of an earlier year, named.
    """
    if not series:
        return None
    latest = series[-1].figure
    parts: list[str] = []
    said: list[Figure] = []
    with_benchmark = [
        place for place, one in enumerate(series) if one.england is not None or one.neighbours is not None
    ]
    if not latest.is_hidden and latest.value is not None:
        words = [*comparisons(series[-1], polarity), *filter(None, [trend([one.figure for one in series])])]
        if with_benchmark and with_benchmark[-1] != len(series) - 1:
            words.append("with nothing published for others yet")
        if words:
            parts.append(f"{latest.period_label}: {values[-1]}, {_joined(words)}.")
            said.append(latest)
    if with_benchmark and with_benchmark[-1] != len(series) - 1:
        place = with_benchmark[-1]
        words = comparisons(series[place], polarity)
        if words:
            parts.append(
                f"Compared for {series[place].figure.period_label}, the latest published for others: {values[place]}, "
                f"{_joined(words)}."
            )
            said.append(series[place].figure)
    return (" ".join(parts), tuple(said)) if parts else None


def together(label: str, ratio: Figure) -> str | None:
    """Whether two or three factors meet more often than chance brings them together; None where it is not shown."""
    if ratio.is_hidden or ratio.value is None or ratio.lower_95 is None or ratio.upper_95 is None:
        return None
    if ratio.lower_95 > 1:
        return f"{label}: more often together than chance would bring them."
    if ratio.upper_95 < 1:
        return f"{label}: less often together than chance would bring them."
    return f"{label}: together about as often as by chance."


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, {words[-1]}"
