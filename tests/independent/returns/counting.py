"""The indicators of the returns, counted from events by the rules in words: numerators, denominators, values."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.independent.returns.events import (
    Event,
    Events,
    Rules,
    a_year_before,
    is_open,
    overlapping,
    settle,
)
from tests.independent.returns.lives import YEARS
from tests.independent.returns.reading import Reader, Value
from tests.independent.returns.writing import Run

#: By measure and reporting year: how many.
Counts = dict[tuple[str, int], int]
BANDS = ((1, "less than 1 day"), (2, "1 day"), (4, "2-3 days"), (9, "4-8 days"), (15, "9-14 days"), (29, "15-28 days"))
RESIDENTIAL = {"K1", "K2", "R1", "S1"}
HOME = {"E4A", "E4B", "E13"}


@dataclass(eq=False)
class Spell:
    """Care without a day between: an unbroken chain of episodes of a child."""

    child: str
    start: date
    end: date | None
    reason: Value


class Counter:
    """Counts of one authority. `mutation` names a rule that is left out, to see that the comparison would tell."""

    def __init__(self, runs: Sequence[Run], mutation: str = "") -> None:
        self.mutation = mutation
        self.events = Events(Reader(runs, mutation))
        self.limits = Rules(self.events).limits
        self.ends: dict[Event, date | None] = {}
        self._settle_cases()
        overlapping(self.events, self.ends)
        self.care = self._settle_care()
        self.spells = self._spells()

    def _settle_cases(self) -> None:
        died = self.limits.died_by
        for case in self.events.accepted("cin_referral"):
            self.ends[case] = settle(case, died.get(case.child))
        for kind in ("cin_plan", "cin_protection_plan"):
            for plan in self.events.accepted(kind):
                limits = [died.get(plan.child)]
                if kind == "cin_protection_plan":
                    limits.append(self.limits.birthday(plan.child, 18))
                assert plan.case
                if kind == "cin_protection_plan" and plan.absent_from:
                    later = [one.start for one in self.events.accepted(kind) if one.child == plan.child]
                    plan.absent_from = min([plan.absent_from, *(day for day in later if day > plan.start)])
                closing = [] if self.mutation == "plans outlive their case" else [plan.case.end]
                self.ends[plan] = settle(plan, *limits, closing=closing)

    def _settle_care(self) -> list[Event]:
        """Episodes that are no short break, each with its end."""
        by_child: dict[tuple[str, bool], list[Event]] = defaultdict(list)
        for event in self.events.accepted("s903_episode"):
            by_child[event.child, event.value("LS") in ("V3", "V4")].append(event)
        for episodes in by_child.values():
            for event in episodes:
                self.ends[event] = self._end_of_care(event, [one for one in episodes if one.start > event.start])
        return [event for (_, is_break), found in by_child.items() if not is_break for event in found]

    def _end_of_care(self, event: Event, after: Iterable[Event]) -> date | None:
        until = 21 if (event.value("LS"), event.value("PLACE")) == ("V2", "K2") else 18
        following = min((one.start for one in after), default=None)
        limits = [self.limits.died_by.get(event.child), self.limits.birthday(event.child, until)]
        if event.value("REC") == "X1" and following is None and self.mutation != "X1 ends care":
            found = [day for day in [event.absent_from, *limits] if day]
            return max(min(found), event.start) if found else None
        return settle(event, *limits, closing=[following])

    def _spells(self) -> list[Spell]:
        spells: list[Spell] = []
        by_child: dict[str, list[Event]] = defaultdict(list)
        for event in self.care:
            by_child[event.child].append(event)
        for child, episodes in by_child.items():
            episodes.sort(key=lambda one: (one.start, self.ends[one] or date.max))
            for event in episodes:
                end = self.ends[event]
                reason = event.value("REC") if end and event.value("REC") != "X1" else None
                last = spells[-1] if spells and spells[-1].child == child else None
                if last is None or (last.end and last.end < event.start):
                    spells.append(Spell(child, event.start, end, reason))
                elif last.end and (end is None or end >= last.end):
                    last.end, last.reason = end, reason
        return spells

    def counts(self) -> Counts:
        """Every measure for every year."""
        found: Counts = {}
        for year in YEARS:
            first, last = date(year - 1, 4, 1), date(year, 3, 31)
            for part in (self.referrals, self.assessments, self.protection, self.looked_after, self.health, self.local):
                found |= {(name, year): count for name, count in part(first, last).items()}
        return found

    def referrals(self, first: date, last: date) -> dict[str, int]:
        every = self.events.accepted("cin_referral")
        told = [one for one in every if first <= one.start <= last]
        again = [
            one
            for one in told
            if any(o.child == one.child and a_year_before(one.start) <= o.start < one.start for o in every)
        ]
        needs = [one for one in every if one.value("ReferralNFA") is not True]
        plans = self.events.accepted("cin_plan")
        return {
            "referrals": len(told),
            "rereferrals": len(again),
            "no further action": sum(one.value("ReferralNFA") is True for one in told),
            "children_in_need": len(self._children(needs, last)),
            "children on a child in need plan": len(self._children(plans, last)),
            "cases closed": sum(bool((end := self.ends[one]) and first <= end <= last) for one in needs),
        }

    def _children(self, events: Iterable[Event], day: date) -> set[str]:
        return {one.child for one in events if is_open(day, one.start, self.ends[one])}

    def assessments(self, first: date, last: date) -> dict[str, int]:
        done = [one for one in self.events.accepted("cin_assessment") if one.end and first <= one.end <= last]
        factors = [self._factors(one) for one in done]
        single = [factor for named in factors for factor in named if factor != "21"]

        def naming(*codes: str) -> int:
            return sum(bool(named & set(codes)) for named in factors)

        adults = [({"3B", "3C"}, {"1B", "1C", "2B", "2C"}, {"4B", "4C"})] * len(factors)
        return {
            "assessments": len(done),
            "assessments_with_factors": sum(bool(named) for named in factors),
            "assessments_domestic_violence": naming("3A", "3B", "3C"),
            "assessments_mental_health": naming("4A", "4B", "4C"),
            "assessments_parental_mental_health": naming("4B"),
            "assessments_substance": naming("1A", "1B", "1C", "2A", "2B", "2C"),
            "assessments_parental_substance": naming("1B", "2B"),
            "assessments_alcohol": naming("1A", "1B", "1C"),
            "assessments_drugs": naming("2A", "2B", "2C"),
            "assessments_learning_disability": naming("5A", "5B", "5C"),
            "assessments_physical_disability": naming("6A", "6B", "6C"),
            "assessments_disability": naming("5A", "5B", "5C", "6A", "6B", "6C"),
            "assessments_trilogy": sum(
                all(named & codes for codes in trio) for named, trio in zip(factors, adults, strict=True)
            ),
            "risks": len(single),
            "risks_without_abuse": sum(factor[:2] not in ("16", "17", "18", "19") for factor in single),
            "child_substance_risks": sum(factor in ("1A", "2A") for factor in single),
        }

    def _factors(self, event: Event) -> set[str]:
        named = set(event.record.codes)
        return named if named == {"21"} else named - {"21"}

    def protection(self, first: date, last: date) -> dict[str, int]:
        enquiries = self.events.accepted("cin_section47")
        held = {
            (one.child, one.value("DateOfInitialCPC"))
            for one in [*enquiries, *self.events.accepted("cin_referral")]
            if one.value("DateOfInitialCPC")
        }
        plans = self.events.accepted("cin_protection_plan")
        begun = [one for one in plans if first <= one.start <= last]
        disabled = self._disabled()
        categories = {"NEG": "neglect", "EMO": "emotional", "PHY": "physical", "SAB": "sexual", "MUL": "multiple"}
        is_sent = last.year in self.events.reader.collections["cin_protection_plan"]
        with_factors, alone = self._emotional(begun) if is_sent else (0, 0)
        on_plan = self._children(plans, last)
        return {
            "section47": sum(first <= one.start <= last for one in enquiries),
            "conferences": sum(isinstance(day, date) and first <= day <= last for _, day in held),
            "plan_starts": len(begun),
            "plan_starts_second": sum(self._is_second(one, plans) for one in begun),
            "plans ended": sum(bool((end := self.ends[one]) and first <= end <= last) for one in plans),
            "children_on_plan": len(on_plan),
            "children_on_plan_disabled": len(on_plan & disabled),
            "plan_starts_emotional_with_factors": with_factors,
            "plan_starts_emotional_alone": alone,
            **{
                f"plan_starts_{name}": sum(one.value("InitialCategoryOfAbuse") == code for one in begun)
                for code, name in categories.items()
            },
        }

    def _emotional(self, begun: Iterable[Event]) -> tuple[int, int]:
        """Plans for emotional abuse whose case has factors on record; those of them that name no other abuse."""
        named: dict[Event | None, set[str]] = defaultdict(set)
        for one in self.events.accepted("cin_assessment"):
            named[one.case] |= self._factors(one)
        found = [named[one.case] for one in begun if one.value("InitialCategoryOfAbuse") == "EMO" and named[one.case]]
        return len(found), sum(not any(code[:2] in ("16", "18", "19") for code in codes) for codes in found)

    def _is_second(self, plan: Event, plans: Iterable[Event]) -> bool:
        said = plan.value("NumberOfPreviousCPP")
        if isinstance(said, int):
            return said > 0
        return any(one.child == plan.child and one.start < plan.start for one in plans)

    def _disabled(self) -> set[str]:
        """Children of whom the latest census that has them names a disability."""
        named: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for record in self.events.reader.records:
            if record.kind == "cin_child":
                named[record.child][record.year] |= set(record.codes)
        return {child for child, years in named.items() if years[max(years)] - {"NONE"}}

    def looked_after(self, first: date, last: date) -> dict[str, int]:
        eve = last - timedelta(days=self.mutation == "what ends on 31 March is open")
        ended = [one for one in self.spells if one.end and first <= one.end <= last and one.reason]
        placed = [one for one in self.care if is_open(last, one.start, self.ends[one])]
        areas = [(_area(one.value("HOME_POST")), _area(one.value("PL_POST"))) for one in placed]
        both = [pair for pair in areas if all(pair)]
        return {
            "children_looked_after": len(self._children(self.care, eve)),
            "periods of care begun": sum(first <= one.start <= last for one in self.spells),
            "care_ended": len(ended),
            "care_ended_at_home": sum(one.reason in HOME for one in ended),
            "unaccompanied_looked_after": len(self._unaccompanied(last)),
            "placements": len(both),
            "placements_away": sum(home != away for home, away in both),
            "missing from care": sum(first <= one.start <= last for one in self.events.accepted("s903_missing")),
        }

    def _unaccompanied(self, day: date) -> set[str]:
        """Looked after on the day and then unaccompanied: told so for that year or an earlier one, and not over."""
        said: dict[str, list[tuple[int, int, bool, date | None]]] = {}
        for order, kind in ((1, "s903_header"), (2, "s903_uasc")):
            for event in self.events.of[kind]:
                for year, record in event.versions.items():
                    if record is event.record and not event.accepted:
                        continue
                    mark = record.values["UASC"] if kind == "s903_header" else record.values["UASC"] is not False
                    until = record.values["DUC"]
                    if mark is not None:
                        end = until if isinstance(until, date) else None
                        said.setdefault(event.child, []).append((year, order, bool(mark), end))
        tables = sorted(self.events.reader.collections["s903_uasc"])
        found = set()
        for child, told in said.items():
            yes = sorted(one for one in told if one[2])
            if not yes:
                continue
            year, order, _, told_end = yes[-1]
            is_denied = max(one[0] for one in told) > year
            is_left_out = order == 2 and told_end is None and year in tables and tables[-1] > year
            ends = [
                told_end or (date(year, 4, 1) if is_denied else None),
                date(next(one for one in tables if one > year) - 1, 4, 1) if is_left_out and not is_denied else None,
                self.limits.birthday(child, 18),
            ]
            if date(yes[0][0] - 1, 4, 1) <= day and not any(end and end <= day for end in ends):
                found.add(child)
        return {one.child for one in self.spells if one.child in found and is_open(day, one.start, one.end)}

    def health(self, first: date, last: date) -> dict[str, int]:
        rows = [one for one in self.events.accepted("s903_health") if one.record.year == last.year]
        if self.mutation != "health of anybody":
            rows = [one for one in rows if self._is_looked_after_for_a_year(one.child, first, last)]
        answers = [one.value("IMMUNISATIONS") for one in rows]
        scores = []
        for one in rows:
            born, score = self.limits.born.get(one.child), one.value("SDQ_SCORE")
            if born and isinstance(score, int) and 5 <= last.year - born.year - (born.month > 3) <= 16:
                scores.append(score)
        return {
            "health_children_answered": sum(answer is not None for answer in answers),
            "health_children_immunised": sum(answer is True for answer in answers),
            "sdq_children": len(scores),
            "sdq_score_total": sum(scores),
        }

    def _is_looked_after_for_a_year(self, child: str, first: date, last: date) -> bool:
        return any(one.child == child and one.start <= first and is_open(last, first, one.end) for one in self.spells)

    def local(self, first: date, last: date) -> dict[str, int]:
        told = [one for one in self.events.accepted("missing_episode") if first <= one.start <= last]
        open_then = [
            [care for care in self.care if care.child == one.child and self._covers(care, one)] for one in told
        ]
        team = [one for one in self.events.accepted("disabled_team_case") if is_open(last, one.start, one.end)]
        children = {one.child for one in team}
        on_plan = self._children(self.events.accepted("cin_protection_plan"), last)
        often = Tally(one.child for one in told)
        asked = {one.child for one in told if often[one.child] > 1 or one.value("is_vulnerable") is True}
        found = {
            "interview_children": len(asked),
            "interview_children_offered": len(
                {one.child for one in told if one.child in asked and one.value("interview_offered_on")}
            ),
            "missing_episodes": len(told),
            "missing_children": len({one.child for one in told}),
            "missing_episodes_in_care": sum(map(bool, open_then)),
            "missing_episodes_residential": sum(
                any(care.value("PLACE") in RESIDENTIAL for care in cares) for cares in open_then
            ),
            "team_children": len(children),
            "team_children_on_plan": len(children & on_plan),
            "team_children_in_care": len(children & self._children(self.care, last)),
        }
        for name in ("missing", "absent", "away", "unclassified"):
            found[f"missing_episodes {name}"] = sum(
                (one.value("missing_class") or "unclassified") == name for one in told
            )
        for name in [*(label for _, label in BANDS), "over 28 days", "duration not recorded"]:
            found[f"missing_episodes {name}"] = sum(_band(one) == name for one in told)
        return found

    def _covers(self, care: Event, missing: Event) -> bool:
        return is_open(missing.start, care.start, self.ends[care])


def _area(postcode: Value) -> str:
    text = str(postcode or "")
    return text[: next((place for place, sign in enumerate(text) if not sign.isalpha()), len(text))]


def _band(event: Event) -> str:
    begun, over = event.record.start, event.record.end
    if not isinstance(begun, datetime) or not isinstance(over, datetime):
        return "duration not recorded"
    days = int((over - begun).total_seconds() // 86400)
    return next((label for limit, label in BANDS if days < limit), "over 28 days")
