-- Numerators are counted in the cohort, not in the population: that is right only where nobody outside the population
-- can have been asked. So the question of a row must be the one that opens its population (and count no other answer),
-- or be gated, directly or through other questions, by those answers. A row that breaks this would exceed its n.
with recursive

cell as (
    select
        int_report_cell.cell_id,
        int_report_cell.question_id,
        int_report_cell.option_codes,
        population.question_id as opening_question_id,
        population.option_codes as opening_codes
    from {{ ref('int_report_cell') }} as int_report_cell
    inner join {{ ref('population') }} as population
        on int_report_cell.population_id = population.population_id
    where population.question_id is not null and int_report_cell.question_id is not null
),

gate as (
    select
        question_id,
        parent_question_id,
        parent_option_codes
    from {{ ref('question') }}
    where parent_question_id is not null
    union all
    select
        gate.question_id,
        question.parent_question_id,
        question.parent_option_codes
    from gate
    inner join {{ ref('question') }} as question on gate.parent_question_id = question.question_id
    where question.parent_question_id is not null
),

answer as (
    select * from {{ ref('dim_answer') }}
),

-- Answers that let a form pass the gate, or that the row counts, but that do not admit it to the population.
escaping as (
    select
        cell.cell_id,
        gate.parent_question_id as by_question_id,
        count(
            case when not {{ in_code_list('cell.opening_codes', 'answer.option_code') }} then 1 end
        ) as answers_outside
    from cell
    inner join gate
        on cell.question_id = gate.question_id and cell.opening_question_id = gate.parent_question_id
    inner join answer
        on
            gate.parent_question_id = answer.question_id
            and {{ in_code_list('gate.parent_option_codes', 'answer.option_code') }}
    group by cell.cell_id, gate.parent_question_id
    union all
    select
        cell.cell_id,
        cell.question_id as by_question_id,
        count(
            case when not {{ in_code_list('cell.opening_codes', 'answer.option_code') }} then 1 end
        ) as answers_outside
    from cell
    inner join answer
        on
            cell.question_id = answer.question_id
            and {{ in_code_list('cell.option_codes', 'answer.option_code') }}
    where cell.question_id = cell.opening_question_id
    group by cell.cell_id, cell.question_id
)

select cell.cell_id
from cell
left join escaping on cell.cell_id = escaping.cell_id and escaping.answers_outside = 0
where escaping.cell_id is null
