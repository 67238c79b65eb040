{#- A view: it is read once, by fct_intake, and holds the lists of every form again. It hands on what fct_intake needs
    of int_form_accepted, because DuckDB would hold all those lists in memory to join the two once more. -#}
{{ config(materialized='view') }}
-- depends_on: {{ ref('form') }}
-- depends_on: {{ ref('question') }}
-- depends_on: {{ ref('option') }}
-- depends_on: {{ ref('wording') }}
-- depends_on: {{ ref('breakdown') }}
{%- set questions = catalogue_questions('intake') %}

with

accepted as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'intake'
),

form_answers as (
    select * from {{ ref('int_intake_answers') }}
),

aged as (
    select
        accepted.*,
        form_answers.answers,
        form_answers.numbers,
        -- Only the month of birth is kept, so a child is as old as one born on the first of that month.
        floor({{ completed_months_between('accepted.birth_month', month_start('accepted.event_date')) }} / 12)
            as age_years
    from form_answers
    inner join accepted
        on form_answers.landed_row_id = accepted.landed_row_id
),

measured as (
    select *
        {{ derived_number_columns(questions, 'answers') }}
    from aged
),

listed as (
    select
        *,
        {{ derived_answers(questions, 'answers') }} as derived_answers,
        {{ derived_numbers(questions) }} as derived_numbers
    from measured
),

described as (
    select
        form_key,
        landed_row_id,
        service_code,
        client_key,
        case_key,
        reporting_year,
        event_date,
        is_client_record,
        postcode_sector,
        answers,
        numbers,
        derived_answers,
        derived_numbers,
        age_years::integer as age_years,
        {{ breakdown_label('age_band', questions, list_join('derived_answers', 'answers')) }} as age_band,
        {{ breakdown_label('gender', questions, 'answers') }} as gender,
        {{ breakdown_label('ethnicity_group', questions, 'answers') }} as ethnicity_group,
        {{ breakdown_label('abuse_timing', questions, 'answers') }} as abuse_timing
    from listed
)

select * from described
