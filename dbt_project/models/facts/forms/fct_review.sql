{%- set questions = catalogue_questions(
    'review', forms=ref('form'), questions=ref('question'), options=ref('option')
) %}
with

accepted_reviews as (
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

service_not_asked as (
    select * from {{ ref('int_service_not_asked') }}
),

reviews as (
    select
        -- ids
        accepted_reviews.form_key,
        accepted_reviews.landed_row_id,
        accepted_reviews.service_code,
        accepted_reviews.client_key,
        accepted_reviews.case_key,

        -- dates
        accepted_reviews.reporting_year,
        accepted_reviews.event_date as review_date,

        -- case
        review_cases.intake_form_key,

        -- answers
        {{ answers_as_asked('form_answers.answers', 'accepted_reviews.not_asked') }} as answers,
        {{ numbers_as_asked(
            numbers_that_count(questions, 'form_answers.numbers', 'form_answers.answers'), 'accepted_reviews.not_asked'
        ) }} as numbers,
        {{ numbers_as_asked(
            numbers_that_count(questions, 'form_answers.numbers', 'form_answers.answers', outside=true),
            'accepted_reviews.not_asked'
        ) }} as numbers_outside_bands,
        accepted_reviews.not_asked,
        case
            when intakes.landed_row_id is null then service_not_asked.question_nos
            else intakes.not_asked
        end as intake_not_asked,

        -- profile
        coalesce(intakes.age_band, 'Missing') as age_band,
        coalesce(intakes.gender, 'Missing') as gender,
        coalesce(intakes.ethnicity_group, 'Missing') as ethnicity_group,
        coalesce(intakes.abuse_timing, 'Missing') as abuse_timing
    from form_answers
    inner join accepted_reviews
        on form_answers.landed_row_id = accepted_reviews.landed_row_id
    left join review_cases
        on form_answers.landed_row_id = review_cases.landed_row_id
    left join intakes
        on review_cases.intake_landed_row_id = intakes.landed_row_id
    left join service_not_asked
        on accepted_reviews.service_code = service_not_asked.service_code
)

select * from reviews
