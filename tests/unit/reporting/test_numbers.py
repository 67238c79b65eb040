"""How numbers are printed."""

from __future__ import annotations

import pytest

from reporting.numbers import contrast_text, decimal, interval, p_value, part_text
from tests.support.report_figures import figure


def test_numbers_are_printed_in_one_way() -> None:
    assert part_text(figure(numerator=1888, denominator=1966), "count_of_n") == "1,888 of 1,966"
    # Half up on what the number says, not on its binary neighbour.
    assert decimal(2.675, 2) == "2.68"
    assert decimal(0.05, 1) == "0.1"
    assert decimal(-0.04, 1, signed=True) == "0.0"
    assert decimal(-1234.5, 0) == "\u22121,235"
    assert interval(95.06, 96.85) == "95.1 to 96.9"
    assert p_value(0.0009) == "p < 0.001"
    assert p_value(0.0336) == "p = 0.034"
    assert contrast_text(None, 1.0, 0.5, 1.5) == ""
    assert contrast_text("decrease", -3.5, -6.5, -0.4) == "▼ decrease \u22123.5 (\u22126.5 to \u22120.4)"
    # A count changes by whole numbers, whatever stands beside it.
    fewer = {"statistic": "count", "unit": "clients", "change": -1063.0, "change_mark": "no clear change"}
    assert part_text(figure(**fewer), "change") == "no clear change \u22121,063"
    limits = {"change_lower_95": -1100.0, "change_upper_95": 12.0}
    assert part_text(figure(**fewer, **limits), "change") == "no clear change \u22121,063 (\u22121,100 to +12)"
    mean = figure(statistic="mean", unit="ACEs", value_rounded=2.0, value=2.04)
    assert part_text(mean, "value", 1) == "2.0 ACEs"
    with pytest.raises(KeyError):
        part_text(figure(), "colour")
