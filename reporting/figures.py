"""Figures of a release as the outputs read them: one relation of one shape, before or behind disclosure control.

Internal outputs read `marts.reportable_value`, public ones `marts.published_value`. Both have the same columns and the
same keys; in the second counts are rounded, all else is made of these, and a figure that is not printed has the status
`c`. Nothing in this package reads another table for a number that goes to the public.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import duckdb

from reporting.programme import ReleaseProgramme, read_programme
from reporting.protection import Protected, spans, together

Mode = Literal["public", "internal"]

RELATION: dict[Mode, str] = {"public": "marts.published_value", "internal": "marts.reportable_value"}


@dataclass(frozen=True)
class Figure:
    """One figure, with everything that may be printed beside it. Names and units are those of marts.indicator_value.

    `source` is the mart it comes from. `change` is against the period before, in the figure's unit; `change_mark` is
    `increase`, `decrease`, `no clear change`, or None where nothing can be compared; `difference` is a service against
    all other services together, `comparison` its word; `recent_trend` the word of the trend over five years. `services`
    are those with a unit in the cohort, `services_asking` those of them that asked the question, `not_asked` the units
    that were not asked, `outside_bands` those whose number lies in no band; no public figure tells the last two.
    `status_reason` says why there is no figure where the status is x. Of a public figure `method` is rounding, hiding
    or others, `rounded_to` the base of its rounding; a true one has neither. `mart_label` is the label of its period in
    the mart, where `period_label` says more, because two periods have that one.
    """

    source: str
    theme: str
    indicator_id: str
    period: int
    period_label: str
    geography_level: str
    geography_code: str
    breakdown: str
    breakdown_value: str
    point: str
    row_order: int
    row_label: str
    parent_label: str | None
    column_order: int
    column_label: str
    statistic: str
    numerator: int | None
    denominator: int | None
    value: float | None
    value_rounded: float | None
    unit: str
    lower_95: float | None
    upper_95: float | None
    status: str
    population_id: str | None
    not_asked: int | None
    outside_bands: int | None
    services: int | None
    services_asking: int | None
    is_published: bool
    change: float | None
    change_lower_95: float | None
    change_upper_95: float | None
    change_p_value: float | None
    change_mark: str | None
    others_value: float | None
    difference: float | None
    difference_lower_95: float | None
    difference_upper_95: float | None
    comparison: str | None
    recent_trend: str | None
    status_reason: str | None = None
    method: str | None = None
    rounded_to: int | None = None
    mart_label: str | None = None

    @property
    def key(self) -> str:
        """What identifies the figure in a release.

        The level is part of it because statistical neighbours carry the code of the authority they are neighbours of,
        and the label because several periods of social care end in one year.
        """
        return "|".join(
            (
                self.source,
                self.indicator_id,
                str(self.period),
                self.mart_label or self.period_label,
                self.geography_level,
                self.geography_code,
                self.breakdown,
                self.breakdown_value,
                self.point,
                str(self.row_order),
                str(self.column_order),
            )
        )

    @property
    def is_asked_by_nobody(self) -> bool:
        """Whether no service asked: then there is no figure, and it says nothing that nobody answered."""
        return bool(self.services) and self.services_asking == 0

    @property
    def is_hidden(self) -> bool:
        """Whether disclosure control took the number away."""
        return self.status == "c"


COLUMNS = tuple(name for name in Figure.__dataclass_fields__ if name != "mart_label")


def _in_words(theme: str, labels: Mapping[int, str]) -> tuple[str, ...]:
    """Years of one theme: those of the forms by their labels, periods of the returns by the years that they end in."""
    if theme == "insights":
        return tuple(f"forms of {span}" for span in spans(labels, lambda year: labels[year]))
    return tuple(f"returns of {span}" for span in spans(labels))


def _told_apart(figures: list[Figure]) -> list[Figure]:
    """Periods of one label, in their order: every complete year as it was printed a year ago, and as it is now."""
    periods: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for figure in figures:
        periods[_label_of(figure)].add(figure.period)
    return [
        replace(
            figure,
            period_label=f"{figure.period_label}, to {figure.period - 1}-{figure.period % 100:02}",
            mart_label=figure.period_label,
        )
        if len(periods[_label_of(figure)]) > 1
        else figure
        for figure in figures
    ]


def _label_of(figure: Figure) -> tuple[str, ...]:
    return (figure.source, figure.indicator_id, figure.geography_level, figure.geography_code, figure.period_label)


class Figures:
    """Reads figures of one release in one mode. Use as a context manager; the file is opened read-only."""

    def __init__(self, database: Path, mode: Mode) -> None:
        self.mode = mode
        self._con = duckdb.connect(str(database), read_only=True)
        self.programme: ReleaseProgramme = read_programme(self.query)

    def __enter__(self) -> Figures:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def select(
        self,
        *,
        source: str | Iterable[str] | None = None,
        theme: str | None = None,
        indicator_id: str | Iterable[str] | None = None,
        period: int | Iterable[int] | None = None,
        geography_level: str | None = None,
        geography_code: str | None = None,
        breakdown: str | None = None,
    ) -> list[Figure]:
        """Figures that fit every condition given, by indicator, period, geography, breakdown, row and column."""
        wanted = {
            "source": source,
            "theme": theme,
            "indicator_id": indicator_id,
            "period": period,
            "geography_level": geography_level,
            "geography_code": geography_code,
            "breakdown": breakdown,
        }
        conditions, parameters = ["true"], []
        for column, value in wanted.items():
            if value is None:
                continue
            values = [value] if isinstance(value, str | int) else list(value)
            conditions.append(f"list_contains(?, {column})")
            parameters.append(values)
        rows = self._con.execute(
            f"select {', '.join(self._columns())} from {RELATION[self.mode]} where {' and '.join(conditions)} "
            "order by source, indicator_id, period desc, geography_level, geography_code, breakdown, breakdown_value, "
            "point, row_order, column_order",
            parameters,
        ).fetchall()
        return _told_apart([Figure(*row) for row in rows])

    def protected(
        self, theme: str | None = None, *, place: str | None = None, periods: Iterable[int] | None = None
    ) -> tuple[Protected, ...]:
        """How figures of this side are protected; nothing for the internal side.

        `theme`, `place` (code of an authority) and `periods` choose some of them.
        """
        if self.mode == "internal" or not self._there():
            return ()
        found = self.query(
            f"select distinct theme, period, period_label, rounded_to from (select {', '.join(self._columns())} "
            "from marts.published_value) where statistic not in ('model', 'comparator') and theme = coalesce(?, theme) "
            "and geography_code = coalesce(?, geography_code) order by all",
            [theme, place],
        )
        wanted = None if periods is None else set(periods)
        years: dict[tuple[str, int | None], dict[int, str]] = {}
        for row in found:
            name, year, base = str(row[0]), int(str(row[1])), None if row[3] is None else int(str(row[3]))
            if name in self.programme.themes and (wanted is None or year in wanted):
                years.setdefault((name, base), {})[year] = str(row[2])
        return together(Protected(base, _in_words(name, labels)) for (name, base), labels in years.items())

    def _columns(self) -> list[str]:
        """What is selected for each attribute of a figure: of true figures, and in older releases, some have none."""
        there = self._there()
        if "method" in there and "rounded_to" not in there:
            # Counts were rounded before it was kept to what.
            return [*COLUMNS[:-1], "case when method = 'rounding' then 5 end as rounded_to"]
        return [name if name in there else f"null as {name}" for name in COLUMNS]

    def _there(self) -> set[str]:
        """The columns that the relation of this side has; none where nothing is public."""
        relation = RELATION[self.mode].partition(".")[2]
        rows = self.query("select column_name from duckdb_columns() where table_name = ?", [relation])
        return {str(name) for (name,) in rows}

    def query(self, sql: str, parameters: Iterable[object] = ()) -> list[tuple[object, ...]]:
        """Rows of what holds no count of children: indicator, dim_population, reference.*, the check results."""
        return self._con.execute(sql, list(parameters)).fetchall()
