-- table: marts.indicator_value
-- column: numerator
-- severity: blocking
-- says: Where a table prints every answer of a question of which one can be given, the counts add up to the base.
-- then: Nothing is published; the last release stays in place.

with

-- One row for each printed share that counts answers of a question.
cell as (
    select
        report_row.table_id,
        coalesce(report_row.point, '') as point,
        report_row.row_order,
        coalesce(column_set.column_order, report_row.column_order, 0) as column_order,
        report_row.population_id,
        report_row.question_id,
        coalesce(column_set.option_codes, report_row.option_codes) as option_codes,
        population.question_id as opening_question_id,
        population.option_codes as opening_codes,
        cohort.restriction,
        question.answer_type,
        question.option_set,
        question.parent_question_id,
        question.parent_option_codes
    from reference.report_row as report_row
    left join reference.column_set as column_set on report_row.column_set = column_set.column_set
    left join reference.population as population on report_row.population_id = population.population_id
    left join reference.cohort as cohort on population.cohort_id = cohort.cohort_id
    left join reference.question as question on report_row.question_id = question.question_id
    where
        report_row.statistic = 'percentage' and report_row.option_group is null
        and coalesce(column_set.option_codes, report_row.option_codes) is not null
),

counted_option as (
    select
        cell.*,
        unnest(string_split(cell.option_codes, ';')) as option_code
    from cell
    where cell.answer_type in ('single', 'matrix', 'number')
),

-- Tables that print each answer once and all of them. `closed` is no option: it counts those to whom the question
-- was not opened; `missing` is one more than the options.
complete as (
    select
        table_id,
        point,
        population_id,
        question_id
    from counted_option
    group by
        table_id, point, population_id, question_id, option_set, opening_question_id, opening_codes,
        parent_question_id, parent_option_codes, restriction
    having
        count(*) = count(distinct option_code)
        and count(*) filter (where option_code <> 'closed')
        = 1 + (
            select count(*) from reference.option as catalogued
            where catalogued.option_set = counted_option.option_set
        )
        and (
            parent_question_id is null
            or bool_or(option_code = 'closed')
            or (opening_question_id = parent_question_id and opening_codes = parent_option_codes)
            or restriction = parent_question_id || '=' || parent_option_codes
        )
)

select
    concat_ws(
        '|', value.indicator_id, cell.point, cell.question_id, value.period, value.geography_level,
        value.geography_code, value.breakdown, value.breakdown_value
    ) as key
from marts.indicator_value as value
inner join cell
    on
        value.indicator_id = cell.table_id
        and coalesce(value.point, '') = cell.point
        and value.row_order = cell.row_order
        and coalesce(value.column_order, 0) = cell.column_order
inner join complete
    on
        cell.table_id = complete.table_id
        and cell.point = complete.point
        and cell.population_id = complete.population_id
        and cell.question_id = complete.question_id
group by
    value.indicator_id, cell.point, cell.question_id, cell.population_id, value.period, value.geography_level,
    value.geography_code, value.breakdown, value.breakdown_value
having sum(value.numerator) <> max(value.denominator)
