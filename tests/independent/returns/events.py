"""From records in force to events: the same event in several collections, first days corrected, what is absent.

The rules are those of `docs/social-care-returns.md`, "From records to events", and of the rules' sentences.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.independent.returns.lives import YEARS
from tests.independent.returns.reading import FIELDS, Reader, Record, Value, last_day_of_month

#: Days within which a first day that the next collection corrects may lie, of kinds that go on until they end.
NEAR = {
    "cin_referral": 31,
    "cin_assessment": 31,
    "cin_plan": 31,
    "cin_protection_plan": 31,
    "s903_episode": 31,
    "s903_missing": 7,
}
#: What a child, or a child and year, has one of: the record that says most speaks.
ONE_OF_A_CHILD = ("cin_child", "s903_header", "s903_uasc")
ENDS_AFTER_ITS_BEGIN = ("cin_referral", "cin_plan", "cin_protection_plan", "s903_episode", "disabled_team_case")
IN_CASES = ("cin_assessment", "cin_plan", "cin_section47", "cin_protection_plan")


@dataclass(eq=False)
class Event:
    """What records tell of: `versions` by collection; `record` speaks, unless `accepted` is False.

    The latest speaks, or the latest before it that can be right by itself; `is_first` is how it is seen that the
    comparison would tell another rule.
    """

    kind: str
    child: str
    versions: dict[int, Record] = field(default_factory=dict)
    became: Event | None = None
    absent_from: date | None = None
    is_first: bool = False
    accepted: bool = True
    case: Event | None = None
    until: date | None = None

    @property
    def record(self) -> Record:
        if self.is_first:
            return self.versions[min(self.versions)]
        possible = [year for year, record in self.versions.items() if not _cannot_be(self.kind, record)]
        return self.versions[max(possible or self.versions)]

    @property
    def start(self) -> date:
        found = self.record.start
        assert found
        return found.date() if isinstance(found, datetime) else found

    @property
    def end(self) -> date | None:
        return self.record.end

    def value(self, name: str) -> Value:
        return self.record.values[name]


class Events:
    """Every event of one authority, by kind, with what does not count marked."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.of: dict[str, list[Event]] = {kind: [] for kind in FIELDS}
        self.event_of: dict[Record, Event] = {}
        self._set_values_aside()
        groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in reader.records:
            groups[record.kind, record.child].append(record)
        for (kind, child), records in groups.items():
            for event in self._events(kind, child, records):
                self.of[kind].append(event)
        for kind in self.of:
            self.of[kind] = [event for event in self.of[kind] if event.became is None]
        self._put_into_cases()
        if reader.mutation == "the first collection counts":
            for event in self.of["cin_referral"]:
                event.is_first = True

    def accepted(self, kind: str) -> list[Event]:
        return [event for event in self.of[kind] if event.accepted]

    def _set_values_aside(self) -> None:
        """Values that a rule between two fields of a record sets aside."""
        for record in self.reader.records:
            start, end, values = record.start, record.end, record.values
            if record.kind in ("cin_assessment", "missing_episode", "s903_missing") and start and end and end < start:
                record.end = None  # SC403, SC410
            if record.kind == "cin_section47" and start and (held := values["DateOfInitialCPC"]):
                assert isinstance(held, date)
                if held < start:
                    values["DateOfInitialCPC"] = None  # SC404
            if record.kind == "s903_episode" and end is None:
                values["REC"] = None  # SC208
            birth, death = values.get("PersonBirthDate"), values.get("PersonDeathDate")
            if isinstance(birth, date) and isinstance(death, date) and death < birth.replace(day=1):
                values["PersonDeathDate"] = None  # SC115

    def _events(self, kind: str, child: str, records: list[Record]) -> Iterable[Event]:
        if kind == "missing_episode":
            yield from self._by_key(kind, child, records, lambda record: record.texts["episode_id"])
        elif kind == "disabled_team_case":
            yield from self._by_key(kind, child, records, lambda record: record.start)
        elif kind in ONE_OF_A_CHILD:
            yield from self._by_key(kind, child, records, lambda record: child)
        elif kind == "s903_health":
            yield from self._by_key(kind, child, records, lambda record: record.year)
        else:
            yield from self._told_yearly(kind, child, records)

    def _by_key(self, kind: str, child: str, records: list[Record], key: Callable[[Record], object]) -> Iterable[Event]:
        """Kinds without an order of their own: the latest collection or run speaks, in it the record that says most."""
        found: dict[object, list[Record]] = defaultdict(list)
        for record in records:
            if FIELDS[kind][0] == "" or record.start:
                found[key(record)].append(record)
        for same in found.values():
            same.sort(key=lambda record: (record.year, record.order, sum(bool(text) for text in record.texts.values())))
            event = Event(kind, child, {(record.year, record.order)[not record.year]: record for record in same})
            for record in same:
                self.event_of[record] = event
            yield event

    def _told_yearly(self, kind: str, child: str, records: list[Record]) -> list[Event]:
        days: dict[date, dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))
        for record in records:
            if record.start:
                days[record.start][record.year].append(record)
        events = []
        for years in days.values():
            of_day: list[Event] = []
            for year, told in sorted(years.items()):
                apart: dict[tuple[object, ...], list[Record]] = defaultdict(list)
                for record in told:
                    apart[record.said].append(record)
                for same, event in self._matched(list(apart.values()), of_day):
                    event.versions[year] = same[0]
                    self.event_of.update(dict.fromkeys(same, event))
            events += of_day
        if kind in NEAR:
            self._correct(kind, events)
        return events

    def _matched(self, told: list[list[Record]], of_day: list[Event]) -> Iterable[tuple[list[Record], Event]]:
        """The events of a day that a collection tells: first those told before in the same words, then of their kind
        and at last of any, those that were going on before those that had ended, and what said least first."""
        left = sorted(told, key=lambda same: _order(same[0]))
        before = sorted(of_day, key=lambda event: (not is_going_on(event), _given(event.record), _order(event.record)))
        for same in list(left):
            for event in before:
                if event.record.said == same[0].said:
                    left.remove(same)
                    before.remove(event)
                    yield same, event
                    break
        for same in list(left):
            alike = [event for event in before if _order(event.record)[0] == _order(same[0])[0]]
            if alike:
                left.remove(same)
                before.remove(alike[0])
                yield same, alike[0]
        for same in left:
            if before:
                yield same, before.pop(0)
            else:
                of_day.append(Event(same[0].kind, same[0].child))
                yield same, of_day[-1]

    def _correct(self, kind: str, events: list[Event]) -> None:
        """First days corrected by the next collection, the nearest first; what is left has ended before it."""
        pairs = []
        for event in events:
            told = max(event.versions)
            later = [year for year in self.reader.collections[kind] if year > told]
            if not later or not is_going_on(event):
                continue
            following = min(later)
            if self.reader.mutation != "absence ends nothing":
                event.absent_from = date(following - 1, 4, 1)
            if event.end or self.reader.mutation == "corrected first days are new events":
                continue
            for other in events:
                apart = abs((other.start - event.start).days)
                if following in other.versions and told not in other.versions and apart <= NEAR[kind]:
                    pairs.append((apart, event.start, other.start, event, other))
        corrected: set[Event] = set()
        taken: set[Event] = set()
        for *_, event, other in sorted(pairs, key=lambda pair: pair[:3]):
            if event not in corrected and other not in taken:
                # What cannot be corrects nothing: what was told before stands in for it.
                if _cannot_be(kind, other.record):
                    other.became = event
                else:
                    event.became = other
                event.absent_from = None
                corrected.add(event)
                taken.add(other)

    def _put_into_cases(self) -> None:
        for kind in IN_CASES:
            for event in self.of[kind]:
                parent = event.record.parent
                assert parent
                event.case = self.stands_for(parent)

    def stands_for(self, record: Record) -> Event | None:
        """The event that a record is told of, as it was corrected later; None where it has no first day."""
        event = self.event_of.get(record)
        while event and event.became:
            event = event.became
        return event


