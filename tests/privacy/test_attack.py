"""The attack itself: it finds what brute force finds, it never says more, and badly printed mocks give something."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from tests.attack import mock, pair
from tests.attack.attack import attack, systems
from tests.attack.forms import identity
from tests.attack.questions import EXACT, GROUP, KINDS, REST_EXACT, REST_SMALL, SMALL, Attack
from tests.attack.rules import UNBOUNDED, Rules
from tests.attack.system import System

SIZES = {"A": 9, "B": 31, "C": 47, "D": 64}


def _random_system(seed: int) -> tuple[System, dict[int, int]]:
    """A small table: some counts, sums of them, and inequalities, around a truth that fits."""
    chance = random.Random(seed)
    system = System()
    count = chance.randint(3, 5)
    truth = [chance.randint(0, 7) for _ in range(count)]
    for number, value in enumerate(truth):
        away = chance.randint(0, 4)
        unknown = system.number(number, f"x{number}")
        low = max(0, value - chance.randint(0, away))
        system.narrow(unknown, low, low + away if low + away >= value else value, "printed")
    for _ in range(chance.randint(1, 3)):
        chosen = chance.sample(range(count), chance.randint(2, count))
        terms = [(chance.choice([1, 1, 1, -1, 2]), one) for one in chosen]
        total = sum(coefficient * truth[one] for coefficient, one in terms)
        slack = chance.choice([0, 0, 1])
        system.relate(terms, total - slack, total + slack if chance.random() < 0.7 else UNBOUNDED, "said")
    parts = {0: 1} if truth[0] <= truth[1] else {1: 0}
    (part, whole_of), *_ = parts.items()
    system.at_most(part, whole_of, "part")
    return system, parts


def _brute_force(system: System, parts: dict[int, int]) -> set[tuple[str, str]]:
    ranges = [range(one.low, one.high + 1) for one in system.unknowns]
    tables = [
        table
        for table in itertools.product(*ranges)
        if all(r.low <= sum(c * table[u] for c, u in r.terms) <= r.high for r in system.relations)
    ]
    found = set()
    for number, one in enumerate(system.unknowns):
        questions = [(SMALL, EXACT, [table[number] for table in tables])]
        if number in parts:
            questions.append((REST_SMALL, REST_EXACT, [table[parts[number]] - table[number] for table in tables]))
        for small, exact, values in questions:
            if min(values) >= 1 and max(values) <= 5:
                found.add((small, one.name))
            if min(values) == max(values) > 0:
                found.add((exact, one.name))
        if number in parts:
            bases = [table[parts[number]] for table in tables]
            if max(questions[1][2]) == 0 and min(bases) >= 1 and max(bases) <= 10:
                found.add((GROUP, one.name))
    return found


@pytest.mark.parametrize("seed", range(300))
def test_finds_what_brute_force_finds(seed: int) -> None:
    system, parts = _random_system(seed)
    expected = _brute_force(system, parts)
    result = Attack(system, Rules(), parts).run(20, witnesses=3, seed=seed)
    assert not result.contradiction
    assert not result.undecided
    assert {(kind, what.split(":")[0]) for kind, what in result.found} == expected


def test_a_system_without_solution_is_told() -> None:
    system = System()
    a, b = system.number("a", "a"), system.number("b", "b")
    for one in (a, b):
        system.narrow(one, 0, 9, "printed")
    system.relate([(2, a), (4, b)], 7, 7, "odd")
    assert Attack(system, Rules(), {}).run(10).contradiction


@pytest.mark.parametrize("seed", range(5))
def test_the_truth_fits_every_relation(tmp_path: Path, seed: int) -> None:
    truth = mock.children(SIZES, seed)
    mock.write(tmp_path, truth, mock.Printing(exact=True, minimum_n=0))
    parts, _, _ = systems(tmp_path, Rules(within=0, base=1, minimum_n=0))
    result = Attack(parts[0].system, Rules(), parts[0].parts, set()).run(20)
    assert not result.contradiction
    assert not parts[0].system.contradictions


def _certain(folder: Path, printing: mock.Printing, rules: Rules, seed: int) -> dict[str, int]:
    mock.write(folder, mock.children(SIZES, seed), printing)
    report = attack(folder, rules, 60)
    assert report.undecided == 0
    broken = len(report.contradictions) + sum(bool(part.result.contradiction) for part in report.parts)
    return {**{kind: report.count(kind) for kind in KINDS}, "contradictions": broken}


def test_percentages_of_true_counts_give_exact_counts(tmp_path: Path) -> None:
    found = _certain(tmp_path, mock.Printing(true_percentages=True), Rules(), 1)
    assert found[EXACT] > 50
    assert found[SMALL] > 10


def test_nearest_only_gives_something(tmp_path: Path) -> None:
    """Whoever knows that p is 0 reads a print as within 2."""
    total = 0
    for seed in range(8):
        found = _certain(tmp_path / str(seed), mock.Printing(chance=0), Rules(within=2), seed)
        total += sum(found.values())
    assert total > 0


def test_two_draws_of_one_count_give_something(tmp_path: Path) -> None:
    total = 0
    for seed in range(4):
        printing = mock.Printing(chance=0.5, one_draw=False, seed=seed)
        total += sum(_certain(tmp_path / str(seed), printing, Rules(), seed).values())
    assert total > 0


def test_a_year_published_twice_proves_answers(tmp_path: Path) -> None:
    truth = mock.children(SIZES, 3)
    mock.write(tmp_path / "first", truth, mock.Printing())
    truth["B"].append(mock.children({"x": 1}, 8)["x"][0])
    mock.write(tmp_path / "second", truth, mock.Printing())
    (found,) = pair.compare(tmp_path / "first", tmp_path / "second", Rules(), 1, 60)
    assert found.differing
    assert found.proved


def test_a_frozen_year_says_nothing_more(tmp_path: Path) -> None:
    for name in ("first", "second"):
        mock.write(tmp_path / name, mock.children(SIZES, 3), mock.Printing())
    (found,) = pair.compare(tmp_path / "first", tmp_path / "second", Rules(), 1, 60)
    assert not found.differing
    assert not found.proved


def test_cells_keep_their_identity(tmp_path: Path) -> None:
    mock.write(tmp_path, mock.children(SIZES, 1), mock.Printing())
    parts, _, _ = systems(tmp_path, Rules())
    hurt = parts[0].system.known(("Total", ("Was the child hurt?", "yes", mock.FORMS)))
    base = parts[0].system.known(("Total", ("the form", "*", mock.HURT)))
    assert hurt is not None
    assert base is not None
    assert any({hurt, base} == {u for _, u in row.terms} for row in parts[0].system.relations)
    assert identity.__doc__
