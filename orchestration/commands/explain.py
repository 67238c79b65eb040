"""From a published number back to the rows of the files it was counted from.

Everything is read from the release in force. What a number counts is published with it as SQL
(`marts.indicator_count`); it is run here, and shown as it was run, so an analyst can paste and change it.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import OperatorError
from orchestration.warehouse import identifier, literal
from reporting.release_files import DATABASE, INTERNAL

ALL_SERVICES = "all_services"
_MOST_ROWS_NAMED = 12
# A row of marts.indicator_value, with `row` and `name`: what its row is called, and it among those of its indicator.
Figure = dict[str, Any]


@dataclass(frozen=True)
class _Words:
    """What one speaks of in figures of forms, and of returns."""

    place: str
    counted: str
    where: str
    row: str
    over: str
    not_counted: str


_WORDS = {
    "insights": _Words(
        place="service",
        counted="forms",
        where="file and row (the header is row 1)",
        row="row ",
        over="of",
        not_counted="No form holds this figure: the report takes it from elsewhere, so nothing is counted here.",
    ),
    "social_care": _Words(
        place="authority",
        counted="records",
        where="file and line or row",
        row="",
        over="over",
        not_counted="An estimate: terms in reference.model_term, inputs and their sources in reference.model_input.",
    ),
}


@dataclass(frozen=True)
class Question:
    """Which number is asked for. None means: not said."""

    indicator: str
    period: int | None = None
    row: str | None = None
    column: str | None = None
    service: str | None = None
    point: str | None = None


@dataclass(frozen=True)
class Count:
    """One of the counts a figure is made of: what it is, its SQL, what that gives by column name.

    `side` is numerator, denominator or both. Without SQL the release does not hold what is counted.
    """

    side: str
    sentence: str
    sql: str | None
    rows_sql: str | None
    values: Mapping[str, Any]

    def agrees(self, figure: Figure) -> bool:
        """Whether numerator and denominator, as far as this counts them, are those published."""
        return all(
            # Where nobody was asked there is no figure, and a count of nobody.
            int(value or 0) == (figure[name] or 0)
            for name, value in self.values.items()
            if name in ("numerator", "denominator")
        )


def open_database(release: Path) -> duckdb.DuckDBPyConnection:
    """The database of one release folder, read-only."""
    return duckdb.connect(str(release / INTERNAL / DATABASE), read_only=True)


def explain_lines(con: duckdb.DuckDBPyConnection, question: Question, limit: int) -> list[str]:
    """What `insights explain` prints: a list of several figures, or everything that is known of one.

    `limit` places are named, all with 0. Raises OperatorError for what is not there, naming what is.
    """
    figures = find_figures(con, question)
    first = figures[0]
    indicator = _rows(con, "select * from marts.indicator where indicator_id = ?", [first["indicator_id"]])[0]
    words = _WORDS[first["theme"]]
    where = "all services" if first["geography_code"] == ALL_SERVICES else f"{words.place} {first['geography_code']}"
    provisional = " (provisional)" if first.get("is_provisional") else ""
    lines = [f"{indicator['title']} ({indicator['indicator_id']}), {first['period']}{provisional}, {where}", ""]
    return lines + (_overview(figures) if len(figures) > 1 else _all_of_one(con, first, indicator, limit))


def find_figures(con: duckdb.DuckDBPyConnection, question: Question) -> list[Figure]:
    """The figures a question means, in published order; several when it leaves something open.

    Of all services, or of the only authority, and of the last year that is over, unless the question says otherwise.
    Raises OperatorError when indicator, service, authority, period, row, column or point is not known, naming near
    ones.
    """
    known = {row["indicator_id"]: row["why"] for row in _rows(con, "select indicator_id, why from marts.indicator")}
    indicator = _one_of(question.indicator, known, "indicator", "The titles are in marts.indicator of the release.")
    figures = _rows(
        con,
        "select * from marts.indicator_value where indicator_id = ? and (geography_level = 'authority' "
        "or theme = 'insights' and breakdown = 'total') "
        "order by period, period_end, point, row_order, column_order, column_label, breakdown, breakdown_value",
        [indicator],
    )
    if not figures:
        raise OperatorError(
            f"No record gives this indicator. {known[indicator] or 'The returns landed so far do not hold it.'}"
        )
    places = sorted({figure["geography_code"] for figure in figures})
    place_word = _WORDS[figures[0]["theme"]].place
    choice = f"Name one with --service: {', '.join(places[:20])}."
    if question.service is not None:
        place = _one_of(question.service, places, place_word, choice)
    elif ALL_SERVICES in places or len(places) == 1:
        place = ALL_SERVICES if ALL_SERVICES in places else places[0]
    else:
        raise OperatorError(f"There is more than one {place_word} with this indicator. {choice}")
    figures = [figure for figure in figures if figure["geography_code"] == place]
    periods = sorted({figure["period"] for figure in figures})
    over = sorted({figure["period"] for figure in figures if not figure.get("is_provisional")})
    period = question.period if question.period is not None else (over or periods)[-1]
    if period not in periods:
        raise OperatorError(
            f"There is no period {period} of this indicator in this release; it has {', '.join(map(str, periods))} "
            "(a period is called by the year in which it ends)."
        )
    named = [figure | _names(figure) for figure in figures if figure["period"] == period]
    named = _narrow(named, question.row, "row", also="row_order")
    named = _narrow(named, question.column, "column", column="column_label")
    return _narrow(named, question.point, "point")


def counts_of(con: duckdb.DuckDBPyConnection, figure: Figure) -> list[Count]:
    """What a figure counts, counted again; nothing where it is not counted (an estimate, a fact from elsewhere), nor
    where it is not available: there the records could be counted, and would not be the number."""
    if figure.get("status_reason"):
        return []
    published = _rows(
        con,
        "select * from marts.indicator_count where indicator_id = ? and point = ? and row_order = ? "
        "and column_label = ? order by side desc",
        [figure[key] for key in ("indicator_id", "point", "row_order", "column_label")],
    )
    found = []
    for count in published:
        sql, rows_sql = (_of_figure(count[text], figure) for text in ("count_sql", "rows_sql"))
        found.append(Count(count["side"], count["counted"], sql, rows_sql, _rows(con, sql)[0] if sql else {}))
    return found


def places_of(con: duckdb.DuckDBPyConnection, count: Count) -> list[tuple[str, int]]:
    """(file, row) of every row counted, in that order; none where a fact keeps no number of the landed record."""
    if count.rows_sql is None:
        return []
    columns = con.execute(f"describe {count.rows_sql}").fetchall()
    landed = next((name for name, data_type, *_ in columns if data_type == "BIGINT"), None)
    if landed is None:
        return []
    return con.execute(
        f"select load.source_file, disposition.source_row from (\n{count.rows_sql}\n) as counted "
        "inner join (select landed_row_id, load_id, source_row from marts.form_disposition union all "
        "select landed_row_id, load_id, source_row from marts.return_disposition) as disposition "
        f"on counted.{identifier(landed)} = disposition.landed_row_id "
        "inner join ops.load as load on disposition.load_id = load.load_id and load.status = 'landed' order by all"
    ).fetchall()


def _overview(figures: Sequence[Figure]) -> list[str]:
    width = min(max(len(figure["name"]) for figure in figures), 70)
    first = figures[0]
    return [
        *(f"{figure['row_order']:>4}  {figure['name']:<{width}}  {_shown(figure)}" for figure in figures),
        "",
        f"For one of them, with its SQL and its {_WORDS[first['theme']].counted}: --row {first['row_order']} "
        "(number, label or a part of it)"
        + (" --column …" if any(figure["column_label"] for figure in figures) else "")
        + (" --point …" if len({figure["point"] for figure in figures}) > 1 else ""),
    ]


def _all_of_one(con: duckdb.DuckDBPyConnection, figure: Figure, indicator: Mapping[str, Any], limit: int) -> list[str]:
    lines = [f"{figure['name'] or 'The number'}: {_shown(figure)}"]
    if figure["lower_95"] is not None:
        lines.append(f"95 % interval {figure['lower_95']:.1f} to {figure['upper_95']:.1f}")
    if indicator["numerator"]:
        lines += ["", f"Counted: {indicator['numerator']}", f"Over:    {indicator['n_counts']}"]
    if figure.get("status_reason"):
        return [*lines, "", f"Not available. {figure['status_reason']}."]
    for beside in _rows(
        con,
        "select benchmark_level, benchmark_value, comparison from marts.indicator_comparison where indicator_id = ? "
        "and la_code = ? and period_label = ? and breakdown = ? and breakdown_value = ? order by 1",
        [figure[key] for key in ("indicator_id", "geography_code", "period_label", "breakdown", "breakdown_value")],
    ):
        lines.append(
            f"{beside['benchmark_level'].replace('_', ' ')}: {beside['benchmark_value']:g} ({beside['comparison']})"
        )
    counts = counts_of(con, figure)
    if not counts:
        return [*lines, "", _WORDS[figure["theme"]].not_counted]
    for count in counts:
        lines += ["", f"{'n counts' if count.side == 'both' else count.side.capitalize()}: {count.sentence}"]
        if count.sql is None:
            continue
        verdict = "as published" if count.agrees(figure) else "WHICH IS NOT WHAT WAS PUBLISHED: report this line"
        lines += ["", "Counted again on published/current/internal/insights.duckdb:", ""]
        lines += [f"    {line}" for line in count.sql.splitlines()]
        lines += ["", f"  gives {_given(count)}, {verdict}."]
        if count.side != "denominator":
            what = "that gave a number" if "given" in count.values else "counted in it"
            lines += _place_lines(places_of(con, count), what, _WORDS[figure["theme"]], limit)
    return lines


def _given(count: Count) -> str:
    def whole(name: str) -> str:
        return f"{int(count.values[name] or 0):,}"

    if "given" in count.values:
        given = count.values["given"]
        shown = "-" if given is None else f"{given:,.2f}"
        return f"{shown} (in the unit of the question) over {whole('denominator')} forms"
    return " of ".join(whole(name) for name in count.values)


def _place_lines(places: Sequence[tuple[str, int]], what: str, words: _Words, limit: int) -> list[str]:
    if not places:
        return []
    lines = ["", f"{len(places):,} {words.counted} {what}, by {words.where}:"]
    shown = places if limit == 0 else places[:limit]
    for file, rows in groupby(shown, key=lambda place: place[0]):
        numbers = [str(row) for _, row in rows]
        for start in range(0, len(numbers), _MOST_ROWS_NAMED):
            lines.append(f"    {file}: {words.row}{', '.join(numbers[start : start + _MOST_ROWS_NAMED])}")
    if len(places) > len(shown):
        lines.append(f"    and {len(places) - len(shown):,} more: --limit 0 lists all")
    return lines


def _names(figure: Figure) -> dict[str, str]:
    if figure["theme"] == "insights":
        parts = [figure["parent_label"], figure["row_label"], figure["column_label"], figure["point"]]
        return {"row": figure["row_label"], "name": " / ".join(part for part in parts if part)}
    part = "" if figure["breakdown"] == "total" else f" / {figure['breakdown_value']}"
    return dict.fromkeys(("row", "name"), figure["period_label"] + part)


def _shown(figure: Figure) -> str:
    """The figure as a report would print it, with what was divided by what."""
    value, statistic, denominator = figure["value_rounded"], figure["statistic"], figure["denominator"]
    is_form = figure["theme"] == "insights"
    if value is None:
        return "nobody was asked" if is_form and not denominator else "not known"
    text = f"{value:,.0f} {figure['unit']}" if float(value).is_integer() else f"{value:,} {figure['unit']}"
    if statistic in ("mean", "median"):
        return f"{text}  ({statistic} of {denominator:,} forms)"
    if denominator is None or (is_form and statistic in ("count", "services", "external")):
        return text
    over = _WORDS[figure["theme"]].over + (" n =" if is_form and statistic == "percentage" else "")
    return f"{text}  ({figure['numerator']:,} {over} {denominator:,})"


def _of_figure(sql: str | None, figure: Figure) -> str | None:
    """Published SQL with what the figure says in place of the names in braces."""

    def said(match: re.Match[str]) -> str:
        value = figure[match[1]]
        if isinstance(value, datetime.date):
            return f"date '{value}'"
        return str(value) if isinstance(value, int) else literal(str(value))

    return None if sql is None else re.sub(r"\{(\w+)\}", said, sql)


def _narrow(
    figures: list[Figure], wanted: str | None, what: str, column: str | None = None, also: str | None = None
) -> list[Figure]:
    """The figures of which a column is, or holds, the wanted text; OperatorError, naming near ones, when none is."""
    if wanted is None:
        return figures
    column, asked = column or what, wanted.strip().casefold()

    def text(figure: Figure, name: str) -> str:
        return str(figure[name] or "").casefold()

    for matches in (
        [one for one in figures if text(one, column) == asked or (also and text(one, also) == asked)],
        [one for one in figures if asked in text(one, column)],
    ):
        if matches:
            return matches
    known = list(dict.fromkeys(str(one[column]) for one in figures if one[column]))
    if not known:
        raise OperatorError(f"This indicator has no {what}s to choose from; leave --{what} out.")
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.3) or known[:8]
    raise OperatorError(f"This indicator has no {what} like that. Did you mean: {'; '.join(near)}?")


def _one_of(asked: str, known: Sequence[str] | Mapping[str, Any], what: str, hint: str) -> str:
    folded = {name.casefold(): name for name in known}
    if asked.strip().casefold() in folded:
        return folded[asked.strip().casefold()]
    near = difflib.get_close_matches(asked.casefold(), list(folded), n=5, cutoff=0.4)
    near = near or sorted(name for name in folded if asked.casefold() in name)[:5]
    suggestion = f"Did you mean: {', '.join(folded[name] for name in near)}?" if near else hint
    raise OperatorError(f"There is no {what} of that name in this release. {suggestion}")


def _rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Rows of a query by column name."""
    cursor = con.execute(sql, list(parameters))
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
