"""What a release prints for the first time, and what it carries over: lines of the summary of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import duckdb

from orchestration.commands.text import query
from orchestration.progress import many
from orchestration.release.register import Edition, Year, public_years
from orchestration.warehouse import exists

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


def public_lines(con: duckdb.DuckDBPyConnection, editions: Iterable[Edition], release: str) -> list[str]:
    """Which years a release makes public and which it carries over, and how many counts of these are others inside.

    `con` is the warehouse of the run that made it.
    """
    held = public_years(editions)
    new = [year for year, edition in held.items() if edition.release == release]
    carried = [year for year in held if year not in new]
    lines = []
    if new:
        lines.append(f"Public   for the first time: {_words(new)}; from now on they stay as they are printed")
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


def _words(years: Iterable[Year]) -> str:
    """Years by what they are of: forms of 2023 and 2024; returns of 999, 2013 to 2017."""
    by_place: dict[tuple[str, str], list[int]] = defaultdict(list)
    for year in years:
        by_place[(year.theme, year.place)].append(year.period)
    words = []
    for (theme, place), periods in sorted(by_place.items()):
        first, last = min(periods), max(periods)
        span = str(first) if first == last else f"{first} to {last}"
        words.append(f"forms of {span}" if theme == "insights" else f"returns of {place} of {span}")
    return "; ".join(words)
