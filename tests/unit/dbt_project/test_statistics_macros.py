"""The statistics of macros/statistics.sql and interval.sql against scipy and statsmodels, over a grid."""

from __future__ import annotations

import itertools
from typing import Any

import duckdb
import jinja2
import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from tests.support.paths import ROOT

MACROS = ROOT / "dbt_project" / "macros"
Z = {level: float(stats.norm.ppf(0.5 + level / 200)) for level in (95, 99.8)}
COUNTS = [*range(26), 30, 50, 99, 100, 101, 500, 999, 5731, 100_000]


def macro(name: str, *arguments: object, **named: object) -> str:
    """The SQL that a macro writes."""
    text = "".join((MACROS / file).read_text(encoding="utf-8") for file in ("interval.sql", "statistics.sql"))
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    module = environment.from_string(text).module
    return str(getattr(module, name)(*arguments, **named))


def evaluate(sql: str, columns: dict[str, list[Any]]) -> list[Any]:
    """An expression over rows of columns."""
    with duckdb.connect() as con:
        lists = ", ".join(f"unnest(${n + 1}) as {name}" for n, name in enumerate(columns))
        return [row[0] for row in con.execute(f"select {sql} from (select {lists})", list(columns.values())).fetchall()]


@pytest.mark.parametrize("level", [95, 99.8])
def test_limits_of_a_count(level: float) -> None:
    lower = evaluate(macro("poisson_lower", "x", level), {"x": COUNTS})
    upper = evaluate(macro("poisson_upper", "x", level), {"x": COUNTS})
    alpha = 1 - level / 100
    for x, low, high in zip(COUNTS, lower, upper, strict=True):
        exact = (stats.chi2.ppf(alpha / 2, 2 * x) / 2 if x else 0.0, stats.chi2.ppf(1 - alpha / 2, 2 * x + 2) / 2)
        if x < 10:
            assert (low, high) == pytest.approx(exact, abs=1e-9)
        else:
            # Byar's approximation, written out again; it stays close to the exact limits.
            byar = (
                x * (1 - 1 / (9 * x) - Z[level] / (3 * x**0.5)) ** 3,
                (x + 1) * (1 - 1 / (9 * (x + 1)) + Z[level] / (3 * (x + 1) ** 0.5)) ** 3,
            )
            assert (low, high) == pytest.approx(byar, rel=1e-9)
            assert (low, high) == pytest.approx(exact, rel=0.02)


def test_a_count_that_is_not_one_has_no_limits() -> None:
    assert evaluate(macro("poisson_lower", "x"), {"x": [None, -1]}) == [None, None]
    assert evaluate(macro("poisson_upper", "x"), {"x": [None, -1]}) == [None, None]


def test_a_rate_has_the_limits_of_its_count_and_may_exceed_its_denominator() -> None:
    columns = {"x": [5731, 5, 0, 30, 3], "n": [64978, 64978, 64978, 10, 0]}
    assert evaluate(macro("rate", "x", "n", 10000), columns) == pytest.approx(
        [881.9908, 0.7695, 0.0, 30000.0, None], abs=1e-4
    )
    lower = evaluate(macro("rate_lower", "x", "n", 10000), columns)
    upper = evaluate(macro("rate_upper", "x", "n", 10000), columns)
    assert lower[1] == pytest.approx(stats.chi2.ppf(0.025, 10) / 2 / 6.4978, rel=1e-9)
    assert upper[1] == pytest.approx(stats.chi2.ppf(0.975, 12) / 2 / 6.4978, rel=1e-9)
    assert (lower[2], lower[4], upper[4]) == (0.0, None, None)


