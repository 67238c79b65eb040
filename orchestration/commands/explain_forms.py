"""From a printed number back to the rows of the files it was counted from.

Everything is read from the release in force: the number, what was counted over whom (`marts.indicator_cell`,
`marts.dim_population`), and the forms. The SQL shown is the SQL that was run, so an analyst can paste and change it.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import OperatorError
from orchestration.release.publish import current_release
from orchestration.settings import Settings
from orchestration.warehouse import literal
from reporting.release_files import DATABASE, INTERNAL

ALL_SERVICES = "all_services"

# What a dataset's name says: whose forms are counted, and where the matched intake form is needed beside them.
_FACTS = {"intake": "fct_intake", "exit": "fct_exit", "review": "fct_review"}


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
class Cell:
    """One number of an indicator with everything that is known of it."""

    number: dict[str, Any]
    definition: dict[str, Any]
    population: dict[str, Any] | None

    @property
    def name(self) -> str:
        """Row, parent row, column and point, as far as the table has them."""
        number = self.number
        parts = [number["parent_label"], number["row_label"], number["column_label"], number["point"]]
        return " / ".join(str(part) for part in parts if part)


def open_release(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The current release, read-only. Raises OperatorError when there is none."""
    return open_database(current_release(settings))


def open_database(release: Path) -> duckdb.DuckDBPyConnection:
    """The database of one release folder, read-only."""
    return duckdb.connect(str(release / INTERNAL / DATABASE), read_only=True)


def find_cells(con: duckdb.DuckDBPyConnection, question: Question) -> list[Cell]:
    """The numbers a question means, in published order; several when it leaves something open.

    Raises OperatorError when indicator, period, service, row or column is not known, naming near ones.
    """
    indicator = known_indicator(con, question.indicator)
    periods = [
        row[0]
        for row in con.execute(
            "select distinct period from marts.indicator_value where indicator_id = ? order by 1", [indicator]
        ).fetchall()
    ]
    period = question.period if question.period is not None else max(periods)
    if period not in periods:
        raise OperatorError(
            f"There is no period {period} in this release; it has {', '.join(map(str, periods))} "
            "(2024 is April 2023 to March 2024)."
        )
    service = ALL_SERVICES
    if question.service is not None:
        services = [row[0] for row in con.execute("select service_code from marts.dim_service order by 1").fetchall()]
        service = _one_of(question.service, services, "service", "")
    numbers = read_rows(
        con,
        "select * from marts.indicator_value where indicator_id = ? and period = ? and breakdown = 'total' "
        "and geography_code = ? order by point, row_order, column_order, column_label",
        [indicator, period, service],
    )
    numbers = narrow(numbers, question.row, "row_label", "row", also="row_order")
    numbers = narrow(numbers, question.column, "column_label", "column")
    numbers = narrow(numbers, question.point, "point", "point")
    definitions = {
        _cell_key(row): row
        for row in read_rows(con, "select * from marts.indicator_cell where indicator_id = ?", [indicator])
    }
    populations = {row["population_id"]: row for row in read_rows(con, "select * from marts.dim_population", [])}
    return [
        Cell(number, definitions[_cell_key(number)], populations.get(number["population_id"])) for number in numbers
    ]


def known_indicator(con: duckdb.DuckDBPyConnection, asked: str) -> str:
    """The indicator of that name, whatever its case. Raises OperatorError when there is none, naming near ones."""
    names = [row[0] for row in con.execute("select indicator_id from marts.indicator").fetchall()]
    return _one_of(asked, names, "indicator", "The titles are in marts.indicator of the release.")


def recount_sql(con: duckdb.DuckDBPyConnection, cell: Cell) -> str | None:
    """SQL that lists the forms behind a number, one row each; None where no form holds it.

    Columns: landed_row_id, `counted` (how often the form counts in the numerator) and `in_n` (in the denominator);
    for means and medians `given`, the number the form gave, and in_n.
    """
    definition, population, number = cell.definition, cell.population, cell.number
    if population is None:
        return None
    form_id = population["form_id"]
    own = {
        row[0] for row in con.execute("select answer_id from marts.dim_answer where form_id = ?", [form_id]).fetchall()
    }
    conditions = [f"form.reporting_year = {int(number['period'])}"]
    if number["geography_code"] != ALL_SERVICES:
        conditions.append(f"form.service_code = {literal(str(number['geography_code']))}")
    if population["counts"] == "clients":
        conditions.append("form.is_client_record")
    if population["restriction"]:
        answers = _restriction_answers(con, str(population["restriction"]))
        conditions.append(f"list_has_any({'form' if form_id == 'intake' else 'intake'}.answers, {answers})")
    in_n = _ticks(definition["base_answers"], own)
    if definition["statistic"] in {"mean", "median"}:
        question_no = con.execute(
            "select question_no from marts.dim_question where question_id = ?", [definition["question_id"]]
        ).fetchall()[0][0]
        side = "form" if definition["dataset"] == form_id else "intake"
        given = f"list_filter({side}.numbers, lambda item: item.question_no = {question_no})[1].number"
        columns = f"{given} as given, {in_n} as in_n"
    elif definition["statistic"] == "services":
        columns = f"form.service_code, {in_n} as counted, {in_n} as in_n"
    else:
        counted = _ticks(definition["counted_answers"], own)
        if definition["subtracted_answers"]:
            counted += f" - ({_ticks(definition['subtracted_answers'], own)})"
        columns = f"{counted} as counted, {in_n} as in_n"
    source = f"marts.{_FACTS[form_id]} as form"
    text = columns + " ".join(conditions)
    if "intake." in text:
        source += "\nleft join marts.fct_intake as intake on form.intake_form_key = intake.form_key"
    return f"select form.landed_row_id, {columns}\nfrom {source}\nwhere {' and '.join(conditions)}"


