"""The statistics of macros/association.sql and of the Python models against scipy and statsmodels, over a grid."""

from __future__ import annotations

import datetime
import importlib.util
import itertools
import warnings
from types import ModuleType
from typing import Any

import duckdb
import jinja2
import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import Table, Table2x2
from statsmodels.stats.inter_rater import cohens_kappa

from tests.support.paths import ROOT

PROJECT = ROOT / "dbt_project"
COUNTS = PROJECT / "models" / "counts" / "returns"
CELLS = ("a", "b", "c", "d")
BREAKS = [("2014_01", datetime.date(2014, 1, 1)), ("2015_11", datetime.date(2015, 11, 1))]
TABLES = [*itertools.product((1, 7, 40, 900), repeat=4), (389, 350, 513, 736), (3, 1200, 17, 2600)]


def macro(name: str, *arguments: object, **named: object) -> str:
    """The SQL that a macro writes."""
    macros = PROJECT / "macros"
    text = "".join((macros / name).read_text(encoding="utf-8") for name in ("statistics.sql", "association.sql"))
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    return str(getattr(environment.from_string(text).module, name)(*arguments, **named))


def over_tables(sql: str, tables: list[tuple[int, ...]]) -> list[Any]:
    """An expression over two-by-two tables: both, first only, second only, neither."""
    columns = [list(column) for column in zip(*tables, strict=True)]
    with duckdb.connect() as con:
        lists = ", ".join(f"unnest(${n + 1}) as {name}" for n, name in enumerate(CELLS))
        return [row[0] for row in con.execute(f"select {sql} from (select {lists})", columns).fetchall()]


