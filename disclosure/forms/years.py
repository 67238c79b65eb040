"""What is printed of every count of the forms, one system a year, and the rows that say it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

from disclosure.forms.counts import ALL, Atom, Averages, KindSum, ReportCell, write_terms
from disclosure.forms.questionnaire import Questionnaire
from disclosure.forms.relations import build_year
from disclosure.rounding import Rounding
from disclosure.settle import Settled, settle
from disclosure.system import System

# Year -> the services that are listed in it.
Listed = Mapping[int, Collection[str]]


def settle_years(
    listed: Listed,
    counts: Mapping[Atom, int],
    averages: Averages,
    cells: Sequence[ReportCell],
    questionnaire: Questionnaire,
    rounding: Rounding,
) -> list[dict[str, Any]]:
    """Decide what is printed of every count of every year.

    Parameters:
        listed: the years, and the services of each; a service that is in another year only may have forms in any.
        counts, averages, cells, questionnaire: as in `build_year`.
        rounding: threshold and key.

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
    work = [(year, system) for year, (system, _) in systems.items()]
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


def _settle_year(work: tuple[int, System], rounding: Rounding) -> Settled:
    year, system = work
    return settle(system, rounding, partial(_name, year))


def _name(year: int, name: Any) -> str:
    place, total = name
    return f"forms|{year}|{place}|{write_terms(total)}"


def _everywhere(
    figures: Mapping[tuple[str, KindSum], int], services: Collection[str]
) -> Mapping[tuple[str, KindSum], int]:
    """The figures of all places, also where the only service is all there are."""
    if any(place != ALL for place, _ in figures):
        return figures
    return {(place, total): count for (_, total), count in figures.items() for place in (ALL, *services)}


def _rows(
    year: int, system: System, figures: Mapping[tuple[str, KindSum], int], settled: Settled
) -> list[dict[str, Any]]:
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
            "is_told": count in settled.told or not settled.is_possible,
        }
        for (place, total), count in figures.items()
    ]
