"""Count every target again from the written files, with plain Python and nothing of the code that drew them.

`python -m synthetic.returns.check [folder]` prints one line per figure and ends with 1 if one does not come out.
The bases the document leaves open:

- rates: events or children per 10,000 of the 64,978 children; flows of a year ending 31 March, stocks on that day
- a case that was closed without further action is a referral, but nobody in need
- children in need who offended: in need and not on a plan on the day (or they could not be fewer than those on a plan)
- the "local collection" of risks: all factors but abuse and neglect (16A to 19A)
- the local referral log: calendar 2015, and 1 January to 18 November 2016
- January 2017: any day of the month, none of the counts changes in it
- care status of missing episodes: over the episodes with a known duration
- police: mean of the reporting years 2013 to 2016; high and medium risk from June 2012 on
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from synthetic.returns.targets import TARGETS, Target

ROOT = Path(__file__).resolve().parents[2] / "data" / "raw" / "social_care"
FACTORS = {
    *(f"{digit}{letter}" for digit in "123456" for letter in "ABC"),
    *("7A", "8B", "8C", "8D", "8E", "8F", "9A", "10A", "11A", "12A", "13A", "14A", "15A", "16A", "17A", "18A", "19A"),
    *("20", "22A", "23A"),
}
LONG_AGO, FAR_AHEAD = date(1990, 1, 1), date(2018, 3, 31)
Result = tuple[float, int | None, int | None]  # value, numerator, denominator


def half_up(value: float, decimals: int) -> float:
    """Rounded as the document rounds."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP))


