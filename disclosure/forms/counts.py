"""Names of the forms' counts: by year, place, cohort, dataset and answer, and sums of them.

A count of forms by year, place (all services, or one), cohort, dataset and answer (`int_cohort_count`) is an atom:
every figure of the report is an atom or a sum of atoms, and so is every n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

ALL = "all_services"
# The answer that stands for the forms themselves.
EVERYBODY = 0
# Between a dataset and the number of a question: those of its forms that were not asked the question.
_UNASKED = "-"
# So many of a question's unit are told in the unit of a figure: both 12 and 7 divide it.
_IN_UNIT = 84

# Year, place, cohort, dataset, answer.
Atom = tuple[int, str, str, str, int]
# Cohort, dataset, answer: an atom wherever and whenever.
Kind = tuple[str, str, int]
# Kinds of atoms, each times a whole number.
KindSum = tuple[tuple[Kind, int], ...]


# Table, point, row and column of a figure.
Place = tuple[str, str, int, int]
# Year, all services or one, and what is averaged: the printed average.
Averages = Mapping[tuple[int, str, Place], float]


@dataclass(frozen=True)
class ReportCell:
    """A figure of the report wherever and whenever: what is counted and over what, as sums of kinds of atoms.

    Of an average `numerator` is its n, `ticks` are the options whose ticks it is the mean of, empty for others, `bands`
    are the bands of its numbers with the smallest and the largest number in each, in the unit in which it is printed,
    and `decimals` what its value is printed with.
    """

    place: Place
    numerator: KindSum
    denominator: KindSum
    statistic: str = "percentage"
    decimals: int = 0
    ticks: KindSum = ()
    bands: tuple[tuple[Kind, Fraction, Fraction], ...] = ()

    @property
    def is_average(self) -> bool:
        """Whether it is one of numbers, of which only the n is a count."""
        return self.statistic in ("mean", "median")


def read_cell(row: Sequence[Any]) -> ReportCell:
    """A row of `int_disclosure_cell`, its columns in the order in which the model has them."""
    table, point, row_order, column_order, statistic, decimals, numerator, denominator, ticks, bands, in_unit = row
    unit = Fraction(in_unit or _IN_UNIT, _IN_UNIT)
    return ReportCell(
        (table, point, row_order, column_order),
        read_terms(numerator),
        read_terms(denominator),
        statistic,
        decimals or 0,
        read_terms(ticks),
        tuple(_read_band(band, unit) for band in bands.split("+")) if bands else (),
    )


def _read_band(text: str, unit: Fraction) -> tuple[Kind, Fraction, Fraction]:
    kind, bounds = text.split("*")
    cohort, dataset, answer = kind.split("/")
    lower, upper = (Fraction(bound) * unit for bound in bounds.split(":"))
    return (cohort, dataset, int(answer)), lower, upper


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
