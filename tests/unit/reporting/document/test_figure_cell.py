"""The cell of a part of a figure: what is not there is printed as the symbol of why, never as 0."""

from __future__ import annotations

from dataclasses import replace

from reporting.document.figure_cell import figure_cell
from reporting.figures import Figure
from tests.support.report_figures import figure, hidden

PARTS = ("numerator", "denominator", "n", "count_of_n", "value", "interval")


def texts(one: Figure) -> dict[str, str]:
    return {part: figure_cell(one, part).text for part in PARTS}


def test_a_true_zero_is_printed_and_its_hidden_n_and_limits_are_said_to_be_hidden() -> None:
    zero = figure(numerator=0, denominator=None, value=0.0, value_rounded=0.0, lower_95=None, upper_95=None)
    assert texts(zero) == {
        "numerator": "0", "denominator": "c", "n": "c", "count_of_n": "0 of c", "value": "0", "interval": "c",
    }  # fmt: skip


def test_of_a_hidden_figure_only_a_known_n_is_printed() -> None:
    one = hidden(figure(change=None, change_mark=None))
    assert texts(one) == dict.fromkeys(PARTS, "c") | {"denominator": "160", "n": "n = 160", "count_of_n": "c of 160"}
    assert set(texts(replace(one, denominator=None)).values()) == {"c"}
    assert figure_cell(one, "change").text == figure_cell(one, "difference").text == "c"


def test_an_average_without_its_n_says_that_the_n_is_hidden() -> None:
    mean = figure(statistic="mean", unit="ACEs", numerator=None, denominator=None, lower_95=None, upper_95=None)
    assert figure_cell(mean, "n").text == "c"
    assert figure_cell(mean, "interval").text == ""
    assert figure_cell(replace(mean, status="z", value_rounded=None), "n").text == "z"
