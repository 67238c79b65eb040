"""The checks of a pair of files, one function a rule; `standard.py` runs them and says where the rules come from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from reporting.open_data.ees import FORMULA_START, META_COLUMNS, SYMBOLS, TOTAL
from reporting.open_data.standard import Breaches, Pair, Sheet, also, check

_REQUIRED = ("time_period", "time_identifier", "geographic_level", "country_code", "country_name")
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
_PLACE_COLUMNS = frozenset(column for columns in _LEVELS.values() for column in columns)
_OBSERVED = frozenset({"time_period", "time_identifier", "geographic_level"}) | _PLACE_COLUMNS
_COUNTRIES = {
    "E92000001": "England",
    "W92000004": "Wales",
    "S92000003": "Scotland",
    "N92000002": "Northern Ireland",
    "K02000001": "United Kingdom",
    "K03000001": "Great Britain",
    "K04000001": "England and Wales",
}
_TERMS = ("Autumn term", "Spring term", "Summer term", "Autumn and spring term")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKS = tuple(f"Week {week}" for week in range(1, 54))
_QUARTERS = tuple(f"Financial year Q{quarter}" for quarter in range(1, 5))
_HALVES = ("Part 1 (April to September)", "Part 2 (October to March)")
# Identifiers that may stand in one file together, and how many digits their periods have.
_TIME_KINDS = {
    ("Calendar year",): 4,
    ("Reporting year",): 4,
    ("Financial year",): 6,
    ("Academic year",): 6,
    ("Tax year",): 6,
    _TERMS: 6,
    _MONTHS: 4,
    _WEEKS: 4,
    _QUARTERS: 6,
    _HALVES: 6,
}
_TIME_KIND = {identifier: kind for kind in _TIME_KINDS for identifier in kind}
_UNITS = frozenset({"", "%", "pp", "£", "£m", "numberstring"})
_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_DECIMALS = re.compile(r"[0-9]{1,2}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# "None" is an answer people give.
_NULLS = frozenset({"null", "na", "nan", "#n/a"})
_OBSOLETE = frozenset({"~", ":", "..", ".", "-", "*", "n/a", "N/A"})
_TOTALS = frozenset({"total", "all"})
# What stands for a code that an area does not have.
_NO_CODE = frozenset({"x", "z"})
_REGION_CODE = re.compile(r"E1[2-5][0-9]{6}|[WSN]92[0-9]{6}")
_NEW_LA_CODE = re.compile(r"(E0[6-9]|E10|W06|S12|N09)[0-9]{6}")
_OLD_LA_CODE = re.compile(r"[0-9]{3}")


@check("The data file has the columns of time, level and country.", is_basic=True)
def data_columns_required(pair: Pair) -> Breaches:
    for column in _REQUIRED:
        if column not in pair.data.header:
            yield pair.data, 1, column, "the column is missing. Every data file has it; add it."


@check("The meta file has its eight columns.", is_basic=True)
def meta_columns_required(pair: Pair) -> Breaches:
    for column in META_COLUMNS:
        if column not in pair.meta.header and column != "filter_default":
            yield (
                pair.meta,
                1,
                column,
                "the column is missing. Every meta file has it; add it, with blank cells if need be.",
            )


@check("The meta file has no other columns.", is_basic=True)
def meta_columns_known(pair: Pair) -> Breaches:
    for place, column in enumerate(pair.meta.header, start=1):
        if column not in META_COLUMNS:
            yield pair.meta, 1, f"number {place}", "a meta file has no such column. Take it away."


@check("Each column stands once.", is_basic=True)
def columns_once(pair: Pair) -> Breaches:
    for sheet in (pair.data, pair.meta):
        seen: set[str] = set()
        for place, column in enumerate(sheet.header, start=1):
            if column in seen:
                yield sheet, 1, f"number {place}", "an earlier column has the same name. Rename one of the two."
            seen.add(column)


@check("Names of columns are lower case words joined by _, and begin with a letter.", is_basic=True)
def column_names(pair: Pair) -> Breaches:
    for place, column in enumerate(pair.data.header, start=1):
        if not _SNAKE_CASE.fullmatch(column):
            yield (
                *(pair.data, 1, f"number {place}"),
                "the name is not lower case words joined by _ that begin with a letter. Rename it in both files.",
            )


@check("Every row of the meta file names a column.", is_basic=True)
def meta_col_name(pair: Pair) -> Breaches:
    seen: set[str] = set()
    for row in pair.described:
        if not row.col_name:
            yield (
                pair.meta,
                row.row,
                "col_name",
                "it is blank. Name the column of the data file that the row describes.",
            )
        elif row.col_name in seen:
            yield pair.meta, row.row, "col_name", "an earlier row describes the same column. Keep one of the two."
        seen.add(row.col_name)


@check("Every row of the meta file is a Filter or an Indicator.", is_basic=True)
def meta_col_type(pair: Pair) -> Breaches:
    for row in pair.described:
        if row.col_type not in {"Filter", "Indicator"}:
            yield pair.meta, row.row, "col_type", "it is neither Filter nor Indicator. Write one of the two words."


@check("Columns of time and place have no row in the meta file.", is_basic=True)
def meta_without_place(pair: Pair) -> Breaches:
    for row in pair.described:
        if row.col_name in _OBSERVED:
            yield pair.meta, row.row, "col_name", "columns of time and place are not described. Take the row away."


@check("Every column that the meta file describes is in the data file.", is_basic=True)
def meta_in_data(pair: Pair) -> Breaches:
    for row in pair.described:
        if row.col_name and row.col_name not in pair.data.header:
            yield (
                pair.meta,
                row.row,
                "col_name",
                "the data file has no such column. Correct the name, or take the row away.",
            )


@check(
    "Every column of the data file is described, or of time or place, or groups the items of a filter.", is_basic=True
)
def data_in_meta(pair: Pair) -> Breaches:
    known = (
        _OBSERVED | {row.col_name for row in pair.described} | {row.filter_grouping_column for row in pair.described}
    )
    for place, column in enumerate(pair.data.header, start=1):
        if column not in known:
            yield pair.data, 1, f"number {place}", "the meta file does not describe it. Add a row for it there."


@check("There is at least one indicator.", is_basic=True)
def has_indicator(pair: Pair) -> Breaches:
    if not any(row.col_type == "Indicator" for row in pair.described):
        yield pair.meta, 0, "col_type", "no row is an Indicator. Describe at least one column of numbers."


@check("Every row of the meta file has a label that no other row has.")
def meta_label(pair: Pair) -> Breaches:
    seen: set[str] = set()
    for row in pair.described:
        if not row.label:
            yield pair.meta, row.row, "label", "it is blank. Say in words what the column holds."
        elif row.label in seen:
            yield pair.meta, row.row, "label", "an earlier row has the same label. Say what is different."
        seen.add(row.label)


@check("What belongs to filters is blank for indicators, and the other way round.")
def meta_cells_of_type(pair: Pair) -> Breaches:
    for row in pair.described:
        foreign = (
            {"filter_hint": row.filter_hint, "filter_grouping_column": row.filter_grouping_column}
            | {"filter_default": row.filter_default}
            if row.col_type == "Indicator"
            else {"indicator_grouping": row.indicator_grouping, "indicator_unit": row.indicator_unit}
            | {"indicator_dp": row.indicator_dp}
        )
        for column, cell in foreign.items():
            if cell:
                yield pair.meta, row.row, column, f"it must be blank where col_type is {row.col_type}. Empty the cell."


@check("The unit of an indicator is blank, %, pp, £, £m or numberstring.")
def indicator_unit(pair: Pair) -> Breaches:
    for row in pair.indicators:
        if row.indicator_unit not in _UNITS:
            yield (
                *(pair.meta, row.row, "indicator_unit"),
                "it is no unit of the standard. Leave it blank and name the unit in the label.",
            )


@check("Every indicator says how many decimals it is shown with.")
def indicator_dp(pair: Pair) -> Breaches:
    for row in pair.indicators:
        if not _DECIMALS.fullmatch(row.indicator_dp):
            yield (
                pair.meta,
                row.row,
                "indicator_dp",
                "it is not a whole number. Write how many decimals are shown, 0 for none.",
            )


@check("A grouping column is in the data file, groups one filter, is described nowhere and has fewer items than it.")
def filter_grouping(pair: Pair) -> Breaches:
    described = {row.col_name for row in pair.described}
    seen: set[str] = set()
    for row in pair.filters:
        group = row.filter_grouping_column
        if not group:
            continue
        place = (pair.meta, row.row, "filter_grouping_column")
        if group not in pair.data.columns:
            yield *place, "the data file has no such column. Correct the name, or leave the cell blank."
        elif group in described:
            yield *place, "the meta file describes that column too. A column groups a filter or is one; take one away."
        elif group in seen:
            yield *place, "the column groups an earlier filter. Give each filter a grouping column of its own."
        elif len(pair.data.first_rows[group]) >= len(pair.data.first_rows[row.col_name]):
            yield *place, "the column has not fewer items than the filter. Leave the cell blank, or swap the two."
        seen.add(group)


@check("Every filter has an item Total, or names the item that is shown first in filter_default.")
def filter_total(pair: Pair) -> Breaches:
    for row in pair.filters:
        items = pair.data.first_rows[row.col_name]
        if row.filter_default and row.filter_default not in items:
            yield (
                pair.meta,
                row.row,
                "filter_default",
                "the filter has no such item. Name one it has, or leave it blank.",
            )
        elif not row.filter_default and TOTAL not in items:
            yield (
                *(pair.data, 0, row.col_name),
                f"no row has the item {TOTAL}. Add rows for all items together, or name an item in filter_default.",
            )
        group = row.filter_grouping_column
        if TOTAL in items and group in pair.data.columns and TOTAL not in pair.data.first_rows[group]:
            yield pair.data, 0, group, f"no row has the item {TOTAL}. Group the filter's own {TOTAL} under {TOTAL}."


@check("A filter has at least two items.")
def filter_not_single(pair: Pair) -> Breaches:
    for row in pair.filters:
        if len(pair.data.first_rows[row.col_name]) < 2:
            yield pair.data, 0, row.col_name, "all rows have the same item. Take the column away, in both files."


@check("No cell of a filter or of its grouping column is blank.")
def filter_blank(pair: Pair) -> Breaches:
    yield from _cells(
        pair.data,
        pair.item_columns,
        lambda cell: not cell.strip(),
        f"it is blank. Write {TOTAL} where nothing is split.",
    )


@check("No cell of an indicator is blank.")
def indicator_blank(pair: Pair) -> Breaches:
    yield from _cells(
        *(pair.data, [row.col_name for row in pair.indicators], lambda cell: not cell.strip()),
        "it is blank. Write the symbol of why there is no number: c, z, x, low or u.",
    )


@check("An indicator holds numbers and the symbols c, z, x, low and u, and nothing else.")
def indicator_value(pair: Pair) -> Breaches:
    def is_wrong(cell: str) -> bool:
        if not cell.strip() or cell in _OBSOLETE or cell.lower() in _NULLS:
            return False  # those have checks of their own, with better advice
        return cell not in SYMBOLS and not _NUMBER.fullmatch(cell)

    for row in pair.indicators:
        if row.indicator_unit != "numberstring":
            yield from _cells(
                *(pair.data, [row.col_name], is_wrong),
                "it is neither number nor symbol. Write digits and a point, no thousands commas, no unit.",
            )


@check("An indicator has no symbol that went out of use.")
def obsolete_symbol(pair: Pair) -> Breaches:
    yield from _cells(
        *(pair.data, [row.col_name for row in pair.indicators], _OBSOLETE.__contains__),
        "the symbol is out of use. Write c for hidden, z for not applicable, x for not available.",
    )


@check("No cell says NULL, NA or NaN.")
def null_text(pair: Pair) -> Breaches:
    for sheet in (pair.data, pair.meta):
        yield from _cells(
            *(sheet, sheet.header, lambda cell: cell.lower() in _NULLS),
            "a program's word for nothing stands there. Write a symbol, a label, or leave it blank.",
        )


@check("A number has no more decimals than indicator_dp says.")
def indicator_decimals(pair: Pair) -> Breaches:
    for row in pair.indicators:
        if not _DECIMALS.fullmatch(row.indicator_dp):
            continue
        shown = int(row.indicator_dp)
        yield from _cells(
            *(pair.data, [row.col_name], lambda cell, shown=shown: _decimals(cell) > shown),
            f"the number has more than {shown} decimals. Round it half up, or raise indicator_dp.",
        )


@check("The kind of period is one the standard knows.")
def time_identifier(pair: Pair) -> Breaches:
    yield from _cells(
        *(pair.data, ["time_identifier"], lambda cell: cell not in _TIME_KIND),
        "the standard has no such kind of period. Write Financial year, Calendar year, Reporting year, ...",
    )


@check("A file has one kind of period.")
def time_one_kind(pair: Pair) -> Breaches:
    kinds = {_TIME_KIND[cell] for cell in pair.data.first_rows["time_identifier"] if cell in _TIME_KIND}
    if len(kinds) > 1:
        yield (
            pair.data,
            0,
            "time_identifier",
            "different kinds of period stand in one file. Write a file for each kind.",
        )


@check("A period has six digits, two years that follow each other, or four digits, as its kind demands.")
def time_period(pair: Pair) -> Breaches:
    for (period, identifier), row in pair.data.first_rows_of("time_period", "time_identifier").items():
        digits = _TIME_KINDS[_TIME_KIND[identifier]] if identifier in _TIME_KIND else 0
        if digits and not re.fullmatch(rf"[0-9]{{{digits}}}", period):
            yield (
                pair.data,
                row,
                "time_period",
                f"it has not the {digits} digits of its kind of period. Write it with {digits}.",
            )
        elif digits == 6 and (int(period[2:4]) + 1) % 100 != int(period[4:]):
            yield (
                pair.data,
                row,
                "time_period",
                "the two years do not follow each other. Write April 2023 to March 2024 as 202324.",
            )


@check("The level of a row is one the standard knows.")
def geographic_level(pair: Pair) -> Breaches:
    yield from _cells(
        *(pair.data, ["geographic_level"], lambda cell: cell not in _LEVELS),
        "it is no level of the standard. Write National, Regional, Local authority or another of its list.",
    )


@check("A file has the columns of the levels it has rows of.")
def level_columns(pair: Pair) -> Breaches:
    for level in _levels(pair):
        for column in _LEVELS[level]:
            if column not in pair.data.columns:
                yield pair.data, 1, column, f"the column is missing, and rows of level {level} need it. Add it."


@check("A row says which area of its level it is about.")
def level_filled(pair: Pair) -> Breaches:
    for level in _levels(pair):
        for column in ("country_code", "country_name", *_LEVELS[level]):
            rows = _rows_of_level(pair, level, column, lambda cell: not cell.strip())
            if rows:
                yield pair.data, rows[0], column, f"it is blank in a row of level {level}. Fill it.{also(rows)}"


@check("A row names no area of a level below or beside its own.")
def level_blank(pair: Pair) -> Breaches:
    for level in _levels(pair):
        around = _AROUND.get(level, {"National", "Regional", "Local authority", level})
        allowed = {column for name in around for column in _LEVELS[name]}
        for column in pair.data.header:
            if column in _PLACE_COLUMNS and column not in allowed:
                rows = _rows_of_level(pair, level, column, bool)
                if rows:
                    advice = f"rows of level {level} have no such area. Empty the cell."
                    yield pair.data, rows[0], column, f"{advice}{also(rows)}"


@check("A country has its code and its name.")
def country_code(pair: Pair) -> Breaches:
    rows = _rows_with(
        *(pair.data, ("country_code", "country_name")),
        lambda place: bool(place[0] and place[1]) and _COUNTRIES.get(place[0]) != place[1],
    )
    if rows:
        yield (
            pair.data,
            rows[0],
            "country_code",
            f"code and name are of no one country. England is E92000001.{also(rows)}",
        )


@check("A region has a code of nine characters.")
def region_code(pair: Pair) -> Breaches:
    yield from _codes(
        pair,
        "region_code",
        _REGION_CODE,
        "it is no code of a region. Write E12 and six digits, or z where it has none.",
    )


@check("A local authority has a code of three digits and one of nine characters.")
def la_code(pair: Pair) -> Breaches:
    yield from _codes(
        pair,
        "old_la_code",
        _OLD_LA_CODE,
        "it is not three digits. Write the authority's number, or z where it has none.",
    )
    yield from _codes(
        pair,
        "new_la_code",
        _NEW_LA_CODE,
        "it is no code of an authority. Write E06 to E10 and six digits, or x where it has none.",
    )


@check("An area's code stands for one name, and its name for one code.")
def area_names(pair: Pair) -> Breaches:
    for columns in _LEVELS.values():
        code, name = columns[0], columns[-1]
        if code == name or code not in pair.data.columns or name not in pair.data.columns:
            continue
        cells = dict.fromkeys(zip(pair.data.columns[code], pair.data.columns[name], strict=True))
        pairs = [(key, label) for key, label in cells if key and label and key not in _NO_CODE]
        for place, (column, what) in enumerate(((code, "name"), (name, "code"))):
            counted = Counter(both[place] for both in pairs)
            twice = {cell for cell, times in counted.items() if times > 1}
            found = pair.data.breaches(column, twice.__contains__)
            if found:
                yield (
                    pair.data,
                    found[0],
                    column,
                    f"it stands with more than one {what}. Write one {what} for it.{found[1]}",
                )


@check("Columns of time and place have no Total or All.")
def place_total(pair: Pair) -> Breaches:
    columns = [column for column in pair.data.header if column in _OBSERVED]
    yield from _cells(
        *(pair.data, columns, lambda cell: cell.strip().lower() in _TOTALS),
        "time and place have no such item. Leave the cell blank, or give the row the level above.",
    )


@check("No cell begins or ends with a space or holds a line break.")
def cell_spaces(pair: Pair) -> Breaches:
    for sheet in (pair.data, pair.meta):
        yield from _cells(
            *(sheet, sheet.header, lambda cell: cell != cell.strip() or "\n" in cell),
            "a space stands at an end of the cell, or a line break in it. Take it away.",
        )


@check("No column is blank from end to end, and no row.")
def blank_lines(pair: Pair) -> Breaches:
    for column, cells in pair.data.first_rows.items():
        if not any(cell.strip() for cell in cells):
            yield pair.data, 0, column, "every cell is blank. Take the column away."
    for sheet in (pair.data, pair.meta):
        rows = [row for row, cells in enumerate(sheet.rows, start=2) if not any(cells)]
        if rows:
            yield sheet, rows[0], "", f"every cell is blank. Take the row away.{also(rows)}"


@check("No two rows have the same period, place and items.")
def duplicate_rows(pair: Pair) -> Breaches:
    columns = [column for column in pair.data.header if column in _OBSERVED or column in pair.item_columns]
    keys = list(zip(*(pair.data.columns[column] for column in columns), strict=True))
    first: dict[tuple[str, ...], int] = {}
    again = [row for row, key in enumerate(keys, start=2) if first.setdefault(key, row) != row]
    if again:
        yield (
            *(pair.data, again[0], ""),
            f"an earlier row has the same period, place and items. Keep one, or add a filter.{also(again)}",
        )


@check("No label begins with =, +, - or @, which a spreadsheet would run as a formula.")
def formula_text(pair: Pair) -> Breaches:
    numbers = {row.col_name for row in pair.indicators}
    for sheet, columns in (
        (pair.data, [c for c in pair.data.header if c not in numbers]),
        (pair.meta, pair.meta.header),
    ):
        yield from _cells(
            *(sheet, columns, lambda cell: cell.startswith(FORMULA_START)),
            "a spreadsheet would take the label for a formula. Put an apostrophe before it.",
        )


def _cells(sheet: Sheet, columns: Iterable[str], is_wrong: Callable[[str], bool], advice: str) -> Breaches:
    for column in columns:
        found = sheet.breaches(column, is_wrong)
        if found:
            yield sheet, found[0], column, f"{advice}{found[1]}"


def _codes(pair: Pair, column: str, shape: re.Pattern[str], advice: str) -> Breaches:
    if column in pair.data.columns:
        yield from _cells(
            pair.data, [column], lambda cell: bool(cell) and cell not in _NO_CODE and not shape.fullmatch(cell), advice
        )


def _levels(pair: Pair) -> Iterator[str]:
    return (level for level in pair.data.first_rows["geographic_level"] if level in _LEVELS)


def _rows_of_level(pair: Pair, level: str, column: str, is_wrong: Callable[[str], bool]) -> list[int]:
    """Rows of a level with a wrong cell in a column; none where the file lacks the column."""
    if column not in pair.data.columns:
        return []
    return _rows_with(
        *(pair.data, ("geographic_level", column)), lambda cells: cells[0] == level and is_wrong(cells[1])
    )


def _rows_with(sheet: Sheet, columns: Sequence[str], is_wrong: Callable[[tuple[str, ...]], bool]) -> list[int]:
    """Rows whose cells in some columns are wrong together."""
    wrong = {cells for cells in sheet.first_rows_of(*columns) if is_wrong(cells)}
    if not wrong:
        return []
    rows = zip(*(sheet.columns[column] for column in columns), strict=True)
    return [row for row, cells in enumerate(rows, start=2) if cells in wrong]


def _decimals(cell: str) -> int:
    return len(cell.partition(".")[2]) if _NUMBER.fullmatch(cell) else 0
