"""What is kept of a value that is stored less exactly than it was delivered, as SQL."""

from __future__ import annotations

from orchestration.landing.reading import month_sql, white_space


def minimised_sql(storage: str, value: str) -> str:
    """SQL of what is kept of a value by its `storage` in the seeds: its month, its sector, or all of it."""
    if storage == "month":
        return month_sql(value)
    if storage == "sector":
        return sector_sql(value)
    return value


def sector_sql(column: str) -> str:
    """SQL of a postcode reduced to its sector (`LS1 4`); a sector as delivered stays, anything else is NULL."""
    text = f"upper(regexp_replace({column}, '{white_space()}', ' ', 'g'))"
    full = "^ ?([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9])[A-Z]{2} ?$"
    sector = "^ ?([A-Z]{1,2}[0-9][A-Z0-9]?) ([0-9]) ?$"
    return (
        f"case when regexp_matches({text}, '{full}') then regexp_replace({text}, '{full}', '\\1 \\2') "
        f"when regexp_matches({text}, '{sector}') then regexp_replace({text}, '{sector}', '\\1 \\2') end"
    )
