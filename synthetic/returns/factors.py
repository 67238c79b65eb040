"""Factors found at the end of assessments: exact numbers per family and letter, found together more than by chance.

Every assessment has a burden nobody sees. For each family of factors the assessments with the highest sum of burden,
what else is known of the child (a plan's category, age) and chance get it, as many as wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from synthetic.returns.counts import FACTORS, FactorCounts
from synthetic.returns.model import YEARS, Assessment, Case, Child, year_of

FAMILIES = {"alcohol": "1", "drugs": "2", "domestic": "3", "mental": "4", "learning": "5", "physical": "6"}
SINGLES = ("9A", "10A", "11A", "12A", "13A", "14A", "15A", "22A", "23A", "8F", "7A")
MALTREATMENT = {"NEG": "16A", "EMO": "17A", "PHY": "18A", "SAB": "19A"}
TEENAGE = {"1A", "2A", "10A", "11A", "13A", "14A", "15A", "4A"}


@dataclass(eq=False)
class Found:
    """One authorised assessment with what its factors depend on."""

    child: Child
    case: Case
    assessment: Assessment
    burden: float
    age: int
    factors: set[str]

    @property
    def category(self) -> str:
        """Category of a plan the case led to."""
        return self.case.plans[0].category if self.case.plans else ""


def authorised(children: list[Child], year: int) -> list[tuple[Child, Case, Assessment]]:
    """Assessments completed in a year."""
    return [
        (child, case, assessment)
        for child in children
        for case in child.cases
        for assessment in case.assessments
        if assessment.authorised and year_of(assessment.authorised) == year
    ]


def add_factors(children: list[Child], seed: int) -> None:
    """Give every completed assessment of every year its factors."""
    for year in YEARS:
        _year(children, FACTORS[year], np.random.default_rng([seed, 11, year]))


def _year(children: list[Child], counts: FactorCounts, rng: np.random.Generator) -> None:
    found = []
    for child, case, assessment in authorised(children, counts.year):
        burden = rng.normal() + (0.5 if case.plans else 0.2 if case.enquiries else 0.0)
        day: date = assessment.authorised or assessment.start
        found.append(Found(child, case, assessment, burden, child.age_on(day), set()))
    order = rng.permutation(len(found))[: counts.with_any]
    recorded = [found[n] for n in sorted(order)]

    def best(able: list[Found], wanted: int, score: dict[int, float]) -> list[Found]:
        noise = rng.gumbel(size=len(able))
        values = [score.get(id(one), 0.0) + float(noise[n]) for n, one in enumerate(able)]
        return [able[n] for n in np.argsort(np.negative(values), kind="stable")[:wanted]]

    # Families 1 to 6: so many assessments, then letters.
    weights = {"domestic": 0.55, "mental": 0.5, "drugs": 0.8, "alcohol": 0.8, "learning": 0.15, "physical": 0.15}
    for family, digit in FAMILIES.items():
        wanted, child_letter, both, other = counts.families[family]
        score = {}
        for one in recorded:
            value = weights[family] * one.burden
            if family == "domestic" and one.category in ("EMO", "PHY"):
                value += 0.6
            if (family, one.case.source) in (("domestic", "6"), ("mental", "3A"), ("mental", "3F"), ("mental", "3E")):
                value += 0.7
            if family in ("learning", "physical") and one.child.disabilities:
                value += 1.8
            if family == "drugs" and "1B" in one.factors:
                value += 0.9
            score[id(one)] = value
        chosen = best(recorded, wanted, score)
        young = {id(one): 0.35 * one.age + (2.5 if one.child.disabilities and digit in "56" else 0) for one in chosen}
        children_first = best(chosen, child_letter, young if digit in "1245" else {})
        for one in children_first:
            one.factors.add(f"{digit}A")
        without = [one for one in chosen if not one.factors & {f"{digit}A"}]
        others = {id(one) for one in best(without, other, {})}
        for one in without:
            one.factors.add(f"{digit}C" if id(one) in others else f"{digit}B")
        able = [one for one in chosen if f"{digit}B" not in one.factors]
        for one in best(able, both, {id(one): one.burden for one in able}):
            one.factors.add(f"{digit}B")
    # Abuse and neglect: the category of a plan shows in the assessment.
    for category, code in MALTREATMENT.items():
        score = {}
        for one in recorded:
            value = 0.3 * one.burden + (4.0 if one.category == category else 1.4 if one.category == "MUL" else 0.0)
            if not one.factors:
                value += 1.2
            score[id(one)] = value
        for one in best(recorded, counts.others[code], score):
            one.factors.add(code)
    for code in SINGLES:
        score = {}
        for one in recorded:
            value = 0.3 * one.burden + (1.0 if not one.factors else 0.0)
            if code in TEENAGE:
                value += 0.3 * one.age
            if code == "9A":
                value += 6.0 if any(period.is_unaccompanied for period in one.child.care) else 0.0
            score[id(one)] = value
        for one in best(recorded, counts.others[code], score):
            one.factors.add(code)
    # "Other" goes first to those with nothing yet, so that every recorded assessment has a factor.
    score = {id(one): 50.0 if not one.factors else 0.0 for one in recorded}
    for one in best(recorded, counts.others["20"], score):
        one.factors.add("20")
    empty = [one for one in recorded if not one.factors]
    if empty:
        raise RuntimeError(f"{len(empty)} assessments of {counts.year} are left without a factor")
    rest = [one for one in found if not one.factors]
    for n in rng.permutation(len(rest))[: counts.none_found]:
        rest[n].factors.add("21")
    for one in found:
        one.assessment.factors = sorted(one.factors, key=lambda code: (int(code.rstrip("ABCDEF")), code))
