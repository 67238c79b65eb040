"""The returns' counts as systems, one an authority, over all periods together.

A count is a measure, in a window of time, of one value of a breakdown: one number, whatever indicators it stands in.
Readers know that the values of a breakdown add up to their measure, that a longer window is the sum of the years in it
and holds no less than any, that the categories of an event, which are measures of their own, add up to all such events
(`families`), and that who is counted above the line of a percentage is part of who is counted below. All of that is
taken to be known wherever it is true. What is no count of records (children of the area, days, years) others have
published, or everybody knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from disclosure.rounding import Rounding
from disclosure.settle import settle
from disclosure.system import System, difference

# Counts of years within a window, and of the one of them in which a share is highest or lowest, or that is the first.
_EACH_YEAR = "_each_year"
_ONE_OF_THE_YEARS = ("_in_highest_year", "_in_lowest_year", "_in_first_year")
_FEWER = "_fewer"
_ENDINGS = (_EACH_YEAR, *_ONE_OF_THE_YEARS, _FEWER)
# What is no count of records: others have published it, or everybody knows it.
_KNOWN = frozenset({"children_0_17", "residents_16_over", "days", "months", "years"})
_ALL = ("total", "total")
# How the name of a window says its days: window@first..last; a year is year_2016.
_DAYS, _TO, _YEAR = "@", "..", "year_"


@dataclass(frozen=True)
class Line:
    """A figure of an authority: the names of the counts above and below its line, and the year in which it ends."""

    area: str
    indicator_id: str
    statistic: str
    numerator: str
    denominator: str | None
    period: int


@dataclass(frozen=True)
class Count:
    """How many records of an authority a measure counts in a window, of one value of a breakdown."""

    area: str
    measure: str
    breakdown: str
    value: str
    source: str
    window: str
    number: int

    @property
    def name(self) -> str:
        """Its name, as the macro `count_name` writes it."""
        return f"{self.measure}|{self.breakdown}|{self.value}|{self.source}|{self.window}"

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Where it stands beside counts of other windows."""
        return (self.source, self.measure, self.breakdown, self.value)


@dataclass(frozen=True)
class Window:
    """A window of time of a return of an authority."""

    area: str
    source: str
    name: str
    is_year: bool
    period: int
    first_day: date
    last_day: date


class PrintedBefore(NamedTuple):
    """What has been printed of a count (None: nothing), the true one then, the year in whose figures it stands, and the
    base of its print."""

    printed: int | None
    true_count: int
    period: int
    base: int


@dataclass(frozen=True)
class Family:
    """A measure and the measures of its categories, which exclude each other."""

    whole: str
    parts: tuple[str, ...]


