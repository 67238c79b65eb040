"""What one edition of the report is about, and all its figures, read at once.

The report of a year sets that year beside the two before it; the edition of a service sets the service beside all
services together in one year. Both are the same report: only what stands beside what differs, and that is a list of
slices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reporting.errors import ReportError
from reporting.figures import Figure, Figures, Mode
from reporting.indicators import Indicator, read_indicators

ALL_SERVICES = "all_services"
YEARS_SIDE_BY_SIDE = 3

# A release made before years could be provisional has neither of these columns.
_YEARS = (
    "(from reference.reporting_year union all by name "
    "select null::varchar as short_label, null::boolean as is_provisional where false)"
)
# Behind the label of a year that is not over.
PROVISIONAL = " (provisional)"
# Which years a side has.
_OVER: Mapping[Mode, str] = {"internal": "", "public": "and is_provisional is not true"}

Comparison = Literal["change", "difference"]
# Place of a figure in its table: point, row, column.
Place = tuple[str, int, int]


@dataclass(frozen=True)
class Slice:
    """A period and a geography whose figures make up one set of columns. `is_own`: of what the edition is about."""

    heading: str
    period: int
    geography_code: str
    is_own: bool


@dataclass(frozen=True)
class Year:
    """A reporting year: 2024, its short label (2023-24) and its label in words (April 2023 to March 2024).

    Both labels of a year that is not over say so: they are all that stands beside its figures.
    """

    number: int
    label: str
    words: str
    is_provisional: bool = False


@dataclass(frozen=True)
class Edition:
    """Everything an edition prints. `grid` holds, by table and place, the figure of each slice (None where missing);
    what nobody was asked is not in it.

    `others` are figures of other marts (matched pairs, co-occurrence) of the first slice's geography, by source.
    """

    mode: Mode
    year: Year
    years: tuple[Year, ...]
    service: str | None
    services: tuple[str, ...]
    slices: tuple[Slice, ...]
    comparison: Comparison
    indicators: tuple[Indicator, ...]
    population: Mapping[str, str]
    decimals: Mapping[tuple[str, str, int], int]
    grid: Mapping[str, Mapping[Place, tuple[Figure | None, ...]]] = field(repr=False)
    others: Mapping[str, Sequence[Figure]] = field(repr=False)

    @property
    def year_before(self) -> str:
        """Label of the year that changes are from."""
        return next((one.label for one in self.years if one.number == self.year.number - 1), "the year before")

    @property
    def own(self) -> tuple[int, ...]:
        """Places of the slices that are about the edition's own subject."""
        return tuple(index for index, one in enumerate(self.slices) if one.is_own)

    def table(self, indicator_id: str) -> Mapping[Place, tuple[Figure | None, ...]]:
        """Figures of one table by place, in published order; empty where the release has none."""
        return self.grid.get(indicator_id, {})

    def lead(self, indicator_id: str) -> list[Figure]:
        """Figures of one table in the first slice, in published order."""
        return [figures[0] for figures in self.table(indicator_id).values() if figures[0] is not None]

    def decimals_of(self, figure: Figure) -> int:
        """Decimals its value is printed with."""
        return self.decimals.get((figure.indicator_id, figure.point, figure.row_order), 0)


def reported_years(figures: Figures) -> tuple[Year, ...]:
    """Years that are reported, latest first; in public none that is not over. A year that only gives context for
    matching is not among them."""
    return _years(figures, _OVER[figures.mode])


def _years(figures: Figures, condition: str) -> tuple[Year, ...]:
    rows = figures.query(
        "select reporting_year, coalesce(short_label, reporting_year - 1 || '-' || right(reporting_year::varchar, 2)), "
        f"reporting_year_label, is_provisional is true from {_YEARS} where is_reported {condition} "
        "order by reporting_year desc"
    )
    found = []
    for number, label, words, is_provisional in rows:
        mark = PROVISIONAL if is_provisional else ""
        found.append(Year(int(str(number)), f"{label}{mark}", f"{words}{mark}", bool(is_provisional)))
    return tuple(found)


def open_years(figures: Figures) -> tuple[Year, ...]:
    """Reported years that are not over, latest first, whichever side asks."""
    return tuple(one for one in _years(figures, "") if one.is_provisional)


def service_years(figures: Figures, mode: Mode | None = None) -> dict[str, int]:
    """The latest reported year of each service: the one its last accepted form falls in, or the last before it. A year
    that is not over only where there is no other. In public the last year that it is listed in: that there is an
    edition must not tell whether there is a form. `mode` asks as another side would."""
    if (mode or figures.mode) == "public":
        listed = figures.query(
            "select geography_code, max(period) from marts.published_value "
            "where theme = 'insights' and geography_level = 'service' group by all order by all"
        )
        if listed:
            return {str(code): int(str(year)) for code, year in listed}
    rows = figures.query(
        "select s.service_code, "
        "coalesce(max(y.reporting_year) filter (y.is_provisional is not true), max(y.reporting_year)) "
        "from marts.dim_service as s "
        f"join {_YEARS} as y on y.is_reported and y.starts_on <= s.last_form_date "
        f"and y.ends_on >= s.first_form_date {_OVER[mode or figures.mode]} "
        "group by s.service_code order by s.service_code"
    )
    return {str(code): int(str(year)) for code, year in rows}


