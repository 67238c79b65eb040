"""Checks of the columns of place: levels, codes and names of areas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from reporting.open_data.checks.files import Breach, FilePair, also
from reporting.open_data.checks.rules import StandardCheck, check

CHECKS: list[StandardCheck] = []
# level -> columns that say which area of the level a row is about; the first is its code, the last its name.
_LEVELS = {
    "National": ("country_code", "country_name"),
    "Regional": ("region_code", "region_name"),
    "Local authority": ("new_la_code", "old_la_code", "la_name"),
    "Local authority district": ("lad_code", "lad_name"),
    "RSC region": ("rsc_region_lead_name",),
    "Parliamentary constituency": ("pcon_code", "pcon_name"),
    "Local skills improvement plan area": ("lsip_code", "lsip_name"),
    "Local enterprise partnership": ("local_enterprise_partnership_code", "local_enterprise_partnership_name"),
    "English devolved area": ("english_devolved_area_code", "english_devolved_area_name"),
    "Opportunity area": ("opportunity_area_code", "opportunity_area_name"),
    "Ward": ("ward_code", "ward_name"),
    "Police force area": ("pfa_code", "pfa_name"),
    "MAT": ("trust_id", "trust_name"),
    "Sponsor": ("sponsor_id", "sponsor_name"),
    "School": ("school_urn", "school_laestab", "school_name"),
    "Provider": ("provider_ukprn", "provider_name"),
    "Institution": ("institution_id", "institution_name"),
    "Planning area": ("planning_area_code", "planning_area_name"),
}
# Areas that contain others: rows of a level may name the areas around them.
_AROUND = {"National": {"National"}, "Regional": {"National", "Regional"}}
_AREA_COLUMNS = frozenset(column for columns in _LEVELS.values() for column in columns)
# The columns of time and place, which a meta file does not describe.
PLACE_COLUMNS = frozenset({"time_period", "time_identifier", "geographic_level"}) | _AREA_COLUMNS
_COUNTRIES = {
    "E92000001": "England",
    "W92000004": "Wales",
    "S92000003": "Scotland",
    "N92000002": "Northern Ireland",
    "K02000001": "United Kingdom",
    "K03000001": "Great Britain",
    "K04000001": "England and Wales",
}
_TOTALS = frozenset({"total", "all"})
# What stands for a code that an area does not have.
_NO_CODE = frozenset({"x", "z"})
_REGION_CODE = re.compile(r"E1[2-5][0-9]{6}|[WSN]92[0-9]{6}")
_NEW_LA_CODE = re.compile(r"(E0[6-9]|E10|W06|S12|N09)[0-9]{6}")
_OLD_LA_CODE = re.compile(r"[0-9]{3}")


@check(CHECKS, "The level of a row is one the standard knows.")
def geographic_level(pair: FilePair) -> Iterator[Breach]:
    return pair.data.wrong_cells(
        ["geographic_level"],
        lambda cell: cell not in _LEVELS,
        "it is no level of the standard. Write National, Regional, Local authority or another of its list.",
    )


@check(CHECKS, "A file has the columns of the levels it has rows of.")
def level_columns(pair: FilePair) -> Iterator[Breach]:
    for level in _levels(pair):
        advice = f"the column is missing, and rows of level {level} need it. Add it."
        for column in _LEVELS[level]:
            if column not in pair.data.columns:
                yield pair.data.breach(1, column, advice)


@check(CHECKS, "A row says which area of its level it is about.")
def level_filled(pair: FilePair) -> Iterator[Breach]:
    for level in _levels(pair):
        for column in ("country_code", "country_name", *_LEVELS[level]):
            rows = _rows_of_level(pair, level, column, lambda cell: not cell.strip())
            if rows:
                yield pair.data.breach(rows[0], column, f"it is blank in a row of level {level}. Fill it.{also(rows)}")


@check(CHECKS, "A row names no area of a level below or beside its own.")
def level_blank(pair: FilePair) -> Iterator[Breach]:
    for level in _levels(pair):
        advice = f"rows of level {level} have no such area. Empty the cell."
        around = _AROUND.get(level, {"National", "Regional", "Local authority", level})
        allowed = {column for name in around for column in _LEVELS[name]}
        for column in pair.data.header:
            if column in _AREA_COLUMNS - allowed and (rows := _rows_of_level(pair, level, column, bool)):
                yield pair.data.breach(rows[0], column, f"{advice}{also(rows)}")


@check(CHECKS, "A country has its code and its name.")
def country_code(pair: FilePair) -> Iterator[Breach]:
    rows = pair.data.wrong_rows(
        ("country_code", "country_name"),
        lambda place: bool(place[0] and place[1]) and _COUNTRIES.get(place[0]) != place[1],
    )
    if rows:
        advice = f"code and name are of no one country. England is E92000001.{also(rows)}"
        yield pair.data.breach(rows[0], "country_code", advice)


@check(CHECKS, "A region has a code of nine characters.")
def region_code(pair: FilePair) -> Iterator[Breach]:
    advice = "it is no code of a region. Write E12 and six digits, or z where it has none."
    return _codes(pair, "region_code", _REGION_CODE, advice)


@check(CHECKS, "A local authority has a code of three digits and one of nine characters.")
def la_code(pair: FilePair) -> Iterator[Breach]:
    short = "it is not three digits. Write the authority's number, or z where it has none."
    long = "it is no code of an authority. Write E06 to E10 and six digits, or x where it has none."
    yield from _codes(pair, "old_la_code", _OLD_LA_CODE, short)
    yield from _codes(pair, "new_la_code", _NEW_LA_CODE, long)


@check(CHECKS, "An area's code stands for one name, and its name for one code.")
def area_names(pair: FilePair) -> Iterator[Breach]:
    for columns in _LEVELS.values():
        code, name = columns[0], columns[-1]
        if code == name or code not in pair.data.columns or name not in pair.data.columns:
            continue
        cells = dict.fromkeys(zip(pair.data.columns[code], pair.data.columns[name], strict=True))
        pairs = [(key, label) for key, label in cells if key and label and key not in _NO_CODE]
        for place, (column, what) in enumerate(((code, "name"), (name, "code"))):
            counted = Counter(both[place] for both in pairs)
            twice = {cell for cell, times in counted.items() if times > 1}
            advice = f"it stands with more than one {what}. Write one {what} for it."
            yield from pair.data.wrong_cells([column], twice.__contains__, advice)


@check(CHECKS, "Columns of time and place have no Total or All.")
def place_total(pair: FilePair) -> Iterator[Breach]:
    return pair.data.wrong_cells(
        [column for column in pair.data.header if column in PLACE_COLUMNS],
        lambda cell: cell.strip().lower() in _TOTALS,
        "time and place have no such item. Leave the cell blank, or give the row the level above.",
    )


def _levels(pair: FilePair) -> Iterator[str]:
    return (level for level in pair.data.first_rows["geographic_level"] if level in _LEVELS)


def _rows_of_level(pair: FilePair, level: str, column: str, is_wrong: Callable[[str], bool]) -> list[int]:
    """Rows of a level with a wrong cell in a column; none where the file lacks the column."""
    if column not in pair.data.columns:
        return []
    return pair.data.wrong_rows(("geographic_level", column), lambda cells: cells[0] == level and is_wrong(cells[1]))


def _codes(pair: FilePair, column: str, shape: re.Pattern[str], advice: str) -> Iterator[Breach]:
    if column in pair.data.columns:
        yield from pair.data.wrong_cells(
            [column], lambda cell: bool(cell) and cell not in _NO_CODE and not shape.fullmatch(cell), advice
        )
