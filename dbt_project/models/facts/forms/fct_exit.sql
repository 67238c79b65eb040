{%- set questions = catalogue_questions(
    'exit', forms=ref('form'), questions=ref('question'), options=ref('option')
) %}
with

form_answers as (
    {{ kept_answers(ref('stg_forms__exit'), ref('int_form_set_aside')) }}
),

matches as (
    select * from {{ ref('int_case_match') }}
),

accepted_exits as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'exit'
),

reviewed_clients as (
    select distinct
        client_key,
        reporting_year
    from {{ ref('int_form_accepted') }}
    where form_id = 'review'
),

intakes as (
    select * from {{ ref('fct_intake') }}
),

service_not_asked as (
    select * from {{ ref('int_service_not_asked') }}
),

cases as (
    select
        accepted_exits.*,
        matches.intake_landed_row_id,
        matches.intake_form_key,
        matches.match_rule,
        matches.case_length_days,
        matches.case_length_months,
        coalesce(matches.is_closed_before_intake, false) as is_closed_before_intake,
        reviewed_clients.client_key is not null as is_reviewed
    from accepted_exits
    left join matches
        on accepted_exits.landed_row_id = matches.exit_landed_row_id
    left join reviewed_clients
        on
            accepted_exits.client_key = reviewed_clients.client_key
            and accepted_exits.reporting_year = reviewed_clients.reporting_year
),

cases_with_answers as (
    select
        cases.*,
        form_answers.answers,
        form_answers.numbers
    from form_answers
    inner join cases
        on form_answers.landed_row_id = cases.landed_row_id
),

cases_with_numbers as (
    select *
        {{ derived_number_columns(questions, 'answers') }}
    from cases_with_answers
),

cases_with_derived_answers as (
    select
        *,
        {{ derived_answers(questions, 'answers') }} as derived_answers,
        {{ derived_numbers(questions) }} as derived_numbers
    from cases_with_numbers
),

cases_with_all_answers as (
    select
        *,
        {{ list_join('answers', 'derived_answers') }} as all_answers,
        {{ list_join('numbers', 'derived_numbers') }} as all_numbers
    from cases_with_derived_answers
),

exits as (
    select
        -- ids
        cases_with_all_answers.form_key,
        cases_with_all_answers.landed_row_id,
        cases_with_all_answers.service_code,
        cases_with_all_answers.client_key,
        cases_with_all_answers.case_key,

        -- dates
        cases_with_all_answers.reporting_year,
        cases_with_all_answers.event_date as closure_date,

        -- booleans
        cases_with_all_answers.is_client_record,

        -- case
        cases_with_all_answers.intake_form_key,
        cases_with_all_answers.match_rule,
        cases_with_all_answers.case_length_days::integer as case_length_days,
        cases_with_all_answers.is_closed_before_intake,

        -- profile
        coalesce(intakes.age_band, 'Missing') as age_band,
        coalesce(intakes.gender, 'Missing') as gender,
        coalesce(intakes.ethnicity_group, 'Missing') as ethnicity_group,
        coalesce(intakes.abuse_timing, 'Missing') as abuse_timing,

        -- answers
        {{ answers_as_asked('cases_with_all_answers.all_answers', 'cases_with_all_answers.not_asked') }} as answers,
        {{ numbers_as_asked(
            numbers_that_count(
                questions, 'cases_with_all_answers.all_numbers', 'cases_with_all_answers.all_answers'
            ),
            'cases_with_all_answers.not_asked'
        ) }} as numbers,
        {{ numbers_as_asked(
            numbers_that_count(
                questions, 'cases_with_all_answers.all_numbers', 'cases_with_all_answers.all_answers', outside=true
            ),
            'cases_with_all_answers.not_asked'
        ) }} as numbers_outside_bands,
        cases_with_all_answers.not_asked,
        case
            when intakes.landed_row_id is null then service_not_asked.question_nos
            else intakes.not_asked
        end as intake_not_asked
    from cases_with_all_answers
    left join intakes
        on cases_with_all_answers.intake_landed_row_id = intakes.landed_row_id
    left join service_not_asked
        on cases_with_all_answers.service_code = service_not_asked.service_code
)

select * from exits
