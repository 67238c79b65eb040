"""Names of the forms' counts: by year, place, cohort, dataset and answer, and sums of them.

A count of forms by year, place (all services, or one), cohort, dataset and answer (`int_cohort_count`) is an atom:
every figure of the report is an atom or a sum of atoms, and so is every n.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

ALL = "all_services"
# The answer that stands for the forms themselves.
EVERYBODY = 0
# Between a dataset and the number of a question: those of its forms that were not asked the question.
_UNASKED = "-"

# Year, place, cohort, dataset, answer.
Atom = tuple[int, str, str, str, int]
# Cohort, dataset, answer: an atom wherever and whenever.
Kind = tuple[str, str, int]
# Kinds of atoms, each times a whole number.
KindSum = tuple[tuple[Kind, int], ...]


@dataclass(frozen=True)
class ReportCell:
    """A figure of the report wherever and whenever: what is counted and over what, as sums of kinds of atoms.

    Of an average `numerator` is its n. `ticks` are the options whose ticks it is the mean of, empty for others, and
    `decimals` what its value is printed with.
    """

    numerator: KindSum
    denominator: KindSum
    ticks: KindSum = ()
    decimals: int = 0
    statistic: str = "percentage"


def unasked_dataset(dataset: str, question: int) -> str:
    """The name under which forms of a dataset are counted that were not asked a question."""
    return f"{dataset}{_UNASKED}{question}"


def is_unasked(dataset: str) -> bool:
    """Whether it is such a name."""
    return _UNASKED in dataset


def read_terms(text: str) -> KindSum:
    """A sum of kinds of atoms from `cohort/dataset/answer*weight+...`, the way `int_disclosure_cell` writes it."""
    terms = []
    for term in text.split("+") if text else ():
        kind, weight = term.split("*")
        cohort, dataset, answer = kind.split("/")
        terms.append(((cohort, dataset, int(answer)), int(weight)))
    return tuple(terms)


def write_terms(total: KindSum) -> str:
    """The opposite of `read_terms`."""
    return "+".join(f"{cohort}/{dataset}/{answer}*{weight}" for (cohort, dataset, answer), weight in total)


def same_everywhere(counts: Mapping[Atom, int], threshold: int) -> list[tuple[Kind, Kind]]:
    """Pairs of kinds of atoms that are equal in every year and place, and somewhere above the threshold.

    All kinds, not only printed ones: the whole of a cohort and the answer that defines it are one number, and only one
    of the two is printed.
    """
    series: dict[Kind, dict[tuple[int, str], int]] = defaultdict(dict)
    for (year, place, cohort, dataset, answer), count in counts.items():
        if count:
            series[(cohort, dataset, answer)][(year, place)] = count
    groups: dict[tuple[tuple[tuple[int, str], int], ...], list[Kind]] = defaultdict(list)
    # In one order, whichever the counts came in: the order of relations decides between choices that cost the same.
    for kind, values in sorted(series.items()):
        if max(values.values()) > threshold:
            groups[tuple(sorted(values.items()))].append(kind)
    return [
        (first, other) for kinds_alike in groups.values() for first, *rest in [sorted(kinds_alike)] for other in rest
    ]
