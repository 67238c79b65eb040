"""What single cells mean: dates in their spellings, ids, flags, numbers, words. By the rules, not the code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
YES = {"1", "true", "t", "yes", "y", "x", "checked"}
NO_ID = {"n/a", "na", "#n/a", "unknown", "tbc", "-", "null", "nan", "none", "xxx", ""}
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u0000-\u0008\u000b\u000c\u000e-\u001f]")
QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "−": "-"})
NUMBERS_ONLY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?:[ ].*)?")
IN_WORDS = re.compile(r"(\d{1,2})[ -]([A-Za-z]+)[ -](\d{4}|\d{2})")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})")
SERIAL = re.compile(r"\d{5}(\.\d+)?")


class BothOrdersError(Exception):
    """A column has dates that are day first beyond doubt and others that are month first."""


def clean(text: str) -> str:
    """Without invisible characters; blanks of any kind are one blank, none at the ends."""
    return " ".join(INVISIBLE.sub("", text).split())


def folded(text: str) -> str:
    """Equal for words that differ in capitals, blanks, accents, quotation marks or dashes only."""
    plain = unicodedata.normalize("NFKD", clean(text)).translate(QUOTES)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year <= 68 else 1900)


def month_comes_first(cells: Iterable[str]) -> bool:
    """Whether a column of dates is month first: a cell proves it (a date in this order only) and none disproves it.

    Raises BothOrdersError where cells prove both.
    """
    month_first = day_first = False
    for cell in cells:
        found = NUMBERS_ONLY.fullmatch(clean(cell))
        if found:
            first, second, year = int(found[1]), int(found[2]), _year(found[3])
            by_month, by_day = _day(year, first, second), _day(year, second, first)
            month_first |= by_month is not None and by_day is None
            day_first |= by_day is not None and by_month is None
    if month_first and day_first:
        raise BothOrdersError
    return month_first


def read_date(text: str, month_first: bool) -> date | None:
    """The day that a cell names, or None. An instant is the day it was in London."""
    text = clean(text)
    if INSTANT.fullmatch(text):
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return moment.astimezone(LONDON).date()
    for pattern in (ISO, YEAR_FIRST):
        found = pattern.fullmatch(text)
        if found:
            return _day(int(found[1]), int(found[2]), int(found[3]))
    found = NUMBERS_ONLY.fullmatch(text)
    if found:
        first, second = int(found[1]), int(found[2])
        day, month = (second, first) if month_first else (first, second)
        return _day(_year(found[3]), month, day)
    found = IN_WORDS.fullmatch(text)
    if found and found[2][:3].lower() in MONTHS:
        return _day(_year(found[3]), MONTHS.index(found[2][:3].lower()) + 1, int(found[1]))
    if SERIAL.fullmatch(text) and 20000 <= float(text) <= 80000:
        return date(1899, 12, 30) + timedelta(days=int(float(text)))
    return None


def read_birth_month(text: str, month_first: bool) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d{4})-(\d{2})", clean(text))
    if found and 1 <= int(found[2]) <= 12:
        return int(found[1]), int(found[2])
    day = read_date(text, month_first)
    return (day.year, day.month) if day else None


def read_moment(text: str, month_first: bool) -> datetime | None:
    """A moment, taken to be UTC where the cell does not say otherwise."""
    text = clean(text)
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?", text)
    if found:
        first, second = int(found[1]), int(found[2])
        day, month = (second, first) if month_first else (first, second)
        return datetime(int(found[3]), month, day, int(found[4]), int(found[5]), int(found[6] or 0), tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def exact_id(text: str) -> str:
    """An id without the guards that spreadsheets need; blank where the cell holds none."""
    text = clean(text)
    guarded = re.fullmatch(r'="(.*)"', text)
    text = clean(guarded[1] if guarded else text.lstrip("'="))
    is_number = re.fullmatch(r"[\d.,]+[eE][+-]?\d+", text)
    return "" if is_number or folded(text) in NO_ID or not text.strip("0") else text


def folded_id(text: str) -> str:
    """The same for ids that differ in capitals and leading zeros only."""
    return exact_id(text).casefold().lstrip("0")


def read_number(text: str) -> float | None:
    text = clean(text)
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?([eE]\d+)?", text) else None


def is_yes(text: str) -> bool:
    return folded(text) in YES
