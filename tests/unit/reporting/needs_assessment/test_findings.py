"""The rules of the sentence under an indicator."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reporting.needs_assessment.findings import Compared, against, comparisons, judged, sentence, together, trend
from tests.support.returns_release import (
    figure,
)


@pytest.mark.parametrize(
    ("benchmark", "word"),
    [
        (233.1, "higher"), (233.2, "similar"), (246.8, "similar"), (260.95, "similar"), (260.96, "lower"),
        (None, "not compared"),
    ],
)  # fmt: skip
def test_a_benchmark_on_a_limit_is_similar(benchmark: float | None, word: str) -> None:
    assert against(figure(), benchmark) == word


@pytest.mark.parametrize("missing", ["lower_95", "upper_95", "value"])
def test_without_an_interval_or_a_value_nothing_is_compared(missing: str) -> None:
    assert against(replace(figure(), **{missing: None}), 1.0) == "not compared"  # type: ignore[arg-type]
    assert against(replace(figure(), status="c"), 1.0) == "not compared"


@pytest.mark.parametrize(
    ("word", "polarity", "judgement"),
    [
        ("higher", "higher", "better"), ("higher", "lower", "worse"), ("lower", "lower", "better"),
        ("lower", "higher", "worse"), ("similar", "lower", ""), ("higher", "none", ""), ("higher", None, ""),
    ],
)  # fmt: skip
def test_higher_is_good_or_bad_only_where_it_is_known(word: str, polarity: str | None, judgement: str) -> None:
    assert judged(word, polarity) == judgement


def test_the_sentence_names_comparisons_and_trend() -> None:
    one = figure(recent_trend="no significant change")
    series = [Compared(one, 200.0, 250.0)]
    assert sentence(series, polarity="lower", values=["246.8 per 10,000"]) == (
        "2015-16: 246.8 per 10,000, higher than England (worse), similar to statistical neighbours, "
        "no significant trend over five years.",
        (one,),
    )
    assert comparisons(Compared(one, None, 300.0), "lower") == ["lower than statistical neighbours (better)"]
    assert sentence([Compared(figure(), None, None)], polarity=None, values=["1"]) is None
    assert sentence([], polarity=None, values=[]) is None


def test_what_is_hidden_gets_no_sentence() -> None:
    hidden = replace(figure(recent_trend="increasing"), status="c", value=None)
    assert sentence([Compared(hidden, 200.0, 300.0)], polarity="lower", values=["c"]) is None
    # Nor does a trend that a hidden year stands behind.
    latest = figure(recent_trend="increasing")
    assert trend([latest]) == "increasing over five years"
    assert trend([hidden, *[figure()] * 3, latest]) == ""
    assert trend([hidden, *[figure()] * 4, latest]) == "increasing over five years"
    for word in ("cannot be calculated", "not tested"):
        assert trend([figure(recent_trend=word)]) == ""


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (1.01, 2.0, "more often together than chance would bring them."),
        (1.0, 2.0, "together about as often as by chance."),
        (0.5, 1.0, "together about as often as by chance."),
        (0.5, 0.99, "less often together than chance would bring them."),
    ],
)
def test_factors_meet_more_often_than_chance_only_where_the_interval_says_so(
    lower: float, upper: float, said: str
) -> None:
    assert together("A + B", figure(lower_95=lower, upper_95=upper)) == f"A + B: {said}"
    assert together("A + B", replace(figure(lower_95=lower, upper_95=upper), status="c")) is None
