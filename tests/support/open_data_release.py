"""A small release of published figures, made by hand: what the tests of the open data are made of.

It has no `marts.reportable_value`: whatever is read from it comes from behind disclosure control.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
from python_calamine import CalamineWorkbook

from reporting.figures import Figure
from reporting.open_data.writing import WORKBOOK
from tests.support.figures import figure, put_figures, put_indicators

# Labels that a careless writer would take for a formula, a link, markup or the end of a cell.
NASTY = (
    "=1+1",
    "+44 20",
    "-5 to 5",
    "@home",
    "＝SUM(A1)",
    "{=1+1}",
    'said "no", twice',
    "<b>Mum & Dad</b>",
    "🧒🏽 child",
    "👩‍👧",
    "[here](https://example.org)",
    "https://example.org/?a=1&b=2",
    "internal:'Cover'!A1",
    "$$limits$$",
    "text⟦0⟧",
    "_x0041_",
    "'=quoted",
    "None",
    "1,234",
)


def hidden(**changes: object) -> Figure:
    """A figure that disclosure control took the numbers of."""
    nothing = dict.fromkeys(("numerator", "denominator", "value", "value_rounded", "lower_95", "upper_95"))
    return figure(**{**nothing, "status": "c", **changes})


def care(**changes: object) -> Figure:
    """A figure of the returns: a rate of an authority in 2015-16, but for the changes."""
    rate = {"numerator": 120, "denominator": 60_000, "value": 20.0, "value_rounded": 20.0, "lower_95": 16.58}
    return figure(
        **{
            **{"theme": "social_care", "indicator_id": "referral_rate", "period": 2016, "period_label": "2015-16"},
            **{"geography_level": "authority", "geography_code": "999", "row_label": "Referrals", "statistic": "rate"},
            **{"unit": "per 10,000 children 0-17", "upper_95": 23.91, "population_id": None},
            **rate,
            **changes,
        }
    )


def figures_of(labels: Sequence[str] = NASTY) -> list[Figure]:
    """Figures of every kind and status; the labels are answers, columns, groups and services."""
    zero = {"numerator": 0, "denominator": 0, "value": None, "value_rounded": None, "lower_95": None, "upper_95": None}
    trio = {"source": "co_occurrence", "indicator_id": "trio", "parent_label": "Three of them", "row_label": "All"}
    made = [
        figure(change=-2.25, change_lower_95=-9.0, change_upper_95=4.55, change_mark="no clear change"),
        figure(row_order=2, row_label="No", numerator=146, value=73.0, lower_95=66.5, upper_95=78.7),
        hidden(row_order=3, row_label="Don't know"),
        figure(
            row_order=4, row_label="Rare", numerator=6, denominator=20_000, value=0.03, lower_95=0.01, upper_95=0.07
        ),
        figure(row_order=5, row_label="Mean age, in years", statistic="mean", numerator=1630, value=8.15, unit="years"),
        figure(row_order=6, row_label="Median stay", statistic="median", numerator=None, value=14.0, unit="weeks"),
        figure(period=2023, period_label="2022-23", numerator=51, value=25.5),
        figure(period=2022, period_label="2021-22", status="z", **zero),
        figure(geography_level="service", geography_code="HARBOUR", numerator=20, denominator=80, difference=-7.15),
        hidden(geography_level="service", geography_code="HARBOUR", row_order=2, row_label="No"),
        figure(breakdown="gender", breakdown_value="Girl", numerator=30, denominator=100, value=30.0),
        hidden(breakdown="gender", breakdown_value="Boy"),
        figure(indicator_id="paired", point="intake", row_label="Exposed", numerator=190, value=95.0),
        figure(indicator_id="paired", point="exit", row_label="Exposed", numerator=12, value=6.0),
        figure(indicator_id="ethnicity", row_label="White", numerator=170, value=85.0),
        figure(indicator_id="ethnicity", row_order=2, row_label="Irish", parent_label="White", numerator=8, value=4.0),
        hidden(indicator_id="ethnicity", row_order=3, row_label="Other", parent_label="White"),
        figure(indicator_id="ethnicity", row_order=4, row_label="Other", numerator=30, value=15.0),
        figure(indicator_id="counts", row_label="Forms", statistic="count", numerator=200, value=200.0, unit="forms"),
        figure(indicator_id="counts", row_order=2, row_label="Elsewhere", statistic="external", status="x", **zero),
        figure(**trio, statistic="ratio", unit="ratio", value=1.234),
        figure(**trio, column_order=2, column_label="Share", numerator=0, value=0.0, lower_95=0.0),
        care(change=-1.5, change_lower_95=-3.0, change_upper_95=0.2),
        care(geography_level="country", geography_code="E92000001", statistic="comparator", value=19.5, **_without()),
        care(geography_level="statistical_neighbours", statistic="comparator", value=21.0, **_without()),
        hidden(**_of(care(period=2015, period_label="2014-15"))),
        care(indicator_id="in_need", period_label="31 March 2016", row_label="In need"),
        care(indicator_id="drugs", period_label="2016", row_label="Drugs", statistic="percentage", unit="% of 11-15s"),
        care(indicator_id="survivors", period_label="any 12 months", statistic="model", unit="count (modelled)"),
        care(source="return_home", indicator_id="return_home", breakdown="kind", breakdown_value="as_planned"),
        care(source="return_home", indicator_id="return_home", breakdown="kind", breakdown_value="other", row_order=2),
        care(source="return_home", indicator_id="return_home", row_label="Stay", statistic="median", unit="days"),
    ]
    for order, label in enumerate(labels, start=1):
        share = {"numerator": 10 + order, "value": 5 + order / 2}
        made += [
            figure(indicator_id="nasty", row_order=order, row_label=label, **share),
            hidden(indicator_id="columns", row_label="A question", column_order=order, column_label=label),
            figure(breakdown="age_band", breakdown_value=label, **share),
            figure(geography_level="service", geography_code=label, row_order=2, row_label="No", **share),
        ]
    return made


def _without() -> dict[str, None]:
    return dict.fromkeys(("numerator", "denominator", "lower_95", "upper_95"))


def _of(made: Figure) -> dict[str, object]:
    """What says which figure it is, to be hidden."""
    kept = ("theme", "indicator_id", "period", "period_label", "geography_level", "geography_code")
    return {name: getattr(made, name) for name in (*kept, "row_label", "statistic", "unit")} | {"population_id": None}


def write_release(
    path: Path, figures: Sequence[Figure], titles: Mapping[str, str] | None = None, *, year_starts: str = "04-01"
) -> Path:
    """A DuckDB file with the figures as `marts.published_value`, and the names that belong to them.

    `titles` replaces titles of indicators; on `year_starts` a year of the forms begins.
    """
    shown = [
        ("insights", "safe", 1, "Outcomes", None, "Is the child safe?", "%"),
        ("insights", "paired", 2, "Outcomes", "At exit", "Presence of abuse", "%"),
        ("insights", "nasty", 3, "Outcomes", None, "Labels", "%"),
        ("insights", "columns", 4, "Outcomes", None, "Columns", "%"),
        ("insights", "ethnicity", 5, "Client profile", "Who", "Ethnicity", "%"),
        ("insights", "counts", 6, "Client profile", None, "Forms", "forms"),
        ("social_care", "referral_rate", 1, "referrals", None, "Referrals", "per 10,000 children 0-17"),
        ("social_care", "in_need", 2, "children_in_need", None, "In need", "per 10,000 children 0-17"),
        ("social_care", "drugs", 3, "lado", None, "Drugs", "% of 11-15s"),
        ("social_care", "survivors", 4, "lado", None, "Survivors", "count (modelled)"),
    ]
    names = ("theme", "indicator_id", "indicator_order", "section", "subsection", "title", "unit")
    known = [dict(zip(names, row, strict=True)) for row in shown]
    for one in known:
        one["title"] = (titles or {}).get(str(one["indicator_id"]), one["title"])
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts; create schema reference")
        put_figures(con, "marts.published_value", figures)
        put_indicators(con, *known)
        con.execute("create table marts.dim_population (population_id varchar, population_label varchar)")
        con.execute("create table marts.dim_service as select 'HARBOUR' as service_code, 'Harbour' as service_name")
        con.execute(
            "create table reference.breakdown (breakdown varchar, breakdown_order integer, breakdown_label varchar)"
        )
        con.execute("create table reference.authority (la_code varchar, area_code varchar, area_name varchar)")
        con.execute("create table reference.reporting_year as select $1::date as starts_on", [f"2023-{year_starts}"])
        con.execute("insert into marts.dim_population values ('intake_forms', 'Intake forms dated in the year')")
        con.execute("insert into reference.breakdown values ('age_band', 1, 'Age'), ('gender', 2, 'Gender')")
        con.execute("insert into reference.authority values ('999', 'E06999999', 'Sherwood & \"Forest\"')")
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sheets_of(folder: Path) -> dict[str, list[list[Any]]]:
    """The cells of every sheet of the workbook in a folder."""
    book = CalamineWorkbook.from_path(str(folder / WORKBOOK))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def header_of(rows: list[list[Any]]) -> int:
    """Which row of a sheet with a table holds its headings."""
    return next(place for place, row in enumerate(rows) if row[0] == "Topic")


def half_up(value: Fraction) -> Fraction:
    """A percentage rounded half up to one decimal."""
    return Fraction((20 * value + 1) // 2, 10)
