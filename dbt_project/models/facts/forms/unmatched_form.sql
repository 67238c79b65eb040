with

unmatched as (
    select * from {{ ref('int_form_unmatched') }}
),

listed as (
    select
        form_id,
        form_key,
        service_code,
        reporting_year,
        reason,
        reason_code
    from unmatched
)

select * from listed
