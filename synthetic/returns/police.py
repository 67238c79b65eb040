"""Police incidents April 2012 to March 2016: domestic abuse calls, and other violence for the share of all violence."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from synthetic.returns.counts import POLICE, PoliceCounts
from synthetic.returns.model import year_end, year_start
from synthetic.returns.writers import Row

INCIDENT_COLUMNS = ("incident_id", "incident_date", "is_domestic_abuse", "is_crime", "is_violence", "risk_grade")
PERSON_COLUMNS = ("incident_id", "person_id", "role", "sex", "birth_date")


class Police:
    """Draws incidents and the people in them."""

    def __init__(self, seed: int, counts: PoliceCounts = POLICE) -> None:
        self.rng = np.random.default_rng([seed, 51])
        self.counts = counts
        self.incidents: list[list[str]] = []
        self.people: list[Row] = []
        self.next_person = 0

    def draw(self) -> None:
        """All of it."""
        rng, counts = self.rng, self.counts
        graded_from = counts.graded_from
        domestic: list[list[str]] = []
        for year in counts.years:
            length = (year_end(year) - year_start(year)).days + 1
            days = sorted(int(day) for day in rng.integers(0, length, counts.calls))
            crimes = set(rng.choice(counts.calls, counts.crimes, replace=False).tolist())
            violent = set(rng.choice(sorted(crimes), counts.violent_crimes, replace=False).tolist())
            for n, day in enumerate(days):
                when = year_start(year) + timedelta(days=day)
                domestic.append(["", when.isoformat(), "1", str(int(n in crimes)), str(int(n in violent)), "standard"])
            for day in rng.integers(0, length, counts.other_violence):
                when = year_start(year) + timedelta(days=int(day))
                self.incidents.append(["", when.isoformat(), "0", "1", "1", ""])
        able = [n for n, row in enumerate(domestic) if row[1] >= graded_from.isoformat()]
        # A crime is more often high or medium risk.
        weights = np.array([1.7 if domestic[n][3] == "1" else 1.0 for n in able])
        chosen = rng.choice(len(able), counts.high_or_medium, replace=False, p=weights / weights.sum())
        for n in chosen:
            domestic[able[n]][5] = "high" if rng.random() < 0.27 else "medium"
        self.incidents += domestic
        self.incidents.sort(key=lambda row: row[1])
        for number, row in enumerate(self.incidents):
            row[0] = f"I{1200000 + number * 3}"
        self.draw_people()

    def person(self) -> str:
        """A new person's id."""
        self.next_person += 1
        return f"P{(self.next_person * 7_368_787) % 9_000_000 + 1_000_000}"

    def draw_people(self) -> None:
        """Families of a survivor, a perpetrator and children meet the graded incidents; other crimes a survivor."""
        rng, counts = self.rng, self.counts
        graded = [row for row in self.incidents if row[5] in ("high", "medium")]
        graded = [graded[n] for n in rng.permutation(len(graded))]
        families: list[list[tuple[str, str, str, str]]] = []
        people = 0
        while people < counts.individuals:
            size = min(2 + int(rng.choice(4, p=[0.36, 0.34, 0.2, 0.1])), counts.individuals - people)
            families.append(self.family(size))
            people += size
        if len(families) > len(graded):
            raise RuntimeError("more families than incidents")
        owners = list(range(len(families)))
        owners += [int(n) for n in (rng.pareto(1.3, len(graded) - len(families)) * 400).astype(int) % len(families)]
        for row, owner in zip(graded, owners, strict=True):
            for person, role, sex, birth in families[owner]:
                self.people.append((row[0], person, role, sex, birth))
        for row in self.incidents:
            if row[2] == "1" and row[3] == "1" and row[5] == "standard":
                person, role, sex, birth = self.family(1)[0]
                self.people.append((row[0], person, role, sex, birth))
        self.balance()
        self.people = sorted(self.people)

    def family(self, size: int) -> list[tuple[str, str, str, str]]:
        """A survivor, a perpetrator and children, up to a size."""
        rng = self.rng
        born = date(1960, 1, 1) + timedelta(days=int(rng.integers(0, 13500)))
        female = rng.random() < 0.84
        made = [(self.person(), "survivor", "F" if female else "M", born.isoformat())]
        if size > 1:
            made.append((self.person(), "perpetrator", "M" if female else "F", ""))
        for _ in range(size - 2):
            birth = date(1998, 1, 1) + timedelta(days=int(rng.integers(0, 5000)))
            made.append((self.person(), "child", "M" if rng.random() < 0.5 else "F", birth.isoformat()))
        return made

    def balance(self) -> None:
        """Bring the share of women among the victims of crimes to the printed one, by people and by victims' rows."""
        crimes = {row[0] for row in self.incidents if row[2] == "1" and row[3] == "1"}
        times: dict[str, int] = {}
        sexes: dict[str, str] = {}
        for incident, person, role, sex, _ in self.people:
            if role == "survivor" and incident in crimes:
                times[person] = times.get(person, 0) + 1
                sexes[person] = sex
        wanted = round(self.counts.female_share * len(times))
        women = [person for person, sex in sexes.items() if sex == "F" and times[person] == 1]
        men = [person for person, sex in sexes.items() if sex == "M" and times[person] == 1]
        gap = wanted - sum(1 for sex in sexes.values() if sex == "F")
        changed = set((men if gap > 0 else women)[: abs(gap)])
        self.people = [
            (incident, person, role, ("F" if sex == "M" else "M") if person in changed else sex, birth)
            for incident, person, role, sex, birth in self.people
        ]
