"""What the summary of a run says of years that are public."""

from __future__ import annotations

import duckdb

from orchestration.commands.public import public_lines
from orchestration.release.register import Edition, Method, Year, create_register

FORMS = [Year("insights", "", year) for year in (2022, 2023)]
RETURNS = [Year("social_care", "9", year) for year in (2015, 2016)]


def edition(number: int, release: str, *years: Year, method: Method = "rounding") -> Edition:
    return Edition(number, release, method, years, {}, "")


def warehouse() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    create_register(con)
    con.execute(
        """
        create schema intermediate; create schema marts;
        create table intermediate.int_disclosure_cell as select 'a' as indicator_id, '' as point, 1 as row_order,
            1 as column_order, 'percentage' as statistic, 'yes*1' as numerator_terms;
        create table marts.indicator_value as select 'insights' as theme, 'total' as breakdown, 'a' as indicator_id,
            '' as point, 1 as row_order, 1 as column_order, 2022 as period, place as geography_code, number as numerator
            from (values ('oak', 7), ('elm', 4), ('ash', null)) as v(place, number);
        insert into ops.public_count by name select 'insights' as theme, 2022 as period, place as geography_code,
            'yes*1' as count_name, number as true_count, 5 as printed
            from (values ('oak', 8), ('elm', 4), ('ash', 0)) as v(place, number)
        """
    )
    return con


def test_what_is_new_and_what_is_carried_over_is_told() -> None:
    with warehouse() as con:
        assert public_lines(con, [], "r-1") == []
        first = [edition(1, "r-1", *FORMS, *RETURNS)]
        assert public_lines(con, first, "r-1") == [
            "Public   for the first time: forms of 2022 to 2023; returns of 9 of 2015 to 2016; from now on they stay "
            "as they are printed"
        ]
        assert public_lines(con, first, "r-2") == [
            "Public   carried over as they were printed: forms of 2022 to 2023; returns of 9 of 2015 to 2016",
            "         inside, 1 count of 2022 differ from what was true when they were printed: forms were corrected, "
            "added or erased since",
        ]
        later = [edition(1, "r-old", FORMS[0], method="hiding"), edition(2, "r-2", FORMS[1])]
        new, old, _ = public_lines(con, later, "r-2")
        assert new.startswith("Public   for the first time: forms of 2023;")
        assert old == (
            "         carried over as an earlier version printed them, small counts hidden, without new tables: forms "
            "of 2022"
        )
