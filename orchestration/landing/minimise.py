"""What is kept of a postcode: the sector, as SQL."""

from __future__ import annotations

from orchestration.landing.reading import white_space


def sector_sql(column: str) -> str:
    """SQL of a postcode reduced to its sector (`LS1 4`); a sector as delivered stays, anything else is NULL."""
    text = f"upper(regexp_replace({column}, '{white_space()}', ' ', 'g'))"
    full = "^ ?([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9])[A-Z]{2} ?$"
    sector = "^ ?([A-Z]{1,2}[0-9][A-Z0-9]?) ([0-9]) ?$"
    return (
        f"case when regexp_matches({text}, '{full}') then regexp_replace({text}, '{full}', '\\1 \\2') "
        f"when regexp_matches({text}, '{sector}') then regexp_replace({text}, '{sector}', '\\1 \\2') end"
    )
