"""Forms of a year that is not over land in a home: they count inside, marked, and nothing of them is public."""

from __future__ import annotations

import zipfile
from pathlib import Path

import duckdb
import pytest

from tests.support.small_home import NEWCOMER
from tests.support.whole_runs import Home, Ran


@pytest.fixture(scope="module")
def release(small: Home, begun: Ran) -> duckdb.DuckDBPyConnection:
    return small.release()


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


def test_no_public_file_tells_of_it(small: Home, release: duckdb.DuckDBPyConnection) -> None:
    """Neither the year nor the service that has forms of no other: names of files, texts, the parts of workbooks."""
    words = ("2024-25", "202425", NEWCOMER, NEWCOMER.upper())
    inside, outside = (_texts(small.current / side) for side in ("internal", "public"))
    for word in words[:1] + words[3:]:
        assert any(word in text for text in inside.values()), word
    assert len(outside) > 50
    assert {name: word for name, text in outside.items() for word in words if word in name + text} == {}
    assert release.execute(
        "select count(*) from marts.published_value as p join reference.reporting_year as y "
        "on p.period = y.reporting_year where p.theme = 'insights' and y.is_provisional"
    ).fetchone() == (0,)
    with small.warehouse() as con:
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


def test_the_operator_reads_of_it(small: Home, begun: Ran) -> None:
    assert "Years    2023 and 2024 over" in begun.output
    assert "2025 not over (final_to): provisional, internal only" in begun.output
    assert "2025 provisional" in begun.output
    asked = small.insights("report", "--no-pdf", "--year", "2025", "--home", str(small.home))
    assert asked.returncode == 1
    assert "April 2024 to March 2025 (provisional) is not over" in asked.stderr
    told = small.insights("explain", "client_age", "--home", str(small.home))
    assert ", 2024, all services" in told.stdout
    told = small.insights("explain", "client_age", "--period", "2025", "--home", str(small.home))
    assert ", 2025 (provisional), all services" in told.stdout
