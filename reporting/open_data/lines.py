"""Every published figure with its place in the report, in the order in which rows of one table lie together.

All numbers come from `marts.published_value`; labels come from `marts.indicator`, `reference.breakdown` and
`reference.authority`, which hold no count of children.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import NamedTuple

from reporting.figures import Figure, Figures
from reporting.indicators import read_indicators
from reporting.open_data import titles
from reporting.open_data.ees import plain
from reporting.open_data.meaning import NOT_STATED, counted_of
from reporting.open_data.titles import words
from reporting.programme import ReleaseProgramme
from reporting.protection import Protected

_POINTS = ("", "intake", "review", "exit")


class Line(NamedTuple):
    """One published figure, where it stands (section and subsection, title and order of its indicator), and what its n
    counts.

    `parent_label` is the heading above it in its table; None where the title says it, or there is none.
    """

    figure: Figure
    section: str
    subsection: str
    title: str
    order: int
    parent_label: str | None
    counted: str = NOT_STATED


@dataclass(frozen=True)
class Labels:
    """Names of breakdowns, populations, services and authorities (code of the area, name), by their code; how the years
    are protected; the month and day on which a year of the forms begins."""

    breakdowns: Mapping[str, str]
    authorities: Mapping[str, tuple[str, str]]
    populations: Mapping[str, str]
    services: Mapping[str, str]
    protected: tuple[Protected, ...] = ()
    year_starts: tuple[int, int] = (4, 1)


def read(database: Path) -> tuple[list[Line], Labels, ReleaseProgramme]:
    """The published figures of a release, of the themes of its programme, and the names that belong to them."""
    with Figures(database, "public") as figures:
        labels = _read_labels(figures)
        return _read_lines(figures, labels.populations), labels, figures.programme


def _read_lines(figures: Figures, populations: Mapping[str, str]) -> list[Line]:
    known = {(one.theme, one.indicator_id): one for one in read_indicators(figures)}
    found = [figure for figure in figures.select() if figure.theme in figures.programme.themes]
    headings = _headings(found)
    lines = []
    for figure in found:
        indicator = known.get((figure.theme, figure.indicator_id))
        counted = counted_of(figure, indicator, populations)
        if figure.source != "indicator_value":
            heading = headings[figure.theme, figure.source, figure.indicator_id]
            title = heading or titles.TOPICS.get(figure.indicator_id, words(figure.indicator_id))
            lines.append(Line(figure, "", "", title, 0, None if heading else figure.parent_label, counted))
        elif indicator is None:
            lines.append(Line(figure, "", "", "", 0, figure.parent_label, counted))
        else:
            place = (indicator.section, indicator.subsection or "", indicator.title, indicator.indicator_order)
            lines.append(Line(figure, *place, figure.parent_label, counted))
    rows = figures.query("select breakdown, breakdown_order from reference.breakdown")
    breakdowns = {str(name): int(str(order)) for name, order in rows}
    return sorted(lines, key=lambda line: _place(line, breakdowns))


def _headings(found: Sequence[Figure]) -> dict[tuple[str, str, str], str | None]:
    """Of figures of other marts, by theme, source and indicator: the one heading that all of them stand under."""
    parents: dict[tuple[str, str, str], set[str | None]] = defaultdict(set)
    for figure in found:
        parents[figure.theme, figure.source, figure.indicator_id].add(figure.parent_label)
    return {key: next(iter(labels)) if len(labels) == 1 else None for key, labels in parents.items()}


def _place(line: Line, breakdowns: Mapping[str, int]) -> tuple[object, ...]:
    """Where a line stands among all: the rows of one table of the report together, the whole before its parts."""
    figure = line.figure
    return (
        figure.theme,
        figure.source,
        figure.period,
        figure.geography_level not in {"all_services", "country"},
        figure.geography_level,
        figure.geography_code,
        breakdowns.get(figure.breakdown, 0),
        "" if figure.breakdown == "total" else figure.breakdown,
        figure.breakdown_value,
        line.order or inf,
        figure.indicator_id,
        figure.period_label,
        _POINTS.index(figure.point) if figure.point in _POINTS else len(_POINTS),
        figure.point,
        figure.row_order,
        figure.column_order,
    )


def _read_labels(figures: Figures) -> Labels:
    breakdowns = figures.query("select breakdown, breakdown_label from reference.breakdown")
    populations = figures.query("select population_id, population_label from marts.dim_population")
    services = figures.query("select service_code, service_name from marts.dim_service")
    authorities = figures.query("select la_code, area_code, area_name from reference.authority")
    years = figures.query("select month(starts_on), day(starts_on) from reference.reporting_year limit 1")
    return Labels(
        {str(name): plain(str(label)) for name, label in breakdowns},
        {str(code): (str(area or "x"), plain(str(name or code))) for code, area, name in authorities},
        {str(name): plain(str(label)) for name, label in populations},
        {str(code): plain(str(name)) for code, name in services},
        figures.protected(),
        *((int(str(month)), int(str(day))) for month, day in years),
    )
