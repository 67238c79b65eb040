"""Figures of the census and the looked-after returns."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

from synthetic.returns.check.arithmetic import Figures, day_of, rate, share, year_of
from synthetic.returns.check.events import Events


def statutory(data: Events, made: Figures, year: int, children: int) -> None:
    """Referrals, enquiries, conferences and plans of a year, and who was in need, on a plan and in care at its end."""
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


def returned_home(data: Events, made: Figures) -> None:
    """Who went home, of those who left care in a year."""
    for year in (2014, 2015):
        ended: dict[str, str] = {}
        for (name, _), (end, status, _, reason) in data.care.items():
            if end and year_of(end) == year and reason not in ("", "X1") and status not in ("V3", "V4"):
                ended[name] = reason
        home = sum(reason in ("E4A", "E4B", "E13") for reason in ended.values())
        made[("returned_home_pct", f"{year - 1}-{year % 100}", "all")] = share(home, len(ended))


def factors(data: Events, made: Figures, children: int) -> None:
    """Factors of the assessments of 2015-16, and which of them are found together."""
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


def january(data: Events, made: Figures) -> None:
    """Children of the disabled children's team and on a plan in January 2017: every day gives the same."""
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
