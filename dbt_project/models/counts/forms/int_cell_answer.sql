with

cell as (
    select * from {{ ref('int_report_cell') }}
    where statistic in ('percentage', 'per_100', 'count')
),

cell_base as (
    select * from {{ ref('int_cell_base') }}
),

answer as (
    select * from {{ ref('dim_answer') }}
),

-- Named options, or all options of a named group. On tick-all questions these are ticks, not forms.
named_answers as (
    select
        cell.cell_id,
        cell.dataset,
        answer.answer_id,
        1 as weight
    from cell
    inner join answer
        on
            cell.question_id = answer.question_id
            and (
                {{ in_code_list('cell.option_codes', 'answer.option_code') }}
                or cell.option_group = answer.option_group
            )
),

-- `*` is everybody the n counts, answered or not.
base_answers as (
    select
        cell.cell_id,
        cell_base.dataset,
        cell_base.answer_id,
        cell_base.weight
    from cell
    inner join cell_base on cell.cell_id = cell_base.cell_id
    where {{ in_code_list('cell.option_codes', "'*'") }}
),

-- `closed` is everybody whom the n counts less all to whom the question was open: minus every answer, Missing included.
answers_of_closed as (
    select
        cell.cell_id,
        cell_base.dataset,
        cell_base.answer_id,
        cell_base.weight
    from cell
    inner join cell_base on cell.cell_id = cell_base.cell_id
    where {{ in_code_list('cell.option_codes', "'closed'") }}
    union all
    select
        cell.cell_id,
        cell.dataset,
        answer.answer_id,
        -1 as weight
    from cell
    inner join answer on cell.question_id = answer.question_id
    where
        {{ in_code_list('cell.option_codes', "'closed'") }}
        and answer.option_kind <> 'not_asked'
),

weighted_answers as (
    select * from named_answers
    union all
    select * from base_answers
    union all
    select * from answers_of_closed
),

summed_weights as (
    select
        cell_id,
        dataset,
        answer_id,
        cast(sum(weight) as integer) as weight
    from weighted_answers
    group by cell_id, dataset, answer_id
    having sum(weight) <> 0
)

select * from summed_weights
