with

accepted as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'review'
),

form_answers as (
    {{ kept_answers(ref('stg_forms__review'), ref('int_form_set_aside')) }}
),

review_cases as (
    select * from {{ ref('int_review_case') }}
),

intakes as (
    select * from {{ ref('fct_intake') }}
),

reviews as (
    select
        -- ids
        accepted.form_key,
        accepted.landed_row_id,
        accepted.service_code,
        accepted.client_key,
        accepted.case_key,

        -- dates
        accepted.reporting_year,
        accepted.event_date as review_date,

        -- case
        review_cases.intake_form_key,

        -- answers
        form_answers.answers,
        form_answers.numbers,

        -- profile
        coalesce(intakes.age_band, 'Missing') as age_band,
        coalesce(intakes.gender, 'Missing') as gender,
        coalesce(intakes.ethnicity_group, 'Missing') as ethnicity_group,
        coalesce(intakes.abuse_timing, 'Missing') as abuse_timing
    from form_answers
    inner join accepted
        on form_answers.landed_row_id = accepted.landed_row_id
    left join review_cases
        on form_answers.landed_row_id = review_cases.landed_row_id
    left join intakes
        on review_cases.intake_landed_row_id = intakes.landed_row_id
)

select * from reviews
