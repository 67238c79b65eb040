"""From a number of social care back to the records it was counted from.

What a number counts is in the seeds that are published with it (`reference.social_care_indicator_line`,
`reference.social_care_measure`): the same rows that the models were written from give the SQL shown here, which is run
against the release before it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb

from orchestration.commands.explain_forms import Question, known_indicator, narrow, read_rows
from orchestration.errors import OperatorError
from orchestration.warehouse import literal

_MOST_ROWS_NAMED = 12

# What the models add to a fact is not published; where a measure does not need it, the fact itself will do.
_FACT_BEHIND = {"int_social_care_plan": "fct_protection_plan", "int_social_care_placement": "fct_care_episode"}


@dataclass(frozen=True)
class Count:
    """One of the two counts of a number: what it is, the SQL that counts it, and the table it comes from."""

    label: str
    sql: str | None
    table: str | None = None
    condition: str = ""


def is_social_care(con: duckdb.DuckDBPyConnection, indicator: str) -> bool:
    """Whether an indicator is one of the returns. Raises OperatorError when there is none of that name."""
    name = known_indicator(con, indicator)
    return bool(
        con.execute("select theme = 'social_care' from marts.indicator where indicator_id = ?", [name]).fetchone()
        == (True,)
    )


def find_values(con: duckdb.DuckDBPyConnection, question: Question) -> list[dict[str, Any]]:
    """The values a question means: of the last year unless it names one, of the only authority unless it names one.

    Raises OperatorError when the period, the authority or the row is not known.
    """
    indicator = known_indicator(con, question.indicator)
    values = read_rows(
        con,
        "select * from marts.indicator_value where indicator_id = ? and geography_level = 'authority' "
        "order by period, period_end, row_order, breakdown, breakdown_value",
        [indicator],
    )
    if not values:
        why = con.execute("select why from marts.indicator where indicator_id = ?", [indicator]).fetchall()[0][0]
        raise OperatorError(f"No record gives this indicator. {why or 'The returns landed so far do not hold it.'}")
    authorities = sorted({str(value["geography_code"]) for value in values})
    authority = question.service or (authorities[0] if len(authorities) == 1 else None)
    if authority not in authorities:
        raise OperatorError(f"Name an authority with --service: {', '.join(authorities[:20])}.")
    values = [value for value in values if value["geography_code"] == authority]
    periods = sorted({value["period"] for value in values})
    period = question.period if question.period is not None else periods[-1]
    if period not in periods:
        raise OperatorError(f"There is no period {period} of this indicator; it has {', '.join(map(str, periods))}.")
    values = [value | {"name": _name(value)} for value in values if value["period"] == period]
    return narrow(values, question.row, "name", "row", also="row_order")


def value_lines(con: duckdb.DuckDBPyConnection, values: list[dict[str, Any]], limit: int) -> list[str]:
    """What `insights explain` prints: a list of several values, or everything that is known of one."""
    first = values[0]
    indicator = read_rows(con, "select * from marts.indicator where indicator_id = ?", [first["indicator_id"]])[0]
    lines = [f"{indicator['title']} ({indicator['indicator_id']}), authority {first['geography_code']}", ""]
    if len(values) > 1:
        width = min(max(len(value["name"]) for value in values), 70)
        lines += [f"  {value['name']:<{width}}  {_shown(value)}" for value in values]
        return [*lines, "", "For one of them, with its SQL and its records: --row (a part of its name)"]
    lines.append(f"{first['name']}: {_shown(first)}")
    if first["lower_95"] is not None:
        lines.append(f"95 % interval {first['lower_95']:.1f} to {first['upper_95']:.1f}")
    lines += ["", f"Counted: {indicator['numerator']}", f"Over:    {indicator['n_counts']}"]
    for beside in read_rows(
        con,
        "select benchmark_level, benchmark_value, comparison from marts.indicator_comparison where indicator_id = ? "
        "and la_code = ? and period_label = ? and breakdown = ? and breakdown_value = ? order by 1",
        [first[key] for key in ("indicator_id", "geography_code", "period_label", "breakdown", "breakdown_value")],
    ):
        lines.append(
            f"{beside['benchmark_level'].replace('_', ' ')}: {beside['benchmark_value']:g} ({beside['comparison']})"
        )
    if first["statistic"] == "model":
        return [
            *lines,
            "",
            "An estimate: terms in reference.model_term, inputs and their sources in reference.model_input.",
        ]
    for which, count in counts_of(con, first).items():
        lines += ["", f"{which}: {count.label}"]
        if count.sql is None:
            continue
        found = con.execute(count.sql).fetchall()[0][0] or 0
        agrees = int(found) == first["numerator" if which == "Numerator" else "denominator"]
        lines += [f"    {line}" for line in count.sql.splitlines()]
        lines.append(f"  gives {int(found):,}, {'as published' if agrees else 'WHICH IS NOT WHAT WAS PUBLISHED'}.")
        if which == "Numerator":
            lines += _places(con, count, limit)
    return lines


def counts_of(con: duckdb.DuckDBPyConnection, value: dict[str, Any]) -> dict[str, Count]:
    """Numerator and denominator of a value as SQL over the release; without SQL where the release does not hold it."""
    line = read_rows(
        con,
        "select * from reference.social_care_indicator_line where indicator_id = ? and line_order = ?",
        [value["indicator_id"], value["row_order"]],
    )[0]
    found: dict[str, Count] = {}
    for which, column in (("Numerator", "numerator_measure"), ("Denominator", "denominator_measure")):
        if line[column] is None:
            continue
        is_part = line["shown_value"] is None and (which == "Numerator" or line["denominator_breakdown"] == "same")
        breakdown = line["breakdown"] if is_part else "total"
        measures = read_rows(
            con,
            "select * from reference.social_care_measure where measure_id = ? and breakdown = ?",
            [line[column], breakdown],
        )
        if not measures:
            found[which] = Count(f"{line[column]}, from the counts of single years or the population estimates", None)
            continue
        part = value["breakdown_value"] if breakdown != "total" else None
        found[which] = _count(con, measures[0], value, part)
    return found


def _count(con: duckdb.DuckDBPyConnection, measure: dict[str, Any], value: dict[str, Any], part: str | None) -> Count:
    table = _FACT_BEHIND.get(measure["relation"], measure["relation"])
    # A stock's first day is its last; both are of the same window.
    start, end = f"date '{value['period_start']}'", f"date '{value['period_end']}'"
    first, last = measure["start_column"], measure["end_column"]
    conditions = [f"la_code = {literal(str(value['geography_code']))}"]
    conditions.append(
        {
            "within": f"{first} between {start} and {end}",
            "overlapping": f"{first} <= {end} and ({last} is null or {last} >= {start})",
            "on_day": f"{first} <= {end} and ({last} is null or {last} > {end})",
            "year": f"reporting_year = {value['period']}",
        }[measure["timing"]]
    )
    if measure["condition"]:
        conditions.append(f"({measure['condition']})")
    if part is not None:
        conditions.append(f"{measure['breakdown_column']} = {literal(part)}")
    what = {"events": "count(*)", "members": f"count(distinct {measure['item']})", "sum": f"sum({measure['item']})"}
    condition = "\n    and ".join(conditions)
    sql = f"select {what[measure['counting']]}\nfrom marts.{table}\nwhere {condition}"
    try:
        con.execute(f"explain {sql}")
    except duckdb.Error:
        # A column or table that only the models have.
        return Count(str(measure["measure_label"]), None)
    return Count(str(measure["measure_label"]), sql, table, condition)


def _places(con: duckdb.DuckDBPyConnection, count: Count, limit: int) -> list[str]:
    """File and place of every record counted, where the fact keeps the number of the landed record."""
    keys = con.execute(
        "select column_name from duckdb_columns() where database_name = current_database() and schema_name = 'marts' "
        "and table_name = ? and data_type = 'BIGINT' order by column_index limit 1",
        [count.table],
    ).fetchall()
    if not keys:
        return []
    found = con.execute(
        "select load.source_file, disposition.source_row "
        f"from (select {keys[0][0]} as landed_row_id from marts.{count.table} where {count.condition}) as fact "
        "inner join marts.return_disposition as disposition on fact.landed_row_id = disposition.landed_row_id "
        "inner join ops.load as load on disposition.load_id = load.load_id and load.status = 'landed' order by all"
    ).fetchall()
    if not found:
        return []
    lines = ["", f"{len(found):,} records, by file and line or row:"]
    shown = found if limit == 0 else found[:limit]
    for file, rows in groupby(shown, key=lambda place: place[0]):
        numbers = [str(row) for _, row in rows]
        for begin in range(0, len(numbers), _MOST_ROWS_NAMED):
            lines.append(f"    {file}: {', '.join(numbers[begin : begin + _MOST_ROWS_NAMED])}")
    if len(found) > len(shown):
        lines.append(f"    and {len(found) - len(shown):,} more: --limit 0 lists all")
    return lines


def _name(value: dict[str, Any]) -> str:
    return str(value["period_label"]) + ("" if value["breakdown"] == "total" else f" / {value['breakdown_value']}")


def _shown(value: dict[str, Any]) -> str:
    if value["value_rounded"] is None:
        return "not known"
    text = f"{value['value_rounded']:,g} {value['unit']}" if value["value_rounded"] < 1e6 else f"{value['value']:,.0f}"
    if value["denominator"] is None:
        return text
    return f"{text}  ({value['numerator']:,} over {value['denominator']:,})"
