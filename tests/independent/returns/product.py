"""The product's side: the same files landed and made into facts, and its measures counted on them as its seeds say."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.independent.returns.counting import BANDS, Counts
from tests.independent.returns.lives import YEARS
from tests.independent.returns.reading import SEEDS
from tests.independent.returns.writing import Run
from tests.support.returns_made import ReturnsMade

#: What no seed measures, counted on a fact: table, condition, over what; a year is told by its first and last day.
OWN = {
    "no further action": ("fct_referral", "is_no_further_action", "referral_date"),
    "cases closed": ("fct_cin_episode", "true", "end_date"),
    "plans ended": ("fct_protection_plan", "true", "end_date"),
    "periods of care begun": ("fct_care_period", "true", "start_date"),
    "missing from care": ("fct_care_missing", "true", "start_date"),
}
SPLIT = {"missing_class": ["missing", "absent", "away", "unclassified"]} | {
    "duration_band": [*(label for _, label in BANDS), "over 28 days", "duration not recorded"]
}


def measures() -> list[dict[str, str]]:
    with (SEEDS / "social_care_measure.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def made_of(folder: Path, deliveries: Mapping[str, Sequence[Run]]) -> ReturnsMade:
    """The facts of several authorities, by code: their runs side by side."""
    place = ReturnsMade(folder)
    runs: list[dict[str, bytes | str]] = [{}, {}, {}]
    for of_one in deliveries.values():
        for number, files in enumerate(of_one):
            runs[number].update(files)
    place.deliver(*runs)
    tables = {row["relation"] for row in measures() if row["family"] != "local"}
    tables |= {table for table, _, _ in OWN.values()} | {"fct_cin_plan", "return_disposition"}
    tables |= {
        "fct_missing_episode",
        "fct_disabled_team_case",
        "int_social_care_team_child",
        "int_social_care_interview",
    }
    place.make(*sorted(tables))
    return place


def _relation(place: ReturnsMade, name: str) -> str:
    found = place.rows(
        f"select schema_name || '.' || name from (select schema_name, table_name as name from duckdb_tables() "
        f"union all select schema_name, view_name from duckdb_views() where not internal) where name = '{name}'"
    )
    return str(found[0][0])


def counts_of(place: ReturnsMade, la_code: str, wanted: Counts) -> Counts:
    """The measures that `wanted` names, counted on the product's facts of an authority."""
    found: Counts = {}
    names = {name for name, _ in wanted}
    for row in measures():
        if row["measure_id"] not in names:
            continue
        for value in SPLIT.get(row["breakdown_column"], [""]):
            if row["breakdown"] != "total" and not value:
                continue
            for year in YEARS:
                key = f"{row['measure_id']} {value}".strip(), year
                found[key] = _measured(place, row, la_code, year, value)
    for year in YEARS:
        for name, (table, condition, day) in OWN.items():
            found[name, year] = _number(
                place, f"select count(*) from {_relation(place, table)} where la_code = '{la_code}' and {condition} "
                f"and {day} between '{year - 1}-04-01' and '{year}-03-31'")  # fmt: skip
        found["children on a child in need plan", year] = _number(
            place, f"select count(distinct child_key) from {_relation(place, 'fct_cin_plan')} "
            f"where la_code = '{la_code}' and {_on_day('start_date', 'end_date', year)}")  # fmt: skip
    return found


def _on_day(start: str, end: str, year: int) -> str:
    return f"{start} <= '{year}-03-31' and coalesce({end}, date '9999-01-01') > '{year}-03-31'"


def _number(place: ReturnsMade, sql: str) -> int:
    return int(str(place.rows(sql)[0][0] or 0))


def _measured(place: ReturnsMade, row: Mapping[str, str], la_code: str, year: int, value: str) -> int:
    what = {"events": "count(*)", "members": f"count(distinct {row['item']})", "sum": f"sum({row['item']})"}
    first, last = f"date '{year - 1}-04-01'", f"date '{year}-03-31'"
    when = {
        "within": f"{row['start_column']} between {first} and {last}",
        "year": f"reporting_year = {year}",
        "on_day": _on_day(row["start_column"], row["end_column"], year),
        "overlapping": f"{row['start_column']} <= {last} and coalesce({row['end_column']}, {last}) >= {first}",
    }
    conditions = [f"la_code = '{la_code}'", when[row["timing"]], row["condition"] or "true"]
    if value:
        conditions.append(f"{row['breakdown_column']} = '{value}'")
    table = _relation(place, row["relation"])
    return _number(place, f"select {what[row['counting']]} from {table} where {' and '.join(conditions)}")
