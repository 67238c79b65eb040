with

derived as (
    select * from {{ ref('int_exit_derived') }}
),

intakes as (
    select * from {{ ref('fct_intake') }}
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
