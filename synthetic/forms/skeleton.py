"""Services, clients, cases and dates: everything about the forms but their answers.

A case is one intake form, possibly with the exit form that belongs to it and a review between them. Clients with
several cases are made so that each year has exactly its published number of unique clients at intake and at exit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from catalogue import MISSING_OPTION_CODE
from synthetic.forms.solver import InfeasibleTargetError, Margin, allocate_single
from synthetic.forms.targets import Targets

YEARS = (2022, 2023, 2024)
CONTEXT_YEAR = 2021  # intake forms only, so that early exits of 2022 have an intake; never reported

# Made-up services and their share of the clients.
SERVICE_SHARES = {
    "Beacon": 0.24,
    "Fern House": 0.19,
    "Harbour": 0.16,
    "Kestrel": 0.14,
    "Lantern": 0.12,
    "Meadow Lane": 0.09,
    "Northgate": 0.06,
}

# Completed months between intake and closure -> days that are safely inside the band whatever the calendar.
CASE_LENGTH_DAYS = {
    "0_1_month": (1, 58),
    "2_3_months": (62, 119),
    "4_5_months": (123, 180),
    "6_7_months": (184, 241),
    "8_months_plus": (245, 540),
}
MEDIAN_PLATEAU = 12  # cases of exactly the median length, so that no rounding rule can move the median

# Exits without an intake form that could be theirs: {year: (client unknown, client known with another case reference)}
UNMATCHED_EXITS = {2022: (6, 3), 2023: (4, 2), 2024: (0, 0)}
# Clients with two cases in both counts of the year; the rest of the duplicates share only one of the two.
DOUBLE_CASES = {2022: 7, 2023: 8, 2024: 10}
NESTED_CASES = {2022: 0, 2023: 2, 2024: 2}  # of these, one case lies inside the other: matched by the last pass
LATER_REPEATS = {2022: 60, 2023: 120, 2024: 150}  # clients who come back in a later year
CLIENT_DATE_SHARE = 0.04  # exits without a case reference, to be matched by client and date


@dataclass
class DrawnForm:
    """One form. ``answers`` holds option codes, sets of option codes, numbers, or nothing where unanswered."""

    form_id: str
    year: int
    event_date: date
    answers: dict[str, str | frozenset[str] | int] = field(default_factory=dict)
    has_case_reference: bool = True


@dataclass
class Case:
    """An intake with its exit and review, or an exit whose intake is not in the data."""

    intake: DrawnForm | None
    exit: DrawnForm | None
    review: DrawnForm | None = None
    client: Client | None = None
    is_client_record: bool = True

    @property
    def start(self) -> date:
        """Intake date (closure date where there is no intake)."""
        form = self.intake or self.exit
        assert form is not None
        return form.event_date

    @property
    def end(self) -> date:
        """Closure date, or the end of time for a case still open."""
        return self.exit.event_date if self.exit else date.max


@dataclass
class Client:
    """A child as one service knows them."""

    number: int
    service: str
    cases: list[Case] = field(default_factory=list)
    client_id: str = ""
    birth_date: date | None = None
    postcode: str = ""


@dataclass
class Skeleton:
    """All cases and clients of the sample."""

    cases: list[Case]
    clients: list[Client]

    def forms(self, form_id: str) -> list[tuple[Case, DrawnForm]]:
        """Forms of one kind with their cases, in a fixed order."""
        return [(case, form) for case in self.cases if (form := getattr(case, form_id)) is not None]


def year_of(day: date) -> int:
    """Reporting year of a date: 2024 is April 2023 to March 2024."""
    return day.year + (day.month >= 4)


def year_start(year: int) -> date:
    """First day of a reporting year."""
    return date(year - 1, 4, 1)


def months_between(birth: date, event: date) -> int:
    """Whole calendar months from birth month to event month."""
    return (event.year - birth.year) * 12 + event.month - birth.month


def _weekday(day: date) -> date:
    """The same day, or the Friday before a weekend (the first of a year stays in its year)."""
    moved = day - timedelta(days=max(0, day.weekday() - 4))
    return moved if year_of(moved) == year_of(day) else day


def _random_day(rng: np.random.Generator, year: int, early: float = 0.0) -> date:
    """A working day of a reporting year; ``early`` above 0 makes the first months likelier."""
    share = rng.random() ** (1.0 + early)
    return _weekday(year_start(year) + timedelta(days=int(share * 365)))


def _lengths(rng: np.random.Generator, bands: dict[str, int], median_weeks: float) -> list[int]:
    """Case lengths in days with the given number in each band and the given median."""
    median = round(median_weeks * 7)
    total = sum(bands.values())
    lengths: list[int] = []
    below = 0
    for band, (low, high) in CASE_LENGTH_DAYS.items():
        count = bands.get(band, 0)
        if not low <= median <= high:
            lengths += [int(low + (high - low) * share) for share in rng.beta(1.2, 1.6, count)]
            below += count if high < median else 0
            continue
        shorter = total // 2 - below - MEDIAN_PLATEAU // 2
        longer = count - shorter - MEDIAN_PLATEAU
        if min(shorter, longer) < 0:
            raise InfeasibleTargetError("The median case length lies outside its band.")
        lengths += [int(day) for day in rng.integers(low, median, shorter)]
        lengths += [median] * MEDIAN_PLATEAU
        lengths += [int(day) for day in rng.integers(median + 1, high + 1, longer)]
    return [lengths[i] for i in rng.permutation(len(lengths))]


def _case_length_bands(targets: Targets, year: int) -> dict[str, int]:
    """Exits per case-length band in a year; unmatched exits have no length."""
    options = (*CASE_LENGTH_DAYS, "error", MISSING_OPTION_CODE)
    forms = targets.cohort_size["exit_form", year]
    margins = [
        Margin(("all",), tuple(target.option_codes), target.low, target.high)
        for target in targets.of("exit_closure_case_length", year)
    ]
    unmatched = sum(UNMATCHED_EXITS[year])
    margins.append(Margin(("all",), (MISSING_OPTION_CODE,), unmatched, unmatched))
    shares = targets.shares("exit_closure_case_length", options, year, frozenset({"exit_form"}))
    return allocate_single("exit_closure_case_length", {"all": forms}, options, margins, lambda _: shares)["all"]


def build_skeleton(targets: Targets, rng: np.random.Generator) -> Skeleton:
    """Cases, clients and dates such that every cohort has its published size.

    Args:
        targets: published margins.
        rng: source of randomness.

    Returns:
        The skeleton; forms have no answers yet.

    Raises:
        InfeasibleTargetError: the published sizes cannot be met (they can, with the published figures).
    """
    cases: list[Case] = []
    for year in YEARS:
        bands = _case_length_bands(targets, year)
        average = targets.averages["exit_closure_case_length", year]
        for days in _lengths(rng, bands, average.value):
            # 2022 leans to its first months, or its exits would need more 2022 intakes than there are.
            for _ in range(50):
                closure = _random_day(rng, year, early=0.35 if year == YEARS[0] else 0.05)
                start = closure - timedelta(days=days)
                if start >= year_start(CONTEXT_YEAR) and start.weekday() < 5:
                    break
            start = max(start, year_start(CONTEXT_YEAR))
            cases.append(Case(DrawnForm("intake", year_of(start), start), DrawnForm("exit", year, closure)))
        for _ in range(bands["error"]):
            closure = date(year - 1, 10, 12)
            start = closure + timedelta(days=18)
            cases.append(Case(DrawnForm("intake", year_of(start), start), DrawnForm("exit", year, closure)))
    errors = [case for case in cases if case.end < case.start]
    for year in YEARS:
        have = sum(1 for case in cases if case.intake and case.intake.year == year)
        more = targets.cohort_size["intake_form", year] - have
        if more < 0:
            raise InfeasibleTargetError(f"Exits need more intake forms of {year} than were published.")
        # Intakes of the last year without an exit are mostly cases still open at its end.
        late = -0.6 if year == YEARS[-1] else 0.0
        for _ in range(more):
            cases.append(Case(DrawnForm("intake", year, _random_day(rng, year, early=late)), None))
    clients = _make_clients(targets, cases, set(map(id, errors)), rng)
    skeleton = Skeleton(cases, clients)
    _add_unmatched_exits(skeleton, rng)
    _assign_services(skeleton, rng)
    _add_reviews(targets, skeleton, rng)
    _mark_client_records(skeleton)
    check_sizes(targets, skeleton)
    return skeleton


def _make_clients(targets: Targets, cases: list[Case], fixed: set[int], rng: np.random.Generator) -> list[Client]:
    """Give every case a client, joining pairs of cases so that unique clients come out as published."""
    free = {id(case): case for case in cases if id(case) not in fixed}
    pairs: list[tuple[Case, Case]] = []

    def join(count: int, first: list[Case], second: list[Case], nested: bool, what: str) -> None:
        joined = 0
        order = [first[i] for i in rng.permutation(len(first))]
        later = sorted(second, key=lambda case: case.start)
        for a in order:
            if joined == count:
                return
            if id(a) not in free:
                continue
            for i in rng.permutation(len(later)):
                b = later[i]
                if id(b) not in free or b is a:
                    continue
                fits = (a.start < b.start and b.end < a.end) if nested else a.end < b.start
                if fits:
                    pairs.append((a, b))
                    del free[id(a)], free[id(b)]
                    joined += 1
                    break
        if joined < count:
            raise InfeasibleTargetError(f"Too few cases can be joined for {what}.")

    def among(intake_year: int, exit_year: int | None) -> list[Case]:
        return [
            case
            for case in cases
            if case.intake and case.intake.year == intake_year and (case.exit.year if case.exit else None) == exit_year
        ]

    for year in YEARS:
        at_intake = targets.cohort_size["intake_form", year] - targets.cohort_size["intake_client", year]
        exits = targets.cohort_size["exit_form", year]
        at_exit = exits - targets.cohort_size["exit_client", year]
        both, nested = DOUBLE_CASES[year], NESTED_CASES[year]
        join(nested, among(year, year), among(year, year), True, f"nested cases of {year}")
        join(both - nested, among(year, year), among(year, year), False, f"double cases of {year}")
        join(at_exit - both, among(year - 1, year), among(year, year), False, f"exits of {year}")
        open_or_later = among(year, None) + (among(year, year + 1) if year < YEARS[-1] else [])
        join(at_intake - both, among(year, year), open_or_later, False, f"intakes of {year}")
        if year == YEARS[0]:  # the context year has no exits of its own
            before, back = among(CONTEXT_YEAR, year), among(year, year + 1) + among(year, None)
        else:
            before, back = among(year - 1, year - 1), among(year, year) + among(year, None)
        join(LATER_REPEATS[year], before, back, False, f"repeats of {year}")
    clients: list[Client] = []
    first_of = {id(a): b for a, b in pairs}
    second = {id(b) for _, b in pairs}
    for case in cases:
        if id(case) in second:
            continue
        client = Client(len(clients), "")
        client.cases.append(case)
        if id(case) in first_of:
            client.cases.append(first_of[id(case)])
        for own in client.cases:
            own.client = client
        clients.append(client)
    return clients


def _add_unmatched_exits(skeleton: Skeleton, rng: np.random.Generator) -> None:
    """Add exits that have no intake: of unknown clients, or of clients whose only intake is another case."""
    for year, (unknown, other_case) in UNMATCHED_EXITS.items():
        for _ in range(unknown):
            client = Client(len(skeleton.clients), "")
            skeleton.clients.append(client)
            case = Case(None, DrawnForm("exit", year, _random_day(rng, year)), client=client)
            client.cases.append(case)
            skeleton.cases.append(case)
        hosts = [
            client
            for client in skeleton.clients
            if [case.exit for case in client.cases] == [None]
            and year_start(year) <= client.cases[0].start < date(year, 1, 1)
        ]
        for i in sorted(rng.choice(len(hosts), other_case, replace=False)) if other_case else []:
            day = _weekday(hosts[i].cases[0].start + timedelta(days=75))
            case = Case(None, DrawnForm("exit", year, day), client=hosts[i])
            hosts[i].cases.append(case)
            skeleton.cases.append(case)


def _assign_services(skeleton: Skeleton, rng: np.random.Generator) -> None:
    """Give every client a service, and every exit its case reference or none."""
    names = list(SERVICE_SHARES)
    shares = np.array(list(SERVICE_SHARES.values()))
    for client, service in zip(
        skeleton.clients, rng.choice(len(names), len(skeleton.clients), p=shares / shares.sum()), strict=True
    ):
        client.service = names[service]
    later_repeats = 0
    for client in skeleton.clients:
        pairs = [case for case in client.cases if case.intake and case.exit and case.end >= case.start]
        if len(client.cases) == 1 and pairs and rng.random() < CLIENT_DATE_SHARE and pairs[0].exit:
            pairs[0].exit.has_case_reference = False
        if len(pairs) == 2:
            a, b = pairs
            nested = a.start < b.start and b.end < a.end
            apart = a.end < b.start and later_repeats < 12
            if nested or apart:
                later_repeats += not nested
                for case in pairs:
                    if case.exit:
                        case.exit.has_case_reference = False


def _add_reviews(targets: Targets, skeleton: Skeleton, rng: np.random.Generator) -> None:
    """Add the review forms: each of another client, who has exactly one exit form in the same year."""
    for year in YEARS:
        wanted = targets.cohort_size["review_form", year]
        candidates: list[tuple[Case, date, date]] = []
        for client in skeleton.clients:
            exits = [case for case in client.cases if case.exit and case.exit.year == year]
            if len(exits) != 1 or exits[0].intake is None or any(case.review for case in client.cases):
                continue
            case = exits[0]
            low = max(case.start + timedelta(days=28), year_start(year))
            high = case.end - timedelta(days=7)
            if low < high:
                candidates.append((case, low, high))
        for i in sorted(rng.choice(len(candidates), wanted, replace=False)):
            case, low, high = candidates[i]
            day = low + timedelta(days=int(rng.integers(0, (high - low).days + 1)))
            case.review = DrawnForm("review", year, max(low, _weekday(day)))


def _mark_client_records(skeleton: Skeleton) -> None:
    """A client's latest intake of a year speaks for the client in that year."""
    for client in skeleton.clients:
        latest: dict[int, Case] = {}
        for case in client.cases:
            if case.intake is None:
                continue
            known = latest.get(case.intake.year)
            if known is None or case.start > known.start:
                latest[case.intake.year] = case
        for case in client.cases:
            case.is_client_record = case.intake is not None and latest[case.intake.year] is case


def check_sizes(targets: Targets, skeleton: Skeleton) -> None:
    """Raise InfeasibleTargetError unless every cohort has its published size."""
    for year in YEARS:
        found = {
            "intake_form": sum(1 for _, form in skeleton.forms("intake") if form.year == year),
            "intake_client": sum(
                1 for case, form in skeleton.forms("intake") if form.year == year and case.is_client_record
            ),
            "review_form": sum(1 for _, form in skeleton.forms("review") if form.year == year),
            "exit_form": sum(1 for _, form in skeleton.forms("exit") if form.year == year),
            "exit_client": len(
                {case.client.number for case, form in skeleton.forms("exit") if form.year == year and case.client}
            ),
        }
        for cohort_id, size in found.items():
            if size != targets.cohort_size[cohort_id, year]:
                raise InfeasibleTargetError(f"{cohort_id} {year} has {size} units, not the published number.")