def families(measures: Iterable[Sequence[str | None]]) -> list[Family]:
    """Families among measures of (id, relation, counting, timing, start, end, condition, splits_by, breakdown).

    The parts count the same events as the whole, each with another value of the column that `splits_by` names.
    """
    wholes: dict[tuple[str | None, ...], str] = {}
    parts: dict[tuple[str | None, ...], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for measure, relation, counting, timing, start, end, condition, column, breakdown in measures:
        if breakdown != "total" or counting != "events" or measure is None:
            continue
        events = (relation, timing, start, end)
        if not condition:
            wholes[events] = measure
        elif column:
            parts[events][column].append(measure)
    return [
        Family(wholes[events], tuple(sorted(members)))
        for events, columns in parts.items()
        if events in wholes
        for members in columns.values()
        if len(members) > 1
    ]


def settle_areas(
    lines: Iterable[Line],
    counts: Iterable[Count],
    windows: Iterable[Window],
    kin: Collection[Family],
    rounding: Rounding,
    before: Mapping[tuple[str, str], PrintedBefore] | None = None,
) -> list[dict[str, Any]]:
    """Decide what is printed of every count that stands in a line.

    Parameters:
        lines, counts, windows: of all authorities.
        kin: the families among the measures.
        rounding: threshold and key.
        before: what has been printed already of counts, by authority and name, and what they truly were then: both
            stay, whatever is corrected since, because what follows from the print follows from that. What is counted
            no more, because its window has gone on, is known all the same.

    Returns one dict per authority and count.
    """
    lines, counts, windows, before = list(lines), list(counts), list(windows), before or {}
    rows: list[dict[str, Any]] = []
    for area in sorted({line.area for line in lines}):
        own_windows = [window for window in windows if window.area == area]
        printed_before = {
            _dated(name, said.period, own_windows): said for (place, name), said in before.items() if place == area
        }
        own_counts = {
            count.name: replace(count, number=printed_before[count.name].true_count)
            if count.name in printed_before
            else count
            for count in counts
            if count.area == area
        }
        gone = {
            name: _count_of(area, name, said.true_count)
            for name, said in printed_before.items()
            if name not in own_counts
        }
        own_windows += _windows_of(gone.values(), own_windows)
        made = _Area(
            [line for line in lines if line.area == area],
            [count for _, count in sorted({**own_counts, **gone}.items())],
            own_windows,
        )
        for name in gone:
            made.system.show(made.system.index[name], None, name)
        made.relate(kin)
        system = made.system
        system.within |= {system.index[name]: said.base - 1 for name, said in printed_before.items()}
        printed = {system.index[name]: said.printed for name, said in printed_before.items()}
        settled = settle(system, rounding, partial(_name, area), printed)
        rows += [
            {
                "la_code": area,
                "count_name": name,
                "period": period,
                "count": system.values[count],
                "printed": settled.prints[count],
                "draw": settled.attempts[count],
                "rounds": settled.rounds,
                "is_known": system.is_known[count],
                "is_hidden": count in settled.hidden,
                "is_told": count in settled.told or not settled.is_possible,
            }
            for name, period in sorted(made.periods.items())
            for count in [system.index[name]]
        ]
    return rows


def _dated(name: str, period: int, windows: Iterable[Window]) -> str:
    """The name of a count whose window goes on with every year: early editions of the register have no days in it."""
    rest, window = name.rsplit("|", 1)
    for one in windows:
        open_window, is_dated, days = one.name.partition(_DAYS)
        if is_dated and open_window == window and rest.endswith(f"|{one.source}"):
            ends = days if one.period == period else f"{one.first_day}{_TO}{date(period, 3, 31)}"
            return f"{name}{_DAYS}{ends}"
    return name


def _count_of(area: str, name: str, number: int) -> Count:
    measure, breakdown, rest = name.split("|", 2)
    value, source, window = rest.rsplit("|", 2)
    return Count(area, measure, breakdown, value, source, window, number)


def _windows_of(counts: Iterable[Count], known: Iterable[Window]) -> list[Window]:
    """The windows of counts which are not there any more, as their names say."""
    names = {(window.source, window.name) for window in known}
    found = {}
    for count in counts:
        open_window, is_dated, days = count.window.partition(_DAYS)
        if (count.source, count.window) in names:
            continue
        if is_dated:
            first_day, last_day = map(date.fromisoformat, days.split(_TO))
        elif open_window.startswith(_YEAR):
            year = int(open_window.removeprefix(_YEAR))
            first_day, last_day = date(year - 1, 4, 1), date(year, 3, 31)
        else:
            continue
        found[count.source, count.window] = Window(
            count.area, count.source, count.window, not is_dated, last_day.year, first_day, last_day
        )
    return list(found.values())


def _name(area: str, name: Any) -> str:
    return f"returns|{area}|{name}"


class _Area:
    """The system of one authority while it is put together. A count's name is that of `Count`."""

    def __init__(self, lines: Sequence[Line], counts: Sequence[Count], windows: Sequence[Window]) -> None:
        self.system = System()
        # The names of the counts that stand in a line, with the first year in whose figures they do.
        self.periods: dict[str, int] = {}
        self._windows = {(window.source, window.name): window for window in windows}
        self._in_window: dict[tuple[str, str], dict[tuple[str, str, str], int]] = defaultdict(dict)
        self._over_time: dict[tuple[str, str, str, str], dict[str, int]] = defaultdict(dict)
        for count in counts:
            number = self.system.count(count.name, abs(count.number))
            self.system.is_known[number] = count.measure in _KNOWN
            self._in_window[(count.source, count.window)][(count.measure, count.breakdown, count.value)] = number
            self._over_time[count.place][count.window] = number
        for line in sorted(lines, key=lambda line: (line.indicator_id, line.numerator, line.denominator or "")):
            self._show(line)

    def relate(self, kin: Collection[Family]) -> None:
        """Everything that is known between the counts."""
        for held in self._in_window.values():
            self._relate_breakdowns(held)
            self._relate_families(held, kin)
        for place, held_at in self._over_time.items():
            self._relate_windows(place, held_at)

    def _show(self, line: Line) -> None:
        names = [line.numerator] + ([line.denominator] if line.denominator else [])
        counts = [self.system.index[name] for name in names]
        table = (line.indicator_id, line.period)
        above, below = counts[0], counts[1] if len(counts) > 1 else None
        if below is not None and self.system.is_known[below]:
            # Of a rate the n is no group of people who answered: the count stands for itself.
            self.system.show(above, None, table)
        else:
            self.system.show(above, below, table)
        if below is not None and line.statistic == "percentage":
            self.system.part(below, above)
        for name in names:
            self.periods[name] = min(line.period, self.periods.get(name, line.period))

    def _relate_breakdowns(self, held: Mapping[tuple[str, str, str], int]) -> None:
        parts: dict[tuple[str, str], list[int]] = defaultdict(list)
        for (measure, breakdown, value), count in held.items():
            if (breakdown, value) != _ALL:
                parts[(measure, breakdown)].append(count)
        for (measure, _), members in parts.items():
            whole = held.get((measure, *_ALL))
            if whole is not None:
                self.system.relate_if_true(difference(whole, members))
                for member in members:
                    self.system.bound_if_true({whole: 1, member: -1})

    def _relate_families(self, held: Mapping[tuple[str, str, str], int], kin: Collection[Family]) -> None:
        for family in kin:
            for ending in ("", _EACH_YEAR):
                whole = held.get((family.whole + ending, *_ALL))
                parts = [held[key] for part in family.parts if (key := (part + ending, *_ALL)) in held]
                if whole is not None and parts:
                    self.system.relate_if_true(difference(whole, parts))
                    self.system.bound_if_true(difference(whole, parts))

    def _relate_windows(self, place: tuple[str, str, str, str], held: Mapping[str, int]) -> None:
        source, measure, breakdown, value = place
        base = measure
        for ending in _ENDINGS:
            base = base.removesuffix(ending)
        yearly = self._over_time.get((source, base, breakdown, value), {})
        for name, whole in held.items():
            window = self._windows.get((source, name))
            if window is None:
                continue
            within = {other: count for other, count in yearly.items() if self._is_within(source, other, window)}
            years = [count for other, count in within.items() if self._windows[(source, other)].is_year]
            if measure.endswith(_ONE_OF_THE_YEARS):
                for year in years:
                    self.system.relate_if_true({whole: 1, year: -1})
                continue
            if measure.endswith(_FEWER):
                self._relate_fall(whole, source, base, breakdown, value, name)
                continue
            if years and years != [whole]:
                self.system.relate_if_true(difference(whole, years))
            if base == measure:
                for part in within.values():
                    if part != whole:
                        self.system.bound_if_true({whole: 1, part: -1})

    def _relate_fall(self, fall: int, source: str, base: str, breakdown: str, value: str, window: str) -> None:
        first = self._over_time.get((source, base + "_in_first_year", breakdown, value), {}).get(window)
        last = self._over_time.get((source, base, breakdown, value), {}).get(window)
        if first is not None and last is not None:
            self.system.relate_if_true({first: 1, last: -1, fall: -1})

    def _is_within(self, source: str, name: str, window: Window) -> bool:
        inner = self._windows.get((source, name))
        return inner is not None and window.first_day <= inner.first_day and inner.last_day <= window.last_day
