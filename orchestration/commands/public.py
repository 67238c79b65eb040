"""What a release prints for the first time, anew, or as before: lines of the summary of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import duckdb

from orchestration.commands.text import query
from orchestration.progress import many
from orchestration.release.register import Edition, Year, public_years
from orchestration.warehouse import exists
from reporting.protection import spans

# Of how many counts of a year that is public the true number is another now than when it was printed.
_CHANGED = """
select printed.period, count(distinct (printed.geography_code, printed.count_name))
from ops.public_count as printed
inner join intermediate.int_disclosure_cell as cell
    on printed.count_name = cell.numerator_terms and cell.statistic not in ('mean', 'median')
inner join marts.indicator_value as figure
    on
        cell.indicator_id = figure.indicator_id
        and cell.point = figure.point
        and cell.row_order = figure.row_order
        and cell.column_order = figure.column_order
        and printed.period = figure.period
        and printed.geography_code = figure.geography_code
where
    printed.theme = 'insights'
    and figure.theme = 'insights'
    and figure.breakdown = 'total'
    and coalesce(figure.numerator, 0) <> printed.true_count
group by printed.period
order by printed.period
"""

# Of every place of a year that is revised how many counts are told by both versions, and what became of all.
_REVISED = """
select
    count(*),
    count(*) filter (where printed.printed is distinct from decided.printed),
    count(*) filter (where decided.is_hidden and printed.printed is not null),
    count(*) filter (where decided.draw > printed.draw),
    count(*) filter (where decided.is_told)
from intermediate.int_disclosure_count as decided
inner join ops.revised_count as printed
    on
        decided.period = printed.period
        and decided.geography_code = printed.geography_code
        and decided.terms = printed.count_name
"""
_TOLD = """
select geography_code, count(*) from intermediate.int_disclosure_count
where is_told and period in (select period from intermediate.int_revision) group by all order by all
"""


def public_lines(con: duckdb.DuckDBPyConnection, editions: Sequence[Edition], release: str) -> list[str]:
    """Which years a release makes public or revises and which it carries over, and how many counts of these are others
    inside.

    `con` is the warehouse of the run that made it.
    """
    held = public_years(editions)
    before = public_years(edition for edition in editions if edition.release != release)
    made = [year for year, edition in held.items() if edition.release == release]
    new = [year for year in made if year not in before]
    carried = [year for year in held if year not in made]
    lines = []
    if new:
        lines.append(f"Public   for the first time: {_words(new)}; from now on they stay as they are printed")
    lines += [
        f"{'Public   ' if not lines else '         '}revised: {_words([year])} ({held[year].reason})"
        for year in made
        if year in before
    ]
    for method, said in (
        ("rounding", "as they were printed"),
        (
            "hiding",
            "as an earlier version printed them, small counts hidden, without new tables",
        ),
    ):
        years = [year for year in carried if held[year].method == method]
        if years:
            lines.append(f"{'Public   ' if not lines else '         '}carried over {said}: {_words(years)}")
    if carried and exists(con, "ops", "public_count"):
        lines += [
            f"         inside, {many(changed, 'count')} of {period} differ from what was true when they were printed: "
            "forms were corrected, added or erased since"
            for period, changed in query(con, _CHANGED)
        ]
    return lines


def revision_lines(con: duckdb.DuckDBPyConnection) -> list[str]:
    """What a run has found of the year that it is to revise: how much has changed, and what both versions tell."""
    if not exists(con, "ops", "revision") or not exists(con, "intermediate", "int_revision"):
        return []
    asked = query(
        con,
        'select decided.period, decided."by", decided.reason, made.changed_forms from ops.revision as decided '
        "inner join intermediate.int_revision as made on decided.period = made.period",
    )
    lines = []
    for period, by, reason, changed in asked:
        ((counts, others, hidden, anew, told),) = query(con, _REVISED)
        lines += [
            f"Revision of the forms of {period}, decided by {by}: {reason}",
            f"         at least {many(changed, 'form')} changed since the year was published (10 are needed); of "
            f"{many(counts, 'count')} {others:,} would be printed otherwise",
            "         who has both versions, and knows how many forms have changed, can conclude of small counts: "
            + (
                "; ".join(f"{place} {number:,}" for place, number in query(con, _TOLD))
                + f" ({told:,} in all), which cannot be hidden any more"
                if told
                else f"nothing; for that {anew:,} were drawn anew and {hidden:,} are not printed any more"
            ),
            "",
        ]
    return lines


def _words(years: Iterable[Year]) -> str:
    """Years by what they are of: forms of 2023 and 2024; returns of 999, 2013 to 2017."""
    by_place: dict[tuple[str, str], list[int]] = defaultdict(list)
    for year in years:
        by_place[(year.theme, year.place)].append(year.period)
    words = []
    for (theme, place), periods in sorted(by_place.items()):
        span = ", ".join(spans(periods))
        words.append(f"forms of {span}" if theme == "insights" else f"returns of {place} of {span}")
    return "; ".join(words)
