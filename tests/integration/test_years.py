"""Forms of a year that is not over land in a home: they count inside, marked, and nothing of them is public."""

from __future__ import annotations

import csv
import re
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest

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


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """A home with two years of one service and what came since; and what its run said."""
    home = Home(tmp_path_factory.mktemp("years"))
    folder = home.raw / "insights" / "beacon"
    folder.mkdir(parents=True)
    for path in sorted((SAMPLE / "insights" / "beacon").glob("*_202[123]-2[34]_h?.csv")):
        (folder / path.name).write_bytes(path.read_bytes())
        if "2023-24" in path.name:
            a_year_later(path, folder / path.name.replace("2023-24", "2024-25"))
    programme = Path(shutil.copytree(SAMPLE_PROGRAMME, home.root / "programme"))
    with (programme / "services.csv").open("a", encoding="utf-8") as handle:
        handle.write(f"{NEWCOMER.upper()},{NEWCOMER},,,,,\n")
    # No programme but the sample's own takes the key that everybody knows, unless told that its data are invented.
    home.variables = {"INSIGHTS_ENV": "sample"}
    done = home.run("--programme", str(programme))
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return home, done.stdout


@pytest.fixture(scope="module")
def release(begun: tuple[Home, str]) -> duckdb.DuckDBPyConnection:
    return begun[0].release()


def test_a_year_after_the_last_final_one_is_there_and_provisional(release: duckdb.DuckDBPyConnection) -> None:
    years = "select reporting_year, is_provisional from reference.reporting_year where is_reported order by 1"
    assert release.execute(years).fetchall() == [(2023, False), (2024, False), (2025, True)]
    assert release.execute(
        "select distinct is_provisional, period from marts.indicator_value where theme = 'insights' order by all"
    ).fetchall() == [(False, 2023), (False, 2024), (True, 2025)]
    accepted = dict(
        release.execute(
            "select reporting_year, sum(forms) from marts.waterfall where disposition = 'accepted' group by all"
        ).fetchall()
    )
    assert accepted[2025] > 0.9 * accepted[2024]


def test_nothing_is_compared_with_it(release: duckdb.DuckDBPyConnection) -> None:
    changes = (
        "select count(change), count(change_p_value), count(previous_value) from marts.year_change where period = ?"
    )
    assert release.execute(changes, [2025]).fetchone() == (0, 0, 0)
    (some, *_) = release.execute(changes, [2024]).fetchone() or (0,)
    assert some > 100


def test_no_public_file_tells_of_it(begun: tuple[Home, str], release: duckdb.DuckDBPyConnection) -> None:
    """Neither the year nor the service that has forms of no other: names of files, texts, the parts of workbooks."""
    words = ("2024-25", "202425", NEWCOMER, NEWCOMER.upper())
    inside, outside = (_texts(begun[0].current / side) for side in ("internal", "public"))
    for word in words[:1] + words[3:]:
        assert any(word in text for text in inside.values()), word
    assert len(outside) > 50
    assert {name: word for name, text in outside.items() for word in words if word in name + text} == {}
    assert release.execute(
        "select count(*) from marts.published_value as p join reference.reporting_year as y "
        "on p.period = y.reporting_year where p.theme = 'insights' and y.is_provisional"
    ).fetchone() == (0,)
    with begun[0].warehouse() as con:
        decided = "select distinct period, geography_code from intermediate.int_disclosure_count order by all"
        places = [(year, place) for year in (2023, 2024) for place in ("BEACON", "all_services")]
        assert con.execute(decided).fetchall() == places


def _texts(side: Path) -> dict[str, str]:
    found = {}
    for path in sorted(side.rglob("*")):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found[str(path)] = " ".join(book.read(name).decode() for name in book.namelist())
        elif path.is_file() and path.suffix not in {".pdf", ".duckdb", ".parquet"}:
            found[str(path.relative_to(side))] = path.read_text(encoding="utf-8")
    return found


def test_the_operator_reads_of_it(begun: tuple[Home, str]) -> None:
    home, said = begun
    assert "Years    2023 and 2024 over" in said
    assert "2025 not over (final_to): provisional, internal only" in said
    assert "2025 provisional" in said
    asked = home.insights("report", "--no-pdf", "--year", "2025", "--home", str(home.home))
    assert asked.returncode == 1
    assert "April 2024 to March 2025 (provisional) is not over" in asked.stderr
    told = home.insights("explain", "client_age", "--home", str(home.home))
    assert ", 2024, all services" in told.stdout
    told = home.insights("explain", "client_age", "--period", "2025", "--home", str(home.home))
    assert ", 2025 (provisional), all services" in told.stdout
