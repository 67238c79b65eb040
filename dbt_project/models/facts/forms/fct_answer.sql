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

given as (
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

named as (
    select
        given.form_id,
        given.form_key,
        given.service_code,
        given.reporting_year,
        given.answer_id,
        answers.question_id,
        answers.option_code,
        answers.answer_label,
        answers.option_code = 'missing' as is_missing
    from given
    inner join answers
        on given.answer_id = answers.answer_id
)

select * from named
