{{ config(materialized='view') }}

with

intakes as (
    select * from {{ ref('fct_intake') }}
),

reviews as (
    select * from {{ ref('fct_review') }}
),

exits as (
    select * from {{ ref('fct_exit') }}
),

answers as (
    select * from {{ ref('dim_answer') }}
),

answers_given as (
    select
        'intake' as form_id,
        form_key,
        service_code,
        reporting_year,
        {{ explode('answers') }} as answer_id
    from intakes
    union all
    select
        'review' as form_id,
        form_key,
        service_code,
        reporting_year,
        {{ explode('answers') }} as answer_id
    from reviews
    union all
    select
        'exit' as form_id,
        form_key,
        service_code,
        reporting_year,
        {{ explode('answers') }} as answer_id
    from exits
),

named_answers as (
    select
        answers_given.form_id,
        answers_given.form_key,
        answers_given.service_code,
        answers_given.reporting_year,
        answers_given.answer_id,
        answers.question_id,
        answers.option_code,
        answers.answer_label,
        answers.option_code = 'missing' as is_missing,
        case when answers.option_code in ('missing', 'not_asked') then answers.option_code else 'given' end
            as answer_state
    from answers_given
    inner join answers
        on answers_given.answer_id = answers.answer_id
)

select * from named_answers
