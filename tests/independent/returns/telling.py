"""What a yearly collection tells of the children: the records of its year, with mistakes, corrections and gaps."""

from __future__ import annotations

from collections import Counter as Tally
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.independent.returns.lives import YEARS, Dice, Event, Life, year_of

#: Of each kind of record of the census: element, first day, end.
CENSUS = {
    "cin_referral": ("CINdetails", "CINreferralDate", "CINclosureDate"),
    "cin_assessment": ("Assessments", "AssessmentActualStartDate", "AssessmentAuthorisationDate"),
    "cin_plan": ("CINPlanDates", "CINPlanStartDate", "CINPlanEndDate"),
    "cin_section47": ("Section47", "S47ActualStartDate", ""),
    "cin_protection_plan": ("ChildProtectionPlans", "CPPstartDate", "CPPendDate"),
}
TABLES = {
    "s903_episode": ("", "DECOM", "DEC"),
    "s903_missing": ("", "MIS_START", "MIS_END"),
}
#: What is known only when the event is over.
_AT_THE_END = {"ReasonForClosure", "REC"}


@dataclass
class Told:
    """A record as a file has it: texts by element or column, and the records in it. `life` is whose it is."""

    kind: str
    texts: dict[str, str]
    life: Life
    inside: list[Told] = field(default_factory=list)
    is_one_of_a_day: bool = False


def draw_mistakes(dice: Dice, lives: list[Life]) -> None:
    """First days that a later year corrects, events that a year leaves out, texts that nobody can use."""
    for life in lives:
        several = _several_of_a_day(life)
        for event in [*life.cases, *life.care, *life.missing, *(inner for case in life.cases for inner in case.inside)]:
            if (event.kind, event.start) not in several or dice.chance(1, "fewer_of_a_day"):
                _mistake(dice, event)
        is_spoilt = any(event.shift or event.absent or event.texts for event in life.care)
        if is_spoilt and not dice.chance(1, "health_of_others"):
            life.health = {}


def _several_of_a_day(life: Life) -> set[tuple[str, date]]:
    """Kinds and days of which the child has more than one event."""
    events = [*life.cases, *(inner for case in life.cases for inner in case.inside)]
    found = Tally((event.kind, event.start) for event in events)
    return {key for key, times in found.items() if times > 1}


def _mistake(dice: Dice, event: Event) -> None:
    for year in YEARS[1:]:
        before = date(year - 1, 3, 31)
        is_open = event.start <= before and (event.end is None or event.end > before)
        if is_open and dice.chance(0.12, "first_day_corrected"):
            reach = 6 if event.kind == "s903_missing" else 31
            event.shift[year] = dice.choice([1, -1]) * dice.randint(1, reach)
            if dice.chance(0.2, "first_day_far_off" if event.kind != "s903_episode" else "care_overlaps"):
                event.shift[year] = dice.choice([1, -1]) * dice.randint(reach + 1, reach + 14)
            break
        if is_open and dice.chance(0.1, "absent"):
            event.absent |= {one for one in YEARS if one >= year}
            break
    if not event.shift and dice.chance(0.02, "ended_first_day_corrected"):
        event.shift[2022] = dice.randint(1, 20)
    _spoil(dice, event)


def _spoil(dice: Dice, event: Event) -> None:
    """Texts written over what is true, in one collection or from one on."""
    _, begun, ended = (CENSUS | TABLES)[event.kind]
    wrong: dict[str, str] = {}
    if dice.chance(0.02, "no_first_day"):
        wrong[begun] = dice.choice(["", "n/k", "2021-02-30", "1979-05-01"])
    if ended and event.end and dice.chance(0.03, "ends_before_it_begins"):
        early = event.start - timedelta(days=dice.randint(1, 40))
        wrong[ended] = written(early, event.kind)
    if event.kind == "cin_referral":
        if dice.chance(0.04, "reason_without_a_day"):
            wrong[ended] = ""
        if dice.chance(0.05, "codes_of_another_year"):
            wrong["ReasonForClosure"], wrong["ReferralSource"] = "RC9", "5D"
    if event.kind == "s903_episode":
        if dice.chance(0.06, "codes_of_another_year"):
            wrong["REC" if event.end else "PLACE"] = dice.choice(["E43", "E44"]) if event.end else "K3"
        if event.end and dice.chance(0.03, "reason_without_a_day"):
            wrong[ended] = ""
        if dice.chance(0.03, "no_legal_status"):
            wrong["LS"] = ""
    if wrong:
        first = dice.choice(YEARS)
        told_once = dice.chance(0.4)
        is_late = ended in wrong and wrong[ended] and not dice.chance(1, "later_version_set_aside")
        first, told_once = (YEARS[0], False) if is_late else (first, told_once)
        for year in YEARS:
            if year == first or (year > first and not told_once):
                event.texts[year] = dict(wrong)


def written(day: date, kind: str) -> str:
    """The day as its return writes it."""
    return day.strftime("%d/%m/%Y") if kind.startswith("s903") else day.isoformat()


