"""Which year to 31 March a publication means: figures of other periods stand beside nothing of the area's own."""

from __future__ import annotations

import duckdb
import pytest

from tests.support.macros import macro


@pytest.mark.parametrize(
    ("period", "year"),
    [
        ("2016 (year ending 31 March)", 2016),
        ("2016 (31 March)", 2016),
        ("2016 (Year to 31 March)", 2016),
        ("2015/16", 2016),
        ("2015-16", 2016),
        ("2015-16 (provisional)", 2016),
        ("2015/2016", 2016),
        ("1999-00", 2000),
        # Other periods than a year to 31 March.
        ("2016", None),
        ("2016 (year ending 31 December)", None),
        ("2016 (calendar year)", None),
        ("2013/14-2015/16", None),
        ("2013-15", None),
        ("2007 and 2014 combined", None),
        ("mid-2015", None),
        ("summer 2015", None),
        ("", None),
        (None, None),
    ],
)
def test_a_period_is_a_year_to_31_march_only_where_it_says_so(period: str | None, year: int | None) -> None:
    with duckdb.connect() as con:
        found = con.execute(f"select {macro('published_year', 'period')} from (select $1::varchar as period)", [period])
        assert found.fetchall() == [(year,)]
