"""What is printed of every count of the forms, one system a year, and the rows that say it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, cast

from disclosure.forms.counts import ALL, Atom, Averages, KindSum, ReportCell, write_terms
from disclosure.forms.questionnaire import Questionnaire
from disclosure.forms.relations import build_year
from disclosure.rounding import Rounding
from disclosure.settle import Settled, settle
from disclosure.system import System
from disclosure.versions import beside_printed

# Year -> the services that are listed in it.
Listed = Mapping[int, Collection[str]]


# Which count of a year's system a sum is at a place.
Figures = Mapping[tuple[str, KindSum], int]


class PrintedCount(NamedTuple):
    """A count that has been printed: the true one then, the print (None: nothing), and by which draw."""

    true_count: int
    printed: int | None
    draw: int


@dataclass(frozen=True)
class Printed:
    """What has been printed of a year that is revised: counts by place and terms, and to which base; and how many forms
    are others now."""

    counts: Mapping[tuple[str, str], PrintedCount]
    changed_forms: int
    base: int


# Of one year: its system, what has been printed of it already, and by which draws it is printed at first.
_Work = tuple[int, System, Mapping[int, int | None], Mapping[int, int]]


def settle_years(
    listed: Listed,
    counts: Mapping[Atom, int],
    averages: Averages,
    cells: Sequence[ReportCell],
    questionnaire: Questionnaire,
    rounding: Rounding,
    revised: Mapping[int, Printed] | None = None,
) -> list[dict[str, Any]]:
    """Decide what is printed of every count of every year.

    Parameters:
        listed: the years, and the services of each; a service that is in another year only may have forms in any.
        counts, averages, cells, questionnaire: as in `build_year`.
        rounding: threshold and key.
        revised: years of which a version has been printed before, so that nothing may be told by both together.

    Returns one dict per year, place and sum: its terms, count, what is printed (None if nothing), by which draw, after
    how many rounds of its year, whether the audit had it hidden, and whether it is told all the same.
    """
    everyone = {service for services in listed.values() for service in services}
    systems = {
        year: build_year(
            year, services, counts, averages, cells, questionnaire, has_others=bool(everyone - set(services))
        )
        for year, services in listed.items()
    }
    work: list[_Work] = []
    for year, (system, figures) in systems.items():
        printed = (revised or {}).get(year)
        if printed is None:
            work.append((year, system, {}, {}))
            continue
        work.append((year, *_beside(system, figures, printed)))
    decide = partial(_settle_year, rounding=rounding)
    if len(work) < 2:
        settled = list(map(decide, work))
    else:
        # Years share no relation, so each is a piece of work of its own. Not for threads: the programs are many and
        # small, and between them the interpreter would let one thread work at a time. Not by copying this process
        # either: it holds a database and threads, which a copy would hold in an unknown state.
        workers = min(len(work), os.cpu_count() or 1)
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            settled = list(pool.map(decide, work))
    rows = [
        row
        for (year, (system, figures)), one in zip(systems.items(), settled, strict=True)
        for row in _rows(year, system, _everywhere(figures, listed[year]), one)
    ]
    return sorted(rows, key=lambda row: (row["period"], row["geography_code"], row["terms"]))


def _settle_year(work: _Work, rounding: Rounding) -> Settled:
    year, system, before, draws = work
    return settle(system, rounding, partial(_name, year), before, draws)


def _beside(
    system: System, figures: Figures, printed: Printed
) -> tuple[System, Mapping[int, int | None], Mapping[int, int]]:
    """A year beside what has been printed of it."""
    size = len(system.values)
    named = {count: (place, write_terms(total)) for (place, total), count in figures.items()}
    known = {count: printed.counts[name] for count, name in named.items() if name in printed.counts}
    # One form changes a sum by no more than its answers in it.
    reach = [sum(abs(factor) for _, factor in total) for _, total in cast(Iterable[tuple[str, KindSum]], system.index)]
    # A form of another year that is matched to one of this year may be another, too.
    by_counts = (-(-abs(system.values[count] - one.true_count) // reach[count]) for count, one in known.items())
    moved = max([printed.changed_forms, *by_counts])
    before = {size + count: known[count].printed if count in known else None for count in range(size)}
    draws = {count: one.draw for count, one in known.items()}
    return beside_printed(system, reach, moved, printed.base - 1), before, draws


def _name(year: int, name: Any) -> str:
    place, total = name
    return f"forms|{year}|{place}|{write_terms(total)}"


def _everywhere(figures: Figures, services: Collection[str]) -> Figures:
    """The figures of all places, also where the only service is all there are."""
    if any(place != ALL for place, _ in figures):
        return figures
    return {(place, total): count for (_, total), count in figures.items() for place in (ALL, *services)}


def _rows(year: int, system: System, figures: Figures, settled: Settled) -> list[dict[str, Any]]:
    return [
        {
            "period": year,
            "geography_code": place,
            "terms": write_terms(total),
            "count": system.values[count],
            "printed": settled.prints[count],
            "draw": settled.attempts[count],
            "rounds": settled.rounds,
            "is_hidden": count in settled.hidden,
            # Of a year that is revised what was printed before has its numbers after all of now.
            "is_told": not settled.told.isdisjoint({count, len(system.values) + count}) or not settled.is_possible,
        }
        for (place, total), count in figures.items()
    ]
