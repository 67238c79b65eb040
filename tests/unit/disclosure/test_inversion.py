"""The program's own rules in the hands of an adversary: which tables of whole numbers could have led to just this?

The audit looks at the tables that fit what is printed. Somebody who has the program can ask for more: whether it would
have come to this outcome from each of them. What is drawn anew, and what is not printed, is decided by looking, so a
table may fit every print and still be none from which the program ends here. So every table of a small system is
settled here by the program itself, over every outcome of every draw that has a chance (not over some keys, which would
leave out what is rare), and for each outcome what can be concluded is asked of the tables that reach it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product

import numpy as np
import pytest

from disclosure import settle as settling
from disclosure.audit import Verdict, audit
from disclosure.rounding import MOVED, NEAREST, Rounding
from disclosure.settle import settle
from disclosure.system import System, difference
from tests.support.small_tables import CELLS, ROUNDING, everything_that_fits, is_told, two_by_two

#: What an outsider sees: of every count its print, or that there is none.
Outcome = tuple[int | None, ...]
#: Enough rounds for a first draw, the nearest multiple, and two draws anew; then as many in which something is hidden.
ROUNDS = 4
_SMALL_GROUP = 10


class _SeenError(Exception):
    """The program has been in this state before: what follows is known."""


class Chances:
    """Takes the place of the key: follows a script of draws, and says where another draw would have had a chance."""

    def __init__(self, script: Sequence[bool], seen: set[Hashable]) -> None:
        self.taken = list(script)
        self._next = 0
        self._drawn: dict[tuple[str, int], int] = {}
        self._seen = seen
        self._round = 0

    def draw(self, rounding: Rounding, name: str, value: int, attempt: int) -> int:
        """As `Rounding.draw`, by the script."""
        if (name, attempt) not in self._drawn:
            self._drawn[name, attempt] = self._draw(rounding, value, attempt)
        return self._drawn[name, attempt]

    def _draw(self, rounding: Rounding, value: int, attempt: int) -> int:
        nearest, other = beside(rounding, value)
        if nearest == other or attempt == NEAREST or not MOVED:
            return nearest
        if self._next == len(self.taken):
            self.taken.append(False)
        self._next += 1
        return other if self.taken[self._next - 1] else nearest

    def look(self, names: Sequence[str], attempts: Sequence[int], closed: Hashable) -> None:
        """Called in every round, when all is drawn. Raises _SeenError where nothing new can follow."""
        self._round += 1
        # From the second draw anew on it makes no difference how many there have been.
        state = (
            self._round,
            tuple(min(attempt, NEAREST + 1) for attempt in attempts),
            tuple(self._drawn.get(at) for at in zip(names, attempts, strict=True)),
            closed,
        )
        if state in self._seen:
            raise _SeenError
        self._seen.add(state)


class Towards(Chances):
    """Draws what is to be printed, wherever that has a chance."""

    def __init__(self, prints: Mapping[str, int | None]) -> None:
        super().__init__([], set())
        self._prints = prints

    def draw(self, rounding: Rounding, name: str, value: int, attempt: int) -> int:
        """The print that is wanted if it is one of the two, else the nearest multiple."""
        nearest, other = beside(rounding, value)
        return other if self._prints[name] == other and attempt != NEAREST and MOVED else nearest


def beside(rounding: Rounding, value: int) -> tuple[int, int]:
    """The nearest multiple of the base and the other one beside a count; of a multiple itself, twice."""
    lower, over = value // rounding.base * rounding.base, value % rounding.base
    upper = lower + rounding.base if over else lower
    return (lower, upper) if 2 * over < rounding.base else (upper, lower)


class Program:
    """The program without its key: every outcome that it can come to from a table, with the real rules and audit."""

    def __init__(self, patch: pytest.MonkeyPatch, rounds: int = ROUNDS) -> None:
        self._chances = Chances([], set())
        self._verdicts: dict[Hashable, Verdict] = {}
        real_prints = settling._Settling._prints

        def draw(rounding: Rounding, name: str, value: int, attempt: int = 0) -> int:
            return self._chances.draw(rounding, name, value, attempt)

        def prints(one: settling._Settling) -> tuple[list[int | None], set[int]]:
            made = real_prints(one)
            self._chances.look(one._names, one._attempts, (frozenset(one._closed), frozenset(one._closed_bases)))
            return made

        patch.setattr(Rounding, "draw", draw)
        patch.setattr(settling._Settling, "_prints", prints)
        patch.setattr(settling, "audit", self._audit)
        patch.setattr(settling, "_ROUNDS", rounds)

    def _audit(self, system: System, prints: Sequence[int | None], rounding: Rounding) -> Verdict:
        """It looks at prints and relations only, so the same of both is the same verdict."""
        key = (tuple(prints), str(system.equal), str(system.at_least_zero), tuple(sorted(system.parts)))
        if key not in self._verdicts:
            self._verdicts[key] = audit(system, prints, rounding)
        return self._verdicts[key]

    def outcomes(self, system: System, before: Mapping[int, int | None] | None = None) -> Iterator[Outcome]:
        """Every outcome with a chance. What still tells something never leaves the house: gate 2 stops it."""
        seen: set[Hashable] = set()
        scripts: list[list[bool]] = [[]]
        while scripts:
            script = scripts.pop()
            self._chances = Chances(script, seen)
            try:
                done = settle(system, ROUNDING, str, before)
            except _SeenError:
                done = None
            taken = self._chances.taken
            scripts += [[*taken[:place], True] for place in range(len(script), len(taken))]
            if done is not None and not done.told and done.is_possible:
                yield tuple(done.prints)

    def reached(
        self, systems: Iterable[System], before: Mapping[int, int | None] | None = None
    ) -> dict[Outcome, list[System]]:
        """Of every outcome the tables from which the program comes to it."""
        found: dict[Outcome, list[System]] = defaultdict(list)
        for system in systems:
            for outcome in set(self.outcomes(system, before)):
                found[outcome].append(system)
        return found

    def reaches(self, system: System, outcome: Outcome) -> bool:
        """Whether the program may come to an outcome from a table: by its first draws, or by any."""
        self._chances = Towards(dict(zip(map(str, system.index), outcome, strict=True)))
        if tuple(settle(system, ROUNDING, str).prints) == outcome:
            return True
        return outcome in self.outcomes(system)


def concluded(systems: Sequence[System]) -> list[str]:
    """What is certain if it was one of these: a small count, an exact one, a rest, a whole group in one answer."""
    values = np.array([system.values for system in systems])
    first = systems[0]
    names = list(first.index)
    found = [
        f"{names[count]}: {values[:, count].min()} to {values[:, count].max()}"
        for count in range(len(first.values))
        if first.is_figure(count) and is_told(values[:, count], ROUNDING.threshold)
    ]
    for whole, part in sorted(first.parts):
        rest, n = values[:, whole] - values[:, part], values[:, whole]
        if is_told(rest, ROUNDING.threshold):
            found.append(f"rest of {names[part]}: {rest.min()} to {rest.max()}")
        if rest.max() == 0 and n.min() >= 1 and n.max() <= _SMALL_GROUP:
            found.append(f"all of {names[whole]} are {names[part]}")
    return found


def fits(system: System, outcome: Outcome) -> bool:
    """Whether a table fits what is printed: each count within the base of its print, and nothing asked of the rest."""
    pairs = zip(system.values, outcome, strict=True)
    return all(printed is None or abs(printed - value) <= ROUNDING.within for value, printed in pairs)


def services(numbers: Sequence[int]) -> System:
    """The forms of some services, and of all."""
    system = System()
    whole = system.count("all", sum(numbers))
    parts = [system.count(f"service {number}", value) for number, value in enumerate(numbers)]
    for count in (whole, *parts):
        system.show(count, None, "forms")
    system.relate_if_true(difference(whole, parts))
    return system


def answers(numbers: Sequence[int]) -> System:
    """The answers to one question, which add up to who was asked."""
    system = System()
    n = system.count("asked", sum(numbers))
    system.show(n, None, "answers")
    parts = [system.count(f"answer {number}", value) for number, value in enumerate(numbers)]
    for part in parts:
        system.show(part, n, "answers")
        system.part(n, part)
    system.relate_if_true(difference(n, parts))
    return system


def follow_up(numbers: Sequence[int]) -> System:
    """Two answers to a question, the first of which opens another one with two answers."""
    yes_some, yes_none, no = numbers
    system = answers((yes_some + yes_none, no))
    opened = system.index["answer 0"]
    system.show(opened, None, "follow-up")
    parts = [system.count("some", yes_some), system.count("none", yes_none)]
    for part in parts:
        system.show(part, opened, "follow-up")
        system.part(opened, part)
    system.relate_if_true(difference(opened, parts))
    return system


# Which tables are tried: all in these limits. Only outcomes that no table at a limit fits are looked at.
SYSTEMS: dict[str, tuple[Callable[[Sequence[int]], System], Sequence[range]]] = {
    "two services": (services, (range(16), range(16))),
    "three services": (services, (range(11), range(11), range(11))),
    "two answers": (answers, (range(12), range(10, 40))),
    "three answers": (answers, (range(11), range(11), range(8, 32))),
    "a question and what it opens": (follow_up, (range(10), range(15, 31), range(7))),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_whoever_runs_the_program_on_every_table_learns_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, limits = SYSTEMS[name]
    tried = {numbers: make(numbers) for numbers in product(*limits)}
    at_a_limit = [
        system
        for numbers, system in tried.items()
        if any(one == limit[-1] or (one == limit[0] > 0) for one, limit in zip(numbers, limits, strict=True))
    ]
    looked_at, told, ruled_out = 0, {}, {}
    for outcome, reached in Program(monkeypatch).reached(tried.values()).items():
        if any(fits(system, outcome) for system in at_a_limit):
            continue
        looked_at += 1
        if said := concluded(reached):
            told[outcome] = said
        # Nothing that fits may be ruled out either: then all that the audit looks at is all that there is to look at.
        if len(reached) != (fitting := sum(fits(system, outcome) for system in tried.values())):
            ruled_out[outcome] = f"{len(reached)} of {fitting}"
    assert told == {}
    assert ruled_out == {}
    assert looked_at > 5


@pytest.mark.parametrize("cells", [(4, 21, 6, 6), (1, 28, 1, 21), (3, 24, 2, 26), (0, 27, 5, 1), (2, 23, 4, 19)])
def test_every_two_by_two_that_fits_could_have_been_printed_so(
    cells: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many tables to settle each by all its draws: of some outcomes each table that fits is asked for."""
    made, places = two_by_two(cells)
    program = Program(monkeypatch)
    for outcome in islice(program.outcomes(made), 0, 9, 4):
        tables = everything_that_fits(places, outcome, ROUNDING)
        # Those in which a count or a rest is least or most, which leave as much open as all do, and some more.
        numbers = [*tables.values(), *(tables[row, -1] - one for (row, column), one in tables.items() if column >= 0)]
        chosen = {int(at) for one in numbers for at in (one.argmin(), one.argmax())}
        chosen |= set(range(0, len(numbers[0]), len(numbers[0]) // 50 + 1))
        reached = [two_by_two([int(tables[cell][at]) for cell in CELLS])[0] for at in sorted(chosen)]
        assert all(program.reaches(system, outcome) for system in reached)
        assert concluded(reached) == []


def test_beside_an_older_print_something_else_is_found_before_anything_is_not_printed() -> None:
    """A year that was printed before, the next one, and both together: figures of the returns over two years.

    That nothing was found would say of which counts it cannot be: here that the first year had 1 or 2.
    """

    def years(first: int, second: int) -> System:
        system = System()
        counts = [system.count(name, number) for name, number in (("first", first), ("second", second))]
        both = system.count("both", first + second)
        for count in (*counts, both):
            system.show(count, None, "events")
        system.relate_if_true(difference(both, counts))
        return system

    printed = 0
    for number in range(300):
        rounding = Rounding(5, f"{number}".encode())
        if rounding.draw("first", 1) == 5:
            printed += 1
            assert None not in settle(years(1, 0), rounding, str, {0: 5}).prints
    assert printed > 10
