"""What is kept of a date of birth and of a postcode: the month and the sector, as SQL."""

from __future__ import annotations


def date_sql(column: str) -> str:
    """SQL DATE of a date as exports write it: ISO (with or without a time), day/month/year, spreadsheet serial.

    NULL when it is none of these, or no day of the calendar.
    """
    text = f"trim({column})"
    return f"""case
        when regexp_matches({text}, '^\\d{{4}}-\\d{{1,2}}-\\d{{1,2}}([T ].*)?$')
            then cast(try_strptime(regexp_extract({text}, '^[\\d-]+'), '%Y-%m-%d') as date)
        when regexp_matches({text}, '^\\d{{1,2}}/\\d{{1,2}}/\\d{{4}}( .*)?$')
            then cast(try_strptime(regexp_extract({text}, '^[\\d/]+'), '%d/%m/%Y') as date)
        when regexp_matches({text}, '^[2-7]\\d{{4}}(\\.\\d+)?$')
            then date '1899-12-30' + cast(left({text}, 5) as integer)
        end"""


def month_sql(column: str) -> str:
    """SQL of a date reduced to its month (`YYYY-MM`); a month as delivered stays, what cannot be read is NULL."""
    return (
        f"coalesce(strftime({date_sql(column)}, '%Y-%m'), "
        f"nullif(regexp_extract(trim({column}), '^\\d{{4}}-(0[1-9]|1[0-2])$'), ''))"
    )


def sector_sql(column: str) -> str:
    """SQL of a postcode reduced to its sector (`LS1 4`); a sector as delivered stays, anything else is NULL."""
    text = f"upper(regexp_replace({column}, '[\\s\\p{{Z}}]+', ' ', 'g'))"
    full = "^ ?([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9])[A-Z]{2} ?$"
    sector = "^ ?([A-Z]{1,2}[0-9][A-Z0-9]?) ([0-9]) ?$"
    return (
        f"case when regexp_matches({text}, '{full}') then regexp_replace({text}, '{full}', '\\1 \\2') "
        f"when regexp_matches({text}, '{sector}') then regexp_replace({text}, '{sector}', '\\1 \\2') end"
    )
