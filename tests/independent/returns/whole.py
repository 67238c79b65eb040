"""A whole run of the product on an authority's deliveries, and its figures held against the recount's."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.independent.product import command, query, run_again
from tests.independent.returns.counting import Counter
from tests.independent.returns.lives import YEARS
from tests.independent.returns.reading import SEEDS
from tests.independent.returns.writing import Run

#: By indicator, year, breakdown and its value: what stands above the line, below it, and the figure.
Key = tuple[str, int, str, str]
Figure = tuple[float | None, float | None, float | None]
VALUES = """
    select indicator_id, period, breakdown, breakdown_value, numerator, denominator, value
    from marts.indicator_value
    where theme = 'social_care' and geography_level = 'authority' and status <> 'x' and breakdown <> 'basis'
        and period_label in ('2020-21', '2021-22', '2022-23', '31 March 2021', '31 March 2022', '31 March 2023')
"""
SETTINGS = "\n[returns]\nwithdrawn_share = 1.0\nwithdrawn_records = 100000\nrejected_share = 0.1\n"
#: What a measure needs beside its own table: the kind of record, and how many years before the year.
TABLES = {
    "referrals": ["cin_referral"], "rereferrals": ["cin_referral"], "children_in_need": ["cin_referral"],
    "section47": ["cin_section47"], "conferences": ["cin_section47", "cin_referral"],
    "children_looked_after": ["s903_episode"], "care_ended": ["s903_episode"], "placements": ["s903_episode"],
    "unaccompanied": ["s903_uasc", "s903_episode"], "health": ["s903_health"], "sdq": ["s903_health"],
    "assessments": ["cin_assessment"], "risks": ["cin_assessment"], "child_substance": ["cin_assessment"],
    "plan_starts_emotional_": ["cin_protection_plan", "cin_assessment"],
    "children_on_plan_disabled": ["cin_protection_plan", "cin_child"],
    "plan_starts": ["cin_protection_plan"], "children_on_plan": ["cin_protection_plan"],
    "missing_episodes_in_care": ["missing_episode", "s903_episode"],
    "missing_episodes_residential": ["missing_episode", "s903_episode"],
    "missing": ["missing_episode"], "interview": ["missing_episode"],
    "team_children_on_plan": ["disabled_team_case", "cin_protection_plan"],
    "team_children_in_care": ["disabled_team_case", "s903_episode"], "team": ["disabled_team_case"],
}  # fmt: skip


def run_whole(folder: Path, runs: Sequence[Run], la_code: str) -> tuple[Path, str]:
    """A programme of one authority, run after each delivery; its warehouse, and what the runs said."""
    programme, home, raw = folder / "programme", folder / "home", folder / "raw"
    command("init", programme, "--name", "Recounted authority")
    settings = (programme / "programme.toml").read_text(encoding="utf-8")
    settings = re.sub(r"^themes = .*$", 'themes = ["returns"]', settings, flags=re.M)
    before, after = settings.split("[forms]")
    settings = before + SETTINGS + "\n[disclosure]" + after.partition("[disclosure]")[2]
    (programme / "programme.toml").write_text(settings, encoding="utf-8")
    rows = f"code,area_code,name,has_publication\n{la_code},E06000{la_code},Recounted,false\n"
    (programme / "authorities.csv").write_text(rows, encoding="utf-8")
    runs = [{**runs[0], f"social_care/{la_code}/local/population.csv": _population(la_code)}, *runs[1:]]
    said = ""
    for files in runs:
        for name, text in files.items():
            (raw / name).parent.mkdir(parents=True, exist_ok=True)
            (raw / name).write_text(text, encoding="utf-8")
        said += run_again(folder, raw)
    return home / "warehouse" / "insights.duckdb", said


def _population(la_code: str) -> str:
    lines = ["area_code,area_name,mid_year,age,sex,count"]
    for year in YEARS:
        lines += [f"E06000{la_code},Recounted,{year - 1},{age},{sex},{_people(year - 1, age, sex)}" for age in range(91)
                  for sex in "MF"]  # fmt: skip
    return "\n".join(lines) + "\n"


def _people(mid_year: int, age: int, sex: str) -> int:
    return 100 + age + 7 * (mid_year - 2019) + (sex == "F")


def figures_of(warehouse: Path) -> dict[Key, Figure]:
    """The product's figures of the three years, but for those that it says it does not have."""
    found = {}
    for indicator, year, breakdown, value, above, below, figure in query(warehouse, VALUES):
        found[indicator, year, breakdown, value] = _number(above), _number(below), _number(figure)
    return found


