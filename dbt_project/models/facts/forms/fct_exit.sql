{%- set questions = catalogue_questions(
    'exit', forms=ref('form'), questions=ref('question'), options=ref('option'), wordings=ref('wording')
) %}
with

form_answers as (
    {{ kept_answers(ref('stg_forms__exit'), ref('int_form_set_aside')) }}
),

matches as (
    select * from {{ ref('int_case_match') }}
),

accepted as (
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

cases as (
    select
        accepted.*,
        matches.intake_landed_row_id,
        matches.intake_form_key,
        matches.match_rule,
        matches.case_length_days,
        matches.case_length_months,
        coalesce(matches.is_closed_before_intake, false) as is_closed_before_intake,
        reviewed_clients.client_key is not null as is_reviewed
    from accepted
    left join matches
        on accepted.landed_row_id = matches.exit_landed_row_id
    left join reviewed_clients
        on
            accepted.client_key = reviewed_clients.client_key
            and accepted.reporting_year = reviewed_clients.reporting_year
),

gathered as (
    select
        cases.*,
        form_answers.answers,
        form_answers.numbers
    from form_answers
    inner join cases
        on form_answers.landed_row_id = cases.landed_row_id
),

measured as (
    select *
        {{ derived_number_columns(questions, 'answers') }}
    from gathered
),

derived as (
    select
        *,
        {{ derived_answers(questions, 'answers') }} as derived_answers,
        {{ derived_numbers(questions) }} as derived_numbers
    from measured
),

exits as (
    select
        -- ids
        derived.form_key,
        derived.landed_row_id,
        derived.service_code,
        derived.client_key,
        derived.case_key,

        -- dates
        derived.reporting_year,
        derived.event_date as closure_date,

        -- booleans
        derived.is_client_record,

        -- case
        derived.intake_form_key,
        derived.match_rule,
        derived.case_length_days::integer as case_length_days,
        derived.is_closed_before_intake,

        -- profile
        coalesce(intakes.age_band, 'Missing') as age_band,
        coalesce(intakes.gender, 'Missing') as gender,
        coalesce(intakes.ethnicity_group, 'Missing') as ethnicity_group,
        coalesce(intakes.abuse_timing, 'Missing') as abuse_timing,

        -- answers
        {{ list_join('derived.answers', 'derived.derived_answers') }} as answers,
        {{ list_join('derived.numbers', 'derived.derived_numbers') }} as numbers
    from derived
    left join intakes
        on derived.intake_landed_row_id = intakes.landed_row_id
)

select * from exits