def _order(record: Record) -> tuple[object, ...]:
    """Of referrals of a day those taken up come first."""
    return record.values.get("ReferralNFA") is True, str(record.said)


def _cannot_be(kind: str, record: Record) -> bool:
    """Whether a record is set aside for what it says, whatever else is known: SC302, SC303, SC401."""
    is_turned = kind in ENDS_AFTER_ITS_BEGIN and record.start and record.end and record.end < record.start
    return bool(is_turned) or (kind in IN_CASES and (record.parent is None or record.parent.start is None))


def _given(record: Record) -> int:
    return sum(bool(text) for text in record.texts.values())


def is_going_on(event: Event) -> bool:
    """Open at the end of the collection that told it: without an end, or one of care that says another begins."""
    if event.kind == "cin_referral" and event.value("ReferralNFA") is True:
        return False
    return event.end is None or (event.kind == "s903_episode" and event.value("REC") == "X1")


class Rules:
    """Sets aside what counts nowhere, in the order in which one thing rests on another."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self.limits = Limits(events)
        for kind in ENDS_AFTER_ITS_BEGIN:
            for event in events.of[kind]:
                if event.end and event.end < event.start:
                    event.accepted = False  # SC401
        for event in events.of["cin_referral"]:
            died = self.limits.death_told.get(event.child)
            if died and event.start > last_day_of_month(died):
                event.accepted = False  # SC108
        for event in events.of["s903_episode"]:
            self._judge_care(event)
        for kind in ("s903_episode", "s903_missing", "s903_uasc", "s903_health"):
            for event in events.of[kind]:
                if (event.record.year, event.child) in events.reader.taken_back:
                    event.accepted = False  # SC320
        for kind in IN_CASES:
            for event in events.of[kind]:
                if event.case is None or not event.case.accepted:
                    event.accepted = False  # SC302, SC303, and what lies in a record that does not count
                died = self.limits.death_told.get(event.child)
                if kind.endswith("plan") and died and event.start > last_day_of_month(died):
                    event.accepted = False  # SC116
                grown = self.limits.birthday(event.child, 18)
                if kind == "cin_protection_plan" and grown and event.start > grown:
                    event.accepted = False  # SC122
        self.limits.find_deaths_in_care()

    def _judge_care(self, event: Event) -> None:
        born = self.limits.born.get(event.child)
        if born and event.start < born.replace(day=1):
            event.accepted = False  # SC106
        until = 21 if (event.value("LS"), event.value("PLACE")) == ("V2", "K2") else 18
        grown = self.limits.birthday(event.child, until)
        if grown and event.start > grown and event.value("RNE") == "S":
            event.accepted = False  # SC120


class Limits:
    """The days by which a child had certainly died or come of age."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self.born: dict[str, date] = {}
        self.death_told: dict[str, date] = {}
        self.died_by: dict[str, date] = {}
        for kind, name in (("cin_child", "PersonBirthDate"), ("s903_header", "DOB")):
            for event in events.of[kind]:
                birth = event.value(name)
                if isinstance(birth, date) and birth > self.born.get(event.child, date.min):
                    self.born[event.child] = birth
        for event in events.of["cin_child"]:
            death = event.value("PersonDeathDate")
            if isinstance(death, date):
                self.death_told[event.child] = death
                self.died_by[event.child] = last_day_of_month(death)

    def birthday(self, child: str, years: int) -> date | None:
        """Last day of the month of a birthday; None where that is after the last collection."""
        born = self.born.get(child)
        day = last_day_of_month(born.replace(year=born.year + years, day=1)) if born else date.max
        return day if day <= date(YEARS[-1], 3, 31) else None

    def find_deaths_in_care(self) -> None:
        """Care that ended by death with nothing after it; of two deaths told the later counts."""
        by_child: dict[str, list[Event]] = defaultdict(list)
        for event in self.events.accepted("s903_episode"):
            by_child[event.child].append(event)
        for child, episodes in by_child.items():
            for event in episodes:
                after = [one for one in episodes if one is not event and (one.end is None or one.end > event.start)]
                after = [one for one in after if one.end is None or (event.end and one.end > event.end)]
                if event.value("REC") == "E2" and event.end and not after:
                    self.died_by[child] = max(event.end, self.died_by.get(child, date.min))


