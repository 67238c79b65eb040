with

accepted as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'exit'
),

derived as (
    select * from {{ ref('int_exit_derived') }}
),

matches as (
    select * from {{ ref('int_case_match') }}
),

intakes as (
    select * from {{ ref('fct_intake') }}
),

exits as (
    select
        -- ids
        accepted.form_key,
        accepted.landed_row_id,
        accepted.service_code,
        accepted.client_key,
        accepted.case_key,

        -- dates
        accepted.reporting_year,
        accepted.event_date as closure_date,

        -- booleans
        accepted.is_client_record,

        -- case
        matches.intake_form_key,
        matches.match_rule,
        matches.case_length_days::integer as case_length_days,
        coalesce(matches.is_closed_before_intake, false) as is_closed_before_intake,

        -- profile
        coalesce(intakes.age_band, 'Missing') as age_band,
        coalesce(intakes.gender, 'Missing') as gender,
        coalesce(intakes.ethnicity_group, 'Missing') as ethnicity_group,
        coalesce(intakes.abuse_timing, 'Missing') as abuse_timing,

        -- answers
        {{ list_join('derived.answers', 'derived.derived_answers') }} as answers,
        {{ list_join('derived.numbers', 'derived.derived_numbers') }} as numbers
    from derived
    inner join accepted
        on derived.landed_row_id = accepted.landed_row_id
    left join matches
        on derived.landed_row_id = matches.exit_landed_row_id
    left join intakes
        on matches.intake_landed_row_id = intakes.landed_row_id
)

select * from exits
