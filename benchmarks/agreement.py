"""Whether the hand-written baseline and the run count the same: every count of the report that both make, one by one.

The baseline knows nothing of the catalogue, of dispositions or of models, so this is a second computation of the run's
figures and what makes the two times comparable. Compared are the counts of the report's tables with their breakdowns,
what is found together on one form, and what pairs of forms answer before and after. Left out are averages, and who gave
no answer on a review or on one form of a pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.warehouse import literal

_KEYS = "reporting_year, service, age_band, gender, ethnicity_group, abuse_timing"
_SERVICE_ONLY = "reporting_year, service, null, null, null, null"
# The run's cohorts, by the rows of the baseline's tables that belong to them.
_FORMS_AND_CLIENTS = {"intake": ("intake_form", "intake_client"), "exit": ("exit_form", "exit_client")}
_AT_INTAKE = {"exposed": "exposure", "direct": "direct", "harmful": "harmful"}
# A column of ticks is named after its question and option.
_HEADER = "split_part(header, '___', 1), split_part(header, '___', 2)"


@dataclass(frozen=True)
class Agreement:
    """How many counts both have made, how many of them are the same, and which cells have others (at most ten)."""

    compared: int
    same: int
    differing: tuple[str, ...]


def agreement(baseline: Path, warehouse: Path) -> Agreement:
    """Compare the counts in the baseline's DuckDB file with `marts.indicator_value` of a run over the same files.

    A count nobody has is not in the baseline's tables and 0 in the run's.
    """
    with duckdb.connect() as con:
        con.execute(f"attach {literal(baseline)} as baseline (read_only)")
        con.execute(f"attach {literal(warehouse)} as run (read_only)")
        con.execute(f"create table counted as {_baseline_sql()}")
        con.execute(_COMPARED)
        con.execute(_COMPARED_TOGETHER)
        con.execute(_COMPARED_PAIRS)
        compared, same = con.execute(
            "select count(*), count(*) filter (where run_count = baseline_count) from compared"
        ).fetchall()[0]
        differing = con.execute(
            "select distinct cell_id from compared where run_count is distinct from baseline_count order by 1 limit 10"
        ).fetchall()
    return Agreement(int(compared), int(same), tuple(str(cell) for (cell,) in differing))


def _baseline_sql() -> str:
    """The baseline's tables as rows: dataset, cohort, year and what it is broken down by, question, option, forms.

    Question and option are empty where the forms themselves are counted.
    """
    rows = []
    for form, cohorts in _FORMS_AND_CLIENTS.items():
        for cohort, condition in zip(cohorts, ("true", "is_client"), strict=True):
            place = f"'{form}' as dataset, '{cohort}' as cohort, {_KEYS}"
            rows += [
                f"select {place}, '' as question, '' as option, \"sum(n)\" as forms "
                f"from baseline.{form}_tick where {condition}",
                f"select {place}, {_HEADER}, forms from ({_ticks(form + '_tick')}) where {condition}",
                f"select {place}, question, answer, n from baseline.{form}_single "
                f"where answer <> 'missing' and {condition}",
                f"select {place}, question, 'missing', n from baseline.{form}_unanswered where {condition}",
            ]
    for suffix, section in _AT_INTAKE.items():
        place = f"'exit_{suffix}_at_intake', {_KEYS}"
        base = f"from baseline.pair_single where question = '{section}_supported' and answer = 'yes'"
        rows += [
            f"select 'exit', {place}, '', '', n {base}",
            f"select 'exit_intake', {place}, '', '', n {base}",
            f"select 'exit', {place}, question, answer, n from baseline.exit_single_{suffix}",
            f"select 'exit_intake', {place}, question, answer, n from baseline.pair_single",
        ]
    rows.append(f"select 'exit_intake', 'exit_form', {_KEYS}, question, answer, n from baseline.pair_single")
    place = f"'review', 'review_form', {_SERVICE_ONLY}"
    rows += [
        f"select {place}, '', '', \"count_star()\" from baseline.review_count",
        f"select {place}, {_HEADER}, forms from ({_ticks('review_count')})",
    ]
    rows += [
        f"select {place}, '{section}_reported', pair.key, pair.value "
        f"from (select *, unnest(map_entries({section}_reported)) as pair from baseline.review_count)"
        for section in ("exposure", "direct", "harmful")
    ]
    return " union all ".join(rows)


def _ticks(table: str) -> str:
    return f"unpivot baseline.{table} on columns('___') into name header value forms"


_COMPARED = """
create table compared as
with
-- One breakdown at a time; the value as an option's code, which is how the baseline has it.
baseline_count as (
    select
        dataset, cohort, reporting_year, question, option, sum(forms)::bigint as forms,
        case
            when service is not null then 'service' when age_band is not null then 'age_band'
            when gender is not null then 'gender' when ethnicity_group is not null then 'ethnicity_group'
            when abuse_timing is not null then 'abuse_timing' else 'total'
        end as breakdown,
        coalesce(upper(service), age_band, gender, ethnicity_group, abuse_timing, 'total') as breakdown_value
    from counted
    group by all
),
run_count as (
    select
        *,
        case when geography_level = 'service' then 'service' else breakdown end as kind,
        case
            when geography_level = 'service' then geography_code
            -- The baseline's groups have short names: Asian, not Asian / Asian British.
            when breakdown = 'ethnicity_group' and regexp_matches(breakdown_value, ' / | ethnic ')
                then lower(split_part(breakdown_value, ' ', 1))
            else lower(regexp_replace(replace(breakdown_value, '''', ''), '[^A-Za-z0-9]+', '_', 'g'))
        end as kind_value
    from run.marts.indicator_value
    where theme = 'insights' and statistic in ('percentage', 'per_100', 'count')
),
term as (
    select
        cell.cell_id, cell.cohort_id, term.dataset, term.weight,
        coalesce(substr(answer.question_id, length(answer.form_id) + 2), '') as question,
        coalesce(answer.option_code, '') as option,
        coalesce(answer.option_kind, '') as option_kind
    from run.intermediate.int_report_cell as cell
    join run.intermediate.int_cell_answer as term using (cell_id)
    left join run.marts.dim_answer as answer on answer.answer_id = term.answer_id and term.answer_id <> 0
),
counted_by_both as (
    select cell_id from term
    group by cell_id
    having bool_and(
        option_kind <> 'missing'
        or (dataset in ('intake', 'exit') and cohort_id in ('intake_form', 'intake_client', 'exit_form', 'exit_client'))
    )
),
expected as (
    select cell_id, reporting_year, breakdown, breakdown_value, sum(term.weight * baseline_count.forms) as forms
    from term
    semi join counted_by_both using (cell_id)
    join baseline_count using (dataset, question, option)
    where baseline_count.cohort = term.cohort_id
    group by all
)
select cell.cell_id, run_count.numerator as run_count, coalesce(expected.forms, 0) as baseline_count
from run_count
join (from run.intermediate.int_report_cell semi join counted_by_both using (cell_id)) as cell
    on run_count.indicator_id = cell.table_id and run_count.point = cell.point
    and run_count.row_order = cell.row_order and run_count.column_order = cell.column_order
left join expected
    on expected.cell_id = cell.cell_id and expected.reporting_year = run_count.period
    and expected.breakdown = run_count.kind and expected.breakdown_value = run_count.kind_value
"""

_COMPARED_TOGETHER = """
insert into compared
with
baseline_count as (
    select set_id, reporting_year, coalesce(upper(service), 'all_services') as geography_code, pair.key as combination,
        pair.value as forms
    from (
        select * exclude (forms), unnest(map_entries(forms)) as pair
        from (
            unpivot (from baseline.intake_together full join baseline.exit_together using (reporting_year, service))
            on columns(* exclude (reporting_year, service)) into name set_id value forms
        )
    )
)
select 'together: ' || run_count.set_id, run_count.forms, coalesce(baseline_count.forms, 0)
from run.intermediate.int_co_occurrence_count as run_count
left join baseline_count using (set_id, reporting_year, geography_code, combination)
where run_count.combination > 0
"""

_COMPARED_PAIRS = """
insert into compared
with
baseline_count as (
    select outcome_id, reporting_year, upper(service) as service_code, split_part(pair.key, '>', 1) as before,
        split_part(pair.key, '>', 2) as after, pair.value as pairs
    from (
        select * exclude (answers), unnest(map_entries(answers)) as pair
        from (
            unpivot baseline.before_after on columns(* exclude (reporting_year, service))
            into name outcome_id value answers
        )
    )
    where service is not null
)
select 'before and after: ' || run_count.outcome_id, run_count.pairs, coalesce(baseline_count.pairs, 0)
from run.intermediate.int_paired_count as run_count
join run.intermediate.int_paired_question as question using (outcome_id)
join run.marts.dim_answer as before
    on before.question_id = question.intake_question_id and before.option_no = run_count.intake_option_no
join run.marts.dim_answer as after
    on after.question_id = question.exit_question_id and after.option_no = run_count.exit_option_no
left join baseline_count
    on baseline_count.outcome_id = run_count.outcome_id and baseline_count.reporting_year = run_count.reporting_year
    and baseline_count.service_code = run_count.service_code and baseline_count.before = before.option_code
    and baseline_count.after = after.option_code
where before.option_kind <> 'missing' and after.option_kind <> 'missing'
"""
