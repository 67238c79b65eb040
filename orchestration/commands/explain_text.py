"""What `insights explain` prints."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import duckdb

from orchestration.commands.explain_forms import (
    ALL_SERVICES,
    Cell,
    contributing_forms,
    describe_number,
    describe_population,
    recount,
    recount_sql,
    total_sql,
)

_MOST_ROWS_NAMED = 12


def overview_lines(con: duckdb.DuckDBPyConnection, cells: Sequence[Cell]) -> list[str]:
    """The numbers that are meant, one a line, and how to ask for one of them."""
    lines = _heading(con, cells[0])
    width = min(max(len(cell.name) for cell in cells), 70)
    for cell in cells:
        lines.append(f"{cell.number['row_order']:>4}  {cell.name:<{width}}  {describe_number(cell.number)}")
    labels = list(dict.fromkeys(str(cell.number["row_order"]) for cell in cells))
    lines += [
        "",
        f"For one of them, with its SQL and its forms: --row {labels[0]} (number or label)"
        + (" --column …" if any(cell.number["column_label"] for cell in cells) else "")
        + (" --point …" if len({cell.number["point"] for cell in cells}) > 1 else ""),
    ]
    return lines


def cell_lines(con: duckdb.DuckDBPyConnection, cell: Cell, limit: int) -> list[str]:
    """One number: value, n, population, SQL, and the file and row of every form behind it."""
    number = cell.number
    lines = [*_heading(con, cell), f"{cell.name or 'The number'}: {describe_number(number)}"]
    if number["lower_95"] is not None:
        lines.append(f"95 % interval {number['lower_95']:.1f} to {number['upper_95']:.1f}")
    if cell.population is None:
        lines += [
            "",
            "No form holds this figure: the report takes it from elsewhere, so nothing is counted here.",
        ]
        return lines
    lines += ["", f"n counts: {describe_population(cell.population)}"]
    forms_sql = recount_sql(con, cell)
    counted = recount(con, cell)
    if forms_sql is None or counted is None:
        return lines
    lines += ["", "Counted again on published/current/internal/insights.duckdb:", ""]
    lines += [f"    {line}" for line in total_sql(cell, forms_sql).splitlines()]
    if cell.definition["statistic"] in {"mean", "median"}:
        given = "-" if counted[0] is None else f"{counted[0]:,.2f}"
        lines += ["", f"  gives {given} over {counted[1]:,} forms, in the unit of the question."]
    else:
        agrees = counted == (number["numerator"], number["denominator"])
        verdict = "as published" if agrees else "WHICH IS NOT WHAT WAS PUBLISHED: report this line"
        lines += ["", f"  gives {int(counted[0] or 0):,} of {counted[1]:,}, {verdict}."]
    found = contributing_forms(con, cell)
    what = "that gave a number" if cell.definition["statistic"] in {"mean", "median"} else "counted in it"
    lines += ["", f"{len(found):,} forms {what}, by file and row (the header is row 1):"]
    shown = found if limit == 0 else found[:limit]
    for file, rows in groupby(shown, key=lambda place: place[0]):
        numbers = [str(row) for _, row in rows]
        for start in range(0, len(numbers), _MOST_ROWS_NAMED):
            lines.append(f"    {file}: row {', '.join(numbers[start : start + _MOST_ROWS_NAMED])}")
    if len(found) > len(shown):
        lines.append(f"    and {len(found) - len(shown):,} more: --limit 0 lists all")
    return lines


def _heading(con: duckdb.DuckDBPyConnection, cell: Cell) -> list[str]:
    number = cell.number
    title = con.execute(
        "select title from marts.indicator where indicator_id = ?", [number["indicator_id"]]
    ).fetchall()[0][0]
    where = "all services" if number["geography_code"] == ALL_SERVICES else str(number["geography_code"])
    return [f"{title} ({number['indicator_id']}), {number['period']}, {where}", ""]
