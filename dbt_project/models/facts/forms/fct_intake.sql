with

derived as (
    select * from {{ ref('int_intake_derived') }}
),

intake as (
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
        age_years,
        age_band,
        gender,
        ethnicity_group,
        abuse_timing,
        postcode_sector,

        -- answers
        {{ list_join('answers', 'derived_answers') }} as answers,
        {{ list_join('numbers', 'derived_numbers') }} as numbers
    from derived
)

select * from intake
