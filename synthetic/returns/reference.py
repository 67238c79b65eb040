"""Population estimates and comparator rates: no personal data, made to the document's figures."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from synthetic.returns.writers import Row, csv_bytes

AREA = ("E06999999", "Sherwood (synthetic)")
CHILDREN = {2012: 63310, 2013: 64180, 2014: 64978, 2015: 64978, 2016: 65620}  # 0-17
AGED_8_TO_15 = 25789  # what 38% being about 9,800 children implies
AGE_WEIGHTS = (
    4180,
    4160,
    4110,
    4080,
    4060,
    3980,
    3880,
    3742,
    3560,
    3420,
    3300,
    3200,
    3120,
    3080,
    3060,
    3049,
    3420,
    3577,
)
ADULTS = 250_000
POPULATION_COLUMNS = ("area_code", "area_name", "mid_year", "age", "sex", "count")
COMPARATOR_COLUMNS = [
    "indicator_id",
    "area_level",
    "area_code",
    "area_name",
    "period",
    "breakdown",
    "numerator",
    "denominator",
    "value",
    "source",
]


def spread(total: int, weights: np.ndarray) -> list[int]:
    """Whole numbers in proportion to weights that add up to the total."""
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(int)
    for n in np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]:
        whole[n] += 1
    return [int(number) for number in whole]


def population_rows() -> list[Row]:
    """Mid-year estimates by single year of age and sex, ages 0 to 90."""
    weights = np.array(AGE_WEIGHTS, dtype=float)
    rows: list[Row] = []
    adult_ages = np.arange(18, 91)
    adult_weights = np.where(
        adult_ages < 30, 3.2 - np.abs(adult_ages - 21) * 0.12, np.maximum(1.3 - (adult_ages - 30) * 0.017, 0.12)
    )
    for year, total in CHILDREN.items():
        middle = round(AGED_8_TO_15 * total / 64978)
        ages = np.zeros(18, dtype=int)
        ages[8:16] = spread(middle, weights[8:16])
        outside = [*range(8), 16, 17]
        ages[outside] = spread(total - middle, weights[outside])
        adults = spread(ADULTS + (year - 2014) * 2400, adult_weights)
        for age, count in enumerate([*(int(n) for n in ages), *adults]):
            male = (count * 511 + 500) // 1000 if age < 18 else (count * 503 + 500) // 1000
            rows.append((*AREA, str(year), str(age), "M", str(male)))
            rows.append((*AREA, str(year), str(age), "F", str(count - male)))
    return rows


def population_file() -> bytes:
    """The population extract."""
    return csv_bytes(POPULATION_COLUMNS, population_rows())


def comparator_rows() -> list[Row]:
    """Printed rates of England and the statistical neighbours, kept beside this module as data."""
    with (Path(__file__).parent / "comparator.csv").open(encoding="utf-8", newline="") as handle:
        return [tuple(row) for row in list(csv.reader(handle))[1:]]


def comparator_file() -> bytes:
    """The comparator extract."""
    return csv_bytes(COMPARATOR_COLUMNS, comparator_rows())
