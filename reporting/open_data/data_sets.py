"""Which open data sets there are, and their rows: every published figure stands in exactly one of them."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from reporting.errors import ReportError
from reporting.figures import Figure
from reporting.open_data import titles
from reporting.open_data.columns import COLUMNS, attributes_of, cells_of, kind_of
from reporting.open_data.ees import TOTAL, DataSet, FilterColumn, PlainColumn, guarded, plain, unguarded
from reporting.open_data.labels import TopicKey, group_of, label_of, topic_key, topic_names
from reporting.open_data.lines import Labels, Line
from reporting.open_data.meaning import method_of
from reporting.open_data.titles import THEMES, words

COUNTRY_CODE, COUNTRY_NAME = "E92000001", "England"

# Sections of the report whose name would make a long file name.
_SECTION_NAMES = {
    "About this dataset": "about",
    "Service inputs": "inputs",
    "Client profile": "profile",
    "History of abuse at intake": "history_of_abuse",
    "Concerns identified at intake": "concerns",
    "Case review data": "reviews",
    "Client outcomes": "outcomes",
    "Service outputs": "outputs",
}
_FILTERS = (
    FilterColumn("service", "Service", "Total is all services of the programme together, not all of England"),
    FilterColumn("comparator", "Area or its comparator", "Total is the area itself"),
    FilterColumn("breakdown", "Group of children", "Total is everybody", grouping="breakdown_topic"),
    FilterColumn("topic", "Topic"),
    FilterColumn("response", "Answer or line", "Total is everybody in the base", grouping="response_group"),
    FilterColumn("answer", "Column", "Total where a topic has one column"),
    FilterColumn("stage", "Stage of support", "Total where a topic is asked at one stage"),
    FilterColumn("indicator_id", "Indicator, by its identifier"),
    FilterColumn("counted", "What the base counts, or the number where it has no base"),
    FilterColumn("method", "How the figure was made and protected"),
)
# What a row says of itself besides its place. A filter with one item is none in the standard: where one of these has
# one, the data package says what holds of every row.
TOLD = ("indicator_id", "counted", "method")
_GROUPINGS = {"breakdown_topic": "What the groups of children differ by", "response_group": "Group of answers"}
_PLACE = (
    PlainColumn("time_period", "Period: six digits for a year that lies in two, four for any other"),
    PlainColumn("time_identifier", "Kind of period"),
    PlainColumn("geographic_level", "Kind of area"),
    PlainColumn("country_code", "Code of the country"),
    PlainColumn("country_name", "Name of the country"),
)
_AUTHORITY = (
    PlainColumn("old_la_code", "Code of the local authority, three digits; blank in rows of the country"),
    PlainColumn("new_la_code", "Code of the local authority's area, nine characters; blank in rows of the country"),
    PlainColumn("la_name", "Name of the local authority; blank in rows of the country"),
)
_NATIONAL = ("National", COUNTRY_CODE, COUNTRY_NAME, "", "", "")


@dataclass(frozen=True)
class _TimeKind:
    """How a period of a figure stands in a file: one kind in a file."""

    suffix: str
    identifier: str
    title: str


_FINANCIAL = _TimeKind("financial_years", "Financial year", "years from April to March")
_CALENDAR = _TimeKind("calendar_years", "Calendar year", "calendar years")
_SNAPSHOT = _TimeKind("at_31_march", "Reporting year", "on 31 March")
# What the standard calls years that lie in two, by their first month and day.
_SPANNING = {
    (4, 1): _FINANCIAL,
    (9, 1): _TimeKind("academic_years", "Academic year", "years from September to August"),
    (4, 6): _TimeKind("tax_years", "Tax year", "years from 6 April to 5 April"),
}
_REPORTING = _TimeKind("reporting_years", "Reporting year", "years called by the year in which they end")
_OTHER = _TimeKind("other_periods", "Reporting year", "other periods, named in the topic")


def data_sets_of(lines: Sequence[Line], labels: Labels) -> list[DataSet]:
    """The data sets that hold these figures, by name. Order of rows as given.

    Raises ReportError for a geography that open data have no level for.
    """
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    names: dict[str, str] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    topics = topic_names(lines)
    for _, table in groupby(lines, _table_key):
        members = list(table)
        first = members[0].figure
        time = _time_kind(first, labels)
        name, title = _data_set_name(first.theme, first.source, members[0].section, time)
        names[name] = title
        place = _place(first, labels) | _time(first, time) | _group(first, labels)
        figures = [line.figure for line in members]
        base = _base_row(figures)
        if base is not None:
            share = next(figure for figure in figures if kind_of(figure) == "percentage")
            about = _meaning(next(line for line in members if line.figure is share))
            method = {"method": method_of(replace(share, statistic="count"))}
            rows[name].append(place | {"topic": _topic(share, time, topics)} | about | method | base)
        parents = {line.parent_label for line in members}
        for line in members:
            kinds[name].add(kind_of(line.figure))
            topic = _topic(line.figure, time, topics)
            rows[name].append(
                {**place, "topic": topic, **_meaning(line), **_answer(line, parents), **cells_of(line.figure)}
            )
    return [_data_set(name, names[name], rows[name], kinds[name]) for name in sorted(rows)]


def _table_key(line: Line) -> tuple[object, ...]:
    """What the rows of one table of one area and group have in common."""
    one = line.figure
    return (
        *(one.theme, one.source, line.section, one.period, one.period_label, one.geography_level, one.geography_code),
        *(one.breakdown, one.breakdown_value, one.indicator_id, one.point),
    )


def _base_row(figures: Sequence[Figure]) -> dict[str, str] | None:
    """The row Total of a table: its n, where all its percentages are over one population and one n is published.

    None where the table has a row of that name itself.
    """
    shares = [figure for figure in figures if kind_of(figure) == "percentage"]
    if any(plain(figure.row_label) == TOTAL for figure in figures):
        return None
    counted = {figure.denominator for figure in shares} - {None}
    if len({figure.population_id for figure in shares}) != 1 or len(counted) != 1 or shares[0].population_id is None:
        return None
    n = str(counted.pop())
    return {"response": TOTAL, "response_group": TOTAL, "answer": TOTAL, "number": n, "base": n}


def _answer(line: Line, parents: set[str | None]) -> dict[str, str]:
    figure = line.figure
    # A line that only repeats its topic says nothing of its own.
    repeats = figure.theme == "social_care" and figure.row_label == line.title
    group = line.parent_label or (figure.row_label if figure.row_label in parents else None)
    return {
        "response": TOTAL if repeats else guarded(label_of(figure)),
        "response_group": guarded(plain(group)) if group else TOTAL,
        "answer": guarded(plain(figure.column_label)) if figure.column_label else TOTAL,
    }


def _meaning(line: Line) -> dict[str, str]:
    return {
        "indicator_id": guarded(plain(line.figure.indicator_id)),
        "counted": guarded(line.counted),
        "method": method_of(line.figure),
    }


def _topic(figure: Figure, time: _TimeKind, topics: Mapping[TopicKey, str]) -> str:
    name = topics[topic_key(figure)]
    return guarded(f"{name}, {plain(figure.period_label)}" if time is _OTHER else name)


def _group(figure: Figure, labels: Labels) -> dict[str, str]:
    whole = figure.breakdown == "total"
    return {
        "stage": plain(figure.point).capitalize() if figure.point else TOTAL,
        "breakdown_topic": TOTAL
        if whole
        else guarded(labels.breakdowns.get(figure.breakdown, words(figure.breakdown))),
        "breakdown": TOTAL if whole else guarded(group_of(figure)),
    }


def _place(figure: Figure, labels: Labels) -> dict[str, str]:
    service, comparator = TOTAL, TOTAL
    if figure.geography_level in {"authority", "statistical_neighbours"}:
        area, name = labels.authorities.get(figure.geography_code, ("x", f"Local authority {figure.geography_code}"))
        cells = ("Local authority", COUNTRY_CODE, COUNTRY_NAME, figure.geography_code, area, guarded(name))
        comparator = "Statistical neighbours" if figure.geography_level == "statistical_neighbours" else TOTAL
    elif figure.geography_level in {"all_services", "country", "service"}:
        cells = _NATIONAL
        if figure.geography_level == "service":
            service = guarded(labels.services.get(figure.geography_code, plain(figure.geography_code)))
    else:
        raise ReportError(
            f"Open data have no level for figures of the geography {figure.geography_level!r}, so no open data were "
            "written. Give it a level in reporting/open_data/data_sets.py."
        )
    columns = ("geographic_level", "country_code", "country_name", "old_la_code", "new_la_code", "la_name")
    return dict(zip(columns, cells, strict=True)) | {"service": service, "comparator": comparator}


def _time_kind(figure: Figure, labels: Labels) -> _TimeKind:
    if figure.theme == "insights" and not re.fullmatch(r"\d{4}", figure.period_label):
        return _SPANNING.get(labels.year_starts, _REPORTING)
    # A figure has no other word for its kind of period: these are the shapes of `dbt_project/macros/years.sql`.
    for shape, kind in ((r"\d{4}-\d{2}", _FINANCIAL), (r"31 March \d{4}", _SNAPSHOT), (r"\d{4}", _CALENDAR)):
        if re.fullmatch(shape, figure.period_label):
            return kind
    return _OTHER


def _time(figure: Figure, time: _TimeKind) -> dict[str, str]:
    # The standard writes a year that lies in two as 201617, which is the label without its dash.
    spans = time in _SPANNING.values()
    period = figure.period_label.replace("-", "") if spans else f"{figure.period:04d}"
    return {"time_period": period, "time_identifier": time.identifier}


@functools.cache
def _data_set_name(theme: str, source: str, section: str, time: _TimeKind) -> tuple[str, str]:
    """Name of the files and title of the data set that a figure stands in."""
    names, said = [theme], []
    if theme == "insights" and source == "indicator_value":
        names += [_SECTION_NAMES.get(section, section)] if section else []
        said += [section[0].lower() + section[1:]] if section else []
    elif theme == "insights":
        names.append(source)
        said.append(titles.SOURCES.get(source, words(source).lower()))
    elif source != "indicator_value":
        # There are many small ones: they stand together, and the topic says which.
        names.append("analyses")
        said.append("analyses")
    if theme != "insights" or time is not _FINANCIAL:
        names.append(time.suffix)
        said.append(time.title)
    title = THEMES.get(theme, words(theme))
    return _slug("_".join(names)), plain(f"{title}: {', '.join(said)}" if said else title)


def _data_set(name: str, title: str, rows: list[dict[str, str]], kinds: set[str]) -> DataSet:
    """Rows laid out in columns. Filters of a single item and indicators that no row can have are left out."""
    of_services = any(row["service"] != TOTAL for row in rows)
    applicable = {
        column
        for kind in kinds
        for column, attribute in attributes_of(kind)
        if of_services or not attribute.startswith("difference")
    }
    indicators = tuple(column for column in COLUMNS if column.name in applicable)
    items = {filter_.name: dict.fromkeys(row[filter_.name] for row in rows) for filter_ in _FILTERS}
    filters: list[FilterColumn] = []
    told: dict[str, str] = {}
    for filter_ in _FILTERS:
        found = items[filter_.name]
        if len(found) < 2:
            if filter_.name in TOLD:
                told[filter_.label] = unguarded(next(iter(found)))
            continue
        groups = {row[filter_.grouping] for row in rows} if filter_.grouping else set()
        grouping = filter_.grouping if 1 < len(groups) < len(found) else ""
        if len(groups) > 1 and not grouping:
            found = _fold(rows, filter_)
        default = "" if TOTAL in found else next(iter(found))
        filters.append(
            FilterColumn(filter_.name, filter_.label, filter_.hint if TOTAL in found else "", grouping, default)
        )
    has_authority = any(row["old_la_code"] for row in rows)
    observed = (*_PLACE, *(_AUTHORITY if has_authority else ()))
    grouping_fields = [PlainColumn(f.grouping, _GROUPINGS[f.grouping]) for f in filters if f.grouping]
    columns = (
        *(field.name for field in observed),
        *(column for f in filters for column in ([f.grouping, f.name] if f.grouping else [f.name])),
        *(indicator.name for indicator in indicators),
    )
    return DataSet(
        name,
        title,
        columns,
        [tuple([row.get(column, "z") for column in columns]) for row in rows],
        (*observed, *grouping_fields),
        tuple(filters),
        indicators,
        told,
    )


def _fold(rows: list[dict[str, str]], filter_: FilterColumn) -> dict[str, None]:
    """Write the group before each item, where as many groups as items would group nothing. Returns the items."""
    for row in rows:
        group, item = row[filter_.grouping], row[filter_.name]
        if group not in {TOTAL, item}:
            row[filter_.name] = guarded(f"{unguarded(group)}: {unguarded(item)}")
    return dict.fromkeys(row[filter_.name] for row in rows)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
