"""A second count of a network's forms, in plain Python, from the files alone.

Nothing of the project is used. The rules, as they are written for readers:

- A form counts where consent was given. A year is April to March; a client's latest intake form of a year speaks for
  it.
- A question was not asked of a form if the file has no column for it, and either every column of the file is one
  that forms have or the programme says that it is not asked, for all or for the service, on the day of the form.
  Else what is not there is missing, as a blank cell is.
- A follow-up was not asked if the question before it was not.
- An exit form without an intake form was not asked at intake what its service asks nobody there.
- Who was not asked is in no n. Who did not give the answer that opens a follow-up is in no n of it either.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

# Form, question, version, service, first and last day; blank for all.
Rule = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Form:
    """One record with the header row it came under. `known` says whether every column of its file is one of a form."""

    kind: str
    service: str
    client: str
    case: str
    day: date
    cells: dict[str, str]
    known: bool

    @property
    def year(self) -> int:
        return self.day.year + (self.day.month >= 4)


@dataclass(frozen=True)
class Count:
    """Of the units of a cohort: those in n, of them those counted, and those who were not asked."""

    n: int
    counted: int
    not_asked: int


class Network:
    """The forms of a raw folder; `unknown` are headers that no form has."""

    def __init__(self, raw: Path, rules: Sequence[Rule], unknown: str) -> None:
        self._rules = rules
        self.forms = [form for path in sorted(raw.rglob("*.csv")) for form in _read(path, unknown)]
        intakes = [form for form in self.forms if form.kind == "intake"]
        self._intake_of = {(form.service, form.case): form for form in intakes}
        latest: dict[tuple[str, str, int], Form] = {}
        for form in sorted(intakes, key=lambda form: form.day):
            latest[form.service, form.client, form.year] = form
        self.clients = list(latest.values())

    def intakes(self) -> list[Form]:
        return [form for form in self.forms if form.kind == "intake"]

    def intake_of(self, leaving: Form) -> Form | None:
        """The intake form of the same case; None where there is none that counts."""
        return self._intake_of.get((leaving.service, leaving.case))

    def was_asked_at_intake(self, leaving: Form, question: str) -> bool:
        """Whether the intake form of an exit form was asked a question; without one, whether its service asks it."""
        intake = self.intake_of(leaving)
        own = [intake] if intake else [form for form in self.intakes() if form.service == leaving.service]
        return any(self.was_asked(form, question) for form in own)

    def exits(self) -> list[Form]:
        return [form for form in self.forms if form.kind == "exit"]

    def was_asked(self, form: Form, *questions: str) -> bool:
        """Whether a form was asked a question; of a follow-up also those before it."""
        return all(self._was_asked(form, question) for question in questions)

    def _was_asked(self, form: Form, question: str) -> bool:
        if any(header == question or header.startswith(question + "___") for header in form.cells):
            return True
        if form.known:
            return False
        return not any(
            kind == form.kind
            and asked == f"{form.kind}_{question}"
            and service in ("", form.service)
            and (not first or date.fromisoformat(first) <= form.day)
            and (not last or form.day <= date.fromisoformat(last))
            for kind, asked, _, service, first, last in self._rules
        )


def count(
    units: Iterable[Form],
    asked: Callable[[Form], bool],
    in_base: Callable[[Form], bool],
    counted: Callable[[Form], bool],
) -> Count:
    """Count the units of a cohort by the rules above."""
    units = list(units)
    base = [unit for unit in units if asked(unit) and in_base(unit)]
    return Count(len(base), sum(counted(unit) for unit in base), sum(not asked(unit) for unit in units))


def _read(path: Path, unknown: str) -> Iterable[Form]:
    kind = path.name.split("_")[0]
    day = {"intake": "intake_date", "exit": "closure_date"}[kind]
    with path.open(encoding="utf-8", newline="") as handle:
        for cells in csv.DictReader(handle):
            if cells["consent"] == "yes":
                yield Form(
                    kind,
                    cells["service"].upper(),
                    cells["client_id"],
                    cells["case_reference"],
                    date.fromisoformat(cells[day]),
                    cells,
                    unknown not in cells,
                )
