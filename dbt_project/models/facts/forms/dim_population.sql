with

population as (
    select * from {{ ref('population') }}
),

cohort as (
    select * from {{ ref('cohort') }}
),

question as (
    select * from {{ ref('question') }}
),

answer as (
    select * from {{ ref('dim_answer') }}
),

openings as (
    select
        population.population_id,
        {{ joined_text('answer.answer_label', '; ', 'answer.option_no') }} as opening_answers,
        list(answer.answer_id order by answer.answer_id) as opening_answer_ids
    from population
    inner join answer
        on
            population.question_id = answer.question_id
            and {{ in_code_list('population.option_codes', 'answer.option_code') }}
    group by population.population_id
),

populations as (
    select
        population.population_id,
        population.population_label,
        cohort.cohort_id,
        cohort.cohort_label,
        cohort.form_id,
        cohort.unit as counts,
        cohort.restriction,
        question.question_id as opening_question_id,
        question.question_label as opening_question,
        openings.opening_answers,
        coalesce(openings.opening_answer_ids, cast([] as integer[])) as opening_answer_ids
    from population
    inner join cohort on population.cohort_id = cohort.cohort_id
    left join question on population.question_id = question.question_id
    left join openings on population.population_id = openings.population_id
)

select * from populations
