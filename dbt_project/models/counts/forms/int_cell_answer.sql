with

cell as (
    select * from {{ ref('int_report_cell') }}
    where statistic in ('percentage', 'per_100', 'count')
),

population_answer as (
    select * from {{ ref('int_population_answer') }}
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
        population_answer.dataset,
        population_answer.answer_id,
        1 as weight
    from cell
    inner join population_answer on cell.population_id = population_answer.population_id
    where {{ in_code_list('cell.option_codes', "'*'") }}
),

-- `not_asked` is everybody less all who were asked: the base, minus every answer to the question, Missing included.
answers_of_not_asked as (
    select
        cell.cell_id,
        population_answer.dataset,
        population_answer.answer_id,
        1 as weight
    from cell
    inner join population_answer on cell.population_id = population_answer.population_id
    where {{ in_code_list('cell.option_codes', "'not_asked'") }}
    union all
    select
        cell.cell_id,
        cell.dataset,
        answer.answer_id,
        -1 as weight
    from cell
    inner join answer on cell.question_id = answer.question_id
    where {{ in_code_list('cell.option_codes', "'not_asked'") }}
),

weighted_answers as (
    select * from named_answers
    union all
    select * from base_answers
    union all
    select * from answers_of_not_asked
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
