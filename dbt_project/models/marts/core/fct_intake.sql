with

accepted as (
    select * from {{ ref('int_form_accepted') }}
    where form_id = 'intake'
),

derived as (
    select * from {{ ref('int_intake_derived') }}
),

intake as (
    select
        -- ids
        accepted.form_key,
        accepted.landed_row_id,
        accepted.service_code,
        accepted.client_key,
        accepted.case_key,

        -- dates
        accepted.reporting_year,
        accepted.event_date as intake_date,

        -- booleans
        accepted.is_client_record,

        -- profile
        derived.age_years,
        derived.age_band,
        derived.gender,
        derived.ethnicity_group,
        derived.abuse_timing,
        accepted.postcode_sector,

        -- answers
        {{ list_join('derived.answers', 'derived.derived_answers') }} as answers,
        {{ list_join('derived.numbers', 'derived.derived_numbers') }} as numbers
    from derived
    inner join accepted
        on derived.landed_row_id = accepted.landed_row_id
)

select * from intake