def _number(cell: Any) -> float | None:
    return None if cell is None else float(cell)


def recounted(counter: Counter) -> dict[Key, Figure]:
    """The same figures from the recount: where its counts have what is above the line and below it."""
    counts: dict[tuple[str, int], int | None] = dict(counter.counts())
    for year in YEARS:
        counts["months", year] = 12
        counts["children_0_17", year] = sum(_people(year - 1, age, sex) for age in range(18) for sex in "MF")
    with (SEEDS / "social_care_indicator_line.csv").open(encoding="utf-8", newline="") as file:
        lines = [row for row in csv.DictReader(file) if "year" in row["windows"].split(";")]
    found = {}
    for row in lines:
        for name, year in list(counts):
            measure, _, part = name.partition(" ")
            above = row["numerator_measure"]
            is_part = bool(part) and row["breakdown"] == ("missing_class" if part.isalpha() else "duration_band")
            if (
                row["breakdown"] in ("basis", "summary")
                or measure != above
                or is_part != (row["breakdown"] != "total")
                or bool(part) != is_part
            ):
                continue
            below = row["denominator_measure"]
            if below and (below, year) not in counts:
                continue
            if not all(is_covered(counter, one, year) for one in (above, below) if one):
                continue
            if is_part and not counts[name, year]:
                continue  # a part that nothing is in has no row
            key = row["indicator_id"], year, row["breakdown"], part if is_part else "total"
            found[key] = _figure(row, counts[name, year], counts.get((below, year)))
    return found


def _figure(row: dict[str, str], above: int | None, below: int | None) -> Figure:
    assert above is not None
    if not row["denominator_measure"]:
        return float(above), None, float(above)
    assert below is not None
    return float(above), float(below), above / below * float(row["multiplier"]) if below else None


def is_covered(counter: Counter, measure: str, year: int) -> bool:
    """Whether every record that a measure needs covers the year, and the year before where it looks back."""
    kinds = next((kinds for name, kinds in TABLES.items() if measure.startswith(name)), [])
    years = [year - 1, year] if measure == "rereferrals" else [year]
    return all(_covers(counter, kind, one) for kind in kinds for one in years)


def _covers(counter: Counter, kind: str, year: int) -> bool:
    """A table covers a year of which a record of it counts, or of which the return came whole without one."""
    events = counter.events
    if kind in ("missing_episode", "disabled_team_case"):
        return _covers_days(counter, kind, year)
    told = [record for record in events.reader.records if record.kind == kind and record.year == year]
    if kind == "s903_uasc" and any(
        record.kind == "s903_header" and record.values["UASC"] is not None and record.year == year
        for record in events.reader.records
    ):
        return True
    accepted = {id(event) for event in events.accepted(kind)}
    if not told:
        return year in events.reader.collections[kind] and kind not in events.reader.sent_as_tables[year]
    return any((event := events.stands_for(record)) and id(event) in accepted for record in told)


def _covers_days(counter: Counter, kind: str, year: int) -> bool:
    events = counter.events.accepted(kind)
    days = [event.start for event in events]
    if kind == "disabled_team_case":
        days += [event.end for event in events if isinstance(event.end, date) and not isinstance(event.end, datetime)]
    slack = 31 if kind == "missing_episode" else 92
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    return bool(days) and (min(days) - first).days <= slack and (last - max(days)).days <= slack
