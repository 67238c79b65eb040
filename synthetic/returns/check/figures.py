"""All figures, and whether each comes out as it is printed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from synthetic.returns.check import local, national
from synthetic.returns.check.arithmetic import Figures, Result, half_up
from synthetic.returns.check.events import Events
from synthetic.returns.targets import Target

ROOT = Path(__file__).resolve().parents[3] / "data" / "raw" / "social_care"


def recount(root: Path = ROOT) -> Figures:
    """Every figure of the document for the area, counted from the files."""
    data = Events(root)
    data.read_census()
    data.read_care()
    made: Figures = {}
    people = population(data)
    for year in (2016, 2015):
        national.statutory(data, made, year, people[year - 1])
    national.returned_home(data, made)
    national.factors(data, made, people[2014])
    national.january(data, made)
    local.log(data, made)
    local.youth(data, made)
    local.missing(data, made)
    local.police(data, made)
    local.services(data, made)
    return made


def population(data: Events) -> dict[int, int]:
    """Children 0-17 by mid-year."""
    totals: Counter[int] = Counter()
    for row in data.table("population"):
        if int(row["age"]) < 18:
            totals[int(row["mid_year"])] += int(row["count"])
    return totals


def verdict(target: Target, result: Result | None) -> str:
    """ "match", "fraction" where the printed share is not its own fraction, or what is wrong."""
    if result is None:
        return "not counted"
    value, numerator, denominator = result
    fraction = target.numerator is not None and target.indicator != "s47_to_icpc_pct"
    if (
        fraction
        and target.denominator is not None
        and (numerator, denominator) != (target.numerator, target.denominator)
    ):
        return f"{numerator} of {denominator}"
    if target.qualifier == "<":
        if value < target.value:
            return "match"
        return "fraction" if fraction else f"{value}"
    if half_up(value, target.decimals) == target.value:
        return "match"
    if fraction:
        return "fraction"
    if target.is_derived and abs(value - target.value) <= 0.55:
        return "match within the rounding it carries"
    return f"{value}"
