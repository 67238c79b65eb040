with

population as (
    select * from {{ ref('population') }}
),

cohort as (
    select * from {{ ref('cohort') }}
),

answer as (
    select * from {{ ref('dim_answer') }}
),

whole_cohorts as (
    select
        population.population_id,
        cohort.cohort_id,
        cohort.form_id as dataset,
        0 as answer_id
    from population
    inner join cohort on population.cohort_id = cohort.cohort_id
    where population.question_id is null
),

-- A follow-up question is put to those who gave the answer that opens it, so that answer's count is its n.
opening_answers as (
    select
        population.population_id,
        cohort.cohort_id,
        case
            when answer.form_id = cohort.form_id then cohort.form_id
            else cohort.form_id || '_' || answer.form_id
        end as dataset,
        answer.answer_id
    from population
    inner join cohort on population.cohort_id = cohort.cohort_id
    inner join answer
        on
            population.question_id = answer.question_id
            and {{ in_code_list('population.option_codes', 'answer.option_code') }}
),

population_answers as (
    select * from whole_cohorts
    union all
    select * from opening_answers
)

select * from population_answers
