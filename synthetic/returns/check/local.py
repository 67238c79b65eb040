"""Figures of the local extracts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from synthetic.returns.check.arithmetic import FAR_AHEAD, Figures, day_of, half_up, share, year_of
from synthetic.returns.check.events import Events


def log(data: Events, made: Figures) -> None:
    """The referral log by agency."""
    rows = data.table("local_referral")
    for period, first, last in (
        ("2015", date(2015, 1, 1), date(2015, 12, 31)),
        ("2016 (to 18 November)", date(2016, 1, 1), date(2016, 11, 18)),
    ):
        within = [row for row in rows if (day := day_of(row["referral_date"])) and first <= day <= last]
        by = Counter(row["agency_group"] for row in within)
        made[("referral_count", period, "all")] = (len(within), None, None)
        made[("referral_source_schools_pct", period, "schools and colleges")] = share(by["school"], len(within))
        made[("referral_source_police_pct", period, "police")] = share(by["police"], len(within))
        staff = "learning disability and mental health staff"
        made[("referral_source_ld_mh_staff_pct", period, staff)] = share(by["ld_mh_staff"], len(within))
        made[("referral_source_other_pct", period, "other")] = share(by["other"], len(within))


def youth(data: Events, made: Figures) -> None:
    """Offences, and the young people behind them by plan, need, remand and custody."""
    rows = [
        (row, day) for row in data.table("youth_offence") if (day := day_of(row["offence_date"])) and row["person_id"]
    ]
    for counter in (lambda day: day.year, year_of):
        totals = Counter(counter(day) for _, day in rows)
        fall = 100 * (1 - totals[2015] / totals[2006])
        made[("youth_offences_reduction_pct", "2006 to 2015", "ages 10-17")] = (fall, None, None)
        if half_up(fall, 0) != 79:
            raise ValueError("the fall in offences differs between calendar and financial years")
    shares = []
    for year in range(2012, 2017):
        sexes = Counter(row["sex"] for row, day in rows if year_of(day) == year)
        shares.append(100 * sexes["M"] / (sexes["M"] + sexes["F"]))
    made[("youth_offences_male_pct", "5 year period", "male, lowest year")] = (min(shares), None, None)
    made[("youth_offences_male_pct", "5 year period", "male, highest year")] = (max(shares), None, None)
    period = "2009/10-2015/16"
    plans, cases = defaultdict(list), defaultdict(list)
    for (name, start), (end, _, _) in data.plans.items():
        plans[name].append((start, end or FAR_AHEAD))
    for (name, start), case in data.cases.items():
        if not case.no_further_action:
            cases[name].append((start, case.closure or FAR_AHEAD))
    found: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for row, day in rows:
        if not 2010 <= year_of(day) <= 2016:
            continue
        mark = (row["person_id"], year_of(day))
        if any(start <= day < end for start, end in plans[row["person_id"]]):
            found["youth_offending_cpp"].add(mark)
        elif any(start <= day < end for start, end in cases[row["person_id"]]):
            found["youth_offending_cin"].add(mark)
        if row["disposal"] in ("remand", "custody"):
            found["youth_remand_lac" if row["disposal"] == "remand" else "youth_custody"].add(mark)
    for indicator, marks in found.items():
        made[(indicator, period, "total")] = (len({person for person, _ in marks}), None, None)
        made[(indicator, period, "mean per year")] = (len(marks) / 7, None, None)


def missing(data: Events, made: Figures) -> None:
    """Missing and absent episodes by year, class, duration and where the child lived."""
    rows = [
        (row, datetime.fromisoformat(row["started_at"]))
        for row in data.table("missing_episode")
        if row["child_id"] and day_of(row["started_at"])
    ]
    for year in range(2013, 2017):
        count = sum(year_of(start.date()) == year for _, start in rows)
        period = f"{year - 1}-{year % 100}"
        made[("missing_episodes_year", period, "missing and absent")] = (count, None, None)
        made[("missing_episodes_month_mean", period, "missing and absent")] = (count / 12, count, 12)
    part = [(row, start) for row, start in rows if date(2016, 4, 1) <= start.date() <= date(2016, 10, 31)]
    period = "1 April-31 October 2016"
    total = len(part)
    children = len({row["child_id"] for row, _ in part})
    made[("missing_episodes_part_year", period, "all")] = (total, None, None)
    made[("missing_children_unique", period, "all")] = (children, None, None)
    made[("missing_episodes_per_child", period, "all")] = (total / children, total, children)
    kinds = Counter(row["missing_class"] for row, _ in part)
    away = "away from placement without authorisation"
    for word, code in (("absent", "absent"), ("missing", "missing"), (away, "away"), ("not classified", "")):
        made[("missing_by_classification_pct", period, word)] = share(kinds[code], total)
    bands: Counter[str] = Counter()
    for row, start in part:
        if not row["ended_at"]:
            bands["duration not recorded"] += 1
            continue
        end = datetime.fromisoformat(row["ended_at"])
        elapsed, calendar = (end - start).days, (end.date() - start.date()).days
        if elapsed != calendar:
            raise ValueError("elapsed and calendar days differ")
        limits = ((0, "less than 1 day"), (1, "1 day"), (3, "2-3 days"), (8, "4-8 days"), (14, "9-14 days"))
        word = next(
            (name for limit, name in limits if elapsed <= limit), "15-28 days" if elapsed <= 28 else "over 28 days"
        )
        bands[word] += 1
    for word, count in bands.items():
        made[("missing_by_duration_pct", period, word)] = share(count, total)
    care: dict[str, list[tuple[date, date, str]]] = defaultdict(list)
    for (name, start_day), (end_day, status, place, _) in data.care.items():
        if status not in ("V3", "V4"):
            care[name].append((start_day, end_day or FAR_AHEAD, place))
    timed = [(row, start.date()) for row, start in part if row["ended_at"]]
    places = [
        next((place for first, last, place in care[row["child_id"]] if first <= day < last), None) for row, day in timed
    ]
    cared = sum(place is not None for place in places)
    residential = sum(place in ("K1", "K2", "R1", "R2", "R3", "S1") for place in places)
    made[("missing_children_in_care_pct", period, "children in care")] = share(cared, len(timed))
    made[("missing_residential_care_pct", period, "residential care")] = share(residential, len(timed))


def police(data: Events, made: Figures) -> None:
    """Domestic abuse: calls, crimes, graded incidents and the people in them."""
    rows = [row for row in data.table("police_incident") if row["incident_id"] and day_of(row["incident_date"])]
    domestic = [row for row in rows if row["is_domestic_abuse"] == "1"]
    crimes = {row["incident_id"] for row in domestic if row["is_crime"] == "1"}
    years = len({year_of(day) for row in rows if (day := day_of(row["incident_date"]))})
    made[("dva_police_calls", "annual average", "all")] = (len(domestic) / years, None, None)
    calls, recorded = len(domestic) // years, len(crimes) // years
    made[("dva_recorded_crimes", "annual average", "all")] = (len(crimes) / years, recorded, calls)
    violent = [row for row in rows if row["is_violence"] == "1"]
    made[("dva_share_of_violence_pct", "not stated", "all")] = share(
        sum(row["is_domestic_abuse"] == "1" for row in violent), len(violent)
    )
    graded = {row["incident_id"] for row in domestic if row["risk_grade"] in ("high", "medium")}
    made[("dart_incidents", "June 2012 to date", "high/medium risk")] = (len(graded), None, None)
    people = data.table("police_person")
    linked = {row["person_id"] for row in people if row["incident_id"] in graded}
    made[("dart_individuals", "June 2012 to date", "survivors, perpetrators and children")] = (len(linked), None, None)
    victims = [row for row in people if row["incident_id"] in crimes and row["role"] == "survivor"]
    for code, word in (("F", "female"), ("M", "male")):
        by_row = 100 * sum(row["sex"] == code for row in victims) / len(victims)
        distinct = {(row["person_id"], row["sex"]) for row in victims}
        by_person = 100 * sum(sex == code for _, sex in distinct) / len(distinct)
        if half_up(by_row, 0) != half_up(by_person, 0):
            raise ValueError("victims' sex differs between people and rows")
        made[("dva_victim_sex_pct", "not stated", word)] = (by_person, None, None)


def services(data: Events, made: Figures) -> None:
    """Adults in treatment, early help, family support and young carers."""
    adults: dict[str, tuple[str, bool]] = {}
    for row in data.table("treatment_episode"):
        day = day_of(row["start_date"])
        if row["client_id"] and day and year_of(day) == 2016:
            adults[row["client_id"]] = (row["substance_group"], row["lives_with_children"] != "none")
    for word, groups in (
        ("all", ("alcohol_only", "other")),
        ("alcohol only", ("alcohol_only",)),
        ("other drug", ("other",)),
    ):
        able = [lives for group, lives in adults.values() if group in groups]
        result = share(sum(able), len(able))
        made[("treatment_adults_with_children_pct", "2015-16", word)] = result
    rows = [row for row in data.table("early_help_attendance") if _in_2016(row["attended_on"]) and row["child_id"]]
    distinct = {(row["child_id"], row["attended_on"]) for row in rows}
    children = len({row["child_id"] for row in rows})
    if len(distinct) != len(rows):
        raise ValueError("a child attends twice on a day")
    made[("early_help_children", "2015/16", "all")] = (children, None, None)
    made[("early_help_attendances", "2015/16", "all")] = (len(rows), None, None)
    made[("early_help_attendances_per_child", "2015/16", "all")] = (len(rows) / children, len(rows), children)
    rows = [row for row in data.table("family_support_allocation") if _in_2016(row["allocated_on"])]
    children, households = len({row["child_id"] for row in rows}), len({row["household_id"] for row in rows})
    made[("tfst_children", "2015/16", "all")] = (children, None, None)
    made[("tfst_households", "2015/16", "all")] = (households, None, None)
    made[("tfst_children_per_household", "2015/16", "all")] = (children / households, children, households)
    carers = [row for row in data.table("young_carer") if (row["end_date"] or "9") >= row["start_date"]]
    supported = _supported(carers, "2015-04-01", "2016-03-31")
    mental = [row for row in carers if row["cared_for_condition"] == "mental_health"]
    made[("young_carers_supported", "annual", "all")] = (supported, None, None)
    made[("young_carers_mental_health", "July 2015-March 2016", "all")] = (
        _supported(mental, "2015-07-01", "2016-03-31"),
        None,
        None,
    )


def _in_2016(text: str) -> bool:
    day = day_of(text)
    return day is not None and year_of(day) == 2016


def _supported(rows: Iterable[dict[str, str]], first: str, last: str) -> int:
    return len({row["person_id"] for row in rows if row["start_date"] <= last and (row["end_date"] or last) >= first})
