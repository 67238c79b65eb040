"""A home of one service and few files, for all that happens to a home: years that are over and one that is not."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

from catalogue.programme import SAMPLE as SAMPLE_PROGRAMME
from tests.support.whole_runs import SAMPLE, Home

MOVED = ("submitted_at", "edited_at", "date_of_birth", "intake_date", "review_date", "closure_date")
OWN = ("submission_id", "client_id", "case_reference")
NEWCOMER = "Quillfeather"


def a_year_later(path: Path, to: Path) -> None:
    """A file of forms as it would come a year later, of other clients; every fourth of a service that is new."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        header, *rows = csv.reader(handle)
    place = {name: header.index(name) for name in (*MOVED, *OWN, "service") if name in header}
    for number, row in enumerate(rows):
        for name in set(MOVED) & set(place):
            row[place[name]] = re.sub(r"\b20\d\d\b", lambda year: str(int(year[0]) + 1), row[place[name]])
            row[place[name]] = re.sub(r"\b(\d{4}-02-|)29(/02/\d{4}|)", _no_29_february, row[place[name]])
        for name in OWN:
            row[place[name]] += "-later" if row[place[name]] else ""
        if number % 4 == 0:
            row[place["service"]] = NEWCOMER
    with to.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])


def _no_29_february(day: re.Match[str]) -> str:
    return f"{day[1]}28{day[2]}" if day[1] or day[2] else day[0]


def fill(home: Home) -> None:
    """Two years of one service, and what came since, of which every fourth form is of another; with its programme."""
    folder = home.raw / "insights" / "beacon"
    folder.mkdir(parents=True)
    for path in sorted((SAMPLE / "insights" / "beacon").glob("*_202[123]-2[34]_h?.csv")):
        (folder / path.name).write_bytes(path.read_bytes())
        if "2023-24" in path.name:
            a_year_later(path, folder / path.name.replace("2023-24", "2024-25"))
    home.programme = Path(shutil.copytree(SAMPLE_PROGRAMME, home.root / "programme"))
    # Every service that is listed has its place in public, with forms or without: the newcomer from its first year on.
    (home.programme / "services.csv").write_text(
        f"code,name,spellings,region,from,to,became\nBEACON,BEACON,Beacon,,,,\n"
        f"{NEWCOMER.upper()},{NEWCOMER},,,2024-04-01,,\n",
        encoding="utf-8",
    )
    # No programme but the sample's own takes the key that everybody knows, unless told that its data are invented.
    home.variables = {"INSIGHTS_ENV": "sample"}
