"""A programme whose exports write the month first: landing and staging read 04/13/2024 alike, and returns as ever."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from catalogue import Catalogue, load_catalogue
from orchestration.landing.reading import date_sql
from tests.support.macros import macro, read
from tests.support.paths import SEEDS

TEXTS = ["04/13/2024", "13/04/2024", "4/5/2024 16:00", "2024-04-13", "45395"]


@pytest.mark.parametrize(
    ("day_first", "days"),
    [
        (True, [None, date(2024, 4, 13), date(2024, 5, 4), date(2024, 4, 13), date(2024, 4, 13)]),
        (False, [date(2024, 4, 13), None, date(2024, 4, 5), date(2024, 4, 13), date(2024, 4, 13)]),
    ],
)
def test_days_and_moments(day_first: bool, days: list[date | None]) -> None:
    assert read(macro("try_date", "cell", day_first), TEXTS) == days
    assert read(date_sql("cell", day_first=day_first), TEXTS) == days
    moment = read(macro("try_timestamp", "cell", day_first), TEXTS)[2]
    assert moment == datetime.combine(days[2] or date.min, datetime.min.time()).replace(hour=16)


def test_the_order_is_part_of_how_a_file_is_read(tmp_path: Path) -> None:
    seeds = Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
    before = load_catalogue(seeds / "forms")
    settings = seeds / "programme" / "programme.csv"
    settings.write_text(settings.read_text(encoding="utf-8").replace("day_first", "month_first"), encoding="utf-8")
    after = load_catalogue(seeds / "forms")
    assert (before.is_day_first, after.is_day_first) == (True, False)
    assert before.reading_fingerprint("intake") != after.reading_fingerprint("intake")
    assert before.fingerprint() != after.fingerprint()
    assert Catalogue(seeds / "forms").is_day_first is False