def tell(dice: Dice, life: Life, event: Event, year: int) -> Told | None:
    """An event as the collection of a year tells it; None where it does not."""
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    if event.start > last or (event.end and event.end < first) or year in event.absent:
        return None
    _, begun, ended = (CENSUS | TABLES)[event.kind]
    begins = event.start + timedelta(days=sum(days for since, days in event.shift.items() if year >= since))
    end = event.end
    is_over = end is not None and end <= last
    if end and not is_over and year_of(end) == year + 1 and end < date(year, 4, 25) and dice.chance(0.3, "days_after"):
        is_over = True
    if end and is_over and end < begins and event.shift:
        begins = end
    texts = {key: text for key, text in event.values.items() if is_over or key not in _AT_THE_END}
    texts[begun] = written(begins, event.kind)
    if ended:
        texts[ended] = written(end, event.kind) if end and is_over else ""
    for name, day in event.days.items():
        texts[name] = day.isoformat() if day <= last else ""
    if event.kind == "cin_assessment" and not is_over:
        texts = {key: text for key, text in texts.items() if not key.startswith("factor")}
    if not is_over:
        texts |= dict.fromkeys(_AT_THE_END & set(event.values), "")
    texts |= event.texts.get(year, {})
    told = Told(event.kind, texts, life)
    told.is_one_of_a_day = (event.kind, event.start) in _several_of_a_day(life)
    told.inside = [found for inner in event.inside if (found := tell(dice, life, inner, year))]
    return told


def census_of(dice: Dice, lives: list[Life], year: int) -> list[Told]:
    """The children of a census, each with what is told of it."""
    found = []
    for life in lives:
        cases = [told for case in life.cases if (told := tell(dice, life, case, year))]
        if cases:
            found.append(Told("cin_child", _particulars(life, year), life, cases))
    return found


def _particulars(life: Life, year: int) -> dict[str, str]:
    texts = {"PersonBirthDate": life.birth.isoformat(), "GenderCurrent": life.sex}
    if life.death and life.death <= date(year, 3, 31):
        texts["PersonDeathDate"] = life.death.isoformat()
    texts |= {f"disability {place}": code for place, code in enumerate(life.disabilities[year])}
    return texts


def care_of(dice: Dice, lives: list[Life], year: int, has_mark: bool) -> dict[str, list[Told]]:
    """The tables of a looked-after return: records by kind. `has_mark`: the header says who is unaccompanied."""
    tables: dict[str, list[Told]] = {
        kind: [] for kind in ("s903_header", "s903_episode", "s903_missing", "s903_uasc", "s903_health")
    }
    for life in lives:
        episodes = [told for event in life.care if (told := tell(dice, life, event, year))]
        if not episodes and not dice.chance(0.02, "header_alone"):
            continue
        tables["s903_episode"] += episodes
        tables["s903_missing"] += [told for event in life.missing if (told := tell(dice, life, event, year))]
        birth = life.birth + timedelta(days=life.birth_off_by)
        header = {"SEX": life.sex, "DOB": written(birth, "s903_header"), "ETHNIC": "WBRI", "UPN": "UN1"}
        until = life.unaccompanied_until
        ended = written(until, "s903_uasc") if until and until <= date(year, 3, 31) else ""
        mark = life.unaccompanied.get(year, "0")
        if has_mark:
            header |= {"UASC": mark, "DUC": ended if mark == "1" else ""}
        elif mark == "1" and (not until or until >= date(year - 1, 4, 1)):
            tables["s903_uasc"].append(Told("s903_uasc", {"SEX": life.sex, "DOB": header["DOB"], "DUC": ended}, life))
        tables["s903_header"].append(Told("s903_header", header, life))
        if year in life.health:
            tables["s903_health"].append(Told("s903_health", {"DOB": header["DOB"], **life.health[year]}, life))
    return tables


def disturbed(dice: Dice, records: list[Told]) -> list[Told]:
    """The same records as another delivery of the year has them: some left out, changed, moved."""
    found = []
    for told in deepcopy(records):
        is_of_health = told.kind == "s903_episode" and bool(told.life.health)
        if (is_of_health and not dice.chance(1, "health_of_others")) or (
            told.is_one_of_a_day and not dice.chance(1, "fewer_of_a_day")
        ):
            found.append(told)
            continue
        if dice.chance(0.06):
            continue
        told.inside = disturbed(dice, told.inside)
        _, begun, _ = (CENSUS | TABLES).get(told.kind, ("", "", ""))
        is_moved = any(event.shift for event in told.life.care) and not dice.chance(1, "care_overlaps")
        if dice.chance(0.05) and begun == "DECOM" and not is_moved and told.texts[begun][-4:].isdigit():
            day = told.texts[begun]
            told.texts[begun] = f"{int(day[:2]) % 27 + 1:02}{day[2:]}"
        elif dice.chance(0.05) and begun and told.texts.get(begun, "")[-2:].isdigit() and told.kind.startswith("cin"):
            day = told.texts[begun]
            told.texts[begun] = f"{day[:8]}{int(day[8:]) % 27 + 1:02}"
        if "ReferralSource" in told.texts and dice.chance(0.1):
            told.texts["ReferralSource"] = "1B"
        if "LatestCategoryOfAbuse" in told.texts and dice.chance(0.2):
            told.texts["InitialCategoryOfAbuse"] = "NEG"
        found.append(told)
    return found


def doubled(dice: Dice, records: list[Told]) -> list[Told]:
    """The same records, a few of them twice, word for word."""
    found = []
    for told in records:
        told = deepcopy(told)
        told.inside = doubled(dice, told.inside)
        found.append(told)
        if dice.chance(0.04, "doubles"):
            found.append(deepcopy(told))
    return found
