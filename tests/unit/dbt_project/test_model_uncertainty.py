"""The delta method of the models against random draws, on the inputs and terms that are published with them."""

from __future__ import annotations

import csv
from collections import defaultdict

import numpy as np
import pytest

from tests.support.paths import ROOT

SEEDS = ROOT / "programmes" / "sample" / "catalogue"
PEOPLE = {"adult_women": 127_674.0, "adult_men": 129_323.0, "children_8_15": 25_789.0}
DRAWS = 200_000


def read(name: str) -> list[dict[str, str]]:
    """Rows of a seed."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


INPUTS = {
    row["input_id"]: (
        float(row["value"] or PEOPLE[row["input_id"]]),
        (float(row["upper_95"]) - float(row["lower_95"])) / 2 if row["lower_95"] else 0.0,
    )
    for row in read("model_input.csv")
}
ESTIMATES: dict[tuple[str, str, str], list[tuple[float, list[str]]]] = defaultdict(list)
for term in read("model_term.csv"):
    used = [term[f"input_{n}"] for n in (1, 2, 3) if term[f"input_{n}"]]
    ESTIMATES[(term["indicator_id"], term["breakdown"], term["breakdown_value"])].append(
        (float(term["coefficient"]), used)
    )


@pytest.mark.parametrize("estimate", sorted(ESTIMATES), ids=" ".join)
def test_limits_are_those_of_random_draws(estimate: tuple[str, str, str]) -> None:
    drawn = np.random.default_rng(7)
    draws = {name: drawn.normal(value, half / 1.959964, DRAWS) for name, (value, half) in sorted(INPUTS.items())}
    terms = ESTIMATES[estimate]
    simulated = sum(coefficient * np.prod([draws[name] for name in used], axis=0) for coefficient, used in terms)
    value = sum(coefficient * np.prod([INPUTS[name][0] for name in used]) for coefficient, used in terms)
    shift: dict[str, float] = defaultdict(float)
    for coefficient, used in terms:
        for name in used:
            shift[name] += (
                coefficient * float(np.prod([INPUTS[one][0] for one in used])) / INPUTS[name][0] * INPUTS[name][1]
            )
    half = float(np.sqrt(sum(one**2 for one in shift.values())))
    low, high = np.percentile(np.asarray(simulated), [2.5, 97.5])
    if half == 0:
        assert low == pytest.approx(high)
    else:
        assert low == pytest.approx(value - half, abs=0.03 * half)
        assert high == pytest.approx(value + half, abs=0.03 * half)