def total_sql(cell: Cell, forms_sql: str) -> str:
    """SQL that gives numerator and denominator (or the mean or median) from the forms' rows."""
    statistic = cell.definition["statistic"]
    if statistic in {"mean", "median"}:
        what = f"{'avg' if statistic == 'mean' else 'median'}(given) as given, count(given) as denominator"
    elif statistic == "services":
        what = "count(distinct service_code) filter (where counted > 0) as numerator, sum(in_n) as denominator"
    else:
        what = "sum(counted) as numerator, sum(in_n) as denominator"
    indented = forms_sql.replace("\n", "\n    ")
    return f"select {what}\nfrom (\n    {indented}\n)"


def recount(con: duckdb.DuckDBPyConnection, cell: Cell) -> tuple[float | None, int] | None:
    """The number counted again from the forms: (numerator, denominator), or (mean or median, forms that gave one).

    None where no form holds it.
    """
    forms = recount_sql(con, cell)
    if forms is None:
        return None
    first, second = con.execute(total_sql(cell, forms)).fetchall()[0]
    if cell.definition["statistic"] in {"mean", "median"}:
        return (None if first is None else float(first)), int(second or 0)
    return int(first or 0), int(second or 0)


def contributing_forms(con: duckdb.DuckDBPyConnection, cell: Cell) -> list[tuple[str, int]]:
    """(file, row) of every form in the numerator (or, for means and medians, that gave a number), in that order."""
    forms = recount_sql(con, cell)
    if forms is None:
        return []
    which = "given is not null" if cell.definition["statistic"] in {"mean", "median"} else "counted > 0"
    return [
        (str(file), int(row))
        for file, row in con.execute(
            f"select disposition.source_file, disposition.source_row from ({forms}) as form "
            "inner join marts.form_disposition as disposition on form.landed_row_id = disposition.landed_row_id "
            f"where {which} order by all"
        ).fetchall()
    ]


def describe_number(number: dict[str, Any]) -> str:
    """The number as the report would print it, with what it was divided from what."""
    if number["value_rounded"] is None:
        return "not known" if number["denominator"] else "nobody was asked"
    value = number["value_rounded"]
    shown = f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"
    if number["statistic"] == "percentage":
        return f"{shown} %  ({number['numerator']:,} of n = {number['denominator']:,})"
    if number["statistic"] == "per_100":
        return f"{shown} {number['unit']}  ({number['numerator']:,} of {number['denominator']:,})"
    if number["statistic"] in {"mean", "median"}:
        return f"{shown} {number['unit']}  ({number['statistic']} of {number['denominator']:,} forms)"
    return f"{shown} {number['unit']}"


def describe_population(population: dict[str, Any]) -> str:
    """Whom an n counts, in a sentence."""
    text = str(population["population_label"])
    if population["opening_question"]:
        text += f" (asked where «{population['opening_question']}» was answered {population['opening_answers']})"
    return text


def _ticks(answers: Sequence[int], own: set[int]) -> str:
    """SQL: how many of these answers a form gave; answer 0 is the form itself."""
    parts = ["1"] if 0 in answers else []
    mine = sorted(answer for answer in answers if answer in own)
    matched = sorted(answer for answer in answers if answer and answer not in own)
    if mine:
        parts.append(f"len(list_intersect(form.answers, {mine}))")
    if matched:
        parts.append(f"coalesce(len(list_intersect(intake.answers, {matched})), 0)")
    return " + ".join(parts) or "0"


def _restriction_answers(con: duckdb.DuckDBPyConnection, restriction: str) -> list[int]:
    pairs = [pair.strip().split("=", 1) for pair in restriction.split(";") if pair.strip()]
    found: list[int] = []
    for question_id, option_code in pairs:
        found += [
            row[0]
            for row in con.execute(
                "select answer_id from marts.dim_answer where question_id = ? and option_code = ?",
                [question_id, option_code],
            ).fetchall()
        ]
    return sorted(found)


def narrow(
    numbers: list[dict[str, Any]], wanted: str | None, column: str, what: str, also: str | None = None
) -> list[dict[str, Any]]:
    """The rows of which a column is, or holds, the wanted text. Raises OperatorError when none is, naming near ones."""
    if wanted is None:
        return numbers
    asked = wanted.strip().casefold()

    def text(number: dict[str, Any], name: str) -> str:
        return str(number[name] or "").casefold()

    for matches in (
        [n for n in numbers if text(n, column) == asked or (also and text(n, also) == asked)],
        [n for n in numbers if asked in text(n, column)],
    ):
        if matches:
            return matches
    known = list(dict.fromkeys(str(number[column]) for number in numbers if number[column]))
    if not known:
        raise OperatorError(f"This indicator has no {what}s to choose from; leave --{what} out.")
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.3) or known[:8]
    raise OperatorError(f"This indicator has no {what} like that. Did you mean: {'; '.join(near)}?")


def _one_of(asked: str, known: Sequence[str], what: str, hint: str) -> str:
    folded = {name.casefold(): name for name in known}
    if asked.strip().casefold() in folded:
        return folded[asked.strip().casefold()]
    near = difflib.get_close_matches(asked.casefold(), list(folded), n=5, cutoff=0.4)
    near = near or sorted(name for name in folded if asked.casefold() in name)[:5]
    suggestion = f"Did you mean: {', '.join(folded[name] for name in near)}?" if near else hint
    raise OperatorError(f"There is no {what} of that name in this release. {suggestion}".strip())


def _cell_key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["point"], row["row_order"], row["column_order"], row["column_label"]


def read_rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any]) -> list[dict[str, Any]]:
    """Rows of a query by column name."""
    cursor = con.execute(sql, parameters)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
