"""An adversary with every public figure at once, who knows the questionnaire and arithmetic, and not our code.

Relations are built here from what is printed: rows that add up to n, columns of a matrix, rows under a heading,
services and all services, one number in two tables, an n that is an answer elsewhere. Whoever knows the tables knows
which of these hold, so each is used where it is true, unless it is true in one place by accident. Then every hidden
count is bounded by linear programming.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from tests.support.whole_runs import Home, Ran

YEARS = (2022, 2023, 2024)
THRESHOLD = 5
ALL = "all_services"
COUNTED = "('percentage', 'per_100', 'count')"


@dataclass
class Adversary:
    """Names of counts, what is printed of them (None: hidden), what is true, and relations that are true."""

    printed: dict[Hashable, int | None] = field(default_factory=dict)
    true: dict[Hashable, int] = field(default_factory=dict)
    relations: list[dict[Hashable, int]] = field(default_factory=list)
    may_be_zero: set[Hashable] = field(default_factory=set)

    def see(self, name: Hashable, printed: int | None, true: int, *, may_be_zero: bool = False) -> None:
        if may_be_zero:
            self.may_be_zero.add(name)
        # A number that is printed anywhere is known everywhere.
        if self.printed.get(name) is None:
            self.printed[name] = printed
        self.true[name] = true

    def relate(self, whole: Hashable, parts: Iterable[Hashable]) -> None:
        terms: dict[Hashable, int] = {whole: 1}
        for part in parts:
            terms[part] = terms.get(part, 0) - 1
        if self._holds(terms):
            self.relations.append(terms)

    def relate_lines(self, whole: tuple[Hashable, ...], parts: Iterable[tuple[Hashable, ...]]) -> None:
        """A relation that holds in one place but not for all services holds there by accident: nobody would try it."""
        parts = list(parts)
        wide: dict[Hashable, int] = {(*whole[:-1], ALL): 1}
        for part in parts:
            wide[(*part[:-1], ALL)] = wide.get((*part[:-1], ALL), 0) - 1
        if any(name not in self.true for name in wide) or self._holds(wide):
            self.relate(whole, parts)

    def _holds(self, terms: dict[Hashable, int]) -> bool:
        return sum(factor * self.true[name] for name, factor in terms.items()) == 0

    def recovered(self) -> tuple[list[Hashable], list[Hashable], int]:
        """Hidden counts from 1 to the threshold that can be told exactly, those that can be told to be no larger than
        the threshold, and how many small ones there are."""
        parent: dict[Hashable, Hashable] = {name: name for name, seen in self.printed.items() if seen is None}

        def root(name: Hashable) -> Hashable:
            while parent[name] != name:
                parent[name] = parent[parent[name]]
                name = parent[name]
            return name

        for terms in self.relations:
            hidden = [name for name in terms if name in parent]
            for other in hidden[1:]:
                parent[root(other)] = root(hidden[0])
        groups: dict[Hashable, list[Hashable]] = defaultdict(list)
        for name in parent:
            groups[root(name)].append(name)
        relations: dict[Hashable, list[dict[Hashable, int]]] = defaultdict(list)
        for terms in self.relations:
            first = next((name for name in terms if name in parent), None)
            if first is not None:
                relations[root(first)].append(terms)
        exact: list[Hashable] = []
        within: list[Hashable] = []
        small = 0
        for key, names in groups.items():
            targets = [name for name in names if 1 <= self.true[name] <= THRESHOLD]
            small += len(targets)
            if targets and relations[key]:
                for name, (lowest, highest) in self._ranges(names, relations[key], targets).items():
                    if highest - lowest < 1e-6:
                        exact.append(name)
                    if highest < THRESHOLD + 1 - 1e-6:
                        within.append(name)
        return exact, within, small

    def _ranges(
        self, names: list[Hashable], relations: list[dict[Hashable, int]], targets: list[Hashable]
    ) -> dict[Hashable, tuple[float, float]]:
        """The range of each target as far as needed: up to the threshold, and down only of what does not exceed it."""
        place = {name: column for column, name in enumerate(names)}
        rows, columns, factors, right = [], [], [], []
        for row, terms in enumerate(relations):
            shown = 0
            for name, factor in terms.items():
                if name in place:
                    rows.append(row)
                    columns.append(place[name])
                    factors.append(factor)
                else:
                    shown += factor * int(self.printed[name] or 0)
            right.append(-shown)
        matrix = coo_matrix((factors, (rows, columns)), shape=(len(relations), len(names))).tocsr()
        # The truth fits, and so does every solution: each shows for all counts what else they may be.
        lowest = np.array([self.true[name] for name in names], dtype=float)
        highest = lowest.copy()
        # Zeros are shown, so whatever is hidden is at least one; beside a hidden n zeros may be hidden, too.
        limits = [(0 if name in self.may_be_zero else 1, None) for name in names]
        for target in targets:
            column = place[target]
            for direction in (-1.0, 1.0):
                if highest[column] > THRESHOLD:
                    break
                cost = np.zeros(len(names))
                cost[column] = direction
                solved = linprog(cost, A_eq=matrix, b_eq=right, bounds=limits, method="highs")
                if solved.status == 3:
                    highest[column] = np.inf
                else:
                    assert solved.status == 0, "what is published contradicts itself"
                    lowest, highest = np.minimum(lowest, solved.x), np.maximum(highest, solved.x)
        return {name: (lowest[place[name]], highest[place[name]]) for name in targets}


def adversary(con: duckdb.DuckDBPyConnection, published: str, year: int) -> Adversary:
    """Everything an adversary can make of one year of a relation shaped like marts.published_value."""
    seen = Adversary()
    rows: list[dict[str, Any]] = (
        con.execute(
            f"select p.indicator_id, p.geography_code, p.point, p.row_order, p.column_order, p.parent_label, "
            f"p.row_label, p.population_id, p.numerator, p.denominator, t.numerator as true_numerator, "
            f"t.denominator as true_denominator, i.response_type "
            f"from {published} as p join marts.reportable_value as t "
            "using (source, indicator_id, period, period_label, geography_level, geography_code, breakdown, "
            "breakdown_value, point, row_order, column_order) "
            "join marts.indicator as i on p.indicator_id = i.indicator_id "
            f"where p.source = 'indicator_value' and p.theme = 'insights' and p.breakdown = 'total' "
            f"and p.period = {year} and p.statistic in {COUNTED} order by all"
        )
        .fetch_arrow_table()
        .to_pylist()
    )
    by_place: dict[tuple[Any, ...], dict[str, Hashable]] = defaultdict(dict)
    lines: dict[tuple[Any, ...], list[tuple[tuple[Hashable, ...], dict[str, Any]]]] = defaultdict(list)
    for row in rows:
        cell = (row["indicator_id"], row["point"], row["row_order"], row["column_order"])
        name: tuple[Hashable, ...] = (*cell, row["geography_code"])
        seen.see(name, row["numerator"], row["true_numerator"], may_be_zero=row["denominator"] is None)
        by_place[cell][row["geography_code"]] = name
        lines[(row["indicator_id"], row["point"], row["geography_code"])].append((name, row))
        if row["population_id"] is not None and row["true_denominator"] is not None:
            base: Hashable = ("n", row["population_id"], row["geography_code"])
            seen.see(base, row["denominator"], row["true_denominator"])
            by_place[("n", row["population_id"])][row["geography_code"]] = base
    for places in by_place.values():
        seen.relate(places[ALL], [name for place, name in places.items() if place != ALL])
    for members in lines.values():
        bases: set[tuple[Hashable, ...]] = {
            ("n", row["population_id"], row["geography_code"]) for _, row in members if row["population_id"]
        }
        top = [(name, row) for name, row in members if row["parent_label"] is None]
        for n in sorted(bases, key=str):
            if n in seen.true:
                # Where several boxes can be ticked, rows add up to n by accident only.
                if len(top) > 1 and members[0][1]["response_type"] != "multi":
                    seen.relate_lines(n, [name for name, _ in top])
                by_row: dict[int, list[tuple[Hashable, ...]]] = defaultdict(list)
                for name, row in members:
                    by_row[row["row_order"]].append(name)
                for cells in by_row.values():
                    if len(cells) > 1:
                        seen.relate_lines(n, cells)
        children: dict[str, list[tuple[Hashable, ...]]] = defaultdict(list)
        for name, row in members:
            if row["parent_label"] is not None:
                children[row["parent_label"]].append(name)
        for name, row in members:
            if row["row_label"] in children:
                seen.relate_lines(name, children[row["row_label"]])
    # One number in two tables, or an answer that is the n of a follow-up: equal in every year and place.
    history = _history(con)
    series: dict[tuple[Any, ...], list[dict[str, Hashable]]] = defaultdict(list)
    for cell, places in by_place.items():
        if max(seen.true[name] for name in places.values()) > THRESHOLD:
            series[history[cell]].append(places)
    for alike in series.values():
        for other in alike[1:]:
            for place, twin in other.items():
                seen.relate(alike[0][place], [twin])
    return seen


def _history(con: duckdb.DuckDBPyConnection) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The true numbers of every cell and n, over all years and places."""
    found: dict[tuple[Any, ...], set[tuple[Any, ...]]] = defaultdict(set)
    for indicator, point, row, column, population, period, place, numerator, denominator in con.execute(
        "select indicator_id, point, row_order, column_order, population_id, period, geography_code, numerator, "
        "denominator from marts.reportable_value where source = 'indicator_value' and theme = 'insights' "
        f"and breakdown = 'total' and statistic in {COUNTED}"
    ).fetchall():
        found[(indicator, point, row, column)].add((period, place, numerator))
        if population is not None and denominator is not None:
            found[("n", population)].add((period, place, denominator))
    return {cell: tuple(sorted(values)) for cell, values in found.items()}


