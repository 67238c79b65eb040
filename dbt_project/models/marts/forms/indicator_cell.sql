with

cell as (
    select * from {{ ref('int_report_cell') }}
),

cell_answer as (
    select * from {{ ref('int_cell_answer') }}
),

population_answer as (
    select * from {{ ref('int_population_answer') }}
),

answers_counted as (
    select
        cell_id,
        list(answer_id order by answer_id) as counted_answers
    from cell_answer
    where weight > 0
    group by cell_id
),

answers_subtracted as (
    select
        cell_id,
        list(answer_id order by answer_id) as subtracted_answers
    from cell_answer
    where weight < 0
    group by cell_id
),

answers_of_base as (
    select
        population_id,
        list(answer_id order by answer_id) as base_answers
    from population_answer
    group by population_id
),

cells as (
    select
        cell.table_id as indicator_id,
        cell.point,
        cell.row_order,
        cell.column_order,
        cell.row_label,
        cell.parent_label,
        cell.column_label,
        cell.statistic,
        cell.unit,
        cell.decimals,
        cell.is_published,
        cell.population_id,
        cell.cohort_id,
        cell.dataset,
        cell.question_id,
        cell.option_codes,
        cell.option_group,
        coalesce(answers_counted.counted_answers, cast([] as integer[])) as counted_answers,
        coalesce(answers_subtracted.subtracted_answers, cast([] as integer[])) as subtracted_answers,
        coalesce(answers_of_base.base_answers, cast([] as integer[])) as base_answers
    from cell
    left join answers_counted on cell.cell_id = answers_counted.cell_id
    left join answers_subtracted on cell.cell_id = answers_subtracted.cell_id
    left join answers_of_base on cell.population_id = answers_of_base.population_id
)

select * from cells
