"""Random returns of three years with resubmissions, read and counted a second time by the rules in words.

The quick part counts one authority's returns on the product's facts, as its seeds define the measures. By hand: more
authorities, and the figures of a whole run (`make foreign TEST=returns_recount`). RECOUNT_SEEDS="7 8 9" names other
seeds, RECOUNT_CHILDREN how many children each has, RECOUNT_WITH="fewer_of_a_day" draws what is known to differ.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.independent.returns.counting import Counter, Counts
from tests.independent.returns.product import counts_of, made_of
from tests.independent.returns.whole import figures_of, recounted, run_whole
from tests.independent.returns.writing import KNOWN, Run, draw_deliveries

SEEDS = [int(seed) for seed in os.environ.get("RECOUNT_SEEDS", "1 2 3 4 5 6").split()]
CHILDREN = int(os.environ.get("RECOUNT_CHILDREN", "60"))
WITHOUT = KNOWN - frozenset(os.environ.get("RECOUNT_WITH", "").split(","))
QUICK = 3
#: Rules that are left out of the recount one at a time, and a figure that tells.
MUTATIONS = {
    "plans outlive their case": "children_on_plan",
    "X1 ends care": "children_looked_after",
    "health of anybody": "health_children_answered",
    "the first delivery counts": "referrals",
    "the first collection counts": "children_in_need",
    "corrected first days are new events": "referrals",
    "absence ends nothing": "children_in_need",
    "what ends on 31 March is open": "children_looked_after",
}


def differences(ours: Counts, theirs: Counts) -> list[str]:
    return [
        f"{name} {year}: {ours[name, year]} -> {theirs[name, year]}"
        for name, year in sorted(ours)
        if ours[name, year] != theirs[name, year]
    ]


@pytest.fixture(scope="module")
def quick(tmp_path_factory) -> tuple[Sequence[Run], Counts]:
    """One authority's deliveries, and the product's counts of them."""
    runs = draw_deliveries(QUICK, "999", 45)
    wanted = Counter(runs).counts()
    return runs, counts_of(made_of(tmp_path_factory.mktemp("quick"), {"999": runs}), "999", wanted)


def test_same_seed_writes_the_same_bytes():
    assert draw_deliveries(5, children=10) == draw_deliveries(5, children=10)
    assert draw_deliveries(5, children=10) != draw_deliveries(6, children=10)


def test_recount_of_one_authority(quick):
    runs, theirs = quick
    ours = Counter(runs).counts()
    assert len({name for name, _ in ours}) > 60
    assert not differences(ours, theirs)


@pytest.mark.parametrize("mutation", list(MUTATIONS))
def test_another_rule_is_seen(quick, mutation):
    """Seen to fail: a recount by another rule differs, in the figure that the rule is about."""
    runs, theirs = quick
    told = differences(Counter(runs, mutation).counts(), theirs)
    assert any(line.startswith(f"{MUTATIONS[mutation]} ") for line in told), told


def test_another_file_is_seen(quick):
    """Seen to fail: the same recount of files of which one says something else."""
    runs, theirs = quick
    changed = [{name: text.replace("<ReferralNFA>1<", "<ReferralNFA>0<") for name, text in run.items()} for run in runs]
    assert differences(Counter(changed).counts(), theirs)


@pytest.mark.by_hand
def test_recount_of_more_authorities(tmp_path: Path) -> None:
    """Each seed is an authority of its own; all of them land in one warehouse."""
    deliveries = {str(100 + seed): draw_deliveries(seed, str(100 + seed), CHILDREN, WITHOUT) for seed in SEEDS}
    place = made_of(tmp_path, deliveries)
    found = {}
    for la_code, runs in deliveries.items():
        ours = Counter(runs).counts()
        found[la_code] = differences(ours, counts_of(place, la_code, ours))
    assert not any(found.values()), found


@pytest.mark.by_hand
@pytest.mark.parametrize("seed", SEEDS[:1])
def test_figures_of_a_whole_run(tmp_path: Path, seed: int) -> None:
    """The figures themselves, and which of them exist: from files by the command line to the indicators' values."""
    runs = draw_deliveries(seed, "999", CHILDREN, WITHOUT)
    warehouse, said = run_whole(tmp_path, runs, "999")
    ours, theirs = recounted(Counter(runs)), figures_of(warehouse)
    assert len(theirs) > 100, said
    assert {key: figure for key, figure in ours.items() if theirs.get(key) != pytest.approx(figure)} == {}, said
    assert set(theirs) == set(ours)
