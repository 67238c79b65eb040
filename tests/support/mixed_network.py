"""Exports of a network in which not every service asks everything, with what its programme says of it.

Five services and some 900 clients over two years. Nobody in them exists.

| service | its files |
|---|---|
| Alder, Birch | have every column |
| Cedar | lack the section on harmful behaviour, and in the first year gender; all that is there is known |
| Dogwood | lack disability and its kinds, and have a column that no form has |
| Elm | lack ACEs, and have a column that no form has |

The programme says that disability is not asked from April 2023 on, which speaks of Dogwood alone: the others have the
column. Of ACEs it says nothing.

Nobody asks where the child lives: the column is in no file, and the programme says so.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from catalogue import ExportHeader, load_catalogue

YEARS = (2023, 2024)
CLIENTS = 90  # of a service in a year
UNKNOWN = "friend_at_home"

HARMFUL = ("intake_harmful",)
DISABILITY = ("intake_profile_disability",)
ACES = ("intake_profile_ace",)
RESIDENCY = ("intake_profile_residency",)
GENDER = ("intake_profile_gender_at_birth",)

# What the file of intake forms of a service and year has no column for, and which have a column of their own.
LACKS: dict[tuple[str, int], tuple[str, ...]] = {
    ("Cedar", 2023): (*HARMFUL, *GENDER),
    ("Cedar", 2024): HARMFUL,
    ("Dogwood", 2023): DISABILITY,
    ("Dogwood", 2024): DISABILITY,
    ("Elm", 2023): ACES,
    ("Elm", 2024): ACES,
}
SERVICES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm")
WITH_UNKNOWN = ("Dogwood", "Elm")

# As the programme's not_asked.csv has them: form, question, version, service, first and last day.
NOT_ASKED = (
    ("intake", "intake_profile_disability", "", "DOGWOOD", "2023-04-01", ""),
    ("intake", "intake_profile_residency", "", "", "", ""),
)

_ANSWERS = ("yes", "no", "no", "dont_know", "")


def write_programme(folder: Path) -> None:
    """Write a programme that says what is not asked; its raw folder and home lie beside it."""
    (folder / "catalogue").mkdir(parents=True)
    (folder / "programme.toml").write_text(
        'id = "mixed"\nname = "Mixed"\npublisher = "Nobody"\nthemes = ["forms"]\nfinal_to = 2024-03-31\n'
        'raw = "../raw"\nhome = "../home"\n',
        encoding="utf-8",
    )
    services = "".join(f"{name.upper()},{name},,,,,\n" for name in SERVICES)
    (folder / "services.csv").write_text(f"code,name,spellings,region,from,to,became\n{services}", encoding="utf-8")
    with (folder / "catalogue" / "not_asked.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("form_id", "question_id", "form_version", "service_code", "first_day", "last_day"))
        writer.writerows(NOT_ASKED)


def write_exports(folder: Path) -> None:
    """Write the files of every service and year into a folder each. The same every time."""
    draw = random.Random(18)
    for service in SERVICES:
        for year in YEARS:
            intakes = list(_intakes(draw, service, year))
            exits = list(_exits(draw, intakes))
            _write(folder / service / f"intake_{year}.csv", "intake", intakes, service, year)
            _write(folder / service / f"exit_{year}.csv", "exit", exits, service, year)


def _intakes(draw: random.Random, service: str, year: int) -> Iterable[dict[str, str]]:
    for number in range(CLIENTS):
        client = f"{service[0]}{year}{number:03d}"
        born = date(year - 5 - draw.randrange(13), 1 + draw.randrange(12), 1)
        # One client in fifteen comes twice in a year.
        for time in range(2 if number % 15 == 0 else 1):
            day = date(year - 1, 4, 1) + timedelta(days=draw.randrange(90) + 120 * time)
            yield _intake(draw, service, client, f"{client}-{time}", day) | {
                "intake_admin_date_of_birth": born.isoformat()
            }


def _intake(draw: random.Random, service: str, client: str, case: str, day: date) -> dict[str, str]:
    cells = {
        "intake_admin_submission_id": f"I-{case}",
        "intake_admin_submitted_at": f"{day.isoformat()}T10:00:00Z",
        "intake_admin_service": service,
        "intake_admin_client_id": client,
        "intake_admin_case_reference": f"R-{case}",
        "intake_admin_consent": "no" if draw.random() < 0.03 else "yes",
        "intake_admin_intake_date": day.isoformat(),
        "intake_profile_gender_at_birth": draw.choice(("male", "female", "female", "")),
        "intake_profile_residency___mother": draw.choice(("1", "0")),
        "intake_profile_disability": draw.choice(_ANSWERS),
        "intake_profile_ace_experienced": draw.choice(("yes", *_ANSWERS)),
        "intake_harmful_supported": draw.choice(("yes", *_ANSWERS)),
        "intake_exposure_supported": draw.choice(("yes", "yes", *_ANSWERS)),
        "intake_direct_supported": draw.choice(_ANSWERS),
    }
    if cells["intake_profile_disability"] == "yes":
        cells |= {f"intake_profile_disability_type___{kind}": draw.choice("001") for kind in ("physical", "asd")}
    if cells["intake_profile_ace_experienced"] == "yes":
        cells |= {f"intake_profile_ace_types___{kind}": draw.choice("001") for kind in ("physical_abuse", "neglect")}
    if cells["intake_harmful_supported"] == "yes":
        cells["intake_harmful_type_physical"] = draw.choice(_ANSWERS)
        cells["intake_harmful_duration"] = draw.choice(("1", "5", "30", ""))
    return cells


def _exits(draw: random.Random, intakes: Iterable[dict[str, str]]) -> Iterable[dict[str, str]]:
    for intake in intakes:
        # Only first forms, so that a reference alone says which case it is; with a closure in the same reporting year.
        if not intake["intake_admin_case_reference"].endswith("-0") or draw.random() < 0.4:
            continue
        day = date.fromisoformat(intake["intake_admin_intake_date"]) + timedelta(days=100)
        yield {
            "exit_admin_submission_id": intake["intake_admin_submission_id"].replace("I-", "E-"),
            "exit_admin_submitted_at": f"{day.isoformat()}T10:00:00Z",
            "exit_admin_service": intake["intake_admin_service"],
            "exit_admin_client_id": intake["intake_admin_client_id"],
            "exit_admin_case_reference": intake["intake_admin_case_reference"],
            "exit_admin_consent": "yes",
            "exit_admin_closure_date": day.isoformat(),
            "exit_harmful_present": draw.choice(_ANSWERS),
            "exit_harmful_type_physical": draw.choice(_ANSWERS),
        }


def _write(path: Path, form_id: str, records: Iterable[dict[str, str]], service: str, year: int) -> None:
    lacks = (*LACKS.get((service, year), ()), *RESIDENCY)
    headers = [one for one in load_catalogue().headers(form_id, "v2", "code_columns") if _is_there(one, lacks)]
    unknown = [UNKNOWN] if service in WITH_UNKNOWN and form_id == "intake" else []
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow([*(one.header for one in headers), *unknown])
        for record in records:
            writer.writerow([*(record.get(_cell(one), "") for one in headers), *("dog" for _ in unknown)])


def _is_there(header: ExportHeader, lacks: tuple[str, ...]) -> bool:
    return not header.question_id.startswith(lacks)


def _cell(header: ExportHeader) -> str:
    return header.question_id + (f"___{header.option_code}" if header.option_code else "")
