"""Files of the two national returns, year by year, from the life courses."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from synthetic.returns.model import CarePeriod, Child, MissingEpisode, year_end, year_start
from synthetic.returns.writers import (
    EPISODE_COLUMNS,
    HEADER_COLUMNS,
    MISSING_COLUMNS,
    OC2_COLUMNS,
    UASC_COLUMNS,
    Row,
    british,
    child_xml,
    in_census,
    known,
)

TABLES = {
    "header": HEADER_COLUMNS,
    "episodes": EPISODE_COLUMNS,
    "missing": MISSING_COLUMNS,
    "uasc": UASC_COLUMNS,
    "oc2": OC2_COLUMNS,
}


def census_children_by_id(children: list[Child], year: int) -> list[tuple[Child, list[str]]]:
    """Children of one collection year with their elements, one per child however many referrals."""
    made = []
    for child in sorted(children, key=lambda one: one.child_id):
        cases = [case for case in child.cases if in_census(case, year)]
        if cases:
            made.append((child, child_xml(child, cases, year)))
    return made


def care_in(child: Child, year: int) -> list[CarePeriod]:
    """Periods of care that lie in a collection year, if only for a day."""
    return [
        period
        for period in child.care
        if period.start <= year_end(year) and (period.end is None or period.end >= year_start(year))
    ]


def ssda903_tables(
    children: list[Child], missing: list[MissingEpisode], year: int, seed: int, unaccompanied: set[str]
) -> dict[str, list[Row]]:
    """Rows of the five tables of one year."""
    rng = np.random.default_rng([seed, year])
    tables: dict[str, list[Row]] = {name: [] for name in TABLES}
    finish = year_end(year)
    for child in sorted(children, key=lambda one: one.child_id):
        periods = care_in(child, year)
        if not periods:
            continue
        birth = british(child.birth)
        tables["header"].append(
            (child.child_id, child.sex, birth, child.ethnicity, child.upn or child.upn_unknown, "0", "")
        )
        for period in periods:
            for placement in period.placements:
                if placement.start > finish or (placement.end and placement.end < year_start(year)):
                    continue
                end = known(placement.end, year)
                postcode = f"ZZ{int(child.child_id) % 20 + 1} {int(child.child_id) % 9 + 1}AB"
                away = placement.provider == "PR4" and placement.placement == "K2"
                place = f"ZY{int(child.child_id) % 7 + 30} 4CD" if away else f"ZZ{int(child.child_id) % 13 + 1} 2EF"
                tables["episodes"].append(
                    (
                        child.child_id,
                        british(placement.start),
                        placement.reason_new,
                        placement.legal_status,
                        period.need,
                        placement.placement,
                        placement.provider,
                        british(end),
                        placement.reason_ceased if end else "",
                        placement.reason_change if end else "",
                        postcode,
                        place,
                        f"SC{int(child.child_id) % 900000 + 100000}" if placement.placement == "K2" else "",
                    )
                )
        if child.child_id in unaccompanied:
            majority = child.birth.replace(year=child.birth.year + 18, day=min(child.birth.day, 28))
            tables["uasc"].append((child.child_id, child.sex, birth, british(known(majority, year))))
        last = periods[-1]
        if (last.end is None or last.end > finish) and last.start <= finish - timedelta(days=365):
            age = child.age_on(finish)
            scored = 4 <= age <= 16 and rng.random() < 0.8
            tables["oc2"].append(
                (
                    child.child_id,
                    birth,
                    str(int(np.clip(rng.normal(14, 6), 0, 40))) if scored else "",
                    "" if scored else ("SDQ1" if not 4 <= age <= 16 else str(rng.choice(["SDQ2", "SDQ4", "SDQ5"]))),
                    "1" if age >= 10 and rng.random() < 0.06 else "0",
                    "1" if age < 5 or rng.random() < 0.9 else "0",
                    "1" if rng.random() < 0.88 else "0",
                    "1" if rng.random() < 0.86 else "0",
                    "1" if rng.random() < 0.91 else "0",
                    "1" if age >= 11 and rng.random() < 0.05 else "0",
                )
            )
    known_children = {row[0] for row in tables["header"]}
    for episode in missing:
        if not episode.is_from_care or not year_start(year) <= episode.start.date() <= finish:
            continue
        if episode.child.child_id in known_children:
            back = british(known(episode.end.date(), year)) if episode.end else ""
            kind = "A" if episode.kind == "away" else "M"
            tables["missing"].append(
                (episode.child.child_id, british(episode.child.birth), kind, british(episode.start.date()), back)
            )
    return tables
