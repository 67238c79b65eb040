"""What is kept of a date of birth and of a postcode."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from orchestration.landing.minimise import sector_sql
from orchestration.landing.reading import date_sql, month_sql


def evaluate(sql: str, text: str) -> object:
    return duckdb.execute(f"select {sql.replace('$x', '$x::varchar')}", {"x": text}).fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2012-04-03", date(2012, 4, 3)),
        (" 2012-04-03T23:10:00Z ", date(2012, 4, 4)),
        (" 2012-02-03T23:10:00Z ", date(2012, 2, 3)),
        ("2012-04-03 00:00:00", date(2012, 4, 3)),
        ("03/04/2012", date(2012, 4, 3)),
        ("3/4/2012", date(2012, 4, 3)),
        ("41002", date(2012, 4, 3)),
        ("41002.75", date(2012, 4, 3)),
        ("2012-02-30", None),
        ("31/04/2012", None),
        ("12345", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_as_exports_write_them(text, expected):
    assert evaluate(date_sql("$x"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("03/04/2012", "2012-04"), ("2012-04-03", "2012-04"), ("2012-04", "2012-04"), ("2012-13", None), ("n/k", None)],
)
def test_a_birth_date_is_cut_to_its_month(text, expected):
    assert evaluate(month_sql("$x"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LS1 7QZ", "LS1 7"),
        ("ls17qz", "LS1 7"),
        (" SW1A\u00a01AA ", "SW1A 1"),
        ("LS1 7", "LS1 7"),
        ("LS1", None),
        ("none", None),
    ],
)
def test_a_postcode_is_cut_to_its_sector(text, expected):
    assert evaluate(sector_sql("$x"), text) == expected