def python_model(name: str) -> ModuleType:
    """A dbt model in Python as a module, for the functions it computes with."""
    spec = importlib.util.spec_from_file_location(name, COUNTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def square(table: tuple[int, ...]) -> np.ndarray[Any, Any]:
    a, b, c, d = table
    return np.array([[a, b], [c, d]])


def test_phi_is_the_correlation() -> None:
    for table, phi in zip(TABLES, over_tables(macro("phi", *CELLS), TABLES), strict=True):
        a, b, c, d = table
        first, second = np.repeat([1, 1, 0, 0], table), np.repeat([1, 0, 1, 0], table)
        assert phi == pytest.approx(stats.pearsonr(first, second).statistic, abs=1e-9), (a, b, c, d)


def test_limits_of_a_correlation_are_fishers() -> None:
    for table in TABLES[::7]:
        first, second = np.repeat([1, 1, 0, 0], table), np.repeat([1, 0, 1, 0], table)
        if sum(table) <= 3:
            continue
        result = stats.pearsonr(first, second)
        expected = result.confidence_interval(0.95)
        n = str(sum(table))
        got = [over_tables(macro("correlation_limit", f"({macro('phi', *CELLS)})", n, s), [table])[0] for s in (-1, 1)]
        assert got == pytest.approx([expected.low, expected.high], abs=1e-6)


def test_odds_ratio_and_woolfs_interval() -> None:
    ratios = over_tables(macro("odds_ratio", *CELLS), TABLES)
    lower = over_tables(macro("odds_ratio_limit", *CELLS, -1), TABLES)
    upper = over_tables(macro("odds_ratio_limit", *CELLS, 1), TABLES)
    for table, ratio, low, high in zip(TABLES, ratios, lower, upper, strict=True):
        expected = Table2x2(square(table))
        assert ratio == pytest.approx(expected.oddsratio, rel=1e-9)
        assert (low, high) == pytest.approx(expected.oddsratio_confint(), rel=1e-6)


def test_an_empty_cell_adds_a_half_to_each() -> None:
    table = (0, 5, 8, 20)
    expected = Table2x2(square(table) + 0.5)
    assert over_tables(macro("odds_ratio", *CELLS), [table]) == pytest.approx([expected.oddsratio])
    limits = [over_tables(macro("odds_ratio_limit", *CELLS, side), [table])[0] for side in (-1, 1)]
    assert limits == pytest.approx(expected.oddsratio_confint(), rel=1e-6)


def test_risk_ratio_and_katzs_interval() -> None:
    arguments = ("a", "(a + b)", "c", "(c + d)")
    ratios = over_tables(macro("risk_ratio", *arguments), TABLES)
    lower = over_tables(macro("risk_ratio_limit", *arguments, -1), TABLES)
    upper = over_tables(macro("risk_ratio_limit", *arguments, 1), TABLES)
    for table, ratio, low, high in zip(TABLES, ratios, lower, upper, strict=True):
        expected = Table2x2(square(table))
        assert ratio == pytest.approx(expected.riskratio, rel=1e-9)
        assert (low, high) == pytest.approx(expected.riskratio_confint(), rel=1e-6)


def test_kappa_and_its_error() -> None:
    values = over_tables(macro("kappa", *CELLS), TABLES)
    errors = over_tables(macro("kappa_error", *CELLS, f"({macro('kappa', *CELLS)})"), TABLES)
    for table, value, error in zip(TABLES, values, errors, strict=True):
        expected = cohens_kappa(square(table))
        assert value == pytest.approx(expected.kappa, abs=1e-9)
        assert error == pytest.approx(expected.std_kappa, rel=1e-6)


def test_kappa_of_one_answer_for_everybody_is_unknown() -> None:
    assert over_tables(macro("kappa", *CELLS), [(10, 0, 0, 0), (0, 0, 0, 10)]) == [None, None]


@pytest.mark.parametrize("seed", range(8))
def test_trend_of_proportions_is_cochran_armitage(seed: int) -> None:
    drawn = np.random.default_rng(seed)
    years = sorted(int(year) for year in drawn.choice(np.arange(2005, 2026), 3 + seed, replace=False))
    bases = [int(n) for n in drawn.integers(40, 4000, len(years))]
    counts = [int(drawn.integers(1, n)) for n in bases]
    sql = macro("chi_square_for_trend_over", "x", "n", "t")
    with duckdb.connect() as con:
        query = f"select {sql} from (select unnest($1) as x, unnest($2) as n, unnest($3) as t)"
        chi_square = con.execute(query, [counts, bases, years]).fetchall()[0][0]
    table = np.column_stack([counts, [n - x for n, x in zip(bases, counts, strict=True)]])
    expected = Table(table).test_ordinal_association(row_scores=np.array(years), col_scores=np.array([1, 0]))
    # Cochran-Armitage divides by n where that test divides by n - 1.
    factor = sum(bases) / (sum(bases) - 1)
    assert chi_square == pytest.approx(expected.zscore**2 * factor, rel=1e-9)


def test_a_level_series_has_no_r_squared() -> None:
    query = f"select {macro('r_squared_over', 'x', 't')} from (select unnest($1) as x, unnest($2) as t)"
    with duckdb.connect() as con:
        assert con.execute(query, [[4, 4, 4], [1, 2, 3]]).fetchall() == [(None,)]
        answer = con.execute(query, [[4, 6, 5], [1, 2, 3]]).fetchall()[0][0]
    assert answer == pytest.approx(stats.linregress([1, 2, 3], [4, 6, 5]).rvalue ** 2)


def test_the_probability_of_a_chi_square() -> None:
    grid = [0.0, 1e-6, 0.01, 0.5, 1.0, 2.7055, 3.8415, 6.6349, 9.549535706, 15.0, 30.0, 100.0, 544.19]
    with duckdb.connect() as con:
        sql = f"select {macro('p_of_chi_square', 'x')} from (select unnest($1) as x)"
        answers = [row[0] for row in con.execute(sql, [grid]).fetchall()]
    assert answers == pytest.approx([float(stats.chi2.sf(x, 1)) for x in grid], rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_survival_is_kaplan_and_meiers_with_greenwoods_limits(seed: int) -> None:
    drawn = np.random.default_rng(seed)
    n = (5, 30, 200, 467, 1000, 60)[seed]
    days = drawn.integers(1, 2400, n)
    came_back = drawn.random(n) < (0.1, 0.3, 0.5, 0.3, 0.9, 0.0)[seed]
    model = python_model("int_reentry_survival")
    fitted = stats.ecdf(stats.CensoredData.right_censored(days, ~came_back)).sf
    with warnings.catch_warnings():
        # Where all or none came back there are no limits, and scipy says so.
        warnings.simplefilter("ignore", RuntimeWarning)
        limits = fitted.confidence_interval(0.95, method="log-log")
    for answer in model.survival(days, came_back):
        horizon = answer["months"] * 365.25 / 12
        expected = float(fitted.evaluate(horizon))
        if answer["stayed_home"] is None:
            assert days.max() < horizon
            continue
        assert answer["stayed_home"] == pytest.approx(expected, abs=1e-12)
        if 0 < expected < 1:
            assert answer["stayed_lower_95"] == pytest.approx(float(limits.low.evaluate(horizon)), abs=1e-9)
            assert answer["stayed_upper_95"] == pytest.approx(float(limits.high.evaluate(horizon)), abs=1e-9)


def test_survival_by_hand() -> None:
    """Of five, one is back after 100 days, one was followed 200 days, one is back after 300, two stay to the end."""
    model = python_model("int_reentry_survival")
    first, *_, last = model.survival([100, 200, 300, 1900, 1900], [True, False, True, False, False])
    assert first["stayed_home"] == pytest.approx(4 / 5 * 2 / 3)
    assert first["standard_error"] == pytest.approx(4 / 5 * 2 / 3 * (1 / 20 + 1 / 6) ** 0.5)
    assert (first["came_back"], first["still_followed"], last["months"]) == (2, 2, 60)


def test_nothing_is_said_beyond_the_longest_followed() -> None:
    answers = python_model("int_reentry_survival").survival([100, 800], [True, False])
    assert [answer["stayed_home"] for answer in answers] == [0.5, 0.5, None, None]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 21, 104, 826, 5731])
