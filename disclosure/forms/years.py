"""The decision about every printed count of the forms, one system a year, and the rows that say it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any, cast

from disclosure.forms.counts import Atom, KindSum, ReportCell, same_everywhere, write_terms
from disclosure.forms.questionnaire import Questionnaire
from disclosure.forms.relations import build_year
from disclosure.protect import Protection, primary, protect
from disclosure.system import System


def protect_years(
    years: Iterable[int],
    places: Sequence[str],
    counts: Mapping[Atom, int],
    cells: Sequence[ReportCell],
    questionnaire: Questionnaire,
    *,
    threshold: int = 5,
    complementary: bool = True,
) -> list[dict[str, Any]]:
    """Decide about every printed count of every year.

    Parameters:
        years, places, counts, cells, questionnaire: as in `build_year`, `places` with all services.
        threshold, complementary: as in `protect`.

    Returns one dict per year, place and count: its terms, value, rule (None where it is shown), feasible range of a
    hidden one, whether that is too narrow and whether nothing more could have been hidden.
    """
    same = same_everywhere(counts, threshold)
    systems = {year: build_year(year, places, counts, cells, questionnaire, same, threshold) for year in years}
    decide = partial(protect, threshold=threshold, complementary=complementary)
    hard = {year: system for year, system in systems.items() if primary(system, threshold)}
    protections = {year: decide(system) for year, system in systems.items() if year not in hard}
    if hard:
        # Years share no relation, so each is a piece of work of its own. Not for threads: the programs are many and
        # small, and between them the interpreter would let one thread work at a time. Not by copying this process
        # either: it holds a database and threads, which a copy would hold in an unknown state.
        workers = min(len(hard), 2 * (os.cpu_count() or 1))
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            protections |= dict(zip(hard, pool.map(decide, hard.values()), strict=True))
    rows = [row for year, system in systems.items() for row in _rows(year, system, protections[year])]
    return sorted(rows, key=lambda row: (row["period"], row["geography_code"], row["terms"]))


def _rows(year: int, system: System, result: Protection) -> list[dict[str, Any]]:
    rows = []
    for name, count in system.index.items():
        if not system.is_public[count]:
            continue
        place, total = cast(tuple[str, KindSum], name)
        found = result.ranges.get(count)
        rows.append(
            {
                "period": year,
                "geography_code": place,
                "terms": write_terms(total),
                "count": system.values[count],
                "rule": result.rule.get(count),
                "feasible_lower": found.lower if found else None,
                "feasible_upper": found.upper if found else None,
                # That a veiled zero may be known from elsewhere tells of no child.
                "is_exposed": bool(found and found.lower >= found.upper and system.values[count]),
                "is_unavoidable": count in result.unavoidable,
            }
        )
    return rows