def service_names(figures: Figures) -> dict[str, str]:
    """The name of each service, as it is printed, by its code: of those with accepted forms, and of all that a release
    lists."""
    rows = figures.query("select service_code, service_name from marts.dim_service")
    if figures.query("from duckdb_tables() where schema_name = 'reference' and table_name = 'service'"):
        rows = [
            *figures.query("select service_code, coalesce(service_name, service_code) from reference.service"),
            *rows,
        ]
    names = {str(code): str(name) for code, name in rows}
    return dict(sorted(names.items(), key=lambda item: (item[1], item[0])))


def carried_on(figures: Figures) -> dict[str, tuple[str, ...]]:
    """The services that carry on the work of others, with the names of those; none in a release made before that was
    kept."""
    column = "schema_name = 'reference' and table_name = 'service' and column_name = 'carried_on_by'"
    if not figures.query(f"select 1 from duckdb_columns() where {column}"):
        return {}
    rows = figures.query(
        "select now.service_name, former.service_name from reference.service as former "
        "inner join reference.service as now on former.carried_on_by = now.service_code "
        "where former.became is not null and former.service_name <> now.service_name order by all"
    )
    found: dict[str, tuple[str, ...]] = {}
    for name, former in rows:
        found[str(name)] = (*found.get(str(name), ()), str(former))
    return found


def read_edition(figures: Figures, *, year: int, service: str | None = None) -> Edition:
    """All that the edition of a year, or of a service (by its code) in that year, prints.

    Raises ReportError, listing what there is, for a year or a service that the release does not have.
    """
    years = reported_years(figures)
    known = {one.number: one for one in years}
    if year not in known:
        raise ReportError(
            f"There is no reporting year {year} in this release; no report was made. "
            f"There are: {', '.join(str(one.number) for one in years) or 'none'}."
        )
    reported, names = service_years(figures), service_names(figures)
    services = tuple(name for code, name in names.items() if code in reported)
    if service is not None and service not in reported:
        raise ReportError(
            f"There is no service {service!r} in this release; no report was made. "
            f"There are: {', '.join(reported) or 'none'}."
        )
    if service is None:
        beside = [one for one in years if one.number <= year][:YEARS_SIDE_BY_SIDE]
        slices = tuple(Slice(one.label, one.number, ALL_SERVICES, True) for one in beside)
    else:
        mark = PROVISIONAL if known[year].is_provisional else ""
        slices = (
            Slice(names[service] + mark, year, service, True),
            Slice(f"All services{mark}", year, ALL_SERVICES, False),
        )
    return Edition(
        mode=figures.mode,
        year=known[year],
        years=tuple(one for one in years if one.number <= year)[:YEARS_SIDE_BY_SIDE],
        service=None if service is None else names[service],
        services=services,
        slices=slices,
        comparison="change" if service is None else "difference",
        indicators=tuple(read_indicators(figures, "insights")),
        population={
            str(key): str(label)
            for key, label in figures.query("select population_id, population_label from marts.dim_population")
        },
        decimals=_decimals(figures),
        grid=_asked(_grid(figures, slices), slices),
        others=_others(figures, slices),
    )


def _decimals(figures: Figures) -> dict[tuple[str, str, int], int]:
    rows = figures.query(
        "select table_id, coalesce(point, ''), row_order, max(decimals) from reference.report_row "
        "where decimals > 0 group by all order by all"
    )
    return {(str(table), str(point), int(str(row))): int(str(most)) for table, point, row, most in rows}


def _grid(figures: Figures, slices: Sequence[Slice]) -> dict[str, dict[Place, tuple[Figure | None, ...]]]:
    found: dict[str, dict[Place, list[Figure | None]]] = defaultdict(dict)
    for geography in dict.fromkeys(one.geography_code for one in slices):
        wanted = {one.period: place for place, one in enumerate(slices) if one.geography_code == geography}
        for figure in figures.select(
            source="indicator_value", theme="insights", period=wanted, geography_code=geography, breakdown="total"
        ):
            place = (figure.point, figure.row_order, figure.column_order)
            line = found[figure.indicator_id].setdefault(place, [None] * len(slices))
            line[wanted[figure.period]] = figure
    return {table: {place: tuple(line) for place, line in sorted(places.items())} for table, places in found.items()}


def _asked(
    grid: Mapping[str, Mapping[Place, tuple[Figure | None, ...]]], slices: Sequence[Slice]
) -> dict[str, dict[Place, tuple[Figure | None, ...]]]:
    """The grid without rows and tables of what nobody was asked in the slices that the edition is about."""
    own = [index for index, one in enumerate(slices) if one.is_own]
    asked = {
        table: {place: line for place, line in places.items() if not _is_unasked([line[index] for index in own])}
        for table, places in grid.items()
    }
    return {table: places for table, places in asked.items() if places}


def _is_unasked(line: Sequence[Figure | None]) -> bool:
    # In public there are no rows of what nobody was asked; a year without a form does not make it a question that
    # somebody was.
    return any(one is None or one.is_asked_by_nobody for one in line) and all(
        one is None or one.services_asking == 0 for one in line
    )


def _others(figures: Figures, slices: Sequence[Slice]) -> dict[str, list[Figure]]:
    lead = slices[0]
    found: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures.select(
        source=OTHER_SOURCES, theme="insights", period=lead.period, geography_code=lead.geography_code
    ):
        found[figure.source].append(figure)
    return dict(found)


# Marts beside indicator_value whose figures the report prints.
OTHER_SOURCES = ("co_occurrence", "paired_outcome")
