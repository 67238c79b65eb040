"""Checks of the columns of time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reporting.open_data.checks.files import Breach, FilePair
from reporting.open_data.checks.rules import StandardCheck, check

CHECKS: list[StandardCheck] = []
_TERMS = ("Autumn term", "Spring term", "Summer term", "Autumn and spring term")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKS = tuple(f"Week {week}" for week in range(1, 54))
_QUARTERS = tuple(f"Financial year Q{quarter}" for quarter in range(1, 5))
_HALVES = ("Part 1 (April to September)", "Part 2 (October to March)")
# Identifiers that may stand in one file together, and how many digits their periods have.
_DIGITS = {
    ("Calendar year",): 4,
    ("Reporting year",): 4,
    ("Financial year",): 6,
    ("Academic year",): 6,
    ("Tax year",): 6,
    _TERMS: 6,
    _MONTHS: 4,
    _WEEKS: 4,
    _QUARTERS: 6,
    _HALVES: 6,
}
_KINDS = {identifier: kind for kind in _DIGITS for identifier in kind}


@check(CHECKS, "The kind of period is one the standard knows.")
def time_identifier(pair: FilePair) -> Iterator[Breach]:
    return pair.data.wrong_cells(
        ["time_identifier"],
        lambda cell: cell not in _KINDS,
        "the standard has no such kind of period. Write Financial year, Calendar year, Reporting year, ...",
    )


@check(CHECKS, "A file has one kind of period.")
def time_one_kind(pair: FilePair) -> Iterator[Breach]:
    kinds = {_KINDS[cell] for cell in pair.data.first_rows["time_identifier"] if cell in _KINDS}
    if len(kinds) > 1:
        advice = "different kinds of period stand in one file. Write a file for each kind."
        yield pair.data.breach(0, "time_identifier", advice)


@check(CHECKS, "A period has six digits, two years that follow each other, or four digits, as its kind demands.")
def time_period(pair: FilePair) -> Iterator[Breach]:
    apart = "the two years do not follow each other. Write April 2023 to March 2024 as 202324."
    for (period, identifier), row in pair.data.first_rows_of("time_period", "time_identifier").items():
        digits = _DIGITS[_KINDS[identifier]] if identifier in _KINDS else 0
        if digits and not re.fullmatch(rf"[0-9]{{{digits}}}", period):
            advice = f"it has not the {digits} digits of its kind of period. Write it with {digits}."
            yield pair.data.breach(row, "time_period", advice)
        elif digits == 6 and (int(period[2:4]) + 1) % 100 != int(period[4:]):
            yield pair.data.breach(row, "time_period", apart)