def test_a_standardised_ratio_has_byars_limits_on_the_observed() -> None:
    columns: dict[str, list[Any]] = {"o": [4, 40, 400], "e": [2.5, 31.7, 512.25]}
    ratio = evaluate(macro("standardised_ratio", "o", "e"), columns)
    lower = evaluate(macro("standardised_ratio_lower", "o", "e"), columns)
    upper = evaluate(macro("standardised_ratio_upper", "o", "e"), columns)
    for n, (observed, expected) in enumerate(zip(columns["o"], columns["e"], strict=True)):
        assert ratio[n] == pytest.approx(observed / expected)
        assert lower[n] == pytest.approx(stats.chi2.ppf(0.025, 2 * observed) / 2 / expected, rel=0.01)
        assert upper[n] == pytest.approx(stats.chi2.ppf(0.975, 2 * observed + 2) / 2 / expected, rel=0.01)


@pytest.mark.parametrize("n", [1, 10, 373, 3885])
def test_the_interval_of_a_proportion(n: int) -> None:
    counts = sorted({0, 1, n // 3, n // 2, n - 1, n})
    lower = evaluate(macro("wilson_lower", "x", "n"), {"x": counts, "n": [n] * len(counts)})
    upper = evaluate(macro("wilson_upper", "x", "n"), {"x": counts, "n": [n] * len(counts)})
    for x, low, high in zip(counts, lower, upper, strict=True):
        expected = proportion_confint(x, n, method="wilson")
        assert (low / 100, high / 100) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(
    ("share", "n", "limits"),
    [
        # 20 % of 100: 20 -+ 3.090232306167814 * 4; cut near the ends; all or nothing has no chance; no base: none.
        (20.0, 100, (7.639070775328744, 32.360929224671256)),
        (50.0, 10_000, (48.454883846916093, 51.545116153083907)),
        (2.0, 50, (0.0, 8.118347813572413)),
        (97.0, 40, (88.66496117215068, 100.0)),
        (0.0, 40, (0.0, 0.0)),
        (100.0, 40, (100.0, 100.0)),
        (20.0, 0, (None, None)),
        (120.0, 40, (None, None)),
        (None, 40, (None, None)),
    ],
)
def test_the_limits_of_a_funnel_are_those_of_the_benchmark(
    share: float | None, n: int, limits: tuple[float | None, float | None]
) -> None:
    columns: dict[str, list[Any]] = {"p": [share], "n": [n]}
    found = tuple(evaluate(macro("funnel_limit", "p", "n", side), columns)[0] for side in (-1, 1))
    assert found == pytest.approx(limits, abs=1e-8)


def test_the_digits_of_the_normal_distribution_are_all_there() -> None:
    for level, digits in ((95, "1.959963984540054"), (99.8, "3.090232306167814")):
        assert macro("normal_quantile", level) == f"{digits}e0"
        assert float(digits) == pytest.approx(stats.norm.ppf(0.5 + level / 200), abs=1e-15)
    assert float(macro("trend_threshold")) == pytest.approx(stats.chi2.ppf(0.998, 1), abs=1e-9)


def test_the_interval_of_a_difference_is_newcombes() -> None:
    cases = [(1318, 5731, 1642, 6317), (3, 20, 9, 25), (0, 12, 5, 9), (7, 7, 2, 8)]
    columns: dict[str, list[Any]] = {name: [] for name in ("p", "l", "u", "q", "ql", "qu")}
    for a, n, b, m in cases:
        for (value, low, high), (x, total) in zip((("p", "l", "u"), ("q", "ql", "qu")), ((a, n), (b, m)), strict=True):
            limits = proportion_confint(x, total, method="wilson")
            columns[value].append(x / total)
            columns[low].append(limits[0])
            columns[high].append(limits[1])
    lower = evaluate(macro("difference_lower", "p", "l", "q", "qu"), columns)
    upper = evaluate(macro("difference_upper", "p", "u", "q", "ql"), columns)
    for (a, n, b, m), low, high in zip(cases, lower, upper, strict=True):
        assert (low, high) == pytest.approx(confint_proportions_2indep(a, n, b, m, method="newcomb"), abs=1e-10)


YEARS = ["a", "b", "c", "d", "e"]
BASES = ["na", "nb", "nc", "nd", "ne"]


def grid(seed: int, top: int) -> dict[str, list[int]]:
    """Forty rows of five counts and their denominators."""
    drawn = np.random.default_rng(seed)
    columns = {base: [int(n) for n in drawn.integers(50, top, 40)] for base in BASES}
    for year, base in zip(YEARS, BASES, strict=True):
        columns[year] = [int(drawn.integers(1, n)) for n in columns[base]]
    return columns


def test_the_trend_of_proportions_is_cochran_armitages() -> None:
    columns = grid(1, 4000)
    found = evaluate(macro("chi_square_for_trend", YEARS, BASES), columns)
    for n, chi_square in enumerate(found):
        table = [[columns[y][n], columns[b][n] - columns[y][n]] for y, b in zip(YEARS, BASES, strict=True)]
        result = Table(np.array(table), shift_zeros=False).test_ordinal_association(
            row_scores=np.arange(5), col_scores=np.array([1, 0])
        )
        # statsmodels divides by the number less one, as a permutation test does.
        total = sum(columns[b][n] for b in BASES)
        assert chi_square == pytest.approx(result.zscore**2 * total / (total - 1), rel=1e-6)


def test_a_trend_wants_five_usable_years() -> None:
    columns: dict[str, list[Any]] = {y: [5, 5, 0] for y in YEARS} | {b: [10, 10, 10] for b in BASES}
    columns["c"] = [None, 5, 0]
    columns["nd"] = [10, 0, 10]
    assert evaluate(macro("chi_square_for_trend", YEARS, BASES), columns) == [None, None, None]


def test_the_five_lines_that_leave_one_year_out() -> None:
    rows = [list(values) for values in itertools.product([1.0, 2.0, 3.5], repeat=5)]
    found = evaluate(
        macro("leave_one_out_direction", YEARS), {y: [row[n] for row in rows] for n, y in enumerate(YEARS)}
    )
    for row, direction in zip(rows, found, strict=True):
        slopes = []
        for left_out in range(5):
            kept = [n for n in range(5) if n != left_out]
            values = [row[n] for n in kept]
            slopes.append(0.0 if len(set(values)) == 1 else stats.linregress(kept, values).slope)
        rounded = [0.0 if abs(slope) < 1e-12 else slope for slope in slopes]
        expected = 1 if min(rounded) > 0 else -1 if max(rounded) < 0 else 0
        assert direction == expected, row


def test_words_for_trends_and_benchmarks() -> None:
    words = evaluate(
        macro("recent_trend", "x", "d", "p"),
        {
            "x": [9.549535706, 9.549535707, 9.549535707, 9.549535707, 30.0, None],
            "d": [1, 0, 1, 1, -1, 1],
            "p": ["none", "none", "none", "lower", "lower", "lower"],
        },
    )
    assert words == [
        "no significant change", "no significant change", "increasing", "increasing and getting worse",
        "decreasing and getting better", "cannot be calculated",
    ]  # fmt: skip
    assert evaluate(
        macro("r_squared_words", "r", "s"), {"r": [0.1, 0.2, 0.3, 0.8, 0.9, None], "s": [-1, -1, -1, 1, 1, 1]}
    ) == [
        "no usual word", "weak downward trend", "no usual word", "strong upward trend",
        "no usual word", None,
    ]  # fmt: skip
    compared = evaluate(
        macro("against_benchmark", "v", "l", "u", "b"),
        {"v": [5, 5, 5, 5, 5], "l": [4, 4, 4, 4, None], "u": [6, 6, 6, 6, 6], "b": [4, 6, 3.9, 6.1, 5]},
    )
    assert compared == ["similar", "similar", "higher", "lower", "not compared"]
    assert evaluate(
        macro("judged_against_benchmark", "c", "p"),
        {
            "c": ["higher", "higher", "lower", "lower", "similar", "higher", "not compared"],
            "p": ["higher", "lower", "higher", "lower", "lower", "none", "lower"],
        },
    ) == ["better", "worse", "worse", "better", "similar", "not judged", "not compared"]


def test_no_interval_is_given_at_a_level_that_is_not_tabled() -> None:
    with pytest.raises(jinja2.exceptions.UndefinedError):
        macro("poisson_lower", "x", 90)
