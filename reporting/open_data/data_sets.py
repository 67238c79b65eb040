"""Which open data sets there are, and their rows: every published figure stands in exactly one of them.

All numbers come from `marts.published_value`; labels come from `marts.indicator`, `reference.breakdown` and
`reference.authority`, which hold no count of children.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from orchestration.errors import OperatorError
from reporting.figures import RELATION, Figures
from reporting.open_data import titles
from reporting.open_data.ees import SYMBOLS, TOTAL, DataSet, Field, Filter, Indicator, guarded, number, plain, unguarded

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
THEME_TITLES = {"insights": "Children's Insights", "social_care": "Children's social care"}


class Line(NamedTuple):
    """One figure of marts.published_value with its place in the report; columns as in `reporting.figures.Figure`."""

    theme: str
    source: str
    section: str
    subsection: str
    title: str
    indicator_order: int
    indicator_id: str
    period: int
    period_label: str
    geography_level: str
    geography_code: str
    breakdown: str
    breakdown_value: str
    point: str
    row_label: str
    parent_label: str | None
    column_label: str
    statistic: str
    unit: str
    status: str
    population_id: str | None
    numerator: int | None
    denominator: int | None
    value: float | None
    lower_95: float | None
    upper_95: float | None
    change: float | None
    change_lower_95: float | None
    change_upper_95: float | None
    difference: float | None
    difference_lower_95: float | None
    difference_upper_95: float | None

    @property
    def topic_key(self) -> tuple[str, str, str, str]:
        """What `topic_names` knows the topic by: theme, source, indicator, and the unit where it has to be named."""
        return self.theme, self.source, self.indicator_id, _named_unit(self)


@dataclass(frozen=True)
class Labels:
    """Names of breakdowns and populations, and of authorities (code of the area, name) by their code."""

    breakdowns: Mapping[str, str]
    authorities: Mapping[str, tuple[str, str]]
    populations: Mapping[str, str]


@dataclass(frozen=True)
class _TimeKind:
    """How a period of a figure stands in a file: one kind in a file."""

    suffix: str
    identifier: str
    title: str


_FINANCIAL = _TimeKind("financial_years", "Financial year", "years from April to March")
_CALENDAR = _TimeKind("calendar_years", "Calendar year", "calendar years")
_SNAPSHOT = _TimeKind("at_31_march", "Reporting year", "on 31 March")
_OTHER = _TimeKind("other_periods", "Reporting year", "other periods, named in the topic")

# kind of figure -> the indicator columns it fills and where each comes from; every other indicator is not applicable.
_BASED = (("number", "numerator"), ("base", "denominator"))
_COMPARED = (
    ("difference_to_other_services", "difference"),
    ("difference_lower_limit", "difference_lower_95"),
    ("difference_upper_limit", "difference_upper_95"),
)


def _with_limits(value: str, stem: str) -> tuple[tuple[str, str], ...]:
    return ((value, "value"), (f"{stem}_lower_limit", "lower_95"), (f"{stem}_upper_limit", "upper_95"))


def _with_change(stem: str) -> tuple[tuple[str, str], ...]:
    name = f"{stem}_change"
    return ((name, "change"), (f"{name}_lower_limit", "change_lower_95"), (f"{name}_upper_limit", "change_upper_95"))


_ATTRIBUTES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "count": (("number", "value"),),
    "estimate": _with_limits("number", "number"),
    "percentage": (*_BASED, *_with_limits("percentage", "percentage"), *_with_change("percentage"), *_COMPARED),
    "mean": (("base", "denominator"), ("mean", "value")),
    "median": (("base", "denominator"), ("median", "value")),
    "rate": (*_BASED, *_with_limits("rate_per_10000", "rate"), *_with_change("rate")),
    "other": (*_BASED, *_with_limits("other_value", "other")),
}
_FIGURES, _CHANGES, _DIFFERENCES = "Figures", "Change", "Difference to all other services"
INDICATORS = (
    Indicator("number", "Number", "", 0, _FIGURES),
    Indicator("number_lower_limit", "Number, lower 95% confidence limit", "", 0, _FIGURES),
    Indicator("number_upper_limit", "Number, upper 95% confidence limit", "", 0, _FIGURES),
    Indicator("base", "Number in the base", "", 0, _FIGURES),
    Indicator("percentage", "Percentage", "%", 1, _FIGURES),
    Indicator("percentage_lower_limit", "Percentage, lower 95% confidence limit", "%", 1, _FIGURES),
    Indicator("percentage_upper_limit", "Percentage, upper 95% confidence limit", "%", 1, _FIGURES),
    Indicator("mean", "Mean", "", 1, _FIGURES),
    Indicator("median", "Median", "", 1, _FIGURES),
    Indicator("rate_per_10000", "Rate per 10,000", "", 1, _FIGURES),
    Indicator("rate_lower_limit", "Rate per 10,000, lower 95% confidence limit", "", 1, _FIGURES),
    Indicator("rate_upper_limit", "Rate per 10,000, upper 95% confidence limit", "", 1, _FIGURES),
    Indicator("other_value", "Value in the unit that the topic names", "", 2, _FIGURES),
    Indicator("other_lower_limit", "Value, lower 95% confidence limit", "", 2, _FIGURES),
    Indicator("other_upper_limit", "Value, upper 95% confidence limit", "", 2, _FIGURES),
    Indicator("percentage_change", "Change of the percentage", "pp", 1, _CHANGES),
    Indicator("percentage_change_lower_limit", "Change of the percentage, lower 95% limit", "pp", 1, _CHANGES),
    Indicator("percentage_change_upper_limit", "Change of the percentage, upper 95% limit", "pp", 1, _CHANGES),
    Indicator("rate_change", "Change of the rate per 10,000", "", 1, _CHANGES),
    Indicator("rate_change_lower_limit", "Change of the rate per 10,000, lower 95% limit", "", 1, _CHANGES),
    Indicator("rate_change_upper_limit", "Change of the rate per 10,000, upper 95% limit", "", 1, _CHANGES),
    Indicator("difference_to_other_services", "Difference of the percentage", "pp", 1, _DIFFERENCES),
    Indicator("difference_lower_limit", "Difference, lower 95% confidence limit", "pp", 1, _DIFFERENCES),
    Indicator("difference_upper_limit", "Difference, upper 95% confidence limit", "pp", 1, _DIFFERENCES),
)
_FILTERS = (
    Filter("service", "Service", "Total is all services together"),
    Filter("comparator", "Area or its comparator", "Total is the area itself"),
    Filter("breakdown", "Group of children", "Total is everybody", grouping="breakdown_topic"),
    Filter("topic", "Topic"),
    Filter("response", "Answer or line", "Total is everybody in the base", grouping="response_group"),
    Filter("answer", "Column", "Total where a topic has one column"),
    Filter("stage", "Stage of support", "Total where a topic is asked at one stage"),
)
_GROUPINGS = {"breakdown_topic": "What the groups of children differ by", "response_group": "Group of answers"}
_PLACE = (
    Field("time_period", "Period: six digits for a year from April to March, four for any other"),
    Field("time_identifier", "Kind of period"),
    Field("geographic_level", "Kind of area"),
    Field("country_code", "Code of the country"),
    Field("country_name", "Name of the country"),
)
_AUTHORITY = (
    Field("old_la_code", "Code of the local authority, three digits; blank in rows of the country"),
    Field("new_la_code", "Code of the local authority's area, nine characters; blank in rows of the country"),
    Field("la_name", "Name of the local authority; blank in rows of the country"),
)
_ORDER = ("", "intake", "review", "exit")
_NATIONAL = ("National", COUNTRY_CODE, COUNTRY_NAME, "", "", "")


def read_lines(figures: Figures) -> list[Line]:
    """Every published figure, sorted so that the rows of one table of the report lie together."""
    own = set(Line._fields) - {"section", "subsection", "title", "indicator_order"}
    absent = {"indicator_order": "0"}
    columns = [
        f"figure.{name}" if name in own else f"coalesce(indicator.{name}, {absent.get(name, repr(''))}) as {name}"
        for name in Line._fields
    ]
    points = " ".join(f"when '{point}' then {place}" for place, point in enumerate(_ORDER))
    rows = figures.query(
        f"select {', '.join(columns)} from {RELATION['public']} as figure "
        "left join marts.indicator as indicator on figure.source = 'indicator_value' "
        "and figure.theme = indicator.theme and figure.indicator_id = indicator.indicator_id "
        "left join reference.breakdown as split on figure.breakdown = split.breakdown "
        "order by figure.theme, figure.source, figure.period, "
        "case figure.geography_level when 'all_services' then 0 when 'country' then 0 else 1 end, "
        "figure.geography_level, figure.geography_code, coalesce(split.breakdown_order, 0), "
        "if(figure.breakdown = 'total', '', figure.breakdown), figure.breakdown_value, "
        "indicator.indicator_order, figure.indicator_id, figure.period_label, "
        f"case figure.point {points} else {len(_ORDER)} end, figure.point, figure.row_order, figure.column_order"
    )
    return _titled([Line._make(row) for row in rows])


def _titled(lines: list[Line]) -> list[Line]:
    """Figures of other marts with a title: the heading that all their lines stand under, else a name from `titles`."""
    parents: dict[tuple[str, ...], set[str | None]] = defaultdict(set)
    for line in lines:
        if line.source != "indicator_value":
            parents[line.theme, line.source, line.indicator_id].add(line.parent_label)
    titled = []
    for line in lines:
        if line.source != "indicator_value":
            (first, *others) = parents[line.theme, line.source, line.indicator_id]
            if first and not others:
                line = line._replace(title=first, parent_label=None)
            else:
                line = line._replace(title=titles.TOPICS.get(line.indicator_id, words(line.indicator_id)))
        titled.append(line)
    return titled


def read_labels(figures: Figures) -> Labels:
    """Names of breakdowns, populations and authorities."""
    breakdowns = figures.query("select breakdown, breakdown_label from reference.breakdown")
    populations = figures.query("select population_id, population_label from marts.dim_population")
    authorities = figures.query("select la_code, area_code, area_name from reference.authority")
    return Labels(
        {str(name): plain(str(label)) for name, label in breakdowns},
        {str(code): (str(area or "x"), plain(str(name or code))) for code, area, name in authorities},
        {str(name): plain(str(label)) for name, label in populations},
    )


def read(database: Path) -> tuple[list[Line], Labels]:
    """The published figures of a release and the names that belong to them."""
    with Figures(database, "public") as figures:
        return read_lines(figures), read_labels(figures)


def data_sets_of(lines: Sequence[Line], labels: Labels) -> list[DataSet]:
    """The data sets that hold these figures, by name. Order of rows as given.

    Raises OperatorError for a geography that open data have no level for.
    """
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    names: dict[str, str] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    topics = topic_names(lines)
    for _, table in groupby(lines, attrgetter(*_TABLE_KEY)):
        figures = list(table)
        first = figures[0]
        time = _time_kind(first)
        name, title = _data_set_name(first.theme, first.source, first.section, time)
        names[name] = title
        place = _place(first, labels) | _time(first, time) | _group(first, labels)
        base = _base_row(figures)
        if base is not None:
            share = next(figure for figure in figures if kind_of(figure) == "percentage")
            rows[name].append(place | {"topic": _topic(share, time, topics)} | base)
        parents = {figure.parent_label for figure in figures}
        for figure in figures:
            kinds[name].add(kind_of(figure))
            topic = _topic(figure, time, topics)
            rows[name].append({**place, "topic": topic, **_answer(figure, parents), **cells_of(figure)})
    return [_data_set(name, names[name], rows[name], kinds[name]) for name in sorted(rows)]


def topic_names(lines: Sequence[Line]) -> dict[tuple[str, str, str, str], str]:
    """Names of topics by `Line.topic_key`: the title, with more where another topic beside it has the same.

    The unit is named where a column cannot name it.
    """
    topics = sorted({(*line.topic_key, line.title, line.subsection) for line in lines})
    names = {topic: plain(topic[4] or words(topic[2])) for topic in topics}
    names = {topic: f"{name} ({plain(topic[3])})" if topic[3] else name for topic, name in names.items()}
    for place, form in ((5, "{0}: {1}"), (2, "{1} [{0}]")):
        counted = Counter((_family(topic), name) for topic, name in names.items())
        names = {
            topic: form.format(plain(topic[place]), name)
            if topic[place] and counted[_family(topic), name] > 1
            else name
            for topic, name in names.items()
        }
    return {topic[:4]: name for topic, name in names.items()}


def _family(topic: tuple[str, ...]) -> tuple[str, str]:
    """Topics of one family stand in one file: analyses of the returns do, whichever mart they come from."""
    theme, source = topic[:2]
    return theme, source if theme == "insights" or source == "indicator_value" else "analyses"


def kind_of(line: Line) -> str:
    """What a figure is: a key of _ATTRIBUTES. It depends on no number, so a hidden figure keeps its kind.

    An estimate is a number that may have limits: counts of the returns, and modelled ones.
    """
    return _kind(line.theme, line.statistic, line.unit)


@functools.cache
def _kind(theme: str, statistic: str, unit: str) -> str:
    if statistic in {"count", "services", "external"}:
        return "count" if theme == "insights" else "estimate"
    if statistic in {"model", "comparator"} and unit.startswith("count"):
        return "estimate"
    if statistic in {"percentage", "per_100"} or unit.startswith("%"):
        return "percentage"
    if statistic in {"mean", "median"}:
        return statistic
    return "rate" if unit.startswith("per 10,000") else "other"


def applicable_to(kind: str) -> tuple[str, ...]:
    """The indicator columns that a figure of a kind fills."""
    return tuple(column for column, _ in _ATTRIBUTES[kind])


def cells_of(line: Line) -> dict[str, str]:
    """The indicator cells of a figure: a number, or the symbol of why there is none."""
    kind, service = kind_of(line), line.geography_level == "service"
    absent = _absent_cells(kind, line.status, service)
    if line.value is None and line.numerator is None and line.denominator is None:
        return absent
    cells = {}
    for column, attribute in _ATTRIBUTES[kind]:
        value = getattr(line, attribute)
        if value is None:
            cells[column] = absent[column]
            continue
        text = number(value, _DECIMALS[column])
        cells[column] = "low" if value and attribute == "value" and float(text) == 0 else text
    return cells


@functools.cache
def _absent_cells(kind: str, status: str, service: bool) -> dict[str, str]:
    """What stands in the cells of a figure that have no number: c only where the figure is hidden."""
    own = status if status in SYMBOLS and status != "low" else "z"
    compared = own if own == "c" else "x"
    return {
        column: (compared if service or not attribute.startswith("difference") else "z")
        if attribute.startswith(("change", "difference"))
        else own
        for column, attribute in _ATTRIBUTES[kind]
    }


_DECIMALS = {indicator.name: indicator.decimals for indicator in INDICATORS}
_TABLE_KEY = (
    *("theme", "source", "section", "period", "period_label", "geography_level", "geography_code"),
    *("breakdown", "breakdown_value", "indicator_id", "point"),
)


def _base_row(figures: Sequence[Line]) -> dict[str, str] | None:
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


def _answer(figure: Line, parents: set[str | None]) -> dict[str, str]:
    # A line that only repeats its topic says nothing of its own.
    repeats = figure.theme == "social_care" and figure.row_label == figure.title
    group = figure.parent_label or (figure.row_label if figure.row_label in parents else None)
    return {
        "response": TOTAL if repeats else guarded(label_of(figure)),
        "response_group": guarded(plain(group)) if group else TOTAL,
        "answer": guarded(plain(figure.column_label)) if figure.column_label else TOTAL,
    }


def label_of(line: Line) -> str:
    """The label of a line, with the unit of a mean or median where neither it nor the topic says it."""
    label, unit = plain(line.row_label), line.unit
    if line.statistic not in {"mean", "median"} or not unit or _named_unit(line):
        return label
    return label if unit.rstrip("s").lower() in label.lower() else f"{label} ({plain(unit)})"


def _named_unit(line: Line) -> str:
    """The unit where the name of the topic has to say it: those of the returns differ from topic to topic."""
    if line.theme == "insights" and kind_of(line) != "other":
        return ""
    return "" if line.unit in {"%", "count"} else line.unit


def _topic(line: Line, time: _TimeKind, topics: Mapping[tuple[str, str, str, str], str]) -> str:
    name = topics[line.topic_key]
    return guarded(f"{name}, {plain(line.period_label)}" if time is _OTHER else name)


def _group(line: Line, labels: Labels) -> dict[str, str]:
    whole = line.breakdown == "total"
    return {
        "stage": plain(line.point).capitalize() if line.point else TOTAL,
        "breakdown_topic": TOTAL if whole else guarded(labels.breakdowns.get(line.breakdown, words(line.breakdown))),
        "breakdown": TOTAL if whole else guarded(group_of(line)),
    }


def group_of(line: Line) -> str:
    """The group of children that a figure is about; Total for everybody. Those of the returns are names, not labels."""
    if line.breakdown == "total":
        return TOTAL
    return plain(line.breakdown_value if line.theme == "insights" else line.breakdown_value.replace("_", " "))


def _place(line: Line, labels: Labels) -> dict[str, str]:
    service, comparator = TOTAL, TOTAL
    if line.geography_level in {"authority", "statistical_neighbours"}:
        area, name = labels.authorities.get(line.geography_code, ("x", f"Local authority {line.geography_code}"))
        cells = ("Local authority", COUNTRY_CODE, COUNTRY_NAME, line.geography_code, area, guarded(name))
        comparator = "Statistical neighbours" if line.geography_level == "statistical_neighbours" else TOTAL
    elif line.geography_level in {"all_services", "country", "service"}:
        cells = _NATIONAL
        service = guarded(plain(line.geography_code)) if line.geography_level == "service" else TOTAL
    else:
        raise OperatorError(
            f"Open data have no level for figures of the geography {line.geography_level!r}, so no open data were "
            "written. Give it a level in reporting/open_data/data_sets.py."
        )
    columns = ("geographic_level", "country_code", "country_name", "old_la_code", "new_la_code", "la_name")
    return dict(zip(columns, cells, strict=True)) | {"service": service, "comparator": comparator}


def _time_kind(line: Line) -> _TimeKind:
    for shape, kind in ((r"\d{4}-\d{2}", _FINANCIAL), (r"31 March \d{4}", _SNAPSHOT), (r"\d{4}", _CALENDAR)):
        if re.fullmatch(shape, line.period_label):
            return kind
    return _OTHER


def _time(line: Line, time: _TimeKind) -> dict[str, str]:
    # A year from April to March is numbered by the year it ends in.
    six = f"{line.period - 1:04d}{line.period % 100:02d}"
    return {"time_period": six if time is _FINANCIAL else f"{line.period:04d}", "time_identifier": time.identifier}


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
    title = THEME_TITLES.get(theme, words(theme))
    return _slug("_".join(names)), plain(f"{title}: {', '.join(said)}" if said else title)


def _data_set(name: str, title: str, rows: list[dict[str, str]], kinds: set[str]) -> DataSet:
    """Rows laid out in columns. Filters of a single item and indicators that no row can have are left out."""
    of_services = any(row["service"] != TOTAL for row in rows)
    applicable = {
        column
        for kind in kinds
        for column, attribute in _ATTRIBUTES[kind]
        if of_services or not attribute.startswith("difference")
    }
    indicators = tuple(indicator for indicator in INDICATORS if indicator.name in applicable)
    items = {filter_.name: dict.fromkeys(row[filter_.name] for row in rows) for filter_ in _FILTERS}
    filters = []
    for filter_ in _FILTERS:
        found = items[filter_.name]
        if len(found) < 2:
            continue
        groups = {row[filter_.grouping] for row in rows} if filter_.grouping else set()
        grouping = filter_.grouping if 1 < len(groups) < len(found) else ""
        if len(groups) > 1 and not grouping:
            found = _fold(rows, filter_)
        default = "" if TOTAL in found else next(iter(found))
        filters.append(Filter(filter_.name, filter_.label, filter_.hint if TOTAL in found else "", grouping, default))
    has_authority = any(row["old_la_code"] for row in rows)
    observed = (*_PLACE, *(_AUTHORITY if has_authority else ()))
    grouping_fields = [Field(f.grouping, _GROUPINGS[f.grouping]) for f in filters if f.grouping]
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
    )


def _fold(rows: list[dict[str, str]], filter_: Filter) -> dict[str, None]:
    """Write the group before each item, where as many groups as items would group nothing. Returns the items."""
    for row in rows:
        group, item = row[filter_.grouping], row[filter_.name]
        if group not in {TOTAL, item}:
            row[filter_.name] = guarded(f"{unguarded(group)}: {unguarded(item)}")
    return dict.fromkeys(row[filter_.name] for row in rows)


def words(name: str) -> str:
    """The name of a thing in the tables as words."""
    return plain(name.replace("_", " ").replace("/", ": ")).capitalize()


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
