"""Figures as the outputs read them."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from reporting.figures import Figure, _told_apart


def figure(period: int, label: str, area: str = "9") -> Figure:
    given: dict[str, Any] = dict.fromkeys((field.name for field in fields(Figure) if field.default is MISSING), "")
    given |= {"source": "indicator_value", "indicator_id": "calls", "geography_code": area}
    return Figure(**given | {"period": period, "period_label": label})


def test_a_period_that_goes_on_says_how_far_where_it_was_printed_before() -> None:
    before, now = figure(2016, "every complete year"), figure(2017, "every complete year")
    year, elsewhere = figure(2017, "2016-17"), figure(2017, "every complete year", area="8")
    made = _told_apart([now, before, year, elsewhere])
    assert [one.period_label for one in made] == [
        "every complete year, to 2016-17",
        "every complete year, to 2015-16",
        "2016-17",
        "every complete year",
    ]
    # What identifies a figure is what identifies it in the mart.
    assert [one.key for one in made] == [one.key for one in (now, before, year, elsewhere)]