def day_of(text: str | None) -> date | None:
    """A day of any of the formats, or nothing for what is no day or lies outside all years."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%d/%m/%Y").date() if "/" in text else date.fromisoformat(text[:10])  # noqa: DTZ007  (a day)
    except ValueError:
        return None
    return day if LONG_AGO <= day <= FAR_AHEAD else None


def year_of(day: date) -> int:
    """Year of the 31 March on or after a day."""
    return day.year + (day.month > 3)


@dataclass
class Episode:
    """A case of a child as the latest census tells it."""

    referral: date
    no_further_action: bool
    closure: date | None


@dataclass
class Recount:
    """Everything read from the files, one record per event."""

    root: Path
    cases: dict[tuple[str, date], Episode] = field(default_factory=dict)
    assessments: dict[tuple[str, date], tuple[date | None, set[str]]] = field(default_factory=dict)
    enquiries: set[tuple[str, date]] = field(default_factory=set)
    conferences: set[tuple[str, date]] = field(default_factory=set)
    plans: dict[tuple[str, date], tuple[date | None, str, int]] = field(default_factory=dict)
    disabled: dict[str, bool] = field(default_factory=dict)
    care: dict[tuple[str, date], tuple[date | None, str, str, str]] = field(default_factory=dict)

    def open(self, path: Path) -> io.StringIO:
        """A text file, compressed or not."""
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        return io.StringIO(content.decode("utf-8-sig"), newline="")

    def table(self, name: str) -> list[dict[str, str]]:
        """Rows of a local extract, each once."""
        path = next(self.root.glob(f"999/local/{name}.csv*"))
        with self.open(path) as handle:
            rows = [tuple(row.items()) for row in csv.DictReader(handle)]
        return [dict(row) for row in dict.fromkeys(rows)]

    # -- census --------------------------------------------------------------------------------------------------

    def read_census(self) -> None:
        """All census files, oldest first: what a later one says of an event stands."""
        for path in sorted(self.root.glob("999/*/cin_census_*.xml*")):
            with self.open(path) as handle:
                for child in ElementTree.fromstring(handle.read().split("?>", 1)[1]).iter("Child"):
                    self.read_child(child)

    def read_child(self, child: ElementTree.Element) -> None:
        """One child of one census."""
        name = child.findtext("ChildIdentifiers/LAchildID")
        if not name:
            return
        codes = [one.text for one in child.iter("Disability")]
        self.disabled[name] = any(code and code != "NONE" for code in codes)
        for one in child.iter("CINdetails"):
            referral = day_of(one.findtext("CINreferralDate"))
            if not referral:
                continue
            closure = day_of(one.findtext("CINclosureDate"))
            if closure and closure < referral:
                continue
            refused = one.findtext("ReferralNFA") in ("1", "true")
            self.cases[(name, referral)] = Episode(referral, refused, closure)
            for part in one.iter("Assessments"):
                start, end = (day_of(part.findtext(f"Assessment{x}Date")) for x in ("ActualStart", "Authorisation"))
                if start and not (end and end < start):
                    found = {factor.text for factor in part.iter("AssessmentFactors")}
                    self.assessments[(name, start)] = (end, {code for code in found if code in FACTORS})
            for part in one.iter("Section47"):
                start, held = day_of(part.findtext("S47ActualStartDate")), day_of(part.findtext("DateOfInitialCPC"))
                if start:
                    self.enquiries.add((name, start))
                if start and held and held >= start:
                    self.conferences.add((name, held))
            for part in one.iter("ChildProtectionPlans"):
                start, end = day_of(part.findtext("CPPstartDate")), day_of(part.findtext("CPPendDate"))
                if start and not (end and end < start):
                    before = int(part.findtext("NumberOfPreviousCPP") or 0)
                    self.plans[(name, start)] = (end, part.findtext("InitialCategoryOfAbuse") or "", before)

    # -- looked after --------------------------------------------------------------------------------------------

    def read_care(self) -> None:
        """All looked-after returns, oldest first."""
        for year in range(2013, 2018):
            for row in self.care_rows(year):
                start = day_of(row["DECOM"])
                end = day_of(row["DEC"])
                if row["CHILD"] and start and not (end and end < start):
                    self.care[(row["CHILD"], start)] = (end, row["LS"], row["PLACE"], row["REC"])

    def care_rows(self, year: int) -> Iterator[dict[str, str]]:
        """Episodes of one year, from CSV or XML."""
        for path in self.root.glob(f"999/{year}/ssda903_{year}_episodes.csv*"):
            with self.open(path) as handle:
                yield from csv.DictReader(handle)
        for path in self.root.glob(f"999/{year}/ssda903_{year}.xml*"):
            with self.open(path) as handle:
                for child in ElementTree.fromstring(handle.read().split("?>", 1)[1]).iter("CHILD"):
                    for one in child.iter("EPISODE"):
                        row = {"CHILD": child.findtext("CHILDID") or ""}
                        names = {"DECOM": "DECOM", "DEC": "DEC", "LS": "LS", "PLACE": "PL", "REC": "REC"}
                        yield row | {key: one.findtext(tag) or "" for key, tag in names.items()}

    def looked_after(self, day: date) -> set[str]:
        """Children looked after on a day, short breaks left out."""
        return {
            child
            for (child, start), (end, status, _, _) in self.care.items()
            if status not in ("V3", "V4") and start <= day and (end is None or end > day)
        }

    # -- status --------------------------------------------------------------------------------------------------

    def on_plan(self, day: date) -> set[str]:
        """Children with an open plan."""
        return {name for (name, start), (end, _, _) in self.plans.items() if start <= day and (not end or end > day)}

    def in_need(self, day: date) -> set[str]:
        """Children with an open case."""
        return {
            name
            for (name, start), case in self.cases.items()
            if not case.no_further_action and start <= day and (case.closure is None or case.closure > day)
        }


def rate(count: int, children: int) -> Result:
    """Per 10,000 children."""
    return count / children * 10_000, count, children


def share(count: int, base: int) -> Result:
    """Per cent."""
    return 100 * count / base, count, base


def recount(root: Path = ROOT) -> dict[tuple[str, str, str], Result]:
    """Every figure of the document for the area, counted from the files."""
    data = Recount(root)
    data.read_census()
    data.read_care()
    made: dict[tuple[str, str, str], Result] = {}
    people = population(data)
    for year in (2016, 2015):
        _statutory(data, made, year, people[year - 1])
    _returned_home(data, made)
    _factors(data, made, people[2014])
    _january(data, made)
    _log(data, made)
    _youth(data, made)
    _missing(data, made)
    _police(data, made)
    _services(data, made)
    return made


def population(data: Recount) -> dict[int, int]:
    """Children 0-17 by mid-year."""
    totals: Counter[int] = Counter()
    for row in data.table("population"):
        if int(row["age"]) < 18:
            totals[int(row["mid_year"])] += int(row["count"])
    return totals


def _statutory(data: Recount, made: dict[tuple[str, str, str], Result], year: int, children: int) -> None:
    flow, stock = f"{year} (year ending 31 March)", f"{year} (31 March)"
    referrals = sorted(key for key in data.cases if year_of(key[1]) == year)
    made[("referral_rate", flow, "all")] = rate(len(referrals), children)
    dates: dict[str, list[date]] = defaultdict(list)
    for name, day in data.cases:
        dates[name].append(day)
    again = sum(
        any(timedelta(0) < day - other <= timedelta(days=365) for other in dates[name]) for name, day in referrals
    )
    made[("rereferral_12m_pct", flow, "all")] = share(again, len(referrals))
    enquiries = {name for name, day in data.enquiries if year_of(day) == year}
    conferences = {name for name, day in data.conferences if year_of(day) == year}
    made[("s47_rate", flow, "all")] = rate(len(enquiries), children)
    made[("icpc_rate", flow, "all")] = rate(len(conferences), children)
    starts = {key: plan for key, plan in data.plans.items() if year_of(key[1]) == year}
    if year == 2016:
        made[("s47_to_icpc_pct", flow, "all")] = share(len(conferences), len(enquiries))
        made[("icpc_to_cpp_pct", flow, "all")] = share(len({name for name, _ in starts}), len(conferences))
        by = Counter(category for _, category, _ in starts.values())
        made[("cpp_starts_multiple_rate", flow, "residual")] = rate(by["MUL"], children)
    day = date(year, 3, 31)
    made[("cin_rate", stock, "all")] = rate(len(data.in_need(day)), children)
    made[("cpp_rate", stock, "all")] = rate(len(data.on_plan(day)), children)
    made[("cla_rate", stock, "all")] = rate(len(data.looked_after(day)), children)
    repeats = {name for (name, _), (_, _, before) in starts.items() if before}
    made[("cpp_second_or_subsequent_pct", flow, "all")] = share(len(repeats), len({name for name, _ in starts}))
    for code, word in (("PHY", "physical"), ("EMO", "emotional"), ("SAB", "sexual"), ("NEG", "neglect")):
        count = len({name for (name, _), (_, category, _) in starts.items() if category == code})
        made[(f"cpp_starts_{word}_rate", flow, "all")] = rate(count, children)
    period = f"{year - 1}-{year % 100}"
    made[("cpp_starts_count", period, "all categories")] = (len({name for name, _ in starts}), None, None)


def _returned_home(data: Recount, made: dict[tuple[str, str, str], Result]) -> None:
    for year in (2014, 2015):
        ended: dict[str, str] = {}
        for (name, _), (end, status, _, reason) in data.care.items():
            if end and year_of(end) == year and reason not in ("", "X1") and status not in ("V3", "V4"):
                ended[name] = reason
        home = sum(reason in ("E4A", "E4B", "E13") for reason in ended.values())
        made[("returned_home_pct", f"{year - 1}-{year % 100}", "all")] = share(home, len(ended))


def _factors(data: Recount, made: dict[tuple[str, str, str], Result], children: int) -> None:
    done = [codes for end, codes in data.assessments.values() if end and year_of(end) == 2016]
    risks = sum(len(codes) for codes in done)
    key = "2015/16"

    def having(digits: str) -> int:
        return sum(any(code[0] in digits and code[1:] in ("A", "B", "C") for code in codes) for codes in done)

    made[("assessment_count", key, "all")] = (len(done), None, None)
    made[("assessment_rate", key, "all")] = rate(len(done), children)
    made[("risks_identified_count", key, "all")] = (risks, None, None)
    made[("risks_per_assessment", key, "all")] = (risks / len(done), risks, len(done))
    made[("factor_domestic_violence_pct", key, "all")] = share(having("3"), len(done))
    made[("factor_parental_mental_health_pct", key, "all")] = share(having("4"), len(done))
    made[("factor_parental_substance_pct", key, "all")] = share(having("1") + having("2"), len(done))
    made[("factor_drug_misuse_pct", key, "all")] = share(having("2"), len(done))
    made[("factor_alcohol_misuse_pct", key, "all")] = share(having("1"), len(done))
    made[("factor_disability_any_pct", key, "all")] = share(having("5") + having("6"), len(done))
    made[("factor_learning_disability_pct", key, "all")] = share(having("5"), len(done))
    made[("factor_physical_disability_pct", key, "all")] = share(having("6"), len(done))
    local = [code for codes in done for code in codes if code not in ("16A", "17A", "18A", "19A")]
    own = sum(code in ("1A", "2A") for code in local)
    made[("factor_child_substance_pct_of_risks", key, "all")] = share(own, len(local))
    # Not printed, but asked for: every combination of the three must occur, and together more often than by chance.
    three = Counter(
        tuple(any(code[0] in digits and code[1:] in ("A", "B", "C") for code in codes) for digits in ("3", "12", "4"))
        for codes in done
    )
    made[("combinations of the trilogy", key, "number")] = (sum(count > 50 for count in three.values()), None, None)


def _january(data: Recount, made: dict[tuple[str, str, str], Result]) -> None:
    team = [row for row in data.table("disabled_team_case") if row["child_id"]]
    results = []
    for number in range(31):
        day = date(2017, 1, 1) + timedelta(days=number)
        planned, cared = data.on_plan(day), data.looked_after(day)
        caseload = {
            row["child_id"]
            for row in team
            if (day_of(row["open_date"]) or day) <= day
            and (not row["close_date"] or (day_of(row["close_date"]) or day) > day)
        }
        disabled = sum(data.disabled[name] for name in planned)
        results.append((disabled, len(planned), len(caseload & cared), len(caseload & planned), len(caseload)))
    if len(set(results)) != 1:
        raise ValueError(f"January 2017 is not one picture: {set(results)}")
    disabled, planned_count, in_care, on_plan, cases = results[0]
    made[("cpp_disabled_pct", "January 2017", "all")] = share(disabled, planned_count)
    made[("dct_in_care_pct", "January 2017", "all")] = share(in_care, cases)
    made[("dct_cpp_pct", "January 2017", "all")] = share(on_plan, cases)


def _log(data: Recount, made: dict[tuple[str, str, str], Result]) -> None:
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


def _youth(data: Recount, made: dict[tuple[str, str, str], Result]) -> None:
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


def _missing(data: Recount, made: dict[tuple[str, str, str], Result]) -> None:
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


def _police(data: Recount, made: dict[tuple[str, str, str], Result]) -> None:
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


def _services(data: Recount, made: dict[tuple[str, str, str], Result]) -> None:
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


def verdict(target: Target, result: Result | None) -> str:
    """ "match", "fraction" where the printed share is not its own fraction, or what is wrong."""
    if result is None:
        return "not counted"
    value, numerator, denominator = result
    fraction = target.numerator is not None and target.indicator != "s47_to_icpc_pct"
    if (
        fraction
        and target.denominator is not None
        and (numerator, denominator) != (target.numerator, target.denominator)
    ):
        return f"{numerator} of {denominator}"
    if target.qualifier == "<":
        if value < target.value:
            return "match"
        return "fraction" if fraction else f"{value}"
    if half_up(value, target.decimals) == target.value:
        return "match"
    if fraction:
        return "fraction"
    if target.is_derived and abs(value - target.value) <= 0.55:
        return "match within the rounding it carries"
    return f"{value}"


def main() -> int:
    """Print one line per figure."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    made = recount(root)
    wrong = 0
    for target in TARGETS:
        result = made.get((target.indicator, target.period, target.breakdown))
        word = verdict(target, result)
        bad = word not in ("match", "fraction", "match within the rounding it carries")
        wrong += bad
        counted = "" if result is None else f"{result[0]:.2f}"
        sign = "" if target.qualifier == "=" else target.qualifier
        label = f"{target.indicator} | {target.period} | {target.breakdown}"
        print(f"{'WRONG ' if bad else ''}{label}: printed {sign}{target.value:g}, counted {counted}: {word}")
    print(f"{len(TARGETS)} figures, {len(TARGETS) - wrong} come out, {wrong} do not")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
