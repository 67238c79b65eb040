"""Which counts to hide: the small ones, and the fewest others that keep anybody from working them out.

Primary: every count from 1 to the threshold, and zeros that are veiled. Complementary: the feasible range of every
hidden count is worked out by linear programming over everything published together. While one is a single value, or
lies within 1 to the threshold, another linear program finds the cheapest counts to hide as well (`choice`), at a price
that rises until no range is so narrow any more, or nothing is left to hide (then it is said to be unavoidable). What
the later rounds made unnecessary is shown again, dear ones first.

The order of hiding depends on the values and the order of the counts alone, so the same counts give the same result.
[English public-health and education practice: primary suppression of 1 to 5, secondary suppression over rows, columns
and totals; choice and audit after Fischetti and Salazar, "Models and algorithms for optimizing cell suppression", 2000]
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from disclosure.alternatives import may_be_shown
from disclosure.bounds import Audit, Range, ranges
from disclosure.choice import Choice
from disclosure.system import System, wide_by

PRIMARY, COMPLEMENTARY = "primary", "complementary"

# The price of what an exposed count lacks: from less than the weight of a figure, half as much again each round, until
# it exceeds many times what the dearest figure costs. Fewer, larger steps hide more: 3 instead of 1.5 a tenth more.
_FIRST_PRICE, _STEP, _LAST_PRICE = 1.0, 1.5, 100.0


@dataclass
class Protection:
    """The result: by which rule each hidden count is hidden, and the range that readers can narrow it down to.

    `unavoidable` holds the hidden counts whose range stays too narrow because nothing else is left to hide.
    """

    threshold: int
    rule: dict[int, str] = field(default_factory=dict)
    ranges: dict[int, Range] = field(default_factory=dict)
    unavoidable: set[int] = field(default_factory=set)


def primary(system: System, threshold: int) -> list[int]:
    """The counts that are hidden for what they are."""
    return [
        count
        for count, value in enumerate(system.values)
        if system.is_public[count] and (1 <= value <= threshold or system.is_veiled[count])
    ]


def protect(system: System, threshold: int = 5, *, complementary: bool = True) -> Protection:
    """Decide which counts of a system to hide.

    Parameters:
        system: counts and relations.
        threshold: counts from 1 to this number are hidden. Must be at least 1.
        complementary: False leaves out everything but the first rule; only tests of the audit do that.
    """
    if threshold < 1:
        raise ValueError("The threshold must be at least 1.")
    done = Protection(threshold)
    done.rule.update(dict.fromkeys(primary(system, threshold), PRIMARY))
    if not done.rule:
        return done
    known = _Known(system)
    if complementary:
        done.unavoidable = _widen(system, done, known)
        _show_again(system, done, known)
    # What was possible while more was hidden may not be any more, so nothing found above is used here.
    done.ranges = ranges(system, known.unknown(done), done.rule)
    return done


def _widen(system: System, done: Protection, known: _Known) -> set[int]:
    """Hide more until every range is wide enough. Returns the counts for which nothing is left to hide."""
    audit, choice = Audit(system, done.threshold), Choice(system)
    price, last = _FIRST_PRICE, _LAST_PRICE * max(choice.cost, default=1.0)
    downwards = False
    while True:
        exposed = audit.exposed(known.unknown(done), {count for count in done.rule if system.values[count]})
        if not exposed:
            return set()
        new: list[int] = []
        while not new:
            if price > last:
                return exposed
            wanted = {}
            for count in exposed:
                value = system.values[count]
                # A large count may be another above or below: by turns.
                sign = -1 if downwards and value > done.threshold else 1
                wanted[count] = sign * wide_by(value, done.threshold)
            new = choice.cheapest(done.rule, wanted, price)
            price *= _STEP
            downwards = not downwards
        done.rule.update(dict.fromkeys(new, COMPLEMENTARY))


def _show_again(system: System, done: Protection, known: _Known) -> None:
    """Show what is hidden without need, first what most is lost with."""
    order = sorted(
        (count for count, rule in done.rule.items() if rule == COMPLEMENTARY),
        key=lambda count: (-system.weight[count], -system.values[count], count),
    )
    for count in may_be_shown(system, done.threshold, known.unknown(done), done.rule, order):
        del done.rule[count]


class _Known:
    """What readers know, followed through the relations one at a time."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._of: dict[int, list[int]] = defaultdict(list)
        for number, terms in enumerate(system.equal):
            for count in terms:
                self._of[count].append(number)

    def unknown(self, done: Protection) -> list[bool]:
        """Which counts the audit has to look at: a hidden one that follows from others stays for it to find."""
        equal = self._system.equal
        known = [public and count not in done.rule for count, public in enumerate(self._system.is_public)]
        left = [sum(not known[count] for count in terms) for terms in equal]
        waiting = deque(number for number, unknown in enumerate(left) if unknown == 1)
        while waiting:
            number = waiting.popleft()
            if left[number] != 1:
                continue
            count = next(other for other in equal[number] if not known[other])
            known[count] = True
            for touched in self._of[count]:
                left[touched] -= 1
                if left[touched] == 1:
                    waiting.append(touched)
        return [not is_known or count in done.rule for count, is_known in enumerate(known)]
