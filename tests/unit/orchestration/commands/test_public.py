"""What the summary of a run says of years that are public."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from orchestration.commands.public import public_lines, revision_lines
from orchestration.release.register import Edition, Method, Year, create_register
from orchestration.release.revision import Revision, begin_with_revision

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


def test_what_is_revised_is_told_with_its_reason() -> None:
    with warehouse() as con:
        years = [*FORMS, Year("insights", "", 2024)]
        editions = [edition(1, "r-1", *years), replace(edition(2, "r-2", FORMS[1]), reason="A. Manager: late forms")]
        assert public_lines(con, editions, "r-2")[:2] == [
            "Public   revised: forms of 2023 (A. Manager: late forms)",
            "         carried over as they were printed: forms of 2022, 2024",
        ]


def test_what_both_versions_tell_is_told_before_anything_is_printed() -> None:
    with warehouse() as con:
        begin_with_revision(con, None)
        assert revision_lines(con) == []
        con.execute(
            """
            create table intermediate.int_revision as select 2023 as period, 12 as changed_forms;
            insert into ops.revised_count by name select 'insights' as theme, 2023 as period, place as geography_code,
                'yes*1' as count_name, 5 as true_count, printed, 0 as draw
                from (values ('oak', 5), ('elm', 10), ('ash', 0)) as v(place, printed);
            create table intermediate.int_disclosure_count as select 2023 as period, place as geography_code,
                'yes*1' as terms, printed, draw, is_hidden, false as is_told
                from (values ('oak', 5, 0, false), ('elm', null, 2, true), ('ash', 5, 1, false))
                    as v(place, printed, draw, is_hidden)
            """
        )
        begin_with_revision(con, Revision(2023, "A. Manager", "late forms"))
        assert revision_lines(con) == [
            "Revision of the forms of 2023, decided by A. Manager: late forms",
            "         at least 12 forms changed since the year was published (10 are needed); of 3 counts 2 would be "
            "printed otherwise",
            "         who has both versions, and knows how many forms have changed, can conclude of small counts: "
            "nothing; for that 2 were drawn anew and 1 are not printed any more",
            "",
        ]
        con.execute("update intermediate.int_disclosure_count set is_told = geography_code = 'oak'")
        assert revision_lines(con)[2] == (
            "         who has both versions, and knows how many forms have changed, can conclude of small counts: "
            "oak 1 (1 in all), which cannot be hidden any more"
        )
