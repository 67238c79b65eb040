"""Random children of one authority and what befalls them over three collection years. Nobody in them exists.

A life is what is true; what a collection tells of it is written by `telling.py`, mistakes and corrections included.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

YEARS = (2021, 2022, 2023)
CATEGORIES = ("NEG", "EMO", "PHY", "SAB", "MUL")
FACTORS = (
    *(f"{number}{whose}" for number in (1, 2, 3, 4, 5, 6) for whose in "ABC"),
    "3B", "3B", "4B", "1B", "7A", "10A", "11A", "16A", "17A", "18B", "18C", "19B", "20", "21",
)  # fmt: skip
DISABILITIES = ("LD", "AUT", "MOB", "HEAR", "DDA")


@dataclass
class Event:
    """Something that began on a day; `shift` moves its first day from a collection on, `texts` write over its fields.

    `end` is the closure, the authorisation or the end; `absent` are the collections that leave it out.
    """

    kind: str
    start: date
    end: date | None = None
    values: dict[str, str] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    inside: list[Event] = field(default_factory=list)
    shift: dict[int, int] = field(default_factory=dict)
    absent: set[int] = field(default_factory=set)
    texts: dict[int, dict[str, str]] = field(default_factory=dict)


@dataclass
class Life:
    """One child: `care` are episodes, `missing` periods away from care, `health` the answers of a year by column."""

    number: int
    birth: date
    sex: str
    death: date | None = None
    cases: list[Event] = field(default_factory=list)
    care: list[Event] = field(default_factory=list)
    missing: list[Event] = field(default_factory=list)
    disabilities: dict[int, list[str]] = field(default_factory=dict)
    health: dict[int, dict[str, str]] = field(default_factory=dict)
    unaccompanied: dict[int, str] = field(default_factory=dict)
    unaccompanied_until: date | None = None
    #: Days by which the looked-after return has another birth than the census.
    birth_off_by: int = 0

    @property
    def name(self) -> str:
        return f"K{self.number}"


class Dice(random.Random):
    """Dice of one seed; a fault that `without` names is never drawn."""

    def __init__(self, seed: int, without: frozenset[str] = frozenset()) -> None:
        super().__init__(seed)
        self.without = without

    def chance(self, share: float, fault: str = "") -> bool:
        """True in this share of the throws. The throw is made even where the fault is left out."""
        return self.random() < share and fault not in self.without

    def after(self, day: date, least: int, most: int) -> date:
        return day + timedelta(days=self.randint(least, most))


def year_of(day: date) -> int:
    """The year of the 31 March on or after a day."""
    return day.year + (day > date(day.year, 3, 31))


def draw_lives(dice: Dice, children: int) -> list[Life]:
    """Children with cases, and about a third of them with care."""
    return [_life(dice, number) for number in range(1, children + 1)]


def _life(dice: Dice, number: int) -> Life:
    old = dice.chance(0.16)
    birth = date(2003, 1, 1) if old else date(2007, 1, 1)
    life = Life(number, dice.after(birth, 0, 900 if old else 4300), dice.choice("12"))
    if dice.chance(0.06, "births_differ"):
        life.birth_off_by = dice.choice([-400, -40, 40, 400, 1500])
    if dice.chance(0.08, "death"):
        life.death = dice.after(date(2020, 6, 1), 0, 1000)
    if dice.chance(0.85):
        _draw_cases(dice, life)
    if dice.chance(0.4) or not life.cases:
        _draw_care(dice, life)
    for year in YEARS:
        known = life.disabilities.get(year - 1, [])
        drawn = dice.sample(DISABILITIES, dice.randint(0, 2)) if dice.chance(0.3) else ["NONE"] * dice.chance(0.5)
        life.disabilities[year] = known if known and dice.chance(0.7) else drawn
        if dice.chance(0.04, "none_beside"):
            life.disabilities[year] = ["NONE", *life.disabilities[year]]
    return life


def _draw_cases(dice: Dice, life: Life) -> None:
    day = dice.after(date(2019, 9, 1), 0, 1200)
    for _ in range(dice.choice([1, 1, 2, 2, 3])):
        if day > date(2023, 4, 10):
            break
        case = _case(dice, day)
        _leave_out_later_plans(dice, life, case)
        life.cases.append(case)
        if dice.chance(0.07, "same_day"):
            other = _case(dice, day, no_action=case.values["ReferralNFA"] != "1")
            other.values["ReferralSource"] = "6" if case.values["ReferralSource"] != "6" else "2A"
            _leave_out_later_plans(dice, life, other)
            life.cases.append(other)
            if not dice.chance(1, "fewer_of_a_day"):
                for one in (case, other):
                    one.absent |= {year for year in YEARS if one.values["ReferralNFA"] == "1" and year > year_of(day)}
        if dice.chance(0.15, "a_year_later"):
            day = day.replace(year=day.year + 1, day=min(day.day, 28)) + timedelta(days=dice.choice([0, 0, 1]))
        else:
            day = dice.after(case.end or dice.after(day, 5, 300), 0 if case.end else 1, 400)


def _leave_out_later_plans(dice: Dice, life: Life, case: Event) -> None:
    """No plan after one that has no end, or after one that overlaps another: a fault that is known."""
    plans = [one for before in life.cases for one in before.inside if one.kind == "cin_protection_plan"]
    is_unclear = any(one.end is None for one in plans) or any(
        one is not two and one.start <= two.start and (one.end is None or one.end > two.start)
        for one in plans
        for two in plans
    )
    if is_unclear and not dice.chance(1, "plan_after_an_open_one"):
        case.inside = [one for one in case.inside if one.kind != "cin_protection_plan"]


def _case(dice: Dice, day: date, no_action: bool | None = None) -> Event:
    none = dice.chance(0.15) if no_action is None else no_action
    end = None if dice.chance(0.35) else dice.after(day, 0 if none else 20, 10 if none else 700)
    if none and dice.chance(0.5, "no_action_open"):
        end = None
    elif none:
        end = end or day
    values = {
        "ReferralSource": dice.choice(["1A", "2A", "3A", "6", "10"]),
        "PrimaryNeedCode": dice.choice(["N1", "N2", "N4", "N5"]),
        "ReasonForClosure": dice.choice(["RC7", "RC8", "RC2"]),
        "ReferralNFA": "1" if none else dice.choice(["0", "0", "false", ""]),
    }
    case = Event("cin_referral", day, end, values)
    if dice.chance(0.1, "conference_of_referral"):
        case.days["DateOfInitialCPC"] = dice.after(day, 5, 40)
    last = end or date(2023, 3, 31)
    if not none or dice.chance(0.1, "inside_no_action"):
        _draw_inside(dice, case, last)
    return case


def _draw_inside(dice: Dice, case: Event, last: date) -> None:
    reach = max((last - case.start).days, 1)
    for _ in range(dice.choice([0, 1, 1, 2])):
        begun = dice.after(case.start, 0, min(reach, 200))
        first = _assessment(dice, begun)
        case.inside.append(first)
        if dice.chance(0.06, "same_day"):
            other = _assessment(dice, begun)
            case.inside.append(other)
            if not dice.chance(1, "fewer_of_a_day"):
                other.end = first.end
    for _ in range(dice.choice([0, 0, 1, 2])):
        begun = dice.after(case.start, 0, min(reach, 400))
        case.inside.append(_enquiry(dice, begun))
        if dice.chance(0.08, "same_day"):
            case.inside.append(_enquiry(dice, begun))
    day = dice.after(case.start, 10, 60)
    for _ in range(dice.choice([0, 0, 0, 1, 1, 2])):
        if day > last and not dice.chance(1, "plan_after_an_open_one"):
            break
        plan = _plan(dice, day, last)
        case.inside.append(plan)
        if dice.chance(0.07, "overlapping_plans"):
            again = dice.after(day, 5, 60)
            if again <= last or dice.chance(1, "plan_after_an_open_one"):
                case.inside.append(_plan(dice, again, last))
            break
        if plan.end is None:
            break
        day = dice.after(plan.end, 0, 120)
    if dice.chance(0.4):
        begun = dice.after(case.start, 5, 80)
        case.inside.append(Event("cin_plan", begun, dice.after(begun, 20, 300) if dice.chance(0.5) else None))


def _assessment(dice: Dice, day: date) -> Event:
    done = dice.after(day, 5, 60) if dice.chance(0.85) else None
    event = Event("cin_assessment", day, done)
    factors = dice.sample(FACTORS, dice.choice([0, 1, 2, 3, 5]))
    if dice.chance(0.8, "several_21"):
        factors = [one for one in factors if one != "21"] or factors
    if dice.chance(0.08, "factor_of_another_year"):
        factors.append(dice.choice(["24A", "25A"]))
    event.values = {f"factor {place}": factor for place, factor in enumerate(factors)}
    return event


def _enquiry(dice: Dice, day: date) -> Event:
    event = Event("cin_section47", day)
    if dice.chance(0.55):
        event.days["DateOfInitialCPC"] = dice.after(day, 0, 25)
        if dice.chance(0.06, "conference_before"):
            event.days["DateOfInitialCPC"] = day - timedelta(days=5)
    else:
        event.values["ICPCnotRequired"] = dice.choice(["1", "0"])
    return event


def _plan(dice: Dice, day: date, last: date) -> Event:
    end = dice.after(day, 30, 400) if dice.chance(0.55) else None
    if end and end > last:
        end = last
    first = dice.choice(CATEGORIES)
    values = {
        "InitialCategoryOfAbuse": "" if dice.chance(0.03, "no_category") else first,
        "LatestCategoryOfAbuse": dice.choice([first, first, "MUL"]),
        "NumberOfPreviousCPP": dice.choice(["0", "0", "0", "1", "2", "", "", "-1", "x"]),
    }
    return Event("cin_protection_plan", day, None if end and end < day else end, values)


def _draw_care(dice: Dice, life: Life) -> None:
    grown = life.birth.replace(year=life.birth.year + 18, day=min(life.birth.day, 28))
    day = dice.after(date(2018, 6, 1), 0, 1700)
    while day < date(2023, 3, 25):
        status = dice.choice(["C2", "C2", "C1", "V2", "V2", "J1"])
        if dice.chance(0.1, "short_breaks"):
            status = dice.choice(["V3", "V4"])
        if day >= grown and not dice.chance(0.3, "care_of_adults"):
            break
        day = _period(dice, life, day, status, grown)
        day = dice.after(day, 1, 500)
    _draw_health(dice, life)
    is_grown = grown <= date(2023, 3, 31)
    if dice.chance(0.2, "unaccompanied") and (not is_grown or dice.chance(1, "unaccompanied_of_age")):
        life.unaccompanied = dict.fromkeys(YEARS, "1")
        if dice.chance(0.4):
            life.unaccompanied_until = dice.after(date(2020, 9, 1), 0, 900)
        elif dice.chance(0.3, "unaccompanied_no_more"):
            life.unaccompanied[2023] = "0"


def _period(dice: Dice, life: Life, day: date, status: str, grown: date) -> date:
    """A chain of episodes from a day on; returns the day on which it ends, far ahead where it goes on."""
    begins = "S"
    while True:
        place = dice.choice(["U1", "U4", "U6", "K2", "K2", "K1", "P1", "R1", "S1"])
        end: date | None = dice.after(day, 10, 500)
        reason = dice.choice(["X1", "X1", "E4A", "E4B", "E13", "E8", "E11", "E3"])
        if dice.chance(0.3):
            end, reason = None, ""
        if status == "V2" and place == "K2" and day >= grown:
            end, reason = (None, "") if dice.chance(0.5) else (end, "E8")
        elif end and end > grown > day and not dice.chance(0.1, "care_beyond_18"):
            end, reason = grown, "E17"
        if life.death and life.death >= day and (not end or end > life.death) and dice.chance(0.6):
            end, reason = life.death, "E2"
        values = {
            "RNE": begins, "LS": status, "CIN": "N1", "PLACE": place, "PLACE_PROVIDER": "PR1", "REC": reason,
            "HOME_POST": dice.choice(["NG1 5AA", "NG16 2BB", "", "S1 2CC"]),
            "PL_POST": dice.choice(["NG2 6AA", "N1 5DD", "", "S10 3EE", "NG1 5AA"]),
        }  # fmt: skip
        episode = Event("s903_episode", day, end, values)
        life.care.append(episode)
        if dice.chance(0.15):
            away = dice.after(day, 1, 60)
            back = dice.after(away, 0, 9) if dice.chance(0.8) else None
            life.missing.append(Event("s903_missing", away, back, {"MISSING": dice.choice("MA")}))
        if end is None and dice.chance(0.12, "open_before_the_next"):
            day, begins = dice.after(day, 30, 300), "P"
            continue
        if end is None:
            return date(2030, 1, 1)
        if reason != "X1":
            return end
        if dice.chance(0.1, "x1_alone"):
            return date(2030, 1, 1) if dice.chance(0.5) else dice.after(end, 1, 40)
        day, begins = end, dice.choice("PLB")
        if day > date(2023, 3, 31):
            return day


def _draw_health(dice: Dice, life: Life) -> None:
    for year in YEARS:
        answers = {
            "SDQ_SCORE": dice.choice(["4", "17", "40", "0", "99", "41", "", "n/a", "12"]),
            "CONVICTED": "0", "HEALTH_CHECK": "", "IMMUNISATIONS": dice.choice(["1", "1", "0", "", "true", "N"]),
            "TEETH_CHECK": dice.choice("01"), "HEALTH_ASSESSMENT": "1", "SUBSTANCE_MISUSE": "0",
        }  # fmt: skip
        blank = dict.fromkeys(answers, "")
        first, last = date(year - 1, 4, 1), date(year, 3, 31)
        care = [one for one in life.care if one.values["LS"] not in ("V3", "V4")]
        whole = [one for one in care if one.start < first and (one.end is None or one.end > last)]
        is_grown = (
            life.death is not None
            or life.birth_off_by != 0
            or life.birth.replace(year=life.birth.year + 18, day=1) <= last
        )
        is_clear = len(care) == 1 == len(life.care) and first < care[0].start <= last
        is_clear = is_clear or (bool(whole) and whole == care[-1:] and not is_grown)
        if (whole or is_clear) and (is_clear or dice.chance(1, "health_of_others")):
            if not dice.chance(0.15, "health_blank"):
                life.health[year] = answers
        elif life.care and dice.chance(0.3, "health_of_others"):
            life.health[year] = answers
        elif dice.chance(0.5):
            life.health[year] = blank
