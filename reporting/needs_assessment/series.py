"""Which figures of an indicator make a line or a row of parts, in which order they stand, what a part is called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from reporting.figures import Figure


def longest_run(figures: Sequence[Figure]) -> list[Figure]:
    """The longest run of totals over periods of one kind, in order of time."""
    kinds: dict[str, list[Figure]] = defaultdict(list)
    first = min((figure.row_order for figure in figures), default=1)
    for figure in sorted(figures, key=lambda one: (one.period, one.period_label)):
        if figure.breakdown == "total" and figure.row_order == first and figure.geography_level == "authority":
            kinds[_kind(figure.period_label)].append(figure)
    return max(kinds.values(), key=len, default=[])


def latest_parts(own: Sequence[Figure]) -> list[Figure]:
    """The parts of the latest whole year of what has parts only: duration bands, classes, sexes."""
    parts = [figure for figure in own if figure.breakdown not in {"total", "basis", "summary"}]
    if not parts:
        return []
    kinds: dict[str, list[Figure]] = defaultdict(list)
    for figure in parts:
        kinds[_kind(figure.period_label)].append(figure)
    run = max(kinds.values(), key=len)
    last = max(run, key=lambda figure: figure.period)
    return sorted((figure for figure in run if figure.period_label == last.period_label), key=part_place)


def part_label(figure: Figure) -> str:
    """The part that a figure is of, in words."""
    label = figure.breakdown_value.replace("_", " ")
    return label[:1].upper() + label[1:]


def part_place(figure: Figure) -> tuple[int, float, str]:
    """Bands of numbers in their order, what is not recorded last."""
    label = figure.breakdown_value
    if "not recorded" in label or label in {"unknown", "unclassified", "other"}:
        return (1, 0.0, label)
    number = re.search(r"\d+", label)
    if number is None:
        return (0, 0.0, label)
    above = 0.5 if label.startswith(("over", "more")) else -0.5 if label.startswith(("less", "under")) else 0.0
    return (0, int(number.group()) + above, label)


def _kind(label: str) -> str:
    """Periods of one kind differ in digits only: 2014-15 and 2015-16, not 31 March 2016."""
    return re.sub(r"\d+", "#", label)
