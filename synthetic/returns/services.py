"""Local extracts of other services around the life courses."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from synthetic.returns.counts import (
    ALLEGATIONS,
    COUNTS,
    DISABLED_TEAM,
    EARLY_ASSESSMENTS,
    EARLY_HELP,
    FAMILY_SUPPORT,
    LOCAL_LOG,
    TREATMENT,
    YOUNG_CARERS,
    LogCounts,
)
from synthetic.returns.life.courses import Life
from synthetic.returns.model import Child, year_end, year_start
from synthetic.returns.particulars import JANUARY, is_in_care, is_on_plan
from synthetic.returns.writers import Row

COLUMNS = {
    "local_referral": ("referral_id", "child_id", "referral_date", "agency_group"),
    "disabled_team_case": ("child_id", "open_date", "close_date"),
    "youth_offence": ("offence_id", "person_id", "birth_date", "sex", "offence_date", "outcome_date", "disposal"),
    "treatment_episode": (
        "client_id",
        "start_date",
        "end_date",
        "substance_group",
        "lives_with_children",
        "number_of_children",
    ),
    "early_help_attendance": ("child_id", "household_id", "service", "attended_on"),
    "family_support_allocation": ("child_id", "household_id", "allocated_on", "ended_on"),
    "early_help_assessment": ("child_id", "completed_on"),
    "young_carer": ("person_id", "start_date", "end_date", "cared_for_condition"),
    "lado_referral": ("referral_id", "allegation_date", "outcome"),
    "service_count": ("service", "counted_on", "breakdown", "count"),
}
# The local agency group a national referral source mostly falls into.
GROUPS = {"2": "school", "6": "police", "4": "housing", "5": "social_care", "7": "legal", "1": "individual"}


def group_of(source: str) -> str:
    """Local agency group of a national source."""
    if source in ("8", "10", "1C", "3E", "3F"):
        return "other"
    if source == "9":
        return "individual"
    return "health" if source[0] == "3" else GROUPS[source[0]]


class Services:
    """Draws each extract with a stream of its own."""

    def __init__(self, life: Life, seed: int) -> None:
        self.life = life
        self.seed = seed
        self.rows: dict[str, list[Row]] = {}
        self.rng = np.random.default_rng([seed, 61])

    def draw(self) -> None:
        """All extracts."""
        self.local_log()
        self.disabled_team()
        self.treatment()
        self.early_help()
        self.family_support()
        self.early_assessments()
        self.young_carers()
        self.allegations()
        self.rows["service_count"] = [
            (service, day, breakdown, str(count)) for service, day, breakdown, count in COUNTS
        ]

    def local_log(self) -> None:
        """Referrals as logged locally: mostly those of the census, fewer, by agency group."""
        rows: list[Row] = []
        for log in LOCAL_LOG:
            rows += self.logged(log)
        rows.sort(key=lambda row: (row[2], row[1]))
        self.rows["local_referral"] = [(f"R{500001 + n}", *row[1:]) for n, row in enumerate(rows)]

    def logged(self, log: LogCounts) -> list[Row]:
        """One period of the log."""
        found: dict[str, list[tuple[Child, date]]] = {}
        for child in self.life.children:
            for case in child.cases:
                if log.first <= case.referral <= log.last:
                    found.setdefault(group_of(case.source), []).append((child, case.referral))
        rows: list[Row] = []
        pool = found.get("other", []) + found.get("health", [])
        pool = [pool[n] for n in self.rng.permutation(len(pool))]
        for group, count in log.groups.items():
            if group in ("other", "health", "ld_mh_staff"):
                chosen = [pool.pop() for _ in range(count)]
            else:
                able = found[group]
                if len(able) < count:
                    raise RuntimeError(f"{len(able)} referrals of {group}, {count} wanted")
                chosen = [able[n] for n in self.rng.permutation(len(able))[:count]]
            for child, day in chosen:
                logged = min(max(day + timedelta(days=int(self.rng.integers(-1, 2))), log.first), log.last)
                rows.append(("", child.child_id, logged.isoformat(), group))
        return rows

    def disabled_team(self) -> None:
        """The Disabled Children's Team: open cases of January 2017, and closed ones of the years before."""
        counts = DISABLED_TEAM
        alive = [child for child in self.life.children if 1 <= child.age_on(JANUARY) < 17]
        care = [child for child in alive if is_in_care(child, JANUARY) and not is_on_plan(child, JANUARY)]
        care = [child for child in care if not any(period.is_unaccompanied for period in child.care)]
        plan = [child for child in alive if is_on_plan(child, JANUARY) and child.disabilities]
        plan = [child for child in plan if not is_in_care(child, JANUARY)]
        rest = [child for child in alive if child.disabilities and not is_on_plan(child, JANUARY)]
        rest = [child for child in rest if not is_in_care(child, JANUARY)]
        care.sort(key=lambda child: (not child.disabilities, child.child_id))
        chosen = care[: counts["in_care"]]
        for child in chosen:
            child.disabilities = child.disabilities or ["LD"]
        chosen += [plan[n] for n in self.rng.permutation(len(plan))[: counts["on_plan"]]]
        order = self.rng.permutation(len(rest))
        still = counts["open"] - len(chosen)
        chosen += [rest[n] for n in order[:still]]
        rows: list[Row] = []
        for child in chosen:
            first = max(child.birth + timedelta(days=40), date(2009, 1, 5))
            opened = first + timedelta(days=int(self.rng.integers(0, max((date(2016, 11, 20) - first).days, 1))))
            rows.append((child.child_id, opened.isoformat(), ""))
        for n in order[still : still + 210]:
            child = rest[n]
            first = max(child.birth + timedelta(days=40), date(2009, 1, 5))
            opened = first + timedelta(days=int(self.rng.integers(0, max((date(2015, 6, 1) - first).days, 1))))
            closed = opened + timedelta(days=int(self.rng.integers(60, 540)))
            rows.append((child.child_id, opened.isoformat(), min(closed, date(2016, 12, 20)).isoformat()))
        self.rows["disabled_team_case"] = sorted(rows, key=lambda row: (row[1], row[0]))

    def treatment(self) -> None:
        """Adults in structured treatment in 2015-16, a few with two episodes."""
        rng = self.rng
        rows: list[Row] = []
        number = 0
        for group, adults, with_children in TREATMENT:
            for n in range(adults):
                number += 1
                client = f"T{(number * 7_368_787) % 900_000 + 100_000}"
                lives = ("own" if rng.random() < 0.86 else "other") if n < with_children else "none"
                children = (
                    str(int(rng.choice([1, 2, 3, 4, 5], p=[0.42, 0.33, 0.16, 0.06, 0.03])))
                    if n < with_children
                    else "0"
                )
                start = year_start(2016) + timedelta(days=int(rng.integers(0, 300)))
                end = start + timedelta(days=int(rng.integers(20, 200)))
                again = rng.random() < 0.05 and end < date(2016, 2, 15)
                closed = end.isoformat() if again or (end <= year_end(2016) and rng.random() < 0.8) else ""
                rows.append((client, start.isoformat(), closed, group, lives, children))
                if again:
                    second = (end + timedelta(days=int(rng.integers(5, 40)))).isoformat()
                    rows.append((client, second, "", group, lives, children))
        self.rows["treatment_episode"] = sorted(rows, key=lambda row: (row[1], row[0]))

    def young_children(self, count: int, lowest: int, highest: int, day: date, share: float) -> list[Child]:
        """Children of an age range, partly known to the census, partly not."""
        rng = self.rng
        able = [child for child in self.life.children if lowest <= child.age_on(day) <= highest]
        known = min(int(count * share), len(able))
        chosen = [able[n] for n in rng.permutation(len(able))[:known]]
        for _ in range(count - known):
            age = float(rng.uniform(lowest, highest + 0.9))
            chosen.append(self.life.people.child(day - timedelta(days=int(age * 365.25))))
        return [chosen[n] for n in rng.permutation(len(chosen))]

    def households(self, sizes: list[int], prefix: str) -> list[str]:
        """Household ids, repeated by size."""
        made: list[str] = []
        for number, size in enumerate(sizes):
            made += [f"{prefix}{20000 + number}"] * size
        return made

    def early_help(self) -> None:
        """Attendances of 2015-16: many children now and then, few every week."""
        rng = self.rng
        children, attendances = EARLY_HELP
        attending = self.young_children(children, 0, 8, date(2015, 10, 1), 0.3)
        households = self.households(_sizes(rng, children, int(children / 1.45)), "H")
        weights = rng.gamma(0.75, 1.0, children)
        counts = 1 + rng.multinomial(attendances - children, weights / weights.sum())
        services = ["childrens_centre", "stay_and_play", "play_and_youth", "parenting_programme", "speech_and_language"]
        rows: list[Row] = []
        for child, household, count in zip(attending, households, counts, strict=True):
            service = services[int(rng.choice(5, p=[0.42, 0.26, 0.16, 0.1, 0.06]))]
            first = year_start(2016) + timedelta(days=int(rng.integers(0, 120)))
            days = sorted(rng.choice((year_end(2016) - first).days + 1, int(count), replace=False).tolist())
            for day in days:
                rows.append((child.child_id, household, service, (first + timedelta(days=int(day))).isoformat()))
        self.rows["early_help_attendance"] = rows

    def family_support(self) -> None:
        """Allocations to Targeted Family Support Teams in 2015-16."""
        rng = self.rng
        children, households = FAMILY_SUPPORT
        allocated = self.young_children(children, 0, 16, date(2015, 10, 1), 0.6)
        ids = self.households(_sizes(rng, children, households), "H7")
        starts: dict[str, date] = {}
        rows: list[Row] = []
        for child, household in zip(allocated, ids, strict=True):
            start = starts.setdefault(household, year_start(2016) + timedelta(days=int(rng.integers(0, 364))))
            end = start + timedelta(days=90 + len(household) * 3 + start.day)
            rows.append(
                (child.child_id, household, start.isoformat(), end.isoformat() if end < date(2016, 11, 1) else "")
            )
        self.rows["family_support_allocation"] = sorted(rows, key=lambda row: (row[2], row[1], row[0]))

    def early_assessments(self) -> None:
        """Common assessments completed, fewer every year."""
        rows: list[Row] = []
        for year, count in EARLY_ASSESSMENTS.items():
            for child in self.young_children(count, 0, 16, year_end(year), 0.4):
                day = max(year_start(year) + timedelta(days=int(self.rng.integers(0, 365))), child.birth)
                rows.append((child.child_id, min(day, year_end(year)).isoformat()))
        self.rows["early_help_assessment"] = sorted(rows, key=lambda row: (row[1], row[0]))

    def young_carers(self) -> None:
        """Young carers supported, from a day of the year to another."""
        rng = self.rng
        rows: list[Row] = []
        for year, (total, mental) in YOUNG_CARERS.items():
            for n, child in enumerate(self.young_children(total, 7, 16, year_start(year), 0.3)):
                early = n >= mental
                start = year_start(year) + timedelta(days=int(rng.integers(0, 200) if early else rng.integers(95, 300)))
                end = start + timedelta(days=int(rng.integers(40, 150)))
                condition = (
                    "mental_health"
                    if n < mental
                    else str(
                        rng.choice(["physical", "learning_disability", "substance", "other"], p=[0.5, 0.2, 0.15, 0.15])
                    )
                )
                rows.append((child.child_id, start.isoformat(), min(end, year_end(year)).isoformat(), condition))
        self.rows["young_carer"] = sorted(rows, key=lambda row: (row[1], row[0]))

    def allegations(self) -> None:
        """Referrals to the designated officer, more every year."""
        rows: list[Row] = []
        outcomes = ["substantiated", "unsubstantiated", "unfounded", "false", "malicious"]
        for year, count in ALLEGATIONS.items():
            for day in sorted(self.rng.integers(0, 365, count).tolist()):
                outcome = str(self.rng.choice(outcomes, p=[0.3, 0.37, 0.2, 0.09, 0.04]))
                when = year_start(year) + timedelta(days=int(day))
                if when > date(2016, 1, 20) and self.rng.random() < 0.5:
                    outcome = "ongoing"
                rows.append((f"L{len(rows) + 3001}", when.isoformat(), outcome))
        self.rows["lado_referral"] = rows


def _sizes(rng: np.random.Generator, people: int, households: int) -> list[int]:
    """Sizes of households, one at least, adding up to the people."""
    sizes = np.ones(households, dtype=int)
    for n in rng.integers(0, households, people - households):
        sizes[n] += 1
    return [int(size) for size in sizes]