def settle(event: Event, *limits: date | None, closing: Iterable[date | None] = ()) -> date | None:
    """When an event was over: its end or, without one, the earliest of `closing`; a limit that comes first counts."""
    ends: list[date | None] = [event.end] if event.end else [*closing, event.absent_from]
    found = [day for day in (*ends, *limits) if day]
    return max(min(found), event.start) if found else None


def is_open(day: date, start: date, end: date | None) -> bool:
    """Begun by the day and not ended by it: what ends on it does not count."""
    return start <= day and (end is None or end > day)


def overlapping(events: Events, closed: dict[Event, date | None]) -> None:
    """SC405: of two plans of a child at a time the one that began later is set aside, of two of one day one."""
    by_child: dict[str, list[Event]] = defaultdict(list)
    for event in events.accepted("cin_protection_plan"):
        by_child[event.child].append(event)
    for plans in by_child.values():
        plans.sort(key=lambda plan: plan.start)
        for place, plan in enumerate(plans):
            for earlier in plans[:place]:
                if not earlier.accepted or (earlier.absent_from and not earlier.end):
                    continue  # what counts nowhere, or is not told any more, keeps nothing out
                end = closed[earlier]
                if end is None or end > plan.start or earlier.start == plan.start:
                    plan.accepted = False


def a_year_before(day: date) -> date:
    """The same day of the year before; of a 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day - timedelta(days=366)
