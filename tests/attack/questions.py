"""What must not be certain: small counts, exact counts, the same of who is left, a whole small group in one answer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.attack.integer import NO, UNDECIDED, YES, Clock, fits, solve
from tests.attack.propagation import ContradictionError, propagate, relations_of
from tests.attack.rules import UNBOUNDED, Rules
from tests.attack.system import Relation, System

SMALL, EXACT, REST_SMALL, REST_EXACT, GROUP = "small", "exact", "rest small", "rest exact", "whole group"
KINDS = (SMALL, EXACT, REST_SMALL, REST_EXACT, GROUP)


@dataclass
class Result:
    """What is certain, what could not be decided, and whether anything fits at all."""

    found: list[tuple[str, str]] = field(default_factory=list)
    undecided: list[tuple[str, str]] = field(default_factory=list)
    contradiction: str = ""
    asked: int = 0
    by_pencil: int = 0

    def count(self, kind: str) -> int:
        """How many certain ones of a kind."""
        return sum(1 for one, _ in self.found if one == kind)


@dataclass
class _Question:
    kind: str
    unknown: int
    base: int | None

    def terms(self) -> list[tuple[int, int]]:
        """The number asked about: a count, or n less the count."""
        if self.base is None or self.kind in {SMALL, EXACT}:
            return [(1, self.unknown)]
        return [(1, self.base), (-1, self.unknown)]


class Attack:
    """Asks every question of a system until it is answered or time is over."""

    def __init__(self, system: System, rules: Rules, parts: dict[int, int], targets: set[int] | None = None) -> None:
        self.system = system
        self.rules = rules
        self.parts = parts
        self.targets = targets
        self.result = Result()
        self._standing: list[list[int]] = []
        self._base: list[int] = []
        self._seen: dict[tuple[str, int], int] = {}

    def run(self, seconds: float, witnesses: int = 8, seed: int = 1) -> Result:
        """Propagate, look for whole tables that fit, then ask what these did not answer one by one."""
        clock = Clock(seconds)
        try:
            propagate(self.system)
        except ContradictionError as found:
            self.result.contradiction = str(found)
            return self.result
        self._standing = relations_of(self.system)
        open_questions = []
        for question in self._questions():
            self.result.asked += 1
            low, high = self._range(question)
            verdict = self._by_range(question, low, high)
            if verdict == YES:
                self._found(question, f"{low} to {high}" if low != high else str(low))
                self.result.by_pencil += 1
            elif verdict == UNDECIDED:
                open_questions.append(question)
        open_questions = self._witnesses(open_questions, clock, witnesses, random.Random(seed))
        if self.result.contradiction:
            return self.result
        for question in open_questions:
            verdict = self._ask(question, clock)
            if verdict == YES:
                self._found(question, "whole numbers")
            elif verdict == UNDECIDED:
                self.result.undecided.append((question.kind, self._name(question)))
        return self.result

    def _questions(self) -> Iterator[_Question]:
        chosen = range(len(self.system.unknowns)) if self.targets is None else sorted(self.targets)
        for unknown in chosen:
            base = self.parts.get(unknown)
            yield _Question(SMALL, unknown, None)
            yield _Question(EXACT, unknown, None)
            if base is not None:
                yield _Question(REST_SMALL, unknown, base)
                yield _Question(REST_EXACT, unknown, base)
                yield _Question(GROUP, unknown, base)

    def _range(self, question: _Question) -> tuple[int, int]:
        low = high = 0
        for coefficient, unknown in question.terms():
            one = self.system.unknowns[unknown]
            low += coefficient * (one.low if coefficient > 0 else one.high)
            high += coefficient * (one.high if coefficient > 0 else one.low)
        return max(low, 0), high

    def _by_range(self, question: _Question, low: int, high: int) -> str:
        """YES: certain. NO: can never be. UNDECIDED: has to be looked at."""
        threshold = self.rules.threshold
        if question.kind in {SMALL, REST_SMALL}:
            if low >= 1 and high <= threshold:
                return YES
            return NO if low > threshold or high == 0 else UNDECIDED
        if question.kind in {EXACT, REST_EXACT}:
            if low == high:
                return YES if low > 0 else NO
            return UNDECIDED
        base = self.system.unknowns[question.base if question.base is not None else question.unknown]
        if base.high == 0 or base.low > self.rules.group:
            return NO
        return YES if high == 0 and base.low >= 1 and base.high <= self.rules.group else UNDECIDED

    def _name(self, question: _Question) -> str:
        return self.system.unknowns[question.unknown].name

    def _found(self, question: _Question, how: str) -> None:
        one = self.system.unknowns[question.unknown]
        prints = "; ".join(f"{printed} at {where}" for where, printed in one.prints[:3]) or "not printed"
        self.result.found.append((question.kind, f"{one.name}: {how} (printed: {prints})"))

    def _value(self, question: _Question, values: list[int]) -> int:
        return sum(coefficient * values[unknown] for coefficient, unknown in question.terms())

    def _refutes(self, question: _Question, values: list[int]) -> bool:
        """Whether this table shows that the question's claim is not certain."""
        value = self._value(question, values)
        if question.kind in {SMALL, REST_SMALL}:
            return value == 0 or value > self.rules.threshold
        if question.kind in {EXACT, REST_EXACT}:
            before = self._seen.setdefault((question.kind, question.unknown), value)
            return value != before or value == 0
        base = values[question.base if question.base is not None else question.unknown]
        return value > 0 or base == 0 or base > self.rules.group

    def _witnesses(
        self, questions: list[_Question], clock: Clock, witnesses: int, chance: random.Random
    ) -> list[_Question]:
        everything = list(range(len(self.system.unknowns)))
        for turn in range(witnesses):
            sign = 1.0 if turn % 2 else -1.0
            aims = {u: (sign if turn < 2 else chance.uniform(-1, 1)) for u in everything}
            answer = solve(self.system, everything, self.system.relations, clock.left(), objective=aims)
            if answer.verdict == NO and turn == 0:
                self.result.contradiction = "no whole numbers fit all that is printed"
                return []
            if answer.verdict != YES:
                continue
            values = [answer.values[unknown] for unknown in everything]
            if fits(self.system, values):
                continue
            self._base = values
            questions = [one for one in questions if not self._refutes(one, values)]
            if clock.left() < 1:
                break
        return questions

    def _cases(self, question: _Question) -> list[list[tuple[int, int]]]:
        """What would show that the claim is not certain: ranges of the number asked about, of n for a group."""
        threshold = self.rules.threshold
        if question.kind in {SMALL, REST_SMALL}:
            return [[(0, 0)], [(threshold + 1, UNBOUNDED)]]
        if question.kind == GROUP:
            return [[(1, UNBOUNDED)]]
        seen = self._seen.get((question.kind, question.unknown))
        if seen is None:
            return [[(0, UNBOUNDED)]]
        return [[(0, seen - 1)], [(seen + 1, UNBOUNDED)]]

    def _ask(self, question: _Question, clock: Clock) -> str:
        """YES: certain. NO: shown not to be. Looks near first, wider where that does not answer."""
        if not self._base:
            return UNDECIDED
        if self._refutes(question, self._base):
            return NO
        open_cases = []
        for case in self._cases(question):
            low, high = case[0]
            verdict = self._reach(question, low, min(high, UNBOUNDED), clock)
            if verdict == YES:
                return NO
            if verdict == UNDECIDED:
                open_cases.append(case)
        if open_cases:
            return UNDECIDED
        if question.kind == GROUP:
            return self._group(question, clock)
        return YES

    def _group(self, question: _Question, clock: Clock) -> str:
        """All of n gave the answer in every table; is n surely from 1 to the size of a group?"""
        if question.base is None:
            return NO
        for low, high in ((0, 0), (self.rules.group + 1, UNBOUNDED)):
            verdict = self._reach(_Question(SMALL, question.base, None), low, high, clock)
            if verdict != NO:
                return NO if verdict == YES else UNDECIDED
        return YES

    def _reach(self, question: _Question, low: int, high: int, clock: Clock) -> str:
        """Whether the number asked about can lie between low and high: YES, NO (proof) or UNDECIDED."""
        span_low, span_high = self._range(question)
        if max(low, span_low) > min(high, span_high):
            return NO
        terms = question.terms()
        extra = Relation(terms, low, high, "asked")
        for radius in (2, 4, 7, 12):
            if clock.left() <= 0:
                return UNDECIDED
            near, touching = self._near([unknown for _, unknown in terms], radius)
            rows = [self.system.relations[number] for number in touching]
            inside = [row for row in rows if all(unknown in near for _, unknown in row.terms)]
            proof = solve(self.system, sorted(near), [*inside, extra], min(5.0, clock.left()))
            if proof.verdict == NO:
                return NO
            fixed = {u: self._base[u] for row in rows for _, u in row.terms if u not in near}
            moved = solve(self.system, sorted(near), [*rows, extra], min(5.0, clock.left()), fixed=fixed)
            if moved.verdict == YES and _holds([*rows, extra], {**fixed, **moved.values}):
                return YES
        everything = list(range(len(self.system.unknowns)))
        last = solve(self.system, everything, [*self.system.relations, extra], min(60.0, clock.left()))
        if last.verdict == YES and not _holds([*self.system.relations, extra], last.values):
            return UNDECIDED
        return last.verdict

    def _near(self, start: list[int], radius: int) -> tuple[set[int], list[int]]:
        """Unknowns within so many relations, at most some thousand, and all relations that touch them."""
        near, edge = set(start), list(start)
        for _ in range(radius):
            following: list[int] = []
            for unknown in edge:
                for number in self._standing[unknown]:
                    terms = self.system.relations[number].terms
                    if len(terms) > 120 and radius < 7:
                        continue
                    following.extend(other for _, other in terms if other not in near)
                    near.update(other for _, other in terms)
            edge = following
            if len(near) > 1500:
                break
        touching = sorted({number for unknown in near for number in self._standing[unknown]})
        return near, touching


def _holds(relations: list[Relation], values: dict[int, int]) -> bool:
    """Whether whole numbers fit relations exactly: what a solver with decimals says is looked at again."""
    return all(
        relation.low <= sum(coefficient * values[unknown] for coefficient, unknown in relation.terms) <= relation.high
        for relation in relations
    )
