"""Which tables the workbook has: those of the report, then those of the returns, then what stands beside both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reporting.open_data import titles
from reporting.open_data.columns import COLUMNS, attributes_of, cells_of, kind_of
from reporting.open_data.ees import TOTAL, IndicatorColumn
from reporting.open_data.labels import TopicKey, group_of, label_of, topic_key, topic_names
from reporting.open_data.lines import Labels, Line
from reporting.open_data.meaning import method_of
from reporting.open_data.titles import THEMES, words

# Sections of the returns whose names are no words.
_SECTION_TITLES = {
    "disability_send": "Disability and special educational needs",
    "lado": "Designated officer for allegations",
    "s47": "Section 47 enquiries",
}


_MEANING = ("Indicator", "What the number in the base counts", "Method")
# The note of a column of numbers.
_NOTES = {"base": "base", "mean": "average", "median": "average", "rate_per_10000": "rate"}


@dataclass
class WorkbookTable:
    """One table: its title, the columns that say what a row is, the columns of numbers (name, decimals), the rows.

    A row is the texts of the first columns and the cells of the second, as `cells_of` writes them. `notes` are names of
    notes of whole columns, `row_notes` those of a row, by its number; they stand behind its first text.
    """

    title: str
    texts: tuple[str, ...]
    numbers: tuple[tuple[str, int], ...]
    rows: list[tuple[tuple[str, ...], tuple[str, ...]]]
    notes: Mapping[str, str] = field(default_factory=dict)
    row_notes: Mapping[int, str] = field(default_factory=dict)

    def note_names(self) -> Iterator[str]:
        """The names of its notes in the order in which a reader meets them."""
        yield from self.notes.values()
        yield from self.row_notes.values()


def workbook_tables(lines: Sequence[Line], labels: Labels) -> list[WorkbookTable]:
    """The tables in the order of the report, then those of the returns, then what stands beside both."""
    whole = [line for line in lines if line.figure.geography_level != "service"]
    report = [line for line in whole if _is_report(line) and line.figure.breakdown == "total"]
    other = [
        line
        for line in whole
        if not _is_report(line) and (line.figure.theme != "insights" or line.figure.breakdown == "total")
    ]
    topics = topic_names(lines)
    by_subsection: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in sorted(report, key=lambda line: line.order):
        by_subsection[line.section, line.subsection].append(line)
    tables = [_years_table(section, part, found, topics) for (section, part), found in by_subsection.items()]
    # Of all combinations there are, most occurred to nobody; the CSV files list those too.
    other = [line for line in other if line.figure.theme != "insights" or line.figure.value != 0]
    by_section: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in sorted(other, key=_place_of_section):
        by_section[line.figure.source, line.figure.theme, line.section].append(line)
    return tables + [_figures_table(key, found, labels, topics) for key, found in by_section.items()]


def _is_report(line: Line) -> bool:
    return line.figure.theme == "insights" and line.figure.source == "indicator_value"


def _place_of_section(line: Line) -> tuple[object, ...]:
    source = line.figure.source
    return (source != "indicator_value", source, line.figure.theme, line.order)


def _years_table(section: str, subsection: str, lines: Sequence[Line], topics: Mapping[TopicKey, str]) -> WorkbookTable:
    """Years side by side, one row for each line of the report."""
    label = {line.figure.period: line.figure.period_label for line in lines}
    years = sorted(label, reverse=True)
    rows: dict[tuple[str, ...], dict[int, Line]] = defaultdict(dict)
    for line in lines:
        figure = line.figure
        key = (figure.indicator_id, figure.point, *_answer(line), topics[topic_key(figure)])
        rows[key][figure.period] = line
    shown = _shown(lines, with_changes=False)
    texts, named = _text_columns(
        ("Topic", "Answer or line", "Column", "Stage of support", "Indicator"),
        [(key[4], key[2], key[3], words(key[1]) if key[1] else TOTAL, key[0]) for key in rows],
    )
    cells = [
        tuple(
            cells_of(by_year[year].figure).get(column.name, "z") if year in by_year else "x"
            for year in years
            for column in shown
        )
        for by_year in rows.values()
    ]
    columns = {f"{label[year]}: {column.label}": column for year in years for column in shown}
    return WorkbookTable(
        f"{section}: {subsection}" if subsection else section,
        texts,
        tuple((name, column.decimals) for name, column in columns.items()),
        list(zip(named, cells, strict=True)),
        {name: note for name, column in columns.items() if (note := _note_of(column.name))},
        _population_notes([next(iter(by_year.values())) for by_year in rows.values()]),
    )


def _figures_table(
    key: tuple[str, str, str], lines: Sequence[Line], labels: Labels, topics: Mapping[TopicKey, str]
) -> WorkbookTable:
    """One row for each figure, with its area and period."""
    source, theme, section = key
    shown = _shown(lines, with_changes=True)
    ordered = sorted(lines, key=lambda line: (line.order, line.figure.indicator_id, -line.figure.period))
    texts, named = _text_columns(
        ("Topic", "Period", "Area", "Group", "Answer or line", "Column", "Stage", *_MEANING),
        [
            (
                topics[topic_key(line.figure)],
                line.figure.period_label,
                _area(line, labels),
                group_of(line.figure),
                TOTAL if line.figure.row_label == line.title else _answer(line)[0],
                _answer(line)[1],
                words(line.figure.point) if line.figure.point else TOTAL,
                *(line.figure.indicator_id, line.counted, method_of(line.figure)),
            )
            for line in ordered
        ],
    )
    cells = [tuple(cells_of(line.figure).get(column.name, "z") for column in shown) for line in ordered]
    if source == "indicator_value":
        name = _SECTION_TITLES.get(section, words(section))
    else:
        name = titles.SOURCES.get(source, titles.TOPICS.get(source, words(source)))
    return WorkbookTable(
        f"{THEMES.get(theme, words(theme))}: {name[:1].lower()}{name[1:]}",
        texts,
        tuple((column.label, column.decimals) for column in shown),
        list(zip(named, cells, strict=True)),
        {column.label: note for column in shown if (note := _note_of(column.name))},
        _population_notes(ordered),
    )


def _shown(lines: Sequence[Line], *, with_changes: bool) -> list[IndicatorColumn]:
    """The columns of numbers that any of the figures can fill."""
    applicable = {column for kind in {kind_of(line.figure) for line in lines} for column, _ in attributes_of(kind)}
    return [
        column
        for column in COLUMNS
        if column.name in applicable
        and not column.name.startswith("difference")
        and (with_changes or "change" not in column.name)
    ]


def _text_columns(
    names: Sequence[str], rows: Sequence[tuple[str, ...]]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The columns that say something: the first, and those that are not Total in every row."""
    kept = [place for place in range(len(names)) if place == 0 or any(row[place] != TOTAL for row in rows)]
    return tuple(names[place] for place in kept), [tuple(row[place] for place in kept) for row in rows]


def _note_of(name: str) -> str:
    return "limits" if name.endswith("_limit") and "change" not in name else _NOTES.get(name, "")


def _population_notes(rows: Sequence[Line]) -> dict[int, str]:
    """Who is counted in each row, by its number."""
    return {
        row: line.figure.population_id
        for row, line in enumerate(rows)
        if line.figure.population_id and line.figure.statistic != "services"
    }


def _answer(line: Line) -> tuple[str, str]:
    label = label_of(line.figure)
    return f"{line.parent_label}: {label}" if line.parent_label else label, line.figure.column_label or TOTAL


def _area(line: Line, labels: Labels) -> str:
    figure = line.figure
    if figure.geography_level in {"authority", "statistical_neighbours"}:
        name = labels.authorities.get(figure.geography_code, ("", figure.geography_code))[1]
        return name if figure.geography_level == "authority" else f"{name}: statistical neighbours"
    return "England" if figure.geography_level == "country" else TOTAL
