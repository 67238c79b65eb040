{%- set questions = catalogue_questions(
    'intake', forms=ref('form'), questions=ref('question'), options=ref('option')
) %}
{%- set dimensions = catalogue_breakdowns(ref('breakdown')) %}
with

accepted_intakes as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'intake'
),

form_answers as (
    {{ kept_answers(ref('stg_forms__intake'), ref('int_form_set_aside')) }}
),

intakes_with_age as (
    select
        accepted_intakes.*,
        form_answers.answers,
        form_answers.numbers,
        -- Only the month of birth is kept, so a child is as old as one born on the first of that month.
        floor(
            {{ completed_months_between('accepted_intakes.birth_month', month_start('accepted_intakes.event_date')) }}
            / 12
        )
            as age_years
    from form_answers
    inner join accepted_intakes
        on form_answers.landed_row_id = accepted_intakes.landed_row_id
),

intakes_with_numbers as (
    select *
        {{ derived_number_columns(questions, 'answers') }}
    from intakes_with_age
),

intakes_with_derived_answers as (
    select
        *,
        {{ derived_answers(questions, 'answers') }} as derived_answers,
        {{ derived_numbers(questions) }} as derived_numbers
    from intakes_with_numbers
),

intakes_with_all_answers as (
    select
        *,
        {{ list_join('answers', 'derived_answers') }} as all_answers,
        {{ list_join('numbers', 'derived_numbers') }} as all_numbers
    from intakes_with_derived_answers
),

intakes as (
    select
        -- ids
        form_key,
        landed_row_id,
        service_code,
        client_key,
        case_key,

        -- dates
        reporting_year,
        event_date as intake_date,

        -- booleans
        is_client_record,

        -- profile
        age_years::integer as age_years,
        {{ breakdown_label(
            'age_band', dimensions, questions, list_join('derived_answers', 'answers'), 'not_asked'
        ) }} as age_band,
        {{ breakdown_label('gender', dimensions, questions, 'answers', 'not_asked') }} as gender,
        {{ breakdown_label('ethnicity_group', dimensions, questions, 'answers', 'not_asked') }} as ethnicity_group,
        {{ breakdown_label('abuse_timing', dimensions, questions, 'answers', 'not_asked') }} as abuse_timing,
        postcode_sector,

        -- answers
        {{ answers_as_asked('all_answers', 'not_asked') }} as answers,
        {{ numbers_as_asked(numbers_that_count(questions, 'all_numbers', 'all_answers'), 'not_asked') }} as numbers,
        {{ numbers_as_asked(
            numbers_that_count(questions, 'all_numbers', 'all_answers', outside=true), 'not_asked'
        ) }} as numbers_outside_bands,
        not_asked
    from intakes_with_all_answers
)

select * from intakes
