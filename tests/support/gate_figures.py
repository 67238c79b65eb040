"""The figures of the warehouse of the gates: counts that agree with each other, and with its facts, in every table."""

from __future__ import annotations

from collections import Counter
from typing import Any

import duckdb

from synthetic.sample_catalogue import sample_catalogue

SERVICE = "NORTH"
YEARS = (2022, 2023, 2024)
# The n of every cohort of the indicators, in each year.
COHORT_N = {
    "intake_form": 120, "intake_client": 110, "exit_form": 120, "exit_client": 115, "review_form": 120,
    "exit_exposed_at_intake": 60, "exit_direct_at_intake": 30, "exit_harmful_at_intake": 12,
}  # fmt: skip


def build_figures(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of figures in a warehouse that has its seeds and facts."""
    _indicators(connection)
    _transitions(connection)
    _combinations(connection)
    _published(connection)
    _reconciliation(connection)
    _social_care(connection)


def _spread(total: int, parts: list[str]) -> dict[str, int]:
    """Share a total out over categories, the first ones getting more."""
    weights = {part: len(parts) - i for i, part in enumerate(parts)}
    shares = {part: total * weight // sum(weights.values()) for part, weight in weights.items()}
    shares[parts[0]] += total - sum(shares.values())
    return shares


class _Cohort:
    """Counts of every answer among the members of one cohort, so that bases and openings agree."""

    def __init__(self, cohort_id: str, restriction: str | None) -> None:
        self.n = COHORT_N[cohort_id]
        self.restriction = restriction
        self.catalogue = sample_catalogue()

    def base(self, question_id: str | None, codes: tuple[str, ...]) -> int:
        if question_id is None:
            return self.n
        counts = self.counts(question_id)
        return sum(counts[code] for code in codes)

    def asked(self, question_id: str) -> int:
        question = self.catalogue.questions[question_id]
        opens = f"{question.parent_question_id}={';'.join(question.parent_option_codes)}"
        if question.parent_question_id is None or opens == self.restriction:
            return self.n
        return self.base(question.parent_question_id, question.parent_option_codes)

    def counts(self, question_id: str, base: int | None = None) -> dict[str, int]:
        question = self.catalogue.questions[question_id]
        asked = self.asked(question_id) if base is None else min(base, self.asked(question_id))
        codes = [option.option_code for option in self.catalogue.options_of(question_id)] + ["missing"]
        if question.answer_type == "tick_all":
            return dict.fromkeys(codes, asked // 2) | {"closed": (base or asked) - asked}
        return _spread(asked, codes) | {"closed": (base or asked) - asked}


def wilson(x: int, n: int) -> tuple[float, float]:
    """95% score interval in percent."""
    z = 1.959963984540054
    spread = z * (z * z + 4 * x * (1 - x / n)) ** 0.5
    middle = 2 * x + z * z
    # Not a rounding error below 0 or above 100.
    return max(50 * (middle - spread) / (n + z * z), 0.0), min(50 * (middle + spread) / (n + z * z), 100.0)


def _indicators(connection: duckdb.DuckDBPyConnection) -> None:
    catalogue = sample_catalogue()
    restriction = dict(connection.execute("select cohort_id, restriction from reference.cohort").fetchall())
    cells = connection.execute(
        """
        select r.table_id, r.point, r.row_order, coalesce(s.column_order, r.column_order),
            r.population_id, r.question_id, coalesce(s.option_codes, r.option_codes)
        from reference.report_row as r left join reference.column_set as s using (column_set)
        where r.statistic = 'percentage' and r.option_group is null and r.population_id is not null
        order by all"""
    ).fetchall()
    values = []
    for table_id, point, row_order, column_order, population_id, question_id, codes in cells:
        population = catalogue.populations[population_id]
        cohort = _Cohort(population.cohort_id, restriction[population.cohort_id])
        n = cohort.base(population.question_id, population.option_codes)
        counts = cohort.counts(question_id, n)
        x = n if codes == "*" else sum(counts[code] for code in codes.split(";"))
        lower, upper = wilson(x, n) if n else (None, None)
        for year in YEARS:
            for level, code in (("all_services", "all"), ("service", SERVICE)):
                values.append(
                    (table_id, year, level, code, "total", "Total", point, row_order, column_order,
                     "percentage", x, n, 100 * x / n if n else None, lower, upper)
                )  # fmt: skip
    connection.execute(
        "create table marts.indicator_value (indicator_id varchar, period integer, geography_level varchar, "
        "geography_code varchar, breakdown varchar, breakdown_value varchar, point varchar, row_order integer, "
        "column_order integer, statistic varchar, numerator bigint, denominator bigint, value double, "
        "lower_95 double, upper_95 double)"
    )
    columns = list(zip(*values, strict=True))
    connection.execute(
        "insert into marts.indicator_value select " + ", ".join(f"unnest(${i + 1})" for i in range(len(columns))),
        [list(column) for column in columns],
    )
    for name, default in (("not_asked", 0), ("services", 1), ("services_asking", 1)):
        connection.execute(f"alter table marts.indicator_value add column {name} integer default {default}")
    connection.execute("alter table marts.indicator_value add column status_reason varchar")


def _published(connection: duckdb.DuckDBPyConnection) -> None:
    """Every figure as it is before and behind disclosure control: rounded, and none over a small n."""
    connection.execute(
        """
        create table marts.reportable_value as
        select 'indicator_value' as source, '' as period_label, 'ok' as status, value as value_rounded, *,
            case when geography_level = 'authority' then 'social_care' else 'insights' end as theme,
            null::double as change, null::double as difference,
            null::double as others_value
        from marts.indicator_value;
        create table marts.published_value as
        select * exclude (is_small) replace (
            case when not is_small then numerator // 5 * 5 end as numerator,
            denominator // 5 * 5 as denominator,
            case when not is_small then value end as value,
            case when not is_small then value_rounded end as value_rounded,
            case when not is_small then lower_95 end as lower_95,
            case when not is_small then upper_95 end as upper_95,
            case when is_small then 'c' else status end as status
        ), null::bigint as outside_bands, 'rounding' as method, 5 as rounded_to
        from (select *, coalesce(denominator < 25, false) as is_small from marts.reportable_value);
        create table marts.disclosure_audit as
        select 'insights' as theme, 2024 as period, 'all_services' as geography_code, 5 as threshold, 0 as told;
        create schema if not exists ops;
        create table ops.public_figure as from marts.published_value where false;
        create table intermediate.int_revision (period integer, changed_forms bigint, rounded_to integer);
        create table intermediate.int_disclosure_count (period integer, geography_code varchar, terms varchar,
            printed bigint);
        create table ops.revised_count (period integer, geography_code varchar, count_name varchar)
        """
    )


def _transitions(connection: duckdb.DuckDBPyConnection) -> None:
    """Pairs whose answers at either point are counted as the tables of the report count them."""
    cells = connection.execute(
        """
        select v.indicator_id, v.period, v.geography_level, v.geography_code, r.option_codes, v.numerator, v.point
        from marts.indicator_value as v
        join reference.report_row as r
            on v.indicator_id = r.table_id and v.point = r.point and v.row_order = r.row_order
        join reference.population as p on r.population_id = p.population_id
        join reference.cohort as c on p.cohort_id = c.cohort_id
        where c.restriction is not null and v.point in ('intake', 'exit')
        order by v.indicator_id, v.period, v.geography_code, v.point, v.row_order"""
    ).fetchall()
    margins: dict[tuple[Any, ...], dict[str, list[str]]] = {}
    for *place, answer, forms, point in cells:
        margins.setdefault(tuple(place), {"intake": [], "exit": []})[point] += [answer] * forms
    connection.execute(
        "create table marts.paired_transition (outcome_id varchar, indicator_id varchar, period integer, "
        "geography_level varchar, geography_code varchar, intake_answer varchar, exit_answer varchar, pairs bigint)"
    )
    for (table_id, *rest), answers in margins.items():
        # Tables that set reviews beside the intake have no exit.
        if not answers["exit"]:
            continue
        # The first with the first, and so on; and two children who were not asked at intake.
        pairs = [*zip(answers["intake"], answers["exit"], strict=True), *[("closed", "yes")] * 2]
        counts = Counter((a, b) for i, e in pairs for a in (i, "all") for b in (e, "all"))
        connection.executemany(
            "insert into marts.paired_transition values (?, ?, ?, ?, ?, ?, ?, ?)",
            [(table_id, table_id, *rest, a, b, count) for (a, b), count in sorted(counts.items())],
        )


def _combinations(connection: duckdb.DuckDBPyConnection) -> None:
    """Combinations in which each member is counted as the report's table of its answer counts it."""
    connection.execute(
        """
        create table marts.co_occurrence as
        with cell as (
            select r.table_id, coalesce(r.point, '') as point, r.row_order, r.population_id, r.question_id,
                coalesce(s.column_order, r.column_order) as column_order,
                coalesce(s.option_codes, r.option_codes) as option_codes
            from reference.report_row as r left join reference.column_set as s using (column_set)
            where r.statistic = 'percentage'
        ),
        member as (
            select distinct m.set_id, 2 ** (m.member_order - 1) as member_bit, v.period, v.geography_level,
                v.geography_code, v.numerator, v.denominator
            from reference.co_occurrence_member as m
            join reference.co_occurrence_set as t using (set_id)
            join cell as c using (population_id, question_id, option_codes)
            join marts.indicator_value as v
                on c.table_id = v.indicator_id and c.point = coalesce(v.point, '') and c.row_order = v.row_order
                and c.column_order is not distinct from v.column_order
        ),
        -- The first forms have a member, as many as it is counted: so the members nest and nobody has another mixture.
        form as (
            select set_id, period, geography_level, geography_code, denominator, i,
                sum(case when i < numerator then member_bit else 0 end)::integer as combination
            from member cross join range(120) as f(i)
            where i < denominator
            group by all
        )
        select set_id, period, geography_level, geography_code, combination, count(*) as observed,
            any_value(denominator) as base
        from form group by all"""
    )


def _reconciliation(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create table marts.reconciliation as select table_id, year, point, row_order, column_label, row_label, "
        "'match' as status from reference.published_figure"
    )


def _social_care(connection: duckdb.DuckDBPyConnection) -> None:
    """An authority with three children on a plan and two in care, and a value for every indicator."""
    for name, default in (("theme", "'insights'"), ("period_label", "'2023-24'"), ("period_end", "null::date")):
        kind = "date" if name == "period_end" else "varchar"
        connection.execute(f"alter table marts.indicator_value add column {name} {kind} default {default}")
    connection.execute(
        """
        create table marts.fct_protection_plan as
        select '999' as la_code, 'c' || i as child_key, date '2015-01-01' + i::integer as start_date,
            case when i < 2 then date '2016-01-31' end as end_date
        from range(5) as r(i);
        create table marts.fct_care_period as
        select '999' as la_code, 'c' || i as child_key, date '2015-01-01' as start_date, null::date as end_date
        from range(2) as r(i);
        create table marts.dim_authority as select '999' as la_code, true as has_publication;
        create table marts.reconciliation_social_care as
        select figure_no, 'match' as status from reference.social_care_published"""
    )
    lines = connection.execute(
        "select i.indicator_id, coalesce(l.statistic, 'model'), coalesce(l.multiplier, 1), l.breakdown "
        "from reference.social_care_indicator as i "
        "left join reference.social_care_indicator_line as l on i.indicator_id = l.indicator_id and l.line_order = 1 "
        "where i.computable in ('yes', 'model') order by 1"
    ).fetchall()
    counts = {"cpp_rate": 3, "cla_rate": 2, "cpp_starts_count": 50}
    for indicator_id, statistic, multiplier, breakdown in lines:
        parts = {"missing": 60, "absent": 40} if breakdown in ("missing_class", "duration_band") else None
        for part, x in (parts or {"total": counts.get(indicator_id, 10)}).items():
            n = None if statistic in ("count", "model") else 100
            value = float(x) if n is None else multiplier * x / n
            lower, upper = wilson(x, n) if statistic == "percentage" and n else (value * 0.9, value * 1.1)
            has_limits = statistic in ("percentage", "rate", "standardised_ratio", "model")
            connection.execute(
                "insert into marts.indicator_value by name select ? as indicator_id, 2016 as period, "
                "'authority' as geography_level, '999' as geography_code, ? as breakdown, ? as breakdown_value, "
                "'' as point, 1 as row_order, 1 as column_order, ? as statistic, ? as numerator, ? as denominator, "
                "? as value, ? as lower_95, ? as upper_95, 'social_care' as theme, '31 March 2016' as period_label, "
                "date '2016-03-31' as period_end",
                [
                    indicator_id, (breakdown or "total") if parts else "total", part, statistic,
                    None if statistic == "model" else x, n, value,
                    lower if has_limits else None, upper if has_limits else None,
                ],
            )  # fmt: skip
