"""The tables of the report: from the figures of an edition to rows and cells.

Slices stand side by side, latest first. Where a row has several answers, or two points in the case, those stand below
it, each in a row of its own: a table grows longer with what a catalogue asks, never wider.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from reporting.document.blocks import Cell, Column, Row, Table
from reporting.document.figure_cell import figure_cell
from reporting.figures import Figure
from reporting.forms_report.edition import Edition, Place
from reporting.indicators import Indicator
from reporting.numbers import is_share, whole

NOT_COMPARED = Cell("not compared")
_POINTS = {"intake": "Intake", "exit": "Exit", "review": "Review", "": ""}
_ORDER = {"intake": 0, "review": 1, "exit": 2}

# The figures of a row or of one of its answers, one for each slice of the edition.
Line = Sequence[Figure | None]


def report_table(edition: Edition, indicator: Indicator) -> Table:
    """One of the tables of the report, with its n in words below it.

    A table in whose base nobody is, in any of the edition's own slices, has no rows and says so.
    """
    figures = edition.table(indicator.indicator_id)
    everything = [one for line in figures.values() for one in line if one is not None]
    caption = table_caption(edition, indicator)
    if not any(
        line[index] is not None and not _is_empty(line[index]) for line in figures.values() for index in edition.own
    ):
        return Table(
            indicator.indicator_id,
            caption,
            (Column(indicator.title, align="text"),),
            (),
            _bases(edition, everything),
            empty_text(edition),
        )
    if is_matrix(figures) or any(is_share(one) for one in everything):
        columns, rows = _shares(edition, indicator)
    else:
        columns, rows = _counts(edition, indicator)
    return Table(indicator.indicator_id, caption, columns, rows, notes(edition, indicator), empty_text(edition))


def table_caption(edition: Edition, indicator: Indicator) -> str:
    """Number and title."""
    return f"Table {indicator.indicator_order}. {full_title(edition, indicator)}"


def full_title(edition: Edition, indicator: Indicator) -> str:
    """The title; with its subsection where the title alone is that of several tables."""
    title = indicator.title
    if sum(1 for one in edition.indicators if one.title == title) > 1 and indicator.subsection:
        return f"{indicator.subsection}: {title}"
    return title


def empty_text(edition: Edition) -> str:
    """What stands in place of a table whose base is empty."""
    whose = "all services" if edition.service is None else edition.service
    years = (
        ", ".join(edition.slices[index].heading for index in edition.own)
        if edition.service is None
        else edition.year.label
    )
    return f"Nobody is in the base of this table ({whose}, {years})."


def row_label(figure: Figure) -> str:
    """Label of a row; the kind of average is said where the label does not say it."""
    label = figure.row_label
    if figure.statistic in {"mean", "median"} and figure.statistic not in label.lower():
        label = f"{label} ({figure.statistic})"
    if figure.unit == "ticks":
        label = f"{label} (ticks)"
    return label


def comparison_heading(edition: Edition) -> str:
    """Heading over the comparison, with its unit."""
    if edition.comparison == "difference":
        return "Difference from all other services, percentage points (95 % interval)"
    return f"Change from {edition.year_before}, percentage points (95 % interval)"


def _is_empty(figure: Figure | None) -> bool:
    """Whether nobody is in its base; a hidden base is not an empty one."""
    return figure is None or (figure.status == "z" and figure.denominator in {None, 0})


def _cell(edition: Edition, figure: Figure | None, part: str) -> Cell:
    return Cell("") if figure is None else figure_cell(figure, part, edition.decimals_of(figure))


def _compared(edition: Edition, figure: Figure | None) -> Cell:
    if figure is None or not is_share(figure):
        return Cell("")
    cell = _cell(edition, figure, edition.comparison)
    return cell if cell.text else NOT_COMPARED


def _has_comparison(edition: Edition, lines: Iterable[Line]) -> bool:
    """Whether anything is compared: the earliest year has none before it."""
    if edition.comparison == "difference":
        return any(line[0] is not None and line[0].comparison is not None for line in lines)
    return any(line[0] is not None and line[0].change_mark is not None for line in lines)


def _base_figure(lines: Iterable[Line], index: int) -> Figure | None:
    """A figure that shows the n its column is divided by; None where the rows have different ones."""
    shares = [one for line in lines if (one := line[index]) is not None and is_share(one)]
    if len({one.population_id for one in shares}) != 1 or _bases_differ(lines, index):
        return None
    return next((one for one in shares if one.denominator is not None), shares[0])


def _bases_differ(lines: Iterable[Line], index: int) -> bool:
    """Whether shares of one population have different n, because not everybody was asked all of its questions."""
    shares = [one for line in lines if (one := line[index]) is not None and is_share(one)]
    bases = {one.denominator for one in shares if not one.is_asked_by_nobody} - {None}
    return len({one.population_id for one in shares}) == 1 and len(bases) > 1


def _counts(edition: Edition, indicator: Indicator) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    columns = (Column(indicator.title, align="text"), *(Column(one.heading) for one in edition.slices))
    rows = tuple(
        Row((Cell(row_label(_any(line))), *(_cell(edition, one, "value") for one in line)))
        for line in edition.table(indicator.indicator_id).values()
    )
    return columns, rows


def is_matrix(places: Iterable[Place]) -> bool:
    """Whether the rows of a table have several answers, or points in the case."""
    return len({(point, column) for point, _, column in places}) > 1


def _shares(edition: Edition, indicator: Indicator) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    places = edition.table(indicator.indicator_id)
    lines = list(places.values())
    compared = _has_comparison(edition, lines)
    share = "Of 100" if any(one is not None and one.statistic == "per_100" for line in lines for one in line) else "%"
    columns = [Column(indicator.title, align="text")]
    for index, one in enumerate(edition.slices):
        columns += [Column("Count", one.heading), Column(share, one.heading)]
        if index == 0:
            columns.append(Column("95 % interval", one.heading))
    if compared:
        columns.append(Column(comparison_heading(edition), align="text"))
    bases = _bases_of(edition, lines)
    rows = [_base_row(edition, "n", bases, compared, is_total=True)] if any(bases) else []
    if not is_matrix(places):
        differ = [_bases_differ(lines, index) for index in range(len(edition.slices))]
        rows += [_share_row(edition, row_label(_any(line)), line, differ, compared) for line in lines]
        return tuple(columns), tuple(rows)
    for beside in _by_row(places).values():
        answers = [line for _, line in beside]
        own = [None] * len(bases) if any(bases) else _bases_of(edition, answers)
        # One n for all answers stands once, beside the row; where they have several, each answer tells its own.
        differ = [base is None and own_base is None for base, own_base in zip(bases, own, strict=True)]
        rows.append(_base_row(edition, row_label(_any(answers[0])), own, compared))
        rows += [_share_row(edition, side, line, differ, compared, level=1) for side, line in beside]
    return tuple(columns), tuple(rows)


def _by_row(places: Mapping[Place, Line]) -> dict[int, list[tuple[str, Line]]]:
    """The lines of each row of a matrix, each with the answer or point it is of, in published order."""
    found: dict[int, list[tuple[str, Line]]] = {}
    for point, row, column in sorted(places, key=lambda one: (one[1], _ORDER.get(one[0], 0), one[0], one[2])):
        line = places[point, row, column]
        answer = _any(line).column_label.replace("-or-", " or ")
        found.setdefault(row, []).append((": ".join(filter(None, (_POINTS[point], answer))), line))
    return found


def _bases_of(edition: Edition, lines: Sequence[Line]) -> list[Figure | None]:
    return [_base_figure(lines, index) for index in range(len(edition.slices))]


def _base_row(
    edition: Edition, label: str, bases: Sequence[Figure | None], compared: bool, *, is_total: bool = False
) -> Row:
    """The n of each slice, below the heading of its counts."""
    part = "denominator" if is_total else "n"
    cells = [Cell(label)]
    for index, base in enumerate(bases):
        cells += [_cell(edition, base, part), Cell(""), *([Cell("")] if index == 0 else [])]
    return Row((*cells, *([Cell("")] if compared else [])), is_total=is_total, is_group=not is_total)


def _share_row(
    edition: Edition,
    label: str,
    line: Line,
    differ: Sequence[bool],
    compared: bool,
    *,
    level: Literal[0, 1] = 0,
) -> Row:
    some = _any(line)
    cells = [Cell(label)]
    for index, figure in enumerate(line):
        cells += _share_cells(edition, figure, "count_of_n" if differ[index] else "numerator")
        if index == 0:
            cells.append(_cell(edition, figure, "interval") if figure is not None and is_share(figure) else Cell(""))
    if compared:
        cells.append(_compared(edition, line[0]))
    return Row(tuple(cells), level=1 if level or some.parent_label else 0, is_total=not level and _is_total(some))


def _share_cells(edition: Edition, figure: Figure | None, count: str) -> list[Cell]:
    """Count and percentage; of an average its n and the average; of a plain count no percentage.

    `count` is the part that stands for the count of a share: with its n, where the rows have different ones.
    """
    if figure is None:
        return [Cell(""), Cell("")]
    if is_share(figure):
        return [_cell(edition, figure, count), _cell(edition, figure, "value")]
    if figure.statistic in {"mean", "median"}:
        return [_cell(edition, figure, "n"), _cell(edition, figure, "value")]
    # What is not there has one reason in the whole row: a hidden count is not one that has no percentage.
    no_share = Cell("z", symbol="z") if figure.numerator is not None else _cell(edition, figure, "value")
    return [_cell(edition, figure, "numerator"), no_share]


def _is_total(figure: Figure) -> bool:
    return figure.row_label.startswith("Total")


def _any(line: Line) -> Figure:
    return next(one for one in line if one is not None)


def notes(edition: Edition, indicator: Indicator) -> tuple[str, ...]:
    """What stands below a table: its n in words, and what a reader could mistake."""
    lines = list(edition.table(indicator.indicator_id).values())
    everything = [one for line in lines for one in line if one is not None]
    found = list(_bases(edition, everything))
    if indicator.response_type == "multi":
        found.append("More than one answer can be given, so the percentages add up to more than 100.")
    if any(one.unit == "ticks" for one in everything):
        found.append(
            "Rows marked (ticks) count every tick in their group: one form can have several, so there is no percentage."
        )
    if any(one.statistic in {"mean", "median"} for one in everything):
        found.append("An average is over those who gave a number, within the bands if there are any: the n beside it.")
    found += _outside_bands(edition, lines)
    if any(one.status == "x" and not one.is_asked_by_nobody for one in everything):
        found.append("x: a fact that the publisher gives and no form holds.")
    found += _asked_by(edition, lines)
    return tuple(found)


def _outside_bands(edition: Edition, lines: Sequence[Line]) -> list[str]:
    """How many gave a number that lies in no band, by year; a table about several questions has several counts."""
    found = []
    for index, one in enumerate(edition.slices):
        counts = {figure.outside_bands for line in lines if (figure := line[index]) is not None} - {None, 0}
        if counts:
            told = " or ".join(whole(count) for count in sorted(filter(None, counts)))
            found.append(
                f"{told} gave a number beyond the bands ({one.heading}): counted as Missing, and in no average."
            )
    return found


def _asked_by(edition: Edition, lines: Sequence[Line]) -> list[str]:
    """Which services asked, where not all did; who was not asked; and which years are not compared for that."""
    found = []
    for index, one in enumerate(edition.slices):
        figures = [figure for line in lines if (figure := line[index]) is not None and figure.services]
        services = max((figure.services or 0 for figure in figures), default=0)
        asking = {figure.services_asking or 0 for figure in figures}
        unasked = {figure.not_asked for figure in figures}
        if not asking or (asking == {services} and not any(unasked)):
            continue
        if asking == {0}:
            found.append(f"x: nobody was asked ({one.heading}).")
            continue
        least, most = min(asking), max(asking)
        by = str(most) if least == most else f"{least} to {most}"
        row = "" if least == most else ", depending on the row"
        count = next(iter(unasked)) if len(unasked) == 1 else None
        who = "" if not count else f" {whole(count)} were not asked and are not in n."
        found.append(f"Asked by {by} of {services} services{row} ({one.heading}).{who}")
    if edition.comparison == "change" and any(_asked_otherwise(edition, line) for line in lines):
        found.append(f"Not compared with {_year_before(edition)} where other services asked in that year.")
    return found


def _asked_otherwise(edition: Edition, line: Line) -> bool:
    """Whether a share stands without a change beside that of the year before, and not all services asked in both.

    In public a change may also be left out because it would tell a hidden count: then only other numbers of services
    say that others asked.
    """
    if len(line) < 2 or line[0] is None or line[1] is None:
        return False
    now, before = line[0], line[1]
    return (
        is_share(now)
        and now.change_mark is None
        and now.value is not None
        and (before.value is not None or before.is_asked_by_nobody)
        and any(one.services_asking != one.services for one in (now, before))
        and (edition.mode == "internal" or now.services_asking != before.services_asking)
    )


def _bases(edition: Edition, figures: Sequence[Figure]) -> tuple[str, ...]:
    by_population: dict[str, list[str]] = {}
    for figure in figures:
        if figure.population_id is None:
            continue
        where = _POINTS[figure.point] or figure.column_label.replace("-or-", " or ")
        labels = by_population.setdefault(edition.population[figure.population_id], [])
        if where not in labels:
            labels.append(where)
    if len(by_population) == 1:
        return (f"n counts: {next(iter(by_population))}.",)
    if not by_population:
        return ()
    return tuple(
        f"n counts: {label}{' (' + ', '.join(one for one in where if one) + ')' if any(where) else ''}."
        for label, where in by_population.items()
    )


def _year_before(edition: Edition) -> str:
    """What the year before the edition's is called."""
    before = edition.year.number - 1
    return next((one.label for one in edition.years if one.number == before), "the year before")