def test_limits_of_plan_starts_are_exact(count: int) -> None:
    lower, upper = python_model("int_plan_start_limit").limits(count)
    # By definition: the count or more, or the count or fewer, each have a probability of 2.5 per cent.
    assert stats.poisson.cdf(count, upper) == pytest.approx(0.025, rel=1e-6)
    assert lower == 0 if count == 0 else stats.poisson.sf(count - 1, lower) == pytest.approx(0.025, rel=1e-6)


def months_from(first: int, count: int) -> list[datetime.date]:
    return [datetime.date(first + n // 12, n % 12 + 1, 1) for n in range(count)]


def test_a_segmented_line_gives_back_what_made_it() -> None:
    """Level 50, two more a month; ten more and one less a month from January 2014; minus thirty from November 2015."""
    months = months_from(2012, 60)
    first, second = (months.index(day) for _, day in BREAKS)
    exact = [
        50 + 2 * n + (10 - (n - first) if n >= first else 0) + (-30 + 0.5 * (n - second) if n >= second else 0)
        for n in range(60)
    ]
    rows, r_squared = python_model("int_missing_segmented").fit(months, exact, BREAKS)
    assert [row[0] for row in rows] == [
        "level", "trend", "level_change_2014_01", "trend_change_2014_01", "level_change_2015_11",
        "trend_change_2015_11",
    ]  # fmt: skip
    assert [row[1] for row in rows] == pytest.approx([50, 2, 10, -1, -30, 0.5], abs=1e-8)
    assert r_squared == pytest.approx(1)


def test_errors_of_the_segmented_line_are_newey_and_wests() -> None:
    months = months_from(2012, 60)
    series = np.random.default_rng(5).poisson(80, 60).astype(float)
    rows, _ = python_model("int_missing_segmented").fit(months, series, BREAKS)
    time = np.arange(60.0)
    columns = [np.ones(60), time]
    for _, day in BREAKS:
        after = np.array([month >= day for month in months])
        columns += [after.astype(float), np.where(after, time - after.argmax(), 0.0)]
    design = np.column_stack(columns)
    inverse = np.linalg.inv(design.T @ design)
    estimate = inverse @ design.T @ series
    score = design * (series - design @ estimate)[:, None]
    middle = score.T @ score
    for lag in (1, 2, 3):
        cross = score[lag:].T @ score[:-lag]
        middle += (1 - lag / 4) * (cross + cross.T)
    errors = np.sqrt(np.diag(inverse @ middle @ inverse) * 60 / (60 - 6))
    assert [row[1] for row in rows] == pytest.approx(list(estimate), rel=1e-6)
    assert [row[2] for row in rows] == pytest.approx(list(errors), rel=1e-6)


def test_a_series_too_short_for_its_breaks_is_not_fitted() -> None:
    rows, r_squared = python_model("int_missing_segmented").fit(months_from(2013, 15), [1.0] * 15, BREAKS)
    assert (rows, r_squared) == ([], None)
