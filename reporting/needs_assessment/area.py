"""One authority: its name, its figures, and how its numbers are printed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.errors import ReportError
from reporting.figures import Figure, Figures
from reporting.needs_assessment.cells import Decimals

# Whose published figures stand beside those of an area: the level of the geography, and its heading.
BENCHMARKS = (("country", "England"), ("statistical_neighbours", "Neighbours"))


@dataclass(frozen=True)
class Area:
    """What the sections of one area need: its name, its figures by indicator and analysis, how numbers are printed.

    `prefix` opens the ids of all its sections, tables and charts.
    """

    code: str
    name: str
    prefix: str
    indicators: Mapping[str, Sequence[Figure]]
    analyses: Mapping[str, Sequence[Figure]]
    decimals: Decimals


def areas(figures: Figures) -> list[tuple[str, str]]:
    """Code and name of every authority that has figures, in order of the code."""
    codes = {
        figure.geography_code
        for figure in figures.select(source="indicator_value", theme="social_care", geography_level="authority")
    }
    names = _names(figures)
    return [(code, names.get(code, code)) for code in sorted(codes)]


def read_area(figures: Figures, code: str) -> Area:
    """All that the sections of an authority need, England's figures with it.

    Raises ReportError, listing what there is, for an area that is not known at all.
    """
    name = name_of_area(figures, code)
    indicators: dict[str, list[Figure]] = defaultdict(list)
    analyses: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures.select(theme="social_care"):
        if figure.geography_level == "country" or figure.geography_code == code:
            (indicators if figure.source == "indicator_value" else analyses)[figure.indicator_id].append(figure)
    prefix = f"area-{re.sub(r'[^a-z0-9]+', '-', code.lower())}"
    return Area(code, name, prefix, indicators, analyses, Decimals(figures))


def name_of_area(figures: Figures, code: str) -> str:
    """The name of an authority. Raises ReportError, listing what there is, for one that is not known at all."""
    with_figures = dict(areas(figures))
    known = {**_names(figures), **with_figures}
    if code not in known:
        raise ReportError(
            f"There is no area {code} with figures in this release; no chapter was made. "
            f"There are: {', '.join(sorted(with_figures)) or 'none'}."
        )
    return known[code]


def _names(figures: Figures) -> dict[str, str]:
    return {str(code): str(name) for code, name in figures.query("select la_code, area_name from marts.dim_authority")}