@pytest.fixture(scope="module")
def release(home: Home, first: Ran) -> duckdb.DuckDBPyConnection:
    """The first release."""
    return duckdb.connect(str(first.release / "internal" / "insights.duckdb"), read_only=True)


@pytest.mark.parametrize("year", YEARS)
def test_no_small_count_can_be_recovered(release: duckdb.DuckDBPyConnection, year: int) -> None:
    seen = adversary(release, "marts.published_value", year)
    assert len(seen.relations) > 1000
    exact, within, small = seen.recovered()
    assert small > 1000
    assert exact == []
    assert within == []


def test_the_same_attack_succeeds_without_complementary_suppression(release: duckdb.DuckDBPyConnection) -> None:
    only_primary = (
        "(select * replace (case when numerator between 1 and 5 then null else numerator end as numerator, "
        "case when denominator between 1 and 5 then null else denominator end as denominator) "
        "from marts.reportable_value)"
    )
    exact, within, small = adversary(release, only_primary, 2024).recovered()
    assert small > 1000
    assert len(exact) > 100
    assert len(within) > len(exact)


def test_no_small_count_is_printed(release: duckdb.DuckDBPyConnection) -> None:
    small = release.execute(
        "select count(*) from marts.published_value "
        f"where (numerator between 1 and {THRESHOLD} and statistic <> 'services') "
        f"or (denominator between 1 and {THRESHOLD} and breakdown <> 'summary')"
    ).fetchone()
    assert small == (0,)


