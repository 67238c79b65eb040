"""Particulars of made-up children: ids, birth dates, sex, ethnicity and pupil numbers of valid shape."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from synthetic.returns.model import LA_CODE, Child

# Share of each age among referred children: many babies, many teenagers.
REFERRED_AGE_WEIGHTS = (9, 7, 6.5, 6.3, 6, 5.8, 5.5, 5.3, 5.1, 5, 4.9, 4.9, 5, 5.3, 5.6, 5.8, 5, 2)
ETHNICITIES = {
    "WBRI": 0.56, "WOTH": 0.06, "WIRI": 0.006, "WROM": 0.008, "WIRT": 0.003, "MWBC": 0.085, "MWBA": 0.018,
    "MWAS": 0.022, "MOTH": 0.03, "APKN": 0.055, "AIND": 0.014, "ABAN": 0.006, "AOTH": 0.02, "CHNE": 0.003,
    "BCRB": 0.03, "BAFR": 0.045, "BOTH": 0.016, "OOTH": 0.013, "NOBT": 0.008, "REFU": 0.002,
}  # fmt: skip
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
DIRT_PREFIX = "98"  # of the ids of children that only exist as dirt
SCHOOLS = 100  # numbers 2000 to 2099 of the authority


def upn_of(birth: date, school: int, serial: int) -> str:
    """A pupil number of valid shape: check letter, authority, school, year of allocation, serial."""
    allocated = birth.year + (4 if birth.month < 9 else 5)
    digits = f"{LA_CODE}{2000 + school}{allocated % 100:02d}{serial:03d}"
    total = sum(int(digit) * weight for weight, digit in enumerate(digits, start=2))
    return UPN_LETTERS[total % 23] + digits


class People:
    """Makes children, each with an id nobody else has."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.next_id = 0
        self.upn_serials: dict[tuple[int, int], int] = {}
        self.children: list[Child] = []
        self.ethnicity_codes = list(ETHNICITIES)
        weights = np.array(list(ETHNICITIES.values()))
        self.ethnicity_weights = weights / weights.sum()
        ages = np.array(REFERRED_AGE_WEIGHTS, dtype=float)
        self.age_weights = ages / ages.sum()

    def age(self) -> int:
        """Age of a referred child."""
        return int(self.rng.choice(18, p=self.age_weights))

    def birth_at_age(self, age: int, day: date) -> date:
        """A birth date that gives the age on the day, well before the next birthday."""
        birthday = date(day.year - age, day.month, min(day.day, 28))
        return birthday - timedelta(days=int(self.rng.integers(3, 360)))

    def new_id(self) -> str:
        """The next id, spread over seven digits so that they do not sort by age."""
        while True:
            self.next_id += 1
            made = f"{(self.next_id * 7_368_787 + 1_234_567) % 9_000_000 + 1_000_000}"
            if not made.startswith(DIRT_PREFIX):
                return made

    def new_upn(self, birth: date) -> str:
        """A pupil number not given before."""
        school = int(self.rng.integers(SCHOOLS))
        allocated = birth.year + (4 if birth.month < 9 else 5)
        while self.upn_serials.get((school, allocated), 0) >= 999:
            school = (school + 1) % SCHOOLS
        serial = self.upn_serials.get((school, allocated), 0) + 1
        self.upn_serials[(school, allocated)] = serial
        return upn_of(birth, school, serial)

    def child(self, birth: date, sex: str = "") -> Child:
        """A new child."""
        sex = sex or ("1" if self.rng.random() < 0.53 else "2")
        ethnicity = self.ethnicity_codes[int(self.rng.choice(len(self.ethnicity_codes), p=self.ethnicity_weights))]
        child = Child(self.new_id(), birth, sex, ethnicity)
        self.children.append(child)
        return child
