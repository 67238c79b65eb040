"""Which of several deliveries of a return is later, and so in force: from what they say and what was decided alone."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from orchestration.decisions import LATER_DELIVERY, Decision

#: What became of a delivery: it counts, it counts beside the whole, a later one stands in its place, or nothing says
#: which is later.
IN_FORCE, IN_PART, REPLACED, WAITING = "in_force", "in_part", "replaced", "waiting"
#: Why one counts nowhere, whatever the others are: it is empty and nobody has confirmed that it is meant so; its file
#: is gone, the same bytes lie in another place, and nobody has said that both hold; somebody said that it is a mistake.
UNCONFIRMED, MOVED, MISTAKEN = "unconfirmed", "moved", "mistaken"
APART = (UNCONFIRMED, MOVED, MISTAKEN)


@dataclass(frozen=True)
class Sent:
    """One delivery of one kind of record.

    `written` is what the file says of when it was written, as numbers that grow: moment, number of the message, last
    day of its lists. `arrival` grows from run to run; `is_part` where an operator said so; `apart` is one of `APART`.
    """

    load_seq: int
    load_id: str
    sha256: str
    record_id: str
    scope: tuple[str, str, int | None]
    la_code: str
    written: tuple[float | None, ...]
    arrival: int
    is_part: bool = False
    apart: str | None = None

    @property
    def subject(self) -> str:
        """What a decision on the order of deliveries of this authority, return and year is about."""
        return subject_key(*self.scope)


@dataclass(frozen=True)
class Standing:
    """What became of a delivery; `place` orders those of one authority, return and year, equal where nothing does."""

    standing: str
    place: int
    replaced_by_load_id: str | None = None


#: Whether the first of two deliveries is later than the second; None where nothing tells.
Later = Callable[[Sent, Sent], bool | None]


def subject_key(la_code: str, return_id: str, year: int | None) -> str:
    """The key of a decision on deliveries: 32 hex digits of an authority, a return and a year."""
    return hashlib.sha256(f"{la_code}|{return_id}|{year or ''}".encode()).hexdigest()[:32]


def file_key(sha256: str, la_code: str, year: int | None) -> str:
    """The key of a decision on one file: 32 hex digits of its bytes, its authority and its year.

    The same bytes in two places are two statements: an empty table of one year says nothing of the next.
    """
    return hashlib.sha256(f"{sha256}|{la_code}|{year or ''}".encode()).hexdigest()[:32]


class Order:
    """Which of two deliveries of an authority, return and year is later, by what they say, decisions and arrival."""

    def __init__(self, sent: Sequence[Sent], decisions: Iterable[Decision]) -> None:
        self._decided: dict[tuple[str, frozenset[str]], str] = {}
        for one in decisions:
            if one.kind == LATER_DELIVERY:
                # Of two contradictory decisions the later one holds.
                self._decided |= {(one.key, frozenset((one.decided, other))): one.decided for other in one.over}
        self._sent = sent

    def told(self, a: Sent, b: Sent) -> bool | None:
        """What the files and the decisions say."""
        for one, other in zip(a.written, b.written, strict=True):
            if one is not None and other is not None and one != other:
                return one > other
        later = self._decided.get((a.subject, frozenset((a.sha256, b.sha256))))
        return None if later is None else later == a.sha256

    def later(self, a: Sent, b: Sent) -> bool | None:
        """What they say, or arrival."""
        told = self.told(a, b)
        return told if told is not None or a.arrival == b.arrival else a.arrival > b.arrival

    def by_arrival(self) -> dict[tuple[str, str], set[str]]:
        """What only arrival tells: the subject and the later file, with the earlier ones."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for group in grouped(self._sent, lambda one: (*one.scope, one.record_id)).values():
            for a, b in combinations(sorted(group, key=lambda one: one.arrival), 2):
                if a.arrival != b.arrival and self.told(b, a) is None:
                    found[b.subject, b.sha256].add(a.sha256)
        return found


def standings(
    group: Sequence[Sent], later: Later, same: Callable[[Sent, Sent], bool], *, replaces: bool
) -> dict[tuple[int, str], Standing]:
    """What becomes of the deliveries of one kind of record of an authority, return and year.

    Parameters:
        later: which of two is later.
        same: whether two say the same, so that nothing hangs on which is later.
        replaces: whether a later whole one stands in the place of all before it; else they add to each other.
    """
    found: dict[tuple[int, str], Standing] = {}
    counted = [one for one in group if one.apart is None]
    for one in group:
        if one.apart is not None:
            found[one.load_seq, one.record_id] = Standing(one.apart, 0)
    whole: Sent | None = None
    places = in_places(counted, later)
    for place in range(len(places) - 1, -1, -1):
        tied = places[place]
        if whole is not None:
            standing = Standing(REPLACED, place + 1, whole.load_id)
        elif not replaces:
            standing = Standing(IN_FORCE, place + 1)
        elif all(one.is_part for one in tied):
            standing = Standing(IN_PART, place + 1)
        elif len(tied) == 1 or all(same(tied[0], one) for one in tied[1:]):
            whole = min(tied, key=lambda one: one.sha256)
            standing = Standing(REPLACED, place + 1, whole.load_id)
        else:
            standing = Standing(WAITING, place + 1)
        for one in tied:
            found[one.load_seq, one.record_id] = Standing(IN_FORCE, place + 1) if one is whole else standing
    return found


def in_places(group: Sequence[Sent], later: Later) -> list[list[Sent]]:
    """Deliveries from the earliest to the latest; those that nothing orders stand in one place."""
    places: list[list[Sent]] = []
    for one in sorted(group, key=lambda one: one.sha256):
        below = [place for place in places if all(later(one, other) is True for other in place)]
        above = [place for place in places if all(later(one, other) is False for other in place)]
        # Whatever it is not clearly later or earlier than, and what lies between such, stands with it.
        among = [place for place in places if place not in below and place not in above]
        first = min([places.index(place) for place in (*among, *above)], default=len(places))
        last = max([places.index(place) for place in (*among, *below)], default=-1)
        if first > last:
            places.insert(first, [one])
        else:
            places[first : last + 1] = [[*(other for place in places[first : last + 1] for other in place), one]]
    return places


def grouped(sent: Iterable[Sent], by: Callable[[Sent], object]) -> Mapping[object, list[Sent]]:
    groups: dict[object, list[Sent]] = defaultdict(list)
    for one in sent:
        groups[by(one)].append(one)
    return groups