def test_who_is_behind_a_small_n_is_not_told_by_the_zeros_beside(release: duckdb.DuckDBPyConnection) -> None:
    """Were all answers but one shown as zero, everybody whom the n counts would have given that one."""
    zeros = release.execute(
        "select count(*) from marts.published_value as p join marts.reportable_value as t "
        "using (source, indicator_id, period, geography_code, breakdown, breakdown_value, point, row_order, "
        "column_order) where p.theme = 'insights' and t.denominator between 1 and 5 "
        f"and t.statistic in {COUNTED} and p.status <> 'c'"
    ).fetchone()
    assert zeros == (0,)


CATEGORIES = "('cpp_starts_physical_rate', 'cpp_starts_emotional_rate', 'cpp_starts_sexual_rate', "
CATEGORIES += "'cpp_starts_neglect_rate', 'cpp_starts_multiple_rate')"


def test_the_returns_give_nothing_back(release: duckdb.DuckDBPyConnection) -> None:
    """Categories against their total, rows of a breakdown against their n, years against a longer period."""
    leaks = release.execute(
        f"""
        with line as (
            select geography_code, period_label, 'plans' as line, numerator
            from marts.published_value where indicator_id in {CATEGORIES} and geography_level = 'authority'
            union all
            select geography_code, period_label, indicator_id || breakdown, numerator from marts.published_value
            where theme = 'social_care' and breakdown not in ('total', 'summary') and geography_level = 'authority'
                and statistic = 'percentage'
            union all
            select geography_code, 'years', indicator_id, numerator from marts.published_value
            where indicator_id in ('youth_remand_lac', 'youth_custody', 'youth_offending_cpp', 'youth_offending_cin')
                and breakdown = 'total' and period >= 2010 and period_label not like '%/%'
        )
        select * from (
            select geography_code, period_label, line, count(*) filter (where numerator is null) as hidden from line
            group by all
        ) where hidden = 1"""
    ).fetchall()
    assert leaks == []


def test_what_stands_beside_a_hidden_figure_is_hidden_too(release: duckdb.DuckDBPyConnection) -> None:
    leaks = release.execute(
        "select count(*) from marts.published_value where status = 'c' and coalesce("
        "numerator, value, value_rounded, lower_95, upper_95, change, difference, others_value) is not null"
    ).fetchone()
    assert leaks == (0,)


def test_differencing_years_gives_nothing_back(release: duckdb.DuckDBPyConnection) -> None:
    """The change printed in one year, taken from that year's value, is the year before's: then that one is shown."""
    leaks = release.execute(
        "select count(*) from marts.published_value as later join marts.published_value as earlier "
        "on later.indicator_id = earlier.indicator_id and later.period = earlier.period + 1 "
        "and later.geography_code = earlier.geography_code and later.point = earlier.point "
        "and later.row_order = earlier.row_order and later.column_order = earlier.column_order "
        "where later.theme = 'insights' and earlier.theme = 'insights' "
        "and later.change is not null and earlier.value is null"
    ).fetchone()
    assert leaks == (0,)
