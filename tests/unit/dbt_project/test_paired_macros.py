"""The statistics of macros/paired.sql, and differences made with them, against scipy and statsmodels over a grid."""

from __future__ import annotations

import itertools
import math
import warnings
from typing import Any

import duckdb
import jinja2
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from tests.support.paths import ROOT

MACROS = ROOT / "dbt_project" / "macros"
FILES = ("interval.sql", "statistics.sql", "association.sql", "paired.sql")
HUGE = 10**9
SHARES = [(x, n) for n in (1, 2, 10, 373, HUGE) for x in sorted({0, 1, n // 3, n // 2, n - 1, n})]
CELLS = ("a", "b", "c", "d")
PAIRS = [
    *itertools.product((0, 1, 7, 40, 900), repeat=4),
    (HUGE, 1, 0, HUGE),
    (0, HUGE, HUGE, 0),
    (1, HUGE, 3, 2),
    (HUGE, HUGE // 7, HUGE // 3, HUGE // 2),
]


def macro(name: str, *arguments: object) -> str:
    """The SQL that a macro writes."""
    text = "".join((MACROS / file).read_text(encoding="utf-8") for file in FILES)
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    return str(getattr(environment.from_string(text).module, name)(*arguments))


def evaluate(sql: str, names: tuple[str, ...], rows: list[tuple[Any, ...]], types: str = "bigint") -> list[Any]:
    """Expressions (one, or several with commas between) over rows; a tuple for each row where there are several."""
    with duckdb.connect() as con:
        columns = ", ".join(f"unnest($values).v{n}::{types} as {name}" for n, name in enumerate(names))
        values = [{f"v{n}": value for n, value in enumerate(row)} for row in rows]
        found = con.execute(f"select {sql} from (select {columns})", {"values": values}).fetchall()
        return [row[0] if len(row) == 1 else row for row in found]


def difference_of_shares() -> str:
    """Both limits of a difference, put together from counts as the models do it: in per cent, from Wilson limits."""
    shares = ", ".join(
        f"100.0 * x{side} / n{side} as v{side}, {macro('wilson_lower', f'x{side}', f'n{side}')} as l{side}, "
        f"{macro('wilson_upper', f'x{side}', f'n{side}')} as u{side}"
        for side in (1, 2)
    )
    lower = macro("difference_lower", "v1", "l1", "v2", "u2")
    upper = macro("difference_upper", "v1", "u1", "v2", "l2")
    return f"(select struct_pack(low := {lower}, high := {upper}) from (select {shares}))"


def test_limits_of_a_difference_from_counts_are_newcombes() -> None:
    cases = [(*one, *other) for one, other in itertools.product(SHARES, repeat=2)]
    found = evaluate(difference_of_shares(), ("x1", "n1", "x2", "n2"), cases)
    for (x1, n1, x2, n2), limits in zip(cases, found, strict=True):
        expected = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb")
        # The square root of rounding: for a billion children statsmodels' own limits are right to this.
        assert (limits["low"] / 100, limits["high"] / 100) == pytest.approx(expected, abs=2e-8), (x1, n1, x2, n2)


def test_the_test_of_a_difference_is_the_pooled_z_test() -> None:
    cases = [(*one, *other) for one, other in itertools.product(SHARES, repeat=2)]
    chi_square = macro("chi_square_of_difference", "x1", "n1", "x2", "n2")
    found = evaluate(f"{chi_square}, {macro('p_of_chi_square', f'({chi_square})')}", ("x1", "n1", "x2", "n2"), cases)
    tested = 0
    for (x1, n1, x2, n2), (statistic, p_value) in zip(cases, found, strict=True):
        if x1 + x2 in (0, n1 + n2):
            assert (statistic, p_value) == (None, None)
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            z, expected = proportions_ztest([x1, x2], [n1, n2])
        assert statistic == pytest.approx(z**2, rel=1e-6, abs=1e-12), (x1, n1, x2, n2)
        assert p_value == pytest.approx(expected, rel=3e-7, abs=1e-280), (x1, n1, x2, n2)
        tested += 1
    assert tested > 400


def test_without_a_base_there_is_no_test_of_a_difference() -> None:
    cases: list[tuple[Any, ...]] = [(0, 0, 1, 5), (1, 5, 0, 0), (None, None, 1, 5), (1, 5, None, None)]
    assert (
        evaluate(macro("chi_square_of_difference", "x1", "n1", "x2", "n2"), ("x1", "n1", "x2", "n2"), cases)
        == [None] * 4
    )


def paired_difference() -> str:
    """Both limits of a paired change, put together from the four counts as the model does it."""
    shares = (
        f"100.0 * (a + b) / (a + b + c + d) as v1, {macro('wilson_lower', '(a + b)', '(a + b + c + d)')} as l1, "
        f"{macro('wilson_upper', '(a + b)', '(a + b + c + d)')} as u1, "
        f"100.0 * (a + c) / (a + b + c + d) as v2, {macro('wilson_lower', '(a + c)', '(a + b + c + d)')} as l2, "
        f"{macro('wilson_upper', '(a + c)', '(a + b + c + d)')} as u2, "
        f"{macro('paired_correlation', *CELLS)} as r"
    )
    lower = macro("paired_difference_lower", "v1", "u1", "v2", "l2", "r")
    upper = macro("paired_difference_upper", "v1", "l1", "v2", "u2", "r")
    return f"(select struct_pack(low := {lower}, high := {upper}, r := r) from (select {shares}))"


def newcombe_paired(both: int, first: int, second: int, neither: int) -> tuple[float, float]:
    """Newcombe's method 10 written out from the paper, first less second, in whole numbers as long as that goes."""
    n = both + first + second + neither
    p, q = (both + first) / n, (both + second) / n
    (l2, u2), (l3, u3) = (proportion_confint(count, n, method="wilson") for count in (both + first, both + second))
    product = both * neither - first * second
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    if margins == 0:
        phi = 0.0
    elif 2 * product > n:
        phi = (2 * product - n) / (2 * math.sqrt(margins))
    else:
        phi = min(product, 0) / math.sqrt(margins)
    under = (p - l2) ** 2 - 2 * phi * (p - l2) * (u3 - q) + (u3 - q) ** 2
    over = (u2 - p) ** 2 - 2 * phi * (u2 - p) * (q - l3) + (q - l3) ** 2
    return p - q - math.sqrt(max(under, 0)), p - q + math.sqrt(max(over, 0))


def test_limits_of_a_paired_change_are_newcombes_method_10() -> None:
    cases = [case for case in PAIRS if sum(case)]
    found = evaluate(paired_difference(), CELLS, cases)
    for case, limits in zip(cases, found, strict=True):
        low, high = newcombe_paired(*case)
        # The macros give the second less the first, in per cent.
        assert (limits["low"] / 100, limits["high"] / 100) == pytest.approx((-high, -low), abs=5e-8), case
        assert -1 - 1e-9 <= limits["low"] / 100 <= (case[2] - case[1]) / sum(case) + 1e-9
        assert (case[2] - case[1]) / sum(case) - 1e-9 <= limits["high"] / 100 <= 1 + 1e-9
        assert abs(limits["r"]) <= 1 + 1e-12


def test_limits_of_a_paired_change_are_those_of_a_published_example() -> None:
    # Complete response before and after consolidation (Cavo and others 2012), as worked out by Fagerland and others:
    # -0.0621, limits -0.1186 and -0.0046, of the first less the second.
    (limits,) = evaluate(paired_difference(), CELLS, [(59, 6, 16, 80)])
    assert (-limits["high"], -limits["low"]) == pytest.approx((-11.86, -0.46), abs=0.005)


def test_the_correlation_is_pearsons_but_for_its_correction() -> None:
    cases = [case for case in PAIRS if 0 < sum(case) < HUGE]
    found = evaluate(macro("paired_correlation", *CELLS), CELLS, cases)
    negative = 0
    for (both, first, second, neither), correlation in zip(cases, found, strict=True):
        margins = (both + first) * (second + neither) * (both + second) * (first + neither)
        if margins == 0:
            assert correlation == 0
        elif both * neither < first * second:
            # Nothing is corrected here, so it is the correlation of the answers themselves.
            ones = [1] * (both + first) + [0] * (second + neither)
            twos = [1] * both + [0] * first + [1] * second + [0] * neither
            assert correlation == pytest.approx(stats.pearsonr(ones, twos).statistic, abs=1e-9)
            negative += 1
        else:
            assert 0 <= correlation <= (both * neither - first * second) / math.sqrt(margins)
    assert negative > 100


CHANGED = [*itertools.product(range(27), repeat=2), (1000, 900), (3, 400), (HUGE, HUGE - 5), (HUGE, 0), (0, HUGE)]


def test_mcnemar_is_exact_for_few_and_chi_square_for_many() -> None:
    found = evaluate(f"{macro('mcnemar_test', 'b', 'c')}, {macro('mcnemar_p_value', 'b', 'c')}", ("b", "c"), CHANGED)
    kinds = set()
    for (b, c), (kind, p_value) in zip(CHANGED, found, strict=True):
        kinds.add(kind)
        if b + c == 0:
            assert (kind, p_value) == ("no test", None)
        elif b + c < 25:
            assert kind == "exact binomial"
            assert p_value == pytest.approx(mcnemar([[5, b], [c, 5]], exact=True).pvalue, rel=1e-12), (b, c)
        else:
            assert kind == "chi-square"
            expected = mcnemar([[5, b], [c, 5]], exact=False, correction=False).pvalue
            assert p_value == pytest.approx(expected, rel=3e-7, abs=1e-280), (b, c)
    assert kinds == {"no test", "exact binomial", "chi-square"}


def test_words_follow_the_limits_and_zero_belongs_to_neither_side() -> None:
    limits: list[tuple[Any, ...]] = [
        (0.1, 2.0),
        (-2.0, -0.1),
        (-1.0, 1.0),
        (0.0, 2.0),
        (-2.0, 0.0),
        (None, 1.0),
        (1.0, None),
    ]
    marks = evaluate(macro("change_mark", "l", "u"), ("l", "u"), limits, "double")
    assert marks == ["increase", "decrease", *["no clear change"] * 3, *["not compared"] * 2]
    words = evaluate(macro("comparison_word", "l", "u"), ("l", "u"), limits, "double")
    assert words == ["higher", "lower", *["similar"] * 3, *["not compared"] * 2]
